//! Late entry: one officer proposes it with a reason, another agrees or not; the clock is all that is forgiven, and it is shown for ever.

use hiec_kernel::people::Person;
use hiec_kernel::{BidId, Problem};
use hiec_store::{AuditEvent, Unit};
use serde::Serialize;

use super::completeness::standing;
use super::openings::{close_unsubmitted, deadline, hold_call, of};
use super::papers::Paper;
use super::states::{BidRefusal, BidState, LateRefusal};
use super::store::{self, Bid};
use super::submitting::{NotTaken, entry, taken};
use crate::partnerships::joining::{everyone, letter};

/// A step of a late entry: `proposed`, `admitted`, `declined`.
#[derive(Serialize)]
struct LateEntryMoved {
    bid: BidId,
    step: &'static str,
    reason: String,
}

impl AuditEvent for LateEntryMoved {
    const KIND: &'static str = "bid.late_entry";

    fn reason(&self) -> Option<&str> {
        (!self.reason.is_empty()).then_some(self.reason.as_str())
    }
}

/// An officer would admit a bid that was not submitted. From now on its people can complete it, until the second officer decides.
pub(crate) async fn propose_late_entry(
    unit: &mut Unit,
    bid: &Bid,
    officer: &Person,
    reason: &str,
) -> Result<(), Problem> {
    hold_call(unit, &bid.call).await?;
    close_unsubmitted(unit, &bid.call).await?;
    let bid = store::hold(unit, bid.id).await?;
    let BidState::NotSubmitted(state) = bid.state.clone() else {
        return Err(Problem::conflict(
            "Only a bid that was not submitted by the deadline can be admitted late",
            "Look where the bid stands now.",
        ));
    };
    let reason = crate::refusal::Reason::parse(reason)?;
    let officer_seen = of(unit, &bid.call, officer).await?;
    let state = state.propose_late_entry(officer_seen, reason.as_str(), unit.now()).map_err(late_refused)?;
    store::save_state(unit, &bid, &BidState::LateProposed(state)).await?;
    late_step(unit, &bid, "proposed", reason.as_str()).await
}

/// The second officer agrees; what is complete now is taken and sealed, marked late for ever.
pub(crate) async fn admit_late_entry(unit: &mut Unit, bid: &Bid, officer: &Person) -> Result<(), NotTaken> {
    hold_call(unit, &bid.call).await?;
    let bid = store::hold(unit, bid.id).await?;
    let BidState::LateProposed(proposed) = bid.state.clone() else {
        return Err(Problem::conflict(
            "No late entry is proposed for this bid",
            "One officer proposes it with a reason, another agrees.",
        )
        .into());
    };
    let reason = proposed.reason.clone();
    let standing = standing(unit, &bid, Paper::Bid).await?;
    let lead = everyone(unit, &bid).await?.into_iter().next().unwrap_or_else(|| officer.clone());
    let entry = entry(unit, &bid, &lead, deadline(&bid.call)?, &standing).await?;
    let officer_seen = of(unit, &bid.call, officer).await?;
    let submitted = proposed.admit(officer_seen, entry, unit.now()).map_err(|refusal| match refusal {
        LateRefusal::Officer(refusal) => NotTaken::Problem(late_refused(refusal)),
        LateRefusal::Bid(lacking) => NotTaken::Lacking(lacking),
    })?;
    let receipt = submitted.submission.receipt.clone();
    store::save_state(unit, &bid, &BidState::Submitted(submitted)).await?;
    taken(unit, &bid, &lead, &standing, &receipt, None).await?;
    late_step(unit, &bid, "admitted", &reason).await?;
    Ok(())
}

/// The second officer does not agree: it stays not submitted.
pub(crate) async fn decline_late_entry(
    unit: &mut Unit,
    bid: &Bid,
    officer: &Person,
    reason: &str,
) -> Result<(), Problem> {
    let bid = store::hold(unit, bid.id).await?;
    let BidState::LateProposed(proposed) = bid.state.clone() else {
        return Err(Problem::conflict("No late entry is proposed for this bid", "Nothing was changed."));
    };
    let reason = crate::refusal::Reason::parse(reason)?;
    let officer_seen = of(unit, &bid.call, officer).await?;
    let state = proposed.decline(officer_seen).map_err(late_refused)?;
    store::save_state(unit, &bid, &BidState::NotSubmitted(state)).await?;
    late_step(unit, &bid, "declined", reason.as_str()).await
}

fn late_refused(refusal: BidRefusal) -> Problem {
    Problem::conflict(refusal.to_string(), "Nothing was changed.")
}

async fn late_step(unit: &mut Unit, bid: &Bid, step: &'static str, reason: &str) -> Result<(), Problem> {
    unit.audit(bid.call.stream(), bid.subject(), &LateEntryMoved { bid: bid.id, step, reason: reason.to_owned() })?;
    let what = match step {
        "proposed" => {
            "An officer would admit your bid late. You can complete and sign it until a second officer decides."
        }
        "admitted" => {
            "Two officers have admitted your bid late. It is submitted; that it was late, and why, is shown for ever."
        }
        _ => "The late entry of your bid was not agreed. It stays not submitted.",
    };
    for person in everyone(unit, bid).await? {
        let body = format!("{what}\nReason: {reason}\n");
        unit.mail(letter(bid, &person, format!("Late entry {step}: {}", bid.title), body)).await?;
    }
    Ok(())
}
