//! Courses of NECLES: a simulation centre shared between partners, a year and a half of made-up sessions, and material of a made-up tool, of which a made-up system reports who completed it.

use std::collections::BTreeMap;

use chrono::{Duration, NaiveDate};
use hiec_access::people as accounts;
use hiec_contracts::demonstration::{Period, hospital};
use hiec_kernel::clock::{from_london, london_date};
use hiec_kernel::{PersonId, Problem};
use serde_json::json;
use uuid::Uuid;

use super::people::WITH_ACCOUNT;
use super::{Stage, day};
use crate::elearning::played::{make_provider, providers, register_tool, report};
use crate::sessions::played::{self, Feedback, NewPart, NewSession, PartKind};

/// Simulation days, each with the period in which it is over.
const DAYS: [(&str, Period); 9] = [
    ("2010-04-21", Period::FirstYear),
    ("2010-06-16", Period::FirstYear),
    ("2010-09-15", Period::FirstYear),
    ("2010-11-17", Period::AnnualMeeting),
    ("2011-02-16", Period::AnnualMeeting),
    ("2011-05-18", Period::SecondYear),
    ("2011-09-14", Period::Closing),
    ("2011-11-16", Period::Closing),
    ("2012-01-18", Period::Emergency),
];

/// The made-up system that reports, and what it reports on.
const REPORTING: &str = "Illustrative e-learning";
const READING: &str = "https://elearning.example/airway";
const CHECK: &str = "https://elearning.example/airway/check";

/// The planned day that stands open at the end of each period, with the day on which it was opened.
const NEXT: [(Period, &str, &str); 4] = [
    (Period::FirstYear, "2010-11-17", "2010-10-04"),
    (Period::AnnualMeeting, "2011-05-18", "2011-02-21"),
    (Period::SecondYear, "2011-09-14", "2011-07-04"),
    (Period::Closing, "2012-01-18", "2011-11-28"),
];

pub(super) async fn live_until(stage: &Stage<'_>, period: Period) -> Result<(), Problem> {
    if period == Period::FirstYear {
        courses(stage).await?;
    }
    for (on, _) in DAYS.iter().filter(|(_, over)| *over == period && period != Period::Emergency) {
        if !NEXT.iter().any(|(_, next, _)| next == on) {
            open(stage, day(on), day(on) - Duration::days(30), day(on) - Duration::days(28)).await?;
        }
        over(stage, day(on)).await?;
        completed(stage, day(on), period).await?;
    }
    for (_, on, opened) in NEXT.iter().filter(|(of, ..)| *of == period) {
        // Kept places are still kept when the demonstration stands there, so some wait.
        open(stage, day(on), day(opened), day(on) - Duration::days(7)).await?;
    }
    Ok(())
}

async fn courses(stage: &Stage<'_>) -> Result<(), Problem> {
    let mut unit = stage.begin("education-lead", day("2010-03-10")).await?;
    let cluster = stage.cluster;
    let urls = vec!["https://elearning.example/launch".to_owned()];
    let tool =
        register_tool(&mut unit, cluster, ("Illustrative e-learning", "https://elearning.example/login", urls), true)
            .await?;
    make_provider(&mut unit, cluster, REPORTING, true).await?;
    let part = |kind, title: &str, minutes, is_eligible| NewPart {
        kind,
        title: title.to_owned(),
        minutes,
        is_eligible,
        tool: None,
        target_url: String::new(),
        activity: String::new(),
    };
    let about = "Doctors, midwives and nurses learn together what they do together when somebody stops breathing";
    let airway = played::make_course(&mut unit, cluster, ("Airway and emergency skills", about), true).await?;
    let reading = NewPart {
        tool: Some(tool.id),
        target_url: READING.to_owned(),
        activity: READING.to_owned(),
        ..part(PartKind::Material, "Reading before the day", 45, false)
    };
    played::add_part(&mut unit, cluster, &airway, reading).await?;
    played::add_part(&mut unit, cluster, &airway, part(PartKind::Session, "Simulation", 180, true)).await?;
    let quiz = NewPart {
        activity: CHECK.to_owned(),
        ..part(PartKind::Reported, "Check of what stayed, four weeks later", 20, false)
    };
    played::add_part(&mut unit, cluster, &airway, quiz).await?;
    let about = "How to say that something is wrong, and how to hear it";
    let concerns = played::make_course(&mut unit, cluster, ("Raising concerns together", about), true).await?;
    played::add_part(&mut unit, cluster, &concerns, part(PartKind::Session, "An afternoon with patients", 150, false))
        .await?;
    Ok(unit.commit().await?)
}

