//! A few amounts as bars from nought, such as budget, actual and forecast, with a line to measure them by. It neither sums nor sorts.

use crate::axis::unit::Unit;
use crate::control::Size;
use crate::head::{Measures, draw_source};
use crate::lettering::{cut, width, wrapped};
use crate::scene::{Anchor, Scene, Thing, Words};
use crate::svg::{Cover, Look, written};
use crate::theme::Ink;

/// Amounts to be compared, ready to be drawn.
#[derive(Clone, Debug, Default)]
pub struct Bars {
    /// Begins the ids in the picture; unique on a page.
    pub id: String,
    pub title: String,
    /// What to make of it; under the title, and for those who do not see the picture.
    pub reading: String,
    pub unit: Unit,
    /// In the order they are drawn.
    pub bars: Vec<Bar>,
    /// What the bars are measured by, such as the budget: a line across them, with its name.
    pub mark: Option<(String, f64)>,
    pub source: String,
}

/// One amount. Below nought, and what is no number, is drawn as nought; its figure is written all the same.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bar {
    pub name: String,
    pub value: f64,
    /// As people read it: `£275,000`.
    pub figure: String,
}

impl Bar {
    #[must_use]
    pub fn new(name: impl Into<String>, value: f64, figure: impl Into<String>) -> Self {
        Self { name: name.into(), value, figure: figure.into() }
    }
}

/// How thick a bar is, in letters of the text beside it.
const THICK: f64 = 1.15;

impl Bars {
    /// The bars as one `svg` element.
    #[must_use]
    pub fn svg(&self, size: Size, look: Look) -> String {
        let description = self.description();
        let cover = Cover { id: &self.id, title: &self.title, description: &description, look };
        written(&self.scene(size, look.has_head), cover)
    }

    /// The same in a sentence.
    #[must_use]
    pub fn description(&self) -> String {
        let bars = self.bars.iter().map(|bar| format!("{}: {}.", bar.name, bar.figure));
        let mark = self.mark.iter().map(|(name, value)| {
            format!("A line stands at {}: {}.", name, self.unit.figure(*value, self.unit.exact(*value)))
        });
        let reading = Some(self.reading.clone()).filter(|reading| !reading.is_empty());
        reading.into_iter().chain(bars).chain(mark).collect::<Vec<_>>().join(" ")
    }

    fn scene(&self, size: Size, has_head: bool) -> Scene {
        let measures = Measures::of(size);
        let Measures { width: full, margin, title, text, small, .. } = measures;
        let mut scene = Scene::new(full, 0.0);
        scene.add(Ink::Ground, Thing::Box { corner: (0.0, 0.0), width: full, height: 0.0, radius: 0.0 });
        let mut y = margin;
        if has_head {
            let lines = wrapped(&self.title, full - 2.0 * margin, title, true, 3);
            y = scene.paragraph(Ink::Title, &lines, (margin, y + title * 0.82), title, true);
            let lines = wrapped(&self.reading, full - 2.0 * margin, text, false, 4);
            y = scene.paragraph(Ink::Words, &lines, (margin, y), text, false);
        }
        let figures = self.bars.iter().map(|bar| width(&bar.figure, small, true)).fold(0.0, f64::max);
        let left = margin;
        let right = (full - margin - figures - 10.0).max(left + full * 0.2);
        let largest = self
            .bars
            .iter()
            .map(|bar| length(bar.value))
            .chain(self.mark.iter().map(|(_, value)| length(*value)))
            .fold(0.0, f64::max);
        let along = |value: f64| if largest > 0.0 { left + (right - left) * length(value) / largest } else { left };
        // The name of the line stands above all bars, so that it crosses no other words.
        let top = y + if self.mark.is_some() { small * 1.7 } else { small * 0.4 };
        let step = small * (1.25 + THICK) + text * 0.75;
        for (row, bar) in (0_u32..).zip(&self.bars) {
            let head = top + f64::from(row) * step;
            let name = cut(&bar.name, right - left, small, false);
            scene.words(Ink::Words, Words::new(name, (left, head + small), small));
            let (at, thick) = (head + small * 1.35, small * THICK);
            let long = (along(bar.value) - left).max(1.0);
            scene.add(Ink::Common, Thing::Box { corner: (left, at), width: long, height: thick, radius: 0.0 });
            // Beyond the end of the longest bar, so that the line crosses no figure.
            let figure = Words::new(bar.figure.as_str(), (right + 8.0, at + thick * 0.5 + small * 0.34), small);
            scene.words(Ink::Words, figure.bold());
        }
        let rows = u32::try_from(self.bars.len()).unwrap_or(u32::MAX);
        let bottom = top + f64::from(rows) * step;
        if let Some((name, value)) = &self.mark {
            let x = along(*value);
            scene.line(Ink::Target, [(x, top - small * 0.35), (x, bottom - text * 0.5)]);
            let words = format!("{name} {}", self.unit.figure(*value, self.unit.exact(*value)));
            let words = cut(&words, full - 2.0 * margin, small, false);
            let half = width(&words, small, false) / 2.0;
            let at = x.clamp(left + half, (full - margin - half).max(left + half));
            scene.words(Ink::TargetWords, Words::new(words, (at, top - small * 0.7), small).anchored(Anchor::Middle));
        }
        y = draw_source(&mut scene, &self.source, bottom + small, &measures);
        scene.height = y.ceil().max(1.0);
        if let Some(Thing::Box { height, .. }) = scene.layers.first_mut().and_then(|layer| layer.things.first_mut()) {
            *height = scene.height;
        }
        scene
    }
}

fn length(value: f64) -> f64 {
    if value.is_finite() { value.clamp(0.0, 1e300) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(values: [f64; 2], budget: f64) -> Bars {
        Bars {
            id: "m".into(),
            title: "Money in the quarter".into(),
            reading: "Spent so far: 96% of the budget.".into(),
            unit: Unit::Pounds,
            bars: vec![Bar::new("Actual", values[0], "£132,000"), Bar::new("Forecast", values[1], "£137,500")],
            mark: Some(("Budget".into(), budget)),
            source: "Illustrative".into(),
        }
    }

    #[test]
    fn the_picture_and_its_words_say_the_same() {
        let bars = money([132_000.0, 137_500.0], 137_500.0);
        let svg = bars.svg(Size::Paper, Look::alone());
        roxmltree::Document::parse(&svg).unwrap();
        for words in [">Actual</text>", ">£132,000</text>", ">Budget £137,500</text>"] {
            assert!(svg.contains(words), "{words} is not in {svg}");
        }
        assert_eq!(
            bars.description(),
            "Spent so far: 96% of the budget. Actual: £132,000. Forecast: £137,500. A line stands at Budget: £137,500."
        );
    }

    #[test]
    fn nothing_leaves_the_picture_whatever_the_amounts() {
        for values in [[0.0, 0.0], [-5.0, 1e12], [f64::NAN, f64::INFINITY], [1.0, 2.0]] {
            for size in [Size::Wide, Size::Paper, Size::Low, Size::Narrow] {
                let scene = money(values, 7.0).scene(size, true);
                for words in scene.all_words() {
                    let [left, top, right, bottom] = words.bounds();
                    let is_inside = left >= 0.0 && top >= 0.0 && right <= scene.width && bottom <= scene.height;
                    assert!(is_inside, "{values:?} {size:?}: {words:?} leaves {} × {}", scene.width, scene.height);
                }
            }
        }
    }
}
