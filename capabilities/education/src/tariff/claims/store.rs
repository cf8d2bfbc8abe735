//! Claims as stored; one reaches a handler only through its extractor, which authorises.

use chrono::NaiveDate;
use hiec_access::policy::Target;
use hiec_contracts::ClusterSeen;
use hiec_kernel::{ClusterId, Fingerprint, Money, OrganisationId, PersonId, Problem, Scope, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use hiec_web::{Loading, Resource};
use serde::Serialize;
use uuid::Uuid;

use super::states::ClaimState;
use crate::ground;
use crate::tariff::drawing::Drawn;
use crate::tariff::limited::Limited;
use crate::tariff::weighing::Weighed;

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Claim {
    pub id: Uuid,
    #[serde(skip)]
    pub cluster: ClusterId,
    pub number: String,
    pub host: OrganisationId,
    pub from: NaiveDate,
    /// The last day, counted.
    pub to: NaiveDate,
    /// All of it: by tariff, limits and quality.
    pub amount: Money,
    pub by_quality: Money,
    pub by_limits: Money,
    pub fingerprint: Fingerprint,
    pub drawn_at: Timestamp,
    pub state: ClaimState,
    pub is_illustrative: bool,
    #[serde(skip)]
    pub version: i64,
}

/// A claim's lines, as they were drawn up.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub(crate) struct Content {
    pub lines: Vec<Drawn>,
    /// What quality adds.
    pub weighed: Vec<Weighed>,
    /// What the limits change.
    pub limited: Option<Limited>,
}

impl Claim {
    pub fn by_tariff(&self) -> Money {
        self.amount - self.by_quality - self.by_limits
    }

    pub fn path(&self, cluster: &ClusterSeen) -> String {
        format!("{}/claims/{}", crate::access::path(cluster), self.number)
    }

    pub fn subject(&self) -> String {
        format!("claim:{}", self.id)
    }
}

/// A host's own affairs: roles at other hosts do not count.
pub(crate) fn target(cluster: &ClusterSeen, id: Uuid, host: OrganisationId) -> Target {
    Target::new("claim", id).scopes(cluster.scopes()).scopes([Scope::Organisation(host.0)]).within(cluster.id.0)
}

/// A claim with its cluster.
#[derive(Clone, Debug)]
pub(crate) struct ClaimHere {
    pub cluster: ClusterSeen,
    pub claim: Claim,
}

/// `/clusters/{cluster}/education/claims/{claim}…`
impl Resource for ClaimHere {
    const KIND: &'static str = "claim";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let (Some(cluster), Some(number)) = (ground::cluster_of(loading).await?, loading.text("claim")) else {
            return Ok(None);
        };
        let Some(claim) = by_number(&loading.database, cluster.id, number).await? else {
            return Ok(None);
        };
        let target = target(&cluster, claim.id, claim.host);
        Ok(Some((Self { cluster, claim }, target)))
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    cluster_id: Uuid,
    number: String,
    host_id: Uuid,
    from_day: NaiveDate,
    to_day: NaiveDate,
    amount: i64,
    by_quality: i64,
    by_limits: i64,
    fingerprint: String,
    drawn_at: Timestamp,
    state: serde_json::Value,
    is_illustrative: bool,
    version: i64,
}

impl TryFrom<Row> for Claim {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            cluster: ClusterId(row.cluster_id),
            number: row.number,
            host: OrganisationId(row.host_id),
            from: row.from_day,
            to: row.to_day,
            amount: Money(row.amount),
            by_quality: Money(row.by_quality),
            by_limits: Money(row.by_limits),
            fingerprint: row.fingerprint.into(),
            drawn_at: row.drawn_at,
            state: serde_json::from_value(row.state)?,
            is_illustrative: row.is_illustrative,
            version: row.version,
        })
    }
}

const COLUMNS: &str = "id, cluster_id, number, host_id, from_day, to_day, amount, by_quality, by_limits, fingerprint, drawn_at, \
                       state, is_illustrative, version";

/// A cluster's claims without their lines, the latest first.
pub(crate) async fn of_cluster(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Claim>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM education_claim WHERE cluster_id = $1 ORDER BY from_day DESC, number DESC, id");
    reads.all::<Row>(&sql, values![cluster.0]).await?.into_iter().map(Claim::try_from).collect()
}

