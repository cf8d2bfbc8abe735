//! Appeals against a round, and how each was decided.

use hiec_kernel::{Timestamp, closed_list};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use serde::Serialize;
use uuid::Uuid;

closed_list! {
    /// How an appeal stands.
    AppealState {
        Open = "open", "Not decided yet";
        Upheld = "upheld", "Upheld";
        Dismissed = "dismissed", "Dismissed";
    }
}

/// An appeal.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Appeal {
    pub id: Uuid,
    pub trainee: Uuid,
    pub number: String,
    pub name: String,
    pub reason: String,
    pub made_at: Timestamp,
    pub state: AppealState,
    pub decision: String,
    /// Upheld, and it is not said yet what changes.
    pub is_unplaced: bool,
}

/// In the order they came.
pub(crate) async fn appeals(reads: &impl Reads, round: Uuid) -> Result<Vec<Appeal>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        trainee_id: Uuid,
        number: String,
        name: String,
        reason: String,
        made_at: Timestamp,
        state: String,
        decision: String,
        change_id: Option<Uuid>,
    }
    let sql = "SELECT a.id, a.trainee_id, t.number, t.name, a.reason, a.made_at, a.state, a.decision, c.id AS change_id \
               FROM education_round_appeal a JOIN education_trainee t ON t.id = a.trainee_id \
               LEFT JOIN education_round_change c ON c.appeal_id = a.id WHERE a.round_id = $1 ORDER BY a.made_at, a.id";
    let rows: Vec<Row> = reads.all(sql, values![round]).await?;
    Ok(rows
        .into_iter()
        .map(|row| Appeal {
            id: row.id,
            trainee: row.trainee_id,
            number: row.number,
            name: row.name,
            reason: row.reason,
            made_at: row.made_at,
            state: AppealState::from_key(&row.state).unwrap_or(AppealState::Open),
            decision: row.decision,
            is_unplaced: row.state == AppealState::Upheld.key() && row.change_id.is_none(),
        })
        .collect())
}

pub(crate) async fn add_appeal(unit: &Unit, round: Uuid, trainee: Uuid, reason: &str) -> Result<Uuid, StoreError> {
    let id = unit.new_id();
    unit.execute(
        "INSERT INTO education_round_appeal (id, round_id, trainee_id, reason, made_at, state, decision) \
         VALUES ($1, $2, $3, $4, $5, 'open', '')",
        values![id, round, trainee, reason, unit.now()],
    )
    .await?;
    Ok(id)
}

/// Whether it was still open.
pub(crate) async fn decide_appeal(
    unit: &Unit,
    appeal: Uuid,
    state: AppealState,
    decision: &str,
) -> Result<bool, StoreError> {
    let changed = unit
        .execute(
            "UPDATE education_round_appeal SET state = $2, decision = $3, decided_at = $4, decided_by = $5 WHERE id = $1 AND state = 'open'",
            values![appeal, state.key(), decision, unit.now(), unit.actor().person().map(|person| person.0)],
        )
        .await?;
    Ok(changed == 1)
}
