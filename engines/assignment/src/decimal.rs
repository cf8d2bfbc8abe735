//! Decimal numbers held exactly as they were written; it must never pass through binary floating point.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// The most significant digits, and the most decimal places, a weight may have.
const MOST_DIGITS: u32 = 30;

/// An exact decimal number: `digits / 10^places`, with no trailing zero in the places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Decimal {
    digits: i128,
    places: u32,
}

/// Why a text is not a [`Decimal`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotExact {
    /// Not a number in JSON's way of writing.
    NotANumber,
    /// More than 30 digits before or after the point: not held exactly here.
    TooManyDigits,
}

impl Decimal {
    /// Reads a number as JSON writes it: `3`, `-0.25`, `1.5e-7`.
    ///
    /// # Errors
    /// [`NotExact`] when it is not a number, or has more than 30 digits before or after the point.
    pub fn parse(text: &str) -> Result<Self, NotExact> {
        let (is_negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, read_exponent(exponent)?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((_, "")) => return Err(NotExact::NotANumber),
            Some(parts) => parts,
            None => (mantissa, ""),
        };
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) {
            return Err(NotExact::NotANumber);
        }
        let fraction = fraction.trim_end_matches('0');
        let mut digits: i128 = 0;
        for byte in whole.bytes().chain(fraction.bytes()) {
            digits = digits * 10 + i128::from(byte - b'0');
            if digits >= ten_to(MOST_DIGITS) {
                return Err(NotExact::TooManyDigits);
            }
        }
        let length = i64::try_from(fraction.len()).map_err(|_| NotExact::TooManyDigits)?;
        let signed = if is_negative { -digits } else { digits };
        Self::of(signed, length - exponent)
    }

    /// `digits / 10^places` in its shortest form; negative places multiply.
    fn of(mut digits: i128, mut places: i64) -> Result<Self, NotExact> {
        if digits == 0 {
            return Ok(Self::default());
        }
        while places > 0 && digits % 10 == 0 {
            digits /= 10;
            places -= 1;
        }
        while places < 0 {
            digits *= 10;
            places += 1;
            if digits.abs() >= ten_to(MOST_DIGITS) {
                return Err(NotExact::TooManyDigits);
            }
        }
        match u32::try_from(places) {
            Ok(places) if places <= MOST_DIGITS => Ok(Self { digits, places }),
            _ => Err(NotExact::TooManyDigits),
        }
    }

    /// The number that is `scaled / 10^places`; places beyond the limit cannot come from [`Decimal::parse`].
    pub(crate) fn from_scaled(mut scaled: i128, mut places: u32) -> Self {
        while places > 0 && scaled % 10 == 0 {
            scaled /= 10;
            places -= 1;
        }
        Self { digits: scaled, places }
    }

    /// How many decimal places the number has, at most 30.
    pub fn places(self) -> u32 {
        self.places
    }

    /// The number times `10^places`, when that is whole and below 10^30.
    pub(crate) fn scaled(self, places: u32) -> Option<i128> {
        let factor = ten_to(places.checked_sub(self.places)?);
        let scaled = self.digits.checked_mul(factor)?;
        (scaled.abs() < ten_to(MOST_DIGITS)).then_some(scaled)
    }

    /// The number when it is whole, and neither negative nor above `most`.
    pub(crate) fn whole_up_to(self, most: u32) -> Option<u32> {
        let is_whole = self.places == 0;
        u32::try_from(self.digits).ok().filter(|whole| is_whole && *whole <= most)
    }

    /// Whether the number is whole and not negative.
    pub(crate) fn is_count(self) -> bool {
        self.places == 0 && self.digits >= 0
    }

    /// Whether the number is below nought.
    pub fn is_negative(self) -> bool {
        self.digits < 0
    }
}

fn read_exponent(text: &str) -> Result<i64, NotExact> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if unsigned.is_empty() || !unsigned.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NotExact::NotANumber);
    }
    // Longer exponents are outside the 30 digits in any case; nought times any power is caught below.
    let size: i64 = unsigned.parse::<i64>().unwrap_or(i64::MAX).min(1_000_000);
    Ok(if text.starts_with('-') { -size } else { size })
}

/// Ten to a power; powers above 38 never occur because places stay within 30.
fn ten_to(power: u32) -> i128 {
    10_i128.saturating_pow(power)
}

impl From<i64> for Decimal {
    fn from(whole: i64) -> Self {
        Self { digits: i128::from(whole), places: 0 }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.places == 0 {
            return write!(f, "{}", self.digits);
        }
        let sign = if self.digits < 0 { "-" } else { "" };
        let size = self.digits.unsigned_abs();
        let unit = ten_to(self.places).unsigned_abs();
        let width = self.places as usize;
        write!(f, "{sign}{}.{:0width$}", size / unit, size % unit)
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw = RawValue::from_string(self.to_string()).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        Decimal::parse(text).map_or_else(|problem| format!("{problem:?}"), |number| number.to_string())
    }

    #[test]
    fn numbers_keep_their_exact_value_and_lose_only_empty_digits() {
        for (text, expected) in [
            ("0", "0"),
            ("-0", "0"),
            ("-0.0e5", "0"),
            ("7", "7"),
            ("-7", "-7"),
            ("3.0", "3"),
            ("0.1", "0.1"),
            ("-0.05", "-0.05"),
            ("12.340", "12.34"),
            ("1e2", "100"),
            ("1.5E+3", "1500"),
            ("100e-2", "1"),
            ("3.1234567890123456e-06", "0.0000031234567890123456"),
            ("0.30000000000000004", "0.30000000000000004"),
            ("0e999999999999", "0"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_held_exactly_is_refused() {
        for text in ["1e31", "1e-31", "1e999999999999", "1234567890123456789012345678901", "1e-99999999999999999999"] {
            assert_eq!(Decimal::parse(text), Err(NotExact::TooManyDigits), "{text}");
        }
        for text in [
            "", "-", "NaN", "Infinity", "1.", ".5", "1e", "1e+", "--1", "0x10", "1_000", " 1", "\"1\"", "null", "1.2.3",
        ] {
            assert_eq!(Decimal::parse(text), Err(NotExact::NotANumber), "{text}");
        }
    }

    #[test]
    fn scaling_is_exact_or_refused() {
        let number = Decimal::parse("-1.25").unwrap();
        assert_eq!(number.scaled(2), Some(-125));
        assert_eq!(number.scaled(4), Some(-12_500));
        assert_eq!(number.scaled(1), None);
        assert_eq!(Decimal::parse("1e20").unwrap().scaled(15), None);
        assert_eq!(Decimal::from_scaled(-12_500, 4), number);
    }
}
