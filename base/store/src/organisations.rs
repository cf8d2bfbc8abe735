//! Organisations and regions as stored: the register every capability points to; it decides nothing about who may join what.

use hiec_kernel::OrganisationId;
use hiec_kernel::organisations::{Function, Organisation, Sector, Setting};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::database::StoreError;
use crate::query::Reads;
use crate::unit::Unit;
use crate::values;

/// A region: the body that commissions education there.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Region {
    pub id: Uuid,
    /// `LON`.
    pub code: String,
    pub name: String,
    pub website: Option<String>,
    /// The organisation that is this region's commissioner.
    pub organisation_id: Option<Uuid>,
}

pub async fn regions(reads: &impl Reads) -> Result<Vec<Region>, StoreError> {
    reads.all("SELECT id, code, name, website, organisation_id FROM base_region ORDER BY name", values![]).await
}

pub async fn add_region(unit: &Unit, region: &Region) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO base_region (id, code, name, website, organisation_id) VALUES ($1, $2, $3, $4, $5)",
        values![region.id, region.code.clone(), region.name.clone(), region.website.clone(), region.organisation_id],
    )
    .await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    ods_code: Option<String>,
    name: String,
    sector: String,
    settings: serde_json::Value,
    functions: serde_json::Value,
    region_code: Option<String>,
    postcode: Option<String>,
    is_illustrative: bool,
}

impl TryFrom<Row> for Organisation {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let settings: Vec<Setting> = serde_json::from_value(row.settings)?;
        let functions: Vec<Function> = serde_json::from_value(row.functions)?;
        Ok(Self {
            id: OrganisationId(row.id),
            ods_code: row.ods_code,
            name: row.name,
            sector: Sector::from_key(&row.sector).unwrap_or(Sector::OtherPublic),
            settings,
            functions,
            region: row.region_code,
            postcode: row.postcode,
            is_illustrative: row.is_illustrative,
        })
    }
}

const COLUMNS: &str = "id, ods_code, name, sector, settings, functions, region_code, postcode, is_illustrative";

pub async fn add(unit: &Unit, organisation: &Organisation) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO base_organisation \
         (id, ods_code, name, sector, settings, functions, region_code, postcode, is_illustrative, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![
            organisation.id.0,
            organisation.ods_code.clone(),
            organisation.name.clone(),
            organisation.sector.key(),
            serde_json::to_value(&organisation.settings)?,
            serde_json::to_value(&organisation.functions)?,
            organisation.region.clone(),
            organisation.postcode.clone(),
            organisation.is_illustrative,
            unit.now()
        ],
    )
    .await?;
    Ok(())
}

pub async fn change(unit: &Unit, organisation: &Organisation) -> Result<(), StoreError> {
    unit.execute(
        "UPDATE base_organisation SET ods_code = $2, name = $3, sector = $4, settings = $5, functions = $6, \
         region_code = $7, postcode = $8, is_illustrative = $9 WHERE id = $1",
        values![
            organisation.id.0,
            organisation.ods_code.clone(),
            organisation.name.clone(),
            organisation.sector.key(),
            serde_json::to_value(&organisation.settings)?,
            serde_json::to_value(&organisation.functions)?,
            organisation.region.clone(),
            organisation.postcode.clone(),
            organisation.is_illustrative
        ],
    )
    .await?;
    Ok(())
}

pub async fn by_id(reads: &impl Reads, id: OrganisationId) -> Result<Option<Organisation>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM base_organisation WHERE id = $1");
    reads.one::<Row>(&sql, values![id.0]).await?.map(Organisation::try_from).transpose()
}

pub async fn by_ods_code(reads: &impl Reads, code: &str) -> Result<Option<Organisation>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM base_organisation WHERE ods_code = $1");
    reads.one::<Row>(&sql, values![code.trim().to_uppercase()]).await?.map(Organisation::try_from).transpose()
}

/// Organisations whose name contains the text, or whose ODS code is it; names in order, at most `limit`.
pub async fn search(reads: &impl Reads, text: &str, limit: i64) -> Result<Vec<Organisation>, StoreError> {
    let like = reads.dialect().like();
    let sql = format!(
        "SELECT {COLUMNS} FROM base_organisation WHERE name {like} $1 ESCAPE '\\' OR ods_code = $2 \
         ORDER BY CASE WHEN ods_code = $2 THEN 0 ELSE 1 END, name, id LIMIT $3"
    );
    let escaped = reads.dialect().escaped_like(text.trim());
    let rows: Vec<Row> = reads.all(&sql, values![format!("%{escaped}%"), text.trim().to_uppercase(), limit]).await?;
    rows.into_iter().map(Organisation::try_from).collect()
}

