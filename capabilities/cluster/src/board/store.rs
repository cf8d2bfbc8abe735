//! Bodies, meetings and agendas as stored; a meeting that moved is stored only where nobody else moved it in the meantime.

use chrono::NaiveDate;
use hiec_kernel::people::Person;
use hiec_kernel::{ClusterId, OrganisationId, PersonId, Problem, Timestamp};
use hiec_store::{FromQueryResult, Reads, StoreError, Unit, values};
use serde::Serialize;
use uuid::Uuid;

use super::minutes::Minutes;
use super::papers::Papers;
use super::rules::{BodyKind, Capacity, ItemKind, Touches};
use super::states::{MeetingState, Planned};
use crate::clusters::store::Cluster;
use crate::desk::overtaken;

/// A body of a cluster.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Body {
    pub id: Uuid,
    pub kind: BodyKind,
    pub name: String,
    /// What it is for and may decide.
    pub terms: String,
    pub quorum: i64,
}

#[derive(FromQueryResult)]
struct BodyRow {
    id: Uuid,
    kind: String,
    name: String,
    terms: String,
    quorum: i64,
}

impl From<BodyRow> for Body {
    fn from(row: BodyRow) -> Self {
        Self {
            id: row.id,
            kind: BodyKind::from_key(&row.kind).unwrap_or(BodyKind::Forum),
            name: row.name,
            terms: row.terms,
            quorum: row.quorum,
        }
    }
}

/// A cluster's bodies, in the order they were set up.
pub(crate) async fn bodies(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Body>, StoreError> {
    let sql = "SELECT id, kind, name, terms, quorum FROM cluster_body WHERE cluster_id = $1 ORDER BY opened_at, id";
    Ok(reads.all::<BodyRow>(sql, values![cluster.0]).await?.into_iter().map(Body::from).collect())
}

pub(crate) async fn insert_body(unit: &Unit, cluster: ClusterId, body: &Body) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO cluster_body (id, cluster_id, kind, name, terms, quorum, opened_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![body.id, cluster.0, body.kind.key(), body.name.clone(), body.terms.clone(), body.quorum, unit.now()],
    )
    .await?;
    Ok(())
}

/// Somebody who sits, or sat, in a body.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Member {
    pub person: PersonId,
    pub name: String,
    pub email: String,
    pub employer: Option<OrganisationId>,
    pub capacity: Capacity,
    pub since: NaiveDate,
    pub until: Option<NaiveDate>,
}

impl Member {
    pub fn sits_on(&self, day: NaiveDate) -> bool {
        self.since <= day && self.until.is_none_or(|until| day < until)
    }
}

#[derive(FromQueryResult)]
struct MemberRow {
    person_id: Uuid,
    name: String,
    email: String,
    employer_id: Option<Uuid>,
    capacity: String,
    since: NaiveDate,
    until: Option<NaiveDate>,
}

/// Everybody who sits or sat in a body, by name.
pub(crate) async fn members(reads: &impl Reads, body: Uuid) -> Result<Vec<Member>, StoreError> {
    let sql = "SELECT m.person_id, p.name, p.email, p.employer_id, m.capacity, m.since, m.until FROM cluster_body_member m \
               JOIN base_person p ON p.id = m.person_id WHERE m.body_id = $1 ORDER BY p.name, m.since, m.id";
    let rows: Vec<MemberRow> = reads.all(sql, values![body]).await?;
    Ok(rows
        .into_iter()
        .map(|row| Member {
            person: PersonId(row.person_id),
            name: row.name,
            email: row.email,
            employer: row.employer_id.map(OrganisationId),
            capacity: Capacity::from_key(&row.capacity).unwrap_or(Capacity::Attends),
            since: row.since,
            until: row.until,
        })
        .collect())
}

/// Those who sit in a body on a day, by name.
pub(crate) async fn sitting(reads: &impl Reads, body: Uuid, day: NaiveDate) -> Result<Vec<Member>, StoreError> {
    Ok(members(reads, body).await?.into_iter().filter(|one| one.sits_on(day)).collect())
}

pub(crate) async fn insert_member(
    unit: &Unit,
    body: Uuid,
    person: &Person,
    capacity: Capacity,
    since: NaiveDate,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO cluster_body_member (id, body_id, person_id, capacity, since) VALUES ($1, $2, $3, $4, $5)",
        values![unit.new_id(), body, person.id.0, capacity.key(), since],
    )
    .await?;
    Ok(())
}

