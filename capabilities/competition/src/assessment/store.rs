//! Reviews as stored; a review reaches a handler only through its extractor, and only its assessor writes it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use hiec_access::policy::Target;
use hiec_kernel::{BidId, CallId, PersonId, Problem, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, Value, values};
use hiec_web::{Loading, Resource};
use uuid::Uuid;

use super::rules::TypedScore;
use super::states::{Review, ReviewState};
use crate::bids::store::{self as bids, Bid};
use crate::calls::design::MilestoneKey;
use crate::calls::stages::closing;
use crate::calls::store::Call;

/// A review as stored, with the names a page needs.
#[derive(Clone, Debug)]
pub struct StoredReview {
    pub id: Uuid,
    pub call: CallId,
    pub bid: BidId,
    pub bid_title: String,
    pub region: String,
    pub assessor: PersonId,
    pub assessor_name: String,
    /// Which act of assigning made it.
    pub assignment: Uuid,
    pub review: Review,
    /// As typed last.
    pub draft: Vec<TypedScore>,
    pub draft_at: Option<Timestamp>,
    pub assigned_at: Timestamp,
    pub accepted_at: Option<Timestamp>,
    pub submitted_at: Option<Timestamp>,
    pub closes_at: Option<Timestamp>,
    pub version: i64,
}

impl StoredReview {
    pub fn path(&self) -> String {
        format!("/reviews/{}", self.id)
    }

    /// What the audit trail calls it.
    pub fn subject(&self) -> String {
        format!("review:{}", self.id)
    }

    /// Whether the assessor still has to do with it.
    pub fn is_live(&self) -> bool {
        !matches!(self.review.state, ReviewState::Declined { .. } | ReviewState::Removed { .. })
    }

    /// When it closes: the call's end of assessment, or the later one given when it was reopened.
    pub fn closes(&self, call: &Call) -> Option<Timestamp> {
        self.closes_at.or_else(|| closing(call.design(), MilestoneKey::Assessment).map(|deadline| deadline.0))
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    call_id: Uuid,
    bid_id: Uuid,
    bid_title: String,
    region_code: String,
    assessor_id: Uuid,
    assessor_name: String,
    assignment_id: Uuid,
    state: serde_json::Value,
    draft: serde_json::Value,
    draft_at: Option<Timestamp>,
    assigned_at: Timestamp,
    accepted_at: Option<Timestamp>,
    submitted_at: Option<Timestamp>,
    closes_at: Option<Timestamp>,
    version: i64,
}

impl TryFrom<Row> for StoredReview {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            call: CallId(row.call_id),
            bid: BidId(row.bid_id),
            bid_title: row.bid_title,
            region: row.region_code,
            assessor: PersonId(row.assessor_id),
            assessor_name: row.assessor_name,
            assignment: row.assignment_id,
            review: serde_json::from_value(row.state)?,
            draft: serde_json::from_value(row.draft)?,
            draft_at: row.draft_at,
            assigned_at: row.assigned_at,
            accepted_at: row.accepted_at,
            submitted_at: row.submitted_at,
            closes_at: row.closes_at,
            version: row.version,
        })
    }
}

const SELECT: &str = "SELECT r.id, r.call_id, r.bid_id, b.title AS bid_title, b.region_code, r.assessor_id, \
     p.name AS assessor_name, r.assignment_id, r.state, r.draft, r.draft_at, r.assigned_at, r.accepted_at, r.submitted_at, \
     r.closes_at, r.version FROM competition_review r JOIN competition_bid b ON b.id = r.bid_id \
     JOIN base_person p ON p.id = r.assessor_id";

pub(crate) async fn by_id(reads: &impl Reads, id: Uuid) -> Result<Option<StoredReview>, StoreError> {
    let sql = format!("{SELECT} WHERE r.id = $1");
    reads.one::<Row>(&sql, values![id]).await?.map(StoredReview::try_from).transpose()
}

/// All reviews of a call ever assigned, by bid and assessor.
pub(crate) async fn of_call(reads: &impl Reads, call: CallId) -> Result<Vec<StoredReview>, StoreError> {
    let sql = format!("{SELECT} WHERE r.call_id = $1 ORDER BY b.title, b.id, p.name, r.id");
    let rows: Vec<Row> = reads.all(&sql, values![call.0]).await?;
    rows.into_iter().map(StoredReview::try_from).collect()
}

