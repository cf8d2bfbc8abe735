//! The axis of time: ticks at days, weeks, months or years, as close together as their words allow and no closer than
//! the points. It never lets two words touch.

use chrono::{Datelike, Days, NaiveDate};

use crate::lettering;

/// How far points lie from each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grain {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Grain {
    /// By the usual distance between dates that stand in order.
    #[must_use]
    pub fn of(dates: &[NaiveDate]) -> Self {
        let mut gaps: Vec<i64> =
            dates.windows(2).map(|pair| (pair[1] - pair[0]).num_days()).filter(|gap| *gap > 0).collect();
        gaps.sort_unstable();
        match gaps.get(gaps.len() / 2).copied().unwrap_or(if dates.iter().all(|date| date.day() == 1) { 30 } else { 1 })
        {
            ..=5 => Self::Day,
            6..=24 => Self::Week,
            25..=75 => Self::Month,
            76..=270 => Self::Quarter,
            _ => Self::Year,
        }
    }

    /// A point's period in words: a day for days and weeks, else a month.
    #[must_use]
    pub fn name(self, date: NaiveDate) -> String {
        match self {
            Self::Day | Self::Week => format!("{} {} {}", date.day(), month(date), date.year()),
            Self::Month | Self::Quarter => format!("{} {}", month(date), date.year()),
            Self::Year if date.month() == 1 => date.year().to_string(),
            Self::Year => format!("{} {}", month(date), date.year()),
        }
    }
}

fn month(date: NaiveDate) -> &'static str {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    usize::try_from(date.month0()).ok().and_then(|at| MONTHS.get(at)).copied().unwrap_or("")
}

/// One tick: where, and its words in one row or two.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tick {
    pub x: f64,
    pub label: String,
    /// The year, at the first tick of each.
    pub below: String,
}

/// How far ticks stand from each other. Two months are left out: their ticks would pass by April, where the NHS's year begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Days(u32),
    Months(u32),
}

const STEPS: [Step; 14] = [
    Step::Days(1),
    Step::Days(2),
    Step::Days(7),
    Step::Days(14),
    Step::Months(1),
    Step::Months(3),
    Step::Months(6),
    Step::Months(12),
    Step::Months(24),
    Step::Months(60),
    Step::Months(120),
    Step::Months(240),
    Step::Months(600),
    Step::Months(1200),
];

/// Least air between two words of a row.
const AIR: f64 = 8.0;

/// Ticks for dates in order, drawn by `place`, with words of `size` inside `from..to`.
pub(crate) fn ticks(
    dates: &[NaiveDate],
    place: impl Fn(NaiveDate) -> f64,
    size: f64,
    (from, to): (f64, f64),
) -> Vec<Tick> {
    let (Some(&first), Some(&last)) = (dates.first(), dates.last()) else {
        return Vec::new();
    };
    let grain = Grain::of(dates);
    let coarse_enough = |step: &&Step| match step {
        Step::Days(days) => match grain {
            Grain::Day => true,
            Grain::Week => *days >= 7,
            _ => false,
        },
        Step::Months(months) => match grain {
            Grain::Quarter => *months >= 3,
            Grain::Year => *months >= 12,
            _ => true,
        },
    };
    let fits = |ticks: &Vec<Tick>| ticks.len() >= 2 && no_words_touch(ticks, size, from, to);
    STEPS
        .iter()
        .filter(coarse_enough)
        .map(|step| labelled(&days_of(*step, dates, grain, first, last), *step, &place))
        .find(fits)
        .unwrap_or_else(|| ends(grain, first, last, &place, size, (from, to)))
}

/// The days that have a tick.
fn days_of(step: Step, dates: &[NaiveDate], grain: Grain, first: NaiveDate, last: NaiveDate) -> Vec<NaiveDate> {
    /// More ticks than this never fit, so there is no need to count on.
    const MOST: usize = 400;
    match step {
        Step::Days(days) => std::iter::successors(Some(first), |day| day.checked_add_days(Days::new(u64::from(days))))
            .take_while(|day| *day <= last)
            .take(MOST)
            .collect(),
        Step::Months(months) => {
            let is_coarse = grain >= Grain::Month;
            // Quarters and years begin where the points do; months fall on January, April, July and October.
            let offset =
                if grain >= Grain::Quarter { month_number(first).rem_euclid(i64::from(months.min(12))) } else { 0 };
            let day = if is_coarse { first.day() } else { 1 };
            let years = i64::from(months / 12).max(1);
            (month_number(first)..=month_number(last))
                .filter(|number| {
                    let in_year = number.rem_euclid(i64::from(months.min(12))) == offset;
                    in_year && (months < 12 || number.div_euclid(12).rem_euclid(years) == 0)
                })
                .take(MOST)
                .filter_map(|number| {
                    // A point of that month draws the tick to itself, so that ticks stand under points.
                    let own = || dates.iter().copied().find(|date| month_number(*date) == number);
                    let (year, month) = (i32::try_from(number.div_euclid(12)).ok()?, number.rem_euclid(12));
                    let of_month = |day| NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()? + 1, day);
                    let calendar = || (28..=day.max(28)).rev().chain([day]).filter(|at| *at <= day).find_map(of_month);
                    if is_coarse { own().or_else(calendar) } else { of_month(1) }
                })
                .filter(|day| (first..=last).contains(day))
                .collect()
        }
    }
}

