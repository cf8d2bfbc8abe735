//! What is done to bodies and meetings: set up, planned, papers sent, held, minuted, signed, cancelled; one unit each, told to those it concerns.

use hiec_kernel::clock::on_page;
use hiec_kernel::people::Person;
use hiec_kernel::{Fingerprint, PersonId, Problem};
use hiec_store::{AuditEvent, Mail, Unit};
use hiec_web::{AppState, Site};
use serde::Serialize;
use uuid::Uuid;

use super::minutes;
use super::papers::{self, Papers};
use super::reminders;
use super::rules::{BodyKind, Capacity};
use super::states::{Aside, Attendance, Held, Lacking, MeetingState, Prepared};
use super::store::{self, Body, Item, Meeting, Member, NewItem, NewMeeting};
use crate::clusters::store::Cluster;
use crate::desk::names;

/// A body was set up.
#[derive(Serialize)]
struct BodyOpened {
    kind: BodyKind,
    name: String,
    terms: String,
    quorum: i64,
}

impl AuditEvent for BodyOpened {
    const KIND: &'static str = "board.body_opened";
}

/// Somebody took a seat, or left it.
#[derive(Serialize)]
struct SeatChanged {
    body: Uuid,
    person: PersonId,
    capacity: Option<Capacity>,
    on: chrono::NaiveDate,
}

impl AuditEvent for SeatChanged {
    const KIND: &'static str = "board.seat_changed";
}

/// A meeting moved on.
#[derive(Serialize)]
struct MeetingMoved {
    meeting: String,
    to: &'static str,
    papers: Option<Fingerprint>,
    minutes: Option<Fingerprint>,
    aside: Vec<Aside>,
    reason: Option<String>,
}

impl AuditEvent for MeetingMoved {
    const KIND: &'static str = "board.meeting_moved";

    fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }
}

/// The agenda, the plain words or the minutes of an item changed.
#[derive(Serialize)]
struct MeetingWritten {
    part: &'static str,
    item: Option<Uuid>,
    words: String,
}

impl AuditEvent for MeetingWritten {
    const KIND: &'static str = "board.meeting_written";
}

pub(crate) async fn open_body(
    unit: &mut Unit,
    cluster: &Cluster,
    kind: BodyKind,
    name: &str,
    terms: &str,
    quorum: i64,
) -> Result<Body, Problem> {
    if store::bodies(unit, cluster.id).await?.iter().any(|one| one.name == name) {
        return Err(Problem::conflict("There is a body of this name already", "Choose another name."));
    }
    let body = Body { id: unit.new_id(), kind, name: name.to_owned(), terms: terms.to_owned(), quorum };
    store::insert_body(unit, cluster.id, &body).await?;
    let event = BodyOpened { kind, name: name.to_owned(), terms: terms.to_owned(), quorum };
    unit.audit(cluster.stream(), format!("body:{}", body.id), &event)?;
    Ok(body)
}

pub(crate) async fn seat(
    unit: &mut Unit,
    cluster: &Cluster,
    body: &Body,
    person: &Person,
    capacity: Capacity,
    since: chrono::NaiveDate,
) -> Result<(), Problem> {
    let sits = store::members(unit, body.id).await?;
    if sits.iter().any(|one| one.person == person.id && one.until.is_none()) {
        return Err(Problem::conflict("This person sits there already", "End their seat first to change it."));
    }
    store::insert_member(unit, body.id, person, capacity, since).await?;
    let event = SeatChanged { body: body.id, person: person.id, capacity: Some(capacity), on: since };
    unit.audit(cluster.stream(), format!("body:{}", body.id), &event)?;
    Ok(())
}

pub(crate) async fn unseat(
    unit: &mut Unit,
    cluster: &Cluster,
    body: &Body,
    person: PersonId,
    until: chrono::NaiveDate,
) -> Result<(), Problem> {
    if !store::end_member(unit, body.id, person, until).await? {
        return Err(Problem::conflict("This person does not sit there", "Nothing was changed."));
    }
    let event = SeatChanged { body: body.id, person, capacity: None, on: until };
    unit.audit(cluster.stream(), format!("body:{}", body.id), &event)?;
    Ok(())
}

