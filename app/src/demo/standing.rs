//! Where the demonstration can stand: the stages of the round of 2009, then the periods in the life of its clusters.

use hiec_competition::Stage;
use hiec_competition::demo::{DEFAULT, STAGES, moment};
use hiec_contracts::demonstration::Period;
use hiec_kernel::Timestamp;

/// A place on the demonstration's line of time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    Round(Stage),
    Clusters(Period),
}

impl Standing {
    /// Where it stands unless told otherwise.
    pub const DEFAULT: Self = Self::Round(DEFAULT);

    /// All of them, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        STAGES.iter().copied().map(Self::Round).chain(Period::ALL.iter().copied().map(Self::Clusters))
    }

    pub fn key(self) -> &'static str {
        match self {
            Self::Round(stage) => stage.key(),
            Self::Clusters(period) => period.key(),
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Round(stage) => stage.label(),
            Self::Clusters(period) => period.label(),
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::all().find(|standing| standing.key() == key)
    }

    /// The moment the demonstration shows.
    pub fn moment(self) -> Timestamp {
        match self {
            Self::Round(stage) => moment(stage),
            Self::Clusters(period) => period.moment(),
        }
    }

    /// The standing whose life this one goes on from; a stage of the round is played from the first day.
    pub fn goes_on_from(self) -> Option<Self> {
        match self {
            Self::Round(_) => None,
            Self::Clusters(_) => Self::all().take_while(|one| *one != self).last(),
        }
    }
}
