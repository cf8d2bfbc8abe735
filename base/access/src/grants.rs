//! Roles as stored: given with who and when, ended the same way, never deleted; the split between commissioner and bidder is kept when a role is given.

use hiec_kernel::PersonId;
use hiec_kernel::{Problem, Role, Scope};
use hiec_store::{AuditEvent, FromQueryResult, Reads, Stream, Unit, database::StoreError, values};
use serde::Serialize;
use uuid::Uuid;

use crate::subject::Held;

/// A role was given.
#[derive(Serialize)]
struct RoleGiven {
    person: PersonId,
    role: Role,
    scope: Scope,
}

impl AuditEvent for RoleGiven {
    const KIND: &'static str = "role.given";
}

/// A role was ended.
#[derive(Serialize)]
struct RoleEnded {
    person: PersonId,
    role: Role,
    scope: Scope,
    reason: String,
}

impl AuditEvent for RoleEnded {
    const KIND: &'static str = "role.ended";

    fn reason(&self) -> Option<&str> {
        Some(&self.reason)
    }
}

#[derive(FromQueryResult)]
struct Row {
    person_id: Uuid,
    role: String,
    scope_kind: String,
    scope_id: Uuid,
    within_id: Option<Uuid>,
}

impl Row {
    fn held(&self) -> Option<Held> {
        Some(Held {
            role: Role::from_key(&self.role)?,
            scope: Scope::from_parts(&self.scope_kind, self.scope_id)?,
            within: self.within_id,
        })
    }
}

/// Gives a role. `within` is the call a bid or a seat belongs to.
///
/// Refused when the person would then act for a commissioner and a bidder in the same call (DOMAIN rule 1). Giving twice changes nothing.
pub async fn give(
    unit: &mut Unit,
    person: PersonId,
    role: Role,
    scope: Scope,
    within: Option<Uuid>,
) -> Result<(), Problem> {
    let held = of_person(unit, person).await?;
    if held.iter().any(|one| one.role == role && one.scope == scope) {
        return Ok(());
    }
    let same_matter = |one: &Held| one.within.is_none() || within.is_none() || one.within == within;
    let crosses = held.iter().any(|one| {
        (role.is_bidder() && one.role.is_commissioner())
            || (role.is_commissioner() && one.role.is_bidder() && same_matter(one))
    });
    if crosses {
        return Err(Problem::conflict(
            "This person would act for a commissioner of education and for a bidder in the same competition",
            "Nobody may do both. Choose another person, or end their other role first.",
        ));
    }
    unit.execute(
        "INSERT INTO base_grant (id, person_id, role, scope_kind, scope_id, within_id, granted_at, granted_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![unit.new_id(), person.0, role.key(), scope.kind(), scope.id(), within, unit.now(), unit.actor().key()],
    )
    .await?;
    unit.audit(stream(scope, within), format!("person:{person}"), &RoleGiven { person, role, scope })?;
    Ok(())
}

/// Ends a role, with the reason.
pub async fn end(
    unit: &mut Unit,
    person: PersonId,
    role: Role,
    scope: Scope,
    within: Option<Uuid>,
    reason: &str,
) -> Result<(), StoreError> {
    unit.execute(
        "UPDATE base_grant SET ended_at = $5, ended_by = $6 \
         WHERE person_id = $1 AND role = $2 AND scope_kind = $3 AND scope_id = $4 AND ended_at IS NULL",
        values![person.0, role.key(), scope.kind(), scope.id(), unit.now(), unit.actor().key()],
    )
    .await?;
    let event = RoleEnded { person, role, scope, reason: reason.to_owned() };
    unit.audit(stream(scope, within), format!("person:{person}"), &event)
}

/// The roles a person holds now.
pub async fn of_person(reads: &impl Reads, person: PersonId) -> Result<Vec<Held>, StoreError> {
    let rows: Vec<Row> = reads
        .all(
            "SELECT person_id, role, scope_kind, scope_id, within_id FROM base_grant \
             WHERE person_id = $1 AND ended_at IS NULL ORDER BY role, scope_kind, scope_id",
            values![person.0],
        )
        .await?;
    Ok(rows.iter().filter_map(Row::held).collect())
}

/// Who holds roles in a scope: `(person, role)`.
pub async fn in_scope(reads: &impl Reads, scope: Scope) -> Result<Vec<(PersonId, Role)>, StoreError> {
    let rows: Vec<Row> = reads
        .all(
            "SELECT person_id, role, scope_kind, scope_id, within_id FROM base_grant \
             WHERE scope_kind = $1 AND scope_id = $2 AND ended_at IS NULL ORDER BY role, person_id",
            values![scope.kind(), scope.id()],
        )
        .await?;
    Ok(rows.iter().filter_map(|row| Some((PersonId(row.person_id), Role::from_key(&row.role)?))).collect())
}

fn stream(scope: Scope, within: Option<Uuid>) -> Stream {
    match (scope, within) {
        (_, Some(call)) | (Scope::Call(call), None) => Stream::call(hiec_kernel::CallId(call)),
        _ => Stream::installation(),
    }
}
