//! `/calls/{call}/panel/items/{bid}`: one item: who leaves, who decides, what was presented, and the decision with its reason.

use std::collections::BTreeMap;
use std::str::FromStr;

use axum::extract::Path;
use hiec_access::people;
use hiec_kernel::clock::on_page;
use hiec_kernel::{BidId, Money, PersonId, Problem, ProblemKind};
use hiec_web::components::{
    Button, Input as TextInput, RadioItem, Radios, Select, SelectItem, SummaryList, SummaryRow, Textarea,
};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::actions;
use super::decisions::{BudgetCheck, DEPARTURE_WORDS, Proposal, Verdict, Votes, check_budget};
use super::page::{left_by, money};
use super::rules::{Recusal, quorum};
use super::slots;
use super::states::{AgendaItem, ItemState, MeetingState};
use super::store::{self, Item, Meeting, PanelDesk};
use crate::ranking::page::illustrative;
use crate::ranking::store::{self as rankings, BidLine};

/// A decision as the chair or deputy puts it on the record.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    #[serde(default)]
    bid: String,
    /// `fund`, `reserve` or `not`.
    #[serde(default)]
    verdict: String,
    /// In pounds; empty unless funded.
    #[serde(default)]
    amount: String,
    #[serde(default)]
    reason: String,
    /// What was said, for the minutes.
    #[serde(default)]
    discussion: String,
    /// A show of hands, where one was taken: for each member in the room `ID:for`, `ID:against` or `ID:abstained`.
    #[serde(default)]
    votes: Vec<String>,
}

/// A word about one item: a recusal, a deferral, a reopening, a presentation.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct NoteForm {
    #[serde(default)]
    bid: String,
    /// Who leaves; empty for oneself.
    #[serde(default)]
    person: String,
    #[serde(default)]
    reason: String,
    /// Who presented, one per line.
    #[serde(default)]
    presenters: String,
    #[serde(default)]
    notes: String,
}

#[derive(Serialize)]
struct Shown {
    bid: BidId,
    title: String,
    rank: Option<u32>,
    total: Option<String>,
    asks: Option<Money>,
    recusals: Vec<String>,
    quorum: Result<String, String>,
    /// Who may vote on it, once the meeting is open.
    voting: Vec<PersonId>,
    item: AgendaItem,
    discussion: String,
    budget: BudgetCheck,
}

pub async fn get(desk: Loaded<PanelDesk>, Path((_, bid)): Path<(String, BidId)>) -> Answer {
    Ok(page(&desk, bid, &Form::default(), &Errors::none()).await?.into())
}

async fn page(desk: &Loaded<PanelDesk>, bid: BidId, form: &Form, errors: &Errors) -> Result<Page, Problem> {
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
    let view = view(desk, meeting, &line, &item, &shown, &names, form, errors);
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

fn name(names: &BTreeMap<PersonId, String>, person: PersonId) -> &str {
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
    form: &Form,
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
        @if is_open {
            @if desk.may("meeting.decide") && item.item.is_open() { (decision_form(desk, shown, names, form, errors)) }
            @if desk.may("meeting.decide") { (later_form(desk, item)) }
            @if desk.may("meeting.note") && item.item.is_open() { (presentation_form(desk, item)) }
        }
        @if item.item.is_open() && desk.may("meeting.note") && matches!(meeting.state, MeetingState::Planned | MeetingState::Open { .. }) { (slots::form(desk, item)) }
        @if item.item.is_open() && desk.may("meeting.recuse") { (recusal_form(desk, meeting, item, names)) }
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
                @if let Some(votes) = &decision.votes { p { "Show of hands: " (hands(votes, &decision.recused, names)) } }
            }
        }
        @for reason in &item.item.reopened { p { "Taken up again: " (reason) } }
        @if let ItemState::Deferred { reason } = &item.item.state { p { "Deferred: " (reason) } }
        @if let ItemState::SetAside { reason } = &item.item.state { p { strong { "Set aside after a complaint: " } (reason) } }
    }
}

