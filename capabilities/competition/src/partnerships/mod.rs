//! Partnerships: who forms a cluster, what each promises, and whether it keeps the call's principles; a partnership never decides its own award.

pub(crate) mod check;
pub mod commitments;
pub(crate) mod form;
pub(crate) mod forming;
pub(crate) mod invitations;
pub(crate) mod inviting;
pub(crate) mod joining;
mod organisation_search;
pub(crate) mod partners;
pub mod principles;
pub(crate) mod seating;
pub(crate) mod signature;
pub mod store;
pub(crate) mod team;

use hiec_web::Route;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/calls/{call}/bids/new", "call.bid", "Form a partnership: the page", form::get),
        Route::post("/calls/{call}/bids", "call.bid", "Form a partnership", form::post).takes::<form::Form>(),
        Route::get("/bids/{bid}/partners", "bid.draft.view", "The partners of a bid", partners::get),
        Route::post("/bids/{bid}/partners", "bid.invite", "Invite a partner", partners::post).takes::<partners::Form>(),
        Route::post(
            "/bids/{bid}/partners/{partner}/withdrawal",
            "partner.withdraw",
            "Take a partner out",
            partners::withdraw,
        )
        .takes::<partners::Leaving>(),
        Route::get(
            "/bids/{bid}/partners/{partner}/signature",
            "partner.sign",
            "A partner's commitment",
            signature::get,
        ),
        Route::post(
            "/bids/{bid}/partners/{partner}/signature",
            "partner.sign",
            "Sign a partner's commitment",
            signature::post,
        )
        .takes::<signature::Form>(),
        Route::get("/invitations/{token}", "invitation.view", "An invitation", invitations::get),
        Route::post("/invitations/{token}", "invitation.answer", "Answer an invitation", invitations::post)
            .takes::<invitations::Form>(),
        Route::get("/bids/{bid}/team", "bid.draft.view", "Who writes the bid", team::get),
        Route::post("/bids/{bid}/team", "bid.team", "Invite somebody to the team", team::post).takes::<team::Form>(),
        Route::post("/bids/{bid}/team/seats", "bid.team", "Give somebody another part", team::give)
            .takes::<team::SeatForm>(),
        Route::post("/bids/{bid}/team/endings", "bid.team", "End somebody's part", team::end).takes::<team::EndForm>(),
        Route::get("/bids/{bid}/principles", "bid.view", "The principle check", check::get),
    ]
}
