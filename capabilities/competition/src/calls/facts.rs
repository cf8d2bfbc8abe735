//! The 2009 round as published: the call's design, bodies, money, regions and winners, each fact with its source; nothing made up is here unless it says so.

use std::sync::OnceLock;

use hiec_kernel::Money;
use serde::Deserialize;

use super::design::{CallDesign, SourcedFact};

/// What is known of the round beside the call itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Round {
    pub regions: Vec<Region>,
    pub bodies: Vec<Body>,
    pub money: Vec<MoneyFact>,
    pub outcome: Vec<CountFact>,
    /// What to know when reading the rest.
    pub notes: Vec<SourcedFact<String>>,
    pub winners: Vec<Winner>,
}

#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Region {
    /// `LON`.
    pub code: String,
    /// `NHS London`.
    pub name: String,
    pub website: String,
}

#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    pub name: String,
    pub part: String,
}

/// A sum as published: sources say "over" and "about", and so do we.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoneyFact {
    pub what: String,
    pub amount: Money,
    /// `as stated`, `over`, `about` or `just under`.
    pub exactness: String,
    pub fact: SourcedFact<String>,
}

#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountFact {
    pub what: String,
    pub number: u32,
    pub fact: SourcedFact<String>,
}

/// A cluster of the announcement, in the announcement's order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Winner {
    pub region_code: String,
    pub region: String,
    pub cluster: String,
    pub principal_partner: String,
    pub work_programme: Vec<String>,
}

/// Why the embedded facts cannot be read: a broken build, not a user's doing.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the embedded facts of 2009 cannot be read: {file}: {cause}")]
pub struct FactsError {
    pub file: &'static str,
    pub cause: String,
}

/// The design of the 2009 call; weights, floors, descriptors, questions and times of day are illustrative and say so.
pub fn call_2009() -> Result<&'static CallDesign, FactsError> {
    static CALL: OnceLock<Result<CallDesign, FactsError>> = OnceLock::new();
    CALL.get_or_init(|| read_json("call-2009.json", include_str!("../../data/call-2009.json")))
        .as_ref()
        .map_err(Clone::clone)
}

/// Bodies, money, regions, winners.
pub fn round_2009() -> Result<&'static Round, FactsError> {
    static ROUND: OnceLock<Result<Round, FactsError>> = OnceLock::new();
    ROUND.get_or_init(read_round).as_ref().map_err(Clone::clone)
}

impl Round {
    pub fn region(&self, code: &str) -> Option<&Region> {
        self.regions.iter().find(|region| region.code == code)
    }

