//! The command line: every command with a help that teaches. It decides nothing; `main` calls what it names.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use hiec_kernel::Role;
use hiec_kernel::audit::ChainHead;

use crate::commands::adoption::AdoptionCommand;
use crate::commands::compare::CompareCommand;
use crate::commands::credential::CredentialCommand;
use crate::commands::impact::ImpactCommand;
use crate::commands::placement::PlacementCommand;
use crate::commands::spc::SpcCommand;
use crate::commands::survey::SurveyCommand;
use crate::commands::tariff::TariffCommand;
use crate::commands::value::ValueCommand;
use crate::commands::workforce::WorkforceCommand;
use crate::demo::standing::Standing;

/// Runs competitions for Health Innovation and Education Clusters, from the call to the announcement.
#[derive(Parser)]
#[command(
    version,
    after_help = "First steps:\n  hiec demo                                       look around: the 2009 round, made-up people\n  hiec user add ada@example.org --name \"Ada Example\" --role administrator --database sqlite:///srv/hiec.db\n  hiec serve --database sqlite:///srv/hiec.db     run it for real\n\nEvery command explains itself: hiec help COMMAND"
)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

/// Where the settings come from.
#[derive(Args)]
pub struct Where {
    /// A TOML file of settings (see `hiec help serve`); HIEC_CONFIG in the environment
    #[arg(long, env = "HIEC_CONFIG")]
    pub config: Option<PathBuf>,
    /// sqlite:///path/to/hiec.db or postgres://user@host/name
    #[arg(long)]
    pub database: Option<String>,
}

const SERVE_HELP: &str =
    "Settings are read from the file, then from the environment (HIEC_DATABASE, HIEC_LISTEN, …), then from flags;
the later wins, and a key that is no setting is refused.

  database = \"sqlite:///srv/hiec/hiec.db\"   # or postgres://user@host/name
  listen = \"127.0.0.1:8080\"
  base = \"https://hiec.example.org/\"        # as people see it: links in letters, cookies
  name = \"HIEC competitions\"
  files = \"/srv/hiec/files\"                 # or s3_bucket, s3_endpoint, s3_region,
                                            #    s3_access_key_id, s3_secret_access_key, s3_http
  smtp = \"smtps://user:password@mail.example.org:465\"
  mail_from = \"Programme office <office@example.org>\"
  metrics_token = \"a long secret\"           # or metrics_listen = \"127.0.0.1:9100\"
  pdf = \"/usr/local/bin/hiec-pdf\"
  credential_secret = \"32 random characters or more\"   # signs Open Badges; keep it for good

Without smtp letters are kept and shown to their people under Account, Messages. SIGTERM finishes requests under
way and stops. HIEC_LOG=debug says more. The database is brought up to this version at start.";

