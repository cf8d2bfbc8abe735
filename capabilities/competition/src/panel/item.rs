//! `/calls/{call}/panel/items/{bid}`: one item: who leaves, who decides, what was presented, and the decision with its reason.

use std::collections::BTreeMap;

use axum::extract::Path;
use hiec_access::people;
use hiec_kernel::clock::on_page;
use hiec_kernel::{BidId, Money, PersonId, Problem};
use hiec_web::components::{SummaryList, SummaryRow};
use hiec_web::{Answer, Errors, Loaded, Page};
use maud::{Markup, html};
use serde::Serialize;

use super::decisions::{BudgetCheck, check_budget};
use super::page::left_by;
use super::rules::{Recusal, quorum};
use super::states::{AgendaItem, ItemState, MeetingState};
use super::store::{self, Item, Meeting, PanelDesk};
use super::{actions, deciding, hands, notes, slots};
use crate::ranking::page::illustrative;
use crate::ranking::store::{self as rankings, BidLine};

/// What was typed into the forms of the page, to be shown again beside what stands in the way.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    pub decision: deciding::Form,
    pub note: notes::NoteForm,
    pub slot: Option<slots::Form>,
}

#[derive(Serialize)]
pub(super) struct Shown {
    pub bid: BidId,
    title: String,
    rank: Option<u32>,
    total: Option<String>,
    asks: Option<Money>,
    recusals: Vec<String>,
    quorum: Result<String, String>,
    /// Who may vote on it, once the meeting is open.
    pub voting: Vec<PersonId>,
    item: AgendaItem,
    discussion: String,
    pub budget: BudgetCheck,
}

pub async fn get(desk: Loaded<PanelDesk>, Path((_, bid)): Path<(String, BidId)>) -> Answer {
    Ok(page(&desk, bid, &Typed::default(), &Errors::none()).await?.into())
}

pub(super) async fn page(
    desk: &Loaded<PanelDesk>,
    bid: BidId,
    typed: &Typed,
    errors: &Errors,
) -> Result<Page, Problem> {
    let call = &desk.call;
    let database = desk.database();
    let meeting = desk.meeting.as_ref().ok_or_else(Problem::not_found)?;
    let line = rankings::opened_bids(&database, call.id)
        .await?
        .into_iter()
        .find(|line| line.id == bid)
        .ok_or_else(Problem::not_found)?;
    let item = store::items(&database, meeting.id)
        .await?
        .into_iter()
        .find(|item| item.item.bid == bid)
        .ok_or_else(Problem::not_found)?;
    let under = |page: Page| {
        page.under("/calls", "Calls")
            .under(call.path(), call.title.clone())
            .under(format!("{}/panel", call.path()), "Award panel")
    };
    if left_by(desk).await?.contains(&bid) {
        let view = html! {
            h1 { (line.title) }
            p { "You leave the meeting for this item: you have an interest in the bid, act for one of its regions, or asked to leave. Nothing of it is shown to you." }
        };
        return Ok(under(Page::new(line.title.clone(), view)));
    }
    let names = names(desk, meeting).await?;
    let left = actions::recusals_of(&database, meeting, &line, &item.own_wish).await?;
    let stored = rankings::latest(&database, call.id).await?.ok_or_else(Problem::not_found)?;
    let decided = store::verdicts(&store::decisions(&database, call.id).await?);
    let shown = Shown {
        bid,
        title: line.title.clone(),
        rank: stored.ranking.rank(bid),
        total: stored.ranking.of(bid).and_then(|line| line.total.as_ref()).map(|total| total.percent.to_string()),
        asks: stored.scores.get(&bid).and_then(|scores| scores.asks),
        recusals: left.iter().map(|one| format!("{}: {}", name(&names, one.person), one.cause.label())).collect(),
        quorum: quorum_in_words(desk, meeting, &left, &names),
        voting: voting(desk, meeting, &left),
        budget: check_budget(call.design().award.budget, &decided),
        discussion: item.discussion.clone(),
        item: item.item.clone(),
    };
    let view = view(desk, meeting, &line, &item, &shown, &names, typed, errors);
    Ok(under(Page::new(line.title.clone(), view).data(&shown)?))
}

async fn names(desk: &Loaded<PanelDesk>, meeting: &Meeting) -> Result<BTreeMap<PersonId, String>, Problem> {
    let mut names = BTreeMap::new();
    for member in &meeting.members {
        if let Some(person) = people::by_id(&desk.database(), member.person).await? {
            names.insert(member.person, person.name);
        }
    }
    Ok(names)
}

pub(super) fn name(names: &BTreeMap<PersonId, String>, person: PersonId) -> &str {
    names.get(&person).map_or("A member", String::as_str)
}

