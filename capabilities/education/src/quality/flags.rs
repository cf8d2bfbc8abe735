//! Flags of a trainee survey by the rule of the General Medical Council's national training survey, for any profession; pure, and it never lets a hidden host be worked out.
//!
//! The rule, from the help of the GMC's education data reporting tool ("What do the results mean?", "Glossary of terms"): a mean in the
//! bottom quartile of the benchmark group is *red* where its confidence interval does not overlap that of the benchmark mean, else
//! *pink*; in the top quartile *green* or *light green* in the same way; between them *white*; with fewer than three answers *grey*,
//! and then nothing is told. The benchmark group is of the same kind.
//!
//! What the help leaves open is decided here and said on every page of results:
//! - quartiles are those of the scores of the group's respondents (the glossary: the benchmark is "the group of respondents"), found by
//!   linear interpolation between order statistics (Hyndman and Fan's type 7, a spreadsheet's `QUARTILE.INC`); a mean that equals a
//!   quartile lies in the outer quarter, and where both quartiles are the same value it lies in neither;
//! - a confidence interval is mean ± 1.959964 × s / √n with the sample's standard deviation (divisor n − 1), not cut at 0 and 100;
//! - intervals that touch overlap;
//! - the benchmark is taken of hosts that are shown alone. In a cluster a single hidden host could else be worked out from the
//!   benchmark's mean and number.

use std::collections::BTreeMap;

use hiec_kernel::closed_list;
use serde::Serialize;

/// The fewest answers that are reported.
pub const FEWEST: usize = 3;

/// The 0.975 quantile of the standard normal distribution.
const Z: f64 = 1.959_963_984_540_054;

closed_list! {
    /// What a mean shows beside its benchmark.
    Flag {
        Red = "red", "Red: below, beyond chance";
        Pink = "pink", "Pink: bottom quarter";
        White = "white", "White: between";
        LightGreen = "light_green", "Light green: top quarter";
        Green = "green", "Green: above, beyond chance";
        Grey = "grey", "Grey: fewer than three answers";
    }
}

/// One person's score of one indicator, from 0 to 100.
#[derive(Clone, PartialEq, Debug)]
pub struct Score {
    /// Whom it is about.
    pub host: String,
    /// The kind of host: the benchmark is of the same kind.
    pub kind: String,
    pub indicator: String,
    pub score: f64,
}

/// A mean with its 95% limits.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Estimate {
    pub n: usize,
    pub mean: f64,
    pub lower: f64,
    pub upper: f64,
}

/// What a kind of host is measured by.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Benchmark {
    #[serde(flatten)]
    pub estimate: Estimate,
    /// The 25th and the 75th percentile.
    pub q1: f64,
    pub q3: f64,
    /// Hosts it was taken of: those that are shown.
    pub hosts: usize,
}

/// One host and indicator. Without an estimate it is suppressed, and not even the number of answers is told.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Line {
    pub kind: String,
    pub indicator: String,
    pub host: String,
    pub estimate: Option<Estimate>,
    pub benchmark: Option<Benchmark>,
    pub flag: Flag,
}

/// The lines of all hosts and indicators that have any score, by kind, indicator and host. Scores that are no number from 0 to 100 are left out.
pub fn flags(scores: &[Score]) -> Vec<Line> {
    let mut groups: BTreeMap<(&str, &str), BTreeMap<&str, Vec<f64>>> = BTreeMap::new();
    for score in scores.iter().filter(|one| (0.0..=100.0).contains(&one.score)) {
        let group = groups.entry((score.kind.as_str(), score.indicator.as_str())).or_default();
        group.entry(score.host.as_str()).or_default().push(score.score);
    }
    let mut lines = Vec::new();
    for ((kind, indicator), hosts) in groups {
        let benchmark = Benchmark::of(hosts.values().filter(|scores| scores.len() >= FEWEST));
        for (host, scores) in &hosts {
            let estimate = (scores.len() >= FEWEST).then(|| Estimate::of(scores)).flatten();
            let flag = match (&estimate, &benchmark) {
                (Some(estimate), Some(benchmark)) => flag(estimate, benchmark),
                _ => Flag::Grey,
            };
            lines.push(Line {
                kind: kind.to_owned(),
                indicator: indicator.to_owned(),
                host: (*host).to_owned(),
                benchmark: estimate.and(benchmark),
                estimate,
                flag,
            });
        }
    }
    lines
}

/// The rule itself.
pub fn flag(host: &Estimate, benchmark: &Benchmark) -> Flag {
    if host.n < FEWEST {
        return Flag::Grey;
    }
    let overlaps = host.lower <= benchmark.estimate.upper && benchmark.estimate.lower <= host.upper;
    match (host.mean <= benchmark.q1, host.mean >= benchmark.q3) {
        (true, false) if overlaps => Flag::Pink,
        (true, false) => Flag::Red,
        (false, true) if overlaps => Flag::LightGreen,
        (false, true) => Flag::Green,
        (true, true) | (false, false) => Flag::White,
    }
}