/// Ends somebody's seat; answers whether they had one.
pub(crate) async fn end_member(
    unit: &Unit,
    body: Uuid,
    person: PersonId,
    until: NaiveDate,
) -> Result<bool, StoreError> {
    let sql = "UPDATE cluster_body_member SET until = $3 WHERE body_id = $1 AND person_id = $2 AND until IS NULL";
    Ok(unit.execute(sql, values![body, person.0, until]).await? > 0)
}

/// A meeting of a body.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Meeting {
    pub id: Uuid,
    pub body: Body,
    /// Counted from 1 in its body.
    pub number: i64,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub place: String,
    pub plain_summary: String,
    /// As they stood when they went out.
    pub papers: Option<Papers>,
    /// As they were signed.
    pub minutes: Option<Minutes>,
    pub state: MeetingState,
    pub version: i64,
}

impl Meeting {
    /// `Board, meeting 3`
    pub fn title(&self) -> String {
        format!("{}, meeting {}", self.body.name, self.number)
    }

    pub fn path(&self, cluster: &Cluster) -> String {
        format!("{}/board/meetings/{}", cluster.path(), self.id)
    }
}

#[derive(FromQueryResult)]
struct MeetingRow {
    id: Uuid,
    body_id: Uuid,
    kind: String,
    name: String,
    terms: String,
    quorum: i64,
    number: i64,
    starts_at: Timestamp,
    ends_at: Timestamp,
    place: String,
    plain_summary: String,
    papers: Option<serde_json::Value>,
    minutes: Option<serde_json::Value>,
    state: serde_json::Value,
    version: i64,
}

impl TryFrom<MeetingRow> for Meeting {
    type Error = StoreError;

    fn try_from(row: MeetingRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            body: BodyRow { id: row.body_id, kind: row.kind, name: row.name, terms: row.terms, quorum: row.quorum }
                .into(),
            number: row.number,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            place: row.place,
            plain_summary: row.plain_summary,
            papers: row.papers.map(serde_json::from_value).transpose()?,
            minutes: row.minutes.map(serde_json::from_value).transpose()?,
            state: serde_json::from_value(row.state)?,
            version: row.version,
        })
    }
}

const SELECT: &str = "SELECT m.id, m.body_id, b.kind, b.name, b.terms, b.quorum, m.number, m.starts_at, m.ends_at, m.place, \
                      m.plain_summary, m.papers, m.minutes, m.state, m.version FROM cluster_meeting m JOIN cluster_body b ON b.id = m.body_id";

/// A cluster's meetings, the latest first.
pub(crate) async fn meetings(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Meeting>, StoreError> {
    let sql = format!("{SELECT} WHERE b.cluster_id = $1 ORDER BY m.starts_at DESC, m.id DESC");
    reads.all::<MeetingRow>(&sql, values![cluster.0]).await?.into_iter().map(Meeting::try_from).collect()
}

pub(crate) async fn meeting(reads: &impl Reads, cluster: ClusterId, id: Uuid) -> Result<Option<Meeting>, StoreError> {
    let sql = format!("{SELECT} WHERE b.cluster_id = $1 AND m.id = $2");
    reads.one::<MeetingRow>(&sql, values![cluster.0, id]).await?.map(Meeting::try_from).transpose()
}

/// The cluster a meeting belongs to, for a job that knows no more than the meeting.
pub(crate) async fn cluster_of(reads: &impl Reads, meeting: Uuid) -> Result<Option<ClusterId>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        cluster_id: Uuid,
    }
    let sql = "SELECT b.cluster_id FROM cluster_meeting m JOIN cluster_body b ON b.id = m.body_id WHERE m.id = $1";
    Ok(reads.one::<Row>(sql, values![meeting]).await?.map(|row| ClusterId(row.cluster_id)))
}

/// What a planned meeting says of itself.
#[derive(Clone, Debug)]
pub(crate) struct NewMeeting {
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub place: String,
}

pub(crate) async fn insert_meeting(unit: &Unit, body: &Body, new: &NewMeeting) -> Result<(Uuid, i64), StoreError> {
    let sql = "SELECT COALESCE(MAX(number), 0) AS n FROM cluster_meeting WHERE body_id = $1";
    let number = unit.count(sql, values![body.id]).await? + 1;
    let id = unit.new_id();
    let state = MeetingState::Planned(Planned {});
    unit.execute(
        "INSERT INTO cluster_meeting (id, body_id, number, starts_at, ends_at, place, plain_summary, state_name, state, \
         planned_at, version) VALUES ($1, $2, $3, $4, $5, $6, '', $7, $8, $9, 1)",
        values![
            id,
            body.id,
            number,
            new.starts_at,
            new.ends_at,
            new.place.clone(),
            state.name(),
            serde_json::to_value(&state)?,
            unit.now()
        ],
    )
    .await?;
    Ok((id, number))
}

