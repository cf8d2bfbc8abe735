//! Panel meetings and their agendas as stored; a meeting reaches a handler only through its extractor, which authorises.

use std::collections::BTreeMap;

use hiec_access::policy::Target;
use hiec_kernel::{BidId, CallId, Money, PersonId, Problem, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use hiec_web::{Loading, Resource};
use uuid::Uuid;

use super::decisions::{Decision, Verdict};
use super::minutes::Minutes;
use super::rules::Member;
use super::states::{AgendaItem, MeetingState};
use crate::calls::store::{self as calls, Call};

/// The award panel of one call, with the meeting that was planned last.
#[derive(Clone, Debug)]
pub struct PanelDesk {
    pub call: Call,
    pub meeting: Option<Meeting>,
}

/// A meeting as stored.
#[derive(Clone, Debug)]
pub struct Meeting {
    pub id: Uuid,
    pub title: String,
    pub place: String,
    pub planned_for: Timestamp,
    pub members: Vec<Member>,
    pub state: MeetingState,
    /// As signed.
    pub minutes: Option<Minutes>,
    pub version: i64,
}

/// An item of the agenda as stored.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub meeting: Uuid,
    pub meeting_state: MeetingState,
    pub item: AgendaItem,
    /// Members who said that they leave for it.
    pub own_wish: Vec<PersonId>,
    pub discussion: String,
    pub version: i64,
}

/// `/calls/{call}/panel…`
impl Resource for PanelDesk {
    const KIND: &'static str = "meeting";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(key) = loading.text("call") else {
            return Ok(None);
        };
        let Some(call) = calls::by_key(&loading.database, key, loading.now).await? else {
            return Ok(None);
        };
        let meeting = latest(&loading.database, call.id).await?;
        let is_seated = match (&meeting, &loading.subject.person) {
            (Some(meeting), Some(person)) => meeting.members.iter().any(|one| one.person == person.id),
            _ => false,
        };
        let target =
            Target::new("meeting", call.id.0).scopes(call.scopes()).within(call.id.0).fact("is_own", is_seated);
        Ok(Some((Self { call, meeting }, target)))
    }
}

#[derive(FromQueryResult)]
struct MeetingRow {
    id: Uuid,
    title: String,
    place: String,
    planned_for: Timestamp,
    members: serde_json::Value,
    state: serde_json::Value,
    minutes: Option<serde_json::Value>,
    version: i64,
}

/// The meeting that was planned last; cancelled ones do not count.
pub(crate) async fn latest(reads: &impl Reads, call: CallId) -> Result<Option<Meeting>, StoreError> {
    let row: Option<MeetingRow> = reads
        .one(
            "SELECT id, title, place, planned_for, members, state, minutes, version FROM competition_meeting \
             WHERE call_id = $1 AND state_name <> 'Cancelled' ORDER BY created_at DESC, id DESC LIMIT 1",
            values![call.0],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Meeting {
        id: row.id,
        title: row.title,
        place: row.place,
        planned_for: row.planned_for,
        members: serde_json::from_value(row.members)?,
        state: serde_json::from_value(row.state)?,
        minutes: row.minutes.map(serde_json::from_value).transpose()?,
        version: row.version,
    }))
}

/// What is needed to plan a meeting.
#[derive(Clone, Debug)]
pub(crate) struct NewMeeting {
    pub title: String,
    pub place: String,
    pub planned_for: Timestamp,
    pub members: Vec<Member>,
}

pub(crate) async fn insert(unit: &Unit, call: CallId, new: &NewMeeting, agenda: &[BidId]) -> Result<Uuid, StoreError> {
    let id = unit.new_id();
    let state = MeetingState::Planned;
    unit.execute(
        "INSERT INTO competition_meeting (id, call_id, title, place, planned_for, members, state_name, state, created_at, version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)",
        values![
            id,
            call.0,
            new.title.clone(),
            new.place.clone(),
            new.planned_for,
            serde_json::to_value(&new.members)?,
            state.key(),
            serde_json::to_value(&state)?,
            unit.now()
        ],
    )
    .await?;
    for (place, bid) in (1_i64..).zip(agenda) {
        let item = AgendaItem::new(*bid);
        unit.execute(
            "INSERT INTO competition_agenda_item (meeting_id, bid_id, place, state_name, item, own_wish, discussion, version) \
             VALUES ($1, $2, $3, $4, $5, $6, '', 1)",
            values![
                id,
                bid.0,
                place,
                item.key(),
                serde_json::to_value(&item)?,
                serde_json::json!([])
            ],
        )
        .await?;
    }
    Ok(id)
}

