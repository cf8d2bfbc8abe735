//! The pathway map as a picture: outcomes down, steps across, a square for each place; shape and figure carry the meaning, colour repeats it.

use maud::{Markup, html};

use super::rules::Standing;

/// A square of the picture.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Square {
    /// The outcome is not learnt at this step.
    Empty,
    Place {
        standing: Standing,
        hosts: usize,
        words: String,
    },
}

/// Where things stand in the picture, in CSS pixels.
struct Sheet {
    name: &'static str,
    class: &'static str,
    /// Where the first column begins: labels stand before it, or, where it is nought, above their row.
    left: i64,
    step: i64,
    row: i64,
    head: i64,
    /// Letters in a line of a step's name, and of a label.
    letters: (usize, usize),
}

const WIDE: Sheet =
    Sheet { name: "wide", class: "app-figure--wide", left: 520, step: 104, row: 34, head: 58, letters: (15, 78) };

const NARROW: Sheet = Sheet {
    name: "narrow",
    class: "app-figure--narrow app-map--narrow",
    left: 0,
    step: 66,
    row: 56,
    head: 58,
    letters: (11, 52),
};

/// Drawn for wide and for narrow screens; scrolls in its own box where it is wider still. The table under it says the same.
pub(super) fn matrix(pathway: &str, steps: &[&str], rows: &[(String, Vec<Square>)]) -> Markup {
    html! { @for sheet in [&WIDE, &NARROW] { (sheet.matrix(pathway, steps, rows)) } }
}

impl Sheet {
    fn matrix(&self, pathway: &str, steps: &[&str], rows: &[(String, Vec<Square>)]) -> Markup {
        let many = |count: usize| i64::try_from(count).unwrap_or(0);
        let width = self.left + self.step * many(steps.len()) + 4;
        let height = self.head + self.row * many(rows.len()) + 4;
        let slug: String = pathway.chars().filter(char::is_ascii_alphanumeric).collect();
        let id = format!("map-{slug}-{}", self.name);
        let class = format!("app-map {}", self.class);
        html! {
            div class=(class) tabindex="0" role="region" aria-label=(format!("Picture of the map: {pathway}")) {
                svg.app-map__picture viewBox=(format!("0 0 {width} {height}")) width=(width) height=(height) role="img" aria-labelledby=(id) focusable="false" {
                    title id=(id) { "Outcomes and steps of " (pathway) ". The same stands in the table below." }
                    @for (nth, step) in (0_i64..).zip(steps) {
                        @for (line, words) in (0_i64..).zip(in_lines(step, self.letters.0)) {
                            text.app-map__step x=(self.left + nth * self.step + self.step / 2) y=(14 + line * 14) { (words) }
                        }
                    }
                    @for (nth, (label, squares)) in (0_i64..).zip(rows) {
                        @let top = self.head + nth * self.row;
                        @let label_top = if self.left == 0 { top + 16 } else { top + 21 };
                        text.app-map__outcome x="0" y=(label_top) { (shortened(label, self.letters.1)) }
                        line.app-map__line x1="0" x2=(width) y1=(top + self.row) y2=(top + self.row) {}
                        @for (column, square) in (0_i64..).zip(squares) {
                            (self.drawn(square, self.left + column * self.step + 6, top + self.row - 30))
                        }
                    }
                }
            }
        }
    }

    fn drawn(&self, square: &Square, x: i64, y: i64) -> Markup {
        let Square::Place { standing, hosts, words } = square else {
            return html! {};
        };
        let (class, says) = match standing {
            Standing::Gap => ("app-map__square app-map__square--gap", "none".to_owned()),
            Standing::Taught => ("app-map__square app-map__square--taught", hosts.to_string()),
            Standing::Double => ("app-map__square app-map__square--double", format!("{hosts} +")),
        };
        html! {
            rect class=(class) x=(x) y=(y) width=(self.step - 12) height="26" rx="2" { title { (words) } }
            text.app-map__figure x=(x + (self.step - 12) / 2) y=(y + 18) { (says) }
        }
    }
}

/// What the squares mean.
pub(super) fn key(most: usize) -> Markup {
    html! {
        p.app-source {
            "In a square stands how many hosts can teach the outcome at that step. “none” in a dashed square is a gap; a “+” marks more than "
            (most) " hosts. Where there is no square, the outcome is not learnt at that step."
        }
    }
}

/// At most three lines of about so many letters.
fn in_lines(words: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    if lines.len() > 3 {
        lines.truncate(3);
        if let Some(last) = lines.last_mut() {
            last.push('…');
        }
    }
    lines
}

fn shortened(words: &str, most: usize) -> String {
    match words.chars().count() > most {
        true => words.chars().take(most.saturating_sub(1)).chain(['…']).collect(),
        false => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_steps_stand_in_lines() {
        assert_eq!(in_lines("First contact in general practice", 15), ["First contact", "in general", "practice"]);
        assert_eq!(in_lines("a b c d", 1), ["a", "b", "c…"]);
    }

    #[test]
    fn a_gap_is_told_in_words_and_not_by_colour_alone() {
        let gap = Square::Place { standing: Standing::Gap, hosts: 0, words: "C1 at Triage: nobody".into() };
        let drawn = matrix("COPD", &["Triage"], &[("C1 Listens".into(), vec![gap, Square::Empty])]).0;
        assert!(drawn.contains(">none<") && drawn.contains("C1 at Triage"));
        // Once for each width of screen, each with a name of its own.
        assert!(drawn.contains("id=\"map-COPD-wide\"") && drawn.contains("id=\"map-COPD-narrow\""));
    }
}
