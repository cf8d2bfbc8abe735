//! `hiec spc qic`: a row for every point of run charts and charts of every kind of data, in the columns the gold of qicharts2 has; a column never changes its meaning.

use std::io::{Read, Write};

use chrono::NaiveDate;
use hiec_tables::{Cells, Figure, Problem, Row, Writing};

use super::gathering::{Columns, Gathered, answer_all, flag, list, read_rows, read_series, unlike};
use super::{Failure, Notes};
use crate::limits::{Chart, Kind, Options, Part, Point, Refusal, Series};
use crate::runs::Method;

/// The columns of the answer.
pub const QIC_COLUMNS: [&str; 21] = [
    "series_id",
    "idx",
    "date",
    "part",
    "in_baseline",
    "included",
    "y",
    "n",
    "cl",
    "lcl",
    "lcl_95",
    "ucl_95",
    "ucl",
    "n_obs",
    "n_useful",
    "longest_run",
    "longest_run_max",
    "n_crossings",
    "n_crossings_min",
    "runs_signal",
    "sigma_signal",
];

const SERIES: Columns<'_> = Columns {
    needed: &["series_id", "chart"],
    optional: &["freeze", "part", "exclude", "cl", "screened_mr", "y_neg", "multiply", "method"],
};
const INPUT: Columns<'_> = Columns { needed: &["series_id", "y"], optional: &["date", "n"] };

/// Columns of the table of series.
const CHART: usize = 1;
const CENTRE: usize = 5;
const MULTIPLY: usize = 8;
const METHOD: usize = 9;

/// A row of the input.
#[derive(Clone, Copy)]
struct Entry {
    date: Option<NaiveDate>,
    y: Option<f64>,
    n: Option<f64>,
}

type Choices = (Kind, Options);

/// Draws every series and prints a row for every point.
///
/// Rows are put in order of date where all of a series have one. On Xbar and S charts the rows of a date are one point.
///
/// # Errors
/// A table that cannot be read, rows that cannot stand in their chart, with line and column; an output that takes no
/// more. What was printed before is then only the beginning of the answer.
pub fn qic(input: impl Read, series: impl Read, output: impl Write) -> Result<Notes, Failure> {
    let series = read_series(series, &SERIES, choices).map_err(Failure::Series)?;
    let (series, without_rows) = read_rows(input, &INPUT, series, entry).map_err(Failure::Input)?;
    let mut answer = Writing::new(output, &QIC_COLUMNS).map_err(Failure::Answer)?;
    let mut notes = answer_all(&series, &mut answer, print)?;
    answer.finish().map_err(Failure::Answer)?;
    notes.without_rows = without_rows;
    Ok(notes)
}

fn choices(row: Row<'_>) -> Result<Choices, Problem> {
    let code = row.text(CHART)?;
    let kind = Kind::of_code(code).ok_or_else(|| {
        let codes: Vec<&str> = Kind::ALL.into_iter().map(Kind::code).collect();
        unlike(row, CHART, code, &format!("one of {}", codes.join(", ")))
    })?;
    let method = match row.text(METHOD)? {
        "" => Method::default(),
        code => Method::of_code(code).ok_or_else(|| unlike(row, METHOD, code, "anhoej, bestbox or cutbox"))?,
    };
    let options = Options {
        freeze: row.whole(2)?,
        parts: list(row, 3)?,
        excluded: list(row, 4)?,
        centre: row.number(CENTRE)?,
        is_screened: flag(row, 6)?,
        may_be_negative: flag(row, 7)?,
        multiply: row.number(MULTIPLY)?.unwrap_or(1.0),
        method,
    };
    Ok((kind, options))
}

fn entry(row: Row<'_>) -> Result<Entry, Problem> {
    Ok(Entry { date: row.date(2)?, y: row.number(1)?, n: row.number(3)? })
}

