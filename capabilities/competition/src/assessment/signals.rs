//! Signals for moderation: scores far from the others', reviews written in minutes; each by a rule stated in words. A signal never changes a score.

use std::collections::BTreeMap;

use hiec_kernel::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ranking::exact::{Exact, ExactError};
use crate::ranking::totals::{Part, PartKey, Score};

/// When a score counts as an outlier.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OutlierRule {
    /// So many points or more from the median of the others' scores.
    pub points: Exact,
    /// Judged only where at least so many others scored.
    pub others: usize,
}

impl Default for OutlierRule {
    fn default() -> Self {
        Self { points: Exact::whole(2), others: 2 }
    }
}

impl OutlierRule {
    pub fn statement(self) -> String {
        format!(
            "A score is shown as an outlier when it differs by {} points or more from the median of the other assessors’ scores for the same criterion and bid, and at least {} others have scored it.",
            self.points, self.others
        )
    }
}

/// A score far from the others'.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Outlier {
    pub part: Part,
    pub assessor: String,
    pub value: Exact,
    pub median_of_others: Exact,
    pub distance: Exact,
}

/// The outliers among one bid's scores, in the order given.
pub fn outliers(rule: OutlierRule, scores: &[Score]) -> Result<Vec<Outlier>, ExactError> {
    let mut by_part: BTreeMap<PartKey, Vec<&Score>> = BTreeMap::new();
    for score in scores {
        by_part.entry(PartKey::from(&score.part)).or_default().push(score);
    }
    let mut found = Vec::new();
    for score in scores {
        let others: Vec<Exact> = by_part
            .get(&PartKey::from(&score.part))
            .into_iter()
            .flatten()
            .filter(|other| other.assessor != score.assessor)
            .map(|other| other.value)
            .collect();
        if others.is_empty() || others.len() < rule.others {
            continue;
        }
        let median = Exact::median(&others)?;
        let distance = score.value.distance(median)?;
        if distance >= rule.points {
            found.push(Outlier {
                part: score.part.clone(),
                assessor: score.assessor.clone(),
                value: score.value,
                median_of_others: median,
                distance,
            });
        }
    }
    Ok(found)
}

/// When a review was written too fast to have read the bid.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HasteRule {
    pub minutes: u32,
}

impl Default for HasteRule {
    fn default() -> Self {
        Self { minutes: 15 }
    }
}

impl HasteRule {
    pub fn statement(self) -> String {
        format!(
            "A review is marked when less than {} minutes passed from the first opening of the bid to its submission.",
            self.minutes
        )
    }

    /// Minutes (rounded down) from first opening to submission, where that is too few. A review of a bid never opened here
    /// took none.
    pub fn minutes_if_hasty(self, first_opened: Option<Timestamp>, submitted: Timestamp) -> Option<i64> {
        let minutes = first_opened.map_or(0, |opened| (submitted - opened).num_minutes().max(0));
        (minutes < i64::from(self.minutes)).then_some(minutes)
    }
}

#[cfg(test)]
mod tests {
    use hiec_kernel::clock::from_london;
    use proptest::prelude::*;

    use super::*;
    use crate::ranking::totals::tests::scores;

    fn who(given: &[(&str, &str, &str)]) -> Vec<String> {
        outliers(OutlierRule::default(), &scores(given).given)
            .unwrap()
            .into_iter()
            .map(|outlier| format!("{} {} from {}", outlier.assessor, outlier.distance, outlier.median_of_others))
            .collect()
    }

    #[test]
    fn two_points_from_the_median_of_the_others() {
        assert_eq!(who(&[("a", "x", "5"), ("a", "y", "3"), ("a", "z", "3")]), ["x 2 from 3"]);
        assert!(who(&[("a", "x", "4.5"), ("a", "y", "3"), ("a", "z", "3")]).is_empty());
        // Median of 1 and 5 is 3; for each of the ends it is nearer to the other.
        assert_eq!(who(&[("a", "x", "1"), ("a", "y", "3"), ("a", "z", "5")]), ["x 3 from 4", "z 3 from 2"]);
        // Two scores cannot say which of them is out.
        assert!(who(&[("a", "x", "0"), ("a", "y", "5")]).is_empty());
        // Other criteria do not count.
        assert!(who(&[("a", "x", "0"), ("b", "y", "5"), ("b", "z", "5")]).is_empty());
        assert!(OutlierRule::default().statement().contains("2 points or more"));
    }

    #[test]
    fn haste_counts_from_the_first_opening() {
        let opened = from_london("2009-11-01T12:00").unwrap();
        let rule = HasteRule::default();
        let after = |seconds| rule.minutes_if_hasty(Some(opened), opened + chrono::Duration::seconds(seconds));
        assert_eq!(after(14 * 60 + 59), Some(14));
        assert_eq!(after(15 * 60), None);
        assert_eq!(rule.minutes_if_hasty(None, opened), Some(0));
    }

    proptest! {
        /// Agreement has no outliers, and adding the same to every score changes none.
        #[test]
        fn outliers_do_not_depend_on_the_level(values in prop::collection::vec(0_i64..10, 3..8), shift in 0_i64..5) {
            let of = |shift: i64| -> Vec<Score> {
                values.iter().enumerate().map(|(index, value)| Score {
                    part: Part::whole("a"), assessor: index.to_string(), value: Exact::whole(value + shift),
                }).collect()
            };
            let names = |shift| -> Vec<String> {
                outliers(OutlierRule::default(), &of(shift)).unwrap().into_iter().map(|one| one.assessor).collect()
            };
            prop_assert_eq!(names(0), names(shift));
            if values.iter().all(|value| *value == values[0]) { prop_assert!(names(0).is_empty()); }
        }
    }
}
