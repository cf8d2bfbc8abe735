//! Contract indicators: what they promise, who agrees them, and how a value is judged. Pure: it asks nobody and stores nothing.

use chrono::NaiveDate;
use hiec_kernel::{PersonId, Timestamp, closed_list};
use serde::{Deserialize, Serialize};

closed_list! {
    /// Which way is better, as the contract says it.
    Better {
        Higher = "higher", "at least";
        Lower = "lower", "at most";
    }
}

closed_list! {
    /// How a value stands against its target. Words always stand beside the colour.
    Rag {
        Green = "green", "Green: target met";
        Amber = "amber", "Amber: at least half of the way from baseline to target";
        Red = "red", "Red: less than half of the way";
        NoFigure = "none", "No figure";
    }
}

impl Rag {
    /// One word, for a tag or a tile.
    pub fn word(self) -> &'static str {
        match self {
            Self::Green => "Green",
            Self::Amber => "Amber",
            Self::Red => "Red",
            Self::NoFigure => "No figure",
        }
    }
}

/// The rule in words, for every page that shows a colour.
pub const RAG_RULE: &str = "Green: the target is met. Amber: it is missed, but at least half of the way from the baseline is done; without a baseline, \
                            it is missed by no more than a tenth. Red: anything else. The colour says where the value stands, not whether anything changed: \
                            that is what the chart says.";

/// Judges a value by [`RAG_RULE`].
pub fn rag(value: Option<f64>, target: f64, baseline: Option<f64>, better: Better) -> Rag {
    let Some(value) = value.filter(|value| value.is_finite()) else {
        return Rag::NoFigure;
    };
    // Turned so that more is better, whichever way the measure runs.
    let sign = if better == Better::Higher { 1.0 } else { -1.0 };
    let (value, target) = (value * sign, target * sign);
    // What was typed as decimals is compared as doubles: the last figures are no miss.
    let close_enough = 1e-9 * target.abs().max(1e-9);
    if value >= target - close_enough {
        return Rag::Green;
    }
    let amber_from = match baseline.map(|baseline| baseline * sign).filter(|baseline| *baseline < target) {
        Some(baseline) => f64::midpoint(baseline, target),
        None => target - target.abs() / 10.0,
    };
    if value >= amber_from - close_enough { Rag::Amber } else { Rag::Red }
}

/// Who did something, and when.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Act {
    pub by: PersonId,
    pub at: Timestamp,
}

/// The life of an indicator: proposed by the cluster, then agreed or declined by the region.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum KpiState {
    Proposed { proposed: Act },
    Agreed { proposed: Act, agreed: Act },
    Declined { proposed: Act, declined: Act, reason: String },
}

/// Why a step cannot be taken, and what to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NotNow {
    pub title: String,
    pub next: String,
}

impl NotNow {
    pub fn new(title: impl Into<String>, next: impl Into<String>) -> Self {
        Self { title: title.into(), next: next.into() }
    }
}

impl From<NotNow> for hiec_kernel::Problem {
    fn from(why: NotNow) -> Self {
        Self::conflict(why.title, why.next)
    }
}

impl KpiState {
    pub fn key(&self) -> &'static str {
        match self {
            Self::Proposed { .. } => "proposed",
            Self::Agreed { .. } => "agreed",
            Self::Declined { .. } => "declined",
        }
    }

    pub fn label(&self) -> &'static str {
        match self {
            Self::Proposed { .. } => "Proposed",
            Self::Agreed { .. } => "Agreed",
            Self::Declined { .. } => "Declined",
        }
    }

    pub fn proposed(&self) -> Act {
        match self {
            Self::Proposed { proposed } | Self::Agreed { proposed, .. } | Self::Declined { proposed, .. } => *proposed,
        }
    }

    /// The region agrees.
    pub fn agree(self, agreed: Act) -> Result<Self, NotNow> {
        match self {
            Self::Proposed { proposed } if proposed.by == agreed.by => Err(own()),
            Self::Proposed { proposed } => Ok(Self::Agreed { proposed, agreed }),
            Self::Agreed { .. } | Self::Declined { .. } => Err(settled(&self)),
        }
    }

    /// The region declines, and says why.
    pub fn decline(self, declined: Act, reason: String) -> Result<Self, NotNow> {
        match self {
            Self::Proposed { proposed } if proposed.by == declined.by => Err(own()),
            Self::Proposed { proposed } => Ok(Self::Declined { proposed, declined, reason }),
            Self::Agreed { .. } | Self::Declined { .. } => Err(settled(&self)),
        }
    }
}

fn own() -> NotNow {
    NotNow::new("Nobody agrees or declines what they proposed", "Somebody else of the region has to.")
}

fn settled(state: &KpiState) -> NotNow {
    NotNow::new(
        format!("This indicator is {} already", state.label().to_lowercase()),
        "Reload the page. To change an agreed indicator, the cluster proposes one that begins later.",
    )
}

