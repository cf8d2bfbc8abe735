//! Bearer tokens for programs: made by a person, limited to scopes and a time, shown once, stored as a hash.

use std::collections::BTreeSet;

use hiec_kernel::{Clock, PersonId, Timestamp};
use hiec_store::{Database, FromQueryResult, Reads, Unit, database::StoreError, values};
use uuid::Uuid;

use crate::sessions::{self, hashed, secret};
use crate::subject::Subject;

/// What a token may be limited to.
pub const SCOPES: &[&str] = &["read", "write"];

/// A token as its owner sees it in the list.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Token {
    pub id: Uuid,
    pub name: String,
    pub scopes: serde_json::Value,
    pub created_at: Timestamp,
    pub ends_at: Timestamp,
    pub used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

/// Makes a token and answers it: the only time it is seen. It starts with `hiec_`, so that leaked ones can be found.
pub async fn make(
    unit: &Unit,
    person: PersonId,
    name: &str,
    scopes: &BTreeSet<String>,
    ends_at: Timestamp,
) -> Result<String, StoreError> {
    let token = format!("hiec_{}", secret());
    unit.execute(
        "INSERT INTO base_token (id, token_hash, person_id, name, scopes, created_at, ends_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![unit.new_id(), hashed(&token), person.0, name, serde_json::to_value(scopes)?, unit.now(), ends_at],
    )
    .await?;
    Ok(token)
}

/// Revokes a token of a person; false when there is none in use by that id.
pub async fn revoke(unit: &Unit, person: PersonId, token: Uuid) -> Result<bool, StoreError> {
    let revoked = unit
        .execute(
            "UPDATE base_token SET revoked_at = $3 WHERE id = $1 AND person_id = $2 AND revoked_at IS NULL",
            values![token, person.0, unit.now()],
        )
        .await?;
    Ok(revoked > 0)
}

pub async fn of_person(reads: &impl Reads, person: PersonId) -> Result<Vec<Token>, StoreError> {
    reads
        .all(
            "SELECT id, name, scopes, created_at, ends_at, used_at, revoked_at FROM base_token \
             WHERE person_id = $1 ORDER BY created_at DESC, id DESC",
            values![person.0],
        )
        .await
}

#[derive(FromQueryResult)]
struct Row {
    person_id: Uuid,
    scopes: serde_json::Value,
    ends_at: Timestamp,
    used_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
}

/// The subject behind a bearer token; nobody when it is unknown, over or revoked.
pub async fn subject(database: &Database, clock: &dyn Clock, token: &str) -> Result<Subject, StoreError> {
    let row: Option<Row> = database
        .one(
            "SELECT person_id, scopes, ends_at, used_at, revoked_at FROM base_token WHERE token_hash = $1",
            values![hashed(token)],
        )
        .await?;
    let Some(row) = row.filter(|row| row.revoked_at.is_none() && clock.now() < row.ends_at) else {
        return Ok(Subject::anonymous());
    };
    // Noted at most once an hour: a program that reads must not queue behind writers.
    if row.used_at.is_none_or(|used| clock.now() - used > chrono::Duration::hours(1)) {
        let actor = hiec_kernel::people::Actor::Person(PersonId(row.person_id));
        let unit = database.begin(actor, clock).await?;
        unit.execute("UPDATE base_token SET used_at = $2 WHERE token_hash = $1", values![hashed(token), unit.now()])
            .await?;
        unit.commit().await?;
    }
    let mut subject = sessions::of_person(database, PersonId(row.person_id)).await?;
    subject.token_scopes = Some(serde_json::from_value(row.scopes)?);
    Ok(subject)
}
