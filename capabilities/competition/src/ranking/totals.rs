//! Totals: one figure per bid from its scores, by a rule stated in the call, in exact arithmetic. It never invents a missing score.

use std::collections::{BTreeMap, BTreeSet};

use hiec_kernel::Money;
use serde::{Deserialize, Serialize};

use super::exact::{Exact, ExactError, Rounded};

/// A criterion as the call publishes it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CriterionRule {
    pub key: String,
    pub name: String,
    /// Relative importance; weights need not add up to anything.
    pub weight: Exact,
    /// The highest score; the lowest is 0.
    pub max: Exact,
    /// What is scored one by one under it; empty when the criterion is scored as a whole.
    #[serde(default)]
    pub sub_criteria: Vec<String>,
}

impl CriterionRule {
    /// What a score is given for: the sub-criteria, or the criterion itself.
    pub fn parts(&self) -> Vec<Part> {
        if self.sub_criteria.is_empty() {
            return vec![Part::whole(&self.key)];
        }
        self.sub_criteria.iter().map(|sub| Part { criterion: self.key.clone(), sub: Some(sub.clone()) }).collect()
    }
}

/// What one score is for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Part {
    pub criterion: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
}

impl Part {
    pub fn whole(criterion: &str) -> Self {
        Self { criterion: criterion.to_owned(), sub: None }
    }
}

/// One assessor's score.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Score {
    #[serde(flatten)]
    pub part: Part,
    /// Who gave it: an id, or a letter where names are kept back.
    pub assessor: String,
    pub value: Exact,
}

/// The scores of one bid: as the assessors gave them, and as moderation settled them, where it did.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct BidScores {
    pub given: Vec<Score>,
    /// The settled score by part; it stands in place of the mean, the originals stay in `given`.
    pub moderated: BTreeMap<PartKey, Exact>,
    /// What the bid asks for; read by no total, only by a tie ladder that names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asks: Option<Money>,
}

impl BidScores {
    /// Puts the originals in one order whatever they were read from, so that a fingerprint depends on the scores alone; the
    /// scores of one assessor stay as given.
    pub fn in_order(&mut self) {
        self.given.sort_by(|one, other| one.assessor.cmp(&other.assessor));
    }
}

/// [`Part`] as a map key: `criterion` or `criterion/sub`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PartKey(pub String);

impl From<&Part> for PartKey {
    fn from(part: &Part) -> Self {
        match &part.sub {
            Some(sub) => Self(format!("{}/{sub}", part.criterion)),
            None => Self(part.criterion.clone()),
        }
    }
}

/// How scores become one figure. A call names its rule before it is published.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TotalRule {
    /// Each criterion counts by its weight, however many sub-criteria it has: Σ weight × mean(score ÷ max) ÷ Σ weight.
    /// A part without a score leaves the bid without a total.
    #[default]
    WeightedCriteria,
    /// Each sub-criterion counts by its criterion's weight, so that more of them weigh more; a part without a score
    /// counts as 0: Σ weight × score ÷ Σ weight × max (the rule of the MHCLG assessment service).
    WeightedSubCriteria,
    /// The mean over assessors and questions of score ÷ max, unweighted, to one decimal (the rule of the Innovation
    /// Funding Service).
    MeanPercentage,
}

/// A bid's figure with the sums it came from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Total {
    /// As published and ranked: a percentage, halves up, two decimals (one under [`TotalRule::MeanPercentage`]).
    pub percent: Rounded,
    /// Points reached and points there were, before rounding.
    pub points: Exact,
    pub out_of: Exact,
    /// The score of each criterion as used, on its own scale.
    pub criteria: Vec<CriterionScore>,
}

/// What a bid scored on a criterion.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CriterionScore {
    pub key: String,
    /// The mean of its parts, or `None` when none was scored.
    pub score: Option<Exact>,
    pub is_moderated: bool,
}

