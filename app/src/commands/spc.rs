//! `hiec spc`: opens the files, hands them to the engine and prints its answer and its notes. It computes nothing of its own.

use std::fmt::Display;
use std::fs::File;
use std::io::{Read, stdin, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use hiec_spc::command::{Failure, Layout, Notes, points, summary};

use super::Outcome;

/// What the input was like: it cannot be used.
const EXIT_BAD_INPUT: u8 = 2;

const TABLES_HELP: &str = "INPUT, comma-separated, columns found by name:
  series_id,date,value
  RVY-waits,2019-01-01,97.26
  RVY-waits,2019-02-01,94.74
An empty value is a gap: it breaks no run. Dates are year-month-day, in any order within a series. The rows of a series
stand together; for a table sorted otherwise add --scattered, which keeps all of it in memory.

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

/// Charts of measures over time: limits, rules, icons.
#[derive(Subcommand)]
pub enum SpcCommand {
    /// Judge every point of every series by the rules of Making Data Count
    #[command(
        after_help = "Examples:\n  hiec spc points waits.csv --series measures.csv > points.csv\n  gzip -dc waits.csv.gz | hiec spc points - --series measures.csv | grep special_cause_concern",
        after_long_help = TABLES_HELP
    )]
    Points {
        #[command(flatten)]
        tables: Tables,
        /// Print rows without a value too, with empty cells for what they do not have
        #[arg(long)]
        gaps: bool,
    },
    /// Sum up every series in a row: last limits, counts, variation and assurance icon
    #[command(
        after_help = "Example:\n  hiec spc summary waits.csv --series measures.csv | grep concern",
        after_long_help = TABLES_HELP
    )]
    Summary {
        #[command(flatten)]
        tables: Tables,
    },
}

/// The two tables every command here reads.
#[derive(Args)]
pub struct Tables {
    /// The rows, or - for the standard input
    input: PathBuf,
    /// The table of series, or - for the standard input
    #[arg(long)]
    series: PathBuf,
    /// The rows of a series stand anywhere; keeps all rows in memory
    #[arg(long)]
    scattered: bool,
}

pub fn run(command: SpcCommand) -> Outcome {
    match command {
        SpcCommand::Points { tables, gaps } => {
            answer(&tables, |input, series| points(input, series, stdout().lock(), tables.layout(), gaps))
        }
        SpcCommand::Summary { tables } => {
            answer(&tables, |input, series| summary(input, series, stdout().lock(), tables.layout()))
        }
    }
}

impl Tables {
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
