//! How far a long run is, on the standard error: on a terminal on one line, else a line now and then. A run under a second
//! says nothing.

use std::io::{IsTerminal, Write, stderr};
use std::time::{Duration, Instant};

/// How far a run is.
pub struct Progress {
    of: usize,
    what: &'static str,
    start: Instant,
    said: Instant,
    is_terminal: bool,
    has_said: bool,
}

/// Nothing is said before a run has taken this long.
const PATIENCE: Duration = Duration::from_secs(1);

impl Progress {
    /// A run over so many steps.
    pub fn over(of: usize, what: &'static str) -> Self {
        let now = now();
        Self { of, what, start: now, said: now, is_terminal: stderr().is_terminal(), has_said: false }
    }

    /// So many steps are done.
    pub fn at(&mut self, done: usize) {
        let now = now();
        let pause = if self.is_terminal { Duration::from_millis(100) } else { Duration::from_secs(5) };
        if now - self.start < PATIENCE || now - self.said < pause {
            return;
        }
        (self.said, self.has_said) = (now, true);
        let (of, what) = (self.of, self.what);
        // A standard error that takes no more is no reason to stop.
        let _ = match self.is_terminal {
            true => write!(stderr(), "\r{done} of {of} {what}"),
            false => writeln!(stderr(), "{done} of {of} {what}"),
        };
    }

    /// The run is over.
    pub fn end(self) {
        if self.has_said && self.is_terminal {
            let _ = writeln!(stderr(), "\r{0} of {0} {1}", self.of, self.what);
        }
    }
}

fn now() -> Instant {
    Instant::now()
}
