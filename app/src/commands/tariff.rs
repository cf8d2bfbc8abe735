//! `hiec tariff`: reads tables, hands them to the engine and prints its statement. It computes nothing of its own.

use std::io::{ErrorKind, Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::Subcommand;
use hiec_tariff::command::{Form, Tables, statement};

use super::{Outcome, tables};

const STATEMENT_HELP: &str = "Tables, as CSV with named columns in any order; money in pounds, shares as 0.5 or 50%, days as 2014-04-01.
PLACEMENTS: trainee, host, tariff; year (2014/15) or from and to; fte (share of a full-time
  year), weeks, or wte (whole-time equivalent on every day from and to).
  Optional: reference, team, students (1), basic_salary (yearly), cost (what it cost the host).
  trainee,host,tariff,year,students,fte
  Radiography students,Made-up Hospital,clinical,2014/15,40,0.4
--factors: host, factor, effective_from. Optional: effective_to (end of that financial year), published_on, source.
  host,factor,effective_from,effective_to
  Made-up Hospital,1.0822,2014-04-01,2015-03-31
--prices: tariff, price, effective_from. Optional: effective_to, published_on, weeks_in_year (40.8), salary_share (or
  \"not loaded\"), is_floor (yes), source. Without it those that come with the program: see `hiec tariff prices`.
--incomes: host, year, income, before (what it had for the same training before): applies the limits to losses and gains.
--quality: host, share (2%), from, to. Optional: because. What quality adds to the host's lines of these days, as lines of their own.
--transition: effective_from; loss_share, loss_most, gain_share, gain_most. Without it the limits of 2013.

The amount is price x FTE x market forces factor, and for tariffs with a salary share that share x basic salary x FTE; FTE is
weeks / weeks in a year. It is exact until each line is rounded, once, to the penny. A placement over a change of price, factor
or financial year becomes several lines, by days. Prices that hold at once are refused, unless both say when they were published: the
later then revises the earlier. What has no price or factor says \"not loaded\" and has no amount.

--as-known-on DATE uses what was published by then, and says what has changed since. Without it everything in the tables counts,
whenever it was published: the command knows no today (the pages count what is published by today).

Exit codes: 0 done, 2 a table cannot be used (everything wrong with it is said).";

/// Education tariff: what follows a trainee to the host, with its working.
#[derive(Subcommand)]
pub enum TariffCommand {
    /// Price placements, line by line
    #[command(
        after_help = "Examples:\n  hiec tariff statement placements.csv --factors factors.csv\n  hiec tariff statement placements.csv --factors factors.csv --prices prices.csv --as-known-on 2023-09-30\n  hiec tariff statement - --factors factors.csv --csv < placements.csv > statement.csv",
        after_long_help = STATEMENT_HELP
    )]
    Statement {
        /// The placements, or - for the standard input
        placements: PathBuf,
        /// Market forces factors of hosts
        #[arg(long)]
        factors: Option<PathBuf>,
        /// Prices; those that come with the program unless given
        #[arg(long)]
        prices: Option<PathBuf>,
        /// Hosts' incomes and what they had before, to apply limits
        #[arg(long)]
        incomes: Option<PathBuf>,
        /// Limits to losses and gains; those of 2013 unless given
        #[arg(long)]
        transition: Option<PathBuf>,
        /// What quality adds to hosts' lines, and on which days
        #[arg(long)]
        quality: Option<PathBuf>,
        /// Use what was published by this day, and say what changed since
        #[arg(long, value_name = "DATE")]
        as_known_on: Option<NaiveDate>,
        /// Print the lines as CSV
        #[arg(long)]
        csv: bool,
    },
    /// Print the prices that come with the program, with their sources
    Prices,
}

pub fn run(command: TariffCommand) -> Outcome {
    let (placements, others, as_known_on, csv) = match command {
        TariffCommand::Prices => return print(hiec_tariff::BUILT_IN_PRICES),
        TariffCommand::Statement { placements, factors, prices, incomes, transition, quality, as_known_on, csv } => {
            (placements, [factors, prices, incomes, transition, quality], as_known_on, csv)
        }
    };
    let mut problems = Vec::new();
    let mut read = |path: &Path| {
        let mut bytes = Vec::new();
        match tables::open(path).and_then(|mut input| input.read_to_end(&mut bytes).map_err(|error| error.to_string()))
        {
            Ok(_) => Some(bytes),
            Err(problem) => {
                problems.push(problem);
                None
            }
        }
    };
    let placements = read(&placements).unwrap_or_default();
    let [factors, prices, incomes, transition, quality] = others.map(|path| path.and_then(|path| read(&path)));
    if !problems.is_empty() {
        return tables::refuse(problems.join("\n- "));
    }
    let given = Tables {
        placements: &placements,
        prices: prices.as_deref(),
        factors: factors.as_deref(),
        incomes: incomes.as_deref(),
        transition: transition.as_deref(),
        quality: quality.as_deref(),
    };
    match statement(given, as_known_on, if csv { Form::Csv } else { Form::Json }) {
        Ok(answer) => print(&answer),
        Err(problems) => tables::refuse(format!("the statement cannot be made:\n- {}", problems.join("\n- "))),
    }
}

fn print(answer: &str) -> Outcome {
    match stdout().write_all(answer.as_bytes()) {
        // Whoever reads the answer has had enough of it, as `head` has.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(ExitCode::SUCCESS),
    }
}