impl Estimate {
    /// Nothing of no score. A single score, or equal ones, have limits that are their mean.
    pub fn of(scores: &[f64]) -> Option<Self> {
        let count = u32::try_from(scores.len()).ok().filter(|count| *count > 0)?;
        let mean = scores.iter().sum::<f64>() / f64::from(count);
        let squares: f64 = scores.iter().map(|score| (score - mean) * (score - mean)).sum();
        let variance = if count > 1 { squares / f64::from(count - 1) } else { 0.0 };
        let half = Z * (variance / f64::from(count)).sqrt();
        Some(Self { n: scores.len(), mean, lower: mean - half, upper: mean + half })
    }
}

impl Benchmark {
    /// Of hosts that are shown; nothing where none is.
    pub fn of<'a>(hosts: impl Iterator<Item = &'a Vec<f64>>) -> Option<Self> {
        let hosts: Vec<&Vec<f64>> = hosts.collect();
        let mut all: Vec<f64> = hosts.iter().flat_map(|scores| scores.iter().copied()).collect();
        let estimate = Estimate::of(&all)?;
        all.sort_by(f64::total_cmp);
        Some(Self { estimate, q1: quantile(&all, 1), q3: quantile(&all, 3), hosts: hosts.len() })
    }
}

/// The value at so many quarters of sorted scores, between two of them in proportion (type 7).
fn quantile(sorted: &[f64], quarters: usize) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let (place, rest) = (last * quarters / 4, last * quarters % 4);
    let at = |place: usize| sorted.get(place).copied().unwrap_or(f64::NAN);
    let share = match rest {
        0 => return at(place),
        1 => 0.25,
        2 => 0.5,
        _ => 0.75,
    };
    at(place) + (at(place + 1) - at(place)) * share
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn scores(of: &[(&str, &[f64])]) -> Vec<Score> {
        let one = |host: &str, score: f64| Score {
            host: host.into(),
            kind: "secondary".into(),
            indicator: "induction".into(),
            score,
        };
        of.iter().flat_map(|(host, scores)| scores.iter().map(move |score| one(host, *score))).collect()
    }

    fn flag_of(lines: &[Line], host: &str) -> Flag {
        lines.iter().find(|line| line.host == host).unwrap().flag
    }

    /// Worked by hand. Low: 20, 25, 30 (mean 25, s 5, limits 25 ± 5.66). High: 90, 95, 100 (95 ± 5.66). Middle: nine scores of 60.
    /// All fifteen: sum 75 + 285 + 540 = 900, mean 60; squares 1600 + 1225 + 900 + 900 + 1225 + 1600 = 7450, s² = 532.14, s/√15 = 5.956,
    /// limits 60 ± 11.67. Sorted places 3.5 and 10.5 of 0 to 14 are both 60 to 60: both quartiles 60, so the middle lies in neither.
    #[test]
    fn beyond_chance_is_red_and_green() {
        let lines =
            flags(&scores(&[("low", &[20.0, 25.0, 30.0]), ("high", &[90.0, 95.0, 100.0]), ("middle", &[60.0; 9])]));
        let low = lines.iter().find(|line| line.host == "low").unwrap();
        let (estimate, benchmark) = (low.estimate.unwrap(), low.benchmark.unwrap());
        assert!((estimate.mean - 25.0).abs() < 1e-12 && (estimate.upper - 30.658).abs() < 1e-3, "{estimate:?}");
        assert!((benchmark.estimate.mean - 60.0).abs() < 1e-12 && (benchmark.estimate.lower - 48.326).abs() < 1e-3);
        assert_eq!((benchmark.q1, benchmark.q3, benchmark.hosts), (60.0, 60.0, 3));
        assert_eq!(low.flag, Flag::Red);
        assert_eq!(flag_of(&lines, "high"), Flag::Green);
        assert_eq!(flag_of(&lines, "middle"), Flag::White);
    }

    /// The same means with scores so far apart that the intervals reach the benchmark's: low 0, 25, 50 has 25 ± 28.3.
    #[test]
    fn within_chance_is_pink_and_light_green() {
        let lines = flags(&scores(&[
            ("low", &[0.0, 25.0, 50.0]),
            ("high", &[85.0, 100.0, 100.0]),
            ("middle", &[40.0, 45.0, 50.0, 55.0, 60.0, 65.0, 70.0, 75.0, 80.0]),
        ]));
        assert_eq!(flag_of(&lines, "low"), Flag::Pink);
        assert_eq!(flag_of(&lines, "middle"), Flag::White);
        // High: mean 95, s 8.66, lower limit 85.2; all: mean 60, upper limit about 73.6. No overlap: green.
        assert_eq!(flag_of(&lines, "high"), Flag::Green);
        let wide = flags(&scores(&[
            ("high", &[50.0, 100.0, 100.0]),
            ("middle", &[40.0, 45.0, 50.0, 55.0, 60.0, 65.0, 70.0, 75.0, 80.0]),
        ]));
        assert_eq!(flag_of(&wide, "high"), Flag::LightGreen);
    }

    #[test]
    fn fewer_than_three_are_grey_and_tell_nothing() {
        let lines = flags(&scores(&[("hidden", &[0.0, 0.0]), ("shown", &[50.0, 60.0, 70.0])]));
        let hidden = lines.iter().find(|line| line.host == "hidden").unwrap();
        assert_eq!((hidden.flag, hidden.estimate, hidden.benchmark), (Flag::Grey, None, None));
        let shown = lines.iter().find(|line| line.host == "shown").unwrap();
        assert_eq!(shown.benchmark.unwrap().estimate.n, 3, "the hidden answers are in no total");
    }

    #[test]
    fn benchmarks_are_of_the_same_kind() {
        let mut all = scores(&[("a", &[50.0, 50.0, 50.0])]);
        let practice = scores(&[("p", &[90.0, 90.0, 90.0])]);
        all.extend(practice.into_iter().map(|one| Score { kind: "primary".into(), ..one }));
        let lines = flags(&all);
        assert!(lines.iter().all(|line| line.flag == Flag::White && line.benchmark.unwrap().hosts == 1), "{lines:?}");
    }

    #[test]
    fn quartiles_are_those_of_a_spreadsheet() {
        let sorted = [1.0, 2.0, 4.0, 7.0, 11.0, 16.0];
        assert_eq!((quantile(&sorted, 1), quantile(&sorted, 3)), (2.5, 10.0));
        assert_eq!((quantile(&[3.0], 1), quantile(&[3.0], 3)), (3.0, 3.0));
    }

    #[test]
    fn what_is_no_score_is_left_out() {
        assert_eq!(flags(&scores(&[("a", &[f64::NAN, -1.0, 101.0])])), []);
    }

    fn any_scores() -> impl Strategy<Value = Vec<Score>> {
        let one = (0_u8..6, 0_u8..2, 0_u8..=20).prop_map(|(host, kind, fifth)| Score {
            host: format!("h{host}"),
            kind: format!("k{kind}"),
            indicator: "i".into(),
            score: f64::from(fifth) * 5.0,
        });
        proptest::collection::vec(one, 0..80)
    }

    proptest! {
        #[test]
        fn a_hidden_host_moves_nothing_that_is_shown(scores in any_scores(), moved in 0.0..=100.0_f64) {
            let lines = flags(&scores);
            let hidden: Vec<(String, String)> = lines
                .iter()
                .filter(|line| line.estimate.is_none())
                .map(|line| (line.host.clone(), line.kind.clone()))
                .collect();
            let is_hidden = |one: &Score| hidden.contains(&(one.host.clone(), one.kind.clone()));
            let others: Vec<Score> = scores
                .iter()
                .map(|one| if is_hidden(one) { Score { score: moved, ..one.clone() } } else { one.clone() })
                .collect();
            prop_assert_eq!(&flags(&others), &lines, "changing what is hidden shows");
            let without: Vec<Score> = scores.iter().filter(|one| !is_hidden(one)).cloned().collect();
            let shown: Vec<Line> = lines.into_iter().filter(|line| line.estimate.is_some()).collect();
            prop_assert_eq!(flags(&without), shown, "leaving it out shows");
        }

        #[test]
        fn flags_turn_round_with_the_scale(scores in any_scores()) {
            let turned: Vec<Score> = scores.iter().map(|one| Score { score: 100.0 - one.score, ..one.clone() }).collect();
            let opposite = |flag: Flag| match flag {
                Flag::Red => Flag::Green,
                Flag::Pink => Flag::LightGreen,
                Flag::LightGreen => Flag::Pink,
                Flag::Green => Flag::Red,
                same => same,
            };
            for (line, other) in flags(&scores).iter().zip(flags(&turned)) {
                // Where a mean lies on a quartile but for its last digit, turning may round it to the other side.
                let near = |line: &Line| line.estimate.zip(line.benchmark).is_some_and(|(host, all)| {
                    let edges = [host.mean - all.q1, host.mean - all.q3, host.lower - all.estimate.upper, all.estimate.lower - host.upper];
                    edges.iter().any(|gap| gap.abs() < 1e-9)
                });
                prop_assert!(near(line) || other.flag == opposite(line.flag), "{line:?} {other:?}");
            }
        }

        #[test]
        fn the_order_of_answers_does_not_matter(scores in any_scores()) {
            let mut turned = scores.clone();
            turned.reverse();
            let flags_of = |scores: &[Score]| -> Vec<(String, String, bool)> {
                flags(scores).into_iter().map(|line| (line.kind, line.host, line.estimate.is_some())).collect()
            };
            prop_assert_eq!(flags_of(&scores), flags_of(&turned));
        }
    }
}
