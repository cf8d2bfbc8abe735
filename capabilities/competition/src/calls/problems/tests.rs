//! Tests: what blocks a design and what only warns; they use nothing but made-up organisations and people.

use chrono::Duration;

use super::*;
use crate::calls::facts::call_2009;

fn changed(change: impl FnOnce(&mut CallDesign)) -> Vec<DesignProblem> {
    let mut design = call_2009().unwrap().clone();
    change(&mut design);
    design_problems(&design)
}

#[test]
fn the_call_of_2009_can_be_published() {
    assert_eq!(blocking(&changed(|_| ())), []);
}

#[test]
fn what_would_make_a_round_unfair_or_impossible_blocks() {
    type Breaking = fn(&mut CallDesign);
    let cases: &[(Breaking, &str)] = &[
        (|d| d.title = " ".into(), "title is empty"),
        (|d| d.criteria[0].weight += 1, "make 101 per cent"),
        (|d| d.criteria.clear(), "no award criterion"),
        (|d| d.criteria[0].floor = Some(6), "no bid could be funded"),
        (|d| d.criteria[0].max_score = 4, "above its highest, 4"),
        (|d| d.criteria[1].key = d.criteria[0].key.clone(), "a key of its own"),
        (|d| d.award.budget = Money::ZERO, "no budget"),
        (|d| d.award.floor_total = 101, "above 100"),
        (|d| d.award.reviews_per_bid = 0, "reviews each bid gets"),
        (|d| d.award.quorum = 0, "quorum"),
        (|d| d.award.tie_ladder = vec![TieStep::Criterion { key: "charm".into() }], "‘charm’"),
        (|d| d.eligibility.excluded_functions.clear(), "may not provide it"),
        (|d| d.milestones.retain(|m| m.key != MilestoneKey::Bidding), "no deadline for bids"),
        (|d| d.milestones.retain(|m| m.key != MilestoneKey::Pqq), "no PQQ deadline"),
        (|d| d.pqq_tests.clear(), "no test it is judged by"),
        (|d| d.bid_questions.sections.clear(), "No question serves the criterion"),
        (|d| d.bid_questions.sections.clear(), "which there is not. Add the question"),
        (
            |d| {
                let again = d.milestone(MilestoneKey::Panel).unwrap().clone();
                d.milestones.push(again);
            },
            "stands 2 times",
        ),
        (
            |d| {
                let bidding = d.milestones.iter_mut().find(|m| m.key == MilestoneKey::Bidding);
                let bidding = bidding.unwrap();
                bidding.closes = bidding.opens.map(|at| at - Duration::days(90));
            },
            "closes before it opens",
        ),
        (
            |d| {
                let pqq = d.milestones.iter_mut().find(|m| m.key == MilestoneKey::Pqq).unwrap();
                pqq.closes = pqq.closes.map(|at| at + Duration::days(90));
            },
            "ends after “Bids”",
        ),
    ];
    for (breaking, words) in cases {
        let problems = blocking(&changed(breaking));
        assert!(problems.iter().any(|problem| problem.message.contains(words)), "{words}: {problems:?}");
    }
}

#[test]
fn what_may_be_meant_only_warns() {
    type Bending = fn(&mut CallDesign);
    let cases: &[(Bending, &str)] = &[
        (|d| d.award.reviews_per_bid = 2, "Fewer than three"),
        (|d| d.award.standstill.working_days = 0, "no standstill"),
        (|d| d.award.tie_ladder.clear(), "about ties"),
        (|d| d.eligibility.min_partners = 1, "is a partnership"),
        (|d| drop(d.criteria[0].descriptors.pop()), "does not say what"),
        (|d| d.summary.clear(), "no summary"),
    ];
    for (bending, words) in cases {
        let problems = changed(bending);
        assert!(
            problems.iter().any(|p| p.severity == Severity::Warns && p.message.contains(words)),
            "{words}: {problems:?}"
        );
        assert_eq!(blocking(&problems), []);
    }
}

#[test]
fn a_question_no_criterion_uses_is_shown() {
    let problems = changed(|design| {
        for section in &mut design.bid_questions.sections {
            for question in &mut section.questions {
                if question.key == "vision" {
                    question.label = "An orphan".into();
                    question.serves.clear();
                }
            }
        }
    });
    assert!(
        problems
            .iter()
            .any(|p| p.severity == Severity::Warns && p.message.starts_with("‘An orphan’ serves no criterion"))
    );
}
