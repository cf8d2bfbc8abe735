//! The icons of variation and assurance, our own drawing: what the last point says, and whether the target can be met.
//! Each differs from the others in shape and letter as well as colour, and none goes without its words.

use std::fmt::Write;

use hiec_spc::xmr::{Assurance, Direction, PointKind, Variation};

use crate::scene::{Anchor, Place, Scene, Shape, Thing, Words};
use crate::svg::{Cover, Look, coordinate, layers, safe_id, text, written};
use crate::theme::{Ink, Theme};

/// What the icon says, as a sentence.
#[must_use]
pub fn variation_words(icon: Variation) -> &'static str {
    match icon {
        Variation::CommonCause => "Variation: common cause, no change to be seen.",
        Variation::ImprovementHigh => "Variation: special cause improvement, values are higher.",
        Variation::ImprovementLow => "Variation: special cause improvement, values are lower.",
        Variation::ConcernHigh => "Variation: special cause concern, values are higher.",
        Variation::ConcernLow => "Variation: special cause concern, values are lower.",
        Variation::NeutralHigh => "Variation: special cause, values are higher.",
        Variation::NeutralLow => "Variation: special cause, values are lower.",
    }
}

/// What the icon says, as a sentence.
#[must_use]
pub fn assurance_words(icon: Assurance) -> &'static str {
    match icon {
        Assurance::Pass => "Assurance: the process will meet the target consistently.",
        Assurance::Fail => "Assurance: the process will miss the target consistently.",
        Assurance::Inconsistent => "Assurance: the process will meet the target at some times and miss it at others.",
    }
}

/// The icon as an `svg` element of its own.
#[must_use]
pub fn variation_svg(id: &str, icon: Variation, look: Look) -> String {
    let mut scene = Scene::new(SIDE, SIDE);
    draw_variation(&mut scene, icon, (0.0, 0.0), SIDE);
    written(&scene, Cover { id, title: variation_words(icon), description: "", look })
}

/// The icon as an `svg` element of its own. The direction decides on which side of the target the process is drawn.
#[must_use]
pub fn assurance_svg(id: &str, icon: Assurance, direction: Direction, look: Look) -> String {
    let mut scene = Scene::new(SIDE, SIDE);
    draw_assurance(&mut scene, icon, direction, (0.0, 0.0), SIDE);
    written(&scene, Cover { id, title: assurance_words(icon), description: "", look })
}

/// Icons drawn once and shown many times on a page, as in a table of hundreds of series.
#[derive(Clone, Debug)]
pub struct IconSheet {
    prefix: String,
    theme: Theme,
}

const VARIATIONS: [Variation; 7] = [
    Variation::CommonCause,
    Variation::ImprovementHigh,
    Variation::ImprovementLow,
    Variation::ConcernHigh,
    Variation::ConcernLow,
    Variation::NeutralHigh,
    Variation::NeutralLow,
];

const ASSURANCES: [Assurance; 3] = [Assurance::Pass, Assurance::Fail, Assurance::Inconsistent];

impl IconSheet {
    /// A sheet whose ids begin with `prefix`, unique on the page.
    #[must_use]
    pub fn new(prefix: &str, theme: Theme) -> Self {
        Self { prefix: safe_id(prefix), theme }
    }

