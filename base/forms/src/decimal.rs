//! Decimal numbers as people type them, held exactly; never a float.

use std::fmt;
use std::str::FromStr;

use hiec_kernel::Money;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

const ONE: i64 = 1_000_000;
const PLACES: usize = 6;
/// A million million: enough for any population or count a form asks for.
const LARGEST: i64 = 1_000_000_000_000 * ONE;

/// A number with up to twelve figures before the point and six after it, held in millionths.
///
/// In JSON it is a string (`"12.5"`), so that no reader turns it into a float; a JSON number is accepted when read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Decimal(i64);

/// Why something typed is not a number we can hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotDecimal {
    #[error("this is not a number")]
    NotANumber,
    #[error("commas may only separate thousands, as in 1,250,000")]
    Grouping,
    #[error("a number here has at most six figures after the point")]
    TooPrecise,
    #[error("this number is too large")]
    TooLarge,
}

impl Decimal {
    pub const ZERO: Self = Self(0);

    /// A whole number, cut off at the largest we hold.
    pub fn whole(number: i64) -> Self {
        Self(number.saturating_mul(ONE).clamp(-LARGEST, LARGEST))
    }

    /// Reads `1,250.5`, `1 250.5`, `-3`, `−3` or `.5`. A comma or space must separate thousands:
    /// `1,5` may be meant as one and a half or as fifteen, so it is refused.
    pub fn parse(typed: &str) -> Result<Self, NotDecimal> {
        let figures = Figures::read(typed)?;
        if figures.fraction.len() > PLACES {
            return Err(NotDecimal::TooPrecise);
        }
        let millionths = format!("{}{:0<PLACES$}", figures.whole, figures.fraction)
            .parse::<i64>()
            .ok()
            .filter(|value| *value <= LARGEST)
            .ok_or(NotDecimal::TooLarge)?;
        Ok(Self(if figures.negative { -millionths } else { millionths }))
    }

    /// How many figures stand after the point, without trailing noughts.
    pub fn decimals(self) -> usize {
        let mut fraction = self.0.unsigned_abs() % ONE.unsigned_abs();
        if fraction == 0 {
            return 0;
        }
        let mut places = PLACES;
        while fraction.is_multiple_of(10) {
            fraction /= 10;
            places -= 1;
        }
        places
    }

    /// The number read as pounds, if it has no more than two decimals.
    pub fn as_pounds(self) -> Option<Money> {
        (self.decimals() <= 2).then_some(Money(self.0 / (ONE / 100)))
    }

    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).filter(|sum| (-LARGEST..=LARGEST).contains(sum)).map(Self)
    }

    /// As a reader likes it: `1,250.5`.
    pub fn grouped(self) -> String {
        let plain = self.to_string();
        let (sign, plain) = match plain.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None => ("", plain.as_str()),
        };
        let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
        let mut grouped = String::from(sign);
        for (place, figure) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(figure);
        }
        if !fraction.is_empty() {
            grouped.push('.');
            grouped.push_str(fraction);
        }
        grouped
    }
}

/// The figures of a typed number, with separators taken out once they were found in the right places.
pub(crate) struct Figures {
    pub negative: bool,
    pub whole: String,
    pub fraction: String,
}

impl Figures {
    pub(crate) fn read(typed: &str) -> Result<Self, NotDecimal> {
        let typed = typed.trim();
        let (negative, unsigned) = match typed.strip_prefix(['-', '\u{2212}']) {
            Some(rest) => (true, rest.trim_start()),
            None => (false, typed.strip_prefix('+').unwrap_or(typed)),
        };
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let is_figures = |text: &str| text.chars().all(|c| c.is_ascii_digit());
        let groups: Vec<&str> = whole.split([',', ' ', '\u{a0}', '\u{202f}']).collect();
        if !groups.iter().all(|group| is_figures(group)) || !is_figures(fraction) {
            return Err(NotDecimal::NotANumber);
        }
        if whole.is_empty() && fraction.is_empty() {
            return Err(NotDecimal::NotANumber);
        }
        let thousands_apart = groups.iter().enumerate().all(|(place, group)| {
            if place == 0 { groups.len() == 1 || (1..=3).contains(&group.len()) } else { group.len() == 3 }
        });
        if !thousands_apart {
            return Err(NotDecimal::Grouping);
        }
        Ok(Self { negative, whole: groups.concat(), fraction: fraction.to_owned() })
    }
}

