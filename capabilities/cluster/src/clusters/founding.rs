//! How a cluster begins: from an award, or afresh. Once founded it keeps its partners of every day.

use chrono::NaiveDate;
use hiec_contracts::awards::{AWARD_MADE, AwardMade};
use hiec_contracts::{Award, AwardsPort};
use hiec_kernel::clock::london_date;
use hiec_kernel::organisations::Organisation;
use hiec_kernel::people::Actor;
use hiec_kernel::{ClusterId, Money, OrganisationId, Problem};
use hiec_principles::may_join;
use hiec_store::{AuditEvent, Reads, Unit};
use hiec_web::AppState;
use hiec_web::capability::JobHandler;
use serde::Serialize;
use uuid::Uuid;

use super::store::{self, Cluster, ClusterFacts, PartnerRole};
use crate::constitution::rules::{Contract, Financing, Terms, can_contract};
use crate::constitution::store::{self as constitutions, Constitution};
use crate::principles::watch;

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
        legal_form: award.legal_form.clone().unwrap_or_default(),
        starts_on,
        ends_on: last_day(starts_on),
        facts: ClusterFacts {
            work_programme: award.work_programme.clone(),
            source: award.call_title.clone(),
            ..ClusterFacts::default()
        },
        is_illustrative: false,
        version: 1,
    };
    // A contract with the cluster itself where its form can have one; the team says otherwise on its constitution.
    let can = award.rules.legal_form(&cluster.legal_form).map(|form| can_contract(form, false));
    let terms = Terms {
        contract: can.map(|can| if can { Contract::Cluster } else { Contract::Lead }),
        financing: vec![Financing::Award, Financing::Contributions],
        is_incorporated: false,
        wants_binding_contracts: award.wants_binding_contracts,
    };
    let constitution = Constitution { rules: award.rules.clone(), statements: award.statements.clone(), terms };
    begin(unit, &cluster, &constitution, &award.partners).await?;
    Ok(cluster.id)
}

/// A cluster that no award founds.
#[derive(Clone, Debug)]
pub struct Afresh {
    pub key: String,
    pub name: String,
    pub short_name: String,
    pub region: Option<Uuid>,
    pub programme: Option<Uuid>,
    pub amount: Option<Money>,
    pub lead: Organisation,
    pub legal_form: String,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    pub facts: ClusterFacts,
    pub is_illustrative: bool,
}

/// Founds a cluster afresh, with its lead as the only partner. Refused where the lead commissions education, or the key is taken.
pub async fn afresh(unit: &mut Unit, new: &Afresh) -> Result<Cluster, Problem> {
    may_join(&new.lead).map_err(|refusal| {
        Problem::conflict(
            format!("{} commissions education, so it can be no partner and no lead", refusal.organisation),
            refusal.next,
        )
    })?;
    if !is_free(unit, &new.key).await? {
        return Err(Problem::conflict("Another cluster has this address", "Choose another short address."));
    }
    let cluster = Cluster {
        id: ClusterId(unit.new_id()),
        key: new.key.clone(),
        name: new.name.clone(),
        short_name: new.short_name.clone(),
        region: new.region,
        programme: new.programme,
        award_bid: None,
        award_amount: new.amount,
        lead: new.lead.id,
        legal_form: new.legal_form.clone(),
        starts_on: new.starts_on,
        ends_on: new.ends_on,
        facts: new.facts.clone(),
        is_illustrative: new.is_illustrative,
        version: 1,
    };
    let usual = constitutions::usual().map_err(Problem::internal)?;
    begin(unit, &cluster, &usual, &[new.lead.id]).await?;
    Ok(cluster)
}

async fn begin(
    unit: &mut Unit,
    cluster: &Cluster,
    constitution: &Constitution,
    partners: &[OrganisationId],
) -> Result<(), Problem> {
    store::insert(unit, cluster).await?;
    constitutions::put(unit, cluster.id, constitution).await?;
    for organisation in partners {
        let role = if *organisation == cluster.lead { PartnerRole::Lead } else { PartnerRole::Founding };
        store::insert_partner(unit, cluster.id, *organisation, role, cluster.starts_on).await?;
    }
    let event = ClusterFounded {
        name: cluster.name.clone(),
        lead: cluster.lead,
        from_award: cluster.award_bid.is_some(),
        partners: partners.to_vec(),
    };
    unit.audit(cluster.stream(), format!("cluster:{}", cluster.id), &event)?;
    watch::begin(unit, cluster).await
}

/// The last day of a term of two years.
pub(crate) fn last_day(starts_on: NaiveDate) -> NaiveDate {
    starts_on.checked_add_months(chrono::Months::new(TERM_MONTHS)).and_then(|day| day.pred_opt()).unwrap_or(starts_on)
}

/// The name people say: without the word all clusters have in theirs.
fn short_name(name: &str) -> String {
    let short = name.trim().trim_end_matches("HIEC").trim();
    if short.is_empty() { name.trim().to_owned() } else { short.to_owned() }
}

/// Addresses under `/clusters/` that are no cluster's.
const TAKEN: &[&str] =
    &["new", "register", "overview", "returns", "measures", "innovations", "money", "signals", "programme"];

/// What is wrong with a short address; nothing where it can be used.
pub(crate) fn key_problem(key: &str) -> Option<&'static str> {
    let has_shape = !key.is_empty()
        && key.len() <= 60
        && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && !key.starts_with('-')
        && !key.ends_with('-');
    match () {
        () if !has_shape => Some("Enter small letters, figures and hyphens, at most 60, for example north-london"),
        () if TAKEN.contains(&key) => Some("This word names a page of its own. Choose another short address"),
        () => None,
    }
}

/// Whether no cluster has this key.
pub(crate) async fn is_free(reads: &impl Reads, key: &str) -> Result<bool, Problem> {
    Ok(store::by_key(reads, key).await?.is_none())
}

/// What addresses name it by: letters and figures of the name, and a number where another has it.
async fn free_key(reads: &impl Reads, name: &str) -> Result<String, Problem> {
    let words: Vec<String> = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let plain = words.join("-").chars().take(60).collect::<String>().trim_matches('-').to_owned();
    let plain = if key_problem(&plain).is_some() { "cluster".to_owned() } else { plain };
    let mut key = plain.clone();
    let mut nth = 2;
    while !is_free(reads, &key).await? {
        key = format!("{plain}-{nth}");
        nth += 1;
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_address_is_plain_and_names_no_page() {
        for good in ["necles", "north-london-2", "a"] {
            assert_eq!(key_problem(good), None, "{good}");
        }
        for bad in ["", "New", "new", "a b", "-a", "a-", "é", "a/b", &"x".repeat(61)] {
            assert!(key_problem(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn a_term_of_two_years_ends_on_the_day_before() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(last_day(day("2010-01-01")), day("2011-12-31"));
        assert_eq!(last_day(day("2010-03-01")), day("2012-02-29"));
    }
}
