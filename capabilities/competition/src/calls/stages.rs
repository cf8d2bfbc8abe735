//! The stage a round stands at and what is open now, from the design, the clock and the acts on record; nothing here is stored, and no act is assumed because its date has come.

use chrono::Duration;
use hiec_kernel::Timestamp;
use hiec_kernel::clock::{london_date, on_page};
use serde::{Deserialize, Serialize};

use super::design::{CallDesign, MilestoneKey};
use crate::diagrams::{Diagram, Move};

/// The rule of every deadline, as pages state it.
pub const DEADLINE_RULE: &str = "Something counts as in time when our server has all of it before the deadline. At the deadline itself, to the thousandth of a second, it is late, \
     and an upload that begins in time and ends late is late. Only the server’s clock counts; the receipt shows its time.";

/// How long after a deadline nothing is closed yet: what the server had in time may still wait for its turn to be stored, which takes
/// seconds when everybody submits at the end.
pub const SETTLING_MINUTES: i64 = 2;

/// Where a round stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Draft,
    Dialogue,
    Pqq,
    Shortlist,
    Bidding,
    Assessment,
    Panel,
    Standstill,
    Announced,
}

/// What has been done, and when. An act dated after now has not been done yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Acts {
    pub published: Option<Timestamp>,
    /// The shortlist after the regions had their word.
    pub shortlist_final: Option<Timestamp>,
    /// The ranking after the regions had their word.
    pub ranking_final: Option<Timestamp>,
    /// The panel's decisions told to every bidder: the standstill begins.
    pub decisions_told: Option<Timestamp>,
    pub announced: Option<Timestamp>,
}

/// A moment from which nothing is accepted any more.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Deadline(pub Timestamp);

pub const DIAGRAM: Diagram = Diagram {
    machine: "Round",
    start: "Draft",
    moves: &[
        Move("Draft", "publish", "Dialogue"),
        Move("Dialogue", "dialogue closes", "Pqq"),
        Move("Pqq", "PQQ deadline", "Shortlist"),
        Move("Shortlist", "shortlist final", "Bidding"),
        Move("Bidding", "bid deadline", "Assessment"),
        Move("Assessment", "ranking final", "Panel"),
        Move("Panel", "decisions told", "Standstill"),
        Move("Standstill", "announce", "Announced"),
    ],
};

impl Stage {
    pub const ALL: &'static [Self] = &[
        Self::Draft,
        Self::Dialogue,
        Self::Pqq,
        Self::Shortlist,
        Self::Bidding,
        Self::Assessment,
        Self::Panel,
        Self::Standstill,
        Self::Announced,
    ];

    /// The stored spelling, also what `hiec demo --at` takes.
    pub fn key(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Dialogue => "dialogue",
            Self::Pqq => "pqq",
            Self::Shortlist => "shortlist",
            Self::Bidding => "bidding",
            Self::Assessment => "assessment",
            Self::Panel => "panel",
            Self::Standstill => "standstill",
            Self::Announced => "announced",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Draft => "In preparation",
            Self::Dialogue => "Dialogue",
            Self::Pqq => "Pre-qualification",
            Self::Shortlist => "Shortlist",
            Self::Bidding => "Bidding",
            Self::Assessment => "Assessment",
            Self::Panel => "Panel",
            Self::Standstill => "Standstill",
            Self::Announced => "Announced",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|stage| stage.key() == key)
    }
}

/// The stage now. A round without a PQQ goes from dialogue to bidding.
pub fn stage(design: &CallDesign, acts: &Acts, now: Timestamp) -> Stage {
    let done = |act: Option<Timestamp>| act.is_some_and(|at| at <= now);
    if !done(acts.published) {
        return Stage::Draft;
    }
    if done(acts.announced) {
        return Stage::Announced;
    }
    if done(acts.decisions_told) {
        return Stage::Standstill;
    }
    if done(acts.ranking_final) {
        return Stage::Panel;
    }
    let passed = |deadline: Option<Deadline>| deadline.is_some_and(|d| !d.admits(now));
    let has_pqq = design.milestone(MilestoneKey::Pqq).is_some();
    let dialogue_over = closing(design, MilestoneKey::Dialogue).is_none_or(|d| !d.admits(now));
    let may_bid = if has_pqq { done(acts.shortlist_final) } else { dialogue_over };
    if may_bid {
        return if passed(bid_deadline(design)) { Stage::Assessment } else { Stage::Bidding };
    }
    if has_pqq && passed(pqq_deadline(design)) {
        Stage::Shortlist
    } else if has_pqq && dialogue_over {
        Stage::Pqq
    } else {
        Stage::Dialogue
    }
}

/// When something closes, where the design says so.
pub fn closing(design: &CallDesign, key: MilestoneKey) -> Option<Deadline> {
    design.milestone(key)?.closes.map(Deadline)
}

