//! The picture of a control chart, from title to source: measured first, then painted. No two lines of words touch.

use super::frame::Plot;
use super::marks::{self, draw_lines, draw_points};
use super::model::{ControlChart, Event, Kind, Size, When, period};
use crate::head::{Head, Measures, draw_source};
use crate::lettering::{LEADING, width, wrapped};
use crate::placing::{Flag, apart, gathered, rows};
use crate::scene::{Anchor, Scene, Shape, Thing, Words};
use crate::svg::{Cover, Look, written};
use crate::theme::Ink;

impl ControlChart {
    /// The chart as one `svg` element.
    #[must_use]
    pub fn svg(&self, size: Size, look: Look) -> String {
        let cover = Cover { id: &self.id, title: &self.title, description: &self.description(), look };
        written(&self.scene(size, look.has_head), cover)
    }

    /// The chart for those who do not see it: its summary, and what happened when.
    #[must_use]
    pub fn description(&self) -> String {
        let summary = if self.summary.is_empty() { &self.reading } else { &self.summary };
        let mut parts = vec![summary.trim().to_owned()];
        let grain = self.grain();
        parts.extend(self.events.iter().map(|event| format!("{}: {}.", period(grain, event.when), event.words)));
        parts.retain(|part| !part.is_empty());
        parts.join(" ")
    }

    pub(super) fn scene(&self, size: Size, has_head: bool) -> Scene {
        let measures = match has_head {
            true => Measures::of(size),
            // Without a head the chart stands in line with the words of its page.
            false => Measures { margin: 2.0, ..Measures::of(size) },
        };
        let mut scene = Scene::new(measures.width, 0.0);
        // Painted first and measured last.
        scene.add(Ink::Ground, Thing::Box { corner: (0.0, 0.0), width: measures.width, height: 0.0, radius: 0.0 });
        let mut y = if has_head { self.head().draw(&mut scene, &measures) } else { 2.0 };
        let labels = self.end_labels(size);
        let gutter = labels.iter().map(|label| width(&label.words, measures.small, label.is_bold)).fold(0.0, f64::max);
        // Without labels the last tick's words still need half their width.
        let gutter = if labels.is_empty() { 40.0 } else { gutter + LEADER + 6.0 };

        let axis_title =
            wrapped(self.unit.axis_title(), measures.width - 2.0 * measures.margin, measures.small, false, 1);
        if !axis_title.is_empty() {
            let at = (measures.margin, y + measures.small * 1.5);
            y = scene.paragraph(Ink::Quiet, &axis_title, at, measures.small, false) - measures.small * 0.8;
        }
        // Where flags stand sideways does not depend on how high the plot hangs.
        let sideways = Plot::new(self, &measures, 0.0, gutter);
        let flags = self.flags(&sideways, &measures);
        y += flags.height(&measures) + 10.0;
        let plot = Plot::new(self, &measures, y, gutter);
        draw_axes(&mut scene, &plot, &measures);
        draw_lines(&mut scene, self, &plot);
        flags.draw(&mut scene, &plot, &measures);
        draw_points(&mut scene, self, &plot, measures.sign);
        draw_end_labels(&mut scene, &labels, &plot, &measures);
        y = plot.bottom + measures.small * 3.4 + 16.0;
        let has_plain = marks::has_plain(marks::size(self, &plot, measures.sign));
        y = self.draw_legend(&mut scene, has_plain, y, &measures);
        y = self.draw_foot(&mut scene, &flags, y, &measures);

        scene.height = y.ceil();
        if let Some(Thing::Box { height, .. }) = scene.layers.first_mut().and_then(|layer| layer.things.first_mut()) {
            *height = scene.height;
        }
        scene
    }

