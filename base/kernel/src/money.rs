//! Money: integer pence, shown as pounds; it never passes through a float.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Sub};

use serde::{Deserialize, Serialize};

/// An amount in pence. Negative amounts are allowed (a correction), and shown with a minus sign.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(pub i64);

impl Money {
    pub const ZERO: Self = Self(0);

    /// Whole pounds, saturating at the largest amount that fits.
    pub const fn pounds(pounds: i64) -> Self {
        Self(pounds.saturating_mul(100))
    }

    /// Reads what people type: `£1,100,000`, `1100000.5`, `1 100 000.50`. Errors say what is wrong in the user's words.
    pub fn parse(typed: &str) -> Result<Self, MoneyError> {
        let cleaned: String =
            typed.trim().trim_start_matches('£').chars().filter(|c| !matches!(c, ',' | ' ' | '\u{a0}')).collect();
        let (negative, digits) = match cleaned.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, cleaned.as_str()),
        };
        let (pounds, pence) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
        if pounds.is_empty() || !all_digits(pounds) || !all_digits(pence) {
            return Err(MoneyError::NotAnAmount);
        }
        if pence.len() > 2 {
            return Err(MoneyError::TooPrecise);
        }
        let pence: i64 = format!("{pence:0<2}").parse().map_err(|_| MoneyError::NotAnAmount)?;
        let total = pounds
            .parse::<i64>()
            .ok()
            .and_then(|p| p.checked_mul(100))
            .and_then(|p| p.checked_add(pence))
            .filter(|p| *p <= MAX_PENCE)
            .ok_or(MoneyError::TooLarge)?;
        Ok(Self(if negative { -total } else { total }))
    }

    /// As a form field shows it again: `1100000` or `1100000.50`.
    pub fn plain(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (pounds, pence) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        if pence == 0 { format!("{sign}{pounds}") } else { format!("{sign}{pounds}.{pence:02}") }
    }

    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }
}

/// A thousand billion pounds: more is a slip of the keyboard.
const MAX_PENCE: i64 = 100_000_000_000_000;

#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum MoneyError {
    #[error("Enter an amount in pounds, for example 250,000 or 1,250.50")]
    NotAnAmount,
    #[error("Enter pounds and pence with at most two figures after the point")]
    TooPrecise,
    #[error("Enter a smaller amount: this one is larger than any budget here")]
    TooLarge,
}

impl fmt::Display for Money {
    /// `£1,100,000` or `£1,250.50`, with thousands separated.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pounds = (self.0.unsigned_abs() / 100).to_string();
        let pence = self.0.unsigned_abs() % 100;
        let mut grouped = String::with_capacity(pounds.len() + pounds.len() / 3);
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

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_type() {
        for (typed, pence) in [("£1,100,000", 110_000_000), ("1100000.5", 110_000_050), (" 12 ", 1200), ("-3.07", -307)]
        {
            assert_eq!(Money::parse(typed), Ok(Money(pence)), "{typed}");
        }
        assert_eq!(Money::parse("1.005"), Err(MoneyError::TooPrecise));
        assert_eq!(Money::parse("ten"), Err(MoneyError::NotAnAmount));
        assert_eq!(Money::parse(""), Err(MoneyError::NotAnAmount));
        assert_eq!(Money::parse("99999999999999999999"), Err(MoneyError::TooLarge));
    }

    #[test]
    fn shows_thousands_and_pence() {
        assert_eq!(Money(110_000_000).to_string(), "£1,100,000");
        assert_eq!(Money(-125_050).to_string(), "-£1,250.50");
        assert_eq!(Money(7).to_string(), "£0.07");
    }
}
