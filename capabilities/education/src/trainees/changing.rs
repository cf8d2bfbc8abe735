//! `/clusters/{cluster}/education/trainees/{trainee}/change`: another share, grade, name or dates of membership, with the reason; refused where a placement would no longer fit.

use hiec_kernel::Problem;
use hiec_kernel::clock::day_on_page;
use hiec_web::components::Button;
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::html;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::actions;
use super::new::share;
use super::store::Trainee;
use crate::access::TraineeHere;
use crate::ground::{self, LINE, LINES};
use crate::home;
use crate::placements::store::{self as placements, Placement};
use crate::words::Wte;

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    name: String,
    grade: String,
    /// `1`, `0.6`.
    wte: String,
    starts_on: String,
    ends_on: String,
    reason: String,
}

pub async fn get(here: Loaded<TraineeHere>) -> Answer {
    let trainee = &here.trainee;
    let form = Form {
        name: trainee.name.clone(),
        grade: trainee.grade.clone(),
        wte: trainee.wte.to_string(),
        starts_on: trainee.starts_on.to_string(),
        ends_on: trainee.ends_on.to_string(),
        reason: String::new(),
    };
    Ok(page(&here, &form, &Errors::none())?.into())
}

fn page(here: &Loaded<TraineeHere>, form: &Form, errors: &Errors) -> Result<Page, Problem> {
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (here.trainee.number) } "Change " (here.trainee.name) }
        form method="post" novalidate {
            (ground::line_field("name", "Name", &form.name, errors))
            (ground::line_field("grade", "Grade", &form.grade, errors))
            (ground::line_field("wte", "Share of whole-time", &form.wte, errors).hint("From now on; placements keep the share they were planned with").width(4_u8))
            (ground::day_field("starts_on", "First day", &form.starts_on, errors))
            (ground::day_field("ends_on", "Last day, as it would be at whole-time", &form.ends_on, errors))
            (ground::lines_field("reason", "Why it is changed", &form.reason, errors))
            (Button::new("Save the change"))
        }
    };
    Ok(home::under(Page::new("Change a trainee", view).data(form)?, &here.cluster)
        .under(here.trainee.path(&here.cluster), here.trainee.name.clone()))
}

/// What of the placements that are not over would no longer fit.
pub(super) fn misfits(
    changed: &Trainee,
    placed: &[Placement],
    today: chrono::NaiveDate,
) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let standing = placed.iter().filter(|one| !one.is_cancelled());
    if let Some(first) = standing.clone().find(|one| one.starts_on < changed.starts_on) {
        let day = day_on_page(first.starts_on);
        let words = format!("A placement begins on {day}. Enter a first day up to that, or cancel it first");
        found.push(("starts_on", words));
    }
    let ahead = standing.filter(|one| one.ends_on >= today && one.kind.is_in_post());
    if let Some(more) = ahead.clone().find(|one| one.wte > changed.wte) {
        let words = format!(
            "The placement from {} is planned at {}, more than this. Change that placement first",
            day_on_page(more.starts_on),
            more.wte
        );
        found.push(("wte", words));
    }
    found
}

pub async fn post(here: Loaded<TraineeHere>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let name = errors.text("name", "their name", &form.name, LINE);
    let grade = errors.text("grade", "their grade", &form.grade, LINE);
    let wte = share(&mut errors, "wte", &form.wte, Wte::FULL);
    let starts_on = ground::day(&mut errors, "starts_on", "the first day", &form.starts_on);
    let ends_on = ground::day(&mut errors, "ends_on", "the last day", &form.ends_on);
    if starts_on.zip(ends_on).is_some_and(|(starts_on, ends_on)| ends_on < starts_on) {
        errors.add("ends_on", "Enter a last day on or after the first");
    }
    let reason = errors.text("reason", "why it is changed", &form.reason, LINES);
    if let (Some(name), Some(grade), Some(wte), Some(starts_on), Some(ends_on), Some(reason)) =
        (name, grade, wte, starts_on, ends_on, reason)
    {
        let changed = Trainee { name, grade, wte, starts_on, ends_on, ..here.trainee.clone() };
        let mut unit = here.begin().await?;
        let placed = placements::of_trainee(&unit, changed.id).await?;
        for (field, words) in misfits(&changed, &placed, hiec_kernel::clock::london_date(unit.now())) {
            errors.add(field, words);
        }
        if errors.is_empty() {
            actions::change(&mut unit, &changed, reason).await?;
            unit.commit().await?;
            return Ok(Done::to(changed.path(&here.cluster)).saying("The change was saved.").into());
        }
    }
    Ok(page(&here, &form, &errors)?.with_errors(&errors).into())
}
