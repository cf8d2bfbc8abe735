//! Draws charts of made-up series, many times over; randomness is passed in, so that every run can be repeated.

use alloc::vec::Vec;

use chrono::NaiveDate;

use crate::xmr::{Chart, Mark, Observation, Options, Refusal, Rule};

/// Shares of stable series, each between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct FalseAlarms {
    /// With a flag on any point.
    pub any: f64,
    /// With a flag on the last point, so that the variation icon shows special cause.
    pub last: f64,
    /// With a point outside the limits; then by the other rules, each judged alone.
    pub outside: f64,
    pub trend: f64,
    pub two_in_three: f64,
    pub shift: f64,
}

/// A process that does nothing but vary, around a mean that never moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stable {
    /// How many values of it a chart shows.
    pub points: usize,
    /// How much of one value's distance from the mean is still in the next: 0 for independent values, as the rules assume.
    pub memory: f64,
}

/// Draws `series` charts of a process with normal values, and counts what they flag.
///
/// # Errors
/// Options no chart can be drawn with.
pub fn simulate(
    process: Stable,
    series: usize,
    options: &Options,
    random: &mut impl FnMut() -> u64,
) -> Result<FalseAlarms, Refusal> {
    let mut rows = days(process.points);
    let mut counts = [0_usize; 6];
    for _ in 0..series {
        let mut value = normal(random) / libm::sqrt(1.0 - process.memory * process.memory);
        for row in &mut rows {
            row.value = Some(value);
            value = process.memory * value + normal(random);
        }
        let chart = Chart::draw(&rows, options)?;
        let breaks = |rule: Rule| marks(&chart).any(|mark| mark.signals.end(rule).is_some());
        let flags = [
            marks(&chart).any(|mark| mark.signal.is_some()),
            chart.last().is_some_and(|(_, mark)| mark.signal.is_some()),
            breaks(Rule::Outside),
            breaks(Rule::Trend),
            breaks(Rule::TwoInThree),
            breaks(Rule::Shift),
        ];
        counts.iter_mut().zip(flags).for_each(|(count, flag)| *count += usize::from(flag));
    }
    let [any, last, outside, trend, two_in_three, shift] = counts.map(|count| share(count, series));
    Ok(FalseAlarms { any, last, outside, trend, two_in_three, shift })
}

/// A lasting change: so many stable points, then so many higher ones.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    pub before: usize,
    pub after: usize,
    /// In standard deviations of a single value.
    pub step: f64,
}

/// The share of series whose icon tells of a change that is really there, and in its direction.
///
/// # Errors
/// Options no chart can be drawn with.
pub fn told(
    change: Change,
    series: usize,
    options: &Options,
    random: &mut impl FnMut() -> u64,
) -> Result<f64, Refusal> {
    let mut rows = days(change.before + change.after);
    let mut count = 0;
    for _ in 0..series {
        for (place, row) in rows.iter_mut().enumerate() {
            row.value = Some(normal(random) + if place < change.before { 0.0 } else { change.step });
        }
        let chart = Chart::draw(&rows, options)?;
        let end = chart.last().and_then(|(_, mark)| mark.signal).map(|signal| signal.end);
        count += usize::from(end == Some(crate::xmr::End::High));
    }
    Ok(share(count, series))
}

fn marks(chart: &Chart) -> impl Iterator<Item = &Mark> {
    chart.points.iter().filter_map(|point| point.mark.as_ref())
}

/// Rows of consecutive days; a chart does not look at the distance between dates.
fn days(points: usize) -> Vec<Observation> {
    NaiveDate::default().iter_days().take(points).map(Observation::gap).collect()
}

#[expect(clippy::cast_precision_loss, reason = "nobody counts to 2^53")]
fn share(count: usize, of: usize) -> f64 {
    if of == 0 { 0.0 } else { count as f64 / of as f64 }
}

/// A normal value with mean 0 and standard deviation 1 from two random numbers (Box and Muller, *A note on the generation
/// of random normal deviates*, 1958).
pub fn normal(random: &mut impl FnMut() -> u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "53 bits are a double")]
    let mut uniform = || ((random() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
    let (radius, angle) = (uniform(), uniform());
    libm::sqrt(-2.0 * libm::log(radius)) * libm::cos(core::f64::consts::TAU * angle)
}
