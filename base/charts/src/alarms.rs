//! How many special causes chance alone would show: so that a table of hundreds of icons is read with the right suspicion.
//! It knows lengths of series and never looks at their values.

use hiec_spc::false_alarms::expected_last;

/// What to expect by chance over many series.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize)]
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
    #[must_use]
    pub fn over(series: impl IntoIterator<Item = (usize, bool)>) -> Self {
        series.into_iter().fold(Self::default(), |sum, (points, is_special)| sum.and(1, points, is_special))
    }

    /// With so many more series, all of so many points, whose last point shows a special cause or does not.
    #[must_use]
    pub fn and(self, series: usize, points: usize, is_special: bool) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "no table has 2^53 series")]
        let expected = series as f64 * expected_last(points);
        Self {
            series: self.series + series,
            expected: self.expected + expected,
            shown: self.shown + if is_special { series } else { 0 },
        }
    }

    /// In words, with how it was computed.
    #[must_use]
    pub fn words(&self) -> String {
        let Self { series, expected, shown } = *self;
        if series == 0 {
            return "No series is long enough for limits, so no icon is shown.".to_owned();
        }
        let expected = match expected {
            expected if expected >= 9.5 => format!("about {expected:.0}"),
            expected if expected < 0.1 => "none".to_owned(),
            expected => format!("about {expected:.1}"),
        };
        format!(
            "{shown} of {series} variation icons {} a special cause. If nothing had changed anywhere, chance alone would show \
             {expected} of them: each series counts with the share of simulated series of its length, without any change, \
             whose last point is flagged (1.4% for 12 points, 1.6% for 24, 1.8% for 36). Seasons and slow drifts show more.",
            if shown == 1 { "shows" } else { "show" }
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_series_show_eighteen_by_chance() {
        let alarms = Alarms::over((0..1000).map(|at| (36, at < 30)));
        assert_eq!((alarms.series, alarms.shown), (1000, 30));
        assert!((alarms.expected - 18.0).abs() < 0.5, "{}", alarms.expected);
        assert!(alarms.words().starts_with("30 of 1000 variation icons show a special cause."));
        assert!(alarms.words().contains("about 18 of them"));
    }
}
