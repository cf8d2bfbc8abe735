//! How all hosts stand together, and the rules on money as stored; a rule's words never change after they were written.

use chrono::NaiveDate;
use hiec_contracts::ClusterSeen;
use hiec_kernel::{ClusterId, OrganisationId, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use serde::Serialize;
use uuid::Uuid;

use super::funding::{HostStanding, Outcome, Rule};
use super::review_store::{self, Escalated, Required};
use super::standing::{Escalation, RequirementKind};
use super::store::{self, Assessment, Host};

/// Everything about the quality of a cluster's hosts.
#[derive(Clone, Debug)]
pub(crate) struct Whole {
    pub hosts: Vec<Host>,
    pub assessments: Vec<Assessment>,
    pub requirements: Vec<Required>,
    pub escalations: Vec<Escalated>,
}

impl Whole {
    pub async fn load(reads: &impl Reads, cluster: &ClusterSeen, today: NaiveDate) -> Result<Self, StoreError> {
        Ok(Self {
            hosts: store::hosts(reads, cluster, today).await?,
            assessments: store::assessments(reads, cluster.id).await?,
            requirements: review_store::requirements(reads, cluster.id).await?,
            escalations: review_store::escalations(reads, cluster.id).await?,
        })
    }

    pub fn level(&self, host: OrganisationId) -> Escalation {
        self.escalations.iter().find(|one| one.host == host).map_or(Escalation::Usual, |one| one.level)
    }

    /// The last finished self-assessment.
    pub fn assessed(&self, host: OrganisationId) -> Option<&Assessment> {
        self.assessments.iter().find(|one| one.host_id == host.0 && one.submitted_at.is_some())
    }

    pub fn open(&self, host: OrganisationId) -> impl Iterator<Item = &Required> {
        self.requirements.iter().filter(move |one| one.host == host && !one.standing.is_closed())
    }

    pub fn immediate_open(&self, host: OrganisationId) -> usize {
        self.open(host).filter(|one| one.kind == RequirementKind::Immediate).count()
    }

    /// As the rule on money looks at them.
    pub fn standings(&self) -> Vec<HostStanding> {
        self.hosts
            .iter()
            .map(|host| HostStanding {
                host: host.id.0,
                name: host.name.clone(),
                score: self.assessed(host.id).and_then(|one| one.score),
                escalation: self.level(host.id),
                immediate_open: self.immediate_open(host.id),
            })
            .collect()
    }
}

/// A rule with what was done with it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct StoredRule {
    pub id: Uuid,
    pub version: i64,
    pub rule: Rule,
    pub reason: String,
    pub made_at: Timestamp,
    pub simulation: Option<Vec<Outcome>>,
    pub simulated_at: Option<Timestamp>,
    pub published_by: Option<Uuid>,
    pub published_at: Option<Timestamp>,
    pub from_day: Option<NaiveDate>,
    pub is_illustrative: bool,
}

#[derive(FromQueryResult)]
struct RuleRow {
    id: Uuid,
    version: i64,
    rule: serde_json::Value,
    reason: String,
    made_at: Timestamp,
    simulation: Option<serde_json::Value>,
    simulated_at: Option<Timestamp>,
    published_by: Option<Uuid>,
    published_at: Option<Timestamp>,
    from_day: Option<NaiveDate>,
    is_illustrative: bool,
}

/// A cluster's rules, the newest first.
pub(crate) async fn rules(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<StoredRule>, StoreError> {
    let rows: Vec<RuleRow> = reads
        .all(
            "SELECT id, version, rule, reason, made_at, simulation, simulated_at, published_by, published_at, from_day, is_illustrative \
             FROM education_quality_rule WHERE cluster_id = $1 ORDER BY version DESC",
            values![cluster.0],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(StoredRule {
                id: row.id,
                version: row.version,
                rule: serde_json::from_value(row.rule)?,
                reason: row.reason,
                made_at: row.made_at,
                simulation: row.simulation.map(serde_json::from_value).transpose()?,
                simulated_at: row.simulated_at,
                published_by: row.published_by,
                published_at: row.published_at,
                from_day: row.from_day,
                is_illustrative: row.is_illustrative,
            })
        })
        .collect()
}

/// The rule that is used on a day: the newest one published that holds from that day or before.
pub(crate) fn in_use(rules: &[StoredRule], today: NaiveDate) -> Option<&StoredRule> {
    rules.iter().find(|rule| rule.published_at.is_some() && rule.from_day.is_some_and(|from| from <= today))
}

pub(crate) async fn add_rule(
    unit: &Unit,
    cluster: ClusterId,
    (version, rule, reason): (i64, &Rule, &str),
    is_illustrative: bool,
) -> Result<Uuid, StoreError> {
    let id = unit.new_id();
    unit.execute(
        "INSERT INTO education_quality_rule (id, cluster_id, version, rule, reason, made_by, made_at, is_illustrative) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            id,
            cluster.0,
            version,
            serde_json::to_value(rule)?,
            reason,
            unit.actor().person().map(|person| person.0),
            unit.now(),
            is_illustrative
        ],
    )
    .await?;
    Ok(id)
}

/// Keeps what a rule would do today; false once it is published.
pub(crate) async fn keep_simulation(unit: &Unit, rule: Uuid, outcomes: &[Outcome]) -> Result<bool, StoreError> {
    let changed = unit
        .execute(
            "UPDATE education_quality_rule SET simulation = $2, simulated_by = $3, simulated_at = $4 \
             WHERE id = $1 AND published_at IS NULL",
            values![rule, serde_json::to_value(outcomes)?, unit.actor().person().map(|person| person.0), unit.now()],
        )
        .await?;
    Ok(changed > 0)
}

/// Publishes a rule; false where it was never simulated, or published meanwhile.
pub(crate) async fn publish_rule(unit: &Unit, rule: Uuid, from: NaiveDate) -> Result<bool, StoreError> {
    let changed = unit
        .execute(
            "UPDATE education_quality_rule SET published_by = $2, published_at = $3, from_day = $4 \
             WHERE id = $1 AND published_at IS NULL AND simulated_at IS NOT NULL",
            values![rule, unit.actor().person().map(|person| person.0), unit.now(), from],
        )
        .await?;
    Ok(changed > 0)
}
