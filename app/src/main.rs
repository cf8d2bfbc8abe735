//! The `hiec` program: reads the command line and starts what it names; all work is done in the library.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use hiec::command_line::{
    Arguments, AssessCommand, AuditCommand, Command, DbCommand, ExportCommand, ImportCommand, JobsCommand, UserCommand,
    Where,
};
use hiec::commands::{self, Outcome, open, open_existing};
use hiec::settings::{Given, Settings};
use hiec::traces::Traces;
use hiec::{logging, program, running};
use hiec_files::FileStore;
use hiec_kernel::SystemClock;
use hiec_store::Database;

#[tokio::main]
async fn main() -> ExitCode {
    end_quietly_when_nobody_reads();
    let arguments = Arguments::parse();
    // The server begins its log once it knows where its traces go.
    if !matches!(arguments.command, Command::Serve { .. }) {
        logging::start("warn", None);
    }
    match run(arguments.command).await {
        Ok(code) => code,
        Err(error) if is_broken_pipe(error.as_ref()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("hiec: {error}");
            ExitCode::FAILURE
        }
    }
}

/// `hiec … | head` has read what it wanted: that ends the program, and is no mistake to complain of.
fn end_quietly_when_nobody_reads() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let words = panic.payload_as_str().unwrap_or_default();
        if words.starts_with("failed printing to stdout") && words.contains("Broken pipe") {
            std::process::exit(0);
        }
        usual(panic);
    }));
}

fn is_broken_pipe(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut at = Some(error);
    while let Some(error) = at {
        if error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe) {
            return true;
        }
        at = error.source();
    }
    false
}

async fn run(command: Command) -> Outcome {
    match command {
        Command::Serve { place, listen, base, name, files, pdf, metrics_listen } => {
            let mut given = given(&place)?;
            given.flag("listen", listen);
            given.flag("base", base);
            given.flag("name", name);
            given.flag("files", files.map(|path| path.display().to_string()));
            given.flag("pdf", pdf.map(|path| path.display().to_string()));
            given.flag("metrics_listen", metrics_listen);
            serve(given.settings()?).await
        }
        Command::Demo { at, port, dir } => {
            running::demonstrate(at, port, dir).await?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Migrate { place } => migrate(&place).await,
        Command::User(command) => user(command).await,
        Command::Audit(command) => audit(command).await,
        Command::Assess(AssessCommand::Assign { instance }) => commands::assess::assign(&instance),
        Command::Spc(command) => commands::spc::run(command).await,
        Command::Adoption(command) => commands::adoption::run(command),
        Command::Impact(command) => commands::impact::run(command),
        Command::Compare(command) => commands::compare::run(command),
        Command::Placement(command) => commands::placement::run(command),
        Command::Survey(command) => commands::survey::run(command),
        Command::Value(command) => commands::value::run(command),
        Command::Credential(command) => commands::credential::run(command),
        Command::Tariff(command) => commands::tariff::run(command),
        Command::Workforce(command) => commands::workforce::run(command),
        Command::Backup { file, place } => commands::backup::backup(&url(&place)?, &file).await,
        Command::Restore { file, replace, place } => commands::backup::restore(&url(&place)?, &file, replace).await,
        Command::Db(DbCommand::Copy { from, to }) => commands::copy::copy(&from, &to).await,
        Command::Import(ImportCommand::Organisations { file, dry_run, place }) => {
            commands::import::organisations(&open_existing(&url(&place)?).await?, &file, dry_run).await
        }
        Command::Import(ImportCommand::Assessors { file, call, dry_run, place }) => {
            commands::import::assessors(&open_existing(&url(&place)?).await?, &file, &call, dry_run).await
        }
        Command::Import(ImportCommand::Figures { file, cluster, dry_run, reason, confirm, place }) => {
            let how = commands::import_figures::How { dry_run, reason, confirm };
            commands::import_figures::import(&open_existing(&url(&place)?).await?, &file, &cluster, how).await
        }
        Command::Export(ExportCommand::Round { call, dir, files, place }) => {
            let given = given(&place)?;
            let usual = || Some(PathBuf::from("hiec-files")).filter(|folder| folder.is_dir());
            let folder = files.or_else(|| given.text("files").map(PathBuf::from));
            let files = match (folder, given.text("s3_bucket")) {
                (Some(folder), _) => Some(FileStore::folder(&folder)?),
                (None, Some(_)) => given.settings()?.s3.as_ref().map(FileStore::s3).transpose()?,
                (None, None) => usual().map(|folder| FileStore::folder(&folder)).transpose()?,
            };
            commands::export::round(&open_existing(&given.database()?).await?, &call, &dir, files.as_ref()).await
        }
        Command::Export(ExportCommand::Verify { dir, heads }) => commands::export::verify(&dir, &heads),
        Command::Jobs(JobsCommand::List { limit, place }) => {
            commands::jobs::list(&open_existing(&url(&place)?).await?, limit).await
        }
    }
}

async fn serve(settings: Settings) -> Outcome {
    let traces = settings.otlp_endpoint.as_ref().map(Traces::to).transpose()?;
    logging::start("info", traces.as_ref());
    let ended = running::serve(settings).await;
    if let Some(traces) = traces {
        traces.stop().await;
    }
    ended?;
    Ok(ExitCode::SUCCESS)
}

async fn user(command: UserCommand) -> Outcome {
    match command {
        UserCommand::Add { email, name, role, scope, place } => {
            commands::user::add(&open(&url(&place)?).await?, &email, &name, role, &scope).await
        }
        UserCommand::Password { email, place } => {
            commands::user::password(&open_existing(&url(&place)?).await?, &email).await
        }
        UserCommand::Role { email, role, scope, end, place } => {
            let database = open_existing(&url(&place)?).await?;
            commands::user::role(&database, &email, role, &scope, end.as_deref()).await
        }
    }
}

async fn audit(command: AuditCommand) -> Outcome {
    match command {
        AuditCommand::Verify { file: Some(file), .. } => commands::audit::verify_file(&file),
        // Opened as it is: a check must not change what it checks.
        AuditCommand::Verify { file: None, place } => {
            commands::audit::verify_database(&Database::connect_existing(&url(&place)?).await?).await
        }
        AuditCommand::Export { stream, to, place } => {
            let database = Database::connect_existing(&url(&place)?).await?;
            let to: Box<dyn Write> = match to {
                Some(file) => Box::new(std::io::BufWriter::new(std::fs::File::create(file)?)),
                None => Box::new(std::io::stdout()),
            };
            commands::audit::export(&database, stream.as_deref(), to).await
        }
    }
}

async fn migrate(place: &Where) -> Outcome {
    let database = Database::connect(&url(place)?).await?;
    let applied = program::migrate(&database, &SystemClock).await?;
    match applied.is_empty() {
        true => println!("The database is up to date."),
        false => println!("Applied: {}.", applied.join(", ")),
    }
    Ok(ExitCode::SUCCESS)
}

/// The settings of file and environment, with the flags every command has.
fn given(place: &Where) -> Result<Given, hiec::settings::SettingsError> {
    let mut given = Given::read(place.config.as_deref(), std::env::vars())?;
    given.flag("database", place.database.as_ref());
    Ok(given)
}

fn url(place: &Where) -> Result<String, hiec::settings::SettingsError> {
    given(place)?.database()
}
