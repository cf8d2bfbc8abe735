//! Bids as stored; a bid reaches a handler only through its extractor, which authorises.

use std::collections::BTreeMap;
use std::ops::Range;

use hiec_access::policy::Target;
use hiec_kernel::organisations::Organisation;
use hiec_kernel::{BidId, CallId, OrganisationId, Problem, Scope, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, organisations, values};
use hiec_web::{Loading, Resource};
use uuid::Uuid;

use super::states::BidState;
use crate::calls::store::{self as calls, Call};
use crate::pqq::rules::PqqState;

/// A bid with its call. The state machine's whole value is in `state`.
#[derive(Clone, Debug)]
pub struct Bid {
    pub id: BidId,
    pub call: Call,
    pub title: String,
    pub region_code: String,
    pub other_regions: Vec<String>,
    pub lead_organisation_id: OrganisationId,
    pub legal_form: Option<String>,
    pub state: BidState,
    /// The questionnaire's and the shortlist's state, as `pqq/` writes it.
    pub pqq_state: serde_json::Value,
    pub is_illustrative: bool,
    pub created_at: Timestamp,
    pub version: i64,
}

impl Bid {
    pub fn path(&self) -> String {
        format!("/bids/{}", self.id)
    }

    /// What the audit trail calls it.
    pub fn subject(&self) -> String {
        format!("bid:{}", self.id)
    }

    pub async fn lead(&self, reads: &impl Reads) -> Result<Option<Organisation>, StoreError> {
        organisations::by_id(reads, self.lead_organisation_id).await
    }

    /// What the policies need to know. A region's officers count only for the regions the bid lies in.
    pub async fn target(&self, reads: &impl Reads, person: Option<Uuid>) -> Result<Target, StoreError> {
        let regions = self
            .call
            .regions
            .iter()
            .filter(|region| region.code == self.region_code || self.other_regions.contains(&region.code))
            .map(|region| Scope::Region(region.id));
        let mut target = Target::new("bid", self.id.0)
            .scope(Scope::Bid(self.id.0))
            .scope(Scope::Call(self.call.id.0))
            .scope(Scope::Programme(self.call.programme_id))
            .scopes(regions)
            .within(self.call.id.0)
            .fact("is_sealed", !matches!(self.state, BidState::Opened(_)));
        if let Some(person) = person {
            #[derive(FromQueryResult)]
            struct Parts {
                interests: i64,
                reviews: i64,
            }
            let parts: Option<Parts> = reads
                .one(
                    "SELECT (SELECT COUNT(*) FROM competition_conflict WHERE bid_id = $1 AND person_id = $2 \
                     AND hardness = 'hard' AND dismissed_at IS NULL) AS interests, \
                     (SELECT COUNT(*) FROM competition_review WHERE bid_id = $1 AND assessor_id = $2 \
                     AND state_name NOT IN ('declined', 'removed')) AS reviews",
                    values![self.id.0, person],
                )
                .await?;
            // When in doubt, an interest and no review.
            let (interests, reviews) = parts.map_or((1, 0), |parts| (parts.interests, parts.reviews));
            target = target.fact("has_interest", interests > 0).fact("is_own", reviews > 0);
        }
        Ok(target)
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    call_id: Uuid,
    title: String,
    region_code: String,
    other_regions: serde_json::Value,
    lead_organisation_id: Uuid,
    legal_form: Option<String>,
    state: serde_json::Value,
    pqq_state: serde_json::Value,
    is_illustrative: bool,
    created_at: Timestamp,
    version: i64,
}

const COLUMNS: &str = "id, call_id, title, region_code, other_regions, lead_organisation_id, legal_form, state, \
                       pqq_state, is_illustrative, created_at, version";

/// A bid for anything that has its own way of authorising.
pub(crate) async fn by_id(reads: &impl Reads, id: BidId, now: Timestamp) -> Result<Option<Bid>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM competition_bid WHERE id = $1");
    let Some(row) = reads.one::<Row>(&sql, values![id.0]).await? else {
        return Ok(None);
    };
    let Some(call) = calls::by_id(reads, CallId(row.call_id), now).await? else {
        return Ok(None);
    };
    Ok(Some(whole(row, call)?))
}

fn whole(row: Row, call: Call) -> Result<Bid, StoreError> {
    Ok(Bid {
        id: BidId(row.id),
        call,
        title: row.title,
        region_code: row.region_code,
        other_regions: serde_json::from_value(row.other_regions)?,
        lead_organisation_id: OrganisationId(row.lead_organisation_id),
        legal_form: row.legal_form,
        state: serde_json::from_value(row.state)?,
        pqq_state: row.pqq_state,
        is_illustrative: row.is_illustrative,
        created_at: row.created_at,
        version: row.version,
    })
}

/// A new bid's first facts.
#[derive(Clone, Debug)]
pub(crate) struct NewBid {
    pub title: String,
    pub region_code: String,
    pub other_regions: Vec<String>,
    pub lead_organisation_id: OrganisationId,
    pub legal_form: Option<String>,
    pub is_illustrative: bool,
}

pub(crate) async fn insert(unit: &Unit, call: CallId, created_by: Uuid, bid: &NewBid) -> Result<BidId, StoreError> {
    let id = BidId(unit.new_id());
    let state = BidState::Draft(Default::default());
    unit.execute(
        "INSERT INTO competition_bid (id, call_id, title, region_code, other_regions, lead_organisation_id, legal_form, \
         state_name, state, pqq_state_name, pqq_state, is_illustrative, created_at, created_by, version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'Writing', $10, $11, $12, $13, 1)",
        values![
            id.0,
            call.0,
            bid.title.clone(),
            bid.region_code.clone(),
            serde_json::to_value(&bid.other_regions)?,
            bid.lead_organisation_id.0,
            bid.legal_form.clone(),
            state.name(),
            serde_json::to_value(&state)?,
            serde_json::to_value(PqqState::Writing(Default::default()))?,
            bid.is_illustrative,
            unit.now(),
            created_by
        ],
    )
    .await?;
    Ok(id)
}

