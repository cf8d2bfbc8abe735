//! The panel's meeting and its agenda items. A closed meeting never opens again, and a decision is never taken back without another beside it.

use std::collections::BTreeSet;

use chrono::Duration;
use hiec_kernel::clock::on_page;
use hiec_kernel::{BidId, Fingerprint, PersonId, Timestamp};
use serde::{Deserialize, Serialize};

use super::decisions::Decision;
use super::rules::Member;
use crate::diagrams::{Diagram, Move};
use crate::refusal::{Reason, Refusal};

/// The shortest and the longest presentation, in minutes.
pub const SLOT_MINUTES: (u32, u32) = (5, 240);

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum MeetingState {
    Planned,
    Open {
        since: Timestamp,
        present: BTreeSet<PersonId>,
    },
    Closed {
        at: Timestamp,
        signed_by: PersonId,
        /// Of the minutes as signed.
        minutes: Fingerprint,
    },
    Cancelled {
        reason: Reason,
    },
}

pub const MEETING: Diagram = Diagram {
    machine: "Panel meeting",
    start: "Planned",
    moves: &[Move("Planned", "open", "Open"), Move("Planned", "cancel", "Cancelled"), Move("Open", "close", "Closed")],
};

pub const ITEM: Diagram = Diagram {
    machine: "Agenda item",
    start: "Waiting",
    moves: &[
        Move("Waiting", "call", "InHand"),
        Move("InHand", "decide", "Decided"),
        Move("InHand", "defer", "Deferred"),
        Move("Deferred", "call", "InHand"),
        Move("Decided", "reopen", "InHand"),
        Move("Decided", "set aside", "SetAside"),
    ],
};

impl MeetingState {
    pub fn key(&self) -> &'static str {
        match self {
            Self::Planned => "Planned",
            Self::Open { .. } => "Open",
            Self::Closed { .. } => "Closed",
            Self::Cancelled { .. } => "Cancelled",
        }
    }

    /// Opened by the chair or the deputy, with those present.
    pub fn open(
        self,
        by: PersonId,
        members: &[Member],
        present: BTreeSet<PersonId>,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        let Self::Planned = self else {
            return Err(self.not_now("Only a planned meeting is opened."));
        };
        if !may_preside(by, members) || !present.contains(&by) {
            return Err(Refusal::new(
                "The meeting is opened by the chair or the deputy, who must be present",
                "Ask one of them to open it.",
            ));
        }
        if present.iter().any(|person| !members.iter().any(|member| member.person == *person)) {
            return Err(Refusal::new(
                "Somebody present is not a member of the panel",
                "Add them as members or observers first.",
            ));
        }
        Ok(Self::Open { since: now, present })
    }

    pub fn cancel(self, reason: &str) -> Result<Self, Refusal> {
        match self {
            Self::Planned => Ok(Self::Cancelled { reason: Reason::parse(reason)? }),
            other => Err(other.not_now("Only a planned meeting is cancelled.")),
        }
    }

    /// Closed by whoever presided signing the minutes, when no item is left open.
    pub fn close(
        self,
        signed_by: PersonId,
        members: &[Member],
        items: &[AgendaItem],
        minutes: Fingerprint,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        let Self::Open { present, .. } = &self else {
            return Err(self.not_now("Only an open meeting is closed."));
        };
        if !may_preside(signed_by, members) || !present.contains(&signed_by) {
            return Err(Refusal::new(
                "The minutes are signed by the chair or the deputy who was present",
                "Ask one of them to sign.",
            ));
        }
        let open = items.iter().filter(|item| item.is_open()).count();
        if open > 0 {
            return Err(Refusal::new(
                format!("{open} agenda items are neither decided nor deferred"),
                "Decide or defer each of them before closing.",
            ));
        }
        Ok(Self::Closed { at: now, signed_by, minutes })
    }

    fn not_now(&self, next: &str) -> Refusal {
        let title = match self {
            Self::Planned => "The meeting has not begun",
            Self::Open { .. } => "The meeting is open",
            Self::Closed { .. } => "The meeting is closed and its minutes are signed",
            Self::Cancelled { .. } => "The meeting was cancelled",
        };
        Refusal::new(title, next)
    }
}

fn may_preside(person: PersonId, members: &[Member]) -> bool {
    use super::rules::Seat;
    members.iter().any(|member| member.person == person && matches!(member.seat, Seat::Chair | Seat::Deputy))
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ItemState {
    Waiting,
    /// Being discussed, those recused out of the room.
    InHand,
    Decided,
    Deferred {
        reason: Reason,
    },
    /// An upheld complaint took the decision's force; a later meeting decides anew.
    SetAside {
        reason: Reason,
    },
}

/// When a bidder is called to present, for how long, and who presents.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Slot {
    pub at: Timestamp,
    pub minutes: u32,
    pub presenters: Vec<String>,
}

