//! Partners on a circle with the ties between them as an SVG: thicker for more, dashed where only one side spoke. Always the same partner in the same place; a table says the same.

use hiec_network::Views;
use maud::{Markup, html};

use super::rules::network;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 420.0;
const RADIUS: f64 = 165.0;
const DISC: f64 = 17.0;

/// The picture. Partners are numbered from 1 in their order; `names` are for those who do not see it.
pub(super) fn picture(views: &Views, names: &[&str]) -> Markup {
    let n = names.len();
    let ties = network(views).ties();
    html! {
        svg class="app-chart" viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-labelledby="ties-title ties-description" focusable="false" {
            title id="ties-title" { "Who works with whom" }
            desc id="ties-description" { (words(views, names)) }
            @for (one, other) in &ties {
                @let (x1, y1) = place(*one, n);
                @let (x2, y2) = place(*other, n);
                @let doubled = views.doubled(*one, *other).unwrap_or(0);
                @let is_mutual = views.said(*one, *other).is_some() && views.said(*other, *one).is_some();
                line x1=(round(x1)) y1=(round(y1)) x2=(round(x2)) y2=(round(y2)) stroke="#005eb8"
                    stroke-width=(round(f64::from(doubled) * 0.6)) stroke-dasharray=[(!is_mutual).then_some("6 4")] {}
            }
            @for nth in 0..n {
                @let (x, y) = place(nth, n);
                circle cx=(round(x)) cy=(round(y)) r=(DISC) fill="#ffffff" stroke="#212b32" stroke-width="2" {}
                text class="app-chart__middle" x=(round(x)) y=(round(y + 4.5)) { (nth + 1) }
            }
            text x="0" y=(HEIGHT - 8.0) { "Thicker: more. Dashed: only one side has spoken. Not drawn: no tie, or nobody has spoken." }
        }
    }
}

fn words(views: &Views, names: &[&str]) -> String {
    let network = network(views);
    let ties = network.ties();
    if ties.is_empty() {
        return "No tie is known.".to_owned();
    }
    let name = |at: usize| names.get(at).copied().unwrap_or_default();
    let said: Vec<String> = ties.iter().map(|(one, other)| format!("{} with {}", name(*one), name(*other))).collect();
    let unknown = match network.unknown_pairs() {
        0 => String::new(),
        1 => " Of one pair nobody has spoken.".to_owned(),
        many => format!(" Of {many} pairs nobody has spoken."),
    };
    format!("{}.{unknown}", said.join("; "))
}

/// The first at the top, the others clockwise.
fn place(nth: usize, of: usize) -> (f64, f64) {
    let turn = count(nth) / count(of.max(1)) * std::f64::consts::TAU;
    (WIDTH / 2.0 + RADIUS * 1.6 * turn.sin(), HEIGHT / 2.0 - 10.0 - RADIUS * turn.cos())
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

fn round(at: f64) -> String {
    format!("{at:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_voice_is_dashed_and_what_nobody_said_is_not_drawn() {
        let mut views = Views::silent(3);
        views.say(0, 1, 4);
        views.say(1, 0, 3);
        views.say(0, 2, 3);
        let html = picture(&views, &["A", "B", "C"]).into_string();
        assert_eq!(html.matches("<line").count(), 2);
        assert_eq!(html.matches("stroke-dasharray").count(), 1);
        assert!(html.contains("A with B; A with C. Of one pair nobody has spoken."));
        // The same views give the same picture.
        assert_eq!(html, picture(&views, &["A", "B", "C"]).into_string());
    }
}
