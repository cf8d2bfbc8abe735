//! Signing in by the organisation's own sign-in service (OpenID Connect): the way there and back, linking it to an account and taking it off; a person is known there by issuer and subject, and nobody is made who was not invited.

mod joining;
mod keeping;
mod returning;
mod rules;
mod service;
mod starting;
mod transport;
mod way;

use hiec_web::Route;

pub(crate) use keeping::{linked, section};
pub use service::{OidcSettings, SignInService};
pub(crate) use starting::{door, door_for_invited};
pub use transport::{Transport, TransportError};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::post(
            "/sign-in/oidc",
            "public.view",
            "Begin to sign in by the organisation's service",
            starting::sign_in,
        )
        .takes::<starting::Form>(),
        Route::get(
            RETURN,
            "public.view",
            "Back from the organisation's sign-in service, which sends people here",
            returning::get,
        ),
        Route::get(joining::PATH, "public.view", "An invitation, by an address the service vouches for", joining::get),
        Route::post(joining::PATH, "public.view", "Say yes or no to that invitation", joining::post)
            .takes::<joining::Form>(),
        Route::post(
            "/account/identity",
            "account.change",
            "Begin to link your account to the organisation's sign-in service",
            starting::link,
        ),
        Route::post(
            "/account/identity/removal",
            "account.change",
            "Unlink your account from the organisation's sign-in service",
            keeping::remove,
        ),
    ]
}

/// Where the service sends people back to; registered there.
const RETURN: &str = "/sign-in/oidc/return";
