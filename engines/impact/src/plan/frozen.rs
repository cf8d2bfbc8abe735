//! A plan, open while it is written and frozen when it is done; freezing must never let a hole through.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;

use super::{Analysis, Departure};
use crate::verdict::{Bar, Design};

/// A plan being written.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The measure, by the name or id the installation knows it by.
    pub outcome: String,
    pub design: Design,
    /// Units to be treated.
    pub treated: Vec<String>,
    /// Units to compare with; none for a single series.
    pub comparators: Vec<String>,
    /// The day it begins.
    pub start: NaiveDate,
    /// The first period that counts as after, on the scale of the data; of several starts the first.
    pub first_period: f64,
    /// How high the bar will be.
    pub bar: Bar,
    pub written_on: NaiveDate,
}

/// A plan that stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Frozen {
    plan: Plan,
    on: NaiveDate,
}

/// A plan that could not be frozen, as it was, with everything it lacks.
#[derive(Debug, Clone, PartialEq)]
pub struct Unfinished {
    pub plan: Plan,
    pub shortfalls: Vec<Shortfall>,
}

/// What a plan lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shortfall {
    NoOutcome,
    NoTreated,
    /// The design compares, and there is nobody to compare with.
    NoComparators,
    /// A single series is of one unit and has no comparators.
    NotOneSeries,
    /// A name that stands on both sides, or twice on one.
    NamedTwice(String),
    /// The first period is not a number.
    NoFirstPeriod,
    /// A confidence that does not lie between nought and one.
    NoConfidence,
    /// The day it was frozen lies before the day it was written.
    FrozenBeforeWritten,
}

impl fmt::Display for Shortfall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoOutcome => f.write_str("say which measure will be the outcome"),
            Self::NoTreated => f.write_str("name the units that will be treated"),
            Self::NoComparators => f.write_str("this design compares: name the units to compare with"),
            Self::NotOneSeries => f.write_str("a single series has one unit and no comparators"),
            Self::NamedTwice(unit) => write!(f, "{unit} is named twice"),
            Self::NoFirstPeriod => f.write_str("say which period is the first after the start"),
            Self::NoConfidence => f.write_str("a confidence lies between 0 and 1: 0.95 for 95%"),
            Self::FrozenBeforeWritten => f.write_str("a plan cannot be frozen before it was written"),
        }
    }
}

impl Plan {
    /// Freezes the plan on a day.
    ///
    /// # Errors
    /// The plan back, with everything it lacks.
    pub fn freeze(self, on: NaiveDate) -> Result<Frozen, Box<Unfinished>> {
        let shortfalls = self.shortfalls(on);
        match shortfalls.is_empty() {
            true => Ok(Frozen { plan: self, on }),
            false => Err(Box::new(Unfinished { plan: self, shortfalls })),
        }
    }

    fn shortfalls(&self, on: NaiveDate) -> Vec<Shortfall> {
        let compares = self.design != Design::InterruptedSeries;
        let between = |confidence: f64| confidence > 0.0 && confidence < 1.0;
        let mut shortfalls: Vec<Shortfall> = [
            (self.outcome.trim().is_empty(), Shortfall::NoOutcome),
            (self.treated.is_empty(), Shortfall::NoTreated),
            // Units that start later compare with those that started before; the others need somebody who never does.
            (
                self.comparators.is_empty() && compares && self.design != Design::StaggeredDifferences,
                Shortfall::NoComparators,
            ),
            (!compares && (self.treated.len() > 1 || !self.comparators.is_empty()), Shortfall::NotOneSeries),
            (!self.first_period.is_finite(), Shortfall::NoFirstPeriod),
            (!between(self.bar.confidence) || !between(self.bar.alone), Shortfall::NoConfidence),
            (on < self.written_on, Shortfall::FrozenBeforeWritten),
        ]
        .into_iter()
        .filter(|(lacks, _)| *lacks)
        .map(|(_, shortfall)| shortfall)
        .collect();
        let mut names: Vec<&String> = self.treated.iter().chain(&self.comparators).collect();
        names.sort();
        let mut twice: Vec<&String> = names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        twice.dedup();
        shortfalls.extend(twice.into_iter().cloned().map(Shortfall::NamedTwice));
        shortfalls
    }
}

impl Frozen {
    /// What stands in it.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The day it was frozen.
    pub fn frozen_on(&self) -> NaiveDate {
        self.on
    }

    /// Whether it stood before the start: only then could nobody have fitted it to the answer.
    pub fn is_registered_before_the_start(&self) -> bool {
        self.on < self.plan.start
    }

    /// Where an analysis departs from the plan; nowhere where it follows it.
    pub fn departures(&self, analysis: &Analysis) -> Vec<Departure> {
        Departure::between(self, analysis)
    }
}
