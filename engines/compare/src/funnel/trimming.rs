//! Keeps the most extreme units from setting how much all differ; it must never change who is judged.

use alloc::vec::Vec;

/// What is done with the ends of the z scores before the dispersion is taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Trim {
    /// Winsorised: scores beyond this share at each end are pulled in to it.
    PullIn(f64),
    /// Truncated: units beyond this share at each end are left out.
    LeaveOut(f64),
}

/// Each score as it goes into the dispersion; none where the unit is left out.
pub(super) fn trimmed(z: &[f64], trim: Trim) -> Vec<Option<f64>> {
    let (Trim::PullIn(share) | Trim::LeaveOut(share)) = trim;
    let mut ordered: Vec<f64> = z.to_vec();
    ordered.sort_by(f64::total_cmp);
    let (low, high) = (quantile(&ordered, share), quantile(&ordered, 1.0 - share));
    z.iter()
        .map(|&z| match trim {
            Trim::PullIn(_) => Some(z.min(high).max(low)),
            // A unit that stands at the limit stays, or units all alike would all be left out.
            Trim::LeaveOut(_) => (low <= z && z <= high).then_some(z),
        })
        .map(|z| z.filter(|z| z.is_finite()))
        .collect()
}

/// The quantile between the two nearest scores: definition 7 of R. J. Hyndman and Y. Fan, American Statistician 50 (1996) 361–365.
fn quantile(ordered: &[f64], share: f64) -> f64 {
    let last = ordered.len().saturating_sub(1);
    let place = last as f64 * share.clamp(0.0, 1.0);
    // 1 − 0.1 is not nine tenths to the last digit: a place a rounding short of a whole number is that number.
    let near = libm::round(place);
    let place = if (place - near).abs() < 4.0 * f64::EPSILON * near.max(1.0) { near } else { place };
    let below = libm::floor(place);
    let at = |place: f64| ordered.get(place as usize).copied();
    match (at(below), at(below + 1.0)) {
        (Some(low), Some(high)) if place > below && low.is_finite() && high != low => {
            low + (place - below) * (high - low)
        }
        (Some(low), _) => low,
        (None, _) => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_between_scores() {
        let scores: Vec<f64> = (0..41).map(f64::from).collect();
        assert_eq!(quantile(&scores, 0.1), 4.0);
        assert_eq!(quantile(&scores, 1.0 - 0.1), 36.0);
        assert!((quantile(&scores[..40], 0.1) - 3.9).abs() < 1e-14);
        assert_eq!(quantile(&[7.0], 0.9), 7.0);
        assert!(quantile(&[], 0.1).is_nan());
    }

    #[test]
    fn pulled_in_or_left_out() {
        let z = [-9.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 40.0];
        assert_eq!(trimmed(&z, Trim::PullIn(0.1))[0], Some(1.0));
        assert_eq!(trimmed(&z, Trim::PullIn(0.1))[10], Some(9.0));
        let left = trimmed(&z, Trim::LeaveOut(0.1));
        assert_eq!(left.iter().filter(|z| z.is_none()).count(), 2);
        assert_eq!(left[1], Some(1.0));
    }

    #[test]
    fn units_all_alike_all_stay() {
        assert!(trimmed(&[0.1 + 0.2; 7], Trim::LeaveOut(0.1)).iter().all(Option::is_some));
    }

    #[test]
    fn a_score_without_end_never_goes_in() {
        let z = [f64::NEG_INFINITY, f64::NEG_INFINITY, 0.0, 1.0];
        assert_eq!(trimmed(&z, Trim::LeaveOut(0.1))[..2], [None, None]);
    }
}
