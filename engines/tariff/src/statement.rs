//! The statement: every placement at the prices in force, line by line; it must never round twice.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::book::{Book, Dated, Factor, Price, Salary};
use crate::decimal::{Fraction, Pence};
use crate::period::Period;
use crate::placement::{Placement, Volume};

/// One placement at one price and one factor, within one financial year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub reference: String,
    pub trainee: String,
    pub host: String,
    pub team: String,
    pub tariff: String,
    pub period: Period,
    /// Whole-time equivalents of all its students together, where they could be reckoned.
    pub fte: Option<Fraction>,
    pub price: Option<Dated<Price>>,
    pub factor: Option<Dated<Factor>>,
    /// What follows the trainee, and how it was reckoned.
    pub outcome: Outcome,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Amount {
        amount: Pence,
        /// The price is a floor: no less than this.
        is_at_least: bool,
        working: String,
    },
    /// What is missing, in words.
    NotLoaded(String),
}

impl Outcome {
    pub fn amount(&self) -> Option<Pence> {
        match self {
            Self::Amount { amount, .. } => Some(*amount),
            Self::NotLoaded(_) => None,
        }
    }
}

/// A placement over all its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacementTotal {
    pub reference: String,
    pub trainee: String,
    pub host: String,
    /// Nothing where a line is not loaded.
    pub amount: Option<Pence>,
    pub cost: Option<Pence>,
    /// What the placement cost beyond what follows it; less than nought where it cost less.
    pub gap: Option<Pence>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    pub known_on: Option<NaiveDate>,
    pub lines: Vec<Line>,
    pub placements: Vec<PlacementTotal>,
}

/// A placement whose amount differs between two statements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub reference: String,
    pub trainee: String,
    pub host: String,
    pub before: Option<Pence>,
    pub after: Option<Pence>,
}

impl Book {
    /// Prices placements as things are known now, or as they were known on a day.
    pub fn statement(&self, placements: &[Placement], known_on: Option<NaiveDate>) -> Statement {
        let mut statement = Statement { known_on, lines: Vec::new(), placements: Vec::new() };
        for placement in placements {
            let lines = self.lines(placement, known_on);
            let amount = lines.iter().map(|line| line.outcome.amount()).sum::<Option<Pence>>();
            statement.placements.push(PlacementTotal {
                reference: placement.reference.clone(),
                trainee: placement.trainee.clone(),
                host: placement.host.clone(),
                amount,
                cost: placement.cost,
                gap: placement.cost.zip(amount).map(|(cost, amount)| Pence(cost.0.saturating_sub(amount.0))),
            });
            statement.lines.extend(lines);
        }
        statement
    }

    fn lines(&self, placement: &Placement, known_on: Option<NaiveDate>) -> Vec<Line> {
        let mut turns = self.turns(&placement.tariff, &placement.host);
        let mut year = Period::year_of(placement.period.from());
        while let Some(this) = year.filter(|year| year.to() < placement.period.to()) {
            turns.extend(this.to().succ_opt());
            year = this.to().succ_opt().and_then(Period::year_of);
        }
        // Neighbours under the same price and factor in one year are one line.
        let mut parts: Vec<Period> = Vec::new();
        for part in placement.period.cut(&turns) {
            let same = parts.last().copied().filter(|last| {
                let of =
                    |day| (self.price(&placement.tariff, day, known_on), self.factor(&placement.host, day, known_on));
                of(last.from()) == of(part.from()) && Period::year_of(last.from()) == Period::year_of(part.from())
            });
            match same.and_then(|last| Period::new(last.from(), part.to())) {
                Some(joined) => {
                    parts.pop();
                    parts.push(joined);
                }
                None => parts.push(part),
            }
        }
        parts.into_iter().map(|part| self.line(placement, part, known_on)).collect()
    }

    fn line(&self, placement: &Placement, period: Period, known_on: Option<NaiveDate>) -> Line {
        let price = self.price(&placement.tariff, period.from(), known_on);
        let factor = self.factor(&placement.host, period.from(), known_on);
        let fte = price.and_then(|price| whole_time(placement, period, &price.it));
        let outcome = match (price, factor) {
            (None, _) => Outcome::NotLoaded(missing("price", &placement.tariff, period, known_on)),
            (_, None) => Outcome::NotLoaded(missing("market forces factor", &placement.host, period, known_on)),
            (Some(price), Some(factor)) => reckoned(placement, period, &price.it, &factor.it),
        };
        Line {
            reference: placement.reference.clone(),
            trainee: placement.trainee.clone(),
            host: placement.host.clone(),
            team: placement.team.clone(),
            tariff: placement.tariff.clone(),
            period,
            fte,
            price: price.cloned(),
            factor: factor.cloned(),
            outcome,
        }
    }
}

fn missing(what: &str, of: &str, period: Period, known_on: Option<NaiveDate>) -> String {
    let when = known_on.map(|day| format!(" as known on {day}")).unwrap_or_default();
    format!("not loaded: the {what} of {of} for {period}{when}")
}

