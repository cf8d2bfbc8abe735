//! `/clusters/{cluster}/money/tranches`: the parts in which the award is paid, planned by who pays and noted as come by who is paid; a payment is never noted twice.

use axum::extract::Path;
use chrono::NaiveDate;
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_kernel::{Money, Problem};
use hiec_store::{AuditEvent, Unit};
use hiec_web::components::own::EmptyState;
use hiec_web::components::{Button, Cell, Column, Details, Input as TextInput, Table, Tag, TagColour};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::MoneyDesk;
use super::store::{self, Tranche};
use crate::clusters::store::Cluster;
use crate::desk::{amount, day, day_field, heading, line_field, money_field, overtaken, page_of, summary};

/// A tranche of the award was planned.
#[derive(Serialize)]
struct TranchePlanned {
    number: i64,
    amount: Money,
    due_on: NaiveDate,
    hangs_on: String,
}

impl AuditEvent for TranchePlanned {
    const KIND: &'static str = "money.tranche_planned";
}

/// A tranche came.
#[derive(Serialize)]
struct TrancheReceived {
    number: i64,
    amount: Money,
    on: NaiveDate,
}

impl AuditEvent for TrancheReceived {
    const KIND: &'static str = "money.tranche_received";
}

/// Plans the next tranche.
pub(crate) async fn plan(
    unit: &mut Unit,
    cluster: &Cluster,
    amount: Money,
    due_on: NaiveDate,
    hangs_on: &str,
) -> Result<(), Problem> {
    let last = store::tranches(unit, cluster.id).await?.iter().map(|one| one.number).max().unwrap_or(0);
    let number = last + 1;
    store::insert_tranche(unit, cluster.id, number, amount, due_on, hangs_on).await?;
    let event = TranchePlanned { number, amount, due_on, hangs_on: hangs_on.to_owned() };
    unit.audit(cluster.stream(), format!("tranche:{number}"), &event)?;
    Ok(())
}

