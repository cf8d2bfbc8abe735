//! Opening a call's bids by two officers on the record, and closing what was not submitted; it reads no bid to do so.

use hiec_kernel::people::Person;
use hiec_kernel::{BidId, PersonId, Problem};
use hiec_store::database::StoreError;
use hiec_store::{AuditEvent, FromQueryResult, Reads, Unit, values};
use serde::Serialize;
use uuid::Uuid;

use super::completeness::standing;
use super::opening::{FirstKey, Officer, OpeningRefusal, OpeningState, Sealed};
use super::papers::Paper;
use super::shortfalls::Shortfall;
use super::states::BidState;
use super::store::{self, Bid};
use crate::calls::stages::{Deadline, bid_deadline};
use crate::calls::store::Call;
use crate::partnerships::joining::{everyone, letter};

#[derive(Serialize)]
struct FirstKeyTurned {
    opening: Uuid,
}

impl AuditEvent for FirstKeyTurned {
    const KIND: &'static str = "opening.first_key";
}

#[derive(Serialize)]
struct BidsOpened {
    opening: Uuid,
    first: PersonId,
    bids: Vec<BidId>,
}

impl AuditEvent for BidsOpened {
    const KIND: &'static str = "opening.opened";
}

#[derive(Serialize)]
struct BidNotSubmitted {
    bid: BidId,
    lacking: usize,
}

impl AuditEvent for BidNotSubmitted {
    const KIND: &'static str = "bid.not_submitted";
}

/// The opening under way or last made of a call.
#[derive(Clone, Debug)]
pub(crate) struct Opening {
    pub id: Uuid,
    pub state: OpeningState,
}

/// The openings of a call, oldest first.
pub(crate) async fn of_call(reads: &impl Reads, call: &Call) -> Result<Vec<Opening>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        state: serde_json::Value,
    }
    let rows: Vec<Row> = reads
        .all("SELECT id, state FROM competition_opening WHERE call_id = $1 ORDER BY begun_at, id", values![call.id.0])
        .await?;
    rows.into_iter().map(|row| Ok(Opening { id: row.id, state: serde_json::from_value(row.state)? })).collect()
}

/// Turns the first key, after the deadline. What is still a draft once the deadline has settled is closed as not submitted, and its
/// people are told why.
pub(crate) async fn first_key(unit: &mut Unit, call: &Call, officer: &Person) -> Result<(), Problem> {
    hold_call(unit, call).await?;
    close_unsubmitted(unit, call).await?;
    let is_waiting = store::of_call(unit, call).await?.iter().any(|bid| matches!(bid.state, BidState::Submitted(_)));
    let openings = of_call(unit, call).await?;
    let now = unit.now();
    let reuse = match openings.last() {
        Some(Opening { id, state: OpeningState::FirstKey(key) }) => {
            key.clone().lapse(now).map_err(|_| {
                Problem::conflict("The first key is turned already", "Another officer turns the second key now.")
            })?;
            Some(*id)
        }
        Some(Opening { id, state: OpeningState::Sealed(_) }) => Some(*id),
        Some(Opening { state: OpeningState::Opened(_), .. }) | None => None,
    };
    let key = Sealed {}.first_key(of(unit, call, officer).await?, deadline(call)?, now).map_err(refused)?;
    if !is_waiting {
        return Err(Problem::conflict("There is no sealed bid to open", "Nothing was changed."));
    }
    let opening = save(unit, call, reuse, &OpeningState::FirstKey(key)).await?;
    unit.audit(call.stream(), format!("call:{}", call.id), &FirstKeyTurned { opening })?;
    Ok(())
}

/// Turns the second key within the time, by another officer: every sealed bid is open from now on. Answers how many were opened.
pub(crate) async fn second_key(unit: &mut Unit, call: &Call, officer: &Person) -> Result<usize, Problem> {
    hold_call(unit, call).await?;
    let openings = of_call(unit, call).await?;
    let Some(Opening { id, state: OpeningState::FirstKey(key) }) = openings.last() else {
        return Err(Problem::conflict(
            "No first key is turned",
            "One officer turns the first key, another the second, together.",
        ));
    };
    let first: FirstKey = key.clone();
    let first_officer = first.first;
    let opened = first.second_key(of(unit, call, officer).await?, unit.now()).map_err(refused)?;
    let mut ids = Vec::new();
    for bid in store::of_call(unit, call).await? {
        if let BidState::Submitted(submitted) = bid.state.clone() {
            let state = submitted.open(opened.clone()).map_err(|refusal| Problem::internal(refusal.to_string()))?;
            store::save_state(unit, &bid, &BidState::Opened(state)).await?;
            ids.push(bid.id);
        }
    }
    save(unit, call, Some(*id), &OpeningState::Opened(opened)).await?;
    let count = ids.len();
    unit.audit(
        call.stream(),
        format!("call:{}", call.id),
        &BidsOpened { opening: *id, first: first_officer, bids: ids },
    )?;
    Ok(count)
}

