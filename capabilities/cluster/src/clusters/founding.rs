//! How a cluster begins: from an award, or afresh. Once founded it keeps its partners of every day.

use hiec_contracts::awards::{AWARD_MADE, AwardMade};
use hiec_contracts::{Award, AwardsPort};
use hiec_kernel::clock::london_date;
use hiec_kernel::people::Actor;
use hiec_kernel::{ClusterId, OrganisationId, Problem};
use hiec_store::{AuditEvent, Reads, Unit};
use hiec_web::AppState;
use hiec_web::capability::JobHandler;
use serde::Serialize;

use super::store::{self, Cluster, ClusterFacts, PartnerRole};

/// A cluster was founded.
#[derive(Serialize)]
struct ClusterFounded {
    name: String,
    lead: OrganisationId,
    from_award: bool,
    partners: Vec<OrganisationId>,
}

impl AuditEvent for ClusterFounded {
    const KIND: &'static str = "cluster.founded";
}

/// The term of a cluster of 2009: two years.
const TERM_MONTHS: u32 = 24;

/// Founds a cluster when an award is told of.
pub(crate) const JOB: JobHandler = JobHandler {
    kind: AWARD_MADE,
    run: |state, payload| {
        Box::pin(
            async move { hear_of_award(&state, serde_json::from_value(payload).map_err(Problem::internal)?).await },
        )
    },
};

async fn hear_of_award(state: &AppState, made: AwardMade) -> Result<(), Problem> {
    let awards = state.service::<AwardsPort>()?;
    let Some(award) = awards.0.of_bid(&state.database(), made.bid).await? else {
        // It was set aside before anybody heard of it.
        return Ok(());
    };
    let mut unit = state.begin(Actor::System("founding".into())).await?;
    from_award(&mut unit, &award).await?;
    Ok(unit.commit().await?)
}

/// Founds the cluster an award pays for. Founding twice changes nothing.
pub async fn from_award(unit: &mut Unit, award: &Award) -> Result<ClusterId, Problem> {
    if let Some(cluster) = store::by_award(unit, award.bid.0).await? {
        return Ok(cluster.id);
    }
    let short = short_name(&award.name);
    let starts_on = london_date(unit.now());
    let ends_on = starts_on
        .checked_add_months(chrono::Months::new(TERM_MONTHS))
        .and_then(|day| day.pred_opt())
        .unwrap_or(starts_on);
    let cluster = Cluster {
        id: ClusterId(unit.new_id()),
        key: free_key(unit, &short).await?,
        name: award.name.clone(),
        short_name: short,
        region: award.region,
        programme: Some(award.programme),
        award_bid: Some(award.bid.0),
        award_amount: Some(award.amount),
        lead: award.lead,
        legal_form: String::new(),
        starts_on,
        ends_on,
        facts: ClusterFacts {
            work_programme: award.work_programme.clone(),
            source: award.call_title.clone(),
            ..ClusterFacts::default()
        },
        is_illustrative: false,
        version: 1,
    };
    store::insert(unit, &cluster).await?;
    for organisation in &award.partners {
        let role = if *organisation == award.lead { PartnerRole::Lead } else { PartnerRole::Founding };
        store::insert_partner(unit, cluster.id, *organisation, role, starts_on).await?;
    }
    let event = ClusterFounded {
        name: cluster.name.clone(),
        lead: cluster.lead,
        from_award: true,
        partners: award.partners.clone(),
    };
    unit.audit(cluster.stream(), format!("cluster:{}", cluster.id), &event)?;
    Ok(cluster.id)
}

/// The name people say: without the word all clusters have in theirs.
fn short_name(name: &str) -> String {
    let short = name.trim().trim_end_matches("HIEC").trim();
    if short.is_empty() { name.trim().to_owned() } else { short.to_owned() }
}

/// What addresses name it by: letters and figures of the name, and a number where another has it.
async fn free_key(reads: &impl Reads, name: &str) -> Result<String, Problem> {
    let words: Vec<String> = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let plain = if words.is_empty() { "cluster".to_owned() } else { words.join("-") };
    let mut key = plain.clone();
    let mut nth = 2;
    while store::by_key(reads, &key).await?.is_some() {
        key = format!("{plain}-{nth}");
        nth += 1;
    }
    Ok(key)
}
