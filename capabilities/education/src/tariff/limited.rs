//! What the limits to losses and gains change: of a host's year, and of a claim's days the part that is theirs. Pure; it must never let claims together come to more than the year's statement says.

use chrono::NaiveDate;
use hiec_kernel::Money;
use hiec_tariff::{Adjustment, Fraction, Period};
use serde::{Deserialize, Serialize};

/// A line that limits add to a host's statement or claim.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Limited {
    pub host_name: String,
    pub from: NaiveDate,
    /// The last day, counted.
    pub to: NaiveDate,
    /// Less than nought where a limit takes.
    pub amount: Money,
    pub working: String,
}

/// What a limit adds to a year's tariff; less than nought where it takes.
pub(crate) fn by_limit(adjusted: &Adjustment) -> Money {
    Money(adjusted.paid.0.saturating_sub(adjusted.by_tariff.0))
}

/// What a host's earlier claims of a year came to: by tariff, and what limits changed of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Claimed {
    pub by_tariff: Money,
    pub by_limits: Money,
}

impl Limited {
    pub fn of_year(adjusted: &Adjustment) -> Self {
        Self {
            host_name: adjusted.host.clone(),
            from: adjusted.year.from(),
            to: adjusted.year.to(),
            amount: by_limit(adjusted),
            working: adjusted.working.clone(),
        }
    }

    /// Of a claim over some days: the year's pay in the proportion in which its tariff is claimed by then, less what earlier claims had.
    /// So the claims of a whole year come to what its statement says, and what was claimed by earlier figures is made good. A claim never
    /// falls below nothing.
    pub fn of_claim(adjusted: &Adjustment, days: Period, by_tariff: Money, earlier: Claimed) -> Option<Self> {
        let (year, paid) = (Money(adjusted.by_tariff.0), Money(adjusted.paid.0));
        if year <= Money::ZERO {
            return None;
        }
        let claimed = (earlier.by_tariff + by_tariff).min(year);
        let share = Fraction::new(i128::from(claimed.0), i128::from(year.0));
        let due = Money(Fraction::new(i128::from(paid.0), 1).times(share)?.rounded()?);
        let had = earlier.by_tariff + earlier.by_limits;
        let amount = (due - had - by_tariff).max(Money::ZERO - by_tariff);
        if amount == Money::ZERO {
            return None;
        }
        let working = format!(
            "the year: {}; {claimed} of its {year} by tariff is claimed with this claim, so {due} is due by now, of which {had} was claimed before and {by_tariff} is above",
            adjusted.working
        );
        Some(Self { host_name: adjusted.host.clone(), from: days.from(), to: days.to(), amount, working })
    }
}

#[cfg(test)]
mod tests {
    use hiec_tariff::Pence;
    use proptest::prelude::*;

    use super::*;

    fn year(by_tariff: i64, paid: i64) -> Adjustment {
        Adjustment {
            host: "Hospital".into(),
            year: Period::parse_year("2010/11").unwrap(),
            by_tariff: Pence(by_tariff),
            paid: Pence(paid),
            floor: None,
            cap: None,
            working: "as limited".into(),
        }
    }

    fn claim(adjusted: &Adjustment, by_tariff: i64, earlier: Claimed) -> Money {
        let limited = Limited::of_claim(adjusted, adjusted.year, Money(by_tariff), earlier);
        limited.map_or(Money::ZERO, |limited| limited.amount)
    }

    #[test]
    fn a_claim_has_its_part_of_a_cap_and_of_a_floor() {
        // Of £1,000 by tariff £800 are paid: a quarter of the tariff takes a quarter of the cap.
        assert_eq!(claim(&year(100_000, 80_000), 25_000, Claimed::default()), Money(-5_000));
        assert_eq!(claim(&year(100_000, 120_000), 25_000, Claimed::default()), Money(5_000));
        assert_eq!(claim(&year(100_000, 100_000), 25_000, Claimed::default()), Money::ZERO);
        // Half of the year was claimed before there was a limit: the next claim makes it good.
        let earlier = Claimed { by_tariff: Money(50_000), by_limits: Money::ZERO };
        assert_eq!(claim(&year(100_000, 80_000), 50_000, earlier), Money(-20_000));
        // Nothing is left, and nothing comes back by a claim.
        let earlier = Claimed { by_tariff: Money(90_000), by_limits: Money::ZERO };
        assert_eq!(claim(&year(100_000, 80_000), 10_000, earlier), Money(-10_000));
    }

    proptest! {
        #[test]
        fn claims_of_a_whole_year_come_to_what_its_statement_says(parts in proptest::collection::vec(0_i64..5_000_000, 1..8), share in 1_i64..300) {
            let tariff: i64 = parts.iter().sum();
            let adjusted = year(tariff, tariff * share / 100);
            let mut earlier = Claimed::default();
            for part in parts {
                let by_limits = claim(&adjusted, part, earlier);
                prop_assert!(Money(part) + by_limits >= Money::ZERO);
                earlier = Claimed { by_tariff: earlier.by_tariff + Money(part), by_limits: earlier.by_limits + by_limits };
                prop_assert!(earlier.by_tariff + earlier.by_limits <= Money(adjusted.paid.0) || tariff == 0);
            }
            prop_assert!(tariff == 0 || earlier.by_tariff + earlier.by_limits == Money(adjusted.paid.0));
        }
    }
}
