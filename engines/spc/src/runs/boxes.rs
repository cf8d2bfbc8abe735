//! The regions of runs and crossings that chance makes likely, best box and cut box tabled; it never judges a single point.
//!
//! A box is all that has at least c crossings and no run longer than l. The *best box* for n points is the one that
//! finds a shift of 0.8 standard deviations most often, among those with a specificity of 0.925 and more, the centre
//! line being known beforehand. The *cut box* is what remains of it when cells of its two borders are cut away from
//! their common corner, so that still more shifts are found with no less specificity. The tests compute the table anew
//! from these definitions (Anhøj and Wentzel-Larsen 2020) and the joint distribution of runs and crossings.

use super::{Expected, Method, Signal};

/// Crossings and longest run of the best box; where the cut box is smaller, the crossings from which its longest run is
/// kept, and the longest run up to which its fewest crossings are.
type Tabled = (usize, usize, Option<(usize, usize)>);

/// For 10 points, for 11 and so on to 100.
const BOXES: [Tabled; 91] = [
    (2, 6, Some((3, 5))),
    (3, 7, Some((4, 6))),
    (3, 6, None),
    (3, 6, None),
    (3, 6, None),
    (4, 7, Some((6, 6))),
    (5, 8, Some((6, 7))),
    (5, 7, None),
    (5, 7, Some((6, 6))),
    (5, 7, Some((6, 5))),
    (6, 7, None),
    (7, 8, None),
    (6, 7, Some((7, 6))),
    (6, 7, Some((7, 6))),
    (6, 7, Some((7, 6))),
    (6, 7, None),
    (9, 9, Some((13, 8))),
    (9, 8, Some((10, 7))),
    (9, 8, Some((11, 7))),
    (10, 8, None),
    (11, 10, Some((12, 9))),
    (11, 9, Some((14, 8))),
    (11, 8, None),
    (11, 8, Some((12, 7))),
    (11, 8, Some((13, 7))),
    (12, 8, None),
    (13, 9, Some((15, 8))),
    (14, 10, None),
    (13, 8, None),
    (15, 11, None),
    (15, 9, None),
    (15, 9, Some((17, 8))),
    (14, 8, None),
    (14, 8, None),
    (17, 10, None),
    (17, 9, None),
    (17, 9, Some((19, 8))),
    (17, 9, Some((20, 7))),
    (19, 12, Some((20, 11))),
    (19, 10, Some((21, 9))),
    (19, 9, None),
    (19, 9, Some((21, 8))),
    (19, 9, Some((21, 7))),
    (21, 11, Some((23, 9))),
    (21, 10, Some((23, 8))),
    (21, 9, None),
    (21, 9, Some((23, 8))),
    (23, 12, Some((25, 11))),
    (23, 10, Some((24, 9))),
    (23, 10, Some((26, 8))),
    (23, 9, None),
    (23, 9, Some((24, 8))),
    (25, 11, Some((27, 9))),
    (25, 10, Some((27, 9))),
    (26, 11, Some((27, 10))),
    (26, 10, Some((27, 9))),
    (27, 12, Some((29, 10))),
    (27, 10, None),
    (27, 10, Some((29, 8))),
    (28, 11, Some((29, 8))),
    (29, 14, Some((30, 13))),
    (29, 11, Some((31, 9))),
    (29, 10, Some((30, 9))),
    (30, 11, Some((31, 10))),
    (30, 10, None),
    (31, 12, Some((35, 10))),
    (31, 11, Some((34, 8))),
    (31, 10, Some((33, 9))),
    (32, 11, Some((33, 8))),
    (33, 13, Some((37, 11))),
    (33, 11, Some((35, 9))),
    (33, 10, None),
    (34, 11, Some((36, 10))),
    (33, 10, Some((37, 8))),
    (35, 11, None),
    (35, 11, Some((38, 8))),
    (35, 10, Some((36, 9))),
    (35, 10, Some((38, 8))),
    (37, 12, Some((40, 11))),
    (37, 11, Some((39, 9))),
    (38, 12, None),
    (37, 10, Some((39, 9))),
    (39, 13, Some((41, 12))),
    (39, 11, Some((40, 10))),
    (39, 11, Some((42, 8))),
    (39, 10, None),
    (39, 10, Some((41, 8))),
    (41, 12, Some((45, 10))),
    (41, 11, Some((44, 9))),
    (42, 12, Some((43, 10))),
    (41, 10, Some((42, 9))),
];

