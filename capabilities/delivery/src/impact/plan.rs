//! A plan for telling what would have happened anyway: written, frozen with its fingerprint, never changed. It knows no web and no SQL.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use hiec_impact::plan::{Frozen as EnginePlan, Plan as EngineDraft};
use hiec_impact::verdict::{Bar, Design as EngineDesign};
use hiec_kernel::{Fingerprint, closed_list};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

closed_list! {
    /// How it is to be found out.
    Design {
        Series = "series", "One series against its own trend before (interrupted time series)";
        Differences = "differences", "Sites against others, before and after (difference in differences)";
        Staggered = "staggered", "Sites that begin at different times, against those that have not begun yet (staggered differences)";
        Control = "control", "Sites against a mix of others that moved alike before (synthetic control)";
    }
}

impl Design {
    pub fn engine(self) -> EngineDesign {
        match self {
            Self::Series => EngineDesign::InterruptedSeries,
            Self::Differences => EngineDesign::Differences,
            Self::Staggered => EngineDesign::StaggeredDifferences,
            Self::Control => EngineDesign::SyntheticControl,
        }
    }
}

/// What a plan says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Draft {
    pub title: String,
    /// What is to be done, to whom.
    pub what: String,
    /// The outcome as within a sentence: "the share seen within three hours".
    pub outcome: String,
    /// The measure the figures are taken from; without one they are given with the result.
    pub measure: Option<Uuid>,
    pub design: Design,
    /// Sites as the figures name them; of a single series the series itself.
    pub treated: Vec<String>,
    pub comparators: Vec<String>,
    /// The day it begins.
    pub start: NaiveDate,
    /// The first period that counts as after: its first day. Of several starts the first.
    pub first_period: NaiveDate,
    /// Where sites begin at different times: the first period that counts as after, by site.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub starts: BTreeMap<String, NaiveDate>,
}

/// The number of a month: the scale on which periods are compared.
pub fn month_number(day: NaiveDate) -> f64 {
    f64::from(day.year()) * 12.0 + f64::from(day.month0())
}

/// A plan that stands.
#[derive(Clone, PartialEq, Debug)]
pub struct Frozen {
    pub draft: Draft,
    pub fingerprint: String,
    pub on: NaiveDate,
    plan: EnginePlan,
}

impl Draft {
    /// Whether a period counts as after at a site.
    pub fn is_after(&self, unit: &str, period: NaiveDate) -> bool {
        match self.design {
            Design::Staggered => self.starts.get(unit).is_some_and(|start| period >= *start),
            _ => period >= self.first_period,
        }
    }

    /// The height of the bar: always the customary one, so that nobody can lower it.
    pub fn bar() -> Bar {
        Bar::default()
    }

    /// Whether means of its two sides tell no single site's figures: each is of three sites at least, or of all together, or of none.
    pub fn hides_single_sites(&self) -> bool {
        let is_total = |units: &[String]| matches!(units, [one] if one == super::figures::ALL_SITES);
        [&self.treated, &self.comparators].iter().all(|units| units.is_empty() || units.len() >= 3 || is_total(units))
    }

    fn engine(&self, written_on: NaiveDate) -> EngineDraft {
        EngineDraft {
            outcome: self.outcome.clone(),
            design: self.design.engine(),
            treated: self.treated.clone(),
            comparators: self.comparators.clone(),
            start: self.start,
            first_period: month_number(self.first_period),
            bar: Self::bar(),
            written_on,
        }
    }

    /// What stands for this very plan.
    pub fn fingerprint(&self) -> String {
        Fingerprint::of(self).map(|print| print.as_str().to_owned()).unwrap_or_default()
    }

    /// Freezes it on a day; or says everything it lacks.
    pub fn freeze(self, written_on: NaiveDate, on: NaiveDate) -> Result<Frozen, Vec<String>> {
        match self.engine(written_on).freeze(on) {
            Ok(plan) => Ok(Frozen { fingerprint: self.fingerprint(), draft: self, on, plan }),
            Err(unfinished) => Err(unfinished.shortfalls.iter().map(|one| large(&one.to_string())).collect()),
        }
    }
}

impl Frozen {
    /// The engine's plan, against which an analysis is held.
    pub fn engine(&self) -> &EnginePlan {
        &self.plan
    }

    pub fn is_before_start(&self) -> bool {
        self.plan.is_registered_before_the_start()
    }
}

/// With its first letter made large.
pub(crate) fn large(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn draft() -> Draft {
        Draft {
            title: "Figures shared between sites".into(),
            what: "Seven sites see each other's figures".into(),
            outcome: "the share seen within three hours".into(),
            measure: None,
            design: Design::Differences,
            treated: vec!["A".into(), "B".into()],
            comparators: vec!["C".into()],
            start: NaiveDate::from_ymd_opt(2010, 12, 1).unwrap(),
            first_period: NaiveDate::from_ymd_opt(2010, 12, 1).unwrap(),
            starts: BTreeMap::new(),
        }
    }

    #[test]
    fn a_plan_with_holes_is_not_frozen_and_says_what_it_lacks() {
        let on = NaiveDate::from_ymd_opt(2010, 11, 15).unwrap();
        let holes = Draft { treated: vec!["A".into(), "A".into()], comparators: vec![], ..draft() };
        assert_eq!(
            holes.freeze(on, on).unwrap_err(),
            ["This design compares: name the units to compare with", "A is named twice"]
        );
        let frozen = draft().freeze(on, on).unwrap();
        assert!(frozen.is_before_start());
        let late = NaiveDate::from_ymd_opt(2010, 12, 1).unwrap();
        assert!(!draft().freeze(on, late).unwrap().is_before_start());
    }

    #[test]
    fn means_of_one_or_two_sites_would_tell_their_figures() {
        assert!(!draft().hides_single_sites());
        let units: Vec<String> = ["A", "B", "C"].map(str::to_owned).into();
        assert!(Draft { treated: units.clone(), comparators: vec![], ..draft() }.hides_single_sites());
        assert!(!Draft { treated: units, ..draft() }.hides_single_sites());
        let total = vec![super::super::figures::ALL_SITES.to_owned()];
        assert!(Draft { treated: total, comparators: vec![], ..draft() }.hides_single_sites());
    }

    #[test]
    fn the_fingerprint_stands_for_every_word() {
        let other = Draft { comparators: vec!["D".into()], ..draft() };
        assert_ne!(draft().fingerprint(), other.fingerprint());
        assert_eq!(draft().fingerprint().len(), 64);
    }
}
