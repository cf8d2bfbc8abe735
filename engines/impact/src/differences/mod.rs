//! Differences in differences: what changed at treated units beyond what changed at comparators; it must never mix a start with an earlier one unsaid.

mod before;
mod four_means;
pub mod group_time;
mod permutation;
mod two_way;

use core::fmt;

pub use before::{TrendsBefore, trends_before};
pub use four_means::{FourMeans, four_means};
pub use group_time::group_time;
pub use permutation::{Permutation, permutation};
pub use two_way::{TwoWay, two_way};

/// Why there is no estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoEstimate {
    /// No treated unit has an outcome.
    NoTreated,
    /// No comparator has an outcome.
    NoComparators,
    /// Treated units or comparators have no outcome before the start.
    NoBefore,
    /// Treated units or comparators have no outcome from the start on.
    NoAfter,
    /// Unit and period alone already tell who is treated when, so that the effect cannot be told from them.
    Collinear,
    /// Treated units start at different times, and this design has one start.
    Staggered,
    /// Numbers too large to compute with.
    NotFinite,
}

impl fmt::Display for NoEstimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoTreated => "no treated unit has an outcome",
            Self::NoComparators => "no comparator has an outcome: nothing shows what would have happened anyway",
            Self::NoBefore => "treated units or comparators have no outcome before the start",
            Self::NoAfter => "treated units or comparators have no outcome from the start on",
            Self::Collinear => "who is treated when follows from unit and period alone, so the effect cannot be told",
            Self::Staggered => "treated units start at different times; compare each start with those not treated yet",
            Self::NotFinite => "a number is too large to compute with",
        })
    }
}

impl core::error::Error for NoEstimate {}
