//! The meetings of NECLES: a board each quarter, the forum, and the first annual meeting on 1 March 2011 as published; agendas, words, decisions and actions are made up, except where the review is named.

mod agendas;

use hiec_contracts::demonstration::Period;
use hiec_kernel::clock::from_london;
use hiec_kernel::{PersonId, Problem};

use super::{Stage, day};
use crate::board::meeting_actions as meetings;
use crate::board::record_actions as records;
use crate::board::records as kept;
use crate::board::rules::{BodyKind, Capacity, DecisionRecord, Touches};
use crate::board::store::{self, Meeting, NewItem, NewMeeting};
use agendas::{ANNUAL, AgendaMeeting, BOARDS, FORUM};

pub(super) async fn live_until(stage: &Stage<'_>, period: Period) -> Result<(), Problem> {
    match period {
        Period::Founding => {
            set_up(stage).await?;
            plan(stage, &BOARDS[0]).await
        }
        Period::FirstYear => {
            whole(stage, &BOARDS[0], false).await?;
            interest(stage).await?;
            said(stage, "2010-04-12 18:00", "The papers are full of letters: NIV, PREM, KPI. I cannot say anything useful about words I do not know.").await?;
            whole(stage, &BOARDS[1], true).await?;
            finish(stage, 1, "2010-03-26 12:00", "Written to all seven; six have answered").await?;
            answered(
                stage,
                "2010-06-07 10:00",
                "No papers leave without a summary in plain words, and abbreviations are written out.",
                Some(2),
            )
            .await?;
            whole(stage, &FORUM, true).await?;
            finish(stage, 3, "2010-06-28 12:00", "On the web site").await?;
            whole(stage, &BOARDS[2], true).await?;
            plan(stage, &BOARDS[3]).await
        }
        Period::AnnualMeeting => {
            finish(stage, 2, "2010-11-19 16:00", "Three clinical leads have agreed").await?;
            whole(stage, &BOARDS[3], false).await?;
            finish(stage, 5, "2011-01-12 12:00", "All members are invited").await?;
            plan(stage, &ANNUAL).await?;
            papers(stage, &ANNUAL).await
        }
        Period::SecondYear => {
            rest(stage, &ANNUAL).await?;
            said(
                stage,
                "2011-03-02 09:30",
                "At the annual meeting the patients sat in the last row. Can one of us open the next one?",
            )
            .await?;
            whole(stage, &BOARDS[4], true).await?;
            finish(stage, 4, "2011-04-05 12:00", "The partners own it together; anybody may show it to teach").await?;
            finish(stage, 6, "2011-04-20 12:00", "Twelve units take part").await?;
            whole(stage, &BOARDS[5], true).await?;
            review(stage, 1, "2011-06-28 17:30", "Three were enough for the team in the first year: all three showed figures by December. It would be decided the same way again.").await?;
            plan(stage, &BOARDS[6]).await
        }
        Period::Closing => {
            finish(stage, 8, "2011-09-14 12:00", "Named for all but three, which nobody wants").await?;
            finish(stage, 9, "2011-07-14 12:00", "Agreed").await?;
            whole(stage, &BOARDS[6], false).await?;
            answered(
                stage,
                "2011-09-29 10:00",
                "A patient member opens the closing meeting and chairs its first hour.",
                None,
            )
            .await?;
            plan(stage, &BOARDS[7]).await?;
            papers(stage, &BOARDS[7]).await
        }
        Period::Emergency => Ok(()),
    }
}

async fn set_up(stage: &Stage<'_>) -> Result<(), Problem> {
    let cluster = &stage.cluster;
    let mut unit = stage.begin("director", "2010-01-19 10:00").await?;
    let bodies = [
        (
            BodyKind::Board,
            "Board",
            "Senior clinicians and managers. It decides on pathways, money and risks.",
            3,
            BOARD_SEATS.as_slice(),
        ),
        (
            BodyKind::Forum,
            "Partnership forum",
            "Representatives of those with a stake; it advises, and meets mostly by telephone.",
            2,
            FORUM_SEATS.as_slice(),
        ),
        (
            BodyKind::AnnualMeeting,
            "Annual meeting",
            "All members, once a year, first on 1 March 2011.",
            3,
            ANNUAL_SEATS.as_slice(),
        ),
    ];
    for (kind, name, terms, quorum, seats) in bodies {
        let body = meetings::open_body(&mut unit, cluster, kind, name, terms, quorum).await?;
        for (slug, capacity) in seats {
            if let Some(person) = stage.person(slug).await? {
                meetings::seat(&mut unit, cluster, &body, &person, *capacity, day("2010-01-19")?).await?;
            }
        }
    }
    Ok(unit.commit().await?)
}

