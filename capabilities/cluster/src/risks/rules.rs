//! How large a risk is: likelihood times impact, before anything is done and with what is done. No web, no SQL.

use serde::{Deserialize, Serialize};

/// The words for likelihood, 1 to 5.
pub const LIKELIHOODS: [&str; 5] = ["Rare", "Unlikely", "Possible", "Likely", "Almost certain"];

/// The words for impact, 1 to 5.
pub const IMPACTS: [&str; 5] = ["Negligible", "Minor", "Moderate", "Major", "Catastrophic"];

/// Likelihood and impact, each 1 to 5.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Score {
    likelihood: u8,
    impact: u8,
}

/// How grave a score is, after the risk matrix of the National Patient Safety Agency (2008).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    Low,
    Moderate,
    High,
    Extreme,
}

impl Grade {
    pub fn label(self) -> &'static str {
        match self {
            Self::Low => "Low",
            Self::Moderate => "Moderate",
            Self::High => "High",
            Self::Extreme => "Extreme",
        }
    }
}

impl Score {
    /// Nothing outside 1 to 5.
    pub fn new(likelihood: u8, impact: u8) -> Option<Self> {
        let fits = |one: u8| (1..=5).contains(&one);
        (fits(likelihood) && fits(impact)).then_some(Self { likelihood, impact })
    }

    pub fn likelihood(self) -> u8 {
        self.likelihood
    }

    pub fn impact(self) -> u8 {
        self.impact
    }

    /// 1 to 25.
    pub fn rating(self) -> u8 {
        self.likelihood * self.impact
    }

    pub fn grade(self) -> Grade {
        match self.rating() {
            0..=3 => Grade::Low,
            4..=6 => Grade::Moderate,
            7..=12 => Grade::High,
            _ => Grade::Extreme,
        }
    }

    /// `12, high (likely × moderate)`
    pub fn words(self) -> String {
        let word = |words: [&str; 5], nth: u8| {
            words.get(usize::from(nth).saturating_sub(1)).copied().unwrap_or_default().to_lowercase()
        };
        format!(
            "{}, {} ({} × {})",
            self.rating(),
            self.grade().label().to_lowercase(),
            word(LIKELIHOODS, self.likelihood),
            word(IMPACTS, self.impact)
        )
    }
}

/// What was judged, before and with what is done.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Scores {
    pub before: Score,
    pub after: Score,
}

/// Why a judgement cannot stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refused {
    #[error("What is done about a risk cannot make it larger: check the second score")]
    Larger,
    #[error("Say what is done about it: the second score is lower than the first")]
    NothingDone,
}

/// A lower score needs something that is done, and nothing done makes it larger.
pub fn judged(scores: Scores, done: &str) -> Result<Scores, Refused> {
    let (before, after) = (scores.before, scores.after);
    if after.likelihood > before.likelihood || after.impact > before.impact {
        return Err(Refused::Larger);
    }
    if after != before && done.trim().is_empty() {
        return Err(Refused::NothingDone);
    }
    Ok(scores)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn score(likelihood: u8, impact: u8) -> Score {
        Score::new(likelihood, impact).unwrap()
    }

    #[test]
    fn grades_are_those_of_the_matrix() {
        for (likelihood, impact, grade) in [
            (1, 3, Grade::Low),
            (2, 2, Grade::Moderate),
            (2, 4, Grade::High),
            (3, 4, Grade::High),
            (3, 5, Grade::Extreme),
            (5, 5, Grade::Extreme),
        ] {
            assert_eq!(score(likelihood, impact).grade(), grade, "{likelihood} × {impact}");
        }
        assert_eq!(Score::new(0, 3), None);
        assert_eq!(Score::new(3, 6), None);
        assert_eq!(score(4, 3).words(), "12, high (likely × moderate)");
    }

    #[test]
    fn a_lower_score_needs_something_done() {
        let fell = Scores { before: score(4, 4), after: score(2, 4) };
        assert_eq!(judged(fell, " "), Err(Refused::NothingDone));
        assert_eq!(judged(fell, "A second facilitator"), Ok(fell));
        let same = Scores { before: score(2, 2), after: score(2, 2) };
        assert_eq!(judged(same, ""), Ok(same));
    }

    proptest! {
        #[test]
        fn what_is_done_never_makes_a_risk_larger(a in 1_u8..=5, b in 1_u8..=5, c in 1_u8..=5, d in 1_u8..=5) {
            let scores = Scores { before: score(a, b), after: score(c, d) };
            match judged(scores, "Something") {
                Ok(kept) => prop_assert!(kept.after.rating() <= kept.before.rating()),
                Err(refused) => {
                    prop_assert_eq!(refused, Refused::Larger);
                    prop_assert!(c > a || d > b);
                }
            }
        }
    }
}
