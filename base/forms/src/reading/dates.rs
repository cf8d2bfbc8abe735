//! Reads a date from three fields, as people type dates; it guesses nothing.

use chrono::{Datelike, NaiveDate};
use hiec_kernel::calendar::month_named;

use super::single;
use crate::fault::Fault;
use crate::form_fields::FormFields;

/// A date from `name-day`, `name-month` (a number or a name) and `name-year`; when all three are empty, from `name` as
/// `2009-10-19`, which is how the API, imports and date pickers write it.
pub(super) fn read(name: &str, fields: &FormFields) -> Result<Option<NaiveDate>, Fault> {
    let part = |part: &str| {
        let field = format!("{name}-{part}");
        let typed = single(&field, fields)?.trim().to_owned();
        Ok((field, typed))
    };
    let (day, month, year) = (part("day")?, part("month")?, part("year")?);
    if [&day, &month, &year].iter().all(|(_, typed)| typed.is_empty()) {
        return read_whole(name, single(name, fields)?.trim());
    }
    for ((field, typed), what) in [(&day, "day"), (&month, "month"), (&year, "year")] {
        if typed.is_empty() {
            return Err(Fault::new(field, format!("The date has no {what}"), format!("Enter the {what}")));
        }
    }
    let day_number =
        figures(&day.1, 2).ok_or_else(|| Fault::new(&day.0, "The day is not a number", "Enter a day from 1 to 31"))?;
    let month_number = month_number(&month.1).ok_or_else(|| {
        Fault::new(&month.0, "The month is not one we know", "Enter a month from 1 to 12, or its name")
    })?;
    let year_number = figures(&year.1, 4)
        .filter(|_| year.1.len() == 4)
        .and_then(|year| i32::try_from(year).ok())
        .filter(|year| *year >= 1000)
        .ok_or_else(|| {
            Fault::new(&year.0, "The year is not four figures", "Enter all four figures of the year, for example 2009")
        })?;
    NaiveDate::from_ymd_opt(year_number, month_number, day_number)
        .map(Some)
        .ok_or_else(|| Fault::new(&day.0, "There is no such day", "Check the day and the month"))
}

fn read_whole(name: &str, typed: &str) -> Result<Option<NaiveDate>, Fault> {
    if typed.is_empty() {
        return Ok(None);
    }
    from_iso(typed)
        .map(Some)
        .ok_or_else(|| Fault::new(name, "This is not a real date", "Enter year, month and day, for example 2009-10-19"))
}

/// `2009-10-19` and nothing else: all figures there, no sign, no year before 1000.
pub(crate) fn from_iso(text: &str) -> Option<NaiveDate> {
    let is_shaped = text.len() == 10
        && text.chars().enumerate().all(|(place, c)| match place {
            4 | 7 => c == '-',
            _ => c.is_ascii_digit(),
        });
    is_shaped.then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten().filter(|date| date.year() >= 1000)
}

fn figures(typed: &str, at_most: usize) -> Option<u32> {
    let is_figures = typed.len() <= at_most && typed.chars().all(|c| c.is_ascii_digit());
    is_figures.then(|| typed.parse().ok()).flatten()
}

/// `10`, `October` or `oct`; three letters or more of a name.
fn month_number(typed: &str) -> Option<u32> {
    if typed.chars().all(|c| c.is_ascii_digit()) {
        return figures(typed, 2).filter(|month| (1..=12).contains(month));
    }
    month_named(typed)
}
