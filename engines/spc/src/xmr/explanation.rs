//! Why a point is flagged and how limits came about, in words; it explains what the rules found and never judges again.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;
use core::ops::Range;

use super::limits::{SCREEN, SPAN};
use super::rules::is_two_in_three;
use super::wording::{Count, Wording};
use super::{Chart, End, Group, Mark, Rule, Spread};

/// A rule a point breaks, and the words for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    pub rule: Rule,
    pub end: End,
    /// "7 points above the mean since May 2018": no capital, no full stop, so that it fits into a sentence.
    pub words: String,
}

impl Chart {
    /// The rules the point at a place breaks, the one that speaks for it first; none for a gap.
    pub fn flags(&self, place: usize) -> Vec<Flag> {
        let Some((point, mark)) = self.points.get(place).and_then(|point| point.mark.map(|mark| (point, mark))) else {
            return Vec::new();
        };
        let Some(group) = self.group_of(point) else { return Vec::new() };
        let stretch = Stretch::around(self, group, place);
        Rule::ALL
            .into_iter()
            .filter_map(|rule| {
                mark.signals.end(rule).map(|end| Flag { rule, end, words: stretch.words(group, rule, end) })
            })
            .collect()
    }

    /// How the mean and limits of a group came about: points used, moving ranges left out, formula.
    pub fn working(&self, group: &Group) -> String {
        let wording = Wording::of(self);
        let working = &group.working;
        let until = self
            .points
            .get(group.points.clone())
            .and_then(|points| points.iter().filter(|point| point.mark.is_some()).nth(working.points.saturating_sub(1)))
            .map_or(group.until, |point| point.date);
        let mut text = format!(
            "Mean of {} from {} to {}: {}.",
            Count(working.points, "point"),
            wording.date(group.from),
            wording.date(until),
            wording.computed(group.mean)
        );
        // Writing to a text cannot fail.
        let _ = self.write_spread(&mut text, group, wording);
        text
    }

    fn write_spread(&self, text: &mut String, group: &Group, wording: Wording) -> core::fmt::Result {
        let working = &group.working;
        let Some(average) = working.average else {
            return text.write_str(" One point has no moving range, so no limits are drawn.");
        };
        let Spread::Limits(limits) = group.spread else {
            return text.write_str(" The values do not vary, so no limits are drawn.");
        };
        let kept = working.moving_ranges - working.screened_out.len();
        write!(text, " Average of {}: {}", Count(kept, "moving range"), wording.factor(average))?;
        if let (Some(screen), Some(all)) = (working.screen, working.average_unscreened) {
            match working.screened_out.as_slice() {
                _ if working.is_screening_undone => {
                    text.write_str(", screening undone because it would have left no variation")?;
                }
                [] => {
                    write!(text, ", none of {} ({SCREEN} × {}) or more", wording.computed(screen), wording.factor(all))?
                }
                out => {
                    write!(
                        text,
                        ", without {} of {} ({SCREEN} × {}) or more: ",
                        out.len(),
                        wording.computed(screen),
                        wording.factor(all)
                    )?;
                    for (at, range) in out.iter().enumerate() {
                        let comma = if at == 0 { "" } else { ", " };
                        write!(text, "{comma}{} ({})", wording.computed(range.size), wording.date(range.date))?;
                    }
                }
            }
        }
        write!(
            text,
            ". Limits: {} ± {SPAN} × {} = {} and {}. {}.",
            wording.computed(group.mean),
            wording.factor(average),
            wording.computed(limits.lower),
            wording.computed(limits.upper),
            self.rule_set()
        )
    }
}

/// The values of a group around one of them.
struct Stretch<'a> {
    chart: &'a Chart,
    wording: Wording,
    /// Places in the chart, gaps left out.
    places: Vec<usize>,
    marks: Vec<Mark>,
    /// Which of them is explained.
    at: usize,
}

impl<'a> Stretch<'a> {
    fn around(chart: &'a Chart, group: &Group, place: usize) -> Self {
        let points = chart.points.iter().enumerate().take(group.points.end).skip(group.points.start);
        let (places, marks): (Vec<usize>, Vec<Mark>) =
            points.filter_map(|(at, point)| point.mark.map(|mark| (at, mark))).unzip();
        let at = places.binary_search(&place).unwrap_or_default();
        Self { chart, wording: Wording::of(chart), places, marks, at }
    }

    fn words(&self, group: &Group, rule: Rule, end: End) -> String {
        match (rule, end) {
            (Rule::Outside, End::High) => {
                format!(
                    "above the upper process limit{}",
                    self.bracketed(group.spread.limits().map(|limits| limits.upper))
                )
            }
            (Rule::Outside, End::Low) => {
                format!(
                    "below the lower process limit{}",
                    self.bracketed(group.spread.limits().map(|limits| limits.lower))
                )
            }
            (Rule::Trend, _) => {
                let run = self.run(|before, after| End::from(before.value, after.value) == Some(end));
                let how = if end == End::High { "rising" } else { "falling" };
                format!("{} {how}{}", Count(run.len(), "point"), self.when(&run))
            }
            (Rule::TwoInThree, _) => {
                let three = self.two_in_three();
                let near = self.marks.get(three.clone()).unwrap_or_default().iter().filter(|mark| mark.is_near).count();
                let which = if end == End::High { "upper" } else { "lower" };
                format!("{near} of 3 points close to the {which} limit{}", self.when(&three))
            }
            (Rule::Shift, _) => {
                let run = self.run(|before, after| before.side == after.side);
                let side = if end == End::High { "above" } else { "below" };
                format!("{} {side} the mean{}", Count(run.len(), "point"), self.when(&run))
            }
        }
    }

    fn bracketed(&self, number: Option<f64>) -> String {
        number.map_or_else(String::new, |number| format!(" ({})", self.wording.computed(number)))
    }

    /// The longest run through the point in which each pair of neighbours belongs together.
    fn run(&self, belong: impl Fn(&Mark, &Mark) -> bool) -> Range<usize> {
        let pairs = || self.marks.iter().zip(self.marks.iter().skip(1));
        let before = pairs().take(self.at).rev().take_while(|(before, after)| belong(before, after)).count();
        let after = pairs().skip(self.at).take_while(|(before, after)| belong(before, after)).count();
        self.at - before..self.at + after + 1
    }

    /// The first three points around this one that break the rule.
    fn two_in_three(&self) -> Range<usize> {
        (self.at.saturating_sub(2)..=self.at)
            .map(|start| start..start + 3)
            .find(|three| self.marks.get(three.clone()).is_some_and(is_two_in_three))
            .unwrap_or(self.at..self.at + 1)
    }

    /// " since May 2018" for a run that goes on to the last value of the chart, else " from May 2018 to January 2019".
    fn when(&self, run: &Range<usize>) -> String {
        let date =
            |at: usize| self.places.get(at).and_then(|&place| self.chart.points.get(place)).map(|point| point.date);
        let (Some(from), Some(until)) = (date(run.start), date(run.end.saturating_sub(1))) else {
            return String::new();
        };
        match self.chart.last() {
            Some((last, _)) if last.date == until => format!(" since {}", self.wording.date(from)),
            _ => format!(" from {} to {}", self.wording.date(from), self.wording.date(until)),
        }
    }
}
