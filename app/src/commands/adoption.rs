//! `hiec adoption`: how an innovation spreads, from tables of comma-separated values; it never judges, the engine does.

use std::path::PathBuf;

use clap::Subcommand;

use super::{Outcome, tables};

#[derive(Subcommand)]
pub enum AdoptionCommand {
    /// Fit the Bass and the logistic curve to sites that took an innovation up
    #[command(after_help = FIT_HELP)]
    Fit {
        /// The table, or - for the standard input
        input: PathBuf,
    },
}

const FIT_HELP: &str = "Example:
  hiec adoption fit sites.csv > fits.csv
  sqlite3 -csv -header spread.db 'SELECT …' | hiec adoption fit -

The table, rows in any order, one row a series and period:
  series_id,t,new_adopters,cum_adopters,eligible
  asthma-plan,1,3,3,120
  asthma-plan,2,5,8,120
t counts periods from the innovation's coming (1 is the first). Where one of new_adopters and cum_adopters is empty it is
worked out from the other, if it follows. eligible, how many sites could take it up, may be empty.

What is printed, one row a series:
  bass_p, bass_q, bass_m   sites take it up by themselves (p) and after others (q) until m have; _se are standard errors
  bass_peak_time           when most take it up in one period
  bassfix_…                the same with every eligible site taking it up in the end
  logis_L, logis_k, logis_t0   the logistic curve: its ceiling, its speed, when half of the ceiling is reached
  …_rss                    sums of squared differences from the counts: less is nearer
  true_p, true_q           always empty: columns of made-up series, which nobody can compute
A curve that cannot be fitted leaves its cells empty; why, and which fits not to trust, is said on the standard error.

Exit codes: 0 done, 2 the table breaks a rule (line and column are said).";

pub fn run(command: AdoptionCommand) -> Outcome {
    match command {
        AdoptionCommand::Fit { input } => tables::run(&input, |input, output| {
            hiec_adoption::command::fit(input, output).map(|notes| notes.lines().to_vec())
        }),
    }
}
