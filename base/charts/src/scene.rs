//! What stands where in a picture, before it becomes SVG: so that tests can measure it. It knows places and meanings and
//! no colours.

use crate::lettering::{ASCENT, DESCENT, LEADING, width};
use crate::theme::Ink;

/// A place: to the right, and down.
pub(crate) type Place = (f64, f64);

/// A picture in its own units, painted in order.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub width: f64,
    pub height: f64,
    pub layers: Vec<Layer>,
}

/// Things of one meaning, painted together.
#[derive(Clone, Debug)]
pub(crate) struct Layer {
    pub ink: Ink,
    pub things: Vec<Thing>,
}

/// One thing in a picture.
#[derive(Clone, Debug)]
pub(crate) enum Thing {
    /// A line through places.
    Line(Vec<Place>),
    /// A box: its corner, width and height, and how round its corners are.
    Box { corner: Place, width: f64, height: f64, radius: f64 },
    /// A sign at a place, with words for who points at it.
    Sign { shape: Shape, at: Place, size: f64, hint: String },
    /// One line of words.
    Words(Words),
}

/// The shapes of points. Each can be told from the others without its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Circle,
    TriangleUp,
    TriangleDown,
    Diamond,
    Square,
    Cross,
}

/// On which side of their place words stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// One line of words.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    pub text: String,
    /// On the line the letters stand on.
    pub at: Place,
    pub anchor: Anchor,
    pub size: f64,
    pub is_bold: bool,
}

impl Words {
    /// Words that begin at a place.
    pub fn new(text: impl Into<String>, at: Place, size: f64) -> Self {
        Self { text: text.into(), at, anchor: Anchor::Start, size, is_bold: false }
    }

    pub fn anchored(mut self, anchor: Anchor) -> Self {
        self.anchor = anchor;
        self
    }

    pub fn bold(mut self) -> Self {
        self.is_bold = true;
        self
    }

    /// The room they need with a little air, for finding a free place.
    pub fn room(&self) -> [f64; 4] {
        let [left, top, right, bottom] = self.bounds();
        [left - 2.0, top, right + 2.0, bottom]
    }

    /// Left, top, right, bottom of the room they take at most.
    pub fn bounds(&self) -> [f64; 4] {
        let width = width(&self.text, self.size, self.is_bold);
        let left = match self.anchor {
            Anchor::Start => self.at.0,
            Anchor::Middle => self.at.0 - width / 2.0,
            Anchor::End => self.at.0 - width,
        };
        [left, self.at.1 - self.size * ASCENT, left + width, self.at.1 + self.size * DESCENT]
    }
}

impl Scene {
    pub fn new(width: f64, height: f64) -> Self {
        Self { width, height, layers: Vec::new() }
    }

    /// Adds a thing above all others, in a layer of its ink.
    pub fn add(&mut self, ink: Ink, thing: Thing) {
        match self.layers.last_mut() {
            Some(layer) if layer.ink == ink => layer.things.push(thing),
            _ => self.layers.push(Layer { ink, things: vec![thing] }),
        }
    }

    pub fn line(&mut self, ink: Ink, places: impl IntoIterator<Item = Place>) {
        let places: Vec<Place> = places.into_iter().collect();
        if places.len() > 1 {
            self.add(ink, Thing::Line(places));
        }
    }

    pub fn words(&mut self, ink: Ink, words: Words) {
        if !words.text.is_empty() {
            self.add(ink, Thing::Words(words));
        }
    }

    /// Lines of words under each other, the first's letters standing at `at`. Gives where a next line would stand.
    pub fn paragraph(&mut self, ink: Ink, lines: &[String], at: Place, size: f64, is_bold: bool) -> f64 {
        let mut y = at.1;
        for line in lines {
            let words = Words::new(line.as_str(), (at.0, y), size);
            self.words(ink, if is_bold { words.bold() } else { words });
            y += size * LEADING;
        }
        y
    }

    /// Every line of words, for tests.
    #[cfg(test)]
    pub fn all_words(&self) -> impl Iterator<Item = &Words> {
        self.layers.iter().flat_map(|layer| &layer.things).filter_map(|thing| match thing {
            Thing::Words(words) => Some(words),
            _ => None,
        })
    }

    /// For tests: every line of words lies within the picture, and none touches another.
    #[cfg(test)]
    pub fn assert_tidy(&self, what: &str) {
        let words: Vec<&Words> = self.all_words().collect();
        for (at, one) in words.iter().enumerate() {
            let [left, top, right, bottom] = one.bounds();
            assert!(
                left >= 0.0 && top >= 0.0 && right <= self.width + 0.01 && bottom <= self.height + 0.01,
                "{what} {one:?} of {} × {}",
                self.width,
                self.height
            );
            for other in &words[at + 1..] {
                let [from, above, to, below] = other.bounds();
                let touch = left < to - 0.01 && from < right - 0.01 && top < below - 0.01 && above < bottom - 0.01;
                assert!(!touch, "{what}: “{}” touches “{}”", one.text, other.text);
            }
        }
    }
}
