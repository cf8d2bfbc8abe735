//! Learning tools, their launches and keys, providers of statements and what they reported, as stored. Statements are only ever added.

use chrono::Duration;
use hiec_access::sessions::{hashed, secret};
use hiec_contracts::ClusterSeen;
use hiec_kernel::people::Person;
use hiec_kernel::{ClusterId, PersonId, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, Value, values};
use serde::Serialize;
use uuid::Uuid;

use super::statement::{Checked, account_key, mbox_key};

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
    retired_at: Option<Timestamp>,
    is_illustrative: bool,
}

const TOOL: &str = "SELECT id, cluster_id, name, client_id, deployment_id, login_url, redirect_urls, retired_at, is_illustrative \
     FROM education_lti_tool";

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

pub(crate) async fn add_tool(unit: &Unit, tool: &Tool) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_lti_tool (id, cluster_id, name, client_id, deployment_id, login_url, redirect_urls, made_by, made_at, is_illustrative) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![
            tool.id,
            tool.cluster.0,
            tool.name.clone(),
            tool.client_id.clone(),
            tool.deployment_id.clone(),
            tool.login_url.clone(),
            serde_json::to_value(&tool.redirect_urls)?,
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

/// How long a launch may be on its way.
const ON_ITS_WAY: Duration = Duration::minutes(5);

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

/// Who reports statements.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, FromQueryResult)]
pub(crate) struct Provider {
    pub id: Uuid,
    pub cluster_id: Uuid,
    pub name: String,
    pub made_at: Timestamp,
    pub retired_at: Option<Timestamp>,
}

const PROVIDER: &str = "SELECT id, cluster_id, name, made_at, retired_at FROM education_xapi_provider";

pub(crate) async fn providers(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Provider>, StoreError> {
    reads.all(&format!("{PROVIDER} WHERE cluster_id = $1 ORDER BY name, id"), values![cluster.0]).await
}

/// The provider a key and a secret open, while it is not ended.
pub(crate) async fn provider(reads: &impl Reads, key: Uuid, secret: &str) -> Result<Option<Provider>, StoreError> {
    let sql = format!("{PROVIDER} WHERE id = $1 AND secret_hash = $2 AND retired_at IS NULL");
    reads.one(&sql, values![key, hashed(secret)]).await
}

/// Makes a provider; answers its key and its secret, which is shown once.
pub(crate) async fn add_provider(
    unit: &Unit,
    cluster: ClusterId,
    name: &str,
    is_illustrative: bool,
) -> Result<(Uuid, String), StoreError> {
    let (id, secret) = (unit.new_id(), secret());
    unit.execute(
        "INSERT INTO education_xapi_provider (id, cluster_id, name, secret_hash, made_by, made_at, is_illustrative) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![
            id,
            cluster.0,
            name,
            hashed(&secret),
            unit.actor().person().map(|person| person.0),
            unit.now(),
            is_illustrative
        ],
    )
    .await?;
    Ok((id, secret))
}

pub(crate) async fn retire_provider(unit: &Unit, provider: Uuid) -> Result<bool, StoreError> {
    let sql = "UPDATE education_xapi_provider SET retired_at = $2 WHERE id = $1 AND retired_at IS NULL";
    Ok(unit.execute(sql, values![provider, unit.now()]).await? > 0)
}

/// What became of a statement.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kept {
    New,
    /// The same had come before.
    Known,
    /// Another with this id had come before.
    Conflict,
}

/// Keeps a statement under its id, once.
pub(crate) async fn keep(
    unit: &Unit,
    provider: &Provider,
    id: Uuid,
    checked: &Checked,
    statement: &serde_json::Value,
) -> Result<Kept, StoreError> {
    #[derive(FromQueryResult)]
    struct Digest {
        digest: String,
        provider_id: Uuid,
    }
    let added = unit
        .execute(
            "INSERT INTO education_xapi_statement (id, provider_id, verb, activity, agent, is_completion, voids, digest, statement, stored_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING",
            values![
                id,
                provider.id,
                checked.verb.clone(),
                checked.activity.clone(),
                checked.agent.clone(),
                checked.is_completion,
                checked.voids,
                checked.digest.clone(),
                statement.clone(),
                unit.now()
            ],
        )
        .await?;
    if added > 0 {
        return Ok(Kept::New);
    }
    let before: Option<Digest> =
        unit.one("SELECT digest, provider_id FROM education_xapi_statement WHERE id = $1", values![id]).await?;
    let is_same = before.is_some_and(|before| before.digest == checked.digest && before.provider_id == provider.id);
    Ok(if is_same { Kept::Known } else { Kept::Conflict })
}

