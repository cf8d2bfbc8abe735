//! When a session may be booked, cancelled, attended and judged, and what a code looks like. Pure rules: no page, no SQL.

use chrono::Duration;
use hiec_kernel::{Timestamp, closed_list};

closed_list! {
    /// What a part of a course is.
    PartKind {
        Session = "session", "A session to come to";
        Material = "material", "Material of a partner, opened by LTI 1.3";
        Reported = "reported", "Something another system reports by xAPI";
    }
}

/// Wrong codes somebody may type for one booking; afterwards whoever runs the session marks them.
pub(crate) const MOST_WRONG: i64 = 5;

/// Letters of a code: none that is taken for another.
const LETTERS: &[u8; 24] = b"ABCDEFGHJKMNPQRSTUVWXY34";

/// A code from six random bytes; short, because it is read out. What keeps guesses out is that only five may be typed.
pub(crate) fn code(random: [u8; 6]) -> String {
    random.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect()
}

/// Whether what somebody typed is the code: capitals, spaces and hyphens do not matter.
pub(crate) fn is_code(code: &str, typed: &str) -> bool {
    let plain: String =
        typed.chars().filter(|letter| !matches!(letter, ' ' | '-')).map(|letter| letter.to_ascii_uppercase()).collect();
    plain == code
}

/// When a session is, and whether it was called off.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Times {
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub is_called_off: bool,
}

impl Times {
    /// Until it begins.
    pub fn may_be_booked(&self, now: Timestamp) -> bool {
        !self.is_called_off && now < self.starts_at
    }

    /// From half an hour before it begins to an hour after its end.
    pub fn takes_codes(&self, now: Timestamp) -> bool {
        !self.is_called_off && self.starts_at - Duration::minutes(30) <= now && now <= self.ends_at + Duration::hours(1)
    }

    /// From its beginning to two weeks after.
    pub fn takes_register(&self, now: Timestamp) -> bool {
        !self.is_called_off && self.starts_at <= now && now <= self.ends_at + Duration::days(14)
    }

    /// From its end to four weeks after.
    pub fn takes_feedback(&self, now: Timestamp) -> bool {
        !self.is_called_off && self.ends_at <= now && now <= self.ends_at + Duration::days(28)
    }
}

/// How many days before a session those who have a place are reminded.
pub(crate) const REMINDED_BEFORE: i64 = 3;

/// Feedback of fewer people than this is shown to nobody.
pub(crate) const FEWEST: usize = 3;

/// `7.5 hours`.
pub(crate) fn hours(minutes: i64) -> String {
    let (whole, rest) = (minutes / 60, minutes % 60);
    match (whole, rest) {
        (0, rest) => format!("{rest} minutes"),
        (1, 0) => "1 hour".to_owned(),
        (whole, 0) => format!("{whole} hours"),
        (whole, rest) => format!("{whole} h {rest} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_out_and_typed_in_any_way() {
        let made = code([0, 23, 24, 255, 7, 100]);
        assert_eq!(made.len(), 6);
        assert!(made.bytes().all(|letter| LETTERS.contains(&letter)));
        assert!(is_code("ABCDEF", "abc-def") && is_code("ABCDEF", " AB CD EF "));
        assert!(!is_code("ABCDEF", "ABCDE") && !is_code("ABCDEF", ""));
    }

    #[test]
    fn doors_open_and_close() {
        let starts_at = Timestamp::UNIX_EPOCH + Duration::days(100);
        let times = Times { starts_at, ends_at: starts_at + Duration::hours(3), is_called_off: false };
        let at = |minutes: i64| starts_at + Duration::minutes(minutes);
        assert!(times.may_be_booked(at(-1)) && !times.may_be_booked(at(0)));
        assert!(
            !times.takes_codes(at(-31))
                && times.takes_codes(at(-30))
                && times.takes_codes(at(240))
                && !times.takes_codes(at(241))
        );
        assert!(!times.takes_feedback(at(179)) && times.takes_feedback(at(180)));
        assert!(!times.takes_register(at(-1)) && times.takes_register(at(0)));
        let off = Times { is_called_off: true, ..times };
        assert!(
            !off.may_be_booked(at(-1))
                && !off.takes_codes(at(0))
                && !off.takes_feedback(at(180))
                && !off.takes_register(at(1))
        );
    }

    #[test]
    fn hours_are_written_as_people_say_them() {
        assert_eq!([45, 60, 180, 450].map(hours), ["45 minutes", "1 hour", "3 hours", "7 h 30 min"]);
    }
}
