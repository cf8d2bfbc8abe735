//! Declarations, undertakings and conflicts as stored; a conflict keeps its whole life, and one that ceased to stand is never deleted.

use std::collections::BTreeSet;

use hiec_access::policy::Target;
use hiec_kernel::{BidId, CallId, PersonId, Problem, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use hiec_web::{Loading, Resource};
use uuid::Uuid;

use super::declarations::{Declaration, Interest, Undertaking};
use super::rules::{Hardness, Origin};
use super::states::{ConflictCase, ConflictState};
use crate::bids::store::{self as bids, Bid};

/// A bid somebody may have an interest in: the door to say so.
#[derive(Clone, Debug)]
pub struct BidOfInterest {
    pub bid: Bid,
}

/// `/bids/{bid}/interest`
impl Resource for BidOfInterest {
    const KIND: &'static str = "interest";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        Ok(bids::load_as(loading, Self::KIND).await?.map(|(bid, target)| (Self { bid }, target)))
    }
}

/// A conflict as stored.
#[derive(Clone, Debug)]
pub(crate) struct StoredConflict {
    pub id: Uuid,
    pub call: CallId,
    pub case: ConflictCase,
    pub found_at: Timestamp,
    pub person_name: String,
    pub bid_title: String,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    call_id: Uuid,
    state: serde_json::Value,
    found_at: Timestamp,
    person_name: String,
    bid_title: String,
}

impl TryFrom<Row> for StoredConflict {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            call: CallId(row.call_id),
            case: serde_json::from_value(row.state)?,
            found_at: row.found_at,
            person_name: row.person_name,
            bid_title: row.bid_title,
        })
    }
}

const SELECT: &str = "SELECT c.id, c.call_id, c.state, c.found_at, p.name AS person_name, b.title AS bid_title \
     FROM competition_conflict c JOIN base_person p ON p.id = c.person_id JOIN competition_bid b ON b.id = c.bid_id";

/// All conflicts ever found in a call, by bid and person.
pub(crate) async fn of_call(reads: &impl Reads, call: CallId) -> Result<Vec<StoredConflict>, StoreError> {
    let sql = format!("{SELECT} WHERE c.call_id = $1 ORDER BY b.title, p.name, c.found_at, c.id");
    let rows: Vec<Row> = reads.all(&sql, values![call.0]).await?;
    rows.into_iter().map(StoredConflict::try_from).collect()
}

/// All conflicts of one person, newest first.
pub(crate) async fn of_person(reads: &impl Reads, person: PersonId) -> Result<Vec<StoredConflict>, StoreError> {
    let sql = format!("{SELECT} WHERE c.person_id = $1 ORDER BY c.found_at DESC, c.id DESC");
    let rows: Vec<Row> = reads.all(&sql, values![person.0]).await?;
    rows.into_iter().map(StoredConflict::try_from).collect()
}

pub(crate) async fn by_id(reads: &impl Reads, id: Uuid) -> Result<Option<StoredConflict>, StoreError> {
    let sql = format!("{SELECT} WHERE c.id = $1");
    reads.one::<Row>(&sql, values![id]).await?.map(StoredConflict::try_from).transpose()
}

pub(crate) async fn insert(unit: &Unit, call: CallId, case: &ConflictCase) -> Result<Uuid, StoreError> {
    let id = unit.new_id();
    let conflict = &case.conflict;
    unit.execute(
        "INSERT INTO competition_conflict (id, call_id, bid_id, person_id, kind, hardness, origin, why, state, found_at, found_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        values![
            id,
            call.0,
            conflict.bid.0,
            conflict.person.0,
            spelling(&conflict.kind)?,
            match conflict.hardness {
                Hardness::Hard => "hard",
                Hardness::Soft => "soft",
            },
            match conflict.origin {
                Origin::Declared => "declared",
                Origin::Detected => "detected",
            },
            conflict.why.clone(),
            serde_json::to_value(case)?,
            unit.now(),
            unit.actor().key()
        ],
    )
    .await?;
    Ok(id)
}

