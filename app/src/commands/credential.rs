//! `hiec credential`: issues and verifies Open Badges on files alone, with no database; it judges nothing of its own.

use std::fs;
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::{Subcommand, ValueEnum};
use hiec_credentials::command::{self, Signing};
use hiec_credentials::{IssuingKey, LARGEST_FILE, bake};
use hiec_kernel::{Clock, SystemClock};
use rand::Rng;

use super::{Outcome, tables};

/// The badge was read and refused.
const EXIT_REFUSED: u8 = 1;

const VERIFY_HELP: &str = "Examples:
  hiec credential verify badge.png
  hiec credential verify badge.json --at 2026-06-01T00:00:00Z --key did.json --status-list list.jwt --json

FILE is JSON with a proof, a token (VC-JWT), or a PNG or SVG image with either in it. Nothing is fetched: a did:key issuer
needs nothing more; for others give what they publish of their keys (for did:web:HOST, https://HOST/.well-known/did.json).

Exit codes: 0 accepted, 1 refused, 2 no badge that can be read.";

const ISSUE_HELP: &str = "Examples:
  hiec credential key new > key.json
  hiec credential issue request.json --key key.json > badge.jwt
  hiec credential issue request.json --key key.json --format ldp --bake picture.png --out badge.png

REQUEST, as JSON (id, valid_from, issuer.id and recipient.salt may be left out):
  {\"issuer\": {\"name\": \"Example cluster\", \"url\": \"https://hiec.example/\"},
   \"achievement\": {\"id\": \"https://hiec.example/skills/1\", \"name\": \"Vascular access\", \"description\": \"…\",
     \"criteria\": {\"narrative\": \"Ten supervised procedures.\"}, \"kind\": \"Competency\"},
   \"recipient\": {\"email\": \"ada@example.org\", \"name\": \"Ada Example\"},
   \"valid_until\": \"2029-01-01T00:00:00Z\", \"evidence\": [{\"narrative\": \"Log book of twelve.\"}]}
Only a salted hash of the e-mail address goes into the badge; the name stands in it only if it is given.";

/// Open Badges: issue, verify, make keys.
#[derive(Subcommand)]
pub enum CredentialCommand {
    /// Issue a badge from a request and a key file
    #[command(after_help = ISSUE_HELP)]
    Issue {
        /// The request, or - for the standard input
        request: PathBuf,
        /// The issuer's key file (see `hiec credential key new`)
        #[arg(long)]
        key: PathBuf,
        /// How it is signed: a token, or JSON with a Data Integrity proof
        #[arg(long, value_enum, default_value = "vc-jwt")]
        format: FormatName,
        /// A PNG or SVG image to bake it into
        #[arg(long, requires = "out")]
        bake: Option<PathBuf>,
        /// Where to write, instead of the standard output
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Verify anybody's badge, offline
    #[command(after_help = VERIFY_HELP)]
    Verify {
        /// The badge, or - for the standard input
        file: PathBuf,
        /// The moment at which it must be good, such as 2026-06-01T00:00:00Z [default: now]
        #[arg(long)]
        at: Option<DateTime<Utc>>,
        /// A key document (did.json), a JSON Web Key or a Multikey of the issuer; may be given several times
        #[arg(long)]
        key: Vec<PathBuf>,
        /// The issuer's status list credential; may be given several times
        #[arg(long)]
        status_list: Vec<PathBuf>,
        /// Print the whole report as JSON
        #[arg(long)]
        json: bool,
    },
    /// Keys of issuers
    #[command(subcommand)]
    Key(KeyCommand),
}

#[derive(Subcommand)]
pub enum KeyCommand {
    /// Make a key file; it holds the secret: keep it as you keep a password
    New {
        /// Whose key it is, such as did:web:hiec.example.org [default: the key itself, did:key]
        #[arg(long, requires = "name")]
        issuer: Option<String>,
        /// The key's name among the issuer's, such as key-2026
        #[arg(long)]
        name: Option<String>,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub enum FormatName {
    VcJwt,
    Ldp,
}

pub fn run(command: CredentialCommand) -> Outcome {
    match command {
        CredentialCommand::Issue { request, key, format, bake, out } => {
            match issue(&request, &key, format, bake.as_deref()) {
                Ok(badge) => write(&badge, out.as_deref()),
                Err(problem) => tables::refuse(problem),
            }
        }
        CredentialCommand::Verify { file, at, key, status_list, json } => {
            let at = at.unwrap_or_else(|| SystemClock.now());
            verify(&file, at, &key, &status_list, json)
        }
        CredentialCommand::Key(KeyCommand::New { issuer, name }) => {
            let (seed, now) = (rand::rng().random(), SystemClock.now());
            let key = match (issuer, name) {
                (Some(issuer), Some(name)) => IssuingKey::for_issuer(&seed, &issuer, &name, now),
                _ => IssuingKey::for_itself(&seed, now),
            };
            write(format!("{:#}\n", key.to_file()).as_bytes(), None)
        }
    }
}

fn issue(request: &Path, key: &Path, format: FormatName, image: Option<&Path>) -> Result<Vec<u8>, String> {
    let signing = match format {
        FormatName::VcJwt => Signing::VcJwt,
        FormatName::Ldp => Signing::DataIntegrity,
    };
    let (request_text, key_text) = (read(request)?, read(key)?);
    let id = format!("urn:uuid:{}", uuid::Builder::from_random_bytes(rand::rng().random()).into_uuid());
    let salt: String = rand::rng().random::<[u8; 16]>().iter().map(|byte| format!("{byte:02x}")).collect();
    let badge = command::issue(&request_text, &key_text, signing, SystemClock.now(), &id, &salt)
        .map_err(|problems| format!("{}:\n- {}", request.display(), problems.join("\n- ")))?;
    match image {
        Some(image) => bake(&read(image)?, &badge).map_err(|problem| format!("{}: {problem}", image.display())),
        None => Ok(format!("{badge}\n").into_bytes()),
    }
}

fn verify(file: &Path, at: DateTime<Utc>, keys: &[PathBuf], lists: &[PathBuf], as_json: bool) -> Outcome {
    let all = |paths: &[PathBuf]| paths.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>();
    let report = match (read(file), all(keys), all(lists)) {
        (Ok(badge), Ok(keys), Ok(lists)) => command::check(&badge, at, &keys, &lists),
        (Err(problem), _, _) | (_, Err(problem), _) | (_, _, Err(problem)) => return tables::refuse(problem),
    };
    let report = match report {
        Ok(report) => report,
        Err(problem) => return tables::refuse(format!("{}: {problem}", file.display())),
    };
    let text = if as_json { format!("{}\n", serde_json::to_string_pretty(&report)?) } else { command::words(&report) };
    write(text.as_bytes(), None)?;
    Ok(if report.accepted { ExitCode::SUCCESS } else { ExitCode::from(EXIT_REFUSED) })
}

/// A file whole, or as much of it as shows that it is too large.
fn read(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let room = u64::try_from(LARGEST_FILE).unwrap_or(u64::MAX).saturating_add(1);
    tables::open(path)?
        .take(room)
        .read_to_end(&mut bytes)
        .map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    Ok(bytes)
}

fn write(bytes: &[u8], out: Option<&Path>) -> Outcome {
    match out {
        Some(path) => match fs::write(path, bytes) {
            Ok(()) => Ok(ExitCode::SUCCESS),
            Err(error) => tables::refuse(format!("{} cannot be written: {error}", path.display())),
        },
        None => match io::stdout().write_all(bytes) {
            // Whoever reads the answer has had enough of it, as `head` has.
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
            _ => Ok(ExitCode::SUCCESS),
        },
    }
}