    pub fn winners_in(&self, code: &str) -> impl Iterator<Item = &Winner> {
        self.winners.iter().filter(move |winner| winner.region_code == code)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoundFile {
    bodies: Vec<Body>,
    money: Vec<MoneyFact>,
    outcome: Vec<CountFact>,
    notes: Vec<SourcedFact<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AwardRow {
    region: String,
    cluster: String,
    principal_partner: String,
    work_programme: String,
}

fn read_round() -> Result<Round, FactsError> {
    const AWARDS: &str = "awards.csv";
    let file: RoundFile = read_json("round-2009.json", include_str!("../../data/round-2009.json"))?;
    let regions: Vec<Region> = read_csv("regions.csv", include_str!("../../data/regions.csv"))?;
    let rows: Vec<AwardRow> = read_csv(AWARDS, include_str!("../../data/awards.csv"))?;
    let winners = rows
        .into_iter()
        .map(|row| winner(row, &regions).map_err(|cause| FactsError { file: AWARDS, cause }))
        .collect::<Result<_, _>>()?;
    Ok(Round { regions, bodies: file.bodies, money: file.money, outcome: file.outcome, notes: file.notes, winners })
}

fn winner(row: AwardRow, regions: &[Region]) -> Result<Winner, String> {
    let region = regions
        .iter()
        .find(|region| region.name == row.region)
        .ok_or_else(|| format!("no region is called {}", row.region))?;
    Ok(Winner {
        region_code: region.code.clone(),
        region: row.region,
        cluster: row.cluster,
        principal_partner: row.principal_partner,
        work_programme: row.work_programme.split(';').map(|theme| theme.trim().to_owned()).collect(),
    })
}

fn read_json<T: for<'a> Deserialize<'a>>(file: &'static str, text: &str) -> Result<T, FactsError> {
    serde_json::from_str(text).map_err(|error| FactsError { file, cause: error.to_string() })
}

fn read_csv<T: for<'a> Deserialize<'a>>(file: &'static str, text: &str) -> Result<Vec<T>, FactsError> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|error| FactsError { file, cause: error.to_string() })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use hiec_kernel::clock::iso;

    use super::*;
    use crate::calls::design::{LegalStanding, MilestoneKey};
    use crate::calls::problems::{Severity, design_problems};

    #[test]
    fn seventeen_winners_in_nine_of_ten_regions() {
        let round = round_2009().unwrap();
        let counts: Vec<(&str, usize)> =
            round.regions.iter().map(|region| (region.code.as_str(), round.winners_in(&region.code).count())).collect();
        // As the press release lists them.
        assert_eq!(
            counts,
            [
                ("EM", 1),
                ("EoE", 2),
                ("LON", 3),
                ("NE", 1),
                ("NW", 3),
                ("SC", 2),
                ("SEC", 0),
                ("SW", 1),
                ("WM", 3),
                ("YH", 1)
            ]
        );
        for count in &round.outcome {
            let known = match count.what.as_str() {
                "Clusters" => round.winners.len(),
                "Regions" => round.regions.len(),
                "Regions with a cluster" => counts.iter().filter(|(_, number)| *number > 0).count(),
                other => panic!("{other} is not checked"),
            };
            assert_eq!(usize::try_from(count.number), Ok(known), "{}", count.what);
        }
        let comma = "North East London, North Central London and Essex HIEC";
        let cluster = round.winners.iter().find(|w| w.cluster == comma).unwrap();
        assert_eq!(cluster.principal_partner, "Queen Mary University of London");
        assert_eq!(cluster.work_programme, ["prevention", "acute care", "chronic conditions"]);
    }

    #[test]
    fn sources_that_disagree_are_both_kept() {
        let call = call_2009().unwrap();
        let bidding = call.milestone(MilestoneKey::Bidding).unwrap();
        assert_eq!(bidding.closes.map(iso).as_deref(), Some("2009-10-19T16:00:00.000Z"));
        let said: Vec<&str> = bidding.published.iter().map(|fact| fact.value.as_str()).collect();
        assert!(said.contains(&"19 October 2009") && said.iter().any(|s| s.contains("end of October")));
        assert!(bidding.note.as_deref().unwrap().contains("illustrative"));
        assert_eq!(call.award.budget, Money::pounds(10_000_000));
        assert!(call.award.budget_sources.iter().any(|fact| fact.value.contains("£11 million")));
        let awarded = round_2009().unwrap().money.iter().find(|m| m.exactness == "over").unwrap();
        assert_eq!(awarded.amount, Money::pounds(11_000_000));
    }

    #[test]
    fn the_call_has_everything_a_round_needs() {
        let call = call_2009().unwrap();
        let keys: Vec<&str> = call.principles.iter().map(|p| p.key.as_str()).collect();
        assert_eq!(keys, ["settings", "sectors", "professions", "impact", "quality", "split", "accountability"]);
        assert_eq!(call.criteria.len(), 4);
        for criterion in &call.criteria {
            assert_eq!(criterion.descriptors.len(), 6, "{}", criterion.key);
            assert!(criterion.source.note.as_deref().unwrap().contains("illustrative"));
            let meanings: BTreeSet<&str> = criterion.descriptors.iter().map(|d| d.meaning.as_str()).collect();
            assert_eq!(meanings.len(), 6, "each score means something else");
        }
        assert!(call.pqq_questions.questions().count() >= 12);
        assert!(call.bid_questions.questions().count() >= 20);
        let kinds: BTreeSet<&str> = call.bid_questions.questions().map(|(_, q)| q.kind.in_words()).collect();
        assert_eq!(kinds.len(), 8, "every kind of question is used: {kinds:?}");
        assert!(call.bid_questions.questions().any(|(_, q)| q.show_when.is_some()));
        assert!(call.eligibility.legal_forms.iter().any(|f| f.standing == LegalStanding::NotCorporate));
    }

    #[test]
    fn only_questions_that_identify_or_cost_serve_no_criterion() {
        let warnings: Vec<String> = design_problems(call_2009().unwrap())
            .into_iter()
            .filter(|problem| problem.severity == Severity::Warns)
            .map(|problem| problem.message)
            .collect();
        assert_eq!(warnings.len(), 5, "{warnings:#?}");
        assert!(warnings.iter().all(|message| message.contains("serves no")), "{warnings:#?}");
    }

    #[test]
    fn the_fingerprint_survives_a_round_trip() {
        let call = call_2009().unwrap();
        let json = serde_json::to_string(call).unwrap();
        let again: CallDesign = serde_json::from_str(&json).unwrap();
        assert_eq!(call, &again);
        assert_eq!(call.fingerprint().unwrap(), again.fingerprint().unwrap());
    }
}
