//! One design's answer with everything that speaks against it; it must never be taken apart from its doubts.

use alloc::vec::Vec;

use super::{Bar, Doubt};
use crate::interval::Interval;

/// How it was found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Design {
    /// One series against its own trend before.
    InterruptedSeries,
    /// Treated units against others, one start.
    Differences,
    /// Treated units against others not treated yet, several starts.
    StaggeredDifferences,
    /// Treated units against a mix of others.
    SyntheticControl,
}

/// What a design found.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    pub design: Design,
    /// The mean change at the treated, in units of the outcome; of counts, in events per point.
    pub change: Option<f64>,
    /// The mean effect in the same units.
    pub effect: Option<Interval>,
    /// The effect over the change. None where the change is too small for a share to mean something.
    pub share: Option<Interval>,
    pub doubts: Vec<Doubt>,
}

/// What may be said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Verdict<'a> {
    /// The effect is told; the share is, where the change is large enough to have one.
    Told { effect: Interval, share: Option<Interval> },
    /// This design cannot tell.
    CannotTell { because: &'a [Doubt] },
}

impl Finding {
    /// A design that came to nothing.
    pub(super) fn nothing(design: Design, doubt: Doubt) -> Self {
        Self { design, change: None, effect: None, share: None, doubts: Vec::from([doubt]) }
    }

    /// The finding of an effect within a change, with the doubts any effect may raise added.
    pub(super) fn of(design: Design, change: f64, effect: Option<Interval>, mut doubts: Vec<Doubt>) -> Self {
        let mut share = None;
        match effect {
            // Whoever found no interval may have said why.
            None if doubts.iter().any(|doubt| matches!(doubt, Doubt::FewWays { .. } | Doubt::NotConstant)) => {}
            None => doubts.push(Doubt::NoError),
            Some(effect) => {
                if effect.holds_nought() {
                    doubts.push(Doubt::MayBeNought { low: effect.low, high: effect.high });
                }
                if change.abs() > (effect.high - effect.low) / 2.0 {
                    share = effect.over(change);
                } else {
                    doubts.push(Doubt::SmallChange);
                }
            }
        }
        // What forbids an answer stands first.
        doubts.sort_by_key(|doubt| !doubt.forbids());
        Self { design, change: change.is_finite().then_some(change), effect, share, doubts }
    }

    /// What may be said.
    pub fn verdict(&self) -> Verdict<'_> {
        let forbidding = self.doubts.iter().take_while(|doubt| doubt.forbids()).count();
        match self.effect {
            Some(effect) if forbidding == 0 => Verdict::Told { effect, share: self.share },
            _ => Verdict::CannotTell { because: &self.doubts[..forbidding] },
        }
    }

    /// The part that would have come anyway, where a share is told.
    pub fn deadweight(&self) -> Option<Interval> {
        let Verdict::Told { share: Some(share), .. } = self.verdict() else { return None };
        Some(Interval {
            estimate: 1.0 - share.estimate,
            low: 1.0 - share.high,
            high: 1.0 - share.low,
            confidence: share.confidence,
        })
    }
}

/// Whether so few units are few, by the bar: a doubt that does not forbid.
pub(super) fn rather_few(treated: usize, comparators: usize, bar: &Bar) -> Option<Doubt> {
    (treated.min(comparators) < bar.comfortable_units).then_some(Doubt::RatherFewUnits { treated, comparators })
}
