//! Indicators as stored, and the cluster a page of theirs is about; an indicator reaches a handler only through its extractor, which authorises.

use chrono::NaiveDate;
use hiec_access::policy::Target;
use hiec_contracts::{ClusterSeen, ClustersPort};
use hiec_kernel::{ClusterId, Problem};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Stream, Unit, values};
use hiec_web::{Loading, Resource};
use uuid::Uuid;

use super::rules::{Better, InForce, KpiState};

/// An indicator of a cluster's contract.
#[derive(Clone, Debug)]
pub struct Kpi {
    pub id: Uuid,
    pub cluster: ClusterId,
    pub name: String,
    pub measure: Uuid,
    pub better: Better,
    /// Decimals as typed, so that nothing is lost.
    pub baseline: Option<String>,
    pub target: String,
    pub weight: i64,
    pub force: InForce,
    pub state: KpiState,
    pub version: i64,
}

impl Kpi {
    pub fn target_value(&self) -> f64 {
        decimal(&self.target).unwrap_or(f64::NAN)
    }

    pub fn baseline_value(&self) -> Option<f64> {
        self.baseline.as_deref().and_then(decimal)
    }

    pub fn is_agreed(&self) -> bool {
        matches!(self.state, KpiState::Agreed { .. })
    }

    pub fn subject(&self) -> String {
        format!("kpi:{}", self.id)
    }
}

/// A number as people type it: `48`, `48.5`, `1,200`, `60%`.
pub fn decimal(typed: &str) -> Option<f64> {
    let kept: String = typed.trim().trim_end_matches('%').chars().filter(|c| *c != ',').collect();
    let digits = kept.strip_prefix('-').unwrap_or(&kept);
    let is_number = !digits.is_empty()
        && digits.len() <= 15
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
        && digits.chars().filter(|c| *c == '.').count() <= 1
        && digits.chars().any(|c| c.is_ascii_digit());
    is_number.then(|| kept.parse().ok()).flatten()
}

/// The trail of a cluster's work.
pub(crate) fn stream(cluster: ClusterId) -> Stream {
    Stream::named(format!("delivery:{cluster}"))
}

/// The cluster named in the address.
pub(crate) async fn cluster_in_path(loading: &Loading<'_>) -> Result<Option<ClusterSeen>, Problem> {
    let Some(key) = loading.text("cluster") else {
        return Ok(None);
    };
    let port = loading.state.service::<ClustersPort>()?;
    Ok(port.0.by_key(&loading.database, key).await?)
}

/// Something of a cluster, as the policies see it.
pub(crate) fn target(kind: &'static str, id: Uuid, cluster: &ClusterSeen) -> Target {
    Target::new(kind, id).scopes(cluster.scopes()).within(cluster.id.0)
}

/// `/clusters/{cluster}/kpis`: all of a cluster's.
#[derive(Clone, Debug)]
pub struct KpisOf {
    pub cluster: ClusterSeen,
}

impl Resource for KpisOf {
    const KIND: &'static str = "kpi";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(cluster) = cluster_in_path(loading).await? else {
            return Ok(None);
        };
        let target = target(Self::KIND, cluster.id.0, &cluster);
        Ok(Some((Self { cluster }, target)))
    }
}

/// `/clusters/{cluster}/kpis/{kpi}`: one of them.
#[derive(Clone, Debug)]
pub struct KpiOf {
    pub cluster: ClusterSeen,
    pub kpi: Kpi,
}

impl Resource for KpiOf {
    const KIND: &'static str = "kpi";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let (Some(cluster), Some(id)) = (cluster_in_path(loading).await?, loading.id("kpi")) else {
            return Ok(None);
        };
        let Some(kpi) = by_id(&loading.database, id).await?.filter(|kpi| kpi.cluster == cluster.id) else {
            return Ok(None);
        };
        let target = target(Self::KIND, kpi.id, &cluster);
        Ok(Some((Self { cluster, kpi }, target)))
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    cluster_id: Uuid,
    name: String,
    measure_id: Uuid,
    better: String,
    baseline: Option<String>,
    target: String,
    weight: i64,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    state: serde_json::Value,
    version: i64,
}

