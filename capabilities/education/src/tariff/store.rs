//! The tariff's lists and the placements it prices, as stored. It prices nothing.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hiec_files::import::Importable;
use hiec_kernel::{ClusterId, Fingerprint, OrganisationId, Problem};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, organisations, values};
use uuid::Uuid;

use super::drawing::Of;
use super::lists::{Entry, List};

/// Lines of a cluster's lists, by list and key: of one host those that name it or none, else all.
pub(crate) async fn entries(
    reads: &impl Reads,
    cluster: ClusterId,
    host: Option<OrganisationId>,
) -> Result<Vec<Entry>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        list: String,
        host_id: Option<Uuid>,
        cells: serde_json::Value,
    }
    let (of, values) = match host {
        Some(host) => (" AND (host_id IS NULL OR host_id = $2)", values![cluster.0, host.0]),
        None => ("", values![cluster.0]),
    };
    let sql =
        format!("SELECT list, host_id, cells FROM education_tariff_entry WHERE cluster_id = $1{of} ORDER BY list, key");
    let rows: Vec<Row> = reads.all(&sql, values).await?;
    let entry = |row: Row| -> Result<Option<Entry>, StoreError> {
        let Some(list) = List::from_key(&row.list) else { return Ok(None) };
        let cells: BTreeMap<String, String> = serde_json::from_value(row.cells)?;
        Ok(Some(Entry { list, host: row.host_id.map(OrganisationId), cells }))
    };
    rows.into_iter().filter_map(|row| entry(row).transpose()).collect()
}

/// Stores a line, in the place of the one of its key.
pub(crate) async fn keep(
    unit: &Unit,
    cluster: ClusterId,
    entry: &Entry,
    file: &Fingerprint,
    is_illustrative: bool,
) -> Result<(), Problem> {
    unit.execute(
        "INSERT INTO education_tariff_entry (id, cluster_id, list, key, host_id, cells, loaded_at, loaded_by, file_sha256, is_illustrative) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         ON CONFLICT (cluster_id, list, key) DO UPDATE SET host_id = excluded.host_id, cells = excluded.cells, \
         loaded_at = excluded.loaded_at, loaded_by = excluded.loaded_by, file_sha256 = excluded.file_sha256, \
         is_illustrative = excluded.is_illustrative",
        values![
            unit.new_id(),
            cluster.0,
            entry.list.key(),
            entry.key(),
            entry.host.map(|host| host.0),
            serde_json::to_value(&entry.cells).map_err(Problem::internal)?,
            unit.now(),
            unit.actor().person().map(|person| person.0),
            file.to_string(),
            is_illustrative
        ],
    )
    .await?;
    Ok(())
}

/// A placement in a post that a tariff pays for, over the days it does.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Paid {
    pub id: Uuid,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    /// Hundredths.
    pub wte: i64,
    pub trainee_number: String,
    pub trainee_name: String,
    pub host_id: Uuid,
    pub site: String,
    pub specialty: String,
    pub grade: String,
    pub setting: String,
    pub profession: String,
    pub level: String,
    /// Who pays.
    pub body: String,
    pub paid_from: NaiveDate,
    pub paid_to: Option<NaiveDate>,
    pub is_illustrative: bool,
}

const FROM: &str = "FROM education_placement x JOIN education_trainee t ON t.id = x.trainee_id \
     JOIN education_programme g ON g.id = t.programme_id JOIN education_post p ON p.id = x.post_id \
     JOIN education_post_funding f ON f.post_id = p.id AND f.kind = 'tariff' \
     WHERE x.cluster_id = $1 AND x.state = 'approved' AND x.kind IN ('in_post', 'in_post_extension') \
     AND x.starts_on <= $3 AND x.ends_on >= $2 AND f.from_day <= $3 AND (f.to_day IS NULL OR f.to_day >= $2)";

const PAID: &str = "SELECT x.id, x.starts_on, x.ends_on, x.wte, t.number AS trainee_number, t.name AS trainee_name, p.host_id, \
     p.site, p.specialty, p.grade, p.setting, p.profession, g.level, f.body, f.from_day AS paid_from, \
     f.to_day AS paid_to, x.is_illustrative";

