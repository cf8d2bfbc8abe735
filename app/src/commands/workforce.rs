//! `hiec workforce`: reads a model, hands it to the engine and prints its answer. It computes nothing of its own.

use std::io::{ErrorKind, Write, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use hiec_workforce::command::Form;

use super::{Outcome, tables};

const RUN_HELP: &str = "MODEL, as JSON; people as numbers, shares from 0 to 1:
  {\"name\": \"Doctors\", \"first_year\": 2026, \"years\": 16, \"seed\": 2026, \"draws\": 400, \"band\": 0.8,
   \"stages\": [
     {\"name\": \"Foundation\", \"years\": 2, \"posts\": 110, \"attrition\": 0.02, \"in_training\": [0, 108]},
     {\"name\": \"GP training\", \"years\": 3, \"from\": \"Foundation\", \"posts\": [40, 45, 50],
      \"attrition\": {\"low\": 0.02, \"central\": 0.03, \"high\": 0.06, \"why\": \"the last five years\"}, \"wte\": 0.9,
      \"in_training\": [0, 38, 36]},
     {\"name\": \"Higher medicine\", \"years\": 5, \"from\": \"Foundation\", \"posts\": 42, \"in_training\": [0, 40, 39, 38, 37]}],
   \"specialties\": [
     {\"name\": \"General practice\", \"profession\": \"Medicine\", \"trained_by\": [\"GP training\"], \"joins_at\": 31,
      \"in_post\": [{\"from\": 31, \"to\": 50, \"people\": 400}, {\"from\": 51, \"to\": 66, \"people\": 200}],
      \"retirement\": [{\"age\": 57, \"rate\": 0.1}, {\"age\": 60, \"rate\": 0.25}, {\"age\": 70, \"rate\": 1}],
      \"leaving\": {\"low\": 0.01, \"central\": 0.02, \"high\": 0.03}, \"joiners\": {\"people\": 6, \"age\": 38},
      \"participation\": [{\"age\": 30, \"rate\": 0.85}, {\"age\": 55, \"rate\": 0.7}],
      \"demand\": [{\"name\": \"Population grows\", \"fte\": 520, \"growth\": 0.01}, {\"name\": \"Plan\", \"by_year\": [520, 530]}]},
     {\"name\": \"Hospital medicine\", \"trained_by\": [\"Higher medicine\"], \"in_post\": [{\"from\": 36, \"to\": 66, \"people\": 630}],
      \"retirement\": [{\"age\": 70, \"rate\": 1}]}],
   \"what_if\": [{\"move\": 20, \"from\": \"Hospital medicine\", \"to\": \"General practice\", \"year\": 2026},
              {\"add\": 5, \"to\": \"Foundation\", \"year\": 2028}]}

stages: years full time; from, the stage whose finishers start here (without it starters come from outside); posts for
  starters, a number or one a year; fill, the share of posts that can be filled; attrition, the share that leaves in each
  year; wte, which stretches the years; in_training before the first year's starters come, by year of training (so the
  first number is 0 unless people stay in year 1); just_finished, those waiting to go on as the first year begins.
specialties: in_post by age; retirement, the share of those reaching an age who retire, the last 1; leaving; joiners from
  elsewhere; participation, whole-time equivalent per head; demand, scenarios.
what_if: posts moved, or added (taken away where negative), from a year on.
attrition, fill, wte, rates, joiners and demand may be {\"low\": …, \"central\": …, \"high\": …, \"why\": …}; with draws they give bands.

What is printed, as JSON: a sentence; inputs_sha256 and the engine's version, so that a run can be made again;
conservation, the check that nobody was lost; a table of years for each specialty and stage; and what the what-ifs change,
with the year in which it first shows. With --csv the table of years alone. Everything is computed in whole millionths of
a person, so the same model gives the same answer on every machine.

Exit codes: 0 done, 2 the model cannot be used (everything wrong with it is said).";

/// Workforce: stock and flow by specialty, years ahead.
#[derive(Subcommand)]
pub enum WorkforceCommand {
    /// Walk a model through its years
    #[command(
        after_help = "Examples:\n  hiec workforce run model.json\n  hiec workforce run - < model.json | jq -r .sentence\n  hiec workforce run model.json --csv > years.csv",
        after_long_help = RUN_HELP
    )]
    Run {
        /// The model, or - for the standard input
        model: PathBuf,
        /// Print the table of years as CSV
        #[arg(long)]
        csv: bool,
    },
}

pub fn run(command: WorkforceCommand) -> Outcome {
    let WorkforceCommand::Run { model, csv } = command;
    let mut text = Vec::new();
    let mut input = match tables::open(&model) {
        Ok(input) => input,
        Err(problem) => return tables::refuse(problem),
    };
    if let Err(error) = input.read_to_end(&mut text) {
        return tables::refuse(format!("{} cannot be read: {error}", model.display()));
    }
    match hiec_workforce::command::run(&text, if csv { Form::Csv } else { Form::Json }) {
        Ok(answer) => match stdout().write_all(answer.as_bytes()) {
            // Whoever reads the answer has had enough of it, as `head` has.
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
            _ => Ok(ExitCode::SUCCESS),
        },
        Err(problems) => tables::refuse(format!("{}:\n- {}", model.display(), problems.join("\n- "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_in_the_help_is_one() {
        let from = RUN_HELP.find('{').unwrap();
        let text = RUN_HELP[from..].split("\n\n").next().unwrap();
        hiec_workforce::command::run(text.as_bytes(), Form::Json).unwrap();
    }
}
