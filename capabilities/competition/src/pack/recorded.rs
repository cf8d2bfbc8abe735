//! What the audit trail records of scores and rankings, as far as a pack is held against it. It reads entries other files write; a field that is renamed there must be renamed here.

use hiec_kernel::{BidId, Fingerprint};
use serde::{Deserialize, Serialize};

use crate::ranking::exact::Exact;
use crate::ranking::totals::Part;

/// Kinds of entries that are read.
pub const CALL_PUBLISHED: &str = "call.published";
pub const CALL_AMENDED: &str = "call.amended";
pub const REVIEW_MOVED: &str = "review.moved";
pub const SCORE_SETTLED: &str = "score.settled";
pub const RANKING_COMPUTED: &str = "ranking.computed";

/// A design was published or amended, or a ranking computed: of it only the fingerprint is read.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Fingerprinted {
    pub fingerprint: Fingerprint,
}

/// A review came to a state. With its scores, where it was submitted: an entry without them is counted and said.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReviewMoved {
    pub bid: BidId,
    /// [`crate::assessment::states::Review::key`].
    pub to: String,
    #[serde(default)]
    pub edition: Option<u32>,
    /// The key under which the assessor stands in the pack's scores.
    #[serde(default)]
    pub assessor: Option<String>,
    #[serde(default)]
    pub scores: Vec<ScoreRecorded>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ScoreRecorded {
    #[serde(flatten)]
    pub part: Part,
    pub value: Exact,
}

/// A score was settled by moderation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ScoreSettled {
    pub bid: BidId,
    pub settled: SettledRecorded,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SettledRecorded {
    #[serde(flatten)]
    pub part: Part,
    pub value: Exact,
    pub edition: u32,
}
