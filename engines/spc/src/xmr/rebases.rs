//! Where limits begin anew; a rebase date is never passed over in silence.

use alloc::vec::Vec;
use core::ops::Range;

use chrono::NaiveDate;

use super::{Notice, Observation};

/// One stretch of rows with limits of its own.
pub(super) struct Stretch {
    /// 0 before the first rebase, then 1, 2, …
    pub number: usize,
    /// The rebase date that was asked for.
    pub rebase: Option<NaiveDate>,
    pub rows: Range<usize>,
}

/// Cuts rows, in order of date, into stretches that each have a value; none where no row has one.
///
/// A rebase applies to the first value on or after its date. A row without a value on that date already belongs to the
/// new stretch. Rows without a value before everything belong to the first stretch.
pub(super) fn stretches(rows: &[Observation], rebases: &[NaiveDate], notices: &mut Vec<Notice>) -> Vec<Stretch> {
    let next_value = |from: usize| rows.iter().skip(from).position(|row| row.value.is_some()).map(|past| from + past);
    let Some(first_value) = next_value(0) else { return Vec::new() };
    let mut stretches = Vec::from([Stretch { number: 0, rebase: None, rows: 0..rows.len() }]);
    let mut begins_at = first_value;
    let mut asked: Vec<NaiveDate> = rebases.into();
    asked.sort_unstable();
    asked.dedup();
    for asked in asked {
        let start = rows.partition_point(|row| row.date < asked);
        let Some((value_at, applied)) = next_value(start).and_then(|at| rows.get(at).map(|row| (at, row.date))) else {
            notices.push(Notice::RebaseUnused { asked });
            continue;
        };
        if applied != asked {
            notices.push(Notice::RebaseMoved { asked, applied });
        }
        let Some(open) = stretches.last_mut() else { break };
        if value_at == begins_at {
            match open.rebase {
                // On or before the first value of all: no limits are drawn before it.
                None => (open.number, open.rebase) = (1, Some(asked)),
                Some(earlier) => notices.push(Notice::RebasesMet { earlier, later: asked, applied }),
            }
            continue;
        }
        let number = open.number + 1;
        open.rows.end = start;
        stretches.push(Stretch { number, rebase: Some(asked), rows: start..rows.len() });
        begins_at = value_at;
    }
    stretches
}
