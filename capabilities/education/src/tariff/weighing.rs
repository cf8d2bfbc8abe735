//! What quality adds to what follows trainees to a host: lines of their own beside the tariff's, never hidden in a price.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hiec_kernel::{Money, OrganisationId};
use hiec_tariff::quality::{Part, on_days, share_of};
use hiec_tariff::{Decimal, Period};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::quality::history::{History, OnDay};
use crate::quality::{Verdict, percent};

/// What a rule on quality does to what one payer pays a host on some days.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Weighed {
    pub host: OrganisationId,
    pub host_name: String,
    pub payer: String,
    pub from: NaiveDate,
    /// The last day, counted.
    pub to: NaiveDate,
    /// Of the rule in force on these days.
    pub rule_version: i64,
    /// The self-assessment it looked at, where there was one, and the academic year that is about.
    pub assessment: Option<Uuid>,
    pub assessed_for: Option<String>,
    /// Hundredths of a percent.
    pub score: Option<i64>,
    pub verdict: Verdict,
    /// What it adds, in hundredths of a percent.
    pub share: i64,
    /// What follows the trainees on these days by tariff; nothing where some of it is not loaded.
    pub base: Option<Money>,
    pub amount: Option<Money>,
    pub working: String,
    pub is_illustrative: bool,
}

/// A line of a statement as the rule sees it.
#[derive(Clone, Debug)]
pub(crate) struct Item<'a> {
    pub host: OrganisationId,
    pub payer: &'a str,
    pub part: Part,
    pub is_illustrative: bool,
}

/// Weighs lines by the rule in force on each day, a line for each host, payer and run of days on which the rule says the same. Days
/// without a rule have none.
pub(crate) fn weigh<'a>(
    history: &History,
    items: impl Iterator<Item = Item<'a>>,
    name: impl Fn(OrganisationId) -> String,
    days: Period,
    known_on: Option<NaiveDate>,
) -> Vec<Weighed> {
    if !history.has_rules() {
        return Vec::new();
    }
    let mut by: BTreeMap<(OrganisationId, &str), Vec<Item<'_>>> = BTreeMap::new();
    for item in items {
        by.entry((item.host, item.payer)).or_default().push(item);
    }
    let mut weighed = Vec::new();
    for ((host, payer), items) in by {
        let host_name = name(host);
        for (days, on) in runs(history, host, days, known_on) {
            let mut there = items.iter().filter(|item| item.part.days.overlaps(days)).peekable();
            if there.peek().is_none() {
                continue;
            }
            let is_illustrative = on.is_illustrative || there.any(|item| item.is_illustrative);
            let base = on_days(items.iter().map(|item| item.part), days).map(|base| Money(base.0));
            weighed.push(line((host, &host_name, payer), days, on, base, is_illustrative));
        }
    }
    weighed.sort_by(|one, other| {
        (&one.host_name, one.host, one.from, &one.payer).cmp(&(&other.host_name, other.host, other.from, &other.payer))
    });
    weighed
}

/// Runs of days on which the rule says the same of a host.
fn runs(history: &History, host: OrganisationId, days: Period, known_on: Option<NaiveDate>) -> Vec<(Period, OnDay)> {
    let mut runs: Vec<(Period, OnDay)> = Vec::new();
    for part in days.cut(&history.turns(host)) {
        let Some(on) = history.on(host, part.from(), known_on) else { continue };
        let last = runs.last().filter(|(last, said)| last.to().succ_opt() == Some(part.from()) && *said == on);
        match last.and_then(|(last, _)| Period::new(last.from(), part.to())) {
            Some(joined) => {
                runs.pop();
                runs.push((joined, on));
            }
            None => runs.push((part, on)),
        }
    }
    runs
}

fn line(
    (host, host_name, payer): (OrganisationId, &str, &str),
    days: Period,
    on: OnDay,
    base: Option<Money>,
    is_illustrative: bool,
) -> Weighed {
    let OnDay { version, assessment, outcome, .. } = on;
    let (assessment, assessed_for) = assessment.unzip();
    let verdict = match outcome.result {
        Verdict::Premium => "premium",
        Verdict::Nothing => "no change",
        Verdict::Hold => "held",
    };
    let about = assessed_for.as_ref().map(|year| format!(" (self-assessment of {year})")).unwrap_or_default();
    let said = format!("{verdict} by version {version} of the rule: {}{about}", outcome.reason);
    // Hundredths of a percent are millionths times a hundred.
    let share = Decimal(outcome.premium.saturating_mul(100));
    let amount = match (outcome.premium, base) {
        (0, _) => Some(Money::ZERO),
        (_, Some(base)) => share_of(hiec_tariff::Pence(base.0), share).map(|amount| Money(amount.0)),
        (_, None) => None,
    };
    let working = match (base, amount) {
        (Some(base), Some(amount)) => format!("{said}; {base} × {} = {amount}", percent(outcome.premium)),
        (None, Some(amount)) => format!("{said}; nothing is added, so {amount}"),
        _ => format!("not loaded: a line that {} is added to has no amount ({said})", percent(outcome.premium)),
    };
    Weighed {
        host,
        host_name: host_name.to_owned(),
        payer: payer.to_owned(),
        from: days.from(),
        to: days.to(),
        rule_version: version,
        assessment,
        assessed_for,
        score: outcome.score,
        verdict: outcome.result,
        share: outcome.premium,
        base,
        amount,
        working,
        is_illustrative,
    }
}
