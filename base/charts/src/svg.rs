//! Writes a scene as SVG: title and description for those who do not see it, no script, nothing from elsewhere. Words
//! from people never become markup.

use std::fmt::Write;

use crate::scene::{Anchor, Place, Scene, Shape, Thing, Words};
use crate::theme::{LETTERS, Theme, stylesheet};

/// What a picture is called and how it is to be dressed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cover<'a> {
    /// Begins the ids inside; unique on a page.
    pub id: &'a str,
    pub title: &'a str,
    pub description: &'a str,
    pub look: Look,
}

/// How a picture is dressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    pub theme: Theme,
    /// Whether the SVG brings its own stylesheet. A page that serves [`stylesheet`](crate::stylesheet) itself leaves it
    /// out, and one that forbids inline styles must.
    pub has_style: bool,
    /// Whether title, subtitle, reading and icons stand in the picture. A page that says them in its own words leaves them
    /// out; the words for screen readers stay.
    pub has_head: bool,
}

impl Look {
    /// For a file of its own: light or dark as the reader's machine asks.
    #[must_use]
    pub fn alone() -> Self {
        Self { theme: Theme::Auto, has_style: true, has_head: true }
    }

    /// For a page that holds the stylesheet, or none: light.
    #[must_use]
    pub fn on_page() -> Self {
        Self { theme: Theme::Light, has_style: false, has_head: true }
    }
}

/// The picture as one `svg` element.
pub(crate) fn written(scene: &Scene, cover: Cover<'_>) -> String {
    let mut out = String::with_capacity(16 << 10);
    // Writing to a string cannot fail, here and below.
    let _ = write_svg(&mut out, scene, cover);
    out
}

/// A picture that only repeats what stands beside it in words: silent for screen readers.
pub(crate) fn silent(scene: &Scene, look: Look) -> String {
    let (width, height) = (coordinate(scene.width), coordinate(scene.height));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"hc\" data-theme=\"{}\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" aria-hidden=\"true\" focusable=\"false\">{}</svg>",
        look.theme.name(),
        layers(scene, look.theme)
    )
}

fn write_svg(out: &mut String, scene: &Scene, cover: Cover<'_>) -> std::fmt::Result {
    let Cover { id, title, description, look } = cover;
    let id = safe_id(id);
    let (width, height) = (coordinate(scene.width), coordinate(scene.height));
    write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"hc\" data-theme=\"{}\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" role=\"img\" aria-labelledby=\"{id}-title{}\" \
         font-family=\"{LETTERS}\" xml:lang=\"en-GB\">",
        look.theme.name(),
        if description.is_empty() { String::new() } else { format!(" {id}-desc") },
    )?;
    write!(out, "<title id=\"{id}-title\">{}</title>", text(title))?;
    if !description.is_empty() {
        write!(out, "<desc id=\"{id}-desc\">{}</desc>", text(description))?;
    }
    if look.has_style {
        write!(out, "<style>{}</style>", stylesheet())?;
    }
    write_layers(out, scene, look.theme)?;
    out.push_str("</svg>\n");
    Ok(())
}

/// What stands in the picture, without the element around it.
pub(crate) fn layers(scene: &Scene, theme: Theme) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write_layers(&mut out, scene, theme);
    out
}

fn write_layers(out: &mut String, scene: &Scene, theme: Theme) -> std::fmt::Result {
    let palette = theme.palette();
    for layer in &scene.layers {
        write!(out, "<g{}>", layer.ink.attributes(palette))?;
        for thing in &layer.things {
            write_thing(out, thing)?;
        }
        out.push_str("</g>");
    }
    Ok(())
}

fn write_thing(out: &mut String, thing: &Thing) -> std::fmt::Result {
    match thing {
        Thing::Line(places) => write!(out, "<path fill=\"none\" d=\"{}\"/>", path(places, false)),
        Thing::Box { corner: (x, y), width, height, radius } => {
            let round = if *radius > 0.0 { format!(" rx=\"{}\"", coordinate(*radius)) } else { String::new() };
            write!(
                out,
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"{round}/>",
                coordinate(*x),
                coordinate(*y),
                coordinate(width.max(0.0)),
                coordinate(height.max(0.0))
            )
        }
        Thing::Sign { shape, at, size, hint } => write_sign(out, *shape, *at, *size, hint),
        Thing::Words(words) => write_words(out, words),
    }
}

