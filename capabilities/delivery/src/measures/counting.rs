//! Charts whose limits come from what is counted (P, P′, U, U′, C) or from how many cases stand behind a value (I′). Lines and runs
//! are the engine's; here a point is only given its meaning for the measure's direction.

use chrono::NaiveDate;
use hiec_charts::{Centre, ControlChart, Event, Heading, Kind as PointKind, Point, When};
use hiec_spc::limits::{self, Chart, Kind, Series};
use hiec_spc::xmr::{Assurance, Direction, End, Limits, Variation};

use super::rules::{Definition, MeasureKind};

/// One period: the numerator and the denominator, or nothing where it is hidden or missing.
pub(crate) type Counted = (NaiveDate, Option<(f64, Option<f64>)>);

/// What such a chart says, besides its drawing.
pub(crate) struct Said {
    pub variation: Option<Variation>,
    pub assurance: Option<Assurance>,
    /// Why the last point is flagged; empty for common cause.
    pub why: String,
    /// The whole in a sentence.
    pub reading: String,
}

/// Lines, limits and runs of a series. `rebases` are the days from which new limits were accepted.
///
/// # Errors
/// What the engine refuses, in its words.
pub(crate) fn found(
    kind: Kind,
    rows: &[Counted],
    definition: &Definition,
    rebases: &[NaiveDate],
) -> Result<Chart, String> {
    let series = match kind {
        Kind::Counts => Series::of_values(rows.iter().map(|(_, counted)| counted.map(|(count, _)| count))),
        _ => {
            Series::of_ratios(rows.iter().map(|(_, counted)| (counted.map(|one| one.0), counted.and_then(|one| one.1))))
        }
    };
    let starts = rebases.iter().map(|day| rows.partition_point(|(period, _)| period < day));
    let options = limits::Options {
        parts: starts.collect(),
        may_be_negative: false,
        multiply: match definition.kind {
            MeasureKind::Proportion => 100.0,
            MeasureKind::Rate => f64::from(definition.per),
            MeasureKind::Average | MeasureKind::Count => 1.0,
        },
        ..limits::Options::default()
    };
    let chart = series.and_then(|series| Chart::draw(kind, &series, &options));
    chart.map_err(|refusal| refusal.to_string())
}

/// What the last point says: a value outside the three-sigma limits, or the end of a run longer than chance makes likely.
pub(crate) fn said(chart: &Chart, rows: &[Counted], definition: &Definition) -> Said {
    let direction = definition.aim.direction();
    let last = chart.points.iter().rposition(|point| point.value.is_some());
    let flag = last.and_then(|place| flag(chart, rows, definition, place));
    let limits = last.and_then(|place| chart.points.get(place)?.limits);
    let assurance = definition.target.zip(limits).and_then(|(target, limits)| {
        let limits::Limits { lower, lower_two, upper_two, upper } = limits;
        Assurance::of(target, Limits { lower, near_lower: lower_two, near_upper: upper_two, upper }, direction)
    });
    let why = flag.as_ref().map(|flag| flag.1.clone()).unwrap_or_default();
    let variation = last.map(|_| variation(flag.as_ref().map(|flag| flag.0), direction));
    let mut reading = match (&flag, variation) {
        (Some((_, why)), Some(icon)) => format!("The last point shows {}: {why}.", icon.kind().words()),
        (None, Some(icon)) => format!("The last point shows {}.", icon.kind().words()),
        (_, None) => "There are no values to show.".to_owned(),
    };
    if let Some(part) = chart.parts.last().filter(|part| part.runs.is_signal()) {
        let name = |row: usize| rows.get(row).map_or_else(String::new, |(period, _)| definition.period.name(*period));
        reading.push(' ');
        reading.push_str(&part.runs.sentence(name));
    }
    if let Some(assurance) = assurance {
        reading.push(' ');
        reading.push_str(&super::judging::capital(
            hiec_charts::assurance_words(assurance).trim_start_matches("Assurance: "),
        ));
    }
    Said { variation, assurance, why, reading }
}

fn variation(end: Option<End>, direction: Direction) -> Variation {
    match (end, direction) {
        (None, _) => Variation::CommonCause,
        (Some(End::High), Direction::Increase) => Variation::ImprovementHigh,
        (Some(End::Low), Direction::Increase) => Variation::ConcernLow,
        (Some(End::High), Direction::Decrease) => Variation::ConcernHigh,
        (Some(End::Low), Direction::Decrease) => Variation::ImprovementLow,
        (Some(End::High), Direction::Neutral) => Variation::NeutralHigh,
        (Some(End::Low), Direction::Neutral) => Variation::NeutralLow,
    }
}

