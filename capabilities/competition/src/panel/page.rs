//! `/calls/{call}/panel`: the meeting with its agenda, who is there, and where the money stands; planning, opening and closing it.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use hiec_access::{grants, people};
use hiec_kernel::clock::{from_london, on_page};
use hiec_kernel::people::Person;
use hiec_kernel::{BidId, PersonId, Problem, Role, Scope};
use hiec_web::components::{
    Button, Cell, CheckboxItem, Checkboxes, Column, Input as TextInput, RadioItem, Radios, SummaryList, SummaryRow,
    Table, Tag,
};
use hiec_web::{Answer, Done, Errors, Fields, Loaded, Page};
use maud::{Markup, html};
use serde::Serialize;

use super::actions;
use super::decisions::{BudgetCheck, check_budget};
use super::rules::{ItemBid, Member, QuorumRule, Seat, items_without_quorum};
use super::states::{ItemState, MeetingState, Slot};
use super::store::{self, Meeting, NewMeeting, PanelDesk};
use crate::ranking::page::{Line, illustrative, lines};
use crate::ranking::store as rankings;

/// An item of the agenda as a person may see it.
#[derive(Serialize)]
pub(crate) struct ItemLine {
    #[serde(flatten)]
    pub line: Line,
    pub state: &'static str,
    /// `Fund, £500,000`.
    pub decision: Option<String>,
    pub departures: Vec<String>,
    /// Where the bidder is called to present.
    pub slot: Option<Slot>,
}

#[derive(Serialize)]
struct Shown {
    state: Option<&'static str>,
    title: Option<String>,
    place: Option<String>,
    quorum: String,
    items: Vec<ItemLine>,
    budget: BudgetCheck,
    /// Bids that would have no quorum if everybody came.
    without_quorum: Vec<String>,
}

pub async fn get(desk: Loaded<PanelDesk>) -> Answer {
    Ok(page(&desk, &Fields::default(), &Errors::none()).await?.into())
}

async fn page(desk: &Loaded<PanelDesk>, typed: &Fields, errors: &Errors) -> Result<Page, Problem> {
    let call = &desk.call;
    let database = desk.database();
    let rule = actions::quorum_rule(call);
    let names = names(desk).await?;
    let decided = store::decisions(&database, call.id).await?;
    let budget = check_budget(call.design().award.budget, &store::verdicts(&decided));
    let items = match &desk.meeting {
        Some(meeting) => item_lines(desk, meeting).await?,
        None => Vec::new(),
    };
    let shown = Shown {
        state: desk.meeting.as_ref().map(|meeting| meeting.state.key()),
        title: desk.meeting.as_ref().map(|meeting| meeting.title.clone()),
        place: desk.meeting.as_ref().map(|meeting| meeting.place.clone()),
        quorum: rule.statement(),
        without_quorum: without_quorum(desk, rule).await?,
        items,
        budget,
    };
    let may_plan = desk.may("meeting.plan")
        && call.acts.ranking_final.is_some()
        && call.acts.decisions_told.is_none()
        && desk.meeting.as_ref().is_none_or(|meeting| matches!(meeting.state, MeetingState::Closed { .. }));
    let view = html! {
        (crate::calls::registration::summary(errors))
        h1 { span.nhsuk-caption-xl { (call.title) } "Award panel" }
        @match &desk.meeting {
            None => p {
                "No meeting is planned. "
                @if call.acts.ranking_final.is_none() { "The panel meets when the ranking is final: " a href={ (call.path()) "/ranking" } { "the ranking" } "." }
            },
            Some(meeting) => {
                (particulars(meeting, &names))
                (money(&shown.budget))
                @for title in &shown.without_quorum {
                    div.nhsuk-inset-text { p { strong { "No quorum for " (title) ": " } "too few members may stay for this item even if everybody comes. Appoint a member or a deputy without an interest." } }
                }
                (agenda(desk, &shown.items))
                (running(desk, meeting, &names))
            }
        }
        @if may_plan { (plan_form(desk, typed, errors).await?) }
        p.app-source { (shown.quorum) }
    };
    Ok(Page::new("Award panel", view)
        .data(&shown)?
        .under("/calls", "Calls")
        .under(call.path(), call.title.clone())
        .wide())
}

async fn names(desk: &Loaded<PanelDesk>) -> Result<BTreeMap<PersonId, String>, Problem> {
    let mut names = BTreeMap::new();
    for member in desk.meeting.iter().flat_map(|meeting| &meeting.members) {
        if let Some(person) = people::by_id(&desk.database(), member.person).await? {
            names.insert(member.person, person.name);
        }
    }
    Ok(names)
}

