//! Accounts closed and opened again, each with who, when and why; a closed account signs in by nothing, and keeps its roles for the day it is opened.

use hiec_kernel::{PersonId, Timestamp};
use hiec_store::{AuditEvent, FromQueryResult, Reads, Stream, Unit, database::StoreError, values};
use serde::Serialize;

use crate::links::{self, Purpose};
use crate::sessions;

/// An account was closed.
#[derive(Serialize)]
struct AccountClosed<'a> {
    person: PersonId,
    reason: &'a str,
}

impl AuditEvent for AccountClosed<'_> {
    const KIND: &'static str = "person.closed";

    fn reason(&self) -> Option<&str> {
        Some(self.reason)
    }
}

/// An account was opened again.
#[derive(Serialize)]
struct AccountReopened<'a> {
    person: PersonId,
    reason: &'a str,
}

impl AuditEvent for AccountReopened<'_> {
    const KIND: &'static str = "person.reopened";

    fn reason(&self) -> Option<&str> {
        Some(self.reason)
    }
}

/// A time an account was closed. `closed_by` and `reopened_by` are actors as the trail spells them.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Closure {
    pub closed_at: Timestamp,
    pub closed_by: String,
    pub reason: String,
    pub reopened_at: Option<Timestamp>,
    pub reopened_by: Option<String>,
    pub reopened_reason: Option<String>,
}

/// Every time this account was closed, newest first.
pub async fn of_person(reads: &impl Reads, person: PersonId) -> Result<Vec<Closure>, StoreError> {
    reads
        .all(
            "SELECT closed_at, closed_by, reason, reopened_at, reopened_by, reopened_reason FROM base_closure \
             WHERE person_id = $1 ORDER BY closed_at DESC, id DESC",
            values![person.0],
        )
        .await
}

/// Whether the account is closed now.
pub async fn is_closed(reads: &impl Reads, person: PersonId) -> Result<bool, StoreError> {
    let sql = "SELECT COUNT(*) AS n FROM base_person WHERE id = $1 AND is_disabled";
    Ok(reads.count(sql, values![person.0]).await? > 0)
}

/// Closes an account: every browser is signed out, open letters lead nowhere, tokens open nothing. False when it is closed already.
pub async fn close(unit: &mut Unit, person: PersonId, reason: &str) -> Result<bool, StoreError> {
    let changed = unit
        .execute(
            "UPDATE base_person SET is_disabled = $2 WHERE id = $1 AND is_disabled = $3",
            values![person.0, true, false],
        )
        .await?;
    if changed == 0 {
        return Ok(false);
    }
    unit.execute(
        "INSERT INTO base_closure (id, person_id, closed_at, closed_by, reason) VALUES ($1, $2, $3, $4, $5)",
        values![unit.new_id(), person.0, unit.now(), unit.actor().key(), reason],
    )
    .await?;
    sessions::end_all(unit, person).await?;
    links::void(unit, Purpose::PasswordReset, person).await?;
    unit.audit(Stream::installation(), format!("person:{person}"), &AccountClosed { person, reason })?;
    Ok(true)
}

/// Opens a closed account again. False when it is open.
pub async fn reopen(unit: &mut Unit, person: PersonId, reason: &str) -> Result<bool, StoreError> {
    let changed = unit
        .execute(
            "UPDATE base_person SET is_disabled = $2 WHERE id = $1 AND is_disabled = $3",
            values![person.0, false, true],
        )
        .await?;
    if changed == 0 {
        return Ok(false);
    }
    unit.execute(
        "UPDATE base_closure SET reopened_at = $2, reopened_by = $3, reopened_reason = $4 \
         WHERE person_id = $1 AND reopened_at IS NULL",
        values![person.0, unit.now(), unit.actor().key(), reason],
    )
    .await?;
    unit.audit(Stream::installation(), format!("person:{person}"), &AccountReopened { person, reason })?;
    Ok(true)
}
