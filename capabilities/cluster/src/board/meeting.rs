//! `/clusters/{cluster}/board/meetings/{meeting}`: the agenda with interests pulled per item, and the next step with what still keeps it back.

use axum::extract::Path;
use hiec_contracts::PartnerSeen;
use hiec_kernel::clock::{london_date, on_page};
use hiec_kernel::{OrganisationId, PersonId, Problem};
use hiec_web::components::own::{EmptyState, Progress};
use hiec_web::components::{
    Button, CheckboxItem, Checkboxes, InsetText, SummaryList, SummaryRow, Textarea, WarningCallout,
};
use hiec_web::{Answer, Done, Errors, Fields, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::BoardDesk;
use super::holding;
use super::meeting_actions::{self, prepared};
use super::papers;
use super::records;
use super::rules::{Interested, ItemKind, Touches};
use super::states::{MeetingState, Planned};
use super::store::{self, Item, Meeting, Member, NewItem};
use crate::desk::{self, choice, heading, line_field, names, page_of, partner_items, summary};

pub(super) type Named = Path<(String, Uuid)>;

/// Longest words of a paper or of minutes.
pub(super) const LONGEST: usize = 20_000;

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct ItemForm {
    /// `information`, `discussion` or `decision`.
    #[serde(default)]
    kind: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    presenter: String,
    /// The paper's words.
    #[serde(default)]
    paper: String,
    /// Ids of the organisations it touches.
    #[serde(default)]
    organisations: Vec<String>,
    /// Ids of the people it is about.
    #[serde(default)]
    people: Vec<String>,
}

impl ItemForm {
    fn of(fields: &Fields) -> Self {
        let one = |name: &str| fields.get(name).unwrap_or_default().to_owned();
        let all = |name: &str| fields.all(name).map(str::to_owned).collect();
        Self {
            kind: one("kind"),
            title: one("title"),
            presenter: one("presenter"),
            paper: one("paper"),
            organisations: all("organisations"),
            people: all("people"),
        }
    }
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct SummaryForm {
    /// In plain words, for patient members and everybody else.
    #[serde(default)]
    plain_summary: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct ReasonForm {
    #[serde(default)]
    reason: String,
}

/// Nothing has to be sent with it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct NothingForm {}

/// What of a page was typed and sent back.
#[derive(Default)]
pub(super) struct Typed {
    pub item: ItemForm,
    pub summary: Option<String>,
    pub reason: String,
    pub records: holding::Typed,
}

pub(super) async fn find(desk: &Loaded<BoardDesk>, id: Uuid) -> Result<Meeting, Problem> {
    store::meeting(&desk.database(), desk.cluster.id, id).await?.ok_or_else(Problem::not_found)
}

pub async fn get(desk: Loaded<BoardDesk>, Path((_, id)): Named) -> Answer {
    let meeting = find(&desk, id).await?;
    Ok(page(&desk, &meeting, &Typed::default(), &Errors::none()).await?.into())
}

#[derive(Serialize)]
struct Shown<'a> {
    meeting: &'a Meeting,
    items: &'a [Item],
    interests: &'a [(Uuid, Vec<Interested>)],
    lacking: Vec<String>,
}

pub(super) async fn page(
    desk: &Loaded<BoardDesk>,
    meeting: &Meeting,
    typed: &Typed,
    errors: &Errors,
) -> Result<Page, Problem> {
    let database = desk.database();
    let items = store::items(&database, meeting.id).await?;
    let members = store::sitting(&database, meeting.body.id, london_date(meeting.starts_at)).await?;
    let pulled = papers::interests(&database, &desk.cluster, meeting, &items).await?;
    let wanted: Vec<PersonId> = pulled.iter().flat_map(|(_, list)| list.iter().map(|one| one.person)).collect();
    let names = names(&database, wanted).await?;
    let lacking: Vec<String> = match meeting.state {
        MeetingState::Planned(planned) => {
            let lacking = Planned::lacking(planned, prepared(meeting, &items, &members), desk.now());
            lacking.iter().map(ToString::to_string).collect()
        }
        _ => vec![],
    };
    let decisions = match meeting.state.held() {
        Some(_) => records::decisions(&database, desk.cluster.id).await?,
        None => vec![],
    };
    let may = desk.may("board.prepare");
    let interests = |item: &Item| -> Vec<String> {
        pulled
            .iter()
            .filter(|(id, _)| *id == item.id)
            .flat_map(|(_, list)| list)
            .map(|one| format!("{}: {}", names.get(&one.person).cloned().unwrap_or_default(), one.because.join("; ")))
            .collect()
    };
    let next = if may {
        self::next(desk, meeting, &items, &members, &lacking, typed, errors).await?
    } else {
        html! {}
    };
    let view = html! {
        (summary(errors))
        (heading(desk, &meeting.title()))
        (progress(&meeting.state))
        (particulars(desk, meeting))
        h2 { "In plain words" }
        @if meeting.plain_summary.is_empty() {
            (EmptyState::new("Nothing has been written in plain words yet. Without it no papers go out."))
        } @else { @for part in meeting.plain_summary.lines() { p { (part) } } }
        h2 { "Agenda" }
        @if items.is_empty() { (EmptyState::new("Nothing is on the agenda yet.")) }
        @for item in &items {
            (item_view(item, &interests(item)))
            @for one in decisions.iter().rev().filter(|one| one.item == Some(item.id)) {
                (InsetText::new(html! {
                    p { a href={ (desk.cluster.path()) "/board/decisions/" (one.number) } { "Decision " (one.number) } ": " (one.record.chosen) }
                }))
            }
        }
        (next)
    };
    let shown = Shown { meeting, items: &items, interests: &pulled, lacking };
    let path = format!("{}/board", desk.cluster.path());
    page_of(&desk.cluster, meeting.title(), view).under(path, "Governance").data(&shown)
}

fn progress(state: &MeetingState) -> Markup {
    let at = match state {
        MeetingState::Planned(_) => 0,
        MeetingState::PapersOut(_) => 1,
        MeetingState::Held(_) => 2,
        MeetingState::Signed(_) => 4,
        MeetingState::Cancelled(cancelled) => {
            return html! { (InsetText::new(format!("Cancelled {}: {}", on_page(cancelled.at), cancelled.reason))) };
        }
    };
    html! { (Progress::new("Where the meeting stands", ["Planned", "Papers out", "Held", "Minutes signed"], at)) }
}

fn particulars(desk: &Loaded<BoardDesk>, meeting: &Meeting) -> Markup {
    let path = meeting.path(&desk.cluster);
    html! {
        (SummaryList::new([
            SummaryRow::new("Begins", on_page(meeting.starts_at)),
            SummaryRow::new("Ends", on_page(meeting.ends_at)),
            SummaryRow::new("Place", meeting.place.clone()),
            SummaryRow::new("Quorum", meeting.body.quorum.to_string()),
        ]))
        ul {
            @if meeting.state.papers().is_some() {
                li { a href={ (path) "/papers" } { "Papers as they stood" } }
            }
            @if meeting.state.held().is_some() {
                li { a href={ (path) "/minutes" } { "Minutes" } @if !matches!(meeting.state, MeetingState::Signed(_)) { " (draft)" } }
            }
            li { a href={ (path) "/invitation.ics" } { "For your calendar" } " (iCalendar)" }
        }
    }
}

fn item_view(item: &Item, interests: &[String]) -> Markup {
    html! {
        h3 { (item.place) ". " (item.title) }
        p.app-source { (item.kind.label()) @if !item.presenter.is_empty() { ", brought by " (item.presenter) } }
        @for part in item.paper.lines() { p { (part) } }
        @if !interests.is_empty() {
            (WarningCallout::new("Interests", html! {
                p { "These stand aside for this item:" }
                ul { @for one in interests { li { (one) } } }
            }))
        }
        @if !item.minutes.is_empty() {
            (InsetText::new(html! { p { strong { "Minutes: " } (item.minutes) } }))
        }
    }
}

async fn next(
    desk: &Loaded<BoardDesk>,
    meeting: &Meeting,
    items: &[Item],
    members: &[Member],
    lacking: &[String],
    typed: &Typed,
    errors: &Errors,
) -> Result<Markup, Problem> {
    let path = meeting.path(&desk.cluster);
    Ok(match &meeting.state {
        MeetingState::Planned(_) => {
            let partners = desk::partners(&desk.database(), &desk.cluster).await?;
            html! {
                (item_form(&path, &partners, members, &typed.item, errors))
                (summary_form(&path, typed.summary.as_deref().unwrap_or(&meeting.plain_summary), errors))
                h2 { "Send the papers" }
                p { "The figures, money, risks and open actions of this moment are put in, and everything is frozen as it stands. Everybody who sits in the body is told; patient members read the plain words first." }
                @if lacking.is_empty() {
                    form method="post" action={ (path) "/papers" } { (Button::new("Freeze and send the papers").confirm("Freeze the papers and send them?")) }
                } @else {
                    p { "Before that:" }
                    ul { @for one in lacking { li { (one) } } }
                }
                (cancel_form(&path, &typed.reason, errors))
            }
        }
        MeetingState::PapersOut(_) => html! {
            (holding::attendance_form(&path, members, &typed.records, errors))
            (cancel_form(&path, &typed.reason, errors))
        },
        MeetingState::Held(_) => holding::record_forms(desk, meeting, items, &typed.records, errors).await?,
        MeetingState::Signed(_) | MeetingState::Cancelled(_) => html! {},
    })
}

fn item_form(path: &str, partners: &[PartnerSeen], members: &[Member], typed: &ItemForm, errors: &Errors) -> Markup {
    let kinds = ItemKind::ALL.iter().map(|one| (one.key().to_owned(), one.label().to_owned()));
    let organisations = partner_items(partners)
        .into_iter()
        .map(|(id, name)| CheckboxItem::new(id.clone(), name).checked(Some(typed.organisations.contains(&id))));
    let people = members.iter().map(|one| {
        let id = one.person.to_string();
        CheckboxItem::new(id.clone(), one.name.as_str()).checked(Some(typed.people.contains(&id)))
    });
    html! {
        h2 { "Put an item on the agenda" }
        form method="post" action={ (path) "/items" } novalidate {
            (line_field("title", "Item", &typed.title, errors))
            (choice("kind", "What it is for", kinds, &typed.kind, errors))
            (line_field("presenter", "Brought by (optional)", &typed.presenter, errors))
            (Textarea::new("paper", "Paper").rows(6_u16).value(typed.paper.as_str()).error_message(errors.of("paper").unwrap_or_default()))
            (Checkboxes::new("organisations", "Organisations it touches (optional)").items(organisations))
            @if !members.is_empty() { (Checkboxes::new("people", "People it is about (optional)").items(people)) }
            (Button::new("Put it on").secondary())
        }
    }
}

fn summary_form(path: &str, typed: &str, errors: &Errors) -> Markup {
    html! {
        h2 { "Write it in plain words" }
        form method="post" action={ (path) "/summary" } novalidate {
            (Textarea::new("plain_summary", "What the meeting is about, in plain words")
                .hint("Short sentences, no abbreviations. Patient members get this before anything else.")
                .rows(5_u16)
                .value(typed)
                .error_message(errors.of("plain_summary").unwrap_or_default()))
            (Button::new("Save the plain words").secondary())
        }
    }
}

fn cancel_form(path: &str, typed: &str, errors: &Errors) -> Markup {
    html! {
        h2 { "Cancel the meeting" }
        form method="post" action={ (path) "/cancellation" } novalidate {
            (line_field("reason", "Why", typed, errors))
            (Button::new("Cancel the meeting").secondary())
        }
    }
}

pub async fn add_item(desk: Loaded<BoardDesk>, Path((_, id)): Named, fields: Fields) -> Answer {
    let meeting = find(&desk, id).await?;
    let form = ItemForm::of(&fields);
    let partners = desk::partners(&desk.database(), &desk.cluster).await?;
    let members = store::members(&desk.database(), meeting.body.id).await?;
    let mut errors = Errors::none();
    let title = errors.text("title", "the item", &form.title, 200);
    let kind = ItemKind::from_key(form.kind.trim());
    if kind.is_none() {
        errors.add("kind", "Choose what the item is for");
    }
    let presenter = desk::words_if_any(&mut errors, "presenter", "who brings it", &form.presenter, 200);
    let paper = errors.text("paper", "the paper", &form.paper, LONGEST);
    let mut organisations: Vec<OrganisationId> = partners
        .iter()
        .map(|one| one.organisation.id)
        .filter(|id| form.organisations.contains(&id.to_string()))
        .collect();
    organisations.sort_unstable();
    organisations.dedup();
    let people: Vec<PersonId> =
        members.iter().map(|one| one.person).filter(|id| form.people.contains(&id.to_string())).collect();
    let (Some(title), Some(kind), Some(paper), true) = (title, kind, paper, errors.is_empty()) else {
        let typed = Typed { item: form, ..Typed::default() };
        return Ok(page(&desk, &meeting, &typed, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = desk.begin().await?;
    let new = NewItem { kind, title, presenter, paper, touches: Touches { organisations, people } };
    meeting_actions::add_item(&mut unit, &desk.cluster, &meeting, &new).await?;
    unit.commit().await?;
    Ok(Done::made(meeting.path(&desk.cluster)).saying("The item is on the agenda.").into())
}

pub async fn summarise(desk: Loaded<BoardDesk>, Path((_, id)): Named, Input(form): Input<SummaryForm>) -> Answer {
    let meeting = find(&desk, id).await?;
    let mut errors = Errors::none();
    let Some(words) = errors.text("plain_summary", "the plain words", &form.plain_summary, 3000) else {
        let typed = Typed { summary: Some(form.plain_summary), ..Typed::default() };
        return Ok(page(&desk, &meeting, &typed, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = desk.begin().await?;
    meeting_actions::summarise(&mut unit, &desk.cluster, &meeting, &words).await?;
    unit.commit().await?;
    Ok(Done::to(meeting.path(&desk.cluster)).saying("The plain words were saved.").into())
}

pub async fn send(desk: Loaded<BoardDesk>, Path((_, id)): Named, Input(_): Input<NothingForm>) -> Answer {
    let meeting = find(&desk, id).await?;
    let mut unit = desk.begin().await?;
    meeting_actions::send_papers(&desk.app, &mut unit, &desk.cluster, &meeting).await?;
    unit.commit().await?;
    let path = format!("{}/papers", meeting.path(&desk.cluster));
    Ok(Done::to(path).saying("The papers are frozen and on their way.").into())
}

pub async fn cancel(desk: Loaded<BoardDesk>, Path((_, id)): Named, Input(form): Input<ReasonForm>) -> Answer {
    let meeting = find(&desk, id).await?;
    let mut errors = Errors::none();
    let Some(reason) = errors.text("reason", "why it is cancelled", &form.reason, 500) else {
        let typed = Typed { reason: form.reason, ..Typed::default() };
        return Ok(page(&desk, &meeting, &typed, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = desk.begin().await?;
    meeting_actions::cancel(&mut unit, &desk.cluster, &meeting, &reason).await?;
    unit.commit().await?;
    Ok(Done::to(meeting.path(&desk.cluster)).saying("The meeting was cancelled; everybody was told.").into())
}
