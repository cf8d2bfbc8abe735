//! The outbox: letters stored with the change that caused them, sent afterwards; it never sends by itself.

use hiec_kernel::{PersonId, Timestamp};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::database::StoreError;
use crate::query::Reads;
use crate::unit::Unit;
use crate::values;

/// A letter to one address, plain text.
#[derive(Clone, Debug)]
pub struct Mail {
    pub to: String,
    /// The account it is for, so that the person finds it under "Messages" too.
    pub person: Option<PersonId>,
    pub subject: String,
    pub body: String,
    /// What it is about (`call:…`, `bid:…`), for lists; [`A_SECRET`] where it holds a secret.
    pub about: Option<String>,
}

/// A letter about this holds a one-time link that opens an account: its words are forgotten once it has left.
pub const A_SECRET: &str = "secret";
const FORGOTTEN: &str = "This letter held a link that can be used once, so its words are not kept here.";

/// A letter as stored.
#[derive(Clone, Debug, FromQueryResult)]
pub struct StoredMail {
    pub id: Uuid,
    pub recipient: String,
    pub person_id: Option<Uuid>,
    pub subject: String,
    pub body: String,
    pub about: Option<String>,
    pub created_at: Timestamp,
    pub sent_at: Option<Timestamp>,
    pub attempts: i64,
    pub last_error: Option<String>,
}

const COLUMNS: &str = "id, recipient, person_id, subject, body, about, created_at, sent_at, attempts, last_error";

pub(crate) async fn enqueue(unit: &Unit, mail: Mail) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO base_mail (id, recipient, person_id, subject, body, about, created_at, not_before, attempts) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 0)",
        values![
            unit.new_id(),
            mail.to,
            mail.person.map(|person| person.0),
            mail.subject,
            mail.body,
            mail.about,
            unit.now()
        ],
    )
    .await?;
    Ok(())
}

/// How often a letter is tried before it stays.
pub const MOST_ATTEMPTS: i64 = 12;

/// Takes letters due for sending, oldest first, and holds them for ten minutes: if the sender dies, the next one finds them again.
pub async fn take(unit: &Unit, limit: i64) -> Result<Vec<StoredMail>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM base_mail WHERE sent_at IS NULL AND not_before <= $1 AND attempts < $2 \
         ORDER BY created_at, id LIMIT $3{}",
        unit.dialect().for_update_skip_locked()
    );
    let letters: Vec<StoredMail> = unit.all(&sql, values![unit.now(), MOST_ATTEMPTS, limit]).await?;
    for letter in &letters {
        unit.execute(
            "UPDATE base_mail SET not_before = $2 WHERE id = $1",
            values![letter.id, unit.now() + chrono::Duration::minutes(10)],
        )
        .await?;
    }
    Ok(letters)
}

/// How many letters could be sent now.
pub async fn due_count(reads: &impl Reads, now: Timestamp) -> Result<i64, StoreError> {
    let sql = "SELECT COUNT(*) AS n FROM base_mail WHERE sent_at IS NULL AND not_before <= $1 AND attempts < $2";
    reads.count(sql, values![now, MOST_ATTEMPTS]).await
}

/// How many letters have not left.
pub async fn waiting(reads: &impl Reads) -> Result<i64, StoreError> {
    reads.count("SELECT COUNT(*) AS n FROM base_mail WHERE sent_at IS NULL", values![]).await
}

pub async fn mark_sent(unit: &Unit, mail: Uuid) -> Result<(), StoreError> {
    unit.execute(
        "UPDATE base_mail SET sent_at = $2, attempts = attempts + 1, last_error = NULL, \
         body = CASE WHEN about = $3 THEN $4 ELSE body END WHERE id = $1",
        values![mail, unit.now(), A_SECRET, FORGOTTEN],
    )
    .await?;
    Ok(())
}

/// Notes why a letter did not leave; it is tried again after 1, 2, 4 … minutes.
pub async fn mark_failed(unit: &Unit, mail: &StoredMail, error: &str) -> Result<(), StoreError> {
    let wait = chrono::Duration::minutes(1 << mail.attempts.clamp(0, 10));
    unit.execute(
        "UPDATE base_mail SET attempts = attempts + 1, last_error = $2, not_before = $3 WHERE id = $1",
        values![mail.id, error, unit.now() + wait],
    )
    .await?;
    Ok(())
}

/// The newest letters, for the demo's mail catcher and the operator.
pub async fn recent(reads: &impl Reads, limit: i64) -> Result<Vec<StoredMail>, StoreError> {
    reads
        .all(&format!("SELECT {COLUMNS} FROM base_mail ORDER BY created_at DESC, id DESC LIMIT $1"), values![limit])
        .await
}

/// One person's letters, newest first.
pub async fn to_person(reads: &impl Reads, person: PersonId, limit: i64) -> Result<Vec<StoredMail>, StoreError> {
    reads
        .all(
            &format!("SELECT {COLUMNS} FROM base_mail WHERE person_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2"),
            values![person.0, limit],
        )
        .await
}
