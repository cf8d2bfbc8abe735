//! Assessment: reviews by assessors, each alone, and what is checked about them.

pub(crate) mod actions;
mod assessors;
pub(crate) mod assigning;
mod assignment;
mod import_page;
pub mod importing;
pub(crate) mod matching;
mod mine;
pub(crate) mod pool;
pub mod pool_list;
mod progress;
pub mod rules;
pub(crate) mod scores;
pub mod signals;
pub mod states;
pub mod store;
mod writing;

use hiec_web::Route;

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = of_calls();
    routes.extend(of_imports());
    routes.extend(of_reviews());
    routes
}

fn of_calls() -> Vec<Route> {
    vec![
        Route::get("/calls/{call}/assessors", "call.assessors.view", "The assessors of a call", assessors::get),
        Route::post("/calls/{call}/assessors", "call.assessors.invite", "Invite an assessor", assessors::invite)
            .takes::<assessors::InviteForm>(),
        Route::get(
            "/calls/{call}/assessor-invitation",
            "call.join.view",
            "Your part as an assessor",
            assessors::invitation,
        ),
        Route::post(
            "/calls/{call}/assessor-invitation",
            "call.join",
            "Join the assessors, or decline",
            assessors::join,
        )
        .takes::<assessors::JoinForm>(),
        Route::get(
            "/calls/{call}/assignment",
            "call.assignment.view",
            "Who reviews what: proposal and acts",
            assignment::get,
        ),
        Route::post("/calls/{call}/assignment", "call.assignment.make", "Assign as proposed", assignment::make)
            .takes::<assignment::ConfirmForm>(),
        Route::post(
            "/calls/{call}/assignment-additions",
            "call.assignment.make",
            "Add one review by hand",
            assignment::add,
        )
        .takes::<assignment::AddForm>(),
        Route::post(
            "/calls/{call}/assignments/{assignment}/undoing",
            "call.assignment.undo",
            "Undo an act of assigning",
            assignment::undo,
        )
        .takes::<assignment::UndoForm>(),
        Route::get("/calls/{call}/reviews", "call.reviews.view", "Progress of the reviews", progress::get),
    ]
}

fn of_imports() -> Vec<Route> {
    let action = "call.assessors.import";
    vec![
        Route::get("/calls/{call}/assessors/imports/new", action, "Choose a list of assessors", import_page::new),
        Route::get(
            "/calls/{call}/assessors/imports/template.csv",
            action,
            "The empty list of assessors, as CSV",
            import_page::template_csv,
        ),
        Route::get(
            "/calls/{call}/assessors/imports/template.xlsx",
            action,
            "The empty list of assessors, as a workbook",
            import_page::template_xlsx,
        ),
        Route::post(
            "/calls/{call}/assessors/imports",
            action,
            "Upload a list of assessors, CSV or XLSX, to preview",
            import_page::upload,
        )
        .takes_file(hiec_web::uploads::LARGEST_LIST),
        Route::get(
            "/calls/{call}/assessors/imports/{file}",
            action,
            "What an import of assessors would do",
            import_page::preview,
        ),
        Route::post(
            "/calls/{call}/assessors/imports/{file}",
            action,
            "Import all of a list of assessors",
            import_page::confirm,
        )
        .takes::<import_page::Form>(),
    ]
}

fn of_reviews() -> Vec<Route> {
    vec![
        Route::get("/reviews", "account.view", "Your reviews", mine::get),
        Route::get("/reviews/{review}", "review.view", "A review", writing::get),
        Route::post("/reviews/{review}/acceptance", "review.accept", "Accept a review", writing::accept),
        Route::post("/reviews/{review}/refusal", "review.decline", "Decline a review", writing::decline)
            .takes::<writing::DeclineForm>(),
        Route::post("/reviews/{review}/draft", "review.write", "Save a review for later", writing::draft)
            .takes::<writing::ScoresForm>(),
        Route::post("/reviews/{review}/submission", "review.submit", "Submit a review", writing::submit)
            .takes::<writing::ScoresForm>(),
        Route::post(
            "/reviews/{review}/reopening",
            "review.reopen",
            "Ask for another edition of a review",
            progress::reopen,
        )
        .takes::<progress::ReopenForm>(),
        Route::post("/reviews/{review}/removal", "review.remove", "Take a review away", progress::remove)
            .takes::<progress::RemoveForm>(),
    ]
}
