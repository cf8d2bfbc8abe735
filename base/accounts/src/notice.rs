//! A letter after each change to how somebody signs in: who did not do it themselves learns of it at once.

use hiec_kernel::Problem;
use hiec_kernel::people::Person;
use hiec_store::{Mail, Unit};
use hiec_web::AppState;

/// Tells a person that `what` ("A passkey was added") happened to their account.
pub(crate) async fn tell(unit: &Unit, app: &AppState, person: &Person, what: &str) -> Result<(), Problem> {
    unit.mail(Mail {
        to: person.email.clone(),
        person: Some(person.id),
        subject: what.to_owned(),
        body: format!(
            "{what}: your account, {}.\n\n\
             If it was you, there is nothing to do. If it was not, choose a new password, which signs every browser out, and look at \
             how your account is signed in to:\n\n{}\n",
            app.site().name,
            app.site().link("/account/sign-in"),
        ),
        about: None,
    })
    .await?;
    Ok(())
}
