//! `…/workforce/new` and `…/versions/new`: a model as text, made from those in training or changed, kept only when all of it is understood.

use hiec_contracts::ClusterSeen;
use hiec_kernel::Problem;
use hiec_kernel::clock::london_date;
use hiec_web::components::{Button, Details, Textarea};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::html;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::store::ModelHere;
use super::{actions, drafting, store};
use crate::access::Education;
use crate::ground::LINES;
use crate::{ground, home};

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    /// The model, as `hiec workforce run` takes it.
    model: String,
    /// Where its inputs come from, or why they are others now.
    why: String,
}

/// The longest text taken.
const LONGEST: usize = 200_000;

pub async fn new(door: Loaded<Education>) -> Answer {
    let name = format!("Workforce of {}", door.cluster.short_name);
    let model = drafting::from_placements(&door.database(), door.cluster.id, &name, london_date(door.now())).await?;
    let form = Form { model, why: "Those in training as of today".to_owned() };
    Ok(page(&door.cluster, "Make a workforce model", &form, &Errors::none())?.into())
}

pub async fn begin(door: Loaded<Education>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let Some((model, why)) = read(&mut errors, &form) else {
        return Ok(page(&door.cluster, "Make a workforce model", &form, &errors)?.with_errors(&errors).into());
    };
    let mut unit = door.begin().await?;
    let row = actions::begin(&mut unit, &door.cluster, (&form.model, &model), &why, false).await?;
    unit.commit().await?;
    Ok(Done::made(row.path(&door.cluster)).saying("Kept. Run it to see the years to come.").into())
}

pub async fn change(door: Loaded<ModelHere>) -> Answer {
    let latest = store::versions(&door.database(), door.model.id).await?.into_iter().next();
    let form = Form { model: latest.map(|version| version.model).unwrap_or_default(), why: String::new() };
    Ok(changing(&door, &form, &Errors::none())?.into())
}

fn changing(door: &Loaded<ModelHere>, form: &Form, errors: &Errors) -> Result<Page, Problem> {
    Ok(page(&door.cluster, "Change the inputs", form, errors)?.under(door.path(), door.model.name.clone()))
}

pub async fn keep(door: Loaded<ModelHere>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let Some((model, why)) = read(&mut errors, &form) else {
        return Ok(changing(&door, &form, &errors)?.with_errors(&errors).into());
    };
    let mut unit = door.begin().await?;
    let number = actions::add_version(&mut unit, &door.cluster, &door.model, (&form.model, &model), &why).await?;
    unit.commit().await?;
    Ok(Done::to(door.path()).saying(format!("Version {number} is kept; earlier ones stay.")).into())
}

fn read(errors: &mut Errors, form: &Form) -> Option<(hiec_workforce::Model, String)> {
    let model = match errors.text("model", "the model", &form.model, LONGEST) {
        Some(text) => match actions::understood(&text) {
            Ok(model) => Some(model),
            Err(problems) => {
                for problem in problems {
                    errors.add("model", problem);
                }
                None
            }
        },
        None => None,
    };
    let why = errors.text("why", "where the inputs come from", &form.why, LINES);
    model.zip(why)
}

fn page(cluster: &ClusterSeen, title: &str, form: &Form, errors: &Errors) -> Result<Page, Problem> {
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (cluster.short_name) } (title) }
        p { "Stages of training with their posts and those in them, and specialties with those in post, by age. Add who is in post and what is asked for: placements do not know it." }
        form method="post" novalidate {
            (Textarea::new("model", "The model")
                .rows(24_u16)
                .value(form.model.as_str())
                .hint("As JSON, in the form of the command hiec workforce run")
                .error_message(errors.of("model").unwrap_or_default()))
            (ground::lines_field("why", "Where the inputs come from", &form.why, errors))
            (Button::new("Keep it"))
        }
        (Details::new("What the fields mean", html! {
            ul {
                li { "Stages: years full time; from, the stage whose finishers start here; posts for starters, a number or one a year; attrition, the share that leaves in a year; wte, which stretches the years; in_training by year of training, before the first year’s starters come." }
                li { "Specialties: trained_by; joins_at, the age; in_post, such as {\"from\": 31, \"to\": 40, \"people\": 190}; retirement, the share of those reaching an age who retire, the last 1; leaving; joiners; participation, whole-time equivalent per head; demand, such as {\"name\": \"Population grows\", \"fte\": 520, \"growth\": 0.01}." }
                li { "Any share may be a range: {\"low\": 0.02, \"central\": 0.03, \"high\": 0.06, \"why\": \"the last five years\"}. Ranges give bands." }
            }
        }))
    };
    Ok(home::under(Page::new(title, view).data(form)?, cluster)
        .under(format!("{}/workforce", crate::access::path(cluster)), "Workforce"))
}