/// The first number of points the table has.
const FEWEST: usize = 10;

/// What chance makes likely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Region {
    pub crossings: usize,
    pub longest: usize,
    /// On the border of the longest run: crossings from here on are still likely.
    crossings_of_longest: usize,
    /// On the border of the fewest crossings: runs up to here are still likely.
    longest_of_crossings: usize,
}

impl Region {
    /// The region of a method for so many useful points; nothing where the method has none.
    pub fn of(method: Method, useful: usize) -> Option<Self> {
        let &(crossings, longest, cut) = BOXES.get(useful.checked_sub(FEWEST)?)?;
        let whole = Self::plain(Expected { longest, crossings });
        match (method, cut) {
            (Method::Anhoej, _) => None,
            (Method::CutBox, Some((crossings_of_longest, longest_of_crossings))) => {
                Some(Self { crossings_of_longest, longest_of_crossings, ..whole })
            }
            (Method::BestBox | Method::CutBox, _) => Some(whole),
        }
    }

    /// A box without any cell cut away.
    pub const fn plain(Expected { longest, crossings }: Expected) -> Self {
        Self { crossings, longest, crossings_of_longest: crossings, longest_of_crossings: longest }
    }

    /// Which bound is broken.
    pub fn signal(&self, longest: usize, crossings: usize) -> Signal {
        let is_cut = longest == self.longest && crossings < self.crossings_of_longest
            || crossings == self.crossings && longest > self.longest_of_crossings;
        match (longest > self.longest, crossings < self.crossings) {
            (true, true) => Signal::Both,
            (true, false) => Signal::LongRun,
            (false, true) => Signal::FewCrossings,
            (false, false) if is_cut => Signal::Corner,
            (false, false) => Signal::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;
    use alloc::vec::Vec;

    use super::*;

    /// Chances of each number of crossings (first) with each longest run (second), of points above with a chance.
    struct Joint(Vec<Vec<f64>>);

    impl Joint {
        fn of(points: usize, above: f64) -> Self {
            let up_to: Vec<Vec<f64>> = (0..=points).map(|longest| with_runs_up_to(points, longest, above)).collect();
            let exactly = |crossings: usize, longest: usize| match longest.checked_sub(1) {
                Some(shorter) => up_to[longest][crossings] - up_to[shorter][crossings],
                None => 0.0,
            };
            Self(
                (0..points)
                    .map(|crossings| (0..=points).map(|longest| exactly(crossings, longest)).collect())
                    .collect(),
            )
        }

        fn chance(&self, crossings: usize, longest: usize) -> f64 {
            self.0[crossings][longest]
        }

        /// Of boxes, by crossings and longest run.
        fn boxes(&self) -> Vec<Vec<f64>> {
            let points = self.0.len();
            let mut boxes = vec![vec![0.0; points + 1]; points + 1];
            for crossings in (0..points).rev() {
                for longest in 1..=points {
                    // Two smaller boxes that overlap, and the cell they leave.
                    let overlapping = boxes[crossings + 1][longest] + boxes[crossings][longest - 1];
                    let twice = boxes[crossings + 1][longest - 1];
                    boxes[crossings][longest] = overlapping - twice + self.chance(crossings, longest);
                }
            }
            boxes
        }
    }

    /// Chances of each number of crossings without a run beyond a length. Sequences are built run by run: those that end
    /// above by the chances of those that ended below before the last run.
    fn with_runs_up_to(points: usize, longest: usize, above: f64) -> Vec<f64> {
        let chances = [above, 1.0 - above];
        // ending[side][points][crossings]
        let mut ending = vec![vec![vec![0.0; points]; points + 1]; 2];
        for so_far in 1..=points {
            for side in 0..2 {
                for crossings in 0..so_far {
                    let mut chance = 0.0;
                    let mut run_chance = 1.0;
                    for run in 1..=longest.min(so_far) {
                        run_chance *= chances[side];
                        chance += match (run == so_far, crossings.checked_sub(1)) {
                            (true, None) => run_chance,
                            (false, Some(before)) => run_chance * ending[1 - side][so_far - run][before],
                            _ => 0.0,
                        };
                    }
                    ending[side][so_far][crossings] = chance;
                }
            }
        }
        (0..points).map(|crossings| ending[0][points][crossings] + ending[1][points][crossings]).collect()
    }

    const SPECIFICITY: f64 = 0.925;

    /// The chance that a point lies above the centre when the level is 0.8 standard deviations up.
    fn above_after_shift() -> f64 {
        hiec_distributions::normal::cdf(0.8)
    }

    fn computed(points: usize) -> Tabled {
        let (still, moved) = (Joint::of(points, 0.5), Joint::of(points, above_after_shift()));
        let (likely, missed) = (still.boxes(), moved.boxes());
        let all = (0..points).flat_map(|crossings| (1..=points).map(move |longest| (crossings, longest)));
        let (crossings, longest) = all
            .filter(|&(crossings, longest)| likely[crossings][longest] >= SPECIFICITY)
            .min_by(|a, b| missed[a.0][a.1].total_cmp(&missed[b.0][b.1]))
            .unwrap();
        let room = likely[crossings][longest] - SPECIFICITY;
        let mut best = (0.0, None);
        // Cells cut from the corner on: along the longest run, along the fewest crossings.
        for along_run in 1..points - crossings {
            for along_crossings in 1..longest {
                let cells = (0..along_run)
                    .map(|step| (crossings + step, longest))
                    .chain((1..along_crossings).map(|step| (crossings, longest - step)));
                let (lost, found) = cells.fold((0.0, 0.0), |(lost, found), (crossings, longest)| {
                    (lost + still.chance(crossings, longest), found + moved.chance(crossings, longest))
                });
                // Cutting a cell that cannot occur finds nothing more.
                if lost <= room && found > best.0 + 1e-15 {
                    best = (found, Some((crossings + along_run, longest - along_crossings)));
                }
            }
        }
        (crossings, longest, best.1)
    }

    #[test]
    fn the_table_follows_from_its_definition() {
        for (at, &tabled) in BOXES.iter().enumerate() {
            let points = FEWEST + at;
            // A longer series takes its time in the fourth power; each tenth is enough to see the table go on.
            if points <= 40 || points.is_multiple_of(10) {
                assert_eq!(computed(points), tabled, "{points} points");
            }
        }
    }

    #[test]
    fn the_example_of_the_paper() {
        // 11 points: best box C ≥ 3, L ≤ 7; the cut box without the cell C = 3, L = 7.
        let best = Region::of(Method::BestBox, 11).unwrap();
        assert_eq!(
            (best.signal(7, 3), best.signal(8, 3), best.signal(7, 2)),
            (Signal::None, Signal::LongRun, Signal::FewCrossings)
        );
        let cut = Region::of(Method::CutBox, 11).unwrap();
        assert_eq!(
            (cut.signal(7, 3), cut.signal(7, 4), cut.signal(6, 3)),
            (Signal::Corner, Signal::None, Signal::None)
        );
    }

    #[test]
    fn outside_the_table_there_is_no_box() {
        assert_eq!(Region::of(Method::BestBox, 9), None);
        assert_eq!(Region::of(Method::CutBox, 101), None);
        assert_eq!(Region::of(Method::Anhoej, 24), None);
    }
}
