//! Exact numbers: fractions of whole numbers, for scores, weights and totals. They never go through binary floating point, and rounding is asked for by name.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A fraction in lowest terms with a positive denominator. Sums that leave 128 bits are errors, not wrong.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Exact {
    top: i128,
    bottom: i128,
}

/// Why a number cannot be had.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ExactError {
    #[error("Enter a number such as 3 or 3.5")]
    NotANumber,
    #[error("Enter a number with fewer figures")]
    TooLong,
    #[error("The numbers are too large to be added up exactly")]
    TooLarge,
    #[error("There is nothing to divide by")]
    DivisionByZero,
}

impl Exact {
    pub const ZERO: Self = Self { top: 0, bottom: 1 };
    pub const ONE: Self = Self { top: 1, bottom: 1 };
    pub const HALF: Self = Self { top: 1, bottom: 2 };
    pub const HUNDRED: Self = Self { top: 100, bottom: 1 };

    pub const fn whole(number: i64) -> Self {
        Self { top: number as i128, bottom: 1 }
    }

    /// `top / bottom`, in lowest terms.
    pub fn ratio(top: i128, bottom: i128) -> Result<Self, ExactError> {
        if bottom == 0 {
            return Err(ExactError::DivisionByZero);
        }
        let divisor = common_divisor(top.unsigned_abs(), bottom.unsigned_abs());
        let divisor = i128::try_from(divisor).map_err(|_| ExactError::TooLarge)?;
        let (mut top, mut bottom) = (top / divisor, bottom / divisor);
        if bottom < 0 {
            top = top.checked_neg().ok_or(ExactError::TooLarge)?;
            bottom = bottom.checked_neg().ok_or(ExactError::TooLarge)?;
        }
        Ok(Self { top, bottom })
    }

    pub fn plus(self, other: Self) -> Result<Self, ExactError> {
        let divisor = common_divisor(self.bottom.unsigned_abs(), other.bottom.unsigned_abs());
        let divisor = i128::try_from(divisor).map_err(|_| ExactError::TooLarge)?;
        let left = product(self.top, other.bottom / divisor)?;
        let right = product(other.top, self.bottom / divisor)?;
        Self::ratio(left.checked_add(right).ok_or(ExactError::TooLarge)?, product(self.bottom, other.bottom / divisor)?)
    }

    pub fn subtract(self, other: Self) -> Result<Self, ExactError> {
        let top = other.top.checked_neg().ok_or(ExactError::TooLarge)?;
        self.plus(Self { top, ..other })
    }

    pub fn times(self, other: Self) -> Result<Self, ExactError> {
        // Crossed out first, so that the product stays small.
        let one = Self::ratio(self.top, other.bottom)?;
        let two = Self::ratio(other.top, self.bottom)?;
        Self::ratio(product(one.top, two.top)?, product(one.bottom, two.bottom)?)
    }

    pub fn over(self, other: Self) -> Result<Self, ExactError> {
        if other.top == 0 {
            return Err(ExactError::DivisionByZero);
        }
        self.times(Self::ratio(other.bottom, other.top)?)
    }

    pub fn sum(numbers: impl IntoIterator<Item = Self>) -> Result<Self, ExactError> {
        numbers.into_iter().try_fold(Self::ZERO, Self::plus)
    }

    /// The mean; nothing has none.
    pub fn mean(numbers: &[Self]) -> Result<Self, ExactError> {
        let count = i64::try_from(numbers.len()).map_err(|_| ExactError::TooLarge)?;
        Self::sum(numbers.iter().copied())?.over(Self::whole(count))
    }

    /// The middle one, or the mean of the two in the middle.
    pub fn median(numbers: &[Self]) -> Result<Self, ExactError> {
        let mut sorted = numbers.to_vec();
        sorted.sort();
        let half = sorted.len() / 2;
        let middle = if sorted.len() % 2 == 1 {
            sorted.get(half..=half)
        } else {
            half.checked_sub(1).and_then(|low| sorted.get(low..=half))
        };
        Self::mean(middle.ok_or(ExactError::DivisionByZero)?)
    }

    pub fn distance(self, other: Self) -> Result<Self, ExactError> {
        if self < other { other.subtract(self) } else { self.subtract(other) }
    }

    pub fn is_negative(self) -> bool {
        self.top < 0
    }

    pub fn is_zero(self) -> bool {
        self.top == 0
    }

    /// Whether it is a whole number of `step`s.
    pub fn is_multiple_of(self, step: Self) -> bool {
        self.over(step).is_ok_and(|steps| steps.bottom == 1)
    }