/// Stores a meeting that moved.
pub(crate) async fn save(unit: &Unit, meeting: &Meeting, state: &MeetingState) -> Result<(), Problem> {
    let changed = unit
        .execute(
            "UPDATE cluster_meeting SET state_name = $3, state = $4, version = version + 1 WHERE id = $1 AND version = $2",
            values![
                meeting.id,
                meeting.version,
                state.name(),
                serde_json::to_value(state).map_err(Problem::internal)?
            ],
        )
        .await?;
    if changed == 0 { Err(overtaken("this meeting")) } else { Ok(()) }
}

/// Keeps the papers as they stood.
pub(crate) async fn freeze_papers(unit: &Unit, meeting: &Meeting, papers: &Papers) -> Result<(), StoreError> {
    let sql = "UPDATE cluster_meeting SET papers = $2 WHERE id = $1 AND papers IS NULL";
    unit.execute(sql, values![meeting.id, serde_json::to_value(papers)?]).await?;
    Ok(())
}

/// Keeps the minutes as they were signed.
pub(crate) async fn freeze_minutes(unit: &Unit, meeting: &Meeting, minutes: &Minutes) -> Result<(), StoreError> {
    let sql = "UPDATE cluster_meeting SET minutes = $2 WHERE id = $1 AND minutes IS NULL";
    unit.execute(sql, values![meeting.id, serde_json::to_value(minutes)?]).await?;
    Ok(())
}

pub(crate) async fn set_summary(unit: &Unit, meeting: &Meeting, words: &str) -> Result<(), Problem> {
    let sql = "UPDATE cluster_meeting SET plain_summary = $3, version = version + 1 WHERE id = $1 AND version = $2";
    let changed = unit.execute(sql, values![meeting.id, meeting.version, words]).await?;
    if changed == 0 { Err(overtaken("this meeting")) } else { Ok(()) }
}

/// An item of an agenda.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Item {
    pub id: Uuid,
    /// Counted from 1.
    pub place: i64,
    pub kind: ItemKind,
    pub title: String,
    pub presenter: String,
    /// The paper's words.
    pub paper: String,
    pub touches: Touches,
    pub minutes: String,
}

#[derive(FromQueryResult)]
struct ItemRow {
    id: Uuid,
    place: i64,
    kind: String,
    title: String,
    presenter: String,
    paper: String,
    touches: serde_json::Value,
    minutes: String,
}

impl TryFrom<ItemRow> for Item {
    type Error = StoreError;

    fn try_from(row: ItemRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            place: row.place,
            kind: ItemKind::from_key(&row.kind).unwrap_or(ItemKind::Information),
            title: row.title,
            presenter: row.presenter,
            paper: row.paper,
            touches: serde_json::from_value(row.touches)?,
            minutes: row.minutes,
        })
    }
}

/// The agenda, in its order.
pub(crate) async fn items(reads: &impl Reads, meeting: Uuid) -> Result<Vec<Item>, StoreError> {
    let sql = "SELECT id, place, kind, title, presenter, paper, touches, minutes FROM cluster_agenda_item \
               WHERE meeting_id = $1 ORDER BY place";
    reads.all::<ItemRow>(sql, values![meeting]).await?.into_iter().map(Item::try_from).collect()
}

/// What a new item says.
#[derive(Clone, Debug)]
pub(crate) struct NewItem {
    pub kind: ItemKind,
    pub title: String,
    pub presenter: String,
    pub paper: String,
    pub touches: Touches,
}

pub(crate) async fn insert_item(unit: &Unit, meeting: Uuid, new: &NewItem) -> Result<Uuid, StoreError> {
    let sql = "SELECT COALESCE(MAX(place), 0) AS n FROM cluster_agenda_item WHERE meeting_id = $1";
    let place = unit.count(sql, values![meeting]).await? + 1;
    let id = unit.new_id();
    unit.execute(
        "INSERT INTO cluster_agenda_item (id, meeting_id, place, kind, title, presenter, paper, touches, minutes) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '')",
        values![
            id,
            meeting,
            place,
            new.kind.key(),
            new.title.clone(),
            new.presenter.clone(),
            new.paper.clone(),
            serde_json::to_value(&new.touches)?
        ],
    )
    .await?;
    Ok(id)
}

pub(crate) async fn set_minutes(unit: &Unit, item: Uuid, words: &str) -> Result<(), StoreError> {
    unit.execute("UPDATE cluster_agenda_item SET minutes = $2 WHERE id = $1", values![item, words]).await?;
    Ok(())
}
