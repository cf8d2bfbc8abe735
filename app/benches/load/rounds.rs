//! Rounds with many bids to measure on: played by the product's own actions into SQLite, copied from there to PostgreSQL, and people signed in to it.

use std::path::{Path, PathBuf};

use hiec::{commands, program};
use hiec_access::sessions;
use hiec_competition::demo::crowd::{self, Crowd, Led};
use hiec_files::FileStore;
use hiec_kernel::people::Actor;
use hiec_kernel::{Clock, PersonId, SystemClock};
use hiec_store::Database;
use tempfile::TempDir;

/// A played round in a folder of its own, gone with the value.
pub struct Round {
    folder: TempDir,
}

/// Where the round stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    BeforeTheDeadline,
    Assessing,
}

impl Round {
    /// Plays it, without waiting for the disk: what is lost in a power cut here is played again.
    pub async fn play(crowd: Crowd, standing: Standing) -> Self {
        let folder = tempfile::Builder::new().prefix("hiec-bench-").tempdir().expect("a folder");
        let round = Self { folder };
        let database = Database::connect_disposable(&round.url()).await.expect("SQLite opens");
        program::migrate(&database, &SystemClock).await.expect("the migrations apply");
        let files = FileStore::folder(&round.folder().join("files")).expect("a file store");
        let now = SystemClock.now();
        match standing {
            Standing::BeforeTheDeadline => crowd::before_the_deadline(database.clone(), files, crowd, now).await,
            Standing::Assessing => crowd::while_assessing(database.clone(), files, crowd, now).await,
        }
        .expect("the round can be played");
        database.settle().await.expect("everything is in one file");
        database.close().await.expect("it closes");
        round
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn file(&self) -> PathBuf {
        self.folder().join("round.db")
    }

    /// The address of the SQLite file.
    pub fn url(&self) -> String {
        format!("sqlite://{}", self.file().display())
    }

    /// The same round in the empty database at `url`.
    pub async fn copy_to(&self, url: &str) {
        commands::copy::copy(&self.url(), url).await.expect("the round is copied");
    }
}

/// Signs people in, as the product stores it; answers their tokens.
pub async fn sign_in(database: &Database, people: &[PersonId]) -> Vec<String> {
    let unit = database.begin(Actor::System("bench".into()), &SystemClock).await.expect("a unit begins");
    let mut tokens = Vec::with_capacity(people.len());
    for person in people {
        tokens.push(sessions::start(&unit, *person, "bench").await.expect("a session starts"));
    }
    unit.commit().await.expect("the sessions are stored");
    tokens
}

/// Signs in one of the cast by slug: `office`, `steering`.
pub async fn sign_in_as(database: &Database, slug: &str) -> String {
    let email = hiec_competition::demo::cast::email(slug);
    let person = hiec_access::people::by_email(database, &email).await.expect("the database answers");
    let person = person.expect("one of the cast");
    sign_in(database, &[person.id]).await.remove(0)
}

/// Every bid with its lead and the lead's token.
pub async fn leads(database: &Database) -> Vec<(Led, String)> {
    let bids = crowd::bids(database).await.expect("the bids are read");
    let people: Vec<PersonId> = bids.iter().map(|led| led.lead).collect();
    let tokens = sign_in(database, &people).await;
    bids.into_iter().zip(tokens).collect()
}
