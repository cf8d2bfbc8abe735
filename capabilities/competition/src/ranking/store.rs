//! Rankings as stored, with what regions said to them; a ranking once made is never changed, a new one stands beside it.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, RwLock};

use hiec_access::policy::Target;
use hiec_kernel::{BidId, CallId, Fingerprint, Money, OrganisationId, PersonId, Problem, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use hiec_web::{Loading, Resource};
use uuid::Uuid;

use super::rules::Ranking;
use super::states::RegionResponse;
use super::totals::BidScores;
use crate::bids::sealed::SealedContent;
use crate::calls::store::{self as calls, Call};

/// The ranking of one call, as a place in the product: there may be none yet.
#[derive(Clone, Debug)]
pub struct RankingDesk {
    pub call: Call,
}

/// `/calls/{call}/ranking…`
impl Resource for RankingDesk {
    const KIND: &'static str = "ranking";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(key) = loading.text("call") else {
            return Ok(None);
        };
        let Some(call) = calls::by_key(&loading.database, key, loading.now).await? else {
            return Ok(None);
        };
        let target = Target::new("ranking", call.id.0).scopes(call.scopes()).within(call.id.0);
        Ok(Some((Self { call }, target)))
    }
}

/// A ranking as it was made.
#[derive(Clone, Debug)]
pub struct StoredRanking {
    pub id: Uuid,
    /// Counted from 1.
    pub number: i64,
    pub scores: BTreeMap<BidId, BidScores>,
    pub ranking: Ranking,
    pub fingerprint: String,
    pub made_at: Timestamp,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    number: i64,
    scores: serde_json::Value,
    ranking: serde_json::Value,
    fingerprint: String,
    made_at: Timestamp,
}

/// Rankings read before, by id: one of a thousand bids is megabytes of JSON, is looked at again and again, and never changes once made.
static READ: LazyLock<RwLock<BTreeMap<Uuid, Arc<StoredRanking>>>> = LazyLock::new(RwLock::default);

/// Rankings kept in memory at a time.
const MOST_READ: usize = 4;

/// The ranking that counts: the last one made.
pub(crate) async fn latest(reads: &impl Reads, call: CallId) -> Result<Option<Arc<StoredRanking>>, StoreError> {
    #[derive(FromQueryResult)]
    struct Last {
        id: Uuid,
    }
    let last: Option<Last> = reads
        .one("SELECT id FROM competition_ranking WHERE call_id = $1 ORDER BY number DESC LIMIT 1", values![call.0])
        .await?;
    let Some(last) = last else { return Ok(None) };
    if let Some(known) = READ.read().ok().and_then(|read| read.get(&last.id).cloned()) {
        return Ok(Some(known));
    }
    let row: Option<Row> = reads
        .one(
            "SELECT id, number, scores, ranking, fingerprint, made_at FROM competition_ranking WHERE id = $1",
            values![last.id],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let stored = Arc::new(StoredRanking {
        id: row.id,
        number: row.number,
        scores: serde_json::from_value(row.scores)?,
        ranking: serde_json::from_value(row.ranking)?,
        fingerprint: row.fingerprint,
        made_at: row.made_at,
    });
    if let Ok(mut read) = READ.write() {
        if read.len() >= MOST_READ {
            read.clear();
        }
        read.insert(stored.id, stored.clone());
    }
    Ok(Some(stored))
}

/// Number, fingerprint and time of every ranking made, oldest first.
#[derive(Clone, Debug, FromQueryResult, serde::Serialize)]
pub(crate) struct Version {
    pub number: i64,
    pub fingerprint: String,
    pub made_at: Timestamp,
}

pub(crate) async fn versions(reads: &impl Reads, call: CallId) -> Result<Vec<Version>, StoreError> {
    reads
        .all(
            "SELECT number, fingerprint, made_at FROM competition_ranking WHERE call_id = $1 ORDER BY number",
            values![call.0],
        )
        .await
}

/// What is fingerprinted of a ranking: the scores it was made from, and itself.
pub(crate) fn fingerprint(
    scores: &BTreeMap<BidId, BidScores>,
    ranking: &Ranking,
) -> Result<Fingerprint, serde_json::Error> {
    Fingerprint::of(&serde_json::json!({ "scores": scores, "ranking": ranking }))
}

pub(crate) async fn insert(
    unit: &Unit,
    call: CallId,
    by: PersonId,
    number: i64,
    scores: BTreeMap<BidId, BidScores>,
    ranking: Ranking,
) -> Result<StoredRanking, StoreError> {
    let stored = StoredRanking {
        id: unit.new_id(),
        number,
        fingerprint: fingerprint(&scores, &ranking)?.to_string(),
        scores,
        ranking,
        made_at: unit.now(),
    };
    unit.execute(
        "INSERT INTO competition_ranking (id, call_id, number, scores, ranking, fingerprint, made_at, made_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            stored.id,
            call.0,
            number,
            serde_json::to_value(&stored.scores)?,
            serde_json::to_value(&stored.ranking)?,
            stored.fingerprint.clone(),
            unit.now(),
            by.0
        ],
    )
    .await?;
    Ok(stored)
}