    /// To so many decimal places, halves up (10.125 becomes 10.13, −0.5 becomes 0): the rule of the published totals.
    pub fn half_up(self, places: u32) -> Result<Rounded, ExactError> {
        let scale = 10_i128.checked_pow(places).ok_or(ExactError::TooLarge)?;
        let doubled = product(product(self.top, scale)?, 2)?.checked_add(self.bottom).ok_or(ExactError::TooLarge)?;
        Ok(Rounded { units: doubled.div_euclid(product(self.bottom, 2)?), places })
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    /// Compares by continued fractions, which cannot overflow.
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut left, mut right, mut flipped) = (*self, *other, false);
        loop {
            let (left_whole, right_whole) = (left.top.div_euclid(left.bottom), right.top.div_euclid(right.bottom));
            let (left_rest, right_rest) = (left.top.rem_euclid(left.bottom), right.top.rem_euclid(right.bottom));
            let order = match left_whole.cmp(&right_whole) {
                Ordering::Equal => match (left_rest, right_rest) {
                    (0, 0) => Ordering::Equal,
                    (0, _) => Ordering::Less,
                    (_, 0) => Ordering::Greater,
                    _ => {
                        // a/b against c/d with both rests open: compare b/a and d/c the other way round.
                        left = Self { top: left.bottom, bottom: left_rest };
                        right = Self { top: right.bottom, bottom: right_rest };
                        flipped = !flipped;
                        continue;
                    }
                },
                decided => decided,
            };
            return if flipped { order.reverse() } else { order };
        }
    }
}

impl FromStr for Exact {
    type Err = ExactError;

    /// `3`, `3.5`, `.3`, `-1`, or a fraction of whole numbers `10/3`. No exponents, no separators.
    fn from_str(text: &str) -> Result<Self, ExactError> {
        let text = text.trim();
        if let Some((top, bottom)) = text.split_once('/') {
            return Self::ratio(whole_number(top)?, whole_number(bottom)?);
        }
        let (sign, figures) = match text.strip_prefix(['-', '−']) {
            Some(rest) => (-1, rest),
            None => (1, text),
        };
        let (whole, decimals) = figures.split_once('.').unwrap_or((figures, ""));
        if whole.is_empty() && decimals.is_empty() {
            return Err(ExactError::NotANumber);
        }
        if !whole.chars().chain(decimals.chars()).all(|c| c.is_ascii_digit()) {
            return Err(ExactError::NotANumber);
        }
        // 36 figures in all stay inside 128 bits.
        if whole.len() > 18 || decimals.len() > 18 {
            return Err(ExactError::TooLong);
        }
        let digits: i128 = format!("0{whole}{decimals}").parse().map_err(|_| ExactError::NotANumber)?;
        let scale = u32::try_from(decimals.len())
            .ok()
            .and_then(|places| 10_i128.checked_pow(places))
            .ok_or(ExactError::TooLong)?;
        Self::ratio(sign * digits, scale)
    }
}

fn whole_number(text: &str) -> Result<i128, ExactError> {
    let text = text.trim();
    let figures = text.strip_prefix('-').unwrap_or(text);
    if figures.is_empty() || !figures.chars().all(|c| c.is_ascii_digit()) {
        return Err(ExactError::NotANumber);
    }
    text.parse().map_err(|_| ExactError::TooLong)
}

impl fmt::Display for Exact {
    /// As a decimal number where it has an end (`4.25`), else as a fraction (`10/3`).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for places in 0..=18_u32 {
            let Some(scale) = 10_i128.checked_pow(places) else {
                break;
            };
            if scale % self.bottom == 0 {
                let Some(units) = self.top.checked_mul(scale / self.bottom) else {
                    break;
                };
                return Rounded { units, places }.fmt(f);
            }
        }
        write!(f, "{}/{}", self.top, self.bottom)
    }
}

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Exact {
    /// From text as [`FromStr`] reads it, or from a JSON number as it is spelt.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Spelt {
            Number(serde_json::Number),
            Text(String),
        }
        match Spelt::deserialize(deserializer)? {
            Spelt::Number(number) => number.to_string().parse(),
            Spelt::Text(text) => text.parse(),
        }
        .map_err(serde::de::Error::custom)
    }
}

/// A number rounded to a fixed count of decimal places; two with the same places compare by value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Rounded {
    units: i128,
    places: u32,
}

impl Rounded {
    /// The number it now is, exactly.
    pub fn exact(self) -> Result<Exact, ExactError> {
        let scale = 10_i128.checked_pow(self.places).ok_or(ExactError::TooLarge)?;
        Exact::ratio(self.units, scale)
    }
}

