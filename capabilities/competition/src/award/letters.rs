//! Outcome letters: what a bidder is told of its scores, the reasons, and what a better bid had. It never sends a letter another bidder's secrets are found in.

use hiec_kernel::Money;
use serde::{Deserialize, Serialize};

use super::secrets::{BidSecrets, SecretFound, secrets_found};
use super::standstill::{Standstill, StandstillRule};
use crate::panel::decisions::Verdict;
use crate::ranking::exact::Exact;
use crate::ranking::rules::FloorBreach;

/// What the letter says of one criterion (Procurement Regulations 2024, regulation 31: title, relative importance, scale,
/// score, explanation by reference to the bid).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CriterionOutcome {
    pub name: String,
    pub weight: Exact,
    pub max: Exact,
    pub score: Option<Exact>,
    /// The descriptor published for a score of this height.
    pub descriptor: String,
    /// The settled reason, or the assessors' justifications without their names.
    pub explanation: Vec<String>,
    /// What a better bid had here, in the office's general words.
    pub better: Option<String>,
    /// The lowest and highest score among funded bids, which are published for all.
    pub funded_scores: Option<(Exact, Exact)>,
}

/// What a letter is written from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OutcomeFacts {
    pub call: String,
    pub bid_title: String,
    pub partnership: String,
    pub verdict: Verdict,
    pub amount: Money,
    pub criteria: Vec<CriterionOutcome>,
    /// `67.69`.
    pub total: Option<String>,
    pub lowest_funded_total: Option<String>,
    pub rank: Option<u32>,
    pub ranked_bids: usize,
    pub below_floor: Vec<FloorBreach>,
    /// Explanations of the tie breaks the bid took part in.
    pub ties: Vec<String>,
    /// The panel's reason.
    pub reason: String,
    pub ranking_rules: Vec<String>,
    pub standstill: Standstill,
    pub standstill_rule: StandstillRule,
    pub complaints_address: String,
    /// Which letter this one takes the place of, and why, where an outcome was set aside.
    pub replaces: Option<String>,
}

