//! Breadth and depth: what a trainee has met of pathway steps and settings, and what the next rotation should bring. It counts; it judges nobody.

pub(crate) mod coverage;
pub(crate) mod lessons;
pub(crate) mod view;

use std::future::Future;
use std::pin::Pin;

use chrono::NaiveDate;
use hiec_kernel::organisations::Setting;
use hiec_store::Database;
use hiec_store::database::StoreError;
use uuid::Uuid;

use crate::trainees::store::Trainee;

/// Something a trainee did or will do that gives experience.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Experience {
    /// What it was: a placement, a session, a credential.
    pub words: String,
    /// Where it can be followed back to, below the cluster; empty where nowhere.
    pub path: String,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub setting: Option<Setting>,
    /// The pathway steps it lets them learn.
    pub steps: Vec<Uuid>,
}

/// What one source knows of a trainee's experience.
pub(crate) type Gathering<'a> = Pin<Box<dyn Future<Output = Result<Vec<Experience>, StoreError>> + Send + 'a>>;

/// Where experience comes from.
pub(crate) const SOURCES: &[for<'a> fn(&'a Database, &'a Trainee) -> Gathering<'a>] =
    &[coverage::from_placements, lessons::from_sessions, lessons::from_credentials];

/// Everything a trainee has met and will meet, by first day.
pub(crate) async fn of_trainee(database: &Database, trainee: &Trainee) -> Result<Vec<Experience>, StoreError> {
    let mut all = Vec::new();
    for source in SOURCES {
        all.extend(source(database, trainee).await?);
    }
    all.sort_by(|one, other| (one.from, one.to, &one.words).cmp(&(other.from, other.to, &other.words)));
    Ok(all)
}
