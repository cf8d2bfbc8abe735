//! Roles as stored: given with who and when, ended the same way, never deleted; the split between commissioner and bidder is kept when a role is given.

use std::collections::BTreeMap;

use hiec_kernel::people::Actor;
use hiec_kernel::{PersonId, Problem, Role, Scope, Timestamp};
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
    /// Who gave it, where that is not who acts: a role taken up by an invitation is given by whoever invited.
    #[serde(skip_serializing_if = "Option::is_none")]
    given_by: Option<String>,
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

/// A person's row, held until the end of the unit; nobody reads it.
#[derive(FromQueryResult)]
#[expect(dead_code, reason = "read for the lock alone")]
struct Locked {
    id: Uuid,
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
/// Refused when the person would then act for a commissioner and a provider in the same matter (DOMAIN rule 1), or bid for what they judge
/// (rule 3). Giving twice changes nothing.
pub async fn give(
    unit: &mut Unit,
    person: PersonId,
    role: Role,
    scope: Scope,
    within: Option<Uuid>,
) -> Result<(), Problem> {
    let giver = unit.actor().clone();
    give_for(unit, person, role, scope, within, &giver).await
}

/// The same where somebody else takes up what `giver` gave: an invitation that is accepted.
pub async fn give_for(
    unit: &mut Unit,
    person: PersonId,
    role: Role,
    scope: Scope,
    within: Option<Uuid>,
    giver: &Actor,
) -> Result<(), Problem> {
    // Held, so that of two roles given at once the second sees the first.
    let sql = format!("SELECT id FROM base_person WHERE id = $1{}", unit.dialect().for_update());
    unit.one::<Locked>(&sql, values![person.0]).await?;
    let held = of_person(unit, person).await?;
    if held.iter().any(|one| one.role == role && one.scope == scope) {
        return Ok(());
    }
    if crosses_the_split(&held, role, within) {
        return Err(split());
    }
    if assures_own_provider(&held, role, within) {
        return Err(Problem::conflict(
            "This person would assure education for a regulator and provide it in the same matter",
            "Nobody may do both. Choose another person, or end their other role first.",
        ));
    }
    if judges_own_bid(&held, role, within) {
        return Err(Problem::conflict(
            "This person would bid in a round and have a part in judging or running it",
            "Nobody may do both. Choose another person, or end their other role first.",
        ));
    }
    unit.execute(
        "INSERT INTO base_grant (id, person_id, role, scope_kind, scope_id, within_id, granted_at, granted_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![unit.new_id(), person.0, role.key(), scope.kind(), scope.id(), within, unit.now(), giver.key()],
    )
    .await?;
    let given_by = (giver != unit.actor()).then(|| giver.key());
    let event = RoleGiven { person, role, scope, given_by };
    unit.audit(stream(scope, within), format!("person:{person}"), &event)?;
    Ok(())
}

/// Whether somebody who holds these roles would, with one more, act for a commissioner and a provider in the same matter.
pub fn crosses_the_split(held: &[Held], role: Role, within: Option<Uuid>) -> bool {
    let same_matter = |one: &Held| one.within.is_none() || within.is_none() || one.within == within;
    held.iter().any(|one| {
        (role.is_provider() && one.role.is_commissioner())
            || (role.is_commissioner() && one.role.is_provider() && same_matter(one))
    })
}

/// Whether somebody who holds these roles would, with one more, assure the education they provide.
pub fn assures_own_provider(held: &[Held], role: Role, within: Option<Uuid>) -> bool {
    let same_matter = |one: &Held| one.within.is_none() || within.is_none() || one.within == within;
    held.iter().any(|one| {
        (role.is_cluster() && one.role.is_assurer()) || (role.is_assurer() && one.role.is_cluster() && same_matter(one))
    })
}

/// Whether somebody who holds these roles would, with one more, bid in a round and have a part in judging or running it.
pub fn judges_own_bid(held: &[Held], role: Role, within: Option<Uuid>) -> bool {
    held.iter().any(|one| {
        let is_one_round = one.within.is_none() || within.is_none() || one.within == within;
        let is_both = (role.is_judge() && one.role.is_bidder()) || (role.is_bidder() && one.role.is_judge());
        is_one_round && is_both
    })
}

fn split() -> Problem {
    Problem::conflict(
        "This person would act for a commissioner of education and for a provider in the same matter",
        "Nobody may do both. Choose another person, or end their other role first.",
    )
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
        "UPDATE base_grant SET ended_at = $5, ended_by = $6, ended_reason = $7 \
         WHERE person_id = $1 AND role = $2 AND scope_kind = $3 AND scope_id = $4 AND ended_at IS NULL",
        values![person.0, role.key(), scope.kind(), scope.id(), unit.now(), unit.actor().key(), reason],
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

/// The roles these people hold now; those without any are left out.
pub async fn of_people(reads: &impl Reads, people: &[PersonId]) -> Result<BTreeMap<PersonId, Vec<Held>>, StoreError> {
    // As many at a time as both databases bind with ease.
    const AT_A_TIME: usize = 500;
    let mut held: BTreeMap<PersonId, Vec<Held>> = BTreeMap::new();
    for part in people.chunks(AT_A_TIME) {
        let marks: Vec<String> = (1..=part.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "SELECT person_id, role, scope_kind, scope_id, within_id FROM base_grant \
             WHERE person_id IN ({}) AND ended_at IS NULL ORDER BY person_id, role, scope_kind, scope_id",
            marks.join(", ")
        );
        let rows: Vec<Row> = reads.all(&sql, part.iter().map(|one| one.0.into()).collect()).await?;
        for row in rows {
            held.entry(PersonId(row.person_id)).or_default().extend(row.held());
        }
    }
    Ok(held)
}

/// Who holds roles in a scope: `(person, role)`. Closed accounts are left out: they do nothing, and get no letters.
pub async fn in_scope(reads: &impl Reads, scope: Scope) -> Result<Vec<(PersonId, Role)>, StoreError> {
    let rows: Vec<Row> = reads
        .all(
            "SELECT g.person_id, g.role, g.scope_kind, g.scope_id, g.within_id FROM base_grant g \
             JOIN base_person p ON p.id = g.person_id WHERE g.scope_kind = $1 AND g.scope_id = $2 \
             AND g.ended_at IS NULL AND NOT p.is_disabled ORDER BY g.role, g.person_id",
            values![scope.kind(), scope.id()],
        )
        .await?;
    Ok(rows.iter().filter_map(|row| Some((PersonId(row.person_id), Role::from_key(&row.role)?))).collect())
}

/// A role as it was held, from when it was given until it ended. `given_by` and `ended_by` are actors as the trail spells them.
#[derive(Clone, Debug)]
pub struct Tenure {
    pub id: Uuid,
    pub role: Role,
    pub scope: Scope,
    pub within: Option<Uuid>,
    pub given_at: Timestamp,
    pub given_by: String,
    pub ended_at: Option<Timestamp>,
    pub ended_by: Option<String>,
    pub ended_reason: Option<String>,
}

#[derive(FromQueryResult)]
struct TenureRow {
    id: Uuid,
    person_id: Uuid,
    role: String,
    scope_kind: String,
    scope_id: Uuid,
    within_id: Option<Uuid>,
    granted_at: Timestamp,
    granted_by: String,
    ended_at: Option<Timestamp>,
    ended_by: Option<String>,
    ended_reason: Option<String>,
}

impl TenureRow {
    fn tenure(self) -> Option<(PersonId, Tenure)> {
        let tenure = Tenure {
            id: self.id,
            role: Role::from_key(&self.role)?,
            scope: Scope::from_parts(&self.scope_kind, self.scope_id)?,
            within: self.within_id,
            given_at: self.granted_at,
            given_by: self.granted_by,
            ended_at: self.ended_at,
            ended_by: self.ended_by,
            ended_reason: self.ended_reason,
        };
        Some((PersonId(self.person_id), tenure))
    }
}

const TENURE: &str = "SELECT id, person_id, role, scope_kind, scope_id, within_id, granted_at, granted_by, ended_at, \
                      ended_by, ended_reason FROM base_grant";

/// Every role a person holds or held: those held now first, then the last ended.
pub async fn history(reads: &impl Reads, person: PersonId) -> Result<Vec<Tenure>, StoreError> {
    let sql = format!(
        "{TENURE} WHERE person_id = $1 ORDER BY CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END, ended_at DESC, \
         granted_at DESC, id DESC"
    );
    let rows: Vec<TenureRow> = reads.all(&sql, values![person.0]).await?;
    Ok(rows.into_iter().filter_map(|row| Some(row.tenure()?.1)).collect())
}

/// One role as somebody holds or held it.
pub async fn by_id(reads: &impl Reads, id: Uuid) -> Result<Option<(PersonId, Tenure)>, StoreError> {
    let row: Option<TenureRow> = reads.one(&format!("{TENURE} WHERE id = $1"), values![id]).await?;
    Ok(row.and_then(TenureRow::tenure))
}

/// Those who hold any of these roles now, newest first, at most `limit`.
pub async fn holding(reads: &impl Reads, roles: &[Role], limit: i64) -> Result<Vec<(PersonId, Tenure)>, StoreError> {
    let marks: Vec<String> = (2..).take(roles.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "{TENURE} WHERE ended_at IS NULL AND role IN ({}) ORDER BY granted_at DESC, id DESC LIMIT $1",
        marks.join(", ")
    );
    let mut bound = values![limit];
    bound.extend(roles.iter().map(|role| role.key().into()));
    let rows: Vec<TenureRow> = reads.all(&sql, bound).await?;
    Ok(rows.into_iter().filter_map(TenureRow::tenure).collect())
}

/// The stream a role's giving and ending stand in: its call's, else the installation's.
pub fn stream(scope: Scope, within: Option<Uuid>) -> Stream {
    match (scope, within) {
        (Scope::Cluster(cluster), _) => Stream::cluster(hiec_kernel::ClusterId(cluster)),
        (_, Some(call)) | (Scope::Call(call), None) => Stream::call(hiec_kernel::CallId(call)),
        _ => Stream::installation(),
    }
}
