//! Impact plans as stored: a draft changes, what was frozen and found never does; a plan reaches a handler only through its extractor, which authorises.

use chrono::NaiveDate;
use hiec_access::policy::Target;
use hiec_contracts::ClusterSeen;
use hiec_kernel::{ClusterId, Problem, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use hiec_web::{Loading, Resource};
use serde::Serialize;
use uuid::Uuid;

use super::figures::Found;
use super::plan::{Draft, Frozen};
use super::worth::Lines;
use crate::ground;

/// The door to a cluster's impact plans.
#[derive(Clone, Debug)]
pub(crate) struct Plans {
    pub cluster: ClusterSeen,
}

/// `/clusters/{cluster}/impact`
impl Resource for Plans {
    const KIND: &'static str = "impact_plan";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(cluster) = ground::cluster_of(loading).await? else {
            return Ok(None);
        };
        // The list is open to all and shows each reader what they may see.
        let target = ground::target(&cluster, "impact_plan", cluster.id.0, loading.now).fact("is_public", true);
        Ok(Some((Self { cluster }, target)))
    }
}

/// A plan as stored.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct StoredPlan {
    pub id: Uuid,
    pub cluster: ClusterId,
    pub key: String,
    /// While it is not frozen.
    pub draft: Draft,
    pub written_on: NaiveDate,
    pub frozen: Option<FrozenPlan>,
    pub is_illustrative: bool,
    pub version: i64,
}

/// What was frozen, and when.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct FrozenPlan {
    pub plan: Frozen,
    pub at: Timestamp,
}

impl StoredPlan {
    /// What holds: the frozen plan, or the draft.
    pub fn says(&self) -> &Draft {
        self.frozen.as_ref().map_or(&self.draft, |frozen| &frozen.plan.draft)
    }

    pub fn path(&self, cluster: &ClusterSeen) -> String {
        format!("{}/impact/{}", cluster.path(), self.key)
    }

    /// As the policies see it: public once frozen.
    pub fn target(&self, cluster: &ClusterSeen, now: Timestamp) -> Target {
        ground::target(cluster, "impact_plan", self.id, now).fact("is_public", self.frozen.is_some())
    }
}

/// A plan with its cluster.
#[derive(Clone, Debug)]
pub(crate) struct PlanHere {
    pub cluster: ClusterSeen,
    pub plan: StoredPlan,
}

impl PlanHere {
    pub fn path(&self) -> String {
        self.plan.path(&self.cluster)
    }
}

/// `/clusters/{cluster}/impact/{plan}…`
impl Resource for PlanHere {
    const KIND: &'static str = "impact_plan";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let (Some(cluster), Some(key)) = (ground::cluster_of(loading).await?, loading.text("plan")) else {
            return Ok(None);
        };
        let all = of_cluster(&loading.database, cluster.id).await?;
        let Some(plan) = all.into_iter().find(|plan| plan.key == key) else {
            return Ok(None);
        };
        let target = plan.target(&cluster, loading.now);
        Ok(Some((Self { cluster, plan }, target)))
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    cluster_id: Uuid,
    key: String,
    draft: serde_json::Value,
    written_on: NaiveDate,
    is_illustrative: bool,
    version: i64,
    frozen_draft: Option<serde_json::Value>,
    frozen_on: Option<NaiveDate>,
    frozen_at: Option<Timestamp>,
}

impl TryFrom<Row> for StoredPlan {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let frozen = match (row.frozen_draft, row.frozen_on, row.frozen_at) {
            (Some(draft), Some(on), Some(at)) => {
                let draft: Draft = serde_json::from_value(draft)?;
                // It was whole when it was frozen; the same rules find it whole again.
                draft.freeze(row.written_on, on).ok().map(|plan| FrozenPlan { plan, at })
            }
            _ => None,
        };
        Ok(Self {
            id: row.id,
            cluster: ClusterId(row.cluster_id),
            key: row.key,
            draft: serde_json::from_value(row.draft)?,
            written_on: row.written_on,
            frozen,
            is_illustrative: row.is_illustrative,
            version: row.version,
        })
    }
}

/// A cluster's plans by when they were written.
pub(crate) async fn of_cluster(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<StoredPlan>, StoreError> {
    let sql = "SELECT p.id, p.cluster_id, p.key, p.draft, p.written_on, p.is_illustrative, p.version, f.draft AS frozen_draft, \
               f.frozen_on, f.frozen_at FROM delivery_impact_plan p LEFT JOIN delivery_impact_frozen f ON f.plan_id = p.id \
               WHERE p.cluster_id = $1 ORDER BY p.written_on, p.key";
    reads.all::<Row>(sql, values![cluster.0]).await?.into_iter().map(StoredPlan::try_from).collect()
}

pub(crate) async fn insert(unit: &Unit, plan: &StoredPlan) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO delivery_impact_plan (id, cluster_id, key, draft, written_on, is_illustrative, version) \
         VALUES ($1, $2, $3, $4, $5, $6, 1)",
        values![
            plan.id,
            plan.cluster.0,
            plan.key.clone(),
            serde_json::to_value(&plan.draft)?,
            plan.written_on,
            plan.is_illustrative
        ],
    )
    .await?;
    Ok(())
}

