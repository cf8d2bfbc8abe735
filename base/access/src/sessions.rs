//! Signed-in browsers: a random token in a cookie, its hash in the database; the token itself is stored nowhere.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use hiec_kernel::people::Person;
use hiec_kernel::{Clock, PersonId, Timestamp};
use hiec_store::{Database, FromQueryResult, Reads, Unit, database::StoreError, values};
use rand::RngCore;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::subject::Subject;
use crate::{grants, people};

/// Idle for this long, and it ends.
pub const IDLE: Duration = Duration::hours(2);
/// Ends after this, however busy.
pub const LONGEST: Duration = Duration::hours(12);

/// A fresh secret of 256 bits, in letters a cookie or a link can carry.
pub fn secret() -> String {
    let mut bytes = [0_u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What is stored of a secret.
pub fn hashed(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

/// Starts a session and answers the token for the cookie. `method` is `password`, `passkey`, `oidc`, `demo`, `link`.
pub async fn start(unit: &Unit, person: PersonId, method: &str) -> Result<String, StoreError> {
    let token = secret();
    unit.execute(
        "INSERT INTO base_session (token_hash, person_id, csrf, created_at, seen_at, ends_at, method) \
         VALUES ($1, $2, $3, $4, $4, $5, $6)",
        values![hashed(&token), person.0, secret(), unit.now(), unit.now() + LONGEST, method],
    )
    .await?;
    Ok(token)
}

pub async fn end(unit: &Unit, token: &str) -> Result<(), StoreError> {
    unit.execute("DELETE FROM base_session WHERE token_hash = $1", values![hashed(token)]).await?;
    Ok(())
}

/// Ends every session of a person: after a password change, or when the account is closed.
pub async fn end_all(unit: &Unit, person: PersonId) -> Result<(), StoreError> {
    unit.execute("DELETE FROM base_session WHERE person_id = $1", values![person.0]).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Row {
    person_id: Uuid,
    seen_at: Timestamp,
    ends_at: Timestamp,
}

/// The subject behind a cookie's token, or nobody when it is unknown, idle too long or over.
pub async fn subject(database: &Database, clock: &dyn Clock, token: &str) -> Result<Subject, StoreError> {
    let row: Option<Row> = database
        .one("SELECT person_id, seen_at, ends_at FROM base_session WHERE token_hash = $1", values![hashed(token)])
        .await?;
    let now = clock.now();
    let Some(row) = row.filter(|row| now < row.ends_at && now < row.seen_at + IDLE) else {
        return Ok(Subject::anonymous());
    };
    // Written at most every five minutes: looking at pages must not queue behind writers.
    if now - row.seen_at > Duration::minutes(5) {
        let unit = database.begin(hiec_kernel::people::Actor::Person(PersonId(row.person_id)), clock).await?;
        unit.execute("UPDATE base_session SET seen_at = $2 WHERE token_hash = $1", values![hashed(token), now]).await?;
        unit.commit().await?;
    }
    of_person(database, PersonId(row.person_id)).await
}

/// The subject for a person, with the roles they hold now.
pub async fn of_person(reads: &impl Reads, person: PersonId) -> Result<Subject, StoreError> {
    let Some(person) = people::by_id(reads, person).await? else {
        return Ok(Subject::anonymous());
    };
    let held = grants::of_person(reads, person.id).await?;
    Ok(subject_with(person, held))
}

fn subject_with(person: Person, held: Vec<crate::subject::Held>) -> Subject {
    Subject { person: Some(person), held, token_scopes: None }
}