pub fn pqq_deadline(design: &CallDesign) -> Option<Deadline> {
    closing(design, MilestoneKey::Pqq)
}

pub fn bid_deadline(design: &CallDesign) -> Option<Deadline> {
    closing(design, MilestoneKey::Bidding)
}

/// When written questions close: their own milestone, else the dialogue's, else the bid deadline.
pub fn questions_deadline(design: &CallDesign) -> Option<Deadline> {
    closing(design, MilestoneKey::Questions)
        .or_else(|| closing(design, MilestoneKey::Dialogue))
        .or_else(|| bid_deadline(design))
}

/// Whether informal dialogue with a region may be held and noted now.
pub fn is_dialogue_open(design: &CallDesign, acts: &Acts, now: Timestamp) -> bool {
    is_open(design, acts, MilestoneKey::Dialogue, now)
}

/// Whether a registered bidder may ask now.
pub fn are_questions_open(design: &CallDesign, acts: &Acts, now: Timestamp) -> bool {
    let opens = design
        .milestone(MilestoneKey::Questions)
        .or_else(|| design.milestone(MilestoneKey::Dialogue))
        .and_then(|milestone| milestone.opens);
    is_published(acts, now)
        && opens.is_none_or(|at| at <= now)
        && questions_deadline(design).is_some_and(|deadline| deadline.admits(now))
}

pub fn is_pqq_open(design: &CallDesign, acts: &Acts, now: Timestamp) -> bool {
    is_open(design, acts, MilestoneKey::Pqq, now)
}

/// Whether a bid can be submitted now: before its deadline and, in a round with a PQQ, once the shortlist is final.
/// Forming a partnership and writing is open from publication on.
pub fn is_bidding_open(design: &CallDesign, acts: &Acts, now: Timestamp) -> bool {
    stage(design, acts, now) == Stage::Bidding && is_open(design, acts, MilestoneKey::Bidding, now)
}

fn is_open(design: &CallDesign, acts: &Acts, key: MilestoneKey, now: Timestamp) -> bool {
    let Some(milestone) = design.milestone(key) else {
        return false;
    };
    is_published(acts, now)
        && milestone.opens.is_none_or(|at| at <= now)
        && milestone.closes.is_some_and(|at| Deadline(at).admits(now))
}

fn is_published(acts: &Acts, now: Timestamp) -> bool {
    acts.published.is_some_and(|at| at <= now)
}

impl Deadline {
    /// In time only before it; see [`DEADLINE_RULE`].
    pub fn admits(self, now: Timestamp) -> bool {
        now < self.0
    }

    /// From when on everything that came in time is stored, so that the rest can be closed.
    pub fn settles(self) -> Timestamp {
        self.0 + Duration::minutes(SETTLING_MINUTES)
    }

    /// "3 days and 2 hours left (19 October 2009 at 5:00pm)", or when it closed.
    pub fn countdown(self, now: Timestamp) -> String {
        let when = on_page(self.0);
        if self.admits(now) {
            format!("{} left ({when})", remaining(self.0 - now))
        } else {
            format!("Closed on {when}")
        }
    }

    /// Whether it falls on today's date in England: for a stronger warning.
    pub fn is_today(self, now: Timestamp) -> bool {
        self.admits(now) && london_date(self.0) == london_date(now)
    }
}

/// The two largest units, rounded down, so that nobody is promised more time than there is.
fn remaining(left: Duration) -> String {
    let (days, hours, minutes) = (left.num_days(), left.num_hours() % 24, left.num_minutes() % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => "Less than a minute".into(),
        (0, 0, minutes) => count(minutes, "minute"),
        (0, hours, 0) => count(hours, "hour"),
        (0, hours, minutes) => format!("{} and {}", count(hours, "hour"), count(minutes, "minute")),
        (days, 0, _) => count(days, "day"),
        (days, hours, _) => format!("{} and {}", count(days, "day"), count(hours, "hour")),
    }
}