/// Why a point is flagged, and towards which end.
fn flag(chart: &Chart, rows: &[Counted], definition: &Definition, place: usize) -> Option<(End, String)> {
    let point = chart.points.get(place)?;
    let value = point.value?;
    if let Some(limits) = point.limits.filter(|_| point.is_outside) {
        let (end, words, limit) = match value > limits.upper {
            true => (End::High, "above", limits.upper),
            false => (End::Low, "below", limits.lower),
        };
        let size = point.size.filter(|_| chart.kind != Kind::Counts);
        let of = size.map(|size| format!(" for {size} {}", definition.denominator.to_lowercase())).unwrap_or_default();
        return Some((
            end,
            format!("{} is {words} the limit of {}{of}", definition.words(value), definition.words(limit)),
        ));
    }
    let (side, first, points) = run_of(chart, place)?;
    let expected = chart.parts.get(point.part)?.runs.expected?;
    if points <= expected.longest {
        return None;
    }
    let since = rows.get(first).map(|(period, _)| definition.period.name(*period)).unwrap_or_default();
    Some((
        side,
        format!(
            "{points} points in a row {} the middle line since {since}",
            if side == End::High { "above" } else { "below" }
        ),
    ))
}

/// The run a point belongs to, up to the point itself: its side, the row of its first point, and how many points it has so far. A point on
/// the line makes no run and breaks none.
fn run_of(chart: &Chart, place: usize) -> Option<(End, usize, usize)> {
    let part = chart.parts.get(chart.points.get(place)?.part)?;
    let centre = part.centre?;
    let side_of = |row: usize| match chart.points.get(row)?.value? {
        value if value > centre => Some(End::High),
        value if value < centre => Some(End::Low),
        _ => None,
    };
    let side = side_of(place)?;
    let (mut first, mut points) = (place, 0);
    for row in (part.rows.start..=place).rev() {
        match side_of(row) {
            None => {}
            Some(one) if one == side => (first, points) = (row, points + 1),
            Some(_) => break,
        }
    }
    Some((side, first, points))
}

fn point_kind(end: End, direction: Direction) -> PointKind {
    match (end, direction) {
        (End::High, Direction::Increase) => PointKind::ImprovementHigh,
        (End::Low, Direction::Increase) => PointKind::ConcernLow,
        (End::High, Direction::Decrease) => PointKind::ConcernHigh,
        (End::Low, Direction::Decrease) => PointKind::ImprovementLow,
        (End::High, Direction::Neutral) => PointKind::NeutralHigh,
        (End::Low, Direction::Neutral) => PointKind::NeutralLow,
    }
}

/// How middle line and limits came about, part by part.
pub(crate) fn workings(chart: &Chart, rows: &[Counted], definition: &Definition) -> Vec<String> {
    let words = |value: f64| definition.words((value * 10.0).round() / 10.0);
    let how = match chart.kind {
        Kind::Counts => "the limits lie three roots of it to each side, as for counts of rare events",
        Kind::Proportions | Kind::Rates => {
            "the limits lie three sigma to each side, by what counting alone makes of so many cases: the fewer, the wider"
        }
        _ => {
            "the limits lie three sigma to each side by the number of cases, and allow for how much the values differ beyond what counting alone makes"
        }
    };
    let told = chart.parts.iter().filter_map(|part| {
        let centre = part.centre?;
        let (first, last) = (rows.get(part.rows.start)?, rows.get(part.rows.end.checked_sub(1)?)?);
        Some(format!(
            "{}, {} to {}: the middle line is {}, all together over all cases; {how}.",
            chart.kind.name(),
            definition.period.name(first.0),
            definition.period.name(last.0),
            words(centre)
        ))
    });
    told.collect()
}

