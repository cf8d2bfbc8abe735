//! From the published design of a call to what totals and ranking compute with. It adds no rule of its own.

use super::exact::Exact;
use super::rules::{Floor, RankingRule};
use super::ties::LadderStep;
use super::totals::{CriterionRule, TotalRule};
use crate::calls::design::{AwardRules, Criterion, ScoreStep, TieStep};

/// The criteria as they are weighed.
pub fn criteria_of(criteria: &[Criterion]) -> Vec<CriterionRule> {
    criteria
        .iter()
        .map(|criterion| CriterionRule {
            key: criterion.key.clone(),
            name: criterion.name.clone(),
            weight: Exact::whole(i64::from(criterion.weight)),
            max: Exact::whole(i64::from(criterion.max_score)),
            sub_criteria: Vec::new(),
        })
        .collect()
}

/// How the call ranks: criteria by weight, floors as designed, the design's tie ladder.
pub fn ranking_rule_of(criteria: &[Criterion], award: &AwardRules) -> RankingRule {
    RankingRule {
        total: TotalRule::WeightedCriteria,
        floor: Floor {
            total: (award.floor_total > 0).then(|| Exact::whole(i64::from(award.floor_total))),
            criteria: criteria
                .iter()
                .filter_map(|criterion| {
                    let floor = Exact::whole(i64::from(criterion.floor?));
                    Some((criterion.key.clone(), floor))
                })
                .collect(),
        },
        ladder: award
            .tie_ladder
            .iter()
            .map(|step| match step {
                TieStep::Criterion { key } => LadderStep::Criterion { key: key.clone() },
                TieStep::SmallerSum => LadderStep::SmallerSum,
                TieStep::Panel => LadderStep::Panel,
            })
            .collect(),
    }
}

/// The step in which scores may be given.
pub fn step_of(step: ScoreStep) -> Exact {
    match step {
        ScoreStep::Whole => Exact::ONE,
        ScoreStep::Half => Exact::HALF,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::design::Descriptor;

    #[test]
    fn weights_floors_and_ladder_carry_over() {
        let criterion = |key: &str, weight, floor| Criterion {
            key: key.into(),
            name: key.to_uppercase(),
            description: String::new(),
            weight,
            max_score: 5,
            floor,
            descriptors: vec![Descriptor { score: 0, meaning: "nothing".into() }],
            source: crate::calls::design::SourcedFact { value: String::new(), source: String::new(), note: None },
        };
        let criteria = [criterion("vision", 60, None), criterion("split", 40, Some(3))];
        let rules = criteria_of(&criteria);
        assert_eq!(rules[0].weight, Exact::whole(60));
        assert_eq!(rules[1].max, Exact::whole(5));
        assert_eq!(step_of(ScoreStep::Half).to_string(), "0.5");
        let award: AwardRules = serde_json::from_value(serde_json::json!({
            "budget": 0, "floor_total": 60, "ranking_aim": "widest_geography", "ranking_aim_in_words": "",
            "reviews_per_bid": 3, "max_load": 6, "score_step": "whole", "rounding": "half up, two decimals",
            "tie_ladder": [{"by": "criterion", "key": "vision"}, {"by": "smaller_sum"}, {"by": "panel"}],
            "standstill": {"working_days": 8, "counted": "beginning_with_the_day", "source": {"value": "", "source": ""}},
            "quorum": 5
        }))
        .unwrap();
        let rule = ranking_rule_of(&criteria, &award);
        assert_eq!(rule.floor.total, Some(Exact::whole(60)));
        assert_eq!(rule.floor.criteria["split"], Exact::whole(3));
        assert_eq!(rule.ladder.len(), 3);
        assert!(rule.problems(&rules).is_empty());
    }
}
