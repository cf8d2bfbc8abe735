//! Questions and notes as stored; the extractor knows whether the person is registered, the policies decide.

use hiec_access::policy::Target;
use hiec_kernel::{CallId, Problem, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use hiec_web::{Loading, Resource};
use uuid::Uuid;

use super::rules::{DialogueNote, QuestionState};
use crate::calls::registration;
use crate::calls::store::{self as calls, Call};

/// The dialogue of one call: its questions, answers and notes.
#[derive(Clone, Debug)]
pub struct Dialogue {
    pub call: Call,
}

/// `/calls/{call}/questions…`
impl Resource for Dialogue {
    const KIND: &'static str = "dialogue";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(key) = loading.text("call") else {
            return Ok(None);
        };
        let Some(call) = calls::by_key(&loading.database, key, loading.now).await? else {
            return Ok(None);
        };
        let is_registered = match &loading.subject.person {
            Some(person) => registration::of_person(&loading.database, call.id, person.id.0).await?.is_some(),
            None => false,
        };
        let target = Target::new("dialogue", call.id.0)
            .scopes(call.scopes())
            .within(call.id.0)
            .fact("is_public", call.is_published())
            .fact("is_registered", is_registered);
        Ok(Some((Self { call }, target)))
    }
}

/// A question as stored.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub id: Uuid,
    pub asker: Uuid,
    pub state: QuestionState,
    pub version: i64,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    asker_id: Uuid,
    state: serde_json::Value,
    version: i64,
}

impl TryFrom<Row> for Question {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self { id: row.id, asker: row.asker_id, state: serde_json::from_value(row.state)?, version: row.version })
    }
}

/// A call's questions in the order they were asked.
pub(crate) async fn questions(reads: &impl Reads, call: CallId) -> Result<Vec<Question>, StoreError> {
    let rows: Vec<Row> = reads
        .all(
            "SELECT id, asker_id, state, version FROM competition_question WHERE call_id = $1 ORDER BY asked_at, id",
            values![call.0],
        )
        .await?;
    rows.into_iter().map(Question::try_from).collect()
}

pub(crate) async fn question(reads: &impl Reads, call: CallId, id: Uuid) -> Result<Option<Question>, StoreError> {
    let row: Option<Row> = reads
        .one(
            "SELECT id, asker_id, state, version FROM competition_question WHERE call_id = $1 AND id = $2",
            values![call.0, id],
        )
        .await?;
    row.map(Question::try_from).transpose()
}

pub(crate) async fn insert(unit: &Unit, call: CallId, asker: Uuid, state: &QuestionState) -> Result<Uuid, StoreError> {
    let id = unit.new_id();
    unit.execute(
        "INSERT INTO competition_question (id, call_id, asker_id, state_name, state, asked_at, version) \
         VALUES ($1, $2, $3, $4, $5, $6, 1)",
        values![id, call.0, asker, state.name(), serde_json::to_value(state)?, unit.now()],
    )
    .await?;
    Ok(id)
}

/// Stores a moved question. Refused when somebody else answered it since it was read.
pub(crate) async fn save(unit: &Unit, question: &Question, state: &QuestionState) -> Result<(), Problem> {
    let changed = unit
        .execute(
            "UPDATE competition_question SET state_name = $3, state = $4, answered_at = $5, version = version + 1 \
             WHERE id = $1 AND version = $2",
            values![
                question.id,
                question.version,
                state.name(),
                serde_json::to_value(state).map_err(Problem::internal)?,
                unit.now()
            ],
        )
        .await?;
    if changed == 0 {
        return Err(Problem::conflict(
            "Somebody else answered this question while you were writing",
            "Open the question again: it shows their answer. Yours was not saved.",
        ));
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct NoteRow {
    note: serde_json::Value,
}

/// Notes of informal dialogue, oldest first; of one region, or of all.
pub(crate) async fn notes(
    reads: &impl Reads,
    call: CallId,
    regions: Option<&[String]>,
) -> Result<Vec<DialogueNote>, StoreError> {
    let rows: Vec<NoteRow> = reads
        .all("SELECT note FROM competition_dialogue_note WHERE call_id = $1 ORDER BY noted_at, id", values![call.0])
        .await?;
    let mut notes: Vec<DialogueNote> =
        rows.into_iter().map(|row| serde_json::from_value(row.note)).collect::<Result<_, _>>()?;
    if let Some(regions) = regions {
        notes.retain(|note| regions.contains(&note.region));
    }
    Ok(notes)
}

pub(crate) async fn insert_note(
    unit: &Unit,
    call: CallId,
    note: &DialogueNote,
    at: Timestamp,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO competition_dialogue_note (id, call_id, region_code, note, noted_at) VALUES ($1, $2, $3, $4, $5)",
        values![unit.new_id(), call.0, note.region.clone(), serde_json::to_value(note)?, at],
    )
    .await?;
    Ok(())
}
