//! Budget, actual and forecast by quarter as an SVG, told apart by shape as well as colour; the figures stand in a table beside it. It reckons nothing but places.

use hiec_kernel::Money;
use maud::{Markup, html};

use super::rules::QuarterLine;

const WIDTH: f64 = 640.0;
const LEFT: f64 = 84.0;
const TOP: f64 = 40.0;
const TALL: f64 = 190.0;

/// The picture; nothing where there is nothing to show.
pub(super) fn picture(lines: &[QuarterLine]) -> Markup {
    let most = lines.iter().flat_map(|line| [line.budget, line.actual, line.forecast]).max().unwrap_or_default();
    if most.0 <= 0 {
        return html! {};
    }
    let step = step_for(most);
    let steps = most.0.div_euclid(step.0) + i64::from(most.0.rem_euclid(step.0) > 0);
    let top = Money(step.0.saturating_mul(steps));
    let slot = (WIDTH - LEFT) / count(lines.len().max(1));
    let bar = (slot * 0.34).min(40.0);
    let tall = |amount: Money| TALL * share(amount, top);
    let base = TOP + TALL;
    html! {
        svg class="app-chart" viewBox=(format!("0 0 {WIDTH} {}", base + 44.0)) role="img"
            aria-labelledby="money-title money-description" focusable="false" {
            title id="money-title" { "Budget, actual and forecast by quarter" }
            desc id="money-description" { (words(lines)) }
            (key())
            @for nth in 0..=steps {
                @let at = base - tall(Money(step.0 * nth));
                line x1=(LEFT) y1=(place(at)) x2=(WIDTH) y2=(place(at)) stroke="#d8dde0" stroke-width="1" {}
                text class="app-chart__end" x=(LEFT - 6.0) y=(place(at + 4.0)) { (Money(step.0 * nth)) }
            }
            @for (nth, line) in lines.iter().enumerate() {
                @let left = LEFT + slot * count(nth) + (slot - 2.0 * bar) / 2.0;
                rect x=(place(left)) y=(place(base - tall(line.budget))) width=(place(bar - 1.0)) height=(place(tall(line.budget)))
                    fill="#ffffff" stroke="#4c6272" stroke-width="2" {}
                rect x=(place(left + bar + 1.0)) y=(place(base - tall(line.actual))) width=(place(bar - 1.0)) height=(place(tall(line.actual))) fill="#005eb8" {}
                @if !line.is_closed {
                    (diamond(left + bar * 1.5, base - tall(line.forecast)))
                }
                @let middle = LEFT + slot * (count(nth) + 0.5);
                text class="app-chart__middle" x=(place(middle)) y=(place(base + 18.0)) { (months(line)) }
                text class="app-chart__middle" x=(place(middle)) y=(place(base + 34.0)) { (line.first_day.format("%Y")) }
            }
            line class="app-axis" x1=(LEFT) y1=(base) x2=(WIDTH) y2=(base) {}
        }
    }
}

fn key() -> Markup {
    html! {
        rect x="84" y="6" width="14" height="14" fill="#ffffff" stroke="#4c6272" stroke-width="2" {}
        text x="104" y="18" { "Budget" }
        rect x="174" y="6" width="14" height="14" fill="#005eb8" {}
        text x="194" y="18" { "Actual" }
        (diamond(267.0, 13.0))
        text x="280" y="18" { "Forecast of an open quarter" }
    }
}

fn diamond(x: f64, y: f64) -> Markup {
    let points = format!(
        "{},{} {},{} {},{} {},{}",
        place(x),
        place(y - 7.0),
        place(x + 7.0),
        place(y),
        place(x),
        place(y + 7.0),
        place(x - 7.0),
        place(y)
    );
    html! { polygon points=(points) fill="#ffb81c" stroke="#212b32" stroke-width="1.5" {} }
}

fn months(line: &QuarterLine) -> String {
    let last = line.first_day.checked_add_months(chrono::Months::new(2)).unwrap_or(line.first_day);
    format!("{}–{}", line.first_day.format("%b"), last.format("%b"))
}

/// What the picture shows, for whoever does not see it.
fn words(lines: &[QuarterLine]) -> String {
    let said: Vec<String> = lines
        .iter()
        .map(|line| {
            if line.is_closed {
                format!("{}: budget {}, actual {}", line.quarter, line.budget, line.actual)
            } else {
                format!(
                    "{}: budget {}, actual so far {}, forecast {}",
                    line.quarter, line.budget, line.actual, line.forecast
                )
            }
        })
        .collect();
    format!("{}.", said.join("; "))
}

/// A round step that makes at most six lines: 1, 2 or 5 times a power of ten pounds.
fn step_for(most: Money) -> Money {
    let mut unit = 100_i64;
    loop {
        for times in [1, 2, 5] {
            let step = unit.saturating_mul(times);
            if step.saturating_mul(6) >= most.0 {
                return Money(step);
            }
        }
        unit = unit.saturating_mul(10);
    }
}

#[expect(clippy::cast_precision_loss, reason = "a place in a picture: a millionth of a pixel does not show")]
fn share(part: Money, of: Money) -> f64 {
    if of.0 <= 0 { 0.0 } else { part.0.max(0) as f64 / of.0 as f64 }
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

fn place(at: f64) -> String {
    format!("{at:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(month: u32, budget: i64, actual: i64, forecast: i64, is_closed: bool) -> QuarterLine {
        let first_day = chrono::NaiveDate::from_ymd_opt(2010, month, 1).unwrap();
        QuarterLine {
            quarter: super::super::quarters::Quarter::of(first_day).label(),
            first_day,
            budget: Money::pounds(budget),
            actual: Money::pounds(actual),
            forecast: Money::pounds(forecast),
            is_closed,
        }
    }

    #[test]
    fn an_open_quarter_shows_its_forecast_and_a_closed_one_does_not() {
        let html = picture(&[line(1, 100, 90, 90, true), line(4, 100, 20, 110, false)]).into_string();
        // One in the key, one for the open quarter.
        assert_eq!(html.matches("<polygon").count(), 2);
        assert!(html.contains("April to June 2010: budget £100, actual so far £20, forecast £110"));
        assert!(picture(&[line(1, 0, 0, 0, false)]).into_string().is_empty());
    }

    #[test]
    fn steps_are_round_and_few() {
        for (most, step) in [(1, 1), (6, 1), (7, 2), (110, 20), (137_500, 50_000), (1_100_000, 200_000)] {
            assert_eq!(step_for(Money::pounds(most)), Money::pounds(step), "{most}");
        }
    }
}
