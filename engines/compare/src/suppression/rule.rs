//! Which counts are too small to be shown, and how the others are; it must never show a count it hides.

use core::fmt;

/// The rule of a data source. Nought is always shown: it is about nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Counts from 1 to one less than this are hidden; 0 or 1 hides none.
    pub hide_below: u64,
    /// A row whose counts come to less than this (but something) is hidden whole: too few answers. 0 hides none.
    pub hide_rows_below: u64,
    /// Counts that are shown are rounded to the nearest multiple, halves up; 0 or 1 leaves them.
    pub round_to: u64,
    /// How many values a hidden count must still be able to have, of those the rule hides; none for all of them, so that
    /// the published tables tell no more than the mark itself.
    pub values_left: Option<u64>,
}

impl Rule {
    /// Hospital Episode Statistics since September 2018, below national level: 1 to 7 are hidden, all else is rounded to
    /// the nearest 5. OpenSAFELY's outputs follow the same numbers.
    pub const HOSPITAL: Self = Self { hide_below: 8, hide_rows_below: 0, round_to: 5, values_left: None };

    /// The GP Patient Survey's: a result of fewer than ten people is not shown.
    pub const SURVEY: Self = Self { hide_below: 0, hide_rows_below: 10, round_to: 0, values_left: None };

    /// The GP Patient Survey's for questions about the person where at most 1,000 people could be asked: counts of 1 to 4
    /// are hidden too.
    pub const SURVEY_OF_FEW: Self = Self { hide_below: 5, hide_rows_below: 10, round_to: 0, values_left: None };

    /// How a count appears that is not hidden for other reasons.
    pub fn shown(&self, count: u64) -> Shown {
        if self.is_small(count) {
            return Shown::Hidden;
        }
        match self.round_to {
            0 | 1 => Shown::Count(count),
            base => Shown::Rounded(count.saturating_add(base / 2) / base * base),
        }
    }

    /// Whether a count is hidden for being small.
    pub fn is_small(&self, count: u64) -> bool {
        count > 0 && count < self.least_shown()
    }

    /// The least count above nought that is shown. A rule that hides small counts also hides those that would be rounded to
    /// nought: a nought then means none.
    pub fn least_shown(&self) -> u64 {
        if self.hide_below > 1 { self.hide_below.max(self.round_to.div_ceil(2)) } else { 1 }
    }

    /// Whether a row's sum is hidden, and the row with it.
    pub fn is_small_row(&self, sum: u64) -> bool {
        sum > 0 && sum < self.hide_rows_below
    }

    /// The counts that can stand behind what is shown; none at the top where there is no end.
    ///
    /// A hidden count is at least 1 for whoever reads the table, since nought is shown.
    pub fn behind(&self, shown: Shown) -> (u64, Option<u64>) {
        match shown {
            Shown::Count(count) => (count, Some(count)),
            Shown::Rounded(0) if self.hide_below > 1 => (0, Some(0)),
            Shown::Rounded(0) => (0, Some((self.round_to.max(1) - 1) / 2)),
            Shown::Rounded(rounded) => {
                let below = rounded.saturating_sub(self.round_to / 2);
                let above = rounded.saturating_add((self.round_to.max(1) - 1) / 2);
                (below.max(self.least_shown()), Some(above))
            }
            Shown::Hidden => (1, None),
        }
    }
}

/// A count as it is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shown {
    Count(u64),
    /// Rounded by the rule.
    Rounded(u64),
    /// One mark for every hidden count, whatever the reason: which are the small ones is not told.
    Hidden,
}

impl Shown {
    /// What is printed as a number; none for a hidden count.
    pub const fn number(self) -> Option<u64> {
        match self {
            Self::Count(number) | Self::Rounded(number) => Some(number),
            Self::Hidden => None,
        }
    }

    /// In percent of a whole as it is shown, from what is printed and nothing else; none where either is hidden or the whole
    /// is nought.
    pub fn percentage_of(self, whole: Self) -> Option<f64> {
        let (part, whole) = (self.number()?, whole.number()?);
        (whole > 0).then(|| 100.0 * part as f64 / whole as f64)
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number() {
            Some(number) => write!(f, "{number}"),
            None => f.write_str("*"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hospital_counts_are_hidden_or_rounded() {
        let shown: Vec<String> =
            [0, 1, 7, 8, 12, 13, 17, 18].map(|count| Rule::HOSPITAL.shown(count).to_string()).into();
        assert_eq!(shown, ["0", "*", "*", "10", "10", "15", "15", "20"]);
        assert_eq!(Rule::HOSPITAL.behind(Shown::Rounded(10)), (8, Some(12)));
        assert_eq!(Rule::HOSPITAL.behind(Shown::Rounded(0)), (0, Some(0)));
    }

    #[test]
    fn percentages_come_from_what_is_printed() {
        let (part, whole) = (Rule::HOSPITAL.shown(12), Rule::HOSPITAL.shown(38));
        assert_eq!(part.percentage_of(whole), Some(25.0));
        assert_eq!(Shown::Hidden.percentage_of(whole), None);
        assert_eq!(part.percentage_of(Shown::Count(0)), None);
    }

    proptest::proptest! {
        #[test]
        fn every_count_lies_behind_what_is_shown(count in 0_u64..5000, hide_below in 0_u64..20, round_to in 0_u64..25) {
            let rule = Rule { hide_below, hide_rows_below: 0, round_to, values_left: None };
            let (low, high) = rule.behind(rule.shown(count));
            proptest::prop_assert!(low <= count && high.is_none_or(|high| count <= high));
            if let Some(high) = high {
                for other in low..=high {
                    proptest::prop_assert_eq!(rule.shown(other), rule.shown(count));
                }
                proptest::prop_assert!(low == 0 || rule.shown(low - 1) != rule.shown(count));
                proptest::prop_assert!(rule.shown(high + 1) != rule.shown(count));
            }
        }
    }
}
