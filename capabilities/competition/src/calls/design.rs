//! The design of a call as one value: what it asks, by which rules, by when; it knows nothing of what was answered, and its JSON never changes shape lightly, for it is fingerprinted.

use hiec_forms::QuestionSet;
use hiec_kernel::organisations::{Function, Sector, Setting};
use hiec_kernel::{Fingerprint, Money, Timestamp};
pub use hiec_principles::{Citation, LegalForm, LegalStanding, Principle, PrincipleRule};
use serde::{Deserialize, Serialize};

/// Everything a bidder is told before bidding, and everything assessors and panel are held to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallDesign {
    /// Short and stable, for addresses, receipts and file names: `hiec-2009`.
    pub key: String,
    pub programme: String,
    pub title: String,
    pub summary: String,
    pub funder: String,
    pub milestones: Vec<Milestone>,
    pub principles: Vec<Principle>,
    pub criteria: Vec<Criterion>,
    /// Pass or fail, before any bid is read. PQQ questions serve these by key, as bid questions serve criteria.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pqq_tests: Vec<PqqTest>,
    pub pqq_questions: QuestionSet,
    pub bid_questions: QuestionSet,
    pub award: AwardRules,
    pub eligibility: Eligibility,
}

/// A statement with where it comes from. Where sources disagree, each is kept as a fact of its own.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourcedFact<T> {
    pub value: T,
    pub source: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What a milestone is to the program. Each but [`MilestoneKey::Notice`] stands at most once in a call.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MilestoneKey {
    /// Told and nothing more: an event, an advert.
    Notice,
    /// Informal dialogue with a region.
    Dialogue,
    /// Written questions to the office or a region.
    Questions,
    Pqq,
    /// When regions confirm or challenge the shortlist.
    ShortlistChallenge,
    Bidding,
    Assessment,
    /// When regions confirm or challenge the ranking.
    RankingChallenge,
    Panel,
    Announcement,
}

/// A period or a moment. `closes` of PQQ and bidding are deadlines.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Milestone {
    pub key: MilestoneKey,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes: Option<Timestamp>,
    /// What the sources say of it, word for word only as far as dates go.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub published: Vec<SourcedFact<String>>,
    /// What is illustrative about the times, or what to know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What bids are scored on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    pub key: String,
    pub name: String,
    /// What is looked for, in a sentence.
    pub description: String,
    /// Per cent of the total; all criteria together make 100.
    pub weight: u32,
    pub max_score: u32,
    /// A bid whose score here is lower is not fundable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<u32>,
    /// What each score means, one for every score from 0 to the maximum.
    pub descriptors: Vec<Descriptor>,
    pub source: SourcedFact<String>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Descriptor {
    pub score: u32,
    pub meaning: String,
}

/// A pass or fail test of the pre-qualification questionnaire.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PqqTest {
    pub key: String,
    pub name: String,
    /// What passes.
    pub test: String,
    pub source: SourcedFact<String>,
}

/// How scores become awards.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AwardRules {
    pub budget: Money,
    /// What was said about the money, and where.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub budget_sources: Vec<SourcedFact<String>>,
    /// A bid whose weighted total, in per cent, is lower is not fundable.
    pub floor_total: u32,
    pub ranking_aim: RankingAim,
    /// The aim as bidders are told it.
    pub ranking_aim_in_words: String,
    pub reviews_per_bid: u32,
    /// Bids one assessor may be given at most.
    pub max_load: u32,
    pub score_step: ScoreStep,
    pub rounding: Rounding,
    /// How a tie is broken, first step first.
    pub tie_ladder: Vec<TieStep>,
    pub standstill: Standstill,
    /// Panel members who must be present for an item, after recusals.
    pub quorum: u32,
}

/// What the panel seeks among fundable bids.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RankingAim {
    /// The best totals, until the money runs out.
    HighestTotals,
    /// As many regions as the standard allows, then the best totals.
    WidestGeography,
}

/// Which scores may be given.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScoreStep {
    Whole,
    Half,
}

/// How a weighted total is rounded. There is one rule, named so that a published design says it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Rounding {
    #[serde(rename = "half up, two decimals")]
    HalfUpTwoDecimals,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum TieStep {
    /// The higher score on this criterion goes first.
    Criterion { key: String },
    /// The smaller sum asked for goes first.
    SmallerSum,
    /// The panel decides, with a reason on the record.
    Panel,
}

/// The pause between telling bidders and awarding.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standstill {
    pub working_days: u32,
    pub counted: StandstillCount,
    pub source: SourcedFact<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StandstillCount {
    /// The day of the letters is the first day, when it is a working day.
    BeginningWithTheDay,
    /// The first working day after the letters is the first day.
    FromTheDayAfter,
}

/// Who may bid.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Eligibility {
    pub required_settings: Vec<Setting>,
    pub required_sectors: Vec<Sector>,
    /// No member may have one of these functions. Commissioning education is always among them.
    pub excluded_functions: Vec<Function>,
    pub legal_forms: Vec<LegalForm>,
    pub min_partners: u32,
}

impl CallDesign {
    pub fn milestone(&self, key: MilestoneKey) -> Option<&Milestone> {
        self.milestones.iter().find(|milestone| milestone.key == key)
    }

    pub fn criterion(&self, key: &str) -> Option<&Criterion> {
        self.criteria.iter().find(|criterion| criterion.key == key)
    }

    pub fn legal_form(&self, key: &str) -> Option<&LegalForm> {
        self.eligibility.legal_forms.iter().find(|form| form.key == key)
    }

    /// SHA-256 of the canonical JSON: what publishing freezes.
    pub fn fingerprint(&self) -> Result<Fingerprint, serde_json::Error> {
        Fingerprint::of(self)
    }
}

impl MilestoneKey {
    pub const ALL: &'static [Self] = &[
        Self::Notice,
        Self::Dialogue,
        Self::Questions,
        Self::Pqq,
        Self::ShortlistChallenge,
        Self::Bidding,
        Self::Assessment,
        Self::RankingChallenge,
        Self::Panel,
        Self::Announcement,
    ];

    /// Whether its closing time shuts a door on bidders.
    pub fn is_deadline(self) -> bool {
        matches!(self, Self::Dialogue | Self::Questions | Self::Pqq | Self::Bidding)
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Notice => "Notice",
            Self::Dialogue => "Informal dialogue",
            Self::Questions => "Written questions",
            Self::Pqq => "Pre-qualification questionnaire",
            Self::ShortlistChallenge => "Regions on the shortlist",
            Self::Bidding => "Bids",
            Self::Assessment => "Assessment",
            Self::RankingChallenge => "Regions on the ranking",
            Self::Panel => "Award panel",
            Self::Announcement => "Announcement",
        }
    }
}

impl TieStep {
    /// The step as the call states it.
    pub fn in_words(&self, design: &CallDesign) -> String {
        match self {
            Self::Criterion { key } => {
                let name = design.criterion(key).map_or(key.as_str(), |c| c.name.as_str());
                format!("the higher score on “{name}”")
            }
            Self::SmallerSum => "the smaller sum asked for".into(),
            Self::Panel => "the panel decides, with a reason on the record".into(),
        }
    }
}
