//! `/calls/{call}/opening`: two officers turn a key each; before that the office sees how many bids are sealed, not what they say. Late entries are decided here too.

use std::collections::BTreeMap;

use axum::extract::Query;
use hiec_kernel::Problem;
use hiec_kernel::clock::on_page;
use hiec_store::{FromQueryResult, Reads, values};
use hiec_web::components::own::Paging;
use hiec_web::components::{Button, Table, Textarea};
use hiec_web::{Answer, Done, Input, Loaded, Page, WantsData};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::late_entry;
use super::list::colour;
use super::opening::{OpeningState, TOGETHER_MINUTES};
use super::openings::{self, Opening};
use super::pieces::{count, illustrative, tag};
use super::states::BidState;
use super::store::{self, Bid};
use crate::calls::stages::bid_deadline;
use crate::calls::store::Call;

#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Form {
    /// `first` or `second`.
    #[serde(default)]
    pub key: String,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Late {
    /// `propose`, `admit` or `decline`.
    #[serde(default)]
    pub step: String,
    #[serde(default)]
    pub reason: String,
}

/// Which part of the list is looked at.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Look {
    page: Option<usize>,
}

pub async fn get(call: Loaded<Call>, Query(look): Query<Look>, WantsData(is_whole): WantsData) -> Answer {
    let reads = call.database();
    let openings = openings::of_call(&reads, &call).await?;
    let states = store::states_of_call(&reads, &call).await?;
    let is_over = bid_deadline(call.design()).is_some_and(|deadline| !deadline.admits(call.now()));
    let sealed = states.get("Submitted").copied().unwrap_or(0);
    // Before the deadline not even which bids are in is told: only that there are some.
    let total = if is_over { states.values().sum() } else { 0 };
    let paging = if is_whole { Paging::whole(total) } else { Paging::of(look.page, total) };
    let listed = store::part_of_call(&reads, &call, paging.range()).await?;
    let mut officers = Vec::new();
    for opening in &openings {
        officers.push(in_words(&reads, opening).await?);
    }
    let data = serde_json::json!({
        "sealed": sealed, "is_over": is_over,
        "openings": openings.iter().map(|o| &o.state).collect::<Vec<_>>(),
        "bids": listed.iter().map(|bid| serde_json::json!({
            "id": bid.id, "title": bid.title, "state": bid.state.name(), "late_entry": bid.state.late_entry(),
        })).collect::<Vec<_>>(),
    });
    let content = html! {
        h1 { "Opening of the bids" }
        p { (countdown(&call)) }
        p { "Bids are sealed until two officers open them together, after the deadline: one turns the first key, the other the second within " (TOGETHER_MINUTES) " minutes." }
        @if officers.is_empty() { p { "Nothing was opened yet." } }
        ul.app-history { @for line in &officers { li { (line) } } }
        p { (count(sealed, "bid")) " sealed." }
        @if is_over && call.may("call.opening") { (keys(&call, &openings, &states)) }
        @if is_over { (list(&call, &listed)) (paging.links(&format!("{}/opening", call.path()))) }
    };
    Ok(Page::new("Opening of the bids", content)
        .under("/calls", "Calls")
        .under(call.path(), call.title.clone())
        .data(&data)?
        .into())
}

pub async fn post(call: Loaded<Call>, Input(form): Input<Form>) -> Answer {
    let officer = call.person()?.clone();
    let mut unit = call.begin().await?;
    let word = match form.key.as_str() {
        "first" => {
            openings::first_key(&mut unit, &call, &officer).await?;
            "The first key is turned. Another officer turns the second now.".to_owned()
        }
        "second" => {
            let opened = openings::second_key(&mut unit, &call, &officer).await?;
            format!("{} opened.", count(opened, "bid"))
        }
        _ => {
            return Err(Problem::invalid("Say which key you turn", "Send ‘first’ or ‘second’.").into());
        }
    };
    unit.commit().await?;
    Ok(Done::to(format!("{}/opening", call.path())).saying(word).into())
}

/// `POST /bids/{bid}/late-entry`
pub async fn late(bid: Loaded<Bid>, Input(form): Input<Late>) -> Answer {
    let officer = bid.person()?.clone();
    let mut unit = bid.begin().await?;
    let word = match form.step.as_str() {
        "propose" => {
            late_entry::propose_late_entry(&mut unit, &bid, &officer, &form.reason).await?;
            "Proposed. Another officer decides; until then its people can complete it."
        }
        "admit" => {
            late_entry::admit_late_entry(&mut unit, &bid, &officer).await.map_err(Problem::from)?;
            "Admitted late, with the reason, for ever. It is sealed until it is opened."
        }
        "decline" => {
            late_entry::decline_late_entry(&mut unit, &bid, &officer, &form.reason).await?;
            "Not admitted."
        }
        _ => {
            return Err(Problem::invalid("Say what you decide", "Send ‘propose’, ‘admit’ or ‘decline’.").into());
        }
    };
    unit.commit().await?;
    Ok(Done::to(format!("{}/opening", bid.call.path())).saying(word).into())
}

