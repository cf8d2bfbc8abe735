//! Means, medians and moving ranges; a number that does not exist is nothing, never nought or not a number.

use alloc::vec::Vec;

/// A moving range of this many averages and more is screened out (Nelson 1982; Provost and Murray 2011, page 155).
const SCREEN: f64 = 3.267;

/// How much greater the average moving range of two is than the standard deviation, as the books print it: 2/√π.
pub const D2: f64 = 1.128;

/// The mean, rounded once, at the end: what the sum and the division lose is carried along. So a value equal to the
/// mean is found equal, whatever the order (R's `mean` comes near this with longer numbers and a second pass). Nothing
/// for no numbers.
pub fn mean(numbers: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (mut sum, mut lost, mut count) = (0.0_f64, 0.0_f64, 0.0_f64);
    for number in numbers {
        let next = sum + number;
        // Neumaier 1974: of the two, the smaller loses digits.
        lost += if sum.abs() >= number.abs() { (sum - next) + number } else { (number - next) + sum };
        sum = next;
        count += 1.0;
    }
    if count == 0.0 {
        return None;
    }
    let quotient = sum / count;
    let remainder = libm::fma(-quotient, count, sum) + lost;
    Some(quotient + remainder / count)
}

/// The middle number, or the mean of the two in the middle. Nothing for no numbers.
pub fn median(numbers: impl Iterator<Item = f64>) -> Option<f64> {
    let mut numbers: Vec<f64> = numbers.collect();
    let half = numbers.len() / 2;
    if numbers.is_empty() {
        return None;
    }
    let is_even = numbers.len().is_multiple_of(2);
    let (below, &mut upper, _) = numbers.select_nth_unstable_by(half, f64::total_cmp);
    match below.iter().copied().max_by(f64::total_cmp) {
        Some(lower) if is_even => Some((lower + upper) / 2.0),
        _ => Some(upper),
    }
}

/// The standard deviation of a sample: its divisor is one less than the count. Nothing below two numbers.
pub fn deviation(numbers: impl Iterator<Item = f64> + Clone) -> Option<f64> {
    let count = numbers.clone().count();
    if count < 2 {
        return None;
    }
    let centre = mean(numbers.clone())?;
    #[expect(clippy::cast_precision_loss, reason = "no series has 2^53 points")]
    let divisor = (count - 1) as f64;
    Some(libm::sqrt(numbers.map(|number| (number - centre) * (number - centre)).sum::<f64>() / divisor))
}

/// How far each value lies from the one before it. A gap leaves two ranges unknown.
pub fn moving_ranges(values: impl Iterator<Item = Option<f64>>) -> Vec<f64> {
    let mut before: Option<f64> = None;
    let mut ranges = Vec::with_capacity(values.size_hint().0);
    for value in values {
        if let (Some(before), Some(value)) = (before, value) {
            ranges.push((value - before).abs());
        }
        before = value;
    }
    ranges
}

/// The average of moving ranges, those of 3.267 averages and more left out once where that is wanted.
///
/// Where screening would leave nothing but noughts it is undone: limits would fall on the centre line and flag every
/// point. Nothing where there are no ranges, or all are nought: what does not vary has no limits.
pub fn average_range(ranges: &[f64], is_screened: bool) -> Option<f64> {
    let all = mean(ranges.iter().copied()).filter(|&average| average > 0.0)?;
    if !is_screened {
        return Some(all);
    }
    let kept = ranges.iter().copied().filter(|&range| range < SCREEN * all);
    mean(kept).filter(|&average| average > 0.0).or(Some(all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_is_rounded_once() {
        assert_eq!(mean([1.0, 1.0, 1.0, 1.0, 1.0, 20.0]), Some(25.0 / 6.0));
        assert_eq!(mean([0.1, 0.2, 0.3]), Some(0.2));
        assert_eq!(mean([1e16, 1.0, -1e16]), Some(1.0 / 3.0));
        assert_eq!(mean([0.7; 24]), Some(0.7));
        assert_eq!(mean([]), None);
    }

    #[test]
    fn middles() {
        assert_eq!(median([3.0, 1.0, 2.0].into_iter()), Some(2.0));
        assert_eq!(median([4.0, 1.0, 3.0, 2.0].into_iter()), Some(2.5));
        assert_eq!(median([7.0].into_iter()), Some(7.0));
        assert_eq!(median(core::iter::empty()), None);
        assert_eq!(deviation([2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0].into_iter()), Some((32.0_f64 / 7.0).sqrt()));
    }

    #[test]
    fn a_gap_leaves_two_ranges_unknown() {
        let ranges = moving_ranges([Some(1.0), Some(3.0), None, Some(10.0), Some(9.0)].into_iter());
        assert_eq!(ranges, [2.0, 1.0]);
    }

    #[test]
    fn large_ranges_are_left_out_once() {
        let ranges = [1.0, 1.0, 1.0, 1.0, 1.0, 20.0];
        assert_eq!(average_range(&ranges, false), Some(25.0 / 6.0));
        assert_eq!(average_range(&ranges, true), Some(1.0));
    }

    #[test]
    fn a_range_is_large_from_3267_thousandths_of_the_average_on() {
        let with = |large: f64| average_range(&[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, large], true).unwrap();
        // x is 3.26 and 3.27 averages of nine ones and itself.
        assert!(with(3.26 * 9.0 / 6.74) > 1.3);
        assert_eq!(with(3.27 * 9.0 / 6.73), 1.0);
    }

    #[test]
    fn screening_that_would_leave_no_variation_is_undone() {
        assert_eq!(average_range(&[0.0, 0.0, 0.0, 0.0, 10.0, 10.0, 0.0], true), Some(20.0 / 7.0));
        assert_eq!(average_range(&[0.0, 0.0], true), None);
        assert_eq!(average_range(&[], true), None);
    }
}
