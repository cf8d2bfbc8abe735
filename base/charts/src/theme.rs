//! The look of every chart in one place: colours for light, dark, print and forced colours, strokes, sizes, letters.
//! Nothing else in this crate may name a colour, and nothing here may be told apart by colour alone.

use std::fmt::Write;

/// Which colours a chart wears.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Light, or dark where the reader's machine asks for it: for a file that stands alone.
    #[default]
    Auto,
    /// Light, whatever the machine asks for: for pages that are light themselves.
    Light,
    /// Dark, whatever the machine asks for.
    Dark,
    /// Black on white; shapes, dashes and grey levels carry the meaning. Printers get this by themselves.
    Print,
}

impl Theme {
    /// The value of `data-theme`, by which the stylesheet finds a chart.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Print => "print",
        }
    }

    /// The colours a program sees that knows no stylesheets.
    pub(crate) fn palette(self) -> &'static Palette {
        match self {
            Self::Auto | Self::Light => &LIGHT,
            Self::Dark => &DARK,
            Self::Print => &PRINT,
        }
    }
}

/// The letters, in order of preference. Frutiger belongs to NHS bodies and is not among them.
pub(crate) const LETTERS: &str =
    "'Source Sans 3','Source Sans Pro',Arial,'Liberation Sans','Helvetica Neue',Helvetica,sans-serif";

/// The colours of one theme. Contrast against `ground` is held by tests to WCAG 2.2: 4.5 for words, 3 for marks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Palette {
    /// Behind everything.
    pub ground: &'static str,
    /// Titles, values, the mean.
    pub ink: &'static str,
    /// Lesser words, limits.
    pub quiet: &'static str,
    /// Lines that only guide the eye; they carry no meaning.
    pub grid: &'static str,
    /// The line from point to point, and points within common cause.
    pub common: &'static str,
    pub common_fill: &'static str,
    pub improvement: &'static str,
    pub improvement_fill: &'static str,
    pub concern: &'static str,
    pub concern_fill: &'static str,
    pub neutral: &'static str,
    pub neutral_fill: &'static str,
    pub target: &'static str,
    /// A faint band behind the points, such as the baseline.
    pub band: &'static str,
}

/// The fills are the familiar colours of NHS statistical process control; an edge of a darker shade of the same colour
/// brings the marks to the contrast that light blue (2.3:1 on white) and orange (2.5:1) lack.
const LIGHT: Palette = Palette {
    ground: "#ffffff",
    ink: "#212b32",
    quiet: "#4c6272",
    grid: "#dfe4e7",
    common: "#768692",
    common_fill: "#768692",
    improvement: "#005eb8",
    improvement_fill: "#41b6e6",
    concern: "#a84300",
    concern_fill: "#ed8b00",
    neutral: "#4a1d87",
    neutral_fill: "#8a63c7",
    target: "#d5281b",
    band: "#e6ecef",
};

const DARK: Palette = Palette {
    ground: "#131a1f",
    ink: "#f0f4f5",
    quiet: "#b4bfc7",
    grid: "#2c373f",
    common: "#93a1ab",
    common_fill: "#93a1ab",
    improvement: "#9bdcf7",
    improvement_fill: "#1f95c9",
    concern: "#ffc46b",
    concern_fill: "#d97c00",
    neutral: "#d3bdf5",
    neutral_fill: "#8a63c7",
    target: "#ff8578",
    band: "#212b33",
};

/// Common cause is hollow, special cause is filled: the difference survives any printer.
const PRINT: Palette = Palette {
    ground: "#ffffff",
    ink: "#000000",
    quiet: "#333333",
    grid: "#d9d9d9",
    common: "#5c5c5c",
    common_fill: "#ffffff",
    improvement: "#000000",
    improvement_fill: "#000000",
    concern: "#000000",
    concern_fill: "#000000",
    neutral: "#000000",
    neutral_fill: "#8c8c8c",
    target: "#000000",
    band: "#f2f2f2",
};

/// The reader's own colours, where the system imposes them.
const FORCED: Palette = Palette {
    ground: "Canvas",
    ink: "CanvasText",
    quiet: "CanvasText",
    grid: "GrayText",
    common: "CanvasText",
    common_fill: "Canvas",
    improvement: "CanvasText",
    improvement_fill: "Highlight",
    concern: "CanvasText",
    concern_fill: "CanvasText",
    neutral: "CanvasText",
    neutral_fill: "GrayText",
    target: "CanvasText",
    band: "Canvas",
};

