//! What the worker has before it, failed at and did lately, of jobs and letters alike, and another attempt at what failed; of a letter it reads neither subject nor words.

use hiec_kernel::Timestamp;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::database::StoreError;
use crate::query::Reads;
use crate::unit::Unit;
use crate::values;

/// One of the worker's two queues.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Queue {
    Jobs,
    Letters,
}

/// Where an entry stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Not tried yet, or held by a worker for the first time.
    Waiting,
    /// Failed at least once: it is tried again, or was given up.
    Failed,
    /// Done since this moment.
    DoneSince(Timestamp),
}

/// An entry of a queue.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Entry {
    pub id: Uuid,
    /// The kind of a job, the address of a letter.
    pub what: String,
    pub created_at: Timestamp,
    pub not_before: Timestamp,
    pub attempts: i64,
    pub last_error: Option<String>,
    pub done_at: Option<Timestamp>,
}

impl Queue {
    fn table(self) -> &'static str {
        match self {
            Self::Jobs => "base_job",
            Self::Letters => "base_mail",
        }
    }

    fn what(self) -> &'static str {
        match self {
            Self::Jobs => "kind",
            Self::Letters => "recipient",
        }
    }

    fn done(self) -> &'static str {
        match self {
            Self::Jobs => "done_at",
            Self::Letters => "sent_at",
        }
    }

    /// How often an entry is tried before it is given up.
    pub fn most_attempts(self) -> i64 {
        match self {
            Self::Jobs => crate::jobs::MOST_ATTEMPTS,
            Self::Letters => crate::mail::MOST_ATTEMPTS,
        }
    }

    /// The condition on a row, with the values it binds from `$1` on.
    fn condition(self, standing: Standing) -> (String, Vec<Value>) {
        let done = self.done();
        let failed = format!("(last_error IS NOT NULL OR attempts >= {})", self.most_attempts());
        match standing {
            Standing::Waiting => (format!("{done} IS NULL AND NOT {failed}"), vec![]),
            Standing::Failed => (format!("{done} IS NULL AND {failed}"), vec![]),
            Standing::DoneSince(moment) => (format!("{done} >= $1"), values![moment]),
        }
    }
}

impl Entry {
    /// Whether nobody will try it again by itself.
    pub fn is_given_up(&self, queue: Queue) -> bool {
        self.done_at.is_none() && self.attempts >= queue.most_attempts()
    }
}

/// How many entries stand so.
pub async fn count(reads: &impl Reads, queue: Queue, standing: Standing) -> Result<i64, StoreError> {
    let (condition, bound) = queue.condition(standing);
    reads.count(&format!("SELECT COUNT(*) AS n FROM {} WHERE {condition}", queue.table()), bound).await
}

/// `limit` of those that stand so after the first `skip`: what waits by when it is due, the rest newest first.
pub async fn page(
    reads: &impl Reads,
    queue: Queue,
    standing: Standing,
    skip: i64,
    limit: i64,
) -> Result<Vec<Entry>, StoreError> {
    let (condition, mut bound) = queue.condition(standing);
    let (what, done, table) = (queue.what(), queue.done(), queue.table());
    let order = match standing {
        Standing::Waiting => "not_before, id".to_owned(),
        Standing::Failed => "created_at DESC, id DESC".to_owned(),
        Standing::DoneSince(_) => format!("{done} DESC, id DESC"),
    };
    let next = bound.len() + 1;
    bound.extend(values![limit, skip]);
    let sql = format!(
        "SELECT id, {what} AS what, created_at, not_before, attempts, last_error, {done} AS done_at FROM {table} \
         WHERE {condition} ORDER BY {order} LIMIT ${next} OFFSET ${}",
        next + 1
    );
    reads.all(&sql, bound).await
}

/// Lets one that failed be tried now, as if for the first time; false when there is none.
pub async fn again(unit: &Unit, queue: Queue, id: Uuid) -> Result<bool, StoreError> {
    let (condition, _) = queue.condition(Standing::Failed);
    let sql = format!("{} WHERE {condition} AND id = $2", renewed(queue));
    Ok(unit.execute(&sql, values![unit.now(), id]).await? > 0)
}

/// Lets all that failed be tried now; answers how many.
pub async fn all_again(unit: &Unit, queue: Queue) -> Result<u64, StoreError> {
    let (condition, _) = queue.condition(Standing::Failed);
    unit.execute(&format!("{} WHERE {condition}", renewed(queue)), values![unit.now()]).await
}

fn renewed(queue: Queue) -> String {
    format!("UPDATE {} SET attempts = 0, last_error = NULL, not_before = $1", queue.table())
}
