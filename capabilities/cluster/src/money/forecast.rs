//! `/clusters/{cluster}/money/forecast`: what an open quarter is expected to cost and why; where nothing was said, its budget stands.

use hiec_kernel::clock::london_date;
use hiec_kernel::{Money, Problem};
use hiec_store::{AuditEvent, Unit};
use hiec_web::components::{Button, Cell, Column, Table};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::MoneyDesk;
use super::quarters::Quarter;
use super::rules::{Books, QuarterLine};
use super::store::{self, Forecast};
use crate::clusters::store::Cluster;
use crate::desk::{choice, heading, line_field, money_field, page_of, summary};

/// It was said what a quarter is expected to cost.
#[derive(Serialize)]
struct ForecastSet {
    quarter: String,
    before: Option<Money>,
    after: Money,
    reason: String,
}

impl AuditEvent for ForecastSet {
    const KIND: &'static str = "money.forecast_set";

    fn reason(&self) -> Option<&str> {
        Some(&self.reason)
    }
}

/// Says what a quarter is expected to cost.
pub(crate) async fn set(unit: &mut Unit, cluster: &Cluster, forecast: &Forecast) -> Result<(), Problem> {
    let stood = store::forecasts(unit, cluster.id).await?;
    let before = stood.iter().find(|one| one.quarter == forecast.quarter).map(|one| one.amount);
    store::set_forecast(unit, cluster.id, forecast).await?;
    let event = ForecastSet {
        quarter: forecast.quarter.key(),
        before,
        after: forecast.amount,
        reason: forecast.reason.clone(),
    };
    unit.audit(cluster.stream(), "money:forecast", &event)?;
    Ok(())
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// The quarter's first day: `2010-07-01`.
    #[serde(default)]
    quarter: String,
    #[serde(default)]
    amount: String,
    #[serde(default)]
    reason: String,
}

pub async fn get(desk: Loaded<MoneyDesk>) -> Answer {
    Ok(page(&desk, &Form::default(), &Errors::none()).await?.into())
}

/// Quarters that can still turn out one way or the other.
fn open(books: &Books) -> Vec<QuarterLine> {
    books.by_quarter().into_iter().filter(|line| !line.is_closed).collect()
}

async fn page(desk: &Loaded<MoneyDesk>, typed: &Form, errors: &Errors) -> Result<Page, Problem> {
    let books = store::books(&desk.database(), &desk.cluster).await?;
    let said = store::forecasts(&desk.database(), desk.cluster.id).await?;
    let lines = books.by_quarter();
    let reason = |line: &QuarterLine| match said.iter().find(|one| one.quarter == Quarter::of(line.first_day)) {
        _ if line.is_closed => "Closed: it cost what it cost".to_owned(),
        Some(one) => one.reason.clone(),
        None => "As budgeted: nothing else was said".to_owned(),
    };
    let view = html! {
        (summary(errors))
        (heading(desk, "Forecast"))
        p { "A quarter is closed once something booked lies on its last day or after it. An open quarter is expected to cost its budget, unless something else is said here." }
        (Table::new("Forecast by quarter")
            .head([Column::new("Quarter"), Column::numeric("Budget"), Column::numeric("Spent so far"), Column::numeric("Forecast"), Column::new("Why")])
            .responsive(true)
            .rows(lines.iter().map(|line| vec![
                Cell::new(line.quarter.as_str()),
                Cell::numeric(line.budget),
                Cell::numeric(line.actual),
                Cell::numeric(line.forecast),
                Cell::new(reason(line)),
            ])))
        @if desk.may("money.change") { (form(desk, &books, typed, errors)) }
    };
    Ok(page_of(&desk.cluster, "Forecast", view)
        .under(format!("{}/money", desk.cluster.path()), "Money")
        .data(&lines)?
        .wide())
}

fn form(desk: &Loaded<MoneyDesk>, books: &Books, typed: &Form, errors: &Errors) -> Markup {
    let open = open(books);
    let now = Quarter::of(london_date(desk.now())).key();
    let chosen = if typed.quarter.is_empty() { now.as_str() } else { typed.quarter.as_str() };
    html! {
        @if !open.is_empty() {
            h2 { "Say what a quarter will cost" }
            form method="post" novalidate {
                (choice("quarter", "Quarter", open.iter().map(|line| (Quarter::of(line.first_day).key(), line.quarter.clone())), chosen, errors))
                (money_field("amount", "Expected at its end", &typed.amount, errors).hint("All of the quarter, with what is spent already"))
                (line_field("reason", "Why", &typed.reason, errors))
                (Button::new("Say so"))
            }
        }
    }
}

pub async fn post(desk: Loaded<MoneyDesk>, Input(typed): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let books = store::books(&desk.database(), &desk.cluster).await?;
    let quarter = Quarter::from_key(&typed.quarter)
        .filter(|quarter| open(&books).iter().any(|line| line.first_day == quarter.first_day()));
    if quarter.is_none() {
        errors.add("quarter", "Choose a quarter of the term that is still open");
    }
    let amount = errors.take("amount", Money::parse(&typed.amount));
    if amount.is_some_and(|amount| amount.0 < 0) {
        errors.add("amount", "Enter an amount of nought or more");
    }
    let reason = errors.text("reason", "why it will cost this", &typed.reason, 300);
    let (Some(quarter), Some(amount), Some(reason), true) = (quarter, amount, reason, errors.is_empty()) else {
        return Ok(page(&desk, &typed, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = desk.begin().await?;
    set(&mut unit, &desk.cluster, &Forecast { quarter, amount, reason }).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/money/forecast", desk.cluster.path())).saying("The forecast was set.").into())
}
