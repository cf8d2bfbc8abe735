//! Which values a hidden count must still be able to have; it must never want less than two where the rule hides more.

use alloc::vec::Vec;

use super::ledger::Range;
use super::rule::Rule;

/// A rule that hides more counts than this has so many of them tried, evenly spread, both ends among them.
const MOST_TRIED: u64 = 100;

/// What a protected count needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Needs {
    /// The values the rule hides.
    wanted: (u64, u64),
    /// Those of them that marks and earlier tables leave.
    left: (u64, u64),
    /// The greatest value at all that they leave.
    most: Option<u64>,
    /// Values between them that no whole numbers give, whatever is hidden.
    gaps: Vec<u64>,
}

impl Needs {
    pub fn new(rule: &Rule, wanted: (u64, u64), (least, most): Range) -> Self {
        let left = (wanted.0.max(least), most.map_or(wanted.1, |most| wanted.1.min(most)));
        let mut needs = Self { wanted, left, most, gaps: Vec::new() };
        needs.settle(rule);
        needs
    }

    /// What a proof claims to be left.
    pub const fn claimed(wanted: (u64, u64), left: (u64, u64), gaps: Vec<u64>) -> Self {
        Self { wanted, left, most: None, gaps }
    }

    /// The values it must be able to have.
    pub fn values(&self) -> impl Iterator<Item = u64> + '_ {
        let (low, high) = self.left;
        let last = (high.saturating_sub(low)).min(MOST_TRIED - 1);
        let value = move |at: u64| match last {
            0 => low,
            last => low + ((u128::from(high - low) * u128::from(at)) / u128::from(last)) as u64,
        };
        let end = if high < low { 0 } else { last + 1 };
        (0..end).map(value).filter(|value| !self.gaps.contains(value))
    }

    /// How many of them the rule asks for.
    pub fn asked(&self, rule: &Rule) -> usize {
        let all = self.values().count();
        rule.values_left.map_or(all, |asked| usize::try_from(asked).map_or(all, |asked| asked.min(all)))
    }

    /// Whether marks and earlier tables leave so little that the count is given away, whatever is hidden now.
    pub fn are_out_of_reach(&self, rule: &Rule) -> bool {
        (self.values().count() as u64) < self.fewest(rule)
    }

    /// Whether less is left than the rule hides.
    pub fn are_narrowed(&self) -> bool {
        self.left != self.wanted || !self.gaps.is_empty()
    }

    /// The range left, and the values in it that are not.
    pub fn left(&self) -> ((u64, u64), &[u64]) {
        (self.left, &self.gaps)
    }

    /// Nothing below this can be, even with everything hidden.
    pub fn raise_low(&mut self, rule: &Rule, low: u64) {
        self.left.0 = self.left.0.max(low);
        self.settle(rule);
    }

    /// Nothing above this can be, even with everything hidden.
    pub fn lower_high(&mut self, rule: &Rule, high: u64) {
        self.most = Some(self.most.map_or(high, |most| most.min(high)));
        self.left.1 = self.left.1.min(high);
        self.settle(rule);
    }

    /// This value cannot be.
    pub fn give_up(&mut self, rule: &Rule, value: u64) {
        self.gaps.push(value);
        self.settle(rule);
    }

    /// A reader does not know that the count is small, only that it is hidden: where marks leave too few small values, larger
    /// ones must be possible.
    fn settle(&mut self, rule: &Rule) {
        while self.are_out_of_reach(rule) && self.left.1 < u64::MAX && self.most.is_none_or(|most| self.left.1 < most) {
            self.left.1 = self.left.1.max(self.left.0.saturating_sub(1)) + 1;
        }
    }

    fn fewest(&self, rule: &Rule) -> u64 {
        let all = self.wanted.1.saturating_sub(self.wanted.0).saturating_add(1);
        rule.values_left.unwrap_or(2).min(all).min(MOST_TRIED)
    }
}