    fn head(&self) -> Head<'_> {
        Head {
            title: &self.title,
            subtitle: &self.subtitle,
            reading: &self.reading,
            variation: self.variation,
            assurance: self.assurance,
            direction: self.direction,
        }
    }

    /// What stands beside the ends of the lines: last value, target, mean and limits.
    fn end_labels(&self, size: Size) -> Vec<EndLabel> {
        let decimals = self.decimals();
        let (upper, lower) = match size {
            Size::Wide | Size::Paper | Size::Low => ("Upper limit", "Lower limit"),
            Size::Narrow => ("Upper", "Lower"),
        };
        let mut labels = Vec::new();
        let Some((last, value)) = self.last() else { return labels };
        let mut push = |name: &str, value: Option<f64>, ink: Ink, is_bold: bool| {
            if let Some(value) = value.filter(|value| value.is_finite()) {
                // Somebody chose the target: it is written as it was given.
                let decimals = if ink == Ink::TargetWords { self.unit.exact(value) } else { decimals };
                let words = format!("{name} {}", self.unit.figure(value, decimals));
                labels.push(EndLabel { words, value, ink, is_bold });
            }
        };
        push(upper, last.upper, Ink::Quiet, false);
        push(self.centre.name(), last.centre, Ink::Words, false);
        push(lower, last.lower, Ink::Quiet, false);
        push("Target", self.target, Ink::TargetWords, false);
        match size {
            Size::Wide | Size::Paper | Size::Low => push(&self.period(last.when), Some(value), Ink::Strong, true),
            Size::Narrow => push("Last", Some(value), Ink::Strong, true),
        }
        labels
    }

    /// Events as flags above the plot where they fit, else as numbers with their words below.
    fn flags(&self, plot: &Plot, measures: &Measures) -> Flags {
        let mut events: Vec<(f64, &Event)> =
            self.events.iter().map(|event| (self.event_place(event, plot), event)).collect();
        events.sort_by(|one, other| one.0.total_cmp(&other.0));
        let edge = measures.width - measures.margin;
        let size = measures.small;
        let labelled: Vec<(Flag, Vec<String>)> = events
            .iter()
            .map(|(x, event)| {
                let lines = wrapped(&event.words, (measures.width * 0.3).min(230.0), size, false, FLAG_LINES + 1);
                let widest = lines.iter().map(|line| width(line, size, false)).fold(0.0, f64::max);
                let from = (x + 5.0).min(edge - widest).max(measures.margin);
                (Flag { x: *x, from, to: from + widest }, lines)
            })
            .collect();
        let spans: Vec<Flag> = labelled.iter().map(|(flag, _)| *flag).collect();
        let fits = labelled.iter().all(|(_, lines)| lines.len() <= FLAG_LINES);
        match rows(&spans, FLAG_ROWS).filter(|_| fits) {
            Some(rows) => Flags::Words(
                labelled.into_iter().zip(rows).map(|((flag, lines), row)| WordFlag { flag, lines, row }).collect(),
            ),
            None => {
                let xs: Vec<f64> = events.iter().map(|(x, _)| *x).collect();
                let grain = self.grain();
                let notes = (1_usize..)
                    .zip(&events)
                    .map(|(number, (_, event))| format!("{number}. {}: {}", period(grain, event.when), event.words))
                    .collect();
                let widest = format!("{0}–{0}", xs.len());
                let numbers = gathered(&xs, width(&widest, size, true) + 6.0)
                    .into_iter()
                    .map(|(middle, range)| {
                        let words = match range.len() {
                            1 => range.end.to_string(),
                            _ => format!("{}–{}", range.start + 1, range.end),
                        };
                        (middle, words)
                    })
                    .collect();
                Flags::Numbers { xs, numbers, notes }
            }
        }
    }

    /// A rebase stands between the last point of the old limits and the first of the new ones.
    fn event_place(&self, event: &Event, plot: &Plot) -> f64 {
        let x = plot.along.at(event.when);
        if !event.is_rebase {
            return x;
        }
        let at = self.points.iter().position(|point| not_before(point.when, event.when));
        match at.and_then(|at| at.checked_sub(1)).and_then(|before| self.points.get(before)) {
            Some(before) => f64::midpoint(plot.along.at(before.when), x),
            None => x,
        }
    }

    /// The shapes that occur, with their meaning.
    fn draw_legend(&self, scene: &mut Scene, has_plain: bool, top: f64, measures: &Measures) -> f64 {
        let Measures { width: full, margin, small, sign, .. } = *measures;
        let has = |kind: Kind| self.points.iter().any(|point| point.kind == kind && point.value.is_some());
        let has_gap = self.points.iter().any(|point| point.value.is_none());
        let entry = |kinds: &[Kind], words: &'static str| -> Option<(Vec<(Shape, Ink)>, &'static str)> {
            let signs: Vec<(Shape, Ink)> =
                kinds.iter().filter(|kind| has(**kind)).map(|kind| (marks::shape(*kind), marks::ink(*kind))).collect();
            let mut once: Vec<(Shape, Ink)> = Vec::new();
            signs.into_iter().for_each(|sign| {
                if !once.contains(&sign) {
                    once.push(sign);
                }
            });
            (!once.is_empty()).then_some((once, words))
        };
        let entries: Vec<(Vec<(Shape, Ink)>, &'static str)> = [
            entry(&[Kind::Common], if self.has_limits() { "Common cause" } else { "Value" }).filter(|_| has_plain),
            entry(&[Kind::ImprovementHigh, Kind::ImprovementLow], "Special cause: improvement"),
            entry(&[Kind::ConcernHigh, Kind::ConcernLow], "Special cause: concern"),
            entry(&[Kind::NeutralHigh, Kind::NeutralLow], "Special cause"),
            entry(&[Kind::Excluded], "Left out of mean and limits"),
            has_gap.then(|| (vec![(Shape::Cross, Ink::Excluded)], "No value")),
        ]
        .into_iter()
        .flatten()
        .collect();
        let (mut x, mut y) = (margin, top);
        for (signs, words) in entries {
            let signs_width = signs.len() as f64 * (sign * 2.0 + 6.0);
            let entry_width = signs_width + 4.0 + width(words, small, false);
            if x > margin && x + entry_width > full - margin {
                x = margin;
                y += small * 1.6;
            }
            for (at, (shape, ink)) in signs.iter().enumerate() {
                let at = (x + sign + 1.0 + at as f64 * (sign * 2.0 + 6.0), y - small * 0.34);
                let size = if *shape == Shape::Cross { 3.2 } else { sign };
                scene.add(*ink, Thing::Sign { shape: *shape, at, size, hint: String::new() });
            }
            scene.words(Ink::Quiet, Words::new(words, (x + signs_width + 2.0, y), small));
            x += entry_width + 22.0;
        }
        y + small * 1.5
    }

    fn has_limits(&self) -> bool {
        self.points.iter().any(|point| point.upper.is_some() || point.lower.is_some())
    }

    /// Notes to the numbers above the plot, and the source.
    fn draw_foot(&self, scene: &mut Scene, flags: &Flags, top: f64, measures: &Measures) -> f64 {
        let Measures { width: full, margin, small, .. } = *measures;
        let room = full - 2.0 * margin;
        let mut y = top + 4.0;
        if let Flags::Numbers { notes, .. } = flags {
            for note in notes {
                let lines = wrapped(note, room, small, false, 4);
                y = scene.paragraph(Ink::Words, &lines, (margin, y), small, false) + 2.0;
            }
            y += 4.0;
        }
        draw_source(scene, &self.source, y, measures)
    }
}

