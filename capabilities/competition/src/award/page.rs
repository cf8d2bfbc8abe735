//! `/calls/{call}/awards`: letters before they go out, the standstill, awards, and the way to the announcement. Nothing here decides on a bid.

use std::collections::BTreeMap;
use std::str::FromStr;

use hiec_access::policy::Target;
use hiec_kernel::clock::{day_on_page, on_page};
use hiec_kernel::{BidId, Money, Problem, Timestamp};
use hiec_web::components::{Button, Cell, Column, SummaryList, SummaryRow, Table, Tag, Textarea};
use hiec_web::{Answer, Done, Errors, Fields, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::actions;
use super::complaints::Complaint;
use super::composition::{self, Composed};
use super::setting_aside::SettingAside;
use super::standstill::{Standstill, StandstillRule};
use super::states::AwardState;
use super::store::{self, AwardDesk};
use crate::calls::stages::Stage;
use crate::ranking::page::illustrative;
use crate::ranking::store::{self as rankings, BidLine};

/// The awards to make: one bid, or all that wait.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// Empty for every award that waits.
    #[serde(default)]
    bid: String,
}

#[derive(Serialize)]
struct Line {
    bid: BidId,
    title: String,
    region: String,
    is_illustrative: bool,
    told: Option<Timestamp>,
    award: Option<AwardState>,
    /// When the award came to where it stands.
    since: Option<Timestamp>,
    amount: Option<Money>,
}

#[derive(Serialize)]
struct Shown {
    stage: &'static str,
    standstill: Option<Standstill>,
    open_complaints: usize,
    /// Every time the outcome was set aside, oldest first.
    set_aside: Vec<SettingAside>,
    lines: Vec<Line>,
}

pub async fn get(desk: Loaded<AwardDesk>) -> Answer {
    Ok(page(&desk, &Fields::default(), &Errors::none()).await?.into())
}

async fn page(desk: &Loaded<AwardDesk>, typed: &Fields, errors: &Errors) -> Result<Page, Problem> {
    let call = &desk.call;
    let database = desk.database();
    let bids = rankings::opened_bids(&database, call.id).await?;
    let told = store::told(&database, call).await?;
    let awards = store::awards(&database, call.id).await?;
    let complaints: Vec<Complaint> =
        store::complaints(&database, call.id).await?.into_iter().map(|one| one.complaint).collect();
    let shown = Shown {
        stage: call.stage().label(),
        standstill: actions::standstill_of(call)?,
        open_complaints: complaints.iter().filter(|one| one.is_open()).count(),
        set_aside: store::settings_aside(&database, call.id).await?,
        lines: bids
            .iter()
            .map(|bid| {
                let award = awards.iter().find(|award| award.bid == bid.id);
                Line {
                    bid: bid.id,
                    title: bid.title.clone(),
                    region: bid.regions().join(", "),
                    is_illustrative: bid.is_illustrative,
                    told: told.get(&bid.id).copied(),
                    award: award.map(|award| award.state.clone()),
                    since: award.map(|award| award.changed_at),
                    amount: award.map(|award| award.amount),
                }
            })
            .collect(),
    };
    let content = match call.stage() {
        Stage::Panel => before(desk, typed).await?,
        Stage::Standstill | Stage::Announced => after(desk, &shown, &bids, typed),
        _ => {
            html! { p { "Letters go out when the panel has decided. The round stands at “" (call.stage().label()) "”." } }
        }
    };
    let view = html! {
        (crate::calls::registration::summary(errors))
        h1 { span.nhsuk-caption-xl { (call.title) } "Letters and awards" }
        @for one in &shown.set_aside { (set_aside(one, &bids)) }
        (content)
        p { a href={ (call.path()) "/complaints" } { "Complaints log" } }
    };
    Ok(Page::new("Letters and awards", view)
        .data(&shown)?
        .under("/calls", "Calls")
        .under(call.path(), call.title.clone())
        .wide())
}

/// That an outcome was set aside, why, and what follows.
fn set_aside(one: &SettingAside, bids: &[BidLine]) -> Markup {
    let titles: Vec<&str> =
        bids.iter().filter(|bid| one.bids.contains(&bid.id)).map(|bid| bid.title.as_str()).collect();
    html! {
        div.nhsuk-inset-text {
            p { strong { "The outcome told on " (on_page(one.told_at)) " was set aside" } " on " (on_page(one.at)) " after a complaint." }
            p { (one.reason) }
            p { "Decided anew: " (titles.join(", ")) "." @if let Some(until) = one.regions_until { " The regions may respond to the new ranking until " (on_page(until)) "." } }
        }
    }
}

