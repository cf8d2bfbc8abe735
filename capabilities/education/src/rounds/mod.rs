//! Placement rounds: hosts offer places, trainees rank hosts, one rule places them with reasons, and appeals are heard.

pub(crate) mod access;
pub(crate) mod actions;
mod appeal_place;
mod appeals;
mod appetite;
mod certificate;
mod comparison;
mod constraints;
pub(crate) mod groups;
mod last_day;
mod letters;
mod list;
mod new;
mod page;
pub(crate) mod question;
mod ranking;
mod reserves;
mod result;
pub(crate) mod running;
pub(crate) mod states;
pub(crate) mod store;
mod upheld;

use hiec_web::Route;

pub(crate) use running::JOB;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/clusters/{cluster}/education/rounds", "round.list", "Placement rounds", list::get),
        Route::get("/clusters/{cluster}/education/rounds.csv", "round.export", "Placement rounds as CSV", list::csv),
        Route::get("/clusters/{cluster}/education/rounds/new", "round.plan", "Begin a round: the page", new::get),
        Route::post("/clusters/{cluster}/education/rounds/new", "round.plan", "Begin a round", new::post)
            .takes::<new::Form>(),
        Route::get("/clusters/{cluster}/education/rounds/{round}", "round.view", "A placement round", page::get),
        Route::post(
            "/clusters/{cluster}/education/rounds/{round}/steps",
            "round.plan",
            "Take a round a step on",
            page::step,
        )
        .takes::<page::StepForm>(),
        Route::post(
            "/clusters/{cluster}/education/rounds/{round}/last-day",
            "round.plan",
            "Give more time to rank",
            last_day::post,
        )
        .takes::<last_day::Form>(),
        Route::post(
            "/clusters/{cluster}/education/rounds/{round}/second-round",
            "round.plan",
            "Begin a second round for what is left",
            new::second,
        )
        .takes::<new::SecondForm>(),
        Route::get(
            "/clusters/{cluster}/education/rounds/{round}/hosts/{host}/appetite",
            "appetite.view",
            "What a host takes: the page",
            appetite::get,
        ),
        Route::post(
            "/clusters/{cluster}/education/rounds/{round}/hosts/{host}/appetite",
            "appetite.state",
            "Say what a host takes",
            appetite::post,
        )
        .takes::<appetite::Form>(),
        Route::get(
            "/clusters/{cluster}/education/rounds/{round}/ranking",
            "ranking.view",
            "One's own ranking: the page",
            ranking::get,
        ),
        Route::post(
            "/clusters/{cluster}/education/rounds/{round}/ranking",
            "ranking.write",
            "Rank hosts",
            ranking::post,
        ),
        Route::get(
            "/clusters/{cluster}/education/rounds/{round}/constraints",
            "round.read",
            "What is settled before a rule runs",
            constraints::get,
        ),
        Route::post(
            "/clusters/{cluster}/education/rounds/{round}/constraints",
            "round.plan",
            "Reserve, give or link",
            constraints::post,
        )
        .takes::<constraints::Form>(),
        Route::post(
            "/clusters/{cluster}/education/rounds/{round}/constraints/{constraint}/removal",
            "round.plan",
            "Take a reservation, a place given or a link back",
            constraints::remove,
        ),
        Route::post(
            "/clusters/{cluster}/education/rounds/{round}/reserves",
            "round.plan",
            "Keep places for a group",
            reserves::post,
        )
        .takes::<reserves::Form>(),
        Route::post(
            "/clusters/{cluster}/education/rounds/{round}/reserves/{reserve}/removal",
            "round.plan",
            "Keep places for a group no longer",
            reserves::remove,
        ),
        Route::post(
            "/clusters/{cluster}/education/rounds/{round}/runs",
            "round.plan",
            "Try the rules out",
            comparison::begin,
        ),
        Route::get(
            "/clusters/{cluster}/education/rounds/{round}/runs/{run}",
            "round.read",
            "A dry run: how far it is, and the rules side by side",
            comparison::get,
        ),
        Route::get(
            "/clusters/{cluster}/education/rounds/{round}/runs/{run}/rules.csv",
            "round.read",
            "The rules side by side as CSV",
            comparison::csv,
        ),
        Route::post(
            "/clusters/{cluster}/education/rounds/{round}/publication",
            "round.publish",
            "Publish a round",
            page::publish,
        )
        .takes::<page::PublishForm>(),
        Route::get(
            "/clusters/{cluster}/education/rounds/{round}/certificate",
            "placement_ledger.view",
            "The public certificate of a published round, and how to check it",
            certificate::page,
        ),
        Route::get(
            "/clusters/{cluster}/education/rounds/{round}/certificate.json",
            "placement_ledger.export",
            "The ledger of a published round: hosts, ranks admitted and commitments, no names and no choices",
            certificate::ledger,
        ),
        Route::get(
            "/clusters/{cluster}/education/rounds/{round}/result",
            "ranking.read",
            "One's own result, with the reasons",
            result::get,
        ),
        Route::get(
            "/clusters/{cluster}/education/rounds/{round}/result/certificate.json",
            "ranking.export",
            "One's own certificate",
            certificate::own,
        ),
        Route::get(
            "/clusters/{cluster}/education/rounds/{round}/result/certificate.pdf",
            "ranking.export",
            "One's own certificate, to be printed",
            certificate::pdf,
        ),
        Route::get(
            "/clusters/{cluster}/education/rounds/{round}/appeals",
            "appeal.list",
            "Appeals against a round",
            appeals::list,
        ),
        Route::post("/clusters/{cluster}/education/rounds/{round}/appeals", "appeal.make", "Appeal", appeals::make)
            .takes::<appeals::Form>(),
        Route::post(
            "/clusters/{cluster}/education/rounds/{round}/appeals/{appeal}/decision",
            "appeal.decide",
            "Decide an appeal",
            appeals::decide,
        )
        .takes::<appeals::DecisionForm>(),
        Route::get(
            "/clusters/{cluster}/education/rounds/{round}/appeals/{appeal}/place",
            "appeal.decide",
            "What an upheld appeal changes: the page",
            appeal_place::get,
        ),
        Route::post(
            "/clusters/{cluster}/education/rounds/{round}/appeals/{appeal}/place",
            "appeal.decide",
            "Say what an upheld appeal changes",
            appeal_place::post,
        )
        .takes::<appeal_place::Form>(),
    ]
}
