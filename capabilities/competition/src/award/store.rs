//! Letters, complaints and awards as stored; a letter once sent is never changed.

use std::collections::{BTreeMap, BTreeSet};

use hiec_access::policy::Target;
use hiec_kernel::{BidId, CallId, Fingerprint, Money, PersonId, Problem, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use hiec_web::{Loading, Resource};
use uuid::Uuid;

use super::complaints::Complaint;
use super::letters::Letter;
use super::states::AwardState;
use crate::calls::store::{self as calls, Call};

/// The awards of one call, as a place in the product.
#[derive(Clone, Debug)]
pub struct AwardDesk {
    pub call: Call,
}

/// `/calls/{call}/awards…`
impl Resource for AwardDesk {
    const KIND: &'static str = "award";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(key) = loading.text("call") else {
            return Ok(None);
        };
        let Some(call) = calls::by_key(&loading.database, key, loading.now).await? else {
            return Ok(None);
        };
        let target = Target::new("award", call.id.0).scopes(call.scopes()).within(call.id.0);
        Ok(Some((Self { call }, target)))
    }
}

/// A letter as sent.
#[derive(Clone, Debug)]
pub(crate) struct SentLetter {
    pub letter: Letter,
    pub fingerprint: String,
    pub sent_at: Timestamp,
}

#[derive(FromQueryResult)]
struct LetterRow {
    letter: serde_json::Value,
    fingerprint: String,
    sent_at: Timestamp,
}

impl TryFrom<LetterRow> for SentLetter {
    type Error = StoreError;

    fn try_from(row: LetterRow) -> Result<Self, StoreError> {
        Ok(Self { letter: serde_json::from_value(row.letter)?, fingerprint: row.fingerprint, sent_at: row.sent_at })
    }
}

pub(crate) async fn insert_letter(
    unit: &Unit,
    call: CallId,
    bid: BidId,
    by: PersonId,
    letter: &Letter,
) -> Result<Fingerprint, StoreError> {
    let print = Fingerprint::of(letter)?;
    unit.execute(
        "INSERT INTO competition_letter (id, call_id, bid_id, letter, fingerprint, sent_at, sent_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![unit.new_id(), call.0, bid.0, serde_json::to_value(letter)?, print.to_string(), unit.now(), by.0],
    )
    .await?;
    Ok(print)
}

/// The bids of a call whose letter has gone out.
pub(crate) async fn told(reads: &impl Reads, call: CallId) -> Result<BTreeMap<BidId, Timestamp>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        bid_id: Uuid,
        sent_at: Timestamp,
    }
    let rows: Vec<Row> = reads
        .all("SELECT bid_id, sent_at FROM competition_letter WHERE call_id = $1 ORDER BY bid_id", values![call.0])
        .await?;
    Ok(rows.into_iter().map(|row| (BidId(row.bid_id), row.sent_at)).collect())
}

/// The letters of a call, by bid.
pub(crate) async fn letters(reads: &impl Reads, call: CallId) -> Result<Vec<(BidId, SentLetter)>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        bid_id: Uuid,
        letter: serde_json::Value,
        fingerprint: String,
        sent_at: Timestamp,
    }
    let rows: Vec<Row> = reads
        .all(
            "SELECT bid_id, letter, fingerprint, sent_at FROM competition_letter WHERE call_id = $1 ORDER BY sent_at, bid_id",
            values![call.0],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            let sent = LetterRow { letter: row.letter, fingerprint: row.fingerprint, sent_at: row.sent_at };
            Ok((BidId(row.bid_id), sent.try_into()?))
        })
        .collect()
}

/// The letter on one bid.
pub(crate) async fn letter(reads: &impl Reads, bid: BidId) -> Result<Option<SentLetter>, StoreError> {
    let row: Option<LetterRow> = reads
        .one("SELECT letter, fingerprint, sent_at FROM competition_letter WHERE bid_id = $1", values![bid.0])
        .await?;
    row.map(SentLetter::try_from).transpose()
}

/// An award as stored.
#[derive(Clone, Debug)]
pub(crate) struct StoredAward {
    pub bid: BidId,
    pub amount: Money,
    pub state: AwardState,
    pub changed_at: Timestamp,
    version: i64,
}

pub(crate) async fn insert_award(
    unit: &Unit,
    call: CallId,
    bid: BidId,
    amount: Money,
    state: &AwardState,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO competition_award (bid_id, call_id, amount, state_name, state, changed_at, version) \
         VALUES ($1, $2, $3, $4, $5, $6, 1)",
        values![bid.0, call.0, amount.0, state.key(), serde_json::to_value(state)?, unit.now()],
    )
    .await?;
    Ok(())
}

