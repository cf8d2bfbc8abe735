//! Everything that must be so before an award is made, said at once. The state machine holds the clock; this holds the papers.

use hiec_kernel::{BidId, Money, Timestamp};

use super::complaints::Complaint;
use super::states::AwardState;
use crate::panel::decisions::Verdict;
use crate::refusal::Refusal;

/// What an award of one bid rests on.
#[derive(Clone, Debug)]
pub struct AwardFacts<'a> {
    pub bid: BidId,
    pub state: &'a AwardState,
    /// The panel's decision that holds.
    pub verdict: Option<Verdict>,
    pub amount: Money,
    /// Whether the meeting that decided is closed and its minutes signed.
    pub are_minutes_signed: bool,
    /// Regions whose response to the ranking is still awaited or unanswered.
    pub open_responses: usize,
    /// Bidders of the call, funded or not, who have not been sent their letter.
    pub letters_unsent: usize,
    /// Of the whole call: a complaint about one award holds up all.
    pub complaints: &'a [Complaint],
}

/// What keeps the letters from going out; empty when they may.
pub fn publication_blockers(facts: &AwardFacts<'_>) -> Vec<Refusal> {
    let mut blockers = Vec::new();
    if facts.verdict != Some(Verdict::Fund) {
        blockers.push(Refusal::new(
            "The panel has not decided to fund this bid",
            "Only a bid the panel decided to fund can be awarded.",
        ));
    } else if facts.amount <= Money::ZERO {
        blockers.push(Refusal::new("The decision names no amount", "Have the panel decide the amount."));
    }
    if !facts.are_minutes_signed {
        blockers.push(Refusal::new(
            "The minutes of the panel are not signed",
            "Ask the chair to close the meeting by signing them.",
        ));
    }
    if facts.open_responses > 0 {
        blockers.push(Refusal::new(
            format!("{} regions’ responses to the ranking are open", facts.open_responses),
            "Wait for them, or answer the challenges.",
        ));
    }
    blockers
}

/// What keeps the award from being made now; empty when it may be.
pub fn award_blockers(facts: &AwardFacts<'_>, now: Timestamp) -> Vec<Refusal> {
    let mut blockers = publication_blockers(facts);
    if facts.letters_unsent > 0 {
        blockers.push(Refusal::new(
            format!("{} bidders have not been sent their letter", facts.letters_unsent),
            "Send every letter; the standstill counts for all from then.",
        ));
    }
    if let Err(refusal) = facts.state.clone().award(now, facts.complaints) {
        blockers.push(refusal);
    }
    blockers
}

#[cfg(test)]
mod tests {
    use hiec_kernel::calendar::WorkingCalendar;
    use hiec_kernel::clock::from_london;
    use uuid::Uuid;

    use super::*;
    use crate::award::standstill::StandstillRule;

    #[test]
    fn everything_in_the_way_is_said_at_once() {
        let at = |text| from_london(text).unwrap();
        let state = AwardState::Intended
            .publish(StandstillRule::default(), at("2026-02-02T09:00"), &WorkingCalendar::default())
            .unwrap();
        let ready = AwardFacts {
            bid: BidId(Uuid::from_u128(1)),
            state: &state,
            verdict: Some(Verdict::Fund),
            amount: Money(1),
            are_minutes_signed: true,
            open_responses: 0,
            letters_unsent: 0,
            complaints: &[],
        };
        assert!(award_blockers(&ready, at("2026-02-12T00:00")).is_empty());
        assert_eq!(award_blockers(&ready, at("2026-02-11T23:59")).len(), 1);
        let nothing = AwardFacts {
            verdict: Some(Verdict::Reserve),
            are_minutes_signed: false,
            open_responses: 2,
            letters_unsent: 3,
            ..ready.clone()
        };
        assert_eq!(award_blockers(&nothing, at("2026-02-11T23:59")).len(), 5);
        assert_eq!(publication_blockers(&nothing).len(), 3);
        let moneyless = AwardFacts { amount: Money::ZERO, ..ready };
        assert_eq!(publication_blockers(&moneyless).len(), 1);
    }
}
