//! Providers of statements and what they reported, as stored. Statements are only ever added.

use hiec_access::sessions::{hashed, secret};
use hiec_contracts::ClusterSeen;
use hiec_kernel::people::Person;
use hiec_kernel::{ClusterId, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, Value, values};
use serde::Serialize;
use uuid::Uuid;

use crate::elearning::statement::{Checked, account_key, mbox_key};

/// Who reports statements.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, FromQueryResult)]
pub(crate) struct Provider {
    pub id: Uuid,
    pub cluster_id: Uuid,
    pub name: String,
    pub made_at: Timestamp,
    /// Who let it in, and answers for what it sends.
    #[serde(skip)]
    pub made_by: Option<Uuid>,
    pub retired_at: Option<Timestamp>,
    pub is_illustrative: bool,
}

const PROVIDER: &str =
    "SELECT id, cluster_id, name, made_at, made_by, retired_at, is_illustrative FROM education_xapi_provider";

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
            "INSERT INTO education_xapi_statement (id, provider_id, verb, activity, agent, is_completion, voids, digest, statement, stored_at, registration) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO NOTHING",
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
                unit.now(),
                checked.registration.clone()
            ],
        )
        .await?;
    if added > 0 {
        for mention in &checked.mentions {
            unit.execute(
                "INSERT INTO education_xapi_mention (statement_id, kind, name) VALUES ($1, $2, $3)",
                values![id, mention.kind, mention.name.clone()],
            )
            .await?;
        }
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
    /// Whether it is enough that a statement names them anywhere.
    pub has_related_agents: bool,
    pub has_related_activities: bool,
    pub registration: Option<String>,
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
            conditions.push(condition.replace('#', &format!("${}", bound.len())));
        }
    };
    let named = |kinds: &str| {
        format!("s.id IN (SELECT m.statement_id FROM education_xapi_mention m WHERE m.kind {kinds} AND m.name = #)")
    };
    let agent = match filter.has_related_agents {
        true => format!("(s.agent = # OR {})", named("<> 'activity'")),
        false => format!("(s.agent = # OR {})", named("= 'object_agent'")),
    };
    let activity = match filter.has_related_activities {
        true => format!("(s.activity = # OR {})", named("= 'activity'")),
        false => "s.activity = #".to_owned(),
    };
    add(&agent, filter.agent.clone().map(Value::from));
    add("s.verb = #", filter.verb.clone().map(Value::from));
    add(&activity, filter.activity.clone().map(Value::from));
    add("s.registration = #", filter.registration.clone().map(Value::from));
    add("s.stored_at > #", filter.since.map(Value::from));
    add("s.stored_at <= #", filter.until.map(Value::from));
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

/// What a provider said last of an activity.
pub(crate) async fn definition(
    reads: &impl Reads,
    provider: Uuid,
    activity: &str,
) -> Result<Option<serde_json::Value>, StoreError> {
    let sql = format!(
        "SELECT s.statement FROM education_xapi_statement s WHERE s.provider_id = $1 AND s.activity = $2 AND {NOT_VOIDED} \
         ORDER BY s.stored_at DESC, s.id DESC LIMIT 50"
    );
    let rows: Vec<StatementRow> = reads.all(&sql, values![provider, activity]).await?;
    Ok(rows.into_iter().find_map(|row| row.statement.pointer("/object/definition").cloned()))
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
