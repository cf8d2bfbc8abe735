//! What a cluster's money amounts to over any days: budget, actual, forecast, commitments. Exact to the penny; no clock, no SQL.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, Months, NaiveDate};
use hiec_contracts::MoneyStanding;
use hiec_kernel::{Money, closed_list};
use serde::Serialize;

use super::quarters::Quarter;

/// The pathway of what belongs to none: the team, its rooms, its meetings.
pub const RUNNING: &str = "Team and running costs";

closed_list! {
    /// How a partner gives what it committed.
    CommitmentKind {
        Cash = "cash", "Cash";
        InKind = "in_kind", "In kind";
        Matched = "matched", "Matched funding";
    }
}

/// The days from one to the other, both counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Span {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

impl Span {
    pub fn new(from: NaiveDate, to: NaiveDate) -> Self {
        Self { from, to }
    }

    fn count(self) -> i128 {
        i128::from((self.to - self.from).num_days() + 1)
    }

    /// The days both have; nothing when none.
    fn and(self, other: Self) -> Option<Self> {
        let both = Self { from: self.from.max(other.from), to: self.to.min(other.to) };
        (both.from <= both.to).then_some(both)
    }
}

/// The part of an amount spread evenly over `span` that falls on `part`. Parts that meet add up to the penny, and the
/// parts of a whole span add up to the amount.
pub fn share(amount: Money, span: Span, part: Span) -> Money {
    let Some(part) = span.and(part) else {
        return Money::ZERO;
    };
    let until = |days: i128| i128::from(amount.0) * days / span.count();
    let before = i128::from((part.from - span.from).num_days());
    let pence = until(before + part.count()) - until(before);
    Money(i64::try_from(pence).unwrap_or(i64::MAX))
}

/// What may be spent in a year of the term on a pathway.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct BudgetLine {
    /// 1 is the first year of the term.
    pub year: i64,
    pub pathway: String,
    pub amount: Money,
    /// Where the figure comes from.
    pub source: String,
}

/// Something that was spent.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Spent {
    pub on: NaiveDate,
    pub pathway: String,
    pub amount: Money,
}

/// What a partner committed, over some days.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Committed {
    pub days: Span,
    pub amount: Money,
}

/// All a cluster's figures, ready to be asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Books {
    pub term: Span,
    pub budget: Vec<BudgetLine>,
    pub spent: Vec<Spent>,
    /// What is expected of a quarter; where nothing was said, the budget is.
    pub expected: BTreeMap<Quarter, Money>,
    pub committed: Vec<Committed>,
}

/// A quarter side by side.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct QuarterLine {
    pub quarter: String,
    pub first_day: NaiveDate,
    pub budget: Money,
    pub actual: Money,
    pub forecast: Money,
    /// All of it has been spent and booked: the forecast is the actual.
    pub is_closed: bool,
}

/// A pathway side by side.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct PathwayLine {
    pub pathway: String,
    /// By year of the term, the first first.
    pub budget: Vec<Money>,
    pub actual: Money,
}

/// How many years a term has, a part of one counted.
pub fn years(term: Span) -> i64 {
    (1..=30).find(|year| year_of(term, *year).is_none_or(|days| days.to >= term.to)).unwrap_or(30)
}

/// The days of a year of the term; nothing outside it.
pub fn year_of(term: Span, year: i64) -> Option<Span> {
    let months = u32::try_from(year.checked_sub(1)?.checked_mul(12)?).ok()?;
    let from = term.from.checked_add_months(Months::new(months))?;
    let to = from.checked_add_months(Months::new(12))?.checked_sub_days(Days::new(1))?.min(term.to);
    (from <= term.to).then_some(Span { from, to })
}

impl Books {
    pub fn budget_of(&self, days: Span) -> Money {
        self.budget.iter().filter_map(|line| Some(share(line.amount, year_of(self.term, line.year)?, days))).sum()
    }

    pub fn spent_in(&self, days: Span) -> Money {
        self.spent.iter().filter(|one| days.from <= one.on && one.on <= days.to).map(|one| one.amount).sum()
    }

