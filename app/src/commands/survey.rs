//! `hiec survey`: reads a table of answers, hands it to education's rule and prints the flags. It computes nothing of its own.

use std::io::{ErrorKind, Write, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use hiec_education::quality::flags_file;

use super::{Outcome, tables};

const FLAGS_HELP: &str = "FILE, a table with a line an answer and these columns, in any order:
  host       whom it is about
  kind       the kind of host: a host is measured by those of its own kind
  indicator  what was asked about
  score      from 0 to 100

What is printed, as CSV: a line a host and indicator with its mean, its 95% limits, what it is measured by, and a flag by the rule
of the General Medical Council's national training survey:
  red          the mean is in the bottom quarter, and its interval does not overlap that of the benchmark mean
  pink         in the bottom quarter, but it does
  white        between
  light_green  in the top quarter, and the intervals overlap
  green        in the top quarter, and they do not
  grey         fewer than three answers: nothing is told, and the answers are in no total

Quartiles are of the scores of all respondents of the kind whose hosts are shown (type 7, QUARTILE.INC); limits are
mean ± 1.959964 × s / √n; intervals that touch overlap.

Exit codes: 0 done, 2 the table cannot be used (everything wrong with it is said).";

/// Surveys of trainees' experience.
#[derive(Subcommand)]
pub enum SurveyCommand {
    /// Flag every host and indicator by the national training survey's rule
    #[command(
        after_help = "Examples:\n  hiec survey flags answers.csv\n  hiec survey flags - < answers.csv | grep ,red",
        after_long_help = FLAGS_HELP
    )]
    Flags {
        /// The table, or - for the standard input
        file: PathBuf,
    },
}

pub fn run(command: SurveyCommand) -> Outcome {
    let SurveyCommand::Flags { file } = command;
    let mut text = Vec::new();
    let mut input = match tables::open(&file) {
        Ok(input) => input,
        Err(problem) => return tables::refuse(problem),
    };
    if let Err(error) = input.read_to_end(&mut text) {
        return tables::refuse(format!("{} cannot be read: {error}", file.display()));
    }
    match flags_file::run(&text) {
        Ok(answer) => match stdout().write_all(answer.as_bytes()) {
            // Whoever reads the answer has had enough of it, as `head` has.
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
            _ => Ok(ExitCode::SUCCESS),
        },
        Err(problems) => tables::refuse(format!("{}:\n- {}", file.display(), problems.join("\n- "))),
    }
}
