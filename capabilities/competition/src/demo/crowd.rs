//! A round with as many bids and assessors as are asked for, at a moment of one's choosing, for measuring and for tests under load; everybody in it is made up.

use chrono::TimeDelta;
use hiec_access::people;
use hiec_files::FileStore;
use hiec_kernel::clock::{FixedClock, Timestamp};
use hiec_kernel::people::{Actor, Person};
use hiec_kernel::{BidId, Money, PersonId, Problem};
use hiec_store::{Database, FromQueryResult, Reads, values};
use uuid::Uuid;

use super::bidders::{self, Bidder, Fate};
use super::{CALL, Play, deciding, judging, moment, opening};
use crate::calls::amendments::Proposal;
use crate::calls::design::{CallDesign, MilestoneKey};
use crate::calls::designing::amendment;
use crate::calls::stages::Stage;
use crate::calls::{facts, store as calls};

/// How large a round is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Crowd {
    pub bids: usize,
    pub assessors: usize,
}

/// A bid with the person who leads it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Led {
    pub bid: BidId,
    pub lead: PersonId,
}

/// A review with the person who writes it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Assigned {
    pub review: Uuid,
    pub assessor: PersonId,
    pub is_submitted: bool,
}

/// Every bid is written and signed by its partners, none is submitted; bids are open for three days from `now`.
pub async fn before_the_deadline(
    database: Database,
    files: FileStore,
    crowd: Crowd,
    now: Timestamp,
) -> Result<(), Problem> {
    let play = prepared(database, files, crowd, now, "2009-10-16 12:00").await?;
    play.until(Stage::Bidding, &|_| {}).await
}

/// Every bid is opened and assigned, one assessor of 30 is still writing, all others have submitted, and a ranking is computed. Assessment
/// goes on for days.
pub async fn while_assessing(
    database: Database,
    files: FileStore,
    crowd: Crowd,
    now: Timestamp,
) -> Result<(), Problem> {
    let play = prepared(database, files, crowd, now, "2009-10-29 10:00").await?;
    play.until(Stage::Assessment, &|_| {}).await?;
    judging::review(&play, "2009-10-28 15:00", |nth| nth % 2 == 0 && nth % 30 != 0).await?;
    play.at("2009-10-29 09:00")?;
    deciding::compute(&play).await
}

/// The register, the people and the published call, with 2009 moved so that `now` is the local time `seen_as` then.
async fn prepared(
    database: Database,
    files: FileStore,
    crowd: Crowd,
    now: Timestamp,
    seen_as: &str,
) -> Result<Play, Problem> {
    let shift = now - hiec_kernel::clock::from_london(seen_as).map_err(Problem::internal)?;
    let load = u32::try_from((crowd.bids * 3).div_ceil(crowd.assessors.max(1))).unwrap_or(u32::MAX) + 2;
    let play = Play {
        database,
        clock: FixedClock::at(moment(Stage::Draft) + shift),
        files,
        bidders: bidders_of(crowd.bids)?,
        assessors: (1..=crowd.assessors).map(|nth| format!("crowd-assessor-{nth}")).collect(),
        load,
        shift,
    };
    opening::prepare(&play, &moved(facts::call_2009().map_err(Problem::internal)?, shift, load)).await?;
    let mut unit = play.database.begin(Actor::System("demonstration".into()), &play.clock).await?;
    for (nth, slug) in play.assessors.iter().enumerate() {
        let person = Person {
            id: PersonId(unit.new_id()),
            name: format!("Assessor {} Example", nth + 1),
            email: super::cast::email(slug),
            employer: None,
            is_illustrative: true,
        };
        people::add(&mut unit, &person, None).await?;
    }
    unit.commit().await?;
    Ok(play)
}

/// The call with every date moved, and assessors who may take as many bids as it needs.
fn moved(design: &CallDesign, shift: TimeDelta, load: u32) -> CallDesign {
    let mut design = design.clone();
    for milestone in &mut design.milestones {
        milestone.opens = milestone.opens.map(|at| at + shift);
        milestone.closes = milestone.closes.map(|at| at + shift);
    }
    design.award.max_load = design.award.max_load.max(load);
    design
}

/// The bidders of 2009 that bid, and made-up ones of every strength until there are enough.
fn bidders_of(bids: usize) -> Result<Vec<Bidder>, Problem> {
    let mut known: Vec<Bidder> = bidders::all()?.into_iter().filter(|bidder| bidder.fate == Fate::Bids).collect();
    known.truncate(bids);
    let regions = &facts::round_2009().map_err(Problem::internal)?.regions;
    let made_up = regions.iter().cycle().enumerate().skip(known.len()).take(bids - known.len()).map(|(nth, region)| {
        let place = region.name.trim_start_matches("NHS ");
        Bidder {
            title: format!("Illustrative Cluster {:04} ({place})", nth + 1),
            region: region.code.clone(),
            other_regions: vec![],
            lead: format!("Illustrative University ({place})"),
            themes: "frailty, respiratory care, rural access".into(),
            asks: Money::pounds(500_000 + 137 * i64::try_from(nth).unwrap_or(0)),
            is_invented: true,
            strength: 30 + u32::try_from((nth * 7) % 66).unwrap_or(0),
            fate: Fate::Bids,
        }
    });
    known.extend(made_up);
    Ok(known)
}

/// Brings the deadline for bids forward (or puts it off), by an amendment of the first officer.
pub async fn set_deadline(database: &Database, at: Timestamp, now: Timestamp) -> Result<(), Problem> {
    let clock = FixedClock::at(now);
    let call = calls::by_key(database, CALL, now).await?.ok_or_else(Problem::not_found)?;
    let officer = people::by_email(database, &super::cast::email("office")).await?.ok_or_else(Problem::not_found)?;
    let mut design = call.design().clone();
    for milestone in design.milestones.iter_mut().filter(|milestone| milestone.key == MilestoneKey::Bidding) {
        milestone.closes = Some(at);
    }
    let reason = "Illustrative: the deadline is set for a measurement".to_owned();
    let proposal = Proposal { design, reason, accepts_short_notice: true };
    let mut unit = database.begin(Actor::Person(officer.id), &clock).await?;
    amendment::amend(&mut unit, &call, proposal, &officer).await?;
    unit.commit().await?;
    Ok(())
}

/// Every bid with its lead, in the order they were formed.
pub async fn bids(database: &Database) -> Result<Vec<Led>, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        created_by: Uuid,
    }
    let rows: Vec<Row> =
        database.all("SELECT id, created_by FROM competition_bid ORDER BY created_at, id", values![]).await?;
    Ok(rows.into_iter().map(|row| Led { bid: BidId(row.id), lead: PersonId(row.created_by) }).collect())
}

/// Every review with its assessor.
pub async fn reviews(database: &Database) -> Result<Vec<Assigned>, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        assessor_id: Uuid,
        submitted_at: Option<Timestamp>,
    }
    let rows: Vec<Row> = database
        .all("SELECT id, assessor_id, submitted_at FROM competition_review ORDER BY assigned_at, id", values![])
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Assigned {
            review: row.id,
            assessor: PersonId(row.assessor_id),
            is_submitted: row.submitted_at.is_some(),
        })
        .collect())
}
