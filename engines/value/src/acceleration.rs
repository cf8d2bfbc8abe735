//! "It happened sooner": the value of having by so many quarters earlier what would have come anyway; it must never claim what came later as well.

use alloc::string::String;

use crate::input::End;
use crate::{Input, RateTable};

/// A benefit that came some quarters sooner than it would have.
#[derive(Debug, Clone, PartialEq)]
pub struct Acceleration {
    pub name: String,
    /// What a quarter of it is worth, in pence.
    pub per_quarter: Input,
    /// By how many quarters it came sooner; parts of one count as such.
    pub sooner: Input,
    /// Quarters looked at, from its coming on.
    pub horizon: u32,
}

/// The inputs of an acceleration, in the order their names are in.
pub(crate) const INPUTS: [&str; 2] = ["value of a quarter", "quarters sooner"];

impl Acceleration {
    pub(crate) fn inputs(&self) -> [&Input; 2] {
        [&self.per_quarter, &self.sooner]
    }

    /// What coming sooner is worth today, in pence: Σ (Bₜ − Bₜ₋ₖ)/(1 + r)ᵗ over the horizon, B the benefit of a quarter and k the
    /// quarters sooner. Quarter t is t/4 years ahead, the first at nought.
    pub fn worth(&self, rates: &RateTable) -> f64 {
        self.worth_at(rates, [End::Central; 2])
    }

    pub(crate) fn worth_at(&self, rates: &RateTable, ends: [End; 2]) -> f64 {
        let all = 0..self.horizon;
        all.map(|quarter| self.additional(quarter, ends) * rates.factor(f64::from(quarter) / 4.0)).sum()
    }

    /// What a year so many ahead has of it, as it falls and as it is worth today.
    pub(crate) fn year(&self, rates: &RateTable, year: u32) -> (f64, f64) {
        let quarters = (year * 4..year * 4 + 4).filter(|&quarter| quarter < self.horizon);
        quarters.fold((0.0, 0.0), |sum, quarter| {
            let additional = self.additional(quarter, [End::Central; 2]);
            (sum.0 + additional, sum.1 + additional * rates.factor(f64::from(quarter) / 4.0))
        })
    }

    /// With a steady benefit the difference of the two streams is all of a quarter before it would have come, and none of one
    /// after.
    fn additional(&self, quarter: u32, [value, sooner]: [End; 2]) -> f64 {
        self.per_quarter.at(value) * (self.sooner.at(sooner) - f64::from(quarter)).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sooner(sooner: f64, horizon: u32) -> Acceleration {
        Acceleration {
            name: "care bundle".into(),
            per_quarter: Input::certain(100_000.0),
            sooner: Input::certain(sooner),
            horizon,
        }
    }

    #[test]
    fn without_discounting_each_quarter_counts_whole() {
        let none = RateTable::flat("none", 0.0);
        assert_eq!(sooner(3.0, 40).worth(&none), 300_000.0);
        assert_eq!(sooner(2.5, 40).worth(&none), 250_000.0);
        assert_eq!(sooner(0.0, 40).worth(&none), 0.0);
        // Nothing beyond the horizon counts.
        assert_eq!(sooner(60.0, 40).worth(&none), 4_000_000.0);
    }

    #[test]
    fn the_difference_of_the_two_streams_is_met() {
        let rates = RateTable::flat("3.5%", 0.035);
        let with = |quarter: i32| if (0..40).contains(&quarter) { 100_000.0 } else { 0.0 };
        let by_hand: f64 = (0..40)
            .map(|quarter| (with(quarter) - with(quarter - 4)) * 1.035_f64.powf(-f64::from(quarter) / 4.0))
            .sum();
        assert!((sooner(4.0, 40).worth(&rates) - by_hand).abs() < 1e-6);
    }
}
