//! `/clusters/{cluster}/education/placements/{placement}/change`: other days, another post, another share; with the reason.

use hiec_kernel::Problem;
use hiec_web::components::Button;
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::html;

use super::actions::{self, NotPlaced};
use super::form::{self, Form, Supervisor};
use super::scene::{self, Days, Scene};
use super::store::Placement;
use crate::access::{PlacementHere, Sight};
use crate::ground::{self, LINES};
use crate::home;

async fn offered(here: &Loaded<PlacementHere>) -> Result<(Scene, Vec<Supervisor>), Problem> {
    let database = here.database();
    let day = here.placement.starts_on;
    let scene = scene::load(&database, &here.cluster, Days::Between(day, day), &Sight::Everybody).await?;
    let supervisors = form::supervisors(&database, &scene).await?;
    Ok((scene, supervisors))
}

pub async fn get(here: Loaded<PlacementHere>) -> Answer {
    let (scene, supervisors) = offered(&here).await?;
    let placement = &here.placement;
    let form = Form {
        trainee: here.trainee.number.clone(),
        kind: placement.kind.key().to_owned(),
        post: here.post.as_ref().map(|post| post.number.clone()).unwrap_or_default(),
        starts_on: placement.starts_on.to_string(),
        ends_on: placement.ends_on.to_string(),
        wte: placement.wte.to_string(),
        supervisor: placement.supervisor.map(|id| id.to_string()).unwrap_or_default(),
        counted: if placement.is_counted { "yes".to_owned() } else { String::new() },
        state: placement.state.key().to_owned(),
        reason: String::new(),
    };
    Ok(page(&here, &scene, &supervisors, &form, &Errors::none())?.into())
}

fn page(
    here: &Loaded<PlacementHere>,
    scene: &Scene,
    supervisors: &[Supervisor],
    form: &Form,
    errors: &Errors,
) -> Result<Page, Problem> {
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (here.trainee.name) } "Change a placement" }
        @if here.placement.is_cancelled() {
            p { "It was cancelled, so it stays as it is. Plan a new one instead." }
        } @else {
            form method="post" novalidate {
                (form::fields(scene, supervisors, form, false, errors))
                (Button::new("Change the placement"))
            }
        }
    };
    Ok(home::under(Page::new("Change a placement", view).data(form)?, &here.cluster)
        .under(here.trainee.path(&here.cluster), here.trainee.name.clone())
        .under(here.path(), "Placement"))
}

pub async fn post(here: Loaded<PlacementHere>, Input(form): Input<Form>) -> Answer {
    let (scene, supervisors) = offered(&here).await?;
    let form = Form { trainee: here.trainee.number.clone(), ..form };
    let mut errors = Errors::none();
    if here.placement.is_cancelled() {
        return Err(Problem::conflict("This placement was cancelled", "Plan a new one instead.").into());
    }
    let read = form::read(&mut errors, &form, &scene, &supervisors);
    let reason = errors.text("reason", "why it is changed", &form.reason, LINES);
    if let (true, Some(new), Some(reason)) = (errors.is_empty(), read, reason) {
        let changed = Placement {
            post: new.post,
            kind: new.kind,
            starts_on: new.starts_on,
            ends_on: new.ends_on,
            wte: new.wte,
            supervisor: new.supervisor,
            is_counted: new.is_counted && !new.kind.is_in_post(),
            state: new.state,
            reason,
            ..here.placement.clone()
        };
        let mut unit = here.begin().await?;
        match actions::change(&mut unit, &changed).await {
            Ok(()) => {
                unit.commit().await?;
                return Ok(Done::to(here.path()).saying("The placement was changed.").into());
            }
            Err(NotPlaced::Refused(refusals)) => form::note(&mut errors, &refusals),
            Err(NotPlaced::Problem(problem)) => return Err(problem.into()),
        }
    }
    Ok(page(&here, &scene, &supervisors, &form, &errors)?.with_errors(&errors).into())
}