/// Opens a simulation day on a day before, and lets trainees ask for places.
async fn open(stage: &Stage<'_>, on: NaiveDate, opened: NaiveDate, release_on: NaiveDate) -> Result<(), Problem> {
    let cluster = stage.cluster;
    let mut unit = stage.begin("education-lead", opened).await?;
    let Some(part) = played::part_named(&unit, cluster.id, "Simulation").await? else {
        return Ok(());
    };
    let at = |time: &str| from_london(&format!("{on} {time}")).map_err(Problem::internal);
    // The first two made-up hospitals pay for two places each.
    let shares: BTreeMap<Uuid, u32> = cluster
        .partners
        .iter()
        .filter(|partner| [hospital(1), hospital(2)].contains(&partner.organisation.name))
        .map(|partner| (partner.organisation.id.0, 2))
        .collect();
    let new = NewSession {
        part,
        place: "Illustrative Simulation Centre".to_owned(),
        starts_at: at("13:00")?,
        ends_at: at("16:00")?,
        capacity: 8,
        release_on,
        shares,
        is_illustrative: true,
    };
    let session = played::open_session(&mut unit, cluster, new).await?;
    unit.commit().await?;
    let turn = usize::try_from(on.signed_duration_since(day("2010-01-01")).num_days()).unwrap_or(0);
    for nth in 0..9 {
        let who = format!("trainee-{}", (turn + nth * 5) % WITH_ACCOUNT + 1);
        let Some(person) = stage.person(&who).await? else {
            continue;
        };
        let mut unit = stage.begin(&who, opened + Duration::days(3)).await?;
        let placed = played::placed_at(&unit, person.id, on).await?;
        let organisation = placed.or(person.employer.map(|one| one.0));
        played::ask(&mut unit, cluster, session.id, person.id, organisation).await?;
        unit.commit().await?;
    }
    Ok(())
}

/// What the made-up system reports of those who came: most had read the day before, and some did the check four weeks later.
async fn completed(stage: &Stage<'_>, on: NaiveDate, period: Period) -> Result<(), Problem> {
    let cluster = stage.cluster;
    let site = stage.state.site();
    for (activity, at, every) in [(READING, on - Duration::days(1), 4), (CHECK, on + Duration::days(28), 2)] {
        if at >= london_date(period.moment()) {
            continue;
        }
        let unit = stage.begin("the made-up system", at).await?;
        let system = providers(&unit, cluster.id).await?.into_iter().find(|one| one.name == REPORTING);
        let (Some(system), Some(session)) = (system, played::session_on(&unit, cluster.id, on).await?) else {
            return Ok(());
        };
        let came = played::of_session(&unit, session).await?.into_iter().filter(|one| one.attended_at.is_some());
        for (nth, booking) in came.enumerate().filter(|(nth, _)| nth % every != every - 1) {
            let Some(person) = accounts::by_id(&unit, PersonId(booking.person_id)).await? else {
                continue;
            };
            let statement = json!({
                "actor": {"mbox": format!("mailto:{}", person.email)},
                "verb": {"id": "http://adlnet.gov/expapi/verbs/completed", "display": {"en-GB": "completed"}},
                "object": {"id": activity},
                "result": {"completion": true, "score": {"scaled": if nth % 2 == 0 { 0.9 } else { 0.8 }}},
            });
            report(&unit, &system, site, &statement).await?;
        }
        unit.commit().await?;
    }
    Ok(())
}

/// The day after: who came is marked, and most say what it was like.
async fn over(stage: &Stage<'_>, on: NaiveDate) -> Result<(), Problem> {
    let cluster = stage.cluster;
    let after = on + Duration::days(1);
    let mut unit = stage.begin("education-lead", after).await?;
    let Some(session) = played::session_on(&unit, cluster.id, on).await? else {
        return Ok(());
    };
    let booked: Vec<_> =
        played::of_session(&unit, session).await?.into_iter().filter(|one| one.booked_at.is_some()).collect();
    let came: Vec<Uuid> = booked.iter().enumerate().filter(|(nth, _)| nth % 5 != 4).map(|(_, one)| one.id).collect();
    played::register(&mut unit, cluster, session, &came).await?;
    unit.commit().await?;
    for (nth, booking) in booked.iter().filter(|one| came.contains(&one.id)).enumerate() {
        let words = ["", "More time with the tutor in the second hour", "", "The same again with the team I work with"];
        let feedback = Feedback {
            score: if nth % 3 == 2 { 4 } else { 5 },
            words: words.get(nth % words.len()).copied().unwrap_or_default().to_owned(),
        };
        let unit = stage.begin("education-lead", after).await?;
        played::give_feedback(&unit, session, PersonId(booking.person_id), &feedback).await?;
        unit.commit().await?;
    }
    Ok(())
}
