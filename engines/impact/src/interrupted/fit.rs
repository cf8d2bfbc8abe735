//! What an interrupted series says: terms, their certainty, the summed effect; it must never leave a gap unexplained.

use alloc::vec::Vec;

/// How the outcome follows the terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// Ordinary least squares on the values.
    Linear,
    /// Counts with a denominator: Poisson with a logarithmic link and the denominator's logarithm as offset.
    Poisson,
}

impl Model {
    /// As the tables name it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Linear => "ols",
            Self::Poisson => "poisson",
        }
    }
}

/// The fit of a segmented regression. Terms of a Poisson model are logarithms of rates and of ratios of rates.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    pub model: Model,
    /// How many points it stands on.
    pub n: usize,
    /// The first time that counts as after.
    pub start: f64,
    /// The value at time nought, if the trend before had held since then.
    pub intercept: f64,
    /// The trend before, per unit of time.
    pub trend: f64,
    /// The step at the start.
    pub level: f64,
    /// The change of trend from the start on, per unit of time.
    pub slope: f64,
    /// Standard errors of level and slope from the model alone, which takes the points for independent.
    pub level_error: f64,
    pub slope_error: f64,
    /// Standard errors that allow for errors that go together in time and for uneven spread; of a linear model alone.
    pub newey_west: Option<NeweyWest>,
    /// Fitted minus counterfactual, summed over the points from the start on, in units of the outcome.
    pub sum: f64,
    /// Its standard error from the model alone. Of a Poisson model by the delta method.
    pub sum_error: f64,
    /// What the model says of each point, in order of time.
    pub fitted: Vec<f64>,
    /// What it says of each point without the start.
    pub counterfactual: Vec<f64>,
    /// The Durbin–Watson statistic of a linear model: near 2 where neighbours are independent. None where the fit is exact.
    pub durbin_watson: Option<f64>,
    /// Pearson's chi-squared per degree of freedom of a Poisson model: near 1 where the counts are Poisson.
    pub dispersion: Option<f64>,
}

/// Newey and West's standard errors (*Econometrica* 1987) with Bartlett's weights, no prewhitening and no small-sample factor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NeweyWest {
    /// How many neighbours on each side count: the whole part of 4 (n / 100)^(2/9).
    pub lag: usize,
    pub level_error: f64,
    pub slope_error: f64,
    pub sum_error: f64,
}

impl Fit {
    /// The last point as it would have been.
    pub fn last_counterfactual(&self) -> Option<f64> {
        self.counterfactual.last().copied()
    }

    /// The last point as the model says it is.
    pub fn last_fitted(&self) -> Option<f64> {
        self.fitted.last().copied()
    }

    /// Points beyond those the four terms use up.
    pub fn degrees_of_freedom(&self) -> usize {
        self.n.saturating_sub(4)
    }

    pub(super) fn is_finite(&self) -> bool {
        let newey_west =
            self.newey_west.map_or(0.0, |errors| errors.level_error + errors.slope_error + errors.sum_error);
        [self.intercept, self.trend, self.level, self.slope, self.level_error, self.slope_error, self.sum]
            .into_iter()
            .chain([self.sum_error, newey_west, self.durbin_watson.unwrap_or(0.0), self.dispersion.unwrap_or(0.0)])
            .chain(self.fitted.iter().copied())
            .chain(self.counterfactual.iter().copied())
            .all(f64::is_finite)
    }
}