impl fmt::Display for Decimal {
    /// Plain and shortest: `1250.5`, `-0.25`, `3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, fraction) =
            (self.0.unsigned_abs() / ONE.unsigned_abs(), self.0.unsigned_abs() % ONE.unsigned_abs());
        if fraction == 0 {
            write!(f, "{sign}{whole}")
        } else {
            let fraction = format!("{fraction:0>PLACES$}");
            write!(f, "{sign}{whole}.{}", fraction.trim_end_matches('0'))
        }
    }
}

impl FromStr for Decimal {
    type Err = NotDecimal;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Spelling {
            Text(String),
            Number(serde_json::Number),
        }
        let text = match Spelling::deserialize(deserializer)? {
            Spelling::Text(text) => text,
            Spelling::Number(number) => number.to_string(),
        };
        Self::parse(&text).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_what_people_type() {
        for (typed, shown) in [
            ("1,250,000", "1250000"),
            ("1 250.50", "1250.5"),
            (" -3 ", "-3"),
            ("\u{2212}0.250", "-0.25"),
            (".5", "0.5"),
            ("5.", "5"),
            ("+7", "7"),
            ("0001", "1"),
            ("-0", "0"),
            ("1000000000000", "1000000000000"),
        ] {
            assert_eq!(Decimal::parse(typed).map(|d| d.to_string()), Ok(shown.to_owned()), "{typed}");
        }
    }

    #[test]
    fn refuses_what_could_mean_something_else() {
        for (typed, why) in [
            ("", NotDecimal::NotANumber),
            (".", NotDecimal::NotANumber),
            ("-", NotDecimal::NotANumber),
            ("ten", NotDecimal::NotANumber),
            ("1e5", NotDecimal::NotANumber),
            ("0x10", NotDecimal::NotANumber),
            ("٣", NotDecimal::NotANumber),
            ("1.2.3", NotDecimal::NotANumber),
            ("--1", NotDecimal::NotANumber),
            ("1,5", NotDecimal::Grouping),
            ("1234,567", NotDecimal::Grouping),
            (",500", NotDecimal::Grouping),
            ("1,,000", NotDecimal::Grouping),
            ("0.0000001", NotDecimal::TooPrecise),
            ("1000000000000.1", NotDecimal::TooLarge),
            ("99999999999999999999", NotDecimal::TooLarge),
        ] {
            assert_eq!(Decimal::parse(typed), Err(why), "{typed}");
        }
    }

    #[test]
    fn groups_thousands_and_counts_decimals() {
        assert_eq!(Decimal::parse("-1234567.5").unwrap().grouped(), "-1,234,567.5");
        assert_eq!(Decimal::whole(999).grouped(), "999");
        assert_eq!(Decimal::parse("1.250").unwrap().decimals(), 2);
        assert_eq!(Decimal::parse("12.5").unwrap().as_pounds(), Some(Money(1250)));
        assert_eq!(Decimal::parse("12.505").unwrap().as_pounds(), None);
    }

    #[test]
    fn json_is_text_and_numbers_are_accepted() {
        assert_eq!(serde_json::to_string(&Decimal::parse("12.50").unwrap()).unwrap(), "\"12.5\"");
        assert_eq!(serde_json::from_str::<Decimal>("12.5").unwrap(), Decimal::parse("12.5").unwrap());
        assert!(serde_json::from_str::<Decimal>("1e99").is_err());
        assert!(serde_json::from_str::<Decimal>("true").is_err());
    }

    proptest! {
        #[test]
        fn shown_and_read_again_is_the_same(millionths in -LARGEST..=LARGEST) {
            let number = Decimal(millionths);
            prop_assert_eq!(Decimal::parse(&number.to_string()), Ok(number));
            prop_assert_eq!(Decimal::parse(&number.grouped()), Ok(number));
        }

        #[test]
        fn reading_never_panics(typed in any::<String>()) {
            let _ = Decimal::parse(&typed);
        }
    }
}
