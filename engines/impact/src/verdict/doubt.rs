//! What speaks against a share, each a reason a person can weigh; it must never be dropped because the answer is liked.

use alloc::string::String;
use core::fmt;

use super::words::Short;
use crate::differences::NoEstimate;
use crate::interrupted::NoFit;
use crate::synthetic::NoControl;

/// A reason for doubt.
#[derive(Debug, Clone, PartialEq)]
pub enum Doubt {
    /// The series has no fit.
    NoFit(NoFit),
    /// The panel has no estimate.
    NoEstimate(NoEstimate),
    /// The treated have no control.
    NoControl(NoControl),
    /// One series, and nothing to compare it with.
    Alone,
    /// One series and nothing to compare it with, but an effect far beyond chance.
    AloneButClear,
    /// Fewer points on a side than the bar asks for.
    FewPoints { before: usize, after: usize, needed: usize },
    /// No effect at all lies within the interval.
    MayBeNought { low: f64, high: f64 },
    /// The change itself is smaller than the uncertainty of the effect: a share of it means nothing.
    SmallChange,
    /// Neighbouring points go together.
    Autocorrelated { durbin_watson: f64 },
    /// Counts vary more than counts do by themselves.
    Overdispersed { dispersion: f64 },
    /// The old trend is drawn on for longer than it was seen.
    Extrapolates { before: f64, after: f64 },
    /// Without the start the series would have fallen below nought, which it cannot.
    BelowNought,
    /// Too few units for the errors to come from the spread between them.
    FewUnits { treated: usize, comparators: usize, needed: usize },
    /// Few units: errors from the spread between them are unsure themselves.
    RatherFewUnits { treated: usize, comparators: usize },
    /// So few ways treatment might have fallen that even the clearest is no more than this unlikely by chance.
    FewWays { ways: usize },
    /// Treated and comparators moved apart before the start already.
    TrendsApart { treated: f64, comparators: f64, p: f64 },
    /// Effects before the start, which should be nought, are not.
    EffectBeforeStart { periods_before: i64 },
    /// Errors could not be told.
    NoError,
    /// The control missed the treated before the start by far more than is usual here.
    PoorFit { error: f64, usual: f64 },
    /// As many donors as times before the start, or more: a mix can follow noise.
    FollowsNoise { donors: usize, before: usize },
    /// Gaps as large come about where nothing happened.
    PlacebosAlike { p: f64 },
    /// No constant effect explains the gaps.
    NotConstant,
    /// Without one donor the effect points the other way.
    TurnsWithout { donor: String },
    /// One donor has nearly all the weight.
    OneDonor { donor: String, weight: f64 },
    /// Units or times left out for gaps.
    LeftOut { units: usize, times: usize },
}

impl Doubt {
    /// Whether the design cannot tell because of it. Other doubts are said beside the answer.
    pub fn forbids(&self) -> bool {
        match self {
            Self::NoFit(_) | Self::NoEstimate(_) | Self::NoControl(_) | Self::Alone | Self::FewPoints { .. } => true,
            Self::MayBeNought { .. } | Self::FewUnits { .. } | Self::FewWays { .. } | Self::TrendsApart { .. } => true,
            Self::EffectBeforeStart { .. } | Self::NoError | Self::PoorFit { .. } | Self::PlacebosAlike { .. } => true,
            Self::NotConstant | Self::TurnsWithout { .. } => true,
            Self::AloneButClear | Self::SmallChange | Self::Autocorrelated { .. } | Self::Overdispersed { .. } => false,
            Self::Extrapolates { .. } | Self::BelowNought | Self::RatherFewUnits { .. } => false,
            Self::FollowsNoise { .. } | Self::OneDonor { .. } | Self::LeftOut { .. } => false,
        }
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFit(reason) => write!(f, "{reason}"),
            Self::NoEstimate(reason) => write!(f, "{reason}"),
            Self::NoControl(reason) => write!(f, "{reason}"),
            Self::Alone => f.write_str("one series without comparators: whatever else happened then looks the same"),
            Self::AloneButClear => {
                f.write_str("one series without comparators: something happened, but nothing shows that it was this")
            }
            Self::FewPoints { before, after, needed } => {
                write!(f, "{before} points before and {after} after: {needed} on each side are needed")
            }
            Self::MayBeNought { low, high } => {
                write!(f, "no effect at all fits too: it lies between {} and {}", Short(*low), Short(*high))
            }
            Self::SmallChange => {
                f.write_str("the change is smaller than what is uncertain: a share of it means nothing")
            }
            Self::Autocorrelated { durbin_watson } => write!(
                f,
                "neighbouring points go together (Durbin–Watson {}): the interval may still be too narrow",
                Short(*durbin_watson)
            ),
            Self::Overdispersed { dispersion } => write!(
                f,
                "counts vary {} times as much as counts do by themselves: errors are widened for it",
                Short(*dispersion)
            ),
            Self::Extrapolates { before, after } => write!(
                f,
                "the old trend, seen over {}, is drawn on over {}: further than it was seen",
                Short(*before),
                Short(*after)
            ),
            Self::BelowNought => {
                f.write_str("the old trend, drawn on, falls below nought, which the measure never does")
            }
            Self::FewUnits { treated, comparators, needed } => {
                write!(f, "{} and {}: {needed} of each are needed", Treated(*treated), Others(*comparators))
            }
            Self::RatherFewUnits { treated, comparators } => {
                write!(f, "{treated} treated units and {comparators} others are few: the interval is itself unsure")
            }
            Self::FewWays { ways } => write!(
                f,
                "treatment might have fallen in {ways} ways only: the clearest effect would come by chance once in {ways}"
            ),
            Self::TrendsApart { treated, comparators, .. } => write!(
                f,
                "before the start treated units already moved by {} a period, the others by {}",
                Short(*treated),
                Short(*comparators)
            ),
            Self::EffectBeforeStart { periods_before } => write!(
                f,
                "an effect shows {periods_before} periods before the start, where none can be: the two did not move alike"
            ),
            Self::NoError => f.write_str("how certain the effect is cannot be told"),
            Self::PoorFit { error, usual } => write!(
                f,
                "no mix of donors moved as the treated did before the start: off by {}, where {} is usual",
                Short(*error),
                Short(*usual)
            ),
            Self::FollowsNoise { donors, before } => write!(
                f,
                "{donors} donors for {before} times before the start: a mix may follow noise and fit too well"
            ),
            Self::PlacebosAlike { p } => {
                write!(f, "gaps as large come about where nothing happened, in {} of 100", Short(p * 100.0))
            }
            Self::NotConstant => {
                f.write_str("the gap varies so much from time to time that no constant effect explains it")
            }
            Self::TurnsWithout { donor } => write!(f, "without the donor {donor} the effect points the other way"),
            Self::OneDonor { donor, weight } => {
                write!(f, "{}% of the control is one donor, {donor}", Short(weight * 100.0))
            }
            Self::LeftOut { units, times: 0 } => write!(f, "left out for gaps: {units} units"),
            Self::LeftOut { units, times } => write!(f, "left out for gaps: {units} units, {times} times"),
        }
    }
}

struct Treated(usize);

impl fmt::Display for Treated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} treated unit{}", self.0, if self.0 == 1 { "" } else { "s" })
    }
}

struct Others(usize);

impl fmt::Display for Others {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} other{}", self.0, if self.0 == 1 { "" } else { "s" })
    }
}