fn not_before(one: When, other: When) -> bool {
    match (one, other) {
        (When::Day(one), When::Day(other)) => one >= other,
        (When::Row(one), When::Row(other)) => one >= other,
        _ => false,
    }
}

/// Most lines of words, and most rows, above the plot.
const FLAG_LINES: usize = 2;
const FLAG_ROWS: usize = 3;
/// From the plot to the labels beside it.
const LEADER: f64 = 16.0;

/// A label beside the end of a line.
struct EndLabel {
    words: String,
    value: f64,
    ink: Ink,
    is_bold: bool,
}

struct WordFlag {
    flag: Flag,
    lines: Vec<String>,
    row: usize,
}

/// How events are told.
enum Flags {
    Words(Vec<WordFlag>),
    Numbers { xs: Vec<f64>, numbers: Vec<(f64, String)>, notes: Vec<String> },
}

impl Flags {
    fn row_height(&self, measures: &Measures) -> f64 {
        match self {
            Self::Words(flags) => {
                let lines = flags.iter().map(|flag| flag.lines.len()).max().unwrap_or(0);
                lines as f64 * measures.small * LEADING + 6.0
            }
            Self::Numbers { .. } => measures.small * LEADING + 6.0,
        }
    }

    fn height(&self, measures: &Measures) -> f64 {
        match self {
            Self::Words(flags) => match flags.iter().map(|flag| flag.row).max() {
                Some(highest) => (highest + 1) as f64 * self.row_height(measures),
                None => 0.0,
            },
            Self::Numbers { .. } => self.row_height(measures),
        }
    }

