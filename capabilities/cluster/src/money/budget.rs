//! `/clusters/{cluster}/money/budget`: what may be spent, by year of the term and pathway; a change needs a reason and keeps what stood before.

use hiec_kernel::clock::day_on_page;
use hiec_kernel::{Money, Problem};
use hiec_store::{AuditEvent, Unit};
use hiec_web::components::own::EmptyState;
use hiec_web::components::{Button, Cell, Column, Table};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, Render, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::MoneyDesk;
use super::rules::{self, BudgetLine, RUNNING, Span};
use super::store;
use crate::clusters::store::Cluster;
use crate::desk::{choice, heading, line_field, money_field, page_of, summary};

/// A line of the budget was set.
#[derive(Serialize)]
struct BudgetSet {
    year: i64,
    pathway: String,
    before: Option<Money>,
    after: Money,
    source: String,
}

impl AuditEvent for BudgetSet {
    const KIND: &'static str = "money.budget_set";

    fn reason(&self) -> Option<&str> {
        Some(&self.source)
    }
}

/// Sets what may be spent in a year on a pathway.
pub(crate) async fn set(unit: &mut Unit, cluster: &Cluster, line: &BudgetLine) -> Result<(), Problem> {
    let stood = store::budget(unit, cluster.id).await?;
    let before = stood.iter().find(|one| one.year == line.year && one.pathway == line.pathway).map(|one| one.amount);
    store::set_budget(unit, cluster.id, line).await?;
    let event = BudgetSet {
        year: line.year,
        pathway: line.pathway.clone(),
        before,
        after: line.amount,
        source: line.source.clone(),
    };
    unit.audit(cluster.stream(), "money:budget", &event)?;
    Ok(())
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// 1 is the first year of the term.
    #[serde(default)]
    year: String,
    /// Empty for the team and running costs.
    #[serde(default)]
    pathway: String,
    #[serde(default)]
    amount: String,
    /// Where the figure comes from, or why it changes.
    #[serde(default)]
    source: String,
}

pub async fn get(desk: Loaded<MoneyDesk>) -> Answer {
    Ok(page(&desk, &Form::default(), &Errors::none()).await?.into())
}

async fn page(desk: &Loaded<MoneyDesk>, typed: &Form, errors: &Errors) -> Result<Page, Problem> {
    let lines = store::budget(&desk.database(), desk.cluster.id).await?;
    let view = html! {
        (summary(errors))
        (heading(desk, "Budget"))
        (table(&desk.cluster, &lines))
        @if desk.may("money.change") { (form(&desk.cluster, typed, errors)) }
    };
    Ok(page_of(&desk.cluster, "Budget", view)
        .under(format!("{}/money", desk.cluster.path()), "Money")
        .data(&lines)?
        .wide())
}

fn table(cluster: &Cluster, lines: &[BudgetLine]) -> Markup {
    if lines.is_empty() {
        return EmptyState::new(
            "No budget has been set. Set a line for each year and pathway; the total should be the award.",
        )
        .render();
    }
    let total: Money = lines.iter().map(|line| line.amount).sum();
    html! {
        p {
            "In all " strong { (total) }
            @if let Some(award) = cluster.award_amount {
                @if total == award { ", as awarded." }
                @else if total < award { "; the award is " (award) ", so " (award - total) " is not planned yet." }
                @else { "; the award is " (award) ", so " (total - award) " must come from elsewhere." }
            } @else { "." }
        }
        (Table::new("Budget lines")
            .head([Column::new("Year"), Column::new("Pathway"), Column::numeric("Amount"), Column::new("Source")])
            .responsive(true)
            .rows(lines.iter().map(|line| vec![
                Cell::new(year_label(cluster, line.year)),
                Cell::new(line.pathway.as_str()),
                Cell::numeric(line.amount),
                Cell::new(line.source.as_str()),
            ])))
    }
}

/// `Year 1, from 1 February 2010`
pub(super) fn year_label(cluster: &Cluster, year: i64) -> String {
    match rules::year_of(Span::new(cluster.starts_on, cluster.ends_on), year) {
        Some(days) => format!("Year {year}, from {}", day_on_page(days.from)),
        None => format!("Year {year}"),
    }
}

fn form(cluster: &Cluster, typed: &Form, errors: &Errors) -> Markup {
    let years = 1..=rules::years(Span::new(cluster.starts_on, cluster.ends_on));
    html! {
        h2 { "Set a line" }
        form method="post" novalidate {
            (choice("year", "Year of the term", years.map(|year| (year.to_string(), year_label(cluster, year))), &typed.year, errors))
            (line_field("pathway", "Pathway", &typed.pathway, errors).hint(format!("Leave empty for: {RUNNING}")))
            (money_field("amount", "Amount", &typed.amount, errors))
            (line_field("source", "Where the figure comes from, or why it changes", &typed.source, errors))
            (Button::new("Set it"))
        }
    }
}

pub async fn post(desk: Loaded<MoneyDesk>, Input(typed): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let last = rules::years(Span::new(desk.cluster.starts_on, desk.cluster.ends_on));
    let year = typed.year.trim().parse::<i64>().ok().filter(|year| (1..=last).contains(year));
    if year.is_none() {
        errors.add("year", "Choose a year of the term");
    }
    let pathway = if typed.pathway.trim().is_empty() {
        Some(RUNNING.to_owned())
    } else {
        errors.text("pathway", "the pathway", &typed.pathway, 100)
    };
    let amount = errors.take("amount", Money::parse(&typed.amount));
    if amount.is_some_and(|amount| amount.0 < 0) {
        errors.add("amount", "Enter an amount of nought or more");
    }
    let source = errors.text("source", "where the figure comes from", &typed.source, 300);
    let (Some(year), Some(pathway), Some(amount), Some(source), true) =
        (year, pathway, amount, source, errors.is_empty())
    else {
        return Ok(page(&desk, &typed, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = desk.begin().await?;
    set(&mut unit, &desk.cluster, &BudgetLine { year, pathway, amount, source }).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/money/budget", desk.cluster.path())).saying("The budget was set.").into())
}