async fn save(unit: &Unit, call: &Call, known: Option<Uuid>, state: &OpeningState) -> Result<Uuid, Problem> {
    let value = serde_json::to_value(state).map_err(Problem::internal)?;
    let id = known.unwrap_or_else(|| unit.new_id());
    let sql = if known.is_some() {
        "UPDATE competition_opening SET state_name = $3, state = $4 WHERE id = $1 AND call_id = $2 AND begun_at <= $5"
    } else {
        "INSERT INTO competition_opening (id, call_id, state_name, state, begun_at) VALUES ($1, $2, $3, $4, $5)"
    };
    unit.execute(sql, values![id, call.id.0, state.name(), value, unit.now()]).await?;
    Ok(id)
}

fn refused(refusal: OpeningRefusal) -> Problem {
    Problem::conflict(refusal.to_string(), "Nothing was opened.")
}

pub(super) async fn hold_call(unit: &Unit, call: &Call) -> Result<(), StoreError> {
    let sql = format!("SELECT version AS n FROM competition_call WHERE id = $1{}", unit.dialect().for_update());
    unit.count(&sql, values![call.id.0]).await?;
    Ok(())
}

pub(super) fn deadline(call: &Call) -> Result<Deadline, Problem> {
    bid_deadline(call.design())
        .ok_or_else(|| Problem::conflict("The call sets no deadline for bids", "Amend the call first."))
}

/// The officer as the rules see one: interested when a conflict stands, or when they work for a partner of a bid of the call.
pub(super) async fn of(reads: &impl Reads, call: &Call, officer: &Person) -> Result<Officer, StoreError> {
    let declared = reads
        .count(
            "SELECT COUNT(*) AS n FROM competition_conflict WHERE call_id = $1 AND person_id = $2 AND hardness = 'hard' \
             AND dismissed_at IS NULL",
            values![call.id.0, officer.id.0],
        )
        .await?;
    let employed = match officer.employer {
        None => 0,
        Some(employer) => {
            reads
                .count(
                    "SELECT COUNT(*) AS n FROM competition_partner p JOIN competition_bid b ON b.id = p.bid_id \
                     WHERE b.call_id = $1 AND p.organisation_id = $2 AND p.state_name IN ('Invited', 'Accepted', 'Signed')",
                    values![call.id.0, employer.0],
                )
                .await?
        }
    };
    Ok(Officer { person: officer.id, is_interested: declared + employed > 0 })
}

/// Closes what the deadline found unsubmitted, and tells everyone in it what was lacking. Does nothing before the deadline has settled;
/// safe to run again. Answers how many were closed.
pub(crate) async fn close_unsubmitted(unit: &mut Unit, call: &Call) -> Result<usize, Problem> {
    let deadline = deadline(call)?;
    if unit.now() < deadline.settles() {
        return Ok(0);
    }
    let mut closed = 0;
    for bid in store::of_call(unit, call).await? {
        let BidState::Draft(draft) = bid.state.clone() else {
            continue;
        };
        let lacking = standing(unit, &bid, Paper::Bid).await?.lacking();
        let state =
            draft.close(deadline, &lacking, unit.now()).map_err(|refusal| Problem::internal(refusal.to_string()))?;
        store::save_state(unit, &bid, &BidState::NotSubmitted(state)).await?;
        unit.audit(call.stream(), bid.subject(), &BidNotSubmitted { bid: bid.id, lacking: lacking.len() })?;
        for person in everyone(unit, &bid).await? {
            let subject = format!("Not submitted: {}", bid.title);
            unit.mail(letter(&bid, &person, subject, closing_letter(&bid, &lacking))).await?;
        }
        closed += 1;
    }
    Ok(closed)
}

fn closing_letter(bid: &Bid, lacking: &[Shortfall]) -> String {
    let mut body = format!("The bid \"{}\" was not submitted before the deadline.\n\n", bid.title);
    if lacking.is_empty() {
        body.push_str("It was complete, but nobody submitted it.\n");
    } else {
        body.push_str("This was lacking:\n");
        for one in lacking {
            body.push_str(&format!("- {}\n", one.what()));
        }
    }
    body.push_str("\nNothing you wrote is lost. If something beyond your control held you up, write to the programme office at once: two officers may admit a late bid for a stated reason.\n");
    body
}
