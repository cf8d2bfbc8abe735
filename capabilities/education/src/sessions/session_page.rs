//! `…/education/sessions/{session}`: one session: when, where, how many places; what the reader may do with it; for its planner the code, the register and what people thought.

use hiec_kernel::Problem;
use hiec_kernel::clock::{day_on_page, on_page};
use hiec_web::components::{
    Button, Cell, CheckboxItem, Checkboxes, Column, Details, InsetText, RadioItem, Radios, SummaryList, SummaryRow,
    Table, Tag, TagColour, WarningCallout,
};
use hiec_web::{Answer, Errors, Loaded, Page, Reply};
use icalendar::{Calendar, Component, Event, EventLike, EventStatus};
use maud::{Markup, html};
use serde::Serialize;
use uuid::Uuid;

use super::bookings::{self, Booking, Feedback};
use super::doors::SessionHere;
use super::rules::{FEWEST, hours};
use super::store::Session;
use crate::ground::{self, made_up};

/// What was typed into one of the forms, with its mistakes.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    pub code: String,
    pub score: String,
    pub words: String,
    pub reason: String,
    pub errors: Errors,
}

#[derive(Serialize)]
struct Shown<'a> {
    session: &'a Session,
    title: &'a str,
    open: u32,
    booked: usize,
    waiting: usize,
    /// Where the reader stands: `booked`, `waiting` or nothing.
    own: Option<&'static str>,
    /// Their place on the waiting list, from 1.
    place: Option<usize>,
    attended: bool,
}

pub async fn get(door: Loaded<SessionHere>) -> Answer {
    Ok(page(&door, &Typed::default()).await?.into())
}

pub(super) async fn page(door: &Loaded<SessionHere>, typed: &Typed) -> Result<Page, Problem> {
    let (cluster, session, now) = (&door.cluster, &door.session, door.now());
    let bookings = bookings::of_session(&door.database(), session.id).await?;
    let booked: Vec<Option<Uuid>> =
        bookings.iter().filter(|one| one.booked_at.is_some()).map(|one| one.organisation_id).collect();
    let open = session.places(now).open_to_all(&booked);
    let waiting: Vec<&Booking> = bookings.iter().filter(|one| one.booked_at.is_none()).collect();
    let person = door.subject.person.as_ref();
    let own = bookings.iter().find(|one| person.is_some_and(|person| person.id.0 == one.person_id));
    let place = own.and_then(|own| waiting.iter().position(|one| one.id == own.id)).map(|place| place + 1);
    let may_run = door.may("teaching.run");
    let path = door.path();
    let title = format!("{}: {}", door.course.name, door.part.title);
    let feedback = if may_run { bookings::feedback(&door.database(), session.id).await? } else { Vec::new() };
    let released = if session.shares.is_empty() {
        "None is kept for a partner".to_owned()
    } else {
        let kept: u32 = session.shares.values().sum();
        format!("{kept} kept for partners until {}", day_on_page(session.release_on))
    };
    let view = html! {
        (ground::mistakes(&typed.errors))
        h1 { span.nhsuk-caption-xl { (door.course.name) } (door.part.title) (made_up(session.is_illustrative)) }
        @if let Some(reason) = &session.called_off { (WarningCallout::new("Called off", reason.as_str())) }
        (SummaryList::new([
            SummaryRow::new("When", format!("{} to {}", on_page(session.starts_at), on_page(session.ends_at))),
            SummaryRow::new("Where", session.place.as_str()),
            SummaryRow::new("Time", format!("{}{}", hours(session.minutes()), if door.part.is_eligible { ", counts for the tariff" } else { "" })),
            SummaryRow::new("Places", format!("{} in all, {} taken, {open} open to everybody", session.capacity, booked.len())),
            SummaryRow::new("Kept places", released),
            SummaryRow::new("Waiting", waiting.len().to_string()),
        ]))
        p { a.nhsuk-link href={ (path) "/calendar.ics" } { "For your calendar" } }
        (own_part(door, own, place, typed))
        @if may_run { (running(door, &bookings, &feedback, typed)) }
    };
    let shown = Shown {
        session,
        title: &title,
        open,
        booked: booked.len(),
        waiting: waiting.len(),
        own: own.map(|own| if own.booked_at.is_some() { "booked" } else { "waiting" }),
        place,
        attended: own.is_some_and(|own| own.attended_at.is_some()),
    };
    Ok(ground::under(Page::new(title.clone(), view).data(&shown)?, cluster)
        .under(crate::access::path(cluster), "Education")
        .under(door.course.path(cluster), door.course.name.clone()))
}

