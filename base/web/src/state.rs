//! What every handler can reach: database, clock, policies, services; it holds no request's data.

use std::sync::{Arc, RwLock};

use hiec_access::Engine;
use hiec_access::limits::{Allowances, Limits};
use hiec_kernel::people::Actor;
use hiec_kernel::{Clock, Problem, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{Database, Unit};
use url::Url;

use crate::capability::Nav;

/// What this installation calls itself and where it is.
#[derive(Clone, Debug)]
pub struct Site {
    /// The service name in the header.
    pub name: String,
    /// The address people use, for links in letters and for cookies (`https://…`).
    pub base: Url,
    /// Whether this is a demonstration: made-up people, a banner, signing in by choosing.
    pub is_demo: bool,
}

impl Site {
    /// An address for a letter: `site.link("/bids/…")`.
    pub fn link(&self, path: &str) -> String {
        self.base.join(path).map_or_else(|_| path.to_owned(), Into::into)
    }

    /// The words of a letter with whole addresses: letters are written with paths (`/bids/…`), and the host is put before them when they leave.
    pub fn addressed(&self, words: &str) -> String {
        let is_path = |word: &str| {
            let mut letters = word.chars();
            letters.next() == Some('/') && letters.next().is_some_and(|c| c.is_ascii_alphanumeric())
        };
        words
            .split_inclusive(char::is_whitespace)
            .map(|piece| {
                let word = piece.trim_end();
                let (path, mark) = match word.strip_suffix(['.', ',', ';', ')']) {
                    Some(path) => (path, &piece[path.len()..]),
                    None => (word, &piece[word.len()..]),
                };
                if is_path(path) { format!("{}{mark}", self.link(path)) } else { piece.to_owned() }
            })
            .collect()
    }

    pub fn is_secure(&self) -> bool {
        self.base.scheme() == "https"
    }
}

/// Navigation of all capabilities for one subject.
pub type Navigation = fn(&hiec_access::Subject) -> Vec<Nav>;

/// Shared by all requests; cheap to clone.
#[derive(Clone)]
pub struct AppState {
    inner: Arc<Inner>,
}

struct Inner {
    database: RwLock<Database>,
    clock: Arc<dyn Clock>,
    engine: Engine,
    site: Site,
    navigation: Vec<Navigation>,
    limits: Limits,
    services: http::Extensions,
}

impl AppState {
    /// `services` may hold the installation's own [`Allowances`]; without them the usual ones hold.
    pub fn new(
        database: Database,
        clock: Arc<dyn Clock>,
        engine: Engine,
        site: Site,
        navigation: Vec<Navigation>,
        mut services: http::Extensions,
    ) -> Self {
        let database = RwLock::new(database);
        let limits = services.remove::<Allowances>().map(Limits::new).unwrap_or_default();
        Self { inner: Arc::new(Inner { database, clock, engine, site, navigation, limits, services }) }
    }

    /// The database of this moment: the demo changes it when another stage is chosen.
    pub fn database(&self) -> Database {
        match self.inner.database.read() {
            Ok(database) => database.clone(),
            Err(poisoned) => poisoned.into_inner().clone(),
        }
    }

    /// Puts another database in place of the present one. Requests under way finish on the old one.
    pub fn replace_database(&self, database: Database) {
        match self.inner.database.write() {
            Ok(mut place) => *place = database,
            Err(poisoned) => *poisoned.into_inner() = database,
        }
    }

    /// Begins a unit of work for this actor, at the clock's moment.
    pub async fn begin(&self, actor: Actor) -> Result<Unit, StoreError> {
        self.database().begin(actor, &self.inner.clock).await
    }

    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.inner.clock
    }

    pub fn engine(&self) -> &Engine {
        &self.inner.engine
    }

    /// How often things may be tried.
    pub fn limits(&self) -> &Limits {
        &self.inner.limits
    }

    pub fn site(&self) -> &Site {
        &self.inner.site
    }

    pub fn navigation(&self, subject: &hiec_access::Subject) -> Vec<Nav> {
        self.inner.navigation.iter().flat_map(|links| links(subject)).collect()
    }

    /// A service put in at start (file store, PDF, …), or a problem that says it is not set up here.
    pub fn service<T: Clone + Send + Sync + 'static>(&self) -> Result<&T, Problem> {
        self.inner.services.get::<T>().ok_or_else(|| {
            Problem::new(
                hiec_kernel::ProblemKind::Unavailable,
                "This part of the service is not set up on this installation",
                "Ask the operator to set it up; nothing was changed.",
            )
            .with_detail(std::any::type_name::<T>())
        })
    }

    /// A service that may be absent.
    pub fn optional<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.inner.services.get::<T>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_leave_with_whole_addresses() {
        let site =
            Site { name: "hiec".into(), base: "https://hiec.example/".parse().expect("an address"), is_demo: false };
        let written = "You find it under /bids/1.\nAll answers: /calls/a/questions\nEither/or, 1 / 2, /, http://else.example/x stay.\n";
        let sent = "You find it under https://hiec.example/bids/1.\nAll answers: https://hiec.example/calls/a/questions\n\
                    Either/or, 1 / 2, /, http://else.example/x stay.\n";
        assert_eq!(site.addressed(written), sent);
    }
}
