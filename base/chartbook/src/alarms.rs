//! How many special causes chance alone would show: so that a table of hundreds of icons is read with the right suspicion.
//! It knows lengths of series and never looks at their values.

use serde::Serialize;

/// How often the last point of a series in which nothing happened shows a special cause: number of points, and share.
///
/// From 200,000 simulated series of independent normal values a length, judged by the four rules of Making Data Count
/// with screening. Real series that depend on their past or on the season do so more often.
const LAST_POINT: [(f64, f64); 4] = [(12.0, 0.014), (24.0, 0.016), (36.0, 0.018), (48.0, 0.018)];

/// What to expect by chance over many series.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Alarms {
    /// Series that have limits and so an icon.
    pub series: usize,
    /// How many of their icons chance alone would turn into special causes.
    pub expected: f64,
    /// How many are.
    pub shown: usize,
}

impl Alarms {
    /// Over series given as number of points and whether the last one shows a special cause.
    pub(crate) fn over(series: impl IntoIterator<Item = (usize, bool)>) -> Self {
        series.into_iter().fold(Self::default(), |sum, (points, is_special)| Self {
            series: sum.series + 1,
            expected: sum.expected + last_point(points),
            shown: sum.shown + usize::from(is_special),
        })
    }

    /// In words, with how it was computed.
    #[must_use]
    pub fn words(&self) -> String {
        let Self { series, expected, shown } = *self;
        if series == 0 {
            return "No series is long enough for limits, so no icon is shown.".to_owned();
        }
        let expected = match expected {
            expected if expected >= 9.5 => format!("{expected:.0}"),
            expected => format!("{expected:.1}"),
        };
        format!(
            "{shown} of {series} variation icons {} a special cause. If nothing had changed anywhere, chance alone would show \
             about {expected} of them: {series} series times about 1.8% for a last point (1.4% for a series of 12 points, \
             1.6% for 24, 1.8% from 36 on, from simulated series without any change). Seasons and slow drifts show more.",
            if shown == 1 { "shows" } else { "show" }
        )
    }
}

/// Between the lengths that were simulated, on a straight line; beyond them, as at the nearest.
fn last_point(points: usize) -> f64 {
    let points = u32::try_from(points).map_or(f64::MAX, f64::from);
    let between = LAST_POINT.windows(2).find_map(|pair| match *pair {
        [(from, low), (to, high)] if (from..=to).contains(&points) => {
            Some(low + (high - low) * (points - from) / (to - from))
        }
        _ => None,
    });
    let [(first, low), .., (_, high)] = LAST_POINT;
    between.unwrap_or(if points < first { low } else { high })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longer_series_cry_wolf_a_little_more_often() {
        assert!((last_point(12) - 0.014).abs() < 1e-12);
        assert!((last_point(18) - 0.015).abs() < 1e-12);
        assert!((last_point(1000) - 0.018).abs() < 1e-12);
        assert!((last_point(3) - 0.014).abs() < 1e-12);
    }

    #[test]
    fn a_thousand_series_show_eighteen_by_chance() {
        let alarms = Alarms::over((0..1000).map(|at| (36, at < 30)));
        assert_eq!((alarms.series, alarms.shown), (1000, 30));
        assert!((alarms.expected - 18.0).abs() < 1e-9);
        assert!(alarms.words().starts_with("30 of 1000 variation icons show a special cause."));
        assert!(alarms.words().contains("about 18 of them"));
    }
}