impl Slot {
    pub fn ends(&self) -> Timestamp {
        self.at + Duration::minutes(i64::from(self.minutes))
    }

    fn overlaps(&self, other: &Self) -> bool {
        self.at < other.ends() && other.at < self.ends()
    }
}

/// A presentation a bidder was called to give.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Presentation {
    pub at: Timestamp,
    pub presenters: Vec<String>,
    pub notes: String,
}

/// A bid on the agenda.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AgendaItem {
    pub bid: BidId,
    #[serde(flatten)]
    pub state: ItemState,
    /// Where the bidder is called to present.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<Slot>,
    pub presentations: Vec<Presentation>,
    /// Oldest first; the last one holds.
    pub decisions: Vec<Decision>,
    /// Why it was taken up again after a decision, in order.
    pub reopened: Vec<Reason>,
}

impl AgendaItem {
    pub fn new(bid: BidId) -> Self {
        Self {
            bid,
            state: ItemState::Waiting,
            slot: None,
            presentations: Vec::new(),
            decisions: Vec::new(),
            reopened: Vec::new(),
        }
    }

    pub fn key(&self) -> &'static str {
        match self.state {
            ItemState::Waiting => "Waiting",
            ItemState::InHand => "InHand",
            ItemState::Decided => "Decided",
            ItemState::Deferred { .. } => "Deferred",
            ItemState::SetAside { .. } => "SetAside",
        }
    }

    /// Whether a meeting cannot close over it.
    pub fn is_open(&self) -> bool {
        matches!(self.state, ItemState::Waiting | ItemState::InHand)
    }

    /// The decision that holds; none while the item is taken up again.
    pub fn holds(&self) -> Option<&Decision> {
        match self.state {
            ItemState::Decided => self.decisions.last(),
            _ => None,
        }
    }

    /// Taken up in an open meeting.
    pub fn call(self, meeting: &MeetingState) -> Result<Self, Refusal> {
        in_open(meeting)?;
        match self.state {
            ItemState::Waiting | ItemState::Deferred { .. } => Ok(self.with(ItemState::InHand)),
            _ => Err(self.not_now("Only an item that waits is called.")),
        }
    }

    /// Calls the bidder to present, or moves the time, or (with `None`) calls it off. `begins` is when the meeting does,
    /// `others` are the slots of its other items.
    pub fn schedule(
        mut self,
        meeting: &MeetingState,
        slot: Option<Slot>,
        begins: Timestamp,
        others: &[&Slot],
    ) -> Result<Self, Refusal> {
        if !matches!(meeting, MeetingState::Planned | MeetingState::Open { .. }) {
            return Err(meeting.clone().not_now("Presentations are put on the agenda of a meeting still to come."));
        }
        if !self.is_open() && !matches!(self.state, ItemState::Deferred { .. }) {
            return Err(self.not_now("Take the item up again before calling the bidder."));
        }
        if let Some(slot) = &slot {
            if !(SLOT_MINUTES.0..=SLOT_MINUTES.1).contains(&slot.minutes) {
                return Err(Refusal::new(
                    "The length of a presentation cannot be right",
                    format!("Give between {} and {} minutes.", SLOT_MINUTES.0, SLOT_MINUTES.1),
                ));
            }
            if slot.at < begins {
                return Err(Refusal::new(
                    format!("The meeting begins only on {}", on_page(begins)),
                    "Choose a time in the meeting.",
                ));
            }
            if let Some(other) = others.iter().find(|other| other.overlaps(slot)) {
                return Err(Refusal::new(
                    format!("Another bidder presents from {} to {}", on_page(other.at), on_page(other.ends())),
                    "Choose another time.",
                ));
            }
        }
        self.slot = slot;
        Ok(self)
    }

    /// Notes a presentation while the item is in hand.
    pub fn present(mut self, meeting: &MeetingState, presentation: Presentation) -> Result<Self, Refusal> {
        in_open(meeting)?;
        match self.state {
            ItemState::InHand => {
                self.presentations.push(presentation);
                Ok(self)
            }
            _ => Err(self.not_now("Call the item before noting a presentation.")),
        }
    }

    /// Writes a decision that has passed [`super::decisions::decide`].
    pub fn decide(mut self, meeting: &MeetingState, decision: Decision) -> Result<Self, Refusal> {
        in_open(meeting)?;
        if decision.bid != self.bid {
            return Err(Refusal::new(
                "The decision is about another bid",
                "Go back to the agenda and open the right item.",
            ));
        }
        match self.state {
            ItemState::InHand => {
                self.decisions.push(decision);
                Ok(self.with(ItemState::Decided))
            }
            _ => Err(self.not_now("Call the item before deciding it.")),
        }
    }

    pub fn defer(self, meeting: &MeetingState, reason: &str) -> Result<Self, Refusal> {
        in_open(meeting)?;
        match self.state {
            ItemState::InHand => {
                let reason = Reason::parse(reason)?;
                Ok(self.with(ItemState::Deferred { reason }))
            }
            _ => Err(self.not_now("Call the item before deferring it.")),
        }
    }

    /// Takes a decided item up again in the same meeting or a later one; the decision stays on the record.
    pub fn reopen(mut self, meeting: &MeetingState, reason: &str) -> Result<Self, Refusal> {
        in_open(meeting)?;
        match self.state {
            ItemState::Decided => {
                self.reopened.push(Reason::parse(reason)?);
                Ok(self.with(ItemState::InHand))
            }
            _ => Err(self.not_now("Only a decided item is taken up again.")),
        }
    }

    /// Takes a decision's force after its minutes were signed; it stays on the record. Before that, the item is taken up again.
    pub fn set_aside(self, meeting: &MeetingState, reason: &str) -> Result<Self, Refusal> {
        if !matches!(meeting, MeetingState::Closed { .. }) {
            return Err(Refusal::new(
                "The minutes of this decision are not signed yet",
                "Have the panel take the item up again instead.",
            ));
        }
        match self.state {
            ItemState::Decided => Ok(self.with(ItemState::SetAside { reason: Reason::parse(reason)? })),
            _ => Err(self.not_now("Only a decision that holds is set aside.")),
        }
    }

    fn with(self, state: ItemState) -> Self {
        Self { state, ..self }
    }

    fn not_now(&self, next: &str) -> Refusal {
        let title = match self.state {
            ItemState::Waiting => "The item waits to be called",
            ItemState::InHand => "The item is being discussed",
            ItemState::Decided => "The item is decided",
            ItemState::Deferred { .. } => "The item is deferred",
            ItemState::SetAside { .. } => "The decision was set aside",
        };
        Refusal::new(title, next)
    }
}

