//! Partners as stored; a partner reaches a handler only with its bid, through its extractor, which authorises.

use hiec_access::policy::Target;
use hiec_kernel::organisations::{Function, Organisation, Sector, Setting};
use hiec_kernel::{BidId, OrganisationId, PersonId, Problem, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use hiec_web::{Loading, Resource};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::commitments::{Commitment, PartnerState, SignedVersion};
use super::principles;
use crate::bids::store::{self as bids, Bid};

/// What a partner is in the partnership.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Lead,
    Founding,
    Member,
    Associate,
}

impl Part {
    pub const ALL: &'static [Self] = &[Self::Lead, Self::Founding, Self::Member, Self::Associate];

    pub fn key(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Founding => "founding",
            Self::Member => "member",
            Self::Associate => "associate",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Lead => "Lead",
            Self::Founding => "Founding partner",
            Self::Member => "Member",
            Self::Associate => "Associate",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|part| part.key() == key)
    }
}

/// A partner of one bid, with its organisation.
#[derive(Clone, Debug)]
pub struct Partner {
    pub id: Uuid,
    pub bid: BidId,
    pub organisation: Organisation,
    pub part: Part,
    pub state: PartnerState,
    pub invited_email: Option<String>,
    pub invited_at: Timestamp,
    /// Who signs for it.
    pub signatory: Option<PersonId>,
    pub commitment: Option<Commitment>,
}

impl Partner {
    pub fn path(&self) -> String {
        format!("/bids/{}/partners/{}", self.bid, self.id)
    }

    /// As the principle check sees it.
    pub fn for_check(&self) -> principles::Partner {
        let presence = if self.state.is_member() {
            principles::Presence::Member
        } else if self.state.is_pending() {
            principles::Presence::Invited
        } else {
            principles::Presence::Gone
        };
        principles::Partner { organisation: self.organisation.clone(), presence }
    }

    /// What its signature would cover now.
    pub fn version(
        &self,
        set: &hiec_forms::QuestionSet,
        answers: &hiec_forms::Answers,
    ) -> Result<SignedVersion, serde_json::Error> {
        SignedVersion::of(&self.commitment.clone().unwrap_or_default(), set, answers)
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    bid_id: Uuid,
    part: String,
    state: serde_json::Value,
    invited_email: Option<String>,
    invited_at: Timestamp,
    signatory_id: Option<Uuid>,
    commitment: Option<serde_json::Value>,
    organisation_id: Uuid,
    ods_code: Option<String>,
    name: String,
    sector: String,
    settings: serde_json::Value,
    functions: serde_json::Value,
    region_code: Option<String>,
    postcode: Option<String>,
    is_illustrative: bool,
}

impl TryFrom<Row> for Partner {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let settings: Vec<Setting> = serde_json::from_value(row.settings)?;
        let functions: Vec<Function> = serde_json::from_value(row.functions)?;
        Ok(Self {
            id: row.id,
            bid: BidId(row.bid_id),
            organisation: Organisation {
                id: OrganisationId(row.organisation_id),
                ods_code: row.ods_code,
                name: row.name,
                sector: Sector::from_key(&row.sector).unwrap_or(Sector::OtherPublic),
                settings,
                functions,
                region: row.region_code,
                postcode: row.postcode,
                is_illustrative: row.is_illustrative,
            },
            part: Part::from_key(&row.part).unwrap_or(Part::Member),
            state: serde_json::from_value(row.state)?,
            invited_email: row.invited_email,
            invited_at: row.invited_at,
            signatory: row.signatory_id.map(PersonId),
            commitment: row.commitment.map(serde_json::from_value).transpose()?,
        })
    }
}

const SELECT: &str = "SELECT p.id, p.bid_id, p.part, p.state, p.invited_email, p.invited_at, p.signatory_id, p.commitment, \
    o.id AS organisation_id, o.ods_code, o.name, o.sector, o.settings, o.functions, o.region_code, o.postcode, o.is_illustrative \
    FROM competition_partner p JOIN base_organisation o ON o.id = p.organisation_id";

/// The partners of a bid, also those who declined or left: the lead first, then by name.
pub(crate) async fn of_bid(reads: &impl Reads, bid: BidId) -> Result<Vec<Partner>, StoreError> {
    let sql =
        format!("{SELECT} WHERE p.bid_id = $1 ORDER BY CASE WHEN p.part = 'lead' THEN 0 ELSE 1 END, o.name, p.id");
    let rows: Vec<Row> = reads.all(&sql, values![bid.0]).await?;
    rows.into_iter().map(Partner::try_from).collect()
}

pub(crate) async fn by_id(reads: &impl Reads, bid: BidId, partner: Uuid) -> Result<Option<Partner>, StoreError> {
    let sql = format!("{SELECT} WHERE p.bid_id = $1 AND p.id = $2");
    reads.one::<Row>(&sql, values![bid.0, partner]).await?.map(Partner::try_from).transpose()
}

/// Stores a new partner; answers its id.
pub(crate) async fn insert(
    unit: &Unit,
    bid: BidId,
    organisation: OrganisationId,
    part: Part,
    state: &PartnerState,
    email: Option<&str>,
    signatory: Option<PersonId>,
) -> Result<Uuid, StoreError> {
    let id = unit.new_id();
    unit.execute(
        "INSERT INTO competition_partner (id, bid_id, organisation_id, part, state_name, state, invited_email, invited_at, signatory_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![
            id,
            bid.0,
            organisation.0,
            part.key(),
            state.name(),
            serde_json::to_value(state)?,
            email,
            unit.now(),
            signatory.map(|person| person.0)
        ],
    )
    .await?;
    Ok(id)
}

/// Stores what changed of a partner. The bid's row is held by the caller, so nobody else changes it meanwhile.
pub(crate) async fn save(unit: &Unit, partner: &Partner) -> Result<(), StoreError> {
    let commitment = partner.commitment.as_ref().map(serde_json::to_value).transpose()?;
    unit.execute(
        "UPDATE competition_partner SET part = $2, state_name = $3, state = $4, invited_email = $5, signatory_id = $6, \
         commitment = $7 WHERE id = $1",
        values![
            partner.id,
            partner.part.key(),
            partner.state.name(),
            serde_json::to_value(&partner.state)?,
            partner.invited_email.clone(),
            partner.signatory.map(|person| person.0),
            commitment
        ],
    )
    .await?;
    Ok(())
}

/// A partner with its bid: `/bids/{bid}/partners/{partner}/…`.
#[derive(Clone, Debug)]
pub struct PartnerOfBid {
    pub bid: Bid,
    pub partner: Partner,
}

impl Resource for PartnerOfBid {
    const KIND: &'static str = "partner";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let (Some(bid), Some(partner)) = (loading.id("bid"), loading.id("partner")) else {
            return Ok(None);
        };
        let Some(bid) = bids::by_id(&loading.database, BidId(bid), loading.now).await? else {
            return Ok(None);
        };
        let Some(partner) = by_id(&loading.database, bid.id, partner).await? else {
            return Ok(None);
        };
        let person = loading.subject.person.as_ref().map(|person| person.id);
        let mut target = bid
            .target(&loading.database, person.map(|person| person.0))
            .await?
            .fact("is_own", person.is_some() && person == partner.signatory);
        target.kind = Self::KIND;
        target.id = partner.id;
        Ok(Some((Self { bid, partner }, target)))
    }
}
