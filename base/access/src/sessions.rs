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

/// Where somebody signs in, so that they recognise it in their list. Kept with the session and gone with it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Device {
    /// `Firefox on Windows`; empty where the browser did not say.
    pub browser: String,
    /// The network address it came from; empty where unknown.
    pub client: String,
}

/// Starts a session and answers the token for the cookie. `method` is `password`, `passkey`, `oidc`, `demo`, `link`.
pub async fn start(unit: &Unit, person: PersonId, method: &str) -> Result<String, StoreError> {
    start_on(unit, person, method, &Device::default()).await
}

/// The same, with the device noted.
pub async fn start_on(unit: &Unit, person: PersonId, method: &str, device: &Device) -> Result<String, StoreError> {
    // The list shows what is open; what is over has no reason to stay.
    unit.execute(
        "DELETE FROM base_session WHERE person_id = $1 AND (ends_at <= $2 OR seen_at <= $3)",
        values![person.0, unit.now(), unit.now() - IDLE],
    )
    .await?;
    let token = secret();
    unit.execute(
        "INSERT INTO base_session (token_hash, id, person_id, created_at, seen_at, ends_at, method, browser, client) \
         VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8)",
        values![
            hashed(&token),
            unit.new_id(),
            person.0,
            unit.now(),
            unit.now() + LONGEST,
            method,
            device.browser.as_str(),
            device.client.as_str()
        ],
    )
    .await?;
    Ok(token)
}

pub async fn end(unit: &Unit, token: &str) -> Result<(), StoreError> {
    unit.execute("DELETE FROM base_session WHERE token_hash = $1", values![hashed(token)]).await?;
    Ok(())
}

/// Ends one session of a person by its id; false when there is none.
pub async fn end_one(unit: &Unit, person: PersonId, session: Uuid) -> Result<bool, StoreError> {
    let ended =
        unit.execute("DELETE FROM base_session WHERE id = $1 AND person_id = $2", values![session, person.0]).await?;
    Ok(ended > 0)
}

/// Ends every session of a person: after a password change, or when the account is closed. Answers how many.
pub async fn end_all(unit: &Unit, person: PersonId) -> Result<u64, StoreError> {
    unit.execute("DELETE FROM base_session WHERE person_id = $1", values![person.0]).await
}

/// A session as its owner sees it in the list.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: Uuid,
    pub method: String,
    pub device: Device,
    pub created_at: Timestamp,
    /// To within five minutes.
    pub seen_at: Timestamp,
    /// The one that asks.
    pub is_this: bool,
}

#[derive(FromQueryResult)]
struct Listed {
    id: Uuid,
    token_hash: String,
    method: String,
    browser: Option<String>,
    client: Option<String>,
    created_at: Timestamp,
    seen_at: Timestamp,
}

/// The open sessions of a person, last used first. `token` is that of the session that asks.
pub async fn of(
    reads: &impl Reads,
    person: PersonId,
    token: Option<&str>,
    now: Timestamp,
) -> Result<Vec<Session>, StoreError> {
    let rows: Vec<Listed> = reads
        .all(
            "SELECT id, token_hash, method, browser, client, created_at, seen_at FROM base_session \
             WHERE person_id = $1 AND ends_at > $2 AND seen_at > $3 ORDER BY seen_at DESC, id DESC",
            values![person.0, now, now - IDLE],
        )
        .await?;
    let this = token.map(hashed);
    Ok(rows
        .into_iter()
        .map(|row| Session {
            id: row.id,
            method: row.method,
            device: Device { browser: row.browser.unwrap_or_default(), client: row.client.unwrap_or_default() },
            created_at: row.created_at,
            seen_at: row.seen_at,
            is_this: this.as_deref() == Some(row.token_hash.as_str()),
        })
        .collect())
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

/// The subject for a person, with the roles they hold now; nobody where the account is closed.
pub async fn of_person(reads: &impl Reads, person: PersonId) -> Result<Subject, StoreError> {
    let Some(person) = people::open_by_id(reads, person).await? else {
        return Ok(Subject::anonymous());
    };
    let held = grants::of_person(reads, person.id).await?;
    Ok(subject_with(person, held))
}

fn subject_with(person: Person, held: Vec<crate::subject::Held>) -> Subject {
    Subject { person: Some(person), held, token_scopes: None }
}