/// Shapes of one size look equally large when their areas are about equal, not their widths.
fn write_sign(out: &mut String, shape: Shape, (x, y): Place, size: f64, hint: &str) -> std::fmt::Result {
    let corners: &[(f64, f64)] = match shape {
        Shape::Circle => &[],
        Shape::TriangleUp => &[(0.0, -1.35), (1.25, 0.85), (-1.25, 0.85)],
        Shape::TriangleDown => &[(0.0, 1.35), (1.25, -0.85), (-1.25, -0.85)],
        Shape::Diamond => &[(0.0, -1.35), (1.35, 0.0), (0.0, 1.35), (-1.35, 0.0)],
        Shape::Square => &[(-0.95, -0.95), (0.95, -0.95), (0.95, 0.95), (-0.95, 0.95)],
        Shape::Cross => &[(-1.0, -1.0), (1.0, 1.0), (0.0, 0.0), (1.0, -1.0), (-1.0, 1.0), (0.0, 0.0)],
    };
    let name = match shape {
        Shape::Circle => {
            write!(out, "<circle cx=\"{}\" cy=\"{}\" r=\"{}\"", coordinate(x), coordinate(y), coordinate(size))?;
            "circle"
        }
        _ => {
            let places: Vec<Place> = corners.iter().map(|(dx, dy)| (x + dx * size, y + dy * size)).collect();
            write!(out, "<path d=\"{}\"", path(&places, true))?;
            "path"
        }
    };
    match hint {
        "" => write!(out, "/>"),
        hint => write!(out, "><title>{}</title></{name}>", text(hint)),
    }
}

fn write_words(out: &mut String, words: &Words) -> std::fmt::Result {
    let anchor = match words.anchor {
        Anchor::Start => "",
        Anchor::Middle => " text-anchor=\"middle\"",
        Anchor::End => " text-anchor=\"end\"",
    };
    let bold = if words.is_bold { " font-weight=\"600\"" } else { "" };
    write!(
        out,
        "<text x=\"{}\" y=\"{}\" font-size=\"{}\"{anchor}{bold}>{}</text>",
        coordinate(words.at.0),
        coordinate(words.at.1),
        coordinate(words.size),
        text(&words.text)
    )
}

fn path(places: &[Place], is_closed: bool) -> String {
    let mut d = String::with_capacity(places.len() * 12);
    for (at, (x, y)) in places.iter().enumerate() {
        let _ = write!(d, "{}{} {}", if at == 0 { "M" } else { "L" }, coordinate(*x), coordinate(*y));
    }
    if is_closed {
        d.push('Z');
    }
    d
}

/// A length with at most two decimals; what is no number becomes nought, so that one bad value spoils one mark.
pub(crate) fn coordinate(length: f64) -> String {
    if !length.is_finite() {
        return "0".to_owned();
    }
    let text = format!("{length:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Words as XML text: markup becomes plain, and characters XML cannot hold are left out, as are those that turn the
/// direction of what follows.
pub(crate) fn text(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for letter in words.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            letter if letter.is_control() || u32::from(letter) & 0xfffe == 0xfffe => {}
            letter => out.push(letter),
        }
    }
    out
}

/// An id of letters, digits and hyphens, whatever it was made from.
pub(crate) fn safe_id(id: &str) -> String {
    let kept: String =
        id.chars().map(|letter| if letter.is_ascii_alphanumeric() || letter == '_' { letter } else { '-' }).collect();
    match kept.chars().next() {
        Some(first) if first.is_ascii_alphabetic() => kept,
        _ => format!("c{kept}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_from_people_never_become_markup() {
        assert_eq!(text("<b>&\"\u{0}\u{202e}\u{ffff}"), "&lt;b&gt;&amp;&quot;");
        assert_eq!(safe_id("1 <x> \"y"), "c1--x---y");
    }

    #[test]
    fn lengths_are_short_and_always_numbers() {
        assert_eq!(coordinate(12.0), "12");
        assert_eq!(coordinate(-0.001), "0");
        assert_eq!(coordinate(1.256), "1.26");
        assert_eq!(coordinate(f64::NAN), "0");
        assert_eq!(coordinate(100.0), "100");
    }
}
