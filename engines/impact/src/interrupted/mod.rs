//! Interrupted time series: one series, a trend before, a new level and slope after; it must never call its answer a cause.
//!
//! The model has four terms: `1 + t + post + since`, with `post` 1 from the start on and `since = (t - start) · post`
//! (Wagner and others, *Segmented regression analysis of interrupted time series studies*, J Clin Pharm Ther 2002). What
//! would have happened is the same model with `post` and `since` set to nought.

mod fit;
mod linear;
mod poisson;

use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

pub use fit::{Fit, Model, NeweyWest};

/// What one period showed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// When, on any even scale: the number of the month, say.
    pub t: f64,
    /// The value, or the count of events where there is a denominator.
    pub y: f64,
    /// What the events are counted among: patients, bed days.
    pub denominator: Option<f64>,
}

/// A series and the time something began. Its points stand in order of time, each time once.
#[derive(Debug, Clone, PartialEq)]
pub struct Interrupted {
    points: Vec<Point>,
    start: f64,
    before: usize,
}

/// Why a series has no fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NoFit {
    /// A time, a value, a denominator or the start is not a finite number.
    NotFinite,
    /// One time stands twice.
    Twice { t: f64 },
    /// Fewer points before the start than a trend needs, which is two.
    FewBefore { found: usize },
    /// Fewer points from the start on than a level and a slope need, which is two.
    FewAfter { found: usize },
    /// Four points draw four terms exactly, and say nothing of their certainty.
    NoFreedom { found: usize },
    /// Times so close together, or so far from nought, that trend and level cannot be told apart.
    Collinear,
    /// Counts need a denominator above nought at every point.
    NoDenominator { t: f64 },
    /// A count cannot be negative.
    Negative { t: f64 },
    /// Events at no two times of a side, so that its rate has no trend a logarithm can follow.
    FewEvents { after: bool },
    /// The search for the most likely terms did not settle.
    Unsettled,
}

impl fmt::Display for NoFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NotFinite => f.write_str("a number is missing or too large to compute with"),
            Self::Twice { t } => write!(f, "the time {t} stands twice"),
            Self::FewBefore { found } => write!(f, "{found} points before the start: a trend needs two at least"),
            Self::FewAfter { found } => {
                write!(f, "{found} points from the start on: a new level and slope need two at least")
            }
            Self::NoFreedom { found } => {
                write!(f, "{found} points: four terms need five at least to say how certain they are")
            }
            Self::Collinear => f.write_str("the times lie so that trend and level cannot be told apart"),
            Self::NoDenominator { t } => write!(f, "the count at {t} has no denominator above nought"),
            Self::Negative { t } => write!(f, "the count at {t} is negative"),
            Self::FewEvents { after } => write!(
                f,
                "too few events {} the start: their rate has no trend that can be told",
                if after { "after" } else { "before" }
            ),
            Self::Unsettled => f.write_str("the search for the most likely rate did not settle"),
        }
    }
}

impl core::error::Error for NoFit {}

impl Interrupted {
    /// Points in any order, and the first time that counts as after.
    ///
    /// # Errors
    /// Numbers that are not finite, and a time that stands twice.
    pub fn new(mut points: Vec<Point>, start: f64) -> Result<Self, NoFit> {
        let finite =
            |point: &Point| point.t.is_finite() && point.y.is_finite() && point.denominator.is_none_or(f64::is_finite);
        if !start.is_finite() || !points.iter().all(finite) {
            return Err(NoFit::NotFinite);
        }
        points.sort_by(|a, b| a.t.total_cmp(&b.t));
        if let Some(pair) = points.windows(2).find(|pair| pair[0].t == pair[1].t) {
            return Err(NoFit::Twice { t: pair[0].t });
        }
        let before = points.iter().filter(|point| point.t < start).count();
        Ok(Self { points, start, before })
    }

    /// The points, in order of time.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// The first time that counts as after.
    pub fn start(&self) -> f64 {
        self.start
    }

    /// How many points stand before the start.
    pub fn before(&self) -> usize {
        self.before
    }

    /// How many points stand from the start on.
    pub fn after(&self) -> usize {
        self.points.len() - self.before
    }

