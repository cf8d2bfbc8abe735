//! The plain facts of one round that the public may know; whoever fills them in answers for their being public.

use chrono::NaiveDate;
use hiec_kernel::{Money, Timestamp};

use super::identifiers::{PublicIdentifier, WebAddress};

/// One round. Times lie between the years 1990 and 2100.
///
/// Where something was made up for a demonstration, `illustrative` says what, in a sentence; every file repeats it.
#[derive(Clone, PartialEq, Debug)]
pub struct PublicRound {
    pub publisher: Publisher,
    /// `HIEC`, `Health Innovation and Education Clusters`.
    pub programme_code: String,
    pub programme: String,
    pub call: PublicCall,
    pub funder: PublicOrganisation,
    pub milestones: Vec<PublicMilestone>,
    pub criteria: Vec<PublicCriterion>,
    pub principles: Vec<PublicPrinciple>,
    pub budget: Vec<BudgetFact>,
    /// Every region of the round, those without an award too.
    pub regions: Vec<PublicRegion>,
    pub shortlist: Option<Shortlist>,
    /// Announced awards only.
    pub awards: Vec<PublicAward>,
    pub statistics: Statistics,
    /// In order of number.
    pub amendments: Vec<PublicAmendment>,
    /// Those answered to everybody, in order of number; the asker is not among the facts.
    pub questions: Vec<PublicQuestion>,
    /// When any of this last changed.
    pub modified: Timestamp,
}

/// Who publishes, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Publisher {
    pub name: String,
    /// The installation's public address.
    pub address: WebAddress,
    /// The publisher's 360Giving prefix. `360G-hiec` is not registered: an installation that publishes in earnest asks 360Giving
    /// for its own.
    pub three_sixty_prefix: String,
    /// The publisher's OCDS prefix. `ocds-hiec00` is not registered: an installation that publishes in earnest asks the Open
    /// Contracting Partnership for its own.
    pub ocds_prefix: String,
}

impl Publisher {
    pub const THREE_SIXTY_PREFIX: &'static str = "360G-hiec";
    pub const OCDS_PREFIX: &'static str = "ocds-hiec00";

    /// A publisher with the two unregistered prefixes.
    pub fn unregistered(name: impl Into<String>, address: WebAddress) -> Self {
        Self {
            name: name.into(),
            address,
            three_sixty_prefix: Self::THREE_SIXTY_PREFIX.to_owned(),
            ocds_prefix: Self::OCDS_PREFIX.to_owned(),
        }
    }
}

/// The call as it was first published; what changed later stands in the amendments.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PublicCall {
    /// Stable and the installation's only one: `HIEC-2009`.
    pub reference: String,
    pub title: String,
    pub description: String,
    /// The prospectus: the plan to fund, and the start of the dialogue.
    pub prospectus: Timestamp,
    /// The advert: bids are invited. At or after the prospectus.
    pub advert: Timestamp,
    pub dialogue_closes: Option<Timestamp>,
    pub bids_due: Timestamp,
    /// The budget as the prospectus gave it.
    pub budget: Option<Money>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PublicOrganisation {
    pub identifier: PublicIdentifier,
    pub name: String,
    pub postcode: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PublicMilestone {
    /// The round's only one of this code.
    pub code: String,
    pub title: String,
    /// As announced; nothing where the source gives no day.
    pub due: Option<Timestamp>,
    /// The source's own words: `2009-12 (early)`.
    pub said: Option<String>,
    pub met: Option<Timestamp>,
    pub source: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PublicCriterion {
    pub code: String,
    pub title: String,
    /// As published with the call; any scale.
    pub weight: Option<u32>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PublicPrinciple {
    pub code: String,
    pub title: String,
    pub test: String,
}

/// What a source says of the money. Sources that disagree stand side by side.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BudgetFact {
    pub what: String,
    /// Nothing where the source gives no exact amount.
    pub amount: Option<Money>,
    pub said: String,
    pub source: String,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PublicRegion {
    pub code: String,
    pub name: String,
    pub geo_code: Option<GeoCode>,
    /// Why no bid of the region was funded, as published; for regions without an award.
    pub no_award_reason: Option<String>,
    pub illustrative: Option<String>,
}

/// A code of the Office for National Statistics, with the kind of area it stands for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GeoCode {
    pub code: String,
    pub kind: String,
}

/// Who was invited to bid.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shortlist {
    pub published: Timestamp,
    /// Lead organisations, where their names are public; else empty, and the statistics give the number.
    pub leads: Vec<PublicOrganisation>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PublicAward {
    /// The round's only one of this reference: `NECLES`.
    pub reference: String,
    pub title: String,
    /// A [`PublicRegion::code`].
    pub region: String,
    pub principal_partner: PublicOrganisation,
    pub work_programme: Vec<String>,
    pub amount: Money,
    pub applied_for: Option<Money>,
    pub announced: Timestamp,
    pub starts: Option<NaiveDate>,
    pub ends: Option<NaiveDate>,
    /// One per criterion, where the funder publishes funded bids' scores.
    pub scores: Vec<CriterionScore>,
    pub total: Option<Score>,
    /// What of this was made up: `The amount and the dates are illustrative.`
    pub illustrative: Option<String>,
}

/// A score in hundredths of a point.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Score(pub i64);

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CriterionScore {
    /// A [`PublicCriterion::code`].
    pub criterion: String,
    pub bids: u32,
    /// Of one bid, the score itself.
    pub mean: Score,
    pub median: Score,
}

/// Counts of a round; a number the funder does not publish is absent, never nought.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Statistics {
    pub questionnaires: Option<u32>,
    pub shortlisted: Option<u32>,
    pub bids: Option<u32>,
    /// Of every bid that was ranked, funded or not.
    pub score_distribution: Vec<ScoreBand>,
    pub lowest_funded: Option<Score>,
    /// Over all bids.
    pub criteria: Vec<CriterionScore>,
    pub illustrative: Option<String>,
}

/// How many bids scored from `from` up to, but below, `to`; the last band includes its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ScoreBand {
    pub from: Score,
    pub to: Score,
    pub bids: u32,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PublicAmendment {
    /// From 1.
    pub number: u32,
    pub published: Timestamp,
    pub reason: String,
    /// What changed: name, before, after.
    pub changes: Vec<(String, String, String)>,
    /// The new deadline, where it changed.
    pub bids_due: Option<Timestamp>,
    pub illustrative: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PublicQuestion {
    /// From 1.
    pub number: u32,
    pub question: String,
    pub answer: String,
    pub answered: Timestamp,
    pub illustrative: Option<String>,
}

impl PublicRound {
    pub fn region(&self, code: &str) -> Option<&PublicRegion> {
        self.regions.iter().find(|region| region.code == code)
    }

    pub fn awards_in(&self, region: &str) -> usize {
        self.awards.iter().filter(|award| award.region == region).count()
    }

    /// To the penny; nothing when it is more than any budget.
    pub fn awarded(&self) -> Option<Money> {
        self.awards.iter().try_fold(Money::ZERO, |sum, award| sum.checked_add(award.amount))
    }
}

/// The text with what was made up said at its end.
pub(super) fn with_note(text: &str, illustrative: Option<&str>) -> String {
    match illustrative {
        Some(note) if text.is_empty() => format!("Illustrative: {note}"),
        Some(note) => format!("{text} (Illustrative: {note})"),
        None => text.to_owned(),
    }
}
