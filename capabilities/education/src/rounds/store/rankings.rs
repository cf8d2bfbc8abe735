//! Who takes part in a round and how they ranked; no ranking leaves here but for its trainee and the run.

use std::collections::BTreeMap;

use hiec_kernel::{OrganisationId, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use uuid::Uuid;

/// Somebody who takes part.
#[derive(Clone, PartialEq, Eq, Debug, FromQueryResult)]
pub(crate) struct Entrant {
    pub trainee_id: Uuid,
    pub number: String,
    pub name: String,
    pub person_id: Option<Uuid>,
    /// In the drawn order, from 1.
    pub position: i64,
    pub near_id: Option<Uuid>,
    pub limit_km: Option<i64>,
    pub ranked_at: Option<Timestamp>,
}

/// By number.
pub(crate) async fn entrants(reads: &impl Reads, round: Uuid) -> Result<Vec<Entrant>, StoreError> {
    let sql = "SELECT e.trainee_id, t.number, t.name, t.person_id, e.position, e.near_id, e.limit_km, e.ranked_at \
               FROM education_round_entrant e JOIN education_trainee t ON t.id = e.trainee_id WHERE e.round_id = $1 ORDER BY t.number, t.id";
    reads.all(sql, values![round]).await
}

pub(crate) async fn enter(unit: &Unit, round: Uuid, trainee: Uuid, position: i64) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_round_entrant (round_id, trainee_id, position) VALUES ($1, $2, $3)",
        values![round, trainee, position],
    )
    .await?;
    Ok(())
}

/// Takes somebody out of a round, with what they ranked and what was settled for them.
pub(crate) async fn withdraw(unit: &Unit, round: Uuid, trainee: Uuid) -> Result<bool, StoreError> {
    for table in ["education_round_choice", "education_round_constraint", "education_round_entrant"] {
        let other = if table == "education_round_constraint" { " OR (round_id = $1 AND other_id = $2)" } else { "" };
        let sql = format!("DELETE FROM {table} WHERE (round_id = $1 AND trainee_id = $2){other}");
        let gone = unit.execute(&sql, values![round, trainee]).await?;
        if table == "education_round_entrant" {
            return Ok(gone == 1);
        }
    }
    Ok(false)
}

/// Hosts in the order each trainee gave them.
pub(crate) async fn choices(
    reads: &impl Reads,
    round: Uuid,
) -> Result<BTreeMap<Uuid, Vec<OrganisationId>>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        trainee_id: Uuid,
        host_id: Uuid,
    }
    let sql = "SELECT trainee_id, host_id FROM education_round_choice WHERE round_id = $1 ORDER BY trainee_id, place";
    let mut all: BTreeMap<Uuid, Vec<OrganisationId>> = BTreeMap::new();
    for row in reads.all::<Row>(sql, values![round]).await? {
        all.entry(row.trainee_id).or_default().push(OrganisationId(row.host_id));
    }
    Ok(all)
}

/// What a trainee says: hosts in order, and how far they can travel.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Ranking {
    pub hosts: Vec<OrganisationId>,
    /// The host they live near, and kilometres from it.
    pub limit: Option<(OrganisationId, i64)>,
}

pub(crate) async fn set_ranking(unit: &Unit, round: Uuid, trainee: Uuid, ranking: &Ranking) -> Result<(), StoreError> {
    unit.execute("DELETE FROM education_round_choice WHERE round_id = $1 AND trainee_id = $2", values![round, trainee])
        .await?;
    for (place, host) in (1_i64..).zip(&ranking.hosts) {
        unit.execute(
            "INSERT INTO education_round_choice (round_id, trainee_id, place, host_id) VALUES ($1, $2, $3, $4)",
            values![round, trainee, place, host.0],
        )
        .await?;
    }
    unit.execute(
        "UPDATE education_round_entrant SET near_id = $3, limit_km = $4, ranked_at = $5 WHERE round_id = $1 AND trainee_id = $2",
        values![
            round,
            trainee,
            ranking.limit.map(|(near, _)| near.0),
            ranking.limit.map(|(_, km)| km),
            unit.now()
        ],
    )
    .await?;
    Ok(())
}
