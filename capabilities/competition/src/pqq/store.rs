//! Questionnaires as stored, with the policies' facts about them; nobody outside the partnership reads one before its deadline.

use std::collections::BTreeSet;

use hiec_access::policy::Target;
use hiec_kernel::{BidId, CallId, PersonId, Problem, Scope, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use hiec_web::{Loading, Resource};
use uuid::Uuid;

use super::rules::{Member, PqqState};
use crate::bids::store::{self as bids, Bid};
use crate::calls::stages::pqq_deadline;
use crate::interests::store as interests;

/// A partnership's questionnaire, with the bid it stands for.
#[derive(Clone, Debug)]
pub struct Questionnaire {
    pub bid: Bid,
    pub state: PqqState,
}

impl Questionnaire {
    fn of(bid: Bid) -> Result<Self, Problem> {
        let state = serde_json::from_value(bid.pqq_state.clone()).map_err(Problem::internal)?;
        Ok(Self { bid, state })
    }

    /// Whether those who judge may read it: it is in, and the deadline has passed.
    pub fn is_readable(&self, now: Timestamp) -> bool {
        match &self.state {
            PqqState::Writing(_) | PqqState::NotSubmitted(_) => false,
            PqqState::Submitted(_) => {
                pqq_deadline(self.bid.call.design()).is_some_and(|deadline| !deadline.admits(now))
            }
            PqqState::Judging(_) | PqqState::Proposed(_) | PqqState::Final(_) => true,
        }
    }

    /// Codes of the regions that have a word on it.
    pub fn regions(&self) -> BTreeSet<String> {
        regions_of(&self.bid.region_code, &self.bid.other_regions)
    }

    /// What may be known of this person at this bid, for the rules.
    pub(crate) async fn member(&self, reads: &impl Reads, person: PersonId) -> Result<Member, StoreError> {
        Ok(Member { person, is_interested: interests::stands(reads, self.bid.id, person).await? })
    }
}

pub(crate) fn regions_of(region: &str, others: &[String]) -> BTreeSet<String> {
    std::iter::once(region.to_owned()).chain(others.iter().cloned()).collect()
}

/// `/bids/{bid}/pqq-judgement` and what hangs on it.
impl Resource for Questionnaire {
    const KIND: &'static str = "pqq";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some((bid, target)) = bids::load_as(loading, Self::KIND).await? else {
            return Ok(None);
        };
        let questionnaire = Self::of(bid)?;
        let target = target.fact("is_sealed", !questionnaire.is_readable(loading.now));
        Ok(Some((questionnaire, target)))
    }
}

/// Reads a questionnaire anew and holds its row until the unit ends, so that two judgements never cross.
pub(crate) async fn hold(unit: &Unit, bid: BidId) -> Result<Questionnaire, Problem> {
    Questionnaire::of(bids::hold(unit, bid).await?)
}

/// A line of the list of a call's questionnaires.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub bid: BidId,
    pub title: String,
    pub lead: String,
    pub region: String,
    pub other_regions: Vec<String>,
    pub state: PqqState,
    pub is_illustrative: bool,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    title: String,
    lead: String,
    region_code: String,
    other_regions: serde_json::Value,
    pqq_state: serde_json::Value,
    is_illustrative: bool,
}

/// Where a questionnaire stands in the list, without reading it.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub bid: BidId,
    pub regions: BTreeSet<String>,
}

/// The places of a call's questionnaires, by region and title.
pub(crate) async fn places(reads: &impl Reads, call: CallId) -> Result<Vec<Place>, StoreError> {
    #[derive(FromQueryResult)]
    struct PlaceRow {
        id: Uuid,
        region_code: String,
        other_regions: serde_json::Value,
    }
    let rows: Vec<PlaceRow> = reads
        .all(
            "SELECT id, region_code, other_regions FROM competition_bid WHERE call_id = $1 ORDER BY region_code, title, id",
            values![call.0],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            let others: Vec<String> = serde_json::from_value(row.other_regions)?;
            Ok(Place { bid: BidId(row.id), regions: regions_of(&row.region_code, &others) })
        })
        .collect()
}

const LINES: &str = "SELECT b.id, b.title, o.name AS lead, b.region_code, b.other_regions, b.pqq_state, b.is_illustrative \
     FROM competition_bid b JOIN base_organisation o ON o.id = b.lead_organisation_id";

/// The questionnaires of a call, by region and title.
pub(crate) async fn of_call(reads: &impl Reads, call: CallId) -> Result<Vec<Line>, StoreError> {
    let sql = format!("{LINES} WHERE b.call_id = $1 ORDER BY b.region_code, b.title, b.id");
    lines(reads.all(&sql, values![call.0]).await?)
}

/// Those of these bids, by region and title.
pub(crate) async fn of_bids(reads: &impl Reads, call: CallId, bids: &BTreeSet<BidId>) -> Result<Vec<Line>, StoreError> {
    if bids.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (2..bids.len() + 2).map(|place| format!("${place}")).collect();
    let sql = format!(
        "{LINES} WHERE b.call_id = $1 AND b.id IN ({}) ORDER BY b.region_code, b.title, b.id",
        places.join(", ")
    );
    let mut values = values![call.0];
    values.extend(bids.iter().map(|bid| bid.0.into()));
    lines(reads.all(&sql, values).await?)
}

fn lines(rows: Vec<Row>) -> Result<Vec<Line>, StoreError> {
    rows.into_iter()
        .map(|row| {
            Ok(Line {
                bid: BidId(row.id),
                title: row.title,
                lead: row.lead,
                region: row.region_code,
                other_regions: serde_json::from_value(row.other_regions)?,
                state: serde_json::from_value(row.pqq_state)?,
                is_illustrative: row.is_illustrative,
            })
        })
        .collect()
}

/// Codes of the regions this subject acts for, among the call's.
pub(crate) fn acts_for(subject: &hiec_access::Subject, call: &crate::calls::store::Call) -> Vec<String> {
    let held: Vec<Scope> = subject.scopes_of(hiec_kernel::Role::RegionOfficer).collect();
    call.regions
        .iter()
        .filter(|region| held.contains(&Scope::Region(region.id)))
        .map(|region| region.code.clone())
        .collect()
}
