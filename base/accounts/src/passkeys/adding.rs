//! Adding a passkey: a challenge is given to the browser, and what its authenticator answers is checked against it, once, for the person who asked.

use hiec_access::links::{self, Purpose};
use hiec_access::passkeys;
use hiec_kernel::people::Person;
use hiec_kernel::{Problem, ProblemKind};
use hiec_web::accounts::OwnAccount;
use hiec_web::{Answer, Done, Errors, Input, Loaded, Reply};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use webauthn_rs::prelude::{CredentialID, Passkey, PasskeyRegistration, RegisterPublicKeyCredential};
use webauthn_rs_proto::ResidentKeyRequirement;

use super::RelyingParty;
use crate::notice::tell;

/// Asks for a passkey the browser finds by itself when signing in, unlocked by a finger, a face or a code.
pub async fn challenge(account: Loaded<OwnAccount>) -> Answer {
    let person = account.person()?;
    let party = RelyingParty::needed(account.app.site())?;
    let known = passkeys::of_person(&account.database(), person.id).await?;
    if known.len() >= passkeys::MOST {
        let most = passkeys::MOST;
        return Err(
            Problem::conflict(format!("You have {most} passkeys"), "Remove one you no longer use first.").into()
        );
    }
    let exclude: Vec<CredentialID> =
        known.into_iter().filter_map(|one| credential(one.credential).ok()).map(|one| one.cred_id().clone()).collect();
    let (mut options, state) = party
        .webauthn()
        .start_passkey_registration(person.id.0, &person.email, &person.name, Some(exclude))
        .map_err(Problem::internal)?;
    // The library asks for as little as an old security key can do; signing in without typing an address needs more.
    if let Some(selection) = &mut options.public_key.authenticator_selection {
        selection.resident_key = Some(ResidentKeyRequirement::Required);
        selection.require_resident_key = true;
    }
    let state = serde_json::to_value(&state).map_err(Problem::internal)?;
    let unit = account.begin().await?;
    links::void(&unit, Purpose::PasskeyRegistration, person.id).await?;
    let ceremony = links::make(&unit, Purpose::PasskeyRegistration, Some(person.id), "", state).await?;
    unit.commit().await?;
    Ok(Reply::json(&json!({ "ceremony": ceremony, "options": options }))?)
}

/// The stored half of a passkey.
pub(super) fn credential(stored: Value) -> Result<Passkey, Problem> {
    serde_json::from_value(stored).map_err(Problem::internal)
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// As the challenge gave it.
    #[serde(default)]
    ceremony: String,
    /// What the person calls it: "My telephone".
    #[serde(default)]
    name: String,
    /// What `navigator.credentials.create()` gave, its bytes in base64url.
    #[serde(default)]
    credential: Value,
}

pub async fn add(account: Loaded<OwnAccount>, Input(form): Input<Form>) -> Answer {
    let person = account.person()?.clone();
    let party = RelyingParty::needed(account.app.site())?;
    let mut errors = Errors::none();
    let name = errors.text("name", "a name for the passkey", &form.name, 100).ok_or_else(|| {
        let what = errors.of("name").unwrap_or("Enter a name for the passkey").to_owned();
        Problem::invalid(what, "Write what you will know it by, such as the device it is on.")
    })?;
    let answered: RegisterPublicKeyCredential =
        serde_json::from_value(form.credential).map_err(|error| refused(&error))?;
    let state = begun(&account, &person, &form.ceremony).await?;
    let passkey = party.webauthn().finish_passkey_registration(&answered, &state).map_err(|error| refused(&error))?;
    let stored = serde_json::to_value(&passkey).map_err(Problem::internal)?;
    let mut unit = account.begin().await?;
    passkeys::add(&mut unit, person.id, &answered.id, &name, stored).await.map_err(|error| {
        if error.is_duplicate() {
            Problem::conflict("This passkey is in use already", "Choose another device, or sign in with it as it is.")
        } else {
            error.into()
        }
    })?;
    tell(&unit, &account.app, &person, "A passkey was added").await?;
    unit.commit().await?;
    Ok(Done::made("/account/sign-in").saying("The passkey is added: you can sign in with it now.").into())
}

/// The challenge this answers, used up whatever comes of it.
async fn begun(account: &Loaded<OwnAccount>, person: &Person, ceremony: &str) -> Result<PasskeyRegistration, Problem> {
    let unit = account.begin().await?;
    let link = links::use_up(&unit, Purpose::PasskeyRegistration, ceremony).await?;
    let link = link.filter(|link| link.person == Some(person.id)).ok_or_else(too_late)?;
    unit.commit().await?;
    serde_json::from_value(link.payload).map_err(Problem::internal)
}

pub(super) fn too_late() -> Problem {
    Problem::conflict("This took longer than five minutes, or was answered already", "Begin again.")
}

pub(super) fn refused(cause: &impl std::fmt::Display) -> Problem {
    Problem::new(
        ProblemKind::Invalid,
        "This passkey was not accepted",
        "Begin again. If it happens again, use another device, or sign in with your password.",
    )
    .with_detail(cause)
}
