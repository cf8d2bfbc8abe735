//! Who a person is at the organisation's own sign-in service, known by issuer and subject; never by name, and never by an address after the first time.

use hiec_kernel::{PersonId, Timestamp};
use hiec_store::{AuditEvent, FromQueryResult, Reads, Stream, Unit, database::StoreError, values};
use serde::Serialize;
use uuid::Uuid;

/// A person was linked to an identity of the sign-in service. The identity itself stays out of the trail.
#[derive(Serialize)]
struct IdentityLinked {
    /// `invitation`, `verified address` or `account`.
    by: &'static str,
}

impl AuditEvent for IdentityLinked {
    const KIND: &'static str = "person.identity_linked";
}

/// A person's identity was taken off.
#[derive(Serialize)]
struct IdentityUnlinked {}

impl AuditEvent for IdentityUnlinked {
    const KIND: &'static str = "person.identity_unlinked";
}

/// How an identity came to be a person's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LinkedBy {
    Invitation,
    VerifiedAddress,
    /// By the person, signed in.
    Account,
}

impl LinkedBy {
    fn words(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::VerifiedAddress => "verified address",
            Self::Account => "account",
        }
    }
}

/// An identity of a person.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Identity {
    pub issuer: String,
    pub subject: String,
    pub created_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

/// Whose identity this is.
pub async fn person(reads: &impl Reads, issuer: &str, subject: &str) -> Result<Option<PersonId>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        person_id: Uuid,
    }
    let row: Option<Row> = reads
        .one("SELECT person_id FROM base_identity WHERE issuer = $1 AND subject = $2", values![issuer, subject])
        .await?;
    Ok(row.map(|row| PersonId(row.person_id)))
}

pub async fn of_person(reads: &impl Reads, person: PersonId) -> Result<Vec<Identity>, StoreError> {
    reads
        .all(
            "SELECT issuer, subject, created_at, used_at FROM base_identity WHERE person_id = $1 \
             ORDER BY created_at, issuer, subject",
            values![person.0],
        )
        .await
}

/// Links an identity to a person. An identity belongs to one person: a second link is a duplicate.
pub async fn link(
    unit: &mut Unit,
    person: PersonId,
    issuer: &str,
    subject: &str,
    by: LinkedBy,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO base_identity (issuer, subject, person_id, created_at) VALUES ($1, $2, $3, $4)",
        values![issuer, subject, person.0, unit.now()],
    )
    .await?;
    unit.audit(Stream::installation(), format!("person:{person}"), &IdentityLinked { by: by.words() })
}

/// Notes that an identity was used now.
pub async fn note_use(unit: &Unit, issuer: &str, subject: &str) -> Result<(), StoreError> {
    unit.execute(
        "UPDATE base_identity SET used_at = $3 WHERE issuer = $1 AND subject = $2",
        values![issuer, subject, unit.now()],
    )
    .await?;
    Ok(())
}

/// Takes every identity of an issuer off a person; false when there was none.
pub async fn unlink(unit: &mut Unit, person: PersonId, issuer: &str) -> Result<bool, StoreError> {
    let removed = unit
        .execute("DELETE FROM base_identity WHERE person_id = $1 AND issuer = $2", values![person.0, issuer])
        .await?;
    if removed > 0 {
        unit.audit(Stream::installation(), format!("person:{person}"), &IdentityUnlinked {})?;
    }
    Ok(removed > 0)
}