/// Stores a meeting's next state, with the minutes where it was closed. Refused when somebody was faster.
pub(crate) async fn save(
    unit: &Unit,
    meeting: &Meeting,
    state: &MeetingState,
    minutes: Option<&Minutes>,
) -> Result<(), Problem> {
    let minutes = minutes.map(serde_json::to_value).transpose().map_err(Problem::internal)?;
    let changed = unit
        .execute(
            "UPDATE competition_meeting SET state_name = $3, state = $4, minutes = $5, version = version + 1 \
             WHERE id = $1 AND version = $2",
            values![
                meeting.id,
                meeting.version,
                state.key(),
                serde_json::to_value(state).map_err(Problem::internal)?,
                minutes
            ],
        )
        .await?;
    if changed == 0 {
        return Err(faster());
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct ItemRow {
    meeting_id: Uuid,
    meeting_state: serde_json::Value,
    item: serde_json::Value,
    own_wish: serde_json::Value,
    discussion: String,
    version: i64,
}

impl TryFrom<ItemRow> for Item {
    type Error = StoreError;

    fn try_from(row: ItemRow) -> Result<Self, StoreError> {
        Ok(Self {
            meeting: row.meeting_id,
            meeting_state: serde_json::from_value(row.meeting_state)?,
            item: serde_json::from_value(row.item)?,
            own_wish: serde_json::from_value(row.own_wish)?,
            discussion: row.discussion,
            version: row.version,
        })
    }
}

/// A meeting's agenda in its order.
pub(crate) async fn items(reads: &impl Reads, meeting: Uuid) -> Result<Vec<Item>, StoreError> {
    let rows: Vec<ItemRow> = reads
        .all(
            "SELECT i.meeting_id, m.state AS meeting_state, i.item, i.own_wish, i.discussion, i.version \
             FROM competition_agenda_item i JOIN competition_meeting m ON m.id = i.meeting_id \
             WHERE i.meeting_id = $1 ORDER BY i.place",
            values![meeting],
        )
        .await?;
    rows.into_iter().map(Item::try_from).collect()
}

/// Stores an item. Refused when somebody was faster.
pub(crate) async fn save_item(unit: &Unit, item: &Item) -> Result<(), Problem> {
    let changed = unit
        .execute(
            "UPDATE competition_agenda_item SET state_name = $4, item = $5, own_wish = $6, discussion = $7, version = version + 1 \
             WHERE meeting_id = $1 AND bid_id = $2 AND version = $3",
            values![
                item.meeting,
                item.item.bid.0,
                item.version,
                item.item.key(),
                serde_json::to_value(&item.item).map_err(Problem::internal)?,
                serde_json::to_value(&item.own_wish).map_err(Problem::internal)?,
                item.discussion.clone()
            ],
        )
        .await?;
    if changed == 0 {
        return Err(faster());
    }
    Ok(())
}

fn faster() -> Problem {
    Problem::conflict(
        "Somebody else changed this item or meeting while you were at it",
        "Open the meeting again: it shows their change. Then make yours.",
    )
}

/// A decision that holds, with whether its meeting's minutes are signed.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub decision: Decision,
    pub is_signed: bool,
}

/// Every item of every meeting of a call that was not cancelled, the oldest meeting first.
pub(crate) async fn items_of_call(reads: &impl Reads, call: CallId) -> Result<Vec<Item>, StoreError> {
    let rows: Vec<ItemRow> = reads
        .all(
            "SELECT i.meeting_id, m.state AS meeting_state, i.item, i.own_wish, i.discussion, i.version \
             FROM competition_agenda_item i JOIN competition_meeting m ON m.id = i.meeting_id \
             WHERE m.call_id = $1 AND m.state_name <> 'Cancelled' ORDER BY m.created_at, m.id, i.place",
            values![call.0],
        )
        .await?;
    rows.into_iter().map(Item::try_from).collect()
}

/// The decisions that hold, over all meetings of a call; a later meeting's stands in place of an earlier one's.
pub(crate) async fn decisions(reads: &impl Reads, call: CallId) -> Result<BTreeMap<BidId, Held>, StoreError> {
    let mut held = BTreeMap::new();
    for Item { item, meeting_state, .. } in items_of_call(reads, call).await? {
        if let Some(decision) = item.holds() {
            let is_signed = matches!(meeting_state, MeetingState::Closed { .. });
            held.insert(item.bid, Held { decision: decision.clone(), is_signed });
        }
    }
    Ok(held)
}

/// The same as verdicts and sums, as the rules take them.
pub(crate) fn verdicts(held: &BTreeMap<BidId, Held>) -> BTreeMap<BidId, (Verdict, Money)> {
    held.iter().map(|(bid, held)| (*bid, (held.decision.verdict, held.decision.amount))).collect()
}