const BOARD_SEATS: [(&str, Capacity); 5] = [
    ("cluster-chair", Capacity::Chair),
    ("director", Capacity::Member),
    ("board", Capacity::Member),
    ("patient", Capacity::Patient),
    ("facilitator", Capacity::Attends),
];
const FORUM_SEATS: [(&str, Capacity); 5] = [
    ("director", Capacity::Chair),
    ("facilitator", Capacity::Member),
    ("facilitator-two", Capacity::Member),
    ("board", Capacity::Member),
    ("patient", Capacity::Patient),
];
const ANNUAL_SEATS: [(&str, Capacity); 6] = [
    ("cluster-chair", Capacity::Chair),
    ("director", Capacity::Member),
    ("board", Capacity::Member),
    ("patient", Capacity::Patient),
    ("facilitator", Capacity::Member),
    ("facilitator-two", Capacity::Member),
];

/// From planning (unless it is planned already) to signed minutes.
async fn whole(stage: &Stage<'_>, written: &AgendaMeeting, with_planning: bool) -> Result<(), Problem> {
    if with_planning {
        plan(stage, written).await?;
    }
    papers(stage, written).await?;
    rest(stage, written).await
}

/// The meeting of a body that begins at this moment.
async fn meeting(stage: &Stage<'_>, written: &AgendaMeeting) -> Result<Meeting, Problem> {
    let starts = from_london(written.starts).map_err(Problem::internal)?;
    let all = store::meetings(&stage.state.database(), stage.cluster.id).await?;
    let found = all.into_iter().find(|one| one.starts_at == starts && one.body.name == written.body);
    found.ok_or_else(|| Problem::internal(format!("no meeting at {}", written.starts)))
}

async fn plan(stage: &Stage<'_>, written: &AgendaMeeting) -> Result<(), Problem> {
    let cluster = &stage.cluster;
    let mut unit = stage.begin("director", written.planned).await?;
    let bodies = store::bodies(&unit, cluster.id).await?;
    let body = bodies
        .iter()
        .find(|one| one.name == written.body)
        .ok_or_else(|| Problem::internal(format!("no body is called {}", written.body)))?;
    let new = NewMeeting {
        starts_at: from_london(written.starts).map_err(Problem::internal)?,
        ends_at: from_london(written.ends).map_err(Problem::internal)?,
        place: written.place.to_owned(),
    };
    meetings::plan(&mut unit, cluster, body, &new).await?;
    unit.commit().await?;

    let here = meeting(stage, written).await?;
    let partners = stage.partners().await?;
    let mut unit = stage.begin("director", written.planned).await?;
    for item in written.items {
        let organisations = partners
            .iter()
            .filter(|one| item.touches.contains(&one.organisation.name.as_str()))
            .map(|one| one.organisation.id)
            .collect();
        let new = NewItem {
            kind: item.kind,
            title: item.title.to_owned(),
            presenter: item.presenter.to_owned(),
            paper: item.paper.to_owned(),
            touches: Touches { organisations, people: vec![] },
        };
        meetings::add_item(&mut unit, cluster, &here, &new).await?;
    }
    meetings::summarise(&mut unit, cluster, &here, written.plain).await?;
    Ok(unit.commit().await?)
}

async fn papers(stage: &Stage<'_>, written: &AgendaMeeting) -> Result<(), Problem> {
    let here = meeting(stage, written).await?;
    let mut unit = stage.begin("director", written.papers).await?;
    meetings::send_papers(stage.state, &mut unit, &stage.cluster, &here).await?;
    Ok(unit.commit().await?)
}

