//! Risks in a matrix of likelihood and impact as an SVG, each as its number where it stands with what is done; a table says the same.

use hiec_web::components::{Cell, Column, Table};
use maud::{Markup, html};

use super::rules::{Grade, IMPACTS, LIKELIHOODS, Score};
use super::store::Risk;

const LEFT: f64 = 110.0;
const TOP: f64 = 20.0;
const WIDE: f64 = 104.0;
const TALL: f64 = 50.0;

/// The matrix of open risks.
pub(crate) fn matrix(risks: &[Risk]) -> Markup {
    let here = |likelihood: u8, impact: u8| -> Vec<String> {
        risks
            .iter()
            .filter(|risk| risk.scores.after.likelihood() == likelihood && risk.scores.after.impact() == impact)
            .map(|risk| risk.number.to_string())
            .collect()
    };
    html! {
        svg class="app-chart" viewBox="0 0 640 330" role="img" aria-labelledby="risks-title risks-description" focusable="false" {
            title id="risks-title" { "Open risks by likelihood and impact, with what is done about them" }
            desc id="risks-description" { (words(risks)) }
            @for (row, likelihood) in (1..=5_u8).rev().enumerate() {
                @let top = TOP + TALL * small(row);
                text class="app-chart__end" x=(LEFT - 8.0) y=(top + 30.0) { (word(LIKELIHOODS, likelihood)) }
                @for impact in 1..=5_u8 {
                    @let left = LEFT + WIDE * f64::from(impact - 1);
                    @if let Some(score) = Score::new(likelihood, impact) {
                        rect x=(left) y=(top) width=(WIDE) height=(TALL) fill=(fill(score.grade())) stroke="#ffffff" stroke-width="2" {}
                        text x=(left + 6.0) y=(top + 15.0) { (score.rating()) }
                        @let numbers = here(likelihood, impact);
                        @if !numbers.is_empty() {
                            text class="app-chart__middle" x=(left + WIDE / 2.0) y=(top + 36.0) font-weight="bold" { "No. " (numbers.join(", ")) }
                        }
                    }
                }
            }
            @for impact in 1..=5_u8 {
                text class="app-chart__middle" x=(LEFT + WIDE * (f64::from(impact) - 0.5)) y=(TOP + TALL * 5.0 + 18.0) { (word(IMPACTS, impact)) }
            }
            text x="0" y="12" { "Likelihood" }
            text class="app-chart__middle" x=(LEFT + WIDE * 2.5) y=(TOP + TALL * 5.0 + 42.0) { "Impact" }
        }
        (Table::new("How many open risks stand where, with what is done")
            .head(std::iter::once(Column::new("Likelihood")).chain(IMPACTS.iter().map(|impact| Column::new(*impact))).collect::<Vec<_>>())
            .first_cell_is_header(true)
            .responsive(true)
            .rows((1..=5_u8).rev().map(|likelihood| {
                let mut row = vec![Cell::new(word(LIKELIHOODS, likelihood))];
                row.extend((1..=5_u8).map(|impact| {
                    let numbers = here(likelihood, impact);
                    Cell::new(if numbers.is_empty() { "None".to_owned() } else { format!("No. {}", numbers.join(", ")) })
                }));
                row
            })))
    }
}

fn words(risks: &[Risk]) -> String {
    if risks.is_empty() {
        return "No risk is open.".to_owned();
    }
    let said: Vec<String> =
        risks.iter().map(|risk| format!("number {}: {}", risk.number, risk.scores.after.words())).collect();
    format!("{}.", said.join("; "))
}

/// Light enough for dark letters; the rating stands in each field, so that colour says nothing alone.
fn fill(grade: Grade) -> &'static str {
    match grade {
        Grade::Low => "#cce5d8",
        Grade::Moderate => "#fff1b8",
        Grade::High => "#ffd19a",
        Grade::Extreme => "#f4b3ae",
    }
}

fn word(words: [&'static str; 5], nth: u8) -> &'static str {
    words.get(usize::from(nth).saturating_sub(1)).copied().unwrap_or_default()
}

fn small(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(0))
}