/// How far the reviews of a call are, bids left out not counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Progress {
    /// Bids that reviews were ever assigned for.
    pub bids: usize,
    /// Reviews the assessors still have to do with, the submitted among them.
    pub live: usize,
    pub submitted: usize,
}

/// Counts the reviews of a call.
pub(crate) async fn progress(
    reads: &impl Reads,
    call: CallId,
    without: &BTreeSet<BidId>,
) -> Result<Progress, StoreError> {
    #[derive(FromQueryResult)]
    struct Count {
        bids: i64,
        live: Option<i64>,
        submitted: Option<i64>,
    }
    let sql = format!(
        "SELECT COUNT(DISTINCT bid_id) AS bids, \
         CAST(SUM(CASE WHEN state_name NOT IN ('declined', 'removed') THEN 1 ELSE 0 END) AS {{int}}) AS live, \
         CAST(SUM(CASE WHEN state_name = 'submitted' THEN 1 ELSE 0 END) AS {{int}}) AS submitted \
         FROM competition_review WHERE call_id = $1{}",
        but_not("bid_id", without, 2)
    );
    let mut bound = values![call.0];
    bound.extend(without.iter().map(|bid| Value::from(bid.0)));
    let counted: Option<Count> = reads.one(&reads.dialect().types(&sql), bound).await?;
    let number = |n: Option<i64>| n.and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    Ok(counted.map_or_else(Progress::default, |count| Progress {
        bids: number(Some(count.bids)),
        live: number(count.live),
        submitted: number(count.submitted),
    }))
}

/// Some of the bids that [`progress`] counts: those at these places of their order by title.
pub(crate) async fn reviewed_bids(
    reads: &impl Reads,
    call: CallId,
    without: &BTreeSet<BidId>,
    places: Range<usize>,
) -> Result<Vec<BidId>, StoreError> {
    #[derive(FromQueryResult)]
    struct Id {
        id: Uuid,
    }
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let sql = format!(
        "SELECT b.id FROM competition_bid b WHERE b.call_id = $1 \
         AND EXISTS (SELECT 1 FROM competition_review r WHERE r.bid_id = b.id){} ORDER BY b.title, b.id LIMIT $2 OFFSET $3",
        but_not("b.id", without, 4)
    );
    let mut bound = values![call.0, count(places.len()), count(places.start)];
    bound.extend(without.iter().map(|bid| Value::from(bid.0)));
    let rows: Vec<Id> = reads.all(&sql, bound).await?;
    Ok(rows.into_iter().map(|row| BidId(row.id)).collect())
}

/// ` AND column NOT IN ($2, $3)`, counted from `first`; nothing where none is left out.
fn but_not(column: &str, without: &BTreeSet<BidId>, first: usize) -> String {
    if without.is_empty() {
        return String::new();
    }
    let places: Vec<String> = (first..first + without.len()).map(|place| format!("${place}")).collect();
    format!(" AND {column} NOT IN ({})", places.join(", "))
}

/// All reviews of these bids ever assigned, by bid and assessor.
pub(crate) async fn of_bids(reads: &impl Reads, bids: &[BidId]) -> Result<Vec<StoredReview>, StoreError> {
    if bids.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (1..=bids.len()).map(|place| format!("${place}")).collect();
    let sql = format!("{SELECT} WHERE r.bid_id IN ({}) ORDER BY b.title, b.id, p.name, r.id", places.join(", "));
    let rows: Vec<Row> = reads.all(&sql, bids.iter().map(|bid| bid.0.into()).collect()).await?;
    rows.into_iter().map(StoredReview::try_from).collect()
}

