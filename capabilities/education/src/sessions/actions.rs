//! What people do with courses and sessions: make, book, cancel, come, judge. One audit entry each; places are given by `places` alone.

use chrono::NaiveDate;
use hiec_access::people;
use hiec_contracts::ClusterSeen;
use hiec_kernel::clock::{on_page, start_of_day};
use hiec_kernel::{PersonId, Problem, Timestamp};
use hiec_store::{Mail, Unit, audit_event};
use serde::Serialize;
use std::collections::BTreeMap;
use uuid::Uuid;

use super::bookings::{self, Booking, Feedback};
use super::reminders;
use super::rules::{self, MOST_WRONG, PartKind};
use super::store::{self, Course, Part, Session};
use crate::elearning;
use crate::ground;

#[derive(Serialize)]
struct CourseMade<'a> {
    name: &'a str,
}
impl hiec_store::AuditEvent for CourseMade<'_> {
    const KIND: &'static str = "course.made";
}

#[derive(Serialize)]
struct PartAdded<'a> {
    part: &'a Part,
}
impl hiec_store::AuditEvent for PartAdded<'_> {
    const KIND: &'static str = "course.part_added";
}

#[derive(Serialize)]
struct SessionOpened<'a> {
    session: &'a Session,
}
impl hiec_store::AuditEvent for SessionOpened<'_> {
    const KIND: &'static str = "session.opened";
}

#[derive(Serialize)]
struct PlaceAsked {
    person: PersonId,
    organisation: Option<Uuid>,
    is_booked: bool,
}
audit_event!(PlaceAsked, "session.place_asked");

#[derive(Serialize)]
struct MovedUp {
    person: Uuid,
}
audit_event!(MovedUp, "session.moved_up");

#[derive(Serialize)]
struct BookingCancelled {
    person: PersonId,
}
audit_event!(BookingCancelled, "session.booking_cancelled");

#[derive(Serialize)]
struct CalledOff {
    reason: String,
}
audit_event!(CalledOff, "session.called_off", reason);

#[derive(Serialize)]
struct Attended {
    person: Uuid,
    by: &'static str,
}
audit_event!(Attended, "session.attended");

#[derive(Serialize)]
struct AttendanceTakenBack {
    person: Uuid,
}
audit_event!(AttendanceTakenBack, "session.attendance_taken_back");

#[derive(Serialize)]
struct CodeChanged {
    session: Uuid,
}
audit_event!(CodeChanged, "session.code_changed");

fn subject(session: Uuid) -> String {
    format!("education_session:{session}")
}

pub(crate) async fn make_course(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    (name, about): (&str, &str),
    is_illustrative: bool,
) -> Result<Course, Problem> {
    let taken: Vec<String> = store::courses(unit, cluster.id).await?.into_iter().map(|course| course.key).collect();
    let course = Course {
        id: unit.new_id(),
        key: ground::key_of(name, &taken),
        name: name.to_owned(),
        about: about.to_owned(),
        is_illustrative,
    };
    store::add_course(unit, cluster.id, &course).await?;
    unit.audit(ground::stream(cluster.id), format!("course:{}", course.id), &CourseMade { name })?;
    Ok(course)
}

/// A part to be added at a course's end.
#[derive(Clone, Debug)]
pub(crate) struct NewPart {
    pub kind: PartKind,
    pub title: String,
    pub minutes: i64,
    pub is_eligible: bool,
    pub tool: Option<Uuid>,
    pub target_url: String,
    pub activity: String,
}

pub(crate) async fn add_part(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    course: &Course,
    new: NewPart,
) -> Result<Part, Problem> {
    let parts = store::parts(unit, cluster.id).await?;
    let last = parts.iter().filter(|part| part.course == course.id).map(|part| part.position).max().unwrap_or(0);
    let part = Part {
        id: unit.new_id(),
        course: course.id,
        position: last + 1,
        kind: new.kind,
        title: new.title,
        minutes: new.minutes,
        is_eligible: new.is_eligible,
        tool: new.tool,
        target_url: new.target_url,
        activity: new.activity,
    };
    store::add_part(unit, &part).await?;
    elearning::begin_line(unit, &part).await?;
    unit.audit(ground::stream(cluster.id), format!("course:{}", course.id), &PartAdded { part: &part })?;
    Ok(part)
}

/// A session to be opened.
#[derive(Clone, Debug)]
pub(crate) struct NewSession {
    pub part: Uuid,
    pub place: String,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub capacity: u32,
    pub release_on: NaiveDate,
    pub shares: BTreeMap<Uuid, u32>,
    pub is_illustrative: bool,
}

pub(crate) async fn open_session(unit: &mut Unit, cluster: &ClusterSeen, new: NewSession) -> Result<Session, Problem> {
    let session = Session {
        id: unit.new_id(),
        part: new.part,
        place: new.place,
        starts_at: new.starts_at,
        ends_at: new.ends_at,
        capacity: new.capacity,
        release_on: new.release_on,
        code: rules::code(rand::random()),
        called_off: None,
        shares: new.shares,
        is_illustrative: new.is_illustrative,
    };
    store::add_session(unit, cluster.id, &session).await?;
    reminders::plan(unit, cluster.id, &session).await?;
    unit.audit(ground::stream(cluster.id), subject(session.id), &SessionOpened { session: &session })?;
    Ok(session)
}

