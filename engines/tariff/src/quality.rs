//! What a share by quality adds to what follows the trainees, on some days; it must never change a line.

use crate::decimal::{Decimal, Fraction, Pence};
use crate::period::Period;
use crate::statement::Statement;

/// What quality adds to a host's lines on some days, and because of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weight {
    pub host: String,
    pub days: Period,
    pub share: Decimal,
    pub because: String,
}

/// A line that quality adds to a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighed {
    pub host: String,
    pub days: Period,
    pub share: Decimal,
    /// What follows the trainees on these days; nothing where a line of them has no amount.
    pub base: Option<Pence>,
    pub amount: Option<Pence>,
    pub working: String,
}

impl Weight {
    /// Weighs a statement's lines; nothing where none is of this host and these days.
    pub fn weigh(&self, statement: &Statement) -> Option<Weighed> {
        let theirs = statement.lines.iter().filter(|line| line.host == self.host && line.period.overlaps(self.days));
        let parts: Vec<Part> =
            theirs.map(|line| Part { days: line.period, amount: line.outcome.amount(), times: 1 }).collect();
        if parts.is_empty() {
            return None;
        }
        let base = on_days(parts, self.days);
        let amount = base.and_then(|base| share_of(base, self.share));
        let because = if self.because.is_empty() { String::new() } else { format!("{}: ", self.because) };
        let working = match (base, amount) {
            (Some(base), Some(amount)) => format!("{because}{base} × {} = {amount}", self.share),
            _ => format!("not loaded: a line that {} is added to has no amount", self.share),
        };
        Some(Weighed { host: self.host.clone(), days: self.days, share: self.share, base, amount, working })
    }
}

/// A line as the share sees it, and how many there are just like it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub days: Period,
    pub amount: Option<Pence>,
    pub times: i64,
}

/// What of these lines falls on some days, by days. Each line is cut to the penny so that its parts make up the line again, whatever
/// days it is cut at. Nothing where a line of these days has no amount.
pub fn on_days(parts: impl IntoIterator<Item = Part>, days: Period) -> Option<Pence> {
    let mut sum = Pence(0);
    for part in parts.into_iter().filter(|part| part.days.overlaps(days)) {
        let (from, to) = (part.days.from().max(days.from()), part.days.to().min(days.to()));
        let amount = part.amount?;
        // So much until the last of the days, less so much until the day before the first.
        let until = |days: i64| {
            amount.fraction().times(Fraction::new(i128::from(days), i128::from(part.days.days())))?.rounded()
        };
        let before = (from - part.days.from()).num_days();
        let after = (to - part.days.from()).num_days() + 1;
        let each = until(after)?.saturating_sub(until(before)?);
        sum = Pence(sum.0.saturating_add(each.saturating_mul(part.times)));
    }
    Some(sum)
}

/// A share of an amount, rounded once. Nothing where the numbers are too large.
pub fn share_of(amount: Pence, share: Decimal) -> Option<Pence> {
    amount.fraction().times(share.fraction())?.rounded().map(Pence)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn days(from: &str, to: &str) -> Period {
        Period::new(from.parse().unwrap(), to.parse().unwrap()).unwrap()
    }

    fn line(from: &str, to: &str, amount: i64) -> Part {
        Part { days: days(from, to), amount: Some(Pence(amount)), times: 1 }
    }

    #[test]
    fn a_line_counts_by_its_days() {
        // 30 of 120 days, from the second day on: £100 × 30 ÷ 120.
        let one = line("2011-01-01", "2011-04-30", 10_000);
        assert_eq!(on_days([one], days("2011-01-02", "2011-01-31")), Some(Pence(2_500)));
        assert_eq!(on_days([one], days("2010-01-01", "2012-01-31")), Some(Pence(10_000)));
        assert_eq!(on_days([one], days("2012-01-01", "2012-01-31")), Some(Pence(0)));
        assert_eq!(on_days([Part { times: 3, ..one }], days("2011-01-02", "2011-01-31")), Some(Pence(7_500)));
        assert_eq!(share_of(Pence(7_525), Decimal(20_000)), Some(Pence(151)));
    }

    #[test]
    fn what_is_not_loaded_is_not_nought() {
        let missing = Part { amount: None, ..line("2011-01-01", "2011-01-31", 0) };
        assert_eq!(on_days([missing], days("2011-01-31", "2011-02-28")), None);
        assert_eq!(on_days([missing], days("2011-02-01", "2011-02-28")), Some(Pence(0)));
    }

    proptest! {
        #[test]
        fn parts_make_up_the_line(amount in -1_000_000_i64..100_000_000, cuts in proptest::collection::vec(0_u64..400, 0..8)) {
            let one = line("2010-04-01", "2011-03-31", amount);
            let first = one.days.from();
            let cuts: Vec<_> = cuts.iter().filter_map(|days| first.checked_add_days(chrono::Days::new(*days))).collect();
            let sum: i64 = one.days.cut(&cuts).into_iter().map(|part| on_days([one], part).unwrap().0).sum();
            prop_assert_eq!(sum, amount);
        }
    }
}
