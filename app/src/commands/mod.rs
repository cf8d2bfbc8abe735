//! What the operator does at the command line: one file a command. They act as the operator, on the record like everybody.

pub mod adoption;
pub mod assess;
pub mod audit;
pub mod backup;
pub mod compare;
pub mod copy;
pub mod credential;
pub mod export;
pub mod impact;
pub mod import;
pub mod import_figures;
pub mod jobs;
pub mod placement;
pub mod spc;
pub mod spc_chart;
pub mod survey;
pub mod tables;
pub mod tariff;
pub mod user;
pub mod value;
pub mod workforce;

use hiec_kernel::SystemClock;
use hiec_store::Database;

use crate::program;

/// What a command ends with; the words go to the standard error.
pub type Outcome = Result<std::process::ExitCode, Box<dyn std::error::Error>>;

/// Opens the database and brings it up to this program's version.
pub async fn open(url: &str) -> Result<Database, Box<dyn std::error::Error>> {
    ready(Database::connect(url).await?).await
}

/// Opens a database that must be there already, and brings it up to this program's version.
pub async fn open_existing(url: &str) -> Result<Database, Box<dyn std::error::Error>> {
    ready(Database::connect_existing(url).await?).await
}

async fn ready(database: Database) -> Result<Database, Box<dyn std::error::Error>> {
    program::migrate(&database, &SystemClock).await?;
    Ok(database)
}