pub(crate) async fn plan(unit: &mut Unit, cluster: &Cluster, body: &Body, new: &NewMeeting) -> Result<Uuid, Problem> {
    let (id, number) = store::insert_meeting(unit, body, new).await?;
    let event = MeetingMoved {
        meeting: format!("{}, meeting {number}, {}", body.name, on_page(new.starts_at)),
        to: "planned",
        papers: None,
        minutes: None,
        aside: vec![],
        reason: None,
    };
    unit.audit(cluster.stream(), format!("meeting:{id}"), &event)?;
    Ok(id)
}

/// An act that only fits a meeting whose agenda is still being made.
fn still_planned(meeting: &Meeting) -> Result<(), Problem> {
    match meeting.state {
        MeetingState::Planned(_) => Ok(()),
        _ => Err(Problem::conflict(
            "The papers are out: they stay as they stood",
            "Raise it at the meeting, or put it on the next agenda.",
        )),
    }
}

fn written(
    unit: &mut Unit,
    cluster: &Cluster,
    meeting: Uuid,
    part: &'static str,
    item: Option<Uuid>,
    words: &str,
) -> Result<(), Problem> {
    let event = MeetingWritten { part, item, words: words.to_owned() };
    unit.audit(cluster.stream(), format!("meeting:{meeting}"), &event)?;
    Ok(())
}

pub(crate) async fn add_item(
    unit: &mut Unit,
    cluster: &Cluster,
    meeting: &Meeting,
    new: &NewItem,
) -> Result<Uuid, Problem> {
    still_planned(meeting)?;
    let id = store::insert_item(unit, meeting.id, new).await?;
    written(unit, cluster, meeting.id, "agenda", Some(id), &new.title)?;
    Ok(id)
}

pub(crate) async fn summarise(
    unit: &mut Unit,
    cluster: &Cluster,
    meeting: &Meeting,
    words: &str,
) -> Result<(), Problem> {
    still_planned(meeting)?;
    store::set_summary(unit, meeting, words).await?;
    written(unit, cluster, meeting.id, "plain summary", None, words)
}

/// What keeps a meeting from its next state, as a problem for a person.
fn kept(lacking: &[Lacking]) -> Problem {
    let reasons: Vec<String> = lacking.iter().map(ToString::to_string).collect();
    Problem::conflict("This cannot be done yet", format!("{}.", reasons.join(". ")))
}

fn out_of_turn() -> Problem {
    Problem::conflict("The meeting does not stand where this can be done", "Open it again and look where it stands.")
}

/// What is known of a meeting before its papers go out.
pub(crate) fn prepared<'a>(meeting: &'a Meeting, items: &[Item], members: &[Member]) -> Prepared<'a> {
    Prepared {
        items: items.len(),
        members: members.len(),
        plain_summary: &meeting.plain_summary,
        starts_at: meeting.starts_at,
    }
}

/// Freezes the papers, sends them to everybody who sits in the body, and asks for the reminders.
pub(crate) async fn send_papers(
    state: &AppState,
    unit: &mut Unit,
    cluster: &Cluster,
    meeting: &Meeting,
) -> Result<(), Problem> {
    let now = unit.now();
    let items = store::items(unit, meeting.id).await?;
    let day = hiec_kernel::clock::london_date(meeting.starts_at);
    let members = store::sitting(unit, meeting.body.id, day).await?;
    let MeetingState::Planned(planned) = meeting.state.clone() else {
        return Err(out_of_turn());
    };
    let papers = papers::assemble(state, unit, cluster, meeting, now).await?;
    let print = papers.fingerprint()?;
    let out = planned
        .send_papers(prepared(meeting, &items, &members), print.clone(), unit.actor().person(), now)
        .map_err(|lacking| kept(&lacking))?;
    let next = MeetingState::PapersOut(out);
    store::save(unit, meeting, &next).await?;
    store::freeze_papers(unit, meeting, &papers).await?;
    moved(unit, cluster, meeting, &next, Some(print), None, vec![], None)?;
    for member in &members {
        let (subject, body) = papers_letter(state.site(), cluster, meeting, &papers, member);
        mail(unit, cluster, member, subject, body).await?;
    }
    reminders::ask(unit, meeting).await
}

