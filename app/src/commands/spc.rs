//! `hiec spc`: opens the files, hands them to the engine and prints its answer and its notes. It computes nothing of its own.

use std::fmt::Display;
use std::fs::File;
use std::io::{Read, stdin, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use hiec_spc::command::{Failure, Layout, Notes, cusum, points, proposals, qic, shifts, summary};

use super::Outcome;
use super::spc_chart::{self, CHART_HELP, ChartOrder};

/// What the input was like: it cannot be used.
const EXIT_BAD_INPUT: u8 = 2;

const TABLES_HELP: &str = "Examples:
  hiec spc points waits.csv --series measures.csv > points.csv
  hiec spc summary waits.csv --series measures.csv | grep concern
  gzip -dc waits.csv.gz | hiec spc points - --series measures.csv | grep special_cause_concern

INPUT, comma-separated, columns found by name:
  series_id,date,value
  RVY-waits,2019-01-01,97.26
  RVY-waits,2019-02-01,94.74
An empty value is a gap: it breaks no run. Dates are year-month-day, in any order within a series. The rows of a series
stand together and are read as a stream; a table sorted otherwise is kept in memory, with --scattered from the start.

SERIES, one row a series; only series_id is needed, an empty cell or an absent column takes the default:
  series_id              as in INPUT
  improvement_direction  increase, decrease or neutral [default: neutral]
  target                 a number
  rebase_dates           2020-01-01;2021-01-01: limits are computed anew from the first value on or after each
  fix_after_n_points     limits from the first so many points of each group, better 12 or more
  screen_outliers        0 keeps large moving ranges, as the NHS England spreadsheet does [default: 1]
  shift_points, trend_points   6 or 7 [default: 7]
  two_in_three           0 switches that rule off [default: 1]

Notes (a rebase that had to move, values that do not vary, gaps) go to the standard error.
Exit code 2: a table cannot be used; line and column are said, and what was printed before is not the whole answer.";

const QIC_HELP: &str = "INPUT, comma-separated, columns found by name; only series_id and y are needed:
  series_id,date,y,n
  falls,2019-01-01,12,3104
  falls,2019-02-01,9,2870
y is the value, or the numerator where there is a denominator n. An empty cell is a gap: it breaks no run. Rows are put
in order of date; those of a series without dates stay as they stand. On xbar and s charts the rows of a date are one point.

SERIES, one row a series; an empty cell or an absent column takes the default:
  series_id    as in INPUT
  chart        run, i, mr, p, pp (P′), u, up (U′), c, g, t, ip (I′), xbar or s
  freeze       lines from the rows up to this one only; of no effect with part
  part         rows after which a new part begins, with lines of its own: 12;24
  exclude      rows left out of lines and runs: 3;17
  cl           a centre line known beforehand, in the unit before multiplying
  screened_mr  0 keeps large moving ranges [default: 1]
  y_neg        0 cuts limits at nought, unless a value is below it [default: 1]
  multiply     1000 for a rate for each thousand [default: 1]
  method       anhoej, bestbox or cutbox [default: anhoej]

Exit code 2: a table cannot be used; line and column are said, and what was printed before is not the whole answer.";

const SHIFTS_HELP: &str = "INPUT, comma-separated, columns found by name; only series_id and y are needed:
  series_id,date,y,n
  waits,2019-01-01,97.26,
y is the value, or the numerator of a proportion of n. An empty cell is a gap: no point, and it breaks no run.

SERIES, one row a series; only series_id is needed, an empty cell or an absent column takes the default:
  series_id               as in INPUT
  chart_type              XMR or P' [default: XMR]
  period_min              points that limits are taken from [default: 21]
  shift_rule_threshold    points in a row on one side that make a shift [default: 8]
  max_exclusions          points of a period outside its limits that may be left out of them [default: 3]
  centre_line_tolerance   a point so close to the centre line is on no side [default: 0]
  no_regrets              0 does not wait for the latest points to decide [default: 1]
  overhanging_reversions  0 looks for a shift back among the points of the new limits only [default: 1]

New limits are proposals. A person who knows what changed decides; nothing is changed by this command.
Exit code 2: a table cannot be used; line and column are said, and what was printed before is not the whole answer.";

const CUSUM_HELP: &str = "INPUT, comma-separated, columns found by name; only series_id and value are needed:
  series_id,idx0,value
  site-a,0,46.31
value is the site's percentile among its peers, idx0 the place of the row. An empty value is passed over: sums stay.

SERIES, one row a series; only series_id is needed, an empty cell or an absent column takes the default:
  series_id    as in INPUT
  window_size  rows that mean and standard deviation are taken from [default: 12]
  sensitivity  standard deviations a sum must reach for an alert [default: 5]
  n            how many rows the series should have; if it has others, a note says so

An alert that reaches to the latest value is said on the standard error.
Exit code 2: a table cannot be used; line and column are said, and what was printed before is not the whole answer.";

/// Charts of measures over time: limits, rules, icons.
#[derive(Subcommand)]
pub enum SpcCommand {
    /// Judge every point of every series by the rules of Making Data Count
    #[command(after_help = TABLES_HELP)]
    Points {
        #[command(flatten)]
        tables: Tables,
        #[command(flatten)]
        standing: Standing,
        /// Print rows without a value too, with empty cells for what they do not have
        #[arg(long)]
        gaps: bool,
    },
    /// Sum up every series in a row: last limits, counts, variation and assurance icon
    #[command(after_help = TABLES_HELP)]
    Summary {
        #[command(flatten)]
        tables: Tables,
        #[command(flatten)]
        standing: Standing,
    },
    /// Draw run charts and charts of every kind of data: limits of each point, runs of each part
    #[command(
        after_help = "Example:\n  hiec spc qic falls.csv --series charts.csv > points.csv",
        after_long_help = QIC_HELP
    )]
    Qic {
        #[command(flatten)]
        tables: Tables,
    },
    /// Propose where new limits might begin, by the Stable Shift Algorithm; a person decides
    #[command(
        after_help = "Examples:\n  hiec spc shifts waits.csv --series waits-series.csv > points.csv\n  hiec spc shifts waits.csv --series waits-series.csv --proposals | grep proposed",
        after_long_help = SHIFTS_HELP
    )]
    Shifts {
        #[command(flatten)]
        tables: Tables,
        /// Print the places where new limits were considered, with reasons, instead of every point
        #[arg(long)]
        proposals: bool,
    },
    /// Watch percentiles among peers for a lasting move, by cumulative sums
    #[command(
        after_help = "Example:\n  hiec spc cusum percentiles.csv --series sites.csv > sums.csv",
        after_long_help = CUSUM_HELP
    )]
    Cusum {
        #[command(flatten)]
        tables: Tables,
    },
    /// Draw a chart of every series of any table, and a table of icons over all of them
    #[command(after_help = spc_chart::EXAMPLES, after_long_help = CHART_HELP)]
    Chart(Box<ChartOrder>),
}