impl Palette {
    fn named(&self) -> [(&'static str, &'static str); 14] {
        [
            ("ground", self.ground),
            ("ink", self.ink),
            ("quiet", self.quiet),
            ("grid", self.grid),
            ("common", self.common),
            ("common-fill", self.common_fill),
            ("improvement", self.improvement),
            ("improvement-fill", self.improvement_fill),
            ("concern", self.concern),
            ("concern-fill", self.concern_fill),
            ("neutral", self.neutral),
            ("neutral-fill", self.neutral_fill),
            ("target", self.target),
            ("band", self.band),
        ]
    }

    fn properties(&self) -> String {
        self.named().iter().fold(String::new(), |mut css, (name, colour)| {
            // Writing to a string cannot fail.
            let _ = write!(css, "--hc-{name}:{colour};");
            css
        })
    }

    fn colour(&self, name: &str) -> &'static str {
        self.named().iter().find(|(known, _)| *known == name).map_or("none", |(_, colour)| *colour)
    }
}

/// What a part of a picture is painted with: the meaning, not the colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    Ground,
    Band,
    Grid,
    Axis,
    Data,
    FineData,
    Gap,
    Mean,
    Limit,
    Inner,
    Target,
    Event,
    Leader,
    Common,
    Improvement,
    Concern,
    Neutral,
    Excluded,
    Title,
    Words,
    Quiet,
    Strong,
    TargetWords,
    RingCommon,
    RingImprovement,
    RingConcern,
    RingNeutral,
}

/// Every ink, for the stylesheet.
const INKS: [Ink; 27] = [
    Ink::Ground,
    Ink::Band,
    Ink::Grid,
    Ink::Axis,
    Ink::Data,
    Ink::FineData,
    Ink::Gap,
    Ink::Mean,
    Ink::Limit,
    Ink::Inner,
    Ink::Target,
    Ink::Event,
    Ink::Leader,
    Ink::Common,
    Ink::Improvement,
    Ink::Concern,
    Ink::Neutral,
    Ink::Excluded,
    Ink::Title,
    Ink::Words,
    Ink::Quiet,
    Ink::Strong,
    Ink::TargetWords,
    Ink::RingCommon,
    Ink::RingImprovement,
    Ink::RingConcern,
    Ink::RingNeutral,
];

/// How an ink paints: names of colours, width of the stroke, dashes.
struct Brush {
    class: &'static str,
    fill: &'static str,
    stroke: &'static str,
    width: f64,
    dashes: &'static str,
}

const fn brush(class: &'static str, fill: &'static str, stroke: &'static str, width: f64) -> Brush {
    Brush { class, fill, stroke, width, dashes: "" }
}

const fn dashed(class: &'static str, stroke: &'static str, width: f64, dashes: &'static str) -> Brush {
    Brush { class, fill: "none", stroke, width, dashes }
}

impl Ink {
    fn brush(self) -> Brush {
        match self {
            Self::Ground => brush("ground", "ground", "none", 0.0),
            Self::Band => brush("band", "band", "none", 0.0),
            Self::Grid => brush("grid", "none", "grid", 1.0),
            Self::Axis => brush("axis", "none", "quiet", 1.0),
            Self::Data => brush("data", "none", "common", 1.75),
            Self::FineData => brush("data", "none", "common", 0.75),
            Self::Gap => dashed("gap", "common", 1.25, "1.5 4"),
            Self::Mean => brush("mean", "none", "ink", 1.5),
            Self::Limit => dashed("limit", "quiet", 1.5, "6 4"),
            Self::Inner => dashed("inner", "quiet", 1.0, "1.5 3"),
            Self::Target => dashed("target", "target", 2.0, "12 3 2 3"),
            Self::Event => dashed("event", "ink", 1.25, "3 2"),
            Self::Leader => brush("leader", "none", "quiet", 1.0),
            Self::Common => brush("common", "common-fill", "common", 1.25),
            Self::Improvement => brush("improvement", "improvement-fill", "improvement", 1.75),
            Self::Concern => brush("concern", "concern-fill", "concern", 1.75),
            Self::Neutral => brush("neutral", "neutral-fill", "neutral", 1.75),
            Self::Excluded => brush("excluded", "ground", "common", 1.5),
            Self::Title | Self::Words | Self::Strong => brush("words", "ink", "none", 0.0),
            Self::Quiet => brush("quiet", "quiet", "none", 0.0),
            Self::RingCommon => brush("ring-common", "ground", "common", 2.5),
            Self::RingImprovement => brush("ring-improvement", "ground", "improvement", 2.5),
            Self::RingConcern => brush("ring-concern", "ground", "concern", 2.5),
            Self::RingNeutral => brush("ring-neutral", "ground", "neutral", 2.5),
            Self::TargetWords => brush("target-words", "target", "none", 0.0),
        }
    }