/// Why there is no total.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TotalError {
    #[error("no score yet for {0}")]
    Missing(String),
    #[error("the score {value} for {name} is not between 0 and {max}")]
    OutOfRange { name: String, value: Exact, max: Exact },
    #[error("a score is given for “{0}”, which the call does not have")]
    UnknownPart(String),
    #[error("{assessor} has two scores for {name}")]
    Twice { assessor: String, name: String },
    #[error("the criterion “{0}” has no highest score above 0, or a weight below 0")]
    BadCriterion(String),
    #[error("two criteria or sub-criteria are called “{0}”")]
    SameKey(String),
    #[error("the weights add up to nothing, so nothing can be weighed")]
    NoWeight,
    #[error("{0}")]
    Number(#[from] ExactError),
}

/// The total of one bid by the call's rule, or everything that stands in its way.
pub fn total(rule: TotalRule, criteria: &[CriterionRule], scores: &BidScores) -> Result<Total, Vec<TotalError>> {
    check_criteria(criteria)?;
    check_scores(criteria, scores)?;
    let parts = settled_parts(criteria, scores).map_err(|error| vec![error.into()])?;
    if rule == TotalRule::WeightedCriteria {
        let missing: Vec<TotalError> = parts
            .iter()
            .flat_map(|(criterion, parts)| {
                parts
                    .iter()
                    .filter(|part| part.value.is_none())
                    .map(|part| TotalError::Missing(part_name(criterion, &part.part)))
            })
            .collect();
        if !missing.is_empty() {
            return Err(missing);
        }
    }
    let criterion_scores = criterion_scores(&parts).map_err(|error| vec![error.into()])?;
    let (points, out_of, places) = match rule {
        TotalRule::WeightedCriteria => by_criterion(&parts, &criterion_scores).map(with_places(2)),
        TotalRule::WeightedSubCriteria => by_sub_criterion(&parts).map(with_places(2)),
        TotalRule::MeanPercentage => mean_percentage(criteria, scores).map(with_places(1)),
    }
    .map_err(|error| vec![error])?;
    let percent = points
        .over(out_of)
        .and_then(|share| share.times(Exact::HUNDRED))
        .and_then(|percent| percent.half_up(places))
        .map_err(|error| vec![error.into()])?;
    Ok(Total { percent, points, out_of, criteria: criterion_scores })
}

impl TotalRule {
    pub const ALL: &'static [Self] = &[Self::WeightedCriteria, Self::WeightedSubCriteria, Self::MeanPercentage];

    /// The rule in the words that are published with the call.
    pub fn statement(self) -> &'static str {
        match self {
            Self::WeightedCriteria => {
                "Each criterion’s score is divided by its highest score and multiplied by its weight; the sum is divided by the sum of the weights and given as a percentage to two decimals, halves up. The score of a criterion with several parts is the mean of its parts."
            }
            Self::WeightedSubCriteria => {
                "Each part’s score is multiplied by the weight of its criterion; the sum is divided by the most that could be reached and given as a percentage to two decimals, halves up. A part without a score counts as 0."
            }
            Self::MeanPercentage => {
                "The total is the mean, over all assessors and questions, of the score divided by the highest score, as a percentage to one decimal, halves up. Weights are not used."
            }
        }
    }

    /// What the designer of a call should know before publishing with this rule.
    pub fn warnings(self, criteria: &[CriterionRule]) -> Vec<String> {
        let mut warnings = Vec::new();
        match self {
            Self::WeightedCriteria => {}
            Self::WeightedSubCriteria => {
                let counts: BTreeSet<usize> = criteria
                    .iter()
                    .filter(|criterion| !criterion.weight.is_zero())
                    .map(|criterion| criterion.parts().len())
                    .collect();
                if counts.len() > 1 {
                    for criterion in criteria {
                        let count = criterion.parts().len();
                        if count > 1 && !criterion.weight.is_zero() {
                            let weight = i64::try_from(count)
                                .ok()
                                .and_then(|count| criterion.weight.times(Exact::whole(count)).ok());
                            warnings.push(format!(
                                "“{}” has {count} parts, so under this rule it weighs {count} times its weight of {}{}. Choose the rule that weighs criteria, or give every criterion as many parts.",
                                criterion.name,
                                criterion.weight,
                                weight.map(|weight| format!(", {weight} in all")).unwrap_or_default(),
                            ));
                        }
                    }
                }
            }
            Self::MeanPercentage => {
                if criteria.windows(2).any(|pair| matches!(pair, [one, two] if one.weight != two.weight)) {
                    warnings.push("The criteria have different weights, but this rule does not use weights: every question counts the same.".into());
                }
            }
        }
        for criterion in criteria.iter().filter(|criterion| criterion.weight.is_zero()) {
            warnings.push(format!("“{}” has weight 0: it is scored and cannot change the total.", criterion.name));
        }
        warnings
    }
}

