//! Finds the two unknowns of a curve's shape, and its scale, by least squares; it must never settle for the nearest valley.
//!
//! The scale enters the curve as a factor, so for any shape the best scale is known (variable projection: Golub and
//! Pereyra, SIAM J Numer Anal 1973, in Kaufman's form, BIT 1975). What remains is a surface over two unknowns: it is looked
//! at on a grid, and every valley the grid shows is walked to its floor by Levenberg and Marquardt's steps. The lowest wins.

use alloc::vec::Vec;

/// At most so many valleys are walked down.
const VALLEYS: usize = 24;
const STEPS: usize = 500;

/// A curve's shape: for two unknowns, the value and its two derivatives at every period.
pub(super) trait Shape {
    fn at(&self, unknowns: [f64; 2]) -> Vec<[f64; 3]>;
}

/// Where the unknowns may lie, and where the search looks first: grids in rising order.
pub(super) struct Field {
    pub(super) lower: [f64; 2],
    pub(super) upper: [f64; 2],
    pub(super) grid: [Vec<f64>; 2],
}

/// The best curve found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Found {
    pub(super) unknowns: [f64; 2],
    pub(super) scale: f64,
    pub(super) rss: f64,
}

/// The shape and scale with the least sum of squares; with `scale` given, the shape alone.
pub(super) fn best(shape: &impl Shape, outcome: &[f64], scale: Option<f64>, field: &Field) -> Option<Found> {
    let question = Question { shape, outcome, scale, field };
    let mut valleys = question.valleys();
    valleys.sort_by(|a, b| a.rss.total_cmp(&b.rss));
    valleys.truncate(VALLEYS);
    valleys.into_iter().map(|start| question.floor(start)).min_by(|a, b| a.rss.total_cmp(&b.rss))
}

struct Question<'a, S> {
    shape: &'a S,
    outcome: &'a [f64],
    scale: Option<f64>,
    field: &'a Field,
}

impl<S: Shape> Question<'_, S> {
    /// The points of the grid no neighbour of which lies lower.
    fn valleys(&self) -> Vec<Found> {
        let [across, down] = &self.field.grid;
        let surface: Vec<Option<Found>> = across
            .iter()
            .flat_map(|&a| down.iter().map(move |&b| [a, b]))
            .map(|unknowns| self.look(unknowns).map(|(found, _)| found))
            .collect();
        let height = |a: usize, b: usize| surface[a * down.len() + b].map_or(f64::INFINITY, |found| found.rss);
        let around = |at: usize, length: usize| at.saturating_sub(1)..(at + 2).min(length);
        let is_valley = |a: usize, b: usize| {
            around(a, across.len()).all(|i| around(b, down.len()).all(|j| height(i, j) >= height(a, b)))
        };
        (0..across.len())
            .flat_map(|a| (0..down.len()).map(move |b| (a, b)))
            .filter(|&(a, b)| is_valley(a, b))
            .filter_map(|(a, b)| surface[a * down.len() + b])
            .collect()
    }

    /// The curve of these unknowns at its best scale, and the shape it has.
    fn look(&self, unknowns: [f64; 2]) -> Option<(Found, Vec<[f64; 3]>)> {
        let shape = self.shape.at(unknowns);
        let scale = self.scale.unwrap_or_else(|| {
            let along: f64 = shape.iter().zip(self.outcome).map(|(at, y)| at[0] * y).sum();
            let length: f64 = shape.iter().map(|at| at[0] * at[0]).sum();
            along / length
        });
        let rss: f64 = shape.iter().zip(self.outcome).map(|(at, y)| (y - scale * at[0]) * (y - scale * at[0])).sum();
        rss.is_finite().then_some((Found { unknowns, scale, rss }, shape))
    }

    fn floor(&self, start: Found) -> Found {
        let Some((mut here, mut shape)) = self.look(start.unknowns) else { return start };
        let mut damping = 1e-3;
        for _ in 0..STEPS {
            let Some((step, promised)) = self.step(&here, &shape, damping) else { break };
            let Field { lower, upper, .. } = self.field;
            let next = [0, 1].map(|at| (here.unknowns[at] + step[at]).clamp(lower[at], upper[at]));
            if (0..2).all(|at| (next[at] - here.unknowns[at]).abs() <= 1e-14 * here.unknowns[at].abs().max(1.0)) {
                break;
            }
            let found = self.look(next).filter(|(found, _)| found.rss < here.rss);
            // How much of the gain the bend promised was had says how far the bend can be trusted.
            let kept = found.as_ref().map_or(0.0, |(found, _)| (here.rss - found.rss) / promised);
            if let Some((found, at_next)) = found {
                let gained = here.rss - found.rss;
                (here, shape) = (found, at_next);
                if gained <= 1e-16 * here.rss {
                    break;
                }
            }
            damping = match kept {
                0.75.. => (damping / 8.0).max(1e-12),
                0.25..0.75 => damping,
                _ => damping * 4.0,
            };
            if damping > 1e12 {
                break;
            }
        }
        here
    }

    /// A damped step downhill and the fall it promises; none at a floor.
    fn step(&self, here: &Found, shape: &[[f64; 3]], damping: f64) -> Option<([f64; 2], f64)> {
        let length: f64 = shape.iter().map(|at| at[0] * at[0]).sum();
        let mut along = [0.0; 2];
        if self.scale.is_none() {
            for (unknown, along) in along.iter_mut().enumerate() {
                *along = shape.iter().map(|at| at[0] * at[unknown + 1]).sum::<f64>() / length;
            }
        }
        // The slope of each residual, the part the scale takes up left out.
        let slope = |at: &[f64; 3], unknown: usize| here.scale * (at[unknown + 1] - along[unknown] * at[0]);
        let (mut bend, mut fall) = ([[0.0; 2]; 2], [0.0; 2]);
        for (at, y) in shape.iter().zip(self.outcome) {
            let residual = y - here.scale * at[0];
            for ((fall, bend), row) in fall.iter_mut().zip(&mut bend).zip(0..) {
                *fall += slope(at, row) * residual;
                *bend = [0, 1].map(|column| bend[column] + slope(at, row) * slope(at, column));
            }
        }
        // An unknown at its bound stays there while the way down leads beyond.
        let Field { lower, upper, .. } = self.field;
        let free = [0, 1].map(|at| {
            let held = (here.unknowns[at] <= lower[at] && fall[at] < 0.0)
                || (here.unknowns[at] >= upper[at] && fall[at] > 0.0);
            !held && bend[at][at] > 0.0
        });
        let damped = |at: usize| bend[at][at] * (1.0 + damping);
        let step = match free {
            [false, false] => return None,
            [true, false] => [fall[0] / damped(0), 0.0],
            [false, true] => [0.0, fall[1] / damped(1)],
            [true, true] => {
                let determinant = damped(0) * damped(1) - bend[0][1] * bend[1][0];
                [
                    (fall[0] * damped(1) - fall[1] * bend[0][1]) / determinant,
                    (fall[1] * damped(0) - fall[0] * bend[1][0]) / determinant,
                ]
            }
        };
        let promised = (0..2)
            .map(|row| step[row] * (2.0 * fall[row] - bend[row][0] * step[0] - bend[row][1] * step[1]))
            .sum::<f64>();
        (promised.is_finite() && promised > 0.0).then_some((step, promised))
    }
}

