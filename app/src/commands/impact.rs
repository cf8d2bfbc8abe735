//! `hiec impact`: what would have happened anyway, from tables of comma-separated values; it never judges, the engine does.

use std::path::PathBuf;

use clap::Subcommand;

use super::{Outcome, tables};

#[derive(Subcommand)]
pub enum ImpactCommand {
    /// Interrupted time series: did a series change its level or slope when something began?
    #[command(after_help = ITS_HELP)]
    Its {
        /// The table, or - for the standard input
        input: PathBuf,
    },
    /// Panels: did treated units change beyond comparators, and beyond a mix of them?
    #[command(after_help = PANEL_HELP)]
    Panel {
        /// The table, or - for the standard input
        input: PathBuf,
        /// Print the synthetic control's weights instead: series_id,unit,weight
        #[arg(long)]
        weights: bool,
        /// Print effects by start and time instead, for units that start at different times
        #[arg(long, conflicts_with = "weights")]
        by_start: bool,
    },
}

const ITS_HELP: &str = "Example:
  hiec impact its sections.csv > fits.csv
  zcat monthly.csv.gz | hiec impact its -

The table, rows in any order, one row a series and period:
  series_id,t,y,denominator,post,time_since
  sections,24,103.4,,0,0
  sections,25,96.25,,1,0
post is 1 from the start on. time_since (t - start, then) may be left out. Where denominator is given, y is a count and
the model is one of rates (Poisson). A row without y is left out, and that is said.

What is printed, one row a series:
  b0, b_time             the line before: its value at t = 0, its trend
  b_level, b_slope       the step at the start, the change of trend after it (of rates: logarithms of ratios)
  se_…_ols, se_…_nw      standard errors: points independent; points that go together in time (Newey and West)
  sum_effect_post        what came beyond the old trend, summed since the start, in units of y
  last_counterfactual, last_fitted   the last point without and with the start
  durbin_watson          near 2 where neighbours are independent; dispersion near 1 where counts are Poisson
What the series lets one say is said in words on the standard error. One site alone can seldom tell what it did from what
happened anyway: hiec impact panel sets it against others.

Exit codes: 0 done, 2 the table breaks a rule (line and column are said).";

const PANEL_HELP: &str = "Examples:
  hiec impact panel sites.csv > effects.csv
  hiec impact panel sites.csv --weights > weights.csv
  hiec impact panel sites.csv --by-start > effects-by-start.csv

The table, rows in any order, one row a series, unit and period:
  series_id,unit,t,y,treated,post
  niv,U01,12,47.7,1,0
  niv,U07,12,51.2,0,0
treated is 1 for units that ever began; post is 1 from the start on. A row without y is left out, and that is said.

What is printed, one row a series:
  did_2x2                the change at treated units beyond the change at the others, from four means
  twfe, twfe_se_…        the same with an effect for every unit and period; its error, clustered by unit
  sc_att                 treated units beyond a mix of the others that moved as they did before the start
  sc_pre_rmspe, sc_post_rmspe   how far from the mix before, and since; sc_objective is the sum of squares before
A design the table cannot carry leaves its cells empty. What each design lets one say, and why one cannot tell, is said in
words on the standard error.
Where units start at different times (post differs between them) did_2x2 and twfe mix them. --by-start compares each start
with units not treated yet: series_id,start,t,event,effect,se,treated,comparators, event counting periods since the start;
an empty start, t or event stands for all of them together.

Exit codes: 0 done, 2 the table breaks a rule (line and column are said).";

pub fn run(command: ImpactCommand) -> Outcome {
    match command {
        ImpactCommand::Its { input } => tables::run(&input, |input, output| {
            hiec_impact::command::its(input, output).map(|notes| notes.lines().to_vec())
        }),
        ImpactCommand::Panel { input, weights, by_start } => tables::run(&input, |input, output| {
            let notes = match (weights, by_start) {
                (true, _) => hiec_impact::command::weights(input, output),
                (_, true) => hiec_impact::command::starts(input, output),
                _ => hiec_impact::command::panel(input, output),
            };
            notes.map(|notes| notes.lines().to_vec())
        }),
    }
}
