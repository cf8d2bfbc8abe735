//! Moderation: assessors talk, and one score is settled with a reason, who spoke and who was out of the room. It never overwrites an original score nor an earlier settled one.

use std::collections::{BTreeMap, BTreeSet};

use hiec_kernel::{PersonId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::assessment::rules::{ScoreRule, check_value};
use crate::assessment::states::Review;
use crate::ranking::exact::Exact;
use crate::ranking::totals::{BidScores, Part, PartKey, Score};
use crate::refusal::{Reason, Refusal};

/// The least number of words that explain a settled score.
pub const REASON_WORDS: usize = 10;

/// Who was there.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Attendance {
    /// Everybody who came, those who then left included.
    pub present: Vec<PersonId>,
    pub spoke: Vec<PersonId>,
    /// Out of the room for this bid, and why.
    pub left: Vec<Leaving>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Leaving {
    pub person: PersonId,
    pub why: String,
}

/// A settled score. Later ones for the same part stand beside it; the last counts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Moderated {
    #[serde(flatten)]
    pub part: Part,
    pub value: Exact,
    pub reason: Reason,
    pub by: PersonId,
    pub at: Timestamp,
    /// Counted from 1 for each part.
    pub edition: u32,
    pub attendance: Attendance,
}

/// What the moderator enters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settlement {
    pub value: Exact,
    pub reason: String,
    pub by: PersonId,
    pub attendance: Attendance,
}

/// What the rule looks at besides.
#[derive(Clone, Debug)]
pub struct ModerationFacts<'a> {
    pub rule: &'a ScoreRule,
    /// Scores settled for this bid so far.
    pub history: &'a [Moderated],
    /// Original scores of the bid that count.
    pub originals: &'a [Score],
    /// Reviews of the bid somebody still works on.
    pub awaited_reviews: usize,
    /// People with a standing conflict with the bid.
    pub conflicted: &'a BTreeSet<PersonId>,
}

/// Settles a score, or says everything that stands in the way.
pub fn moderate(
    settlement: Settlement,
    facts: &ModerationFacts<'_>,
    now: Timestamp,
) -> Result<Moderated, Vec<Refusal>> {
    let mut refusals = Vec::new();
    if facts.awaited_reviews > 0 {
        refusals.push(Refusal::new(
            format!("{} reviews of this bid are not submitted yet", facts.awaited_reviews),
            "Moderate when all are in, so that everybody scored alone.",
        ));
    }
    if !facts.originals.iter().any(|score| score.part == facts.rule.part) {
        refusals.push(Refusal::new(
            format!("Nobody has scored {} yet", facts.rule.name),
            "Moderation settles scores that were given; it does not replace them.",
        ));
    }
    if let Err(message) = check_value(facts.rule, settlement.value) {
        refusals.push(Refusal::new(message, "Enter a score on the published scale."));
    }
    refusals.extend(attendance_refusals(&settlement, facts.conflicted));
    let reason = match Reason::parse_with(&settlement.reason, REASON_WORDS) {
        Ok(reason) if refusals.is_empty() => reason,
        Ok(_) => return Err(refusals),
        Err(refusal) => {
            refusals.push(refusal);
            return Err(refusals);
        }
    };
    let earlier = facts.history.iter().filter(|one| one.part == facts.rule.part).count();
    Ok(Moderated {
        part: facts.rule.part.clone(),
        value: settlement.value,
        reason,
        by: settlement.by,
        at: now,
        edition: u32::try_from(earlier + 1).unwrap_or(u32::MAX),
        attendance: settlement.attendance,
    })
}

fn attendance_refusals(settlement: &Settlement, conflicted: &BTreeSet<PersonId>) -> Vec<Refusal> {
    let Attendance { present, spoke, left } = &settlement.attendance;
    let has_left = |person: &PersonId| left.iter().any(|leaving| leaving.person == *person);
    let mut refusals = Vec::new();
    let mut refuse = |title: &str, next: &str| refusals.push(Refusal::new(title, next));
    if conflicted.contains(&settlement.by) || has_left(&settlement.by) {
        refuse("Somebody with an interest cannot settle a score", "Ask another moderator.");
    }
    if !present.contains(&settlement.by) {
        refuse("The moderator is not among those present", "Add the moderator to those present.");
    }
    if present.iter().any(|person| conflicted.contains(person) && !has_left(person)) {
        refuse(
            "Somebody present has a conflict with this bid",
            "Record that they left the room, and moderate without them.",
        );
    }
    if spoke.iter().any(has_left) {
        refuse("Somebody who left the room is recorded as having spoken", "Correct who spoke or who left.");
    }
    if spoke.iter().any(|person| !present.contains(person)) {
        refuse("Somebody who was not there is recorded as having spoken", "Correct who was present or who spoke.");
    }
    if left.iter().any(|leaving| leaving.why.trim().is_empty()) {
        refuse("It is not said why somebody left the room", "Give the reason beside each name.");
    }
    refusals
}

/// The score that counts for each moderated part: the last one settled.
pub fn settled(history: &[Moderated]) -> BTreeMap<PartKey, Exact> {
    let mut latest: BTreeMap<PartKey, &Moderated> = BTreeMap::new();
    for one in history {
        let key = PartKey::from(&one.part);
        if latest.get(&key).is_none_or(|other| other.edition < one.edition) {
            latest.insert(key, one);
        }
    }
    latest.into_iter().map(|(key, one)| (key, one.value)).collect()
}