fn in_open(meeting: &MeetingState) -> Result<(), Refusal> {
    match meeting {
        MeetingState::Open { .. } => Ok(()),
        other => Err(other.not_now("Items are dealt with while the meeting is open.")),
    }
}

#[cfg(test)]
mod tests {
    use hiec_kernel::Money;
    use hiec_kernel::clock::from_london;
    use uuid::Uuid;

    use super::*;
    use crate::panel::decisions::Verdict;
    use crate::panel::rules::Quorum;
    use crate::panel::rules::tests::{members, person};

    const WHY: &str = "a figure came in late";

    fn now() -> Timestamp {
        from_london("2009-11-20T10:00").unwrap()
    }

    fn bid() -> BidId {
        BidId(Uuid::from_u128(1))
    }

    fn open() -> MeetingState {
        MeetingState::Planned.open(person(1), &members(), (1..=4).map(person).collect(), now()).unwrap()
    }

    fn minutes() -> Fingerprint {
        Fingerprint::of_bytes(b"minutes")
    }

    fn decision() -> Decision {
        Decision {
            bid: bid(),
            verdict: Verdict::Not,
            amount: Money::ZERO,
            reason: Reason::parse("others were better").unwrap(),
            departures: Vec::new(),
            quorum: Quorum { presiding: person(1), is_deputy: false, voting: vec![person(1)] },
            recused: Vec::new(),
            votes: None,
        }
    }

    #[test]
    fn the_meeting_diagram_is_what_the_code_does() {
        let mut found = BTreeSet::new();
        for state in [
            MeetingState::Planned,
            open(),
            open().close(person(1), &members(), &[], minutes(), now()).unwrap(),
            MeetingState::Planned.cancel(WHY).unwrap(),
        ] {
            for (label, next) in [
                ("open", state.clone().open(person(1), &members(), [person(1)].into(), now())),
                ("cancel", state.clone().cancel(WHY)),
                ("close", state.clone().close(person(1), &members(), &[], minutes(), now())),
            ] {
                if let Ok(next) = next {
                    found.insert(Move(state.key(), label, next.key()));
                }
            }
        }
        assert_eq!(found, MEETING.moves.iter().copied().collect());
    }