fn quorum_in_words(
    desk: &Loaded<PanelDesk>,
    meeting: &Meeting,
    left: &[Recusal],
    names: &BTreeMap<PersonId, String>,
) -> Result<String, String> {
    let present = match &meeting.state {
        MeetingState::Open { present, .. } => present.clone(),
        _ => meeting.members.iter().map(|one| one.person).collect(),
    };
    let rule = actions::quorum_rule(&desk.call);
    match quorum(rule, &meeting.members, &present, left) {
        Ok(able) => Ok(format!(
            "{} presides{}; {} voting members stay, {} are needed",
            name(names, able.presiding),
            if able.is_deputy { " as deputy" } else { "" },
            able.voting.len(),
            rule.voting
        )),
        Err(short) => Err(short.iter().map(|refusal| refusal.title.as_str()).collect::<Vec<_>>().join(". ")),
    }
}

/// Who may vote on the item now.
fn voting(desk: &Loaded<PanelDesk>, meeting: &Meeting, left: &[Recusal]) -> Vec<PersonId> {
    match &meeting.state {
        MeetingState::Open { present, .. } => quorum(actions::quorum_rule(&desk.call), &meeting.members, present, left)
            .map(|able| able.voting)
            .unwrap_or_default(),
        _ => Vec::new(),
    }
}

#[expect(clippy::too_many_arguments, reason = "one page drawn from what its handler has just loaded")]
fn view(
    desk: &Loaded<PanelDesk>,
    meeting: &Meeting,
    line: &BidLine,
    item: &Item,
    shown: &Shown,
    names: &BTreeMap<PersonId, String>,
    typed: &Typed,
    errors: &Errors,
) -> Markup {
    let is_open = matches!(meeting.state, MeetingState::Open { .. });
    let recused = if shown.recusals.is_empty() { "Nobody".to_owned() } else { shown.recusals.join("; ") };
    let (Ok(room) | Err(room)) = &shown.quorum;
    html! {
        (crate::calls::registration::summary(errors))
        h1 { span.nhsuk-caption-xl { "Award panel" } (line.title) (illustrative(line.is_illustrative)) }
        (SummaryList::new([
            SummaryRow::new("Lead", line.lead.clone()),
            SummaryRow::new("Regions", line.regions().join(", ")),
            SummaryRow::new("Rank", shown.rank.map_or("not ranked".to_owned(), |rank| rank.to_string())),
            SummaryRow::new("Total", shown.total.as_deref().map(|total| format!("{total}%")).unwrap_or_default()),
            SummaryRow::new("Asks for", shown.asks.map(|asks| asks.to_string()).unwrap_or_default()),
            SummaryRow::new("Out of the room", recused),
            SummaryRow::new("Quorum", room.clone()),
        ]))
        p { a href={ "/bids/" (line.id) } { "Read the bid" } }
        (record(item, names))
        @let may_note = item.item.is_open() && desk.may("meeting.note");
        @if is_open {
            @if desk.may("meeting.decide") && item.item.is_open() { (deciding::form(desk, shown, names, &typed.decision, errors)) }
            @if may_note { (notes::presentation_form(desk, item, &typed.note, errors)) }
        }
        @if may_note && (is_open || matches!(meeting.state, MeetingState::Planned)) { (slots::form(desk, item, typed.slot.as_ref(), errors)) }
        @if item.item.is_open() && desk.may("meeting.recuse") { (notes::recusal_form(desk, meeting, item, names)) }
        @if is_open && desk.may("meeting.decide") { (notes::later_form(desk, item, &typed.note, errors)) }
    }
}

fn record(item: &Item, names: &BTreeMap<PersonId, String>) -> Markup {
    html! {
        @if let Some(slot) = &item.item.slot {
            div.nhsuk-inset-text { p { strong { "Called to present " (on_page(slot.at)) } ", " (slot.minutes) " minutes: " (slot.presenters.join(", ")) "." } }
        }
        @for shown in &item.item.presentations {
            div.nhsuk-inset-text { p { strong { "Presented " (on_page(shown.at)) ": " } (shown.presenters.join(", ")) ". " (shown.notes) } }
        }
        @if !item.discussion.is_empty() { h2 { "Discussion" } p { (item.discussion) } }
        @for decision in &item.item.decisions {
            div.nhsuk-inset-text {
                p { strong { (decision.verdict.label()) @if decision.amount.0 > 0 { ", " (decision.amount) } } ". " (decision.reason) }
                @for departure in &decision.departures { p { "This decision " (departure) "." } }
                @if let Some(votes) = &decision.votes { p { "Show of hands: " (hands::in_words(votes, &decision.recused, names)) } }
            }
        }
        @for reason in &item.item.reopened { p { "Taken up again: " (reason) } }
        @if let ItemState::Deferred { reason } = &item.item.state { p { "Deferred: " (reason) } }
        @if let ItemState::SetAside { reason } = &item.item.state { p { strong { "Set aside after a complaint: " } (reason) } }
    }
}