/// So many numbers from one to another, evenly apart.
pub(super) fn evenly(from: f64, to: f64, count: usize) -> Vec<f64> {
    let last = count.saturating_sub(1).max(1) as f64;
    (0..count).map(|at| from + (to - from) * at as f64 / last).collect()
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use proptest::prelude::*;

    use super::*;

    /// Two valleys: a hump whose place and width are unknown, over a field with one high and one low hump.
    struct Hump(Vec<f64>);

    impl Shape for Hump {
        fn at(&self, [place, width]: [f64; 2]) -> Vec<[f64; 3]> {
            let one = |&t: &f64| {
                let z = (t - place) / width;
                let height = libm::exp(-z * z / 2.0);
                [height, height * z / width, height * z * z / width]
            };
            self.0.iter().map(one).collect()
        }
    }

    fn field() -> Field {
        Field { lower: [0.0, 0.3], upper: [40.0, 10.0], grid: [evenly(0.0, 40.0, 41), evenly(0.3, 10.0, 20)] }
    }

    #[test]
    fn the_lower_of_two_valleys_is_found_to_its_floor() {
        let shape = Hump((0..40).map(f64::from).collect());
        let high = shape.at([31.0, 1.5]);
        let low = shape.at([8.0, 2.0]);
        let outcome: Vec<f64> = high.iter().zip(&low).map(|(h, l)| 5.0 * h[0] + 3.0 * l[0]).collect();
        let found = best(&shape, &outcome, None, &field()).unwrap();
        assert!((found.unknowns[0] - 31.0).abs() < 0.01, "{found:?}");
        let alone: Vec<f64> = high.iter().map(|h| 5.0 * h[0]).collect();
        let found = best(&shape, &alone, None, &field()).unwrap();
        assert!(
            found.rss < 1e-20 && (found.scale - 5.0).abs() < 1e-9 && (found.unknowns[1] - 1.5).abs() < 1e-9,
            "{found:?}"
        );
        let found = best(&shape, &alone, Some(5.0), &field()).unwrap();
        assert!(found.rss < 1e-20, "{found:?}");
    }

    #[test]
    fn a_bound_holds() {
        let shape = Hump((0..40).map(f64::from).collect());
        let narrow: Vec<f64> = shape.at([20.0, 0.1]).iter().map(|h| h[0]).collect();
        let found = best(&shape, &narrow, None, &field()).unwrap();
        assert_eq!(found.unknowns[1], 0.3);
    }

    proptest! {
        #[test]
        fn no_point_looked_at_lies_lower(
            outcome in proptest::collection::vec(0.0..10.0, 40),
            looks in proptest::collection::vec((0.0..40.0, 0.3..10.0), 50),
        ) {
            let shape = Hump((0..40).map(f64::from).collect());
            let field = field();
            let found = best(&shape, &outcome, None, &field).unwrap();
            let question = Question { shape: &shape, outcome: &outcome, scale: None, field: &field };
            for (place, width) in looks {
                let (other, _) = question.look([place, width]).unwrap();
                prop_assert!(found.rss <= other.rss + 1e-9, "{found:?} over {other:?}");
            }
        }

        #[test]
        fn no_input_panics(outcome in proptest::collection::vec(any::<f64>(), 3)) {
            let _ = best(&Hump(vec![0.0, 1.0, 2.0]), &outcome, None, &field());
        }
    }
}
