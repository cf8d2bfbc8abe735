//! What follows a change: takes due jobs and sends due letters, again and again until told to stop. It never does a job it has not first held for itself.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use hiec_kernel::Problem;
use hiec_kernel::people::Actor;
use hiec_store::{jobs, mail};
use hiec_web::AppState;
use hiec_web::capability::{Capability, JobHandler};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::post::Post;

/// How long to wait when there was nothing to do.
const IDLE: Duration = Duration::from_secs(1);
/// Letters sent in one round.
const LETTERS: i64 = 20;

/// A running worker.
pub struct Worker {
    stop: watch::Sender<bool>,
    running: JoinHandle<()>,
}

impl Worker {
    pub fn start(state: AppState, capabilities: &[Capability], post: Option<Arc<Post>>) -> Self {
        let handlers = handlers(capabilities);
        let (stop, mut told) = watch::channel(false);
        let running = tokio::spawn(async move {
            while !*told.borrow() {
                let busy = match round(&state, &handlers, post.as_deref()).await {
                    Ok(busy) => busy,
                    Err(problem) => {
                        tracing::error!(detail = problem.detail, "the worker's round failed");
                        false
                    }
                };
                if !busy {
                    tokio::select! {
                        () = tokio::time::sleep(IDLE) => {}
                        _ = told.changed() => {}
                    }
                }
            }
        });
        Self { stop, running }
    }

    /// Finishes the job under way and ends.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        let _ = self.running.await;
    }
}

/// The handlers of all capabilities by the kind of job.
pub fn handlers(capabilities: &[Capability]) -> BTreeMap<&'static str, JobHandler> {
    capabilities
        .iter()
        .flat_map(|capability| capability.jobs.iter().copied())
        .map(|handler| (handler.kind, handler))
        .collect()
}

/// One job and some letters; true when there was anything to do.
pub async fn round(
    state: &AppState,
    handlers: &BTreeMap<&'static str, JobHandler>,
    post: Option<&Post>,
) -> Result<bool, Problem> {
    let did_job = one_job(state, handlers).await?;
    let sent = match post {
        Some(post) => send_letters(state, post).await?,
        // Without a post the letters stay where they are, readable under Messages.
        None => false,
    };
    Ok(did_job || sent)
}

async fn one_job(state: &AppState, handlers: &BTreeMap<&'static str, JobHandler>) -> Result<bool, Problem> {
    let worker = || Actor::System("worker".into());
    // Looked at first without a unit: an idle worker must not queue before writers.
    if jobs::due_count(&state.database(), state.now()).await? == 0 {
        return Ok(false);
    }
    let unit = state.begin(worker()).await?;
    let Some(job) = jobs::take(&unit).await? else {
        return Ok(false);
    };
    unit.commit().await?;
    let outcome = match handlers.get(job.kind.as_str()) {
        Some(handler) => (handler.run)(state.clone(), job.payload.clone()).await,
        None => Err(Problem::internal(format!("nobody does jobs of the kind {}", job.kind))),
    };
    let unit = state.begin(worker()).await?;
    match outcome {
        Ok(()) => jobs::finish(&unit, job.id).await?,
        Err(problem) => {
            let why = problem.detail.unwrap_or(problem.title);
            tracing::warn!(job = %job.id, kind = job.kind, why, "a job failed and will be tried again");
            jobs::fail(&unit, &job, &why).await?;
        }
    }
    unit.commit().await?;
    Ok(true)
}

async fn send_letters(state: &AppState, post: &Post) -> Result<bool, Problem> {
    let worker = || Actor::System("post".into());
    if mail::due_count(&state.database(), state.now()).await? == 0 {
        return Ok(false);
    }
    let unit = state.begin(worker()).await?;
    let letters = mail::take(&unit, LETTERS).await?;
    unit.commit().await?;
    let any = !letters.is_empty();
    for mut letter in letters {
        letter.body = state.site().addressed(&letter.body);
        let outcome = post.send(&letter).await;
        let unit = state.begin(worker()).await?;
        match outcome {
            Ok(()) => mail::mark_sent(&unit, letter.id).await?,
            Err(why) => {
                tracing::warn!(letter = %letter.id, "a letter did not leave and will be tried again");
                mail::mark_failed(&unit, &letter, &why).await?;
            }
        }
        unit.commit().await?;
    }
    Ok(any)
}
