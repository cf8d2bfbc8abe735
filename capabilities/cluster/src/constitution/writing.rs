//! Writing a constitution: one unit for form, terms, names, statements and lead; it never changes who the partners are, but for who leads them.

use chrono::NaiveDate;
use hiec_contracts::Statement;
use hiec_kernel::{OrganisationId, Problem};
use hiec_store::{AuditEvent, Unit, values};
use serde::Serialize;

use super::rules::{self, Terms};
use super::store::{self, Constitution};
use crate::clusters::founding::is_free;
use crate::clusters::store::{self as clusters, Cluster, ClusterFacts, PartnerRole};

/// A constitution as it is to be.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub key: String,
    pub name: String,
    pub short_name: String,
    pub lead: OrganisationId,
    pub legal_form: String,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    pub facts: ClusterFacts,
    pub terms: Terms,
    pub statements: Vec<Statement>,
}

impl Change {
    /// Everything as it stands.
    pub(crate) fn nothing(cluster: &Cluster, constitution: &Constitution) -> Self {
        Self {
            key: cluster.key.clone(),
            name: cluster.name.clone(),
            short_name: cluster.short_name.clone(),
            lead: cluster.lead,
            legal_form: cluster.legal_form.clone(),
            starts_on: cluster.starts_on,
            ends_on: cluster.ends_on,
            facts: cluster.facts.clone(),
            terms: constitution.terms.clone(),
            statements: constitution.statements.clone(),
        }
    }
}

/// A constitution was written, or written anew.
#[derive(Serialize)]
struct Constituted<'a> {
    key: &'a str,
    short_name: &'a str,
    lead: OrganisationId,
    legal_form: &'a str,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    terms: &'a Terms,
    /// Keys of the statements that changed.
    statements: Vec<&'a str>,
}

impl AuditEvent for Constituted<'_> {
    const KIND: &'static str = "cluster.constituted";
}

/// Writes it; answers the cluster as it then is. Refused where the form does not allow the terms, or somebody else was faster.
pub(crate) async fn constitute(unit: &mut Unit, cluster: &Cluster, change: &Change) -> Result<Cluster, Problem> {
    let before = store::of(unit, cluster.id).await?;
    if let Some((_, why)) = rules::problems(&before.rules, &change.legal_form, &change.terms).into_iter().next() {
        return Err(Problem::invalid(why, "Nothing was changed. Correct it and send it again."));
    }
    if change.key != cluster.key && !is_free(unit, &change.key).await? {
        return Err(Problem::conflict("Another cluster has this address", "Choose another short address."));
    }
    let changed = unit
        .execute(
            "UPDATE cluster_cluster SET key = $3, name = $4, short_name = $5, lead_id = $6, legal_form = $7, starts_on = $8, \
             ends_on = $9, facts = $10, version = version + 1 WHERE id = $1 AND version = $2",
            values![
                cluster.id.0,
                cluster.version,
                change.key.clone(),
                change.name.clone(),
                change.short_name.clone(),
                change.lead.0,
                change.legal_form.clone(),
                change.starts_on,
                change.ends_on,
                serde_json::to_value(&change.facts).map_err(Problem::internal)?
            ],
        )
        .await?;
    if changed == 0 {
        return Err(Problem::conflict(
            "Somebody else changed this cluster while you were writing",
            "Open the page again in another window, compare, and send your changes once more.",
        ));
    }
    if change.lead != cluster.lead {
        clusters::set_partner_role(unit, cluster.id, cluster.lead, PartnerRole::Founding).await?;
        if clusters::set_partner_role(unit, cluster.id, change.lead, PartnerRole::Lead).await? == 0 {
            return Err(Problem::conflict("The new lead is no partner now", "Choose one of the present partners."));
        }
    }
    let after = Constitution {
        rules: before.rules.clone(),
        statements: change.statements.clone(),
        terms: change.terms.clone(),
    };
    store::put(unit, cluster.id, &after).await?;
    let said_otherwise = |statement: &&Statement| !before.statements.contains(statement);
    let event = Constituted {
        key: &change.key,
        short_name: &change.short_name,
        lead: change.lead,
        legal_form: &change.legal_form,
        starts_on: change.starts_on,
        ends_on: change.ends_on,
        terms: &change.terms,
        statements: change.statements.iter().filter(said_otherwise).map(|one| one.key.as_str()).collect(),
    };
    unit.audit(cluster.stream(), format!("cluster:{}", cluster.id), &event)?;
    Ok(Cluster {
        key: change.key.clone(),
        name: change.name.clone(),
        short_name: change.short_name.clone(),
        lead: change.lead,
        legal_form: change.legal_form.clone(),
        starts_on: change.starts_on,
        ends_on: change.ends_on,
        facts: change.facts.clone(),
        version: cluster.version + 1,
        ..cluster.clone()
    })
}
