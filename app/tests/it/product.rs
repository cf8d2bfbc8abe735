//! The product of one test: the real state and router over a fresh database, with a clock the test moves. It never outlives the test.

use std::ops::Deref;
use std::sync::Arc;

use axum::Router;
use hiec::demo::standing::Standing;
use hiec::metrics::{Metrics, MetricsDoor};
use hiec::program;
use hiec_access::limits::{Allowance, Allowances};
use hiec_access::people;
use hiec_accounts::oidc::SignInService;
use hiec_competition::Stage;
use hiec_competition::demo::cast;
use hiec_contracts::demonstration::Period;
use hiec_files::FileStore;
use hiec_kernel::clock::FixedClock;
use hiec_kernel::people::Person;
use hiec_kernel::{Role, Scope};
use hiec_reports::Reports;
use hiec_store::Database;
use hiec_store::mail::StoredMail;
use hiec_testkit::Browser;
use hiec_teststand::Stand;
use hiec_web::Site;
use tempfile::TempDir;

use crate::played;

/// Opens `/metrics`.
pub const METRICS_TOKEN: &str = "token-for-figures";

/// A running product.
pub struct Product {
    stand: Stand,
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

    /// The same, for people who sign in by a service of their organisation.
    pub async fn signing_in_by(
        database_url: &str,
        clock: FixedClock,
        service: SignInService,
        allowances: Allowances,
    ) -> Self {
        let files = tempfile::tempdir().expect("a folder for files");
        let mut services = http::Extensions::new();
        services.insert(service);
        Self::serving(database_url, clock, files, allowances, services).await
    }

    /// The 2009 round, played until it stands at `stage`, with the cast in their seats.
    pub async fn at(database_url: &str, stage: Stage) -> Self {
        Self::standing(database_url, Standing::Round(stage)).await
    }

    /// The life of the round's clusters, played until this period.
    pub async fn in_period(database_url: &str, period: Period) -> Self {
        Self::standing(database_url, Standing::Clusters(period)).await
    }

    async fn standing(database_url: &str, standing: Standing) -> Self {
        let files = tempfile::tempdir().expect("a folder for files");
        played::copy(standing, database_url, files.path()).await;
        Self::fresh(database_url, FixedClock::at(standing.moment()), files, uncounted()).await
    }

    async fn fresh(database_url: &str, clock: FixedClock, files: TempDir, allowances: Allowances) -> Self {
        Self::serving(database_url, clock, files, allowances, http::Extensions::new()).await
    }

    async fn serving(
        database_url: &str,
        clock: FixedClock,
        files: TempDir,
        allowances: Allowances,
        mut services: http::Extensions,
    ) -> Self {
        let database = Database::connect_disposable(database_url).await.expect("the database opens");
        program::migrate(&database, &clock).await.expect("the migrations apply");
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
        Self { stand: Stand::of(state, router, clock, program::capabilities, files) }
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
}

impl Deref for Product {
    type Target = Stand;

    fn deref(&self) -> &Stand {
        &self.stand
    }
}

/// The path of the one link in a letter.
pub fn link_in(letter: &StoredMail) -> String {
    let link = letter.body.split_whitespace().find(|word| word.starts_with("http://hiec.example/"));
    link.expect("a link").trim_start_matches("http://hiec.example").to_owned()
}

/// Changes are not counted: a clock that stands would never let them go.
pub fn uncounted() -> Allowances {
    Allowances { write: Allowance::new(0, chrono::Duration::minutes(1)), ..Allowances::default() }
}
