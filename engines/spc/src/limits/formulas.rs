//! Centre line and sigma of every kind of chart, from the rows of a baseline; it never looks at a row outside it.
//!
//! Sources: Montgomery, *Introduction to Statistical Quality Control* (7th edition, 2013), chapters 6 and 7; Provost and
//! Murray, *The Health Care Data Guide* (2011); Nelson, *A control chart for parts-per-million nonconforming items*,
//! Journal of Quality Technology 26 (1994), for times between events; Laney, *Improved control charts for attributes*,
//! Quality Engineering 14 (2002), for P′ and U′; Taylor, *Normalized individuals control chart* (2018), for I′.

use alloc::vec::Vec;

use super::Kind;
use super::average::{D2, average_range, mean, median, moving_ranges};
use super::lines::{Lines, Sigma, root};
use super::series::Row;

/// The lines a baseline gives; nothing where it has no value and no centre line was given.
///
/// A centre line that is given takes the place of the average the limits would lie about; on a G chart, which draws a
/// median, it takes the median's place.
pub fn lines(kind: Kind, baseline: &[Row], given: Option<f64>, is_screened: bool) -> Option<Lines> {
    let baseline = Baseline { rows: baseline, given, is_screened };
    match kind {
        Kind::Run => baseline.centre(median(baseline.values())).map(|centre| Lines::about(centre, Sigma::Unknown)),
        Kind::Individuals => baseline.individuals(),
        Kind::MovingRange => baseline.moving_range(),
        Kind::Proportions => baseline.proportions(Some(1.0)),
        Kind::ProportionsPrime => baseline.proportions(None),
        Kind::Rates => baseline.rates(Some(1.0)),
        Kind::RatesPrime => baseline.rates(None),
        Kind::Counts => baseline.counts(),
        Kind::CasesBetween => baseline.cases_between(),
        Kind::TimeBetween => baseline.time_between(),
        Kind::IndividualsPrime => baseline.individuals_prime(),
        Kind::Means => baseline.means(),
        Kind::Deviations => baseline.deviations(),
    }
}

/// How many times as much ratios vary from one to the next as counting alone would make them: Laney's σz, of all
/// moving ranges. Nothing where it cannot be told.
pub fn dispersion(kind: Kind, rows: &[Row]) -> Option<f64> {
    let baseline = Baseline { rows, given: None, is_screened: false };
    let centre = baseline.ratio()?;
    let variance = if kind.is_part_of_whole() { centre * (1.0 - centre) } else { centre };
    baseline.dispersion(centre, libm::sqrt(variance))
}

struct Baseline<'a> {
    rows: &'a [Row],
    given: Option<f64>,
    is_screened: bool,
}