    /// The drawings, hidden: once on the page, before the first icon. The page takes `.hc-sheet` out of the flow.
    #[must_use]
    pub fn drawings(&self) -> String {
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"hc hc-sheet\" data-theme=\"{}\" width=\"0\" height=\"0\" \
             aria-hidden=\"true\" focusable=\"false\"><defs>",
            self.theme.name()
        );
        // Writing to a string cannot fail.
        let mut symbol = |id: String, scene: &Scene| {
            let _ =
                write!(out, "<symbol id=\"{id}\" viewBox=\"0 0 {SIDE} {SIDE}\">{}</symbol>", layers(scene, self.theme));
        };
        for icon in VARIATIONS {
            let mut scene = Scene::new(SIDE, SIDE);
            draw_variation(&mut scene, icon, (0.0, 0.0), SIDE);
            symbol(self.variation_id(icon), &scene);
        }
        for icon in ASSURANCES {
            for direction in [Direction::Increase, Direction::Decrease] {
                let mut scene = Scene::new(SIDE, SIDE);
                draw_assurance(&mut scene, icon, direction, (0.0, 0.0), SIDE);
                symbol(self.assurance_id(icon, direction), &scene);
            }
        }
        out.push_str("</defs></svg>");
        out
    }

    /// One showing of a drawing, `size` pixels wide.
    #[must_use]
    pub fn variation(&self, icon: Variation, size: f64) -> String {
        self.shown(&self.variation_id(icon), variation_words(icon), size)
    }

    /// One showing of a drawing, `size` pixels wide.
    #[must_use]
    pub fn assurance(&self, icon: Assurance, direction: Direction, size: f64) -> String {
        self.shown(&self.assurance_id(icon, direction), assurance_words(icon), size)
    }

    // Colours come to a drawing from where it is shown, so the theme is said there too.
    fn shown(&self, id: &str, words: &str, size: f64) -> String {
        let size = coordinate(size);
        format!(
            "<svg class=\"hc\" data-theme=\"{}\" width=\"{size}\" height=\"{size}\" viewBox=\"0 0 {SIDE} {SIDE}\" role=\"img\" \
             aria-label=\"{words}\"><title>{words}</title><use href=\"#{id}\"/></svg>",
            self.theme.name(),
            words = text(words)
        )
    }

    fn variation_id(&self, icon: Variation) -> String {
        format!("{}-{}", self.prefix, icon.key())
    }

    fn assurance_id(&self, icon: Assurance, direction: Direction) -> String {
        let way = if direction == Direction::Decrease { "down" } else { "up" };
        format!("{}-{}-{way}", self.prefix, icon.icon())
    }
}

/// Icons are designed on a square of this side.
const SIDE: f64 = 60.0;

/// A disc with the last few points: level and plain for common cause; leaving upwards or downwards, with the sign of the
/// last point and a letter, for a special one.
pub(crate) fn draw_variation(scene: &mut Scene, icon: Variation, corner: Place, size: f64) {
    let at = |x: f64, y: f64| (corner.0 + x * size / SIDE, corner.1 + y * size / SIDE);
    let scale = size / SIDE;
    let (ring, ink, shape) = match icon.kind() {
        PointKind::CommonCause => (Ink::RingCommon, Ink::Common, Shape::Circle),
        PointKind::Improvement => (Ink::RingImprovement, Ink::Improvement, Shape::TriangleUp),
        PointKind::Concern => (Ink::RingConcern, Ink::Concern, Shape::Diamond),
        PointKind::NeutralHigh | PointKind::NeutralLow => (Ink::RingNeutral, Ink::Neutral, Shape::Square),
    };
    let is_low = matches!(icon, Variation::ImprovementLow | Variation::ConcernLow | Variation::NeutralLow);
    let shape = if is_low && shape == Shape::TriangleUp { Shape::TriangleDown } else { shape };
    scene.add(ring, Thing::Sign { shape: Shape::Circle, at: at(30.0, 30.0), size: 28.0 * scale, hint: String::new() });
    let sign = |shape, at, size: f64| Thing::Sign { shape, at, size: size * scale, hint: String::new() };
    if icon == Variation::CommonCause {
        let places = [(12.0, 31.0), (21.0, 26.0), (30.0, 34.5), (39.0, 26.5), (48.0, 31.0)];
        scene.line(Ink::Limit, [at(12.0, 18.0), at(48.0, 18.0)]);
        scene.line(Ink::Limit, [at(12.0, 42.0), at(48.0, 42.0)]);
        scene.line(Ink::Data, places.map(|(x, y)| at(x, y)));
        for (x, y) in places {
            scene.add(ink, sign(shape, at(x, y), 3.4));
        }
        return;
    }
    let places = [(11.0, 39.0), (20.0, 43.0), (29.0, 38.0), (38.0, 29.0), (44.0, 19.5)];
    let turned = |(x, y): Place| if is_low { at(x, SIDE - y) } else { at(x, y) };
    let places = places.map(turned);
    scene.line(Ink::Data, places);
    for place in places.iter().take(3) {
        scene.add(Ink::Common, sign(Shape::Circle, *place, 3.0));
    }
    for (place, size) in places.iter().skip(3).zip([4.2, 5.6]) {
        scene.add(ink, sign(shape, *place, size));
    }
    let letter = if is_low { ("L", at(19.5, 48.0)) } else { ("H", at(20.5, 27.5)) };
    scene.words(Ink::Strong, Words::new(letter.0, letter.1, 19.0 * scale).anchored(Anchor::Middle).bold());
}

