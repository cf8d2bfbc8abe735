//! `/calls/{call}/complaints`: the complaints log, and the answers of somebody who took no part in the round's decisions.

use hiec_kernel::Problem;
use hiec_kernel::clock::on_page;
use hiec_web::components::{Button, Cell, Column, RadioItem, Radios, Table, Textarea};
use hiec_web::{Answer, Done, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::actions;
use super::complaints::{ANSWER_WORDS, Complaint, ComplaintOutcome, ComplaintState};
use super::store::{self, AwardDesk, StoredComplaint};
use crate::ranking::store as rankings;

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    #[serde(default)]
    complaint: String,
    /// `upheld`, `partly_upheld` or `not_upheld`.
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    answer: String,
}

#[derive(Serialize)]
struct Shown {
    id: Uuid,
    bid_title: String,
    complaint: Complaint,
}

pub async fn get(desk: Loaded<AwardDesk>) -> Answer {
    let database = desk.database();
    let bids = rankings::opened_bids(&database, desk.call.id).await?;
    let stored = store::complaints(&database, desk.call.id).await?;
    let shown: Vec<Shown> = stored
        .iter()
        .map(|one| Shown {
            id: one.id,
            bid_title: bids
                .iter()
                .find(|bid| bid.id == one.complaint.from)
                .map(|bid| bid.title.clone())
                .unwrap_or_default(),
            complaint: one.complaint.clone(),
        })
        .collect();
    let view = html! {
        h1 { span.nhsuk-caption-xl { (desk.call.title) } "Complaints log" }
        p { "A complaint received in the standstill holds up every award of the call until it is answered. It is answered by somebody who took no part in scores and decisions." }
        @if shown.is_empty() { p { "Nobody has complained." } } @else { (table(&shown)) }
        @if desk.may("award.answer") {
            @for one in stored.iter().filter(|one| one.complaint.is_open()) { (answer_form(&desk, one)) }
        }
    };
    Ok(Page::new("Complaints log", view)
        .data(&shown)?
        .under("/calls", "Calls")
        .under(desk.call.path(), desk.call.title.clone())
        .under(format!("{}/awards", desk.call.path()), "Letters and awards")
        .into())
}

fn table(shown: &[Shown]) -> Markup {
    let rows = shown.iter().map(|one| {
        vec![
            Cell::new(on_page(one.complaint.received)),
            Cell::new(one.bid_title.clone()),
            Cell::new(one.complaint.text.to_string()),
            Cell::new(if one.complaint.suspends { "yes" } else { "no" }),
            Cell::new(match &one.complaint.state {
                ComplaintState::Received => html! { "Received" },
                ComplaintState::InReview { .. } => html! { "Being looked into" },
                ComplaintState::TakenBack => html! { "Taken back" },
                ComplaintState::Answered { outcome, answer, .. } => {
                    html! { strong { (outcome.label()) ": " } (answer) }
                }
            }),
        ]
    });
    html! {
        (Table::new("Complaints, oldest first")
            .head([Column::new("Received"), Column::new("Bid"), Column::new("Complaint"), Column::new("In the standstill"), Column::new("Answer")])
            .rows(rows))
    }
}

fn answer_form(desk: &Loaded<AwardDesk>, stored: &StoredComplaint) -> Markup {
    let id = stored.id;
    let outcomes = ComplaintOutcome::ALL.iter().map(|outcome| RadioItem::new(outcome.key(), outcome.label()));
    html! {
        h2 { "Answer the complaint of " (on_page(stored.complaint.received)) }
        div.nhsuk-inset-text { p { (stored.complaint.text) } }
        form method="post" action={ (desk.call.path()) "/complaint-answers" } novalidate {
            input type="hidden" name="complaint" value=(id);
            (Radios::new("outcome", "Outcome").id_prefix(format!("outcome-{id}")).items(outcomes))
            (Textarea::new("answer", "Answer").id(format!("answer-{id}")).hint(format!("At least {ANSWER_WORDS} words; the bidder reads it")))
            (Button::new("Answer the complaint"))
        }
    }
}

pub async fn answer(desk: Loaded<AwardDesk>, Input(form): Input<Form>) -> Answer {
    let complaint = Uuid::parse_str(form.complaint.trim()).map_err(|_| Problem::not_found())?;
    let outcome = ComplaintOutcome::from_key(&form.outcome).ok_or_else(|| {
        Problem::invalid("Choose whether the complaint is upheld", "Go back: what you typed is still there.")
    })?;
    let person = desk.person()?.clone();
    let mut unit = desk.begin().await?;
    actions::answer_complaint(&mut unit, &desk.call, complaint, &person, outcome, &form.answer).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/complaints", desk.call.path()))
        .saying("The answer is on the record and has been sent.")
        .into())
}
