//! `/clusters/{cluster}/education/placements/new`: a placement is planned; what the rules refuse comes back beside the fields.

use axum::extract::Query;
use hiec_kernel::Problem;
use hiec_web::components::{Button, InsetText};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::html;
use serde::Deserialize;

use super::actions::{self, NotPlaced};
use super::form::{self, Form, Supervisor};
use super::scene::{self, Days, Scene};
use super::store::{PlacementKind, PlacementState};
use crate::access::{Education, Sight};
use crate::breadth::coverage;
use crate::ground;
use crate::home;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    trainee: String,
    post: String,
    starts_on: String,
}

async fn offered(door: &Loaded<Education>) -> Result<(Scene, Vec<Supervisor>), Problem> {
    let database = door.database();
    // Nothing of the placements themselves is shown, so no more of them is read than today's.
    let today = hiec_kernel::clock::london_date(door.now());
    let scene = scene::load(&database, &door.cluster, Days::Between(today, today), &Sight::Everybody).await?;
    let supervisors = form::supervisors(&database, &scene).await?;
    Ok((scene, supervisors))
}

pub async fn get(door: Loaded<Education>, Query(wanted): Query<Wanted>) -> Answer {
    let (scene, supervisors) = offered(&door).await?;
    let trainee = scene.trainees.iter().find(|one| one.number == wanted.trainee);
    let form = Form {
        trainee: wanted.trainee.clone(),
        post: wanted.post.clone(),
        starts_on: wanted.starts_on.clone(),
        kind: PlacementKind::InPost.key().to_owned(),
        wte: trainee.map_or_else(|| "1".to_owned(), |one| one.wte.to_string()),
        state: PlacementState::Planned.key().to_owned(),
        ..Form::default()
    };
    Ok(page(&door, &scene, &supervisors, &form, &Errors::none()).await?.into())
}

async fn page(
    door: &Loaded<Education>,
    scene: &Scene,
    supervisors: &[Supervisor],
    form: &Form,
    errors: &Errors,
) -> Result<Page, Problem> {
    let chosen = scene.trainees.iter().find(|one| one.number == form.trainee);
    let missing: Vec<String> = match chosen {
        Some(trainee) => coverage::missing_settings(&door.database(), trainee)
            .await?
            .iter()
            .map(|one| one.label().to_lowercase())
            .collect(),
        None => Vec::new(),
    };
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (door.cluster.short_name) } "Plan a placement" }
        @if scene.trainees.is_empty() {
            p { "Nobody is enrolled yet. " a href={ (door.path()) "/trainees/new" } { "Enrol a trainee first" } "." }
        } @else {
            (InsetText::new("Time out of programme frees the posts the trainee was to fill in those days: what they were to do then is shortened or divided around it."))
            @if let Some(trainee) = chosen.filter(|_| !missing.is_empty()) {
                p { (trainee.name) " still misses " (missing.join(", ")) "; a placement there would bring it." }
            }
            form method="post" action={ (door.path()) "/placements/new" } novalidate {
                (form::fields(scene, supervisors, form, true, errors))
                (Button::new("Plan the placement"))
            }
        }
    };
    Ok(home::under(Page::new("Plan a placement", view).data(form)?, &door.cluster)
        .under(format!("{}/placements", door.path()), "Placements"))
}

pub async fn post(door: Loaded<Education>, Input(form): Input<Form>) -> Answer {
    let (scene, supervisors) = offered(&door).await?;
    let mut errors = Errors::none();
    if let Some(new) = form::read(&mut errors, &form, &scene, &supervisors).filter(|_| errors.is_empty()) {
        let mut unit = door.begin().await?;
        match actions::plan(&mut unit, door.cluster.id, new).await {
            Ok(placement) => {
                unit.commit().await?;
                let path = format!("{}/placements/{}", door.path(), placement.id);
                return Ok(Done::made(path).saying("The placement was planned.").into());
            }
            Err(NotPlaced::Refused(refusals)) => form::note(&mut errors, &refusals),
            Err(NotPlaced::Problem(problem)) => return Err(problem.into()),
        }
    }
    Ok(page(&door, &scene, &supervisors, &form, &errors).await?.with_errors(&errors).into())
}
