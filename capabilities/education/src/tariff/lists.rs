//! The dated lists the tariff stands on: their columns, who keeps each, and how a line is understood. They hold no figure of their own.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hiec_files::import::Importable;
use hiec_kernel::OrganisationId;
use hiec_tariff::reading::{self, Cells};
use hiec_tariff::{Book, Dated, Factor, Income, Pence, Period, Price, Transition};
use serde::Serialize;

use super::drawing;

/// A list, by who keeps it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum List {
    Prices,
    Factors,
    Salaries,
    Limits,
    Costs,
    Incomes,
}

impl List {
    pub const ALL: [Self; 6] = [Self::Prices, Self::Factors, Self::Salaries, Self::Limits, Self::Costs, Self::Incomes];

    pub fn key(self) -> &'static str {
        match self {
            Self::Prices => "prices",
            Self::Factors => "factors",
            Self::Salaries => "salaries",
            Self::Limits => "limits",
            Self::Costs => "costs",
            Self::Incomes => "incomes",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.key() == key)
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Prices => "Prices",
            Self::Factors => "Market forces factors",
            Self::Salaries => "Basic salaries",
            Self::Limits => "Limits to losses and gains",
            Self::Costs => "What placements cost",
            Self::Incomes => "Hosts’ incomes",
        }
    }

    pub fn about(self) -> &'static str {
        match self {
            Self::Prices => "For a full-time year, by tariff, with the days in force and the day published",
            Self::Factors => "By host: what training costs more where everything does",
            Self::Salaries => "By grade, for tariffs that pay a share of them",
            Self::Limits => "What a host may lose or gain in a year while a tariff comes in",
            Self::Costs => "By host and tariff: what a full-time year costs the host, to hold against the price",
            Self::Incomes => "By host and year, with what it had for the same training before: the limits need them",
        }
    }

    /// `lists/prices`: whose keeper is the commissioner; `accounts/costs`: the cluster's.
    pub fn path(self) -> String {
        let family = if self.action() == "tariff.load" { "lists" } else { "accounts" };
        format!("{family}/{}", self.key())
    }

    /// What taking a list needs.
    pub fn action(self) -> &'static str {
        match self {
            Self::Prices | Self::Factors | Self::Salaries | Self::Limits => "tariff.load",
            Self::Costs | Self::Incomes => "tariff.report",
        }
    }

    /// Those a list must have first.
    pub fn columns(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Self::Prices => (
                &["tariff", "price", "effective_from"],
                &["effective_to", "published_on", "weeks_in_year", "salary_share", "is_floor", "source"],
            ),
            Self::Factors => (&["host", "factor", "effective_from"], &["effective_to", "published_on", "source"]),
            Self::Salaries => (&["grade", "basic_salary", "effective_from"], &["source"]),
            Self::Limits => (
                &["effective_from"],
                &["effective_to", "published_on", "loss_share", "loss_most", "gain_share", "gain_most", "source"],
            ),
            Self::Costs => (&["host", "tariff", "cost_of_a_year", "effective_from"], &["source"]),
            Self::Incomes => (&["host", "year", "income", "before"], &[]),
        }
    }

    pub fn all_columns(self) -> Vec<&'static str> {
        let (needed, known) = self.columns();
        [needed, known].concat()
    }

    /// What tells a line from every other.
    fn key_columns(self) -> &'static [&'static str] {
        match self {
            Self::Prices => &["tariff", "effective_from", "published_on"],
            Self::Factors => &["host", "effective_from", "published_on"],
            Self::Salaries => &["grade", "effective_from"],
            Self::Limits => &["effective_from", "published_on"],
            Self::Costs => &["host", "tariff", "effective_from"],
            Self::Incomes => &["host", "year"],
        }
    }
}

/// A line of a list: cells by column. A host stands in `host` by its name, and as what it is beside them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Entry {
    pub list: List,
    pub host: Option<OrganisationId>,
    pub cells: BTreeMap<String, String>,
}

