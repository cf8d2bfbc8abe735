//! `/clusters/{cluster}/education/programmes/{programme}/change`: another name, length or last day, and the owner of a curriculum nobody owned; refused where trainees or outcomes would no longer fit. It never takes a curriculum from its owner.

use chrono::NaiveDate;
use hiec_kernel::clock::day_on_page;
use hiec_kernel::{OrganisationId, Problem};
use hiec_store::{AuditEvent, Reads, Unit};
use hiec_web::components::Button;
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::html;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::actions::subject;
use super::curriculum;
use super::new::{may_own, organisation_named};
use super::page::below;
use super::store::{self, Programme};
use crate::access::ProgrammeHere;
use crate::ground::{self, LINE, LINES};
use crate::trainees::store as trainees;

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    name: String,
    months: String,
    /// As `2014-08-05`; empty while it goes on.
    ends_on: String,
    /// The whole name or the NHS code of the body; read only while nobody owns the curriculum.
    owner: String,
    reason: String,
}

/// A programme is called otherwise, is longer or shorter, ends, or its curriculum has an owner now.
#[derive(Serialize)]
struct ProgrammeChanged<'a> {
    name: &'a str,
    months: i64,
    ends_on: Option<NaiveDate>,
    curriculum_owner: Option<OrganisationId>,
    reason: &'a str,
}

impl AuditEvent for ProgrammeChanged<'_> {
    const KIND: &'static str = "education.programme.changed";

    fn reason(&self) -> Option<&str> {
        Some(self.reason)
    }
}

async fn change(unit: &mut Unit, programme: &Programme, reason: &str) -> Result<(), Problem> {
    store::save(unit, programme).await?;
    let event = ProgrammeChanged {
        name: &programme.name,
        months: programme.months,
        ends_on: programme.ends_on,
        curriculum_owner: programme.curriculum_owner,
        reason,
    };
    unit.audit(ground::stream(programme.cluster), subject(programme.id), &event)?;
    Ok(())
}

pub async fn get(here: Loaded<ProgrammeHere>) -> Answer {
    let programme = &here.programme;
    let form = Form {
        name: programme.name.clone(),
        months: programme.months.to_string(),
        ends_on: programme.ends_on.map(|day| day.to_string()).unwrap_or_default(),
        ..Form::default()
    };
    Ok(page(&here, &form, &Errors::none())?.into())
}

fn page(here: &Loaded<ProgrammeHere>, form: &Form, errors: &Errors) -> Result<Page, Problem> {
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (here.programme.name) } "Change the programme" }
        form method="post" novalidate {
            (ground::line_field("name", "Name", &form.name, errors))
            (ground::line_field("months", "Whole-time months", &form.months, errors).width(3_u8))
            (ground::day_field("ends_on", "Last day (optional)", &form.ends_on, errors))
            @match &here.owner {
                None => (ground::line_field("owner", "Who owns the curriculum (optional)", &form.owner, errors).hint("The whole name of a college or university in the register, or its NHS code. From then on it alone changes the curriculum")),
                Some(owner) => p { "The curriculum is " (owner.name) "’s, and stays so." },
            }
            (ground::lines_field("reason", "Why it is changed", &form.reason, errors))
            (Button::new("Save the change"))
        }
    };
    Ok(below(Page::new("Change the programme", view).data(form)?, here))
}

/// What would no longer fit a programme said so.
async fn misfits(reads: &impl Reads, errors: &mut Errors, changed: &Programme) -> Result<(), Problem> {
    let years = (changed.months + 11) / 12;
    let outcomes = curriculum::of_programme(reads, changed.id).await?;
    if let Some(late) = outcomes.iter().find(|outcome| outcome.year > years) {
        let words =
            format!("Outcome {} is learnt in year {}, and the programme would have {years}", late.code, late.year);
        errors.add("months", format!("{words}. Move or take out the outcome first"));
    }
    let Some(last) = changed.ends_on else { return Ok(()) };
    let theirs = trainees::of_cluster(reads, changed.cluster).await?;
    let beyond = theirs.iter().filter(|one| one.programme == changed.id && one.ends_on > last).count();
    if last < changed.starts_on {
        errors.add("ends_on", format!("It began on {}. Enter a last day from then on", day_on_page(changed.starts_on)));
    } else if beyond > 0 {
        let words = format!("{beyond} of its trainees are there after that day");
        errors.add("ends_on", format!("{words}. Change their last days first, or enter a later one"));
    }
    Ok(())
}

pub async fn post(here: Loaded<ProgrammeHere>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let name = errors.text("name", "the name of the programme", &form.name, LINE);
    let months = super::new::months(&mut errors, &form.months);
    let ends_on = match form.ends_on.trim() {
        "" => None,
        typed => ground::day(&mut errors, "ends_on", "the last day", typed),
    };
    let owner = match (here.programme.curriculum_owner, form.owner.trim()) {
        (Some(owner), _) => Some(owner),
        (None, "") => None,
        (None, typed) => organisation_named(&here.database(), &mut errors, "owner", typed)
            .await?
            .filter(|found| may_own(&mut errors, found))
            .map(|found| found.id),
    };
    let reason = errors.text("reason", "why it is changed", &form.reason, LINES);
    if let (true, Some(name), Some(months), Some(reason)) = (errors.is_empty(), name, months, reason) {
        let changed = Programme { name, months, ends_on, curriculum_owner: owner, ..here.programme.clone() };
        let mut unit = here.begin().await?;
        misfits(&unit, &mut errors, &changed).await?;
        if errors.is_empty() {
            change(&mut unit, &changed, &reason).await?;
            unit.commit().await?;
            return Ok(Done::to(here.path()).saying("The change was saved.").into());
        }
    }
    Ok(page(&here, &form, &errors)?.with_errors(&errors).into())
}