/// Held, minuted, decided, given to do, and signed a week later.
async fn rest(stage: &Stage<'_>, written: &AgendaMeeting) -> Result<(), Problem> {
    let cluster = &stage.cluster;
    let site = stage.state.site();
    let here = meeting(stage, written).await?;
    let present = people(stage, written.present).await?;
    let apologies = people(stage, written.apologies).await?;
    let mut unit = stage.begin("director", written.ends).await?;
    meetings::hold(&mut unit, cluster, &here, present, apologies).await?;
    unit.commit().await?;

    let here = meeting(stage, written).await?;
    let mut unit = stage.begin("director", written.ends).await?;
    let items = store::items(&unit, here.id).await?;
    for (item, written) in items.iter().zip(written.items) {
        meetings::minute(&mut unit, cluster, &here, item.id, written.minutes).await?;
        if let Some(decision) = &written.decision {
            let papers = here.papers.as_ref();
            let evidence = papers.map(|papers| papers.figures.iter().take(2).cloned().collect()).unwrap_or_default();
            let record = DecisionRecord {
                title: decision.title.to_owned(),
                options: decision.options.iter().map(|one| (*one).to_owned()).collect(),
                chosen: decision.chosen.to_owned(),
                reason: decision.reason.to_owned(),
                evidence,
                papers: here.state.papers().map(|out| out.papers.clone()),
                dissent: decision.dissent.to_owned(),
            };
            let review_on = day(decision.review_on)?;
            records::decide(&mut unit, cluster, &here, Some(item.id), &record, review_on).await?;
        }
    }
    for (what, owner, due) in written.actions {
        if let Some(owner) = stage.person(owner).await? {
            records::give(site, &mut unit, cluster, &here, what, owner.id, day(due)?).await?;
        }
    }
    unit.commit().await?;

    let here = meeting(stage, written).await?;
    let mut unit = stage.begin("cluster-chair", written.signed).await?;
    meetings::sign(site, &mut unit, cluster, &here).await?;
    Ok(unit.commit().await?)
}

async fn people(stage: &Stage<'_>, slugs: &[&str]) -> Result<Vec<PersonId>, Problem> {
    let mut people = Vec::new();
    for slug in slugs {
        people.extend(stage.person(slug).await?.map(|person| person.id));
    }
    Ok(people)
}

/// A member of the board has an interest in the lead, and stands aside where it is touched.
async fn interest(stage: &Stage<'_>) -> Result<(), Problem> {
    let Some(member) = stage.person("board").await? else {
        return Ok(());
    };
    let mut unit = stage.begin("board", "2010-03-09 09:00").await?;
    let new = crate::board::rules::Declared {
        person: member.id,
        organisation: Some(stage.cluster.lead),
        about: None,
        what: "Illustrative: holds an honorary chair there".to_owned(),
    };
    records::declare(&mut unit, &stage.cluster, &new).await?;
    Ok(unit.commit().await?)
}

async fn said(stage: &Stage<'_>, at: &str, words: &str) -> Result<(), Problem> {
    if let Some(patient) = stage.person("patient").await? {
        let mut unit = stage.begin("patient", at).await?;
        records::say(&mut unit, &stage.cluster, patient.id, words).await?;
        unit.commit().await?;
    }
    Ok(())
}

/// Answers what waits.
async fn answered(stage: &Stage<'_>, at: &str, did: &str, decision: Option<i64>) -> Result<(), Problem> {
    let mut unit = stage.begin("director", at).await?;
    let waiting = kept::said(&unit, stage.cluster.id).await?;
    for one in waiting.iter().filter(|one| one.did.is_none()) {
        records::answer(&mut unit, &stage.cluster, one, did, decision).await?;
    }
    Ok(unit.commit().await?)
}

async fn finish(stage: &Stage<'_>, number: i64, at: &str, note: &str) -> Result<(), Problem> {
    let mut unit = stage.begin("director", at).await?;
    let deeds = kept::deeds(&unit, stage.cluster.id).await?;
    if let Some(deed) = deeds.iter().find(|one| one.number == number && one.done_at.is_none()) {
        records::finish(&mut unit, &stage.cluster, deed, note).await?;
    }
    Ok(unit.commit().await?)
}

async fn review(stage: &Stage<'_>, number: i64, at: &str, found: &str) -> Result<(), Problem> {
    let mut unit = stage.begin("cluster-chair", at).await?;
    let decisions = kept::decisions(&unit, stage.cluster.id).await?;
    if let Some(decision) = decisions.iter().find(|one| one.number == number) {
        records::review(&mut unit, &stage.cluster, decision, found).await?;
    }
    Ok(unit.commit().await?)
}
