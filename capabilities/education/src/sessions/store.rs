//! Courses, their parts and sessions as stored; a handler reaches them only through the doors in `doors.rs`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hiec_contracts::ClusterSeen;
use hiec_kernel::clock::london_date;
use hiec_kernel::{ClusterId, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use serde::Serialize;
use uuid::Uuid;

use super::places::Places;
use super::rules::{PartKind, Times};

#[derive(Clone, PartialEq, Eq, Debug, Serialize, FromQueryResult)]
pub(crate) struct Course {
    pub id: Uuid,
    pub key: String,
    pub name: String,
    pub about: String,
    pub is_illustrative: bool,
}

impl Course {
    pub fn path(&self, cluster: &ClusterSeen) -> String {
        format!("{}/education/courses/{}", cluster.path(), self.key)
    }
}

/// A cluster's courses by name.
pub(crate) async fn courses(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Course>, StoreError> {
    reads
        .all(
            "SELECT id, key, name, about, is_illustrative FROM education_course WHERE cluster_id = $1 ORDER BY name, id",
            values![cluster.0],
        )
        .await
}

pub(crate) async fn add_course(unit: &Unit, cluster: ClusterId, course: &Course) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_course (id, cluster_id, key, name, about, is_illustrative) VALUES ($1, $2, $3, $4, $5, $6)",
        values![
            course.id,
            cluster.0,
            course.key.clone(),
            course.name.clone(),
            course.about.clone(),
            course.is_illustrative
        ],
    )
    .await?;
    Ok(())
}

/// A part of a course.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Part {
    pub id: Uuid,
    pub course: Uuid,
    pub position: i64,
    pub kind: PartKind,
    pub title: String,
    pub minutes: i64,
    /// Whether its hours count for the tariff.
    pub is_eligible: bool,
    pub tool: Option<Uuid>,
    pub target_url: String,
    /// The id of the activity other systems report on.
    pub activity: String,
}

#[derive(FromQueryResult)]
struct PartRow {
    id: Uuid,
    course_id: Uuid,
    position: i64,
    kind: String,
    title: String,
    minutes: i64,
    is_eligible: bool,
    tool_id: Option<Uuid>,
    target_url: String,
    activity: String,
}

/// The parts of all courses of a cluster, in the order of each.
pub(crate) async fn parts(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Part>, StoreError> {
    let rows: Vec<PartRow> = reads
        .all(
            "SELECT id, course_id, position, kind, title, minutes, is_eligible, tool_id, target_url, activity \
             FROM education_course_part WHERE course_id IN (SELECT id FROM education_course WHERE cluster_id = $1) \
             ORDER BY course_id, position",
            values![cluster.0],
        )
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(Part {
                id: row.id,
                course: row.course_id,
                position: row.position,
                kind: PartKind::from_key(&row.kind)?,
                title: row.title,
                minutes: row.minutes,
                is_eligible: row.is_eligible,
                tool: row.tool_id,
                target_url: row.target_url,
                activity: row.activity,
            })
        })
        .collect())
}

pub(crate) async fn add_part(unit: &Unit, part: &Part) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_course_part (id, course_id, position, kind, title, minutes, is_eligible, tool_id, target_url, activity) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![
            part.id,
            part.course,
            part.position,
            part.kind.key(),
            part.title.clone(),
            part.minutes,
            part.is_eligible,
            part.tool,
            part.target_url.clone(),
            part.activity.clone()
        ],
    )
    .await?;
    Ok(())
}

/// One session of a part.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Session {
    pub id: Uuid,
    pub part: Uuid,
    pub place: String,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub capacity: u32,
    pub release_on: NaiveDate,
    /// Only whoever runs it is shown the code.
    #[serde(skip)]
    pub code: String,
    pub called_off: Option<String>,
    /// Places kept for partners.
    pub shares: BTreeMap<Uuid, u32>,
    pub is_illustrative: bool,
}

impl Session {
    pub fn path(&self, cluster: &ClusterSeen) -> String {
        format!("{}/education/sessions/{}", cluster.path(), self.id)
    }

    pub fn times(&self) -> Times {
        Times { starts_at: self.starts_at, ends_at: self.ends_at, is_called_off: self.called_off.is_some() }
    }

    pub fn places(&self, now: Timestamp) -> Places {
        Places {
            capacity: self.capacity,
            shares: self.shares.clone(),
            is_released: self.release_on <= london_date(now),
        }
    }

    pub fn minutes(&self) -> i64 {
        (self.ends_at - self.starts_at).num_minutes()
    }
}

#[derive(FromQueryResult)]
struct SessionRow {
    id: Uuid,
    part_id: Uuid,
    place: String,
    starts_at: Timestamp,
    ends_at: Timestamp,
    capacity: i64,
    release_on: NaiveDate,
    code: String,
    called_off_reason: Option<String>,
    is_illustrative: bool,
}

