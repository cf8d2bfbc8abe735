//! Setting or changing one's password: the present one is asked for where there is one, and every other browser is signed out.

use hiec_access::limits::Counted;
use hiec_access::links::{self, Purpose};
use hiec_access::{passwords, people, sessions};
use hiec_kernel::Problem;
use hiec_store::{AuditEvent, Stream};
use hiec_web::accounts::OwnAccount;
use hiec_web::components::{Button, PasswordInput};
use hiec_web::{Answer, Client, Done, Errors, Input, Loaded};
use http::HeaderMap;
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ways;
use crate::entering::{self, Method};
use crate::notice::tell;
use crate::pieces::new_password;

/// A password was changed; the password is nowhere in the entry.
#[derive(Serialize)]
struct PasswordChanged {}

impl AuditEvent for PasswordChanged {
    const KIND: &'static str = "person.password_changed";
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// The present password, where there is one.
    #[serde(default)]
    current: String,
    #[serde(default)]
    new: String,
}

pub async fn post(account: Loaded<OwnAccount>, client: Client, headers: HeaderMap, Input(form): Input<Form>) -> Answer {
    let person = account.person()?.clone();
    let mut errors = Errors::none();
    let stored = people::credentials(&account.database(), &person.email).await?.and_then(|(_, hash)| hash);
    if stored.is_some() && !is_present(&account, &form.current, stored).await? {
        errors.add("current", "This is not your present password");
    }
    let Some(hash) = errors.take("new", passwords::hash(form.new.clone()).await).filter(|_| errors.is_empty()) else {
        return Ok(ways::page(&account, &headers, &errors).await?.into());
    };
    let mut unit = account.begin().await?;
    people::set_password(&unit, person.id, hash).await?;
    sessions::end_all(&unit, person.id).await?;
    links::void(&unit, Purpose::PasswordReset, person.id).await?;
    unit.audit(Stream::installation(), format!("person:{}", person.id), &PasswordChanged {})?;
    tell(&unit, &account.app, &person, "Your password was changed").await?;
    let begun = entering::begin(&mut unit, &account.app, person.id, Method::Password, &client).await?;
    unit.commit().await?;
    let word = "Your password is set. Other browsers are signed out.";
    Ok(begun.going_on(Done::to("/account/sign-in").saying(word)))
}

/// Counted like signing in: whoever finds a browser open may not try passwords there for ever.
async fn is_present(account: &Loaded<OwnAccount>, typed: &str, stored: Option<String>) -> Result<bool, Problem> {
    let (person, limits) = (account.person()?, account.app.limits());
    if let Some(wait) = limits.wait(Counted::WrongPassword, &person.email, account.now()) {
        return Err(Problem::too_many("Too many attempts for this account", wait));
    }
    if passwords::verify(typed.to_owned(), stored).await {
        return Ok(true);
    }
    limits.note(Counted::WrongPassword, &person.email, account.now());
    Ok(false)
}

pub(super) fn section(email: &str, has_password: bool, errors: &Errors) -> Markup {
    html! {
        h2 { "Password" }
        @if !has_password { p { "You have no password yet." } }
        form method="post" action="/account/password" novalidate {
            input type="hidden" name="username" autocomplete="username" value=(email);
            @if has_password {
                (PasswordInput::new("current", "Present password").error_message(errors.of("current")))
            }
            (new_password("new", "New password", errors))
            (Button::new(if has_password { "Change the password" } else { "Set a password" }).secondary())
        }
    }
}
