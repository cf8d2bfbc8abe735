//! A site's steps with an innovation; taking one consumes the history and gives the next, or the history back with why not. It must never hold a step without evidence.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;

use super::Stage;

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub stage: Stage,
    /// The day the site was there.
    pub on: NaiveDate,
    /// The id of what shows it: an observation, a document, a note of a visit.
    pub evidence: String,
}

/// All steps of one site, in order of time; at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    first: Step,
    later: Vec<Step>,
}

/// What the installation holds a step to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// How many days a site must have done it before it counts as sustained.
    pub sustained_after_days: u32,
}

impl Default for Rules {
    /// A year.
    fn default() -> Self {
        Self { sustained_after_days: 365 }
    }
}

/// A step not taken, and the history as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// None where the step would have been the first.
    pub history: Option<History>,
    pub reasons: Vec<Reason>,
}

/// Why a step was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// No way leads there from the stage the site is at.
    NoWay { from: Stage, to: Stage },
    /// No history begins there.
    NoBeginning { stage: Stage },
    /// The site was at its stage later than this.
    BeforeLast { last: NaiveDate },
    /// Nothing shows it.
    NoEvidence,
    /// It has not been done for long enough to be called sustained.
    TooSoon { days: i64, needed: u32 },
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NoWay { from, to } => write!(f, "a site does not go from {from} to {to}"),
            Self::NoBeginning { stage } => {
                write!(f, "a history does not begin with {stage}: say first when it was adopted")
            }
            Self::BeforeLast { last } => write!(f, "its last step was on {last}: this one cannot be earlier"),
            Self::NoEvidence => f.write_str("say what shows it"),
            Self::TooSoon { days, needed } => {
                write!(f, "it has been done for {days} days: {needed} are needed to call it sustained")
            }
        }
    }
}

impl History {
    /// The first step that is known.
    ///
    /// # Errors
    /// A stage no history begins with; no evidence.
    pub fn begin(first: Step) -> Result<Self, Box<Refused>> {
        let mut reasons = Vec::new();
        if !Stage::FIRST.contains(&first.stage) {
            reasons.push(Reason::NoBeginning { stage: first.stage });
        }
        reasons.extend(without_evidence(&first));
        if reasons.is_empty() {
            Ok(Self { first, later: Vec::new() })
        } else {
            Err(Box::new(Refused { history: None, reasons }))
        }
    }

    /// The history with one more step.
    ///
    /// # Errors
    /// The history back, with every reason why the step cannot be taken.
    pub fn step(mut self, step: Step, rules: Rules) -> Result<Self, Box<Refused>> {
        let last = self.last();
        let mut reasons = Vec::new();
        if !last.stage.next().contains(&step.stage) {
            reasons.push(Reason::NoWay { from: last.stage, to: step.stage });
        }
        if step.on < last.on {
            reasons.push(Reason::BeforeLast { last: last.on });
        }
        if step.stage == Stage::Sustained && last.stage == Stage::Adopted {
            let days = step.on.signed_duration_since(last.on).num_days();
            if days < i64::from(rules.sustained_after_days) {
                reasons.push(Reason::TooSoon { days, needed: rules.sustained_after_days });
            }
        }
        reasons.extend(without_evidence(&step));
        if !reasons.is_empty() {
            return Err(Box::new(Refused { history: Some(self), reasons }));
        }
        self.later.push(step);
        Ok(self)
    }

    /// The steps, in order of time.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        core::iter::once(&self.first).chain(&self.later)
    }

    /// Where the site is now.
    pub fn stage(&self) -> Stage {
        self.last().stage
    }

    /// Where the site was by the end of a day; none before its first step.
    pub fn stage_on(&self, day: NaiveDate) -> Option<Stage> {
        self.steps().take_while(|step| step.on <= day).last().map(|step| step.stage)
    }

    /// The day it was first adopted.
    pub fn first_adopted_on(&self) -> Option<NaiveDate> {
        self.steps().find(|step| step.stage == Stage::Adopted).map(|step| step.on)
    }

    /// Times of use: from each adoption to its end, if it ended.
    pub fn uses(&self) -> Vec<(NaiveDate, Option<NaiveDate>)> {
        let mut uses: Vec<(NaiveDate, Option<NaiveDate>)> = Vec::new();
        for step in self.steps() {
            match step.stage {
                Stage::Adopted => uses.push((step.on, None)),
                Stage::Abandoned => {
                    uses.iter_mut().filter(|(_, end)| end.is_none()).for_each(|(_, end)| *end = Some(step.on))
                }
                Stage::Aware | Stage::Trial | Stage::Sustained => {}
            }
        }
        uses
    }

    fn last(&self) -> &Step {
        self.later.last().unwrap_or(&self.first)
    }
}

fn without_evidence(step: &Step) -> Option<Reason> {
    step.evidence.trim().is_empty().then_some(Reason::NoEvidence)
}

#[cfg(test)]
mod tests {
    use alloc::borrow::ToOwned;

    use super::*;

    fn on(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn step(stage: Stage, on: NaiveDate) -> Step {
        Step { stage, on, evidence: "visit-1".to_owned() }
    }

    #[test]
    fn a_site_adopts_sustains_abandons_and_comes_back() {
        let rules = Rules::default();
        let history = History::begin(step(Stage::Aware, on(2010, 4, 1)))
            .and_then(|history| history.step(step(Stage::Trial, on(2010, 6, 1)), rules))
            .and_then(|history| history.step(step(Stage::Adopted, on(2010, 9, 1)), rules))
            .and_then(|history| history.step(step(Stage::Sustained, on(2011, 9, 1)), rules))
            .and_then(|history| history.step(step(Stage::Abandoned, on(2012, 3, 1)), rules))
            .and_then(|history| history.step(step(Stage::Adopted, on(2013, 1, 1)), rules))
            .unwrap();
        assert_eq!(history.stage(), Stage::Adopted);
        assert_eq!(history.stage_on(on(2010, 3, 31)), None);
        assert_eq!(history.stage_on(on(2010, 9, 1)), Some(Stage::Adopted));
        assert_eq!(history.stage_on(on(2012, 12, 31)), Some(Stage::Abandoned));
        assert_eq!(history.first_adopted_on(), Some(on(2010, 9, 1)));
        assert_eq!(history.uses(), [(on(2010, 9, 1), Some(on(2012, 3, 1))), (on(2013, 1, 1), None)]);
    }

    #[test]
    fn a_step_that_cannot_be_gives_the_history_back_with_every_reason() {
        let history = History::begin(step(Stage::Adopted, on(2010, 4, 1))).unwrap();
        let early = Step { stage: Stage::Trial, on: on(2010, 3, 1), evidence: " ".to_owned() };
        let refused = history.clone().step(early, Rules::default()).unwrap_err();
        assert_eq!(refused.history.as_ref(), Some(&history));
        assert_eq!(
            refused.reasons,
            [
                Reason::NoWay { from: Stage::Adopted, to: Stage::Trial },
                Reason::BeforeLast { last: on(2010, 4, 1) },
                Reason::NoEvidence,
            ]
        );
        let soon = history.step(step(Stage::Sustained, on(2010, 10, 1)), Rules::default()).unwrap_err();
        assert_eq!(soon.reasons, [Reason::TooSoon { days: 183, needed: 365 }]);
    }

    #[test]
    fn no_history_begins_at_its_end() {
        let refused = History::begin(step(Stage::Sustained, on(2010, 4, 1))).unwrap_err();
        assert_eq!(
            (refused.history, refused.reasons),
            (None, Vec::from([Reason::NoBeginning { stage: Stage::Sustained }]))
        );
    }
}