/// What totals are computed from: the counting edition of each submitted review, and the settled scores. Where nothing was
/// settled, the mean of the assessors counts (`ranking/totals.rs`).
pub fn bid_scores<'a>(reviews: impl IntoIterator<Item = (String, &'a Review)>, history: &[Moderated]) -> BidScores {
    let given = reviews
        .into_iter()
        .filter_map(|(assessor, review)| review.counts().map(|edition| (assessor, edition)))
        .flat_map(|(assessor, edition)| {
            edition.scores.iter().map(move |score| Score {
                part: score.part.clone(),
                assessor: assessor.clone(),
                value: score.value,
            })
        })
        .collect();
    let mut scores = BidScores { given, moderated: settled(history), asks: None };
    scores.in_order();
    scores
}

#[cfg(test)]
mod tests {
    use hiec_kernel::clock::from_london;
    use uuid::Uuid;

    use super::*;
    use crate::assessment::rules::score_rules;
    use crate::ranking::totals::tests::{criterion, scores};
    use crate::ranking::totals::{TotalRule, total};

    const WHY: &str = "the law paragraph on page nine was overlooked by two of three";

    fn person(number: u128) -> PersonId {
        PersonId(Uuid::from_u128(number))
    }

    fn settlement(value: i64) -> Settlement {
        Settlement {
            value: Exact::whole(value),
            reason: WHY.into(),
            by: person(9),
            attendance: Attendance {
                present: vec![person(9), person(1), person(2)],
                spoke: vec![person(1)],
                left: vec![Leaving { person: person(2), why: "works for a partner".into() }],
            },
        }
    }

    fn now() -> Timestamp {
        from_london("2009-11-09T10:00").unwrap()
    }

    fn attempt(settlement: Settlement, history: &[Moderated], awaited: usize) -> Result<Moderated, Vec<Refusal>> {
        let criteria = [criterion("vision", "1", "5", &[])];
        let rules = score_rules(&criteria, Exact::ONE);
        let originals = scores(&[("vision", "x", "2"), ("vision", "y", "5")]).given;
        let facts = ModerationFacts {
            rule: &rules[0],
            history,
            originals: &originals,
            awaited_reviews: awaited,
            conflicted: &[person(2)].into(),
        };
        moderate(settlement, &facts, now())
    }

    #[test]
    fn a_second_settlement_stands_beside_the_first() {
        let first = attempt(settlement(3), &[], 0).unwrap();
        let second = attempt(settlement(4), std::slice::from_ref(&first), 0).unwrap();
        assert_eq!((first.edition, second.edition), (1, 2));
        // Whatever order they are read in.
        assert_eq!(settled(&[second, first])[&PartKey("vision".into())], Exact::whole(4));
    }

    #[test]
    fn what_stands_in_the_way_is_said_at_once() {
        let alter = |change: fn(&mut Settlement)| {
            let mut changed = settlement(3);
            change(&mut changed);
            attempt(changed, &[], 0).unwrap_err()
        };
        assert_eq!(attempt(settlement(3), &[], 2).unwrap_err()[0].title, "2 reviews of this bid are not submitted yet");
        assert_eq!(alter(|s| s.value = Exact::whole(6)).len(), 1);
        assert_eq!(alter(|s| s.value = Exact::HALF).len(), 1);
        assert_eq!(alter(|s| s.reason = "agreed".into()).len(), 1);
        assert_eq!(alter(|s| s.attendance.left.clear()).len(), 1);
        assert_eq!(alter(|s| s.attendance.spoke.push(person(2))).len(), 1);
        assert_eq!(alter(|s| s.attendance.spoke.push(person(7))).len(), 1);
        assert_eq!(alter(|s| s.attendance.left[0].why = " ".into()).len(), 1);
        assert_eq!(alter(|s| s.by = person(7)).len(), 1);
        assert_eq!(alter(|s| s.by = person(2)).len(), 1);
        assert_eq!(
            alter(|s| {
                s.by = person(2);
                s.reason.clear();
            })
            .len(),
            2
        );
    }

    #[test]
    fn reviews_and_settlements_make_the_total_and_drafts_do_not_count() {
        use crate::assessment::rules::ReadyScore;
        let review = |value: i64| {
            Review::assigned()
                .accept()
                .and_then(Review::write)
                .and_then(|review| {
                    let score = ReadyScore {
                        part: Part::whole("vision"),
                        value: Exact::whole(value),
                        justification: WHY.into(),
                    };
                    review.submit(vec![score], now(), None)
                })
                .unwrap()
        };
        let (one, two) = (review(2), review(5));
        let removed = review(0).remove("a conflict came up").unwrap();
        let reviews = || [("x".to_owned(), &one), ("y".to_owned(), &two), ("z".to_owned(), &removed)];
        let criteria = [criterion("vision", "1", "5", &[])];
        let percent = |history: &[Moderated]| {
            total(TotalRule::WeightedCriteria, &criteria, &bid_scores(reviews(), history)).unwrap().percent.to_string()
        };
        assert_eq!(percent(&[]), "70.00");
        assert_eq!(percent(&[attempt(settlement(4), &[], 0).unwrap()]), "80.00");
    }
}
