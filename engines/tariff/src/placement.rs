//! A placement as the tariff sees it; it must never hold a person's particulars beyond what they are called.

use crate::decimal::{Decimal, Pence};
use crate::period::Period;

/// Somebody's placement, or a group's, with a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// What it is called where it comes from; a statement compares by it.
    pub reference: String,
    pub trainee: String,
    pub host: String,
    /// The team within the host that the money is for.
    pub team: String,
    /// The name of its tariff, such as `clinical`.
    pub tariff: String,
    pub period: Period,
    /// How many trainees it stands for.
    pub students: i64,
    pub volume: Volume,
    /// Yearly, of each trainee, for tariffs with a share of it.
    pub basic_salary: Option<Pence>,
    /// What the placement cost the host.
    pub cost: Option<Pence>,
}

/// How much of a full-time year each trainee was placed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Volume {
    Fte(Decimal),
    /// Divided by the price's weeks in a year.
    Weeks(Decimal),
    /// Worked at this whole-time equivalent on every day of the placement: as weeks where the price counts weeks, else as a
    /// share of the days of the financial year.
    Working(Decimal),
}
