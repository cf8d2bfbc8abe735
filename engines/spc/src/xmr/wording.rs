//! Dates and numbers as a reader would say them; what is said is rounded, and never computed with.

use core::fmt;

use chrono::{Datelike, NaiveDate};

use super::{Chart, Spread, Unit};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn month(date: NaiveDate) -> &'static str {
    MONTHS.get(date.month0() as usize).copied().unwrap_or_default()
}

/// A day: 4 October 2019.
pub(super) struct LongDate(pub NaiveDate);

impl fmt::Display for LongDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.0.day(), month(self.0), self.0.year())
    }
}

/// How the numbers and dates of one chart are said.
#[derive(Clone, Copy)]
pub(super) struct Wording {
    unit: Unit,
    decimals: usize,
    is_monthly: bool,
}

impl Wording {
    /// Months where no two rows share one, else days; decimals so that the limits' distance has three digits.
    pub fn of(chart: &Chart) -> Self {
        let is_monthly = chart.points.windows(2).all(|pair| match pair {
            [before, after] => (before.date.year(), before.date.month()) != (after.date.year(), after.date.month()),
            _ => true,
        });
        let unit = chart.options.unit;
        let width = chart.groups.last().map_or(1.0, |group| match group.spread {
            Spread::Limits(limits) => limits.upper - limits.lower,
            Spread::NoVariation | Spread::TooFew => group.mean.abs(),
        });
        let width = if unit == Unit::Fraction { width * 100.0 } else { width };
        Self { unit, decimals: decimals(width), is_monthly }
    }

    /// A date of the chart: May 2018, or 14 May 2018.
    pub fn date(&self, date: NaiveDate) -> Date {
        Date { date, is_monthly: self.is_monthly }
    }

    /// A number the chart computed, with decimals to suit its limits: 121.4, 95.2%.
    pub fn computed(&self, number: f64) -> Number {
        Number { number, unit: self.unit, decimals: self.decimals, is_trimmed: false }
    }

    /// An average that something is multiplied with: one decimal more, so that a reader finds the product again.
    pub fn factor(&self, number: f64) -> Number {
        Number { decimals: self.decimals + 1, ..self.computed(number) }
    }

    /// A number somebody gave: as many decimals as it has, within reason.
    pub fn given(&self, number: f64) -> Number {
        Number { number, unit: self.unit, decimals: self.decimals + 4, is_trimmed: true }
    }
}

/// How many decimals a width needs so that it shows three digits.
fn decimals(width: f64) -> usize {
    const MOST: i32 = 12;
    if !(width > 0.0 && width.is_finite()) {
        return 2;
    }
    #[expect(clippy::cast_possible_truncation, reason = "the logarithm of a double lies between -324 and 309")]
    let digits = libm::floor(libm::log10(width)) as i32;
    usize::try_from((2 - digits).clamp(0, MOST)).unwrap_or_default()
}

/// A date as it is said in its chart.
pub(super) struct Date {
    date: NaiveDate,
    is_monthly: bool,
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.is_monthly {
            true => write!(f, "{} {}", month(self.date), self.date.year()),
            false => LongDate(self.date).fmt(f),
        }
    }
}

/// A number as it is said in its chart.
pub(super) struct Number {
    number: f64,
    unit: Unit,
    decimals: usize,
    is_trimmed: bool,
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = if self.unit == Unit::Fraction { self.number * 100.0 } else { self.number };
        if number != 0.0 && !(1e-9..1e15).contains(&number.abs()) {
            write!(f, "{number:.3e}")?;
        } else {
            self.decimal(f, number)?;
        }
        f.write_str(if self.unit == Unit::Plain { "" } else { "%" })
    }
}

impl Number {
    fn decimal(&self, f: &mut fmt::Formatter<'_>, number: f64) -> fmt::Result {
        let text = alloc::format!("{:.*}", self.decimals, number.abs());
        let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
        let rest = if self.is_trimmed { rest.trim_end_matches('0') } else { rest };
        let is_nought = whole.bytes().chain(rest.bytes()).all(|digit| digit == b'0');
        if number < 0.0 && !is_nought {
            f.write_str("−")?;
        }
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place) % 3 == 0 && whole.len() > 3 {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        if rest.is_empty() { Ok(()) } else { write!(f, ".{rest}") }
    }
}

/// A count with its noun: 1 point, 7 points.
pub(super) struct Count(pub usize, pub &'static str);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}{}", self.0, self.1, if self.0 == 1 { "" } else { "s" })
    }
}