/// Whole-time equivalents of all students over a part of the placement.
fn whole_time(placement: &Placement, period: Period, price: &Price) -> Option<Fraction> {
    let share = Fraction::new(i128::from(period.days()), i128::from(placement.period.days()));
    let (each, share) = match (placement.volume, price.weeks_in_year) {
        (Volume::Fte(fte), _) => (fte.fraction(), share),
        (Volume::Weeks(weeks), in_year) => (weeks.fraction().times(in_year?.fraction().inverse())?, share),
        (Volume::Working(wte), Some(in_year)) => {
            (wte.fraction().times(in_year.fraction().inverse())?, Fraction::new(i128::from(period.days()), 7))
        }
        (Volume::Working(wte), None) => {
            let year = Period::year_of(period.from())?.days();
            (wte.fraction(), Fraction::new(i128::from(period.days()), i128::from(year)))
        }
    };
    each.times(Fraction::new(i128::from(placement.students), 1))?.times(share)
}

fn reckoned(placement: &Placement, period: Period, price: &Price, factor: &Factor) -> Outcome {
    let ((Volume::Fte(_) | Volume::Working(_), _) | (_, Some(_))) = (placement.volume, price.weeks_in_year) else {
        let words = "not loaded: how many weeks make a full-time year of";
        return Outcome::NotLoaded(format!("{words} {}; give the placement as a share of a year", price.tariff));
    };
    let salary = match (price.salary, placement.basic_salary) {
        (Salary::None, _) => None,
        (Salary::NotLoaded, _) => {
            let words = "not loaded: the share of basic salary that";
            return Outcome::NotLoaded(format!("{words} {} pays for {period}", price.tariff));
        }
        (Salary::Share(_), None) => {
            let words = "not loaded: the basic salary of";
            return Outcome::NotLoaded(format!(
                "{words} {}, of which {} pays a share",
                placement.trainee, price.tariff
            ));
        }
        (Salary::Share(share), Some(salary)) => Some((share, salary)),
    };
    let exact = whole_time(placement, period, price).and_then(|fte| {
        let fee = price.price.fraction().times(fte)?.times(factor.factor.fraction())?;
        match salary {
            Some((share, salary)) => fee.plus(salary.fraction().times(share.fraction())?.times(fte)?),
            None => Some(fee),
        }
    });
    let Some(amount) = exact.and_then(Fraction::rounded).map(Pence) else {
        return Outcome::NotLoaded("the numbers are too large to be reckoned to the penny".to_owned());
    };
    let volume = volume(placement, period, price);
    let mut working = format!("{volume} × {} × {}", price.price, factor.factor);
    if let Some((share, salary)) = salary {
        working += &format!(" + {volume} × {salary} × {share}");
    }
    working += &format!(" = {amount}");
    Outcome::Amount { amount, is_at_least: price.is_floor, working }
}

/// The whole-time equivalents as they were reckoned: `40 × 0.4`, `30 ÷ 40.8`, `… × 183 ÷ 365 days`.
fn volume(placement: &Placement, period: Period, price: &Price) -> String {
    let mut text = match placement.students {
        1 => String::new(),
        students => format!("{students} × "),
    };
    text += &match (placement.volume, price.weeks_in_year) {
        (Volume::Weeks(weeks), Some(year)) => format!("{weeks} ÷ {year}"),
        (Volume::Working(wte), Some(year)) => format!("{wte} × {} days ÷ 7 ÷ {year}", period.days()),
        (Volume::Working(wte), None) => {
            let year = Period::year_of(period.from()).map_or(365, Period::days);
            format!("{wte} × {} ÷ {year} days", period.days())
        }
        (Volume::Weeks(each) | Volume::Fte(each), _) => each.to_string(),
    };
    if matches!(placement.volume, Volume::Working(_)) {
        return text;
    }
    if period != placement.period {
        text += &format!(" × {} ÷ {} days", period.days(), placement.period.days());
    }
    text
}

impl Statement {
    /// The sum of all lines that have an amount.
    pub fn total(&self) -> Pence {
        self.lines.iter().filter_map(|line| line.outcome.amount()).sum()
    }

    pub fn is_whole(&self) -> bool {
        self.lines.iter().all(|line| line.outcome.amount().is_some())
    }

    /// What is missing, each once.
    pub fn not_loaded(&self) -> Vec<&str> {
        let mut words: Vec<&str> = Vec::new();
        for line in &self.lines {
            if let Outcome::NotLoaded(word) = &line.outcome
                && !words.contains(&word.as_str())
            {
                words.push(word);
            }
        }
        words
    }

    /// Sums by any part of a line, such as host or trainee, and how many lines have no amount.
    pub fn totals<'a, K: Ord>(&'a self, of: impl Fn(&'a Line) -> K) -> BTreeMap<K, (Pence, usize)> {
        let mut totals: BTreeMap<K, (Pence, usize)> = BTreeMap::new();
        for line in &self.lines {
            let total = totals.entry(of(line)).or_default();
            match line.outcome.amount() {
                Some(amount) => total.0 = Pence(total.0.0.saturating_add(amount.0)),
                None => total.1 += 1,
            }
        }
        totals
    }
}

/// Placements whose amounts differ between two statements of the same placements.
pub fn differences(before: &Statement, after: &Statement) -> Vec<Difference> {
    let pairs = before.placements.iter().zip(&after.placements).filter(|(one, two)| one.amount != two.amount);
    pairs
        .map(|(one, two)| Difference {
            reference: one.reference.clone(),
            trainee: one.trainee.clone(),
            host: one.host.clone(),
            before: one.amount,
            after: two.amount,
        })
        .collect()
}
