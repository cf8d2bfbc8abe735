//! `/clusters/{cluster}/education/trainees/new`: somebody joins a programme.

use hiec_access::people;
use hiec_kernel::{Problem, ProblemKind};
use hiec_web::components::Button;
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::html;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::actions::{self, NewTrainee};
use super::changing::too_early;
use crate::access::Education;
use crate::ground::{self, LINE};
use crate::home;
use crate::programmes::store::{self as programmes, Programme};
use crate::words::Wte;

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    /// The key of a programme.
    programme: String,
    number: String,
    name: String,
    /// The address of their account, where they have one.
    email: String,
    grade: String,
    /// `1`, `0.6`.
    wte: String,
    starts_on: String,
    ends_on: String,
}

pub async fn get(door: Loaded<Education>) -> Answer {
    let programmes = programmes::of_cluster(&door.database(), door.cluster.id).await?;
    let form = Form { wte: "1".into(), ..Form::default() };
    Ok(page(&door, &programmes, &form, &Errors::none())?.into())
}

fn page(door: &Loaded<Education>, programmes: &[Programme], form: &Form, errors: &Errors) -> Result<Page, Problem> {
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (door.cluster.short_name) } "Enrol a trainee" }
        @if programmes.is_empty() {
            p { "There is no programme yet. " a href={ (door.path()) "/programmes/new" } { "Begin one first" } "." }
        } @else {
            form method="post" novalidate {
                (ground::choice("programme", "Programme", programmes.iter().map(|one| (one.key.clone(), one.name.clone())), &form.programme, errors))
                (ground::line_field("number", "Number", &form.number, errors).hint("Letters, figures and hyphens; it stands in addresses").width(20_u8))
                (ground::line_field("name", "Name", &form.name, errors))
                (ground::line_field("email", "E-mail address of their account (optional)", &form.email, errors).hint("With it they see their own record"))
                (ground::line_field("grade", "Grade", &form.grade, errors).hint("As posts name theirs, such as ST3 to ST7"))
                (ground::line_field("wte", "Share of whole-time", &form.wte, errors).hint("1 is whole-time, 0.6 three days of five").width(4_u8))
                (ground::day_field("starts_on", "First day", &form.starts_on, errors))
                (ground::day_field("ends_on", "Last day, as it would be at whole-time", &form.ends_on, errors))
                (Button::new("Enrol the trainee"))
            }
        }
    };
    Ok(home::under(Page::new("Enrol a trainee", view).data(form)?, &door.cluster)
        .under(format!("{}/trainees", door.path()), "Trainees"))
}

/// Whether a text can stand in an address: letters, figures, hyphens, and not what is an address already.
pub(crate) fn is_number(text: &str) -> bool {
    text.len() <= 40
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && !["new", "imports"].iter().any(|taken| text.eq_ignore_ascii_case(taken))
}

/// What may stand in an address: letters, figures, hyphens.
pub(crate) fn number(errors: &mut Errors, field: &str, what: &str, typed: &str) -> Option<String> {
    let number = errors.text(field, what, typed, 40)?;
    if !is_number(&number) {
        errors.add(field, format!("Write {what} with letters, figures and hyphens alone"));
        return None;
    }
    Some(number)
}

/// A share of whole-time, up to all of it.
pub(crate) fn share(errors: &mut Errors, field: &str, typed: &str, most: Wte) -> Option<Wte> {
    let read = Wte::read(typed).filter(|wte| (Wte::NONE..=most).contains(wte) && *wte != Wte::NONE);
    if read.is_none() {
        errors.add(field, format!("Enter the share of whole-time as a number above 0 and up to {most}, such as 0.6"));
    }
    read
}

pub async fn post(door: Loaded<Education>, Input(form): Input<Form>) -> Answer {
    let database = door.database();
    let programmes = programmes::of_cluster(&database, door.cluster.id).await?;
    let mut errors = Errors::none();
    let chosen = programmes.iter().find(|one| one.key == form.programme).map(|one| one.id);
    let programme = ground::one_of(&mut errors, "programme", "a programme", chosen);
    let number = number(&mut errors, "number", "the number", &form.number);
    let name = errors.text("name", "their name", &form.name, LINE);
    let person = match form.email.trim() {
        "" => None,
        typed => {
            let found = people::by_email(&database, typed).await?;
            if found.is_none() {
                errors.add(
                    "email",
                    "Nobody has an account under this address. Leave it empty, or have them invited first",
                );
            }
            found.map(|person| person.id)
        }
    };
    let grade = errors.text("grade", "their grade", &form.grade, LINE);
    let wte = share(&mut errors, "wte", &form.wte, Wte::FULL);
    let starts_on = ground::day(&mut errors, "starts_on", "the first day", &form.starts_on);
    let ends_on = ground::day(&mut errors, "ends_on", "the last day", &form.ends_on);
    if starts_on.zip(ends_on).is_some_and(|(starts_on, ends_on)| ends_on < starts_on) {
        errors.add("ends_on", "Enter a last day on or after the first");
    }
    let begins = programmes.iter().find(|one| Some(one.id) == programme).map(|one| one.starts_on);
    if let Some(words) = begins.zip(starts_on).and_then(|(begins, starts_on)| too_early(begins, starts_on)) {
        errors.add("starts_on", words);
    }
    if let (true, Some(programme), Some(number), Some(name), Some(grade), Some(wte), Some(starts_on), Some(ends_on)) =
        (errors.is_empty(), programme, number, name, grade, wte, starts_on, ends_on)
    {
        let new =
            NewTrainee { programme, person, number, name, grade, wte, starts_on, ends_on, is_illustrative: false };
        let mut unit = door.begin().await?;
        match actions::enrol(&mut unit, door.cluster.id, new).await {
            Ok(trainee) => {
                unit.commit().await?;
                return Ok(Done::made(trainee.path(&door.cluster)).saying("The trainee was enrolled.").into());
            }
            Err(problem) if problem.kind == ProblemKind::Conflict => {
                errors.add("number", format!("{}. {}", problem.title, problem.next));
            }
            Err(problem) => return Err(problem.into()),
        }
    }
    Ok(page(&door, &programmes, &form, &errors)?.with_errors(&errors).into())
}
