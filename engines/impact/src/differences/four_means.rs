//! The difference of four means; it must never weigh a unit other than by its outcomes.

use super::NoEstimate;
use crate::panel::Panel;

/// The means of outcomes: of treated units and of comparators, before and from the start on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FourMeans {
    pub treated_before: f64,
    pub treated_after: f64,
    pub comparators_before: f64,
    pub comparators_after: f64,
}

impl FourMeans {
    /// What changed at treated units beyond what changed at comparators.
    pub fn effect(&self) -> f64 {
        self.change() - self.change_anyway()
    }

    /// What changed at treated units.
    pub fn change(&self) -> f64 {
        self.treated_after - self.treated_before
    }

    /// What changed at comparators: what would have changed anyway, if the two would have moved alike.
    pub fn change_anyway(&self) -> f64 {
        self.comparators_after - self.comparators_before
    }
}

/// The four means of a panel, every outcome counting once.
///
/// # Errors
/// A mean without outcomes.
pub fn four_means(panel: &Panel) -> Result<FourMeans, NoEstimate> {
    let mut sums = [[0.0; 2]; 2];
    let mut counts = [[0_usize; 2]; 2];
    for unit in panel.units() {
        for &(period, y) in &unit.outcomes {
            let (row, column) = (usize::from(unit.treated), usize::from(unit.is_after(period)));
            sums[row][column] += y;
            counts[row][column] += 1;
        }
    }
    let [comparators, treated] = counts;
    if treated == [0, 0] {
        return Err(NoEstimate::NoTreated);
    }
    if comparators == [0, 0] {
        return Err(NoEstimate::NoComparators);
    }
    if comparators[0] == 0 || treated[0] == 0 {
        return Err(NoEstimate::NoBefore);
    }
    if comparators[1] == 0 || treated[1] == 0 {
        return Err(NoEstimate::NoAfter);
    }
    let mean = |row: usize, column: usize| sums[row][column] / counts[row][column] as f64;
    let means = FourMeans {
        treated_before: mean(1, 0),
        treated_after: mean(1, 1),
        comparators_before: mean(0, 0),
        comparators_after: mean(0, 1),
    };
    if means.effect().is_finite() { Ok(means) } else { Err(NoEstimate::NotFinite) }
}
