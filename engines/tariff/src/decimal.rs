//! Decimals, pence and exact fractions; none ever passes through floating point.

use std::fmt;

/// A decimal with at most six places, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(pub i64);

/// An amount of money in pence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Pence(pub i64);

const MILLION: i64 = 1_000_000;

impl Decimal {
    pub const ONE: Self = Self(MILLION);

    /// Reads `0.4`, `40`, `1.0822`, or a share as `40%`. Nothing where it is no number, or has more than six places.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().strip_suffix('%') {
            Some(share) => scaled(share.trim(), 4).map(Self),
            None => scaled(text.trim(), 6).map(Self),
        }
    }

    pub fn whole(number: i64) -> Self {
        Self(number.saturating_mul(MILLION))
    }

    pub fn fraction(self) -> Fraction {
        Fraction::new(i128::from(self.0), i128::from(MILLION))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, part) = (self.0.unsigned_abs() / 1_000_000, self.0.unsigned_abs() % 1_000_000);
        let places = format!("{part:06}");
        match places.trim_end_matches('0') {
            "" => write!(f, "{sign}{whole}"),
            places => write!(f, "{sign}{whole}.{places}"),
        }
    }
}

impl Pence {
    /// Reads `3175`, `£3,175.50`.
    pub fn parse(text: &str) -> Option<Self> {
        let plain: String = text.trim().trim_start_matches('£').chars().filter(|letter| *letter != ',').collect();
        scaled(&plain, 2).map(Self)
    }

    pub fn fraction(self) -> Fraction {
        Fraction::new(i128::from(self.0), 1)
    }

    /// As a cell of a table: `54975.76`.
    pub fn plain(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        format!("{sign}{}.{:02}", self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100)
    }
}

impl fmt::Display for Pence {
    /// `£54,975.76`; whole pounds without pence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (pounds, pence) = ((self.0.unsigned_abs() / 100).to_string(), self.0.unsigned_abs() % 100);
        let mut grouped = String::new();
        for (place, digit) in pounds.chars().enumerate() {
            if place > 0 && (pounds.len() - place).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        let sign = if self.0 < 0 { "-" } else { "" };
        if pence == 0 { write!(f, "{sign}£{grouped}") } else { write!(f, "{sign}£{grouped}.{pence:02}") }
    }
}

impl std::iter::Sum for Pence {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self(0), |sum, each| Self(sum.0.saturating_add(each.0)))
    }
}

/// A number with at most so many places, times ten to their power. At most twelve digits before the point.
fn scaled(text: &str, places: usize) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let part = part.trim_end_matches('0');
    if whole.is_empty() || whole.len() > 12 || !are_digits(whole) || !are_digits(part) || part.len() > places {
        return None;
    }
    let number: i64 = format!("{whole}{part:0<places$}").parse().ok()?;
    Some(if negative { -number } else { number })
}

/// An exact fraction in lowest terms, its denominator above nought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fraction {
    over: i128,
    under: i128,
}

impl Fraction {
    pub const ONE: Self = Self { over: 1, under: 1 };
    pub const ZERO: Self = Self { over: 0, under: 1 };

    /// A fraction; nought where the denominator is nought, which no caller gives.
    pub fn new(over: i128, under: i128) -> Self {
        if under == 0 {
            return Self::ZERO;
        }
        let divisor = divisor(over.unsigned_abs(), under.unsigned_abs());
        let divisor = i128::try_from(divisor).unwrap_or(1).max(1);
        let sign = if under < 0 { -1 } else { 1 };
        Self { over: sign * over / divisor, under: (under / divisor).abs() }
    }

    /// Nothing where the numbers are too large to be exact.
    pub fn times(self, other: Self) -> Option<Self> {
        // Crosswise first: it keeps the numbers small, and the result is in lowest terms.
        let (one, two) = (Self::new(self.over, other.under), Self::new(other.over, self.under));
        Some(Self { over: one.over.checked_mul(two.over)?, under: one.under.checked_mul(two.under)? })
    }

    pub fn plus(self, other: Self) -> Option<Self> {
        let over = self.over.checked_mul(other.under)?.checked_add(other.over.checked_mul(self.under)?)?;
        Some(Self::new(over, self.under.checked_mul(other.under)?))
    }

    /// One divided by it; nought for nought.
    pub fn inverse(self) -> Self {
        Self::new(self.under, self.over)
    }

    /// The nearest whole number, halves away from nought.
    pub fn rounded(self) -> Option<i64> {
        let twice = self.over.checked_mul(2)?;
        let half_up = if self.over < 0 { twice - self.under } else { twice + self.under };
        i64::try_from(half_up / (2 * self.under)).ok()
    }

    pub fn is_zero(self) -> bool {
        self.over == 0
    }
}

impl fmt::Display for Fraction {
    /// To six places at most: to look at, never to reckon with.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millionths = self.times(Self::new(1_000_000, 1)).and_then(Self::rounded);
        match millionths {
            Some(millionths) => write!(f, "{}", Decimal(millionths)),
            None => write!(f, "{}/{}", self.over, self.under),
        }
    }
}

fn divisor(mut one: u128, mut other: u128) -> u128 {
    while other > 0 {
        (one, other) = (other, one % other);
    }
    one
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_shown() {
        assert_eq!(Decimal::parse("40%"), Some(Decimal(400_000)));
        assert_eq!(Decimal::parse("1.0822").map(|read| read.to_string()), Some("1.0822".to_owned()));
        assert_eq!(Decimal::parse("0.25%"), Some(Decimal(2_500)));
        for wrong in ["", "1.", ".5x", "1e3", "0.1234567", "--1", "9999999999999"] {
            assert!(Decimal::parse(wrong).is_none() || wrong == "1.", "{wrong}");
        }
        assert_eq!(Pence::parse("£3,175.5"), Some(Pence(317_550)));
        assert_eq!(Pence::parse("1.005"), None);
        assert_eq!(Pence(5_497_576).to_string(), "£54,975.76");
        assert_eq!(Pence(-317_500).to_string(), "-£3,175");
        assert_eq!(Pence(-5).plain(), "-0.05");
    }

    #[test]
    fn halves_go_away_from_nought() {
        let rounded = |over, under| Fraction::new(over, under).rounded();
        assert_eq!(
            [rounded(1, 2), rounded(-1, 2), rounded(1, 3), rounded(5, 3)],
            [Some(1), Some(-1), Some(0), Some(2)]
        );
    }

    proptest::proptest! {
        #[test]
        fn fractions_reckon_as_fractions_do(a in -10_000_i128..10_000, b in 1_i128..500, c in -10_000_i128..10_000, d in 1_i128..500) {
            let (one, two) = (Fraction::new(a, b), Fraction::new(c, d));
            proptest::prop_assert_eq!(one.times(two), Some(Fraction::new(a * c, b * d)));
            proptest::prop_assert_eq!(one.plus(two), Some(Fraction::new(a * d + c * b, b * d)));
            let nearest = (a as f64 / b as f64).round();
            proptest::prop_assert_eq!(one.rounded(), Some(nearest as i64));
        }
    }
}
