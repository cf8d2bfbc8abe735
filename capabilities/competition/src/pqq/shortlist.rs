//! The shortlist: what the group proposes, what the regions say to it, what the group answers; a region changes no mark, and an outcome turns at most once.

use std::collections::BTreeSet;

use hiec_kernel::{PersonId, Timestamp};
use serde::{Deserialize, Serialize};

use super::rules::{Judging, Mark, Member, Outcome, PqqRefusal};
use crate::calls::design::PqqTest;
use crate::calls::stages::Deadline;

/// Before the regions.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Proposed {
    pub judged: Judging,
    pub outcome: Outcome,
    pub at: Timestamp,
    pub words: Vec<RegionalWord>,
}

/// What a region said, and what the group answered.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RegionalWord {
    /// Code of the region.
    pub region: String,
    pub by: PersonId,
    pub at: Timestamp,
    /// Absent when the region confirms.
    pub challenge: Option<Challenge>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Challenge {
    pub grounds: String,
    pub answer: Option<GroupAnswer>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct GroupAnswer {
    /// Whether the outcome was changed to the other one.
    pub upheld: bool,
    pub reason: String,
    pub by: PersonId,
    pub at: Timestamp,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Final {
    pub proposed: Proposed,
    pub outcome: Outcome,
    /// Regions that said nothing in their time.
    pub silent: Vec<String>,
    pub at: Timestamp,
}

impl Proposed {
    pub fn confirm(
        self,
        region: &str,
        regions: &BTreeSet<String>,
        by: PersonId,
        closes: Option<Deadline>,
        now: Timestamp,
    ) -> Result<Self, PqqRefusal> {
        self.speak(region, regions, by, None, closes, now)
    }

    pub fn challenge(
        self,
        region: &str,
        regions: &BTreeSet<String>,
        by: PersonId,
        grounds: &str,
        closes: Option<Deadline>,
        now: Timestamp,
    ) -> Result<Self, PqqRefusal> {
        if grounds.trim().is_empty() {
            return Err(PqqRefusal::NoGrounds);
        }
        let challenge = Challenge { grounds: grounds.trim().to_owned(), answer: None };
        self.speak(region, regions, by, Some(challenge), closes, now)
    }

    fn speak(
        mut self,
        region: &str,
        regions: &BTreeSet<String>,
        by: PersonId,
        challenge: Option<Challenge>,
        closes: Option<Deadline>,
        now: Timestamp,
    ) -> Result<Self, PqqRefusal> {
        let region = region.to_owned();
        if !regions.contains(&region) {
            return Err(PqqRefusal::OtherRegion { region });
        }
        if self.words.iter().any(|word| word.region == region) {
            return Err(PqqRefusal::SpokenAlready { region });
        }
        if let Some(closes) = closes.filter(|closes| !closes.admits(now)) {
            return Err(PqqRefusal::TooLate { countdown: closes.countdown(now) });
        }
        self.words.push(RegionalWord { region, by, at: now, challenge });
        Ok(self)
    }

    /// The group answers a challenge. Upholding it changes the outcome, once: two regions cannot turn it forth and back.
    pub fn answer(
        mut self,
        region: &str,
        upheld: bool,
        reason: &str,
        by: Member,
        now: Timestamp,
    ) -> Result<Self, PqqRefusal> {
        if by.is_interested {
            return Err(PqqRefusal::Interested);
        }
        if reason.trim().is_empty() {
            return Err(PqqRefusal::NoReason);
        }
        let is_changed = self.is_changed();
        let region = region.to_owned();
        let challenge =
            self.words.iter_mut().find(|word| word.region == region).and_then(|word| word.challenge.as_mut());
        let Some(challenge) = challenge else {
            return Err(PqqRefusal::NothingToAnswer { region });
        };
        if challenge.answer.is_some() {
            return Err(PqqRefusal::AnsweredAlready { region });
        }
        if upheld && is_changed {
            return Err(PqqRefusal::ChangedAlready { region });
        }
        challenge.answer = Some(GroupAnswer { upheld, reason: reason.trim().to_owned(), by: by.person, at: now });
        Ok(self)
    }

    /// Closes the matter: every region has spoken or let its time pass, and every challenge is answered.
    pub fn finalise(
        self,
        regions: &BTreeSet<String>,
        closes: Option<Deadline>,
        now: Timestamp,
    ) -> Result<Final, Vec<PqqRefusal>> {
        let silent: Vec<String> =
            regions.iter().filter(|region| !self.words.iter().any(|word| word.region == **region)).cloned().collect();
        let unanswered = self
            .words
            .iter()
            .filter(|word| word.challenge.as_ref().is_some_and(|c| c.answer.is_none()))
            .map(|word| PqqRefusal::NotAnswered { region: word.region.clone() });
        let still_open = closes.filter(|closes| closes.admits(now)).map(|closes| {
            silent
                .iter()
                .map(move |region| PqqRefusal::StillOpen { region: region.clone(), countdown: closes.countdown(now) })
        });
        let refusals: Vec<PqqRefusal> = unanswered.chain(still_open.into_iter().flatten()).collect();
        if !refusals.is_empty() {
            return Err(refusals);
        }
        Ok(Final { outcome: self.outcome_now(), proposed: self, silent, at: now })
    }

    /// The outcome with the challenges upheld so far.
    pub fn outcome_now(&self) -> Outcome {
        match (self.is_changed(), self.outcome) {
            (false, outcome) => outcome,
            (true, Outcome::Shortlisted) => Outcome::NotShortlisted,
            (true, Outcome::NotShortlisted) => Outcome::Shortlisted,
        }
    }

    fn is_changed(&self) -> bool {
        self.answers().any(|(_, _, answer)| answer.upheld)
    }

    fn answers(&self) -> impl Iterator<Item = (&str, &Challenge, &GroupAnswer)> {
        self.words.iter().filter_map(|word| {
            let challenge = word.challenge.as_ref()?;
            Some((word.region.as_str(), challenge, challenge.answer.as_ref()?))
        })
    }
}

/// What a bidder is told: the outcome, each test with the group's reason, and any challenge with its answer. No member is named.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Notice {
    pub outcome: Outcome,
    pub tests: Vec<NoticeTest>,
    pub challenges: Vec<NoticeChallenge>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct NoticeTest {
    pub name: String,
    pub mark: Mark,
    pub reason: String,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct NoticeChallenge {
    pub region: String,
    pub grounds: String,
    pub upheld: bool,
    pub answer: String,
}

impl Final {
    pub fn notice(&self, tests: &[PqqTest]) -> Notice {
        let judged = &self.proposed.judged;
        Notice {
            outcome: self.outcome,
            tests: tests
                .iter()
                .filter_map(|test| {
                    let decision = judged.decision(&test.key)?;
                    Some(NoticeTest { name: test.name.clone(), mark: decision.mark, reason: decision.reason.clone() })
                })
                .collect(),
            challenges: self
                .proposed
                .answers()
                .map(|(region, challenge, answer)| NoticeChallenge {
                    region: region.to_owned(),
                    grounds: challenge.grounds.clone(),
                    upheld: answer.upheld,
                    answer: answer.reason.clone(),
                })
                .collect(),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pqq::rules::PqqState;
    use crate::pqq::rules::tests::{at, closes, judged, member, now, regions, tests};

    pub fn proposed(mark: Mark) -> Proposed {
        judged(Mark::Pass, mark).propose(tests(), now()).unwrap()
    }

    #[test]
    fn an_upheld_challenge_changes_the_outcome_once() {
        let both = regions(&["EoE", "LON"]);
        let by = member(9).person;
        let challenged = proposed(Mark::Pass)
            .challenge("LON", &both, by, "No dialogue was held", closes(), now())
            .and_then(|p| p.challenge("EoE", &both, by, "Same grounds", closes(), now()))
            .unwrap();
        assert!(matches!(
            challenged.clone().finalise(&both, closes(), now()).unwrap_err()[..],
            [PqqRefusal::NotAnswered { .. }, PqqRefusal::NotAnswered { .. }]
        ));
        let upheld = challenged.answer("LON", true, "They are right", member(1), now()).unwrap();
        assert!(matches!(
            upheld.clone().answer("EoE", true, "Also", member(1), now()),
            Err(PqqRefusal::ChangedAlready { .. })
        ));
        let done = upheld
            .answer("EoE", false, "Met by the other answer", member(1), now())
            .unwrap()
            .finalise(&both, closes(), now())
            .unwrap();
        assert_eq!(done.outcome, Outcome::NotShortlisted);
        assert_eq!(done.proposed.outcome, Outcome::Shortlisted, "what was proposed stays beside");
        let notice = done.notice(tests());
        assert_eq!(notice.tests.len(), 2);
        assert_eq!(notice.challenges[0].grounds, "No dialogue was held");
        let json = serde_json::to_string(&notice).unwrap();
        assert!(!json.contains(&member(1).person.to_string()) && !json.contains(&by.to_string()));
        assert!(!PqqState::Final(done).may_bid());
    }

    #[test]
    fn a_region_speaks_once_in_time_for_its_own_bids_and_with_grounds() {
        let london = regions(&["LON"]);
        let by = member(9).person;
        let p = || proposed(Mark::Pass);
        assert!(matches!(p().confirm("NW", &london, by, closes(), now()), Err(PqqRefusal::OtherRegion { .. })));
        assert_eq!(p().challenge("LON", &london, by, " ", closes(), now()), Err(PqqRefusal::NoGrounds));
        let late = at("2009-09-18 17:00");
        assert!(matches!(p().confirm("LON", &london, by, closes(), late), Err(PqqRefusal::TooLate { .. })));
        let once = p().confirm("LON", &london, by, closes(), now()).unwrap();
        assert!(matches!(
            once.clone().challenge("LON", &london, by, "On reflection", closes(), now()),
            Err(PqqRefusal::SpokenAlready { .. })
        ));
        assert!(matches!(once.answer("LON", false, "No", member(1), now()), Err(PqqRefusal::NothingToAnswer { .. })));
        assert!(matches!(p().finalise(&london, closes(), now()).unwrap_err()[..], [PqqRefusal::StillOpen { .. }]));
        assert_eq!(p().finalise(&london, closes(), late).unwrap().silent, ["LON"]);
    }

    proptest! {
        #[test]
        fn nobody_is_shortlisted_with_a_failed_test_and_no_upheld_challenge(
            marks in prop::collection::vec(any::<bool>(), 2), upheld in any::<bool>(), challenge in any::<bool>()
        ) {
            let mark = |passes: bool| if passes { Mark::Pass } else { Mark::Fail };
            let london = regions(&["LON"]);
            let by = member(9).person;
            let mut p = judged(mark(marks[0]), mark(marks[1])).propose(tests(), now()).unwrap();
            if challenge {
                p = p.challenge("LON", &london, by, "Grounds", closes(), now()).unwrap()
                    .answer("LON", upheld, "Reason", member(1), now()).unwrap();
            } else {
                p = p.confirm("LON", &london, by, closes(), now()).unwrap();
            }
            let done = p.finalise(&london, closes(), now()).unwrap();
            let passes = marks.iter().all(|passes| *passes);
            let changed = challenge && upheld;
            prop_assert_eq!(done.outcome == Outcome::Shortlisted, passes != changed);
        }
    }
}
