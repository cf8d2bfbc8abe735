//! Series, their judgements and revisions as stored.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hiec_kernel::{ClusterId, OrganisationId, Timestamp};
use hiec_store::{FromQueryResult, Reads, StoreError, Unit, values};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::packed::{self, Observation};
use super::store::insert_rows;

/// A measure at a site, with its figures.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Stored {
    pub id: Uuid,
    pub measure: Uuid,
    pub site: OrganisationId,
    pub observations: Vec<Observation>,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    measure_id: Uuid,
    site_id: Uuid,
    points: String,
}

impl TryFrom<Row> for Stored {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            measure: row.measure_id,
            site: OrganisationId(row.site_id),
            observations: packed::unpack(&row.points)?,
        })
    }
}

const SERIES: &str = "SELECT id, measure_id, site_id, points FROM delivery_series";

/// As many at a time as both databases bind with ease.
const AT_A_TIME: usize = 500;

/// All series of a measure, by site.
pub(crate) async fn of_measure(reads: &impl Reads, measure: Uuid) -> Result<Vec<Stored>, StoreError> {
    let sql = format!("{SERIES} WHERE measure_id = $1 ORDER BY site_id");
    reads.all::<Row>(&sql, values![measure]).await?.into_iter().map(Stored::try_from).collect()
}

/// The series of a measure at some sites, by site.
pub(crate) async fn of_sites(
    reads: &impl Reads,
    measure: Uuid,
    sites: &[OrganisationId],
) -> Result<Vec<Stored>, StoreError> {
    let mut found = Vec::with_capacity(sites.len());
    for part in sites.chunks(AT_A_TIME) {
        let marks: Vec<String> = (2..=part.len() + 1).map(|n| format!("${n}")).collect();
        let sql = format!("{SERIES} WHERE measure_id = $1 AND site_id IN ({}) ORDER BY site_id", marks.join(", "));
        let bound = std::iter::once(measure.into()).chain(part.iter().map(|site| site.0.into())).collect();
        for row in reads.all::<Row>(&sql, bound).await? {
            found.push(Stored::try_from(row)?);
        }
    }
    Ok(found)
}

pub(crate) async fn one(reads: &impl Reads, measure: Uuid, site: OrganisationId) -> Result<Option<Stored>, StoreError> {
    let sql = format!("{SERIES} WHERE measure_id = $1 AND site_id = $2");
    reads.one::<Row>(&sql, values![measure, site.0]).await?.map(Stored::try_from).transpose()
}

/// The figures of all sites together, period by period.
pub(crate) async fn total(reads: &impl Reads, measure: Uuid) -> Result<Vec<Observation>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        points: String,
    }
    let row: Option<Row> = reads.one("SELECT points FROM delivery_measure WHERE id = $1", values![measure]).await?;
    row.map_or_else(|| Ok(Vec::new()), |row| packed::unpack(&row.points))
}

pub(crate) async fn save_total(unit: &Unit, measure: Uuid, total: &[Observation]) -> Result<(), StoreError> {
    let points = packed::pack(total);
    unit.execute("UPDATE delivery_measure SET points = $2 WHERE id = $1", values![measure, points]).await?;
    Ok(())
}

/// Stores series, new and changed alike.
pub(crate) async fn save(unit: &Unit, series: &[Stored]) -> Result<(), StoreError> {
    let rows = series
        .iter()
        .map(|one| values![one.id, one.measure, one.site.0, unit.now(), packed::pack(&one.observations)])
        .collect();
    insert_rows(
        unit,
        "delivery_series",
        &["id", "measure_id", "site_id", "changed_at", "points"],
        rows,
        "ON CONFLICT (id) DO UPDATE SET changed_at = excluded.changed_at, points = excluded.points",
    )
    .await
}

/// What the chart of a series says.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Judgement {
    pub series: Uuid,
    pub measure: Uuid,
    pub site: OrganisationId,
    /// Values on the chart.
    pub points: usize,
    pub last: Option<Observation>,
    /// The sums of its last year, from the first period counted; in the place of the entry stands how many periods there are.
    pub recent: Option<Observation>,
    /// As the engine names it: `concern_low`.
    pub variation: Option<String>,
    pub assurance: Option<String>,
    /// Why the last point is flagged; empty for common cause.
    pub why: String,
}

#[derive(FromQueryResult)]
struct JudgementRow {
    series_id: Uuid,
    measure_id: Uuid,
    site_id: Uuid,
    points: i64,
    last: String,
    recent: String,
    variation: Option<String>,
    assurance: Option<String>,
    why: String,
}

impl TryFrom<JudgementRow> for Judgement {
    type Error = StoreError;

