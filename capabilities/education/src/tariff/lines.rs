//! Lines of a statement or a claim as pages show them: what each is reckoned from, and how they add up. They add no figure.

use chrono::NaiveDate;
use hiec_kernel::Money;
use hiec_kernel::clock::day_on_page;
use hiec_web::components::{Cell, Column, Table};
use maud::{Markup, html};

use super::drawing::{Drawing, Drawn};
use super::weighing::Weighed;
use crate::ground;

pub(super) fn money(amount: Option<Money>, otherwise: &str) -> String {
    amount.map_or_else(|| otherwise.to_owned(), |amount| amount.to_string())
}

/// What is not loaded as a page says it: tariffs without underscores, days as people write them.
pub(super) fn said(words: &str) -> String {
    let plain = words.trim_start_matches("not loaded: ").replace('_', " ");
    let word = |word: &str| match word.parse::<NaiveDate>() {
        Ok(day) => day_on_page(day),
        Err(_) => word.to_owned(),
    };
    plain.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// Where anything but the tariff counts.
pub(super) fn how_it_adds_up(drawing: &Drawing) -> Markup {
    let parts = [
        Some(("By tariff", drawing.by_tariff())),
        (!drawing.adjustments.is_empty()).then(|| ("By the limits to losses and gains", drawing.by_limits())),
        (!drawing.weighed.is_empty()).then(|| ("By quality", drawing.by_quality())),
    ];
    sum(parts.into_iter().flatten().collect(), drawing.total())
}

/// Parts with their sum; nothing where there is one part.
pub(super) fn sum(parts: Vec<(&str, Money)>, total: Money) -> Markup {
    html! {
        @if parts.len() > 1 {
            (Table::new("How it adds up")
                .head([Column::new("Part"), Column::numeric("Amount")])
                .first_cell_is_header(true)
                .rows(parts.into_iter().chain([("In all", total)]).map(|(part, amount)| vec![Cell::new(part), Cell::numeric(amount)])))
        }
    }
}

/// What quality adds or holds, by whom, on which days and why. `rules` is where the rules are.
pub(super) fn weighed(weighed: &[Weighed], rules: &str) -> Markup {
    html! {
        @if !weighed.is_empty() {
            h2 { "Weighed by quality" }
            p { "By the " a href=(rules) { "published rule" } " in force on each day, and how the host stood that day. It is added to the tariff before limits." }
            (Table::new("What quality adds")
                .head([
                    Column::new("Host"),
                    Column::new("Payer"),
                    Column::new("Days"),
                    Column::new("Rule"),
                    Column::new("Working"),
                    Column::numeric("Amount"),
                ])
                .first_cell_is_header(true)
                .responsive(true)
                .rows(weighed.iter().map(|line| vec![
                    Cell::new(html! { (line.host_name) (ground::made_up(line.is_illustrative)) }),
                    Cell::new(line.payer.as_str()),
                    Cell::new(format!("{} to {}", day_on_page(line.from), day_on_page(line.to))),
                    Cell::new(format!("Version {}: {}", line.rule_version, line.verdict.label().to_lowercase())),
                    Cell::new(line.working.as_str()),
                    Cell::numeric(money(line.amount, "Not loaded")),
                ])))
        }
    }
}

pub(super) fn changes(drawing: &Drawing) -> Markup {
    html! {
        @if let Some(day) = drawing.known_on {
            h2 { "Since " (day_on_page(day)) }
            @if drawing.changes.is_empty() {
                p { "What was published since then changes no amount." }
            } @else {
                (Table::new("Placements whose amount is another now")
                    .head([Column::new("Trainee"), Column::new("Host"), Column::numeric("As known then"), Column::numeric("As effective"), Column::numeric("Difference")])
                    .responsive(true)
                    .rows(drawing.changes.iter().map(|change| vec![
                        Cell::new(change.trainee.as_str()),
                        Cell::new(change.host_name.as_str()),
                        Cell::numeric(money(change.then, "Not loaded")),
                        Cell::numeric(money(change.now, "Not loaded")),
                        Cell::numeric(money(change.now.zip(change.then).map(|(now, then)| now - then), "Not known")),
                    ])))
            }
        }
    }
}

/// Lines with their working; a trainee's name leads to `of_trainee` of their number.
pub(super) fn table(lines: &[Drawn], of_trainee: impl Fn(&str) -> String) -> Markup {
    html! {
        (Table::new("Lines")
            .head([
                Column::new("Trainee"),
                Column::new("Host and team"),
                Column::new("Days"),
                Column::new("Tariff"),
                Column::new("Working"),
                Column::numeric("Amount"),
                Column::numeric("Cost beyond it"),
            ])
            .first_cell_is_header(true)
            .responsive(true)
            .rows(lines.iter().map(|line| vec![
                Cell::new(html! {
                    a.nhsuk-link href=(of_trainee(&line.trainee_number)) { (line.trainee) ", " (line.trainee_number) } (ground::made_up(line.is_illustrative))
                }),
                Cell::new(html! { (line.host_name) br; (line.team) }),
                Cell::new(format!("{} to {}", day_on_page(line.from), day_on_page(line.to))),
                Cell::new(line.tariff.replace('_', " ")),
                Cell::new(if line.amount.is_some() { line.working.clone() } else { said(&line.working) }),
                Cell::numeric(match (line.amount, line.is_at_least) {
                    (Some(amount), true) => format!("At least {amount}"),
                    (amount, _) => money(amount, "Not loaded"),
                }),
                Cell::numeric(money(line.gap(), "Not known")),
            ])))
    }
}
