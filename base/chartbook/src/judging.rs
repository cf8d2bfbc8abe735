//! One series, from its amounts to its chart and verdict: gaps filled in, too short a series drawn as a run chart without
//! limits. All judgement is the engine's.

use chrono::{Datelike, Days, Months, NaiveDate};
use hiec_charts::{Centre, ControlChart, Grain, Heading, Point, Unit, When};
use hiec_spc::xmr::{self, Chart, Direction, Observation, Options};

use crate::order::Order;
use crate::reading::{Amount, Refusal};

/// Fewer values than this, and a series is a run chart without limits.
pub(crate) const FEWEST: usize = 12;

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
    fill(&mut rows);
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
    if values < FEWEST {
        return Ok(Judged { chart: run_chart(heading, &rows, values, order, manner), found: None, absent });
    }
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
    let found = Chart::draw(&rows, &options).map_err(|refusal| Refusal::Engine(format!("{title}: {refusal}")))?;
    Ok(Judged { chart: ControlChart::of_xmr(&found, heading), found: Some(found), absent })
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

fn run_chart(heading: Heading, rows: &[Observation], values: usize, order: &Order, manner: &Manner) -> ControlChart {
    let Heading { id, title, subtitle, source, unit, events } = heading;
    let median = median(rows.iter().filter_map(|row| row.value).collect());
    let points =
        rows.iter().map(|row| Point { centre: median, ..Point::new(When::Day(row.date), row.value) }).collect();
    let reading = match values {
        0 => "There are no values to show.".to_owned(),
        1 => format!("1 point: fewer than {FEWEST}, too few for limits and rules."),
        _ => format!("{values} points: fewer than {FEWEST}, too few for limits and rules. The line is the median."),
    };
    ControlChart {
        id,
        title,
        subtitle,
        source,
        unit,
        points,
        summary: reading.clone(),
        reading,
        centre: Centre::Median,
        target: manner.target,
        direction: order.improve.unwrap_or(Direction::Neutral),
        events: events
            .into_iter()
            .map(|(day, words)| hiec_charts::Event { when: When::Day(day), words, is_rebase: false })
            .collect(),
        ..ControlChart::default()
    }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() % 2 {
        _ if values.len() < 2 => None,
        1 => values.get(middle).copied(),
        _ => Some(f64::midpoint(*values.get(middle - 1)?, *values.get(middle)?)),
    }
}

/// Puts gaps where a series that is regular lacks a row: months, quarters and years of one day of the month, weeks of one
/// day of the week. Days are left alone: many series have none at weekends.
fn fill(rows: &mut Vec<Observation>) {
    let days: Vec<NaiveDate> = rows.iter().map(|row| row.date).collect();
    let (Some(first), Some(last)) = (days.first().copied(), days.last().copied()) else { return };
    let step = |at: u32| match Grain::of(&days) {
        Grain::Day => None,
        Grain::Week => first.checked_add_days(Days::new(u64::from(at) * 7)),
        Grain::Month => first.checked_add_months(Months::new(at)),
        Grain::Quarter => first.checked_add_months(Months::new(at * 3)),
        Grain::Year => first.checked_add_months(Months::new(at * 12)),
    };
    // A day of the month that not every month has is not a regular one.
    if first.day() > 28 {
        return;
    }
    let regular: Vec<NaiveDate> = (0..).map_while(step).take_while(|day| *day <= last).take(rows.len() * 3).collect();
    let is_regular = days.iter().all(|day| regular.binary_search(day).is_ok());
    // More gaps than rows: not a series with gaps but one of another step.
    if !is_regular || regular.len() > rows.len() * 2 {
        return;
    }
    let absent = regular.into_iter().filter(|day| days.binary_search(day).is_err());
    rows.extend(absent.map(Observation::gap));
    rows.sort_by_key(|row| row.date);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(days: &[&str]) -> Vec<Observation> {
        days.iter().map(|day| Observation::new(day.parse().unwrap(), 1.0)).collect()
    }

    fn filled(days: &[&str]) -> usize {
        let mut rows = rows(days);
        fill(&mut rows);
        assert!(rows.is_sorted_by_key(|row| row.date));
        rows.len() - days.len()
    }

    #[test]
    fn absent_periods_of_a_regular_series_are_gaps() {
        assert_eq!(filled(&["2019-01-01", "2019-02-01", "2019-05-01", "2019-06-01"]), 2);
        assert_eq!(filled(&["2019-01-07", "2019-01-14", "2019-01-28", "2019-02-04"]), 1);
        assert_eq!(filled(&["2014-04-01", "2015-04-01", "2017-04-01", "2018-04-01"]), 1);
    }

    #[test]
    fn irregular_series_are_left_alone() {
        assert_eq!(filled(&["2019-01-01", "2019-02-03", "2019-05-01", "2019-06-11"]), 0);
        assert_eq!(filled(&["2019-01-01", "2019-01-02", "2019-01-05"]), 0);
        assert_eq!(filled(&["2019-01-01"]), 0);
        assert_eq!(filled(&[]), 0);
    }

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median(vec![1.0]), None);
    }
}
