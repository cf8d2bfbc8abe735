//! Cycles of plan, do, study, act: each step consumes the one before and keeps what was said then. It knows no web and no SQL.

use chrono::NaiveDate;
use hiec_kernel::closed_list;
use serde::{Deserialize, Serialize};

closed_list! {
    /// What is done with a change once it was studied.
    Decision {
        Adopt = "adopt", "Adopt: do it as a matter of course";
        Adapt = "adapt", "Adapt: change it and try again";
        Abandon = "abandon", "Abandon: stop it";
    }
}

/// What was said at a step, and when.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Said {
    pub words: String,
    pub on: NaiveDate,
}

/// Planned, not begun.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Planned {
    pub plan: Said,
}

/// The change is being tried.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Doing {
    pub plan: Said,
    pub doing: Said,
}

/// What came of it is known.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Studied {
    pub plan: Said,
    pub doing: Said,
    pub study: Said,
}

/// It is decided what follows. Nothing changes any more.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Acted {
    pub plan: Said,
    pub doing: Said,
    pub study: Said,
    pub act: Said,
    pub decision: Decision,
}

/// A cycle.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Cycle {
    Planned(Planned),
    Doing(Doing),
    Studied(Studied),
    Acted(Acted),
}

/// Why a step is not taken.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NoStep {
    #[error("Say what is to be recorded")]
    NoWords,
    #[error("The day lies before the step before it, of {0}")]
    BeforeLast(NaiveDate),
    #[error("Decide what follows: adopt, adapt or abandon")]
    NoDecision,
    #[error("This cycle has ended: plan a new one")]
    HasEnded,
}

fn said(words: &str, on: NaiveDate, after: Option<NaiveDate>) -> Result<Said, NoStep> {
    match (words.trim(), after) {
        ("", _) => Err(NoStep::NoWords),
        (_, Some(after)) if on < after => Err(NoStep::BeforeLast(after)),
        (words, _) => Ok(Said { words: words.to_owned(), on }),
    }
}

impl Planned {
    pub fn new(plan: &str, on: NaiveDate) -> Result<Self, NoStep> {
        Ok(Self { plan: said(plan, on, None)? })
    }

    pub fn begin(self, what: &str, on: NaiveDate) -> Result<Doing, NoStep> {
        let doing = said(what, on, Some(self.plan.on))?;
        Ok(Doing { plan: self.plan, doing })
    }
}

impl Doing {
    pub fn study(self, found: &str, on: NaiveDate) -> Result<Studied, NoStep> {
        let study = said(found, on, Some(self.doing.on))?;
        Ok(Studied { plan: self.plan, doing: self.doing, study })
    }
}

impl Studied {
    pub fn act(self, decision: Decision, words: &str, on: NaiveDate) -> Result<Acted, NoStep> {
        let act = said(words, on, Some(self.study.on))?;
        Ok(Acted { plan: self.plan, doing: self.doing, study: self.study, act, decision })
    }
}

impl Cycle {
    /// The step that comes next, whichever it is. The decision counts only for the last.
    pub fn step(self, words: &str, on: NaiveDate, decision: Option<Decision>) -> Result<Self, NoStep> {
        match self {
            Self::Planned(cycle) => cycle.begin(words, on).map(Self::Doing),
            Self::Doing(cycle) => cycle.study(words, on).map(Self::Studied),
            Self::Studied(cycle) => cycle.act(decision.ok_or(NoStep::NoDecision)?, words, on).map(Self::Acted),
            Self::Acted(_) => Err(NoStep::HasEnded),
        }
    }

    /// Where it stands, in a word.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Planned(_) => "Planned",
            Self::Doing(_) => "Being tried",
            Self::Studied(_) => "Studied",
            Self::Acted(cycle) => match cycle.decision {
                Decision::Adopt => "Adopted",
                Decision::Adapt => "To be adapted",
                Decision::Abandon => "Abandoned",
            },
        }
    }

    /// What the next step asks for; nothing after the last.
    pub fn next(&self) -> Option<&'static str> {
        match self {
            Self::Planned(_) => Some("Do: what is tried, and where"),
            Self::Doing(_) => Some("Study: what came of it"),
            Self::Studied(_) => Some("Act: what follows"),
            Self::Acted(_) => None,
        }
    }

    /// Its steps so far: what each is called and what was said.
    pub fn steps(&self) -> Vec<(&'static str, &Said)> {
        let (plan, doing, study, act) = match self {
            Self::Planned(cycle) => (&cycle.plan, None, None, None),
            Self::Doing(cycle) => (&cycle.plan, Some(&cycle.doing), None, None),
            Self::Studied(cycle) => (&cycle.plan, Some(&cycle.doing), Some(&cycle.study), None),
            Self::Acted(cycle) => (&cycle.plan, Some(&cycle.doing), Some(&cycle.study), Some(&cycle.act)),
        };
        [("Plan", Some(plan)), ("Do", doing), ("Study", study), ("Act", act)]
            .into_iter()
            .filter_map(|(name, said)| said.map(|said| (name, said)))
            .collect()
    }

    /// The first and last day something was tried: what shows on a chart.
    pub fn tried(&self) -> Option<(NaiveDate, Option<NaiveDate>)> {
        match self {
            Self::Planned(_) => None,
            Self::Doing(cycle) => Some((cycle.doing.on, None)),
            Self::Studied(cycle) => Some((cycle.doing.on, Some(cycle.study.on))),
            Self::Acted(cycle) => Some((cycle.doing.on, Some(cycle.study.on))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(nth: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2011, 5, nth).unwrap()
    }

    #[test]
    fn a_cycle_goes_from_plan_to_decision_and_keeps_every_word() {
        let cycle = Cycle::Planned(Planned::new("Review each c-section daily", day(1)).unwrap());
        let cycle = cycle.step("Two consultants for a week", day(2), None).unwrap();
        assert_eq!(cycle.tried(), Some((day(2), None)));
        let cycle = cycle.step("Nine of ten reviewed", day(9), None).unwrap();
        assert_eq!(cycle.clone().step("Keep it", day(10), None), Err(NoStep::NoDecision));
        let cycle = cycle.step("Keep it", day(10), Some(Decision::Adopt)).unwrap();
        assert_eq!(cycle.name(), "Adopted");
        let words: Vec<&str> = cycle.steps().iter().map(|(_, said)| said.words.as_str()).collect();
        assert_eq!(
            words,
            ["Review each c-section daily", "Two consultants for a week", "Nine of ten reviewed", "Keep it"]
        );
        assert_eq!(cycle.step("More", day(11), None), Err(NoStep::HasEnded));
    }

    #[test]
    fn steps_have_words_and_stand_in_order() {
        let planned = Planned::new("Try", day(5)).unwrap();
        assert_eq!(planned.clone().begin(" ", day(6)), Err(NoStep::NoWords));
        assert_eq!(planned.begin("Tried", day(4)), Err(NoStep::BeforeLast(day(5))));
    }
}
