//! `hiec compare`: opens the files, hands them to the engine and prints its answer. It computes nothing of its own.

use std::io::{BufWriter, ErrorKind, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;
use hiec_compare::command::{Failure, funnel_lines, funnel_summary, funnel_units, rate, wilson};
use hiec_tables::Problem;

use super::{Outcome, tables};

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

What is printed, a row for each unit in the order of UNITS:
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
    match command {
        CompareCommand::Wilson { input } => tables::run(&input, |input, output| said(wilson(input, output))),
        CompareCommand::Rate { input } => tables::run(&input, |input, output| said(rate(input, output))),
        CompareCommand::Funnel { units, summary: true, .. } => {
            tables::run(&units, |input, output| said(funnel_summary(input, output)))
        }
        CompareCommand::Funnel { units, lines: Some(axis), .. } => curves(&units, &axis),
        CompareCommand::Funnel { units, .. } => tables::run(&units, |input, output| said(funnel_units(input, output))),
    }
}

/// These commands have nothing to say beside their answer.
fn said(result: Result<(), Problem>) -> Result<Vec<String>, Problem> {
    result.map(|()| Vec::new())
}

fn curves(units: &Path, axis: &Path) -> Outcome {
    if units == Path::new("-") && axis == Path::new("-") {
        return tables::refuse("only one of the two tables can come from the standard input");
    }
    let (table, sizes) = match (tables::open(units), tables::open(axis)) {
        (Ok(table), Ok(sizes)) => (table, sizes),
        (Err(problem), _) | (_, Err(problem)) => return tables::refuse(problem),
    };
    match funnel_lines(table, sizes, BufWriter::new(stdout().lock())) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(Failure::Units(problem)) => tables::refuse(format!("{}: {problem}", units.display())),
        Err(Failure::Axis(problem)) => tables::refuse(format!("{}: {problem}", axis.display())),
        // Whoever reads the answer has had enough of it, as `head` has.
        Err(Failure::Answer(Problem::Io(error))) if error.kind() == ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        Err(failure @ Failure::Answer(_)) => Err(failure.into()),
    }
}
