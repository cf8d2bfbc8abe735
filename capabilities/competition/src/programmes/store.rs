//! Programmes as stored; they have no state, and none is ever taken away.

use hiec_access::policy::Target;
use hiec_kernel::{Problem, Scope};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use hiec_web::{Loading, Resource};
use serde::Serialize;
use uuid::Uuid;

/// A programme and its funder.
#[derive(Clone, Debug, FromQueryResult, Serialize)]
pub(crate) struct Programme {
    pub id: Uuid,
    pub name: String,
    pub funder: String,
}

/// `/programmes`: all of them.
#[derive(Clone, Copy, Debug)]
pub struct AllProgrammes;

impl Resource for AllProgrammes {
    const KIND: &'static str = "programme";

    async fn load(_: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        Ok(Some((Self, Target::new(Self::KIND, Uuid::nil()).scope(Scope::Installation))))
    }
}

/// All programmes, the oldest first.
pub(crate) async fn all(reads: &impl Reads) -> Result<Vec<Programme>, StoreError> {
    reads.all("SELECT id, name, funder FROM competition_programme ORDER BY created_at, id", values![]).await
}

pub(crate) async fn insert(unit: &Unit, name: &str, funder: &str) -> Result<Uuid, StoreError> {
    let id = unit.new_id();
    unit.execute(
        "INSERT INTO competition_programme (id, name, funder, created_at) VALUES ($1, $2, $3, $4)",
        values![id, name, funder, unit.now()],
    )
    .await?;
    Ok(id)
}