impl Baseline<'_> {
    fn values(&self) -> impl Iterator<Item = f64> + Clone {
        self.rows.iter().filter_map(|row| row.value)
    }

    fn centre(&self, found: Option<f64>) -> Option<f64> {
        self.given.or(found)
    }

    /// Mean ± 3 × average moving range / 1.128.
    fn individuals(&self) -> Option<Lines> {
        let centre = self.centre(mean(self.values()))?;
        Some(Lines::about(centre, self.range_sigma(self.rows.iter().map(|row| row.value))))
    }

    /// From nought to 3.267 average moving ranges: the values of the rows are moving ranges already.
    fn moving_range(&self) -> Option<Lines> {
        const UPPER: f64 = 3.267;
        let centre = self.centre(mean(self.values()))?;
        let sigma = if centre > 0.0 { Sigma::Equal(UPPER * centre / 3.0) } else { Sigma::Unknown };
        Some(Lines::about(centre, sigma).with_middle(0.0).above_nought())
    }

    /// p̄ ± 3 √(p̄ (1 − p̄) / n), times σz for P′; cut to 0 to 1.
    fn proportions(&self, times: Option<f64>) -> Option<Lines> {
        let centre = self.centre(self.ratio())?;
        Some(self.counted(centre, libm::sqrt(centre * (1.0 - centre)), times).above_nought().up_to_one())
    }

    /// ū ± 3 √(ū / n), times σz for U′; cut at 0.
    fn rates(&self, times: Option<f64>) -> Option<Lines> {
        let centre = self.centre(self.ratio())?;
        Some(self.counted(centre, libm::sqrt(centre), times).above_nought())
    }

    /// c̄ ± 3 √c̄, cut at 0.
    fn counts(&self) -> Option<Lines> {
        let centre = self.centre(mean(self.values()))?;
        Some(Lines::about(centre, Sigma::Equal(libm::sqrt(centre))).above_nought())
    }

    /// Mean ± 3 √(mean (mean + 1)), cut at 0; the line drawn is the median, as the cases between are far from even.
    fn cases_between(&self) -> Option<Lines> {
        let average = mean(self.values()).or(self.given)?;
        let centre = self.centre(median(self.values()))?;
        let sigma = Sigma::Equal(libm::sqrt(average * (average + 1.0)));
        Some(Lines::about(centre, sigma).with_middle(average).above_nought())
    }

    /// An I chart of the times' 3.6th roots, taken back.
    fn time_between(&self) -> Option<Lines> {
        let roots = || self.rows.iter().map(|row| row.value.map(root));
        let centre = self.given.map(|given| root(given.max(0.0))).or_else(|| mean(roots().flatten()))?;
        let lines = Lines::of_roots(Lines::about(centre, self.range_sigma(roots())));
        // Not through root and power: a centre line that was given is drawn as it was given.
        Some(self.given.map_or(lines, |given| lines.with_centre(given)))
    }

    /// Σ numerators / Σ sizes ± 3 s̄ / √n, each s being √(π/2) |difference| / √(1/n + 1/n before).
    fn individuals_prime(&self) -> Option<Lines> {
        let centre = self.centre(self.ratio())?;
        let mut before: Option<Row> = None;
        let mut deviations = Vec::with_capacity(self.rows.len());
        for &row in self.rows {
            if let Some((value, was)) =
                row.value.zip(before.and_then(|before| before.value.map(|value| (value, before.size))))
            {
                let (was_value, was_size) = was;
                let spread = libm::sqrt(1.0 / row.size + 1.0 / was_size);
                deviations.push(libm::sqrt(core::f64::consts::FRAC_PI_2) * (value - was_value).abs() / spread);
            }
            before = Some(row);
        }
        let sigma = average_range(&deviations, self.is_screened).map_or(Sigma::Unknown, Sigma::BySize);
        Some(Lines::about(centre, sigma))
    }

    /// Grand mean ± A3 s̄; s̄ by degrees of freedom where sizes differ (Montgomery 2013, equations 6.30 and 6.31).
    fn means(&self) -> Option<Lines> {
        let centre = self.centre(self.grand_mean())?;
        Some(Lines::about(centre, self.deviation().map_or(Sigma::Unknown, Sigma::OfMean)))
    }

    /// B3 s̄ to B4 s̄, cut at 0.
    fn deviations(&self) -> Option<Lines> {
        let centre = self.centre(self.deviation())?;
        Some(Lines::about(centre, Sigma::OfDeviation(centre)).above_nought())
    }

    fn ratio(&self) -> Option<f64> {
        let sum = |part: fn(&Row) -> f64| {
            self.rows.iter().filter(|row| row.value.is_some()).map(part).fold(0.0, |sum, part| sum + part)
        };
        let sizes = sum(|row| row.size);
        (sizes > 0.0).then(|| sum(|row| row.numerator) / sizes)
    }

    /// The mean of all measurements, from the means of the subgroups: exactly theirs where they are equal.
    fn grand_mean(&self) -> Option<f64> {
        let first = self.values().next()?;
        let measured = || self.rows.iter().filter_map(|row| row.value.map(|value| (value, row.size)));
        let sizes: f64 = measured().map(|(_, size)| size).sum();
        Some(first + measured().map(|(value, size)| size * (value - first)).sum::<f64>() / sizes)
    }

    fn counted(&self, centre: f64, sigma: f64, times: Option<f64>) -> Lines {
        let times = times.or_else(|| self.dispersion(centre, sigma));
        Lines::about(centre, times.map_or(Sigma::Unknown, |times| Sigma::BySize(sigma * times)))
    }

    /// σz: the average moving range of what is left when each value is set against its own sigma.
    fn dispersion(&self, centre: f64, sigma: f64) -> Option<f64> {
        let scores = self.rows.iter().map(|row| {
            let score = (row.value? - centre) / (sigma / libm::sqrt(row.size));
            score.is_finite().then_some(score)
        });
        average_range(&moving_ranges(scores), self.is_screened).map(|average| average / D2)
    }

    fn range_sigma(&self, values: impl Iterator<Item = Option<f64>>) -> Sigma {
        average_range(&moving_ranges(values), self.is_screened)
            .map_or(Sigma::Unknown, |average| Sigma::Equal(average / D2))
    }

    /// The average standard deviation of the subgroups: plain where all have one size, by degrees of freedom elsewhere.
    fn deviation(&self) -> Option<f64> {
        let measured = || self.rows.iter().filter_map(|row| row.deviation.map(|deviation| (deviation, row.size)));
        let (_, size) = measured().next()?;
        if measured().all(|(_, other)| other == size) {
            return mean(measured().map(|(deviation, _)| deviation));
        }
        let freedom: f64 = measured().map(|(_, size)| size - 1.0).sum();
        let squares: f64 = measured().map(|(deviation, size)| (size - 1.0) * deviation * deviation).sum();
        Some(libm::sqrt(squares / freedom))
    }
}