/// A cluster's sessions, the first first.
pub(crate) async fn sessions(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Session>, StoreError> {
    found(reads, "cluster_id = $1", cluster.0).await
}

/// One session; held against others who book or cancel until the unit ends.
pub(crate) async fn held(unit: &Unit, id: Uuid) -> Result<Option<Session>, StoreError> {
    let sql = format!("SELECT id FROM education_session WHERE id = $1{}", unit.dialect().for_update());
    #[derive(FromQueryResult)]
    struct Held {
        #[expect(dead_code, reason = "the row is read to be held")]
        id: Uuid,
    }
    let _: Option<Held> = unit.one(&sql, values![id]).await?;
    Ok(found(unit, "id = $1", id).await?.into_iter().next())
}

pub(crate) async fn session(reads: &impl Reads, id: Uuid) -> Result<Option<Session>, StoreError> {
    Ok(found(reads, "id = $1", id).await?.into_iter().next())
}

async fn found(reads: &impl Reads, condition: &str, id: Uuid) -> Result<Vec<Session>, StoreError> {
    #[derive(FromQueryResult)]
    struct ShareRow {
        session_id: Uuid,
        organisation_id: Uuid,
        places: i64,
    }
    let sql = format!(
        "SELECT id, part_id, place, starts_at, ends_at, capacity, release_on, code, called_off_reason, is_illustrative \
         FROM education_session WHERE {condition} ORDER BY starts_at, id"
    );
    let rows: Vec<SessionRow> = reads.all(&sql, values![id]).await?;
    let sql = format!(
        "SELECT session_id, organisation_id, places FROM education_session_share \
         WHERE session_id IN (SELECT id FROM education_session WHERE {condition}) ORDER BY session_id, organisation_id"
    );
    let mut shares: BTreeMap<Uuid, BTreeMap<Uuid, u32>> = BTreeMap::new();
    for row in reads.all::<ShareRow>(&sql, values![id]).await? {
        let places = u32::try_from(row.places).unwrap_or(0);
        shares.entry(row.session_id).or_default().insert(row.organisation_id, places);
    }
    Ok(rows
        .into_iter()
        .map(|row| Session {
            shares: shares.remove(&row.id).unwrap_or_default(),
            id: row.id,
            part: row.part_id,
            place: row.place,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            capacity: u32::try_from(row.capacity).unwrap_or(0),
            release_on: row.release_on,
            code: row.code,
            called_off: row.called_off_reason,
            is_illustrative: row.is_illustrative,
        })
        .collect())
}

pub(crate) async fn add_session(unit: &Unit, cluster: ClusterId, session: &Session) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_session (id, cluster_id, part_id, place, starts_at, ends_at, capacity, release_on, code, is_illustrative) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![
            session.id,
            cluster.0,
            session.part,
            session.place.clone(),
            session.starts_at,
            session.ends_at,
            i64::from(session.capacity),
            session.release_on,
            session.code.clone(),
            session.is_illustrative
        ],
    )
    .await?;
    for (organisation, places) in &session.shares {
        unit.execute(
            "INSERT INTO education_session_share (session_id, organisation_id, places) VALUES ($1, $2, $3)",
            values![session.id, *organisation, i64::from(*places)],
        )
        .await?;
    }
    Ok(())
}

/// Calls it off; false where it was already.
pub(crate) async fn call_off(unit: &Unit, session: Uuid, reason: &str) -> Result<bool, StoreError> {
    let changed = unit
        .execute(
            "UPDATE education_session SET called_off_at = $2, called_off_reason = $3 WHERE id = $1 AND called_off_at IS NULL",
            values![session, unit.now(), reason],
        )
        .await?;
    Ok(changed > 0)
}

pub(crate) async fn change_code(unit: &Unit, session: Uuid, code: &str) -> Result<(), StoreError> {
    unit.execute("UPDATE education_session SET code = $2 WHERE id = $1", values![session, code]).await?;
    Ok(())
}

/// The part of this title, in whichever course of the cluster has it first.
pub(crate) async fn part_named(
    reads: &impl Reads,
    cluster: ClusterId,
    title: &str,
) -> Result<Option<Uuid>, StoreError> {
    Ok(parts(reads, cluster).await?.into_iter().find(|part| part.title == title).map(|part| part.id))
}

/// The cluster's first session that begins on this day.
pub(crate) async fn session_on(
    reads: &impl Reads,
    cluster: ClusterId,
    on: NaiveDate,
) -> Result<Option<Uuid>, StoreError> {
    let all = sessions(reads, cluster).await?;
    Ok(all.into_iter().find(|session| london_date(session.starts_at) == on).map(|session| session.id))
}