/// A rounded square with the process as a wave, the target as its dashed line, and a letter.
pub(crate) fn draw_assurance(scene: &mut Scene, icon: Assurance, direction: Direction, corner: Place, size: f64) {
    let at = |x: f64, y: f64| (corner.0 + x * size / SIDE, corner.1 + y * size / SIDE);
    let scale = size / SIDE;
    let (ring, letter) = match icon {
        Assurance::Pass => (Ink::RingImprovement, "P"),
        Assurance::Fail => (Ink::RingConcern, "F"),
        Assurance::Inconsistent => (Ink::RingCommon, "?"),
    };
    let frame = Thing::Box { corner: at(3.0, 3.0), width: 54.0 * scale, height: 54.0 * scale, radius: 9.0 * scale };
    scene.add(ring, frame);
    // Where the process runs, and where the target lies, for a measure that is better when higher.
    let (process, target) = match icon {
        Assurance::Pass => (20.0, 42.0),
        Assurance::Fail => (41.0, 18.0),
        Assurance::Inconsistent => (30.0, 30.0),
    };
    let turned = |y: f64| if direction == Direction::Decrease { SIDE - y } else { y };
    let wave = match icon {
        Assurance::Inconsistent => 10.0,
        Assurance::Pass | Assurance::Fail => 6.0,
    };
    let (process, target) = (turned(process), turned(target));
    scene.line(Ink::Target, [at(26.0, target), at(54.0, target)]);
    let places = [(29.0, -0.2), (34.5, 1.0), (40.0, -1.0), (45.5, 0.9), (51.0, -0.6)];
    let places = places.map(|(x, share)| at(x, process + share * wave));
    scene.line(Ink::Data, places);
    let ink = match icon {
        Assurance::Pass => Ink::Improvement,
        Assurance::Fail => Ink::Concern,
        Assurance::Inconsistent => Ink::Common,
    };
    for place in places {
        scene.add(ink, Thing::Sign { shape: Shape::Circle, at: place, size: 2.6 * scale, hint: String::new() });
    }
    scene.words(Ink::Strong, Words::new(letter, at(14.5, 38.0), 22.0 * scale).anchored(Anchor::Middle).bold());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_has_words_and_differs_from_the_others_without_colour() {
        let mut shapes: Vec<String> = Vec::new();
        for icon in VARIATIONS {
            let svg = variation_svg("x", icon, Look { theme: crate::Theme::Print, ..Look::on_page() });
            assert!(svg.contains(&format!("<title id=\"x-title\">{}</title>", variation_words(icon))));
            shapes.push(bare(&svg));
        }
        for icon in ASSURANCES {
            for direction in [Direction::Increase, Direction::Decrease] {
                let svg = assurance_svg("x", icon, direction, Look { theme: crate::Theme::Print, ..Look::on_page() });
                assert!(svg.contains(assurance_words(icon)));
                shapes.push(bare(&svg));
            }
        }
        // The wave across the target is nearly the same both ways, and means the same.
        shapes.sort();
        shapes.dedup();
        assert!(shapes.len() >= 12, "{} of 13 differ", shapes.len());
    }

    /// The drawing without words that are not seen and without colours.
    fn bare(svg: &str) -> String {
        let drawing = svg.split_once("</title>").unwrap().1;
        drawing
            .split('"')
            .enumerate()
            .filter(|(at, part)| at % 2 == 0 || !(part.starts_with('#') || part.starts_with("hc-")))
            .map(|(_, part)| part)
            .collect()
    }

    #[test]
    fn a_sheet_holds_every_drawing_it_is_asked_to_show() {
        let sheet = IconSheet::new("icons", Theme::Auto);
        let drawings = sheet.drawings();
        let showings = VARIATIONS
            .map(|icon| sheet.variation(icon, 32.0))
            .into_iter()
            .chain(ASSURANCES.map(|icon| sheet.assurance(icon, Direction::Decrease, 32.0)));
        for showing in showings {
            let id = showing.split("href=\"#").nth(1).unwrap().split('"').next().unwrap();
            assert!(drawings.contains(&format!("<symbol id=\"{id}\"")), "{id}");
        }
    }
}
