//! A chart in one sentence, and its target in another, for those who hear it or skim; they say no more than the chart shows.

use alloc::format;
use alloc::string::String;

use super::wording::{Count, Wording};
use super::{Assurance, Chart, Direction, Group, Limits, Spread};

impl Chart {
    /// The chart in one sentence.
    pub fn summary(&self) -> String {
        let (Some((last, mark)), Some(group), Some(first)) = (self.last(), self.groups.last(), self.groups.first())
        else {
            return "There are no values to show.".into();
        };
        let wording = Wording::of(self);
        let count: usize = self.groups.iter().map(|group| group.count).sum();
        if count == 1 {
            return format!(
                "1 point, {} in {}: too few to draw limits.",
                wording.given(mark.value),
                wording.date(last.date)
            );
        }
        let since = match self.groups.len() {
            1 => String::new(),
            _ => format!(" since the rebase in {}", wording.date(group.from)),
        };
        let lines = match group.spread {
            Spread::Limits(Limits { lower, upper, .. }) => format!(
                "mean {} and process limits {} to {}{since}",
                wording.computed(group.mean),
                wording.computed(lower),
                wording.computed(upper)
            ),
            Spread::NoVariation => format!("no variation around {}{since}", wording.given(group.mean)),
            Spread::TooFew => format!("one point{since}, too few to draw limits"),
        };
        let verdict = match (self.variation, self.flag_of_last()) {
            (Some(variation), Some(words)) => format!("shows {}: {words}", variation.kind().words()),
            (Some(variation), None) => format!("shows {}", variation.kind().words()),
            (None, _) => "cannot be judged".into(),
        };
        format!(
            "{} from {} to {}, {lines}; the last point, {}, {verdict}.",
            Count(count, "point"),
            wording.date(first.from),
            wording.date(last.date),
            wording.given(mark.value)
        )
    }

    fn flag_of_last(&self) -> Option<String> {
        let place = self.points.iter().rposition(|point| point.mark.is_some())?;
        self.flags(place).into_iter().next().map(|flag| flag.words)
    }

    /// What can be said about the target, in one sentence; nothing without a target.
    pub fn assurance_words(&self) -> Option<String> {
        let target = self.options.target?;
        let wording = Wording::of(self);
        let shown = wording.given(target);
        let group = self.groups.last()?;
        let words = match (self.assurance, group.spread) {
            (Some(Assurance::Pass), _) => {
                format!(
                    "The target of {shown} will be met as long as the process stays as it is: it lies {} the limits.",
                    beyond(target, group)
                )
            }
            (Some(Assurance::Fail), _) => {
                format!(
                    "The target of {shown} will not be met without a change in the process: it lies {} the limits.",
                    beyond(target, group)
                )
            }
            (Some(Assurance::Inconsistent), _) => {
                format!(
                    "The target of {shown} will be met at some times and missed at others, by chance: it lies within the limits."
                )
            }
            (None, _) if self.options.direction == Direction::Neutral => {
                format!("The target of {shown} is not judged: the measure has no better direction.")
            }
            (None, Spread::NoVariation) => {
                let is_met = match self.options.direction {
                    Direction::Decrease => group.mean <= target,
                    Direction::Increase | Direction::Neutral => group.mean >= target,
                };
                let verdict = if is_met { "is met" } else { "is not met" };
                format!(
                    "The target of {shown} {verdict} by {}, from which nothing varies; without variation no more can be said.",
                    wording.given(group.mean)
                )
            }
            (None, _) => format!("The target of {shown} cannot be judged: there are too few points to draw limits."),
        };
        Some(words)
    }
}

fn beyond(target: f64, group: &Group) -> &'static str {
    if target > group.mean { "above" } else { "below" }
}
