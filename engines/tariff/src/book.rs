//! Dated prices and factors: which one was in force, as it was known on a day. It must never choose between two that were published together.

use chrono::NaiveDate;

use crate::decimal::{Decimal, Pence};
use crate::period::Period;

/// Something that is in force for a while and was published on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated<T> {
    pub in_force: Period,
    /// Nothing where the source does not say: then it counts as known from its first day.
    pub published_on: Option<NaiveDate>,
    pub source: String,
    pub it: T,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    pub tariff: String,
    /// For a full-time year.
    pub price: Pence,
    /// The placement weeks that make a full-time year, where placements are counted in weeks.
    pub weeks_in_year: Option<Decimal>,
    pub salary: Salary,
    /// The least that may be paid, rather than what is.
    pub is_floor: bool,
}

/// The share of basic salary that is paid on top of the price. The market forces factor does not apply to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Salary {
    None,
    Share(Decimal),
    /// There is one, and nobody has loaded it.
    NotLoaded,
}

/// A host's market forces factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    pub host: String,
    pub factor: Decimal,
}

/// All that is dated.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Book {
    prices: Vec<Dated<Price>>,
    factors: Vec<Dated<Factor>>,
}

impl<T> Dated<T> {
    fn known_from(&self) -> NaiveDate {
        self.published_on.unwrap_or(self.in_force.from())
    }

    fn clashes(&self, other: &Self) -> bool {
        let is_revision = match (self.published_on, other.published_on) {
            (Some(one), Some(two)) => one != two,
            _ => false,
        };
        self.in_force.overlaps(other.in_force) && !is_revision
    }
}

impl Book {
    /// Puts dated prices and factors together.
    ///
    /// # Errors
    /// Every two that overlap and are not a revision of one another, in words.
    pub fn new(prices: Vec<Dated<Price>>, factors: Vec<Dated<Factor>>) -> Result<Self, Vec<String>> {
        let mut problems = clashes(&prices, "price of", |price| &price.tariff, |price| price.price.to_string());
        problems.extend(clashes(&factors, "factor of", |factor| &factor.host, |factor| factor.factor.to_string()));
        if problems.is_empty() { Ok(Self { prices, factors }) } else { Err(problems) }
    }

    pub fn prices(&self) -> &[Dated<Price>] {
        &self.prices
    }

    pub fn factors(&self) -> &[Dated<Factor>] {
        &self.factors
    }

    /// The price in force on a day, as it was known on another; as it is known now where none is given.
    pub fn price(&self, tariff: &str, day: NaiveDate, known_on: Option<NaiveDate>) -> Option<&Dated<Price>> {
        in_force(self.prices.iter().filter(|price| price.it.tariff == tariff), day, known_on)
    }

    pub fn factor(&self, host: &str, day: NaiveDate, known_on: Option<NaiveDate>) -> Option<&Dated<Factor>> {
        in_force(self.factors.iter().filter(|factor| factor.it.host == host), day, known_on)
    }

    /// The days on which something may change for placements of this tariff with this host.
    pub(crate) fn turns(&self, tariff: &str, host: &str) -> Vec<NaiveDate> {
        let prices = self.prices.iter().filter(|price| price.it.tariff == tariff).map(|price| price.in_force);
        let factors = self.factors.iter().filter(|factor| factor.it.host == host).map(|factor| factor.in_force);
        prices.chain(factors).flat_map(|period| [Some(period.from()), period.to().succ_opt()]).flatten().collect()
    }
}

fn in_force<'a, T: 'a>(
    all: impl Iterator<Item = &'a Dated<T>>,
    day: NaiveDate,
    known_on: Option<NaiveDate>,
) -> Option<&'a Dated<T>> {
    all.filter(|each| each.in_force.contains(day))
        .filter(|each| known_on.is_none_or(|known_on| each.known_from() <= known_on))
        .max_by_key(|each| each.known_from())
}

fn clashes<T>(
    all: &[Dated<T>],
    words: &str,
    name: impl Fn(&T) -> &String,
    value: impl Fn(&T) -> String,
) -> Vec<String> {
    let mut order: Vec<&Dated<T>> = all.iter().collect();
    order.sort_by(|one, two| (name(&one.it), one.in_force).cmp(&(name(&two.it), two.in_force)));
    let mut problems = Vec::new();
    for (at, one) in order.iter().enumerate() {
        let rest = order.iter().skip(at + 1);
        let near = rest.take_while(|two| name(&two.it) == name(&one.it) && two.in_force.from() <= one.in_force.to());
        for two in near.filter(|two| one.clashes(two)) {
            problems.push(format!(
                "two hold at once: the {words} {} is {} for {} and {} for {}. Correct the days of one, or, if one revises the other, give both the day they were published on",
                name(&one.it),
                value(&one.it),
                one.in_force,
                value(&two.it),
                two.in_force,
            ));
        }
    }
    problems
}
