//! The four rules, judged inside one group of limits; a run never crosses into another group.

use super::{Limits, Mark, Rules};

/// Which end of the scale: above or rising, below or falling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    High,
    Low,
}

impl End {
    /// Where a value lies from a line, or nothing when it lies on it.
    pub(super) fn from(line: f64, value: f64) -> Option<Self> {
        if value > line {
            Some(Self::High)
        } else if value < line {
            Some(Self::Low)
        } else {
            None
        }
    }
}

/// A rule, in the order in which one speaks for a point that breaks several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// A point beyond a process limit.
    Outside,
    /// Consecutive points all rising or all falling; a tie breaks it.
    Trend,
    /// Two of three consecutive points between two thirds of the way and the limit, all three on that side of the mean.
    TwoInThree,
    /// Consecutive points on one side of the mean; a value equal to the mean breaks it.
    Shift,
}

impl Rule {
    /// All rules, in the order in which one speaks for a point that breaks several.
    pub const ALL: [Self; 4] = [Self::Outside, Self::Trend, Self::TwoInThree, Self::Shift];

    /// What the rule is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Outside => "outside the limits",
            Self::Trend => "trend",
            Self::TwoInThree => "two in three",
            Self::Shift => "shift",
        }
    }
}

/// The rules a point breaks, each judged alone, and towards which end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Signals {
    pub outside: Option<End>,
    pub trend: Option<End>,
    pub two_in_three: Option<End>,
    pub shift: Option<End>,
}

impl Signals {
    /// Towards which end the point breaks a rule, if it does.
    pub const fn end(&self, rule: Rule) -> Option<End> {
        match rule {
            Rule::Outside => self.outside,
            Rule::Trend => self.trend,
            Rule::TwoInThree => self.two_in_three,
            Rule::Shift => self.shift,
        }
    }

    /// The one that speaks for the point.
    pub fn first(&self) -> Option<Signal> {
        Rule::ALL.into_iter().find_map(|rule| self.end(rule).map(|end| Signal { rule, end }))
    }
}

/// The rule that speaks for a point, and towards which end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signal {
    pub rule: Rule,
    pub end: End,
}

impl Signal {
    /// The label that NHSRplotthedots prints: "7 Points Above CL".
    pub const fn label(self, rules: Rules) -> &'static str {
        use super::RunLength::{Seven, Six};
        match (self.rule, self.end) {
            (Rule::Outside, End::High) => "Above UCL",
            (Rule::Outside, End::Low) => "Below LCL",
            (Rule::TwoInThree, End::High) => "2 in 3 Above CL",
            (Rule::TwoInThree, End::Low) => "2 in 3 Below CL",
            (Rule::Trend, End::High) => match rules.trend {
                Six => "6 Point Trend (Increasing)",
                Seven => "7 Point Trend (Increasing)",
            },
            (Rule::Trend, End::Low) => match rules.trend {
                Six => "6 Point Trend (Decreasing)",
                Seven => "7 Point Trend (Decreasing)",
            },
            (Rule::Shift, End::High) => match rules.shift {
                Six => "6 Points Above CL",
                Seven => "7 Points Above CL",
            },
            (Rule::Shift, End::Low) => match rules.shift {
                Six => "6 Points Below CL",
                Seven => "7 Points Below CL",
            },
        }
    }
}

/// Writes into each mark of a group where it lies and which rules it breaks. Without limits only shift and trend can be.
pub(super) fn judge(marks: &mut [Mark], mean: f64, limits: Option<Limits>, rules: Rules) {
    for mark in marks.iter_mut() {
        mark.side = End::from(mean, mark.value);
        if let Some(limits) = limits {
            mark.signals.outside = outside(mark.value, limits);
            mark.is_near =
                mark.signals.outside.is_none() && (mark.value > limits.near_upper || mark.value < limits.near_lower);
        }
    }
    shifts(marks, rules.shift.points());
    trends(marks, rules.trend.points());
    if rules.two_in_three {
        twos_in_three(marks);
    }
}

fn outside(value: f64, limits: Limits) -> Option<End> {
    if value > limits.upper {
        Some(End::High)
    } else if value < limits.lower {
        Some(End::Low)
    } else {
        None
    }
}

fn shifts(marks: &mut [Mark], length: usize) {
    for run in marks.chunk_by_mut(|before, after| before.side == after.side) {
        if run.len() >= length {
            run.iter_mut().for_each(|mark| mark.signals.shift = mark.side);
        }
    }
}

/// Flags rising and falling stretches. Two stretches can share one point, a peak or a trough: it goes with the later one.
fn trends(marks: &mut [Mark], length: usize) {
    let mut start = 0;
    let mut slope = None;
    for at in 1..=marks.len() {
        let next = match marks.get(at - 1..=at) {
            Some([before, after]) => End::from(before.value, after.value),
            _ => None,
        };
        if at < marks.len() && next == slope && slope.is_some() {
            continue;
        }
        if slope.is_some() && at - start >= length {
            marks.iter_mut().take(at).skip(start).for_each(|mark| mark.signals.trend = slope);
        }
        start = at - 1;
        slope = next;
    }
}

fn twos_in_three(marks: &mut [Mark]) {
    for at in 0..marks.len().saturating_sub(2) {
        let Some(three) = marks.get_mut(at..at + 3) else { break };
        if is_two_in_three(three) {
            three.iter_mut().filter(|mark| mark.is_near).for_each(|mark| mark.signals.two_in_three = mark.side);
        }
    }
}

/// Whether three consecutive marks all lie on one side of the mean, at least two of them near the limit.
pub(super) fn is_two_in_three(three: &[Mark]) -> bool {
    three.iter().filter(|mark| mark.is_near).count() >= 2
        && three.iter().all(|mark| mark.side.is_some() && Some(mark.side) == three.first().map(|first| first.side))
}
