//! What the person at the keyboard is told beside the answer; notes never stand in the table itself.

use std::fmt::{self, Display};

use crate::xmr::{Chart, Notice};

/// How many notes on single series are said; the rest is counted.
const SAID: usize = 20;

/// What the person at the keyboard is told beside the answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notes {
    said: Vec<String>,
    unsaid: usize,
    /// Rows without a value.
    pub gaps: usize,
    /// Series of the table of series that have no row.
    pub without_rows: usize,
    /// The line of a row whose series had stood further up, so that all rows were kept in memory.
    pub gathered_at: Option<u64>,
}

impl Notes {
    /// Takes what a chart has to say that no column of the answer says.
    pub(super) fn take(&mut self, id: &str, chart: &Chart) {
        for notice in &chart.notices {
            match notice {
                Notice::Gaps { rows } => self.gaps += rows,
                Notice::ShortGroup { .. } => {}
                Notice::RebaseMoved { .. }
                | Notice::RebaseUnused { .. }
                | Notice::RebasesMet { .. }
                | Notice::TooFew { .. }
                | Notice::NoVariation { .. }
                | Notice::ScreeningUndone { .. } => self.say(format_args!("series {id}: {notice}")),
            }
        }
    }

    /// Says something of a single series.
    pub(super) fn say(&mut self, note: impl Display) {
        if self.said.len() < SAID {
            self.said.push(note.to_string());
        } else {
            self.unsaid += 1;
        }
    }

    /// Adds notes on series that come later.
    pub(super) fn append(&mut self, later: Self) {
        self.unsaid += later.unsaid;
        self.gaps += later.gaps;
        self.without_rows += later.without_rows;
        self.gathered_at = self.gathered_at.or(later.gathered_at);
        later.said.into_iter().for_each(|note| self.say(note));
    }
}

impl fmt::Display for Notes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for note in &self.said {
            writeln!(f, "{note}")?;
        }
        if self.unsaid > 0 {
            writeln!(f, "… and {} notes more of this kind.", self.unsaid)?;
        }
        if let Some(line) = self.gathered_at {
            writeln!(f, "line {line}: a series comes back after another, so all rows were kept in memory.")?;
        }
        match self.gaps {
            0 => {}
            1 => writeln!(f, "1 row has no value: it is a gap, and breaks no run.")?,
            rows => writeln!(f, "{rows} rows have no value: they are gaps, and break no run.")?,
        }
        match self.without_rows {
            0 => Ok(()),
            1 => writeln!(f, "1 series of the table of series has no row."),
            series => writeln!(f, "{series} series of the table of series have no rows."),
        }
    }
}