    /// Counts where every point has a denominator, values otherwise.
    pub fn model(&self) -> Model {
        match !self.points.is_empty() && self.points.iter().all(|point| point.denominator.is_some()) {
            true => Model::Poisson,
            false => Model::Linear,
        }
    }

    /// The fit of a model.
    ///
    /// # Errors
    /// Too few points on a side, times or counts from which the terms cannot be told.
    pub fn fit(&self, model: Model) -> Result<Fit, NoFit> {
        self.enough()?;
        match model {
            Model::Linear => linear::fit(self),
            Model::Poisson => poisson::fit(self),
        }
    }

    fn enough(&self) -> Result<(), NoFit> {
        match (self.before, self.after()) {
            (found @ 0..=1, _) => Err(NoFit::FewBefore { found }),
            (_, found @ 0..=1) => Err(NoFit::FewAfter { found }),
            (2, 2) => Err(NoFit::NoFreedom { found: 4 }),
            _ => Ok(()),
        }
    }

    /// The terms of one point: `1, t, post, since`.
    fn terms(&self, t: f64) -> [f64; 4] {
        match t < self.start {
            true => [1.0, t, 0.0, 0.0],
            false => [1.0, t, 1.0, t - self.start],
        }
    }

    /// The terms by columns, each row times its weight.
    fn columns(&self, weights: impl Iterator<Item = f64>) -> Vec<Vec<f64>> {
        let mut columns = vec![Vec::new(); 4];
        for (point, weight) in self.points.iter().zip(weights) {
            for (column, term) in columns.iter_mut().zip(self.terms(point.t)) {
                column.push(term * weight);
            }
        }
        columns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(points: &[(f64, f64)], start: f64) -> Result<Interrupted, NoFit> {
        let points = points.iter().map(|&(t, y)| Point { t, y, denominator: None }).collect();
        Interrupted::new(points, start)
    }

    #[test]
    fn points_may_come_in_any_order() {
        let ordered = series(&[(1.0, 2.0), (2.0, 4.1), (3.0, 5.9), (4.0, 9.0), (5.0, 11.0)], 4.0).unwrap();
        let shuffled = series(&[(5.0, 11.0), (2.0, 4.1), (4.0, 9.0), (1.0, 2.0), (3.0, 5.9)], 4.0).unwrap();
        assert_eq!(ordered.fit(Model::Linear), shuffled.fit(Model::Linear));
    }

    #[test]
    fn what_cannot_be_fitted_is_refused_with_the_reason() {
        let refusal = |points: &[(f64, f64)], start| series(points, start).and_then(|s| s.fit(Model::Linear)).err();
        assert_eq!(refusal(&[(1.0, 1.0), (1.0, 2.0)], 2.0), Some(NoFit::Twice { t: 1.0 }));
        assert_eq!(refusal(&[(1.0, f64::NAN)], 2.0), Some(NoFit::NotFinite));
        assert_eq!(refusal(&[], 2.0), Some(NoFit::FewBefore { found: 0 }));
        assert_eq!(refusal(&[(1.0, 1.0), (2.0, 2.0), (3.0, 3.0)], 9.0), Some(NoFit::FewAfter { found: 0 }));
        assert_eq!(refusal(&[(1.0, 1.0), (2.0, 2.0), (3.0, 3.0)], 3.0), Some(NoFit::FewAfter { found: 1 }));
        assert_eq!(
            refusal(&[(1.0, 1.0), (2.0, 2.0), (3.0, 3.0), (4.0, 5.0)], 3.0),
            Some(NoFit::NoFreedom { found: 4 })
        );
        let far = [(1e17, 1.0), (1.00001e17, 2.0), (1.00002e17, 3.0), (1.00003e17, 5.0), (1.00004e17, 5.0)];
        assert_eq!(refusal(&far, 1.00002e17), None);
        let close = [(1e17, 1.0), (1e17 + 16.0, 2.0), (1e17 + 32.0, 3.0), (1e17 + 48.0, 5.0), (1e17 + 64.0, 5.0)];
        assert_eq!(refusal(&close, 1e17 + 32.0), Some(NoFit::Collinear));
    }
}
