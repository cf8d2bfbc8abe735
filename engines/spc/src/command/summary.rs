//! `hiec spc summary`: a row for every series, with its last limits, counts and icons; it never leaves a series out.

use std::io::{Read, Write};

use hiec_tables::{Cells, Writing};

use super::batches::{self, Layout};
use super::series_table::SeriesTable;
use super::{Failure, Notes};
use crate::xmr::{Assurance, Chart, Group, Options, PointKind, Variation};

/// The columns of the answer.
pub const SUMMARY_COLUMNS: [&str; 16] = [
    "series_id",
    "n_points",
    "n_groups",
    "last_mean",
    "last_lpl",
    "last_upl",
    "n_common",
    "n_improvement",
    "n_concern",
    "n_neutral_high",
    "n_neutral_low",
    "variation_type",
    "variation_icon",
    "assurance_type",
    "assurance_icon",
    "warned",
];

/// Prints a row for every series of `input`, drawn as the table `series` says, then one for each series of that table
/// that has no row.
///
/// # Errors
/// Whatever cannot be read or drawn, with line and column, and an output that takes no more.
pub fn summary(
    mut input: impl Read + Send,
    mut series: impl Read,
    mut output: impl Write,
    layout: Layout,
) -> Result<Notes, Failure> {
    // Whatever they are, what reads and writes them is compiled here, as fast as this crate is, and not with the caller.
    print_all(&mut input, &mut series, &mut output, layout)
}

fn print_all(
    input: &mut (dyn Read + Send),
    series: &mut dyn Read,
    output: &mut dyn Write,
    layout: Layout,
) -> Result<Notes, Failure> {
    let table = SeriesTable::read(series).map_err(Failure::Series)?;
    let mut answer = Writing::new(output, &SUMMARY_COLUMNS).map_err(Failure::Answer)?;
    let (mut notes, seen) = batches::draw_all(input, &table, layout, &mut answer, print_chart)?;
    let mut rows = Cells::new();
    if let Ok(nothing) = Chart::draw(&[], &Options::default()) {
        for place in seen.iter().enumerate().filter(|(_, seen)| !**seen).map(|(place, _)| place) {
            notes.without_rows += 1;
            print_chart(table.id(place), &nothing, &mut rows);
        }
    }
    answer.rows(&rows).map_err(Failure::Answer)?;
    answer.finish().map_err(Failure::Answer)?;
    Ok(notes)
}

fn print_chart(id: &str, chart: &Chart, rows: &mut Cells) {
    let points: usize = chart.groups.iter().map(|group| group.count).sum();
    let last = chart.groups.last();
    let limits = last.and_then(|group| group.spread.limits());
    rows.text(id).figure(points).figure(chart.groups.len()).figure(last.map(|group| group.mean));
    rows.figure(limits.map(|limits| limits.lower)).figure(limits.map(|limits| limits.upper));
    for count in counts(chart) {
        rows.figure(count);
    }
    rows.word(chart.variation.map_or("", |icon| icon.kind().key())).word(chart.variation.map_or("", Variation::key));
    rows.word(chart.assurance.map_or("", Assurance::key)).word(chart.assurance.map_or("", Assurance::icon));
    rows.figure(chart.groups.iter().any(Group::is_short)).end();
}

/// How many points are common cause, improvement, concern, neutral high and neutral low.
fn counts(chart: &Chart) -> [usize; 5] {
    let mut counts = [0; 5];
    let [common, improvement, concern, high, low] = &mut counts;
    for mark in chart.points.iter().filter_map(|point| point.mark) {
        *match mark.kind {
            PointKind::CommonCause => &mut *common,
            PointKind::Improvement => &mut *improvement,
            PointKind::Concern => &mut *concern,
            PointKind::NeutralHigh => &mut *high,
            PointKind::NeutralLow => &mut *low,
        } += 1;
    }
    counts
}
