//! Draws a line chart as SVG that can be read without seeing it; the table under each picture has the same figures.

use std::fmt::Write;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 360.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 190.0;
const TOP: f64 = 48.0;
const BOTTOM: f64 = 56.0;

/// Colours that differ in lightness too, and a mark for each, so that no line is told by colour alone.
const STYLES: [(&str, &str); 4] =
    [("#003087", "circle"), ("#c14a00", "square"), ("#007f7b", "diamond"), ("#6b1f7c", "cross")];

/// What a picture shows: shares, in per cent, over whole numbers.
pub struct Picture<'a> {
    pub title: &'a str,
    pub across: &'a str,
    pub highest: f64,
    pub lines: Vec<(&'a str, Vec<(usize, f64)>)>,
}

impl Picture<'_> {
    /// The picture as a file.
    pub fn svg(&self) -> Result<String, std::fmt::Error> {
        let mut svg = String::new();
        writeln!(
            svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-labelledby=\"title desc\" font-family=\"Arial, sans-serif\" font-size=\"14\">"
        )?;
        writeln!(svg, "<title id=\"title\">{}</title>", self.title)?;
        writeln!(svg, "<desc id=\"desc\">{}</desc>", self.description())?;
        writeln!(svg, "<rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>")?;
        writeln!(svg, "<text x=\"12\" y=\"22\" font-weight=\"bold\" fill=\"#212b32\">{}</text>", self.title)?;
        self.frame(&mut svg)?;
        let mut labels: Vec<f64> = Vec::new();
        for ((name, points), (colour, mark)) in self.lines.iter().zip(STYLES) {
            let path: Vec<String> =
                points.iter().map(|&(at, share)| format!("{:.1},{:.1}", self.x(at), self.y(share))).collect();
            writeln!(
                svg,
                "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2.5\"/>",
                path.join(" ")
            )?;
            for &(at, share) in points {
                writeln!(svg, "{}", symbol(mark, self.x(at), self.y(share), colour))?;
            }
            let Some(&(at, share)) = points.last() else { continue };
            // A label that would lie on another gives way upwards.
            let mut y = self.y(share) + 5.0;
            while labels.iter().any(|taken| (taken - y).abs() < 17.0) {
                y -= 1.0;
            }
            labels.push(y);
            writeln!(svg, "<text x=\"{:.1}\" y=\"{y:.1}\" fill=\"{colour}\">{name}</text>", self.x(at) + 12.0)?;
        }
        writeln!(svg, "</svg>")?;
        Ok(svg)
    }

    fn description(&self) -> String {
        let lines = self.lines.iter().filter_map(|(name, points)| {
            let (first, last) = (points.first()?, points.last()?);
            Some(format!("{name}: from {:.1}% at {} to {:.1}% at {}", first.1, first.0, last.1, last.0))
        });
        format!("{}. The table below the picture has every figure.", lines.collect::<Vec<_>>().join("; "))
    }

    fn frame(&self, svg: &mut String) -> std::fmt::Result {
        let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
        for part in 0..=4 {
            let share = self.highest * f64::from(part) / 4.0;
            let y = self.y(share);
            writeln!(svg, "<line x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{right}\" y2=\"{y:.1}\" stroke=\"#d8dde0\"/>")?;
            writeln!(
                svg,
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#212b32\">{share}%</text>",
                LEFT - 8.0,
                y + 5.0
            )?;
        }
        let mut taken = f64::MIN;
        for &at in self.places() {
            let x = self.x(at);
            if x - taken >= 28.0 {
                writeln!(
                    svg,
                    "<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#212b32\">{at}</text>",
                    bottom + 20.0
                )?;
                taken = x;
            }
        }
        writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#212b32\">{}</text>",
            (LEFT + right) / 2.0,
            HEIGHT - 12.0,
            self.across
        )
    }

    fn places(&self) -> impl Iterator<Item = &usize> {
        self.lines.iter().take(1).flat_map(|(_, points)| points.iter().map(|(at, _)| at))
    }

    #[expect(clippy::cast_precision_loss, reason = "a few hundred at most")]
    fn x(&self, at: usize) -> f64 {
        let (first, last) = (self.places().min().copied().unwrap_or(0), self.places().max().copied().unwrap_or(1));
        let part = (at.saturating_sub(first)) as f64 / (last - first).max(1) as f64;
        LEFT + 12.0 + part * (WIDTH - RIGHT - LEFT - 24.0)
    }

    fn y(&self, share: f64) -> f64 {
        HEIGHT - BOTTOM - share / self.highest * (HEIGHT - BOTTOM - TOP)
    }
}

fn symbol(mark: &str, x: f64, y: f64, colour: &str) -> String {
    match mark {
        "circle" => format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4.5\" fill=\"{colour}\"/>"),
        "square" => {
            format!("<rect x=\"{:.1}\" y=\"{:.1}\" width=\"8\" height=\"8\" fill=\"{colour}\"/>", x - 4.0, y - 4.0)
        }
        "diamond" => format!("<path d=\"M{x:.1} {:.1}l6 6l-6 6l-6 -6z\" fill=\"{colour}\"/>", y - 6.0),
        _ => format!(
            "<path d=\"M{:.1} {:.1}l9 9m0 -9l-9 9\" stroke=\"{colour}\" stroke-width=\"3\" fill=\"none\"/>",
            x - 4.5,
            y - 4.5
        ),
    }
}
