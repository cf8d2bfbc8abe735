//! `/calls/{call}/complaints`: the complaints log, the answers of somebody who took no part in the round's decisions, and what an upheld complaint sets aside.

use std::collections::BTreeSet;
use std::str::FromStr;

use hiec_kernel::clock::{from_london, on_page};
use hiec_kernel::{BidId, Problem, ProblemKind};
use hiec_web::components::{
    Button, Cell, CheckboxItem, Checkboxes, Column, Input as TextInput, RadioItem, Radios, Table, Textarea,
};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::complaining;
use super::complaints::{ANSWER_WORDS, Complaint, ComplaintOutcome, ComplaintState};
use super::setting_aside::{BackTo, REASON_WORDS, SettingAside, Wish};
use super::store::{self, AwardDesk, StoredComplaint};
use crate::calls::registration::summary;
use crate::calls::stages::Stage;
use crate::panel::store as panel;
use crate::ranking::store::{self as rankings, BidLine};

/// An answer, with what follows from it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    #[serde(default)]
    complaint: String,
    /// `upheld`, `partly_upheld` or `not_upheld`.
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    answer: String,
    /// Empty or `stands`: the outcome stands; `panel` or `assessment`: it is set aside, and the round goes on from there.
    #[serde(default)]
    follows: String,
    /// Ids of the bids that are decided anew.
    #[serde(default)]
    bids: Vec<String>,
    /// Why, for every bidder.
    #[serde(default)]
    reason: String,
    /// Until when the regions may respond to a new ranking: `2009-12-04 17:00`, in London's time.
    #[serde(default)]
    regions_until: String,
}

#[derive(Serialize)]
struct Shown {
    id: Uuid,
    bid_title: String,
    complaint: Complaint,
    set_aside: Option<SettingAside>,
}

pub async fn get(desk: Loaded<AwardDesk>) -> Answer {
    Ok(page(&desk, &Form::default(), &Errors::none()).await?.into())
}

async fn page(desk: &Loaded<AwardDesk>, typed: &Form, errors: &Errors) -> Result<Page, Problem> {
    let database = desk.database();
    let bids = rankings::opened_bids(&database, desk.call.id).await?;
    let stored = store::complaints(&database, desk.call.id).await?;
    let set_aside = store::settings_aside(&database, desk.call.id).await?;
    let decided: BTreeSet<BidId> = panel::decisions(&database, desk.call.id).await?.into_keys().collect();
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
            set_aside: set_aside.iter().find(|aside| aside.complaint == one.id).cloned(),
        })
        .collect();
    let may_set_aside = desk.may("award.set_aside") && desk.call.stage() == Stage::Standstill;
    let choices: Vec<&BidLine> = bids.iter().filter(|bid| may_set_aside && decided.contains(&bid.id)).collect();
    let view = html! {
        (summary(errors))
        h1 { span.nhsuk-caption-xl { (desk.call.title) } "Complaints log" }
        p { "A complaint received in the standstill holds up every award of the call until it is answered. It is answered by somebody who took no part in scores and decisions." }
        @if shown.is_empty() { p { "Nobody has complained." } } @else { (table(&shown, &bids)) }
        @if desk.may("award.answer") {
            @for one in stored.iter().filter(|one| one.complaint.is_open()) {
                @let is_typed = typed.complaint == one.id.to_string();
                @let nothing = (Form::default(), Errors::none());
                @let (typed, errors) = if is_typed { (typed, errors) } else { (&nothing.0, &nothing.1) };
                (answer_form(desk, one, &choices, typed, errors))
            }
        }
    };
    Ok(Page::new("Complaints log", view)
        .data(&shown)?
        .under("/calls", "Calls")
        .under(desk.call.path(), desk.call.title.clone())
        .under(format!("{}/awards", desk.call.path()), "Letters and awards")
        .wide())
}

fn table(shown: &[Shown], bids: &[BidLine]) -> Markup {
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
                ComplaintState::Answered { outcome, answer, .. } => html! {
                    p { strong { (outcome.label()) ": " } (answer) }
                    @if let Some(aside) = &one.set_aside { (what_followed(aside, bids)) }
                },
            }),
        ]
    });
    html! {
        (Table::new("Complaints, oldest first")
            .head([Column::new("Received"), Column::new("Bid"), Column::new("Complaint"), Column::new("In the standstill"), Column::new("Answer, and what followed")])
            .responsive(true)
            .rows(rows))
    }
}

fn what_followed(aside: &SettingAside, bids: &[BidLine]) -> Markup {
    let titles: Vec<&str> =
        bids.iter().filter(|bid| aside.bids.contains(&bid.id)).map(|bid| bid.title.as_str()).collect();
    html! {
        p { strong { "The outcome was set aside" } " on " (on_page(aside.at)) ". Decided anew: " (titles.join(", ")) ". " (aside.reason) }
    }
}

