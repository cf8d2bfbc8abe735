//! Learning tools, their launches and our keys, as stored.

use chrono::Duration;
use hiec_access::sessions::{hashed, secret};
use hiec_kernel::{ClusterId, PersonId, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use serde::Serialize;
use uuid::Uuid;

/// A tool we launch.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Tool {
    pub id: Uuid,
    pub cluster: ClusterId,
    pub name: String,
    pub client_id: String,
    pub deployment_id: String,
    pub login_url: String,
    pub redirect_urls: Vec<String>,
    /// The public keys it signs with; without them it may read and write nothing of a course.
    pub key_set: Option<serde_json::Value>,
    /// Where it lets material be picked; empty where it does not.
    pub choosing_url: String,
    /// Whether the cluster's agreement lets it know names.
    pub tells_names: bool,
    pub is_retired: bool,
    pub is_illustrative: bool,
}

#[derive(FromQueryResult)]
struct ToolRow {
    id: Uuid,
    cluster_id: Uuid,
    name: String,
    client_id: String,
    deployment_id: String,
    login_url: String,
    redirect_urls: serde_json::Value,
    key_set: Option<serde_json::Value>,
    choosing_url: String,
    tells_names: bool,
    retired_at: Option<Timestamp>,
    is_illustrative: bool,
}

const TOOL: &str = "SELECT id, cluster_id, name, client_id, deployment_id, login_url, redirect_urls, key_set, choosing_url, tells_names, \
     retired_at, is_illustrative FROM education_lti_tool";

impl TryFrom<ToolRow> for Tool {
    type Error = StoreError;

    fn try_from(row: ToolRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            cluster: ClusterId(row.cluster_id),
            name: row.name,
            client_id: row.client_id,
            deployment_id: row.deployment_id,
            login_url: row.login_url,
            redirect_urls: serde_json::from_value(row.redirect_urls)?,
            key_set: row.key_set,
            choosing_url: row.choosing_url,
            tells_names: row.tells_names,
            is_retired: row.retired_at.is_some(),
            is_illustrative: row.is_illustrative,
        })
    }
}

/// A cluster's tools by name, retired ones too.
pub(crate) async fn tools(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Tool>, StoreError> {
    let sql = format!("{TOOL} WHERE cluster_id = $1 ORDER BY name, id");
    reads.all::<ToolRow>(&sql, values![cluster.0]).await?.into_iter().map(Tool::try_from).collect()
}

pub(crate) async fn tool(reads: &impl Reads, id: Uuid) -> Result<Option<Tool>, StoreError> {
    let sql = format!("{TOOL} WHERE id = $1");
    reads.one::<ToolRow>(&sql, values![id]).await?.map(Tool::try_from).transpose()
}

/// The tool of a client id, while it is not ended.
pub(crate) async fn tool_of_client(reads: &impl Reads, client_id: &str) -> Result<Option<Tool>, StoreError> {
    let sql = format!("{TOOL} WHERE client_id = $1 AND retired_at IS NULL");
    reads.one::<ToolRow>(&sql, values![client_id]).await?.map(Tool::try_from).transpose()
}

/// What the cluster agreed with whoever keeps the tool.
pub(crate) async fn agree(
    unit: &Unit,
    tool: Uuid,
    key_set: Option<serde_json::Value>,
    choosing_url: &str,
    tells_names: bool,
) -> Result<(), StoreError> {
    let sql = "UPDATE education_lti_tool SET key_set = $2, choosing_url = $3, tells_names = $4 WHERE id = $1";
    unit.execute(sql, values![tool, key_set, choosing_url, tells_names]).await?;
    Ok(())
}

pub(crate) async fn add_tool(unit: &Unit, tool: &Tool) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_lti_tool (id, cluster_id, name, client_id, deployment_id, login_url, redirect_urls, key_set, choosing_url, \
         tells_names, made_by, made_at, is_illustrative) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        values![
            tool.id,
            tool.cluster.0,
            tool.name.clone(),
            tool.client_id.clone(),
            tool.deployment_id.clone(),
            tool.login_url.clone(),
            serde_json::to_value(&tool.redirect_urls)?,
            tool.key_set.clone(),
            tool.choosing_url.clone(),
            tool.tells_names,
            unit.actor().person().map(|person| person.0),
            unit.now(),
            tool.is_illustrative
        ],
    )
    .await?;
    Ok(())
}

