//! People with accounts, as stored; who may see whom is the policies' matter.

use hiec_kernel::people::Person;
use hiec_kernel::{OrganisationId, PersonId, Role};
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

/// Open or closed.
#[derive(FromQueryResult)]
struct AnyRow {
    id: Uuid,
    name: String,
    email: String,
    employer_id: Option<Uuid>,
    is_illustrative: bool,
    is_disabled: bool,
}

impl AnyRow {
    fn person(self) -> (Person, bool) {
        let Self { id, name, email, employer_id, is_illustrative, is_disabled } = self;
        (Row { id, name, email, employer_id, is_illustrative }.into(), is_disabled)
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

/// An account now says where its person works.
#[derive(Serialize)]
struct EmployerNamed {
    person: PersonId,
    employer: OrganisationId,
}

impl AuditEvent for EmployerNamed {
    const KIND: &'static str = "person.employer_named";
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

/// The person, where the account is open.
pub async fn open_by_id(reads: &impl Reads, id: PersonId) -> Result<Option<Person>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM base_person WHERE id = $1 AND NOT is_disabled");
    Ok(reads.one::<Row>(&sql, values![id.0]).await?.map(Person::from))
}

pub async fn by_email(reads: &impl Reads, email: &str) -> Result<Option<Person>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM base_person WHERE email = $1 AND NOT is_disabled");
    Ok(reads.one::<Row>(&sql, values![address(email)]).await?.map(Person::from))
}

/// Those among these addresses who have an account, in order of address, and whether it is closed.
pub async fn by_addresses(reads: &impl Reads, addresses: &[String]) -> Result<Vec<(Person, bool)>, StoreError> {
    // As many at a time as both databases bind with ease.
    const AT_A_TIME: usize = 500;
    let mut found = Vec::new();
    for part in addresses.chunks(AT_A_TIME) {
        let marks: Vec<String> = (1..=part.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "SELECT {COLUMNS}, is_disabled FROM base_person WHERE email IN ({}) ORDER BY email",
            marks.join(", ")
        );
        let rows: Vec<AnyRow> = reads.all(&sql, part.iter().map(|one| address(one).into()).collect()).await?;
        found.extend(rows.into_iter().map(AnyRow::person));
    }
    Ok(found)
}

/// Everybody, by name.
pub async fn list(reads: &impl Reads) -> Result<Vec<Person>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM base_person WHERE NOT is_disabled ORDER BY name, id");
    Ok(reads.all::<Row>(&sql, values![]).await?.into_iter().map(Person::from).collect())
}

/// Whether somebody has this address, open or closed.
pub async fn is_taken(reads: &impl Reads, email: &str) -> Result<bool, StoreError> {
    let sql = "SELECT COUNT(*) AS n FROM base_person WHERE email = $1";
    Ok(reads.count(sql, values![address(email)]).await? > 0)
}

/// Whose account has this address, open or closed.
pub async fn id_of(reads: &impl Reads, email: &str) -> Result<Option<PersonId>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let row: Option<Row> = reads.one("SELECT id FROM base_person WHERE email = $1", values![address(email)]).await?;
    Ok(row.map(|row| PersonId(row.id)))
}

/// Which accounts a search looks through.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Accounts {
    #[default]
    Open,
    Closed,
    All,
}

/// What a search of people asks for. Empty words find everybody.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Search {
    /// Part of the name or of the address.
    pub words: String,
    pub accounts: Accounts,
    /// Only those who hold this role now, somewhere.
    pub role: Option<Role>,
}

/// A person as the list shows them.
#[derive(Clone, Debug)]
pub struct Found {
    pub person: Person,
    pub is_closed: bool,
    /// The name of where they work, as far as it is known.
    pub employer: Option<String>,
    /// The roles they hold now, each once.
    pub roles: Vec<Role>,
}