/// What somebody who learns may do here now.
fn own_part(door: &Loaded<SessionHere>, own: Option<&Booking>, place: Option<usize>, typed: &Typed) -> Markup {
    let (path, times, now) = (door.path(), door.session.times(), door.now());
    let may_book = door.may("teaching.book") && times.may_be_booked(now);
    let errors = &typed.errors;
    match own {
        None => html! {
            @if may_book {
                form method="post" action={ (path) "/booking" } { (Button::new("Book a place")) }
                p { "Where no place is left for you, you are put on the waiting list and have a letter when one is yours." }
            }
        },
        Some(own) if own.booked_at.is_none() => html! {
            @if times.is_called_off { (InsetText::new("You waited for a place. The session will not take place.")) }
            @else { (InsetText::new(format!("You wait for a place: number {} on the list.", place.unwrap_or(1)))) }
            @if may_book { form method="post" action={ (path) "/cancellation" } { (Button::new("Wait no longer").secondary()) } }
        },
        Some(own) => html! {
            @if own.attended_at.is_some() { (InsetText::new("You were there.")) }
            @else if times.is_called_off { (InsetText::new("You had a place. The session will not take place.")) }
            @else { (InsetText::new("You have a place.")) }
            @if may_book { form method="post" action={ (path) "/cancellation" } { (Button::new("Give the place back").secondary()) } }
            @if own.attended_at.is_none() && times.takes_codes(now) {
                form method="post" action={ (path) "/attendance" } novalidate {
                    (ground::line_field("code", "Code of this session", &typed.code, errors).hint("Six letters, shown in the room").width(10_u8).autocomplete("off"))
                    (Button::new("I am here"))
                }
            }
            @if own.attended_at.is_some() && times.takes_feedback(now) {
                @if own.has_fed_back { p { "You gave feedback. Thank you." } } @else {
                    h2 { "What was it like?" }
                    p { "It is kept without your name. Fewer than " (FEWEST) " are shown to nobody." }
                    form method="post" action={ (path) "/feedback" } novalidate {
                        (Radios::new("score", "It helped me to do my work better")
                            .items([("5", "Very much"), ("4", "Much"), ("3", "Somewhat"), ("2", "Little"), ("1", "Not at all")].map(|(value, words)| RadioItem::new(value, words)))
                            .value(typed.score.as_str())
                            .error_message(errors.of("score").unwrap_or_default()))
                        (ground::lines_field("words", "What should change, if anything", &typed.words, errors))
                        (Button::new("Send the feedback"))
                    }
                }
            }
        },
    }
}

