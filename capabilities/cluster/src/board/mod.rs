//! The board, the forum and the annual meeting: agendas, papers as they stood, minutes, decisions, actions, interests, and what patient members are answered.

mod decisions;
mod deeds;
mod documents;
mod holding;
mod interests;
mod meeting;
pub(crate) mod meeting_actions;
pub(crate) mod minutes;
mod overview;
pub(crate) mod papers;
mod planning;
pub(crate) mod record_actions;
pub(crate) mod records;
pub(crate) mod reminders;
pub mod rules;
mod said;
pub mod states;
pub(crate) mod store;

use hiec_web::Route;

use crate::desk::desk;

desk! {
    /// `/clusters/{cluster}/board…`
    BoardDesk, "board"
}

pub(crate) fn routes() -> Vec<Route> {
    [bodies(), meetings(), records_of_meetings()].into_iter().flatten().collect()
}

fn bodies() -> Vec<Route> {
    vec![
        Route::get("/clusters/{cluster}/board", "board.view", "Bodies, meetings, what is due", overview::get),
        Route::post("/clusters/{cluster}/board/bodies", "board.prepare", "Set up a body", overview::open)
            .takes::<overview::BodyForm>(),
        Route::post("/clusters/{cluster}/board/bodies/{body}/seats", "board.prepare", "Seat somebody", overview::seat)
            .takes::<overview::SeatForm>(),
        Route::post(
            "/clusters/{cluster}/board/bodies/{body}/seats/end",
            "board.prepare",
            "End a seat",
            overview::unseat,
        )
        .takes::<overview::SeatEndForm>(),
        Route::get("/clusters/{cluster}/board/interests", "board.view", "Interests", interests::get),
        Route::get("/clusters/{cluster}/board/interests.csv", "board.export", "Interests, CSV", interests::csv),
        Route::get("/clusters/{cluster}/board/interests.xlsx", "board.export", "Interests, workbook", interests::xlsx),
        Route::post("/clusters/{cluster}/board/interests", "board.declare", "Declare an interest", interests::declare)
            .takes::<interests::Form>(),
        Route::post(
            "/clusters/{cluster}/board/interests/{interest}/end",
            "board.declare",
            "End an interest of one’s own",
            interests::end,
        )
        .takes::<meeting::NothingForm>(),
        Route::get("/clusters/{cluster}/board/said", "board.view", "You said, we did", said::get),
        Route::post("/clusters/{cluster}/board/said", "board.say", "Say something", said::say).takes::<said::SayForm>(),
        Route::post("/clusters/{cluster}/board/said/{said}/answer", "board.answer", "Say what was done", said::answer)
            .takes::<said::AnswerForm>(),
    ]
}

fn meetings() -> Vec<Route> {
    vec![
        Route::get("/clusters/{cluster}/board/meetings/new", "board.prepare", "Plan a meeting", planning::get),
        Route::post("/clusters/{cluster}/board/meetings", "board.prepare", "Plan a meeting", planning::post)
            .takes::<planning::Form>(),
        Route::get("/clusters/{cluster}/board/meetings/{meeting}", "board.view", "A meeting", meeting::get),
        Route::post(
            "/clusters/{cluster}/board/meetings/{meeting}/items",
            "board.prepare",
            "Put an item on the agenda",
            meeting::add_item,
        )
        .takes::<meeting::ItemForm>(),
        Route::post(
            "/clusters/{cluster}/board/meetings/{meeting}/summary",
            "board.prepare",
            "Write the plain words",
            meeting::summarise,
        )
        .takes::<meeting::SummaryForm>(),
        Route::post(
            "/clusters/{cluster}/board/meetings/{meeting}/papers",
            "board.prepare",
            "Freeze and send the papers",
            meeting::send,
        )
        .takes::<meeting::NothingForm>(),
        Route::post(
            "/clusters/{cluster}/board/meetings/{meeting}/cancellation",
            "board.prepare",
            "Cancel a meeting",
            meeting::cancel,
        )
        .takes::<meeting::ReasonForm>(),
        Route::get(
            "/clusters/{cluster}/board/meetings/{meeting}/papers",
            "board.view",
            "Papers as they stood",
            documents::papers,
        ),
        Route::get(
            "/clusters/{cluster}/board/meetings/{meeting}/pack.pdf",
            "board.export",
            "The pack, PDF",
            documents::pack_pdf,
        ),
        Route::get(
            "/clusters/{cluster}/board/meetings/{meeting}/pack.txt",
            "board.export",
            "The pack, text",
            documents::pack_text,
        ),
        Route::get(
            "/clusters/{cluster}/board/meetings/{meeting}/invitation.ics",
            "board.export",
            "A meeting for calendars",
            documents::calendar,
        ),
        Route::get(
            "/clusters/{cluster}/board/meetings/{meeting}/minutes",
            "board.view",
            "Minutes",
            documents::minutes_page,
        ),
        Route::get(
            "/clusters/{cluster}/board/meetings/{meeting}/minutes.pdf",
            "board.export",
            "Minutes, PDF",
            documents::minutes_pdf,
        ),
        Route::get(
            "/clusters/{cluster}/board/meetings/{meeting}/minutes.txt",
            "board.export",
            "Minutes, text",
            documents::minutes_text,
        ),
    ]
}

fn records_of_meetings() -> Vec<Route> {
    vec![
        Route::post(
            "/clusters/{cluster}/board/meetings/{meeting}/holding",
            "board.prepare",
            "Note who came",
            holding::hold,
        )
        .takes::<holding::AttendanceForm>(),
        Route::post(
            "/clusters/{cluster}/board/meetings/{meeting}/minutes",
            "board.prepare",
            "Write minutes of an item",
            holding::minute,
        )
        .takes::<holding::MinutesForm>(),
        Route::post(
            "/clusters/{cluster}/board/meetings/{meeting}/decisions",
            "board.prepare",
            "Record a decision",
            holding::decide,
        )
        .takes::<holding::DecisionForm>(),
        Route::post(
            "/clusters/{cluster}/board/meetings/{meeting}/actions",
            "board.prepare",
            "Give somebody something to do",
            holding::give,
        )
        .takes::<holding::ActionForm>(),
        Route::post(
            "/clusters/{cluster}/board/meetings/{meeting}/signature",
            "board.sign",
            "Sign the minutes",
            holding::sign,
        )
        .takes::<meeting::NothingForm>(),
        Route::get("/clusters/{cluster}/board/decisions", "board.view", "Decisions", decisions::list),
        Route::get("/clusters/{cluster}/board/decisions.csv", "board.export", "Decisions, CSV", decisions::csv),
        Route::get("/clusters/{cluster}/board/decisions.xlsx", "board.export", "Decisions, workbook", decisions::xlsx),
        Route::get("/clusters/{cluster}/board/decisions/{decision}", "board.view", "A decision", decisions::show),
        Route::post(
            "/clusters/{cluster}/board/decisions/{decision}/review",
            "board.prepare",
            "Note what became of a decision",
            decisions::review,
        )
        .takes::<decisions::ReviewForm>(),
        Route::get("/clusters/{cluster}/board/actions", "board.view", "Actions", deeds::list),
        Route::get("/clusters/{cluster}/board/actions.csv", "board.export", "Actions, CSV", deeds::csv),
        Route::get("/clusters/{cluster}/board/actions.xlsx", "board.export", "Actions, workbook", deeds::xlsx),
        Route::post(
            "/clusters/{cluster}/board/actions/{action}/completion",
            "deed.complete",
            "An action is done",
            deeds::complete,
        )
        .takes::<deeds::DoneForm>(),
    ]
}
