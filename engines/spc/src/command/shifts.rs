//! `hiec spc shifts`: where new limits might begin, in the columns the gold of autospc has, and in words; a column never changes its meaning.

use std::io::{Read, Write};

use chrono::NaiveDate;
use hiec_tables::{Cells, Figure, Problem, Row, Writing};

use super::gathering::{Columns, Gathered, answer_all, flag, read_rows, read_series, unlike};
use super::qic::refused;
use super::{Failure, Notes};
use crate::limits::{Kind, Limits, Series};
use crate::shifts::{Caution, Judged, Options, Place, Study};

/// The columns of the answer.
pub const SHIFT_COLUMNS: [&str; 13] = [
    "series_id",
    "idx",
    "date",
    "value",
    "cl",
    "lcl",
    "ucl",
    "period_type",
    "period_start",
    "break_point",
    "excluded",
    "rule1",
    "rule2",
];

const SERIES: Columns<'_> = Columns {
    needed: &["series_id"],
    optional: &[
        "chart_type",
        "period_min",
        "shift_rule_threshold",
        "max_exclusions",
        "centre_line_tolerance",
        "no_regrets",
        "overhanging_reversions",
    ],
};
const INPUT: Columns<'_> = Columns { needed: &["series_id", "y"], optional: &["date", "n"] };

/// A row of the input.
#[derive(Clone, Copy)]
struct Entry {
    date: Option<NaiveDate>,
    y: Option<f64>,
    n: Option<f64>,
}

/// A chart, whether its ratios are said as per cent, and how much evidence new limits need.
struct Choices {
    kind: Kind,
    is_percent: bool,
    options: Options,
}

/// Studies every series and prints a row for every row; what was found is told in the notes.
///
/// Rows are put in order of date where all of a series have one.
///
/// # Errors
/// A table that cannot be read, rows that cannot stand in their chart, with line and column; an output that takes no
/// more. What was printed before is then only the beginning of the answer.
pub fn shifts(input: impl Read, series: impl Read, output: impl Write) -> Result<Notes, Failure> {
    study_all(input, series, output, &SHIFT_COLUMNS, |studied, rows, notes| {
        studied.note(notes);
        studied.print(rows);
    })
}

