//! `/clusters/{cluster}/education/programmes/new`: a programme begins, with the body that owns its curriculum.

use hiec_kernel::Problem;
use hiec_kernel::organisations::{Function, Organisation};
use hiec_store::{Reads, organisations};
use hiec_web::components::Button;
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::html;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::actions::{self, NewProgramme};
use crate::access::Education;
use crate::ground::{self, LINE};
use crate::home;
use crate::words::{Level, Profession};

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    name: String,
    /// `medical`, `nursing`, …
    profession: String,
    /// `undergraduate` or `postgraduate`.
    level: String,
    specialty: String,
    /// The whole name or the NHS code of the body in the register; empty where nobody owns the curriculum.
    owner: String,
    months: String,
    /// As `2010-08-04`.
    starts_on: String,
}

pub async fn get(door: Loaded<Education>) -> Answer {
    Ok(page(&door, &Form::default(), &Errors::none())?.into())
}

fn page(door: &Loaded<Education>, form: &Form, errors: &Errors) -> Result<Page, Problem> {
    let professions = Profession::ALL.iter().map(|one| (one.key().to_owned(), one.label().to_owned()));
    let levels = Level::ALL.iter().map(|one| (one.key().to_owned(), one.label().to_owned()));
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (door.cluster.short_name) } "Begin a programme" }
        form method="post" novalidate {
            (ground::line_field("name", "Name", &form.name, errors))
            (ground::choice("profession", "Profession", professions, &form.profession, errors))
            (ground::choice("level", "Level", levels, &form.level, errors))
            (ground::line_field("specialty", "Specialty", &form.specialty, errors).hint("As posts name theirs, such as Cardiology"))
            (ground::line_field("owner", "Who owns the curriculum (optional)", &form.owner, errors).hint("The whole name of a college or university in the register, or its NHS code"))
            (ground::line_field("months", "Whole-time months", &form.months, errors).width(3_u8))
            (ground::day_field("starts_on", "First day", &form.starts_on, errors))
            (Button::new("Begin the programme"))
        }
    };
    Ok(home::under(Page::new("Begin a programme", view).data(form)?, &door.cluster)
        .under(format!("{}/programmes", door.path()), "Programmes"))
}

/// The organisation somebody means by its whole name or its NHS code; the error says what to do where it is not there.
pub(crate) async fn organisation_named(
    reads: &impl Reads,
    errors: &mut Errors,
    field: &str,
    typed: &str,
) -> Result<Option<Organisation>, Problem> {
    let typed = typed.trim();
    let found = match organisations::by_ods_code(reads, typed).await? {
        Some(one) => Some(one),
        None => {
            organisations::search(reads, typed, 20).await?.into_iter().find(|one| one.name.eq_ignore_ascii_case(typed))
        }
    };
    if found.is_none() {
        errors.add(field, format!("“{typed}” is not in the register of organisations. Write its whole name or its NHS code, or have it registered"));
    }
    Ok(found)
}

/// How long a programme takes at whole-time.
pub(super) fn months(errors: &mut Errors, typed: &str) -> Option<i64> {
    let months = typed.trim().parse::<i64>().ok().filter(|months| (1..=240).contains(months));
    if months.is_none() {
        errors.add("months", "Enter how many whole-time months the programme takes, from 1 to 240");
    }
    months
}

/// Colleges, regulators and universities own curricula; whoever provides care or commissions does not.
pub(super) fn may_own(errors: &mut Errors, body: &Organisation) -> bool {
    let owns = [Function::SetsStandards, Function::Regulates, Function::ProvidesEducation];
    let is_owner = owns.iter().any(|function| body.functions.contains(function)) && !body.commissions_education();
    if !is_owner {
        let words = "does not set curricula. Name the college, the regulator or the university that does";
        errors.add("owner", format!("{} {words}", body.name));
    }
    is_owner
}

/// Somebody is taught there: care or education is provided.
pub(crate) fn may_host(body: &Organisation) -> bool {
    [Function::ProvidesCare, Function::ProvidesEducation].iter().any(|function| body.functions.contains(function))
}

pub async fn post(door: Loaded<Education>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let name = errors.text("name", "the name of the programme", &form.name, LINE);
    let profession = ground::one_of(&mut errors, "profession", "a profession", Profession::from_key(&form.profession));
    let level = ground::one_of(&mut errors, "level", "a level", Level::from_key(&form.level));
    let specialty = errors.text("specialty", "the specialty", &form.specialty, LINE);
    let owner = match form.owner.trim() {
        "" => None,
        typed => organisation_named(&door.database(), &mut errors, "owner", typed)
            .await?
            .filter(|found| may_own(&mut errors, found)),
    };
    let months = months(&mut errors, &form.months);
    let starts_on = ground::day(&mut errors, "starts_on", "the first day", &form.starts_on);
    let (true, Some(name), Some(profession), Some(level), Some(specialty), Some(months), Some(starts_on)) =
        (errors.is_empty(), name, profession, level, specialty, months, starts_on)
    else {
        return Ok(page(&door, &form, &errors)?.with_errors(&errors).into());
    };
    let new = NewProgramme {
        name,
        profession,
        level,
        specialty,
        curriculum_owner: owner.map(|owner| owner.id),
        months,
        starts_on,
        ends_on: None,
        is_illustrative: false,
    };
    let mut unit = door.begin().await?;
    let programme = actions::start(&mut unit, door.cluster.id, new).await?;
    unit.commit().await?;
    Ok(Done::made(programme.path(&door.cluster)).saying("The programme began.").into())
}
