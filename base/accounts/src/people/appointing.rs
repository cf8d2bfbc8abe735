//! `/people/{person}/roles`: giving somebody a role in a place; the split between commissioner and bidder is refused in words, with what was chosen still on the page.

use axum::extract::Query;
use hiec_access::grants;
use hiec_access::places::Place;
use hiec_kernel::{Problem, ProblemKind, Role};
use hiec_store::Mail;
use hiec_web::components::Button;
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::html;
use schemars::JsonSchema;
use serde::Deserialize;

use super::choice::{self, Asked, Choice};
use super::{Somebody, role_words};
use crate::pieces::error_summary;

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// `panel_chair`; the roles are listed at `/people/{person}/roles/new`.
    #[serde(default)]
    role: String,
    /// `installation`, or kind and id: `call:0190…`, `region:0190…`.
    #[serde(default)]
    place: String,
}

pub async fn get(somebody: Loaded<Somebody>, Query(asked): Query<Asked>) -> Answer {
    Ok(page(&somebody, &asked, "", &Errors::none()).await?.into())
}

pub async fn post(somebody: Loaded<Somebody>, Input(form): Input<Form>) -> Answer {
    let person = &somebody.person;
    if somebody.is_closed {
        return Err(Problem::conflict("This account is closed", "Open it again first, then give the role.").into());
    }
    let mut errors = Errors::none();
    let is_own = somebody.subject.person.as_ref().is_some_and(|asking| asking.id == person.id);
    let chosen = (form.role.as_str(), form.place.as_str());
    let chosen = choice::resolve(&somebody.app, &somebody.subject, chosen, is_own, &mut errors).await?;
    if let Some((role, place)) = chosen
        && give(&somebody, role, &place, &mut errors).await?
    {
        let word = format!("{} is now: {}.", person.name, role_words(role, place.scope, &place.label));
        return Ok(Done::made(somebody.path()).saying(word).into());
    }
    let asked = Asked { role: form.role, find: String::new() };
    Ok(page(&somebody, &asked, &form.place, &errors).await?.with_errors(&errors).into())
}

/// False where a rule refuses it; the reason is among the errors then.
async fn give(somebody: &Loaded<Somebody>, role: Role, place: &Place, errors: &mut Errors) -> Result<bool, Problem> {
    let person = &somebody.person;
    let mut unit = somebody.begin().await?;
    let held = grants::of_person(&unit, person.id).await?;
    if held.iter().any(|one| one.role == role && one.scope == place.scope) {
        errors.add("place", format!("{} holds this role there already", person.name));
        return Ok(false);
    }
    match grants::give(&mut unit, person.id, role, place.scope, place.within).await {
        Ok(()) => {}
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            errors.add("place", format!("{}. {}", problem.title, problem.next));
            return Ok(false);
        }
        Err(problem) => return Err(problem),
    }
    let words = role_words(role, place.scope, &place.label);
    unit.mail(Mail {
        to: person.email.clone(),
        person: Some(person.id),
        subject: "You have a new role".into(),
        body: format!(
            "{} gave you a role: {words}.\n\nSign in to see what it opens: {}\n\n\
             If you think this is a mistake, answer to whoever gave it.\n",
            somebody.person()?.name,
            somebody.app.site().link("/account"),
        ),
        about: None,
    })
    .await?;
    unit.commit().await?;
    Ok(true)
}

async fn page(somebody: &Loaded<Somebody>, asked: &Asked, place: &str, errors: &Errors) -> Result<Page, Problem> {
    let choice = Choice::load(&somebody.app, &somebody.subject, asked).await?;
    let action = format!("{}/roles/new", somebody.path());
    let view = html! {
        (error_summary(errors))
        h1 { span.nhsuk-caption-xl { (somebody.person.name) } "Give a role" }
        @match choice.role {
            None => (choice.role_form(&action, errors)),
            Some(role) => {
                (choice.chosen_role(&action, role))
                form method="post" action={ (somebody.path()) "/roles" } novalidate {
                    input type="hidden" name="role" value=(role.key());
                    (choice.place_field(place, errors))
                    (Button::new("Give the role"))
                }
            }
        }
    };
    let data = serde_json::json!({ "choice": choice.offered(), "errors": errors });
    let page = Page::new("Give a role", view).data(&data)?;
    Ok(page.under("/people", "People").under(somebody.path(), somebody.person.name.clone()))
}
