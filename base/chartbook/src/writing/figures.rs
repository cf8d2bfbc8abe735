//! The figures as tables of comma-separated values: every point of every chart, a line for each series, and the rows that
//! are in none.

use std::io;

use chrono::NaiveDate;
use hiec_charts::{Kind, When};
use hiec_tables::{Problem, Writing};
use serde::Serialize;

use crate::book::{Book, Series};
use crate::reading::Fault;

/// One point of a chart.
#[derive(Clone, Debug, Serialize)]
pub(super) struct PointFigures {
    pub date: Option<NaiveDate>,
    pub value: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numerator: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub denominator: Option<f64>,
    pub mean: Option<f64>,
    pub lower_limit: Option<f64>,
    pub upper_limit: Option<f64>,
    /// Counts stretches with limits of their own.
    pub part: usize,
    pub kind: &'static str,
    pub why: String,
}

/// The points of a chart, gaps among them.
pub(super) fn points_of(series: &Series) -> Vec<PointFigures> {
    let parts = series.parts.iter().copied().chain(std::iter::repeat((None, None)));
    series
        .chart
        .points
        .iter()
        .zip(parts)
        .map(|(point, (numerator, denominator))| PointFigures {
            date: match point.when {
                When::Day(day) => Some(day),
                When::Row(_) => None,
            },
            value: point.value,
            numerator,
            denominator,
            mean: point.centre,
            lower_limit: point.lower,
            upper_limit: point.upper,
            part: point.part,
            kind: match (point.value, point.kind) {
                (None, _) => "gap",
                (_, Kind::Common) => "common_cause",
                (_, Kind::ImprovementHigh) => "improvement_high",
                (_, Kind::ImprovementLow) => "improvement_low",
                (_, Kind::ConcernHigh) => "concern_high",
                (_, Kind::ConcernLow) => "concern_low",
                (_, Kind::NeutralHigh) => "neutral_high",
                (_, Kind::NeutralLow) => "neutral_low",
                (_, Kind::Excluded) => "excluded",
            },
            why: point.why.clone(),
        })
        .collect()
}

/// Every point of every chart.
pub(super) fn points(book: &Book) -> io::Result<Vec<u8>> {
    let mut head = vec!["series"];
    head.extend(book.by.iter().map(String::as_str));
    let own = [
        "date",
        "value",
        "numerator",
        "denominator",
        "mean",
        "lower_limit",
        "upper_limit",
        "target",
        "part",
        "kind",
        "why",
    ];
    head.extend(own);
    written(&head, |table| {
        for one in &book.series {
            for point in points_of(one) {
                names(table, one)?;
                table.text(&point.date.map(|day| day.to_string()).unwrap_or_default())?;
                table.figure(point.value)?.figure(point.numerator)?.figure(point.denominator)?;
                table.figure(point.mean)?.figure(point.lower_limit)?.figure(point.upper_limit)?;
                table.figure(one.chart.target)?.figure(point.part)?.text(point.kind)?.text(&point.why)?;
                table.end()?;
            }
        }
        Ok(())
    })
}

/// A line for each series, in the order of the table of icons.
pub(super) fn summary(book: &Book) -> io::Result<Vec<u8>> {
    let mut head = vec!["series"];
    head.extend(book.by.iter().map(String::as_str));
    let own = [
        "picture",
        "points",
        "gaps",
        "first",
        "last",
        "last_value",
        "mean",
        "lower_limit",
        "upper_limit",
        "target",
        "variation",
        "assurance",
        "signal",
        "has_ended",
        "explanation",
    ];
    head.extend(own);
    written(&head, |table| {
        for one in &book.series {
            let verdict = &one.verdict;
            let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
            names(table, one)?;
            table.text(&one.place("svg").to_string_lossy())?.figure(verdict.points)?.figure(verdict.gaps)?;
            table.text(&day(verdict.first))?.text(&day(verdict.last))?.figure(verdict.last_value)?;
            table.figure(verdict.mean)?.figure(verdict.lower_limit)?.figure(verdict.upper_limit)?;
            table.figure(verdict.target)?;
            table.text(verdict.variation.unwrap_or(""))?.text(verdict.assurance.unwrap_or(""))?;
            table.text(&verdict.signal)?.figure(verdict.has_ended)?.text(&verdict.explanation)?;
            table.end()?;
        }
        Ok(())
    })
}

/// The rows that are in no chart.
pub(super) fn problems(faults: &[Fault]) -> io::Result<Vec<u8>> {
    written(&["line", "column", "reason"], |table| {
        for fault in faults {
            let line = i64::try_from(fault.line).unwrap_or(i64::MAX);
            table.figure(line)?.text(&fault.column)?.text(&fault.reason)?;
            table.end()?;
        }
        Ok(())
    })
}

fn names<W: io::Write>(table: &mut Writing<W>, one: &Series) -> Result<(), Problem> {
    table.text(&one.name)?;
    for part in &one.key {
        table.text(part)?;
    }
    Ok(())
}

fn written(head: &[&str], rows: impl FnOnce(&mut Writing<&mut Vec<u8>>) -> Result<(), Problem>) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let all = || -> Result<(), Problem> {
        let mut table = Writing::new(&mut out, head)?;
        rows(&mut table)?;
        table.finish()
    };
    all().map_err(|problem| match problem {
        Problem::Io(error) => error,
        other => io::Error::other(other.to_string()),
    })?;
    Ok(out)
}
