//! Mean, average moving range and limits of one group, with the working kept; a limit is never infinite or not a number.

use alloc::vec::Vec;

use chrono::NaiveDate;

use super::Mark;

/// Limits lie this many average moving ranges from the mean: 3 / 1.128, rounded as the books print it.
pub const SPAN: f64 = 2.66;

/// A moving range of this many averages and more is screened out (Nelson 1982; Provost and Murray 2011, page 155).
pub const SCREEN: f64 = 3.267;

/// Process limits, and the lines at two thirds of the way to them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    pub lower: f64,
    pub near_lower: f64,
    pub near_upper: f64,
    pub upper: f64,
}

impl Limits {
    fn around(mean: f64, average_moving_range: f64) -> Self {
        let span = SPAN * average_moving_range;
        let near = 2.0 / 3.0 * span;
        Self { lower: mean - span, near_lower: mean - near, near_upper: mean + near, upper: mean + span }
    }
}

/// How a group's points spread, as far as its baseline tells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Spread {
    Limits(Limits),
    /// All values of the baseline are equal: nothing varies, so no limits are drawn.
    NoVariation,
    /// One point has no moving range, so no limits are drawn.
    TooFew,
}

impl Spread {
    /// The limits, where there are any.
    pub const fn limits(&self) -> Option<Limits> {
        match self {
            Self::Limits(limits) => Some(*limits),
            Self::NoVariation | Self::TooFew => None,
        }
    }
}

/// How far a point lies from the one before it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MovingRange {
    /// The day of the later point.
    pub date: NaiveDate,
    pub size: f64,
}

/// How a group's mean and limits came about.
#[derive(Debug, Clone, PartialEq)]
pub struct Working {
    /// Points the mean was taken of.
    pub points: usize,
    /// Moving ranges between them: one fewer.
    pub moving_ranges: usize,
    /// The average of all moving ranges, before screening; nothing for a single point.
    pub average_unscreened: Option<f64>,
    /// Moving ranges of this size and larger were to be left out; nothing where screening is off.
    pub screen: Option<f64>,
    /// The moving ranges that were left out.
    pub screened_out: Vec<MovingRange>,
    /// Screening would have left no moving range, or only noughts, and was undone.
    pub is_screening_undone: bool,
    /// The average the limits were computed with.
    pub average: Option<f64>,
}

/// The mean of a group's baseline, its spread and the working.
pub(super) fn of_baseline(baseline: &[Mark], dates: &[NaiveDate], is_screening: bool) -> (f64, Spread, Working) {
    let mean = mean(baseline.iter().map(|mark| mark.value), baseline.len());
    let mut working = Working {
        points: baseline.len(),
        moving_ranges: baseline.len().saturating_sub(1),
        average_unscreened: None,
        screen: None,
        screened_out: Vec::new(),
        is_screening_undone: false,
        average: None,
    };
    if working.moving_ranges == 0 {
        return (mean, Spread::TooFew, working);
    }
    let ranges = moving_ranges(baseline);
    let unscreened = self::mean(ranges.clone(), working.moving_ranges);
    working.average_unscreened = Some(unscreened);
    working.average = Some(unscreened);
    if is_screening {
        screen(&mut working, &ranges, dates, unscreened);
    }
    match working.average {
        Some(average) if average > 0.0 => (mean, Spread::Limits(Limits::around(mean, average)), working),
        _ => (mean, Spread::NoVariation, working),
    }
}

fn moving_ranges(baseline: &[Mark]) -> impl Iterator<Item = f64> + Clone {
    baseline.iter().zip(baseline.iter().skip(1)).map(|(before, after)| (after.value - before.value).abs())
}

/// Leaves out large moving ranges, once. Where too little would be left to draw limits with, all of them stay.
fn screen(working: &mut Working, ranges: &(impl Iterator<Item = f64> + Clone), dates: &[NaiveDate], unscreened: f64) {
    let screen = SCREEN * unscreened;
    working.screen = Some(screen);
    let kept = ranges.clone().filter(move |&size| size < screen);
    let count = kept.clone().count();
    if count == working.moving_ranges {
        return;
    }
    let average = mean(kept, count);
    if count == 0 || average == 0.0 {
        // All values equal but a few: screened limits would fall on the mean and flag every point.
        working.is_screening_undone = unscreened > 0.0;
        return;
    }
    working.average = Some(average);
    working.screened_out = ranges
        .clone()
        .zip(dates.iter().skip(1))
        .filter(|&(size, _)| size >= screen)
        .map(|(size, &date)| MovingRange { date, size })
        .collect();
}

/// The mean by two passes: the second takes back what rounding lost in the first, so that a value equal to the mean is
/// found equal (R's `mean` does the same). Nought for no numbers.
fn mean(numbers: impl Iterator<Item = f64> + Clone, count: usize) -> f64 {
    if count == 0 {
        return 0.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "no series has 2^53 points")]
    let count = count as f64;
    let first = numbers.clone().sum::<f64>() / count;
    first + numbers.map(|number| number - first).sum::<f64>() / count
}
