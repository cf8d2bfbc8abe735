//! The picture of a badge, and the square code of an address, as SVG. It shows no name of a holder.

use std::fmt::Write;

use hiec_kernel::Problem;
use qrcode::{Color, QrCode};

/// How wide the picture is as PNG.
pub(super) const WIDTH: u32 = 600;
/// So many letters fit in a line of it.
const LINE: usize = 20;
const LINES: usize = 5;

/// A badge with the skill's name on it.
pub(super) fn draw(skill: &str, issuer: &str) -> String {
    let lines = lines(skill);
    let first = 205.0 - 15.0 * (lines.len() as f64 - 1.0);
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 400 400\" width=\"400\" height=\"400\" role=\"img\">\
         <circle cx=\"200\" cy=\"200\" r=\"190\" fill=\"#005eb8\"/><circle cx=\"200\" cy=\"200\" r=\"172\" fill=\"#ffffff\"/>\
         <circle cx=\"200\" cy=\"200\" r=\"164\" fill=\"#f0f4f5\"/><path d=\"M165 92l24 24 48-48\" fill=\"none\" stroke=\"#007f3b\" stroke-width=\"14\"/>",
    );
    for (place, line) in lines.iter().enumerate() {
        let y = first + 30.0 * place as f64;
        // Writing to a string cannot fail.
        let _ = write!(
            svg,
            "<text x=\"200\" y=\"{y}\" text-anchor=\"middle\" font-family=\"sans-serif\" font-size=\"24\" font-weight=\"bold\" fill=\"#212b32\">{}</text>",
            escaped(line)
        );
    }
    let _ = write!(
        svg,
        "<text x=\"200\" y=\"318\" text-anchor=\"middle\" font-family=\"sans-serif\" font-size=\"18\" fill=\"#212b32\">{}</text></svg>",
        escaped(&issuer.chars().take(LINE).collect::<String>())
    );
    svg
}

fn lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        let word: String = word.chars().take(LINE).collect();
        match lines.last_mut() {
            Some(line) if line.is_empty() => *line = word,
            Some(line) if line.chars().count() + 1 + word.chars().count() <= LINE => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    if lines.len() > LINES {
        lines.truncate(LINES);
        if let Some(last) = lines.last_mut() {
            last.push('…');
        }
    }
    lines
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The square code that a camera reads as this address.
pub(crate) fn square_code(address: &str) -> Result<String, Problem> {
    let code = QrCode::new(address.as_bytes()).map_err(Problem::internal)?;
    let width = code.width();
    let side = width + 8;
    // On paper a picture is as wide as its column: the code takes the left of it, large enough for a camera.
    let column = side * 7 / 2;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {column} {side}\" width=\"560\" height=\"160\"><rect width=\"{side}\" height=\"{side}\" fill=\"#ffffff\"/><path fill=\"#000000\" d=\""
    );
    for (place, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let _ = write!(svg, "M{} {}h1v1h-1z", place % width + 4, place / width + 4);
        }
    }
    svg.push_str("\"/></svg>");
    Ok(svg)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_broken_and_nothing_in_them_is_markup() {
        let svg = draw(
            "Ultrasound-guided vascular access <b> & more words than would ever fit on one badge however small the letters were",
            "NECLES",
        );
        assert!(
            svg.contains("&lt;b&gt;") && svg.contains("&amp; more") && svg.contains('…') && !svg.contains("<b>"),
            "{svg}"
        );
        assert!(hiec_credentials::bake(svg.as_bytes(), "a.b.c").is_ok());
    }

    #[test]
    fn a_code_is_square_and_has_its_corner() {
        let svg = square_code("https://hiec.example/credentials/018f0000-0000-7000-8000-000000000001").unwrap();
        assert!(svg.contains("M4 4h1v1h-1z"), "the finder's corner is dark");
    }
}