/// `4 for, 1 against, 0 abstained, 2 recused`, with names.
fn hands(votes: &Votes, recused: &[PersonId], names: &BTreeMap<PersonId, String>) -> String {
    let named = |what: &str, people: &[PersonId]| {
        let people: Vec<&str> = people.iter().map(|person| name(names, *person)).collect();
        (!people.is_empty()).then(|| format!("{what}: {}", people.join(", ")))
    };
    let parts = [
        named("for", &votes.in_favour),
        named("against", &votes.against),
        named("abstained", &votes.abstained),
        named("recused", recused),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn decision_form(
    desk: &Loaded<PanelDesk>,
    shown: &Shown,
    names: &BTreeMap<PersonId, String>,
    form: &Form,
    errors: &Errors,
) -> Markup {
    let verdicts = Verdict::ALL.iter().map(|verdict| RadioItem::new(verdict.key(), verdict.label()));
    html! {
        h2 { "Decide" }
        (money(&shown.budget))
        form method="post" action={ (desk.call.path()) "/panel/decisions" } novalidate {
            input type="hidden" name="bid" value=(shown.bid);
            (Radios::new("verdict", "The panel’s decision").items(verdicts).value(form.verdict.as_str())
                .error_message(errors.of("verdict").unwrap_or_default()))
            (TextInput::new("amount", "Amount, in pounds").hint("Only for a funded bid").value(form.amount.as_str())
                .error_message(errors.of("amount").unwrap_or_default()))
            (Textarea::new("reason", "Reason")
                .hint(format!("Bidders read it. A decision that departs from the rank or the budget needs at least {DEPARTURE_WORDS} words, and its reason is published."))
                .value(form.reason.as_str())
                .error_message(errors.of("reason").unwrap_or_default()))
            (Textarea::new("discussion", "What was said, for the minutes").value(form.discussion.as_str()))
            (vote_fields(shown, names, form, errors))
            (Button::new("Put the decision on the record"))
        }
    }
}

/// One choice for each member who may vote; all left empty where the panel took no vote.
fn vote_fields(shown: &Shown, names: &BTreeMap<PersonId, String>, form: &Form, errors: &Errors) -> Markup {
    html! {
        @if !shown.voting.is_empty() {
            details.nhsuk-details open[!form.votes.is_empty()] {
                summary.nhsuk-details__summary { span.nhsuk-details__summary-text { "A show of hands, where the panel wants one" } }
                div.nhsuk-details__text {
                    p { "Leave all empty where no vote was taken. Where one was, everybody in the room is recorded; where votes are even, the vote of whoever presides decides." }
                    @if let Some(error) = errors.of("votes") { span.nhsuk-error-message { span.nhsuk-u-visually-hidden { "Error: " } (error) } }
                    @for person in &shown.voting {
                        @let value = form.votes.iter().find(|vote| vote.starts_with(&person.to_string())).cloned().unwrap_or_default();
                        (Select::new("votes", name(names, *person)).id(format!("vote-{person}"))
                            .items([
                                SelectItem::new("", "No vote taken"),
                                SelectItem::new(format!("{person}:for"), "For"),
                                SelectItem::new(format!("{person}:against"), "Against"),
                                SelectItem::new(format!("{person}:abstained"), "Abstained"),
                            ])
                            .value(value))
                    }
                }
            }
        }
    }
}

/// The votes as typed; none where all are empty.
fn read_votes(typed: &[String]) -> Result<Option<Votes>, String> {
    let mut votes = Votes::default();
    for vote in typed.iter().map(|vote| vote.trim()).filter(|vote| !vote.is_empty()) {
        let unreadable = || format!("A vote cannot be read: “{vote}”. Choose for, against or abstained");
        let (person, how) = vote.split_once(':').ok_or_else(unreadable)?;
        let person = PersonId::from_str(person).map_err(|_| unreadable())?;
        match how {
            "for" => votes.in_favour.push(person),
            "against" => votes.against.push(person),
            "abstained" => votes.abstained.push(person),
            _ => return Err(unreadable()),
        }
    }
    Ok((votes != Votes::default()).then_some(votes))
}

fn later_form(desk: &Loaded<PanelDesk>, item: &Item) -> Markup {
    let (heading, door, button) = if item.item.is_open() {
        ("Put off", "deferrals", "Put the item off")
    } else {
        ("Take up again", "reopenings", "Take the item up again")
    };
    html! {
        @if item.item.is_open() || matches!(item.item.state, ItemState::Decided) {
            h2 { (heading) }
            form method="post" action={ (desk.call.path()) "/panel/" (door) } novalidate {
                input type="hidden" name="bid" value=(item.item.bid);
                (Textarea::new("reason", "Why").id("later-reason").rows(2_u16))
                (Button::new(button).secondary())
            }
        }
    }
}

fn presentation_form(desk: &Loaded<PanelDesk>, item: &Item) -> Markup {
    html! {
        h2 { "Note a presentation" }
        form method="post" action={ (desk.call.path()) "/panel/presentations" } novalidate {
            input type="hidden" name="bid" value=(item.item.bid);
            (Textarea::new("presenters", "Who presented, one per line").rows(3_u16).value(item.item.slot.as_ref().map(|slot| slot.presenters.join("\n")).unwrap_or_default()))
            (Textarea::new("notes", "What was presented and asked"))
            (Button::new("Note it").secondary())
        }
    }
}

fn recusal_form(
    desk: &Loaded<PanelDesk>,
    meeting: &Meeting,
    item: &Item,
    names: &BTreeMap<PersonId, String>,
) -> Markup {
    let members =
        meeting.members.iter().map(|member| SelectItem::new(member.person.to_string(), name(names, member.person)));
    html! {
        h2 { "Leave for this item" }
        form method="post" action={ (desk.call.path()) "/panel/recusals" } novalidate {
            input type="hidden" name="bid" value=(item.item.bid);
            @if desk.may("meeting.note") {
                (Select::new("person", "Who leaves").items(members))
            }
            (Button::new("Note that they leave").secondary())
        }
    }
}

fn read_bid(text: &str) -> Result<BidId, Problem> {
    BidId::from_str(text.trim()).map_err(|_| Problem::not_found())
}

fn back(desk: &Loaded<PanelDesk>, bid: BidId, word: &str) -> Answer {
    Ok(Done::to(format!("{}/panel/items/{bid}", desk.call.path())).saying(word).into())
}

pub async fn decide(desk: Loaded<PanelDesk>, Input(form): Input<Form>) -> Answer {
    let bid = read_bid(&form.bid)?;
    let mut errors = Errors::none();
    let verdict = Verdict::from_key(&form.verdict);
    if verdict.is_none() {
        errors.add("verdict", "Choose the decision");
    }
    let amount = if form.amount.trim().is_empty() {
        Some(Money::ZERO)
    } else {
        errors.take("amount", Money::parse(&form.amount))
    };
    let reason = errors.text("reason", "the reason", &form.reason, 10_000);
    let votes = errors.take("votes", read_votes(&form.votes));
    let (Some(verdict), Some(amount), Some(reason), Some(votes)) = (verdict, amount, reason, votes) else {
        return Ok(page(&desk, bid, &form, &errors).await?.invalid().into());
    };
    let person = desk.person()?.clone();
    let proposal = Proposal { bid, verdict, amount, reason, votes };
    let mut unit = desk.begin().await?;
    match actions::decide_item(&mut unit, &desk.call, &person, proposal, &form.discussion).await {
        Ok(()) => unit.commit().await?,
        // What was typed stays on the page beside what stands in the way.
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            drop(unit);
            errors.add("reason", problem.to_string());
            return Ok(page(&desk, bid, &form, &errors).await?.invalid().into());
        }
        Err(problem) => return Err(problem.into()),
    }
    Ok(Done::to(format!("{}/panel", desk.call.path())).saying("The decision is on the record.").into())
}

pub async fn recuse(desk: Loaded<PanelDesk>, Input(form): Input<NoteForm>) -> Answer {
    let bid = read_bid(&form.bid)?;
    let own = desk.person()?.id;
    let person = match PersonId::from_str(form.person.trim()) {
        Ok(person) if person == own || desk.may("meeting.note") => person,
        _ => own,
    };
    let mut unit = desk.begin().await?;
    actions::recuse(&mut unit, &desk.call, bid, person).await?;
    unit.commit().await?;
    back(&desk, bid, "It is noted who leaves for this item.")
}

pub async fn present(desk: Loaded<PanelDesk>, Input(form): Input<NoteForm>) -> Answer {
    let bid = read_bid(&form.bid)?;
    let presenters: Vec<String> =
        form.presenters.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
    if presenters.is_empty() {
        return Err(Problem::invalid("It is not said who presented", "Enter the presenters, one per line.").into());
    }
    let mut unit = desk.begin().await?;
    actions::note_presentation(&mut unit, &desk.call, bid, presenters, &form.notes).await?;
    unit.commit().await?;
    back(&desk, bid, "The presentation is noted.")
}

pub async fn defer(desk: Loaded<PanelDesk>, Input(form): Input<NoteForm>) -> Answer {
    let bid = read_bid(&form.bid)?;
    let mut unit = desk.begin().await?;
    actions::defer_item(&mut unit, &desk.call, bid, &form.reason).await?;
    unit.commit().await?;
    back(&desk, bid, "The item is put off.")
}

pub async fn reopen(desk: Loaded<PanelDesk>, Input(form): Input<NoteForm>) -> Answer {
    let bid = read_bid(&form.bid)?;
    let mut unit = desk.begin().await?;
    actions::reopen_item(&mut unit, &desk.call, bid, &form.reason).await?;
    unit.commit().await?;
    back(&desk, bid, "The item is taken up again; its earlier decision stays on the record.")
}
