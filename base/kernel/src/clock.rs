//! Time comes in through here and nowhere else, so that a deadline can be tested and the demo can stand at any stage.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Datelike, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Europe::London;

/// A moment in UTC, to the millisecond: the finest both databases and JSON keep alike.
pub type Timestamp = DateTime<Utc>;

/// What time the server says it is. Deadlines are judged by this and by nothing the browser sends.
pub trait Clock: Send + Sync + 'static {
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "the one place where the system clock is read")]
        truncated(Utc::now())
    }
}

/// A clock that stands (or ticks from) where it was set: for tests and for the demo's stages.
#[derive(Clone, Debug)]
pub struct FixedClock {
    millis: Arc<AtomicI64>,
}

impl FixedClock {
    pub fn at(moment: Timestamp) -> Self {
        Self { millis: Arc::new(AtomicI64::new(moment.timestamp_millis())) }
    }

    pub fn set(&self, moment: Timestamp) {
        self.millis.store(moment.timestamp_millis(), Ordering::SeqCst);
    }

    pub fn advance(&self, by: chrono::Duration) {
        self.millis.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        DateTime::from_timestamp_millis(self.millis.load(Ordering::SeqCst)).unwrap_or(DateTime::UNIX_EPOCH)
    }
}

/// A clock that starts at a moment of our choosing and then runs at the usual speed: the demo's.
#[derive(Debug)]
pub struct ShiftedClock {
    start: std::time::Instant,
    /// What the clock said at `start`.
    base: AtomicI64,
}

impl ShiftedClock {
    pub fn starting_at(moment: Timestamp) -> Self {
        Self { start: std::time::Instant::now(), base: AtomicI64::new(moment.timestamp_millis()) }
    }

    /// From now on it says this moment, and runs on from there.
    pub fn set(&self, moment: Timestamp) {
        let run = i64::try_from(self.start.elapsed().as_millis()).unwrap_or(0);
        self.base.store(moment.timestamp_millis().saturating_sub(run), Ordering::SeqCst);
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        let run = i64::try_from(self.start.elapsed().as_millis()).unwrap_or(0);
        DateTime::from_timestamp_millis(self.base.load(Ordering::SeqCst).saturating_add(run))
            .unwrap_or(DateTime::UNIX_EPOCH)
    }
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> Timestamp {
        (**self).now()
    }
}

fn truncated(moment: Timestamp) -> Timestamp {
    DateTime::from_timestamp_millis(moment.timestamp_millis()).unwrap_or(moment)
}

/// `2009-10-19T16:00:00.000Z`: one spelling for hashes, files and interfaces.
pub fn iso(moment: Timestamp) -> String {
    moment.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// As people read it in England: `19 October 2009 at 5:00pm`.
pub fn on_page(moment: Timestamp) -> String {
    let local = moment.with_timezone(&London);
    let time = local.format("%-I:%M%P").to_string();
    format!("{} at {time}", local.format("%-d %B %Y"))
}

/// The date in England: `19 October 2009`.
pub fn date_on_page(moment: Timestamp) -> String {
    day_on_page(london_date(moment))
}

/// `19 October 2009`.
pub fn day_on_page(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// The calendar day in England at this moment.
pub fn london_date(moment: Timestamp) -> NaiveDate {
    moment.with_timezone(&London).date_naive()
}

/// `YYYY-MM-DDTHH:MM` in England, as a form field shows it.
pub fn london_field(moment: Timestamp) -> String {
    moment.with_timezone(&London).format("%Y-%m-%dT%H:%M").to_string()
}

/// Why a local time is no single moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum LocalTimeError {
    #[error("Enter a date and time such as 2009-10-19 17:00")]
    NotATime,
    #[error("The clocks go back that night and this time happens twice: choose a time before 1am or from 2am")]
    HappensTwice,
    #[error("The clocks go forward that night and this time does not exist: choose a time before 1am or from 2am")]
    NeverHappens,
    #[error("Enter a year between 1990 and 2100")]
    OutOfRange,
}

/// Reads a local time in England (`2009-10-19T17:00`, or with a space, with or without seconds). A time that happens twice
/// (clocks going back) or never is refused rather than guessed.
pub fn from_london(typed: &str) -> Result<Timestamp, LocalTimeError> {
    let typed = typed.trim().replace(' ', "T");
    let local = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(&typed, format).ok())
        .ok_or(LocalTimeError::NotATime)?;
    moment_in_london(local)
}

/// Midnight at the start of this day in England.
pub fn start_of_day(day: NaiveDate) -> Result<Timestamp, LocalTimeError> {
    moment_in_london(day.and_time(NaiveTime::MIN))
}

fn moment_in_london(local: NaiveDateTime) -> Result<Timestamp, LocalTimeError> {
    if !(1990..=2100).contains(&local.year()) {
        return Err(LocalTimeError::OutOfRange);
    }
    match London.from_local_datetime(&local) {
        LocalResult::Single(moment) => Ok(moment.with_timezone(&Utc)),
        LocalResult::Ambiguous(..) => Err(LocalTimeError::HappensTwice),
        LocalResult::None => Err(LocalTimeError::NeverHappens),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bid_deadline_of_2009_is_in_summer_time() {
        let deadline = from_london("2009-10-19T17:00").unwrap();
        assert_eq!(iso(deadline), "2009-10-19T16:00:00.000Z");
        assert_eq!(on_page(deadline), "19 October 2009 at 5:00pm");
    }

    #[test]
    fn times_that_happen_twice_or_never_are_refused() {
        assert_eq!(from_london("2009-10-25 01:30"), Err(LocalTimeError::HappensTwice));
        assert_eq!(from_london("2010-03-28 01:30"), Err(LocalTimeError::NeverHappens));
        assert_eq!(from_london("soon"), Err(LocalTimeError::NotATime));
        assert_eq!(from_london("0009-10-25 01:30"), Err(LocalTimeError::OutOfRange));
    }

    #[test]
    fn a_fixed_clock_stands_until_moved() {
        let clock = FixedClock::at(from_london("2009-05-07 09:00").unwrap());
        let before = clock.now();
        assert_eq!(before, clock.now());
        clock.advance(chrono::Duration::hours(1));
        assert_eq!(clock.now() - before, chrono::Duration::hours(1));
    }
}
