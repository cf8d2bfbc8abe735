//! Signing in with a passkey: the browser finds it, its holder unlocks it, and its signature over our challenge says who it is; a counter that stands still or goes back is a copy, and is refused and noted.

use hiec_access::limits::Counted;
use hiec_access::links::{self, Purpose};
use hiec_access::passkeys::{self, StoredPasskey};
use hiec_access::people;
use hiec_kernel::people::Actor;
use hiec_kernel::{PersonId, Problem};
use hiec_store::{AuditEvent, Stream};
use hiec_web::accounts::Everyone;
use hiec_web::components::Button;
use hiec_web::{Answer, Client, Done, Input, Loaded, Reply};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, Passkey, PublicKeyCredential, WebauthnError,
};

use super::RelyingParty;
use super::adding::{credential, refused, too_late};
use crate::entering::{self, Method, safe_next};

/// A passkey that seems to be a copy was refused.
#[derive(Serialize)]
struct PasskeyRefused {
    passkey: Uuid,
}

impl AuditEvent for PasskeyRefused {
    const KIND: &'static str = "person.passkey_refused";
}

/// The passkey's part of the sign-in page.
pub(crate) fn door(party: &RelyingParty, next: &str) -> Markup {
    html! {
        div data-passkey-origin=(party.origin()) {
            p.nhsuk-u-secondary-text-colour data-passkey-without="script" { "Signing in with a passkey needs JavaScript, which is off in this browser." }
            p data-passkey-without="name" hidden {
                "To sign in with a passkey, " a href={ (party.origin()) "/sign-in" } { "open this page by its name" } "."
            }
            form data-passkey-sign-in method="post" action="/sign-in/passkey" hidden {
                input type="hidden" name="next" value=(next);
                (Button::new("Sign in with a passkey").secondary())
                p role="status" data-passkey-status {}
            }
        }
    }
}

pub async fn challenge(door: Loaded<Everyone>, client: Client) -> Answer {
    client.take(&door.app, Counted::SignIn, "Too many attempts to sign in came from where you are")?;
    let party = RelyingParty::needed(door.app.site())?;
    let (mut options, state) = party.webauthn().start_discoverable_authentication().map_err(Problem::internal)?;
    // Asked for by a button, and not while an address is typed.
    options.mediation = None;
    let state = serde_json::to_value(&state).map_err(Problem::internal)?;
    let unit = door.app.begin(Actor::System("signing in".into())).await?;
    let ceremony = links::make(&unit, Purpose::PasskeySignIn, None, "", state).await?;
    unit.commit().await?;
    Ok(Reply::json(&json!({ "ceremony": ceremony, "options": options }))?)
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// As the challenge gave it.
    #[serde(default)]
    ceremony: String,
    /// What `navigator.credentials.get()` gave, its bytes in base64url.
    #[serde(default)]
    credential: Value,
    /// Where to go afterwards: a path on this site.
    #[serde(default)]
    next: String,
}

pub async fn sign_in(door: Loaded<Everyone>, client: Client, Input(form): Input<Form>) -> Answer {
    client.take(&door.app, Counted::SignIn, "Too many attempts to sign in came from where you are")?;
    let party = RelyingParty::needed(door.app.site())?;
    let answered: PublicKeyCredential = serde_json::from_value(form.credential).map_err(|error| refused(&error))?;
    let state = begun(&door, &form.ceremony).await?;
    let (claimed, _) =
        party.webauthn().identify_discoverable_authentication(&answered).map_err(|error| refused(&error))?;
    let person = PersonId(claimed);
    let mut unit = door.app.begin(Actor::Person(person)).await?;
    // The passkey says whose it is; its own row must say the same, and the account be open.
    let stored = passkeys::held(&unit, &answered.id).await?.filter(|stored| stored.person_id == claimed);
    let is_open = people::open_by_id(&unit, person).await?.is_some();
    let Some(stored) = stored.filter(|_| is_open) else {
        return Err(refused(&"no such passkey").into());
    };
    let passkey = credential(stored.credential.clone())?;
    match party.webauthn().finish_discoverable_authentication_v2(&answered, state, &passkey) {
        Ok(result) => note_use(&unit, &stored, passkey, &result).await?,
        Err(WebauthnError::CredentialPossibleCompromise) => {
            drop(unit);
            note_copy(&door, person, stored.id).await?;
            return Err(copied().into());
        }
        Err(error) => return Err(refused(&error).into()),
    }
    let begun = entering::begin(&mut unit, &door.app, person, Method::Passkey, &client).await?;
    unit.commit().await?;
    Ok(begun.going_on(Done::to(safe_next(&form.next))))
}

/// The challenge this answers, used up whatever comes of it.
async fn begun(door: &Loaded<Everyone>, ceremony: &str) -> Result<DiscoverableAuthentication, Problem> {
    let unit = door.app.begin(Actor::System("signing in".into())).await?;
    let link = links::use_up(&unit, Purpose::PasskeySignIn, ceremony).await?.ok_or_else(too_late)?;
    unit.commit().await?;
    serde_json::from_value(link.payload).map_err(Problem::internal)
}

async fn note_use(
    unit: &hiec_store::Unit,
    stored: &StoredPasskey,
    mut passkey: Passkey,
    result: &AuthenticationResult,
) -> Result<(), Problem> {
    passkey.update_credential(result);
    let now = serde_json::to_value(&passkey).map_err(Problem::internal)?;
    passkeys::note_use(unit, stored.id, now).await?;
    Ok(())
}

/// Noted by the program, not by the person: who held the copy is not known.
async fn note_copy(door: &Loaded<Everyone>, person: PersonId, passkey: Uuid) -> Result<(), Problem> {
    let mut unit = door.app.begin(Actor::System("signing in".into())).await?;
    unit.audit(Stream::installation(), format!("person:{person}"), &PasskeyRefused { passkey })?;
    unit.commit().await?;
    Ok(())
}

fn copied() -> Problem {
    Problem::forbidden(
        "This passkey may be a copy, so it was refused",
        "Its counter did not go on from where it was. Sign in another way, remove this passkey from your account, and tell the operator.",
    )
}
