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
use super::setting_aside::{BackTo, SettingAside};
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
    pub bid: BidId,
    /// Counted from 1 for each bid; there is a second one only where an outcome was set aside.
    pub number: u32,
    pub letter: Letter,
    pub fingerprint: String,
    pub sent_at: Timestamp,
}

#[derive(FromQueryResult)]
struct LetterRow {
    bid_id: Uuid,
    number: i64,
    letter: serde_json::Value,
    fingerprint: String,
    sent_at: Timestamp,
}

impl TryFrom<LetterRow> for SentLetter {
    type Error = StoreError;

    fn try_from(row: LetterRow) -> Result<Self, StoreError> {
        Ok(Self {
            bid: BidId(row.bid_id),
            number: u32::try_from(row.number).unwrap_or(u32::MAX),
            letter: serde_json::from_value(row.letter)?,
            fingerprint: row.fingerprint,
            sent_at: row.sent_at,
        })
    }
}

const LETTERS: &str = "SELECT bid_id, number, letter, fingerprint, sent_at FROM competition_outcome_letter";

pub(crate) async fn insert_letter(
    unit: &Unit,
    call: CallId,
    bid: BidId,
    by: PersonId,
    letter: &Letter,
) -> Result<Fingerprint, StoreError> {
    let print = Fingerprint::of(letter)?;
    unit.execute(
        "INSERT INTO competition_outcome_letter (id, call_id, bid_id, number, letter, fingerprint, sent_at, sent_by) \
         VALUES ($1, $2, $3, (SELECT COUNT(*) + 1 FROM competition_outcome_letter WHERE bid_id = $3), $4, $5, $6, $7)",
        values![unit.new_id(), call.0, bid.0, serde_json::to_value(letter)?, print.to_string(), unit.now(), by.0],
    )
    .await?;
    Ok(print)
}

/// The bids of a call that were told the outcome that stands; none while it is set aside.
pub(crate) async fn told(reads: &impl Reads, call: &Call) -> Result<BTreeMap<BidId, Timestamp>, StoreError> {
    let Some(told_at) = call.acts.decisions_told else {
        return Ok(BTreeMap::new());
    };
    let letters = letters(reads, call.id).await?;
    Ok(letters.into_iter().filter(|sent| sent.sent_at >= told_at).map(|sent| (sent.bid, sent.sent_at)).collect())
}

/// Every letter of a call, in the order sent.
pub(crate) async fn letters(reads: &impl Reads, call: CallId) -> Result<Vec<SentLetter>, StoreError> {
    let sql = format!("{LETTERS} WHERE call_id = $1 ORDER BY sent_at, bid_id, number");
    let rows: Vec<LetterRow> = reads.all(&sql, values![call.0]).await?;
    rows.into_iter().map(SentLetter::try_from).collect()
}

/// The letters on one bid, the last one first.
pub(crate) async fn letters_of(reads: &impl Reads, bid: BidId) -> Result<Vec<SentLetter>, StoreError> {
    let sql = format!("{LETTERS} WHERE bid_id = $1 ORDER BY number DESC");
    let rows: Vec<LetterRow> = reads.all(&sql, values![bid.0]).await?;
    rows.into_iter().map(SentLetter::try_from).collect()
}

/// Stores that an outcome was set aside.
pub(crate) async fn insert_setting_aside(unit: &Unit, call: CallId, one: &SettingAside) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO competition_setting_aside (id, call_id, complaint_id, number, back_to, bids, reason, told_at, \
         regions_until, set_aside_at, set_aside_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        values![
            unit.new_id(),
            call.0,
            one.complaint,
            i64::from(one.number),
            one.back_to.key(),
            serde_json::to_value(&one.bids)?,
            one.reason.clone(),
            one.told_at,
            one.regions_until,
            one.at,
            one.by.0
        ],
    )
    .await?;
    Ok(())
}

/// Every time an outcome of the call was set aside, oldest first.
pub(crate) async fn settings_aside(reads: &impl Reads, call: CallId) -> Result<Vec<SettingAside>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        number: i64,
        complaint_id: Uuid,
        back_to: String,
        bids: serde_json::Value,
        reason: String,
        told_at: Timestamp,
        regions_until: Option<Timestamp>,
        set_aside_at: Timestamp,
        set_aside_by: Uuid,
    }
    let rows: Vec<Row> = reads
        .all(
            "SELECT number, complaint_id, back_to, bids, reason, told_at, regions_until, set_aside_at, set_aside_by \
             FROM competition_setting_aside WHERE call_id = $1 ORDER BY number",
            values![call.0],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(SettingAside {
                number: u32::try_from(row.number).unwrap_or(u32::MAX),
                complaint: row.complaint_id,
                back_to: BackTo::from_key(&row.back_to).unwrap_or(BackTo::Panel),
                bids: serde_json::from_value(row.bids)?,
                reason: row.reason,
                told_at: row.told_at,
                regions_until: row.regions_until,
                at: row.set_aside_at,
                by: PersonId(row.set_aside_by),
            })
        })
        .collect()
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

/// Stores an award's next state and its amount. Refused when somebody was faster.
pub(crate) async fn save_award(unit: &Unit, award: &StoredAward, state: &AwardState) -> Result<(), Problem> {
    let changed = unit
        .execute(
            "UPDATE competition_award SET state_name = $3, state = $4, changed_at = $5, amount = $6, version = version + 1 \
             WHERE bid_id = $1 AND version = $2",
            values![
                award.bid.0,
                award.version,
                state.key(),
                serde_json::to_value(state).map_err(Problem::internal)?,
                unit.now(),
                award.amount.0
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
             UNION SELECT settled_by AS person_id FROM competition_moderation WHERE call_id = $1 \
             UNION SELECT person_id FROM base_grant WHERE within_id = $1 \
             AND role IN ('assessor', 'panel_member', 'panel_chair', 'steering_member') ORDER BY 1",
            values![call.0],
        )
        .await?;
    Ok(rows.into_iter().map(|row| PersonId(row.person_id)).collect())
}
