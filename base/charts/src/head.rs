//! What stands around every chart: title, subtitle, reading and icons above, the source below, and the lengths that depend
//! on the room there is. It knows no chart.

use hiec_spc::xmr::{Assurance, Direction, Variation};

use crate::control::Size;
use crate::icons;
use crate::lettering::{LEADING, wrapped};
use crate::scene::{Scene, Thing};
use crate::theme::Ink;

/// Lengths that depend on the room there is, in the picture's own units: one unit is one pixel at full size.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measures {
    pub width: f64,
    pub margin: f64,
    pub plot_height: f64,
    pub title: f64,
    pub text: f64,
    pub small: f64,
    pub icon: f64,
    pub sign: f64,
    pub title_lines: usize,
    pub reading_lines: usize,
}

impl Measures {
    pub fn of(size: Size) -> Self {
        match size {
            Size::Wide => Self {
                width: 960.0,
                margin: 20.0,
                plot_height: 330.0,
                title: 21.0,
                text: 15.0,
                small: 13.5,
                icon: 60.0,
                sign: 4.6,
                title_lines: 3,
                reading_lines: 4,
            },
            Size::Paper => Self {
                width: 720.0,
                margin: 16.0,
                plot_height: 300.0,
                title: 19.0,
                text: 15.0,
                small: 14.0,
                icon: 54.0,
                sign: 4.4,
                title_lines: 4,
                reading_lines: 6,
            },
            Size::Low => Self { plot_height: 165.0, ..Self::of(Size::Paper) },
            Size::Narrow => Self {
                width: 400.0,
                margin: 12.0,
                plot_height: 270.0,
                title: 18.0,
                text: 14.5,
                small: 13.0,
                icon: 46.0,
                sign: 3.8,
                title_lines: 5,
                reading_lines: 9,
            },
        }
    }
}

/// What is said above a chart. Texts may be empty.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head<'a> {
    pub title: &'a str,
    pub subtitle: &'a str,
    pub reading: &'a str,
    pub variation: Option<Variation>,
    pub assurance: Option<Assurance>,
    pub direction: Direction,
}

/// A picture begun: its ground, and above it title, subtitle and reading where it has a head. Gives also where the next thing may begin.
pub(crate) fn begun(size: Size, has_head: bool, [title, subtitle, reading]: [&str; 3]) -> (Scene, Measures, f64) {
    let measures = match has_head {
        true => Measures::of(size),
        false => Measures { margin: 2.0, ..Measures::of(size) },
    };
    let mut scene = Scene::new(measures.width, 0.0);
    scene.add(Ink::Ground, Thing::Box { corner: (0.0, 0.0), width: measures.width, height: 0.0, radius: 0.0 });
    let head = Head { title, subtitle, reading, variation: None, assurance: None, direction: Direction::Neutral };
    let top = if has_head { head.draw(&mut scene, &measures) } else { 2.0 };
    (scene, measures, top)
}

/// A picture ended at a height, its ground with it.
pub(crate) fn ended(mut scene: Scene, height: f64) -> Scene {
    scene.height = height.ceil();
    if let Some(Thing::Box { height, .. }) = scene.layers.first_mut().and_then(|layer| layer.things.first_mut()) {
        *height = scene.height;
    }
    scene
}

impl Head<'_> {
    /// Title, subtitle and reading on the left, icons on the right. Gives where the next thing may begin.
    pub fn draw(&self, scene: &mut Scene, measures: &Measures) -> f64 {
        let Measures { width: full, margin, title, text, icon, title_lines, reading_lines, .. } = *measures;
        let mut right = full - margin;
        let top = margin;
        if let Some(assurance) = self.assurance {
            right -= icon;
            icons::draw_assurance(scene, assurance, self.direction, (right, top), icon);
            right -= 8.0;
        }
        if let Some(variation) = self.variation {
            right -= icon;
            icons::draw_variation(scene, variation, (right, top), icon);
            right -= 8.0;
        }
        let has_icons = right < full - margin;
        let room = right - margin - if has_icons { 12.0 } else { 0.0 };
        let mut y = top + title * 0.82;
        let lines = wrapped(self.title, room, title, true, title_lines);
        y = scene.paragraph(Ink::Title, &lines, (margin, y), title, true);
        let lines = wrapped(self.subtitle, room, text, false, 3);
        y = scene.paragraph(Ink::Quiet, &lines, (margin, y), text, false);
        if has_icons {
            // The reading has the whole width: it begins below the icons.
            y = y.max(top + icon + text);
        }
        let lines = wrapped(self.reading, full - 2.0 * margin, text, false, reading_lines);
        if !lines.is_empty() {
            y += text * 0.35;
        }
        y = scene.paragraph(Ink::Words, &lines, (margin, y), text, false);
        y - text * LEADING + text * 0.5
    }
}

/// Where the data comes from, the last thing in a picture. Gives where the picture ends.
pub(crate) fn draw_source(scene: &mut Scene, source: &str, top: f64, measures: &Measures) -> f64 {
    let size = measures.small - 1.0;
    let lines = wrapped(source, measures.width - 2.0 * measures.margin, size, false, 4);
    let y = scene.paragraph(Ink::Quiet, &lines, (measures.margin, top), size, false);
    y - measures.small * 0.6 + measures.margin * 0.5
}