impl TryFrom<Row> for Kpi {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            cluster: ClusterId(row.cluster_id),
            name: row.name,
            measure: row.measure_id,
            better: Better::from_key(&row.better).unwrap_or(Better::Higher),
            baseline: row.baseline,
            target: row.target,
            weight: row.weight,
            force: InForce { from: row.starts_on, to: row.ends_on },
            state: serde_json::from_value(row.state)?,
            version: row.version,
        })
    }
}

const COLUMNS: &str =
    "id, cluster_id, name, measure_id, better, baseline, target, weight, starts_on, ends_on, state, version";

pub(crate) async fn by_id(reads: &impl Reads, id: Uuid) -> Result<Option<Kpi>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM delivery_kpi WHERE id = $1");
    reads.one::<Row>(&sql, values![id]).await?.map(Kpi::try_from).transpose()
}

/// A cluster's indicators: heaviest first, then as proposed.
pub(crate) async fn of_cluster(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Kpi>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM delivery_kpi WHERE cluster_id = $1 ORDER BY starts_on, weight DESC, proposed_at, id"
    );
    reads.all::<Row>(&sql, values![cluster.0]).await?.into_iter().map(Kpi::try_from).collect()
}

/// Every agreed indicator, for those who look at all clusters.
pub(crate) async fn all_agreed(reads: &impl Reads) -> Result<Vec<Kpi>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM delivery_kpi WHERE state_name = 'agreed' ORDER BY cluster_id, starts_on, weight DESC, id"
    );
    reads.all::<Row>(&sql, values![]).await?.into_iter().map(Kpi::try_from).collect()
}

pub(crate) async fn insert(unit: &Unit, kpi: &Kpi) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO delivery_kpi (id, cluster_id, name, measure_id, better, baseline, target, weight, starts_on, ends_on, \
         state_name, state, proposed_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1)",
        values![
            kpi.id,
            kpi.cluster.0,
            kpi.name.clone(),
            kpi.measure,
            kpi.better.key(),
            kpi.baseline.clone(),
            kpi.target.clone(),
            kpi.weight,
            kpi.force.from,
            kpi.force.to,
            kpi.state.key(),
            serde_json::to_value(&kpi.state)?,
            unit.now()
        ],
    )
    .await?;
    Ok(())
}

/// Stores state and days. Refused when somebody was faster.
pub(crate) async fn save(unit: &Unit, kpi: &Kpi) -> Result<(), Problem> {
    let changed = unit
        .execute(
            "UPDATE delivery_kpi SET state_name = $3, state = $4, ends_on = $5, version = version + 1 \
             WHERE id = $1 AND version = $2",
            values![
                kpi.id,
                kpi.version,
                kpi.state.key(),
                serde_json::to_value(&kpi.state).map_err(Problem::internal)?,
                kpi.force.to
            ],
        )
        .await?;
    if changed == 0 {
        return Err(faster("indicator"));
    }
    Ok(())
}

pub(crate) fn faster(what: &str) -> Problem {
    Problem::conflict(
        format!("Somebody else changed this {what} while you were at it"),
        "Open the page again: it shows their change. Nothing of yours was saved from this attempt.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        for (typed, value) in [("48", 48.0), (" 48.5% ", 48.5), ("1,200", 1200.0), ("-3", -3.0), (".5", 0.5)] {
            assert_eq!(decimal(typed), Some(value), "{typed}");
        }
        for typed in ["", "%", ".", "-", "forty", "1.2.3", "1e9", "NaN", "inf", "1234567890123456"] {
            assert_eq!(decimal(typed), None, "{typed}");
        }
    }
}
