//! `/clusters/{cluster}/health/questions`: the partners that have not spoken of a quarter are asked by letter, when its team wants it and by time once it is over; those that have are left in peace.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use hiec_access::{grants, people};
use hiec_contracts::PartnerSeen;
use hiec_kernel::clock::london_date;
use hiec_kernel::{OrganisationId, PersonId, Problem, Role, Scope};
use hiec_store::{AuditEvent, Mail, Reads, Unit};
use hiec_web::{Answer, Done, Input, Loaded, Site};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::HealthDesk;
use super::store;
use super::telling::{asked_in, quarters};
use crate::clusters::store::{self as clusters, Cluster};
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
    store::note_asked(unit, cluster.id, quarter, london_date(unit.now())).await?;
    let event = PartnersAsked { quarter: quarter.key(), partners: silent };
    unit.audit(cluster.stream(), "health:questions", &event)?;
    Ok(written.len())
}

/// The partners that have not spoken of a quarter.
async fn silent(
    reads: &impl Reads,
    cluster: &Cluster,
    partners: &[PartnerSeen],
    quarter: Quarter,
    today: NaiveDate,
) -> Result<Vec<OrganisationId>, Problem> {
    let told = store::told(reads, cluster.id).await?;
    let asked = asked_in(partners, quarter, today).into_iter().map(|one| one.organisation.id);
    Ok(asked.filter(|id| !told.iter().any(|(then, one)| *then == quarter && one.from == *id)).collect())
}

/// Days after a quarter in which those who have not spoken of it are written to by time.
const WINDOW: i64 = 28;
/// Days between two letters about the same quarter, whoever sent the first.
const REST: i64 = 14;

/// Whether letters about a quarter go out by time on a day: soon after its end, and once more two weeks later.
fn is_due(quarter: Quarter, today: NaiveDate, asked: &[NaiveDate]) -> bool {
    let after = (today - quarter.last_day()).num_days();
    (1..=WINDOW).contains(&after) && asked.iter().all(|day| (today - *day).num_days() >= REST)
}

/// Writes to the partners that have not spoken of the quarter that is over, where it is time; answers how many letters went out.
/// Safe to run every day.
pub(crate) async fn ask_by_time(site: &Site, unit: &mut Unit, cluster: &Cluster) -> Result<usize, Problem> {
    let today = london_date(unit.now());
    let quarter = Quarter::of(today).before();
    if !quarters(cluster, today).contains(&quarter)
        || !is_due(quarter, today, &store::asked_on(unit, cluster.id, quarter).await?)
    {
        return Ok(0);
    }
    let partners = clusters::partners(unit, cluster.id).await?;
    let silent = silent(unit, cluster, &partners, quarter, today).await?;
    // Whoever is alone has nobody to speak of.
    if silent.is_empty() || asked_in(&partners, quarter, today).len() < 2 {
        return Ok(0);
    }
    ask(site, unit, cluster, quarter, silent).await
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
    let silent = silent(&unit, &desk.cluster, &desk.partners, quarter, today).await?;
    let letters = ask(desk.app.site(), &mut unit, &desk.cluster, quarter, silent).await?;
    unit.commit().await?;
    let word = match letters {
        0 => "Nobody was written to: all have spoken, or those who have not lack a site lead.".to_owned(),
        1 => "One site lead was written to.".to_owned(),
        many => format!("{many} site leads were written to."),
    };
    Ok(Done::to(format!("{}/health?quarter={}", desk.cluster.path(), quarter.key())).saying(word).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_go_out_after_the_quarter_and_once_more_two_weeks_later() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let quarter = Quarter::from_key("2010-01-01").unwrap();
        let due = |today: &str, asked: &[&str]| {
            is_due(quarter, day(today), &asked.iter().map(|text| day(text)).collect::<Vec<_>>())
        };
        assert!(!due("2010-03-31", &[]));
        assert!(due("2010-04-01", &[]));
        assert!(!due("2010-04-14", &["2010-04-01"]));
        assert!(due("2010-04-15", &["2010-04-01"]));
        assert!(!due("2010-04-15", &["2010-04-01", "2010-04-09"]), "somebody pressed the button");
        assert!(due("2010-04-28", &["2010-03-30"]));
        assert!(!due("2010-04-29", &["2010-04-15"]));
    }
}
