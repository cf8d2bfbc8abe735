//! `hiec impact its`: the fit of every series in a table; it must never fit a point whose value is missing.

use std::collections::HashMap;
use std::io::{Read, Write};

use hiec_tables::{Problem, Reading, Row, Writing};

use super::Notes;
use super::grouping::{Grouping, flag, name};
use crate::interrupted::{Fit, Interrupted, Model, Point};
use crate::verdict::{Bar, of_series};

/// The columns printed, one row a series.
pub const ITS_COLUMNS: [&str; 20] = [
    "series_id",
    "model",
    "n",
    "first_post_t",
    "b0",
    "b_time",
    "b_level",
    "b_slope",
    "se_level_ols",
    "se_slope_ols",
    "nw_lag",
    "se_level_nw",
    "se_slope_nw",
    "sum_effect_post",
    "se_sum_ols",
    "se_sum_nw",
    "last_counterfactual",
    "last_fitted",
    "durbin_watson",
    "dispersion",
];

const NEEDED: [&str; 4] = ["series_id", "t", "y", "post"];
const OPTIONAL: [&str; 2] = ["denominator", "time_since"];
const SERIES: usize = 0;
const T: usize = 1;
const Y: usize = 2;
const POST: usize = 3;
const DENOMINATOR: usize = 4;
const SINCE: usize = 5;

/// One line of the table.
struct Line {
    line: u64,
    t: f64,
    y: Option<f64>,
    denominator: Option<f64>,
    post: bool,
    since: Option<f64>,
}

/// Reads series, fits each, and writes the fits in the order the series were first seen.
///
/// A series with a denominator is one of counts, any other one of values.
///
/// # Errors
/// A table that breaks a rule, with line and column; an output that takes no more.
pub fn its(input: impl Read, output: impl Write) -> Result<Notes, Problem> {
    let mut reading = Reading::new(input, &NEEDED, &OPTIONAL)?;
    let mut grouping = Grouping::new();
    while let Some(row) = reading.next_row()? {
        grouping.add(name(row, SERIES)?, line(row)?);
    }
    // Every series is checked before anything is printed: a refusal leaves no half of an answer.
    let starts: Vec<Option<f64>> = grouping.series.iter().map(|(_, lines)| start(lines)).collect::<Result<_, _>>()?;
    let mut writing = Writing::new(output, &ITS_COLUMNS)?;
    let mut notes = Notes::default();
    for ((series, lines), start) in grouping.series.into_iter().zip(starts) {
        let model = match lines.iter().any(|line| line.denominator.is_some()) {
            true => Model::Poisson,
            false => Model::Linear,
        };
        let points = points(&series, &lines, model, &mut notes);
        let n = points.len();
        // Without a point after, no time is the start; any later one says so.
        let interrupted = Interrupted::new(points, start.unwrap_or(f64::MAX));
        let fit = interrupted.as_ref().map_err(|reason| *reason).and_then(|interrupted| interrupted.fit(model));
        match (&interrupted, &fit) {
            (Ok(interrupted), Ok(_)) => {
                notes.say(&series, of_series(interrupted, model, &Bar::default()).words("the measure"));
            }
            (_, Err(reason)) | (Err(reason), _) => notes.say(&series, format_args!("not fitted: {reason}")),
        }
        writing.text(&series)?.text(model.key())?.figure(n)?.figure(start)?;
        row(&mut writing, fit.ok().as_ref())?;
    }
    writing.finish()?;
    Ok(notes)
}

