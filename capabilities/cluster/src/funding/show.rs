//! `/clusters/{cluster}/funding/{bid}`: one bid to an outside funder, every step with who and when, and the next one.

use axum::extract::Path;
use hiec_contracts::PartnerSeen;
use hiec_kernel::Problem;
use hiec_kernel::clock::{day_on_page, iso, on_page};
use hiec_web::components::own::{DescriptionTimeline, TimelineEntry};
use hiec_web::components::{
    Button, Input as TextInput, RadioItem, Radios, SummaryList, SummaryRow, Textarea, WarningCallout,
};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

use super::FundingDesk;
use super::actions;
use super::list::{lacks_host, tag};
use super::states::{Move, Stage};
use super::store::{self, FundingBid};
use crate::desk::{self, amount, choice, day, day_field, heading, names, page_of, partner_items, partner_of, summary};

type Named = Path<(String, Uuid)>;

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct NoteForm {
    #[serde(default)]
    note: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct OutcomeForm {
    /// `won` or `lost`.
    #[serde(default)]
    outcome: String,
    /// What was won.
    #[serde(default)]
    amount: String,
    #[serde(default)]
    note: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct HostForm {
    #[serde(default)]
    host: String,
    #[serde(default)]
    ends_on: String,
}

#[derive(Default)]
struct Typed {
    note: NoteForm,
    outcome: OutcomeForm,
    host: HostForm,
}

async fn find(desk: &Loaded<FundingDesk>, id: Uuid) -> Result<FundingBid, Problem> {
    store::by_id(&desk.database(), desk.cluster.id, id).await?.ok_or_else(Problem::not_found)
}

pub async fn get(desk: Loaded<FundingDesk>, Path((_, id)): Named) -> Answer {
    let bid = find(&desk, id).await?;
    Ok(page(&desk, &bid, &Typed::default(), &Errors::none()).await?.into())
}

async fn page(desk: &Loaded<FundingDesk>, bid: &FundingBid, typed: &Typed, errors: &Errors) -> Result<Page, Problem> {
    let partners = desk::partners(&desk.database(), &desk.cluster).await?;
    let people = names(&desk.database(), bid.state.steps.iter().filter_map(|step| step.by).collect()).await?;
    let consortium: Vec<&str> = partner_names(&partners, bid);
    let steps = bid.state.steps.iter().rev().map(|step| {
        let label = step_label(&step.to);
        let entry = TimelineEntry::new(on_page(step.at), label).datetime(iso(step.at)).because(step.note.clone());
        match step.by.and_then(|by| people.get(&by)) {
            Some(name) => entry.by(name.clone()),
            None => entry,
        }
    });
    let view = html! {
        (summary(errors))
        (heading(desk, &bid.title))
        p { (tag(&bid.state.stage)) }
        @if lacks_host(&desk.cluster, bid) {
            (WarningCallout::new("Nobody holds this grant after the cluster", html! {
                p { "The cluster ends on " (day_on_page(desk.cluster.ends_on)) ". Name the partner that hosts the grant from then on." }
            }))
        }
        (SummaryList::new([
            SummaryRow::new("Funder", bid.funder.clone()),
            SummaryRow::new("Asked", bid.asked.to_string()),
            SummaryRow::new("Won", bid.state.won().map_or("Nothing yet".to_owned(), |won| won.to_string())),
            SummaryRow::new("Bidding together", consortium.join(", ")),
            SummaryRow::new("Project", bid.project.as_ref().map_or("None named".to_owned(), |project| project.name.clone())),
            SummaryRow::new("Host after the cluster", bid.host_name.clone().unwrap_or_else(|| "Nobody named".to_owned())),
            SummaryRow::new("The grant’s last day", bid.ends_on.map_or("Not known".to_owned(), day_on_page)),
        ]))
        @if !bid.source.is_empty() { p.app-source { "Published source: " (bid.source) } }
        @if desk.may("funding.change") { (next(desk, bid, &partners, typed, errors)) }
        h2 { "Every step" }
        (DescriptionTimeline::new(steps))
    };
    let path = format!("{}/funding", desk.cluster.path());
    page_of(&desk.cluster, bid.title.clone(), view).under(path, "Bids to outside funders").data(bid)
}

fn partner_names<'a>(partners: &'a [PartnerSeen], bid: &FundingBid) -> Vec<&'a str> {
    let mut seen = std::collections::BTreeSet::new();
    partners
        .iter()
        .filter(|one| bid.consortium.contains(&one.organisation.id) && seen.insert(one.organisation.id))
        .map(|one| one.organisation.name.as_str())
        .collect()
}

fn step_label(to: &str) -> &'static str {
    match to {
        "idea" => "Thought of",
        "writing" => "Writing began",
        "submitted" => "Submitted",
        "won" => "Won",
        "lost" => "Lost",
        _ => "Withdrawn",
    }
}

