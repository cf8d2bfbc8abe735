//! `/sign-in`: the ways in, and the one by password; the same answer and the same time whether or not the address is known.

use axum::extract::Query;
use hiec_access::limits::Counted;
use hiec_access::{passwords, people, sessions};
use hiec_kernel::people::Actor;
use hiec_kernel::{PersonId, Problem};
use hiec_web::accounts::Everyone;
use hiec_web::components::{Button, Input as TextInput, PasswordInput};
use hiec_web::who::session_cookie;
use hiec_web::{Answer, AppState, Client, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::entering::{self, Method, safe_next, with_cookie};
use crate::oidc;
use crate::passkeys::{self, RelyingParty};
use crate::pieces::error_summary;

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    /// Where to go afterwards: a path on this site.
    #[serde(default)]
    next: String,
}

pub async fn get(door: Loaded<Everyone>, Query(next): Query<Next>) -> Answer {
    Ok(page(&door.app, &Form { next: next.next, ..Form::default() }, &Errors::none()).into())
}

pub async fn post(door: Loaded<Everyone>, client: Client, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let email = errors.text("email", "your e-mail address", &form.email, 254);
    if form.password.is_empty() {
        errors.add("password", "Enter your password");
    }
    let Some(email) = email.filter(|_| errors.is_empty()) else {
        return Ok(page(&door.app, &form, &errors).with_errors(&errors).into());
    };
    client.take(&door.app, Counted::SignIn, "Too many attempts to sign in came from where you are")?;
    let Some(person) = proved(&door, &email, &form.password).await? else {
        errors.add("email", "The address or the password is not right. Check both and try again");
        return Ok(page(&door.app, &form, &errors).with_errors(&errors).into());
    };
    let mut unit = door.app.begin(Actor::Person(person)).await?;
    let begun = entering::begin(&mut unit, &door.app, person, Method::Password, &client).await?;
    unit.commit().await?;
    Ok(begun.going_on(Done::to(safe_next(&form.next))))
}

/// Whose address and password these are. Wrong ones are counted by address, so that nobody tries one account from everywhere.
async fn proved(door: &Loaded<Everyone>, email: &str, password: &str) -> Result<Option<PersonId>, Problem> {
    let (address, limits) = (people::address(email), door.app.limits());
    if let Some(wait) = limits.wait(Counted::WrongPassword, &address, door.now()) {
        return Err(Problem::too_many("Too many attempts for this address", wait));
    }
    let known = people::credentials(&door.database(), &address).await?;
    let hash = known.as_ref().and_then(|(_, hash)| hash.clone());
    if passwords::verify(password.to_owned(), hash).await {
        return Ok(known.map(|(person, _)| person.id));
    }
    limits.note(Counted::WrongPassword, &address, door.now());
    Ok(None)
}

pub async fn sign_out(door: Loaded<Everyone>, request: axum::extract::Request) -> Answer {
    let (parts, _) = request.into_parts();
    if let (Some(token), Ok(actor)) = (hiec_web::who::session_token(&parts, &door.app), door.subject.actor()) {
        let unit = door.app.begin(actor).await?;
        sessions::end(&unit, &token).await?;
        unit.commit().await?;
    }
    Ok(with_cookie(Done::to("/").saying("You are signed out."), &session_cookie(&door.app, "")))
}

fn page(app: &AppState, form: &Form, errors: &Errors) -> Page {
    Page::new("Sign in", view(app, form, errors))
}

fn view(app: &AppState, form: &Form, errors: &Errors) -> Markup {
    html! {
        (error_summary(errors))
        h1 { "Sign in" }
        form method="post" action="/sign-in" novalidate {
            input type="hidden" name="next" value=(form.next);
            (TextInput::new("email", "E-mail address")
                .kind("email")
                .autocomplete("username")
                .spellcheck(false)
                .value(form.email.as_str())
                .error_message(errors.of("email")))
            (PasswordInput::new("password", "Password").error_message(errors.of("password")))
            (Button::new("Sign in"))
        }
        (oidc::door(app, &form.next))
        @if let Some(party) = RelyingParty::of(app.site()) { (passkeys::door(&party, &form.next)) }
        p { a href="/password-reset" { "Forgotten your password, or none yet?" } }
        p { "Accounts are made by invitation. If you think you should have one, ask the programme office." }
    }
}
