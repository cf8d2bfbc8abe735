//! Which chart fits a measure, and why, in one sentence; it never looks at whether the figures are good.

use alloc::format;
use alloc::string::String;

use super::formulas::dispersion;
use super::{Kind, Series};

/// Fewer points than this show a run chart: limits would be too uncertain.
const FEWEST: usize = 12;

/// With so many events a point on average (and as many that are none, for proportions) counting makes the level vary by
/// a tenth at most, less than services vary by themselves from month to month. Our own rule of thumb.
const MANY: f64 = 100.0;

/// What a measure's figures are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MeasureKind {
    /// Events in a period, the same exposure every time.
    Count,
    /// So many of so many.
    Proportion,
    /// Events by exposure.
    Rate,
    /// Time between two rare events.
    TimeBetween,
    /// Cases between two rare events.
    CasesBetween,
    /// A measured value, or an average of as many measurements as its denominator says.
    Measurement,
    /// Several measurements a period.
    Measurements,
}

/// A chart, and why this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub kind: Kind,
    /// One sentence.
    pub why: String,
}

impl Choice {
    /// The chart for a measure, as its figures are so far.
    pub fn of(measure: MeasureKind, series: &Series) -> Self {
        let points = series.rows.iter().filter(|row| row.value.is_some()).count();
        if points < FEWEST {
            let why = format!(
                "A run chart: with {points} of the {FEWEST} points that limits need at least, only runs can be judged."
            );
            return Self { kind: Kind::Run, why };
        }
        let figures = Figures { series, points };
        match measure {
            MeasureKind::Count => figures.counts(),
            MeasureKind::Proportion => figures.ratios(Kind::Proportions, Kind::ProportionsPrime),
            MeasureKind::Rate => figures.ratios(Kind::Rates, Kind::RatesPrime),
            MeasureKind::TimeBetween => {
                plainly(Kind::TimeBetween, "a rare event tells more by the time since the last one than by its count")
            }
            MeasureKind::CasesBetween => {
                plainly(Kind::CasesBetween, "a rare event tells more by the cases since the last one than by its count")
            }
            MeasureKind::Measurement => figures.measurement(),
            MeasureKind::Measurements => figures.measurements(),
        }
    }
}

fn plainly(kind: Kind, why: &str) -> Choice {
    Choice { kind, why: format!("{}: {why}.", article(kind)) }
}

/// "A P chart", "An I chart".
fn article(kind: Kind) -> String {
    let article = match kind {
        Kind::Individuals | Kind::IndividualsPrime | Kind::MovingRange | Kind::Means | Kind::Deviations => "An",
        _ => "A",
    };
    format!("{article} {}", kind.name())
}

struct Figures<'a> {
    series: &'a Series,
    points: usize,
}

impl Figures<'_> {
    fn counts(&self) -> Choice {
        match self.over_dispersion(Kind::Counts) {
            Some(times) => plainly(Kind::Individuals, &varies("counts", times)),
            None => plainly(Kind::Counts, "each point counts events, and they vary no more than counting makes them"),
        }
    }

    fn ratios(&self, plain: Kind, prime: Kind) -> Choice {
        let (what, whole) = match plain {
            Kind::Proportions => ("proportions", "each point is a part of a whole"),
            _ => ("rates", "each point is events by exposure"),
        };
        if let Some(times) = self.over_dispersion(plain) {
            return plainly(prime, &varies(what, times));
        }
        let events = self.average(|numerator, _| numerator);
        let others = self.average(|numerator, size| size - numerator);
        if events >= MANY && (others >= MANY || plain == Kind::Rates) {
            let why = format!(
                "with about {events:.0} events a point counting alone leaves little variation, so limits are taken from \
                 the variation that is seen"
            );
            return plainly(prime, &why);
        }
        plainly(plain, &format!("{whole}, and the {what} vary no more than counting makes them"))
    }

    fn measurement(&self) -> Choice {
        let mut sizes = self.series.rows.iter().filter(|row| row.value.is_some()).map(|row| row.size);
        let first = sizes.next();
        if sizes.all(|size| Some(size) == first) {
            return plainly(Kind::Individuals, "each point is one measured value");
        }
        plainly(Kind::IndividualsPrime, "each point averages a different number of measurements, so some are surer")
    }

    fn measurements(&self) -> Choice {
        if self.series.rows.iter().all(|row| row.deviation.is_none()) {
            return plainly(Kind::Individuals, "each point has one measurement only");
        }
        plainly(Kind::Means, "each point has several measurements, whose own spread tells how far their mean may vary")
    }

    /// How many times as much the figures vary as counting makes them, where that is more than chance makes of it in
    /// one series in a hundred. By moving ranges, so that a shift of the level does not count as variation.
    fn over_dispersion(&self, kind: Kind) -> Option<f64> {
        /// The normal quantile of 0.99.
        const RARE: f64 = 2.326_347_874_040_841;
        #[expect(clippy::cast_precision_loss, reason = "no series has 2^53 points")]
        let points = self.points as f64;
        // Cryer and Ryan, The estimation of sigma for an X chart, Journal of Quality Technology 22 (1990).
        let error = libm::sqrt(0.8264 * points - 1.082) / (points - 1.0);
        dispersion(kind, &self.series.rows).filter(|&times| times > 1.0 + RARE * error)
    }

    fn average(&self, part: impl Fn(f64, f64) -> f64) -> f64 {
        let parts = self.series.rows.iter().filter(|row| row.value.is_some());
        super::mean(parts.map(|row| part(row.numerator, row.size))).unwrap_or_default()
    }
}