    pub fn committed_for(&self, days: Span) -> Money {
        self.committed.iter().map(|one| share(one.amount, one.days, days)).sum()
    }

    /// Whether everything of a quarter has been booked: something later has been, or something on its last day.
    fn is_closed(&self, quarter: Quarter) -> bool {
        self.spent.iter().map(|one| one.on).max().is_some_and(|newest| newest >= quarter.last_day())
    }

    /// What a quarter will have cost at its end.
    fn expected_of(&self, quarter: Quarter) -> Money {
        let days = Span::new(quarter.first_day(), quarter.last_day());
        let spent = self.spent_in(days);
        if self.is_closed(quarter) {
            return spent;
        }
        self.expected.get(&quarter).copied().unwrap_or_else(|| self.budget_of(days)).max(spent)
    }

    /// What these days will have cost at their end. Days outside the term cost what was spent on them.
    pub fn forecast_of(&self, days: Span) -> Money {
        Quarter::between(days.from, days.to)
            .into_iter()
            .map(|quarter| {
                let whole = Span::new(quarter.first_day(), quarter.last_day());
                let Some(part) = whole.and(days) else {
                    return Money::ZERO;
                };
                let spent = self.spent_in(part);
                if self.is_closed(quarter) {
                    return spent;
                }
                // Only the days of the term are to come: what is expected of a quarter falls on those.
                let span = whole.and(self.term).unwrap_or(whole);
                if span.and(part) == Some(span) {
                    return self.expected_of(quarter);
                }
                share(self.expected_of(quarter), span, part).max(spent)
            })
            .sum()
    }

    pub fn standing(&self, days: Span) -> MoneyStanding {
        MoneyStanding {
            budget: self.budget_of(days),
            actual: self.spent_in(days),
            forecast: self.forecast_of(days),
            committed: self.committed_for(days),
        }
    }

    pub fn by_quarter(&self) -> Vec<QuarterLine> {
        Quarter::between(self.term.from, self.term.to)
            .into_iter()
            .map(|quarter| {
                let days = Span::new(quarter.first_day(), quarter.last_day());
                QuarterLine {
                    quarter: quarter.label(),
                    first_day: quarter.first_day(),
                    budget: self.budget_of(days),
                    actual: self.spent_in(days),
                    forecast: self.forecast_of(days),
                    is_closed: self.is_closed(quarter),
                }
            })
            .collect()
    }

