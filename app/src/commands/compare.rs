//! `hiec compare`: opens the files, hands them to the engine and prints its answer. It computes nothing of its own.

use std::fmt::Display;
use std::fs::File;
use std::io::{BufWriter, Read, Write, stdin, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;
use hiec_compare::command::{Failure, funnel_lines, funnel_summary, funnel_units, rate, wilson};

use super::Outcome;

/// What the input was like: it cannot be used.
const EXIT_BAD_INPUT: u8 = 2;

const WILSON_HELP: &str = "INPUT, comma-separated, columns found by name:
  x,n,confidence
  7,1000,0.95
x of n, and the share of such intervals that hold the truth: 0.95, or 0.998 for a funnel's outer limit. Where n is 0 there
is no proportion and the cells are empty.";

const RATE_HELP: &str = "INPUT, comma-separated, columns found by name:
  x,n,confidence,multiplier
  25,321,0.95,100000
x events among n, per so many as the multiplier says. Below ten events the interval is exact, from ten on Byar's, as PHE's
tools do it; the last column says which.";

const FUNNEL_HELP: &str = "UNITS, comma-separated, columns found by name:
  dataset,sr_method,unit,numerator,denominator
  c-sections,,Site A,231,1047        a proportion: sr_method is empty
  mortality,SHMI,Trust A,93,98.16    a ratio: the denominator is what was expected; SHMI or CQC says how it is scaled

A row for each unit, in the order of UNITS:
  z, z_trimmed           how many standard errors off, and as it went into the dispersion (empty: left out of it)
  ll95 … ul998           limits of chance alone
  od_ll95 … od_ul998     the same, widened by how much the units differ anyway (CQC: on the root scale)
  phe_significance       High or Low (0.025 or 0.001), or Not significant, against the group's average
--summary: a row for each group: target, phi (mean of z squared; 1 is chance) and tau2 (variance beyond chance).
--lines:   the curves to draw, in percent, at each size of AXIS: dataset,x_axis";

/// Sites beside one another: intervals and funnels.
#[derive(Subcommand)]
pub enum CompareCommand {
    /// Proportions with Wilson's intervals
    #[command(
        after_help = "Examples:\n  hiec compare wilson answers.csv > intervals.csv\n  printf 'x,n,confidence\\n7,1000,0.95\\n' | hiec compare wilson -",
        after_long_help = WILSON_HELP
    )]
    Wilson {
        /// The rows, or - for the standard input
        input: PathBuf,
    },
    /// Rates with exact or Byar's intervals
    #[command(
        after_help = "Example:\n  hiec compare rate admissions.csv > rates.csv",
        after_long_help = RATE_HELP
    )]
    Rate {
        /// The rows, or - for the standard input
        input: PathBuf,
    },
    /// Units against their group: limits of chance, dispersion, labels
    #[command(
        after_help = "Examples:\n  hiec compare funnel units.csv | grep 0.001\n  hiec compare funnel units.csv --summary\n  hiec compare funnel units.csv --lines axis.csv > curves.csv",
        after_long_help = FUNNEL_HELP
    )]
    Funnel {
        /// The rows, or - for the standard input
        units: PathBuf,
        /// A row for each group instead of each unit
        #[arg(long)]
        summary: bool,
        /// The curves at the sizes of this table, or - for the standard input
        #[arg(long, value_name = "AXIS", conflicts_with = "summary")]
        lines: Option<PathBuf>,
    },
}

pub fn run(command: CompareCommand) -> Outcome {
    let output = BufWriter::new(stdout().lock());
    match command {
        CompareCommand::Wilson { input } => one(&input, |table| wilson(table, output)),
        CompareCommand::Rate { input } => one(&input, |table| rate(table, output)),
        CompareCommand::Funnel { units, summary: true, .. } => one(&units, |table| funnel_summary(table, output)),
        CompareCommand::Funnel { units, lines: Some(axis), .. } => curves(&units, &axis, output),
        CompareCommand::Funnel { units, .. } => one(&units, |table| funnel_units(table, output)),
    }
}

/// A command of one table.
fn one(input: &Path, command: impl FnOnce(Box<dyn Read>) -> Result<(), Failure>) -> Outcome {
    match open(input) {
        Ok(table) => ended(command(table), input, input),
        Err(problem) => refuse(problem),
    }
}

fn curves(units: &Path, axis: &Path, output: impl Write) -> Outcome {
    if units == Path::new("-") && axis == Path::new("-") {
        return refuse("only one of the two tables can come from the standard input");
    }
    match (open(units), open(axis)) {
        (Ok(table), Ok(sizes)) => ended(funnel_lines(table, sizes, output), units, axis),
        (Err(problem), _) | (_, Err(problem)) => refuse(problem),
    }
}

fn ended(result: Result<(), Failure>, input: &Path, axis: &Path) -> Outcome {
    match result {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(failure) if failure.is_closed_pipe() => Ok(ExitCode::SUCCESS),
        Err(Failure::Input(problem)) => refuse(format!("{}: {problem}", input.display())),
        Err(Failure::Axis(problem)) => refuse(format!("{}: {problem}", axis.display())),
        Err(failure @ Failure::Answer(_)) => Err(failure.into()),
    }
}

fn open(path: &Path) -> Result<Box<dyn Read>, String> {
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