    /// The attributes of a group painted with this ink, for programs that know no stylesheets.
    pub(crate) fn attributes(self, palette: &Palette) -> String {
        let Brush { class, fill, stroke, width, dashes } = self.brush();
        let mut text = format!(" class=\"hc-{class}\" fill=\"{}\"", palette.colour(fill));
        if stroke != "none" {
            // Writing to a string cannot fail.
            let _ = write!(text, " stroke=\"{}\" stroke-width=\"{width}\"", palette.colour(stroke));
        }
        if !dashes.is_empty() {
            let _ = write!(text, " stroke-dasharray=\"{dashes}\"");
        }
        text
    }
}

/// The stylesheet of all charts: custom properties (`--hc-…`) that a page may set anew, and the rules that use them.
///
/// It stands inside each SVG that travels alone. A page that forbids inline styles serves this text as a file and draws
/// its charts without. Everything is inside `@supports`, so that a program which does not know custom properties leaves
/// it alone and paints by the attributes.
#[must_use]
pub fn stylesheet() -> String {
    let mut css = format!("@supports (--hc:0){{.hc{{{}}}", LIGHT.properties());
    // Writing to a string cannot fail.
    let _ = write!(
        css,
        "@media (prefers-color-scheme:dark){{.hc[data-theme=auto]{{{dark}}}}}.hc[data-theme=dark]{{{dark}}}\
         .hc[data-theme=print]{{{print}}}@media print{{.hc.hc[data-theme]{{{print}}}}}\
         @media (forced-colors:active){{.hc.hc[data-theme]{{{forced}forced-color-adjust:none}}}}",
        dark = DARK.properties(),
        print = PRINT.properties(),
        forced = FORCED.properties(),
    );
    // No rule names an ancestor: a drawing shown elsewhere by `use` has none there.
    let mut done: Vec<&str> = Vec::new();
    for ink in INKS {
        let Brush { class, fill, stroke, .. } = ink.brush();
        if done.contains(&class) {
            continue;
        }
        done.push(class);
        let _ = write!(css, ".hc-{class}{{");
        if fill != "none" {
            let _ = write!(css, "fill:var(--hc-{fill})");
        }
        if stroke != "none" {
            let _ = write!(css, "{}stroke:var(--hc-{stroke})", if fill == "none" { "" } else { ";" });
        }
        css.push('}');
    }
    css.push('}');
    css
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance, WCAG 2.2.
    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| {
            let part = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn words_and_marks_have_the_contrast_that_wcag_asks_for() {
        for (theme, palette) in [("light", LIGHT), ("dark", DARK), ("print", PRINT)] {
            for (name, colour, least) in [
                ("ink", palette.ink, 7.0),
                ("quiet", palette.quiet, 4.5),
                ("target", palette.target, 4.5),
                ("common", palette.common, 3.0),
                ("improvement", palette.improvement, 4.5),
                ("concern", palette.concern, 4.5),
                ("neutral", palette.neutral, 4.5),
            ] {
                // Words stand on the ground, only marks and lines on a band.
                for (behind, ground, least) in [("ground", palette.ground, least), ("band", palette.band, 3.0)] {
                    let found = contrast(colour, ground);
                    assert!(found >= least, "{theme}: {name} on {behind} has {found:.2}:1, less than {least}:1");
                }
            }
        }
    }

    #[test]
    fn the_figures_of_the_readme_are_those_of_the_theme() {
        let readme = include_str!("../README.md");
        for palette in [LIGHT, DARK, PRINT] {
            for colour in [
                palette.ink,
                palette.quiet,
                palette.common,
                palette.improvement,
                palette.concern,
                palette.neutral,
                palette.target,
            ] {
                let said = format!("{colour} {:.1}:1", contrast(colour, palette.ground));
                assert!(readme.contains(&said), "README.md lacks “{said}”");
            }
        }
    }

    #[test]
    fn every_rule_of_the_stylesheet_is_closed_and_hidden_from_old_programs() {
        let css = stylesheet();
        assert!(css.starts_with("@supports"));
        assert_eq!(css.matches('{').count(), css.matches('}').count());
        let depth = css.char_indices().try_fold(0_i32, |depth, (at, c)| match c {
            '{' => Ok(depth + 1),
            '}' if depth == 1 && at + 1 < css.len() => Err(at),
            '}' => Ok(depth - 1),
            _ => Ok(depth),
        });
        assert_eq!(depth, Ok(0), "a rule stands outside @supports");
        assert!(!css.contains(['<', '&', '>']), "the text must stand in XML as it is");
    }
}
