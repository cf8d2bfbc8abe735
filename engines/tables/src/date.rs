//! Days from text and back, year-month-day; it must never guess which of two orders somebody meant.

use std::io::Write;

use chrono::{Datelike, NaiveDate};

/// A day, if the bytes are one: 2019-01-31.
pub fn parse(text: &[u8]) -> Option<NaiveDate> {
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = text else { return loosely(text) };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_u32, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + u32::from(digit - b'0')))
    };
    let year = number(&[*y0, *y1, *y2, *y3]).and_then(|year| i32::try_from(year).ok());
    match (year, number(&[*m0, *m1]), number(&[*d0, *d1])) {
        (Some(year), Some(month), Some(day)) => NaiveDate::from_ymd_opt(year, month, day),
        _ => loosely(text),
    }
}

/// Years of more digits, months and days of one.
fn loosely(text: &[u8]) -> Option<NaiveDate> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// Writes a day: 2019-01-31.
pub fn write(to: &mut Vec<u8>, date: NaiveDate) {
    let Ok(year @ 0..10_000) = u32::try_from(date.year()) else {
        // Writing to a vector cannot fail.
        let _ = write!(to, "{date}");
        return;
    };
    let digit = |number: u32| b'0' + u8::try_from(number % 10).unwrap_or_default();
    let (month, day) = (date.month(), date.day());
    to.extend_from_slice(&[
        digit(year / 1000),
        digit(year / 100),
        digit(year / 10),
        digit(year),
        b'-',
        digit(month / 10),
        digit(month),
        b'-',
        digit(day / 10),
        digit(day),
    ]);
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn every_day_is_written_as_the_calendar_writes_it_and_reads_back(day in -5_000_000_i32..5_000_000) {
            let date = NaiveDate::from_num_days_from_ce_opt(day).unwrap();
            let mut text = Vec::new();
            write(&mut text, date);
            proptest::prop_assert_eq!(String::from_utf8_lossy(&text), date.to_string());
            proptest::prop_assert_eq!(parse(&text), Some(date));
        }
    }

    #[test]
    fn days_no_calendar_has_are_none() {
        for text in ["", "2019-02-29", "2019-13-01", "31/01/2019", "2019-01-0x", "20190131"] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
        assert_eq!(parse(b"2019-1-5"), NaiveDate::from_ymd_opt(2019, 1, 5));
    }
}