    /// By pathway in the order of the alphabet, what belongs to none last.
    pub fn by_pathway(&self) -> Vec<PathwayLine> {
        let names: BTreeSet<(bool, &str)> = self
            .budget
            .iter()
            .map(|line| line.pathway.as_str())
            .chain(self.spent.iter().map(|one| one.pathway.as_str()))
            .map(|name| (name == RUNNING, name))
            .collect();
        names
            .into_iter()
            .map(|(_, pathway)| PathwayLine {
                pathway: pathway.to_owned(),
                budget: (1..=years(self.term))
                    .map(|year| {
                        let is_here = |line: &&BudgetLine| line.year == year && line.pathway == pathway;
                        self.budget.iter().filter(is_here).map(|line| line.amount).sum()
                    })
                    .collect(),
                actual: self.spent.iter().filter(|one| one.pathway == pathway).map(|one| one.amount).sum(),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn books() -> Books {
        let line = |year, pathway: &str, pounds| BudgetLine {
            year,
            pathway: pathway.to_owned(),
            amount: Money::pounds(pounds),
            source: String::new(),
        };
        Books {
            term: Span::new(day("2010-01-01"), day("2011-12-31")),
            budget: vec![line(1, "COPD", 73_000), line(1, RUNNING, 36_500), line(2, "COPD", 36_500)],
            spent: vec![Spent { on: day("2010-02-01"), pathway: "COPD".into(), amount: Money::pounds(10_000) }],
            expected: BTreeMap::new(),
            committed: vec![],
        }
    }

    #[test]
    fn a_budget_falls_evenly_on_the_days_of_its_year() {
        let books = books();
        assert_eq!(books.budget_of(Span::new(day("2010-01-01"), day("2010-01-10"))), Money::pounds(3_000));
        assert_eq!(books.budget_of(books.term), Money::pounds(146_000));
        assert_eq!(books.budget_of(Span::new(day("2012-01-01"), day("2012-01-10"))), Money::ZERO);
    }

    #[test]
    fn an_open_quarter_is_expected_to_cost_its_budget_or_what_was_said() {
        let mut books = books();
        let first = Span::new(day("2010-01-01"), day("2010-03-31"));
        // 90 days at £300.
        assert_eq!(books.forecast_of(first), Money::pounds(27_000));
        books.expected.insert(Quarter::of(first.from), Money::pounds(15_000));
        assert_eq!(books.forecast_of(first), Money::pounds(15_000));
        // More than was expected has gone already.
        books.expected.insert(Quarter::of(first.from), Money::pounds(8_000));
        assert_eq!(books.forecast_of(first), Money::pounds(10_000));
        // Something later is booked: the quarter is closed and costs what it cost.
        books.spent.push(Spent { on: day("2010-04-02"), pathway: "COPD".into(), amount: Money::pounds(1) });
        books.expected.insert(Quarter::of(first.from), Money::pounds(15_000));
        assert_eq!(books.forecast_of(first), Money::pounds(10_000));
        assert!(books.by_quarter()[0].is_closed);
        assert!(!books.by_quarter()[1].is_closed);
    }

    #[test]
    fn pathways_stand_by_name_and_what_belongs_to_none_last() {
        let lines = books().by_pathway();
        let names: Vec<&str> = lines.iter().map(|line| line.pathway.as_str()).collect();
        assert_eq!(names, ["COPD", RUNNING]);
        assert_eq!(lines[0].budget, [Money::pounds(73_000), Money::pounds(36_500)]);
        assert_eq!(lines[0].actual, Money::pounds(10_000));
    }

    #[test]
    fn a_term_has_whole_years_and_perhaps_a_part() {
        let term = Span::new(day("2010-02-01"), day("2012-01-31"));
        assert_eq!(years(term), 2);
        assert_eq!(year_of(term, 2), Some(Span::new(day("2011-02-01"), day("2012-01-31"))));
        assert_eq!(year_of(term, 3), None);
        assert_eq!(years(Span::new(day("2010-02-01"), day("2012-02-01"))), 3);
        assert_eq!(year_of(term, 0), None);
    }

    proptest! {
        #[test]
        fn parts_that_meet_add_up_to_the_penny(
            pence in -1_000_000_000_i64..1_000_000_000, length in 1_u64..800, first in 0_u64..800, second in 0_u64..800,
        ) {
            let from = day("2010-01-01");
            let span = Span::new(from, from + Days::new(length - 1));
            let (low, high) = (first.min(second), first.max(second));
            let left = Span::new(from, from + Days::new(low));
            let middle = Span::new(from + Days::new(low + 1), from + Days::new(high + 1));
            let right = Span::new(from + Days::new(high + 2), from + Days::new(2_000));
            let amount = Money(pence);
            let sum: Money = [left, middle, right].into_iter().map(|part| share(amount, span, part)).sum();
            prop_assert_eq!(sum, amount);
        }

        #[test]
        fn quarters_add_up_to_the_term(year_one in 0_i64..10_000_000, year_two in 0_i64..10_000_000) {
            let mut books = books();
            books.budget = vec![
                BudgetLine { year: 1, pathway: "A".into(), amount: Money(year_one), source: String::new() },
                BudgetLine { year: 2, pathway: "A".into(), amount: Money(year_two), source: String::new() },
            ];
            let total: Money = books.by_quarter().iter().map(|line| line.budget).sum();
            prop_assert_eq!(total, Money(year_one + year_two));
            let forecast: Money = books.by_quarter().iter().map(|line| line.forecast).sum();
            prop_assert_eq!(forecast, books.forecast_of(books.term));
        }
    }
}
