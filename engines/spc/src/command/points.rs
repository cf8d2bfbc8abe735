//! `hiec spc points`: a row for every point of every chart, in the columns the gold of NHSRplotthedots has; a column never changes its meaning.

use std::io::{Read, Write};

use hiec_tables::{Cells, Writing};

use super::batches::{self, Layout};
use super::series_table::SeriesTable;
use super::{Failure, Notes};
use crate::xmr::{Chart, End, Group, Mark, Point, Rule};

/// The columns of the answer.
pub const POINT_COLUMNS: [&str; 21] = [
    "series_id",
    "idx",
    "date",
    "value",
    "rebase_group",
    "in_baseline",
    "mean",
    "lpl",
    "upl",
    "relative_to_mean",
    "close_to_limits",
    "outside_limits",
    "rule_outside",
    "rule_trend",
    "rule_two_in_three",
    "rule_shift",
    "special_cause_type",
    "special_cause_flag",
    "point_type",
    "target",
    "short_group_warning",
];

/// Prints every point of every series of `input`, drawn as the table `series` says.
///
/// Rows without a value are gaps: they are counted in the notes, and printed, without `idx` and `value`, only when
/// `with_gaps` is set. Columns that compare with limits are empty where there are none.
///
/// # Errors
/// Whatever cannot be read or drawn, with line and column, and an output that takes no more.
pub fn points(
    mut input: impl Read + Send,
    mut series: impl Read,
    mut output: impl Write,
    layout: Layout,
    with_gaps: bool,
) -> Result<Notes, Failure> {
    // Whatever they are, what reads and writes them is compiled here, as fast as this crate is, and not with the caller.
    print_all(&mut input, &mut series, &mut output, layout, with_gaps)
}

fn print_all(
    input: &mut (dyn Read + Send),
    series: &mut dyn Read,
    output: &mut dyn Write,
    layout: Layout,
    with_gaps: bool,
) -> Result<Notes, Failure> {
    let table = SeriesTable::read(series).map_err(Failure::Series)?;
    let mut answer = Writing::new(output, &POINT_COLUMNS).map_err(Failure::Answer)?;
    let print = |id: &str, chart: &Chart, rows: &mut Cells| print_chart(id, chart, with_gaps, rows);
    let (mut notes, seen) = batches::draw_all(input, &table, layout, &mut answer, print)?;
    notes.without_rows = seen.iter().filter(|seen| !**seen).count();
    answer.finish().map_err(Failure::Answer)?;
    Ok(notes)
}

fn print_chart(id: &str, chart: &Chart, with_gaps: bool, rows: &mut Cells) {
    let mut name = Cells::new();
    name.text(id);
    let mut target = Cells::new();
    target.figure(chart.options.target);
    let mut index: usize = 0;
    if chart.groups.is_empty() && with_gaps {
        chart.points.iter().for_each(|point| print_gap(&name, point, None, &target, rows));
    }
    for group in &chart.groups {
        let limits = Shared::of(group);
        for point in chart.points.get(group.points.clone()).unwrap_or_default() {
            match point.mark {
                Some(mark) => {
                    index += 1;
                    rows.cells(&name).figure(index).date(point.date).figure(mark.value);
                    print_mark(chart, group, mark, &limits, rows);
                    rows.cells(&target).figure(group.is_short()).end();
                }
                None if with_gaps => print_gap(&name, point, Some((group, &limits)), &target, rows),
                None => {}
            }
        }
    }
}

/// What all points of a group share, made once.
struct Shared {
    number: Cells,
    /// Mean, lower limit, upper limit.
    lines: Cells,
}

impl Shared {
    fn of(group: &Group) -> Self {
        let limits = group.spread.limits();
        let (mut number, mut lines) = (Cells::new(), Cells::new());
        number.figure(group.number);
        lines.figure(group.mean).figure(limits.map(|limits| limits.lower)).figure(limits.map(|limits| limits.upper));
        Self { number, lines }
    }
}

fn print_mark(chart: &Chart, group: &Group, mark: Mark, shared: &Shared, rows: &mut Cells) {
    // Without limits nothing is judged by them.
    let by_limits = |flag: bool| group.spread.limits().map(|_| flag);
    let is_outside = by_limits(mark.signals.outside.is_some());
    rows.cells(&shared.number).figure(mark.in_baseline).cells(&shared.lines);
    rows.figure(match mark.side {
        Some(End::High) => 1_i64,
        None => 0,
        Some(End::Low) => -1,
    });
    rows.figure(by_limits(mark.is_near)).figure(is_outside).figure(is_outside);
    for rule in [Rule::Trend, Rule::TwoInThree, Rule::Shift] {
        rows.figure(mark.signals.end(rule).is_some());
    }
    rows.word(mark.signal.map_or("Common Cause", |signal| signal.label(chart.options.rules)));
    rows.figure(mark.signal.is_some()).word(mark.kind.key());
}

/// A row without a value: where it stands, and the lines it stands among.
fn print_gap(name: &Cells, point: &Point, group: Option<(&Group, &Shared)>, target: &Cells, rows: &mut Cells) {
    rows.cells(name).word("").date(point.date).word("");
    match group {
        Some((_, shared)) => rows.cells(&shared.number).word("").cells(&shared.lines),
        None => rows.word("").word("").word("").word("").word(""),
    };
    for _ in 0..10 {
        rows.word("");
    }
    rows.cells(target).figure(group.map(|(group, _)| group.is_short())).end();
}