fn count(number: i64, unit: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use hiec_kernel::clock::from_london;
    use proptest::prelude::*;

    use super::*;
    use crate::calls::facts::call_2009;

    fn at(typed: &str) -> Timestamp {
        from_london(typed).unwrap()
    }

    fn acts() -> Acts {
        Acts {
            published: Some(at("2009-05-07 09:00")),
            shortlist_final: Some(at("2009-09-21 12:00")),
            ranking_final: Some(at("2009-11-09 12:00")),
            decisions_told: Some(at("2009-11-13 10:00")),
            announced: Some(at("2009-12-01 11:00")),
        }
    }

    #[test]
    fn the_round_of_2009_goes_through_its_stages_in_order() {
        let design = call_2009().unwrap();
        let expected = [
            ("2009-05-07 08:59", Stage::Draft),
            ("2009-05-07 09:00", Stage::Dialogue),
            ("2009-09-01 16:59", Stage::Dialogue),
            ("2009-09-01 17:00", Stage::Pqq),
            ("2009-09-04 17:00", Stage::Shortlist),
            ("2009-09-21 12:00", Stage::Bidding),
            ("2009-10-19 16:59:59", Stage::Bidding),
            ("2009-10-19 17:00", Stage::Assessment),
            ("2009-11-09 12:00", Stage::Panel),
            ("2009-11-13 10:00", Stage::Standstill),
            ("2009-12-01 11:00", Stage::Announced),
        ];
        let mut walked = BTreeSet::new();
        for pair in expected.windows(2) {
            let [(_, from), (_, to)] = pair else { unreachable!() };
            if from != to {
                walked.insert((format!("{from:?}"), format!("{to:?}")));
            }
        }
        for (when, stage_then) in expected {
            assert_eq!(stage(design, &acts(), at(when)), stage_then, "{when}");
        }
        let drawn = DIAGRAM.moves.iter().map(|Move(from, _, to)| (from.to_string(), to.to_string()));
        assert_eq!(walked, drawn.collect());
    }

    #[test]
    fn a_date_that_has_come_is_not_an_act_that_was_done() {
        let design = call_2009().unwrap();
        let only_published = Acts { published: acts().published, ..Acts::default() };
        let december = at("2009-12-24 12:00");
        assert_eq!(stage(design, &only_published, december), Stage::Shortlist);
        assert!(!is_bidding_open(design, &only_published, at("2009-10-01 12:00")));
    }

    #[test]
    fn the_deadline_is_the_first_moment_that_is_late() {
        let design = call_2009().unwrap();
        let deadline = bid_deadline(design).unwrap();
        assert_eq!(hiec_kernel::clock::iso(deadline.0), "2009-10-19T16:00:00.000Z");
        let millisecond = Duration::milliseconds(1);
        assert!(deadline.admits(deadline.0 - millisecond));
        assert!(!deadline.admits(deadline.0));
        assert!(is_bidding_open(design, &acts(), deadline.0 - millisecond));
        assert!(!is_bidding_open(design, &acts(), deadline.0));
    }

    #[test]
    fn countdowns_never_promise_too_much() {
        let deadline = Deadline(at("2009-10-19 17:00"));
        for (now, words) in [
            ("2009-10-16 14:30", "3 days and 2 hours left (19 October 2009 at 5:00pm)"),
            ("2009-10-18 17:00", "1 day left (19 October 2009 at 5:00pm)"),
            ("2009-10-19 15:59", "1 hour and 1 minute left (19 October 2009 at 5:00pm)"),
            ("2009-10-19 16:59:30", "Less than a minute left (19 October 2009 at 5:00pm)"),
            ("2009-10-19 17:00", "Closed on 19 October 2009 at 5:00pm"),
        ] {
            assert_eq!(deadline.countdown(at(now)), words);
        }
        assert!(deadline.is_today(at("2009-10-19 00:30")));
        assert!(!deadline.is_today(at("2009-10-18 23:30")));
    }

    #[test]
    fn without_a_pqq_dialogue_leads_to_bidding() {
        let mut design = call_2009().unwrap().clone();
        design.milestones.retain(|m| m.key != MilestoneKey::Pqq);
        let acts = Acts { published: acts().published, ..Acts::default() };
        assert_eq!(stage(&design, &acts, at("2009-08-31 12:00")), Stage::Dialogue);
        assert_eq!(stage(&design, &acts, at("2009-09-01 17:00")), Stage::Bidding);
        assert_eq!(stage(&design, &acts, at("2009-10-19 17:00")), Stage::Assessment);
    }

    proptest! {
        #[test]
        fn a_round_never_goes_back(hours in prop::collection::vec(0_i64..9000, 2), mask in 0_u8..32) {
            let design = call_2009().unwrap();
            let start = at("2009-04-01 00:00");
            let all = acts();
            let keep = |bit: u8, act: Option<Timestamp>| act.filter(|_| mask & (1 << bit) != 0);
            let acts = Acts {
                published: keep(0, all.published),
                shortlist_final: keep(1, all.shortlist_final),
                ranking_final: keep(2, all.ranking_final),
                decisions_told: keep(3, all.decisions_told),
                announced: keep(4, all.announced),
            };
            let (first, second) = (hours[0].min(hours[1]), hours[0].max(hours[1]));
            let earlier = stage(design, &acts, start + Duration::hours(first));
            let later = stage(design, &acts, start + Duration::hours(second));
            prop_assert!(earlier <= later, "{earlier:?} then {later:?}");
        }
    }
}