fn line(row: Row<'_>) -> Result<Line, Problem> {
    let line = Line {
        line: row.line(),
        t: row.needed(T, row.number(T))?,
        y: row.number(Y)?,
        denominator: row.number(DENOMINATOR)?,
        post: flag(row, POST)?,
        since: row.number(SINCE)?,
    };
    match (line.y, line.denominator) {
        (_, Some(denominator)) if denominator < 0.0 => {
            Err(Problem::cell(line.line, row.name(DENOMINATOR), "a denominator cannot be negative"))
        }
        (Some(y), Some(_)) if y < 0.0 => Err(Problem::cell(line.line, row.name(Y), "a count cannot be negative")),
        (Some(y), Some(0.0)) if y > 0.0 => {
            Err(Problem::cell(line.line, row.name(DENOMINATOR), format!("{y} events among none")))
        }
        _ => Ok(line),
    }
}

/// The first time after, once the columns that say when agree with each other.
fn start(lines: &[Line]) -> Result<Option<f64>, Problem> {
    let start = lines.iter().filter(|line| line.post).map(|line| line.t).min_by(f64::total_cmp);
    let mut seen: HashMap<u64, u64> = HashMap::new();
    for line in lines {
        // Adding nought makes minus nought the same time as nought.
        if let Some(before) = seen.insert((line.t + 0.0).to_bits(), line.line) {
            return Err(Problem::cell(
                line.line,
                "t",
                format!("{} stands twice in this series: see line {before}", line.t),
            ));
        }
        if let Some(start) = start.filter(|start| line.t >= *start && !line.post) {
            let reason = format!("0 after the start at {start}: once after, a series stays after");
            return Err(Problem::cell(line.line, "post", reason));
        }
        let since = start.filter(|_| line.post).map_or(0.0, |start| line.t - start);
        if let Some(given) = line.since.filter(|given| (given - since).abs() > 1e-9 * since.abs().max(1.0)) {
            let reason = format!("{given}, where the columns t and post say {since}");
            return Err(Problem::cell(line.line, "time_since", reason));
        }
    }
    Ok(start)
}

/// The points that can be fitted, and a note of those that cannot.
fn points(series: &str, lines: &[Line], model: Model, notes: &mut Notes) -> Vec<Point> {
    let point = |line: &Line| match model {
        Model::Linear => line.y.map(|y| Point { t: line.t, y, denominator: None }),
        Model::Poisson => {
            let denominator = line.denominator.filter(|denominator| *denominator > 0.0)?;
            line.y.map(|y| Point { t: line.t, y, denominator: Some(denominator) })
        }
    };
    let points: Vec<Point> = lines.iter().filter_map(point).collect();
    let absent = lines.len() - points.len();
    if absent > 0 {
        let what = if model == Model::Poisson { "a count or a denominator" } else { "a value" };
        notes.say(
            series,
            format_args!("{absent} of {} rows have no {}: left out", lines.len(), what.trim_start_matches("a ")),
        );
    }
    points
}

fn row<W: Write>(writing: &mut Writing<W>, fit: Option<&Fit>) -> Result<(), Problem> {
    let of = |number: fn(&Fit) -> f64| fit.map(number);
    let newey_west = fit.and_then(|fit| fit.newey_west);
    // The summed effect of counts has its standard error in the engine; the table has no place for it.
    let sum_error = fit.filter(|fit| fit.model == Model::Linear).map(|fit| fit.sum_error);
    writing
        .figure(of(|fit| fit.intercept))?
        .figure(of(|fit| fit.trend))?
        .figure(of(|fit| fit.level))?
        .figure(of(|fit| fit.slope))?
        .figure(of(|fit| fit.level_error))?
        .figure(of(|fit| fit.slope_error))?
        .figure(newey_west.map(|errors| errors.lag))?
        .figure(newey_west.map(|errors| errors.level_error))?
        .figure(newey_west.map(|errors| errors.slope_error))?
        .figure(of(|fit| fit.sum))?
        .figure(sum_error)?
        .figure(newey_west.map(|errors| errors.sum_error))?
        .figure(fit.and_then(Fit::last_counterfactual))?
        .figure(fit.and_then(Fit::last_fitted))?
        .figure(fit.and_then(|fit| fit.durbin_watson))?
        .figure(fit.and_then(|fit| fit.dispersion))?
        .end()
}
