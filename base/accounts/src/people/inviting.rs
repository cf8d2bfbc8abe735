//! `/people/invitations/new`: inviting somebody by letter to a role in a place; the account and the role begin when the letter is answered, and not before.

use axum::extract::Query;
use hiec_access::invitations::{self, Invited, Words};
use hiec_access::limits::Counted;
use hiec_access::places::Place;
use hiec_access::{grants, people};
use hiec_kernel::{Problem, Role};
use hiec_web::components::{Button, Input as TextInput};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::html;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::choice::{self, Asked, Choice};
use super::{Appointing, role_words};
use crate::pieces::{email_address, error_summary};

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// `panel_chair`; the roles are listed at `/people/invitations/new`.
    #[serde(default)]
    role: String,
    /// `installation`, or kind and id: `call:0190…`, `region:0190…`.
    #[serde(default)]
    place: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
}

pub async fn get(desk: Loaded<Appointing>, Query(asked): Query<Asked>) -> Answer {
    Ok(page(&desk, &asked, &Form::default(), &Errors::none()).await?.into())
}

pub async fn post(desk: Loaded<Appointing>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let chosen = (form.role.as_str(), form.place.as_str());
    let chosen = choice::resolve(&desk.app, &desk.subject, chosen, false, &mut errors).await?;
    let name = errors.text("name", "the person's name", &form.name, 200);
    let email = email_address(&mut errors, "email", "the person's e-mail address", &form.email);
    if let (Some((role, place)), Some(name), Some(email)) = (chosen, name, email)
        && fits(&desk, role, &place, &email, &mut errors).await?
    {
        may_invite(&desk)?;
        let by = desk.person()?.id;
        let invited = Invited { name, role, scope: place.scope, within: place.within, by, follows: None };
        let site = desk.app.site();
        let words = Words {
            inviter: &desk.person()?.name,
            what: &role_words(role, place.scope, &place.label),
            installation: &site.name,
            link: &|path| site.link(path),
        };
        let mut unit = desk.begin().await?;
        invitations::send(&mut unit, &invited, &email, &words).await?;
        unit.commit().await?;
        let word = format!("A letter to {email} is on its way. The role begins when it is answered.");
        return Ok(Done::made("/people/invitations").saying(word).into());
    }
    let asked = Asked { role: form.role.clone(), find: String::new() };
    Ok(page(&desk, &asked, &form, &errors).await?.with_errors(&errors).into())
}

/// Invitations are counted by who invites: an office asks a whole panel in an afternoon, and no robot writes to the world in its name.
fn may_invite(desk: &Loaded<Appointing>) -> Result<(), Problem> {
    let who = desk.person()?.id.to_string();
    desk.app
        .limits()
        .take(Counted::Invitation, &who, desk.now())
        .map_err(|wait| Problem::too_many("You have sent many invitations in a short time", wait))
}

/// Whether somebody with this address, where there is one, may take the role; the reason why not is among the errors.
async fn fits(
    desk: &Loaded<Appointing>,
    role: Role,
    place: &Place,
    email: &str,
    errors: &mut Errors,
) -> Result<bool, Problem> {
    let database = desk.database();
    let Some(person) = people::by_email(&database, email).await? else {
        if people::is_taken(&database, email).await? {
            errors.add("email", "This person's account is closed. An administrator can open it again");
        }
        return Ok(errors.is_empty());
    };
    if desk.subject.person.as_ref().is_some_and(|asking| asking.id == person.id) {
        errors.add("email", "This is your own address: nobody gives themselves a role");
        return Ok(false);
    }
    let held = grants::of_person(&database, person.id).await?;
    if held.iter().any(|one| one.role == role && one.scope == place.scope) {
        errors.add("email", "Whoever has this address holds this role there already");
    } else if grants::crosses_the_split(&held, role, place.within) {
        let reason = "Whoever has this address would act for a commissioner of education and for a provider in the same matter. \
                      Choose another person, or have their other role ended first";
        errors.add("email", reason);
    }
    Ok(errors.is_empty())
}

async fn page(desk: &Loaded<Appointing>, asked: &Asked, form: &Form, errors: &Errors) -> Result<Page, Problem> {
    let choice = Choice::load(&desk.app, &desk.subject, asked).await?;
    let action = "/people/invitations/new";
    let view = html! {
        (error_summary(errors))
        h1 { "Invite somebody" }
        @match choice.role {
            None => (choice.role_form(action, errors)),
            Some(role) => {
                (choice.chosen_role(action, role))
                form method="post" action="/people/invitations" novalidate {
                    input type="hidden" name="role" value=(role.key());
                    (choice.place_field(&form.place, errors))
                    (TextInput::new("name", "Name of the person").value(form.name.as_str()).error_message(errors.of("name")))
                    (TextInput::new("email", "E-mail address of the person").kind("email").spellcheck(false)
                        .hint("The letter goes there. With an account or without, the role begins when they say yes")
                        .value(form.email.as_str()).error_message(errors.of("email")))
                    (Button::new("Send the invitation"))
                }
            }
        }
    };
    let data = json!({ "choice": choice.offered(), "errors": errors });
    Ok(Page::new("Invite somebody", view).data(&data)?.under("/people/invitations", "Invitations"))
}
