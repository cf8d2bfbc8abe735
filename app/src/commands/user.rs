//! `hiec user`: accounts from the command line, the first administrator above all; a password is read, never taken from the arguments, never shown.

use std::io::{BufRead, IsTerminal};
use std::process::ExitCode;

use hiec_access::{grants, passwords, people, sessions};
use hiec_kernel::people::{Actor, Person};
use hiec_kernel::{PersonId, Role, Scope, SystemClock};
use hiec_store::{AuditEvent, Database, Stream, Unit, organisations};
use serde::Serialize;
use uuid::Uuid;

use super::Outcome;

/// A password was set at the command line; the password is nowhere in the entry.
#[derive(Serialize)]
struct PasswordSet {
    person: PersonId,
}

impl AuditEvent for PasswordSet {
    const KIND: &'static str = "person.password_set";
}

async fn begin(database: &Database, what: &str) -> Result<Unit, hiec_store::StoreError> {
    database.begin(Actor::Operator(what.to_owned()), &SystemClock).await
}

/// One line of the standard input.
fn read_password() -> Result<String, Box<dyn std::error::Error>> {
    if std::io::stdin().is_terminal() {
        eprintln!(
            "Type the password, at least {} characters, and press Enter (it shows; better: pipe it in):",
            passwords::SHORTEST
        );
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

pub async fn add(database: &Database, email: &str, name: &str, role: Option<Role>, scope: &str) -> Outcome {
    let has_one_at = email.trim().split('@').filter(|part| !part.is_empty()).count() == 2;
    if !has_one_at || email.contains(char::is_whitespace) {
        return Err(format!("“{email}” is no e-mail address: use one like ada@example.org").into());
    }
    let scope = scope_of(database, scope).await?;
    let hash = passwords::hash(read_password()?).await?;
    let mut unit = begin(database, "user add").await?;
    let person = Person {
        id: PersonId(unit.new_id()),
        name: name.to_owned(),
        email: email.to_owned(),
        employer: None,
        is_illustrative: false,
    };
    people::add(&mut unit, &person, Some(hash)).await.map_err(|error| {
        if error.is_duplicate() {
            "somebody has this address already: use hiec user password or hiec user role".to_owned()
        } else {
            error.to_string()
        }
    })?;
    if let Some(role) = role {
        grants::give(&mut unit, person.id, role, scope, within(scope)).await?;
    }
    unit.commit().await?;
    println!("{} may sign in now.", people::address(email));
    Ok(ExitCode::SUCCESS)
}

pub async fn password(database: &Database, email: &str) -> Outcome {
    let person = known(database, email).await?;
    let hash = passwords::hash(read_password()?).await?;
    let mut unit = begin(database, "user password").await?;
    people::set_password(&unit, person.id, hash).await?;
    sessions::end_all(&unit, person.id).await?;
    unit.audit(Stream::installation(), format!("person:{}", person.id), &PasswordSet { person: person.id })?;
    unit.commit().await?;
    println!("The password is set, and every browser of this person is signed out.");
    Ok(ExitCode::SUCCESS)
}

/// Gives a role, or ends it where a reason is given.
pub async fn role(database: &Database, email: &str, role: Role, scope: &str, end: Option<&str>) -> Outcome {
    let person = known(database, email).await?;
    let scope = scope_of(database, scope).await?;
    let mut unit = begin(database, "user role").await?;
    match end {
        Some(reason) => {
            grants::end(&mut unit, person.id, role, scope, within(scope), reason).await?;
        }
        None => grants::give(&mut unit, person.id, role, scope, within(scope)).await?,
    }
    unit.commit().await?;
    println!("{} {} in {}.", if end.is_some() { "Ended:" } else { "Given:" }, role.key(), scope.kind());
    Ok(ExitCode::SUCCESS)
}

async fn known(database: &Database, email: &str) -> Result<Person, Box<dyn std::error::Error>> {
    people::by_email(database, email)
        .await?
        .ok_or_else(|| format!("nobody has the address {email}: use hiec user add").into())
}

fn within(scope: Scope) -> Option<Uuid> {
    match scope {
        Scope::Call(id) => Some(id),
        _ => None,
    }
}

/// `installation`, `region:LON`, or a kind and an id: `call:0190…`.
async fn scope_of(database: &Database, text: &str) -> Result<Scope, Box<dyn std::error::Error>> {
    if text == "installation" {
        return Ok(Scope::Installation);
    }
    let unknown = || {
        format!(
            "“{text}” is no scope: use installation, region:LON, or kind:id with programme, call, region, bid or organisation"
        )
    };
    let (kind, name) = text.split_once(':').ok_or_else(unknown)?;
    if let Ok(id) = name.parse::<Uuid>() {
        return Ok(Scope::from_parts(kind, id).ok_or_else(unknown)?);
    }
    let regions = organisations::regions(database).await?;
    let region = regions.iter().find(|region| kind == "region" && region.code.eq_ignore_ascii_case(name));
    Ok(region.map(|region| Scope::Region(region.id)).ok_or_else(unknown)?)
}