/// Ends a tool: it is launched no more. False where it was ended already.
pub(crate) async fn retire_tool(unit: &Unit, tool: Uuid) -> Result<bool, StoreError> {
    let sql = "UPDATE education_lti_tool SET retired_at = $2 WHERE id = $1 AND retired_at IS NULL";
    Ok(unit.execute(sql, values![tool, unit.now()]).await? > 0)
}

/// A key launches are signed with.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Key {
    pub id: Uuid,
    pub private_key: Vec<u8>,
    pub public_jwk: serde_json::Value,
}

/// All keys, the newest first: it signs, the others are still published.
pub(crate) async fn keys(reads: &impl Reads) -> Result<Vec<Key>, StoreError> {
    reads
        .all("SELECT id, private_key, public_jwk FROM education_lti_key ORDER BY made_at DESC, id DESC", values![])
        .await
}

pub(crate) async fn add_key(unit: &Unit, key: &Key) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_lti_key (id, private_key, public_jwk, made_at) VALUES ($1, $2, $3, $4)",
        values![key.id, key.private_key.clone(), key.public_jwk.clone(), unit.now()],
    )
    .await?;
    Ok(())
}

/// Puts a sealed key in place of the same in the clear; false where it was sealed meanwhile.
pub(crate) async fn seal_key(unit: &Unit, key: &Key, sealed: &[u8]) -> Result<bool, StoreError> {
    let sql = "UPDATE education_lti_key SET private_key = $2 WHERE id = $1 AND private_key = $3";
    Ok(unit.execute(sql, values![key.id, sealed.to_vec(), key.private_key.clone()]).await? > 0)
}

/// How long a launch may be on its way.
pub(super) const ON_ITS_WAY: Duration = Duration::minutes(5);

/// Begins a launch; answers the hint the tool must bring back.
pub(crate) async fn begin_launch(unit: &Unit, part: Uuid, person: PersonId) -> Result<String, StoreError> {
    let hint = secret();
    // Those long over are of no use to anybody.
    unit.execute("DELETE FROM education_lti_launch WHERE made_at < $1", values![unit.now() - Duration::days(1)])
        .await?;
    unit.execute(
        "INSERT INTO education_lti_launch (hint_hash, part_id, person_id, made_at) VALUES ($1, $2, $3, $4)",
        values![hashed(&hint), part, person.0, unit.now()],
    )
    .await?;
    Ok(hint)
}

/// A launch that came back.
#[derive(Clone, Copy, PartialEq, Eq, Debug, FromQueryResult)]
pub(crate) struct Begun {
    pub part_id: Uuid,
    pub person_id: Uuid,
}

/// The launch of a hint, while it may still come back.
pub(crate) async fn begun(reads: &impl Reads, hint: &str, now: Timestamp) -> Result<Option<Begun>, StoreError> {
    reads
        .one(
            "SELECT part_id, person_id FROM education_lti_launch WHERE hint_hash = $1 AND used_at IS NULL AND made_at > $2",
            values![hashed(hint), now - ON_ITS_WAY],
        )
        .await
}

/// Uses a launch up; false where another request did.
pub(crate) async fn use_launch(unit: &Unit, hint: &str) -> Result<bool, StoreError> {
    let sql = "UPDATE education_lti_launch SET used_at = $2 WHERE hint_hash = $1 AND used_at IS NULL AND made_at > $3";
    Ok(unit.execute(sql, values![hashed(hint), unit.now(), unit.now() - ON_ITS_WAY]).await? > 0)
}
