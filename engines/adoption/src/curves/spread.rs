//! Adopters by period, checked; it must never hold a count that contradicts another.

use alloc::vec::Vec;
use core::fmt;

/// How many sites took something up in one period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The period's number; the innovation came at the end of period 0.
    pub t: u32,
    /// Sites that took it up in this period; none where that is not known.
    pub new: Option<u32>,
    /// Sites that have taken it up by the end of this period; none where that is not known.
    pub cumulative: Option<u32>,
}

/// The spread of one innovation: periods in order, each once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spread {
    periods: Vec<Period>,
    eligible: Option<u32>,
}

/// Why there is no curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoCurve {
    /// One period stands twice.
    Twice { t: u32 },
    /// The cumulative count falls, or does not grow by what is new.
    Contradiction { t: u32 },
    /// More sites took it up than could.
    BeyondEligible { t: u32 },
    /// No site took it up.
    NoAdopters,
    /// Fewer periods with a count than the curve has unknowns.
    FewPeriods { found: usize, needed: usize },
    /// The number of sites that could take it up is not known, or none.
    NoEligible,
    /// The search came to no end with a number.
    Unsettled,
}

impl fmt::Display for NoCurve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Twice { t } => write!(f, "period {t} stands twice"),
            Self::Contradiction { t } => {
                write!(f, "the cumulative count of period {t} does not follow from what is new")
            }
            Self::BeyondEligible { t } => write!(f, "by period {t} more sites took it up than could"),
            Self::NoAdopters => f.write_str("no site took it up"),
            Self::FewPeriods { found, needed } => write!(f, "{found} periods with a count: the curve needs {needed}"),
            Self::NoEligible => f.write_str("it is not known how many sites could take it up"),
            Self::Unsettled => f.write_str("the search for the curve came to no end"),
        }
    }
}

impl core::error::Error for NoCurve {}

impl Spread {
    /// Periods in any order, and how many sites could take it up.
    ///
    /// What is new follows from two cumulative counts that stand next to each other, and the other way round; it is filled
    /// in where only one of them is known.
    ///
    /// # Errors
    /// Counts that contradict each other, and a period that stands twice.
    pub fn new(mut periods: Vec<Period>, eligible: Option<u32>) -> Result<Self, NoCurve> {
        periods.sort_by_key(|period| period.t);
        for at in 0..periods.len() {
            let before = at.checked_sub(1).map(|before| periods[before]);
            periods[at] = completed(before, periods[at])?;
            let Period { t, cumulative, .. } = periods[at];
            if cumulative.zip(eligible).is_some_and(|(cumulative, eligible)| cumulative > eligible) {
                return Err(NoCurve::BeyondEligible { t });
            }
        }
        Ok(Self { periods, eligible })
    }

    /// The periods, in order.
    pub fn periods(&self) -> &[Period] {
        &self.periods
    }

    /// How many sites could take it up.
    pub fn eligible(&self) -> Option<u32> {
        self.eligible
    }

    /// How many sites are known to have taken it up.
    pub fn adopters(&self) -> u32 {
        let last = self.periods.iter().filter_map(|period| period.cumulative).max().unwrap_or(0);
        let new = self.periods.iter().filter_map(|period| period.new).fold(0_u32, u32::saturating_add);
        last.max(new)
    }

    /// Times and what was new, where that is known.
    pub(super) fn new_by_period(&self) -> Vec<(f64, f64)> {
        self.periods.iter().filter_map(|period| Some((f64::from(period.t), f64::from(period.new?)))).collect()
    }

    /// Times and cumulative counts, where they are known.
    pub(super) fn cumulative_by_period(&self) -> Vec<(f64, f64)> {
        self.periods.iter().filter_map(|period| Some((f64::from(period.t), f64::from(period.cumulative?)))).collect()
    }
}

/// A period with what follows from the one before.
fn completed(before: Option<Period>, mut period: Period) -> Result<Period, NoCurve> {
    let t = period.t;
    let (known, follows) = match before {
        Some(before) if before.t == t => return Err(NoCurve::Twice { t }),
        Some(before) => (before.cumulative, before.t.checked_add(1) == Some(t)),
        // Where the first of periods has one count only, nobody came before; where it has both, they say who did.
        None => (Some(0), t <= 1 && (period.new.is_none() || period.cumulative.is_none())),
    };
    let Some(known) = known else { return Ok(period) };
    match (period.new, period.cumulative) {
        (_, Some(cumulative)) if cumulative < known => return Err(NoCurve::Contradiction { t }),
        (Some(new), Some(cumulative)) => {
            let grown = cumulative - known;
            if new > grown || (follows && new < grown) {
                return Err(NoCurve::Contradiction { t });
            }
        }
        (None, Some(cumulative)) if follows => period.new = Some(cumulative - known),
        (Some(new), None) if follows => {
            period.cumulative = Some(known.checked_add(new).ok_or(NoCurve::Contradiction { t })?);
        }
        _ => {}
    }
    Ok(period)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Counts = (Option<u32>, Option<u32>);

    fn spread(periods: &[(u32, Option<u32>, Option<u32>)]) -> Result<Vec<Counts>, NoCurve> {
        let periods = periods.iter().map(|&(t, new, cumulative)| Period { t, new, cumulative }).collect();
        let spread = Spread::new(periods, Some(10))?;
        Ok(spread.periods().iter().map(|period| (period.new, period.cumulative)).collect())
    }

    #[test]
    fn what_is_missing_is_filled_in_where_it_follows() {
        assert_eq!(
            spread(&[
                (2, None, Some(5)),
                (1, Some(3), None),
                (3, Some(1), None),
                (5, Some(1), None),
                (6, None, Some(9))
            ]),
            Ok(Vec::from([
                (Some(3), Some(3)),
                (Some(2), Some(5)),
                (Some(1), Some(6)),
                // Period 4 is not known, so neither is the count by the end of period 5.
                (Some(1), None),
                (None, Some(9)),
            ]))
        );
    }

    #[test]
    fn counts_that_contradict_each_other_are_refused() {
        assert_eq!(spread(&[(1, Some(3), Some(2))]), Err(NoCurve::Contradiction { t: 1 }));
        assert_eq!(spread(&[(4, Some(3), Some(2))]), Err(NoCurve::Contradiction { t: 4 }));
        assert_eq!(spread(&[(1, Some(1), Some(2))]).map(drop), Ok(()), "one came before the first period");
        assert_eq!(spread(&[(1, Some(2), Some(2)), (2, Some(0), Some(1))]), Err(NoCurve::Contradiction { t: 2 }));
        assert_eq!(spread(&[(1, Some(2), Some(2)), (3, Some(1), Some(5))]).map(drop), Ok(()), "period 2 had the rest");
        assert_eq!(spread(&[(1, Some(2), Some(2)), (3, Some(4), Some(5))]), Err(NoCurve::Contradiction { t: 3 }));
        assert_eq!(spread(&[(1, Some(1), None), (1, Some(1), None)]), Err(NoCurve::Twice { t: 1 }));
        assert_eq!(spread(&[(1, Some(11), None)]), Err(NoCurve::BeyondEligible { t: 1 }));
        assert_eq!(spread(&[(4, Some(1), Some(6))]).map(drop), Ok(()), "five came before the first row");
    }
}
