//! How high the bar is: what a design must show before a share is believed; it must never be lowered after the answer is seen.

/// The bar, with the customary heights as default. Put it into the plan before the start.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bar {
    /// Of every interval.
    pub confidence: f64,
    /// Points of one series on each side of the start. Penfold and Zhang, *Use of interrupted time series analysis in
    /// evaluating health care quality improvements*, Academic Pediatrics 2013: eight.
    pub points: usize,
    /// How confident one series without comparators must be that the effect is not nought: nothing else speaks against
    /// what happened at the same time.
    pub alone: f64,
    /// Durbin–Watson statistics further than this from 2 are said to show neighbours that go together.
    pub durbin_watson: f64,
    /// Units with a start on each side of a staggered comparison, for errors that come from the spread between units.
    /// Cameron, Gelbach and Miller (Rev Econ Stat 2008) call 5 to 30 clusters few.
    pub units: usize,
    /// Below this many units on the smaller side, few clusters are said.
    pub comfortable_units: usize,
    /// A gap before the start this many times the usual of placebos is a poor fit.
    pub poor_fit: f64,
    /// Trends before the start less likely than this, if they were alike, are apart.
    pub trends_apart: f64,
    /// A weight above this is said to rest on one donor.
    pub one_donor: f64,
    /// The most ways a randomisation test looks at, and the most a placebo test does, which must make a control for each;
    /// and the seed of the draw where there are more.
    pub ways: usize,
    pub placebos: usize,
    pub seed: u64,
}

impl Default for Bar {
    fn default() -> Self {
        Self {
            confidence: 0.95,
            points: 8,
            alone: 0.999,
            durbin_watson: 0.6,
            units: 5,
            comfortable_units: 20,
            poor_fit: 2.0,
            trends_apart: 0.05,
            one_donor: 0.8,
            ways: 1000,
            placebos: 200,
            seed: 20_091_210,
        }
    }
}
