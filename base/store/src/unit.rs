//! The unit of work: one actor, one moment, one transaction; what it changed, why, and what must follow are stored together or not at all.

use hiec_kernel::Timestamp;
use hiec_kernel::people::Actor;
use rand::RngCore;
use sea_orm::{ConnectionTrait, DatabaseTransaction, Statement, Value};
use serde::Serialize;
use tokio::sync::OwnedMutexGuard;
use tracing::Instrument;
use uuid::Uuid;

use crate::audit::{self, AuditEvent, Pending, Stream};
use crate::database::StoreError;
use crate::dialect::Dialect;
use crate::jobs;
use crate::mail::{self, Mail};
use crate::query::{Reads, traced};

/// A transaction with its actor and its moment. Dropping it undoes everything.
pub struct Unit {
    transaction: DatabaseTransaction,
    dialect: Dialect,
    actor: Actor,
    now: Timestamp,
    entries: Vec<Pending>,
    _place: Option<OwnedMutexGuard<()>>,
}

impl Unit {
    pub(crate) fn new(
        transaction: DatabaseTransaction,
        dialect: Dialect,
        actor: Actor,
        now: Timestamp,
        place: Option<OwnedMutexGuard<()>>,
    ) -> Self {
        Self { transaction, dialect, actor, now, entries: Vec::new(), _place: place }
    }

    /// The server's time for everything in this unit.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// A fresh id: UUIDv7 of the unit's moment, so that ids sort by age.
    pub fn new_id(&self) -> Uuid {
        let mut random = [0_u8; 10];
        rand::rng().fill_bytes(&mut random);
        let millis = u64::try_from(self.now.timestamp_millis()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    /// Runs one statement; answers how many rows it changed.
    pub async fn execute(&self, sql: &str, values: Vec<Value>) -> Result<u64, StoreError> {
        let statement = Statement::from_sql_and_values(self.dialect.backend(), sql, values);
        let work = self.transaction.execute_raw(statement).instrument(traced(self.dialect, sql));
        Ok(work.await?.rows_affected())
    }

    /// Adds a typed entry to a stream's chain. It is sealed at commit, in the order given here.
    pub fn audit<E: AuditEvent>(
        &mut self,
        stream: Stream,
        subject: impl Into<String>,
        event: &E,
    ) -> Result<(), StoreError> {
        self.entries.push(Pending::of(stream, subject.into(), event)?);
        Ok(())
    }

    /// Puts a letter into the outbox; it is sent after commit, and tried again until it leaves.
    pub async fn mail(&self, mail: Mail) -> Result<(), StoreError> {
        mail::enqueue(self, mail).await
    }

    /// Puts work into the queue, to be done after commit and not before `not_before`.
    pub async fn job<J: Serialize + Sync>(&self, kind: &str, job: &J, not_before: Timestamp) -> Result<(), StoreError> {
        jobs::enqueue(self, kind, serde_json::to_value(job)?, not_before).await
    }

    /// Seals the audit entries and makes everything lasting. Only after this may anybody be told that it happened.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        let entries = std::mem::take(&mut self.entries);
        audit::seal(&self, entries).await?;
        self.transaction.commit().instrument(traced(self.dialect, "COMMIT")).await?;
        Ok(())
    }
}

impl Reads for Unit {
    fn connection(&self) -> &impl ConnectionTrait {
        &self.transaction
    }

    fn dialect(&self) -> Dialect {
        self.dialect
    }
}