/// What one region said.
#[derive(Clone, Debug)]
pub(crate) struct StoredResponse {
    pub ranking: Uuid,
    pub region: String,
    pub state: RegionResponse,
    pub changed_at: Timestamp,
    version: i64,
}

/// The responses to a ranking, by region.
pub(crate) async fn responses(reads: &impl Reads, ranking: Uuid) -> Result<Vec<StoredResponse>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        region_code: String,
        state: serde_json::Value,
        changed_at: Timestamp,
        version: i64,
    }
    let rows: Vec<Row> = reads
        .all(
            "SELECT region_code, state, changed_at, version FROM competition_ranking_response \
             WHERE ranking_id = $1 ORDER BY region_code",
            values![ranking],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(StoredResponse {
                ranking,
                region: row.region_code,
                state: serde_json::from_value(row.state)?,
                changed_at: row.changed_at,
                version: row.version,
            })
        })
        .collect()
}

/// Lays a ranking before a region.
pub(crate) async fn await_response(unit: &Unit, ranking: Uuid, region: &str) -> Result<(), StoreError> {
    let state = RegionResponse::Awaited;
    unit.execute(
        "INSERT INTO competition_ranking_response (ranking_id, region_code, state_name, state, changed_at, version) \
         VALUES ($1, $2, $3, $4, $5, 1)",
        values![ranking, region, state.key(), serde_json::to_value(&state)?, unit.now()],
    )
    .await?;
    Ok(())
}

/// Stores a response's next state. Refused when somebody of the region was faster.
pub(crate) async fn save_response(
    unit: &Unit,
    response: &StoredResponse,
    state: &RegionResponse,
) -> Result<(), Problem> {
    let changed = unit
        .execute(
            "UPDATE competition_ranking_response SET state_name = $4, state = $5, changed_at = $6, version = version + 1 \
             WHERE ranking_id = $1 AND region_code = $2 AND version = $3",
            values![
                response.ranking,
                response.region.clone(),
                response.version,
                state.key(),
                serde_json::to_value(state).map_err(Problem::internal)?,
                unit.now()
            ],
        )
        .await?;
    if changed == 0 {
        return Err(Problem::conflict(
            "Somebody else responded for this region while you were at it",
            "Open the ranking again: it shows what they said.",
        ));
    }
    Ok(())
}

/// A bid as rankings, agendas and letters name it.
#[derive(Clone, Debug)]
pub(crate) struct BidLine {
    pub id: BidId,
    pub title: String,
    pub region: String,
    pub other_regions: Vec<String>,
    pub lead: String,
    pub lead_id: OrganisationId,
    pub is_illustrative: bool,
}

impl BidLine {
    /// All its regions, its own first.
    pub fn regions(&self) -> Vec<String> {
        let mut regions = vec![self.region.clone()];
        regions.extend(self.other_regions.iter().cloned());
        regions
    }
}