fn countdown(call: &Call) -> String {
    bid_deadline(call.design()).map(|deadline| format!("{}.", deadline.countdown(call.now))).unwrap_or_default()
}

async fn in_words(reads: &impl Reads, opening: &Opening) -> Result<String, Problem> {
    Ok(match &opening.state {
        OpeningState::Sealed(_) => "Sealed.".to_owned(),
        OpeningState::FirstKey(key) => {
            format!("First key turned by {} on {}.", name(reads, key.first).await?, on_page(key.at))
        }
        OpeningState::Opened(opened) => format!(
            "Opened by {} and {} on {}.",
            name(reads, opened.first).await?,
            name(reads, opened.second).await?,
            on_page(opened.at)
        ),
    })
}

async fn name(reads: &impl Reads, person: hiec_kernel::PersonId) -> Result<String, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        name: String,
    }
    let row: Option<Row> = reads.one("SELECT name FROM base_person WHERE id = $1", values![person.0]).await?;
    Ok(row.map(|row| row.name).unwrap_or_default())
}

fn keys(call: &Loaded<Call>, openings: &[Opening], states: &BTreeMap<String, usize>) -> Markup {
    let me = call.subject.person.as_ref().map(|person| person.id);
    let is_waiting = states.contains_key("Draft") || states.contains_key("Submitted");
    let turned = match openings.last().map(|opening| &opening.state) {
        Some(OpeningState::FirstKey(key)) if key.clone().lapse(call.now()).is_err() => Some(key.first),
        _ => None,
    };
    html! {
        form method="post" action={ (call.path()) "/opening" } {
            @match turned {
                Some(first) if Some(first) == me => p { "You turned the first key. Another officer turns the second." },
                Some(_) => { input type="hidden" name="key" value="second"; (Button::new("Turn the second key and open the bids")) },
                None if is_waiting => { input type="hidden" name="key" value="first"; (Button::new("Turn the first key")) },
                None => p { "There is no sealed bid to open." },
            }
        }
    }
}

fn list(call: &Loaded<Call>, bids: &[Bid]) -> Markup {
    let may_open = call.may("call.opening");
    let me = call.subject.person.as_ref().map(|person| person.id);
    let table = Table::new("Bids of this call")
        .head(["Bid", "State", "Late entry"])
        .rows(bids.iter().map(|bid| {
            [
                html! {
                    @if matches!(bid.state, BidState::Opened(_)) { a href=(bid.path()) { (bid.title) } } @else { (bid.title) }
                    (illustrative(bid.is_illustrative))
                },
                html! { (tag(bid.state.label(), colour(&bid.state))) },
                html! {
                    @if let Some(late) = bid.state.late_entry() { "Admitted late on " (on_page(late.admitted_at)) ". Reason: " (late.reason) }
                    @if may_open { (late_forms(bid, me)) }
                },
            ]
        }));
    html! { h2 { "Bids" } (table) }
}

fn late_forms(bid: &Bid, me: Option<hiec_kernel::PersonId>) -> Markup {
    let action = format!("{}/late-entry", bid.path());
    let reason = |label: &str| {
        Textarea::new("reason", format!("{label} for {}", bid.title)).id(format!("reason-{}", bid.id)).rows(2)
    };
    html! {
        @match &bid.state {
            BidState::NotSubmitted(state) => {
                @if !state.lacking.is_empty() { p { "Lacking at the deadline: " (state.lacking.join(" ")) } }
                form method="post" action=(action) {
                    input type="hidden" name="step" value="propose";
                    (reason("Reason to admit it late"))
                    (Button::new("Propose late entry").secondary())
                }
            }
            BidState::LateProposed(state) => {
                p { "Proposed on " (on_page(state.at)) ". Reason: " (state.reason) }
                @if Some(state.first) == me { p { "Another officer decides." } }
                @else {
                    form method="post" action=(action) { input type="hidden" name="step" value="admit"; (Button::new("Admit it late")) }
                    form method="post" action=(action) { input type="hidden" name="step" value="decline"; (reason("Reason not to admit it")) (Button::new("Do not admit it").secondary()) }
                }
            }
            _ => {}
        }
    }
}
