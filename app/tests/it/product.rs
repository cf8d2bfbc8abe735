//! The product of one test: the real state and router over a fresh database, with a clock the test moves. It never outlives the test.

use std::sync::Arc;

use axum::Router;
use hiec::metrics::{Metrics, MetricsDoor};
use hiec::program;
use hiec_access::limits::{Allowance, Allowances};
use hiec_access::{grants, people, sessions};
use hiec_competition::Stage;
use hiec_competition::demo::{self, cast};
use hiec_files::FileStore;
use hiec_kernel::clock::FixedClock;
use hiec_kernel::people::{Actor, Person};
use hiec_kernel::{PersonId, Role, Scope};
use hiec_reports::Reports;
use hiec_store::mail::{self, StoredMail};
use hiec_store::{Database, Stream, audit};
use hiec_testkit::Browser;
use hiec_web::{AppState, Site};
use tempfile::TempDir;
use uuid::Uuid;

use crate::played;

/// Opens `/metrics`.
pub const METRICS_TOKEN: &str = "token-for-figures";

/// A running product.
pub struct Product {
    pub state: AppState,
    pub router: Router,
    pub clock: FixedClock,
    /// Uploaded files; gone with the value.
    _files: TempDir,
}

impl Product {
    /// The product over a fresh database: migrated, and empty otherwise. Its clock stands, so changes are not counted.
    pub async fn start(database_url: &str, clock: FixedClock) -> Self {
        Self::fresh(database_url, clock, tempfile::tempdir().expect("a folder for files"), uncounted()).await
    }

    /// The same, with limits on how often things may be tried.
    pub async fn allowing(database_url: &str, clock: FixedClock, allowances: Allowances) -> Self {
        Self::fresh(database_url, clock, tempfile::tempdir().expect("a folder for files"), allowances).await
    }

    /// The 2009 round, played until it stands at `stage`, with the cast in their seats.
    pub async fn at(database_url: &str, stage: Stage) -> Self {
        let files = tempfile::tempdir().expect("a folder for files");
        played::copy(stage, database_url, files.path()).await;
        Self::fresh(database_url, FixedClock::at(demo::moment(stage)), files, uncounted()).await
    }

    async fn fresh(database_url: &str, clock: FixedClock, files: TempDir, allowances: Allowances) -> Self {
        let database = Database::connect_disposable(database_url).await.expect("the database opens");
        program::migrate(&database, &clock).await.expect("the migrations apply");
        let mut services = http::Extensions::new();
        services.insert(FileStore::folder(files.path()).expect("a file store"));
        services.insert(Reports::new(None));
        services.insert(Arc::new(Metrics::default()));
        services.insert(MetricsDoor::Token(METRICS_TOKEN.to_owned()));
        services.insert(allowances);
        Self::over(database, clock, "http://hiec.example/", services, files)
    }

    /// The same product over a database that is there already, reached by TLS.
    pub async fn secure(database_url: &str, clock: FixedClock) -> Self {
        let database = Database::connect(database_url).await.expect("the database opens");
        let files = tempfile::tempdir().expect("a folder for files");
        Self::over(database, clock, "https://hiec.example/", http::Extensions::new(), files)
    }

    fn over(database: Database, clock: FixedClock, base: &str, services: http::Extensions, files: TempDir) -> Self {
        let site = Site { name: "hiec".into(), base: base.parse().expect("an address"), is_demo: false };
        let state =
            program::state(database, Arc::new(clock.clone()), site, services).expect("the policies can be read");
        let router = program::router(&state, Router::new());
        Self { state, router, clock, _files: files }
    }

    /// A browser nobody is signed in with.
    pub fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// A browser in which this person is signed in.
    pub async fn browser_of(&self, person: PersonId) -> Browser {
        let unit = self.state.begin(Actor::Person(person)).await.expect("a unit begins");
        let token = sessions::start(&unit, person, "test").await.expect("a session starts");
        unit.commit().await.expect("the session is stored");
        let mut browser = self.browser();
        browser.set_cookie(hiec_web::who::cookie_name(&self.state), &token);
        browser
    }

    /// A browser in which one of the cast is signed in: `office`, `lead`, `region-lon`, `assessor`, … (after [`Self::at`]).
    pub async fn browser_as(&self, slug: &str) -> Browser {
        let person = self.person(slug).await;
        self.browser_of(person.id).await
    }

    /// One of the cast.
    pub async fn person(&self, slug: &str) -> Person {
        people::by_email(&self.state.database(), &cast::email(slug))
            .await
            .expect("the database answers")
            .unwrap_or_else(|| panic!("nobody in the cast is called {slug}"))
    }

    /// Adds the first administrator, as the command line does.
    pub async fn administrator(&self) -> Person {
        self.add_person("Ada Administrator", &[(Role::Administrator, Scope::Installation, None)]).await
    }

    /// The newest letter to an address.
    pub async fn letter_to(&self, address: &str) -> StoredMail {
        let letters = mail::recent(&self.state.database(), 1000).await.expect("the outbox");
        letters
            .into_iter()
            .find(|letter| letter.recipient == address)
            .unwrap_or_else(|| panic!("nothing was written to {address}"))
    }

    /// How many letters were written to an address.
    pub async fn letters_to(&self, address: &str) -> usize {
        let letters = mail::recent(&self.state.database(), 1000).await.expect("the outbox");
        letters.iter().filter(|letter| letter.recipient == address).count()
    }

    /// Every entry of the installation's stream as one text, for what must not stand there.
    pub async fn trail(&self) -> String {
        let entries = audit::entries(&self.state.database(), &Stream::installation(), 0, 10_000).await;
        serde_json::to_string(&entries.expect("the trail")).expect("JSON")
    }

    /// Adds a made-up person with roles: `(role, scope, the call it lies within)`.
    pub async fn add_person(&self, name: &str, roles: &[(Role, Scope, Option<Uuid>)]) -> Person {
        let mut unit = self.state.begin(Actor::System("test".into())).await.expect("a unit begins");
        let person = Person {
            id: PersonId(unit.new_id()),
            name: name.to_owned(),
            email: format!("{}@example.org", name.to_lowercase().replace(' ', ".")),
            employer: None,
            is_illustrative: true,
        };
        people::add(&mut unit, &person, None).await.expect("a person is added");
        for (role, scope, within) in roles {
            grants::give(&mut unit, person.id, *role, *scope, *within).await.expect("a role is given");
        }
        unit.commit().await.expect("the person is stored");
        person
    }
}

/// The path of the one link in a letter.
pub fn link_in(letter: &StoredMail) -> String {
    let link = letter.body.split_whitespace().find(|word| word.starts_with("http://hiec.example/"));
    link.expect("a link").trim_start_matches("http://hiec.example").to_owned()
}

/// Changes are not counted: a clock that stands would never let them go.
fn uncounted() -> Allowances {
    Allowances { write: Allowance::new(0, chrono::Duration::minutes(1)), ..Allowances::default() }
}
