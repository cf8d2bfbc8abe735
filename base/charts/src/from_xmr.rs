//! From an XmR chart as the engine found it to a chart that can be drawn; it adds words around the findings and none of
//! its own.

use chrono::NaiveDate;
use hiec_spc::xmr::{self, Chart, End, Mark, PointKind};

use crate::Unit;
use crate::control::{Centre, ControlChart, Event, Kind, Point, When};

/// What a chart is called, and what happened that the figures do not know.
#[derive(Clone, Debug, Default)]
pub struct Heading {
    /// Begins the ids in the picture; unique on a page.
    pub id: String,
    pub title: String,
    pub subtitle: String,
    pub source: String,
    pub unit: Unit,
    /// Changes in care, and reasons for rebases: those on the day of a rebase are told with it.
    pub events: Vec<(NaiveDate, String)>,
}

impl ControlChart {
    /// The chart of what the engine found.
    #[must_use]
    pub fn of_xmr(chart: &Chart, heading: Heading) -> Self {
        let Heading { id, title, subtitle, source, unit, events } = heading;
        let points = chart.points.iter().enumerate().map(|(place, point)| drawn(chart, place, point)).collect();
        let notices = chart.notices.iter().map(ToString::to_string);
        let target = chart.assurance_words();
        let summary = std::iter::once(chart.summary()).chain(target.clone()).chain(notices.clone());
        let reading = last_says(chart).into_iter().chain(target).chain(notices.filter(|_| chart.notices.len() < 4));
        Self {
            id,
            title,
            subtitle,
            source,
            unit,
            points,
            summary: summary.collect::<Vec<_>>().join(" "),
            reading: reading.collect::<Vec<_>>().join(" "),
            centre: Centre::Mean,
            target: chart.options.target,
            direction: chart.options.direction,
            events: told(chart, events),
            variation: chart.variation,
            assurance: chart.assurance,
        }
    }
}

fn drawn(chart: &Chart, place: usize, point: &xmr::Point) -> Point {
    let group = chart.group_of(point);
    let limits = group.and_then(|group| group.spread.limits());
    Point {
        when: When::Day(point.date),
        value: point.value(),
        part: point.group,
        centre: group.map(|group| group.mean),
        lower: limits.map(|limits| limits.lower),
        upper: limits.map(|limits| limits.upper),
        kind: point.mark.map_or(Kind::Common, kind),
        why: chart.flags(place).into_iter().map(|flag| flag.words).collect::<Vec<_>>().join("; "),
    }
}

fn kind(mark: Mark) -> Kind {
    let is_high = mark.signal.is_some_and(|signal| signal.end == End::High);
    match (mark.kind, is_high) {
        (PointKind::CommonCause, _) => Kind::Common,
        (PointKind::Improvement, true) => Kind::ImprovementHigh,
        (PointKind::Improvement, false) => Kind::ImprovementLow,
        (PointKind::Concern, true) => Kind::ConcernHigh,
        (PointKind::Concern, false) => Kind::ConcernLow,
        (PointKind::NeutralHigh, _) => Kind::NeutralHigh,
        (PointKind::NeutralLow, _) => Kind::NeutralLow,
    }
}

/// What the last point says, as a sentence.
fn last_says(chart: &Chart) -> Option<String> {
    let place = chart.points.iter().rposition(|point| point.mark.is_some())?;
    let kind = chart.variation?.kind().words();
    let flags: Vec<String> = chart.flags(place).into_iter().map(|flag| flag.words).collect();
    Some(match flags.is_empty() {
        true => format!("The last point shows {kind}."),
        false => format!("The last point shows {kind}: {}.", flags.join("; ")),
    })
}

/// Rebases with their reasons, the end of a fixed baseline, and whatever else happened, in order.
fn told(chart: &Chart, mut given: Vec<(NaiveDate, String)>) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    for group in &chart.groups {
        if let Some(asked) = group.rebase {
            let reasons: Vec<String> =
                given.extract_if(.., |(day, _)| *day == asked || *day == group.from).map(|(_, words)| words).collect();
            let words = match reasons.is_empty() {
                true => "New limits".to_owned(),
                false => format!("New limits: {}", reasons.join("; ")),
            };
            events.push(Event { when: When::Day(group.from), words, is_rebase: true });
        }
        if chart.options.baseline.is_some() && group.count > group.working.points {
            let after = chart.points.get(group.points.clone()).unwrap_or_default();
            let first_after = after.iter().find(|point| point.mark.is_some_and(|mark| !mark.in_baseline));
            let words = format!("Limits fixed on the {} points before", group.working.points);
            events.extend(first_after.map(|point| Event { when: When::Day(point.date), words, is_rebase: true }));
        }
    }
    events.extend(given.into_iter().map(|(day, words)| Event { when: When::Day(day), words, is_rebase: false }));
    events.sort_by_key(|event| match event.when {
        When::Day(day) => day,
        When::Row(_) => NaiveDate::MIN,
    });
    events
}
