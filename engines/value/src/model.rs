//! What was put into a piece of work and what came of it; it must never be answered before it is checked.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::input::{End, NotUsable};
use crate::{Acceleration, Input, Outcome, RateTable};

/// More years than this are refused: no rate table means anything there.
pub const LONGEST: u32 = 1_000;

/// A whole model.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    pub name: String,
    pub convention: Convention,
    pub rates: RateTable,
    pub costs: Vec<Cost>,
    pub outcomes: Vec<Outcome>,
    pub accelerations: Vec<Acceleration>,
}

/// When the first year of an outcome is, unless it says so itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Convention {
    /// The social return's: costs now, the first year's outcome one year ahead, discounted once.
    SocialReturn,
    /// The Green Book's: the first year is year 0, not discounted.
    GreenBook,
}

/// Something put in, so many years ahead.
#[derive(Debug, Clone, PartialEq)]
pub struct Cost {
    pub name: String,
    pub year: u32,
    /// In pence.
    pub amount: Input,
    pub paid_by: PaidBy,
}

/// Whose money it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaidBy {
    /// The public purse: below the line of the benefit–cost ratio.
    Public,
    /// Others, in money or in kind: an input of the social return, a loss among the benefits of the benefit–cost ratio.
    Other,
}

impl Convention {
    /// Years ahead of an outcome's first year.
    pub const fn first_year(self) -> u32 {
        match self {
            Self::SocialReturn => 1,
            Self::GreenBook => 0,
        }
    }

    /// What it is called.
    pub const fn words(self) -> &'static str {
        match self {
            Self::SocialReturn => "social return: first year's outcomes discounted once",
            Self::GreenBook => "Green Book: first year is year 0",
        }
    }
}

/// Amounts beyond this, in pence, are mistakes of typing: a hundred trillion pounds.
const LARGEST: f64 = 1e16;

impl Model {
    /// Everything that is wrong with it, in order; nothing where it can be answered.
    pub fn problems(&self) -> Vec<NotUsable> {
        let mut problems = Vec::new();
        let mut refuse = |place: String, reason: &str| problems.push(NotUsable { place, reason: reason.to_string() });
        if let Some(reason) = self.rates.problem() {
            refuse(format!("discount rates {}", self.rates.name), &reason);
        }
        if self.costs.is_empty() {
            refuse("costs".to_string(), "name at least one thing that was put in");
        }
        for cost in &self.costs {
            let place = || format!("cost {}", cost.name);
            if !cost.amount.is_within(0.0, LARGEST) {
                refuse(place(), "an amount must be at least 0 and no more than a hundred trillion pounds");
            }
            if cost.year > LONGEST {
                refuse(place(), "a year must be at most 1,000 ahead");
            }
        }
        for outcome in &self.outcomes {
            for (input, reason) in outcome_problems(outcome) {
                refuse(format!("outcome {}, {input}", outcome.name), reason);
            }
        }
        for acceleration in &self.accelerations {
            let place = |input: &str| format!("acceleration {}, {input}", acceleration.name);
            if !acceleration.per_quarter.is_within(-LARGEST, LARGEST) {
                refuse(place("value of a quarter"), "this is more than anything is worth");
            }
            if !acceleration.sooner.is_within(0.0, f64::from(LONGEST * 4)) {
                refuse(place("quarters sooner"), "it must be at least 0 quarters and at most 4,000");
            }
            if acceleration.horizon == 0 || acceleration.horizon > LONGEST * 4 {
                refuse(place("horizon"), "it must be 1 to 4,000 quarters");
            }
        }
        problems
    }

    /// An outcome's present value in pence with its inputs at given ends.
    pub(crate) fn worth(&self, outcome: &Outcome, ends: [End; 6]) -> f64 {
        outcome.worth(&self.rates, self.convention.first_year(), ends)
    }

    pub(crate) fn cost(&self, cost: &Cost, end: End) -> f64 {
        cost.amount.at(end) * self.rates.factor(f64::from(cost.year))
    }

    /// Inputs in doubt, or shares taken off, that give no reason.
    pub fn without_reason(&self) -> Vec<String> {
        let needs = |input: &Input, is_share: bool| {
            input.why().is_none() && (input.is_range() || (is_share && input.central() > 0.0))
        };
        let mut found = Vec::new();
        for outcome in &self.outcomes {
            for ((at, name), input) in crate::outcome::INPUTS.iter().enumerate().zip(outcome.inputs()) {
                if needs(input, at >= 2) {
                    found.push(format!("{}: {name}", outcome.name));
                }
            }
        }
        for acceleration in &self.accelerations {
            for (name, input) in crate::acceleration::INPUTS.iter().zip(acceleration.inputs()) {
                if needs(input, true) {
                    found.push(format!("{}: {name}", acceleration.name));
                }
            }
        }
        for cost in self.costs.iter().filter(|cost| needs(&cost.amount, false)) {
            found.push(format!("{}: amount", cost.name));
        }
        found
    }
}

fn outcome_problems(outcome: &Outcome) -> Vec<(&'static str, &'static str)> {
    let mut problems = Vec::new();
    for (name, input) in crate::outcome::INPUTS.into_iter().zip(outcome.inputs()) {
        let (is_usable, reason) = match name {
            "quantity" => (input.is_within(0.0, 1e12), "it must be at least 0, and no more than a trillion"),
            "proxy" => (input.is_within(-LARGEST, LARGEST), "this is more than anything is worth"),
            _ => (input.is_within(0.0, 1.0), "it must be a share from 0 to 1: write 0.2 for 20%"),
        };
        if !is_usable {
            problems.push((name, reason));
        }
    }
    if outcome.years == 0 || outcome.years > LONGEST {
        problems.push(("years", "it must last 1 to 1,000 years"));
    }
    if outcome.starts.is_some_and(|year| year > LONGEST) {
        problems.push(("starts", "a year must be at most 1,000 ahead"));
    }
    problems
}
