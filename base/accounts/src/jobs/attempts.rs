//! Another attempt at what failed: one or all of a queue, on the record; it does nothing itself, the worker does.

use axum::extract::Path;
use hiec_kernel::Problem;
use hiec_store::queue::{self, Queue};
use hiec_store::{AuditEvent, Stream};
use hiec_web::{Answer, Done, Input, Loaded};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Installation, key_of, queue_of};
use crate::pieces::count;

/// Somebody had the worker try again.
#[derive(Serialize)]
struct TriedAgain {
    queue: &'static str,
    /// The job or letter; nothing where it was all that had failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<Uuid>,
    entries: u64,
}

impl AuditEvent for TriedAgain {
    const KIND: &'static str = "installation.tried_again";
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// `jobs` or `letters`.
    #[serde(default)]
    queue: String,
}

pub async fn one(installation: Loaded<Installation>, Path(entry): Path<Uuid>, Input(form): Input<Form>) -> Answer {
    let queue = chosen(&form)?;
    let mut unit = installation.begin().await?;
    if !queue::again(&unit, queue, entry).await? {
        let next = "It was tried again meanwhile, or is done. Look at the list.";
        return Err(Problem::conflict("There is nothing to try again", next).into());
    }
    let event = TriedAgain { queue: key_of(queue), entry: Some(entry), entries: 1 };
    unit.audit(Stream::installation(), "worker", &event)?;
    unit.commit().await?;
    Ok(Done::to(list(queue)).saying("It is tried again now. Look again in a moment.").into())
}

pub async fn all(installation: Loaded<Installation>, Input(form): Input<Form>) -> Answer {
    let queue = chosen(&form)?;
    let mut unit = installation.begin().await?;
    let entries = queue::all_again(&unit, queue).await?;
    if entries == 0 {
        return Err(Problem::conflict("There is nothing to try again", "Nothing failed. Look at the list.").into());
    }
    unit.audit(Stream::installation(), "worker", &TriedAgain { queue: key_of(queue), entry: None, entries })?;
    unit.commit().await?;
    let (one, many) = match queue {
        Queue::Jobs => ("job is", "jobs are"),
        Queue::Letters => ("letter is", "letters are"),
    };
    let number = count(i64::try_from(entries).unwrap_or(i64::MAX), one, many);
    Ok(Done::to(list(queue)).saying(format!("{number} tried again now. Look again in a moment.")).into())
}

fn chosen(form: &Form) -> Result<Queue, Problem> {
    queue_of(&form.queue)
        .ok_or_else(|| Problem::invalid("There is no such queue", "Go back and choose jobs or letters."))
}

fn list(queue: Queue) -> String {
    format!("/jobs?queue={}", key_of(queue))
}
