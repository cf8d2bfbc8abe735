//! Run charts with the Anhøj rules; a signal tells that the level has moved, never which way is better.
//!
//! [`Runs::about`] counts runs and crossings about a centre line. A point on the line is not useful: it makes no run and
//! breaks none. So it is with a gap.
//!
//! Sources: Anhøj and Olesen, *Run charts revisited*, PLoS ONE 9 (2014) e113825; Anhøj and Wentzel-Larsen, *Smooth
//! operator: modifying the Anhøj rules*, PLoS ONE 15 (2020) e0233920, for best box and cut box.

mod boxes;
mod expected;
mod method;
mod sentence;

use core::cmp::Ordering;

use boxes::Region;
pub use expected::Expected;
pub use method::Method;

/// Runs and crossings about a centre line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runs {
    /// Rows counted, gaps too.
    pub observations: usize,
    /// Points off the centre line.
    pub useful: usize,
    /// The longest run, the first of several. Nothing where no point is useful.
    pub longest: Option<Run>,
    /// How often the points change sides. Nothing where no point is useful.
    pub crossings: Option<usize>,
    /// What the Anhøj rules expect of so many useful points at most and at least, whatever the method.
    pub expected: Option<Expected>,
    pub method: Method,
    /// Which rule is broken, by the method.
    pub signal: Signal,
}

/// Points on one side of the centre line, with none on the other side between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    pub side: Side,
    /// The row of its first point.
    pub first: usize,
    /// The row of its last point.
    pub last: usize,
    /// Its points. Points on the line between them are not counted.
    pub points: usize,
}

/// A side of the centre line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Above,
    Below,
}

/// Which rule is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    None,
    /// The longest run is longer than chance alone makes likely.
    LongRun,
    /// There are fewer crossings than chance alone makes likely.
    FewCrossings,
    Both,
    /// Each is possible by itself, both together are not: a cell that the cut box cuts away.
    Corner,
}

impl Runs {
    /// Counts the points, each with its row, about a centre line.
    pub fn about(centre: Option<f64>, points: impl IntoIterator<Item = (usize, Option<f64>)>, method: Method) -> Self {
        let mut count = Count::default();
        for (row, value) in points {
            count.observations += 1;
            let side = centre.zip(value).and_then(|(centre, value)| Side::of(centre, value));
            if let Some(side) = side {
                count.add(row, side);
            }
        }
        let Count { observations, useful, crossings, longest, .. } = count;
        let Some(run) = longest else {
            return Self {
                observations,
                useful,
                longest,
                crossings: None,
                expected: None,
                method,
                signal: Signal::None,
            };
        };
        let expected = Expected::of(useful);
        let judged = Region::of(method, useful).unwrap_or(Region::plain(expected));
        Self {
            observations,
            useful,
            longest,
            crossings: Some(crossings),
            expected: Some(expected),
            method,
            signal: judged.signal(run.points, crossings),
        }
    }

    /// Whether either rule is broken.
    pub fn is_signal(&self) -> bool {
        self.signal != Signal::None
    }
}

impl Side {
    fn of(centre: f64, value: f64) -> Option<Self> {
        match value.partial_cmp(&centre)? {
            Ordering::Greater => Some(Self::Above),
            Ordering::Less => Some(Self::Below),
            Ordering::Equal => None,
        }
    }

    /// "above" or "below".
    pub const fn word(self) -> &'static str {
        match self {
            Self::Above => "above",
            Self::Below => "below",
        }
    }
}

#[derive(Default)]
struct Count {
    observations: usize,
    useful: usize,
    crossings: usize,
    longest: Option<Run>,
    current: Option<Run>,
}

impl Count {
    fn add(&mut self, row: usize, side: Side) {
        self.useful += 1;
        let run = match self.current {
            Some(run) if run.side == side => Run { last: row, points: run.points + 1, ..run },
            before => {
                self.crossings += usize::from(before.is_some());
                Run { side, first: row, last: row, points: 1 }
            }
        };
        self.current = Some(run);
        if self.longest.is_none_or(|longest| run.points > longest.points) {
            self.longest = Some(run);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(values: &[f64], centre: f64) -> Runs {
        Runs::about(Some(centre), values.iter().copied().map(Some).enumerate(), Method::Anhoej)
    }

    #[test]
    fn points_on_the_line_make_no_run_and_break_none() {
        let runs = runs(&[1.0, 2.0, 0.0, 3.0, -1.0, 0.0, -2.0, 1.0], 0.0);
        assert_eq!((runs.observations, runs.useful, runs.crossings), (8, 6, Some(2)));
        assert_eq!(runs.longest, Some(Run { side: Side::Above, first: 0, last: 3, points: 3 }));
    }

    #[test]
    fn gaps_are_observations_and_break_no_run() {
        let values = [Some(1.0), None, Some(1.0), Some(f64::NAN), Some(1.0)];
        let runs = Runs::about(Some(0.0), values.into_iter().enumerate(), Method::Anhoej);
        assert_eq!((runs.observations, runs.useful), (5, 3));
        assert_eq!(runs.longest.map(|run| run.points), Some(3));
    }

    #[test]
    fn without_useful_points_there_is_nothing_to_judge() {
        for runs in [runs(&[5.0; 30], 5.0), runs(&[], 5.0), Runs::about(None, [(0, Some(1.0))], Method::CutBox)] {
            assert_eq!((runs.useful, runs.longest, runs.crossings, runs.expected), (0, None, None, None));
            assert!(!runs.is_signal());
        }
    }

    #[test]
    fn a_run_longer_than_chance_makes_likely_is_a_signal() {
        // 24 useful points: at most 8 in a row, at least 8 crossings.
        let mut values: Vec<f64> = (0..24).map(|at| [-1.0, 1.0][at % 2]).collect();
        values.iter_mut().take(8).for_each(|value| *value = 1.0);
        assert_eq!(runs(&values, 0.0).signal, Signal::None);
        values.iter_mut().take(9).for_each(|value| *value = 1.0);
        assert_eq!(runs(&values, 0.0).signal, Signal::LongRun);
    }

    #[test]
    fn fewer_crossings_than_chance_makes_likely_are_a_signal() {
        let blocks = |sizes: &[usize]| -> Vec<f64> {
            let side = |at: usize| [1.0, -1.0][at % 2];
            sizes.iter().enumerate().flat_map(|(at, &size)| core::iter::repeat_n(side(at), size)).collect()
        };
        assert_eq!(runs(&blocks(&[3, 3, 3, 3, 3, 3, 2, 2, 2]), 0.0).signal, Signal::None);
        assert_eq!(runs(&blocks(&[3, 3, 3, 3, 3, 3, 3, 3]), 0.0).signal, Signal::FewCrossings);
        assert_eq!(runs(&blocks(&[12, 12]), 0.0).signal, Signal::Both);
    }
}
