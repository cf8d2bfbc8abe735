//! Passkeys: adding, naming, removing and signing in with them; what a browser answers is judged by the WebAuthn library, and a person is known by the passkey alone.

mod adding;
mod keeping;
mod relying_party;
mod signing_in;

use hiec_web::Route;

pub(crate) use keeping::{kept, section};
pub(crate) use relying_party::RelyingParty;
pub(crate) use signing_in::door;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::post("/account/passkeys/challenge", "account.change", "Begin to add a passkey", adding::challenge),
        Route::post("/account/passkeys", "account.change", "Add a passkey", adding::add).takes::<adding::Form>(),
        Route::post("/account/passkeys/{passkey}/name", "account.change", "Name a passkey", keeping::rename)
            .takes::<keeping::Name>(),
        Route::post("/account/passkeys/{passkey}/removal", "account.change", "Remove a passkey", keeping::remove),
        Route::post(
            "/sign-in/passkey/challenge",
            "public.view",
            "Begin to sign in with a passkey",
            signing_in::challenge,
        ),
        Route::post("/sign-in/passkey", "public.view", "Sign in with a passkey", signing_in::sign_in)
            .takes::<signing_in::Form>(),
    ]
}
