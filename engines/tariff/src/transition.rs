//! Limits to what a provider may lose or gain by the tariff in a year: dated data, applied; it must never invent a limit.

use crate::book::Dated;
use crate::decimal::{Decimal, Pence};
use crate::period::Period;

/// Limits in force for some years. Each is a share of income and an amount, of which the smaller counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    pub loss: Option<Limit>,
    pub gain: Option<Limit>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    pub share: Option<Decimal>,
    pub most: Option<Pence>,
}

/// What a host took in a year, and what it had for the same training before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Income {
    pub host: String,
    pub year: Period,
    pub income: Pence,
    pub before: Pence,
}

/// What a year's statement becomes under the limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjustment {
    pub host: String,
    pub year: Period,
    pub by_tariff: Pence,
    pub paid: Pence,
    /// The least and the most that may be paid, where limited.
    pub floor: Option<Pence>,
    pub cap: Option<Pence>,
    pub working: String,
}

impl Limit {
    fn of(self, income: Pence) -> Option<Pence> {
        let share = self.share.and_then(|share| income.fraction().times(share.fraction())?.rounded().map(Pence));
        match (share, self.most) {
            (Some(share), Some(most)) => Some(share.min(most)),
            (share, most) => share.or(most),
        }
    }
}

impl Income {
    /// Applies the limits in force in the year; the latest published where one revises another. Without any the tariff stands.
    pub fn adjust(&self, by_tariff: Pence, limits: &[Dated<Transition>]) -> Adjustment {
        let limits = limits.iter().filter(|limit| limit.in_force.contains(self.year.from()));
        let limit = limits.max_by_key(|limit| limit.published_on.unwrap_or(limit.in_force.from()));
        let may_lose = limit.and_then(|limit| limit.it.loss?.of(self.income));
        let may_gain = limit.and_then(|limit| limit.it.gain?.of(self.income));
        let floor = may_lose.map(|most| Pence(self.before.0.saturating_sub(most.0)));
        let cap = may_gain.map(|most| Pence(self.before.0.saturating_add(most.0)));
        let mut paid = by_tariff;
        let mut working = format!("{by_tariff} by tariff, {} before", self.before);
        if let Some((floor, most)) = floor.zip(may_lose).filter(|(floor, _)| paid < *floor) {
            paid = floor;
            working += &format!("; it may lose no more than {most}, so {floor}");
        } else if let Some((cap, most)) = cap.zip(may_gain).filter(|(cap, _)| paid > *cap) {
            paid = cap;
            working += &format!("; it may gain no more than {most}, so {cap}");
        } else if limit.is_none() {
            working += "; no limit is loaded for this year";
        } else {
            working += "; within the limits";
        }
        Adjustment { host: self.host.clone(), year: self.year, by_tariff, paid, floor, cap, working }
    }
}