    fn draw(&self, scene: &mut Scene, plot: &Plot, measures: &Measures) {
        let size = measures.small;
        match self {
            Self::Words(flags) => {
                for WordFlag { flag, lines, row } in flags {
                    let bottom = plot.top - *row as f64 * self.row_height(measures);
                    let top = bottom - lines.len() as f64 * size * LEADING;
                    // Beside its words where they stand to the right of the line, else below them.
                    let start = if flag.from > flag.x { top } else { bottom };
                    scene.line(Ink::Event, [(flag.x, start), (flag.x, plot.bottom)]);
                    scene.paragraph(Ink::Words, lines, (flag.from, top + size * 0.82), size, false);
                }
            }
            Self::Numbers { xs, numbers, .. } => {
                for x in xs {
                    scene.line(Ink::Event, [(*x, plot.top), (*x, plot.bottom)]);
                }
                for (middle, words) in numbers {
                    let words = Words::new(words.as_str(), (*middle, plot.top - 6.0), size).anchored(Anchor::Middle);
                    scene.words(Ink::Strong, words.bold());
                }
            }
        }
    }
}

fn draw_axes(scene: &mut Scene, plot: &Plot, measures: &Measures) {
    let size = measures.small;
    for (y, words) in &plot.value_ticks {
        scene.line(Ink::Grid, [(plot.left, *y), (plot.right, *y)]);
        let words = Words::new(words.as_str(), (plot.left - 8.0, y + size * 0.34), size).anchored(Anchor::End);
        scene.words(Ink::Quiet, words);
    }
    scene.line(Ink::Axis, [(plot.left, plot.bottom), (plot.right, plot.bottom)]);
    for tick in &plot.time_ticks {
        scene.line(Ink::Axis, [(tick.x, plot.bottom), (tick.x, plot.bottom + 5.0)]);
        let first = Words::new(tick.label.as_str(), (tick.x, plot.bottom + 10.0 + size * 0.8), size);
        scene.words(Ink::Quiet, first.anchored(Anchor::Middle));
        let second = Words::new(tick.below.as_str(), (tick.x, plot.bottom + 10.0 + size * 2.05), size);
        scene.words(Ink::Quiet, second.anchored(Anchor::Middle));
    }
}

fn draw_end_labels(scene: &mut Scene, labels: &[EndLabel], plot: &Plot, measures: &Measures) {
    let size = measures.small;
    let wanted: Vec<f64> = labels.iter().map(|label| plot.scale.at(label.value)).collect();
    let places = apart(&wanted, size * 1.3, plot.top, plot.bottom);
    for ((label, wish), place) in labels.iter().zip(&wanted).zip(&places) {
        let from = plot.right + 3.0;
        if (wish - place).abs() > 1.5 || label.is_bold {
            scene.line(Ink::Leader, [(from, *wish), (from + 3.0, *wish), (from + LEADER - 5.0, *place)]);
        }
        let words = Words::new(label.words.as_str(), (plot.right + LEADER, place + size * 0.34), size);
        scene.words(label.ink, if label.is_bold { words.bold() } else { words });
    }
}
