//! One SVG as PNG, with the program's own letters. It opens no file that the SVG names, and knows no script.

use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{self, ImageHrefResolver, Options, Tree};

use crate::fonts::{self, Shown};
use crate::glyphs::plain;
use crate::order::Picture;
use crate::{Fault, order};

/// The widest picture drawn, and the most pixels one may have: 25 million take 100 MB while they are drawn.
const WIDEST: u32 = 8_000;
const MOST_PIXELS: u32 = 25_000_000;

/// Draws the picture.
///
/// # Errors
/// [`Fault::Order`] where it is no SVG or too large, [`Fault::Press`] where it cannot be drawn.
pub fn png(picture: &Picture) -> Result<Vec<u8>, Fault> {
    let order::Picture { svg, width } = picture;
    if !(1..=WIDEST).contains(width) {
        return Err(Fault::Order(format!("A picture is between 1 and {WIDEST} pixels wide.")));
    }
    let svg = plain(svg, &Shown::by(&fonts::all()));
    let tree = Tree::from_str(&svg, &options())
        .map_err(|why| Fault::Order(format!("The picture is not an SVG that can be drawn: {why}")))?;
    let scale = *width as f32 / tree.size().width();
    let height = (tree.size().height() * scale).ceil();
    if !(1.0..=(MOST_PIXELS / width) as f32).contains(&height) {
        return Err(Fault::Order(format!("The picture would have more than {MOST_PIXELS} pixels.")));
    }
    let mut pixels = Pixmap::new(*width, height as u32)
        .ok_or_else(|| Fault::Press("There is no memory for a picture of this size.".into()))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().map_err(|why| Fault::Press(format!("The picture could not be written: {why}")))
}

fn options() -> Options<'static> {
    let mut letters = usvg::fontdb::Database::new();
    for file in fonts::files() {
        letters.load_font_data(file);
    }
    letters.set_sans_serif_family("Source Sans 3");
    Options {
        font_family: "Source Sans 3".into(),
        fontdb: Arc::new(letters),
        // A picture inside the picture is only drawn where it is part of the file.
        image_href_resolver: ImageHrefResolver {
            resolve_data: ImageHrefResolver::default_data_resolver(),
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(svg: &str, width: u32) -> Result<Pixmap, String> {
        match png(&Picture { svg: svg.into(), width }) {
            Ok(bytes) => Ok(Pixmap::decode_png(&bytes).unwrap()),
            Err(Fault::Order(words) | Fault::Press(words)) => Err(words),
        }
    }

    const SQUARE: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 10 20\">\
        <style>@supports (--a:0){.x{fill:var(--nothing)}}</style>\
        <g class=\"x\" fill=\"#ff0000\"><rect width=\"10\" height=\"20\"/></g></svg>";

    #[test]
    fn a_picture_has_the_width_that_was_asked_for_and_colours_of_attributes() {
        let pixels = drawn(SQUARE, 100).unwrap();
        assert_eq!((pixels.width(), pixels.height()), (100, 200));
        let middle = pixels.pixel(50, 100).unwrap();
        assert_eq!((middle.red(), middle.green(), middle.blue()), (255, 0, 0));
    }

    #[test]
    fn words_are_drawn_with_the_programs_own_letters() {
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 30\">\
            <text x=\"2\" y=\"22\" font-size=\"20\" font-family=\"'Source Sans 3',Arial\">Łódź</text></svg>";
        let pixels = drawn(svg, 200).unwrap();
        assert!(pixels.pixels().iter().filter(|pixel| pixel.alpha() > 200).count() > 200);
    }

    #[test]
    fn what_cannot_be_drawn_is_told() {
        assert!(drawn("rubbish", 100).unwrap_err().contains("not an SVG"));
        assert!(drawn(SQUARE, 0).unwrap_err().contains("between 1 and 8000"));
        assert!(drawn(&SQUARE.replace("0 0 10 20", "0 0 1 9000"), 8000).unwrap_err().contains("pixels"));
    }

    #[test]
    fn no_file_is_opened() {
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 10 10\">\
            <image href=\"/etc/passwd\" width=\"10\" height=\"10\"/></svg>";
        assert!(drawn(svg, 10).unwrap().pixels().iter().all(|pixel| pixel.alpha() == 0));
    }
}
