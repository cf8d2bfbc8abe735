//! What is settled before any rule runs.

use hiec_kernel::{OrganisationId, closed_list};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use serde::Serialize;
use uuid::Uuid;

closed_list! {
    /// What is settled before a rule runs.
    ConstraintKind {
        Reserved = "reserved", "A place kept for them";
        Given = "given", "A place given before the run";
        Linked = "linked", "Linked with another trainee";
    }
}

/// One thing settled before a rule runs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Constraint {
    pub id: Uuid,
    pub kind: ConstraintKind,
    pub trainee: Uuid,
    pub other: Option<Uuid>,
    pub host: Option<OrganisationId>,
    pub reason: String,
}

/// In the order they were made.
pub(crate) async fn constraints(reads: &impl Reads, round: Uuid) -> Result<Vec<Constraint>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        kind: String,
        trainee_id: Uuid,
        other_id: Option<Uuid>,
        host_id: Option<Uuid>,
        reason: String,
    }
    let sql = "SELECT id, kind, trainee_id, other_id, host_id, reason FROM education_round_constraint WHERE round_id = $1 \
               ORDER BY made_at, id";
    let rows: Vec<Row> = reads.all(sql, values![round]).await?;
    Ok(rows
        .into_iter()
        .map(|row| Constraint {
            id: row.id,
            kind: ConstraintKind::from_key(&row.kind).unwrap_or(ConstraintKind::Reserved),
            trainee: row.trainee_id,
            other: row.other_id,
            host: row.host_id.map(OrganisationId),
            reason: row.reason,
        })
        .collect())
}

pub(crate) async fn add_constraint(unit: &Unit, round: Uuid, constraint: &Constraint) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_round_constraint (id, round_id, kind, trainee_id, other_id, host_id, reason, made_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            constraint.id,
            round,
            constraint.kind.key(),
            constraint.trainee,
            constraint.other,
            constraint.host.map(|host| host.0),
            constraint.reason.clone(),
            unit.now()
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn remove_constraint(unit: &Unit, round: Uuid, constraint: Uuid) -> Result<bool, StoreError> {
    let sql = "DELETE FROM education_round_constraint WHERE round_id = $1 AND id = $2";
    Ok(unit.execute(sql, values![round, constraint]).await? == 1)
}