/// The awards of a call, intended and made, by bid.
pub(crate) async fn awards(reads: &impl Reads, call: CallId) -> Result<Vec<StoredAward>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        bid_id: Uuid,
        amount: i64,
        state: serde_json::Value,
        changed_at: Timestamp,
        version: i64,
    }
    let rows: Vec<Row> = reads
        .all(
            "SELECT bid_id, amount, state, changed_at, version FROM competition_award WHERE call_id = $1 ORDER BY bid_id",
            values![call.0],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(StoredAward {
                bid: BidId(row.bid_id),
                amount: Money(row.amount),
                state: serde_json::from_value(row.state)?,
                changed_at: row.changed_at,
                version: row.version,
            })
        })
        .collect()
}

/// Stores an award's next state. Refused when somebody was faster.
pub(crate) async fn save_award(unit: &Unit, award: &StoredAward, state: &AwardState) -> Result<(), Problem> {
    let changed = unit
        .execute(
            "UPDATE competition_award SET state_name = $3, state = $4, changed_at = $5, version = version + 1 \
             WHERE bid_id = $1 AND version = $2",
            values![
                award.bid.0,
                award.version,
                state.key(),
                serde_json::to_value(state).map_err(Problem::internal)?,
                unit.now()
            ],
        )
        .await?;
    if changed == 0 {
        return Err(faster("award"));
    }
    Ok(())
}

/// A complaint as stored.
#[derive(Clone, Debug)]
pub(crate) struct StoredComplaint {
    pub id: Uuid,
    pub complaint: Complaint,
    pub made_by: PersonId,
    version: i64,
}

pub(crate) async fn insert_complaint(
    unit: &Unit,
    call: CallId,
    by: PersonId,
    complaint: &Complaint,
) -> Result<Uuid, StoreError> {
    let id = unit.new_id();
    unit.execute(
        "INSERT INTO competition_complaint (id, call_id, bid_id, state_name, state, made_at, made_by, version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 1)",
        values![id, call.0, complaint.from.0, complaint.key(), serde_json::to_value(complaint)?, unit.now(), by.0],
    )
    .await?;
    Ok(id)
}

/// The complaints log of a call, oldest first.
pub(crate) async fn complaints(reads: &impl Reads, call: CallId) -> Result<Vec<StoredComplaint>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        state: serde_json::Value,
        made_by: Uuid,
        version: i64,
    }
    let rows: Vec<Row> = reads
        .all(
            "SELECT id, state, made_by, version FROM competition_complaint WHERE call_id = $1 ORDER BY made_at, id",
            values![call.0],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(StoredComplaint {
                id: row.id,
                complaint: serde_json::from_value(row.state)?,
                made_by: PersonId(row.made_by),
                version: row.version,
            })
        })
        .collect()
}

/// Stores a complaint's next state. Refused when somebody was faster.
pub(crate) async fn save_complaint(
    unit: &Unit,
    stored: &StoredComplaint,
    complaint: &Complaint,
) -> Result<(), Problem> {
    let changed = unit
        .execute(
            "UPDATE competition_complaint SET state_name = $3, state = $4, version = version + 1 \
             WHERE id = $1 AND version = $2",
            values![
                stored.id,
                stored.version,
                complaint.key(),
                serde_json::to_value(complaint).map_err(Problem::internal)?
            ],
        )
        .await?;
    if changed == 0 {
        return Err(faster("complaint"));
    }
    Ok(())
}

fn faster(what: &str) -> Problem {
    Problem::conflict(
        format!("Somebody else changed this {what} while you were at it"),
        "Open the page again: it shows their change.",
    )
}

/// Those who scored, moderated or decided in a round: a complaint is answered by somebody else.
pub(crate) async fn took_part(reads: &impl Reads, call: CallId) -> Result<BTreeSet<PersonId>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        person_id: Uuid,
    }
    let rows: Vec<Row> = reads
        .all(
            "SELECT assessor_id AS person_id FROM competition_review WHERE call_id = $1 AND submitted_at IS NOT NULL \
             UNION SELECT person_id FROM base_grant WHERE within_id = $1 \
             AND role IN ('assessor', 'panel_member', 'panel_chair', 'steering_member') ORDER BY 1",
            values![call.0],
        )
        .await?;
    Ok(rows.into_iter().map(|row| PersonId(row.person_id)).collect())
}