/// Studies every series and has each printed.
pub(super) fn study_all(
    input: impl Read,
    series: impl Read,
    output: impl Write,
    columns: &[&str],
    print: impl Fn(&Studied<'_>, &mut Cells, &mut Notes) + Sync,
) -> Result<Notes, Failure> {
    let series = read_series(series, &SERIES, choices).map_err(Failure::Series)?;
    let (series, without_rows) = read_rows(input, &INPUT, series, entry).map_err(Failure::Input)?;
    let mut answer = Writing::new(output, columns).map_err(Failure::Answer)?;
    let mut notes = answer_all(&series, &mut answer, |series, rows, notes| study(series, rows, notes, &print))?;
    answer.finish().map_err(Failure::Answer)?;
    notes.without_rows = without_rows;
    Ok(notes)
}

fn choices(row: Row<'_>) -> Result<Choices, Problem> {
    let (kind, is_percent) = match row.text(1)? {
        "XMR" | "i" | "" => (Kind::Individuals, false),
        "P'" | "P′" | "pp" => (Kind::ProportionsPrime, true),
        other => return Err(unlike(row, 1, other, "XMR or P'")),
    };
    let usual = Options::default();
    let at_least_two = |column: usize, usual: usize| match row.whole(column)? {
        Some(0 | 1) => Err(unlike(row, column, row.text(column)?, "2 or more")),
        number => Ok(number.unwrap_or(usual)),
    };
    let caution = match (flag(row, 6)?, flag(row, 7)?) {
        (true, true) => Caution::NoRegrets,
        (false, true) => Caution::Overhanging,
        (false, false) => Caution::Within,
        (true, false) => {
            let reason = "without overhanging reversions limits may be regretted: set no_regrets to 0 as well";
            return Err(Problem::cell(row.line(), row.name(7), reason));
        }
    };
    let options = Options {
        minimum: at_least_two(2, usual.minimum)?,
        run: at_least_two(3, usual.run)?,
        exclusions: row.whole(4)?.unwrap_or(usual.exclusions),
        tolerance: match row.number(5)? {
            Some(tolerance) if tolerance < 0.0 => return Err(unlike(row, 5, row.text(5)?, "nought or more")),
            tolerance => tolerance.unwrap_or(usual.tolerance),
        },
        caution,
    };
    Ok(Choices { kind, is_percent, options })
}

fn entry(row: Row<'_>) -> Result<Entry, Problem> {
    Ok(Entry { date: row.date(2)?, y: row.number(1)?, n: row.number(3)? })
}

fn study(
    series: &Gathered<Choices, Entry>,
    rows: &mut Cells,
    notes: &mut Notes,
    print: impl Fn(&Studied<'_>, &mut Cells, &mut Notes),
) -> Result<(), Failure> {
    let Choices { kind, is_percent, options } = series.choices;
    let (entries, lines) = series.in_order(|entry| entry.date);
    let figures = match kind {
        Kind::ProportionsPrime => Series::of_ratios(entries.iter().map(|entry| (entry.y, entry.n))),
        _ => Series::of_values(entries.iter().map(|entry| entry.y)),
    };
    let study = figures
        .and_then(|figures| Study::of(kind, &figures, options))
        .map_err(|refusal| refused(refusal, series.line, |row| lines.get(row).copied().unwrap_or_default()))?;
    notes.gaps += study.points.iter().filter(|point| point.value.is_none()).count();
    let dates = entries.iter().map(|entry| entry.date).collect();
    print(&Studied { id: &series.id, dates, factor: if is_percent { 100.0 } else { 1.0 }, study }, rows, notes);
    Ok(())
}

/// A series, studied.
pub(super) struct Studied<'a> {
    pub id: &'a str,
    pub dates: Vec<Option<NaiveDate>>,
    /// What values are multiplied by to be said.
    pub factor: f64,
    pub study: Study,
}

impl Studied<'_> {
    fn note(&self, notes: &mut Notes) {
        for proposal in &self.study.proposals {
            let sentence = proposal.sentence(|row| self.name(row), |number| self.said(number));
            notes.say(format_args!("series {}: {sentence}", self.id));
        }
        for refused in &self.study.refused {
            notes.say(format_args!("series {}: {}", self.id, refused.sentence(|row| self.name(row))));
        }
        if let Some(waiting) = self.study.waiting {
            notes.say(format_args!("series {}: {}", self.id, waiting.sentence(|row| self.name(row))));
        }
        if self.study.periods.is_empty() {
            notes.say(format_args!("series {}: too few points for limits", self.id));
        }
    }

    /// What a row is called.
    pub fn name(&self, row: usize) -> String {
        self.date(row).map_or_else(|| format!("row {}", row + 1), |date| date.to_string())
    }

    /// Four significant digits are enough for words.
    pub fn said(&self, number: f64) -> String {
        let number = number * self.factor;
        let rounded = format!("{number:.3e}").parse().unwrap_or(number);
        let unit = if self.factor == 1.0 { "" } else { "%" };
        format!("{rounded}{unit}")
    }

    /// Begins a row of an answer: id, place and date.
    pub fn begin<'c>(&self, row: usize, rows: &'c mut Cells) -> &'c mut Cells {
        rows.text(self.id).figure(row + 1);
        match self.date(row) {
            Some(date) => rows.date(date),
            None => rows.figure(Figure::Nothing),
        }
    }

    fn date(&self, row: usize) -> Option<NaiveDate> {
        self.dates.get(row).copied().flatten()
    }

    fn print(&self, rows: &mut Cells) {
        for (row, judged) in self.study.points.iter().enumerate() {
            self.print_row(row, judged, rows);
        }
    }

    fn print_row(&self, row: usize, judged: &Judged, rows: &mut Cells) {
        let place = judged.place;
        let limit = |limit: fn(Limits) -> f64| place.and_then(|place| place.limits).map(|at| limit(at) * self.factor);
        self.begin(row, rows)
            .figure(judged.value.map(|value| value * self.factor))
            .figure(place.map(|place| place.centre * self.factor))
            .figure(limit(|limits| limits.lower))
            .figure(limit(|limits| limits.upper))
            .text(match place {
                Some(Place { is_calculation: true, .. }) => "calculation",
                Some(_) => "display",
                None => "",
            })
            .figure(place.map(|place| place.since + 1))
            .figure(place.filter(|_| row > 0).map(|place| is_break(row, &place)))
            .figure(place.filter(|place| place.is_calculation).map(|place| place.is_excluded))
            .figure(place.and_then(|place| place.is_outside))
            .figure(place.and_then(|place| place.is_in_run))
            .end();
    }
}

/// The row is the first of limits that take the place of others.
fn is_break(row: usize, place: &Place) -> bool {
    place.period > 0 && place.is_calculation && place.since == row
}
