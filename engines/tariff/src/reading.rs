//! Prices, factors, limits, incomes and placements from the cells of a table; each says all that is wrong with its row.

use chrono::NaiveDate;

use crate::book::{Dated, Factor, Price, Salary};
use crate::decimal::{Decimal, Pence};
use crate::period::Period;
use crate::placement::{Placement, Volume};
use crate::quality::Weight;
use crate::transition::{Income, Limit, Transition};

/// Columns of each table, those that may be missing last.
pub const PRICE_COLUMNS: [&str; 9] = [
    "tariff",
    "price",
    "effective_from",
    "effective_to",
    "published_on",
    "weeks_in_year",
    "salary_share",
    "is_floor",
    "source",
];
pub const FACTOR_COLUMNS: [&str; 6] = ["host", "factor", "effective_from", "effective_to", "published_on", "source"];
pub const TRANSITION_COLUMNS: [&str; 8] =
    ["effective_from", "effective_to", "published_on", "loss_share", "loss_most", "gain_share", "gain_most", "source"];
pub const INCOME_COLUMNS: [&str; 4] = ["host", "year", "income", "before"];
pub const QUALITY_COLUMNS: [&str; 5] = ["host", "share", "from", "to", "because"];
pub const PLACEMENT_COLUMNS: [&str; 14] = [
    "trainee",
    "host",
    "tariff",
    "reference",
    "team",
    "year",
    "from",
    "to",
    "students",
    "fte",
    "weeks",
    "wte",
    "basic_salary",
    "cost",
];

/// A row's cells by column name, and what is wrong with them.
pub struct Cells<'a> {
    cell: &'a dyn Fn(&str) -> &'a str,
    problems: Vec<String>,
}

impl<'a> Cells<'a> {
    /// `cell` gives what stands in a column, nothing where there is none.
    pub fn new(cell: &'a dyn Fn(&str) -> &'a str) -> Self {
        Self { cell, problems: Vec::new() }
    }

    fn text(&self, column: &str) -> &'a str {
        (self.cell)(column).trim()
    }

    fn say(&mut self, column: &str, problem: &str) {
        self.problems.push(format!("{column}: {problem}"));
    }

    fn needed(&mut self, column: &str) -> String {
        let text = self.text(column);
        if text.is_empty() {
            self.say(column, "this must not be empty");
        } else if text.chars().count() > 200 {
            self.say(column, "at most 200 characters");
        }
        text.to_owned()
    }

    fn maybe<T>(&mut self, column: &str, read: impl Fn(&str) -> Option<T>, expected: &str) -> Option<T> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        let value = read(text);
        if value.is_none() {
            self.say(column, &format!("“{text}” is not {expected}"));
        }
        value
    }

    fn amount(&mut self, column: &str) -> Option<Pence> {
        let read = |text: &str| Pence::parse(text).filter(|amount| (0..=MOST_PENCE).contains(&amount.0));
        self.maybe(column, read, "an amount in pounds, such as 3175 or 3175.50")
    }

    fn share(&mut self, column: &str) -> Option<Decimal> {
        let read = |text: &str| Decimal::parse(text).filter(|share| (0..=Decimal::ONE.0).contains(&share.0));
        self.maybe(column, read, "a share from 0 to 1, such as 0.5 or 50%")
    }

    fn day(&mut self, column: &str) -> Option<NaiveDate> {
        self.maybe(column, |text| text.parse().ok(), "a day such as 2014-04-01")
    }

    /// From and to; without an end, to the end of the financial year.
    fn in_force(&mut self) -> Option<Period> {
        let typed_end = !self.text("effective_to").is_empty();
        let (from, to) = (self.day("effective_from"), self.day("effective_to"));
        if self.text("effective_from").is_empty() {
            self.say("effective_from", "say from which day it holds, such as 2014-04-01");
        }
        let from = from?;
        let to = if typed_end { to? } else { Period::year_of(from)?.to() };
        let period = Period::new(from, to);
        if period.is_none() {
            self.say("effective_to", &format!("{to} lies before {from}"));
        }
        period
    }

    fn dated<T>(mut self, it: impl FnOnce(&mut Self) -> Option<T>) -> Result<Dated<T>, Vec<String>> {
        let in_force = self.in_force();
        let published_on = self.day("published_on");
        let source = self.text("source").to_owned();
        let it = it(&mut self);
        match (in_force, it) {
            (Some(in_force), Some(it)) if self.problems.is_empty() => Ok(Dated { in_force, published_on, source, it }),
            _ => Err(self.problems),
        }
    }
}

