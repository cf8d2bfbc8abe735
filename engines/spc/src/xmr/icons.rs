//! What a flag means for the measure's direction, and the two icons of a chart; they never look at anything but the last limits.

use super::{Direction, End, Limits, Signal};

/// What a point says, given which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PointKind {
    CommonCause,
    Improvement,
    Concern,
    NeutralHigh,
    NeutralLow,
}

impl PointKind {
    /// The kind of a point with this signal.
    pub const fn of(signal: Option<Signal>, direction: Direction) -> Self {
        match (signal, direction) {
            (None, _) => Self::CommonCause,
            (Some(Signal { end: End::High, .. }), Direction::Increase)
            | (Some(Signal { end: End::Low, .. }), Direction::Decrease) => Self::Improvement,
            (Some(Signal { end: End::Low, .. }), Direction::Increase)
            | (Some(Signal { end: End::High, .. }), Direction::Decrease) => Self::Concern,
            (Some(Signal { end: End::High, .. }), Direction::Neutral) => Self::NeutralHigh,
            (Some(Signal { end: End::Low, .. }), Direction::Neutral) => Self::NeutralLow,
        }
    }

    /// The name tables use: `special_cause_concern`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::CommonCause => "common_cause",
            Self::Improvement => "special_cause_improvement",
            Self::Concern => "special_cause_concern",
            Self::NeutralHigh => "special_cause_neutral_high",
            Self::NeutralLow => "special_cause_neutral_low",
        }
    }

    /// As it is said: "special cause concern".
    pub const fn words(self) -> &'static str {
        match self {
            Self::CommonCause => "common cause variation",
            Self::Improvement => "special cause improvement",
            Self::Concern => "special cause concern",
            Self::NeutralHigh => "special cause variation, high",
            Self::NeutralLow => "special cause variation, low",
        }
    }
}

/// The variation icon: what the last point says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variation {
    CommonCause,
    ImprovementHigh,
    ImprovementLow,
    ConcernHigh,
    ConcernLow,
    NeutralHigh,
    NeutralLow,
}

impl Variation {
    /// The icon of a last point with this signal.
    pub const fn of(signal: Option<Signal>, direction: Direction) -> Self {
        match (signal, direction) {
            (None, _) => Self::CommonCause,
            (Some(Signal { end: End::High, .. }), Direction::Increase) => Self::ImprovementHigh,
            (Some(Signal { end: End::Low, .. }), Direction::Increase) => Self::ConcernLow,
            (Some(Signal { end: End::High, .. }), Direction::Decrease) => Self::ConcernHigh,
            (Some(Signal { end: End::Low, .. }), Direction::Decrease) => Self::ImprovementLow,
            (Some(Signal { end: End::High, .. }), Direction::Neutral) => Self::NeutralHigh,
            (Some(Signal { end: End::Low, .. }), Direction::Neutral) => Self::NeutralLow,
        }
    }

    /// The name tables use, which is also the usual name of the icon's file: `improvement_high`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::CommonCause => "common_cause",
            Self::ImprovementHigh => "improvement_high",
            Self::ImprovementLow => "improvement_low",
            Self::ConcernHigh => "concern_high",
            Self::ConcernLow => "concern_low",
            Self::NeutralHigh => "neutral_high",
            Self::NeutralLow => "neutral_low",
        }
    }

    /// The kind of the last point.
    pub const fn kind(self) -> PointKind {
        match self {
            Self::CommonCause => PointKind::CommonCause,
            Self::ImprovementHigh | Self::ImprovementLow => PointKind::Improvement,
            Self::ConcernHigh | Self::ConcernLow => PointKind::Concern,
            Self::NeutralHigh => PointKind::NeutralHigh,
            Self::NeutralLow => PointKind::NeutralLow,
        }
    }
}

/// The assurance icon: where the target lies between, above or below the last limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assurance {
    /// The target will be met as long as the process stays as it is.
    Pass,
    /// The target will not be met without a change in the process.
    Fail,
    /// The target lies within the limits: it will be met or missed by chance.
    Inconsistent,
}

impl Assurance {
    /// The icon, unless the direction is neutral. A target exactly on a limit is inconsistent.
    pub fn of(target: f64, limits: Limits, direction: Direction) -> Option<Self> {
        let (beyond_upper, beyond_lower) = match direction {
            Direction::Increase => (Self::Fail, Self::Pass),
            Direction::Decrease => (Self::Pass, Self::Fail),
            Direction::Neutral => return None,
        };
        Some(if target > limits.upper {
            beyond_upper
        } else if target < limits.lower {
            beyond_lower
        } else {
            Self::Inconsistent
        })
    }

    /// The name tables use: `consistent_pass`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Pass => "consistent_pass",
            Self::Fail => "consistent_fail",
            Self::Inconsistent => "inconsistent",
        }
    }

    /// The usual name of the icon's file.
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Inconsistent => "inconsistent",
        }
    }
}