/// The opened bids of a call, by title: those that compete.
pub(crate) async fn opened_bids(reads: &impl Reads, call: CallId) -> Result<Vec<BidLine>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        title: String,
        region_code: String,
        other_regions: serde_json::Value,
        lead: String,
        lead_id: Uuid,
        is_illustrative: bool,
    }
    let rows: Vec<Row> = reads
        .all(
            "SELECT b.id, b.title, b.region_code, b.other_regions, o.name AS lead, o.id AS lead_id, b.is_illustrative \
             FROM competition_bid b JOIN base_organisation o ON o.id = b.lead_organisation_id \
             WHERE b.call_id = $1 AND b.state_name = 'Opened' ORDER BY b.title, b.id",
            values![call.0],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(BidLine {
                id: BidId(row.id),
                title: row.title,
                region: row.region_code,
                other_regions: serde_json::from_value(row.other_regions)?,
                lead: row.lead,
                lead_id: OrganisationId(row.lead_id),
                is_illustrative: row.is_illustrative,
            })
        })
        .collect()
}

/// What the opened bids of a call said when they were sealed: the last submission of each.
pub(crate) async fn sealed_contents(
    reads: &impl Reads,
    call: CallId,
) -> Result<BTreeMap<BidId, SealedContent>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        bid_id: Uuid,
        content: serde_json::Value,
    }
    let rows: Vec<Row> = reads
        .all(
            "SELECT s.bid_id, s.content FROM competition_submission s JOIN competition_bid b ON b.id = s.bid_id \
             WHERE s.call_id = $1 AND s.form = 'bid' AND b.state_name = 'Opened' \
             ORDER BY s.bid_id, s.submitted_at, s.receipt_number",
            values![call.0],
        )
        .await?;
    let mut contents = BTreeMap::new();
    for row in rows {
        contents.insert(BidId(row.bid_id), serde_json::from_value(row.content)?);
    }
    Ok(contents)
}

/// What each bid asks for: its sealed answer to the question of money called `amount`.
pub(crate) fn sum_asked(content: &SealedContent) -> Option<Money> {
    match content.answers.get("amount")? {
        hiec_forms::Answer::Money(money) => Some(*money),
        _ => None,
    }
}

/// People with a standing hard conflict with a bid: declared or detected and not dismissed, employed by a partner of it, or
/// holding a role in it.
pub(crate) async fn conflicted(
    reads: &impl Reads,
    bid: BidId,
) -> Result<std::collections::BTreeSet<PersonId>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        person_id: Uuid,
    }
    let rows: Vec<Row> = reads
        .all(
            "SELECT person_id FROM competition_conflict WHERE bid_id = $1 AND hardness = 'hard' AND dismissed_at IS NULL \
             UNION SELECT p.id AS person_id FROM base_person p JOIN competition_partner m ON m.organisation_id = p.employer_id \
             WHERE m.bid_id = $1 \
             UNION SELECT p.id AS person_id FROM base_person p JOIN competition_bid b ON b.lead_organisation_id = p.employer_id \
             WHERE b.id = $1 \
             UNION SELECT g.person_id FROM base_grant g WHERE g.scope_kind = 'bid' AND g.scope_id = $1 AND g.ended_at IS NULL \
             AND g.role IN ('bid_lead', 'bid_editor', 'bid_reader', 'partner_signatory') \
             ORDER BY 1",
            values![bid.0],
        )
        .await?;
    Ok(rows.into_iter().map(|row| PersonId(row.person_id)).collect())
}

/// The bids of a call a person has a standing interest in: their scores are kept from them.
pub(crate) async fn interests_of(
    reads: &impl Reads,
    call: CallId,
    person: PersonId,
) -> Result<std::collections::BTreeSet<BidId>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let rows: Vec<Row> = reads
        .all(
            "SELECT bid_id AS id FROM competition_conflict WHERE call_id = $1 AND person_id = $2 AND hardness = 'hard' \
             AND dismissed_at IS NULL \
             UNION SELECT m.bid_id AS id FROM competition_partner m JOIN competition_bid b ON b.id = m.bid_id \
             JOIN base_person p ON p.employer_id = m.organisation_id WHERE b.call_id = $1 AND p.id = $2 \
             UNION SELECT b.id AS id FROM competition_bid b JOIN base_person p ON p.employer_id = b.lead_organisation_id \
             WHERE b.call_id = $1 AND p.id = $2 ORDER BY 1",
            values![call.0, person.0],
        )
        .await?;
    Ok(rows.into_iter().map(|row| BidId(row.id)).collect())
}
