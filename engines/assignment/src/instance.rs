//! A checked question, everything by position; it must never hold a pair twice or a limit already overrun.

use crate::names::Id;

/// A question without contradictions: what [`Instance::solve`] answers.
#[derive(Debug, Clone)]
pub struct Instance {
    /// In the order of the answer.
    pub(crate) bids: Vec<Id<'static>>,
    /// In natural order.
    pub(crate) assessors: Vec<Id<'static>>,
    /// Reviews each bid still needs beyond its decided ones.
    pub(crate) needed: Vec<u32>,
    /// Bids each assessor can still take beyond the decided ones.
    pub(crate) room: Vec<u32>,
    /// Sorted by bid, then assessor; no pair twice.
    pub(crate) pairs: Vec<ListedPair>,
    /// The weights are whole numbers of `10^-places`.
    pub(crate) places: u32,
    pub(crate) seed: u64,
    pub(crate) balance: bool,
}

/// A listed pair by the positions of its bid and assessor.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ListedPair {
    pub bid: u32,
    pub assessor: u32,
    pub weight: i128,
    pub standing: Standing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Open,
    Conflict,
    Fixed,
}
