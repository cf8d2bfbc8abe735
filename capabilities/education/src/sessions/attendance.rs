//! `…/education/attendance.csv` and `.xlsx`: who had a place and who came, with the minutes that count for the tariff.

use hiec_files::table::{Cell, Table};
use hiec_kernel::Problem;
use hiec_web::{Answer, Loaded};

use super::doors::Courses;
use super::{bookings, store};
use crate::ground;

pub async fn csv(door: Loaded<Courses>) -> Answer {
    Ok(ground::csv(&door.cluster, &table(&door).await?))
}

pub async fn xlsx(door: Loaded<Courses>) -> Answer {
    Ok(ground::xlsx(&door.cluster, &table(&door).await?, door.now())?)
}

async fn table(door: &Loaded<Courses>) -> Result<Table, Problem> {
    let database = door.database();
    let courses = store::courses(&database, door.cluster.id).await?;
    let parts = store::parts(&database, door.cluster.id).await?;
    let sessions = store::sessions(&database, door.cluster.id).await?;
    let bookings = bookings::of_cluster(&database, door.cluster.id.0).await?;
    let mut table = Table::with_columns(
        "attendance",
        [
            ("course", "Name of the course"),
            ("part", "Title of its part"),
            ("starts_at", "When the session began"),
            ("place", "Where it was"),
            ("name", "Who had a place"),
            ("person_id", "Their id"),
            ("organisation", "From where"),
            ("attended", "Whether they came"),
            ("attended_by", "code or register"),
            ("minutes", "Minutes they were there"),
            ("eligible_minutes", "Minutes of these that count for the tariff"),
            ("illustrative", "Whether it was made up"),
        ],
    );
    for session in &sessions {
        let Some(part) = parts.iter().find(|part| part.id == session.part) else {
            continue;
        };
        let course = courses.iter().find(|course| course.id == part.course).map_or("", |course| course.name.as_str());
        let of_session = bookings.iter().filter(|one| one.session_id == session.id && one.booked_at.is_some());
        for booking in of_session {
            let minutes = if booking.attended_at.is_some() { session.minutes() } else { 0 };
            table.push([
                Cell::from(course),
                Cell::from(part.title.as_str()),
                Cell::from(session.starts_at),
                Cell::from(session.place.as_str()),
                Cell::from(booking.name.as_str()),
                Cell::from(booking.person_id.to_string()),
                Cell::from(booking.organisation.clone()),
                Cell::from(booking.attended_at.is_some()),
                Cell::from(booking.attended_by.clone()),
                Cell::from(minutes),
                Cell::from(if part.is_eligible { minutes } else { 0 }),
                Cell::from(booking.is_illustrative),
            ]);
        }
    }
    Ok(table)
}
