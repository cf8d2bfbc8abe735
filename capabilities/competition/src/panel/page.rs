//! `/calls/{call}/panel`: the meeting with its agenda, who is there, and where the money stands; opening and closing it.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use hiec_access::people;
use hiec_kernel::clock::on_page;
use hiec_kernel::{BidId, PersonId, Problem, ProblemKind};
use hiec_web::components::{Button, Cell, CheckboxItem, Checkboxes, Column, SummaryList, SummaryRow, Table, Tag};
use hiec_web::{Answer, Done, Errors, Fields, Loaded, Page};
use maud::{Markup, html};
use serde::Serialize;

use super::decisions::{BudgetCheck, check_budget};
use super::rules::{ItemBid, QuorumRule, Seat, items_without_quorum};
use super::states::{ItemState, MeetingState, Slot};
use super::store::{self, Meeting, PanelDesk};
use super::{actions, planning};
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

pub(super) async fn page(desk: &Loaded<PanelDesk>, typed: &Fields, errors: &Errors) -> Result<Page, Problem> {
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
                (running(desk, meeting, &names, typed, errors))
            }
        }
        @if may_plan { (planning::form(desk, typed, errors).await?) }
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
    let members = html! {
        ul.nhsuk-list {
            @for member in &meeting.members { li { (name(names, member.person)) ", " (seat(&member.seat)) } }
        }
    };
    html! {
        h2 { (meeting.title) " " (state_tag(&meeting.state)) }
        (SummaryList::new([
            SummaryRow::new("When", on_page(meeting.planned_for)),
            SummaryRow::new("Where", meeting.place.clone()),
            SummaryRow::new("Members", members),
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
            .compact(true)
            .responsive(true))
    }
}

fn running(
    desk: &Loaded<PanelDesk>,
    meeting: &Meeting,
    names: &BTreeMap<PersonId, String>,
    typed: &Fields,
    errors: &Errors,
) -> Markup {
    let path = desk.call.path();
    html! {
        @match &meeting.state {
            MeetingState::Planned => @if desk.may("meeting.open") {
                h2 { "Open the meeting" }
                form method="post" action={ (path) "/panel/opening" } {
                    (Checkboxes::new("present", "Who is present")
                        .items(meeting.members.iter().map(|member| CheckboxItem::new(member.person.to_string(), name(names, member.person))))
                        .values(typed.all("present").map(str::to_owned))
                        .hint("The chair or the deputy opens the meeting and must be among them")
                        .error_message(errors.of("present").unwrap_or_default()))
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

pub async fn open(desk: Loaded<PanelDesk>, fields: Fields) -> Answer {
    let present: BTreeSet<PersonId> =
        fields.all("present").filter_map(|text| PersonId::from_str(text.trim()).ok()).collect();
    let person = desk.person()?.clone();
    let mut unit = desk.begin().await?;
    match actions::open_meeting(&mut unit, &desk.call, &person, present).await {
        Ok(()) => unit.commit().await?,
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            drop(unit);
            let mut errors = Errors::none();
            errors.add("present", problem.to_string());
            return Ok(page(&desk, &fields, &errors).await?.conflict(&errors).into());
        }
        Err(problem) => return Err(problem.into()),
    }
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