/// A patient member reads the plain words before anything else; everybody is told of their interests.
fn papers_letter(
    site: &Site,
    cluster: &Cluster,
    meeting: &Meeting,
    papers: &Papers,
    member: &Member,
) -> (String, String) {
    let path = meeting.path(cluster);
    let agenda: Vec<String> = papers
        .items
        .iter()
        .map(|item| format!("{}. {} ({})", item.place, item.title, item.kind.to_lowercase()))
        .collect();
    let own: Vec<String> = papers
        .items
        .iter()
        .filter_map(|item| {
            let interest = item.interests.iter().find(|one| one.person == member.person)?;
            Some(format!("- item {}, {}: {}", item.place, item.title, interest.because.join("; ")))
        })
        .collect();
    let mut body = String::new();
    let plain = format!("In plain words:\n{}\n\n", papers.plain_summary);
    if member.capacity == Capacity::Patient {
        body.push_str(&plain);
    }
    body.push_str(&format!(
        "{}\n{}\nPlace: {}\n\nAgenda:\n{}\n\n",
        papers.title,
        on_page(meeting.starts_at),
        meeting.place,
        agenda.join("\n")
    ));
    if member.capacity != Capacity::Patient {
        body.push_str(&plain);
    }
    if !own.is_empty() {
        body.push_str(&format!("You have an interest in, and will stand aside for:\n{}\n\n", own.join("\n")));
    }
    body.push_str(&format!(
        "Papers: {}\nPack as PDF: {}\nFor your calendar: {}\n",
        site.link(&format!("{path}/papers")),
        site.link(&format!("{path}/pack.pdf")),
        site.link(&format!("{path}/invitation.ics"))
    ));
    (format!("Papers: {}, {}", papers.title, cluster.short_name), body)
}

/// A letter to somebody who sits in a body.
pub(crate) async fn mail(
    unit: &Unit,
    cluster: &Cluster,
    member: &Member,
    subject: String,
    body: String,
) -> Result<(), Problem> {
    let about = Some(format!("cluster:{}", cluster.id));
    Ok(unit.mail(Mail { to: member.email.clone(), person: Some(member.person), subject, body, about }).await?)
}

#[expect(clippy::too_many_arguments, reason = "one entry of the trail; each part is named in it")]
fn moved(
    unit: &mut Unit,
    cluster: &Cluster,
    meeting: &Meeting,
    to: &MeetingState,
    papers: Option<Fingerprint>,
    minutes: Option<Fingerprint>,
    aside: Vec<Aside>,
    reason: Option<String>,
) -> Result<(), Problem> {
    let event = MeetingMoved { meeting: meeting.title(), to: to.name(), papers, minutes, aside, reason };
    unit.audit(cluster.stream(), format!("meeting:{}", meeting.id), &event)?;
    Ok(())
}

pub(crate) async fn cancel(unit: &mut Unit, cluster: &Cluster, meeting: &Meeting, reason: &str) -> Result<(), Problem> {
    let (by, now) = (unit.actor().person(), unit.now());
    let cancelled = match meeting.state.clone() {
        MeetingState::Planned(planned) => planned.cancel(reason, by, now),
        MeetingState::PapersOut(out) => out.cancel(reason, by, now),
        _ => return Err(out_of_turn()),
    }
    .map_err(|lacking| kept(&lacking))?;
    let reason = cancelled.reason.clone();
    let next = MeetingState::Cancelled(cancelled);
    store::save(unit, meeting, &next).await?;
    moved(unit, cluster, meeting, &next, None, None, vec![], Some(reason.clone()))?;
    let day = hiec_kernel::clock::london_date(meeting.starts_at);
    for member in store::sitting(unit, meeting.body.id, day).await? {
        let body =
            format!("{} on {} will not take place.\n\nWhy: {reason}\n", meeting.title(), on_page(meeting.starts_at));
        mail(unit, cluster, &member, format!("Cancelled: {}, {}", meeting.title(), cluster.short_name), body).await?;
    }
    Ok(())
}