fn state_label(state: &AwardState) -> &'static str {
    match state {
        AwardState::Intended => "Intended",
        AwardState::Standstill { .. } => "In standstill",
        AwardState::Suspended { .. } => "Held up by a complaint",
        AwardState::Awarded { .. } => "Awarded",
        AwardState::Withdrawn { .. } => "Withdrawn",
    }
}

/// The letters as they would go out now, with whatever of other bids stands in them.
async fn before(desk: &Loaded<AwardDesk>, typed: &Fields) -> Result<Markup, Problem> {
    let call = &desk.call;
    let better = better_of(typed);
    let letters = match composition::compose(&desk.database(), call, desk.now(), &better).await {
        Ok(letters) => letters,
        Err(problem) => {
            return Ok(html! { div.nhsuk-inset-text { p { strong { (problem.title) ". " } (problem.next) } } });
        }
    };
    let standstill = composition::standstill_from(call, desk.now())?;
    let is_clean = letters.iter().all(|one| one.letter.is_ok());
    Ok(html! {
        p { "Every bidder gets a letter with its scores, the reasons, and what a better bid had. " (StandstillRule::from(&call.design().award.standstill).statement()) }
        p { "Sent now, the standstill would end at midnight at the end of " strong { (day_on_page(standstill.last_day)) } "." }
        (letter_table(&letters))
        @if desk.may("award.tell") {
            form method="post" action={ (call.path()) "/letters" } novalidate {
                h2 { "What a better bid had" }
                p { "General words for the letters to bidders that are not funded. Never name another bid or quote from one: letters that do are not sent." }
                @for criterion in &call.design().criteria {
                    (Textarea::new(format!("better-{}", criterion.key), criterion.name.clone())
                        .rows(3_u16)
                        .value(typed.get(&format!("better-{}", criterion.key)).unwrap_or_default()))
                }
                @if is_clean { (Button::new("Send every letter and begin the standstill").confirm("Letters cannot be called back.")) }
                @else { p { "Nothing can be sent while words of other bids stand in a letter." } }
            }
        }
    })
}

fn letter_table(letters: &[Composed]) -> Markup {
    let rows = letters.iter().map(|one| {
        vec![
            Cell::new(html! { (one.bid.title) (illustrative(one.bid.is_illustrative)) }),
            Cell::new(one.verdict.label()),
            Cell::new(match &one.letter {
                Ok(letter) => html! {
                    details.nhsuk-details {
                        summary.nhsuk-details__summary { span.nhsuk-details__summary-text { "Read the letter" } }
                        div.nhsuk-details__text { @for line in letter.plain().lines() { p { (line) } } }
                    }
                },
                Err(found) => html! {
                    strong { "Kept back: words of another bid stand in it: " }
                    @for one in found { "“" (one.phrase) "” " }
                },
            }),
        ]
    });
    html! {
        (Table::new("Letters to send").head([Column::new("Bid"), Column::new("Decision"), Column::new("Letter")]).rows(rows))
    }
}

fn after(desk: &Loaded<AwardDesk>, shown: &Shown, bids: &[BidLine], typed: &Fields) -> Markup {
    let call = &desk.call;
    let waits = shown
        .lines
        .iter()
        .any(|line| matches!(line.award, Some(AwardState::Standstill { .. } | AwardState::Suspended { .. })));
    let is_over = shown.standstill.is_some_and(|standstill| standstill.is_over(desk.now()));
    html! {
        @if let Some(standstill) = &shown.standstill {
            (SummaryList::new([
                SummaryRow::new("Bidders told", on_page(standstill.published)),
                SummaryRow::new("Standstill ends", format!("at midnight at the end of {}", day_on_page(standstill.last_day))),
                SummaryRow::new("Open complaints", shown.open_complaints.to_string()),
            ]))
        }
        (award_table(&shown.lines, desk.may_with("bid.letter.view", &Target { kind: "bid", ..desk.target.clone() })))
        @if waits && desk.may("award.give") {
            @if is_over && shown.open_complaints == 0 {
                form method="post" action={ (call.path()) "/awards" } { (Button::new("Make every award")) }
            } @else {
                p { "Awards can be made when the standstill is over and every complaint received in it is answered." }
            }
        }
        @if call.stage() == Stage::Announced {
            p { a href={ "/announcements/" (call.key) } { "The announcement" } }
        } @else if !waits && desk.may("award.announce") {
            (announcement_form(desk, shown, bids, typed))
        }
    }
}

