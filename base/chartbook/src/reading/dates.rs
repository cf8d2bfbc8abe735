//! Dates as people write them: ISO, United Kingdom, months, quarters, years, weeks. A day stands before its month; the
//! American order is refused and not guessed.

use chrono::{Datelike, NaiveDate, Weekday};
use hiec_kernel::calendar::month_named;

/// Reads a date or the first day of a period: `2019-04-01`, `2019-04`, `01/04/2019`, `1 April 2019`, `Apr-19`, `2019 Q2`,
/// `2019/20 Q1` (the NHS's year begins in April), `2019/20`, `2019-W14`, `201904`, `2019`.
#[must_use]
pub fn date(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    if text.len() > 40 || !text.contains(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    let text = without_time(text);
    let parts: Vec<Part> = parts(text)?;
    match parts.as_slice() {
        // 2019-04-01, 2019/04/01
        [Part::Number(year, 4), Part::Number(month, 1..=2), Part::Number(day, 1..=2)] => ymd(*year, *month, *day),
        // 01/04/2019, 1.4.19
        [Part::Number(day, 1..=2), Part::Number(month, 1..=2), Part::Number(year, 2 | 4)] => {
            ymd(full(*year), *month, *day)
        }
        // 1 April 2019, 1-Apr-19
        [Part::Number(day, 1..=2), Part::Month(month), Part::Number(year, 2 | 4)] => ymd(full(*year), *month, *day),
        // April 1 2019: a name cannot be mistaken
        [Part::Month(month), Part::Number(day, 1..=2), Part::Number(year, 4)] => ymd(*year, *month, *day),
        // 2019/20 Q1, Q1 2019/20: quarters of the NHS's year
        [Part::Number(year, 4), Part::Number(next, 2), Part::Quarter(quarter)]
        | [Part::Quarter(quarter), Part::Number(year, 4), Part::Number(next, 2)]
            if is_next(*year, *next) =>
        {
            financial(*year, *quarter)
        }
        [Part::Number(year, 4), Part::Quarter(quarter)] | [Part::Quarter(quarter), Part::Number(year, 4)] => {
            ymd(*year, quarter * 3 - 2, 1)
        }
        [Part::Number(year, 4), Part::Week(week)] => NaiveDate::from_isoywd_opt(signed(*year)?, *week, Weekday::Mon),
        // Apr-19, April 2019, 2019 Apr
        [Part::Month(month), Part::Number(year, 2 | 4)] | [Part::Number(year, 4), Part::Month(month)] => {
            ymd(full(*year), *month, 1)
        }
        // 2019/20 is a year, 2019-04 a month: the second number tells. Where it cannot, the stroke does: 2009/10 is the
        // year, 2009-10 the month.
        [Part::Number(year, 4), Part::Number(next, 2)] if text.contains('/') && is_next(*year, *next) => {
            financial(*year, 1)
        }
        [Part::Number(year, 4), Part::Number(month, 1..=2)] if (1..=12).contains(month) => ymd(*year, *month, 1),
        [Part::Number(year, 4), Part::Number(next, 2)] if is_next(*year, *next) => financial(*year, 1),
        [Part::Number(month, 1..=2), Part::Number(year, 4)] => ymd(*year, *month, 1),
        [Part::Number(whole, 8)] => ymd(whole / 10_000, whole / 100 % 100, whole % 100),
        [Part::Number(whole, 6)] => ymd(whole / 100, whole % 100, 1),
        [Part::Number(year, 4)] if (1800..=2200).contains(year) => ymd(*year, 1, 1),
        _ => None,
    }
}

/// A piece of a date.
#[derive(Clone, Copy, Debug)]
enum Part {
    /// A number and how many digits it had.
    Number(u32, usize),
    Month(u32),
    Quarter(u32),
    Week(u32),
}

/// `2019-04-01T00:00:00Z` and `01/04/2019 00:00` without the time of day.
fn without_time(text: &str) -> &str {
    let is_clock = |rest: &str| rest.contains(':') && rest.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
    match text.split_once(['T', ' ']) {
        Some((day, rest)) if is_clock(rest) => day,
        _ => text.rsplit_once(' ').filter(|(_, rest)| is_clock(rest)).map_or(text, |(day, _)| day),
    }
}

fn parts(text: &str) -> Option<Vec<Part>> {
    text.split(['-', '/', '.', ' ', ',', '_']).filter(|piece| !piece.is_empty()).map(part).collect()
}

fn part(piece: &str) -> Option<Part> {
    if piece.bytes().all(|byte| byte.is_ascii_digit()) && piece.len() <= 8 {
        return piece.parse().ok().map(|number| Part::Number(number, piece.len()));
    }
    let lower = piece.to_ascii_lowercase();
    if let Some(number) = lower.strip_prefix('q') {
        return number.parse().ok().filter(|quarter| (1..=4).contains(quarter)).map(Part::Quarter);
    }
    if let Some(number) = lower.strip_prefix('w') {
        return number.parse().ok().filter(|week| (1..=53).contains(week)).map(Part::Week);
    }
    // 1st, 22nd
    let ordinal = ["st", "nd", "rd", "th"].iter().find_map(|end| lower.strip_suffix(end));
    if let Some(number) = ordinal.and_then(|number| number.parse().ok()) {
        return Some(Part::Number(number, ordinal?.len()));
    }
    month_named(piece).map(Part::Month)
}

/// Two digits are a year of this century, or of the last from 70 on.
fn full(year: u32) -> u32 {
    match year {
        0..=69 => 2000 + year,
        70..=99 => 1900 + year,
        _ => year,
    }
}

fn is_next(year: u32, next: u32) -> bool {
    (year + 1) % 100 == next
}

/// The first day of a quarter of the NHS's year, which begins in April.
fn financial(year: u32, quarter: u32) -> Option<NaiveDate> {
    match quarter {
        4 => ymd(year + 1, 1, 1),
        _ => ymd(year, quarter * 3 + 1, 1),
    }
}

fn ymd(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(signed(year)?, month, day).filter(|date| (1800..=2300).contains(&date.year()))
}

fn signed(year: u32) -> Option<i32> {
    i32::try_from(year).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_people_write_them() {
        for (text, read) in [
            ("2019-04-01", "2019-04-01"),
            ("2019-04", "2019-04-01"),
            ("2019/4/1", "2019-04-01"),
            ("01/04/2019", "2019-04-01"),
            ("1/4/19", "2019-04-01"),
            ("1.4.2019", "2019-04-01"),
            ("Apr 2019", "2019-04-01"),
            ("April 2019", "2019-04-01"),
            ("Apr-19", "2019-04-01"),
            ("sept 2019", "2019-09-01"),
            ("1 April 2019", "2019-04-01"),
            ("1st Apr 2019", "2019-04-01"),
            ("22-Nov-98", "1998-11-22"),
            ("2019-04-01T00:00:00Z", "2019-04-01"),
            ("01/04/2019 00:00", "2019-04-01"),
            ("1 April 2019 09:30", "2019-04-01"),
            ("2019 Q2", "2019-04-01"),
            ("Q4 2019", "2019-10-01"),
            ("2019/20 Q1", "2019-04-01"),
            ("2019-20 Q4", "2020-01-01"),
            ("2019/20", "2019-04-01"),
            ("2009/10", "2009-04-01"),
            ("2009-10", "2009-10-01"),
            ("2019-W14", "2019-04-01"),
            ("04/2019", "2019-04-01"),
            ("201904", "2019-04-01"),
            ("20190401", "2019-04-01"),
            ("2019", "2019-01-01"),
        ] {
            assert_eq!(date(text).map(|date| date.to_string()).as_deref(), Some(read), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_not_taken_for_one() {
        for text in
            ["", "04/13/2019", "31/02/2019", "Maybe 2019", "12.5", "1,234", "-", "total", "Q5 2019", "0000", "99999999"]
        {
            assert_eq!(date(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_an_accident(text in "\\PC{0,50}") {
            let _ = date(&text);
        }

        #[test]
        fn every_day_is_read_back(days in -60_000_i32..100_000) {
            let day = NaiveDate::from_num_days_from_ce_opt(735_000 + days).unwrap();
            for form in ["%Y-%m-%d", "%d/%m/%Y", "%e %B %Y", "%d-%b-%Y"] {
                proptest::prop_assert_eq!(date(&day.format(form).to_string()), Some(day), "{}", form);
            }
        }
    }
}