pub(crate) async fn by_number(
    reads: &impl Reads,
    cluster: ClusterId,
    number: &str,
) -> Result<Option<Claim>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM education_claim WHERE cluster_id = $1 AND number = $2");
    reads.one::<Row>(&sql, values![cluster.0, number]).await?.map(Claim::try_from).transpose()
}

pub(crate) async fn content(reads: &impl Reads, claim: Uuid) -> Result<Content, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        lines: serde_json::Value,
        weighed: serde_json::Value,
        limited: Option<serde_json::Value>,
    }
    let sql = "SELECT lines, weighed, limited FROM education_claim WHERE id = $1";
    let Some(row) = reads.one::<Row>(sql, values![claim]).await? else { return Ok(Content::default()) };
    Ok(Content {
        lines: serde_json::from_value(row.lines)?,
        weighed: serde_json::from_value(row.weighed)?,
        limited: row.limited.map(serde_json::from_value).transpose()?.flatten(),
    })
}

pub(crate) async fn insert(unit: &Unit, claim: &Claim, content: &Content) -> Result<(), Problem> {
    unit.execute(
        "INSERT INTO education_claim (id, cluster_id, number, host_id, from_day, to_day, amount, by_quality, by_limits, lines, weighed, \
         limited, fingerprint, drawn_at, state_name, state, is_illustrative, version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 1)",
        values![
            claim.id,
            claim.cluster.0,
            claim.number.as_str(),
            claim.host.0,
            claim.from,
            claim.to,
            claim.amount.0,
            claim.by_quality.0,
            claim.by_limits.0,
            serde_json::to_value(&content.lines).map_err(Problem::internal)?,
            serde_json::to_value(&content.weighed).map_err(Problem::internal)?,
            serde_json::to_value(&content.limited).map_err(Problem::internal)?,
            claim.fingerprint.to_string(),
            claim.drawn_at,
            claim.state.key(),
            serde_json::to_value(&claim.state).map_err(Problem::internal)?,
            claim.is_illustrative
        ],
    )
    .await?;
    Ok(())
}

/// Stores a state. Refused when somebody was faster.
pub(crate) async fn save_state(unit: &Unit, claim: &Claim) -> Result<(), Problem> {
    let changed = unit
        .execute(
            "UPDATE education_claim SET state_name = $3, state = $4, version = version + 1 WHERE id = $1 AND version = $2",
            values![
                claim.id,
                claim.version,
                claim.state.key(),
                serde_json::to_value(&claim.state).map_err(Problem::internal)?
            ],
        )
        .await?;
    if changed == 0 { Err(ground::changed_meanwhile("this claim")) } else { Ok(()) }
}

/// Something that was done with a claim.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Step {
    /// `request_clawback`
    pub act: String,
    pub words: String,
    /// What was asked back.
    pub amount: Option<Money>,
    pub by: String,
    pub at: Timestamp,
}

/// What was done with a claim, in order, with the names of those who did it.
pub(crate) async fn steps(reads: &impl Reads, claim: Uuid) -> Result<Vec<Step>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        act: String,
        words: String,
        amount: Option<i64>,
        name: String,
        done_at: Timestamp,
    }
    let sql = "SELECT s.act, s.words, s.amount, p.name, s.done_at FROM education_claim_step s \
               JOIN base_person p ON p.id = s.done_by WHERE s.claim_id = $1 ORDER BY s.nth";
    let rows: Vec<Row> = reads.all(sql, values![claim]).await?;
    let step = |row: Row| Step {
        act: row.act,
        words: row.words,
        amount: row.amount.map(Money),
        by: row.name,
        at: row.done_at,
    };
    Ok(rows.into_iter().map(step).collect())
}

/// Keeps a step after those before it. Two at once cannot both be the next one.
pub(crate) async fn add_step(
    unit: &Unit,
    claim: Uuid,
    (act, words, amount): (&str, &str, Option<Money>),
    by: PersonId,
) -> Result<(), StoreError> {
    let sql = "SELECT COUNT(*) AS n FROM education_claim_step WHERE claim_id = $1";
    let nth = unit.count(sql, values![claim]).await? + 1;
    unit.execute(
        "INSERT INTO education_claim_step (claim_id, nth, act, words, amount, done_by, done_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![claim, nth, act, words, amount.map(|amount| amount.0), by.0, unit.now()],
    )
    .await?;
    Ok(())
}