/// A statement counts as taken back when its own provider voided it, before or after it came; what voids is never voided itself.
const NOT_VOIDED: &str = "(s.voids IS NOT NULL OR NOT EXISTS (SELECT 1 FROM education_xapi_statement v \
     WHERE v.voids = s.id AND v.provider_id = s.provider_id))";

#[derive(FromQueryResult)]
struct StatementRow {
    statement: serde_json::Value,
}

/// One statement of a provider's: one that stands, or one that was taken back.
pub(crate) async fn statement(
    reads: &impl Reads,
    provider: Uuid,
    id: Uuid,
    is_voided: bool,
) -> Result<Option<serde_json::Value>, StoreError> {
    let not = if is_voided { "NOT " } else { "" };
    let sql = format!(
        "SELECT s.statement FROM education_xapi_statement s WHERE s.provider_id = $1 AND s.id = $2 AND {not}{NOT_VOIDED}"
    );
    Ok(reads.one::<StatementRow>(&sql, values![provider, id]).await?.map(|row| row.statement))
}

/// What is asked for.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Filter {
    pub agent: Option<String>,
    pub verb: Option<String>,
    pub activity: Option<String>,
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub is_ascending: bool,
    /// How many come first are left out, and how many are given.
    pub skip: i64,
    pub limit: i64,
}

/// A provider's statements that stand.
pub(crate) async fn statements(
    reads: &impl Reads,
    provider: Uuid,
    filter: &Filter,
) -> Result<Vec<serde_json::Value>, StoreError> {
    let mut bound: Vec<Value> = values![provider];
    let mut conditions = vec!["s.provider_id = $1".to_owned(), NOT_VOIDED.to_owned()];
    let mut add = |condition: &str, value: Option<Value>| {
        if let Some(value) = value {
            bound.push(value);
            conditions.push(format!("{condition} ${}", bound.len()));
        }
    };
    add("s.agent =", filter.agent.clone().map(Value::from));
    add("s.verb =", filter.verb.clone().map(Value::from));
    add("s.activity =", filter.activity.clone().map(Value::from));
    add("s.stored_at >", filter.since.map(Value::from));
    add("s.stored_at <=", filter.until.map(Value::from));
    let order = if filter.is_ascending { "s.stored_at, s.id" } else { "s.stored_at DESC, s.id DESC" };
    bound.extend(values![filter.limit, filter.skip]);
    let sql = format!(
        "SELECT s.statement FROM education_xapi_statement s WHERE {} ORDER BY {order} LIMIT ${} OFFSET ${}",
        conditions.join(" AND "),
        bound.len() - 1,
        bound.len()
    );
    Ok(reads.all::<StatementRow>(&sql, bound).await?.into_iter().map(|row| row.statement).collect())
}

/// In what spellings statements name a person: by mail address, or by the number a launch gave them on this site.
pub(crate) fn agents(person: &Person, site: &str) -> [String; 2] {
    [mbox_key(&person.email), account_key(site, &person.id.to_string())]
}

/// Which of a cluster's activities a person completed, by what its own providers reported and did not take back.
pub(crate) async fn completed(
    reads: &impl Reads,
    cluster: &ClusterSeen,
    agents: &[String; 2],
) -> Result<Vec<String>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        activity: String,
    }
    let [mbox, account] = agents.clone();
    let sql = format!(
        "SELECT DISTINCT s.activity FROM education_xapi_statement s JOIN education_xapi_provider p ON p.id = s.provider_id \
         WHERE p.cluster_id = $1 AND s.is_completion AND s.agent IN ($2, $3) AND {NOT_VOIDED} ORDER BY s.activity"
    );
    let rows: Vec<Row> = reads.all(&sql, values![cluster.id.0, mbox, account]).await?;
    Ok(rows.into_iter().map(|row| row.activity).collect())
}