/// The forms of the moves that can be made from here.
fn next(
    desk: &Loaded<FundingDesk>,
    bid: &FundingBid,
    partners: &[PartnerSeen],
    typed: &Typed,
    errors: &Errors,
) -> Markup {
    let path = format!("{}/funding/{}", desk.cluster.path(), bid.id);
    let note = |label: &str, typed: &str| {
        Textarea::new("note", label).rows(2_u16).value(typed).error_message(errors.of("note").unwrap_or_default())
    };
    let simple = |door: &str, button: &str| {
        html! {
            form method="post" action={ (path) "/" (door) } novalidate {
                (note("Note (optional)", &typed.note.note))
                (Button::new(button))
            }
        }
    };
    html! {
        @match &bid.state.stage {
            Stage::Idea => { h2 { "Next" } (simple("writing", "Start writing")) }
            Stage::Writing => { h2 { "Next" } (simple("submission", "It was submitted")) }
            Stage::Submitted => {
                h2 { "The funder’s answer" }
                form method="post" action={ (path) "/outcome" } novalidate {
                    (Radios::new("outcome", "What did the funder say?")
                        .items([RadioItem::new("won", "Won"), RadioItem::new("lost", "Lost")])
                        .value(typed.outcome.outcome.as_str())
                        .error_message(errors.of("outcome").unwrap_or_default()))
                    (TextInput::new("amount", "Amount won").money().value(typed.outcome.amount.as_str()).error_message(errors.of("amount").unwrap_or_default()))
                    (note("What they said; where it was lost, what to do otherwise", &typed.outcome.note))
                    (Button::new("Note the answer"))
                }
            }
            Stage::Won { .. } => {
                h2 { "Host after the cluster" }
                form method="post" action={ (path) "/host" } novalidate {
                    (choice("host", "Who holds the grant", partner_items(partners), &typed.host.host, errors))
                    (day_field("ends_on", "The grant’s last day", &typed.host.ends_on, errors))
                    (Button::new("Name the host"))
                }
            }
            Stage::Lost | Stage::Withdrawn => {}
        }
        @if !bid.state.is_decided() {
            h2 { "Give it up" }
            form method="post" action={ (path) "/withdrawal" } novalidate {
                (TextInput { id: "withdrawal-note".into(), ..TextInput::new("note", "Why") })
                (Button::new("Withdraw the bid").secondary())
            }
        }
    }
}

async fn go(desk: &Loaded<FundingDesk>, bid: &FundingBid, step: &Move, note: &str, word: &str) -> Answer {
    let mut unit = desk.begin().await?;
    actions::go(&mut unit, &desk.cluster, bid, step, note).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/funding/{}", desk.cluster.path(), bid.id)).saying(word).into())
}

pub async fn writing(desk: Loaded<FundingDesk>, Path((_, id)): Named, Input(form): Input<NoteForm>) -> Answer {
    let bid = find(&desk, id).await?;
    go(&desk, &bid, &Move::Write, &form.note, "Writing has begun.").await
}

pub async fn submission(desk: Loaded<FundingDesk>, Path((_, id)): Named, Input(form): Input<NoteForm>) -> Answer {
    let bid = find(&desk, id).await?;
    go(&desk, &bid, &Move::Submit, &form.note, "The bid was noted as submitted.").await
}

pub async fn withdrawal(desk: Loaded<FundingDesk>, Path((_, id)): Named, Input(form): Input<NoteForm>) -> Answer {
    let bid = find(&desk, id).await?;
    go(&desk, &bid, &Move::Withdraw, &form.note, "The bid was withdrawn.").await
}

pub async fn outcome(desk: Loaded<FundingDesk>, Path((_, id)): Named, Input(form): Input<OutcomeForm>) -> Answer {
    let bid = find(&desk, id).await?;
    let mut errors = Errors::none();
    let step = match form.outcome.as_str() {
        "won" => amount(&mut errors, "amount", &form.amount).map(Move::Win),
        "lost" => errors.text("note", "what to do otherwise next time", &form.note, 1000).map(|_| Move::Lose),
        _ => {
            errors.add("outcome", "Choose won or lost");
            None
        }
    };
    let Some(step) = step else {
        let typed = Typed { outcome: form, ..Typed::default() };
        return Ok(page(&desk, &bid, &typed, &errors).await?.with_errors(&errors).into());
    };
    go(&desk, &bid, &step, &form.note, "The funder’s answer was noted.").await
}

pub async fn host(desk: Loaded<FundingDesk>, Path((_, id)): Named, Input(form): Input<HostForm>) -> Answer {
    let bid = find(&desk, id).await?;
    let partners = desk::partners(&desk.database(), &desk.cluster).await?;
    let mut errors = Errors::none();
    let host = partner_of(&mut errors, "host", &form.host, &partners);
    let ends_on = day(&mut errors, "ends_on", "the grant’s last day", &form.ends_on);
    let (Some(host), Some(ends_on)) = (host, ends_on) else {
        let typed = Typed { host: form, ..Typed::default() };
        return Ok(page(&desk, &bid, &typed, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = desk.begin().await?;
    actions::host(&mut unit, &desk.cluster, &bid, host, ends_on).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/funding/{}", desk.cluster.path(), bid.id)).saying("The host was named.").into())
}