/// A part with the score that counts for it.
struct SettledPart {
    part: Part,
    value: Option<Exact>,
    is_moderated: bool,
}

type SettledParts<'a> = Vec<(&'a CriterionRule, Vec<SettledPart>)>;

fn check_criteria(criteria: &[CriterionRule]) -> Result<(), Vec<TotalError>> {
    let mut errors = Vec::new();
    let mut seen = BTreeSet::new();
    for criterion in criteria {
        if criterion.weight.is_negative() || criterion.max <= Exact::ZERO {
            errors.push(TotalError::BadCriterion(criterion.name.clone()));
        }
        for part in criterion.parts() {
            let key = PartKey::from(&part);
            if !seen.insert(key.clone()) {
                errors.push(TotalError::SameKey(key.0));
            }
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

fn check_scores(criteria: &[CriterionRule], scores: &BidScores) -> Result<(), Vec<TotalError>> {
    let known: BTreeMap<PartKey, (&CriterionRule, Part)> = criteria
        .iter()
        .flat_map(|criterion| criterion.parts().into_iter().map(move |part| (PartKey::from(&part), (criterion, part))))
        .collect();
    let mut errors = Vec::new();
    let mut seen = BTreeSet::new();
    let mut check = |key: &PartKey, value: Exact| match known.get(key) {
        None => errors.push(TotalError::UnknownPart(key.0.clone())),
        Some((criterion, part)) if value.is_negative() || value > criterion.max => {
            errors.push(TotalError::OutOfRange { name: part_name(criterion, part), value, max: criterion.max });
        }
        Some(_) => {}
    };
    for score in &scores.given {
        check(&PartKey::from(&score.part), score.value);
    }
    for (key, value) in &scores.moderated {
        check(key, *value);
    }
    for score in &scores.given {
        let key = PartKey::from(&score.part);
        if !seen.insert((score.assessor.clone(), key.clone())) {
            errors.push(TotalError::Twice { assessor: score.assessor.clone(), name: key.0 });
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// The moderated score where there is one, else the mean of the assessors.
fn settled_parts<'a>(criteria: &'a [CriterionRule], scores: &BidScores) -> Result<SettledParts<'a>, ExactError> {
    criteria
        .iter()
        .map(|criterion| {
            let parts = criterion
                .parts()
                .into_iter()
                .map(|part| {
                    let moderated = scores.moderated.get(&PartKey::from(&part)).copied();
                    let given: Vec<Exact> =
                        scores.given.iter().filter(|score| score.part == part).map(|score| score.value).collect();
                    let value = match (moderated, given.is_empty()) {
                        (Some(value), _) => Some(value),
                        (None, false) => Some(Exact::mean(&given)?),
                        (None, true) => None,
                    };
                    Ok(SettledPart { part, value, is_moderated: moderated.is_some() })
                })
                .collect::<Result<Vec<_>, ExactError>>()?;
            Ok((criterion, parts))
        })
        .collect()
}

fn criterion_scores(parts: &SettledParts<'_>) -> Result<Vec<CriterionScore>, ExactError> {
    parts
        .iter()
        .map(|(criterion, parts)| {
            let values: Vec<Exact> = parts.iter().filter_map(|part| part.value).collect();
            Ok(CriterionScore {
                key: criterion.key.clone(),
                score: if values.is_empty() { None } else { Some(Exact::mean(&values)?) },
                is_moderated: parts.iter().any(|part| part.is_moderated),
            })
        })
        .collect()
}

fn by_criterion(parts: &SettledParts<'_>, scores: &[CriterionScore]) -> Result<(Exact, Exact), TotalError> {
    let mut points = Exact::ZERO;
    let mut weights = Exact::ZERO;
    for ((criterion, _), score) in parts.iter().zip(scores) {
        let share = score.score.ok_or_else(|| TotalError::Missing(criterion.name.clone()))?.over(criterion.max)?;
        points = points.plus(share.times(criterion.weight)?)?;
        weights = weights.plus(criterion.weight)?;
    }
    if weights.is_zero() {
        return Err(TotalError::NoWeight);
    }
    Ok((points, weights))
}

fn by_sub_criterion(parts: &SettledParts<'_>) -> Result<(Exact, Exact), TotalError> {
    let mut points = Exact::ZERO;
    let mut most = Exact::ZERO;
    for (criterion, parts) in parts {
        for part in parts {
            let value = part.value.unwrap_or(Exact::ZERO);
            points = points.plus(value.times(criterion.weight)?)?;
            most = most.plus(criterion.max.times(criterion.weight)?)?;
        }
    }
    if most.is_zero() {
        return Err(TotalError::NoWeight);
    }
    Ok((points, most))
}

/// Each assessor's score counts once; where a part was moderated, the settled score stands in for each of them (and once
/// where nobody had scored it).
fn mean_percentage(criteria: &[CriterionRule], scores: &BidScores) -> Result<(Exact, Exact), TotalError> {
    let mut shares = Vec::new();
    for criterion in criteria {
        for part in criterion.parts() {
            let moderated = scores.moderated.get(&PartKey::from(&part)).copied();
            let mut given = scores.given.iter().filter(|score| score.part == part).peekable();
            if let (Some(value), None) = (moderated, given.peek()) {
                shares.push(value.over(criterion.max)?);
            }
            for score in given {
                shares.push(moderated.unwrap_or(score.value).over(criterion.max)?);
            }
        }
    }
    if shares.is_empty() {
        return Err(TotalError::Missing("any question".into()));
    }
    let count = i64::try_from(shares.len()).map_err(|_| ExactError::TooLarge)?;
    Ok((Exact::sum(shares)?, Exact::whole(count)))
}

fn with_places(places: u32) -> impl Fn((Exact, Exact)) -> (Exact, Exact, u32) {
    move |(points, out_of)| (points, out_of, places)
}

fn part_name(criterion: &CriterionRule, part: &Part) -> String {
    match &part.sub {
        Some(sub) => format!("{}, {sub}", criterion.name),
        None => criterion.name.clone(),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(crate) fn criterion(key: &str, weight: &str, max: &str, subs: &[&str]) -> CriterionRule {
        CriterionRule {
            key: key.into(),
            name: key.to_uppercase(),
            weight: weight.parse().unwrap(),
            max: max.parse().unwrap(),
            sub_criteria: subs.iter().map(|sub| (*sub).to_owned()).collect(),
        }
    }

    pub(crate) fn scores(given: &[(&str, &str, &str)]) -> BidScores {
        BidScores {
            given: given
                .iter()
                .map(|(key, assessor, value)| Score {
                    part: match key.split_once('/') {
                        Some((criterion, sub)) => Part { criterion: criterion.into(), sub: Some(sub.into()) },
                        None => Part::whole(key),
                    },
                    assessor: (*assessor).into(),
                    value: value.parse().unwrap(),
                })
                .collect(),
            moderated: BTreeMap::new(),
            asks: None,
        }
    }

    fn percent(rule: TotalRule, criteria: &[CriterionRule], scores: &BidScores) -> String {
        total(rule, criteria, scores).unwrap().percent.to_string()
    }

    /// The four worked totals known from the MHCLG assessment service.
    #[test]
    fn sub_criteria_weighed_one_by_one() {
        let rule = TotalRule::WeightedSubCriteria;
        let criteria = [criterion("a", "2", "5", &["1", "2"]), criterion("b", "1", "5", &[])];
        let given = scores(&[("a/1", "x", "3"), ("a/2", "x", "4"), ("b", "x", "5")]);
        assert_eq!(percent(rule, &criteria, &given), "76.00");
        assert_eq!(rule.warnings(&criteria).len(), 1);
        assert!(rule.warnings(&criteria)[0].contains("weighs 2 times its weight of 2, 4 in all"));

        let criteria = [
            criterion("a", ".3", "5", &["1", "2"]),
            criterion("b", ".6", "5", &["3"]),
            criterion("c", ".1", "5", &["4"]),
        ];
        let given = scores(&[("a/1", "x", "3"), ("b/3", "x", "5")]);
        let found = total(rule, &criteria, &given).unwrap();
        assert_eq!(found.percent.to_string(), "60.00");
        assert_eq!((found.points.to_string(), found.out_of.to_string()), ("3.9".into(), "6.5".into()));

        let criteria =
            [criterion("a", ".3", "5", &["1", "2"]), criterion("b", ".7", "5", &[]), criterion("c", "0", "5", &[])];
        let given = scores(&[("a/1", "x", "3"), ("a/2", "x", "0"), ("b", "x", "5"), ("c", "x", "5")]);
        assert_eq!(percent(rule, &criteria, &given), "67.69");

        let criteria = [criterion("a", "1", "4", &[])];
        assert_eq!(percent(rule, &criteria, &scores(&[("a", "x", "0.405")])), "10.13");
    }

    #[test]
    fn criteria_weigh_what_the_call_says() {
        let rule = TotalRule::WeightedCriteria;
        let criteria = [criterion("a", "2", "5", &["1", "2"]), criterion("b", "1", "5", &[])];
        let given = scores(&[("a/1", "x", "3"), ("a/2", "x", "4"), ("b", "x", "5")]);
        // (2 × 3.5/5 + 1 × 5/5) ÷ 3 = 80%.
        assert_eq!(percent(rule, &criteria, &given), "80.00");
        assert!(rule.warnings(&criteria).is_empty());
        let partial = scores(&[("a/1", "x", "3")]);
        assert_eq!(
            total(rule, &criteria, &partial).unwrap_err(),
            [TotalError::Missing("A, 2".into()), TotalError::Missing("B".into())]
        );
        let criteria = [criterion("a", "1", "4", &[])];
        assert_eq!(percent(rule, &criteria, &scores(&[("a", "x", "0.405")])), "10.13");
    }

    #[test]
    fn mean_over_assessors_and_questions() {
        let rule = TotalRule::MeanPercentage;
        let criteria = [criterion("q1", "1", "10", &[]), criterion("q2", "1", "5", &[])];
        // (80 + 60 + 70 + 100 + 80) ÷ 5: the second question has a third assessor, the first has not.
        let given =
            scores(&[("q1", "x", "8"), ("q1", "y", "6"), ("q2", "x", "3.5"), ("q2", "y", "5"), ("q2", "z", "4")]);
        assert_eq!(percent(rule, &criteria, &given), "78.0");
        let third = scores(&[("q1", "x", "10"), ("q1", "y", "0"), ("q1", "z", "0")]);
        assert_eq!(percent(rule, &criteria, &third), "33.3");
        assert!(total(rule, &criteria, &scores(&[])).is_err());
    }

    #[test]
    fn the_moderated_score_counts_and_the_originals_stay() {
        let criteria = [criterion("a", "1", "5", &[])];
        let mut given = scores(&[("a", "x", "1"), ("a", "y", "5")]);
        assert_eq!(percent(TotalRule::WeightedCriteria, &criteria, &given), "60.00");
        given.moderated.insert(PartKey("a".into()), "4".parse().unwrap());
        let found = total(TotalRule::WeightedCriteria, &criteria, &given).unwrap();
        assert_eq!(found.percent.to_string(), "80.00");
        assert!(found.criteria[0].is_moderated);
        assert_eq!(percent(TotalRule::MeanPercentage, &criteria, &given), "80.0");
        assert_eq!(given.given.len(), 2);
    }

    #[test]
    fn wrong_scores_and_designs_are_refused() {
        let criteria = [criterion("a", "1", "5", &[])];
        for (given, expected) in [
            (scores(&[("a", "x", "6")]), "the score 6 for A is not between 0 and 5"),
            (scores(&[("a", "x", "-1")]), "the score -1 for A is not between 0 and 5"),
            (scores(&[("z", "x", "1")]), "a score is given for “z”, which the call does not have"),
            (scores(&[("a", "x", "1"), ("a", "x", "2")]), "x has two scores for a"),
        ] {
            let errors = total(TotalRule::default(), &criteria, &given).unwrap_err();
            assert_eq!(errors[0].to_string(), expected);
        }
        let weightless = [criterion("a", "0", "5", &[])];
        for rule in [TotalRule::WeightedCriteria, TotalRule::WeightedSubCriteria] {
            assert_eq!(total(rule, &weightless, &scores(&[("a", "x", "1")])).unwrap_err(), [TotalError::NoWeight]);
        }
        let twice = [criterion("a", "1", "5", &[]), criterion("a", "1", "0", &[])];
        assert_eq!(total(TotalRule::default(), &twice, &scores(&[])).unwrap_err().len(), 2);
    }

    proptest! {
        /// A better score never lowers a total, every total lies between 0 and 100, and scaling all weights changes nothing.
        #[test]
        fn totals_are_monotone_and_bounded(
            values in prop::collection::vec((0_i64..=20, 0_i64..=20), 1..6),
            weights in prop::collection::vec(1_i64..=10, 6),
            raised in 0_usize..6,
            scale in 2_i64..50,
        ) {
            let criteria: Vec<CriterionRule> = values.iter().enumerate().map(|(index, _)| {
                let mut one = criterion(&format!("c{index}"), "1", "20", &[]);
                one.weight = Exact::whole(weights[index]);
                one
            }).collect();
            let of = |values: &[(i64, i64)]| BidScores {
                given: values.iter().enumerate().flat_map(|(index, (x, y))| [("x", x), ("y", y)].map(|(who, value)| Score {
                    part: Part::whole(&format!("c{index}")), assessor: who.into(), value: Exact::whole(*value),
                })).collect(),
                moderated: BTreeMap::new(),
                asks: None,
            };
            let mut better = values.clone();
            let raised = raised % better.len();
            better[raised].0 = 20;
            let scaled: Vec<CriterionRule> = criteria.iter().cloned().map(|mut one| {
                one.weight = one.weight.times(Exact::whole(scale)).unwrap();
                one
            }).collect();
            for rule in TotalRule::ALL {
                let before = total(*rule, &criteria, &of(&values)).unwrap().percent;
                let after = total(*rule, &criteria, &of(&better)).unwrap().percent;
                prop_assert!(after >= before);
                prop_assert!(after.exact().unwrap() <= Exact::HUNDRED && !before.exact().unwrap().is_negative());
                prop_assert_eq!(total(*rule, &scaled, &of(&values)).unwrap().percent, before);
            }
        }
    }
}
