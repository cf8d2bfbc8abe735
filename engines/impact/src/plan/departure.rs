//! Where an analysis departs from its plan, one by one; it must never call a departure small.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;

use super::{Analysis, Frozen};
use crate::verdict::Design;

/// One departure.
#[derive(Debug, Clone, PartialEq)]
pub enum Departure {
    /// The plan was frozen when the start had come.
    FrozenAfterStart {
        frozen: NaiveDate,
        start: NaiveDate,
    },
    /// Another measure.
    Outcome {
        planned: String,
        run: String,
    },
    Design {
        planned: Design,
        run: Design,
    },
    /// Planned as treated, and not there.
    TreatedLeftOut(Vec<String>),
    /// Treated, and not planned.
    TreatedAdded(Vec<String>),
    ComparatorsLeftOut(Vec<String>),
    ComparatorsAdded(Vec<String>),
    /// Another first period after the start.
    FirstPeriod {
        planned: f64,
        run: Option<f64>,
    },
    /// A bar of another height.
    Bar,
}

impl Departure {
    pub(super) fn between(frozen: &Frozen, analysis: &Analysis) -> Vec<Self> {
        let plan = frozen.plan();
        let mut departures = Vec::new();
        if !frozen.is_registered_before_the_start() {
            departures.push(Self::FrozenAfterStart { frozen: frozen.frozen_on(), start: plan.start });
        }
        if plan.outcome != analysis.outcome {
            departures.push(Self::Outcome { planned: plan.outcome.clone(), run: analysis.outcome.clone() });
        }
        if plan.design != analysis.design {
            departures.push(Self::Design { planned: plan.design, run: analysis.design });
        }
        for (names, departure) in [
            (missing(&plan.treated, &analysis.treated), Self::TreatedLeftOut as fn(Vec<String>) -> Self),
            (missing(&analysis.treated, &plan.treated), Self::TreatedAdded),
            (missing(&plan.comparators, &analysis.comparators), Self::ComparatorsLeftOut),
            (missing(&analysis.comparators, &plan.comparators), Self::ComparatorsAdded),
        ] {
            if !names.is_empty() {
                departures.push(departure(names));
            }
        }
        if analysis.first_period != Some(plan.first_period) {
            departures.push(Self::FirstPeriod { planned: plan.first_period, run: analysis.first_period });
        }
        if plan.bar != analysis.bar {
            departures.push(Self::Bar);
        }
        departures
    }
}

/// Names of the one that the other lacks.
fn missing(from: &[String], other: &[String]) -> Vec<String> {
    from.iter().filter(|name| !other.contains(name)).cloned().collect()
}

impl fmt::Display for Departure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FrozenAfterStart { frozen, start } => {
                write!(
                    f,
                    "the plan was frozen on {frozen}, when the start of {start} had come: it is no pre-registration"
                )
            }
            Self::Outcome { planned, run } => write!(f, "the plan's outcome is {planned}; the analysis has {run}"),
            Self::Design { planned, run } => write!(f, "the plan's design is {planned}; the analysis is {run}"),
            Self::TreatedLeftOut(units) => write!(f, "planned as treated and left out: {}", units.join(", ")),
            Self::TreatedAdded(units) => write!(f, "treated without being planned: {}", units.join(", ")),
            Self::ComparatorsLeftOut(units) => write!(f, "planned as comparators and left out: {}", units.join(", ")),
            Self::ComparatorsAdded(units) => write!(f, "compared with without being planned: {}", units.join(", ")),
            Self::FirstPeriod { planned, run: Some(run) } => {
                write!(f, "the plan's first period after the start is {planned}; the analysis has {run}")
            }
            Self::FirstPeriod { planned, run: None } => {
                write!(f, "the plan's first period after the start is {planned}; the analysis has none")
            }
            Self::Bar => f.write_str("the bar is not the planned one"),
        }
    }
}

impl fmt::Display for Design {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InterruptedSeries => "an interrupted time series",
            Self::Differences => "a difference in differences",
            Self::StaggeredDifferences => "a difference in differences with several starts",
            Self::SyntheticControl => "a synthetic control",
        })
    }
}

#[cfg(test)]
mod tests {
    use alloc::borrow::ToOwned;
    use alloc::string::ToString;

    use super::super::{Plan, Shortfall};
    use super::*;
    use crate::verdict::Bar;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2010, 4, day).unwrap()
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    fn plan() -> Plan {
        Plan {
            outcome: "niv-in-3-hours".to_owned(),
            design: Design::Differences,
            treated: names(&["A", "B"]),
            comparators: names(&["C", "D"]),
            start: day(20),
            first_period: 13.0,
            bar: Bar::default(),
            written_on: day(1),
        }
    }

    fn analysis() -> Analysis {
        Analysis {
            outcome: "niv-in-3-hours".to_owned(),
            design: Design::Differences,
            treated: names(&["B", "A"]),
            comparators: names(&["D", "C"]),
            first_period: Some(13.0),
            bar: Bar::default(),
        }
    }

    #[test]
    fn an_analysis_that_follows_its_plan_departs_nowhere() {
        let frozen = plan().freeze(day(2)).unwrap();
        assert!(frozen.is_registered_before_the_start());
        assert_eq!(frozen.departures(&analysis()), []);
    }

    #[test]
    fn every_departure_is_named() {
        let frozen = plan().freeze(day(20)).unwrap();
        let run = Analysis {
            outcome: "deaths".to_owned(),
            design: Design::SyntheticControl,
            treated: names(&["A"]),
            comparators: names(&["C", "D", "E"]),
            first_period: Some(14.0),
            bar: Bar { confidence: 0.8, ..Bar::default() },
        };
        let told: Vec<String> = frozen.departures(&run).iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "the plan was frozen on 2010-04-20, when the start of 2010-04-20 had come: it is no pre-registration",
                "the plan's outcome is niv-in-3-hours; the analysis has deaths",
                "the plan's design is a difference in differences; the analysis is a synthetic control",
                "planned as treated and left out: B",
                "compared with without being planned: E",
                "the plan's first period after the start is 13; the analysis has 14",
                "the bar is not the planned one",
            ]
        );
    }

    #[test]
    fn a_plan_with_holes_comes_back_with_all_of_them() {
        let holes = Plan {
            outcome: " ".to_owned(),
            treated: names(&["A", "A"]),
            comparators: Vec::new(),
            first_period: f64::NAN,
            bar: Bar { confidence: 95.0, ..Bar::default() },
            ..plan()
        };
        let unfinished = holes.freeze(NaiveDate::from_ymd_opt(2010, 3, 31).unwrap()).unwrap_err();
        assert_eq!(unfinished.plan.treated, ["A", "A"]);
        assert_eq!(
            unfinished.shortfalls,
            [
                Shortfall::NoOutcome,
                Shortfall::NoComparators,
                Shortfall::NoFirstPeriod,
                Shortfall::NoConfidence,
                Shortfall::FrozenBeforeWritten,
                Shortfall::NamedTwice("A".to_owned()),
            ]
        );
        let series = Plan { design: Design::InterruptedSeries, ..plan() };
        assert_eq!(series.freeze(day(2)).unwrap_err().shortfalls, [Shortfall::NotOneSeries]);
    }
}
