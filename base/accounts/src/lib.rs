//! Signing in and one's own account, people and their roles, the register of organisations: pages every installation has, whatever it can do besides. Who may do what is the policies' matter, never decided here.

mod account;
mod entering;
mod jobs;
mod names;
mod notice;
pub mod oidc;
pub mod organisations;
mod passkeys;
mod people;
mod pieces;
mod policies;
mod register_places;
mod reset;
mod sign_in;
mod welcome;

use hiec_access::Subject;
use hiec_access::policy::Target;
use hiec_kernel::{Role, Scope};
use hiec_web::{Capability, Nav, Route};
use uuid::Uuid;

pub use register_places::RegisterPlaces;

/// The accounts, ready for the program's list.
pub fn capability() -> Capability {
    Capability {
        name: "accounts",
        routes: [
            coming_in(),
            account::routes(),
            passkeys::routes(),
            oidc::routes(),
            people::routes(),
            organisations::routes(),
            jobs::routes(),
        ]
        .into_iter()
        .flatten()
        .collect(),
        migrations: &[],
        policies: &[],
        navigation,
        samples,
        jobs: vec![],
    }
}

fn coming_in() -> Vec<Route> {
    vec![
        Route::get("/sign-in", "public.view", "Sign in", sign_in::get),
        Route::post("/sign-in", "public.view", "Sign in with a password", sign_in::post).takes::<sign_in::Form>(),
        Route::post("/sign-out", "public.view", "Sign out", sign_in::sign_out),
        Route::get("/password-reset", "public.view", "Ask for a letter to choose a password with", reset::get),
        Route::post("/password-reset", "public.view", "Send the letter to choose a password with", reset::post)
            .takes::<reset::Asking>(),
        Route::get("/password-reset/sent", "public.view", "The letter is on its way", reset::sent),
        Route::get("/password-reset/{secret}", "welcome.view", "Choose a password by a letter's link", reset::choose),
        Route::post("/password-reset/{secret}", "welcome.answer", "Set the password chosen", reset::chosen)
            .takes::<reset::Choosing>(),
        Route::get("/welcome/{secret}", "welcome.view", "An invitation, by a letter's link", welcome::get),
        Route::post("/welcome/{secret}", "welcome.answer", "Say yes or no to an invitation", welcome::post)
            .takes::<welcome::Form>(),
        Route::get("/policies", "public.view", "Who may do what, as the program reads it", policies::get),
    ]
}

/// Links for those who use them; the pages behind decide for themselves.
fn navigation(subject: &Subject) -> Vec<Nav> {
    let mut links = Vec::new();
    if subject.holds(Role::Administrator) {
        links.push(Nav { href: "/people".into(), label: "People" });
        links.push(Nav { href: "/organisations".into(), label: "Organisations" });
        links.push(Nav { href: "/jobs".into(), label: "Jobs" });
    } else if subject.holds(Role::ProgrammeOfficer) {
        links.push(Nav { href: "/people/invitations".into(), label: "Appointments" });
    }
    links
}

fn samples() -> Vec<Target> {
    let mut samples = vec![
        Target::new("public", Uuid::nil()).fact("is_public", true),
        Target::new("account", Uuid::nil()).fact("is_own", true),
        Target::new("installation", Uuid::nil()).scope(Scope::Installation),
    ];
    samples.extend(people::samples());
    samples.extend(organisations::samples());
    samples
}