    fn try_from(row: JudgementRow) -> Result<Self, StoreError> {
        Ok(Self {
            series: row.series_id,
            measure: row.measure_id,
            site: OrganisationId(row.site_id),
            points: usize::try_from(row.points).unwrap_or(0),
            last: packed::last(&row.last)?,
            recent: packed::last(&row.recent)?,
            variation: row.variation,
            assurance: row.assurance,
            why: row.why,
        })
    }
}

const JUDGEMENTS: &str =
    "SELECT series_id, measure_id, site_id, points, last, recent, variation, assurance, why FROM delivery_judgement";

/// The judgements of a measure, by site.
pub(crate) async fn judgements(reads: &impl Reads, measure: Uuid) -> Result<Vec<Judgement>, StoreError> {
    let sql = format!("{JUDGEMENTS} WHERE measure_id = $1 ORDER BY site_id");
    reads.all::<JudgementRow>(&sql, values![measure]).await?.into_iter().map(Judgement::try_from).collect()
}

/// Why the charts of some sites are flagged, by site.
pub(crate) async fn reasons(
    reads: &impl Reads,
    measure: Uuid,
    sites: &[OrganisationId],
) -> Result<BTreeMap<OrganisationId, String>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        site_id: Uuid,
        why: String,
    }
    let mut found = BTreeMap::new();
    for part in sites.chunks(AT_A_TIME) {
        let marks: Vec<String> = (2..=part.len() + 1).map(|n| format!("${n}")).collect();
        let sql = format!(
            "SELECT site_id, why FROM delivery_judgement WHERE measure_id = $1 AND site_id IN ({}) ORDER BY site_id",
            marks.join(", ")
        );
        let bound = std::iter::once(measure.into()).chain(part.iter().map(|site| site.0.into())).collect();
        let rows: Vec<Row> = reads.all(&sql, bound).await?;
        found.extend(rows.into_iter().map(|row| (OrganisationId(row.site_id), row.why)));
    }
    Ok(found)
}

/// What a page that shows a thousand sites beside each other needs of a judgement.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Brief {
    pub series: Uuid,
    pub site: OrganisationId,
    pub last: Option<Observation>,
    /// As [`Judgement::recent`].
    pub recent: Option<Observation>,
    pub variation: Option<String>,
}

/// The judgements of a measure in brief, by site.
pub(crate) async fn briefs(reads: &impl Reads, measure: Uuid) -> Result<Vec<Brief>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        series_id: Uuid,
        site_id: Uuid,
        last: String,
        recent: String,
        variation: Option<String>,
    }
    let sql = "SELECT series_id, site_id, last, recent, variation FROM delivery_judgement WHERE measure_id = $1 \
               ORDER BY site_id";
    let rows: Vec<Row> = reads.all(sql, values![measure]).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Brief {
                series: row.series_id,
                site: OrganisationId(row.site_id),
                last: packed::last(&row.last)?,
                recent: packed::last(&row.recent)?,
                variation: row.variation,
            })
        })
        .collect()
}

/// The judgements of some sites, of all their measures, by site and measure.
pub(crate) async fn judgements_of_sites(
    reads: &impl Reads,
    sites: &[OrganisationId],
) -> Result<BTreeMap<(OrganisationId, Uuid), Judgement>, StoreError> {
    let mut found = BTreeMap::new();
    for part in sites.chunks(AT_A_TIME) {
        let marks: Vec<String> = (1..=part.len()).map(|n| format!("${n}")).collect();
        let sql = format!("{JUDGEMENTS} WHERE site_id IN ({}) ORDER BY site_id, measure_id", marks.join(", "));
        let bound = part.iter().map(|site| site.0.into()).collect();
        for row in reads.all::<JudgementRow>(&sql, bound).await? {
            let judgement = Judgement::try_from(row)?;
            found.insert((judgement.site, judgement.measure), judgement);
        }
    }
    Ok(found)
}

/// How many series of a measure say what, by number of points.
#[derive(FromQueryResult, Serialize, Deserialize)]
pub(crate) struct Tally {
    pub measure_id: Uuid,
    pub points: i64,
    pub variation: Option<String>,
    pub assurance: Option<String>,
    pub n: i64,
}

/// Tallies of a cluster's measures, in the order of the measures' ids, as they were kept with the judgements.
pub(crate) async fn tallies(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Tally>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        tallies: Option<serde_json::Value>,
    }
    let sql = "SELECT id, tallies FROM delivery_measure WHERE cluster_id = $1 ORDER BY id";
    let mut all = Vec::new();
    for row in reads.all::<Row>(sql, values![cluster.0]).await? {
        match row.tallies {
            Some(kept) => all.append(&mut serde_json::from_value(kept)?),
            None => all.append(&mut counted(reads, row.id).await?),
        }
    }
    Ok(all)
}

