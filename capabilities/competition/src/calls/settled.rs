//! What of a call no longer changes because bidders wrote to it: the questionnaire once it closed, the rules of the bids once they closed; dates to come, guidance, sources and texts stay free.

use hiec_forms::QuestionSet;
use hiec_kernel::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::design::{AwardRules, CallDesign, MilestoneKey};
use super::stages::{Deadline, closing};

/// A part of the call that stands as it was when bidders wrote to it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SettledPart {
    PqqTests,
    PqqQuestions,
    Principles,
    Criteria,
    BidQuestions,
    AwardRules,
    Eligibility,
}

impl SettledPart {
    const ALL: [Self; 7] = [
        Self::PqqTests,
        Self::PqqQuestions,
        Self::Principles,
        Self::Criteria,
        Self::BidQuestions,
        Self::AwardRules,
        Self::Eligibility,
    ];

    /// As it stands in a sentence.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::PqqTests => "the tests of the questionnaire",
            Self::PqqQuestions => "the questions of the questionnaire",
            Self::Principles => "the principles",
            Self::Criteria => "the criteria, their weights and what each score means",
            Self::BidQuestions => "the questions of the bid",
            Self::AwardRules => "the award rules",
            Self::Eligibility => "who may bid",
        }
    }

    /// What bidders wrote to it by.
    pub fn milestone(self) -> MilestoneKey {
        match self {
            Self::PqqTests | Self::PqqQuestions => MilestoneKey::Pqq,
            _ => MilestoneKey::Bidding,
        }
    }

    /// Nothing where the part does not settle: a round without a questionnaire has no such deadline.
    pub fn settles(self, design: &CallDesign) -> Option<Deadline> {
        closing(design, self.milestone())
    }

    /// The part as bidders were held to it, without what only explains it.
    fn binding(self, design: &CallDesign) -> Value {
        match self {
            Self::PqqTests => without(&design.pqq_tests, &["source"]),
            Self::PqqQuestions => questions(&design.pqq_questions),
            Self::Principles => without(&design.principles, &["citation"]),
            Self::Criteria => without(&design.criteria, &["source"]),
            Self::BidQuestions => questions(&design.bid_questions),
            Self::AwardRules => rules(&design.award),
            Self::Eligibility => without(&design.eligibility, &[]),
        }
    }
}

/// The parts that are settled at `now` and would be changed. Empty means that nothing stands in the way.
pub fn changed_parts(old: &CallDesign, new: &CallDesign, now: Timestamp) -> Vec<SettledPart> {
    SettledPart::ALL
        .into_iter()
        .filter(|part| part.settles(old).is_some_and(|deadline| !deadline.admits(now)))
        .filter(|part| part.binding(old) != part.binding(new))
        .collect()
}

/// Guidance helps those who write and binds nobody.
fn questions(set: &QuestionSet) -> Value {
    without(set, &["guidance"])
}

/// How many bids one assessor is given concerns no bidder: when assessors fall out, the rest may have to read more.
fn rules(award: &AwardRules) -> Value {
    without(award, &["budget_sources", "source", "max_load"])
}

/// The value as JSON, with these fields left out wherever they stand.
fn without<T: Serialize>(value: &T, fields: &[&str]) -> Value {
    fn cut(value: &mut Value, fields: &[&str]) {
        match value {
            Value::Object(entries) => {
                entries.retain(|key, _| !fields.contains(&key.as_str()));
                entries.values_mut().for_each(|inner| cut(inner, fields));
            }
            Value::Array(entries) => entries.iter_mut().for_each(|inner| cut(inner, fields)),
            _ => {}
        }
    }
    let mut value = serde_json::to_value(value).unwrap_or_default();
    cut(&mut value, fields);
    value
}

#[cfg(test)]
mod tests {
    use hiec_kernel::Money;
    use hiec_kernel::clock::from_london;

    use super::*;
    use crate::calls::facts::call_2009;