/// Bids this person leaves for: an interest, or the region they act for.
pub(crate) async fn left_by(desk: &Loaded<PanelDesk>) -> Result<BTreeSet<BidId>, Problem> {
    let person = desk.person()?.id;
    let database = desk.database();
    let mut left = rankings::interests_of(&database, desk.call.id, person).await?;
    let seat = desk
        .meeting
        .iter()
        .flat_map(|meeting| &meeting.members)
        .find(|member| member.person == person)
        .map(|member| member.seat.clone());
    if let Some(Seat::RegionChief { region }) = seat {
        for bid in rankings::opened_bids(&database, desk.call.id).await? {
            if bid.regions().contains(&region) {
                left.insert(bid.id);
            }
        }
    }
    if let Some(meeting) = &desk.meeting {
        for item in store::items(&database, meeting.id).await? {
            if item.own_wish.contains(&person) {
                left.insert(item.item.bid);
            }
        }
    }
    Ok(left)
}

async fn item_lines(desk: &Loaded<PanelDesk>, meeting: &Meeting) -> Result<Vec<ItemLine>, Problem> {
    let database = desk.database();
    let Some(stored) = rankings::latest(&database, desk.call.id).await? else {
        return Ok(Vec::new());
    };
    let bids = rankings::opened_bids(&database, desk.call.id).await?;
    let left = left_by(desk).await?;
    let mut ranked: BTreeMap<BidId, Line> =
        lines(&stored.ranking, &stored.ranking.bids, &bids, &left).into_iter().map(|line| (line.bid, line)).collect();
    Ok(store::items(&database, meeting.id)
        .await?
        .into_iter()
        .filter_map(|item| {
            let line = ranked.remove(&item.item.bid)?;
            let decision = item.item.holds().filter(|_| !line.is_hidden);
            Some(ItemLine {
                decision: decision.map(|decision| {
                    let verdict = decision.verdict.label();
                    match decision.amount.0 {
                        0 => verdict.to_owned(),
                        _ => format!("{verdict}, {}", decision.amount),
                    }
                }),
                slot: item.item.slot.clone().filter(|_| !line.is_hidden),
                departures: decision.map(|decision| decision.departures.clone()).unwrap_or_default(),
                state: match item.item.state {
                    ItemState::Waiting => "Waiting",
                    ItemState::InHand => "In hand",
                    ItemState::Decided => "Decided",
                    ItemState::Deferred { .. } => "Deferred",
                    ItemState::SetAside { .. } => "Set aside",
                },
                line,
            })
        })
        .collect())
}

async fn without_quorum(desk: &Loaded<PanelDesk>, rule: QuorumRule) -> Result<Vec<String>, Problem> {
    let Some(meeting) = &desk.meeting else {
        return Ok(Vec::new());
    };
    if !matches!(meeting.state, MeetingState::Planned) {
        return Ok(Vec::new());
    }
    let database = desk.database();
    let bids = rankings::opened_bids(&database, desk.call.id).await?;
    let mut about = Vec::new();
    for bid in &bids {
        about.push(ItemBid {
            bid: bid.id,
            regions: bid.regions(),
            conflicted: rankings::conflicted(&database, bid.id).await?,
        });
    }
    Ok(items_without_quorum(rule, &meeting.members, &about)
        .into_iter()
        .filter_map(|(bid, _)| bids.iter().find(|line| line.id == bid).map(|line| line.title.clone()))
        .collect())
}

fn particulars(meeting: &Meeting, names: &BTreeMap<PersonId, String>) -> Markup {
    let members: Vec<String> = meeting
        .members
        .iter()
        .map(|member| format!("{} ({})", name(names, member.person), seat(&member.seat)))
        .collect();
    html! {
        h2 { (meeting.title) " " (state_tag(&meeting.state)) }
        (SummaryList::new([
            SummaryRow::new("When", on_page(meeting.planned_for)),
            SummaryRow::new("Where", meeting.place.clone()),
            SummaryRow::new("Members", members.join("; ")),
        ]))
        @if !matches!(meeting.state, MeetingState::Planned) { p { a href="panel/minutes" { "Minutes" } } }
    }
}

fn state_tag(state: &MeetingState) -> Markup {
    html! {
        (Tag::new(match state {
            MeetingState::Planned => "Planned",
            MeetingState::Open { .. } => "Open",
            MeetingState::Closed { .. } => "Closed and signed",
            MeetingState::Cancelled { .. } => "Cancelled",
        }))
    }
}

fn name(names: &BTreeMap<PersonId, String>, person: PersonId) -> &str {
    names.get(&person).map_or("A member", String::as_str)
}

