//! Words all nouns of education share: professions, levels, whole-time equivalents, places. They decide nothing.

use std::fmt;

use hiec_kernel::closed_list;
use serde::{Deserialize, Serialize};

closed_list! {
    /// Who is trained.
    Profession {
        Medical = "medical", "Doctors";
        Dental = "dental", "Dentists";
        Nursing = "nursing", "Nurses";
        Midwifery = "midwifery", "Midwives";
        AlliedHealth = "allied_health", "Allied health professionals";
        Pharmacy = "pharmacy", "Pharmacists";
        HealthcareScience = "healthcare_science", "Healthcare scientists";
        Psychology = "psychology", "Psychologists";
    }
}

closed_list! {
    /// Before or after the first qualification.
    Level {
        Undergraduate = "undergraduate", "Before qualification";
        Postgraduate = "postgraduate", "After qualification";
    }
}

/// A share of whole-time work in hundredths: 60 is three days of five.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Wte(pub i64);

impl Wte {
    pub const FULL: Self = Self(100);
    pub const NONE: Self = Self(0);

    /// `0.6`, `1`, `1,0` as people type it; nothing where it is no share of at most 99.
    pub fn read(typed: &str) -> Option<Self> {
        let typed = typed.trim().replace(',', ".");
        let (whole, part) = typed.split_once('.').unwrap_or((&typed, ""));
        let are_figures = |text: &str| text.chars().all(|c| c.is_ascii_digit());
        let is_read = (1..=2).contains(&whole.len()) && part.len() <= 2 && are_figures(whole) && are_figures(part);
        if !is_read || typed.ends_with('.') {
            return None;
        }
        let whole: i64 = whole.parse().ok()?;
        let part: i64 = format!("{part:0<2}").parse().ok()?;
        Some(Self(whole * 100 + part))
    }

    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// What is left of this after that; never less than nothing.
    pub fn less(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0).max(0))
    }
}

/// `0.6`, `1`, `1.25`.
impl fmt::Display for Wte {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 100, (self.0 % 100).abs());
        match (part, part % 10) {
            (0, _) => write!(f, "{whole}"),
            (_, 0) => write!(f, "{whole}.{}", part / 10),
            _ => write!(f, "{whole}.{part:02}"),
        }
    }
}

/// A place on the map, in millionths of a degree.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Place {
    pub latitude: i64,
    pub longitude: i64,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn shares_are_read_as_people_type_them() {
        for (typed, read) in [("0.6", 60), ("1", 100), ("0,5", 50), ("1.25", 125), (" 2 ", 200), ("0.05", 5)] {
            assert_eq!(Wte::read(typed), Some(Wte(read)), "{typed}");
        }
        for typed in ["", "a", "-1", "1.", "0.123", "100", "1e2", ".5"] {
            assert_eq!(Wte::read(typed), None, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(hundredths in 0_i64..9_999) {
            prop_assert_eq!(Wte::read(&Wte(hundredths).to_string()), Some(Wte(hundredths)));
        }
    }
}
