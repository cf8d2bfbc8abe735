//! `/clusters/{cluster}/projects/new`: a project begins on one of the pathways.

use hiec_kernel::Problem;
use hiec_web::components::Button;
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::html;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::actions::{self, NewProject};
use super::store::Projects;
use crate::ground::{self, LINE, LINES};
use crate::pathways::store::{self as pathways, Pathway};

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    /// The key of a pathway.
    pathway: String,
    name: String,
    what: String,
    /// One partner a line.
    partners: String,
    /// As `2010-04-01`.
    starts_on: String,
    source: String,
}

pub async fn get(door: Loaded<Projects>) -> Answer {
    let pathways = pathways::of_cluster(&door.database(), door.cluster.id).await?;
    Ok(page(&door, &pathways, &Form::default(), &Errors::none())?.into())
}

fn page(door: &Loaded<Projects>, pathways: &[Pathway], form: &Form, errors: &Errors) -> Result<Page, Problem> {
    let cluster = &door.cluster;
    let options = pathways.iter().map(|pathway| (pathway.key.clone(), pathway.name.clone()));
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (cluster.short_name) } "Start a project" }
        @if pathways.is_empty() {
            p { "A project belongs to a pathway, and there is none yet. " a href={ (cluster.path()) "/pathways/new" } { "Start a pathway first" } "." }
        } @else {
            form method="post" novalidate {
                (ground::choice("pathway", "Pathway", options, &form.pathway, errors))
                (ground::line_field("name", "Name", &form.name, errors))
                (ground::lines_field("what", "What it does", &form.what, errors))
                (ground::lines_field("partners", "Who works on it (optional)", &form.partners, errors).hint("One partner a line"))
                (ground::day_field("starts_on", "First day", &form.starts_on, errors))
                (ground::line_field("source", "Where this is published (optional)", &form.source, errors))
                (Button::new("Start the project"))
            }
        }
    };
    Ok(ground::under(Page::new("Start a project", view).data(form)?, cluster)
        .under(format!("{}/projects", cluster.path()), "Projects"))
}

pub async fn post(door: Loaded<Projects>, Input(form): Input<Form>) -> Answer {
    let cluster = &door.cluster;
    let pathways = pathways::of_cluster(&door.database(), cluster.id).await?;
    let mut errors = Errors::none();
    let chosen = pathways.iter().find(|pathway| pathway.key == form.pathway).map(|pathway| pathway.id);
    let pathway = ground::one_of(&mut errors, "pathway", "a pathway", chosen);
    let name = errors.text("name", "the name of the project", &form.name, LINE);
    let what = errors.text("what", "what it does", &form.what, LINES);
    let partners = ground::optional(&mut errors, "partners", "the partners", &form.partners, LINES);
    let starts_on = ground::day(&mut errors, "starts_on", "the first day", &form.starts_on);
    let source = ground::optional(&mut errors, "source", "the source", &form.source, LINE);
    let (Some(pathway), Some(name), Some(what), Some(partners), Some(starts_on), Some(source)) =
        (pathway, name, what, partners, starts_on, source)
    else {
        return Ok(page(&door, &pathways, &form, &errors)?.with_errors(&errors).into());
    };
    let partners = partners.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let mut unit = door.begin().await?;
    let new = NewProject { pathway, name, what, partners, starts_on, source, is_illustrative: false };
    let project = actions::start(&mut unit, cluster.id, new).await?;
    unit.commit().await?;
    Ok(Done::made(project.path(cluster)).saying("The project was started.").into())
}
