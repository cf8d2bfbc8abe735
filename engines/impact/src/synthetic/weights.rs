//! Weights of donors, none negative, summing to one, that come nearest to a target; it must never stop short of the optimum.
//!
//! Subtracting the target from every donor turns the question into: which point of the donors' convex hull is nearest to
//! the origin? Wolfe, *Finding the nearest point in a polytope*, Mathematical Programming 1976, answers it exactly in
//! finitely many steps, each the least squares over the donors in use. The ridge lengthens every donor by a dimension of
//! its own, so that the answer is one even where donors outnumber periods.

use alloc::vec;
use alloc::vec::Vec;

use hiec_least_squares::solve;

/// The penalty on the sum of squared weights.
const RIDGE: f64 = 1e-8;

/// The weights of donors whose mix is nearest to the target, one a donor in their order; none without donors, without
/// periods, or with numbers too large to compute with.
///
/// Every donor has as many values as the target. On values far below one the ridge shrinks with them.
pub fn weights(target: &[f64], donors: &[&[f64]]) -> Option<Vec<f64>> {
    if target.is_empty() || donors.is_empty() || donors.iter().any(|donor| donor.len() != target.len()) {
        return None;
    }
    let apart: Vec<Vec<f64>> =
        donors.iter().map(|donor| donor.iter().zip(target).map(|(a, b)| a - b).collect()).collect();
    let lengths: Vec<f64> = apart.iter().map(|donor| dot(donor, donor)).collect();
    if !lengths.iter().all(|length| length.is_finite()) {
        return None;
    }
    let largest = lengths.into_iter().fold(0.0, f64::max);
    let ridge = RIDGE * if largest > 0.0 { largest.min(1.0) } else { 1.0 };
    Corral::nearest(&apart, ridge).weights(donors.len())
}

/// The donors in use: their mix is the nearest point of the hull they span.
struct Corral<'a> {
    donors: &'a [Vec<f64>],
    ridge: f64,
    members: Vec<(usize, f64)>,
}

impl<'a> Corral<'a> {
    fn nearest(donors: &'a [Vec<f64>], ridge: f64) -> Self {
        let length = |donor: &Vec<f64>| dot(donor, donor);
        let first = (0..donors.len()).min_by(|&a, &b| length(&donors[a]).total_cmp(&length(&donors[b])));
        let mut corral = Self { donors, ridge, members: first.map(|first| (first, 1.0)).into_iter().collect() };
        // Every step leaves a hull for good, so there are finitely many; the bound guards against rounding alone.
        for _ in 0..100 + 20 * donors.len() {
            let Some(next) = corral.nearer() else { break };
            let before = corral.distance();
            let kept = corral.members.clone();
            corral.members.push((next, 0.0));
            let settled = corral.settle();
            if !settled || corral.distance() >= before {
                corral.members = kept;
                break;
            }
        }
        corral
    }

    /// The donor that lies furthest on this side of the mix, if one does by more than rounding.
    fn nearer(&self) -> Option<usize> {
        let mix = self.mix();
        let size = self.distance();
        let beyond = |at: usize| {
            let own = self.members.iter().find(|(member, _)| *member == at).map_or(0.0, |(_, weight)| *weight);
            dot(&mix, &self.donors[at]) + self.ridge * own
        };
        let (next, least) = (0..self.donors.len())
            .filter(|at| self.members.iter().all(|(member, _)| member != at))
            .map(|at| (at, beyond(at)))
            .min_by(|a, b| a.1.total_cmp(&b.1))?;
        let rounding = 1e-14 * libm::sqrt(size * dot(&self.donors[next], &self.donors[next]));
        (least < size - rounding).then_some(next)
    }

