//! What a reader of the chart must be told about how it was drawn; a notice never changes a result.

use core::fmt;

use chrono::NaiveDate;

use super::wording::{Count, LongDate};

/// Fewer points than this in a group, and its limits are called trial limits.
pub const ENOUGH: usize = 13;

/// Something about the drawing of a chart that its reader must be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// No value has the date of a rebase: it applies to the next one.
    RebaseMoved { asked: NaiveDate, applied: NaiveDate },
    /// No value follows the date of a rebase.
    RebaseUnused { asked: NaiveDate },
    /// Two rebases apply to the same value.
    RebasesMet { earlier: NaiveDate, later: NaiveDate, applied: NaiveDate },
    /// A group has fewer than 13 points.
    ShortGroup { from: NaiveDate, points: usize },
    /// A group's baseline is a single point.
    TooFew { from: NaiveDate },
    /// All values of a group's baseline are equal.
    NoVariation { from: NaiveDate },
    /// Screening would have left no moving ranges, or only noughts, and was undone.
    ScreeningUndone { from: NaiveDate },
    /// Rows without a value.
    Gaps { rows: usize },
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::RebaseMoved { asked, applied } => {
                write!(f, "No value has the date {}: that rebase applies from {}.", LongDate(asked), LongDate(applied))
            }
            Self::RebaseUnused { asked } => {
                write!(f, "No value follows {}: that rebase changes nothing yet.", LongDate(asked))
            }
            Self::RebasesMet { earlier, later, applied } => write!(
                f,
                "The rebases of {} and {} both apply from {}, as one.",
                LongDate(earlier),
                LongDate(later),
                LongDate(applied)
            ),
            Self::ShortGroup { from, points } => write!(
                f,
                "The limits from {} rest on {}: trial limits, which will move as points are added.",
                LongDate(from),
                Count(points, "point")
            ),
            Self::TooFew { from } => {
                write!(f, "There is one point from {}: too few to draw limits.", LongDate(from))
            }
            Self::NoVariation { from } => {
                write!(f, "The values from {} that limits are taken from do not vary: none are drawn.", LongDate(from))
            }
            Self::ScreeningUndone { from } => write!(
                f,
                "Nearly all values from {} are equal: the limits are computed from all moving ranges, without screening.",
                LongDate(from)
            ),
            Self::Gaps { rows } => {
                write!(
                    f,
                    "{} without a value: shown as {}.",
                    Count(rows, "row"),
                    if rows == 1 { "a gap" } else { "gaps" }
                )
            }
        }
    }
}
