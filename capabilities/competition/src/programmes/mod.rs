//! Programmes: who funds calls. Each call belongs to one, and its office is appointed for one; administrators found them.

mod list;
pub(crate) mod store;

use hiec_web::Route;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/programmes", "programme.list", "The programmes of the installation", list::get),
        Route::post("/programmes", "programme.found", "Found a programme", list::post).takes::<list::Form>(),
    ]
}
