//! What one series lets one say, which is seldom much; it must never call a step a cause.

use alloc::vec::Vec;

use super::{Bar, Design, Doubt, Finding};
use crate::interrupted::{Fit, Interrupted, Model};
use crate::interval::Interval;

/// The finding of one series under a model.
pub fn of_series(series: &Interrupted, model: Model, bar: &Bar) -> Finding {
    match series.fit(model) {
        Err(reason) => Finding::nothing(Design::InterruptedSeries, Doubt::NoFit(reason)),
        Ok(fit) => judged(series, &fit, bar),
    }
}

fn judged(series: &Interrupted, fit: &Fit, bar: &Bar) -> Finding {
    let after = series.after() as f64;
    let error = error(fit) / after;
    let effect = |confidence| Interval::student(fit.sum / after, error, fit.degrees_of_freedom(), confidence);
    let mut doubts = Vec::new();
    if series.before() < bar.points || series.after() < bar.points {
        doubts.push(Doubt::FewPoints { before: series.before(), after: series.after(), needed: bar.points });
    }
    let together = fit.durbin_watson.filter(|durbin_watson| (durbin_watson - 2.0).abs() > bar.durbin_watson);
    doubts.extend(together.map(|durbin_watson| Doubt::Autocorrelated { durbin_watson }));
    let dispersion = fit.dispersion.filter(|dispersion| *dispersion > 1.5);
    doubts.extend(dispersion.map(|dispersion| Doubt::Overdispersed { dispersion }));
    let extrapolates = extrapolates(series);
    doubts.extend(extrapolates.clone());
    let never_below = series.points().iter().all(|point| point.y >= 0.0);
    if never_below && fit.counterfactual.iter().any(|value| *value < 0.0) {
        doubts.push(Doubt::BelowNought);
    }
    let clear = effect(bar.alone).is_some_and(|effect| !effect.holds_nought());
    doubts.push(match clear && together.is_none() && extrapolates.is_none() {
        true => Doubt::AloneButClear,
        false => Doubt::Alone,
    });
    Finding::of(Design::InterruptedSeries, change(series, fit.model), effect(bar.confidence), doubts)
}

/// The larger of the errors there are: intervals of single series are too narrow rather than too wide (Turner and others,
/// medRxiv 2020.10.12).
fn error(fit: &Fit) -> f64 {
    let newey_west = fit.newey_west.map_or(0.0, |errors| errors.sum_error);
    let spread = libm::sqrt(fit.dispersion.unwrap_or(1.0).max(1.0));
    fit.sum_error.max(newey_west) * spread
}

/// The mean after minus the mean before; of counts, what the old rate would have brought is the mean before.
fn change(series: &Interrupted, model: Model) -> f64 {
    let (before, after) = series.points().split_at(series.before());
    let sum = |side: &[crate::interrupted::Point]| side.iter().map(|point| point.y).sum::<f64>();
    let among = |side: &[crate::interrupted::Point]| side.iter().filter_map(|point| point.denominator).sum::<f64>();
    let n = after.len() as f64;
    match model {
        Model::Linear => sum(after) / n - sum(before) / before.len() as f64,
        Model::Poisson => (sum(after) - sum(before) / among(before) * among(after)) / n,
    }
}

fn extrapolates(series: &Interrupted) -> Option<Doubt> {
    let (before, after) = series.points().split_at(series.before());
    let seen = before.last()?.t - before.first()?.t;
    let drawn_on = after.last()?.t - before.last()?.t;
    (drawn_on > seen * 1.1).then_some(Doubt::Extrapolates { before: seen, after: drawn_on })
}
