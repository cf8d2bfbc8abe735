//! `/clusters/{cluster}/board/said`: what patient members said, and what was done about it; who said it is told, and nothing stays unanswered out of sight.

use axum::extract::Path;
use hiec_kernel::Problem;
use hiec_kernel::clock::on_page;
use hiec_web::components::own::EmptyState;
use hiec_web::components::{Button, Input as TextInput, InsetText, Tag, TagColour, Textarea};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

use super::BoardDesk;
use super::record_actions;
use super::records::{self, Said};
use crate::desk::{heading, page_of, summary};

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct SayForm {
    #[serde(default)]
    said: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct AnswerForm {
    #[serde(default)]
    did: String,
    /// The number of the decision it led to, where it did.
    #[serde(default)]
    decision: String,
}

pub async fn get(desk: Loaded<BoardDesk>) -> Answer {
    Ok(page(&desk, "", None, &Errors::none()).await?.into())
}

async fn page(
    desk: &Loaded<BoardDesk>,
    typed: &str,
    answering: Option<(Uuid, &AnswerForm)>,
    errors: &Errors,
) -> Result<Page, Problem> {
    let said = records::said(&desk.database(), desk.cluster.id).await?;
    let path = format!("{}/board", desk.cluster.path());
    let view = html! {
        (summary(errors))
        (heading(desk, "You said, we did"))
        @if said.is_empty() { (EmptyState::new("Patient members have said nothing here yet. What they say, and what is done about it, stands on this page for everybody in the cluster.")) }
        @for one in &said { (line(desk, one, &path, answering, errors)) }
        @if desk.may("board.say") {
            h2 { "Say something" }
            form method="post" novalidate {
                (Textarea::new("said", "What you want to say").rows(4_u16).value(typed).error_message(errors.of("said").unwrap_or_default()))
                (Button::new("Say it"))
            }
        }
    };
    page_of(&desk.cluster, "You said, we did", view).under(path, "Governance").data(&said)
}

fn line(
    desk: &Loaded<BoardDesk>,
    one: &Said,
    path: &str,
    answering: Option<(Uuid, &AnswerForm)>,
    errors: &Errors,
) -> Markup {
    let typed = answering.filter(|(id, _)| *id == one.id).map(|(_, form)| form.clone()).unwrap_or_default();
    let (did_id, decision_id) = (format!("did-{}", one.id), format!("decision-{}", one.id));
    html! {
        (InsetText::new(html! {
            p { strong { "You said: " } (one.said) }
            p.app-source { (one.person) ", " (on_page(one.said_at)) }
            @match (&one.did, one.did_at) {
                (Some(did), Some(at)) => {
                    p { strong { "We did: " } (did) }
                    p.app-source {
                        (on_page(at))
                        @if let Some(number) = one.decision_number { ", " a href={ (path) "/decisions/" (number) } { "decision " (number) } }
                    }
                }
                _ => {
                    p { (Tag::new("Waits for an answer").colour(TagColour::Orange)) }
                    @if desk.may("board.answer") {
                        form method="post" action={ (path) "/said/" (one.id) "/answer" } novalidate {
                            (Textarea::new("did", "What we did").id(did_id.as_str()).rows(3_u16).value(typed.did.as_str()).error_message(errors.of(&did_id).unwrap_or_default()))
                            (TextInput::new("decision", "Number of the decision it led to (optional)").id(decision_id.as_str()).number().value(typed.decision.as_str()).error_message(errors.of(&decision_id).unwrap_or_default()))
                            (Button::new("Answer").secondary())
                        }
                    }
                }
            }
        }))
    }
}

pub async fn say(desk: Loaded<BoardDesk>, Input(form): Input<SayForm>) -> Answer {
    let mut errors = Errors::none();
    let Some(words) = errors.text("said", "what you want to say", &form.said, 2000) else {
        return Ok(page(&desk, &form.said, None, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = desk.begin().await?;
    record_actions::say(&mut unit, &desk.cluster, desk.person()?.id, &words).await?;
    unit.commit().await?;
    Ok(Done::made(format!("{}/board/said", desk.cluster.path())).saying("It stands here until it is answered.").into())
}

pub async fn answer(
    desk: Loaded<BoardDesk>,
    Path((_, id)): Path<(String, Uuid)>,
    Input(form): Input<AnswerForm>,
) -> Answer {
    let database = desk.database();
    let said = records::said(&database, desk.cluster.id).await?;
    let one = said.iter().find(|one| one.id == id).ok_or_else(Problem::not_found)?;
    let mut errors = Errors::none();
    let did = errors.text(&format!("did-{id}"), "what was done", &form.did, 2000);
    let number = form.decision.trim();
    let decision = if number.is_empty() {
        None
    } else {
        let decisions = records::decisions(&database, desk.cluster.id).await?;
        let found = decisions.iter().map(|one| one.number).find(|one| one.to_string() == number);
        if found.is_none() {
            errors.add(format!("decision-{id}"), "Enter the number of one of the cluster’s decisions");
        }
        found
    };
    let (Some(did), true) = (did, errors.is_empty()) else {
        return Ok(page(&desk, "", Some((id, &form)), &errors).await?.with_errors(&errors).into());
    };
    let mut unit = desk.begin().await?;
    record_actions::answer(&mut unit, &desk.cluster, one, &did, decision).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/board/said", desk.cluster.path())).saying("Whoever said it was told.").into())
}
