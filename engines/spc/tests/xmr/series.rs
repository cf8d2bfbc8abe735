//! Short ways to write down a series in a test; nothing here judges.

use chrono::{Months, NaiveDate};
use hiec_spc::xmr::{Chart, Observation, Options};

/// The first day of a month, counted from January 2018.
pub fn month(count: usize) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(2018, 1, 1).unwrap();
    first.checked_add_months(Months::new(u32::try_from(count).unwrap())).unwrap()
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Values of consecutive months from January 2018; NaN stands for a gap.
pub fn monthly(values: &[f64]) -> Vec<Observation> {
    let row = |(count, &value): (usize, &f64)| match value.is_nan() {
        true => Observation::gap(month(count)),
        false => Observation::new(month(count), value),
    };
    values.iter().enumerate().map(row).collect()
}

pub fn draw(values: &[f64], options: &Options) -> Chart {
    Chart::draw(&monthly(values), options).unwrap()
}

/// A process that does nothing but vary: 12 values around 50, again and again.
pub fn stable(points: usize) -> Vec<f64> {
    const VALUES: [f64; 12] = [49.0, 51.0, 52.0, 48.0, 50.5, 47.5, 50.0, 53.0, 49.5, 50.2, 51.5, 47.8];
    VALUES.iter().copied().cycle().take(points).collect()
}
