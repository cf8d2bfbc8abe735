//! One-time links and ceremonies: a secret that was sent or handed out, stored as its hash, good for one purpose, once, for a time. The secret itself is stored nowhere.

use chrono::Duration;
use hiec_kernel::{PersonId, Timestamp};
use hiec_store::{FromQueryResult, Reads, Unit, database::StoreError, values};
use uuid::Uuid;

use crate::people;
use crate::sessions::{hashed, secret};

/// What a secret is for; one made for one purpose opens nothing else.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// Choosing a new password, by a letter.
    PasswordReset,
    /// Joining with a role, by a letter.
    Invitation,
    /// The challenge a new passkey answers.
    PasskeyRegistration,
    /// The challenge a passkey answers when signing in.
    PasskeySignIn,
    /// The way to the organisation's own sign-in service and back.
    ProviderSignIn,
}

impl Purpose {
    /// The stored spelling.
    pub fn key(self) -> &'static str {
        match self {
            Self::PasswordReset => "password reset",
            Self::Invitation => "invitation",
            Self::PasskeyRegistration => "passkey registration",
            Self::PasskeySignIn => "passkey sign-in",
            Self::ProviderSignIn => "provider sign-in",
        }
    }

    /// How long the secret can be used.
    pub fn lasts(self) -> Duration {
        match self {
            Self::PasswordReset => Duration::hours(1),
            Self::Invitation => Duration::days(14),
            Self::PasskeyRegistration | Self::PasskeySignIn => Duration::minutes(5),
            Self::ProviderSignIn => Duration::minutes(10),
        }
    }
}

/// How long what is over stays, for the lists that show it.
const KEPT: Duration = Duration::days(90);

/// A secret as stored, without the secret.
#[derive(Clone, Debug)]
pub struct Link {
    pub id: Uuid,
    pub person: Option<PersonId>,
    /// The address it was sent to; empty where it was sent nowhere.
    pub email: String,
    pub payload: serde_json::Value,
    pub created_at: Timestamp,
    pub ends_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

impl Link {
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.used_at.is_none() && now < self.ends_at
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Option<Uuid>,
    person_id: Option<Uuid>,
    email: String,
    payload: serde_json::Value,
    created_at: Timestamp,
    ends_at: Timestamp,
    used_at: Option<Timestamp>,
}

impl From<Row> for Link {
    fn from(row: Row) -> Self {
        Self {
            id: row.id.unwrap_or_default(),
            person: row.person_id.map(PersonId),
            email: row.email,
            payload: row.payload,
            created_at: row.created_at,
            ends_at: row.ends_at,
            used_at: row.used_at,
        }
    }
}

const COLUMNS: &str = "id, person_id, email, payload, created_at, ends_at, used_at";

/// Makes a secret and answers it: the only time it is seen. `email` is where it is going, empty for nowhere.
pub async fn make(
    unit: &Unit,
    purpose: Purpose,
    person: Option<PersonId>,
    email: &str,
    payload: serde_json::Value,
) -> Result<String, StoreError> {
    let secret = secret();
    keep(unit, purpose, &secret, person, email, payload).await?;
    Ok(secret)
}

/// Stores a secret somebody else made (a challenge). It must hold as much chance as one of ours.
pub async fn keep(
    unit: &Unit,
    purpose: Purpose,
    secret: &str,
    person: Option<PersonId>,
    email: &str,
    payload: serde_json::Value,
) -> Result<(), StoreError> {
    unit.execute(
        "DELETE FROM base_link WHERE purpose = $1 AND ends_at < $2",
        values![purpose.key(), unit.now() - KEPT.min(purpose.lasts() * 30)],
    )
    .await?;
    unit.execute(
        "INSERT INTO base_link (token_hash, id, purpose, person_id, email, payload, created_at, ends_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            hashed(secret),
            unit.new_id(),
            purpose.key(),
            person.map(|person| person.0),
            people::address(email),
            payload,
            unit.now(),
            unit.now() + purpose.lasts()
        ],
    )
    .await?;
    Ok(())
}

