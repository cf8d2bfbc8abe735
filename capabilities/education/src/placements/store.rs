//! Placements as stored; one reaches a handler only through its extractor, which authorises.

use chrono::NaiveDate;
use hiec_kernel::{ClusterId, OrganisationId, PersonId, Problem, closed_list};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use serde::Serialize;
use uuid::Uuid;

use crate::ground;
use crate::words::Wte;

closed_list! {
    /// What a trainee does over these days.
    PlacementKind {
        InPost = "in_post", "In post";
        InPostExtension = "in_post_extension", "In post, extended";
        OopCareer = "oop_career", "Out of programme: career break";
        OopExperience = "oop_experience", "Out of programme: experience";
        OopResearch = "oop_research", "Out of programme: research";
        OopTraining = "oop_training", "Out of programme: training";
        ParentalLeave = "parental_leave", "Parental leave";
        SickLeave = "sick_leave", "Sick leave";
    }
}

impl PlacementKind {
    /// Whether it fills a post; all others free it.
    pub fn is_in_post(self) -> bool {
        matches!(self, Self::InPost | Self::InPostExtension)
    }

    /// Whether time of this kind may be approved to count towards the end: training and research out of programme; a career
    /// break, experience and leave never do.
    pub fn may_count(self) -> bool {
        matches!(self, Self::OopTraining | Self::OopResearch)
    }
}

closed_list! {
    /// How far a placement is.
    PlacementState {
        Planned = "planned", "Planned";
        Approved = "approved", "Approved";
        Cancelled = "cancelled", "Cancelled";
    }
}

/// A trainee in a post, or out of it for a time.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Placement {
    pub id: Uuid,
    #[serde(skip)]
    pub cluster: ClusterId,
    pub trainee: Uuid,
    /// Nothing while out of it.
    pub post: Option<Uuid>,
    pub kind: PlacementKind,
    pub starts_on: NaiveDate,
    /// The last day, counted.
    pub ends_on: NaiveDate,
    pub wte: Wte,
    #[serde(skip)]
    pub supervisor: Option<PersonId>,
    /// Approved time out of programme that counts towards the end.
    pub is_counted: bool,
    pub state: PlacementState,
    /// What made it: `entry`, `import`, or the placement round.
    pub source: String,
    /// Why it was last changed or cancelled; empty while it stands as made.
    pub reason: String,
    pub is_illustrative: bool,
    #[serde(skip)]
    pub version: i64,
}

impl Placement {
    pub fn is_cancelled(&self) -> bool {
        self.state == PlacementState::Cancelled
    }

    /// Whether it holds on a day.
    pub fn covers(&self, day: NaiveDate) -> bool {
        !self.is_cancelled() && self.starts_on <= day && day <= self.ends_on
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    cluster_id: Uuid,
    trainee_id: Uuid,
    post_id: Option<Uuid>,
    kind: String,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    wte: i64,
    supervisor_id: Option<Uuid>,
    is_counted: bool,
    state: String,
    source: String,
    reason: String,
    is_illustrative: bool,
    version: i64,
}

impl From<Row> for Placement {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            cluster: ClusterId(row.cluster_id),
            trainee: row.trainee_id,
            post: row.post_id,
            kind: PlacementKind::from_key(&row.kind).unwrap_or(PlacementKind::InPost),
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            wte: Wte(row.wte),
            supervisor: row.supervisor_id.map(PersonId),
            is_counted: row.is_counted,
            state: PlacementState::from_key(&row.state).unwrap_or(PlacementState::Planned),
            source: row.source,
            reason: row.reason,
            is_illustrative: row.is_illustrative,
            version: row.version,
        }
    }
}

const COLUMNS: &str = "x.id, x.cluster_id, x.trainee_id, x.post_id, x.kind, x.starts_on, x.ends_on, x.wte, x.supervisor_id, \
                       x.is_counted, x.state, x.source, x.reason, x.is_illustrative, x.version";

async fn load(
    reads: &impl Reads,
    condition: &str,
    values: Vec<hiec_store::Value>,
) -> Result<Vec<Placement>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM education_placement x WHERE {condition} ORDER BY x.starts_on, x.ends_on, x.id");
    Ok(reads.all::<Row>(&sql, values).await?.into_iter().map(Placement::from).collect())
}

/// All of a cluster, cancelled ones among them, by first day.
pub(crate) async fn of_cluster(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Placement>, StoreError> {
    load(reads, "x.cluster_id = $1", values![cluster.0]).await
}

/// Those of a cluster that hold on some day between these two, cancelled ones left out, by first day.
pub(crate) async fn between(
    reads: &impl Reads,
    cluster: ClusterId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Placement>, StoreError> {
    let condition = "x.cluster_id = $1 AND x.starts_on <= $3 AND x.ends_on >= $2 AND x.state <> 'cancelled'";
    load(reads, condition, values![cluster.0, from, to]).await
}

pub(crate) async fn of_trainee(reads: &impl Reads, trainee: Uuid) -> Result<Vec<Placement>, StoreError> {
    load(reads, "x.trainee_id = $1", values![trainee]).await
}

pub(crate) async fn of_post(reads: &impl Reads, post: Uuid) -> Result<Vec<Placement>, StoreError> {
    load(reads, "x.post_id = $1", values![post]).await
}

/// In any post of a host.
pub(crate) async fn of_host(
    reads: &impl Reads,
    cluster: ClusterId,
    host: OrganisationId,
) -> Result<Vec<Placement>, StoreError> {
    let condition = "x.post_id IN (SELECT id FROM education_post WHERE cluster_id = $1 AND host_id = $2)";
    load(reads, condition, values![cluster.0, host.0]).await
}

pub(crate) async fn by_id(reads: &impl Reads, id: Uuid) -> Result<Option<Placement>, StoreError> {
    Ok(load(reads, "x.id = $1", values![id]).await?.pop())
}

pub(crate) async fn insert(unit: &Unit, placement: &Placement) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_placement (id, cluster_id, trainee_id, post_id, kind, starts_on, ends_on, wte, supervisor_id, \
         is_counted, state, source, reason, is_illustrative, version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1)",
        values![
            placement.id,
            placement.cluster.0,
            placement.trainee,
            placement.post,
            placement.kind.key(),
            placement.starts_on,
            placement.ends_on,
            placement.wte.0,
            placement.supervisor.map(|person| person.0),
            placement.is_counted,
            placement.state.key(),
            placement.source.clone(),
            placement.reason.clone(),
            placement.is_illustrative
        ],
    )
    .await?;
    Ok(())
}

/// Stores a placement as it was changed. Refused when somebody else changed it since it was read.
pub(crate) async fn save(unit: &Unit, placement: &Placement) -> Result<(), Problem> {
    let changed = unit
        .execute(
            "UPDATE education_placement SET post_id = $3, kind = $4, starts_on = $5, ends_on = $6, wte = $7, supervisor_id = $8, \
             is_counted = $9, state = $10, source = $11, reason = $12, version = version + 1 WHERE id = $1 AND version = $2",
            values![
                placement.id,
                placement.version,
                placement.post,
                placement.kind.key(),
                placement.starts_on,
                placement.ends_on,
                placement.wte.0,
                placement.supervisor.map(|person| person.0),
                placement.is_counted,
                placement.state.key(),
                placement.source.clone(),
                placement.reason.clone()
            ],
        )
        .await?;
    if changed == 0 { Err(ground::changed_meanwhile("this placement")) } else { Ok(()) }
}