#[derive(Subcommand)]
pub enum Command {
    /// Serve an installation
    #[command(after_help = SERVE_HELP)]
    Serve {
        #[command(flatten)]
        place: Where,
        /// Address and port to answer on [default: 127.0.0.1:8080]
        #[arg(long)]
        listen: Option<SocketAddr>,
        /// The address people use, https://…
        #[arg(long)]
        base: Option<String>,
        /// What the service is called on its pages
        #[arg(long)]
        name: Option<String>,
        /// The folder for uploaded files [default: hiec-files]
        #[arg(long)]
        files: Option<PathBuf>,
        /// Path of the program hiec-pdf
        #[arg(long)]
        pdf: Option<PathBuf>,
        /// Serve /metrics on an address of its own
        #[arg(long)]
        metrics_listen: Option<SocketAddr>,
    },
    /// Run the demonstration: the 2009 round and its clusters at any stage, on files of its own
    #[command(
        after_help = "Examples:\n  hiec demo                       the bidding stage, on port 8080\n  hiec demo --at announced --port 0 --dir /tmp/round\n  hiec demo --at second-year      the clusters, eighteen months on"
    )]
    Demo {
        /// Where it stands. The round: dialogue, pqq, shortlist, bidding, assessment, panel, standstill, announced. The life of
        /// its clusters: founding, first-year, annual-meeting, second-year, closing; and emergency, with real figures to 2019
        #[arg(long, default_value = "bidding", value_parser = demo_standing)]
        at: Standing,
        /// The port on this machine; 0 takes a free one
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// Where its files go; nothing else is touched
        #[arg(long, default_value = ".demo")]
        dir: PathBuf,
    },
    /// Bring a database up to this version of the program
    Migrate {
        #[command(flatten)]
        place: Where,
    },
    /// Accounts: add people, set passwords, give roles
    #[command(subcommand)]
    User(UserCommand),
    /// The audit trail: prove it whole, or write it out
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Assessment: give bids their assessors
    #[command(subcommand)]
    Assess(AssessCommand),
    /// Charts of measures over time: limits, rules, icons
    #[command(subcommand)]
    Spc(SpcCommand),
    /// Adoption: how an innovation spreads over sites
    #[command(subcommand)]
    Adoption(AdoptionCommand),
    /// Impact: what would have happened anyway
    #[command(subcommand)]
    Impact(ImpactCommand),
    /// Sites beside one another: intervals, rates, funnels
    #[command(subcommand)]
    Compare(CompareCommand),
    /// Placement rounds: give places under a rule, compare rules, check a certificate
    #[command(subcommand)]
    Placement(PlacementCommand),
    /// Surveys of trainees' experience: flags by the national training survey's rule
    #[command(subcommand)]
    Survey(SurveyCommand),
    /// Value for money: social return and the Green Book's arithmetic
    #[command(subcommand)]
    Value(ValueCommand),
    /// Open Badges: issue, verify, make keys
    #[command(subcommand)]
    Credential(CredentialCommand),
    /// Education tariff: what follows a trainee to the host, with its working
    #[command(subcommand)]
    Tariff(TariffCommand),
    /// Workforce: stock and flow by specialty, years ahead
    #[command(subcommand)]
    Workforce(WorkforceCommand),
    /// Write a SQLite database into one file, while it is in use
    #[command(
        after_help = "Example:\n  hiec backup /backups/hiec-monday.db --database sqlite:///srv/hiec.db\nPostgreSQL: pg_dump --format=custom --file=hiec.dump \"$HIEC_DATABASE\"\nUploaded files are not in it: copy their folder too."
    )]
    Backup {
        file: PathBuf,
        #[command(flatten)]
        place: Where,
    },
    /// Put a backup in the place of a SQLite database, once it is found whole
    #[command(
        after_help = "Example (hiec serve stopped first):\n  hiec restore /backups/hiec-monday.db --database sqlite:///srv/hiec.db --replace"
    )]
    Restore {
        file: PathBuf,
        /// Replace the database that is there
        #[arg(long)]
        replace: bool,
        #[command(flatten)]
        place: Where,
    },
    /// Whole databases
    #[command(subcommand)]
    Db(DbCommand),
    /// Lists into the register, or into a call's pool of assessors
    #[command(subcommand)]
    Import(ImportCommand),
    /// Rounds out of it, to be checked by a stranger
    #[command(subcommand)]
    Export(ExportCommand),
    /// What the worker has to do
    #[command(subcommand)]
    Jobs(JobsCommand),
}

#[derive(Subcommand)]
pub enum UserCommand {
    /// Add a person; the password is read from the standard input
    #[command(
        after_help = "Example, the first administrator:\n  hiec user add ada@example.org --name \"Ada Example\" --role administrator < password.txt"
    )]
    Add {
        email: String,
        #[arg(long)]
        name: String,
        /// A role to give at once
        #[arg(long, value_parser = role)]
        role: Option<Role>,
        /// Where it holds: installation, region:LON, or kind:id
        #[arg(long, default_value = "installation")]
        scope: String,
        #[command(flatten)]
        place: Where,
    },
    /// Set a password, read from the standard input; signs the person out everywhere
    Password {
        email: String,
        #[command(flatten)]
        place: Where,
    },
    /// Give a role, or end it with --end REASON
    #[command(
        after_help = "Examples:\n  hiec user role rita@example.org region_officer --scope region:LON\n  hiec user role rita@example.org region_officer --scope region:LON --end \"moved to another post\""
    )]
    Role {
        email: String,
        #[arg(value_parser = role)]
        role: Role,
        #[arg(long, default_value = "installation")]
        scope: String,
        /// End the role, for this reason
        #[arg(long, value_name = "REASON")]
        end: Option<String>,
        #[command(flatten)]
        place: Where,
    },
}

#[derive(Subcommand)]
pub enum AuditCommand {
    /// Find any changed, missing or reordered entry; exit code 1 when there is one
    #[command(
        after_help = "Examples:\n  hiec audit verify --database sqlite:///srv/hiec.db\n  hiec audit verify audit.jsonl     an exported file alone; no database is needed"
    )]
    Verify {
        /// An exported file, JSON Lines; without it, the database
        file: Option<PathBuf>,
        #[command(flatten)]
        place: Where,
    },
    /// Write the entries as JSON Lines, then where each chain ends
    Export {
        /// One stream only: installation, call:ID
        #[arg(long)]
        stream: Option<String>,
        /// The file to write; without it, the standard output
        #[arg(long)]
        to: Option<PathBuf>,
        #[command(flatten)]
        place: Where,
    },
}