async fn held(unit: &Unit, session: Uuid) -> Result<Session, Problem> {
    store::held(unit, session).await?.ok_or_else(Problem::not_found)
}

/// Asks for a place: booked where there is one, else at the end of the waiting list. Answers whether it is booked.
pub(crate) async fn ask(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    session: Uuid,
    person: PersonId,
    organisation: Option<Uuid>,
) -> Result<bool, Problem> {
    let session = held(unit, session).await?;
    if !session.times().may_be_booked(unit.now()) {
        return Err(Problem::conflict(
            "This session takes no more bookings",
            "It has begun or was called off. Choose another one of its course.",
        ));
    }
    let bookings = bookings::of_session(unit, session.id).await?;
    if bookings.iter().any(|booking| booking.person_id == person.0) {
        return Err(Problem::conflict(
            "You have a place of this session, or wait for one, already",
            "Open the session: it says which.",
        ));
    }
    let places = session.places(unit.now());
    let booked: Vec<Option<Uuid>> =
        bookings.iter().filter(|one| one.booked_at.is_some()).map(|one| one.organisation_id).collect();
    // Nobody of the same organisation is overtaken who waits already.
    let is_first = !bookings.iter().any(|one| one.booked_at.is_none() && one.organisation_id == organisation);
    let is_booked = is_first && places.has_room(&booked, organisation);
    bookings::add(unit, session.id, person, organisation, (is_booked, session.is_illustrative)).await?;
    let event = PlaceAsked { person, organisation, is_booked };
    unit.audit(ground::stream(cluster.id), subject(session.id), &event)?;
    Ok(is_booked)
}

pub(crate) async fn cancel(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    session: Uuid,
    person: PersonId,
) -> Result<(), Problem> {
    let session = held(unit, session).await?;
    let bookings = bookings::of_session(unit, session.id).await?;
    let own = bookings.iter().find(|booking| booking.person_id == person.0);
    let Some(own) = own.filter(|_| session.times().may_be_booked(unit.now())) else {
        return Err(Problem::conflict(
            "There is no booking of yours to cancel",
            "It was cancelled already, or the session has begun.",
        ));
    };
    if own.attended_at.is_some() {
        return Err(Problem::conflict(
            "You are marked as having come, so this cannot be cancelled",
            "If that is wrong, ask whoever runs the session to correct the register.",
        ));
    }
    bookings::cancel(unit, own.id).await?;
    unit.audit(ground::stream(cluster.id), subject(session.id), &BookingCancelled { person })?;
    settle(unit, cluster, session.id).await?;
    Ok(())
}

/// Lets those who wait move up, in their order, and writes to them. Answers how many did.
pub(crate) async fn settle(unit: &mut Unit, cluster: &ClusterSeen, session: Uuid) -> Result<usize, Problem> {
    let session = held(unit, session).await?;
    if !session.times().may_be_booked(unit.now()) {
        return Ok(0);
    }
    let all = bookings::of_session(unit, session.id).await?;
    let booked: Vec<Option<Uuid>> =
        all.iter().filter(|one| one.booked_at.is_some()).map(|one| one.organisation_id).collect();
    let waiting: Vec<_> = all.iter().filter(|one| one.booked_at.is_none()).map(Booking::asker).collect();
    let moving = session.places(unit.now()).moving_up(&booked, &waiting);
    let title = title(unit, cluster, &session).await?;
    for asker in &moving {
        bookings::move_up(unit, asker.booking).await?;
        let Some(booking) = all.iter().find(|one| one.id == asker.booking) else {
            continue;
        };
        let body = format!(
            "A place has come free and is yours: {title}, {} at {}.\n\nIf you cannot come, cancel it under {}: the next one moves up.\n",
            on_page(session.starts_at),
            session.place,
            session.path(cluster)
        );
        write(unit, cluster, booking.person_id, &format!("You have a place: {title}"), body).await?;
        unit.audit(ground::stream(cluster.id), subject(session.id), &MovedUp { person: booking.person_id })?;
    }
    Ok(moving.len())
}

/// The course and the part of a session, as letters name it.
pub(crate) async fn title(unit: &Unit, cluster: &ClusterSeen, session: &Session) -> Result<String, Problem> {
    let parts = store::parts(unit, cluster.id).await?;
    Ok(parts.into_iter().find(|part| part.id == session.part).map(|part| part.title).unwrap_or_default())
}

pub(crate) async fn write(
    unit: &Unit,
    cluster: &ClusterSeen,
    person: Uuid,
    subject: &str,
    body: String,
) -> Result<(), Problem> {
    let Some(person) = people::open_by_id(unit, PersonId(person)).await? else {
        return Ok(());
    };
    let mail = Mail {
        to: person.email,
        person: Some(person.id),
        subject: subject.to_owned(),
        body,
        about: Some(format!("cluster:{}", cluster.id)),
    };
    Ok(unit.mail(mail).await?)
}