    #[test]
    fn the_item_diagram_is_what_the_code_does() {
        let meeting = open();
        let called = || AgendaItem::new(bid()).call(&meeting).unwrap();
        let closed = open().close(person(1), &members(), &[], minutes(), now()).unwrap();
        let mut found = BTreeSet::new();
        for item in [
            AgendaItem::new(bid()),
            called(),
            called().decide(&meeting, decision()).unwrap(),
            called().defer(&meeting, WHY).unwrap(),
            called().decide(&meeting, decision()).and_then(|item| item.set_aside(&closed, WHY)).unwrap(),
        ] {
            for (label, next) in [
                ("call", item.clone().call(&meeting)),
                ("decide", item.clone().decide(&meeting, decision())),
                ("defer", item.clone().defer(&meeting, WHY)),
                ("reopen", item.clone().reopen(&meeting, WHY)),
                ("set aside", item.clone().set_aside(&closed, WHY)),
            ] {
                if let Ok(next) = next {
                    found.insert(Move(item.key(), label, next.key()));
                }
            }
            for closed in [MeetingState::Planned, MeetingState::Planned.cancel(WHY).unwrap()] {
                assert!(item.clone().call(&closed).is_err());
                assert!(item.clone().decide(&closed, decision()).is_err());
                assert!(item.clone().reopen(&closed, WHY).is_err());
                assert!(item.clone().set_aside(&closed, WHY).is_err());
            }
        }
        assert_eq!(found, ITEM.moves.iter().copied().collect());
    }

    #[test]
    fn a_second_decision_stands_beside_the_first() {
        let meeting = open();
        let decided = AgendaItem::new(bid())
            .call(&meeting)
            .and_then(|item| item.decide(&meeting, decision()))
            .and_then(|item| item.reopen(&meeting, WHY))
            .unwrap();
        assert!(decided.holds().is_none());
        let again = decided.decide(&meeting, decision()).unwrap();
        assert_eq!((again.decisions.len(), again.reopened.len()), (2, 1));
        assert!(again.holds().is_some());
        let other = Decision { bid: BidId(Uuid::from_u128(2)), ..decision() };
        assert!(AgendaItem::new(bid()).call(&meeting).unwrap().decide(&meeting, other).is_err());
    }

    #[test]
    fn only_the_chair_or_deputy_opens_and_signs_and_no_item_stays_open() {
        assert!(MeetingState::Planned.open(person(3), &members(), [person(3)].into(), now()).is_err());
        assert!(MeetingState::Planned.open(person(1), &members(), [person(2)].into(), now()).is_err());
        assert!(MeetingState::Planned.open(person(1), &members(), [person(1), person(99)].into(), now()).is_err());
        assert!(open().close(person(3), &members(), &[], minutes(), now()).is_err());
        let waiting = [AgendaItem::new(bid())];
        assert!(open().close(person(1), &members(), &waiting, minutes(), now()).is_err());
        let deferred = [AgendaItem::new(bid()).call(&open()).unwrap().defer(&open(), WHY).unwrap()];
        assert!(open().close(person(2), &members(), &deferred, minutes(), now()).is_ok());
    }

    #[test]
    fn bidders_are_called_one_after_another_within_the_meeting() {
        let begins = from_london("2009-11-20T10:00").unwrap();
        let slot = |at: &str, minutes| Slot { at: from_london(at).unwrap(), minutes, presenters: vec!["Ada".into()] };
        let taken = slot("2009-11-20T10:30", 20);
        let call =
            |slot: Option<Slot>| AgendaItem::new(bid()).schedule(&MeetingState::Planned, slot, begins, &[&taken]);
        assert!(call(Some(slot("2009-11-20T10:50", 20))).unwrap().slot.is_some());
        assert!(call(Some(slot("2009-11-20T10:10", 20))).is_ok());
        for wrong in [
            slot("2009-11-20T10:49", 20),
            slot("2009-11-20T10:11", 20),
            slot("2009-11-20T09:30", 20),
            slot("2009-11-20T11:00", 0),
            slot("2009-11-20T11:00", 241),
        ] {
            assert!(call(Some(wrong.clone())).is_err(), "{wrong:?}");
        }
        assert!(call(None).unwrap().slot.is_none());
        let closed = open().close(person(1), &members(), &[], minutes(), now()).unwrap();
        assert!(AgendaItem::new(bid()).schedule(&closed, None, begins, &[]).is_err());
    }

    #[test]
    fn presentations_are_noted_while_the_item_is_in_hand() {
        let shown =
            Presentation { at: now(), presenters: vec!["Ada Example".into()], notes: "asked about governance".into() };
        let item = AgendaItem::new(bid());
        assert!(item.clone().present(&open(), shown.clone()).is_err());
        let called = item.call(&open()).unwrap().present(&open(), shown).unwrap();
        assert_eq!(called.presentations.len(), 1);
    }
}