/// The stored spelling of a unit-like enum value.
fn spelling(value: &impl serde::Serialize) -> Result<String, StoreError> {
    Ok(serde_json::to_value(value)?.as_str().unwrap_or_default().to_owned())
}

/// Stores what became of a conflict.
pub(crate) async fn save(unit: &Unit, id: Uuid, case: &ConflictCase) -> Result<(), StoreError> {
    let (at, by, reason) = match &case.state {
        ConflictState::Standing | ConflictState::WithdrawalAsked { .. } => (None, None, None),
        ConflictState::Dismissed { by, reason, .. } => (Some(unit.now()), Some(by.0), Some(reason.to_string())),
        ConflictState::Withdrawn { reason, confirmed_by } => {
            (Some(unit.now()), Some(confirmed_by.0), Some(reason.to_string()))
        }
    };
    unit.execute(
        "UPDATE competition_conflict SET state = $2, dismissed_at = $3, dismissed_by = $4, dismissal_reason = $5 WHERE id = $1",
        values![id, serde_json::to_value(case)?, at, by, reason],
    )
    .await?;
    Ok(())
}

/// Whether any conflict of the person with the bid stands, hard or soft.
pub(crate) async fn stands(reads: &impl Reads, bid: BidId, person: PersonId) -> Result<bool, StoreError> {
    Ok(reads
        .count(
            "SELECT COUNT(*) AS n FROM competition_conflict WHERE bid_id = $1 AND person_id = $2 AND dismissed_at IS NULL",
            values![bid.0, person.0],
        )
        .await?
        > 0)
}

#[derive(FromQueryResult)]
struct PairRow {
    bid_id: Uuid,
    person_id: Uuid,
}

/// Pairs that may not be assigned: every conflict of the call that stands.
pub(crate) async fn standing_pairs(
    reads: &impl Reads,
    call: CallId,
) -> Result<BTreeSet<(BidId, PersonId)>, StoreError> {
    let rows: Vec<PairRow> = reads
        .all(
            "SELECT DISTINCT bid_id, person_id FROM competition_conflict WHERE call_id = $1 AND dismissed_at IS NULL \
             ORDER BY bid_id, person_id",
            values![call.0],
        )
        .await?;
    Ok(rows.into_iter().map(|row| (BidId(row.bid_id), PersonId(row.person_id))).collect())
}

/// People with a conflict with this bid that stands.
pub(crate) async fn conflicted_with(reads: &impl Reads, bid: BidId) -> Result<BTreeSet<PersonId>, StoreError> {
    let rows: Vec<PairRow> = reads
        .all(
            "SELECT DISTINCT bid_id, person_id FROM competition_conflict WHERE bid_id = $1 AND dismissed_at IS NULL \
             ORDER BY person_id",
            values![bid.0],
        )
        .await?;
    Ok(rows.into_iter().map(|row| PersonId(row.person_id)).collect())
}

/// Bids of which this person sees nothing, their titles included: a hard conflict stands.
pub(crate) async fn hidden_from(
    reads: &impl Reads,
    call: CallId,
    person: Option<PersonId>,
) -> Result<BTreeSet<BidId>, StoreError> {
    let Some(person) = person else {
        return Ok(BTreeSet::new());
    };
    let rows: Vec<PairRow> = reads
        .all(
            "SELECT DISTINCT bid_id, person_id FROM competition_conflict WHERE call_id = $1 AND person_id = $2 \
             AND hardness = 'hard' AND dismissed_at IS NULL ORDER BY bid_id",
            values![call.0, person.0],
        )
        .await?;
    Ok(rows.into_iter().map(|row| BidId(row.bid_id)).collect())
}

/// A declaration with the people named in it.
#[derive(Clone, Debug)]
pub(crate) struct StoredDeclaration {
    pub declaration: Declaration,
    pub associates: Vec<PersonId>,
}

