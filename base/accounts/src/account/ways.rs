//! `/account/sign-in`: the ways a person comes in, each to be changed or taken away here, and the browsers they are in; a way in is never shown, only that it is there.

use hiec_access::people;
use hiec_kernel::Problem;
use hiec_web::accounts::OwnAccount;
use hiec_web::who::{cookie, cookie_name};
use hiec_web::{Answer, Errors, Loaded, Page};
use http::HeaderMap;
use maud::html;
use serde_json::json;

use super::{password, sessions};
use crate::pieces::error_summary;
use crate::{oidc, passkeys};

pub async fn get(account: Loaded<OwnAccount>, headers: HeaderMap) -> Answer {
    Ok(page(&account, &headers, &Errors::none()).await?.into())
}

/// The page; with the errors of whichever of its forms was sent.
pub(crate) async fn page(account: &Loaded<OwnAccount>, headers: &HeaderMap, errors: &Errors) -> Result<Page, Problem> {
    let person = account.person()?;
    let database = account.database();
    let has_password = people::has_password(&database, person.id).await?;
    let token = cookie(headers, cookie_name(&account.app));
    let open = sessions::shown(&database, person.id, token.as_deref(), account.now()).await?;
    let kept = passkeys::kept(&database, person.id).await?;
    let linked = oidc::linked(&account.app, &database, person.id).await?;
    let view = html! {
        (error_summary(errors))
        h1 { "How and where you are signed in" }
        (password::section(&person.email, has_password, errors))
        (oidc::section(&account.app, linked.as_ref()))
        (passkeys::section(&account.app, &kept))
        (sessions::section(&open))
    };
    let data = json!({
        "has_password": has_password, "linked": linked, "passkeys": kept, "sessions": open, "errors": errors,
    });
    let page = Page::new("How and where you are signed in", view).data(&data)?.under("/account", "Your account");
    Ok(if errors.is_empty() { page } else { page.with_errors(errors) })
}
