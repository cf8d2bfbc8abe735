//! `hiec placement`: reads an instance or a certificate, hands it to the engine and prints its answer. It computes nothing of its own.

use std::io::{ErrorKind, Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use hiec_placement::command::{self, Asked};
use rand::RngCore;

use super::{Outcome, tables};

/// The certificate was read, and what it says is not so.
const EXIT_DOES_NOT_HOLD: u8 = 1;

const SOLVE_HELP: &str = "INSTANCE, as JSON, is one of:
  {\"residents\": {\"R1\": [\"H1\", \"H2\"]}, \"hospitals\": {\"H1\": {\"capacity\": 2, \"preferences\": [\"R1\"]}}}
  {\"singles\": {\"S1\": [\"H1\"]}, \"couples\": [{\"id\": \"C1\", \"members\": [\"A\", \"B\"], \"preferences\": [[\"H1\", \"H2\"], [\"H1\", null]]}], \"hospitals\": {…}}
  {\"schools\": {\"F1\": {\"places\": 3}}, \"applicants\": {\"A1\": {\"rank\": 1, \"preferences\": [\"F1\"]}}, \"links\": [], \"preallocated\": []}
A pair is acceptable only if both list each other. What else a round may ask (one order for all, travel limits, reserved and
pre-allocated places, least fill, linked residents, breadth, groups) stands in engines/placement/README.md.

Rules: da (deferred acceptance; the default for residents), pia (the foundation programme's two passes; the default for
applicants with ranks), couples (every stable matching where that can be tried, else a search that may give up), least-cost
(the most placed, at the least sum of choice numbers).

Exit codes: 0 done, 2 the instance cannot be used (everything wrong with it is said).";

/// Placement rounds.
#[derive(Subcommand)]
pub enum PlacementCommand {
    /// Give places under a rule
    #[command(
        after_help = "Examples:\n  hiec placement solve round.json --rule da\n  hiec placement solve - --certificate whole.json < round.json | jq .unplaced",
        after_long_help = SOLVE_HELP
    )]
    Solve {
        /// The instance, or - for the standard input
        instance: PathBuf,
        /// The rule; the one of the instance's kind unless given
        #[arg(long)]
        rule: Option<RuleName>,
        /// Write the certificate of the whole run here: every choice with its reason, no names
        #[arg(long, value_name = "FILE")]
        certificate: Option<PathBuf>,
    },
    /// The same instance under every rule that fits it: first choices, groups, blocking pairs, places left
    #[command(
        after_help = "Example:\n  hiec placement compare round.json | jq '.rules[] | {rule, first_choice_share, blocking_pairs}'"
    )]
    Compare {
        /// The instance, or - for the standard input
        instance: PathBuf,
    },
    /// Prove a certificate from its text alone: whole, public or one applicant's own
    #[command(after_help = "Exit codes: 0 it holds, 1 it does not, 2 it is no certificate.")]
    Check {
        /// The certificate, or - for the standard input
        certificate: PathBuf,
    },
}

/// A rule as it is typed.
#[derive(Clone, Copy, ValueEnum)]
pub enum RuleName {
    Da,
    Pia,
    Couples,
    LeastCost,
}

impl From<RuleName> for Asked {
    fn from(rule: RuleName) -> Self {
        match rule {
            RuleName::Da => Self::Da,
            RuleName::Pia => Self::Pia,
            RuleName::Couples => Self::Couples,
            RuleName::LeastCost => Self::LeastCost,
        }
    }
}

pub fn run(command: PlacementCommand) -> Outcome {
    match command {
        PlacementCommand::Solve { instance, rule, certificate } => solve(&instance, rule, certificate.as_deref()),
        PlacementCommand::Compare { instance } => answer(&instance, command::compare),
        PlacementCommand::Check { certificate } => {
            let text = match read(&certificate) {
                Ok(text) => text,
                Err(problem) => return tables::refuse(problem),
            };
            match command::check(&text) {
                Ok((holds, said)) => {
                    print(&said)?;
                    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::from(EXIT_DOES_NOT_HOLD) })
                }
                Err(problems) => refuse(&certificate, &problems),
            }
        }
    }
}

fn solve(instance: &Path, rule: Option<RuleName>, certificate: Option<&Path>) -> Outcome {
    let text = match read(instance) {
        Ok(text) => text,
        Err(problem) => return tables::refuse(problem),
    };
    // The secret goes nowhere: the whole certificate shows tokens, and nobody can find names by them.
    let mut secret = [0; 32];
    rand::rng().fill_bytes(&mut secret);
    match command::solve(&text, rule.map(Asked::from), certificate.is_some().then_some(&secret)) {
        Ok(solved) => {
            for note in &solved.notes {
                eprintln!("{note}");
            }
            if let Some(file) = certificate {
                match &solved.certificate {
                    Some(whole) => {
                        if let Err(error) = std::fs::write(file, whole) {
                            return tables::refuse(format!("{} cannot be written: {error}", file.display()));
                        }
                    }
                    None => eprintln!("note: there is no matching to certify, so {} was not written", file.display()),
                }
            }
            print(&solved.answer)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(problems) => refuse(instance, &problems),
    }
}

fn answer(file: &Path, work: impl FnOnce(&[u8]) -> Result<String, Vec<String>>) -> Outcome {
    let text = match read(file) {
        Ok(text) => text,
        Err(problem) => return tables::refuse(problem),
    };
    match work(&text) {
        Ok(answer) => {
            print(&answer)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(problems) => refuse(file, &problems),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let mut text = Vec::new();
    tables::open(path)?
        .read_to_end(&mut text)
        .map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    Ok(text)
}

fn refuse(file: &Path, problems: &[String]) -> Outcome {
    let named = if file == Path::new("-") { "the standard input".to_owned() } else { file.display().to_string() };
    tables::refuse(format!("{named}:\n- {}", problems.join("\n- ")))
}

fn print(text: &str) -> std::io::Result<()> {
    match stdout().write_all(text.as_bytes()) {
        // Whoever reads the answer has had enough of it, as `head` has.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