/// Notes that a meeting took place, who came, and who stood aside for what.
pub(crate) async fn hold(
    unit: &mut Unit,
    cluster: &Cluster,
    meeting: &Meeting,
    present: Vec<PersonId>,
    apologies: Vec<PersonId>,
) -> Result<(), Problem> {
    let MeetingState::PapersOut(out) = meeting.state.clone() else {
        return Err(out_of_turn());
    };
    let items = store::items(unit, meeting.id).await?;
    let aside: Vec<Aside> = papers::interests(unit, cluster, meeting, &items)
        .await?
        .into_iter()
        .flat_map(|(item, list)| {
            list.into_iter().map(move |one| Aside { item, person: one.person, because: one.because.join("; ") })
        })
        .filter(|one| present.contains(&one.person))
        .collect();
    let names = names(unit, present.clone()).await?;
    let quorum = usize::try_from(meeting.body.quorum).unwrap_or(0);
    let came = Attendance { present, apologies, quorum, aside: aside.clone() };
    let name = |person: PersonId| names.get(&person).cloned().unwrap_or_default();
    let held =
        out.hold(came, meeting.starts_at, name, unit.actor().person(), unit.now()).map_err(|lacking| kept(&lacking))?;
    let next = MeetingState::Held(held);
    store::save(unit, meeting, &next).await?;
    moved(unit, cluster, meeting, &next, None, None, aside, None)
}

/// An act that only fits a meeting that was held and whose minutes are not signed.
pub(crate) fn still_held(meeting: &Meeting) -> Result<&Held, Problem> {
    match &meeting.state {
        MeetingState::Held(held) => Ok(held),
        MeetingState::Signed(_) => Err(Problem::conflict(
            "The minutes are signed: nothing in them changes any more",
            "Put a correction on the agenda of the next meeting.",
        )),
        _ => Err(Problem::conflict("The meeting has not been noted as held", "Note first who came.")),
    }
}

pub(crate) async fn minute(
    unit: &mut Unit,
    cluster: &Cluster,
    meeting: &Meeting,
    item: Uuid,
    words: &str,
) -> Result<(), Problem> {
    still_held(meeting)?;
    store::set_minutes(unit, item, words).await?;
    written(unit, cluster, meeting.id, "minutes", Some(item), words)
}

/// Signs the minutes as they stand; those who came and those who did not are told where to read them.
pub(crate) async fn sign(site: &Site, unit: &mut Unit, cluster: &Cluster, meeting: &Meeting) -> Result<(), Problem> {
    let held = still_held(meeting)?.clone();
    let items = store::items(unit, meeting.id).await?;
    let without: Vec<String> =
        items.iter().filter(|item| item.minutes.trim().is_empty()).map(|item| item.title.clone()).collect();
    let minutes = minutes::written(unit, cluster, meeting).await?;
    let print = minutes.fingerprint()?;
    let signed =
        held.sign(&without, print.clone(), unit.actor().person(), unit.now()).map_err(|lacking| kept(&lacking))?;
    let next = MeetingState::Signed(signed);
    store::save(unit, meeting, &next).await?;
    store::freeze_minutes(unit, meeting, &minutes).await?;
    moved(unit, cluster, meeting, &next, None, Some(print), vec![], None)?;
    let day = hiec_kernel::clock::london_date(meeting.starts_at);
    for member in store::sitting(unit, meeting.body.id, day).await? {
        let link = site.link(&format!("{}/minutes", meeting.path(cluster)));
        let body = format!("The minutes of {} are signed.\n\nRead them: {link}\n", meeting.title());
        mail(unit, cluster, &member, format!("Minutes: {}, {}", meeting.title(), cluster.short_name), body).await?;
    }
    Ok(())
}
