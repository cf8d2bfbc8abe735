//! `/calls/{call}/panel/minutes`, as a page, as text and as PDF: the record of the meeting, signed or as it stands.

use axum::response::IntoResponse;
use hiec_kernel::clock::{london_date, on_page};
use hiec_kernel::{Fingerprint, Problem, Timestamp};
use hiec_reports::{Approval, Attendee, Decision, Document, MinuteItem, Minutes as Printed, Reports};
use hiec_web::components::{Button, SummaryList, SummaryRow};
use hiec_web::{Answer, Loaded, Page, Reply};
use maud::{Markup, html};

use super::actions;
use super::minutes::{MinutedItem, Minutes};
use super::states::MeetingState;
use super::store::{Meeting, PanelDesk};

/// The program that draws PDF: the one of this start, else the one beside the executable.
pub(crate) fn reports(app: &hiec_web::AppState) -> Reports {
    app.optional::<Reports>().cloned().unwrap_or_else(|| Reports::new(None))
}

async fn written(desk: &Loaded<PanelDesk>) -> Result<(&Meeting, Minutes), Problem> {
    let meeting = desk.meeting.as_ref().ok_or_else(Problem::not_found)?;
    let minutes = actions::written_minutes(&desk.database(), &desk.call, meeting).await?;
    Ok((meeting, minutes))
}

pub async fn get(desk: Loaded<PanelDesk>) -> Answer {
    let (meeting, minutes) = written(&desk).await?;
    let view = view(&desk, meeting, &minutes);
    Ok(Page::new("Minutes", view)
        .data(&minutes)?
        .under("/calls", "Calls")
        .under(desk.call.path(), desk.call.title.clone())
        .under(format!("{}/panel", desk.call.path()), "Award panel")
        .into())
}