    /// Moves to the nearest point of the members' plane, dropping members that stand in the way.
    fn settle(&mut self) -> bool {
        for _ in 0..=self.members.len() {
            let Some(wanted) = self.affine() else { return false };
            if wanted.iter().all(|&weight| weight > 0.0) {
                for ((_, weight), wanted) in self.members.iter_mut().zip(wanted) {
                    *weight = wanted;
                }
                return true;
            }
            let reach =
                |((_, has), wants): (&(usize, f64), &f64)| if *wants <= 0.0 { has / (has - wants) } else { 1.0 };
            let step = self.members.iter().zip(&wanted).map(reach).fold(1.0, f64::min);
            for ((_, weight), wanted) in self.members.iter_mut().zip(&wanted) {
                *weight += step * (wanted - *weight);
            }
            // The member that set the step goes even where rounding left it a crumb.
            let blocking = (0..wanted.len())
                .filter(|&at| wanted[at] <= 0.0)
                .min_by(|&a, &b| self.members[a].1.total_cmp(&self.members[b].1));
            let mut at = 0;
            self.members.retain(|(_, weight)| {
                at += 1;
                Some(at - 1) != blocking && *weight > 0.0
            });
            if self.members.is_empty() {
                return false;
            }
        }
        false
    }

    /// Weights, of any sign, that sum to one and bring the members' mix nearest to the origin.
    fn affine(&self) -> Option<Vec<f64>> {
        let (&(base, _), others) = self.members.split_first()?;
        let periods = self.donors[base].len();
        let root = libm::sqrt(self.ridge);
        let column = |(place, &(member, _)): (usize, &(usize, f64))| {
            let mut column: Vec<f64> = self.donors[member].iter().zip(&self.donors[base]).map(|(a, b)| a - b).collect();
            column.resize(periods + self.members.len(), 0.0);
            column[periods] = -root;
            column[periods + 1 + place] = root;
            column
        };
        let columns: Vec<Vec<f64>> = others.iter().enumerate().map(column).collect();
        let mut outcome: Vec<f64> = self.donors[base].iter().map(|value| -value).collect();
        outcome.resize(periods + self.members.len(), 0.0);
        outcome[periods] = -root;
        let fit = solve(&columns, &outcome).ok()?;
        let others: Vec<f64> = (0..columns.len()).map(|column| fit.coefficient(column)).collect();
        Some(core::iter::once(1.0 - others.iter().sum::<f64>()).chain(others).collect())
    }

    fn mix(&self) -> Vec<f64> {
        let mut mix = vec![0.0; self.donors.first().map_or(0, Vec::len)];
        for &(member, weight) in &self.members {
            for (value, part) in mix.iter_mut().zip(&self.donors[member]) {
                *value += weight * part;
            }
        }
        mix
    }

    /// The squared distance of the mix from the target, and the ridge.
    fn distance(&self) -> f64 {
        let mix = self.mix();
        dot(&mix, &mix) + self.ridge * self.members.iter().map(|(_, weight)| weight * weight).sum::<f64>()
    }

