//! What a person chooses about a chart: direction, target, rebases, baseline, screening and rules; it never chooses for them.

use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;

/// The version of the rules as this crate computes them. It changes with any change that can alter a limit, a flag or an icon.
pub const RULE_SET: &str = "hiec-xmr-1";

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    Increase,
    Decrease,
    /// Neither: a signal is high or low, never an improvement or a concern, and no target is judged.
    #[default]
    Neutral,
}

/// How many points make a shift or a trend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RunLength {
    /// As users of the NHS England spreadsheet tool may choose.
    Six,
    /// As Making Data Count teaches.
    #[default]
    Seven,
}

impl RunLength {
    /// The number of points.
    pub const fn points(self) -> usize {
        match self {
            Self::Six => 6,
            Self::Seven => 7,
        }
    }
}

/// Which rules are judged. A point outside the limits always is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    pub shift: RunLength,
    pub trend: RunLength,
    pub two_in_three: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self { shift: RunLength::Seven, trend: RunLength::Seven, two_in_three: true }
    }
}

/// How the numbers of a series are said in words; it changes no computation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unit {
    /// As they are: 121.4.
    #[default]
    Plain,
    /// Parts of one, said as per cent: 0.954 is 95.4%.
    Fraction,
    /// Already per cent: 95.4 is 95.4%.
    Percent,
}

/// What a person chooses about a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    pub direction: Direction,
    pub target: Option<f64>,
    /// Days from which limits are computed anew. Each applies to the first point on or after it.
    pub rebases: Vec<NaiveDate>,
    /// Take the limits of each group from this many of its first points; without it, from all of them.
    pub baseline: Option<usize>,
    /// Leave out moving ranges of 3.267 times their average and more, once.
    pub screening: bool,
    pub rules: Rules,
    pub unit: Unit,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            direction: Direction::Neutral,
            target: None,
            rebases: Vec::new(),
            baseline: None,
            screening: true,
            rules: Rules::default(),
            unit: Unit::Plain,
        }
    }
}

impl Options {
    /// The rules a chart was judged by, with their version, to be kept beside its picture.
    pub fn rule_set(&self) -> RuleSet {
        RuleSet { rules: self.rules, screening: self.screening }
    }
}

/// The rules a chart was judged by: `hiec-xmr-1: shift of 7, trend of 7, two in three, moving ranges screened`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleSet {
    pub rules: Rules,
    pub screening: bool,
}

impl fmt::Display for RuleSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Rules { shift, trend, two_in_three } = self.rules;
        write!(f, "{RULE_SET}: shift of {}, trend of {}", shift.points(), trend.points())?;
        f.write_str(if two_in_three { ", two in three" } else { ", not two in three" })?;
        f.write_str(if self.screening { ", moving ranges screened" } else { ", moving ranges not screened" })
    }
}