/// A thousand million pounds: more is a slip of the keyboard.
const MOST_PENCE: i64 = 100_000_000_000;

/// # Errors
/// All that is wrong with the row.
pub fn price(cells: Cells<'_>) -> Result<Dated<Price>, Vec<String>> {
    cells.dated(|cells| {
        let tariff = cells.needed("tariff");
        let price = cells.amount("price");
        if cells.text("price").is_empty() {
            cells.say("price", "this must not be empty");
        }
        let weeks = |text: &str| Decimal::parse(text).filter(|weeks| (1..=53_000_000).contains(&weeks.0));
        let weeks_in_year = cells.maybe("weeks_in_year", weeks, "a number of weeks, such as 40.8");
        let salary = match cells.text("salary_share") {
            "" => Salary::None,
            "not loaded" => Salary::NotLoaded,
            _ => Salary::Share(cells.share("salary_share")?),
        };
        let is_floor = cells.maybe("is_floor", yes, "yes or no").unwrap_or(false);
        Some(Price { tariff, price: price?, weeks_in_year, salary, is_floor })
    })
}

fn yes(text: &str) -> Option<bool> {
    match text {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

/// # Errors
/// All that is wrong with the row.
pub fn factor(cells: Cells<'_>) -> Result<Dated<Factor>, Vec<String>> {
    cells.dated(|cells| {
        let host = cells.needed("host");
        let read = |text: &str| Decimal::parse(text).filter(|factor| (100_000..=10_000_000).contains(&factor.0));
        let factor = cells.maybe("factor", read, "a factor from 0.1 to 10, such as 1.0822");
        if cells.text("factor").is_empty() {
            cells.say("factor", "this must not be empty");
        }
        Some(Factor { host, factor: factor? })
    })
}

/// # Errors
/// All that is wrong with the row.
pub fn transition(cells: Cells<'_>) -> Result<Dated<Transition>, Vec<String>> {
    cells.dated(|cells| {
        let (loss, loss_most) = (cells.share("loss_share"), cells.amount("loss_most"));
        let (gain, gain_most) = (cells.share("gain_share"), cells.amount("gain_most"));
        let limit = |share: Option<Decimal>, most: Option<Pence>| {
            (share.is_some() || most.is_some()).then_some(Limit { share, most })
        };
        Some(Transition { loss: limit(loss, loss_most), gain: limit(gain, gain_most) })
    })
}

/// # Errors
/// All that is wrong with the row.
pub fn income(mut cells: Cells<'_>) -> Result<Income, Vec<String>> {
    let host = cells.needed("host");
    let year = cells.maybe("year", Period::parse_year, "a financial year such as 2014/15");
    for column in ["year", "income", "before"] {
        cells.needed(column);
    }
    let (income, before) = (cells.amount("income"), cells.amount("before"));
    match (year, income, before) {
        (Some(year), Some(income), Some(before)) if cells.problems.is_empty() => {
            Ok(Income { host, year, income, before })
        }
        _ => Err(cells.problems),
    }
}

/// # Errors
/// All that is wrong with the row.
pub fn weight(mut cells: Cells<'_>) -> Result<Weight, Vec<String>> {
    let host = cells.needed("host");
    for column in ["share", "from", "to"] {
        cells.needed(column);
    }
    let (share, from, to) = (cells.share("share"), cells.day("from"), cells.day("to"));
    let days = from.zip(to).and_then(|(from, to)| Period::new(from, to));
    if let (Some((from, to)), None) = (from.zip(to), days) {
        cells.say("to", &format!("{to} lies before {from}"));
    }
    let because = cells.text("because").to_owned();
    match (share, days) {
        (Some(share), Some(days)) if cells.problems.is_empty() => Ok(Weight { host, days, share, because }),
        _ => Err(cells.problems),
    }
}

/// # Errors
/// All that is wrong with the row.
pub fn placement(mut cells: Cells<'_>) -> Result<Placement, Vec<String>> {
    let (trainee, host, tariff) = (cells.needed("trainee"), cells.needed("host"), cells.needed("tariff"));
    let period = when(&mut cells);
    let count = |text: &str| text.parse::<i64>().ok().filter(|count| (1..=100_000).contains(count));
    let students = cells.maybe("students", count, "a whole number from 1 to 100,000").unwrap_or(1);
    let volume = volume(&mut cells);
    if let Some((period, volume)) = period.zip(volume) {
        fits(&mut cells, period, volume);
    }
    let (basic_salary, cost) = (cells.amount("basic_salary"), cells.amount("cost"));
    let (reference, team) = (cells.text("reference").to_owned(), cells.text("team").to_owned());
    match (period, volume) {
        (Some(period), Some(volume)) if cells.problems.is_empty() => {
            Ok(Placement { reference, trainee, host, team, tariff, period, students, volume, basic_salary, cost })
        }
        _ => Err(cells.problems),
    }
}

fn when(cells: &mut Cells<'_>) -> Option<Period> {
    let is_given = |cells: &Cells<'_>, column| !cells.text(column).is_empty();
    match (is_given(cells, "year"), is_given(cells, "from") || is_given(cells, "to")) {
        (true, false) => cells.maybe("year", Period::parse_year, "a financial year such as 2014/15"),
        (false, true) => {
            for column in ["from", "to"] {
                cells.needed(column);
            }
            let (from, to) = (cells.day("from"), cells.day("to"));
            let (from, to) = (from?, to?);
            let longest = 40 * 366;
            let period = Period::new(from, to).filter(|period| period.days() <= longest);
            if period.is_none() {
                cells.say("to", &format!("{to} must lie after {from}, by forty years at most"));
            }
            period
        }
        (true, true) => {
            cells.say("year", "give the year or the days from and to, not both");
            None
        }
        (false, false) => {
            cells.say("year", "say when: the year, such as 2014/15, or the days from and to");
            None
        }
    }
}

/// Nobody is anywhere for more weeks than the days hold, nor for more than a whole year in a year.
fn fits(cells: &mut Cells<'_>, period: Period, volume: Volume) {
    let days = period.days();
    match volume {
        Volume::Weeks(weeks) if weeks > Decimal::whole((days + 6) / 7) => {
            cells.say("weeks", &format!("{weeks} weeks do not fit into {days} days; give the weeks of each student, and how many students in students"));
        }
        Volume::Fte(fte) if fte > Decimal::whole((days + 364) / 365) => {
            cells.say("fte", &format!("{fte} whole-time years do not fit into {days} days; give the share of each student, and how many students in students"));
        }
        _ => {}
    }
}

fn volume(cells: &mut Cells<'_>) -> Option<Volume> {
    let number = |most: i64| move |text: &str| Decimal::parse(text).filter(|it| (1..=most).contains(&it.0));
    let years = "whole-time equivalents from above 0 to 40, such as 0.4 or 40%";
    let given = ["fte", "weeks", "wte"].map(|column| !cells.text(column).is_empty());
    match given {
        [true, false, false] => cells.maybe("fte", number(40_000_000), years).map(Volume::Fte),
        [false, true, false] => {
            cells.maybe("weeks", number(2_200_000_000), "weeks from above 0 to 2,200, such as 30").map(Volume::Weeks)
        }
        [false, false, true] => {
            let words = "a whole-time equivalent from above 0 to 1, such as 0.8";
            cells.maybe("wte", number(1_000_000), words).map(Volume::Working)
        }
        [false, false, false] => {
            cells.say("fte", "say how much: a share of a full-time year in fte, or weeks, or wte over the days");
            None
        }
        _ => {
            cells.say("fte", "give one of fte, weeks and wte");
            None
        }
    }
}
