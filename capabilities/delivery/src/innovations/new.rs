//! `/clusters/{cluster}/innovations/new`: an innovation is named.

use hiec_kernel::Problem;
use hiec_web::components::Button;
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::html;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::actions::{self, NewInnovation};
use super::store::Innovations;
use crate::ground::{self, LINE, LINES};
use crate::projects::store::{self as projects, Project};

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    name: String,
    what: String,
    /// The key of the project it comes from; may be empty.
    project: String,
    /// As `2010-04-01`.
    began_on: String,
    /// Days; empty is a year.
    sustained_after_days: String,
    source: String,
}

pub async fn get(door: Loaded<Innovations>) -> Answer {
    let projects = projects::of_cluster(&door.database(), door.cluster.id).await?;
    Ok(page(&door, &projects, &Form::default(), &Errors::none())?.into())
}

fn page(door: &Loaded<Innovations>, projects: &[Project], form: &Form, errors: &Errors) -> Result<Page, Problem> {
    let cluster = &door.cluster;
    let options = projects.iter().map(|project| (project.key.clone(), project.name.clone()));
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (cluster.short_name) } "Name an innovation" }
        form method="post" novalidate {
            (ground::line_field("name", "Name", &form.name, errors))
            (ground::lines_field("what", "What it is, and what it is for", &form.what, errors))
            (ground::choice("project", "Project it comes from (optional)", options, &form.project, errors))
            (ground::day_field("began_on", "Day from which its spread is counted", &form.began_on, errors))
            (ground::line_field("sustained_after_days", "Days of use after which a site counts as sustained (optional)", &form.sustained_after_days, errors)
                .hint("A year where nothing is said").inputmode("numeric").width(5_u8))
            (ground::line_field("source", "Where this is published (optional)", &form.source, errors))
            (Button::new("Name the innovation"))
        }
    };
    Ok(ground::under(Page::new("Name an innovation", view).data(form)?, cluster)
        .under(format!("{}/innovations", cluster.path()), "Innovations"))
}

pub async fn post(door: Loaded<Innovations>, Input(form): Input<Form>) -> Answer {
    let cluster = &door.cluster;
    let projects = projects::of_cluster(&door.database(), cluster.id).await?;
    let mut errors = Errors::none();
    let name = errors.text("name", "the name", &form.name, LINE);
    let what = errors.text("what", "what it is", &form.what, LINES);
    let project = projects.iter().find(|project| project.key == form.project).map(|project| project.id);
    if project.is_none() && !form.project.is_empty() {
        errors.add("project", "Choose a project of this cluster");
    }
    let began_on = ground::day(&mut errors, "began_on", "the day", &form.began_on);
    let days = match form.sustained_after_days.trim() {
        "" => Some(365),
        typed => match typed.parse::<i64>() {
            Ok(days @ 1..=3650) => Some(days),
            _ => {
                errors.add("sustained_after_days", "Enter a number of days from 1 to 3650");
                None
            }
        },
    };
    let source = ground::optional(&mut errors, "source", "the source", &form.source, LINE);
    let (Some(name), Some(what), Some(began_on), Some(sustained_after_days), Some(source), true) =
        (name, what, began_on, days, source, errors.is_empty())
    else {
        return Ok(page(&door, &projects, &form, &errors)?.with_errors(&errors).into());
    };
    let mut unit = door.begin().await?;
    let new = NewInnovation { project, name, what, source, sustained_after_days, began_on, is_illustrative: false };
    let innovation = actions::name(&mut unit, cluster.id, new).await?;
    unit.commit().await?;
    Ok(Done::made(innovation.path(cluster)).saying("The innovation was named. Say next which sites it is for.").into())
}