/// Stores a moved state machine. Refused when somebody else moved it since it was read.
pub(crate) async fn save_state(unit: &Unit, bid: &Bid, state: &BidState) -> Result<(), Problem> {
    let changed = unit
        .execute(
            "UPDATE competition_bid SET state_name = $3, state = $4, version = version + 1 WHERE id = $1 AND version = $2",
            values![
                bid.id.0,
                bid.version,
                state.name(),
                serde_json::to_value(state).map_err(Problem::internal)?
            ],
        )
        .await?;
    if changed == 0 {
        return Err(Problem::conflict(
            "Somebody else changed this bid while you were at it",
            "Open the bid again and look where it stands now.",
        ));
    }
    Ok(())
}

/// Reads the bid anew and holds its row until the unit ends, so that a submission and a save never cross.
pub(crate) async fn hold(unit: &Unit, id: BidId) -> Result<Bid, Problem> {
    let sql = format!("SELECT version AS n FROM competition_bid WHERE id = $1{}", unit.dialect().for_update());
    unit.count(&sql, values![id.0]).await?;
    by_id(unit, id, unit.now()).await?.ok_or_else(Problem::not_found)
}

/// Stores a moved questionnaire.
pub(crate) async fn save_pqq_state(unit: &Unit, bid: &Bid, state: &PqqState) -> Result<(), Problem> {
    unit.execute(
        "UPDATE competition_bid SET pqq_state_name = $2, pqq_state = $3, version = version + 1 WHERE id = $1",
        values![bid.id.0, state.name(), serde_json::to_value(state).map_err(Problem::internal)?],
    )
    .await?;
    Ok(())
}

/// The bids of a call in the order they were formed.
pub(crate) async fn of_call(reads: &impl Reads, call: &Call) -> Result<Vec<Bid>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM competition_bid WHERE call_id = $1 ORDER BY created_at, id");
    let rows: Vec<Row> = reads.all(&sql, values![call.id.0]).await?;
    rows.into_iter().map(|row| whole(row, call.clone())).collect()
}

/// Some of them: those at these places of that order.
pub(crate) async fn part_of_call(
    reads: &impl Reads,
    call: &Call,
    places: Range<usize>,
) -> Result<Vec<Bid>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM competition_bid WHERE call_id = $1 ORDER BY created_at, id LIMIT $2 OFFSET $3");
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let rows: Vec<Row> = reads.all(&sql, values![call.id.0, count(places.len()), count(places.start)]).await?;
    rows.into_iter().map(|row| whole(row, call.clone())).collect()
}

/// How many bids of a call stand in each state, by the state's name.
pub(crate) async fn states_of_call(reads: &impl Reads, call: &Call) -> Result<BTreeMap<String, usize>, StoreError> {
    #[derive(FromQueryResult)]
    struct Count {
        state_name: String,
        n: i64,
    }
    let sql = "SELECT state_name, COUNT(*) AS n FROM competition_bid WHERE call_id = $1 GROUP BY state_name ORDER BY state_name";
    let rows: Vec<Count> = reads.all(sql, values![call.id.0]).await?;
    Ok(rows.into_iter().map(|row| (row.state_name, usize::try_from(row.n).unwrap_or(0))).collect())
}

/// The bids a person has a part in, newest first.
pub(crate) async fn of_person(reads: &impl Reads, person: Uuid, now: Timestamp) -> Result<Vec<Bid>, StoreError> {
    // Begins at the person's grants, which are few, and not at the bids.
    let sql = format!(
        "SELECT {COLUMNS} FROM competition_bid WHERE id IN (SELECT scope_id FROM base_grant WHERE person_id = $1 \
         AND scope_kind = 'bid' AND ended_at IS NULL) ORDER BY created_at DESC, id DESC"
    );
    let rows: Vec<Row> = reads.all(&sql, values![person]).await?;
    let mut known: BTreeMap<Uuid, Call> = BTreeMap::new();
    let mut bids = Vec::with_capacity(rows.len());
    for row in rows {
        let call = match known.get(&row.call_id) {
            Some(call) => Some(call.clone()),
            None => calls::by_id(reads, CallId(row.call_id), now).await?,
        };
        if let Some(call) = call {
            known.insert(row.call_id, call.clone());
            bids.push(whole(row, call)?);
        }
    }
    Ok(bids)
}

/// `/bids/{bid}/…`
impl Resource for Bid {
    const KIND: &'static str = "bid";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        load_as(loading, Self::KIND).await
    }
}

/// The bid the path names, as a target of this kind: its questionnaire, its moderation, an interest in it.
pub(crate) async fn load_as(loading: &Loading<'_>, kind: &'static str) -> Result<Option<(Bid, Target)>, Problem> {
    let Some(id) = loading.id("bid") else {
        return Ok(None);
    };
    let Some(bid) = by_id(&loading.database, BidId(id), loading.now).await? else {
        return Ok(None);
    };
    let person = loading.subject.person.as_ref().map(|person| person.id.0);
    let target = Target { kind, ..bid.target(&loading.database, person).await? };
    Ok(Some((bid, target)))
}