/// Months since the year nought.
fn month_number(date: NaiveDate) -> i64 {
    i64::from(date.year()) * 12 + i64::from(date.month0())
}

fn labelled(days: &[NaiveDate], step: Step, place: &impl Fn(NaiveDate) -> f64) -> Vec<Tick> {
    let only_years = matches!(step, Step::Months(12..)) && days.iter().all(|day| day.month() == 1);
    let mut year = None;
    days.iter()
        .map(|day| {
            let label = match step {
                _ if only_years => day.year().to_string(),
                Step::Days(_) => format!("{} {}", day.day(), month(*day)),
                Step::Months(_) => month(*day).to_owned(),
            };
            let is_new = year.replace(day.year()) != Some(day.year());
            let below = if is_new && !only_years { day.year().to_string() } else { String::new() };
            Tick { x: place(*day), label, below }
        })
        .collect()
}

fn no_words_touch(ticks: &[Tick], size: f64, from: f64, to: f64) -> bool {
    let row_is_free = |words: fn(&Tick) -> &str| {
        let mut end = from - AIR;
        ticks.iter().filter(|tick| !words(tick).is_empty()).all(|tick| {
            let half = lettering::width(words(tick), size, false) / 2.0;
            let is_free = tick.x - half >= end + AIR && tick.x + half <= to;
            end = tick.x + half;
            is_free
        })
    };
    row_is_free(|tick| &tick.label) && row_is_free(|tick| &tick.below)
}

/// First and last day, or the last alone where both do not fit.
fn ends(
    grain: Grain,
    first: NaiveDate,
    last: NaiveDate,
    place: &impl Fn(NaiveDate) -> f64,
    size: f64,
    (from, to): (f64, f64),
) -> Vec<Tick> {
    let tick = |day: NaiveDate| Tick { x: place(day), label: grain.name(day), below: String::new() };
    let both = if first == last { vec![tick(first)] } else { vec![tick(first), tick(last)] };
    match no_words_touch(&both, size, from, to) {
        true => both,
        false => vec![tick(last)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn months(first: &str, how_many: u32, step: u32) -> Vec<NaiveDate> {
        let first = day(first);
        (0..how_many).map(|at| first.checked_add_months(chrono::Months::new(at * step)).unwrap()).collect()
    }

    fn drawn(dates: &[NaiveDate], width: f64) -> String {
        let (first, last) = (dates[0], dates[dates.len() - 1]);
        let span = ((last - first).num_days() as f64).max(1.0);
        let place = |date: NaiveDate| 60.0 + (date - first).num_days() as f64 / span * width;
        let ticks = ticks(dates, place, 13.0, (0.0, width + 200.0));
        let words: Vec<String> =
            ticks.iter().map(|tick| format!("{} {}", tick.label, tick.below).trim().to_owned()).collect();
        words.join(" | ")
    }

    #[test]
    fn months_of_three_years_are_ticked_at_the_quarters() {
        assert_eq!(
            drawn(&months("2016-04-01", 36, 1), 600.0),
            "Apr 2016 | Jul | Oct | Jan 2017 | Apr | Jul | Oct | Jan 2018 | Apr | Jul | Oct | Jan 2019"
        );
    }

    #[test]
    fn months_dated_at_their_end_keep_ticks_under_the_points() {
        let ends: Vec<NaiveDate> = ["2019-01-31", "2019-02-28", "2019-03-31", "2019-04-30"].map(day).to_vec();
        assert_eq!(drawn(&ends, 600.0), "Jan 2019 | Feb | Mar | Apr");
    }

    #[test]
    fn quarters_that_begin_in_february_have_ticks() {
        assert_eq!(drawn(&months("2018-02-01", 6, 3), 600.0), "Feb 2018 | May | Aug | Nov | Feb 2019 | May");
    }

    #[test]
    fn financial_years_are_ticked_where_they_begin() {
        assert_eq!(drawn(&months("2014-04-01", 4, 12), 600.0), "Apr 2014 | Apr 2015 | Apr 2016 | Apr 2017");
        assert_eq!(drawn(&months("2014-01-01", 3, 12), 600.0), "2014 | 2015 | 2016");
    }

    #[test]
    fn weeks_and_days_are_ticked_by_day_and_month() {
        let weeks: Vec<NaiveDate> = (0..8).map(|at| day("2019-12-02") + Days::new(at * 7)).collect();
        assert_eq!(
            drawn(&weeks, 600.0),
            "2 Dec 2019 | 9 Dec | 16 Dec | 23 Dec | 30 Dec | 6 Jan 2020 | 13 Jan | 20 Jan"
        );
        let days: Vec<NaiveDate> = (0..365).map(|at| day("2019-01-01") + Days::new(at)).collect();
        assert!(drawn(&days, 600.0).starts_with("Jan 2019 | Feb | Mar"));
    }

    #[test]
    fn a_century_is_ticked_in_round_years() {
        assert!(drawn(&months("1901-01-01", 1200, 1), 600.0).starts_with("1910 | 1920"));
    }

    #[test]
    fn one_day_and_no_day_are_no_accident() {
        assert_eq!(drawn(&[day("2019-05-01")], 600.0), "May 2019");
        assert!(ticks(&[], |_| 0.0, 13.0, (0.0, 100.0)).is_empty());
    }
}
