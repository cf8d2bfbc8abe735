//! Some capabilities over a fresh database, as their own tests drive them: pages, letters, jobs, people. Test-only, and it never opens a socket.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "what goes wrong in here is a failed test, and a panic is how a test fails"
)]

use std::sync::Arc;

use axum::Router;
use hiec_access::limits::{Allowance, Allowances};
use hiec_access::policy::{self, Engine};
use hiec_access::{grants, people, sessions};
use hiec_files::FileStore;
use hiec_kernel::clock::FixedClock;
use hiec_kernel::organisations::Organisation;
use hiec_kernel::people::{Actor, Person};
use hiec_kernel::{PersonId, Role, Scope};
use hiec_reports::Reports;
use hiec_store::mail::{self, StoredMail};
use hiec_store::{Database, Stream, audit, jobs, migrations, organisations};
use hiec_testkit::Browser;
use hiec_web::{AppState, Capability, Site, capability, security};
use tempfile::TempDir;
use uuid::Uuid;

/// What is tested, running.
pub struct Stand {
    pub state: AppState,
    pub router: Router,
    pub clock: FixedClock,
    capabilities: fn() -> Vec<Capability>,
    _files: TempDir,
}

impl Stand {
    /// The capabilities over an empty database, migrated. `services` holds the ports they ask. Changes are not counted, for the clock stands.
    pub async fn over(
        database_url: &str,
        clock: FixedClock,
        capabilities: fn() -> Vec<Capability>,
        mut services: http::Extensions,
    ) -> Self {
        let database = Database::connect_disposable(database_url).await.expect("the database opens");
        let mut all = migrations::BASE.to_vec();
        let mut texts = vec![policy::BASE];
        for capability in capabilities() {
            all.extend_from_slice(capability.migrations);
            texts.extend_from_slice(capability.policies);
        }
        migrations::migrate(&database, &all, &clock).await.expect("the migrations apply");
        let files = tempfile::tempdir().expect("a folder for files");
        services.insert(FileStore::folder(files.path()).expect("a file store"));
        services.insert(Reports::new(std::env::var_os("HIEC_PDF").map(Into::into)));
        services.insert(Allowances { write: Allowance::new(0, chrono::Duration::minutes(1)), ..Allowances::default() });
        // Some tests need another address, for instance one with https.
        let site = services.remove::<Site>().unwrap_or_else(|| Site {
            name: "hiec".into(),
            base: "http://hiec.example/".parse().expect("an address"),
            is_demo: false,
        });
        let navigation = capabilities().into_iter().map(|capability| capability.navigation).collect();
        let engine = Engine::new(texts).expect("the policies can be read");
        let state = AppState::new(database, Arc::new(clock.clone()), engine, site, navigation, services);
        let router = capability::framed(&state, &mut capabilities(), Router::new())
            .layer(axum::middleware::from_fn_with_state(state.clone(), security::headers))
            .with_state(state.clone());
        Self::of(state, router, clock, capabilities, files)
    }

    /// A state and router made elsewhere. `files` lives as long as this does.
    pub fn of(
        state: AppState,
        router: Router,
        clock: FixedClock,
        capabilities: fn() -> Vec<Capability>,
        files: TempDir,
    ) -> Self {
        Self { state, router, clock, capabilities, _files: files }
    }

    pub fn database(&self) -> Database {
        self.state.database()
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

    /// A made-up person with roles: `(role, scope, the matter it lies within)`.
    pub async fn add_person(&self, name: &str, roles: &[(Role, Scope, Option<Uuid>)]) -> Person {
        let address = format!("{}@example.org", name.to_lowercase().replace(' ', "."));
        self.add_person_at(&address, name, roles).await
    }

    /// Somebody whose address matters, such as one of the demonstration's people.
    pub async fn add_person_at(&self, email: &str, name: &str, roles: &[(Role, Scope, Option<Uuid>)]) -> Person {
        let mut unit = self.state.begin(Actor::System("test".into())).await.expect("a unit begins");
        let person = Person {
            id: PersonId(unit.new_id()),
            name: name.to_owned(),
            email: email.to_owned(),
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

    /// Puts an organisation into the register.
    pub async fn add_organisation(&self, organisation: &Organisation) {
        let unit = self.state.begin(Actor::System("test".into())).await.expect("a unit begins");
        organisations::add(&unit, organisation).await.expect("an organisation is added");
        unit.commit().await.expect("it is stored");
    }

    /// Does every job that is due, until none is; answers how many. A job that fails fails the test.
    pub async fn do_jobs(&self) -> usize {
        let handlers: Vec<_> = (self.capabilities)().into_iter().flat_map(|capability| capability.jobs).collect();
        let mut done = 0;
        loop {
            let unit = self.state.begin(Actor::System("worker".into())).await.expect("a unit begins");
            let Some(job) = jobs::take(&unit).await.expect("the queue answers") else {
                return done;
            };
            unit.commit().await.expect("the job is held");
            let handler = handlers
                .iter()
                .find(|handler| handler.kind == job.kind)
                .unwrap_or_else(|| panic!("nobody does jobs of the kind {}", job.kind));
            if let Err(problem) = (handler.run)(self.state.clone(), job.payload.clone()).await {
                panic!("the job {} failed: {problem:?}", job.kind);
            }
            let unit = self.state.begin(Actor::System("worker".into())).await.expect("a unit begins");
            jobs::finish(&unit, job.id).await.expect("the job is done");
            unit.commit().await.expect("that is stored");
            done += 1;
        }
    }

    /// The newest letter to an address.
    pub async fn letter_to(&self, address: &str) -> StoredMail {
        let letters = mail::recent(&self.database(), 1000).await.expect("the outbox");
        letters
            .into_iter()
            .find(|letter| letter.recipient == address)
            .unwrap_or_else(|| panic!("nothing was written to {address}"))
    }

    /// How many letters were written to an address.
    pub async fn letters_to(&self, address: &str) -> usize {
        let letters = mail::recent(&self.database(), 1000).await.expect("the outbox");
        letters.iter().filter(|letter| letter.recipient == address).count()
    }

    /// Every entry of a stream as one text.
    pub async fn trail(&self, stream: &Stream) -> String {
        let entries = audit::entries(&self.database(), stream, 0, 10_000).await.expect("the trail");
        serde_json::to_string(&entries).expect("JSON")
    }
}