/// The days an indicator is in force, both counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InForce {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

impl InForce {
    pub fn holds_on(self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to
    }

    pub fn touches(self, from: NaiveDate, to: NaiveDate) -> bool {
        self.from <= to && from <= self.to
    }

    /// What is left of it when another on the same measure comes into force; nothing where the other begins no later.
    pub fn until(self, next: Self) -> Option<Self> {
        if !self.touches(next.from, next.to) {
            return Some(self);
        }
        let to = next.from.pred_opt()?;
        (self.from <= to).then_some(Self { to, ..self })
    }
}

/// What the weights of indicators in force add up to, said.
pub fn weights(total: i64) -> String {
    match total {
        100 => "The weights add up to 100.".to_owned(),
        less if less < 100 => {
            format!("The weights add up to {less}: {} of 100 are not given to an indicator yet.", 100 - less)
        }
        more => format!("The weights add up to {more}, which is {} more than 100. Propose lower ones.", more - 100),
    }
}

#[cfg(test)]
mod tests {
    use hiec_kernel::clock::from_london;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn act(by: u128) -> Act {
        Act { by: PersonId(Uuid::from_u128(by)), at: from_london("2010-04-01T10:00").unwrap() }
    }

    #[test]
    fn colours_follow_the_rule_both_ways() {
        use Better::{Higher, Lower};
        for (value, target, baseline, better, colour) in [
            (Some(60.0), 60.0, Some(40.0), Higher, Rag::Green),
            (Some(50.0), 60.0, Some(40.0), Higher, Rag::Amber),
            (Some(49.9), 60.0, Some(40.0), Higher, Rag::Red),
            (Some(0.3), 0.1 + 0.2, None, Higher, Rag::Green),
            (Some(54.0), 60.0, None, Higher, Rag::Amber),
            (Some(53.9), 60.0, None, Higher, Rag::Red),
            (Some(60.0), 60.0, Some(101.0), Lower, Rag::Green),
            (Some(80.5), 60.0, Some(101.0), Lower, Rag::Amber),
            (Some(101.0), 60.0, Some(101.0), Lower, Rag::Red),
            (Some(66.0), 60.0, None, Lower, Rag::Amber),
            // A baseline on the good side of the target says nothing of the way.
            (Some(55.0), 60.0, Some(70.0), Higher, Rag::Amber),
            (None, 60.0, None, Higher, Rag::NoFigure),
            (Some(f64::NAN), 60.0, None, Higher, Rag::NoFigure),
        ] {
            assert_eq!(rag(value, target, baseline, better), colour, "{value:?} {target} {baseline:?} {better:?}");
        }
    }

    proptest! {
        /// A better value never has a worse colour.
        #[test]
        fn better_is_never_worse(
            value in -1e6..1e6_f64, more in 0.0..1e6_f64, target in -1e6..1e6_f64,
            baseline in proptest::option::of(-1e6..1e6_f64), higher in any::<bool>(),
        ) {
            let better = if higher { Better::Higher } else { Better::Lower };
            let improved = if higher { value + more } else { value - more };
            prop_assert!(rag(Some(improved), target, baseline, better) <= rag(Some(value), target, baseline, better));
        }
    }

    #[test]
    fn one_side_proposes_and_the_other_agrees() {
        let proposed = KpiState::Proposed { proposed: act(1) };
        assert!(proposed.clone().agree(act(1)).is_err(), "nobody agrees their own");
        assert!(proposed.clone().decline(act(1), "no".into()).is_err());
        let agreed = proposed.clone().agree(act(2)).unwrap();
        assert_eq!((agreed.key(), agreed.proposed()), ("agreed", act(1)));
        assert!(agreed.clone().decline(act(2), "late".into()).is_err(), "agreed stays agreed");
        assert!(agreed.agree(act(3)).is_err());
        assert_eq!(proposed.decline(act(2), "too low".into()).unwrap().label(), "Declined");
    }

    #[test]
    fn a_later_indicator_ends_the_earlier_the_day_before() {
        let days = |from: &str, to: &str| InForce { from: from.parse().unwrap(), to: to.parse().unwrap() };
        let first = days("2010-04-01", "2012-03-31");
        assert_eq!(first.until(days("2011-04-01", "2012-03-31")), Some(days("2010-04-01", "2011-03-31")));
        assert_eq!(first.until(days("2012-04-01", "2013-03-31")), Some(first));
        assert_eq!(first.until(days("2010-04-01", "2011-03-31")), None);
        assert!(first.holds_on("2012-03-31".parse().unwrap()) && !first.holds_on("2012-04-01".parse().unwrap()));
    }

    #[test]
    fn weights_are_counted_in_words() {
        assert_eq!(weights(100), "The weights add up to 100.");
        assert!(weights(60).contains("40 of 100 are not given"));
        assert!(weights(120).contains("20 more than 100"));
    }
}
