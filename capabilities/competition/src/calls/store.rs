//! Calls as stored; a call reaches a handler only through its extractor, which authorises, or whole for the program's own jobs.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, RwLock};

use hiec_access::policy::Target;
use hiec_kernel::{CallId, Fingerprint, Problem, Scope, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Stream, Unit, organisations, values};
use hiec_web::{Loading, Resource};
use uuid::Uuid;

use super::amendments::CallState;
use super::design::CallDesign;
use super::stages::{Acts, Stage, stage};

/// A call as the pages see it: its design in force and where the round stands.
#[derive(Clone, Debug)]
pub struct Call {
    pub id: CallId,
    pub programme_id: Uuid,
    pub key: String,
    pub title: String,
    pub state: Arc<CallState>,
    pub acts: Acts,
    pub version: i64,
    /// The moment it was read at: the stage is the stage of this moment.
    pub now: Timestamp,
    pub regions: Arc<Vec<organisations::Region>>,
}

impl Call {
    pub fn design(&self) -> &CallDesign {
        self.state.design()
    }

    pub fn stage(&self) -> Stage {
        stage(self.design(), &self.acts, self.now)
    }

    pub fn is_published(&self) -> bool {
        self.stage() != Stage::Draft
    }

    pub fn stream(&self) -> Stream {
        Stream::call(self.id)
    }

    pub fn path(&self) -> String {
        format!("/calls/{}", self.key)
    }

    /// The scopes whose roles count in everything of this call: its own, its programme's, its regions'.
    pub fn scopes(&self) -> Vec<Scope> {
        let mut scopes = vec![Scope::Call(self.id.0), Scope::Programme(self.programme_id)];
        scopes.extend(self.regions.iter().map(|region| Scope::Region(region.id)));
        scopes
    }

    pub fn target(&self) -> Target {
        Target::new("call", self.id.0).scopes(self.scopes()).within(self.id.0).fact("is_public", self.is_published())
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    programme_id: Uuid,
    key: String,
    title: String,
    fingerprint: String,
    published_at: Option<Timestamp>,
    shortlist_final_at: Option<Timestamp>,
    ranking_final_at: Option<Timestamp>,
    decisions_told_at: Option<Timestamp>,
    announced_at: Option<Timestamp>,
    version: i64,
}

#[derive(FromQueryResult)]
struct StateRow {
    state: serde_json::Value,
}

const COLUMNS: &str = "id, programme_id, key, title, fingerprint, published_at, shortlist_final_at, \
                       ranking_final_at, decisions_told_at, announced_at, version";

/// Parsed states by fingerprint: a design is large and read on every page, and what a fingerprint names never changes.
static STATES: LazyLock<RwLock<BTreeMap<String, Arc<CallState>>>> = LazyLock::new(RwLock::default);

async fn whole(reads: &impl Reads, row: Row, now: Timestamp) -> Result<Call, StoreError> {
    let known = STATES.read().ok().and_then(|states| states.get(&row.fingerprint).cloned());
    let state = match known {
        Some(state) => state,
        None => {
            let stored: Option<StateRow> =
                reads.one("SELECT state FROM competition_call WHERE id = $1", values![row.id]).await?;
            let value = stored.map(|row| row.state).unwrap_or_default();
            let state: Arc<CallState> = Arc::new(serde_json::from_value(value)?);
            if let Ok(mut states) = STATES.write() {
                if states.len() > 64 {
                    states.clear();
                }
                states.insert(row.fingerprint.clone(), state.clone());
            }
            state
        }
    };
    let regions = Arc::new(organisations::regions(reads).await?);
    let acts = Acts {
        published: row.published_at,
        shortlist_final: row.shortlist_final_at,
        ranking_final: row.ranking_final_at,
        decisions_told: row.decisions_told_at,
        announced: row.announced_at,
    };
    Ok(Call {
        id: CallId(row.id),
        programme_id: row.programme_id,
        key: row.key,
        title: row.title,
        state,
        acts,
        version: row.version,
        now,
        regions,
    })
}

pub(crate) async fn by_key(reads: &impl Reads, key: &str, now: Timestamp) -> Result<Option<Call>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM competition_call WHERE key = $1");
    match reads.one::<Row>(&sql, values![key]).await? {
        Some(row) => Ok(Some(whole(reads, row, now).await?)),
        None => Ok(None),
    }
}

