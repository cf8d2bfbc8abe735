//! `/clusters/{cluster}/education/trainees/{trainee}/change`: another share, grade, name or dates of membership, with the reason; refused where a placement would no longer fit.

use chrono::NaiveDate;
use hiec_kernel::Problem;
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_store::Reads;
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
use crate::placements::rules;
use crate::placements::store::{self as placements, Placement};
use crate::posts::store as posts;
use crate::programmes::store as programmes;
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

/// Why nobody can join a programme on a day; nothing where they can.
pub(super) fn too_early(programme_begins: NaiveDate, starts_on: NaiveDate) -> Option<String> {
    (starts_on < programme_begins)
        .then(|| format!("The programme begins on {}. Enter a first day from then on", day_on_page(programme_begins)))
}

/// What would no longer fit: the programme's own days, and placements that are not over and fitted before.
pub(super) async fn misfits(
    reads: &impl Reads,
    before: &Trainee,
    changed: &Trainee,
    today: NaiveDate,
) -> Result<Vec<(&'static str, String)>, Problem> {
    let mut found = Vec::new();
    if changed.starts_on != before.starts_on
        && let Some(programme) = programmes::by_id(reads, changed.programme).await?
        && let Some(words) = too_early(programme.starts_on, changed.starts_on)
    {
        found.push(("starts_on", words));
    }
    let mut placed = placements::of_trainee(reads, changed.id).await?;
    placed.retain(|one| !one.is_cancelled());
    if let Some(first) = placed.iter().find(|one| one.starts_on < changed.starts_on) {
        let day = day_on_page(first.starts_on);
        let words = format!("A placement begins on {day}. Enter a first day up to that, or cancel it first");
        found.push(("starts_on", words));
    }
    let end = |trainee: &Trainee| rules::reckon(trainee, &placed).expected_end.max(trainee.ends_on);
    let (end_before, end_then) = (end(before), end(changed));
    let is_cut = |one: &&Placement| one.ends_on > end_then && one.ends_on <= end_before;
    if let Some(longer) = placed.iter().find(is_cut) {
        let words = format!(
            "A placement runs to {}, and they would finish on {}. Shorten or cancel that placement first",
            day_on_page(longer.ends_on),
            day_on_page(end_then)
        );
        found.push(("ends_on", words));
    }
    for one in placed.iter().filter(|one| one.ends_on >= today && one.kind.is_in_post()) {
        let day = day_on_page(one.starts_on);
        if one.wte > changed.wte && !found.iter().any(|(field, _)| *field == "wte") {
            let words = format!(
                "The placement from {day} is planned at {}, more than this. Change that placement first",
                one.wte
            );
            found.push(("wte", words));
        }
        let Some(post) = one.post else { continue };
        let Some(post) = posts::by_id(reads, post).await? else { continue };
        let fits = |trainee: &Trainee| post.grade.eq_ignore_ascii_case(&trainee.grade);
        if fits(before) && !fits(changed) && !found.iter().any(|(field, _)| *field == "grade") {
            let words = format!(
                "The placement from {day} is in the post {}, of the grade {}. End or move that placement first",
                post.number, post.grade
            );
            found.push(("grade", words));
        }
    }
    Ok(found)
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
        for (field, words) in misfits(&unit, &here.trainee, &changed, london_date(unit.now())).await? {
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
