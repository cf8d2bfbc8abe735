//! Quarterly returns: drawn up from the figures, signed by the chair, judged by the region, frozen and published.

pub(crate) mod actions;
pub mod content;
mod download;
pub(crate) mod drawing_up;
mod judging;
pub(crate) mod letters;
pub(crate) mod list;
mod page;
pub mod quarter;
pub(crate) mod reminders;
mod report;
mod report_page;
pub mod rules;
pub(crate) mod sources;
pub mod states;
pub(crate) mod store;
pub(crate) mod view;
mod writing;

pub(crate) use reminders::JOB;

use hiec_access::policy::Target;
use hiec_kernel::Scope;
use hiec_web::Route;
use uuid::Uuid;

const ONE: &str = "/clusters/{cluster}/returns/{quarter}";

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/clusters/{cluster}/returns", "return.list", "Returns of a cluster", list::get),
        Route::get("/clusters/{cluster}/returns.csv", "return.list", "Returns of a cluster as CSV", list::csv),
        Route::get("/clusters/{cluster}/returns.xlsx", "return.list", "Returns of a cluster as XLSX", list::xlsx),
        Route::get(ONE, "return.view", "A quarter's return", page::get),
        Route::post(
            "/clusters/{cluster}/returns/{quarter}/narratives",
            "return.write",
            "Keep the words of a return",
            writing::narratives,
        )
        .takes::<writing::Words>(),
        Route::post(
            "/clusters/{cluster}/returns/{quarter}/signature",
            "return.sign",
            "Sign a return",
            writing::signature,
        )
        .takes::<writing::Signing>(),
        Route::post(
            "/clusters/{cluster}/returns/{quarter}/receipt",
            "return.receive",
            "Receive a return",
            judging::receipt,
        ),
        Route::post(
            "/clusters/{cluster}/returns/{quarter}/queries",
            "return.query",
            "Ask about a line of a return",
            judging::query,
        )
        .takes::<judging::Question>(),
        Route::post(
            "/clusters/{cluster}/returns/{quarter}/answers",
            "return.answer",
            "Answer a question to a return",
            judging::answer,
        )
        .takes::<judging::Answering>(),
        Route::post(
            "/clusters/{cluster}/returns/{quarter}/acceptance",
            "return.accept",
            "Accept a return",
            judging::acceptance,
        ),
        Route::post(
            "/clusters/{cluster}/returns/{quarter}/rejection",
            "return.reject",
            "Send a return back with the reasons",
            judging::rejection,
        )
        .takes::<judging::Rejection>(),
        Route::get(
            "/clusters/{cluster}/returns/{quarter}/figures.csv",
            "return.export",
            "The figures of a return as CSV",
            download::csv,
        ),
        Route::get(
            "/clusters/{cluster}/returns/{quarter}/figures.xlsx",
            "return.export",
            "A return as a workbook",
            download::xlsx,
        ),
        Route::get(
            "/clusters/{cluster}/returns/{quarter}/return.json",
            "return.export",
            "A return as JSON",
            download::json,
        ),
        Route::get(
            "/clusters/{cluster}/returns/{quarter}/report.pdf",
            "return.export",
            "A return as PDF",
            report_page::pdf,
        ),
        Route::get(
            "/clusters/{cluster}/returns/{quarter}/report.txt",
            "return.export",
            "A return as plain text",
            report_page::text,
        ),
    ]
}

/// Typical targets for the permission table: an indicator, a signed return, a cluster among others.
pub(crate) fn samples() -> Vec<Target> {
    let id = Uuid::nil;
    let of_cluster = |kind: &'static str| {
        Target::new(kind, id()).scopes([Scope::Cluster(id()), Scope::Region(id()), Scope::Programme(id())]).within(id())
    };
    vec![of_cluster("kpi"), of_cluster("return").fact("is_submitted", true), of_cluster("overview")]
}
