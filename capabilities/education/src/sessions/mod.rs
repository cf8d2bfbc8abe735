//! Courses of several parts and their sessions: places shared between partners, a waiting list, attendance by code, feedback without a name.

mod actions;
mod attendance;
mod bookings;
mod course_page;
pub(crate) mod doors;
mod list;
mod places;
mod progress;
mod reminders;
mod rules;
mod session_new;
mod session_page;
pub(crate) mod store;
mod taking_part;

pub(crate) use doors::samples;
pub(crate) use reminders::JOB;

use hiec_web::Route;

/// What the demonstration plays.
pub(crate) mod played {
    pub(crate) use super::actions::{
        NewPart, NewSession, add_part, ask, give_feedback, make_course, open_session, register,
    };
    pub(crate) use super::bookings::{Feedback, of_session, placed_at};
    pub(crate) use super::rules::PartKind;
    pub(crate) use super::store::{part_named, session_on};
}

pub(crate) fn routes() -> Vec<Route> {
    [course_routes(), session_routes()].into_iter().flatten().collect()
}

fn course_routes() -> Vec<Route> {
    vec![
        Route::get(
            "/clusters/{cluster}/education/courses",
            "course.list",
            "Courses and their next sessions",
            list::get,
        ),
        Route::get("/clusters/{cluster}/education/courses/new", "course.run", "Make a course: the page", list::new),
        Route::post("/clusters/{cluster}/education/courses/new", "course.run", "Make a course", list::post)
            .takes::<list::Form>(),
        Route::get(
            "/clusters/{cluster}/education/attendance.csv",
            "course.export",
            "Who came to which session, with hours that count, as CSV",
            attendance::csv,
        ),
        Route::get(
            "/clusters/{cluster}/education/attendance.xlsx",
            "course.export",
            "Who came to which session, with hours that count, as a workbook",
            attendance::xlsx,
        ),
        Route::get(
            "/clusters/{cluster}/education/courses/{course}",
            "course.view",
            "A course: its parts, its sessions, what the reader has done",
            course_page::get,
        ),
        Route::post(
            "/clusters/{cluster}/education/courses/{course}/parts",
            "course.run",
            "Add a part to a course",
            course_page::part,
        )
        .takes::<course_page::Form>(),
        Route::get(
            "/clusters/{cluster}/education/courses/{course}/sessions/new",
            "course.run",
            "Open a session: the page",
            session_new::get,
        ),
        Route::post(
            "/clusters/{cluster}/education/courses/{course}/sessions/new",
            "course.run",
            "Open a session with places kept for partners",
            session_new::post,
        ),
    ]
}

fn session_routes() -> Vec<Route> {
    vec![
        Route::get(
            "/clusters/{cluster}/education/sessions/{session}",
            "teaching.view",
            "A session: its places, and what the reader may do",
            session_page::get,
        ),
        Route::get(
            "/clusters/{cluster}/education/sessions/{session}/calendar.ics",
            "teaching.view",
            "A session for a calendar",
            session_page::calendar,
        ),
        Route::post(
            "/clusters/{cluster}/education/sessions/{session}/booking",
            "teaching.book",
            "Book a place, or wait for one",
            taking_part::booking,
        ),
        Route::post(
            "/clusters/{cluster}/education/sessions/{session}/cancellation",
            "teaching.book",
            "Give a place back",
            taking_part::cancellation,
        ),
        Route::post(
            "/clusters/{cluster}/education/sessions/{session}/attendance",
            "teaching.attend",
            "Type the session's code",
            taking_part::attendance,
        )
        .takes::<taking_part::CodeForm>(),
        Route::post(
            "/clusters/{cluster}/education/sessions/{session}/feedback",
            "teaching.judge",
            "Say what it was like, without a name",
            taking_part::feedback,
        )
        .takes::<taking_part::FeedbackForm>(),
        Route::post(
            "/clusters/{cluster}/education/sessions/{session}/register",
            "teaching.run",
            "Mark who came",
            taking_part::register,
        ),
        Route::post(
            "/clusters/{cluster}/education/sessions/{session}/code",
            "teaching.run",
            "Change the session's code",
            taking_part::code,
        ),
        Route::post(
            "/clusters/{cluster}/education/sessions/{session}/calling-off",
            "teaching.run",
            "Call a session off",
            taking_part::calling_off,
        )
        .takes::<taking_part::CallingOffForm>(),
    ]
}
