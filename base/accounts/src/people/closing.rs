//! Closing an account, opening it again, and signing somebody out everywhere; each with who did it, and why where it shuts somebody out.

use hiec_access::{closures, sessions};
use hiec_kernel::Problem;
use hiec_store::{AuditEvent, Stream};
use hiec_web::{Answer, Done, Errors, Input, Loaded};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Somebody, show};

/// Somebody was signed out of every browser.
#[derive(Serialize)]
struct SignedOutEverywhere {
    sessions: u64,
}

impl AuditEvent for SignedOutEverywhere {
    const KIND: &'static str = "person.signed_out_everywhere";
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// Why; it is kept for good.
    #[serde(default)]
    reason: String,
}

pub async fn close(somebody: Loaded<Somebody>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let Some(reason) = errors.text("reason", "why the account is closed", &form.reason, 1000) else {
        return Ok(show::page(&somebody, &form.reason, &errors).await?.into());
    };
    let mut unit = somebody.begin().await?;
    if !closures::close(&mut unit, somebody.person.id, &reason).await? {
        return Err(
            Problem::conflict("This account is closed already", "Look at the person's page for when and why.").into()
        );
    }
    unit.commit().await?;
    let word = "The account is closed. They are signed out everywhere.";
    Ok(Done::to(somebody.path()).saying(word).into())
}

pub async fn reopen(somebody: Loaded<Somebody>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let Some(reason) = errors.text("reason", "why the account is opened again", &form.reason, 1000) else {
        return Ok(show::page(&somebody, &form.reason, &errors).await?.into());
    };
    let mut unit = somebody.begin().await?;
    if !closures::reopen(&mut unit, somebody.person.id, &reason).await? {
        return Err(Problem::conflict("This account is open", "There is nothing to open again.").into());
    }
    unit.commit().await?;
    let word = "The account is open again, with the roles it had. They can sign in as before.";
    Ok(Done::to(somebody.path()).saying(word).into())
}

pub async fn sign_out(somebody: Loaded<Somebody>) -> Answer {
    let person = somebody.person.id;
    let mut unit = somebody.begin().await?;
    let ended = sessions::end_all(&unit, person).await?;
    if ended > 0 {
        unit.audit(Stream::installation(), format!("person:{person}"), &SignedOutEverywhere { sessions: ended })?;
    }
    unit.commit().await?;
    Ok(Done::to(somebody.path()).saying("They are signed out everywhere.").into())
}