pub(crate) async fn by_id(reads: &impl Reads, id: CallId, now: Timestamp) -> Result<Option<Call>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM competition_call WHERE id = $1");
    match reads.one::<Row>(&sql, values![id.0]).await? {
        Some(row) => Ok(Some(whole(reads, row, now).await?)),
        None => Ok(None),
    }
}

/// All calls, newest first.
pub(crate) async fn all(reads: &impl Reads, now: Timestamp) -> Result<Vec<Call>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM competition_call ORDER BY created_at DESC, id DESC");
    let rows: Vec<Row> = reads.all(&sql, values![]).await?;
    let mut calls = Vec::with_capacity(rows.len());
    for row in rows {
        calls.push(whole(reads, row, now).await?);
    }
    Ok(calls)
}

/// Stores a new call in preparation.
pub(crate) async fn insert(unit: &Unit, programme: Uuid, state: &CallState) -> Result<CallId, StoreError> {
    let id = CallId(unit.new_id());
    let design = state.design();
    unit.execute(
        "INSERT INTO competition_call (id, programme_id, key, title, state_name, state, fingerprint, created_at, version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)",
        values![
            id.0,
            programme,
            design.key.clone(),
            design.title.clone(),
            state.name(),
            serde_json::to_value(state)?,
            Fingerprint::of(state)?.to_string(),
            unit.now()
        ],
    )
    .await?;
    Ok(id)
}

/// Stores a changed call. Refused when somebody else changed it since it was read.
pub(crate) async fn save(unit: &Unit, call: &Call, state: &CallState) -> Result<(), Problem> {
    let design = state.design();
    let published = match state {
        CallState::Draft(_) => None,
        CallState::Published(published) => Some(published.at),
        CallState::Amended(amended) => Some(amended.published.at),
    };
    let changed = unit
        .execute(
            "UPDATE competition_call SET title = $3, state_name = $4, state = $5, fingerprint = $6, published_at = $7, \
             version = version + 1 WHERE id = $1 AND version = $2",
            values![
                call.id.0,
                call.version,
                design.title.clone(),
                state.name(),
                serde_json::to_value(state).map_err(Problem::internal)?,
                Fingerprint::of(state).map_err(Problem::internal)?.to_string(),
                published
            ],
        )
        .await?;
    if changed == 0 {
        return Err(Problem::conflict(
            "Somebody else changed this call while you were at it",
            "Open the call again: it shows their change. Then make yours.",
        ));
    }
    Ok(())
}

/// The acts of a round, each done once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Act {
    ShortlistFinal,
    RankingFinal,
    DecisionsTold,
    Announced,
}

impl Act {
    fn column(self) -> &'static str {
        match self {
            Self::ShortlistFinal => "shortlist_final_at",
            Self::RankingFinal => "ranking_final_at",
            Self::DecisionsTold => "decisions_told_at",
            Self::Announced => "announced_at",
        }
    }
}

/// Takes an act back, so that it can be done again; that it was done stays in the audit trail.
pub(crate) async fn retract(unit: &Unit, call: CallId, act: Act) -> Result<(), StoreError> {
    let column = act.column();
    unit.execute(&format!("UPDATE competition_call SET {column} = NULL WHERE id = $1"), values![call.0]).await?;
    Ok(())
}

/// Records that an act of the round was done now; the first time counts.
pub(crate) async fn record(unit: &Unit, call: CallId, act: Act) -> Result<(), StoreError> {
    let column = act.column();
    unit.execute(
        &format!("UPDATE competition_call SET {column} = $2 WHERE id = $1 AND {column} IS NULL"),
        values![call.0, unit.now()],
    )
    .await?;
    Ok(())
}

/// `/calls/{call}/…`, by key.
impl Resource for Call {
    const KIND: &'static str = "call";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(key) = loading.text("call") else {
            return Ok(None);
        };
        let Some(call) = by_key(&loading.database, key, loading.now).await? else {
            return Ok(None);
        };
        let target = call.target();
        Ok(Some((call, target)))
    }
}
