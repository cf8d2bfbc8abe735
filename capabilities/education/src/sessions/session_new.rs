//! `…/courses/{course}/sessions/new`: a session with its places, some of them kept for partners until a day.

use std::collections::BTreeMap;

use hiec_kernel::Problem;
use hiec_kernel::clock::{from_london, london_date};
use hiec_web::components::{Button, Details};
use hiec_web::{Answer, Done, Errors, Fields, Loaded, Page};
use maud::html;
use serde_json::json;
use uuid::Uuid;

use super::actions::{self, NewSession};
use super::doors::CourseHere;
use super::places::Places;
use super::rules::PartKind;
use crate::ground::{self, LINE};

pub async fn get(door: Loaded<CourseHere>) -> Answer {
    Ok(page(&door, &Fields::default(), &Errors::none())?.into())
}

/// So many partners are each named in the form; of more, some are chosen.
const MOST_NAMED: usize = 12;
const CHOSEN: usize = 8;

fn page(door: &Loaded<CourseHere>, typed: &Fields, errors: &Errors) -> Result<Page, Problem> {
    let value = |name: &str| typed.get(name).unwrap_or_default();
    let parts = door.parts.iter().filter(|part| part.kind == PartKind::Session);
    let parts: Vec<(String, String)> = parts.map(|part| (part.id.to_string(), part.title.clone())).collect();
    let partners = ground::sites(&door.cluster, london_date(door.now()));
    let time = |name: &str, label: &str| ground::line_field(name, label, value(name), errors).kind("time").width(5_u8);
    let has_shares = typed.0.iter().any(|(name, value)| {
        ["share-", "places-", "partner-"].iter().any(|begin| name.starts_with(begin)) && !value.trim().is_empty()
    });
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (door.course.name) } "Open a session" }
        form method="post" novalidate {
            (ground::choice("part", "Part of the course", parts.clone(), value("part"), errors))
            (ground::line_field("place", "Where", value("place"), errors))
            (ground::day_field("on", "Day", value("on"), errors))
            (time("from", "From"))
            (time("to", "To"))
            (ground::line_field("capacity", "Places in all", value("capacity"), errors).inputmode("numeric").width(4_u8))
            (ground::day_field("release_on", "Day from which kept places are open to all", value("release_on"), errors))
            (Details::new("Places kept for partners", html! {
                @if partners.len() <= MOST_NAMED {
                    @for (id, name) in &partners {
                        @let field = format!("share-{id}");
                        (ground::line_field(&field, name, value(&field), errors).inputmode("numeric").width(4_u8))
                    }
                } @else {
                    p { "For up to " (CHOSEN) " of " (partners.len()) " partners." }
                    @for nth in 1..=CHOSEN {
                        @let (partner, places) = (format!("partner-{nth}"), format!("places-{nth}"));
                        (ground::choice(&partner, &format!("Partner {nth}"), partners.clone(), value(&partner), errors))
                        (ground::line_field(&places, &format!("Places for partner {nth}"), value(&places), errors).inputmode("numeric").width(4_u8))
                    }
                }
            }).open(has_shares))
            (Button::new("Open the session"))
        }
    };
    let data = json!({ "course": door.course, "parts": parts });
    Ok(ground::under(Page::new("Open a session", view).data(&data)?, &door.cluster)
        .under(crate::access::path(&door.cluster), "Education")
        .under(door.path(), door.course.name.clone()))
}

pub async fn post(door: Loaded<CourseHere>, fields: Fields) -> Answer {
    let mut errors = Errors::none();
    let value = |name: &str| fields.get(name).unwrap_or_default();
    let part = door.parts.iter().find(|part| part.kind == PartKind::Session && part.id.to_string() == value("part"));
    let part = ground::one_of(&mut errors, "part", "a part of the course", part);
    let place = errors.text("place", "where it is", value("place"), LINE);
    let on = ground::day(&mut errors, "on", "the day", value("on"));
    let mut moment = |name: &str, what: &str| {
        let read = on.and_then(|on| from_london(&format!("{on} {}", value(name).trim())).ok());
        if on.is_some() && read.is_none() {
            errors.add(name, format!("Enter {what} as a time, such as 09:30"));
        }
        read
    };
    let (starts_at, ends_at) = (moment("from", "when it begins"), moment("to", "when it ends"));
    if starts_at.zip(ends_at).is_some_and(|(starts, ends)| ends <= starts) {
        errors.add("to", "Enter an end after the beginning");
    }
    if starts_at.is_some_and(|starts| starts <= door.now()) {
        errors.add("on", "Enter a day and a time that are still to come");
    }
    let count = |typed: &str| typed.trim().parse::<u32>().ok().filter(|places| *places <= 1_000);
    let capacity = count(value("capacity"));
    if capacity.is_none() {
        errors.add("capacity", "Enter how many places there are, as a whole number up to 1,000");
    }
    let mut shares = BTreeMap::new();
    for (id, name) in ground::sites(&door.cluster, london_date(door.now())) {
        let field = format!("share-{id}");
        let typed = value(&field).trim();
        if typed.is_empty() {
            continue;
        }
        match (count(typed), id.parse()) {
            (Some(0), _) => {}
            (Some(places), Ok(id)) => {
                shares.insert(id, places);
            }
            _ => errors.add(field, format!("Enter how many places are kept for {name}, as a whole number")),
        }
    }
    let partners = ground::sites(&door.cluster, london_date(door.now()));
    for nth in 1..=CHOSEN {
        let (partner, places) = (format!("partner-{nth}"), format!("places-{nth}"));
        let (chosen, typed) = (value(&partner).trim(), value(&places).trim());
        if chosen.is_empty() && typed.is_empty() {
            continue;
        }
        let known = partners.iter().find(|(id, _)| id == chosen).and_then(|(id, _)| id.parse::<Uuid>().ok());
        match (known, count(typed)) {
            (Some(id), Some(many)) if many > 0 && !shares.contains_key(&id) => {
                shares.insert(id, many);
            }
            (Some(id), Some(_)) if shares.contains_key(&id) => errors.add(partner, "Choose each partner once"),
            (None, _) => errors.add(partner, "Choose the partner places are kept for"),
            (Some(_), _) => errors.add(places, "Enter how many places are kept, as a whole number above nought"),
        }
    }
    let release_on = match (shares.is_empty(), value("release_on").trim().is_empty()) {
        (true, true) => Some(london_date(door.now())),
        _ => ground::day(
            &mut errors,
            "release_on",
            "the day from which kept places are open to all",
            value("release_on"),
        ),
    };
    if release_on.zip(on).is_some_and(|(release, on)| release > on) {
        errors.add("release_on", "Enter a day not after the session");
    }
    if let Some(capacity) = capacity {
        let places = Places { capacity, shares: shares.clone(), is_released: false };
        if let Some(fault) = places.fault() {
            errors.add("capacity", fault);
        }
    }
    let (Some(part), Some(place), Some(starts_at), Some(ends_at), Some(capacity), Some(release_on), true) =
        (part, place, starts_at, ends_at, capacity, release_on, errors.is_empty())
    else {
        return Ok(page(&door, &fields, &errors)?.with_errors(&errors).into());
    };
    let new =
        NewSession { part: part.id, place, starts_at, ends_at, capacity, release_on, shares, is_illustrative: false };
    let mut unit = door.begin().await?;
    let session = actions::open_session(&mut unit, &door.cluster, new).await?;
    unit.commit().await?;
    Ok(Done::made(session.path(&door.cluster)).saying("The session is open for booking.").into())
}
