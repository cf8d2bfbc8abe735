//! `hiec adoption fit`: the curves of every series in a table; it must never keep a fit from those who ask, nor its doubts.

use std::collections::HashMap;
use std::io::{Read, Write};

use hiec_tables::{Problem, Reading, Row, Writing};

use super::Notes;
use crate::curves::{Estimate, NoCurve, Period, Spread, bass, bass_with_ceiling, doubts, logistic};

/// The columns printed, one row a series. `true_p` and `true_q` are what made-up series were made with: always empty here.
pub const FIT_COLUMNS: [&str; 20] = [
    "series_id",
    "eligible",
    "n_periods",
    "true_p",
    "true_q",
    "bass_p",
    "bass_q",
    "bass_m",
    "bass_p_se",
    "bass_q_se",
    "bass_m_se",
    "bass_rss",
    "bass_peak_time",
    "bassfix_p",
    "bassfix_q",
    "bassfix_rss",
    "logis_L",
    "logis_k",
    "logis_t0",
    "logis_rss",
];

const NEEDED: [&str; 4] = ["series_id", "t", "new_adopters", "cum_adopters"];
const OPTIONAL: [&str; 1] = ["eligible"];
const SERIES: usize = 0;
const T: usize = 1;
const NEW: usize = 2;
const CUMULATIVE: usize = 3;
const ELIGIBLE: usize = 4;

/// What was read of one series.
struct Lines {
    series: String,
    periods: Vec<Period>,
    lines: Vec<u64>,
    eligible: Option<u32>,
}

/// Reads series, fits the curves of each, and writes them in the order the series were first seen.
///
/// # Errors
/// A table that breaks a rule, with line and column; an output that takes no more.
pub fn fit(input: impl Read, output: impl Write) -> Result<Notes, Problem> {
    let mut spreads = Vec::new();
    for series in read(input)? {
        let spread = Spread::new(series.periods.clone(), series.eligible).map_err(|reason| refused(&series, reason))?;
        spreads.push((series, spread));
    }
    // Every series is checked before anything is printed: a refusal leaves no half of an answer.
    let mut writing = Writing::new(output, &FIT_COLUMNS)?;
    let mut notes = Notes::default();
    for (series, spread) in spreads {
        row(&mut writing, &series, &spread, &mut notes)?;
    }
    writing.finish()?;
    Ok(notes)
}

fn read(input: impl Read) -> Result<Vec<Lines>, Problem> {
    let mut reading = Reading::new(input, &NEEDED, &OPTIONAL)?;
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut all: Vec<Lines> = Vec::new();
    while let Some(row) = reading.next_row()? {
        let name = row.text(SERIES)?;
        let name = row.needed(SERIES, Ok((!name.is_empty()).then_some(name)))?;
        let place = *places.entry(name.to_owned()).or_insert(all.len());
        if place == all.len() {
            all.push(Lines { series: name.to_owned(), periods: Vec::new(), lines: Vec::new(), eligible: None });
        }
        if let Some(series) = all.get_mut(place) {
            take(series, row)?;
        }
    }
    Ok(all)
}

fn take(series: &mut Lines, row: Row<'_>) -> Result<(), Problem> {
    let t = row.needed(T, count(row, T))?;
    series.periods.push(Period { t, new: count(row, NEW)?, cumulative: count(row, CUMULATIVE)? });
    series.lines.push(row.line());
    match (series.eligible, count(row, ELIGIBLE)?) {
        (Some(before), Some(now)) if before != now => {
            let reason = format!("{now}, where earlier rows of the series say {before}");
            Err(Problem::cell(row.line(), row.name(ELIGIBLE), reason))
        }
        (None, now) => {
            series.eligible = now;
            Ok(())
        }
        _ => Ok(()),
    }
}

fn count(row: Row<'_>, column: usize) -> Result<Option<u32>, Problem> {
    let whole = row.whole(column)?.map(u32::try_from).transpose();
    whole.map_err(|_| Problem::cell(row.line(), row.name(column), "this is too large"))
}

/// A contradiction between counts, at the line that brought it.
fn refused(series: &Lines, reason: NoCurve) -> Problem {
    let (t, column) = match reason {
        NoCurve::Twice { t } => (t, "t"),
        NoCurve::Contradiction { t } | NoCurve::BeyondEligible { t } => (t, "cum_adopters"),
        _ => (0, "t"),
    };
    let at = series.periods.iter().rposition(|period| period.t == t);
    let line = at.and_then(|at| series.lines.get(at)).copied().unwrap_or(0);
    Problem::cell(line, column, reason.to_string())
}

fn row<W: Write>(writing: &mut Writing<W>, series: &Lines, spread: &Spread, notes: &mut Notes) -> Result<(), Problem> {
    let free = bass(spread);
    let fixed = series.eligible.ok_or(NoCurve::NoEligible).and_then(|eligible| bass_with_ceiling(spread, eligible));
    let logistic = logistic(spread);
    for (curve, reason) in [
        ("no Bass curve", free.as_ref().err()),
        ("no Bass curve that ends at the eligible sites", fixed.as_ref().err()),
        ("no logistic curve", logistic.as_ref().err()),
    ] {
        if let Some(reason) = reason {
            notes.say(&series.series, format_args!("{curve}: {reason}"));
        }
    }
    if let Ok(curve) = &free {
        doubts(spread, curve).iter().for_each(|doubt| notes.say(&series.series, doubt));
    }
    let (free, fixed, logistic) = (free.ok(), fixed.ok(), logistic.ok());
    let value = |estimate: Option<Estimate>| estimate.map(|estimate| estimate.value);
    let error = |estimate: Option<Estimate>| estimate.and_then(|estimate| estimate.error);
    let [p, q, m] = [free.as_ref().map(|b| b.p), free.as_ref().map(|b| b.q), free.as_ref().map(|b| b.ceiling)];
    writing
        .text(&series.series)?
        .figure(series.eligible.map(i64::from).map_or(hiec_tables::Figure::Nothing, Into::into))?
        .figure(spread.periods().len())?
        .text("")?
        .text("")?;
    for figure in [value(p), value(q), value(m), error(p), error(q), error(m)] {
        writing.figure(figure)?;
    }
    writing
        .figure(free.as_ref().map(|curve| curve.rss))?
        .figure(free.as_ref().map(|curve| curve.peak_time()))?
        .figure(value(fixed.as_ref().map(|curve| curve.p)))?
        .figure(value(fixed.as_ref().map(|curve| curve.q)))?
        .figure(fixed.as_ref().map(|curve| curve.rss))?
        .figure(value(logistic.as_ref().map(|curve| curve.ceiling)))?
        .figure(value(logistic.as_ref().map(|curve| curve.k)))?
        .figure(value(logistic.as_ref().map(|curve| curve.midpoint)))?
        .figure(logistic.as_ref().map(|curve| curve.rss))?
        .end()
}