fn award_table(lines: &[Line], are_letters_open: bool) -> Markup {
    let rows = lines.iter().map(|line| {
        vec![
            Cell::new(html! {
                @if are_letters_open { a href={ "/bids/" (line.bid) "/letter" } { (line.title) } } @else { (line.title) }
                (illustrative(line.is_illustrative))
            }),
            Cell::new(line.region.clone()),
            Cell::new(line.told.map(on_page).unwrap_or_default()),
            Cell::new(html! { @match &line.award { Some(state) => (Tag::new(state_label(state))), None => "Not funded" } }),
            Cell::new(line.since.map(on_page).unwrap_or_default()),
            Cell::numeric(line.amount.map(|amount| amount.to_string()).unwrap_or_default()),
        ]
    });
    html! {
        (Table::new("Letters sent and awards")
            .head([Column::new("Bid, with its letter"), Column::new("Regions"), Column::new("Told"), Column::new("Award"),
                Column::new("Since"), Column::numeric("Amount")])
            .rows(rows))
    }
}

fn announcement_form(desk: &Loaded<AwardDesk>, shown: &Shown, bids: &[BidLine], typed: &Fields) -> Markup {
    let has_award = |code: &str| {
        bids.iter().any(|bid| {
            bid.region == code
                && shown
                    .lines
                    .iter()
                    .any(|line| line.bid == bid.id && matches!(line.award, Some(AwardState::Awarded { .. })))
        })
    };
    html! {
        h2 { "Announce" }
        p { "What is announced is taken from the record: awards, figures of the round, departures from the ranking. For each region without an award, say why." }
        form method="post" action={ (desk.call.path()) "/announcement" } novalidate {
            @for region in desk.call.regions.iter().filter(|region| !has_award(&region.code)) {
                @let name = format!("reason-{}", region.code);
                (Textarea::new(name.clone(), format!("{} has no award because", region.name)).rows(3_u16).value(typed.get(&name).unwrap_or_default()))
            }
            (Button::new("Announce the awards").confirm("Everybody can read them then."))
        }
    }
}

/// `better-CRITERION` fields as words by criterion.
fn better_of(fields: &Fields) -> BTreeMap<String, String> {
    fields
        .0
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix("better-")?.to_owned(), value.clone())))
        .collect()
}

pub async fn tell(desk: Loaded<AwardDesk>, fields: Fields) -> Answer {
    let person = desk.person()?.clone();
    let mut unit = desk.begin().await?;
    match actions::send_letters(&mut unit, &desk.call, &person, &better_of(&fields)).await {
        Ok(()) => unit.commit().await?,
        // The office's words stay on the page beside what stands in the way, while the page asks for any.
        Err(problem) if problem.kind == hiec_kernel::ProblemKind::Conflict && desk.call.stage() == Stage::Panel => {
            drop(unit);
            let mut errors = Errors::none();
            let field = desk
                .call
                .design()
                .criteria
                .first()
                .map(|criterion| format!("better-{}", criterion.key))
                .unwrap_or_default();
            errors.add(field, problem.to_string());
            return Ok(page(&desk, &fields, &errors).await?.with_errors(&errors).into());
        }
        Err(problem) => return Err(problem.into()),
    }
    Ok(Done::to(format!("{}/awards", desk.call.path()))
        .saying("Every bidder has been told. The standstill has begun.")
        .into())
}

pub async fn give(desk: Loaded<AwardDesk>, Input(form): Input<Form>) -> Answer {
    let mut unit = desk.begin().await?;
    let made = match form.bid.trim() {
        "" => actions::award_all(&mut unit, &desk.call).await?,
        typed => {
            let bid = BidId::from_str(typed).map_err(|_| Problem::not_found())?;
            actions::award(&mut unit, &desk.call, bid).await?;
            1
        }
    };
    unit.commit().await?;
    Ok(Done::to(format!("{}/awards", desk.call.path())).saying(format!("Awards made: {made}.")).into())
}
