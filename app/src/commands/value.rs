//! `hiec value`: reads a model, hands it to the engine and prints its answer. It computes nothing of its own.

use std::io::{ErrorKind, Write, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;

use super::{Outcome, tables};

const RUN_HELP: &str = "MODEL, as JSON; money in whole pence, shares from 0 to 1:
  {\"name\": \"Care bundle\", \"convention\": \"social_return\", \"rates\": \"standard\", \"on\": \"2026-04-01\",
   \"costs\": [{\"name\": \"Grant\", \"pence\": 3000000, \"paid_by\": \"public\"}],
   \"outcomes\": [{\"name\": \"Fewer admissions\", \"quantity\": 100, \"proxy_pence\": 25000,
     \"deadweight\": {\"low\": 0.1, \"central\": 0.2, \"high\": 0.4, \"why\": \"two comparators fell by a fifth\"},
     \"displacement\": 0.1, \"attribution\": 0.25, \"drop_off\": 0.3, \"years\": 3}]}
Optional: accelerations (\"it happened k quarters sooner\") and reach (what each further site cost).
convention is social_return or green_book; rates is standard, health or sensitivity as they were on that day.

What is printed, as JSON: a sentence, both names of the ratio, net present social value, a range, the amounts by year, and
a tornado: which judged input matters most.

Exit codes: 0 done, 2 the model cannot be used (everything wrong with it is said).";

/// Value for money: social return and the Green Book's arithmetic.
#[derive(Subcommand)]
pub enum ValueCommand {
    /// Work out what a model of costs and outcomes is worth
    #[command(
        after_help = "Examples:\n  hiec value run model.json\n  hiec value run - < model.json | jq -r .sentence",
        after_long_help = RUN_HELP
    )]
    Run {
        /// The model, or - for the standard input
        model: PathBuf,
    },
}

pub fn run(command: ValueCommand) -> Outcome {
    let ValueCommand::Run { model } = command;
    let mut text = Vec::new();
    let mut input = match tables::open(&model) {
        Ok(input) => input,
        Err(problem) => return tables::refuse(problem),
    };
    if let Err(error) = input.read_to_end(&mut text) {
        return tables::refuse(format!("{} cannot be read: {error}", model.display()));
    }
    match hiec_value::command::run(&text) {
        Ok(answer) => match stdout().write_all(answer.as_bytes()) {
            // Whoever reads the answer has had enough of it, as `head` has.
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
            _ => Ok(ExitCode::SUCCESS),
        },
        Err(problems) => tables::refuse(format!("{}:\n- {}", model.display(), problems.join("\n- "))),
    }
}
