//! A finding in plain words; it must never sound surer than its verdict.

use alloc::format;
use alloc::string::String;
use core::fmt;

use super::{Finding, Verdict};
use crate::interval::Interval;

impl Finding {
    /// A few sentences about a measure, named as within a sentence: "the waits of over four hours".
    pub fn words(&self, measure: &str) -> String {
        let answer = match self.verdict() {
            Verdict::Told { effect, share } => told(measure, self.change, effect, share),
            Verdict::CannotTell { because } => {
                let mut answer = format!("This design cannot tell what would have happened to {measure} anyway.");
                because.iter().for_each(|doubt| sentence(&mut answer, &format!("{doubt}")));
                answer
            }
        };
        let mut words = answer;
        self.doubts.iter().filter(|doubt| !doubt.forbids()).for_each(|doubt| sentence(&mut words, &format!("{doubt}")));
        words
    }
}

fn told(measure: &str, change: Option<f64>, effect: Interval, share: Option<Interval>) -> String {
    let change = change.unwrap_or(effect.estimate);
    let certain = format!("{}% confidence", Short(effect.confidence * 100.0));
    let moved = large(&format!("{measure} {} on average", moved(change)));
    let Some(share) = share else {
        return format!(
            "{moved}; otherwise it would have been {} {} ({} to {} with {certain}).",
            Short(effect.estimate.abs()),
            if effect.estimate > 0.0 { "lower" } else { "higher" },
            Short(effect.low.abs().min(effect.high.abs())),
            Short(effect.low.abs().max(effect.high.abs())),
        );
    };
    let range = format!("{}% to {}% with {certain}", Percent(share.low), Percent(share.high));
    match share.estimate {
        ..0.0 => format!(
            "{moved} although the effect went the other way: {} ({} to {} with {certain}).",
            moved_by(effect.estimate),
            Short(effect.low),
            Short(effect.high)
        ),
        1.0.. => format!(
            "{moved}. All of it is attributable, and more ({range}): otherwise it would have gone the other way."
        ),
        _ => format!(
            "{moved}. {}% of that is attributable ({range}); {}% would have come anyway.",
            Percent(share.estimate),
            Percent(1.0 - share.estimate)
        ),
    }
}

fn moved(change: f64) -> String {
    match change {
        0.0 => "did not change".into(),
        _ => moved_by(change),
    }
}

fn moved_by(change: f64) -> String {
    format!("{} by {}", if change > 0.0 { "rose" } else { "fell" }, Short(change.abs()))
}

/// Adds a sentence with a full stop at its end.
fn sentence(to: &mut String, words: &str) {
    to.push(' ');
    to.push_str(&large(words));
    to.push('.');
}

/// With its first letter made large.
fn large(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// A number with three significant digits.
pub(super) struct Short(pub(super) f64);

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.abs();
        if size >= 1e9 || (size > 0.0 && size < 1e-6) {
            return write!(f, "{:.2e}", self.0);
        }
        let whole = if size > 0.0 { libm::floor(libm::log10(size)) as i32 } else { 0 };
        let decimals = usize::try_from(2 - whole).unwrap_or(0);
        let digits = format!("{:.decimals$}", self.0);
        let short = if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { &digits };
        f.write_str(if short == "-0" { "0" } else { short })
    }
}

/// A share as a whole number of hundredths.
struct Percent(f64);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = libm::round(self.0 * 100.0);
        write!(f, "{}", if whole == 0.0 { 0.0 } else { whole })
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use alloc::vec::Vec;

    use super::super::{Design, Doubt};
    use super::*;

    fn finding(change: f64, estimate: f64, half: f64) -> Finding {
        let effect = Interval { estimate, low: estimate - half, high: estimate + half, confidence: 0.95 };
        Finding::of(Design::Differences, change, Some(effect), Vec::new())
    }

    #[test]
    fn every_case_has_its_sentence() {
        for (finding, words) in [
            (
                finding(-10.0, -6.0, 2.0),
                "The rate fell by 10 on average. 60% of that is attributable (40% to 80% with 95% confidence); 40% would have come anyway.",
            ),
            (
                finding(-10.0, -15.0, 2.0),
                "The rate fell by 10 on average. All of it is attributable, and more (130% to 170% with 95% confidence): otherwise it would have gone the other way.",
            ),
            (
                finding(10.0, -6.0, 2.0),
                "The rate rose by 10 on average although the effect went the other way: fell by 6 (-8 to -4 with 95% confidence).",
            ),
            (
                finding(0.0, 6.0, 2.0),
                "The rate did not change on average; otherwise it would have been 6 lower (4 to 8 with 95% confidence). The change is smaller than what is uncertain: a share of it means nothing.",
            ),
            (
                finding(10.0, 1.0, 2.0),
                "This design cannot tell what would have happened to the rate anyway. No effect at all fits too: it lies between -1 and 3.",
            ),
        ] {
            assert_eq!(finding.words("the rate"), words);
        }
    }

    #[test]
    fn a_share_and_its_deadweight_make_one() {
        let finding = finding(-10.0, -6.0, 2.0);
        let (share, deadweight) = (finding.share.unwrap(), finding.deadweight().unwrap());
        assert!((share.estimate + deadweight.estimate - 1.0).abs() < 1e-12);
        assert!((deadweight.low - 0.2).abs() < 1e-12 && (deadweight.high - 0.6).abs() < 1e-12);
    }

    #[test]
    fn doubts_that_forbid_come_first_and_the_others_stay() {
        let doubts = Vec::from([Doubt::BelowNought, Doubt::Alone]);
        let finding = Finding::of(Design::InterruptedSeries, 5.0, None, doubts);
        assert_eq!(finding.doubts, [Doubt::Alone, Doubt::NoError, Doubt::BelowNought]);
        let Verdict::CannotTell { because } = finding.verdict() else { panic!("told") };
        assert_eq!(because.len(), 2);
    }

    #[test]
    fn numbers_are_short() {
        for (number, short) in [
            (0.0, "0"),
            (-0.0, "0"),
            (123.456, "123"),
            (99.96, "100"),
            (-1.205, "-1.21"),
            (0.04567, "0.0457"),
            (12000.0, "12000"),
            (1e12, "1.00e12"),
            (-3e-9, "-3.00e-9"),
        ] {
            assert_eq!(Short(number).to_string(), short);
        }
    }
}
