//! How often something may be tried: counted in memory by this process, with time passed in; it never stores who was counted, only a number made of it.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Mutex;

use chrono::Duration;
use hiec_kernel::Timestamp;

/// What is counted, each by itself.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Counted {
    /// Attempts to sign in, by client.
    SignIn,
    /// Wrong passwords, by the address typed.
    WrongPassword,
    /// Letters with links that are asked for, and links that are tried, by client.
    Letter,
    /// Invitations sent, by who sends them.
    Invitation,
    /// Unknown or ended tokens of programs, by client.
    WrongToken,
    /// Changes, by person; by client where nobody is signed in.
    Write,
}

/// So many at once, and then one as often as keeps to so many in that time. `most` 0: no limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Allowance {
    pub most: u32,
    pub within: Duration,
}

impl Allowance {
    pub const fn new(most: u32, within: Duration) -> Self {
        Self { most, within }
    }
}

/// What an installation allows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Allowances {
    pub sign_in: Allowance,
    pub wrong_password: Allowance,
    pub letter: Allowance,
    pub invitation: Allowance,
    pub wrong_token: Allowance,
    pub write: Allowance,
}

impl Default for Allowances {
    /// Generous enough for a hospital behind one address, and for autosave in several windows.
    fn default() -> Self {
        Self {
            sign_in: Allowance::new(30, Duration::minutes(10)),
            wrong_password: Allowance::new(10, Duration::minutes(10)),
            letter: Allowance::new(20, Duration::hours(1)),
            invitation: Allowance::new(100, Duration::hours(1)),
            wrong_token: Allowance::new(30, Duration::minutes(10)),
            write: Allowance::new(300, Duration::minutes(1)),
        }
    }
}

/// More counted things than this, and those long past are forgotten.
const MOST_KEPT: usize = 100_000;

/// The counters of one process. A restart forgives; several nodes count each by itself.
///
/// For every key one moment is kept: when it would be free of all it did (the generic cell rate algorithm of ATM networks,
/// ITU-T I.371). So a burst of `most` passes, and then one every `within / most`.
#[derive(Debug, Default)]
pub struct Limits {
    allowances: Allowances,
    hasher: RandomState,
    free_at: Mutex<HashMap<(Counted, u64), Timestamp>>,
}

impl Limits {
    pub fn new(allowances: Allowances) -> Self {
        Self { allowances, ..Self::default() }
    }

    /// Counts one, or says how long to wait.
    pub fn take(&self, what: Counted, who: &str, now: Timestamp) -> Result<(), Duration> {
        match self.wait(what, who, now) {
            Some(wait) => Err(wait),
            None => {
                self.note(what, who, now);
                Ok(())
            }
        }
    }

    /// How long to wait before the next; nothing when it may come now. Counts nothing.
    pub fn wait(&self, what: Counted, who: &str, now: Timestamp) -> Option<Duration> {
        let allowance = self.allowance(what);
        let step = step(allowance)?;
        let free_at = self.free_at.lock().ok()?.get(&(what, self.hasher.hash_one(who))).copied()?;
        let wait = (free_at - now) - (allowance.within - step);
        (wait > Duration::zero()).then_some(wait)
    }

    /// Counts one that happened, allowed or not.
    pub fn note(&self, what: Counted, who: &str, now: Timestamp) {
        let Some(step) = step(self.allowance(what)) else {
            return;
        };
        let Ok(mut free_at) = self.free_at.lock() else {
            return;
        };
        if free_at.len() >= MOST_KEPT {
            free_at.retain(|_, at| *at > now);
        }
        let at = free_at.entry((what, self.hasher.hash_one(who))).or_insert(now);
        *at = (*at).max(now) + step;
    }

    fn allowance(&self, what: Counted) -> Allowance {
        match what {
            Counted::SignIn => self.allowances.sign_in,
            Counted::WrongPassword => self.allowances.wrong_password,
            Counted::Letter => self.allowances.letter,
            Counted::Invitation => self.allowances.invitation,
            Counted::WrongToken => self.allowances.wrong_token,
            Counted::Write => self.allowances.write,
        }
    }
}

fn step(allowance: Allowance) -> Option<Duration> {
    let most = i32::try_from(allowance.most).unwrap_or(i32::MAX);
    (most > 0).then(|| allowance.within / most)
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::UNIX_EPOCH;

    #[test]
    fn a_burst_passes_and_then_one_at_a_time() {
        let limits = Limits::default();
        for _ in 0..10 {
            assert_eq!(limits.take(Counted::WrongPassword, "a", START), Ok(()));
        }
        assert_eq!(limits.take(Counted::WrongPassword, "a", START), Err(Duration::minutes(1)));
        assert_eq!(limits.take(Counted::WrongPassword, "a", START + Duration::seconds(59)), Err(Duration::seconds(1)));
        assert_eq!(limits.take(Counted::WrongPassword, "a", START + Duration::seconds(60)), Ok(()));
        assert!(limits.take(Counted::WrongPassword, "a", START + Duration::seconds(60)).is_err());
    }

    #[test]
    fn others_and_other_things_are_counted_apart() {
        let limits = Limits::new(Allowances { letter: Allowance::new(1, Duration::hours(1)), ..Allowances::default() });
        assert!(limits.take(Counted::Letter, "a", START).is_ok());
        assert!(limits.take(Counted::Letter, "a", START).is_err());
        assert!(limits.take(Counted::Letter, "b", START).is_ok());
        assert!(limits.take(Counted::SignIn, "a", START).is_ok());
    }

    #[test]
    fn nought_is_no_limit_and_refused_tries_do_not_lengthen_the_wait() {
        let limits = Limits::new(Allowances {
            write: Allowance::new(0, Duration::minutes(1)),
            sign_in: Allowance::new(2, Duration::minutes(2)),
            ..Allowances::default()
        });
        for _ in 0..1_000 {
            assert!(limits.take(Counted::Write, "a", START).is_ok());
        }
        for _ in 0..100 {
            let _ = limits.take(Counted::SignIn, "a", START);
        }
        assert_eq!(limits.wait(Counted::SignIn, "a", START), Some(Duration::minutes(1)));
    }
}