pub async fn text(desk: Loaded<PanelDesk>) -> Answer {
    let (meeting, minutes) = written(&desk).await?;
    let text = printed(&desk, meeting, &minutes).await?.to_text();
    let headers = [(axum::http::header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    Ok((headers, text).into_response().into())
}

pub async fn pdf(desk: Loaded<PanelDesk>) -> Answer {
    let (meeting, minutes) = written(&desk).await?;
    let document = printed(&desk, meeting, &minutes).await?;
    let bytes = reports(&desk.app).pdf(&document).await.map_err(Problem::from)?;
    Ok(Reply::download(&format!("{}-panel-minutes.pdf", desk.call.key), "application/pdf", bytes))
}

fn view(desk: &Loaded<PanelDesk>, meeting: &Meeting, minutes: &Minutes) -> Markup {
    let path = desk.call.path();
    html! {
        h1 { span.nhsuk-caption-xl { (desk.call.title) } "Minutes: " (minutes.title) }
        @if let MeetingState::Closed { at, minutes, .. } = &meeting.state {
            p { "Signed " (on_page(*at)) "." }
            p.app-source { "Fingerprint: " span.app-fingerprint { (minutes) } }
        } @else { p { strong { "Draft: " } "the meeting is open." } }
        div.nhsuk-button-group {
            @if reports(&desk.app).is_available() { (Button::link("Minutes as PDF", format!("{path}/panel/minutes.pdf")).secondary()) }
            (Button::link("Minutes as text", format!("{path}/panel/minutes.txt")).secondary())
        }
        (SummaryList::new([
            SummaryRow::new("Held", minutes.held.clone()),
            SummaryRow::new("Place", minutes.place.clone()),
            SummaryRow::new("Present", minutes.present.join("; ")),
            SummaryRow::new("Apologies", if minutes.apologies.is_empty() { "none".into() } else { minutes.apologies.join("; ") }),
            SummaryRow::new("Budget", minutes.budget.budget.to_string()),
            SummaryRow::new("Granted", minutes.budget.granted.to_string()),
        ]))
        @for item in &minutes.items { (item_view(item)) }
    }
}

fn item_view(item: &MinutedItem) -> Markup {
    html! {
        h2 { (item.number) ". " (item.title) }
        p { (item.standing) "." }
        @for recusal in &item.recusals { p { (recusal) "." } }
        @for shown in &item.presentations { p { (shown) } }
        @if !item.discussion.is_empty() { p { (item.discussion) } }
        @for note in &item.notes { p { (note) } }
        @for decision in &item.decisions {
            div.nhsuk-inset-text {
                p { strong { (decision.decision) } @if !decision.holds { " (a later decision stands beside it)" } }
                p { (decision.reason) }
                @for departure in &decision.departures { p { (departure) } }
                p.app-source { (decision.quorum) @if let Some(votes) = &decision.votes { " Votes: " (votes) "." } }
            }
        }
    }
}

/// The minutes as the press takes them.
async fn printed(desk: &Loaded<PanelDesk>, meeting: &Meeting, minutes: &Minutes) -> Result<Printed, Problem> {
    let attendee = |line: &String| {
        let (name, capacity) = line
            .rsplit_once(" (")
            .map_or((line.as_str(), ""), |(name, capacity)| (name, capacity.trim_end_matches(')')));
        Attendee { name: name.to_owned(), capacity: capacity.to_owned() }
    };
    let (closed, signer, fingerprint): (Option<Timestamp>, Option<_>, Option<Fingerprint>) = match &meeting.state {
        MeetingState::Closed { at, signed_by, minutes } => (Some(*at), Some(*signed_by), Some(minutes.clone())),
        _ => (None, None, None),
    };
    let signer = match signer {
        Some(person) => hiec_access::people::by_id(&desk.database(), person).await?,
        None => None,
    };
    let present: Vec<Attendee> = minutes.present.iter().map(attendee).collect();
    let chair = present
        .iter()
        .find(|one| one.capacity == "independent chair")
        .map_or("the deputy", |one| one.name.as_str())
        .to_owned();
    Ok(Printed {
        meeting: minutes.title.clone(),
        programme: desk.call.design().programme.clone(),
        call: desk.call.title.clone(),
        reference: Some(desk.call.key.clone()),
        held_on: london_date(meeting.planned_for),
        began: None,
        ended: None,
        place: minutes.place.clone(),
        chair,
        present,
        in_attendance: Vec::new(),
        apologies: minutes.apologies.clone(),
        items: minutes.items.iter().map(printed_item).collect(),
        approval: signer.zip(closed).map(|(person, at)| Approval { by: person.name, at }),
        illustrative: desk.app.site().is_demo,
        fingerprint,
    })
}

fn printed_item(item: &MinutedItem) -> MinuteItem {
    let mut discussion = vec![format!("{}.", item.standing)];
    if !item.discussion.is_empty() {
        discussion.push(item.discussion.clone());
    }
    discussion.extend(item.notes.iter().cloned());
    for earlier in item.decisions.iter().filter(|decision| !decision.holds) {
        discussion.push(format!(
            "Decided first: {}. {} A later decision stands beside it.",
            earlier.decision, earlier.reason
        ));
    }
    let held = item.decisions.iter().find(|decision| decision.holds);
    discussion.extend(held.map(|decision| decision.quorum.clone()));
    MinuteItem {
        subject: item.title.clone(),
        recusals: item
            .recusals
            .iter()
            .map(|line| {
                let (name, reason) = line.split_once(" left: ").unwrap_or((line, ""));
                hiec_reports::Recusal { name: name.to_owned(), reason: reason.to_owned() }
            })
            .collect(),
        quorum: None,
        presentation: (!item.presentations.is_empty()).then(|| item.presentations.join(" ")),
        discussion,
        decision: held.map(|decision| Decision {
            outcome: decision.decision.clone(),
            rank: None,
            reason: decision.reason.clone(),
            departure: (!decision.departures.is_empty()).then(|| decision.departures.join(" ")),
        }),
        actions: Vec::new(),
    }
}