fn seat(seat: &Seat) -> String {
    match seat {
        Seat::Chair => "independent chair".into(),
        Seat::Deputy => "deputy chair".into(),
        Seat::Member => "member".into(),
        Seat::RegionChief { region } => format!("region {region}"),
        Seat::Observer => "observer".into(),
    }
}

pub(crate) fn money(budget: &BudgetCheck) -> Markup {
    html! {
        (SummaryList::new([
            SummaryRow::new("Budget", budget.budget.to_string()),
            SummaryRow::new("Granted so far", budget.granted.to_string()),
            SummaryRow::new("Left", budget.left.to_string()),
        ]))
    }
}

fn agenda(desk: &Loaded<PanelDesk>, items: &[ItemLine]) -> Markup {
    let path = desk.call.path();
    let rows = (1..).zip(items).map(|(number, item): (u32, _)| {
        let line = &item.line;
        vec![
            Cell::numeric(number),
            Cell::numeric(line.rank.map_or("–".to_owned(), |rank| rank.to_string())),
            Cell::new(html! {
                a href={ (path) "/panel/items/" (line.bid) } { (line.title) } (illustrative(line.is_illustrative))
                @if let Some(slot) = &item.slot { br; "Presents " (on_page(slot.at)) ", " (slot.minutes) " minutes" }
            }),
            Cell::new(line.region.clone()),
            Cell::numeric(line.total.as_deref().unwrap_or("–")),
            Cell::new(html! {
                @if line.is_hidden { "You leave for this item" }
                @else if let Some(decision) = &item.decision {
                    strong { (decision) }
                    @for departure in &item.departures { br; "Departs: " (departure) }
                } @else { (item.state) }
            }),
        ]
    });
    html! {
        (Table::new("Agenda, in the order of the final ranking")
            .head([Column::numeric("Item"), Column::numeric("Rank"), Column::new("Bid"), Column::new("Regions"), Column::numeric("Total, %"), Column::new("Decision")])
            .rows(rows)
            .compact(true))
    }
}

fn running(desk: &Loaded<PanelDesk>, meeting: &Meeting, names: &BTreeMap<PersonId, String>) -> Markup {
    let path = desk.call.path();
    html! {
        @match &meeting.state {
            MeetingState::Planned => @if desk.may("meeting.open") {
                h2 { "Open the meeting" }
                form method="post" action={ (path) "/panel/opening" } {
                    (Checkboxes::new("present", "Who is present")
                        .items(meeting.members.iter().map(|member| CheckboxItem::new(member.person.to_string(), name(names, member.person))))
                        .hint("The chair or the deputy opens the meeting and must be among them"))
                    (Button::new("Open the meeting"))
                }
            },
            MeetingState::Open { since, present } => {
                p { "Open since " (on_page(*since)) ". Present: " (present.iter().map(|person| name(names, *person)).collect::<Vec<_>>().join(", ")) "." }
                @if desk.may("meeting.close") {
                    form method="post" action={ (path) "/panel/closing" } {
                        (Button::new("Sign the minutes and close the meeting").confirm("A closed meeting does not open again."))
                    }
                }
            }
            MeetingState::Closed { at, signed_by, minutes } => {
                p { "Closed " (on_page(*at)) ", minutes signed by " (name(names, *signed_by)) "." }
                p.app-source { "Fingerprint of the minutes: " span.app-fingerprint { (minutes) } }
            }
            MeetingState::Cancelled { reason } => p { "Cancelled: " (reason) },
        }
    }
}

/// Those who may be seated: the chair, panel members, and officers of the regions.
async fn candidates(desk: &Loaded<PanelDesk>) -> Result<Vec<(Person, Role, String)>, Problem> {
    let database = desk.database();
    let call = &desk.call;
    let mut found = Vec::new();
    let mut add = async |scope: Scope, wanted: &[Role], what: &str| -> Result<(), Problem> {
        for (id, role) in grants::in_scope(&database, scope).await? {
            if wanted.contains(&role)
                && let Some(person) = people::by_id(&database, id).await?
            {
                found.push((person, role, what.to_owned()));
            }
        }
        Ok(())
    };
    let panel = [Role::PanelChair, Role::PanelMember];
    add(Scope::Call(call.id.0), &panel, "panel").await?;
    add(Scope::Programme(call.programme_id), &panel, "panel").await?;
    for region in call.regions.iter() {
        add(Scope::Region(region.id), &[Role::RegionOfficer], &region.name).await?;
    }
    let mut seen = BTreeSet::new();
    found.retain(|(person, ..)| seen.insert(person.id));
    Ok(found)
}

