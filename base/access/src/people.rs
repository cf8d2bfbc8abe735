//! People with accounts, as stored; who may see whom is the policies' matter.

use hiec_kernel::people::Person;
use hiec_kernel::{OrganisationId, PersonId};
use hiec_store::{AuditEvent, FromQueryResult, Reads, Stream, Unit, database::StoreError, values};
use serde::Serialize;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    name: String,
    email: String,
    employer_id: Option<Uuid>,
    is_illustrative: bool,
}

impl From<Row> for Person {
    fn from(row: Row) -> Self {
        Self {
            id: PersonId(row.id),
            name: row.name,
            email: row.email,
            employer: row.employer_id.map(OrganisationId),
            is_illustrative: row.is_illustrative,
        }
    }
}

const COLUMNS: &str = "id, name, email, employer_id, is_illustrative";

/// A person was given an account. Names and addresses stay out of the trail, which is kept for good.
#[derive(Serialize)]
struct PersonAdded {
    person: PersonId,
}

impl AuditEvent for PersonAdded {
    const KIND: &'static str = "person.added";
}

/// Adds a person. The address is kept in lower case and is unique.
pub async fn add(unit: &mut Unit, person: &Person, password_hash: Option<String>) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO base_person (id, name, email, employer_id, password_hash, is_illustrative, is_disabled, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            person.id.0,
            person.name.trim(),
            address(&person.email),
            person.employer.map(|id| id.0),
            password_hash,
            person.is_illustrative,
            false,
            unit.now()
        ],
    )
    .await?;
    unit.audit(Stream::installation(), format!("person:{}", person.id), &PersonAdded { person: person.id })
}

pub async fn by_id(reads: &impl Reads, id: PersonId) -> Result<Option<Person>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM base_person WHERE id = $1");
    Ok(reads.one::<Row>(&sql, values![id.0]).await?.map(Person::from))
}

pub async fn by_email(reads: &impl Reads, email: &str) -> Result<Option<Person>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM base_person WHERE email = $1 AND NOT is_disabled");
    Ok(reads.one::<Row>(&sql, values![address(email)]).await?.map(Person::from))
}

/// Everybody, by name.
pub async fn list(reads: &impl Reads) -> Result<Vec<Person>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM base_person WHERE NOT is_disabled ORDER BY name, id");
    Ok(reads.all::<Row>(&sql, values![]).await?.into_iter().map(Person::from).collect())
}

/// The person behind an address, with the stored password hash, for signing in.
pub async fn credentials(reads: &impl Reads, email: &str) -> Result<Option<(Person, Option<String>)>, StoreError> {
    #[derive(FromQueryResult)]
    struct Hash {
        password_hash: Option<String>,
    }
    let Some(person) = by_email(reads, email).await? else {
        return Ok(None);
    };
    let hash: Option<Hash> =
        reads.one("SELECT password_hash FROM base_person WHERE id = $1", values![person.id.0]).await?;
    Ok(Some((person, hash.and_then(|row| row.password_hash))))
}

pub async fn set_password(unit: &Unit, person: PersonId, hash: String) -> Result<(), StoreError> {
    unit.execute("UPDATE base_person SET password_hash = $2 WHERE id = $1", values![person.0, hash]).await?;
    Ok(())
}

/// One spelling for an address.
pub fn address(email: &str) -> String {
    email.trim().to_lowercase()
}