fn print(series: &Gathered<Choices, Entry>, rows: &mut Cells, notes: &mut Notes) -> Result<(), Failure> {
    let (kind, options) = &series.choices;
    let (entries, lines) = series.in_order(|entry| entry.date);
    let subgroups = subgroups(*kind, &entries);
    let drawn = figures(*kind, &entries, &subgroups)
        .and_then(|figures| Chart::draw(*kind, &figures, options).map(|chart| (chart, figures.gaps())));
    let (chart, gaps) = drawn.map_err(|refusal| {
        let first = |row: usize| subgroups.get(row).map_or(row, |subgroup| subgroup.start);
        refused(refusal, series.line, |row| lines.get(first(row)).copied().unwrap_or_default())
    })?;
    notes.gaps += gaps;
    if options.freeze.is_some() && !options.parts.is_empty() {
        notes.say(format_args!("series {}: freeze has no effect where there are parts", series.id));
    }
    for part in &chart.parts {
        for row in part.rows.clone() {
            let date =
                entries.get(subgroups.get(row).map_or(row, |subgroup| subgroup.start)).and_then(|entry| entry.date);
            if let Some(point) = chart.points.get(row) {
                print_point(series, row, date, part, point, rows);
            }
        }
    }
    Ok(())
}

/// The rows of each point, for charts that gather several; none for others.
fn subgroups(kind: Kind, entries: &[Entry]) -> Vec<std::ops::Range<usize>> {
    let mut subgroups = Vec::new();
    if matches!(kind, Kind::Means | Kind::Deviations) {
        let is_same = |before: &Entry, after: &Entry| before.date.is_some() && before.date == after.date;
        for subgroup in entries.chunk_by(is_same) {
            let start = subgroups.last().map_or(0, |before: &std::ops::Range<usize>| before.end);
            subgroups.push(start..start + subgroup.len());
        }
    }
    subgroups
}

fn figures(kind: Kind, entries: &[Entry], subgroups: &[std::ops::Range<usize>]) -> Result<Series, Refusal> {
    if matches!(kind, Kind::Means | Kind::Deviations) {
        let measured: Vec<Vec<f64>> = (subgroups.iter())
            .map(|rows| entries.get(rows.clone()).unwrap_or_default().iter().filter_map(|entry| entry.y).collect())
            .collect();
        return Series::of_subgroups(measured.iter().map(Vec::as_slice));
    }
    if entries.iter().any(|entry| entry.n.is_some()) {
        return Series::of_ratios(entries.iter().map(|entry| (entry.y, entry.n)));
    }
    Series::of_values(entries.iter().map(|entry| entry.y))
}

/// Says in which table, line and column a refused series is at fault.
pub(super) fn refused(refusal: Refusal, series: u64, line: impl Fn(usize) -> u64) -> Failure {
    let column = match refusal {
        Refusal::NegativeSize { .. } => "n",
        Refusal::Value { .. } | Refusal::Negative { .. } | Refusal::MoreThanAll { .. } => "y",
        Refusal::Follows { .. } => "chart_type",
        Refusal::Centre | Refusal::CentreOutside { .. } => "cl",
        Refusal::Multiply => "multiply",
    };
    match refusal.row() {
        Some(row) => Failure::Input(Problem::cell(line(row), column, refusal.to_string())),
        None => Failure::Series(Problem::cell(series, column, refusal.to_string())),
    }
}

fn print_point(
    series: &Gathered<Choices, Entry>,
    row: usize,
    date: Option<NaiveDate>,
    part: &Part,
    point: &Point,
    rows: &mut Cells,
) {
    rows.text(&series.id).figure(row + 1);
    match date {
        Some(date) => rows.date(date),
        None => rows.figure(Figure::Nothing),
    };
    // The first point of a chart of ranges never had a value; elsewhere one is missing.
    let is_first_range = series.choices.0 == Kind::MovingRange && row == part.rows.start;
    let missing = if is_first_range { Figure::Nothing } else { Figure::Number(f64::NAN) };
    let limits = point.limits;
    let runs = &part.runs;
    rows.figure(point.part + 1)
        .figure(point.is_baseline)
        .figure(point.is_included)
        .figure(point.value.map_or(missing, Figure::Number))
        .figure(point.size)
        .figure(part.centre)
        .figure(limits.map(|limits| limits.lower))
        .figure(limits.map(|limits| limits.lower_two))
        .figure(limits.map(|limits| limits.upper_two))
        .figure(limits.map(|limits| limits.upper))
        .figure(runs.observations)
        .figure(runs.useful)
        .figure(runs.longest.map(|longest| longest.points))
        .figure(runs.expected.map(|expected| expected.longest))
        .figure(runs.crossings)
        .figure(runs.expected.map(|expected| expected.crossings))
        .figure(runs.is_signal())
        .figure(point.is_outside)
        .end();
}
