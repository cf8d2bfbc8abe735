//! How an organisation becomes a partner, changes its part, and leaves. No organisation that commissions education ever joins, and no row is ever taken away.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use hiec_kernel::organisations::Organisation;
use hiec_kernel::{OrganisationId, Problem};
use hiec_principles::may_join;
use hiec_store::{AuditEvent, Unit};
use serde::Serialize;

use super::store::{self, Membership};
use crate::clusters::store::{self as clusters, Cluster, PartnerRole};

/// An organisation became a partner.
#[derive(Serialize)]
struct PartnerJoined<'a> {
    organisation: OrganisationId,
    role: PartnerRole,
    since: NaiveDate,
    professions: &'a [String],
}

impl AuditEvent for PartnerJoined<'_> {
    const KIND: &'static str = "partner.joined";
}

/// A partner takes another part.
#[derive(Serialize)]
struct PartnerChanged<'a> {
    organisation: OrganisationId,
    role: PartnerRole,
    professions: &'a [String],
}

impl AuditEvent for PartnerChanged<'_> {
    const KIND: &'static str = "partner.changed";
}

/// A partner left.
#[derive(Serialize)]
struct PartnerLeft<'a> {
    organisation: OrganisationId,
    until: NaiveDate,
    reason: &'a str,
}

impl AuditEvent for PartnerLeft<'_> {
    const KIND: &'static str = "partner.left";

    fn reason(&self) -> Option<&str> {
        Some(self.reason)
    }
}

/// An organisation that comes in.
#[derive(Clone, Debug)]
pub(crate) struct Newcomer {
    pub organisation: Organisation,
    pub role: PartnerRole,
    pub professions: Vec<String>,
}

/// Takes organisations in from a day on, all or none.
pub(crate) async fn join(
    unit: &mut Unit,
    cluster: &Cluster,
    since: NaiveDate,
    newcomers: &[Newcomer],
) -> Result<(), Problem> {
    if since < cluster.starts_on || since > cluster.ends_on {
        return Err(Problem::conflict(
            "The day lies outside the cluster's term",
            "Enter a day between the first and the last day of the term.",
        ));
    }
    let mut here: BTreeSet<OrganisationId> = store::of_cluster(unit, cluster.id)
        .await?
        .into_iter()
        .filter(|one| one.until.is_none_or(|until| until > since))
        .map(|one| one.organisation.id)
        .collect();
    for Newcomer { organisation, role, professions } in newcomers {
        may_join(organisation).map_err(|refusal| {
            Problem::conflict(
                format!(
                    "{} cannot be a partner: it commissions education, and no member of a cluster does",
                    refusal.organisation
                ),
                refusal.next,
            )
        })?;
        if *role == PartnerRole::Lead {
            return Err(Problem::conflict("A cluster has one lead", "Name another lead on the constitution page."));
        }
        if !here.insert(organisation.id) {
            return Err(Problem::conflict(
                format!("{} belongs to the cluster on that day already", organisation.name),
                "Choose another organisation, or a later day.",
            ));
        }
        let membership = Membership {
            id: unit.new_id(),
            organisation: organisation.clone(),
            role: *role,
            professions: professions.clone(),
            since,
            until: None,
            left_reason: None,
        };
        store::insert(unit, cluster.id, &membership).await?;
        let event = PartnerJoined { organisation: organisation.id, role: *role, since, professions };
        unit.audit(cluster.stream(), format!("organisation:{}", organisation.id), &event)?;
    }
    Ok(())
}

/// Gives a partner another part, or says which of its professions take part.
pub(crate) async fn change(
    unit: &mut Unit,
    cluster: &Cluster,
    membership: &Membership,
    role: PartnerRole,
    professions: &[String],
) -> Result<(), Problem> {
    if (role == PartnerRole::Lead) != (membership.role == PartnerRole::Lead) {
        return Err(Problem::conflict("A cluster has one lead", "Name another lead on the constitution page."));
    }
    store::set_role_and_professions(unit, membership.id, role, professions).await?;
    let event = PartnerChanged { organisation: membership.organisation.id, role, professions };
    unit.audit(cluster.stream(), format!("organisation:{}", membership.organisation.id), &event)?;
    Ok(())
}

/// Lets a partner go, from a day on, with the reason.
pub(crate) async fn leave(
    unit: &mut Unit,
    cluster: &Cluster,
    membership: &Membership,
    until: NaiveDate,
    reason: &str,
) -> Result<(), Problem> {
    // Read again in the unit: the lead may have changed since the page was opened.
    let now = clusters::by_id(unit, cluster.id).await?.ok_or_else(Problem::not_found)?;
    if now.lead == membership.organisation.id {
        return Err(Problem::conflict(
            "The lead answers for the cluster and cannot leave it",
            "Name another lead on the constitution page first.",
        ));
    }
    if until < membership.since {
        return Err(Problem::conflict(
            "It cannot leave before it joined",
            "Enter a day that is not before the day it joined.",
        ));
    }
    if store::end(unit, membership.id, until, reason).await? == 0 {
        return Err(Problem::conflict("It has left already", "Open the list of partners again."));
    }
    let event = PartnerLeft { organisation: membership.organisation.id, until, reason };
    unit.audit(cluster.stream(), format!("organisation:{}", membership.organisation.id), &event)?;
    Ok(())
}
