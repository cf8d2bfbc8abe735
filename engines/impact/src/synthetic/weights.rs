//! Weights of donors, none negative, summing to one, that come nearest to a target; it must never stop short of the optimum.
//!
//! Subtracting the target from every donor turns the question into: which point of the donors' convex hull is nearest to
//! the origin? Wolfe, *Finding the nearest point in a polytope*, Mathematical Programming 1976, answers it exactly in
//! finitely many steps, each the least squares over the donors in use. The ridge lengthens every donor by a dimension of
//! its own, so that the answer is one even where donors outnumber periods.

use alloc::vec;
use alloc::vec::Vec;

use super::triangle::Triangle;

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
    let largest = lengths.iter().copied().fold(0.0, f64::max);
    let ridge = RIDGE * if largest > 0.0 { largest.min(1.0) } else { 1.0 };
    // The sum of weights is held to one by a further dimension, as long as the donors are.
    let anchor = if largest > 0.0 { libm::sqrt(largest) } else { 1.0 };
    let corral = Corral { donors: &apart, lengths, ridge, anchor, members: Vec::new(), triangle: Triangle::default() };
    corral.nearest().weights(donors.len())
}

/// The donors in use: their mix is the nearest point of the hull they span.
struct Corral<'a> {
    donors: &'a [Vec<f64>],
    /// Their squared lengths.
    lengths: Vec<f64>,
    ridge: f64,
    anchor: f64,
    members: Vec<(usize, f64)>,
    /// Of the members, each lengthened by the anchor and the ridge.
    triangle: Triangle,
}

impl Corral<'_> {
    fn nearest(mut self) -> Self {
        let first = (0..self.donors.len()).min_by(|&a, &b| self.lengths[a].total_cmp(&self.lengths[b]));
        if !first.is_some_and(|first| self.enter(first, 1.0)) {
            return self;
        }
        // Every step leaves a hull for good, so there are finitely many; the bound guards against rounding alone.
        for _ in 0..100 + 20 * self.donors.len() {
            let Some(next) = self.nearer() else { break };
            let before = self.distance();
            let kept = self.members.clone();
            let settled = self.enter(next, 0.0) && self.settle();
            if !settled || self.distance() >= before {
                self.members = kept;
                break;
            }
        }
        self
    }

    /// The donor that lies furthest on this side of the mix, if one does by more than rounding.
    fn nearer(&self) -> Option<usize> {
        let mix = self.mix();
        let size = self.distance();
        let mut is_member = vec![false; self.donors.len()];
        self.members.iter().for_each(|(member, _)| is_member[*member] = true);
        let (next, least) = (0..self.donors.len())
            .filter(|at| !is_member[*at])
            .map(|at| (at, dot(&mix, &self.donors[at])))
            .min_by(|a, b| a.1.total_cmp(&b.1))?;
        let rounding = 1e-14 * libm::sqrt(size * self.lengths[next]);
        (least < size - rounding).then_some(next)
    }

    /// Lets a donor in. False where the members make it up.
    fn enter(&mut self, donor: usize, weight: f64) -> bool {
        let anchor = self.anchor * self.anchor;
        let products = self.members.iter().map(|(member, _)| anchor + dot(&self.donors[*member], &self.donors[donor]));
        let length = libm::sqrt(anchor + self.lengths[donor] + self.ridge);
        let (donors, members, ridge) = (self.donors, &self.members, self.ridge);
        let left = |combination: &[f64]| {
            let mut left = donors[donor].clone();
            let mut others = 0.0;
            for ((member, _), share) in members.iter().zip(combination) {
                left.iter_mut().zip(&donors[*member]).for_each(|(value, part)| *value -= share * part);
                others += share * share;
            }
            let apart = 1.0 - combination.iter().sum::<f64>();
            libm::sqrt(dot(&left, &left) + anchor * apart * apart + ridge * (1.0 + others))
        };
        let entered = self.triangle.add(products.collect(), length, left);
        if entered {
            self.members.push((donor, weight));
        }
        entered
    }

    fn leave(&mut self, place: usize) {
        self.members.remove(place);
        self.triangle.remove(place);
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
            for place in (0..self.members.len()).rev() {
                if Some(place) == blocking || self.members[place].1 <= 0.0 {
                    self.leave(place);
                }
            }
            if self.members.is_empty() {
                return false;
            }
        }
        false
    }

    /// Weights, of any sign, that sum to one and bring the members' mix nearest to the origin.
    ///
    /// Of all `v`, the one that brings `(anchor · Σv, Σ v donor, ridge · v)` nearest to `(anchor, 0, 0)` is these weights
    /// but for its sum: Wolfe's step.
    fn affine(&self) -> Option<Vec<f64>> {
        let anchor = self.anchor * self.anchor;
        let mut v = vec![anchor; self.members.len()];
        self.triangle.solve_both(&mut v);
        let mix = self.mix_of(&v);
        let missing = anchor * (1.0 - v.iter().sum::<f64>());
        let mut correction: Vec<f64> = (self.members.iter().zip(&v))
            .map(|((member, _), share)| missing - dot(&self.donors[*member], &mix) - self.ridge * share)
            .collect();
        self.triangle.solve_both(&mut correction);
        v.iter_mut().zip(&correction).for_each(|(share, more)| *share += more);
        let sum: f64 = v.iter().sum();
        v.iter_mut().for_each(|share| *share /= sum);
        v.iter().all(|share| share.is_finite()).then_some(v)
    }

    fn mix(&self) -> Vec<f64> {
        let weights: Vec<f64> = self.members.iter().map(|(_, weight)| *weight).collect();
        self.mix_of(&weights)
    }

    fn mix_of(&self, weights: &[f64]) -> Vec<f64> {
        let mut mix = vec![0.0; self.donors.first().map_or(0, Vec::len)];
        for ((member, _), weight) in self.members.iter().zip(weights) {
            mix.iter_mut().zip(&self.donors[*member]).for_each(|(value, part)| *value += weight * part);
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
        let sum: f64 = weights.iter().sum();
        (sum - 1.0).abs().le(&1e-6).then_some(weights)
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
