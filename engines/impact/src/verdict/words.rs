//! A finding in plain words; it must never sound surer than its verdict.

use alloc::format;
use alloc::string::String;
use core::fmt;

use super::{Finding, Verdict};
use crate::interval::Interval;

impl Finding {
    /// A sentence or two about a measure, beginning with its name.
    pub fn words(&self, measure: &str) -> String {
        let answer = match self.verdict() {
            Verdict::Told { effect, share } => told(measure, self.change, effect, share),
            Verdict::CannotTell { because } => {
                let mut answer = format!("{measure}: this design cannot tell what would have happened anyway.");
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
    let moved = format!("{measure} {} on average", moved(change));
    let Some(share) = share else {
        return format!(
            "{moved}; without it, it would have been {} {} ({} to {} with {certain}).",
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
            "{moved}. All of it is attributable, and more ({range}): without it, it would have gone the other way."
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

/// Adds a sentence, its first letter made large and a full stop at its end.
fn sentence(to: &mut String, words: &str) {
    let mut letters = words.chars();
    to.push(' ');
    to.extend(letters.next().into_iter().flat_map(char::to_uppercase));
    to.push_str(letters.as_str());
    to.push('.');
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