/// Stores a changed draft. Refused when somebody else changed it, or froze it, since it was read.
pub(crate) async fn save(unit: &Unit, plan: &StoredPlan, draft: &Draft) -> Result<(), Problem> {
    let json = serde_json::to_value(draft).map_err(Problem::internal)?;
    let changed = unit
        .execute(
            "UPDATE delivery_impact_plan SET draft = $3, version = version + 1 WHERE id = $1 AND version = $2",
            values![plan.id, plan.version, json],
        )
        .await?;
    if changed == 0 { Err(ground::changed_meanwhile("this plan")) } else { Ok(()) }
}

/// Freezes what stands. The version moves too, so that a draft under way cannot be saved after it.
pub(crate) async fn freeze(unit: &Unit, plan: &StoredPlan, frozen: &Frozen) -> Result<(), Problem> {
    save(unit, plan, &frozen.draft).await?;
    unit.execute(
        "INSERT INTO delivery_impact_frozen (id, plan_id, draft, fingerprint, frozen_on, frozen_at, frozen_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![
            unit.new_id(),
            plan.id,
            serde_json::to_value(&frozen.draft).map_err(Problem::internal)?,
            frozen.fingerprint.clone(),
            frozen.on,
            unit.now(),
            unit.actor().person().map(|person| person.0)
        ],
    )
    .await?;
    Ok(())
}

/// What was added to a frozen plan, and why.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, FromQueryResult)]
pub(crate) struct Amendment {
    pub words: String,
    pub reason: String,
    pub said_at: Timestamp,
}

pub(crate) async fn amendments(reads: &impl Reads, plan: Uuid) -> Result<Vec<Amendment>, StoreError> {
    let sql = "SELECT words, reason, said_at FROM delivery_impact_amendment WHERE plan_id = $1 ORDER BY said_at, id";
    reads.all(sql, values![plan]).await
}

pub(crate) async fn add_amendment(unit: &Unit, plan: Uuid, words: &str, reason: &str) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO delivery_impact_amendment (id, plan_id, words, reason, said_at) VALUES ($1, $2, $3, $4, $5)",
        values![unit.new_id(), plan, words, reason, unit.now()],
    )
    .await?;
    Ok(())
}

/// A result as it was found, with the figures it rests on.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub(crate) struct ResultFound {
    pub found: Found,
    /// The figures as a table. They may be of single sites, so no page and no file gives them out.
    #[serde(skip)]
    pub figures: String,
    pub at: Timestamp,
    pub is_illustrative: bool,
}

impl ResultFound {
    /// Without the means by period, for those who may not see single sites.
    pub fn without_means(mut self) -> Self {
        self.found.means.clear();
        self
    }
}

/// All results, newest first.
pub(crate) async fn results(reads: &impl Reads, plan: Uuid) -> Result<Vec<ResultFound>, StoreError> {
    #[derive(FromQueryResult)]
    struct ResultRow {
        result: serde_json::Value,
        figures: String,
        found_at: Timestamp,
        is_illustrative: bool,
    }
    let rows: Vec<ResultRow> = reads
        .all(
            "SELECT result, figures, found_at, is_illustrative FROM delivery_impact_result WHERE plan_id = $1 \
             ORDER BY found_at DESC, id DESC",
            values![plan],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            let found = serde_json::from_value(row.result)?;
            Ok(ResultFound { found, figures: row.figures, at: row.found_at, is_illustrative: row.is_illustrative })
        })
        .collect()
}

pub(crate) async fn add_result(
    unit: &Unit,
    plan: Uuid,
    found: &Found,
    figures: &str,
    is_illustrative: bool,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO delivery_impact_result (id, plan_id, result, figures, found_at, is_illustrative) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        values![unit.new_id(), plan, serde_json::to_value(found)?, figures, unit.now(), is_illustrative],
    )
    .await?;
    Ok(())
}

/// What was said it is worth; the newest holds.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub(crate) struct WorthSaid {
    pub lines: Lines,
    pub at: Timestamp,
    pub is_illustrative: bool,
}

pub(crate) async fn worth(reads: &impl Reads, plan: Uuid) -> Result<Option<WorthSaid>, StoreError> {
    #[derive(FromQueryResult)]
    struct WorthRow {
        lines: serde_json::Value,
        said_at: Timestamp,
        is_illustrative: bool,
    }
    let row: Option<WorthRow> = reads
        .one(
            "SELECT lines, said_at, is_illustrative FROM delivery_impact_value WHERE plan_id = $1 \
             ORDER BY said_at DESC, id DESC LIMIT 1",
            values![plan],
        )
        .await?;
    row.map(|row| {
        let lines = serde_json::from_value(row.lines)?;
        Ok(WorthSaid { lines, at: row.said_at, is_illustrative: row.is_illustrative })
    })
    .transpose()
}

pub(crate) async fn add_worth(unit: &Unit, plan: Uuid, lines: &Lines, is_illustrative: bool) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO delivery_impact_value (id, plan_id, lines, said_at, is_illustrative) VALUES ($1, $2, $3, $4, $5)",
        values![unit.new_id(), plan, serde_json::to_value(lines)?, unit.now(), is_illustrative],
    )
    .await?;
    Ok(())
}