async fn counted(reads: &impl Reads, measure: Uuid) -> Result<Vec<Tally>, StoreError> {
    reads
        .all(
            "SELECT measure_id, points, variation, assurance, COUNT(*) AS n FROM delivery_judgement WHERE measure_id = $1 \
             GROUP BY measure_id, points, variation, assurance ORDER BY points, variation, assurance",
            values![measure],
        )
        .await
}

/// Keeps what a measure's judgements amount to, and which sites have figures.
async fn keep_tallies(
    unit: &Unit,
    cluster: ClusterId,
    measure: Uuid,
    sites: &[OrganisationId],
) -> Result<(), StoreError> {
    let tallies = serde_json::to_value(counted(unit, measure).await?)?;
    unit.execute("UPDATE delivery_measure SET tallies = $2 WHERE id = $1", values![measure, tallies]).await?;
    let rows = sites.iter().map(|site| values![cluster.0, site.0]).collect();
    insert_rows(
        unit,
        "delivery_reporting",
        &["cluster_id", "site_id"],
        rows,
        "ON CONFLICT (cluster_id, site_id) DO NOTHING",
    )
    .await
}

/// Stores what the charts of one measure say.
pub(crate) async fn save_judgements(
    unit: &Unit,
    cluster: ClusterId,
    measure: Uuid,
    judgements: &[Judgement],
) -> Result<(), StoreError> {
    let rows = judgements
        .iter()
        .map(|one| {
            values![
                one.series,
                one.measure,
                one.site.0,
                i64::try_from(one.points).unwrap_or(i64::MAX),
                packed::pack(one.last.as_slice()),
                packed::pack(one.recent.as_slice()),
                one.variation.clone(),
                one.assurance.clone(),
                one.why.as_str(),
                unit.now()
            ]
        })
        .collect();
    insert_rows(
        unit,
        "delivery_judgement",
        &["series_id", "measure_id", "site_id", "points", "last", "recent", "variation", "assurance", "why", "judged_at"],
        rows,
        "ON CONFLICT (series_id) DO UPDATE SET points = excluded.points, last = excluded.last, recent = excluded.recent, \
         variation = excluded.variation, assurance = excluded.assurance, why = excluded.why, judged_at = excluded.judged_at",
    )
    .await?;
    let sites: Vec<OrganisationId> = judgements.iter().map(|one| one.site).collect();
    keep_tallies(unit, cluster, measure, &sites).await
}

/// A figure that another took the place of.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Replaced {
    pub series: Uuid,
    pub period: NaiveDate,
    pub before: Observation,
    /// Nothing where the figure was taken away.
    pub after: Option<Observation>,
}

pub(crate) async fn insert_replaced(unit: &Unit, replaced: &[Replaced], reason: &str) -> Result<(), StoreError> {
    let rows = replaced
        .iter()
        .map(|one| {
            values![
                unit.new_id(),
                one.series,
                one.period,
                packed::pack(&[one.before]),
                packed::pack(one.after.as_slice()),
                reason,
                unit.actor().key(),
                unit.now()
            ]
        })
        .collect();
    insert_rows(
        unit,
        "delivery_revision",
        &["id", "series_id", "period", "before", "after", "reason", "actor", "at"],
        rows,
        "",
    )
    .await
}

/// A change of a figure, as shown.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub(crate) struct Revision {
    pub before: Option<Observation>,
    pub after: Option<Observation>,
    pub reason: String,
    pub actor: String,
    pub at: Timestamp,
}

/// What became of the figure of a period, the newest first.
pub(crate) async fn revisions(
    reads: &impl Reads,
    series: Uuid,
    period: NaiveDate,
) -> Result<Vec<Revision>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        before: String,
        after: String,
        reason: String,
        actor: String,
        at: Timestamp,
    }
    let rows: Vec<Row> = reads
        .all(
            "SELECT before, after, reason, actor, at FROM delivery_revision WHERE series_id = $1 AND period = $2 \
             ORDER BY at DESC, id DESC",
            values![series, period],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Revision {
                before: packed::last(&row.before)?,
                after: packed::last(&row.after)?,
                reason: row.reason,
                actor: row.actor,
                at: row.at,
            })
        })
        .collect()
}

/// The sites of a cluster that have figures of some measure.
pub(crate) async fn sites_with_figures(
    reads: &impl Reads,
    cluster: ClusterId,
) -> Result<std::collections::BTreeSet<OrganisationId>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        site_id: Uuid,
    }
    let sql = "SELECT site_id FROM delivery_reporting WHERE cluster_id = $1 ORDER BY site_id";
    let rows: Vec<Row> = reads.all(sql, values![cluster.0]).await?;
    Ok(rows.into_iter().map(|row| OrganisationId(row.site_id)).collect())
}