/// A letter as data: the reports crate sets it, the mail carries its plain text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Letter {
    pub subject: String,
    pub opening: Vec<String>,
    pub scores: Vec<ScoreLine>,
    pub sections: Vec<Section>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ScoreLine {
    pub criterion: String,
    pub weight: String,
    /// `3.5 of 5`.
    pub score: String,
    pub means: String,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Section {
    pub heading: String,
    pub paragraphs: Vec<String>,
}

/// Writes the letter, unless something of another bidder stands in it; then says what and of whom.
pub fn write_letter(
    facts: &OutcomeFacts,
    others: &[BidSecrets],
    allowed: &[String],
) -> Result<Letter, Vec<SecretFound>> {
    let letter = compose(facts);
    let mut known = allowed.to_vec();
    known.extend([facts.call.clone(), facts.bid_title.clone(), facts.partnership.clone()]);
    let found = secrets_found(&letter.plain(), others, &known);
    if found.is_empty() { Ok(letter) } else { Err(found) }
}

fn compose(facts: &OutcomeFacts) -> Letter {
    Letter {
        subject: format!("{}: the outcome for {}", facts.call, facts.bid_title),
        opening: opening(facts),
        scores: facts.criteria.iter().map(score_line).collect(),
        sections: [
            Some(standing(facts)),
            Some(reasons(facts)),
            better(facts),
            Some(Section { heading: "How bids were ranked".into(), paragraphs: facts.ranking_rules.clone() }),
            Some(what_next(facts)),
        ]
        .into_iter()
        .flatten()
        .filter(|section| !section.paragraphs.is_empty())
        .collect(),
    }
}

fn opening(facts: &OutcomeFacts) -> Vec<String> {
    let told = match facts.verdict {
        Verdict::Fund => format!(
            "We intend to fund your bid “{}” with {}. This is not yet an award: a standstill comes first.",
            facts.bid_title, facts.amount
        ),
        Verdict::Reserve => {
            format!("Your bid “{}” is on the reserve list. It is funded if money becomes free.", facts.bid_title)
        }
        Verdict::Not => format!("We do not intend to fund your bid “{}”.", facts.bid_title),
    };
    let mut opening = vec![format!("To {}", facts.partnership)];
    opening.extend(facts.replaces.clone());
    opening.extend([told, format!("The panel’s reason: {}", facts.reason)]);
    opening
}

fn score_line(criterion: &CriterionOutcome) -> ScoreLine {
    ScoreLine {
        criterion: criterion.name.clone(),
        weight: criterion.weight.to_string(),
        score: match criterion.score {
            Some(score) => format!("{} of {}", shown(score), criterion.max),
            None => "not scored".into(),
        },
        means: criterion.descriptor.clone(),
    }
}

fn standing(facts: &OutcomeFacts) -> Section {
    let mut paragraphs = Vec::new();
    if let Some(total) = &facts.total {
        paragraphs.push(match facts.rank {
            Some(rank) => format!("The weighted total is {total}%: rank {rank} of {} ranked bids.", facts.ranked_bids),
            None => format!("The weighted total is {total}%. The bid is not ranked."),
        });
    }
    for breach in &facts.below_floor {
        paragraphs.push(format!("It is below a floor published in the call: {}.", breach.explanation()));
    }
    for tie in &facts.ties {
        paragraphs.push(format!("How a tie was broken: {tie}."));
    }
    if let (Some(lowest), true) = (&facts.lowest_funded_total, facts.verdict != Verdict::Fund) {
        paragraphs.push(format!("The lowest total of a funded bid is {lowest}%."));
    }
    Section { heading: "Total and rank".into(), paragraphs }
}

fn reasons(facts: &OutcomeFacts) -> Section {
    Section {
        heading: "Why these scores".into(),
        paragraphs: facts
            .criteria
            .iter()
            .flat_map(|criterion| criterion.explanation.iter().map(|why| format!("{}: {why}", criterion.name)))
            .collect(),
    }
}

fn better(facts: &OutcomeFacts) -> Option<Section> {
    if facts.verdict == Verdict::Fund {
        return None;
    }
    let paragraphs = facts
        .criteria
        .iter()
        .filter_map(|criterion| {
            let scores = criterion.funded_scores.map(|(lowest, highest)| {
                if lowest == highest {
                    format!("funded bids scored {}", shown(lowest))
                } else {
                    format!("funded bids scored between {} and {}", shown(lowest), shown(highest))
                }
            });
            let parts: Vec<String> = scores.into_iter().chain(criterion.better.clone()).collect();
            (!parts.is_empty()).then(|| format!("{}: {}", criterion.name, parts.join(". ")))
        })
        .collect();
    Some(Section { heading: "What a better bid had".into(), paragraphs })
}

fn what_next(facts: &OutcomeFacts) -> Section {
    Section {
        heading: "What happens next".into(),
        paragraphs: vec![
            facts.standstill_rule.statement(),
            facts.standstill.explanation(),
            format!(
                "To complain, write to {} before then: a complaint received in the standstill holds up every award of this call until it is answered.",
                facts.complaints_address
            ),
        ],
    }
}

/// A score as read in a letter: exact where it ends, else to two decimals.
fn shown(score: Exact) -> String {
    let exact = score.to_string();
    if exact.contains('/') { score.half_up(2).map_or(exact, |rounded| rounded.to_string()) } else { exact }
}

impl Letter {
    /// The letter as plain text, for mail and for the secrets check.
    pub fn plain(&self) -> String {
        let mut lines = vec![self.subject.clone(), String::new()];
        for paragraph in &self.opening {
            lines.extend([paragraph.clone(), String::new()]);
        }
        lines.push("Scores".into());
        for line in &self.scores {
            let means = if line.means.is_empty() { String::new() } else { format!(": {}", line.means) };
            lines.push(format!("- {} (weight {}): {}{means}", line.criterion, line.weight, line.score));
        }
        for section in &self.sections {
            lines.extend([String::new(), section.heading.clone()]);
            lines.extend(section.paragraphs.iter().cloned());
        }
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use hiec_kernel::BidId;
    use hiec_kernel::calendar::WorkingCalendar;
    use hiec_kernel::clock::from_london;
    use uuid::Uuid;

    use super::*;
    use crate::award::secrets::SecretKind;

    fn facts(verdict: Verdict) -> OutcomeFacts {
        let rule = StandstillRule::default();
        OutcomeFacts {
            call: "2009 national competition".into(),
            bid_title: "Moving on up".into(),
            partnership: "Example Vale HIEC".into(),
            verdict,
            amount: Money(50_000_000),
            criteria: vec![CriterionOutcome {
                name: "Vision".into(),
                weight: Exact::whole(2),
                max: Exact::whole(5),
                score: Some("10/3".parse().unwrap()),
                descriptor: "Good, with gaps".into(),
                explanation: vec!["The plan names sites but no dates.".into()],
                better: Some("They gave a date for every step.".into()),
                funded_scores: Some((Exact::whole(4), Exact::whole(5))),
            }],
            total: Some("66.67".into()),
            lowest_funded_total: Some("70.00".into()),
            rank: Some(19),
            ranked_bids: 30,
            below_floor: Vec::new(),
            ties: vec!["tied at 66.67; higher score for Vision: 4 against 3".into()],
            reason: "Other bids were stronger".into(),
            ranking_rules: vec!["Bids are ranked by their published totals.".into()],
            standstill: Standstill::begin(rule, from_london("2026-02-02T09:00").unwrap(), &WorkingCalendar::default())
                .unwrap(),
            standstill_rule: rule,
            complaints_address: "complaints@example.org".into(),
            replaces: None,
        }
    }

    fn rival() -> BidSecrets {
        BidSecrets {
            bid: BidId(Uuid::from_u128(2)),
            title: "Breathing Easy in the Fens".into(),
            partnership: "Fenland HIEC".into(),
            partners: vec!["Fenland University".into()],
            people: Vec::new(),
            asks: None,
            answers: Vec::new(),
        }
    }

    #[test]
    fn an_unsuccessful_bidder_learns_scores_reasons_and_what_was_better() {
        let text = write_letter(&facts(Verdict::Not), &[rival()], &[]).unwrap().plain();
        for expected in [
            "We do not intend to fund your bid “Moving on up”.",
            "- Vision (weight 2): 3.33 of 5: Good, with gaps",
            "The weighted total is 66.67%: rank 19 of 30 ranked bids.",
            "The lowest total of a funded bid is 70.00%.",
            "How a tie was broken: tied at 66.67; higher score for Vision: 4 against 3.",
            "Vision: The plan names sites but no dates.",
            "Vision: funded bids scored between 4 and 5. They gave a date for every step.",
            "The standstill ends at midnight at the end of 11 February 2026.",
            "complaints@example.org",
        ] {
            assert!(text.contains(expected), "{expected}\n--\n{text}");
        }
    }

    #[test]
    fn a_second_letter_says_what_it_takes_the_place_of() {
        let mut facts = facts(Verdict::Not);
        facts.replaces = Some("This letter takes the place of the one of 2 February 2026.".into());
        let letter = write_letter(&facts, &[rival()], &[]).unwrap();
        assert!(letter.opening[1].starts_with("This letter takes the place of"));
        // Nor may that reason name a rival.
        facts.replaces = Some("Fenland University complained.".into());
        assert!(write_letter(&facts, &[rival()], &[]).is_err());
    }

    #[test]
    fn a_funded_bidder_is_told_it_is_not_an_award_yet() {
        let text = write_letter(&facts(Verdict::Fund), &[], &[]).unwrap().plain();
        assert!(text.contains("We intend to fund your bid “Moving on up” with £500,000. This is not yet an award"));
        assert!(!text.contains("What a better bid had"));
    }

    #[test]
    fn a_letter_with_a_rivals_secret_is_not_written() {
        let mut facts = facts(Verdict::Not);
        facts.criteria[0].better = Some("Fenland University had promised dates.".into());
        let found = write_letter(&facts, &[rival()], &[]).unwrap_err();
        assert_eq!((found.len(), found[0].kind), (1, SecretKind::Partner));
        // The same university is in the reader's own partnership: no secret.
        assert!(write_letter(&facts, &[rival()], &["Fenland University".into()]).is_ok());
    }

    #[test]
    fn a_bid_below_a_floor_is_told_which() {
        let mut facts = facts(Verdict::Not);
        facts.rank = None;
        facts.below_floor = vec![FloorBreach { what: "Split".into(), reached: "2".into(), floor: "3".into() }];
        let text = write_letter(&facts, &[], &[]).unwrap().plain();
        assert!(text.contains("below a floor published in the call: 2 for Split, where at least 3 is needed."));
    }
}