/// What a search of the register asks for. Empty fields ask for nothing.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Wanted {
    /// Part of the name, or the ODS code.
    pub words: String,
    pub sector: Option<Sector>,
    pub function: Option<Function>,
    /// The code of a region.
    pub region: String,
}

/// Organisations by name, `limit` of them after the first `skip`, and how many there are in all.
pub async fn find(
    reads: &impl Reads,
    wanted: &Wanted,
    skip: i64,
    limit: i64,
) -> Result<(Vec<Organisation>, i64), StoreError> {
    let like = reads.dialect().like();
    let condition = format!(
        "FROM base_organisation WHERE (name {like} $1 ESCAPE '\\' OR ods_code = $2) AND ($3 = '' OR sector = $3) \
         AND ($4 = '' OR region_code = $4) AND CAST(functions AS text) LIKE $5"
    );
    let bound = values![
        format!("%{}%", reads.dialect().escaped_like(wanted.words.trim())),
        wanted.words.trim().to_uppercase(),
        wanted.sector.map_or("", Sector::key),
        wanted.region.as_str(),
        // A list of keys, each in quotes, on both databases.
        wanted.function.map_or_else(|| "%".to_owned(), |function| format!("%\"{}\"%", function.key()))
    ];
    let total = reads.count(&format!("SELECT COUNT(*) AS n {condition}"), bound.clone()).await?;
    let sql = format!("SELECT {COLUMNS} {condition} ORDER BY name, id LIMIT $6 OFFSET $7");
    let rows: Vec<Row> = reads.all(&sql, [bound, values![limit, skip]].concat()).await?;
    let found = rows.into_iter().map(Organisation::try_from).collect::<Result<_, _>>()?;
    Ok((found, total))
}

/// As many at a time as both databases bind with ease.
const AT_A_TIME: usize = 500;

/// The organisations with these ids, by name; ids nobody has are left out.
pub async fn by_ids(reads: &impl Reads, ids: &[OrganisationId]) -> Result<Vec<Organisation>, StoreError> {
    let mut found = among(reads, "id", ids.iter().map(|id| id.0.into()).collect()).await?;
    found.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
    Ok(found)
}

/// The organisations whose ids a statement selects, in no order: for lists too long to bind each id.
pub async fn selected(
    reads: &impl Reads,
    select: &str,
    bound: Vec<sea_orm::Value>,
) -> Result<Vec<Organisation>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM base_organisation WHERE id IN ({select})");
    reads.all::<Row>(&sql, bound).await?.into_iter().map(Organisation::try_from).collect()
}

/// The organisations with these ODS codes, in order of code; codes nobody has are left out.
pub async fn by_ods_codes(reads: &impl Reads, codes: &[String]) -> Result<Vec<Organisation>, StoreError> {
    let codes = codes.iter().map(|code| code.trim().to_uppercase().into()).collect();
    let mut found = among(reads, "ods_code", codes).await?;
    found.sort_by(|one, other| one.ods_code.cmp(&other.ods_code));
    Ok(found)
}

/// The organisations whose column holds one of the values.
async fn among(reads: &impl Reads, column: &str, bound: Vec<sea_orm::Value>) -> Result<Vec<Organisation>, StoreError> {
    let mut found = Vec::with_capacity(bound.len());
    for part in bound.chunks(AT_A_TIME) {
        let marks: Vec<String> = (1..=part.len()).map(|n| format!("${n}")).collect();
        let sql = format!("SELECT {COLUMNS} FROM base_organisation WHERE {column} IN ({})", marks.join(", "));
        for row in reads.all::<Row>(&sql, part.to_vec()).await? {
            found.push(Organisation::try_from(row)?);
        }
    }
    Ok(found)
}

/// The organisations with exactly these names but for capitals, in order of name; names nobody has are left out, and one
/// may be several organisations'.
pub async fn by_names(reads: &impl Reads, names: &[String]) -> Result<Vec<Organisation>, StoreError> {
    const AT_A_TIME: usize = 500;
    let mut found = Vec::new();
    for part in names.chunks(AT_A_TIME) {
        let marks: Vec<String> = (1..=part.len()).map(|n| format!("LOWER(${n})")).collect();
        let sql = format!(
            "SELECT {COLUMNS} FROM base_organisation WHERE LOWER(name) IN ({}) ORDER BY name, id",
            marks.join(", ")
        );
        let rows: Vec<Row> = reads.all(&sql, part.iter().map(|name| name.trim().into()).collect()).await?;
        for row in rows {
            found.push(Organisation::try_from(row)?);
        }
    }
    Ok(found)
}
