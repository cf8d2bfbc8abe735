//! What treated units against others let one say, with one start; it must never rest on an error few units cannot carry.

use alloc::vec::Vec;

use super::finding::rather_few;
use super::{Bar, Design, Doubt, Finding};
use crate::differences::{four_means, permutation, trends_before};
use crate::panel::Panel;

/// The finding of the difference in differences. Its interval is the randomisation test's, which needs no many units.
pub fn of_differences(panel: &Panel, bar: &Bar) -> Finding {
    const DESIGN: Design = Design::Differences;
    let (means, test) = match (four_means(panel), permutation(panel, bar.confidence, bar.ways, bar.seed)) {
        (Ok(means), Ok(test)) => (means, test),
        (Err(reason), _) | (_, Err(reason)) => return Finding::nothing(DESIGN, Doubt::NoEstimate(reason)),
    };
    let mut doubts = Vec::new();
    if let Some(trends) = trends_before(panel).filter(|trends| trends.p < bar.trends_apart) {
        let (treated, comparators, p) = (trends.treated, trends.comparators, trends.p);
        doubts.push(Doubt::TrendsApart { treated, comparators, p });
    }
    doubts.extend(rather_few(test.treated, test.comparators, bar));
    if test.interval.is_none() {
        doubts.push(Doubt::FewWays { ways: test.ways });
    }
    let left_out = panel.units().len() - test.treated - test.comparators;
    if left_out > 0 {
        doubts.push(Doubt::LeftOut { units: left_out, times: 0 });
    }
    Finding::of(DESIGN, means.change(), test.interval, doubts)
}