/// Notes that a tranche came.
pub(crate) async fn received(
    unit: &mut Unit,
    cluster: &Cluster,
    tranche: &Tranche,
    amount: Money,
    on: NaiveDate,
) -> Result<(), Problem> {
    if !store::pay_tranche(unit, tranche.id, amount, on).await? {
        return Err(overtaken("this tranche"));
    }
    let event = TrancheReceived { number: tranche.number, amount, on };
    unit.audit(cluster.stream(), format!("tranche:{}", tranche.number), &event)?;
    Ok(())
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    #[serde(default)]
    amount: String,
    #[serde(default)]
    due_on: String,
    /// What it hangs on: a return accepted, a milestone reached.
    #[serde(default)]
    hangs_on: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct ReceiptForm {
    #[serde(default)]
    amount: String,
    #[serde(default)]
    on: String,
}

pub async fn get(desk: Loaded<MoneyDesk>) -> Answer {
    Ok(page(&desk, &Form::default(), None, &Errors::none()).await?.into())
}

async fn page(
    desk: &Loaded<MoneyDesk>,
    typed: &Form,
    receipt: Option<(Uuid, &ReceiptForm)>,
    errors: &Errors,
) -> Result<Page, Problem> {
    let tranches = store::tranches(&desk.database(), desk.cluster.id).await?;
    let view = html! {
        (summary(errors))
        (heading(desk, "Tranches of the award"))
        @if tranches.is_empty() {
            (EmptyState::new("No tranche has been planned. The region or the programme office plans them, each with what it hangs on."))
        } @else {
            (Table::new("Tranches")
                .head([Column::numeric("Number"), Column::numeric("Amount"), Column::new("Due"), Column::new("Hangs on"), Column::new("Stands")])
                .responsive(true)
                .rows(tranches.iter().map(|one| vec![
                    Cell::numeric(one.number),
                    Cell::numeric(Money(one.amount)),
                    Cell::new(day_on_page(one.due_on)),
                    Cell::new(one.hangs_on.as_str()),
                    Cell::new(standing(desk, one, receipt, errors)),
                ])))
        }
        @if desk.may("money.grant") {
            h2 { "Plan a tranche" }
            form method="post" novalidate {
                (money_field("amount", "Amount", &typed.amount, errors))
                (day_field("due_on", "Due on", &typed.due_on, errors))
                (line_field("hangs_on", "What it hangs on", &typed.hangs_on, errors))
                (Button::new("Plan it"))
            }
        }
    };
    Ok(page_of(&desk.cluster, "Tranches of the award", view)
        .under(format!("{}/money", desk.cluster.path()), "Money")
        .data(&tranches)?
        .wide())
}

fn standing(desk: &Loaded<MoneyDesk>, one: &Tranche, receipt: Option<(Uuid, &ReceiptForm)>, errors: &Errors) -> Markup {
    if let (Some(on), Some(amount)) = (one.paid_on, one.paid_amount) {
        return html! { (Tag::new("Come").colour(TagColour::Green)) " " (Money(amount)) " on " (day_on_page(on)) };
    }
    let today = london_date(desk.now());
    let typed = receipt.filter(|(id, _)| *id == one.id).map(|(_, typed)| typed);
    let field = |name: &str, label: &str, value: &str| {
        let id = format!("{name}-{}", one.id);
        let error = errors.of(&id).unwrap_or_default().to_owned();
        TextInput::new(name, label).value(value).error_message(error).id(id)
    };
    let amount = typed.map_or_else(|| Money(one.amount).plain(), |typed| typed.amount.clone());
    let on = typed.map_or_else(|| today.to_string(), |typed| typed.on.clone());
    html! {
        @if one.due_on < today { (Tag::new("Overdue").colour(TagColour::Red)) } @else { (Tag::new("Planned").colour(TagColour::Grey)) }
        @if desk.may("money.change") {
            (Details::new("Note that it came", html! {
                form method="post" action={ (desk.cluster.path()) "/money/tranches/" (one.id) "/receipt" } novalidate {
                    (field("amount", "Amount", &amount).money())
                    (field("on", "Day", &on).kind("date").width(10))
                    (Button::new("Note it").secondary())
                }
            }).open(typed.is_some()))
        }
    }
}

pub async fn post(desk: Loaded<MoneyDesk>, Input(typed): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let amount = amount(&mut errors, "amount", &typed.amount);
    let due_on = day(&mut errors, "due_on", "the day it is due", &typed.due_on);
    let hangs_on = errors.text("hangs_on", "what it hangs on", &typed.hangs_on, 300);
    let (Some(amount), Some(due_on), Some(hangs_on)) = (amount, due_on, hangs_on) else {
        return Ok(page(&desk, &typed, None, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = desk.begin().await?;
    plan(&mut unit, &desk.cluster, amount, due_on, &hangs_on).await?;
    unit.commit().await?;
    Ok(Done::made(format!("{}/money/tranches", desk.cluster.path())).saying("The tranche was planned.").into())
}

pub async fn receive(
    desk: Loaded<MoneyDesk>,
    Path((_, tranche)): Path<(String, Uuid)>,
    Input(typed): Input<ReceiptForm>,
) -> Answer {
    let tranches = store::tranches(&desk.database(), desk.cluster.id).await?;
    let tranche = tranches.iter().find(|one| one.id == tranche).ok_or_else(Problem::not_found)?;
    let mut errors = Errors::none();
    let [amount_field, on_field] = ["amount", "on"].map(|name| format!("{name}-{}", tranche.id));
    let amount = amount(&mut errors, &amount_field, &typed.amount);
    let on = day(&mut errors, &on_field, "the day it came", &typed.on);
    if on.is_some_and(|on| on > london_date(desk.now())) {
        errors.add(on_field, "Enter a day that is not to come");
    }
    let (Some(amount), Some(on), true) = (amount, on, errors.is_empty()) else {
        let page = page(&desk, &Form::default(), Some((tranche.id, &typed)), &errors).await?;
        return Ok(page.with_errors(&errors).into());
    };
    let mut unit = desk.begin().await?;
    received(&mut unit, &desk.cluster, tranche, amount, on).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/money/tranches", desk.cluster.path())).saying("The tranche was noted as come.").into())
}
