//! What treated units against others let one say, with several starts; it must never compare with units already treated.

use alloc::vec::Vec;

use super::finding::rather_few;
use super::{Bar, Design, Doubt, Finding};
use crate::differences::group_time;
use crate::differences::group_time::{Aggregate, GroupTime, Settings};
use crate::panel::Panel;

const DRAWS: usize = 999;

/// The finding of effects by cohort and time, put together.
pub fn of_staggered(panel: &Panel, settings: Settings, bar: &Bar) -> Finding {
    const DESIGN: Design = Design::StaggeredDifferences;
    let found = match group_time(panel, settings) {
        Ok(found) => found,
        Err(reason) => return Finding::nothing(DESIGN, Doubt::NoEstimate(reason)),
    };
    let (Some(overall), Some(change)) = (found.overall(), change(panel)) else {
        return Finding::nothing(DESIGN, Doubt::NoError);
    };
    let mut doubts = Vec::new();
    // Where units not treated yet are the only ones to compare with, they stand on both sides.
    let comparators = if overall.comparators == 0 { overall.treated } else { overall.comparators };
    if overall.treated < bar.units || comparators < bar.units {
        doubts.push(Doubt::FewUnits { treated: overall.treated, comparators, needed: bar.units });
    } else {
        doubts.extend(rather_few(overall.treated, comparators, bar));
    }
    doubts.extend(effect_before(&found, settings, bar));
    Finding::of(DESIGN, change, overall.interval(bar.confidence), doubts)
}

/// The clearest effect before the start, where all together show one.
fn effect_before(found: &GroupTime, settings: Settings, bar: &Bar) -> Option<Doubt> {
    let events = found.by_event();
    let before: Vec<&(i64, Aggregate)> = events
        .iter()
        .filter(|(event, aggregate)| {
            *event < -(settings.anticipation as i64) && aggregate.error.is_some_and(|e| e > 0.0)
        })
        .collect();
    let aggregates: Vec<&Aggregate> = before.iter().map(|(_, aggregate)| aggregate).collect();
    let width = GroupTime::width_together(&aggregates, 1.0 - bar.trends_apart, DRAWS, bar.seed)?;
    let size = |aggregate: &Aggregate| aggregate.effect.abs() / aggregate.error.unwrap_or(f64::INFINITY);
    let (event, clearest) = before.into_iter().max_by(|a, b| size(&a.1).total_cmp(&size(&b.1)))?;
    (size(clearest) > width).then_some(Doubt::EffectBeforeStart { periods_before: -event })
}

/// The mean, over all outcomes of treated units from their start on, of how far each is from its unit's mean before: each
/// weighs as its effect does.
fn change(panel: &Panel) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0_usize);
    for unit in panel.treated() {
        let Some(start) = unit.start else { continue };
        let split = unit.outcomes.partition_point(|(period, _)| *period < start);
        let (before, after) = unit.outcomes.split_at(split);
        if !before.is_empty() {
            let mean = before.iter().map(|(_, y)| y).sum::<f64>() / before.len() as f64;
            sum += after.iter().map(|(_, y)| y - mean).sum::<f64>();
            count += after.len();
        }
    }
    (count > 0).then(|| sum / count as f64)
}
