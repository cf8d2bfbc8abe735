//! `/clusters/{cluster}/health/questions`: the partners that have not spoken of a quarter are asked by letter; those that have are left in peace.

use std::collections::BTreeSet;

use hiec_access::{grants, people};
use hiec_kernel::clock::london_date;
use hiec_kernel::{OrganisationId, PersonId, Problem, Role, Scope};
use hiec_store::{AuditEvent, Mail, Unit};
use hiec_web::{Answer, Done, Input, Loaded, Site};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::HealthDesk;
use super::store;
use super::telling::{asked_in, quarters};
use crate::clusters::store::Cluster;
use crate::money::quarters::Quarter;

/// Partners were asked to speak of a quarter.
#[derive(Serialize)]
struct PartnersAsked {
    quarter: String,
    partners: Vec<OrganisationId>,
}

impl AuditEvent for PartnersAsked {
    const KIND: &'static str = "health.partners_asked";
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// The quarter's first day.
    #[serde(default)]
    quarter: String,
}

/// Writes to the site leads of these partners; answers how many letters went out.
pub(crate) async fn ask(
    site: &Site,
    unit: &mut Unit,
    cluster: &Cluster,
    quarter: Quarter,
    silent: Vec<OrganisationId>,
) -> Result<usize, Problem> {
    let mut written: BTreeSet<PersonId> = BTreeSet::new();
    for partner in &silent {
        for (lead, role) in grants::in_scope(unit, Scope::Organisation(partner.0)).await? {
            if role != Role::SiteLead || !written.insert(lead) {
                continue;
            }
            let Some(lead) = people::open_by_id(unit, lead).await? else {
                continue;
            };
            let link = site.link(&format!("{}/health/{partner}?quarter={}", cluster.path(), quarter.key()));
            let body = format!(
                "How did your organisation work with each other partner of {} in {}?\n\nIt takes five minutes. Leave open what you do not know.\n\n{link}\n",
                cluster.name,
                quarter.label()
            );
            let subject = format!("How do we work together? {}", cluster.short_name);
            let about = Some(format!("cluster:{}", cluster.id));
            unit.mail(Mail { to: lead.email, person: Some(lead.id), subject, body, about }).await?;
        }
    }
    let event = PartnersAsked { quarter: quarter.key(), partners: silent };
    unit.audit(cluster.stream(), "health:questions", &event)?;
    Ok(written.len())
}

pub async fn post(desk: Loaded<HealthDesk>, Input(form): Input<Form>) -> Answer {
    let today = london_date(desk.now());
    let quarter = Quarter::from_key(&form.quarter).filter(|one| quarters(&desk.cluster, today).contains(one));
    let Some(quarter) = quarter else {
        return Err(Problem::invalid(
            "This is no quarter of the cluster’s term that has begun",
            "Go back to the page of the partnership’s health and choose a quarter there.",
        )
        .into());
    };
    let mut unit = desk.begin().await?;
    let told = store::told(&unit, desk.cluster.id).await?;
    let silent: Vec<OrganisationId> = asked_in(&desk.partners, quarter, today)
        .into_iter()
        .map(|one| one.organisation.id)
        .filter(|id| !told.iter().any(|(then, one)| *then == quarter && one.from == *id))
        .collect();
    let letters = ask(desk.app.site(), &mut unit, &desk.cluster, quarter, silent).await?;
    unit.commit().await?;
    let word = match letters {
        0 => "Nobody was written to: all have spoken, or those who have not lack a site lead.".to_owned(),
        1 => "One site lead was written to.".to_owned(),
        many => format!("{many} site leads were written to."),
    };
    Ok(Done::to(format!("{}/health?quarter={}", desk.cluster.path(), quarter.key())).saying(word).into())
}
