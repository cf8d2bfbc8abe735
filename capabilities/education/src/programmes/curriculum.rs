//! Outcomes of curricula, and proposals to change them, as stored. Whose they are is asked of the policies before anything here is written.

use hiec_kernel::{ClusterId, PersonId, Problem, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::states::Proposal;
use crate::ground;

/// Something to be learnt in a year of a programme.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Outcome {
    pub id: Uuid,
    #[serde(skip)]
    pub programme: Uuid,
    /// What people call it: `C1`.
    pub code: String,
    pub name: String,
    /// Of the programme, counted from 1.
    pub year: i64,
    pub is_illustrative: bool,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    programme_id: Uuid,
    code: String,
    name: String,
    year: i64,
    is_illustrative: bool,
}

impl From<Row> for Outcome {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            programme: row.programme_id,
            code: row.code,
            name: row.name,
            year: row.year,
            is_illustrative: row.is_illustrative,
        }
    }
}

const COLUMNS: &str = "o.id, o.programme_id, o.code, o.name, o.year, o.is_illustrative";

/// A programme's outcomes by year and code.
pub(crate) async fn of_programme(reads: &impl Reads, programme: Uuid) -> Result<Vec<Outcome>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM education_outcome o WHERE o.programme_id = $1 ORDER BY o.year, o.code, o.id");
    Ok(reads.all::<Row>(&sql, values![programme]).await?.into_iter().map(Outcome::from).collect())
}

/// All outcomes of a cluster's programmes, by programme, year and code.
pub(crate) async fn of_cluster(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Outcome>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM education_outcome o JOIN education_programme p ON p.id = o.programme_id \
         WHERE p.cluster_id = $1 ORDER BY p.name, p.id, o.year, o.code, o.id"
    );
    Ok(reads.all::<Row>(&sql, values![cluster.0]).await?.into_iter().map(Outcome::from).collect())
}

pub(crate) async fn insert(unit: &Unit, outcome: &Outcome) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_outcome (id, programme_id, code, name, year, is_illustrative) VALUES ($1, $2, $3, $4, $5, $6)",
        values![
            outcome.id,
            outcome.programme,
            outcome.code.clone(),
            outcome.name.clone(),
            outcome.year,
            outcome.is_illustrative
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn save(unit: &Unit, outcome: &Outcome) -> Result<(), StoreError> {
    unit.execute(
        "UPDATE education_outcome SET name = $2, year = $3 WHERE id = $1",
        values![outcome.id, outcome.name.clone(), outcome.year],
    )
    .await?;
    Ok(())
}

/// Takes an outcome out of its curriculum, with its places on the map.
pub(crate) async fn remove(unit: &Unit, outcome: Uuid) -> Result<(), StoreError> {
    for table in ["education_teaching", "education_outcome_step"] {
        unit.execute(&format!("DELETE FROM {table} WHERE outcome_id = $1"), values![outcome]).await?;
    }
    unit.execute("DELETE FROM education_outcome WHERE id = $1", values![outcome]).await?;
    Ok(())
}

/// What is to change in a curriculum.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Change {
    Add { code: String, name: String, year: i64 },
    Reword { code: String, name: String, year: i64 },
    Remove { code: String },
}

impl Change {
    pub fn code(&self) -> &str {
        match self {
            Self::Add { code, .. } | Self::Reword { code, .. } | Self::Remove { code } => code,
        }
    }

    pub fn words(&self) -> String {
        match self {
            Self::Add { code, name, year } => format!("Add {code}, “{name}”, to year {year}"),
            Self::Reword { code, name, year } => format!("Let {code} say “{name}”, in year {year}"),
            Self::Remove { code } => format!("Take out {code}"),
        }
    }
}

/// A change as it was proposed to the owner of the curriculum.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Proposed {
    pub id: Uuid,
    #[serde(skip)]
    pub programme: Uuid,
    pub number: i64,
    pub change: Change,
    pub why: String,
    pub state: Proposal,
    #[serde(skip)]
    pub proposed_by: Option<PersonId>,
    pub proposed_at: Timestamp,
    pub is_illustrative: bool,
    #[serde(skip)]
    pub version: i64,
}

#[derive(FromQueryResult)]
struct ProposedRow {
    id: Uuid,
    programme_id: Uuid,
    number: i64,
    change: serde_json::Value,
    why: String,
    state: serde_json::Value,
    proposed_by: Option<Uuid>,
    proposed_at: Timestamp,
    is_illustrative: bool,
    version: i64,
}

impl TryFrom<ProposedRow> for Proposed {
    type Error = StoreError;

    fn try_from(row: ProposedRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            programme: row.programme_id,
            number: row.number,
            change: serde_json::from_value(row.change)?,
            why: row.why,
            state: serde_json::from_value(row.state)?,
            proposed_by: row.proposed_by.map(PersonId),
            proposed_at: row.proposed_at,
            is_illustrative: row.is_illustrative,
            version: row.version,
        })
    }
}

const PROPOSED: &str =
    "id, programme_id, number, change, why, state, proposed_by, proposed_at, is_illustrative, version";

/// What was proposed for a programme, newest first.
pub(crate) async fn proposals(reads: &impl Reads, programme: Uuid) -> Result<Vec<Proposed>, StoreError> {
    let sql = format!("SELECT {PROPOSED} FROM education_proposal WHERE programme_id = $1 ORDER BY number DESC");
    reads.all::<ProposedRow>(&sql, values![programme]).await?.into_iter().map(Proposed::try_from).collect()
}

pub(crate) async fn proposal(reads: &impl Reads, programme: Uuid, number: i64) -> Result<Option<Proposed>, StoreError> {
    let sql = format!("SELECT {PROPOSED} FROM education_proposal WHERE programme_id = $1 AND number = $2");
    reads.one::<ProposedRow>(&sql, values![programme, number]).await?.map(Proposed::try_from).transpose()
}

pub(crate) async fn propose(unit: &Unit, proposed: &Proposed) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_proposal (id, programme_id, number, change, why, state, proposed_by, proposed_at, is_illustrative, \
         version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)",
        values![
            proposed.id,
            proposed.programme,
            proposed.number,
            serde_json::to_value(&proposed.change)?,
            proposed.why.clone(),
            serde_json::to_value(&proposed.state)?,
            proposed.proposed_by.map(|person| person.0),
            proposed.proposed_at,
            proposed.is_illustrative
        ],
    )
    .await?;
    Ok(())
}

/// Stores a proposal's next state. Refused when somebody else took it since it was read.
pub(crate) async fn step(unit: &Unit, proposed: &Proposed, next: &Proposal) -> Result<(), Problem> {
    let json = serde_json::to_value(next).map_err(Problem::internal)?;
    let changed = unit
        .execute(
            "UPDATE education_proposal SET state = $3, version = version + 1 WHERE id = $1 AND version = $2",
            values![proposed.id, proposed.version, json],
        )
        .await?;
    if changed == 0 { Err(ground::changed_meanwhile("this proposal")) } else { Ok(()) }
}