    fn changed(when: &str, change: impl Fn(&mut CallDesign)) -> Vec<SettledPart> {
        let old = call_2009().unwrap();
        let mut new = old.clone();
        change(&mut new);
        changed_parts(old, &new, from_london(when).unwrap())
    }

    fn first_question(set: &mut QuestionSet) -> &mut hiec_forms::Question {
        set.sections.first_mut().and_then(|section| section.questions.first_mut()).unwrap()
    }

    const BEFORE: &str = "2009-10-19 16:59:59";
    const AFTER: &str = "2009-10-19 17:00";

    #[test]
    fn each_part_is_free_until_its_deadline_and_settled_from_then_on() {
        type Change = fn(&mut CallDesign);
        let changes: [(SettledPart, Change); 12] = [
            (SettledPart::Criteria, |d| d.criteria[0].weight += 1),
            (SettledPart::Criteria, |d| d.criteria.swap(0, 1)),
            (SettledPart::Criteria, |d| d.criteria[0].floor = Some(1)),
            (SettledPart::Criteria, |d| d.criteria[0].descriptors[0].meaning.push('!')),
            (SettledPart::Criteria, |d| d.criteria[0].description.push('!')),
            (SettledPart::BidQuestions, |d| first_question(&mut d.bid_questions).label.push('!')),
            (SettledPart::BidQuestions, |d| first_question(&mut d.bid_questions).required ^= true),
            (SettledPart::AwardRules, |d| d.award.budget = d.award.budget + Money(1)),
            (SettledPart::AwardRules, |d| d.award.tie_ladder.clear()),
            (SettledPart::AwardRules, |d| d.award.standstill.working_days += 1),
            (SettledPart::Principles, |d| d.principles[0].test.push('!')),
            (SettledPart::Eligibility, |d| d.eligibility.min_partners += 1),
        ];
        for (place, (part, change)) in changes.into_iter().enumerate() {
            assert_eq!(changed(BEFORE, change), [], "{place}");
            assert_eq!(changed(AFTER, change), [part], "{place}");
        }
    }

    #[test]
    fn the_questionnaire_settles_before_the_bids() {
        let test = |d: &mut CallDesign| d.pqq_tests[0].test.push('!');
        let question = |d: &mut CallDesign| first_question(&mut d.pqq_questions).label.push('!');
        assert_eq!(changed("2009-09-04 16:59", test), []);
        assert_eq!(changed("2009-09-04 17:00", test), [SettledPart::PqqTests]);
        assert_eq!(changed("2009-09-04 17:00", question), [SettledPart::PqqQuestions]);
        assert_eq!(changed("2009-09-04 17:00", |d| d.criteria[0].weight += 1), [], "bids are still being written");
        let without_pqq = |d: &mut CallDesign| d.milestones.retain(|one| one.key != MilestoneKey::Pqq);
        let mut old = call_2009().unwrap().clone();
        without_pqq(&mut old);
        assert_eq!(SettledPart::PqqTests.settles(&old).map(|deadline| deadline.0), None);
    }

    #[test]
    fn what_only_explains_stays_free() {
        let free: [fn(&mut CallDesign); 8] = [
            |d| d.summary.push_str(" More."),
            |d| d.funder.push_str(" and others"),
            |d| first_question(&mut d.bid_questions).guidance.push_str(" Help."),
            |d| d.bid_questions.sections[0].guidance.push_str(" Help."),
            |d| d.criteria[0].source.source.push_str(", corrected"),
            |d| d.award.budget_sources.clear(),
            |d| d.award.max_load += 1,
            |d| {
                let day = chrono::Duration::days(3);
                let panel = d.milestones.iter_mut().find(|one| one.key == MilestoneKey::Panel).unwrap();
                panel.opens = panel.opens.map(|at| at + day);
                panel.closes = panel.closes.map(|at| at + day);
            },
        ];
        for (place, change) in free.into_iter().enumerate() {
            assert_eq!(changed("2009-10-20 09:00", change), [], "{place}");
        }
    }
}
