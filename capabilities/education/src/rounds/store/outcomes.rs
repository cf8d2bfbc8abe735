//! The seal of a published run and where everybody went; the secret of a seal is written here and never read.

use hiec_kernel::{PersonId, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use uuid::Uuid;

/// The seal of a published run.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Seal {
    pub root: String,
    pub ledger: String,
    pub published_at: Timestamp,
    pub published_by: Option<Uuid>,
}

impl Seal {
    pub fn is_by(&self, person: Option<PersonId>) -> bool {
        person.is_some_and(|person| self.published_by == Some(person.0))
    }
}

pub(crate) async fn seal(reads: &impl Reads, round: Uuid) -> Result<Option<Seal>, StoreError> {
    let sql = "SELECT root, ledger, published_at, published_by FROM education_round_seal WHERE round_id = $1";
    reads.one(sql, values![round]).await
}

pub(crate) async fn add_seal(
    unit: &Unit,
    round: Uuid,
    secret: &str,
    root: &str,
    ledger: &str,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_round_seal (round_id, secret, root, ledger, published_at, published_by) VALUES ($1, $2, $3, $4, $5, $6)",
        values![round, secret, root, ledger, unit.now(), unit.actor().person().map(|person| person.0)],
    )
    .await?;
    Ok(())
}

/// Where somebody goes.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub trainee_id: Uuid,
    /// As it stands now.
    pub host_id: Option<Uuid>,
    pub placement_id: Option<Uuid>,
    pub note: String,
    /// As the run gave it.
    pub sealed_host_id: Option<Uuid>,
    /// Whether an appeal changed it.
    pub is_changed: bool,
}

/// As they stand now: what the run gave, and over it what upheld appeals changed.
pub(crate) async fn outcomes(reads: &impl Reads, round: Uuid) -> Result<Vec<Outcome>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        trainee_id: Uuid,
        host_id: Option<Uuid>,
        placement_id: Option<Uuid>,
        note: String,
    }
    let sql = "SELECT trainee_id, host_id, placement_id, note FROM education_round_outcome WHERE round_id = $1 ORDER BY trainee_id";
    let rows: Vec<Row> = reads.all(sql, values![round]).await?;
    let mut outcomes: Vec<Outcome> = rows
        .into_iter()
        .map(|row| Outcome {
            trainee_id: row.trainee_id,
            host_id: row.host_id,
            placement_id: row.placement_id,
            note: row.note,
            sealed_host_id: row.host_id,
            is_changed: false,
        })
        .collect();
    for change in super::changes(reads, round).await?.into_iter().filter(|one| one.is_moved) {
        if let Some(outcome) = outcomes.iter_mut().find(|one| one.trainee_id == change.trainee_id) {
            outcome.host_id = change.host_id;
            outcome.placement_id = change.placement_id;
            outcome.note = String::new();
            outcome.is_changed = true;
        }
    }
    Ok(outcomes)
}

/// The names of published rounds whose placements stand in a post.
pub(crate) async fn rounds_of_post(reads: &impl Reads, post: Uuid) -> Result<Vec<String>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        name: String,
    }
    let sql = "SELECT DISTINCT r.name FROM education_round_outcome o JOIN education_round r ON r.id = o.round_id \
               JOIN education_placement x ON x.id = o.placement_id WHERE x.post_id = $1 AND x.state <> 'cancelled' ORDER BY r.name";
    Ok(reads.all::<Row>(sql, values![post]).await?.into_iter().map(|row| row.name).collect())
}

/// Somebody's own certificate, as it was sealed.
pub(crate) async fn certificate(reads: &impl Reads, round: Uuid, trainee: Uuid) -> Result<Option<String>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        certificate: String,
    }
    let sql = "SELECT certificate FROM education_round_outcome WHERE round_id = $1 AND trainee_id = $2";
    Ok(reads.one::<Row>(sql, values![round, trainee]).await?.map(|row| row.certificate))
}

pub(crate) async fn add_outcome(
    unit: &Unit,
    round: Uuid,
    outcome: &Outcome,
    certificate: &str,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_round_outcome (round_id, trainee_id, host_id, placement_id, note, certificate) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        values![round, outcome.trainee_id, outcome.host_id, outcome.placement_id, outcome.note.clone(), certificate],
    )
    .await?;
    Ok(())
}
