//! Planning a meeting of the panel: title, place, time and who is seated, chosen among those who may be; it invites nobody who does not hold the role.

use std::collections::BTreeSet;
use std::str::FromStr;

use hiec_access::{grants, people};
use hiec_kernel::clock::from_london;
use hiec_kernel::people::Person;
use hiec_kernel::{PersonId, Problem, ProblemKind, Role, Scope};
use hiec_web::components::{Button, CheckboxItem, Checkboxes, Input as TextInput, RadioItem, Radios};
use hiec_web::{Answer, Done, Errors, Fields, Loaded};
use maud::{Markup, html};

use super::actions;
use super::page::page;
use super::rules::{Member, Seat};
use super::store::{NewMeeting, PanelDesk};

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

pub(super) async fn form(desk: &Loaded<PanelDesk>, typed: &Fields, errors: &Errors) -> Result<Markup, Problem> {
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
        return Ok(page(&desk, &fields, &errors).await?.with_errors(&errors).into());
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
        return Ok(page(&desk, &fields, &errors).await?.with_errors(&errors).into());
    }
    let mut unit = desk.begin().await?;
    let new = NewMeeting { title, place, planned_for, members };
    match actions::plan_meeting(&mut unit, &desk.call, new).await {
        Ok(_) => unit.commit().await?,
        // What was typed stays on the page beside what stands in the way.
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            drop(unit);
            errors.add("title", problem.to_string());
            return Ok(page(&desk, &fields, &errors).await?.conflict(&errors).into());
        }
        Err(problem) => return Err(problem.into()),
    }
    Ok(Done::made(format!("{}/panel", desk.call.path()))
        .saying("The meeting is planned and its members are told.")
        .into())
}
