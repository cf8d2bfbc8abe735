//! `hiec impact panel --by-start`: effects by when units started and when they were seen; it must never mix the two unsaid.

use std::io::{Read, Write};

use hiec_tables::{Figure, Problem, Writing};

use super::{Notes, panel};
use crate::differences::group_time;
use crate::differences::group_time::{Aggregate, Comparators, Settings};

/// The columns printed. An empty `start`, `t` or `event` stands for all of them together.
pub const START_COLUMNS: [&str; 8] = ["series_id", "start", "t", "event", "effect", "se", "treated", "comparators"];

/// Units not treated yet serve as comparators beside those that never are.
pub(super) const NOT_YET_TREATED: Settings = Settings { comparators: Comparators::NotYetTreated, anticipation: 0 };

/// Reads panels and writes effects: all together, by start, by time, by periods since the start, and each by itself.
///
/// # Errors
/// A table that breaks a rule, with line and column; an output that takes no more.
pub fn starts(input: impl Read, output: impl Write) -> Result<Notes, Problem> {
    let panels = panel::read(input)?;
    let mut writing = Writing::new(output, &START_COLUMNS)?;
    let mut notes = Notes::default();
    for (series, panel) in panels {
        let found = match group_time(&panel, NOT_YET_TREATED) {
            Ok(found) => found,
            Err(reason) => {
                notes.say(&series, format_args!("no effects: {reason}"));
                continue;
            }
        };
        let mut row = |keys: [Figure; 3], aggregate: &Aggregate| -> Result<(), Problem> {
            writing.text(&series)?;
            for key in keys {
                writing.figure(key)?;
            }
            writing.figure(aggregate.effect)?.figure(aggregate.error)?;
            writing.figure(aggregate.treated)?.figure(aggregate.comparators)?.end()
        };
        if let Some(overall) = found.overall() {
            row([Figure::Nothing; 3], &overall)?;
        }
        for (start, aggregate) in found.by_start() {
            row([start.into(), Figure::Nothing, Figure::Nothing], &aggregate)?;
        }
        for (time, aggregate) in found.by_time() {
            row([Figure::Nothing, time.into(), Figure::Nothing], &aggregate)?;
        }
        for (event, aggregate) in found.by_event() {
            row([Figure::Nothing, Figure::Nothing, event.into()], &aggregate)?;
        }
        for cell in &found.cells {
            writing.text(&series)?.figure(cell.start)?.figure(cell.time)?.figure(cell.event)?;
            writing.figure(cell.effect)?.figure(cell.error)?;
            writing.figure(cell.treated)?.figure(cell.comparators)?.end()?;
        }
    }
    writing.finish()?;
    Ok(notes)
}