/// What stands behind a secret, used or over too, so that the page can say which.
pub async fn find(reads: &impl Reads, purpose: Purpose, secret: &str) -> Result<Option<Link>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM base_link WHERE token_hash = $1 AND purpose = $2");
    Ok(reads.one::<Row>(&sql, values![hashed(secret), purpose.key()]).await?.map(Link::from))
}

/// Uses a secret up; nothing when it is unknown, was used or is over. Of two that come at once, one gets it.
pub async fn use_up(unit: &Unit, purpose: Purpose, secret: &str) -> Result<Option<Link>, StoreError> {
    let used = unit
        .execute(
            "UPDATE base_link SET used_at = $3 WHERE token_hash = $1 AND purpose = $2 AND used_at IS NULL AND ends_at > $3",
            values![hashed(secret), purpose.key(), unit.now()],
        )
        .await?;
    if used == 0 {
        return Ok(None);
    }
    find(unit, purpose, secret).await
}

/// Uses one up by its id, where who holds it was shown another way; false when it is unknown, was used or is over.
pub async fn use_up_one(unit: &Unit, purpose: Purpose, id: Uuid) -> Result<bool, StoreError> {
    let used = unit
        .execute(
            "UPDATE base_link SET used_at = $3 WHERE id = $1 AND purpose = $2 AND used_at IS NULL AND ends_at > $3",
            values![id, purpose.key(), unit.now()],
        )
        .await?;
    Ok(used > 0)
}

/// Ends the open ones of a person for a purpose: a newer one was sent, or what they were for is done.
pub async fn void(unit: &Unit, purpose: Purpose, person: PersonId) -> Result<(), StoreError> {
    unit.execute(
        "UPDATE base_link SET ends_at = $3 WHERE person_id = $1 AND purpose = $2 AND used_at IS NULL AND ends_at > $3",
        values![person.0, purpose.key(), unit.now()],
    )
    .await?;
    Ok(())
}

/// Ends an open one by its id; false when there is none.
pub async fn void_one(unit: &Unit, purpose: Purpose, id: Uuid) -> Result<bool, StoreError> {
    let ended = unit
        .execute(
            "UPDATE base_link SET ends_at = $3 WHERE id = $1 AND purpose = $2 AND used_at IS NULL AND ends_at > $3",
            values![id, purpose.key(), unit.now()],
        )
        .await?;
    Ok(ended > 0)
}

/// How many were made for a person since a moment.
pub async fn made_since(
    reads: &impl Reads,
    purpose: Purpose,
    person: PersonId,
    since: Timestamp,
) -> Result<i64, StoreError> {
    reads
        .count(
            "SELECT COUNT(*) AS n FROM base_link WHERE person_id = $1 AND purpose = $2 AND created_at > $3",
            values![person.0, purpose.key(), since],
        )
        .await
}

/// Those that are open for a purpose, newest first, at most `limit`.
pub async fn open(reads: &impl Reads, purpose: Purpose, now: Timestamp, limit: i64) -> Result<Vec<Link>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM base_link WHERE purpose = $1 AND used_at IS NULL AND ends_at > $2 \
         ORDER BY created_at DESC, id DESC LIMIT $3"
    );
    let rows: Vec<Row> = reads.all(&sql, values![purpose.key(), now, limit]).await?;
    Ok(rows.into_iter().map(Link::from).collect())
}

/// Those that are open for a purpose and went to this address.
pub async fn open_to(
    reads: &impl Reads,
    purpose: Purpose,
    email: &str,
    now: Timestamp,
) -> Result<Vec<Link>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM base_link WHERE purpose = $1 AND email = $2 AND used_at IS NULL AND ends_at > $3 \
         ORDER BY created_at, id"
    );
    let rows: Vec<Row> = reads.all(&sql, values![purpose.key(), people::address(email), now]).await?;
    Ok(rows.into_iter().map(Link::from).collect())
}

/// An open one by its id.
pub async fn by_id(reads: &impl Reads, purpose: Purpose, id: Uuid, now: Timestamp) -> Result<Option<Link>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM base_link WHERE id = $1 AND purpose = $2 AND used_at IS NULL AND ends_at > $3");
    Ok(reads.one::<Row>(&sql, values![id, purpose.key(), now]).await?.map(Link::from))
}
