//! `/clusters/{cluster}/education/quality/framework`: the framework in force and those before it; the region puts a new version in force.

use hiec_kernel::Problem;
use hiec_kernel::clock::date_on_page;
use hiec_web::components::own::EmptyState;
use hiec_web::components::{Button, Details, InsetText};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::actions;
use super::doors::Quality;
use super::framework::{Content, NATIONAL_2021, TO_BE_CONFIRMED};
use super::store::{self, Framework};
use crate::ground::{self, LINE, LINES};

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    name: String,
    /// Where it comes from, and what is to be confirmed.
    note: String,
    /// A line a domain (`# …`), under it a line a standard (`- …`).
    text: String,
    /// Why this version.
    reason: String,
}

pub async fn get(door: Loaded<Quality>) -> Answer {
    let cluster = &door.cluster;
    let frameworks = store::frameworks(&door.database(), cluster.id).await?;
    let new = format!("{}/framework/new", door.path());
    let may = door.may("quality.frame");
    let view = html! {
        h1 { span.nhsuk-caption-xl { (cluster.short_name) ": quality" } "Framework" }
        @match frameworks.split_first() {
            None => {
                @let empty = EmptyState::new("No framework is in force yet.");
                @if may { (empty.action("Put the first one in force", new.clone())) } @else { (empty) }
            }
            Some((framework, before)) => {
                p { "Version " (framework.version) ", " (framework.name) ", in force since " (date_on_page(framework.made_at)) "." }
                @if !framework.note.is_empty() { (InsetText::new(framework.note.as_str())) }
                (content(&framework.content))
                @if may { p { (Button::link("Put a new version in force", new.clone())) } }
                @if !before.is_empty() { h2 { "Before" } }
                @for framework in before {
                    (Details::new(format!("Version {}, {}", framework.version, framework.name), html! {
                        p { "In force from " (date_on_page(framework.made_at)) ". " (framework.reason) }
                        (content(&framework.content))
                    }))
                }
            }
        }
    };
    Ok(under(Page::new("Framework", view).data(&frameworks)?, &door).into())
}

fn content(content: &Content) -> Markup {
    html! {
        ol.nhsuk-list.nhsuk-list--number {
            @for domain in &content.domains {
                li {
                    strong { (domain.title) }
                    ul.nhsuk-list.nhsuk-list--bullet { @for standard in &domain.standards { li { (standard) } } }
                }
            }
        }
    }
}

fn under(page: Page, door: &Loaded<Quality>) -> Page {
    super::doors::within(page, &door.cluster).under(door.path(), "Quality")
}

pub async fn new(door: Loaded<Quality>) -> Answer {
    let current = store::frameworks(&door.database(), door.cluster.id).await?;
    let form = match current.first() {
        Some(Framework { name, note, content, .. }) => {
            Form { name: name.clone(), note: note.clone(), text: content.text(), reason: String::new() }
        }
        None => Form {
            name: "National framework, 2021 edition".into(),
            note: TO_BE_CONFIRMED.into(),
            text: NATIONAL_2021.into(),
            reason: String::new(),
        },
    };
    Ok(page(&door, &form, &Errors::none())?.into())
}

fn page(door: &Loaded<Quality>, form: &Form, errors: &Errors) -> Result<Page, Problem> {
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (door.cluster.short_name) ": quality" } "Put a version of the framework in force" }
        p { "Self-assessments that are under way end under the version they were begun with." }
        form method="post" novalidate {
            (ground::line_field("name", "Name", &form.name, errors))
            (ground::lines_field("note", "Where it comes from, and what is to be confirmed", &form.note, errors))
            (ground::lines_field("text", "Domains and standards", &form.text, errors)
                .hint("A line that begins with # is a domain; under it, a line that begins with - is a standard")
                .rows(20_u16))
            (ground::lines_field("reason", "Why this version", &form.reason, errors))
            (Button::new("Put it in force"))
        }
    };
    Ok(under(Page::new("Put a version of the framework in force", view).data(form)?, door)
        .under(format!("{}/framework", door.path()), "Framework"))
}

pub async fn post(door: Loaded<Quality>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let name = errors.text("name", "a name", &form.name, LINE);
    let note = ground::optional(&mut errors, "note", "the note", &form.note, LINES);
    let content = errors.take("text", Content::read(&form.text));
    let reason = errors.text("reason", "why this version", &form.reason, LINES);
    let (Some(name), Some(note), Some(content), Some(reason)) = (name, note, content, reason) else {
        return Ok(page(&door, &form, &errors)?.with_errors(&errors).into());
    };
    let mut unit = door.begin().await?;
    let framework = actions::frame(&mut unit, &door.cluster, (&name, &note, content, &reason), false).await?;
    unit.commit().await?;
    let word = format!("Version {} is in force.", framework.version);
    Ok(Done::made(format!("{}/framework", door.path())).saying(word).into())
}