async fn plan_form(desk: &Loaded<PanelDesk>, typed: &Fields, errors: &Errors) -> Result<Markup, Problem> {
    let candidates = candidates(desk).await?;
    let seats = |wanted: &dyn Fn(Role) -> bool| -> Vec<RadioItem> {
        candidates
            .iter()
            .filter(|(_, role, _)| wanted(*role))
            .map(|(person, ..)| RadioItem::new(person.id.to_string(), person.name.clone()))
            .collect()
    };
    let chairs = seats(&|role| role == Role::PanelChair);
    let deputies = seats(&|role| role == Role::PanelMember);
    let members = candidates
        .iter()
        .filter(|(_, role, _)| *role != Role::PanelChair)
        .map(|(person, _, what)| CheckboxItem::new(person.id.to_string(), format!("{} ({what})", person.name)));
    let value = |name: &str| typed.get(name).unwrap_or_default().to_owned();
    let error = |name: &str| errors.of(name).unwrap_or_default().to_owned();
    Ok(html! {
        h2 { "Plan a meeting" }
        p { "The agenda is taken from the final ranking. Members with an interest and officers of a bid’s regions leave for that item." }
        form method="post" action={ (desk.call.path()) "/panel" } novalidate {
            (TextInput::new("title", "Title").value(value("title")).error_message(error("title")))
            (TextInput::new("place", "Place").value(value("place")).error_message(error("place")))
            (TextInput::new("planned_for", "When").hint("For example 2009-11-11 10:00, in London’s time").value(value("planned_for")).error_message(error("planned_for")))
            (Radios::new("chair", "Independent chair").items(chairs).value(value("chair")).error_message(error("chair")))
            (Radios::new("deputy", "Deputy, for items the chair must leave").items(deputies).value(value("deputy")))
            (Checkboxes::new("members", "Other members").items(members).values(typed.all("members").map(str::to_owned)))
            (Button::new("Plan the meeting"))
        }
    })
}

pub async fn plan(desk: Loaded<PanelDesk>, fields: Fields) -> Answer {
    let mut errors = Errors::none();
    let text = |name: &str| fields.get(name).unwrap_or_default().to_owned();
    let title = errors.text("title", "a title", &text("title"), 200);
    let place = errors.text("place", "the place", &text("place"), 200);
    let planned_for = errors.take("planned_for", from_london(&text("planned_for").replace('T', " ")));
    let person = |text: &str| PersonId::from_str(text.trim()).ok();
    let chair = person(&text("chair"));
    if chair.is_none() {
        errors.add("chair", "Choose the independent chair");
    }
    let (Some(title), Some(place), Some(planned_for), Some(chair)) = (title, place, planned_for, chair) else {
        return Ok(page(&desk, &fields, &errors).await?.invalid().into());
    };
    let allowed: BTreeSet<PersonId> = candidates(&desk).await?.iter().map(|(person, ..)| person.id).collect();
    let deputy = person(&text("deputy")).filter(|deputy| *deputy != chair);
    let mut members = vec![Member { person: chair, seat: Seat::Chair }];
    members.extend(deputy.map(|person| Member { person, seat: Seat::Deputy }));
    for one in fields.all("members").filter_map(person) {
        if members.iter().all(|member| member.person != one) {
            members.push(Member { person: one, seat: Seat::Member });
        }
    }
    if members.iter().any(|member| !allowed.contains(&member.person)) {
        errors.add("members", "Choose members from the list");
        return Ok(page(&desk, &fields, &errors).await?.invalid().into());
    }
    let mut unit = desk.begin().await?;
    let new = NewMeeting { title, place, planned_for, members };
    actions::plan_meeting(&mut unit, &desk.call, new).await?;
    unit.commit().await?;
    Ok(Done::made(format!("{}/panel", desk.call.path()))
        .saying("The meeting is planned and its members are told.")
        .into())
}

pub async fn open(desk: Loaded<PanelDesk>, fields: Fields) -> Answer {
    let present: BTreeSet<PersonId> =
        fields.all("present").filter_map(|text| PersonId::from_str(text.trim()).ok()).collect();
    let person = desk.person()?.clone();
    let mut unit = desk.begin().await?;
    actions::open_meeting(&mut unit, &desk.call, &person, present).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/panel", desk.call.path())).saying("The meeting is open.").into())
}

pub async fn close(desk: Loaded<PanelDesk>) -> Answer {
    let person = desk.person()?.clone();
    let mut unit = desk.begin().await?;
    actions::close_meeting(&mut unit, &desk.call, &person).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/panel", desk.call.path()))
        .saying("The minutes are signed and the meeting is closed.")
        .into())
}
