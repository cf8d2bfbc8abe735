//! `/password-reset`: a new password by a letter to one's address; the same answer whether or not the address is known, and the secret in the letter is stored nowhere.

use chrono::Duration;
use hiec_access::limits::Counted;
use hiec_access::links::{self, Link, Purpose};
use hiec_access::policy::Target;
use hiec_access::{passwords, people, sessions};
use hiec_kernel::people::{Actor, Person};
use hiec_kernel::{Problem, ProblemKind};
use hiec_store::{AuditEvent, Mail, Stream, mail};
use hiec_web::accounts::Everyone;
use hiec_web::components::{Button, Input as TextInput};
use hiec_web::{Answer, AppState, Client, Done, Errors, Input, Loaded, Loading, Page, Resource};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::entering::{self, Method};
use crate::pieces::{email_address, error_summary, new_password};

/// Letters one person gets within an hour; more are not sent, and nobody is told.
const MOST_LETTERS: i64 = 3;

/// A letter with a link was sent. Whoever asked for it is not known.
#[derive(Serialize)]
struct ResetAsked {}

impl AuditEvent for ResetAsked {
    const KIND: &'static str = "person.password_reset_asked";
}

/// A password was chosen by the link of a letter.
#[derive(Serialize)]
struct PasswordReset {}

impl AuditEvent for PasswordReset {
    const KIND: &'static str = "person.password_reset";
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Asking {
    #[serde(default)]
    email: String,
}

pub async fn get(_door: Loaded<Everyone>) -> Answer {
    Ok(asking(&Asking::default(), &Errors::none()).into())
}

pub async fn post(door: Loaded<Everyone>, client: Client, Input(form): Input<Asking>) -> Answer {
    let mut errors = Errors::none();
    let Some(email) = email_address(&mut errors, "email", "your e-mail address", &form.email) else {
        return Ok(asking(&form, &errors).with_errors(&errors).into());
    };
    client.take(&door.app, Counted::Letter, "Too many letters were asked for from where you are")?;
    ask(&door.app, &email).await?;
    Ok(Done::to("/password-reset/sent").into())
}

/// Sends the letter where the address is known and not too many went there. Otherwise a secret is stored that nobody has, so
/// that the time taken tells nothing.
async fn ask(app: &AppState, email: &str) -> Result<(), Problem> {
    let mut unit = app.begin(Actor::System("password reset".into())).await?;
    let since = unit.now() - Duration::hours(1);
    let person = match people::by_email(&unit, email).await? {
        Some(person) => {
            let sent = links::made_since(&unit, Purpose::PasswordReset, person.id, since).await?;
            Some(person).filter(|_| sent < MOST_LETTERS)
        }
        None => None,
    };
    let Some(person) = person else {
        links::make(&unit, Purpose::PasswordReset, None, "", json!({})).await?;
        unit.commit().await?;
        return Ok(());
    };
    links::void(&unit, Purpose::PasswordReset, person.id).await?;
    let secret = links::make(&unit, Purpose::PasswordReset, Some(person.id), &person.email, json!({})).await?;
    unit.mail(letter(app, &person, &secret)).await?;
    unit.audit(Stream::installation(), format!("person:{}", person.id), &ResetAsked {})?;
    unit.commit().await?;
    Ok(())
}

fn letter(app: &AppState, person: &Person, secret: &str) -> Mail {
    let link = app.site().link(&format!("/password-reset/{secret}"));
    Mail {
        to: person.email.clone(),
        person: Some(person.id),
        subject: "Choose a new password".into(),
        body: format!(
            "Somebody, we hope it was you, asked for a new password for your account ({}).\n\n\
             Open this link within an hour to choose one. It can be used once, and links sent before no longer work:\n\n\
             {link}\n\n\
             If it was not you, you need do nothing: nobody has come in, and your password stays as it is.\n",
            app.site().name,
        ),
        about: Some(mail::A_SECRET.into()),
    }
}

fn asking(form: &Asking, errors: &Errors) -> Page {
    let view = html! {
        (error_summary(errors))
        h1 { "Choose a new password" }
        p { "We send a link to your e-mail address. With it you choose a password, also if you never had one." }
        form method="post" action="/password-reset" novalidate {
            (TextInput::new("email", "E-mail address")
                .kind("email")
                .autocomplete("username")
                .spellcheck(false)
                .value(form.email.as_str())
                .error_message(errors.of("email")))
            (Button::new("Send the link"))
        }
        p { a href="/sign-in" { "Back to signing in" } }
    };
    Page::new("Choose a new password", view)
}

pub async fn sent(_door: Loaded<Everyone>) -> Answer {
    let view = html! {
        h1 { "Look at your mail" }
        p { "If there is an account for the address you gave, a letter with a link is on its way. The link works for an hour." }
        p {
            "Nothing there after a few minutes? Look among unwanted mail, check the address, or ask the programme office: \
             your account may have another address."
        }
        p { a href="/password-reset" { "Ask again" } }
    };
    let data = json!({ "sent": "If there is an account for the address, a letter with a link is on its way." });
    Ok(Page::new("Look at your mail", view).data(&data)?.into())
}

/// What the link of a letter leads to.
pub struct Reset {
    secret: String,
    link: Link,
}

impl Resource for Reset {
    const KIND: &'static str = "welcome";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(secret) = loading.text("secret") else {
            return Ok(None);
        };
        let link = links::find(&loading.database, Purpose::PasswordReset, secret).await?;
        Ok(link.map(|link| (Self { secret: secret.to_owned(), link }, Target::new("welcome", Uuid::nil()))))
    }
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Choosing {
    #[serde(default)]
    password: String,
}