/// People by name, `limit` of them after the first `skip`, and how many there are in all.
pub async fn search(
    reads: &impl Reads,
    search: &Search,
    skip: i64,
    limit: i64,
) -> Result<(Vec<Found>, i64), StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        name: String,
        email: String,
        employer_id: Option<Uuid>,
        employer: Option<String>,
        is_illustrative: bool,
        is_disabled: bool,
    }
    #[derive(FromQueryResult)]
    struct Holding {
        person_id: Uuid,
        role: String,
    }
    let like = reads.dialect().like();
    let accounts = match search.accounts {
        Accounts::Open => "NOT p.is_disabled",
        Accounts::Closed => "p.is_disabled",
        Accounts::All => "TRUE",
    };
    let condition = format!(
        "FROM base_person p LEFT JOIN base_organisation o ON o.id = p.employer_id \
         WHERE {accounts} AND (p.name {like} $1 ESCAPE '\\' OR p.email {like} $1 ESCAPE '\\') \
         AND ($2 = '' OR EXISTS (SELECT 1 FROM base_grant g WHERE g.person_id = p.id AND g.ended_at IS NULL AND g.role = $2))"
    );
    let words = format!("%{}%", reads.dialect().escaped_like(search.words.trim()));
    let role = search.role.map_or("", Role::key);
    let total = reads.count(&format!("SELECT COUNT(*) AS n {condition}"), values![words.clone(), role]).await?;
    let sql = format!(
        "SELECT p.id, p.name, p.email, p.employer_id, o.name AS employer, p.is_illustrative, p.is_disabled {condition} \
         ORDER BY p.name, p.id LIMIT $3 OFFSET $4"
    );
    let rows: Vec<Row> = reads.all(&sql, values![words, role, limit, skip]).await?;
    let mut found: Vec<Found> = rows
        .into_iter()
        .map(|row| Found {
            person: Person {
                id: PersonId(row.id),
                name: row.name,
                email: row.email,
                employer: row.employer_id.map(OrganisationId),
                is_illustrative: row.is_illustrative,
            },
            is_closed: row.is_disabled,
            employer: row.employer,
            roles: Vec::new(),
        })
        .collect();
    if found.is_empty() {
        return Ok((found, total));
    }
    let marks: Vec<String> = (1..=found.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT DISTINCT person_id, role FROM base_grant WHERE ended_at IS NULL AND person_id IN ({}) ORDER BY person_id, role",
        marks.join(", ")
    );
    let ids = found.iter().map(|one| one.person.id.0.into()).collect();
    for holding in reads.all::<Holding>(&sql, ids).await? {
        let holder = found.iter_mut().find(|one| one.person.id.0 == holding.person_id);
        if let (Some(holder), Some(role)) = (holder, Role::from_key(&holding.role)) {
            holder.roles.push(role);
        }
    }
    Ok((found, total))
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

/// Says where a person works, where the account does not say it yet; whether it did.
pub async fn name_employer(unit: &mut Unit, person: PersonId, employer: OrganisationId) -> Result<bool, StoreError> {
    let sql = "UPDATE base_person SET employer_id = $2 WHERE id = $1 AND employer_id IS NULL";
    let is_named = unit.execute(sql, values![person.0, employer.0]).await? > 0;
    if is_named {
        let event = EmployerNamed { person, employer };
        unit.audit(Stream::installation(), format!("person:{person}"), &event)?;
    }
    Ok(is_named)
}

/// Whether the person has a password.
pub async fn has_password(reads: &impl Reads, person: PersonId) -> Result<bool, StoreError> {
    let sql = "SELECT COUNT(*) AS n FROM base_person WHERE id = $1 AND password_hash IS NOT NULL";
    Ok(reads.count(sql, values![person.0]).await? > 0)
}

/// Gives the person another password; `hash` comes from [`crate::passwords::hash`].
pub async fn set_password(unit: &Unit, person: PersonId, hash: String) -> Result<(), StoreError> {
    unit.execute("UPDATE base_person SET password_hash = $2 WHERE id = $1", values![person.0, hash]).await?;
    Ok(())
}

/// One spelling for an address.
pub fn address(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Whether a text has the shape of an e-mail address; whether it is anybody's, only a letter shows.
pub fn has_shape(address: &str) -> bool {
    let parts: Vec<&str> = address.split('@').collect();
    let is_split = matches!(parts.as_slice(), [name, host] if !name.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.'));
    is_split
        && address.chars().count() <= 254
        && !address.contains(|c: char| c.is_whitespace() || c.is_control())
        && !address.contains([',', ';', '<', '>', '"', '(', ')'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_the_shape_of_one() {
        assert!(has_shape("ada@example.org") && has_shape("a.b+c@mail.example.org"));
        for bad in [
            "",
            "ada",
            "ada@",
            "@example.org",
            "a@b@c.org",
            "a b@example.org",
            "ada@example",
            "a@b.c, d@e.f",
            "a@.org",
            "<a@b.c>",
            "a\0@b.c",
        ] {
            assert!(!has_shape(bad), "{bad}");
        }
        assert!(!has_shape(&format!("{}@example.org", "a".repeat(260))));
    }
}