/// How many reviews each assessor of a call still has to do with.
pub(crate) async fn live_by_assessor(
    reads: &impl Reads,
    call: CallId,
) -> Result<BTreeMap<PersonId, usize>, StoreError> {
    #[derive(FromQueryResult)]
    struct Count {
        assessor_id: Uuid,
        n: i64,
    }
    let rows: Vec<Count> = reads
        .all(
            "SELECT assessor_id, COUNT(*) AS n FROM competition_review WHERE call_id = $1 \
             AND state_name NOT IN ('declined', 'removed') GROUP BY assessor_id ORDER BY assessor_id",
            values![call.0],
        )
        .await?;
    Ok(rows.into_iter().map(|row| (PersonId(row.assessor_id), usize::try_from(row.n).unwrap_or(0))).collect())
}

/// All reviews of a bid ever assigned, by assessor.
pub(crate) async fn of_bid(reads: &impl Reads, bid: BidId) -> Result<Vec<StoredReview>, StoreError> {
    let sql = format!("{SELECT} WHERE r.bid_id = $1 ORDER BY p.name, r.id");
    let rows: Vec<Row> = reads.all(&sql, values![bid.0]).await?;
    rows.into_iter().map(StoredReview::try_from).collect()
}

/// One person's reviews, newest assignment first.
pub(crate) async fn of_assessor(reads: &impl Reads, person: PersonId) -> Result<Vec<StoredReview>, StoreError> {
    let sql = format!("{SELECT} WHERE r.assessor_id = $1 ORDER BY r.assigned_at DESC, b.title, r.id");
    let rows: Vec<Row> = reads.all(&sql, values![person.0]).await?;
    rows.into_iter().map(StoredReview::try_from).collect()
}

pub(crate) async fn insert(
    unit: &Unit,
    call: CallId,
    bid: BidId,
    assessor: PersonId,
    assignment: Uuid,
) -> Result<Uuid, StoreError> {
    let id = unit.new_id();
    let review = Review::assigned();
    unit.execute(
        "INSERT INTO competition_review (id, call_id, bid_id, assessor_id, assignment_id, state_name, state, draft, assigned_at, version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)",
        values![
            id,
            call.0,
            bid.0,
            assessor.0,
            assignment,
            review.key().to_lowercase(),
            serde_json::to_value(&review)?,
            serde_json::json!([]),
            unit.now()
        ],
    )
    .await?;
    Ok(id)
}

/// Stores a moved review with what was typed. Refused when it was changed since it was read (another window, the office).
pub(crate) async fn save(unit: &Unit, stored: &StoredReview) -> Result<(), Problem> {
    let changed = unit
        .execute(
            "UPDATE competition_review SET state_name = $3, state = $4, draft = $5, draft_at = $6, accepted_at = $7, \
             submitted_at = $8, closes_at = $9, version = version + 1 WHERE id = $1 AND version = $2",
            values![
                stored.id,
                stored.version,
                stored.review.key().to_lowercase(),
                serde_json::to_value(&stored.review).map_err(Problem::internal)?,
                serde_json::to_value(&stored.draft).map_err(Problem::internal)?,
                stored.draft_at,
                stored.accepted_at,
                stored.submitted_at,
                stored.closes_at
            ],
        )
        .await?;
    if changed == 0 {
        return Err(Problem::conflict(
            "This review was changed while you were at it",
            "Open the review again: it shows the change. What you typed is still in this form if you go back.",
        ));
    }
    Ok(())
}

/// A review with its bid, as the extractor gives it.
#[derive(Clone, Debug)]
pub struct AssignedReview {
    pub stored: StoredReview,
    pub bid: Bid,
}

/// `/reviews/{review}/…`
impl Resource for AssignedReview {
    const KIND: &'static str = "review";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(id) = loading.id("review") else {
            return Ok(None);
        };
        let Some(stored) = by_id(&loading.database, id).await? else {
            return Ok(None);
        };
        let Some(bid) = bids::by_id(&loading.database, stored.bid, loading.now).await? else {
            return Ok(None);
        };
        let person = loading.subject.person.as_ref().map(|person| person.id.0);
        let mut target = bid.target(&loading.database, person).await?;
        target.kind = Self::KIND;
        target.id = stored.id;
        let target = target
            .fact("is_own", stored.is_live() && person == Some(stored.assessor.0))
            .fact("is_submitted", stored.review.is_submitted());
        Ok(Some((Self { stored, bid }, target)))
    }
}