pub async fn choose(reset: Loaded<Reset>) -> Answer {
    Ok(choosing(&reset, &Errors::none())?.into())
}

pub async fn chosen(reset: Loaded<Reset>, client: Client, Input(form): Input<Choosing>) -> Answer {
    let Some(person) = reset.link.person.filter(|_| reset.link.is_open(reset.now())) else {
        return Err(over().into());
    };
    let mut errors = Errors::none();
    let Some(hash) = errors.take("password", passwords::hash(form.password).await) else {
        return Ok(choosing(&reset, &errors)?.with_errors(&errors).into());
    };
    let mut unit = reset.app.begin(Actor::Person(person)).await?;
    // Read again inside the unit: it may have been closed, or the link used, meanwhile.
    let is_open = people::open_by_id(&unit, person).await?.is_some();
    if !is_open || links::use_up(&unit, Purpose::PasswordReset, &reset.secret).await?.is_none() {
        return Err(over().into());
    }
    people::set_password(&unit, person, hash).await?;
    links::void(&unit, Purpose::PasswordReset, person).await?;
    sessions::end_all(&unit, person).await?;
    unit.audit(Stream::installation(), format!("person:{person}"), &PasswordReset {})?;
    let begun = entering::begin(&mut unit, &reset.app, person, Method::Link, &client).await?;
    unit.commit().await?;
    let word = "Your password is set and you are signed in. All other browsers are signed out.";
    Ok(begun.going_on(Done::to("/account").saying(word)))
}

fn over() -> Problem {
    Problem::new(
        ProblemKind::Conflict,
        "This link no longer works",
        "It was used, a newer one was sent, or its hour is over. Ask for a new one from the sign-in page.",
    )
}

fn choosing(reset: &Loaded<Reset>, errors: &Errors) -> Result<Page, Problem> {
    let is_open = reset.link.person.is_some() && reset.link.is_open(reset.now());
    let view = if is_open { form(reset, errors) } else { too_late() };
    Page::new("Choose a new password", view).data(&json!({ "is_open": is_open, "errors": errors }))
}

fn form(reset: &Loaded<Reset>, errors: &Errors) -> Markup {
    html! {
        (error_summary(errors))
        h1 { "Choose a new password" }
        form method="post" action={ "/password-reset/" (reset.secret) } novalidate {
            // For the browser's password store, which keeps the two together.
            input type="hidden" name="username" autocomplete="username" value=(reset.link.email);
            (new_password("password", "New password", errors))
            (Button::new("Set the password and sign in"))
        }
    }
}

fn too_late() -> Markup {
    html! {
        h1 { "This link no longer works" }
        p { "It was used, a newer one was sent, or its hour is over." }
        p { a href="/password-reset" { "Ask for a new link" } }
    }
}