fn varies(what: &str, times: f64) -> String {
    format!(
        "the {what} vary {times:.1} times as much as counting makes them, so limits are taken from the variation that is \
         seen"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numerators about a level, some units up and down in turn, of a whole.
    fn ratios(level: f64, swing: f64, whole: f64) -> Series {
        Series::of_ratios((0..24).map(|at| {
            let way = [0.0, 1.0, 0.0, -1.0, 0.5, -0.5][at % 6];
            (Some(level + way * swing), Some(whole))
        }))
        .unwrap()
    }

    #[test]
    fn counting_that_explains_the_variation_gives_the_plain_chart() {
        // √(20 × 0.9) is about 4.
        let choice = Choice::of(MeasureKind::Proportion, &ratios(20.0, 5.0, 200.0));
        assert_eq!(choice.kind, Kind::Proportions);
        assert_eq!(
            choice.why,
            "A P chart: each point is a part of a whole, and the proportions vary no more than counting makes them."
        );
        assert_eq!(Choice::of(MeasureKind::Rate, &ratios(20.0, 5.0, 1000.0)).kind, Kind::Rates);
    }

    #[test]
    fn more_variation_than_counting_explains_gives_the_primed_chart() {
        let choice = Choice::of(MeasureKind::Proportion, &ratios(50.0, 40.0, 200.0));
        assert_eq!(choice.kind, Kind::ProportionsPrime);
        assert_eq!(
            choice.why,
            "A P′ chart: the proportions vary 5.9 times as much as counting makes them, so limits are taken from the \
             variation that is seen."
        );
        assert_eq!(Choice::of(MeasureKind::Rate, &ratios(50.0, 40.0, 200.0)).kind, Kind::RatesPrime);
        // Chance alone makes 24 points vary up to 1.44 times as much in 99 series of 100.
        assert_eq!(Choice::of(MeasureKind::Proportion, &ratios(50.0, 9.5, 200.0)).kind, Kind::Proportions);
        assert_eq!(Choice::of(MeasureKind::Proportion, &ratios(50.0, 10.0, 200.0)).kind, Kind::ProportionsPrime);
        let counts = Series::of_values((0..24).map(|at| Some(if at % 2 == 0 { 5.0 } else { 40.0 }))).unwrap();
        assert_eq!(Choice::of(MeasureKind::Count, &counts).kind, Kind::Individuals);
    }

    #[test]
    fn many_events_give_the_primed_chart_before_variation_shows() {
        let choice = Choice::of(MeasureKind::Proportion, &ratios(2000.0, 40.0, 9000.0));
        assert_eq!(choice.kind, Kind::ProportionsPrime);
        assert_eq!(
            choice.why,
            "A P′ chart: with about 2000 events a point counting alone leaves little variation, so limits are taken from \
             the variation that is seen."
        );
        // Hardly any are no events: counting still matters.
        assert_eq!(Choice::of(MeasureKind::Proportion, &ratios(8980.0, 4.0, 9000.0)).kind, Kind::Proportions);
        assert_eq!(Choice::of(MeasureKind::Rate, &ratios(8980.0, 4.0, 9000.0)).kind, Kind::RatesPrime);
    }

    #[test]
    fn other_measures() {
        let values = Series::of_values((0..24).map(|at| Some(f64::from(at % 5)))).unwrap();
        assert_eq!(Choice::of(MeasureKind::TimeBetween, &values).kind, Kind::TimeBetween);
        assert_eq!(Choice::of(MeasureKind::CasesBetween, &values).kind, Kind::CasesBetween);
        assert_eq!(Choice::of(MeasureKind::Measurement, &values).why, "An I chart: each point is one measured value.");
        assert_eq!(Choice::of(MeasureKind::Measurements, &values).kind, Kind::Individuals);
        assert_eq!(Choice::of(MeasureKind::Count, &values).kind, Kind::Counts);
        let sized = Series::of_ratios((0..24).map(|at| (Some(8.0), Some(f64::from(at % 3 + 2))))).unwrap();
        assert_eq!(Choice::of(MeasureKind::Measurement, &sized).kind, Kind::IndividualsPrime);
        let groups = [[1.0, 2.0], [3.0, 4.0]];
        let groups = Series::of_subgroups((0..24).map(|at| groups[at % 2].as_slice())).unwrap();
        assert_eq!(Choice::of(MeasureKind::Measurements, &groups).kind, Kind::Means);
    }

    #[test]
    fn a_short_series_shows_a_run_chart() {
        let values = Series::of_values((0..15).map(|at| (at < 11).then_some(1.0))).unwrap();
        assert_eq!(
            Choice::of(MeasureKind::Count, &values),
            Choice {
                kind: Kind::Run,
                why: "A run chart: with 11 of the 12 points that limits need at least, only runs can be judged.".into()
            }
        );
    }
}