impl fmt::Display for Rounded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = usize::try_from(self.places).unwrap_or(0);
        let sign = if self.units < 0 { "-" } else { "" };
        let digits = format!("{:0>width$}", self.units.unsigned_abs(), width = places + 1);
        let (whole, decimals) = digits.split_at(digits.len() - places);
        if decimals.is_empty() { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.{decimals}") }
    }
}

impl Serialize for Rounded {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rounded {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let places = text.split_once('.').map_or(0, |(_, decimals)| decimals.chars().count());
        let exact: Exact = text.parse().map_err(serde::de::Error::custom)?;
        exact.half_up(u32::try_from(places).unwrap_or(u32::MAX)).map_err(serde::de::Error::custom)
    }
}

fn product(left: i128, right: i128) -> Result<i128, ExactError> {
    left.checked_mul(right).ok_or(ExactError::TooLarge)
}

fn common_divisor(mut left: u128, mut right: u128) -> u128 {
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left.max(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(text: &str) -> Exact {
        text.parse().unwrap()
    }

    #[test]
    fn halves_go_up() {
        for (given, places, expected) in [
            ("10.125", 2, "10.13"),
            ("10.1249", 2, "10.12"),
            ("0.5", 0, "1"),
            ("-0.5", 0, "0"),
            ("-1.005", 2, "-1.00"),
            ("2/3", 2, "0.67"),
            ("0.004", 2, "0.00"),
            ("100", 2, "100.00"),
        ] {
            assert_eq!(number(given).half_up(places).unwrap().to_string(), expected, "{given}");
        }
    }

    #[test]
    fn reads_and_refuses() {
        assert_eq!(number(".3"), Exact::ratio(3, 10).unwrap());
        assert_eq!(number("10/4").to_string(), "2.5");
        assert_eq!(number("10/3").to_string(), "10/3");
        for bad in ["", ".", "1e3", "1,5", "NaN", "٣", "1/x", "--1", "1/-"] {
            assert_eq!(bad.parse::<Exact>(), Err(ExactError::NotANumber), "{bad}");
        }
        assert_eq!("1/0".parse::<Exact>(), Err(ExactError::DivisionByZero));
        assert_eq!("1234567890123456789".parse::<Exact>(), Err(ExactError::TooLong));
        assert!(serde_json::from_str::<Exact>("0.405").unwrap() == number("0.405"));
        assert!(serde_json::from_str::<Exact>("true").is_err());
    }

    #[test]
    fn too_large_is_said_not_wrapped() {
        let huge = Exact::ratio(i128::MAX, 1).unwrap();
        assert_eq!(huge.plus(Exact::ONE), Err(ExactError::TooLarge));
        assert_eq!(huge.times(Exact::HUNDRED), Err(ExactError::TooLarge));
        assert!(Exact::ratio(i128::MIN, -1).is_err());
        assert!(Exact::ratio(i128::MIN, i128::MIN).is_err());
        assert!(huge > Exact::ratio(i128::MAX - 1, 1).unwrap());
        assert!(Exact::ratio(i128::MAX, 2).unwrap() > Exact::ratio(i128::MAX, 3).unwrap());
    }

    #[test]
    fn median_and_mean() {
        let scores = [number("5"), number("1"), number("2")];
        assert_eq!(Exact::median(&scores).unwrap(), number("2"));
        assert_eq!(Exact::median(&scores[..2]).unwrap(), number("3"));
        assert_eq!(Exact::mean(&scores).unwrap().to_string(), "8/3");
        assert_eq!(Exact::median(&[]), Err(ExactError::DivisionByZero));
    }

    proptest! {
        #[test]
        fn behaves_like_numbers(a in -10_000_i128..10_000, b in 1_i128..1000, c in -10_000_i128..10_000, d in 1_i128..1000) {
            let (x, y) = (Exact::ratio(a, b).unwrap(), Exact::ratio(c, d).unwrap());
            prop_assert_eq!(x.cmp(&y), (a * d).cmp(&(c * b)));
            prop_assert_eq!(x.plus(y).unwrap(), y.plus(x).unwrap());
            prop_assert_eq!(x.plus(y).unwrap().subtract(y).unwrap(), x);
            if c != 0 { prop_assert_eq!(x.times(y).unwrap().over(y).unwrap(), x); }
            prop_assert_eq!(x.to_string().parse::<Exact>().unwrap(), x);
            let rounded = x.half_up(2).unwrap();
            let distance = rounded.exact().unwrap().subtract(x).unwrap();
            prop_assert!(distance <= Exact::ratio(1, 200).unwrap() && distance > Exact::ratio(-1, 200).unwrap());
            let spelt = serde_json::to_string(&rounded).unwrap();
            prop_assert_eq!(serde_json::from_str::<Rounded>(&spelt).unwrap(), rounded);
        }
    }
}
