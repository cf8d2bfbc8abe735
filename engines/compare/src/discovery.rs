//! False discoveries over many sites: which of many small p-values still mean something; it must never judge a p-value that is none.

use alloc::vec::Vec;

/// What the p-values may have to do with one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dependence {
    /// Independent, or rising and falling together: Y. Benjamini and Y. Hochberg, JRSS B 57 (1995) 289–300.
    Positive,
    /// Anything: Y. Benjamini and D. Yekutieli, Annals of Statistics 29 (2001) 1165–1188. Dearer: the level is divided by
    /// 1 + ½ + … + 1/m.
    Any,
}

/// Each p-value adjusted: the smallest level of false discoveries at which it counts as one; none for what is no p-value.
///
/// Calling everything at or below a level a discovery keeps the expected share of false ones among them at or below it.
pub fn adjusted(p_values: &[f64], dependence: Dependence) -> Vec<Option<f64>> {
    let mut ordered: Vec<(f64, usize)> =
        p_values.iter().copied().zip(0..).filter(|(p, _)| (0.0..=1.0).contains(p)).collect();
    ordered.sort_by(|a, b| f64::total_cmp(&a.0, &b.0));
    let tests = ordered.len();
    let dear = match dependence {
        Dependence::Positive => 1.0,
        Dependence::Any => (1..=tests).rev().map(|rank| 1.0 / rank as f64).sum(),
    };
    let mut adjusted = alloc::vec![None; p_values.len()];
    let mut least = 1.0_f64;
    for (before, (p, at)) in ordered.into_iter().enumerate().rev() {
        least = least.min(p * (tests as f64 / (before + 1) as f64) * dear);
        if let Some(place) = adjusted.get_mut(at) {
            *place = Some(least);
        }
    }
    adjusted
}

/// Which p-values are discoveries at a level, such as 0.05.
pub fn discoveries(p_values: &[f64], level: f64, dependence: Dependence) -> Vec<bool> {
    adjusted(p_values, dependence).into_iter().map(|p| p.is_some_and(|p| p <= level)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::strategy::Strategy;

    use super::*;

    /// The fifteen p-values of the 1995 paper, section 3.2: four are discoveries at 5%, where Bonferroni finds three.
    const PAPER: [f64; 15] = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590,
        1.000,
    ];

    #[test]
    fn the_papers_own_example_is_met() {
        let found = discoveries(&PAPER, 0.05, Dependence::Positive);
        assert_eq!(found.iter().filter(|&&is_found| is_found).count(), 4);
        assert!(found[..4].iter().all(|&is_found| is_found));
        // 0.0095·15/4, and the fifth, 0.0201·15/5.
        let adjusted = adjusted(&PAPER, Dependence::Positive);
        assert!((adjusted[3].unwrap() - 0.035_625).abs() < 1e-15);
        assert!((adjusted[4].unwrap() - 0.0603).abs() < 1e-15);
        // 0.0278·15/6 is 0.0695, but the eighth, 0.0344·15/8 = 0.0645, is less, and the seventh less still.
        assert!((adjusted[5].unwrap() - 0.0298 * 15.0 / 7.0).abs() < 1e-15);
    }

    #[test]
    fn dependence_is_dearer() {
        let harmonic: f64 = (1..=15).map(|k| 1.0 / f64::from(k)).sum();
        let (cheap, dear) = (adjusted(&PAPER, Dependence::Positive), adjusted(&PAPER, Dependence::Any));
        assert!((dear[3].unwrap() / cheap[3].unwrap() - harmonic).abs() < 1e-12);
        assert_eq!(discoveries(&PAPER, 0.05, Dependence::Any).iter().filter(|&&is_found| is_found).count(), 3);
    }

    #[test]
    fn what_is_no_p_value_counts_for_nothing() {
        let found = adjusted(&[0.01, f64::NAN, -0.1, 1.5, 0.04], Dependence::Positive);
        assert_eq!(found, [Some(0.02), None, None, None, Some(0.04)]);
        assert!(adjusted(&[], Dependence::Any).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn adjusting_keeps_order_and_never_flatters(p_values in proptest::collection::vec(proptest::num::f64::ANY.prop_map(|p| p.abs() % 1.0), 0..40)) {
            let found = adjusted(&p_values, Dependence::Positive);
            for (p, adjusted) in p_values.iter().zip(&found) {
                let Some(adjusted) = adjusted else { proptest::prop_assert!(p.is_nan()); continue };
                proptest::prop_assert!(*adjusted >= *p && *adjusted <= 1.0);
                for (other, after) in p_values.iter().zip(&found) {
                    proptest::prop_assert!(after.is_none() || other < p || after.unwrap() >= *adjusted);
                }
            }
            // The step-up rule itself: the largest k with p(k) ≤ k·level/m.
            let mut ordered: Vec<f64> = p_values.iter().copied().filter(|p| !p.is_nan()).collect();
            ordered.sort_by(f64::total_cmp);
            let m = ordered.len() as f64;
            let k = (0..ordered.len()).rev().find(|&k| ordered[k] <= (k + 1) as f64 * 0.05 / m * (1.0 - 1e-12));
            let found = discoveries(&p_values, 0.05, Dependence::Positive).iter().filter(|&&is_found| is_found).count();
            proptest::prop_assert!(found >= k.map_or(0, |k| k + 1));
        }
    }
}
