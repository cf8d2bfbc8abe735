//! `/clusters/{cluster}/education/courses`: the courses, their next sessions and how many places are left; and making a course.

use hiec_kernel::Problem;
use hiec_kernel::clock::on_page;
use hiec_web::components::own::{Downloads, EmptyState};
use hiec_web::components::{Button, Cell, Column, Table};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::html;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::doors::Courses;
use super::rules::hours;
use super::store::{self, Course, Part, Session};
use super::{actions, bookings};
use crate::ground::{self, LINE, LINES, made_up};

/// The most sessions shown; the course pages show all.
const NEXT: usize = 20;

#[derive(Serialize)]
struct Shown {
    courses: Vec<Course>,
    next: Vec<Next>,
}

#[derive(Serialize)]
struct Next {
    session: Session,
    course: String,
    title: String,
    path: String,
    /// Places still open to somebody without a share.
    open: u32,
    waiting: usize,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    name: String,
    about: String,
}

pub async fn get(door: Loaded<Courses>) -> Answer {
    let (cluster, now) = (&door.cluster, door.now());
    let courses = store::courses(&door.database(), cluster.id).await?;
    let parts = store::parts(&door.database(), cluster.id).await?;
    let sessions = store::sessions(&door.database(), cluster.id).await?;
    let bookings = bookings::of_cluster(&door.database(), cluster.id.0).await?;
    let next: Vec<Next> = sessions
        .into_iter()
        .filter(|session| session.times().may_be_booked(now))
        .take(NEXT)
        .filter_map(|session| {
            let part = parts.iter().find(|part| part.id == session.part)?;
            let course = courses.iter().find(|course| course.id == part.course)?;
            let of_session = || bookings.iter().filter(|one| one.session_id == session.id);
            let booked: Vec<Option<Uuid>> =
                of_session().filter(|one| one.booked_at.is_some()).map(|one| one.organisation_id).collect();
            Some(Next {
                course: course.name.clone(),
                title: part.title.clone(),
                path: session.path(cluster),
                open: session.places(now).open_to_all(&booked),
                waiting: of_session().filter(|one| one.booked_at.is_none()).count(),
                session,
            })
        })
        .collect();
    let new = format!("{}/new", door.path());
    let may = door.may("course.run");
    let minutes = |course: &Course| -> i64 {
        parts.iter().filter(|part: &&Part| part.course == course.id).map(|part| part.minutes).sum()
    };
    let view = html! {
        h1 { span.nhsuk-caption-xl { (cluster.short_name) ": education" } "Courses" }
        p { "Simulation, teaching and partners' material, shared by all partners. Places kept for partners are open to everybody from the day shown." }
        @if courses.is_empty() {
            @let empty = EmptyState::new("There is no course yet.");
            @if may { (empty.action("Make the first one", new.clone())) } @else { (empty) }
        } @else {
            (Table::new("Courses")
                .head([Column::new("Course"), Column::new("About"), Column::new("Time in all")])
                .first_cell_is_header(true)
                .rows(courses.iter().map(|course| vec![
                    Cell::new(html! { a.nhsuk-link href=(course.path(cluster)) { (course.name) } (made_up(course.is_illustrative)) }),
                    Cell::new(course.about.as_str()),
                    Cell::new(hours(minutes(course))),
                ])))
            @if may { p { (Button::link("Make a course", new.clone())) } }
            h2 { "Next sessions" }
            @if next.is_empty() { p { "No session is planned." } } @else {
                (Table::new("Next sessions")
                    .head([Column::new("When"), Column::new("What"), Column::new("Where"), Column::numeric("Open places"), Column::numeric("Waiting")])
                    .rows(next.iter().map(|one| vec![
                        Cell::new(html! { a.nhsuk-link href=(one.path) { (on_page(one.session.starts_at)) } (made_up(one.session.is_illustrative)) }),
                        Cell::new(format!("{}: {}", one.course, one.title)),
                        Cell::new(one.session.place.as_str()),
                        Cell::numeric(one.open),
                        Cell::numeric(one.waiting),
                    ])))
            }
            @if door.may("course.export") {
                (Downloads::new([
                    ("Attendance as CSV".to_owned(), format!("{}/education/attendance.csv", cluster.path())),
                    ("Attendance as a workbook".to_owned(), format!("{}/education/attendance.xlsx", cluster.path())),
                ]))
            }
        }
        @if door.may_with("learning_tool.list", &hiec_access::policy::Target { kind: "learning_tool", ..door.target.clone() }) {
            p { a.nhsuk-link href={ (cluster.path()) "/education/learning-tools" } { "Learning tools and what they report" } }
        }
    };
    Ok(ground::under(Page::new("Courses", view).data(&Shown { courses: courses.clone(), next })?, cluster)
        .under(crate::access::path(cluster), "Education")
        .into())
}

pub async fn new(door: Loaded<Courses>) -> Answer {
    Ok(page(&door, &Form::default(), &Errors::none())?.into())
}

fn page(door: &Loaded<Courses>, form: &Form, errors: &Errors) -> Result<Page, Problem> {
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (door.cluster.short_name) ": education" } "Make a course" }
        form method="post" novalidate {
            (ground::line_field("name", "Name", &form.name, errors))
            (ground::lines_field("about", "What it teaches, and whom", &form.about, errors))
            (Button::new("Make the course"))
        }
    };
    Ok(ground::under(Page::new("Make a course", view).data(form)?, &door.cluster)
        .under(crate::access::path(&door.cluster), "Education")
        .under(door.path(), "Courses"))
}

pub async fn post(door: Loaded<Courses>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let name = errors.text("name", "a name", &form.name, LINE);
    let about = errors.text("about", "what it teaches", &form.about, LINES);
    let (Some(name), Some(about)) = (name, about) else {
        return Ok(page(&door, &form, &errors)?.with_errors(&errors).into());
    };
    let mut unit = door.begin().await?;
    let course = actions::make_course(&mut unit, &door.cluster, (&name, &about), false).await?;
    unit.commit().await?;
    Ok(Done::made(course.path(&door.cluster)).saying("The course is made. Add its parts.").into())
}