const IN_ORDER: &str = "ORDER BY p.host_id, t.number, x.starts_on, x.id, f.from_day, f.id";

/// Whether more than one line of funding by tariff pays for the post, one after the other or at once.
const IS_PAID_TWICE: &str =
    "(SELECT COUNT(*) FROM education_post_funding o WHERE o.post_id = p.id AND o.kind = 'tariff') > 1";

/// Approved placements in posts that a tariff pays for on some day between these two.
pub(crate) async fn paid(
    reads: &impl Reads,
    cluster: ClusterId,
    (from, to): (NaiveDate, NaiveDate),
    of: &Of,
) -> Result<Vec<Paid>, StoreError> {
    let mut values = values![cluster.0, from, to];
    let mut narrower = String::new();
    if let Some(host) = of.host {
        values.push(host.0.into());
        narrower += &format!(" AND p.host_id = ${}", values.len());
    }
    if let Some(number) = &of.trainee {
        values.push(number.as_str().into());
        narrower += &format!(" AND t.number = ${}", values.len());
    }
    reads.all(&format!("{PAID} {FROM}{narrower} {IN_ORDER}"), values).await
}

/// The same of posts that several lines of funding pay for, where it must be seen which placement is whose.
pub(crate) async fn paid_twice(
    reads: &impl Reads,
    cluster: ClusterId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<Paid>, StoreError> {
    let sql = format!("{PAID} {FROM} AND {IS_PAID_TWICE} {IN_ORDER}");
    reads.all(&sql, values![cluster.0, from, to]).await
}

/// Placements that are priced alike, and how many there are.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Alike {
    pub n: i64,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    /// Hundredths.
    pub wte: i64,
    pub host_id: Uuid,
    pub grade: String,
    pub setting: String,
    pub profession: String,
    pub level: String,
    pub body: String,
    pub paid_from: NaiveDate,
    pub paid_to: Option<NaiveDate>,
    pub is_illustrative: bool,
}

/// All other placements of [`paid`], those that are priced alike together.
pub(crate) async fn alike(
    reads: &impl Reads,
    cluster: ClusterId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<Alike>, StoreError> {
    const COLUMNS: &str = "x.starts_on, x.ends_on, x.wte, p.host_id, p.grade, p.setting, p.profession, g.level, f.body";
    let sql = format!(
        "SELECT COUNT(*) AS n, {COLUMNS}, f.from_day AS paid_from, f.to_day AS paid_to, x.is_illustrative {FROM} \
         AND NOT {IS_PAID_TWICE} GROUP BY {COLUMNS}, f.from_day, f.to_day, x.is_illustrative \
         ORDER BY {COLUMNS}, f.from_day, f.to_day, x.is_illustrative"
    );
    reads.all(&sql, values![cluster.0, from, to]).await
}

#[derive(FromQueryResult)]
struct Host {
    id: Uuid,
    name: String,
    ods_code: Option<String>,
}

/// The hosts of a cluster's posts, by name.
pub(crate) async fn hosts(
    reads: &impl Reads,
    cluster: ClusterId,
) -> Result<Vec<(OrganisationId, String, Option<String>)>, StoreError> {
    let sql = "SELECT o.id, o.name, o.ods_code FROM base_organisation o \
               WHERE o.id IN (SELECT host_id FROM education_post WHERE cluster_id = $1) ORDER BY o.name, o.id";
    let rows: Vec<Host> = reads.all(sql, values![cluster.0]).await?;
    Ok(rows.into_iter().map(|host| (OrganisationId(host.id), host.name, host.ods_code)).collect())
}

/// What hosts of a cluster's posts are called: one of them, or all.
pub(crate) async fn host_names(
    reads: &impl Reads,
    cluster: ClusterId,
    host: Option<OrganisationId>,
) -> Result<Vec<(OrganisationId, String)>, StoreError> {
    match host {
        None => Ok(hosts(reads, cluster).await?.into_iter().map(|(id, name, _)| (id, name)).collect()),
        Some(host) => {
            let one = organisations::by_id(reads, host).await?;
            Ok(one.into_iter().map(|one| (one.id, one.name)).collect())
        }
    }
}
