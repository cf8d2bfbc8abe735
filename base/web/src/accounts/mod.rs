//! Signing in and one's own account, and what everyone may read of how the program decides: pages every installation has, whatever it can do besides.

mod account;
mod policies;
mod sign_in;

use hiec_access::policy::Target;
use hiec_kernel::{Problem, Scope};
use uuid::Uuid;

use crate::capability::{Capability, Route};
use crate::loaded::{Loading, Resource};

/// The accounts, ready for the program's list.
pub fn capability() -> Capability {
    Capability {
        name: "accounts",
        routes: vec![
            Route::get("/sign-in", "public.view", "Sign in", sign_in::get),
            Route::post("/sign-in", "public.view", "Sign in with a password", sign_in::post).takes::<sign_in::Form>(),
            Route::post("/sign-out", "public.view", "Sign out", sign_in::sign_out),
            Route::get("/account", "account.view", "Your account", account::get),
            Route::post("/account/password", "account.change", "Change your password", account::password)
                .takes::<account::PasswordForm>(),
            Route::post("/account/tokens", "account.change", "Make a token for a program", account::make_token)
                .takes::<account::TokenForm>(),
            Route::post(
                "/account/tokens/{token}/revocation",
                "account.change",
                "Revoke a token",
                account::revoke_token,
            ),
            Route::get("/policies", "public.view", "Who may do what, as the program reads it", policies::get),
        ],
        migrations: &[],
        policies: &[],
        navigation: |_| vec![],
        samples: || {
            vec![
                Target::new("account", Uuid::nil()).fact("is_own", true),
                Target::new("installation", Uuid::nil()).scope(Scope::Installation),
            ]
        },
        jobs: vec![],
    }
}

/// The public door: what everybody may read.
#[derive(Clone, Copy, Debug)]
pub struct Everyone;

impl Resource for Everyone {
    const KIND: &'static str = "public";

    async fn load(_: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        Ok(Some((Self, Target::new("public", Uuid::nil()).fact("is_public", true))))
    }
}

/// The account of whoever asks: nobody reaches another's.
#[derive(Clone, Copy, Debug)]
pub struct OwnAccount;

impl Resource for OwnAccount {
    const KIND: &'static str = "account";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let id = loading.subject.person.as_ref().map_or_else(Uuid::nil, |person| person.id.0);
        Ok(Some((Self, Target::new("account", id).fact("is_own", loading.subject.is_signed_in()))))
    }
}