/// The two tables every command here reads.
#[derive(Args)]
pub struct Tables {
    /// The rows, or - for the standard input
    input: PathBuf,
    /// The table of series, or - for the standard input
    #[arg(long)]
    series: PathBuf,
}

/// How the rows of a series stand in the input.
#[derive(Args)]
pub struct Standing {
    /// The rows of a series stand anywhere; keeps all rows in memory
    #[arg(long)]
    scattered: bool,
}

pub async fn run(command: SpcCommand) -> Outcome {
    match command {
        SpcCommand::Points { tables, standing, gaps } => {
            answer(&tables, |input, series| points(input, series, stdout().lock(), standing.layout(), gaps))
        }
        SpcCommand::Summary { tables, standing } => {
            answer(&tables, |input, series| summary(input, series, stdout().lock(), standing.layout()))
        }
        SpcCommand::Qic { tables } => answer(&tables, |input, series| qic(input, series, stdout().lock())),
        SpcCommand::Shifts { tables, proposals: true } => {
            answer(&tables, |input, series| proposals(input, series, stdout().lock()))
        }
        SpcCommand::Shifts { tables, proposals: false } => {
            answer(&tables, |input, series| shifts(input, series, stdout().lock()))
        }
        SpcCommand::Cusum { tables } => answer(&tables, |input, series| cusum(input, series, stdout().lock())),
        SpcCommand::Chart(order) => spc_chart::run(*order).await,
    }
}

impl Standing {
    fn layout(&self) -> Layout {
        if self.scattered { Layout::Scattered } else { Layout::Together }
    }
}

/// A file, or the standard input, being read.
type Opened = Box<dyn Read + Send>;

/// Opens both tables, has the command answer, and says how it went.
fn answer(tables: &Tables, command: impl FnOnce(Opened, Opened) -> Result<Notes, Failure>) -> Outcome {
    if tables.input == Path::new("-") && tables.series == Path::new("-") {
        return refuse("only one of the two tables can come from the standard input");
    }
    let (input, series) = match (open(&tables.input), open(&tables.series)) {
        (Ok(input), Ok(series)) => (input, series),
        (Err(problem), _) | (_, Err(problem)) => return refuse(problem),
    };
    match command(input, series) {
        Ok(notes) => {
            eprint!("{notes}");
            Ok(ExitCode::SUCCESS)
        }
        Err(failure) if failure.is_closed_pipe() => Ok(ExitCode::SUCCESS),
        Err(Failure::Input(problem)) => refuse(format!("{}: {problem}", tables.input.display())),
        Err(Failure::Series(problem)) => refuse(format!("{}: {problem}", tables.series.display())),
        Err(failure @ Failure::Answer(_)) => Err(failure.into()),
    }
}

fn open(path: &Path) -> Result<Opened, String> {
    if path == Path::new("-") {
        return Ok(Box::new(stdin()));
    }
    match File::open(path) {
        Ok(file) => Ok(Box::new(file)),
        Err(error) => Err(format!("{} cannot be read: {error}", path.display())),
    }
}

fn refuse(problem: impl Display) -> Outcome {
    eprintln!("hiec: {problem}");
    Ok(ExitCode::from(EXIT_BAD_INPUT))
}
