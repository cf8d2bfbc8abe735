//! `/clusters/{cluster}/board/meetings/new`: a meeting of one of the bodies is planned, with its day, hours and place.

use hiec_kernel::Problem;
use hiec_kernel::clock::from_london;
use hiec_web::components::Button;
use hiec_web::components::own::EmptyState;
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::html;
use schemars::JsonSchema;
use serde::Deserialize;

use super::BoardDesk;
use super::meeting_actions;
use super::store::{self, NewMeeting};
use crate::desk::{choice, day_field, heading, line_field, page_of, summary};

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// The id of the body that meets.
    #[serde(default)]
    body: String,
    #[serde(default)]
    day: String,
    /// `14:00`
    #[serde(default)]
    begins: String,
    /// `16:00`
    #[serde(default)]
    ends: String,
    #[serde(default)]
    place: String,
}

pub async fn get(desk: Loaded<BoardDesk>) -> Answer {
    Ok(page(&desk, &Form::default(), &Errors::none()).await?.into())
}

async fn page(desk: &Loaded<BoardDesk>, typed: &Form, errors: &Errors) -> Result<Page, Problem> {
    let bodies = store::bodies(&desk.database(), desk.cluster.id).await?;
    let items = bodies.iter().map(|body| (body.id.to_string(), body.name.clone()));
    let path = format!("{}/board", desk.cluster.path());
    let view = html! {
        (summary(errors))
        (heading(desk, "Plan a meeting"))
        @if bodies.is_empty() {
            (EmptyState::new("No body has been set up that could meet.").action("Set one up", path.clone()))
        } @else {
            form method="post" action={ (path) "/meetings" } novalidate {
                (choice("body", "Who meets", items, &typed.body, errors))
                (day_field("day", "Day", &typed.day, errors))
                (line_field("begins", "Begins", &typed.begins, errors).kind("time").width(5))
                (line_field("ends", "Ends", &typed.ends, errors).kind("time").width(5))
                (line_field("place", "Place", &typed.place, errors))
                (Button::new("Plan it"))
            }
        }
    };
    page_of(&desk.cluster, "Plan a meeting", view).under(path, "Governance").data(&bodies)
}

pub async fn post(desk: Loaded<BoardDesk>, Input(typed): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let bodies = store::bodies(&desk.database(), desk.cluster.id).await?;
    let body = bodies.iter().find(|body| body.id.to_string() == typed.body.trim());
    if body.is_none() {
        errors.add("body", "Choose who meets");
    }
    let starts_at = errors.take("begins", from_london(&format!("{}T{}", typed.day.trim(), typed.begins.trim())));
    let ends_at = errors.take("ends", from_london(&format!("{}T{}", typed.day.trim(), typed.ends.trim())));
    if let Some((starts, ends)) = starts_at.zip(ends_at) {
        if ends <= starts {
            errors.add("ends", "Enter an end after the beginning");
        }
        if starts <= desk.now() {
            errors.add("day", "Enter a day that is to come");
        }
    }
    let place = errors.text("place", "the place, or how to join", &typed.place, 200);
    let (Some(body), Some(starts_at), Some(ends_at), Some(place), true) =
        (body, starts_at, ends_at, place, errors.is_empty())
    else {
        return Ok(page(&desk, &typed, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = desk.begin().await?;
    let new = NewMeeting { starts_at, ends_at, place };
    let id = meeting_actions::plan(&mut unit, &desk.cluster, body, &new).await?;
    unit.commit().await?;
    let path = format!("{}/board/meetings/{id}", desk.cluster.path());
    Ok(Done::made(path).saying("The meeting was planned. Now make its agenda.").into())
}