impl Entry {
    pub fn cell(&self, column: &str) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }

    /// Whether it says it is published on a day that has not come: until then it does not count.
    pub fn is_ahead(&self, today: NaiveDate) -> bool {
        self.cell("published_on").parse::<NaiveDate>().is_ok_and(|day| day > today)
    }

    /// What the engine calls the host: its id, which no other organisation has.
    fn read<T>(&self, with: impl FnOnce(Cells<'_>) -> Result<T, Vec<String>>) -> Result<T, Vec<String>> {
        let id = self.host.map(|host| host.to_string()).unwrap_or_default();
        let cell = |column: &str| if column == "host" { id.as_str() } else { self.cell(column) };
        with(Cells::new(&cell))
    }

    /// All that is wrong with the line.
    pub fn faults(&self) -> Vec<String> {
        let read = match self.list {
            List::Prices => self.read(reading::price).map(drop),
            List::Factors => self.read(reading::factor).map(drop),
            List::Limits => self.read(reading::transition).map(drop),
            List::Incomes => self.read(reading::income).map(drop),
            List::Salaries => self.amount_since("grade", "basic_salary").map(drop),
            List::Costs => self.amount_since("tariff", "cost_of_a_year").map(drop),
        };
        let mut faults = read.err().unwrap_or_default();
        // A region may load prices nobody here needs; a cost of no tariff would be held against nothing.
        let tariff = self.cell("tariff");
        if self.list == List::Costs && !tariff.is_empty() && !drawing::TARIFFS.contains(&tariff) {
            let known = drawing::TARIFFS.join(", ");
            faults.push(format!("tariff: “{tariff}” is no tariff that pays for trainees here. They are: {known}"));
        }
        faults
    }

    /// An amount by name, from a day on until the next.
    fn amount_since(&self, name: &str, amount: &str) -> Result<Since, Vec<String>> {
        let mut faults = Vec::new();
        if self.cell(name).is_empty() {
            faults.push(format!("{name}: this must not be empty"));
        }
        let read = Pence::parse(self.cell(amount)).filter(|read| (0..=100_000_000_000).contains(&read.0));
        if read.is_none() {
            faults.push(format!("{amount}: “{}” is not an amount in pounds, such as 32000", self.cell(amount)));
        }
        let from = self.cell("effective_from").parse::<NaiveDate>().ok();
        if from.is_none() {
            faults.push(format!("effective_from: “{}” is not a day such as 2014-04-01", self.cell("effective_from")));
        }
        match (read, from) {
            (Some(amount), Some(from)) if faults.is_empty() => {
                Ok(Since { name: self.cell(name).to_owned(), host: self.host, from, amount })
            }
            _ => Err(faults),
        }
    }
}

impl Importable for Entry {
    fn key(&self) -> String {
        let of = |column: &&str| match (*column, self.host) {
            ("host", Some(host)) => host.to_string(),
            (column, _) => self.cell(column).to_lowercase(),
        };
        self.list.key_columns().iter().map(of).collect::<Vec<_>>().join(" | ")
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        self.list.all_columns().into_iter().map(|column| (column, self.cell(column).to_owned())).collect()
    }
}

/// An amount that holds from a day on, until the next of its name and host.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Since {
    pub name: String,
    pub host: Option<OrganisationId>,
    pub from: NaiveDate,
    pub amount: Pence,
}

/// All lists of a cluster, understood.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lists {
    pub book: Book,
    pub salaries: Vec<Since>,
    pub costs: Vec<Since>,
    pub incomes: Vec<Income>,
    pub limits: Vec<Dated<Transition>>,
}

impl Lists {
    /// Understands lines that were checked when they were taken.
    ///
    /// # Errors
    /// Two prices or factors that hold at once, in words.
    pub fn of(entries: &[Entry]) -> Result<Self, Vec<String>> {
        fn read<T>(entries: &[Entry], list: List, with: impl Fn(&Entry) -> Result<T, Vec<String>>) -> Vec<T> {
            entries.iter().filter(|entry| entry.list == list).filter_map(|entry| with(entry).ok()).collect()
        }
        let prices: Vec<Dated<Price>> = read(entries, List::Prices, |entry| entry.read(reading::price));
        let factors: Vec<Dated<Factor>> = read(entries, List::Factors, |entry| entry.read(reading::factor));
        Ok(Self {
            book: Book::new(prices, factors)?,
            salaries: read(entries, List::Salaries, |entry| entry.amount_since("grade", "basic_salary")),
            costs: read(entries, List::Costs, |entry| entry.amount_since("tariff", "cost_of_a_year")),
            incomes: read(entries, List::Incomes, |entry| entry.read(reading::income)),
            limits: read(entries, List::Limits, |entry| entry.read(reading::transition)),
        })
    }

    pub fn salary(&self, grade: &str, day: NaiveDate) -> Option<Pence> {
        since(&self.salaries, |one| one.name.eq_ignore_ascii_case(grade), day)
    }

    pub fn cost(&self, host: OrganisationId, tariff: &str, day: NaiveDate) -> Option<Pence> {
        since(&self.costs, |one| one.host == Some(host) && one.name == tariff, day)
    }

    /// The days within a period on which a salary of this grade changes.
    pub fn salary_turns(&self, grade: &str, period: Period) -> Vec<NaiveDate> {
        let of = self.salaries.iter().filter(|one| one.name.eq_ignore_ascii_case(grade));
        of.map(|one| one.from).filter(|day| period.contains(*day)).collect()
    }
}

fn since(all: &[Since], is_of: impl Fn(&Since) -> bool, day: NaiveDate) -> Option<Pence> {
    all.iter().filter(|one| is_of(one) && one.from <= day).max_by_key(|one| one.from).map(|one| one.amount)
}
