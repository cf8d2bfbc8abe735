//! Passkeys as stored: the public half and its counter, by credential id; what a browser answers is judged elsewhere.

use hiec_kernel::{PersonId, Timestamp};
use hiec_store::{AuditEvent, FromQueryResult, Reads, Stream, Unit, database::StoreError, values};
use serde::Serialize;
use uuid::Uuid;

/// A passkey was added. Its name is the person's own and stays out of the trail.
#[derive(Serialize)]
struct PasskeyAdded {
    passkey: Uuid,
}

impl AuditEvent for PasskeyAdded {
    const KIND: &'static str = "person.passkey_added";
}

/// A passkey was removed.
#[derive(Serialize)]
struct PasskeyRemoved {
    passkey: Uuid,
}

impl AuditEvent for PasskeyRemoved {
    const KIND: &'static str = "person.passkey_removed";
}

/// The most passkeys a person has.
pub const MOST: usize = 20;

/// A passkey.
#[derive(Clone, Debug, FromQueryResult)]
pub struct StoredPasskey {
    pub id: Uuid,
    pub person_id: Uuid,
    /// As the browser spells it: base64url without padding.
    pub credential_id: String,
    /// What the person calls it.
    pub name: String,
    /// The public key, the counter and what else verification needs.
    pub credential: serde_json::Value,
    pub created_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

const COLUMNS: &str = "id, person_id, credential_id, name, credential, created_at, used_at";

/// A person's passkeys, oldest first.
pub async fn of_person(reads: &impl Reads, person: PersonId) -> Result<Vec<StoredPasskey>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM base_passkey WHERE person_id = $1 ORDER BY created_at, id");
    reads.all(&sql, values![person.0]).await
}

/// The passkey of this credential id, held until the end of the unit, so that its counter is read and written by one.
pub async fn held(unit: &Unit, credential_id: &str) -> Result<Option<StoredPasskey>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM base_passkey WHERE credential_id = $1{}", unit.dialect().for_update());
    unit.one(&sql, values![credential_id]).await
}

/// Adds a passkey; a credential id that is known already is a duplicate.
pub async fn add(
    unit: &mut Unit,
    person: PersonId,
    credential_id: &str,
    name: &str,
    credential: serde_json::Value,
) -> Result<Uuid, StoreError> {
    let id = unit.new_id();
    unit.execute(
        "INSERT INTO base_passkey (id, person_id, credential_id, name, credential, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        values![id, person.0, credential_id, name, credential, unit.now()],
    )
    .await?;
    unit.audit(Stream::installation(), format!("person:{person}"), &PasskeyAdded { passkey: id })?;
    Ok(id)
}

/// Notes a use, with the counter and flags as they are now.
pub async fn note_use(unit: &Unit, passkey: Uuid, credential: serde_json::Value) -> Result<(), StoreError> {
    unit.execute(
        "UPDATE base_passkey SET credential = $2, used_at = $3 WHERE id = $1",
        values![passkey, credential, unit.now()],
    )
    .await?;
    Ok(())
}

/// Gives a passkey another name; false when the person has no such passkey.
pub async fn rename(unit: &Unit, person: PersonId, passkey: Uuid, name: &str) -> Result<bool, StoreError> {
    let changed = unit
        .execute("UPDATE base_passkey SET name = $3 WHERE id = $1 AND person_id = $2", values![passkey, person.0, name])
        .await?;
    Ok(changed > 0)
}

/// Removes a passkey; false when the person has no such passkey.
pub async fn remove(unit: &mut Unit, person: PersonId, passkey: Uuid) -> Result<bool, StoreError> {
    let removed =
        unit.execute("DELETE FROM base_passkey WHERE id = $1 AND person_id = $2", values![passkey, person.0]).await?;
    if removed > 0 {
        unit.audit(Stream::installation(), format!("person:{person}"), &PasskeyRemoved { passkey })?;
    }
    Ok(removed > 0)
}
