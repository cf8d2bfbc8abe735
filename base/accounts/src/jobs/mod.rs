//! Jobs and letters for whoever runs the installation: what waits, what failed and why, what was done lately, and another attempt; of a letter it shows the address where it failed, and never a word.

mod attempts;
mod list;
mod words;

use hiec_access::policy::Target;
use hiec_kernel::{Problem, Scope};
use hiec_store::queue::Queue;
use hiec_web::{Loading, Resource, Route};
use uuid::Uuid;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/jobs", "installation.view", "Jobs and letters: waiting, failed, done lately", list::get),
        Route::post("/jobs/attempts", "installation.change", "Try all again that failed", attempts::all)
            .takes::<attempts::Form>(),
        Route::post("/jobs/{entry}/attempts", "installation.change", "Try one again that failed", attempts::one)
            .takes::<attempts::Form>(),
    ]
}

/// The installation, as whoever runs it sees it.
pub struct Installation;

impl Resource for Installation {
    const KIND: &'static str = "installation";

    async fn load(_: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        Ok(Some((Self, Target::new("installation", Uuid::nil()).scope(Scope::Installation))))
    }
}

/// A queue as addresses and forms spell it.
fn queue_of(key: &str) -> Option<Queue> {
    [Queue::Jobs, Queue::Letters].into_iter().find(|queue| key_of(*queue) == key)
}

fn key_of(queue: Queue) -> &'static str {
    match queue {
        Queue::Jobs => "jobs",
        Queue::Letters => "letters",
    }
}
