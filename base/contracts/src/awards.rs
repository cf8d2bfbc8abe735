//! What a competition says of its awards, for whoever founds clusters from them.

use std::sync::Arc;

use async_trait::async_trait;
use hiec_kernel::{BidId, CallId, Money, OrganisationId};
use hiec_principles::Rules;
use hiec_store::Database;
use hiec_store::database::StoreError;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The kind of the job that tells of an award; its payload is [`AwardMade`].
pub const AWARD_MADE: &str = "award.made";

/// An award was made. The rest is asked of [`Awards`], so that what is founded rests on what stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AwardMade {
    pub bid: BidId,
}

/// An award as announced.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Award {
    pub bid: BidId,
    pub call: CallId,
    pub call_title: String,
    pub programme: Uuid,
    /// What the bidders call themselves.
    pub name: String,
    pub lead: OrganisationId,
    /// The region that contracts with the cluster.
    pub region: Option<Uuid>,
    pub amount: Money,
    /// What the cluster set out to work on, as announced: one theme each.
    pub work_programme: Vec<String>,
    /// The organisations that signed for the bid, the lead among them.
    pub partners: Vec<OrganisationId>,
    /// What the call holds the partnership to.
    pub rules: Rules,
    /// What the bid says where a principle asks for it, in the order of the bid.
    pub statements: Vec<Statement>,
    /// A key of the legal forms in `rules`, where the bid chose one.
    pub legal_form: Option<String>,
    /// Whether the region wants legally binding contracts with the cluster.
    pub wants_binding_contracts: bool,
}

/// What a partnership says of itself, as the principles ask for it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Statement {
    /// The key by which the rules ask for it.
    pub key: String,
    /// The question, as it was put.
    pub label: String,
    pub text: String,
}

/// What can be asked about awards.
#[async_trait]
pub trait Awards: Send + Sync {
    /// The award made on a bid; nothing while none stands.
    async fn of_bid(&self, database: &Database, bid: BidId) -> Result<Option<Award>, StoreError>;

    /// All awards that stand, by region and name.
    async fn all(&self, database: &Database) -> Result<Vec<Award>, StoreError>;
}

/// The port, as the program's services hold it.
#[derive(Clone)]
pub struct AwardsPort(pub Arc<dyn Awards>);
