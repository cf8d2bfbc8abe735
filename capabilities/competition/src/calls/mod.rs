//! Calls: what a funder asks for, by which rules and by when; once published, a call is changed only by a numbered amendment.

pub mod amendments;
pub mod design;
pub mod differences;
pub mod facts;
pub mod home;
pub mod list;
pub mod problems;
pub mod publication;
pub mod registration;
pub mod show;
pub mod stages;
pub mod store;

use hiec_web::Route;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::get(
        "/calls",
        "public.view",
        "The calls there are",
        list::get,
    )]
}