/// The chart to draw.
pub(crate) fn drawn(
    chart: &Chart,
    said: &Said,
    rows: &[Counted],
    definition: &Definition,
    (heading, rebases): (Heading, &[NaiveDate]),
) -> ControlChart {
    let Heading { id, title, subtitle, source, unit, events } = heading;
    let direction = definition.aim.direction();
    let points = rows.iter().zip(&chart.points).enumerate().map(|(place, ((period, _), point))| {
        let flag = flag(chart, rows, definition, place);
        Point {
            when: When::Day(*period),
            value: point.value,
            part: point.part,
            centre: chart.parts.get(point.part).and_then(|part| part.centre),
            lower: point.limits.map(|limits| limits.lower),
            upper: point.limits.map(|limits| limits.upper),
            kind: flag.as_ref().map_or(PointKind::Common, |(end, _)| point_kind(*end, direction)),
            why: flag.map(|(_, why)| why).unwrap_or_default(),
        }
    });
    ControlChart {
        id,
        title,
        subtitle,
        source,
        unit,
        points: points.collect(),
        summary: said.reading.clone(),
        reading: said.reading.clone(),
        centre: Centre::Mean,
        target: definition.target,
        direction,
        events: events
            .into_iter()
            .map(|(day, words)| Event { when: When::Day(day), is_rebase: rebases.contains(&day), words })
            .collect(),
        variation: said.variation,
        assurance: said.assurance,
    }
}

#[cfg(test)]
mod tests {
    use chrono::Months;

    use super::*;
    use crate::measures::rules::ChartKind;
    use crate::measures::rules::tests::proportion;

    fn rows(figures: &[(f64, f64)]) -> Vec<Counted> {
        let first = NaiveDate::from_ymd_opt(2010, 1, 1).unwrap();
        (0..)
            .map(|nth| first + Months::new(nth))
            .zip(figures)
            .map(|(day, one)| (day, Some((one.0, Some(one.1)))))
            .collect()
    }

    #[test]
    fn limits_of_a_p_chart_widen_where_there_are_few_cases() {
        let definition = Definition { chart: ChartKind::P, target: Some(30.0), ..proportion() };
        let mut figures = vec![(50.0, 100.0); 20];
        figures.push((5.0, 10.0));
        figures.push((20.0, 100.0));
        let rows = rows(&figures);
        let chart = found(Kind::Proportions, &rows, &definition, &[]).unwrap();
        let width = |place: usize| chart.points[place].limits.map(|limits| limits.upper - limits.lower).unwrap();
        // Montgomery: three times the root of p(1 − p)/n to each side, p being all of all.
        let p: f64 = (50.0 * 20.0 + 5.0 + 20.0) / (100.0 * 20.0 + 10.0 + 100.0);
        assert!((width(0) - 600.0 * (p * (1.0 - p) / 100.0).sqrt()).abs() < 1e-9, "{}", width(0));
        assert!(width(20) > 3.0 * width(0));
        let said = said(&chart, &rows, &definition);
        assert_eq!(said.variation, Some(Variation::ConcernLow));
        assert!(said.why.contains("20% is below the limit of 33"), "{}", said.why);
        assert_eq!(said.assurance, Some(Assurance::Pass), "30% lies below the lower limit of so many cases");
    }

    #[test]
    fn a_long_run_is_told_and_new_limits_begin_where_they_were_accepted() {
        let definition = Definition { chart: ChartKind::P, ..proportion() };
        let figures: Vec<(f64, f64)> = (0..12)
            .map(|nth| (48.0 + f64::from(nth % 3), 100.0))
            .chain((0..12).map(|nth| (54.0 + f64::from(nth % 3), 100.0)))
            .collect();
        let rows = rows(&figures);
        let chart = found(Kind::Proportions, &rows, &definition, &[]).unwrap();
        let told = said(&chart, &rows, &definition);
        assert_eq!(told.variation, Some(Variation::ImprovementHigh));
        assert!(told.why.starts_with("12 points in a row above the middle line since January 2011"), "{}", told.why);
        let from = NaiveDate::from_ymd_opt(2011, 1, 1).unwrap();
        let chart = found(Kind::Proportions, &rows, &definition, &[from]).unwrap();
        assert_eq!(chart.parts.len(), 2);
        assert_eq!(said(&chart, &rows, &definition).variation, Some(Variation::CommonCause));
    }

    #[test]
    fn what_is_hidden_is_a_gap_and_nothing_at_all_says_nothing() {
        let definition = Definition { chart: ChartKind::P, ..proportion() };
        let mut with_gap = rows(&[(50.0, 100.0); 13]);
        with_gap[3].1 = None;
        let chart = found(Kind::Proportions, &with_gap, &definition, &[]).unwrap();
        assert_eq!(chart.points[3].value, None);
        let chart = found(Kind::Proportions, &[], &definition, &[]).unwrap();
        assert_eq!(said(&chart, &[], &definition).variation, None);
    }
}