/// For whoever runs it: code, register, waiting list, feedback.
fn running(door: &Loaded<SessionHere>, bookings: &[Booking], feedback: &[Feedback], typed: &Typed) -> Markup {
    let (path, session, now) = (door.path(), &door.session, door.now());
    let booked: Vec<&Booking> = bookings.iter().filter(|one| one.booked_at.is_some()).collect();
    let waiting: Vec<&Booking> = bookings.iter().filter(|one| one.booked_at.is_none()).collect();
    let takes_register = session.times().takes_register(now);
    let of = |one: &Booking| one.organisation.clone().unwrap_or_else(|| "No organisation".to_owned());
    html! {
        h2 { "Run the session" }
        p { "Code to show in the room: " strong { (session.code) } ". Five wrong ones are taken from each; then you mark them below." }
        form method="post" action={ (path) "/code" } { (Button::new("Change the code").secondary()) }
        @if booked.is_empty() { p { "Nobody has a place yet." } }
        @else if takes_register {
            form method="post" action={ (path) "/register" } {
                (Checkboxes::new("came", "Who came")
                    .items(booked.iter().map(|one| {
                        let how = match one.attended_by.as_deref() {
                            Some("code") => " (by code)",
                            Some(_) => " (marked)",
                            None => "",
                        };
                        CheckboxItem::new(one.id.to_string(), format!("{}, {}{how}", one.name, of(one))).checked(Some(one.attended_at.is_some()))
                    })))
                (Button::new("Save the register"))
            }
        } @else {
            (Table::new("Who has a place")
                .head([Column::new("Name"), Column::new("From"), Column::new("Came")])
                .first_cell_is_header(true)
                .rows(booked.iter().map(|one| vec![
                    Cell::new(one.name.as_str()),
                    Cell::new(of(one)),
                    Cell::new(if one.attended_at.is_some() { "Yes" } else { "Not marked" }),
                ])))
        }
        @if !waiting.is_empty() {
            (Table::new("Waiting list")
                .head([Column::numeric("Number"), Column::new("Name"), Column::new("From"), Column::new("Asked")])
                .rows((1_usize..).zip(&waiting).map(|(nth, one)| vec![
                    Cell::numeric(nth),
                    Cell::new(one.name.as_str()),
                    Cell::new(of(one)),
                    Cell::new(on_page(one.asked_at)),
                ])))
        }
        h3 { "Feedback" }
        @if feedback.len() < FEWEST { p { "Fewer than " (FEWEST) " gave any, so none is shown." } } @else {
            @let sum: i64 = feedback.iter().map(|one| one.score).sum();
            @let count = i64::try_from(feedback.len()).unwrap_or(1);
            p { (feedback.len()) " gave feedback: " (format!("{}.{}", sum / count, (sum * 10 / count) % 10)) " of 5 on average." }
            ul.nhsuk-list.nhsuk-list--bullet { @for one in feedback.iter().filter(|one| !one.words.is_empty()) { li { (one.words) " " (Tag::new(format!("{} of 5", one.score)).colour(TagColour::Grey)) } } }
        }
        @if session.called_off.is_none() && now < session.ends_at {
            (Details::new("Call the session off", html! {
                form method="post" action={ (path) "/calling-off" } novalidate {
                    (ground::lines_field("reason", "Why", &typed.reason, &typed.errors))
                    (Button::new("Call it off").warning())
                }
            }).open(typed.errors.of("reason").is_some()))
        }
    }
}

/// The session as an iCalendar file (RFC 5545). The same session has the same UID, so that a changed one replaces it.
pub async fn calendar(door: Loaded<SessionHere>) -> Answer {
    let session = &door.session;
    let is_off = session.called_off.is_some();
    let link = door.app.site().link(&door.path());
    let event = Event::new()
        .uid(&format!("{}@hiec", session.id))
        .timestamp(door.now())
        .sequence(u32::from(is_off))
        .summary(&format!("{}: {}", door.course.name, door.part.title))
        .description(&format!("Places and how to cancel: {link}"))
        .location(&session.place)
        .url(&link)
        .status(if is_off { EventStatus::Cancelled } else { EventStatus::Confirmed })
        .starts(session.starts_at)
        .ends(session.ends_at)
        .done();
    let words = Calendar::new().name(&door.course.name).push(event).done().to_string();
    let name = format!("{}-{}.ics", door.course.key, session.starts_at.format("%Y-%m-%d"));
    Ok(Reply::download(&name, "text/calendar; charset=utf-8", words.into_bytes()))
}