#[derive(FromQueryResult)]
struct DeclarationRow {
    person_id: Uuid,
    declared_on: chrono::NaiveDate,
    interests: serde_json::Value,
    associates: serde_json::Value,
}

/// The latest declaration of a person.
pub(crate) async fn latest_declaration(
    reads: &impl Reads,
    person: PersonId,
) -> Result<Option<StoredDeclaration>, StoreError> {
    let row: Option<DeclarationRow> = reads
        .one(
            "SELECT person_id, declared_on, interests, associates FROM competition_declaration \
             WHERE person_id = $1 ORDER BY declared_at DESC, id DESC LIMIT 1",
            values![person.0],
        )
        .await?;
    row.map(|row| {
        Ok(StoredDeclaration {
            declaration: Declaration {
                person: PersonId(row.person_id),
                declared_on: row.declared_on,
                interests: serde_json::from_value(row.interests)?,
            },
            associates: serde_json::from_value(row.associates)?,
        })
    })
    .transpose()
}

/// Every declaration of these people, oldest first.
pub(crate) async fn declarations_of(reads: &impl Reads, people: &[PersonId]) -> Result<Vec<Declaration>, StoreError> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT person_id, declared_on, interests, associates FROM competition_declaration WHERE person_id IN ({}) \
         ORDER BY declared_at, id",
        places(1, people.len())
    );
    let rows: Vec<DeclarationRow> = reads.all(&sql, people.iter().map(|person| person.0.into()).collect()).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Declaration {
                person: PersonId(row.person_id),
                declared_on: row.declared_on,
                interests: serde_json::from_value(row.interests)?,
            })
        })
        .collect()
}

/// `$2, $3, $4` for three places from the second.
fn places(from: usize, number: usize) -> String {
    (from..from + number).map(|place| format!("${place}")).collect::<Vec<_>>().join(", ")
}

pub(crate) async fn insert_declaration(
    unit: &Unit,
    person: PersonId,
    declared_on: chrono::NaiveDate,
    interests: &[Interest],
    associates: &[PersonId],
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO competition_declaration (id, person_id, declared_on, interests, associates, declared_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        values![
            unit.new_id(),
            person.0,
            declared_on,
            serde_json::to_value(interests)?,
            serde_json::to_value(associates)?,
            unit.now()
        ],
    )
    .await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct UndertakingRow {
    given_at: Timestamp,
}

pub(crate) async fn undertaking(
    reads: &impl Reads,
    call: CallId,
    person: PersonId,
) -> Result<Option<Undertaking>, StoreError> {
    let row: Option<UndertakingRow> = reads
        .one(
            "SELECT given_at FROM competition_undertaking WHERE call_id = $1 AND person_id = $2",
            values![call.0, person.0],
        )
        .await?;
    Ok(row.map(|row| Undertaking { person, call, given_at: row.given_at }))
}

/// Every undertaking given for a call.
pub(crate) async fn undertakings_of(reads: &impl Reads, call: CallId) -> Result<Vec<Undertaking>, StoreError> {
    #[derive(FromQueryResult)]
    struct Given {
        person_id: Uuid,
        given_at: Timestamp,
    }
    let rows: Vec<Given> = reads
        .all(
            "SELECT person_id, given_at FROM competition_undertaking WHERE call_id = $1 ORDER BY person_id",
            values![call.0],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Undertaking { person: PersonId(row.person_id), call, given_at: row.given_at })
        .collect())
}

pub(crate) async fn insert_undertaking(
    unit: &Unit,
    call: CallId,
    person: PersonId,
    text: &str,
) -> Result<u64, StoreError> {
    unit.execute(
        "INSERT INTO competition_undertaking (call_id, person_id, text, given_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (call_id, person_id) DO NOTHING",
        values![call.0, person.0, text, unit.now()],
    )
    .await
}