#[derive(Subcommand)]
pub enum AssessCommand {
    /// Assign assessors at the greatest total weight; exit code 3 and the reason when impossible
    #[command(
        after_help = "The question, as JSON:\n  {\"per_bid\": 3, \"max_load\": 6, \"pairs\": [{\"bid\": \"65\", \"assessor\": \"r4\", \"weight\": 5}], \"conflicts\": [[\"65\", \"r5\"]]}\nA pair not listed is not allowed; max_load is a number, or one per assessor. The answer has assignment, total_weight and loads.\nExit codes: 0 solved and proven, 2 the input cannot be used, 3 impossible."
    )]
    Assign {
        /// The file, or - for the standard input
        instance: PathBuf,
    },
}

#[derive(Subcommand)]
pub enum DbCommand {
    /// Copy everything into a new, empty database, and compare
    #[command(
        after_help = "Example, when one machine is no longer enough:\n  hiec db copy --from sqlite:///srv/hiec.db --to postgres://hiec@db/hiec"
    )]
    Copy {
        #[arg(long)]
        from: String,
        #[arg(long)]
        to: String,
    },
}

#[derive(Subcommand)]
pub enum ImportCommand {
    /// Organisations from an ODS list (CSV or XLSX): all of it or nothing
    #[command(
        after_help = "Example:\n  hiec import organisations etr.csv --dry-run     shows what would change and every faulty line"
    )]
    Organisations {
        file: PathBuf,
        /// Show what would change, and change nothing
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        place: Where,
    },
    /// Figures of a cluster's measures (CSV, XLSX or a DHIS2 data value set): all of it or nothing
    #[command(
        after_help = "Example:\n  hiec import figures june.csv --cluster necles --dry-run     shows what would change and every faulty line\n\nThe first line names the columns: measure,site,period,numerator,denominator"
    )]
    Figures {
        file: PathBuf,
        /// The cluster's key, as in its address: necles
        #[arg(long)]
        cluster: String,
        /// Show what would change, and change nothing
        #[arg(long)]
        dry_run: bool,
        /// Why figures change that are stored already
        #[arg(long, default_value = "")]
        reason: String,
        /// Take values outside the limits of their own series too: somebody has looked at them
        #[arg(long)]
        confirm: bool,
        #[command(flatten)]
        place: Where,
    },
    /// Assessors into a call's pool (CSV or XLSX): all of it or nothing. Each is invited by a letter
    #[command(
        after_help = "Columns: email, name, employer (ODS code or name), expertise (subjects with semicolons), max_load. The call's page of assessors has the template.\n\nExample:\n  hiec import assessors pool.csv --call hiec-2009 --dry-run     shows who would be invited and every faulty line"
    )]
    Assessors {
        file: PathBuf,
        /// The call's key, as in its address: hiec-2009
        #[arg(long)]
        call: String,
        /// Show what would change, and change nothing
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        place: Where,
    },
}

#[derive(Subcommand)]
pub enum ExportCommand {
    /// A call's whole round into a new folder: JSON Lines, CSV, files, audit chain, manifest. What is sealed stays out
    #[command(after_help = "Example:\n  hiec export round hiec-2009 /tmp/pack --database sqlite:///srv/hiec.db")]
    Round {
        /// The call's key, as in its address: hiec-2009
        call: String,
        dir: PathBuf,
        /// The folder of uploaded files; without it, the one in the settings
        #[arg(long)]
        files: Option<PathBuf>,
        #[command(flatten)]
        place: Where,
    },
    /// Check a pack from its folder alone: files, audit chain, scores, totals, ranking, decisions and awards; exit code 1
    /// when anything does not agree
    #[command(
        after_help = "Examples:\n  hiec export verify /tmp/pack\n  hiec export verify /tmp/pack --head call:0190…/412/5f3a…\n\nA pack written anew from end to end agrees with itself; a head known from elsewhere (the export prints it) tells."
    )]
    Verify {
        dir: PathBuf,
        /// Where the chain is known to stand: stream/number/hash
        #[arg(long = "head", value_parser = crate::commands::export::read_head)]
        heads: Vec<ChainHead>,
    },
}

#[derive(Subcommand)]
pub enum JobsCommand {
    /// Show jobs, open ones first
    List {
        #[arg(long, default_value_t = 50)]
        limit: i64,
        #[command(flatten)]
        place: Where,
    },
}

fn demo_standing(text: &str) -> Result<Standing, String> {
    Standing::from_key(text).ok_or_else(|| {
        let all: Vec<&str> = Standing::all().map(Standing::key).collect();
        format!("choose one of {}", all.join(", "))
    })
}

fn role(text: &str) -> Result<Role, String> {
    Role::from_key(text).ok_or_else(|| {
        let roles: Vec<&str> = Role::ALL.iter().map(|role| role.key()).collect();
        format!("choose one of {}", roles.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }
}