fn answer_form(
    desk: &Loaded<AwardDesk>,
    stored: &StoredComplaint,
    choices: &[&BidLine],
    typed: &Form,
    errors: &Errors,
) -> Markup {
    let id = stored.id;
    let outcomes = ComplaintOutcome::ALL.iter().map(|outcome| RadioItem::new(outcome.key(), outcome.label()));
    let follows = std::iter::once(RadioItem::new("stands", "The outcome stands"))
        .chain(BackTo::ALL.iter().map(|one| RadioItem::new(one.key(), one.label())));
    let error = |name: &str| errors.of(name).map(str::to_owned);
    let own = stored.complaint.from;
    html! {
        h2 { "Answer the complaint of " (on_page(stored.complaint.received)) }
        div.nhsuk-inset-text { p { (stored.complaint.text) } }
        form method="post" action={ (desk.call.path()) "/complaint-answers" } novalidate {
            input type="hidden" name="complaint" value=(id);
            (Radios::new("outcome", "Outcome").id_prefix(format!("outcome-{id}")).items(outcomes)
                .value(typed.outcome.as_str()).error_message(error("outcome")))
            (Textarea::new("answer", "Answer").id(format!("answer-{id}")).hint(format!("At least {ANSWER_WORDS} words; the bidder reads it"))
                .value(typed.answer.as_str()).error_message(error("answer")))
            @if !choices.is_empty() {
                (Radios::new("follows", "What follows").id_prefix(format!("follows-{id}")).items(follows)
                    .hint("Setting the outcome aside takes every letter back: a new standstill begins with the new ones.")
                    .value(if typed.follows.is_empty() { "stands" } else { typed.follows.as_str() })
                    .error_message(error("follows")))
                fieldset.nhsuk-fieldset {
                    legend.nhsuk-fieldset__legend.nhsuk-fieldset__legend--s { "Only where the outcome is set aside" }
                    (Checkboxes::new("bids", "Bids to decide anew").id_prefix(format!("bids-{id}")).small(true)
                        .items(choices.iter().map(|bid| CheckboxItem::new(bid.id.to_string(), if bid.id == own { format!("{} (complains)", bid.title) } else { bid.title.clone() })))
                        .values(typed.bids.clone()).error_message(error("bids")))
                    (Textarea::new("reason", "Why, for every bidder").id(format!("reason-{id}"))
                        .hint(format!("At least {REASON_WORDS} words. It stands in every new letter: name no bidder."))
                        .value(typed.reason.as_str()).error_message(error("reason")))
                    (TextInput::new("regions_until", "The regions may respond to a new ranking until").id(format!("regions-{id}"))
                        .hint("Only where bids are ranked anew. For example 2009-12-04 17:00, in London’s time.")
                        .value(typed.regions_until.as_str()).error_message(error("regions_until")))
                }
            }
            (Button::new("Answer the complaint"))
        }
    }
}

pub async fn answer(desk: Loaded<AwardDesk>, Input(form): Input<Form>) -> Answer {
    let complaint = Uuid::parse_str(form.complaint.trim()).map_err(|_| Problem::not_found())?;
    let mut errors = Errors::none();
    let outcome = ComplaintOutcome::from_key(&form.outcome);
    if outcome.is_none() {
        errors.add("outcome", "Choose whether the complaint is upheld");
    }
    let answer = errors.text("answer", "the answer", &form.answer, 10_000);
    let wish = wish(&desk, &form, &mut errors);
    let (true, Some(outcome), Some(answer)) = (errors.is_empty(), outcome, answer) else {
        return Ok(page(&desk, &form, &errors).await?.with_errors(&errors).into());
    };
    let follows = if wish.is_some() { " The outcome is set aside, and everybody concerned is told." } else { "" };
    let person = desk.person()?.clone();
    let mut unit = desk.begin().await?;
    match complaining::answer_complaint(&mut unit, &desk.call, complaint, &person, outcome, &answer, wish).await {
        Ok(()) => unit.commit().await?,
        // What was typed stays on the page beside what stands in the way.
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            drop(unit);
            errors.add("answer", problem.to_string());
            let page = page(&desk, &form, &errors).await?;
            return Ok(page.conflict(&errors).into());
        }
        Err(problem) => return Err(problem.into()),
    }
    Ok(Done::to(format!("{}/complaints", desk.call.path()))
        .saying(format!("The answer is on the record and has been sent.{follows}"))
        .into())
}

/// What the answer sets aside, where it does.
fn wish(desk: &Loaded<AwardDesk>, form: &Form, errors: &mut Errors) -> Option<Wish> {
    if matches!(form.follows.as_str(), "" | "stands") {
        return None;
    }
    let Some(back_to) = BackTo::from_key(&form.follows) else {
        errors.add("follows", "Choose what follows");
        return None;
    };
    if !desk.may("award.set_aside") {
        errors.add(
            "follows",
            "Your role does not set an outcome aside; answer the complaint and tell the programme office",
        );
        return None;
    }
    let bids: Result<Vec<BidId>, _> =
        form.bids.iter().filter(|id| !id.trim().is_empty()).map(|id| BidId::from_str(id.trim())).collect();
    let bids = errors.take("bids", bids.map_err(|_| "Choose bids from the list"))?;
    let regions_until = match form.regions_until.trim() {
        "" => None,
        typed => Some(errors.take("regions_until", from_london(&typed.replace('T', " ")))?),
    };
    Some(Wish { back_to, bids, reason: form.reason.clone(), regions_until })
}