pub(crate) async fn call_off(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    session: Uuid,
    reason: &str,
) -> Result<(), Problem> {
    let session = held(unit, session).await?;
    if unit.now() >= session.ends_at || !store::call_off(unit, session.id, reason).await? {
        return Err(Problem::conflict("This session is over or was called off already", "Nothing was changed."));
    }
    let title = title(unit, cluster, &session).await?;
    for booking in bookings::of_session(unit, session.id).await? {
        let body = format!(
            "{title}, {} at {}, will not take place: {reason}\n\nOther sessions are under {}/education/courses.\n",
            on_page(session.starts_at),
            session.place,
            cluster.path()
        );
        write(unit, cluster, booking.person_id, &format!("Called off: {title}"), body).await?;
    }
    let event = CalledOff { reason: reason.to_owned() };
    Ok(unit.audit(ground::stream(cluster.id), subject(session.id), &event)?)
}

/// What became of a code somebody typed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Typed {
    Right,
    Wrong { left: i64 },
    TooMany,
}

/// Somebody with a place types the session's code. A wrong one is counted, so the caller commits in every case.
pub(crate) async fn type_code(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    session: Uuid,
    person: PersonId,
    typed: &str,
) -> Result<Typed, Problem> {
    let session = held(unit, session).await?;
    if !session.times().takes_codes(unit.now()) {
        return Err(Problem::conflict(
            "This session takes no codes now",
            "Its code works from half an hour before it begins to an hour after its end. Ask whoever runs it to mark you.",
        ));
    }
    let own = own(unit, session.id, person).await?;
    if own.attended_at.is_some() {
        return Ok(Typed::Right);
    }
    if own.wrong_codes >= MOST_WRONG {
        return Ok(Typed::TooMany);
    }
    if !rules::is_code(&session.code, typed) {
        bookings::note_wrong_code(unit, own.id).await?;
        let left = MOST_WRONG - own.wrong_codes - 1;
        return Ok(if left > 0 { Typed::Wrong { left } } else { Typed::TooMany });
    }
    bookings::attended(unit, own.id, "code").await?;
    let event = Attended { person: person.0, by: "code" };
    unit.audit(ground::stream(cluster.id), subject(session.id), &event)?;
    Ok(Typed::Right)
}

/// The person's place.
async fn own(unit: &Unit, session: Uuid, person: PersonId) -> Result<Booking, Problem> {
    let all = bookings::of_session(unit, session).await?;
    all.into_iter().find(|one| one.person_id == person.0 && one.booked_at.is_some()).ok_or_else(|| {
        Problem::conflict("You have no place of this session", "Ask whoever runs it to mark you if you were there.")
    })
}

/// Whoever runs the session says who came, of those with a place.
pub(crate) async fn register(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    session: Uuid,
    came: &[Uuid],
) -> Result<(), Problem> {
    let session = held(unit, session).await?;
    if !session.times().takes_register(unit.now()) {
        return Err(Problem::conflict(
            "The register is not open",
            "It is from the beginning of the session to two weeks after its end.",
        ));
    }
    for booking in bookings::of_session(unit, session.id).await?.iter().filter(|one| one.booked_at.is_some()) {
        match (came.contains(&booking.id), booking.attended_at.is_some()) {
            (true, false) => {
                bookings::attended(unit, booking.id, "register").await?;
                let event = Attended { person: booking.person_id, by: "register" };
                unit.audit(ground::stream(cluster.id), subject(session.id), &event)?;
            }
            (false, true) => {
                bookings::not_attended(unit, booking.id).await?;
                let event = AttendanceTakenBack { person: booking.person_id };
                unit.audit(ground::stream(cluster.id), subject(session.id), &event)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// A new code, where the old one went round.
pub(crate) async fn change_code(unit: &mut Unit, cluster: &ClusterSeen, session: Uuid) -> Result<(), Problem> {
    store::change_code(unit, session, &rules::code(rand::random())).await?;
    Ok(unit.audit(ground::stream(cluster.id), subject(session), &CodeChanged { session })?)
}

/// Feedback of somebody who came, kept without who. It has no audit entry: that would say whose it is.
pub(crate) async fn give_feedback(
    unit: &Unit,
    session: Uuid,
    person: PersonId,
    feedback: &Feedback,
) -> Result<(), Problem> {
    let session = held(unit, session).await?;
    let own = own(unit, session.id, person).await?;
    if !session.times().takes_feedback(unit.now()) || own.attended_at.is_none() {
        return Err(Problem::conflict(
            "This session takes no feedback from you now",
            "Those who came give it from its end to four weeks after.",
        ));
    }
    if !bookings::note_feedback(unit, own.id).await? {
        return Err(Problem::conflict("You gave feedback on this session already", "Thank you for it."));
    }
    Ok(bookings::add_feedback(unit, session.id, feedback).await?)
}

/// When kept places are released: at the start of the day.
pub(crate) fn release_moment(session: &Session) -> Result<Timestamp, Problem> {
    start_of_day(session.release_on).map_err(Problem::internal)
}
