//! One series, from its amounts to its chart and verdict. All judgement is the engine's.

use chrono::NaiveDate;
use hiec_charts::{ControlChart, FEWEST, Grain, Heading, Unit, with_gaps};
use hiec_spc::xmr::{self, Chart, Direction, Observation, Options};

use crate::order::Order;
use crate::reading::{Amount, Refusal};

/// A series as it can be drawn.
#[derive(Clone, Debug)]
pub(crate) struct Judged {
    pub chart: ControlChart,
    /// Nothing for a run chart.
    pub found: Option<Chart>,
    /// Periods between first and last for which the table has no row.
    pub absent: usize,
}

/// How the series of one table are drawn.
#[derive(Clone, Debug)]
pub(crate) struct Manner {
    pub unit: Unit,
    pub target: Option<f64>,
    /// What the values are, for subtitles.
    pub measure: String,
}

/// Judges a series.
///
/// # Errors
/// What the engine refuses, in words.
pub(crate) fn judge(
    id: &str,
    title: &str,
    amounts: &std::collections::BTreeMap<NaiveDate, Amount>,
    order: &Order,
    manner: &Manner,
) -> Result<Judged, Refusal> {
    let mut rows: Vec<Observation> =
        amounts.iter().map(|(day, amount)| Observation { date: *day, value: amount.value }).collect();
    let before = rows.len();
    with_gaps(&mut rows);
    let absent = rows.len() - before;
    let values = rows.iter().filter(|row| row.value.is_some()).count();
    let days: Vec<NaiveDate> = rows.iter().map(|row| row.date).collect();
    let grain = Grain::of(&days);
    let kind = if values < FEWEST { "run chart" } else { "XmR chart" };
    let heading = Heading {
        id: id.to_owned(),
        title: title.to_owned(),
        subtitle: subtitle(manner, &days, grain, kind),
        source: order.source.clone().unwrap_or_default(),
        unit: manner.unit.clone(),
        events: order.rebases.iter().filter(|(_, why)| !why.is_empty()).chain(&order.events).cloned().collect(),
    };
    let options = Options {
        direction: order.improve.unwrap_or(Direction::Neutral),
        target: manner.target,
        rebases: order.rebases.iter().map(|(day, _)| *day).collect(),
        baseline: order.baseline,
        unit: match manner.unit {
            Unit::Percent => xmr::Unit::Percent,
            Unit::Share => xmr::Unit::Fraction,
            Unit::Plain | Unit::Pounds | Unit::Of(_) => xmr::Unit::Plain,
        },
        ..Options::default()
    };
    let (chart, found) = ControlChart::of_series(&rows, &options, heading)
        .map_err(|refusal| Refusal::Engine(format!("{title}: {refusal}")))?;
    Ok(Judged { chart, found, absent })
}

fn subtitle(manner: &Manner, days: &[NaiveDate], grain: Grain, kind: &str) -> String {
    let how_often = match grain {
        Grain::Day => "daily",
        Grain::Week => "weekly",
        Grain::Month => "monthly",
        Grain::Quarter => "quarterly",
        Grain::Year => "yearly",
    };
    let unit = match &manner.unit {
        Unit::Of(name) => format!(", {name}"),
        _ => String::new(),
    };
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return manner.measure.clone() };
    let when = match days.len() {
        1 => grain.name(*first),
        _ => format!("{how_often}, {} to {}", grain.name(*first), grain.name(*last)),
    };
    format!("{}{unit} · {when} · {kind}", manner.measure)
}
