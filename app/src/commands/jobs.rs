//! `hiec jobs`: what the worker has to do and what failed. It does no job itself.

use std::process::ExitCode;

use hiec_kernel::clock::iso;
use hiec_store::{Database, jobs, mail};

use super::Outcome;

pub async fn list(database: &Database, limit: i64) -> Outcome {
    let found = jobs::list(database, limit).await?;
    for job in &found {
        let state = match (&job.done_at, job.attempts >= jobs::MOST_ATTEMPTS) {
            (Some(done), _) => format!("done {}", iso(*done)),
            (None, true) => "given up".to_owned(),
            (None, false) => format!("due {}", iso(job.not_before)),
        };
        let error = job.last_error.as_deref().unwrap_or("");
        println!("{}  {}  {state}  attempts {}  {error}", job.id, job.kind, job.attempts);
    }
    println!(
        "{} jobs shown. Waiting: {}. Given up: {}. Letters not sent: {}.",
        found.len(),
        jobs::waiting(database).await?,
        jobs::given_up(database).await?,
        mail::waiting(database).await?
    );
    Ok(ExitCode::SUCCESS)
}