    fn weights(&self, donors: usize) -> Option<Vec<f64>> {
        let mut weights = vec![0.0; donors];
        for &(member, weight) in &self.members {
            weights[member] = weight;
        }
        weights.iter().all(|weight| weight.is_finite()).then_some(weights)
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mix(donors: &[Vec<f64>], weights: &[f64]) -> Vec<f64> {
        (0..donors[0].len())
            .map(|at| donors.iter().zip(weights).map(|(donor, weight)| weight * donor[at]).sum())
            .collect()
    }

    fn views(donors: &[Vec<f64>]) -> Vec<&[f64]> {
        donors.iter().map(Vec::as_slice).collect()
    }

    #[test]
    fn the_nearest_point_of_a_triangle_by_hand() {
        // From (0, 0) to the segment between (1, 0) and (0, 1) is (1/2, 1/2); the third corner lies beyond.
        let donors = [vec![1.0, 0.0], vec![0.0, 1.0], vec![2.0, 2.0]];
        let found = weights(&[0.0, 0.0], &views(&donors)).unwrap();
        assert!((found[0] - 0.5).abs() < 1e-7 && (found[1] - 0.5).abs() < 1e-7, "{found:?}");
        assert_eq!(found[2], 0.0);
    }

    #[test]
    fn the_same_donor_twice_shares_its_weight() {
        let donors = [vec![1.0, 2.0], vec![1.0, 2.0]];
        let found = weights(&[1.0, 2.0], &views(&donors)).unwrap();
        assert!((found[0] - 0.5).abs() < 1e-6, "{found:?}");
    }

    #[test]
    fn nothing_to_weigh_has_no_weights() {
        assert_eq!(weights(&[], &[]), None);
        assert_eq!(weights(&[1.0], &[]), None);
        assert_eq!(weights(&[1.0], &[&[1.0, 2.0]]), None);
        assert_eq!(weights(&[1.0], &[&[f64::MAX]]), None);
        assert_eq!(weights(&[1.0], &[&[f64::NAN]]), None);
    }

    /// Donors on a scale from the very small to the very large, and weights for them.
    fn known() -> impl Strategy<Value = (Vec<Vec<f64>>, Vec<f64>)> {
        (2_usize..8, 8_usize..20, -3_i32..6).prop_flat_map(|(donors, periods, scale)| {
            let size = 10_f64.powi(scale);
            let donor = proptest::collection::vec((-1.0..1.0).prop_map(move |v: f64| v * size), periods);
            let share = proptest::collection::vec(prop_oneof![Just(0.0), 0.05..1.0], donors);
            (proptest::collection::vec(donor, donors), share)
        })
    }

    proptest! {
        #[test]
        fn an_exact_mix_is_found_again((donors, shares) in known()) {
            let total: f64 = shares.iter().sum();
            prop_assume!(total > 0.0);
            let shares: Vec<f64> = shares.iter().map(|share| share / total).collect();
            let found = weights(&mix(&donors, &shares), &views(&donors)).unwrap();
            for (found, share) in found.iter().zip(&shares) {
                prop_assert!((found - share).abs() < 1e-4, "{found} for {share}");
            }
        }

        /// Karush, Kuhn and Tucker: no donor lies further towards the target than the mix does, and those in use lie level.
        #[test]
        fn no_better_mix_exists(
            donors in (1_usize..12).prop_flat_map(|periods| {
                proptest::collection::vec(proptest::collection::vec(-100.0..100.0, periods), 1..16)
            })
        ) {
            let target = vec![3.0; donors[0].len()];
            let found = weights(&target, &views(&donors)).unwrap();
            prop_assert!(found.iter().all(|weight| *weight >= 0.0));
            prop_assert!((found.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            let gap: Vec<f64> = mix(&donors, &found).iter().zip(&target).map(|(m, t)| m - t).collect();
            let slope = |at: usize| {
                dot(&gap, &donors[at]) - dot(&gap, &target) + RIDGE * found[at]
            };
            let level = (0..donors.len()).map(|at| found[at] * slope(at)).sum::<f64>();
            // What rounding may do to a product of gap and donor.
            let rounding = 1e-9 * (libm::sqrt(dot(&gap, &gap)) + 1.0);
            for (at, weight) in found.iter().enumerate() {
                prop_assert!(slope(at) >= level - rounding, "donor {at}: {} under {level}", slope(at));
                prop_assert!(*weight == 0.0 || (slope(at) - level).abs() <= rounding);
            }
        }

        #[test]
        fn no_input_panics(
            target in proptest::collection::vec(any::<f64>(), 0..5),
            donors in proptest::collection::vec(proptest::collection::vec(any::<f64>(), 0..5), 0..6),
        ) {
            if let Some(found) = weights(&target, &views(&donors)) {
                prop_assert!(found.iter().all(|weight| (0.0..=1.0 + 1e-9).contains(weight)));
            }
        }
    }
}
