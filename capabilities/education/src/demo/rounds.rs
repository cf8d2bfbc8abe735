//! Made-up placement rounds of the programmes, one at each stage as the demonstration goes on; hosts, trainees and the team act as they would on the pages.

use hiec_contracts::demonstration::Period;
use hiec_kernel::{OrganisationId, Problem};
use hiec_store::Reads;

use super::people::HOSPITAL;
use super::{Stage, day, hosts};
use crate::programmes::store::{self as programmes, Programme};
use crate::rounds::actions::{self, NewRound};
use crate::rounds::groups::{Attribute, PART_TIME};
use crate::rounds::states::{Act, RoundState};
use crate::rounds::store::{
    self, AppealState, Appetite, Constraint, ConstraintKind, Entrant, GroupReserve, Ranking, Round,
};
use crate::rounds::{question, running};

const CARDIOLOGY: &str = "cardiology-training";
const GENERAL_PRACTICE: &str = "general-practice-training";
const OPHTHALMOLOGY: &str = "ophthalmology-training";
const PHYSIOTHERAPY: &str = "physiotherapy-degree";

/// Whom the appeal is from: the first of the trainees who can be looked as.
const WHO_APPEALS: &str = "trainee-1";

pub(super) async fn live_until(stage: &Stage<'_>, period: Period) -> Result<(), Problem> {
    match period {
        Period::FirstYear => {
            begin(stage, CARDIOLOGY, "Cardiology, August 2012", "2010-10-04", "2011-05-31").await?;
            step(stage, CARDIOLOGY, "2010-10-05", Act::AskHosts, "").await
        }
        Period::AnnualMeeting => {
            offer(stage, CARDIOLOGY, "2011-01-20").await?;
            step(stage, CARDIOLOGY, "2011-02-01", Act::OpenRanking, "").await?;
            rank(stage, CARDIOLOGY, "2011-02-20", 9).await
        }
        Period::SecondYear => {
            rank(stage, CARDIOLOGY, "2011-05-20", usize::MAX).await?;
            settle_beforehand(stage, "2011-05-25").await?;
            step(stage, CARDIOLOGY, "2011-06-01", Act::CloseRanking, "").await?;
            try_out(stage, CARDIOLOGY, "2011-06-02").await?;
            publish(stage, CARDIOLOGY, "2011-06-20").await?;
            appeal(stage, "2011-06-27").await?;
            begin(stage, OPHTHALMOLOGY, "Ophthalmology, August 2012", "2011-05-02", "2011-10-31").await?;
            step(stage, OPHTHALMOLOGY, "2011-05-03", Act::AskHosts, "").await?;
            offer(stage, OPHTHALMOLOGY, "2011-05-30").await?;
            keep_places(stage, OPHTHALMOLOGY, "2011-06-06").await?;
            step(stage, OPHTHALMOLOGY, "2011-06-13", Act::OpenRanking, "").await?;
            rank(stage, OPHTHALMOLOGY, "2011-07-04", 11).await?;
            begin(stage, GENERAL_PRACTICE, "General practice, August 2012", "2011-06-20", "2012-01-31").await?;
            step(stage, GENERAL_PRACTICE, "2011-06-21", Act::AskHosts, "").await?;
            begin(stage, PHYSIOTHERAPY, "Physiotherapy, August 2012", "2011-07-08", "2012-03-31").await
        }
        Period::Closing => {
            decide(stage, "2011-08-15").await?;
            step(stage, CARDIOLOGY, "2011-08-22", Act::Settle, "").await?;
            second(stage, "2011-09-05").await?;
            rank(stage, OPHTHALMOLOGY, "2011-10-20", usize::MAX).await?;
            step(stage, OPHTHALMOLOGY, "2011-11-01", Act::CloseRanking, "").await?;
            try_out(stage, OPHTHALMOLOGY, "2011-11-02").await?;
            offer(stage, GENERAL_PRACTICE, "2011-10-03").await?;
            step(stage, GENERAL_PRACTICE, "2011-11-14", Act::OpenRanking, "").await?;
            rank(stage, GENERAL_PRACTICE, "2011-11-28", 5).await?;
            step(stage, PHYSIOTHERAPY, "2011-11-15", Act::AskHosts, "").await
        }
        // By 2019 all of them are long over.
        Period::Emergency => {
            finish(stage, OPHTHALMOLOGY, ["2011-12-12", "2011-12-13", "2012-01-16"]).await?;
            rank(stage, GENERAL_PRACTICE, "2012-01-20", usize::MAX).await?;
            finish(stage, GENERAL_PRACTICE, ["2012-02-01", "2012-02-06", "2012-03-05"]).await?;
            offer(stage, PHYSIOTHERAPY, "2012-01-16").await?;
            step(stage, PHYSIOTHERAPY, "2012-02-01", Act::OpenRanking, "").await?;
            rank(stage, PHYSIOTHERAPY, "2012-03-12", usize::MAX).await?;
            finish(stage, PHYSIOTHERAPY, ["2012-04-02", "2012-04-10", "2012-05-14"]).await?;
            finish_second(stage).await
        }
        _ => Ok(()),
    }
}

/// Closes a round where it is still open, tries the rules out, publishes it and settles it.
async fn finish(stage: &Stage<'_>, key: &str, [closed, published, settled]: [&str; 3]) -> Result<(), Problem> {
    let (round, _) = of(&stage.state.database(), stage, key).await?;
    if round.state == RoundState::Ranking {
        step(stage, key, closed, Act::CloseRanking, "").await?;
        try_out(stage, key, closed).await?;
    }
    publish(stage, key, published).await?;
    step(stage, key, settled, Act::Settle, "").await
}

/// The second round of cardiology, for whoever the first left without a place; every host stands by what was left.
async fn finish_second(stage: &Stage<'_>) -> Result<(), Problem> {
    let second = async |reads: &hiec_store::Database| -> Result<Option<(Round, Programme)>, Problem> {
        let (first, programme) = of(reads, stage, CARDIOLOGY).await?;
        let found =
            store::of_cluster(reads, stage.cluster.id).await?.into_iter().find(|one| one.after == Some(first.id));
        Ok(found.map(|round| (round, programme)))
    };
    let database = stage.state.database();
    let Some((round, programme)) = second(&database).await? else { return Ok(()) };
    let offered = store::appetites(&database, round.id).await?;
    let hosts: Vec<OrganisationId> = offered.values().filter(|one| one.places > 0).map(|one| one.host).collect();
    if hosts.is_empty() {
        return Ok(());
    }
    for (on, act) in [("2012-02-01", Act::AskHosts), ("2012-02-08", Act::OpenRanking)] {
        let mut unit = stage.begin("education-lead", day(on)).await?;
        let round = store::by_id(&unit, round.id).await?.ok_or_else(Problem::not_found)?;
        actions::step(&mut unit, stage.cluster, &round, &programme, (act, "")).await?;
        unit.commit().await?;
    }
    let mut unit = stage.begin("the trainees", day("2012-02-20")).await?;
    let open = store::by_id(&unit, round.id).await?.ok_or_else(Problem::not_found)?;
    for entrant in store::entrants(&unit, round.id).await? {
        let ranking = Ranking { hosts: hosts.clone(), limit: None };
        actions::rank(&mut unit, &open, entrant.trainee_id, &ranking).await?;
    }
    unit.commit().await?;
    let mut unit = stage.begin("education-lead", day("2012-03-01")).await?;
    actions::step(&mut unit, stage.cluster, &open, &programme, (Act::CloseRanking, "")).await?;
    let run = unit.new_id();
    store::add_run(&unit, round.id, run).await?;
    unit.commit().await?;
    running::try_out_now(stage.state, round.id, run).await?;
    let mut unit = stage.begin("education-lead", day("2012-03-05")).await?;
    let tried = store::by_id(&unit, round.id).await?.ok_or_else(Problem::not_found)?;
    let published = actions::publish(&mut unit, stage.cluster, &tried, &programme).await?;
    unit.commit().await?;
    let mut unit = stage.begin("education-lead", day("2012-04-02")).await?;
    actions::step(&mut unit, stage.cluster, &published, &programme, (Act::Settle, "")).await?;
    Ok(unit.commit().await?)
}

/// The first round of a programme, as it stands now.
async fn of(reads: &impl Reads, stage: &Stage<'_>, key: &str) -> Result<(Round, Programme), Problem> {
    let missing = || Problem::internal(format!("no round of {key}"));
    let programme = programmes::by_key(reads, stage.cluster.id, key).await?.ok_or_else(missing)?;
    let rounds = store::of_cluster(reads, stage.cluster.id).await?;
    let round = rounds.into_iter().find(|one| one.programme == programme.id && one.after.is_none());
    Ok((round.ok_or_else(missing)?, programme))
}

async fn begin(stage: &Stage<'_>, key: &str, name: &str, on: &str, ranks_by: &str) -> Result<(), Problem> {
    let mut unit = stage.begin("education-lead", day(on)).await?;
    let programme = programmes::by_key(&unit, stage.cluster.id, key).await?;
    let programme = programme.ok_or_else(|| Problem::internal(format!("no programme {key}")))?;
    let new = NewRound {
        name: name.to_owned(),
        starts_on: day("2012-08-08"),
        ends_on: day("2013-02-05"),
        ranks_by: day(ranks_by),
        breadth: 3,
        is_illustrative: true,
    };
    actions::begin(&mut unit, stage.cluster, &programme, None, new).await?;
    Ok(unit.commit().await?)
}

async fn step(stage: &Stage<'_>, key: &str, on: &str, act: Act, reason: &str) -> Result<(), Problem> {
    let mut unit = stage.begin("education-lead", day(on)).await?;
    let (round, programme) = of(&unit, stage, key).await?;
    actions::step(&mut unit, stage.cluster, &round, &programme, (act, reason)).await?;
    Ok(unit.commit().await?)
}

/// Hosts say what they take; every third one place fewer than its posts hold, with the reason. The hospital with an educator answers itself.
async fn offer(stage: &Stage<'_>, key: &str, on: &str) -> Result<(), Problem> {
    const REASONS: [&str; 3] = [
        "A consultant who supervises is away until the autumn",
        "No room for another clinic",
        "What is paid for a trainee does not cover what one costs here",
    ];
    let mut unit = stage.begin("the hosts", day(on)).await?;
    let (round, programme) = of(&unit, stage, key).await?;
    let hospital = hosts::host(&unit, HOSPITAL).await?.id;
    let mut own = None;
    for (nth, host) in question::hosts(&unit, &round, &programme).await?.into_iter().enumerate() {
        let is_short = nth % 3 == 1;
        let appetite = Appetite {
            host: host.organisation,
            places: if is_short { host.holds - 1 } else { host.holds },
            least: 0,
            reason: if is_short { REASONS[nth % REASONS.len()].to_owned() } else { String::new() },
            answered_at: unit.now(),
        };
        if host.organisation == hospital {
            own = Some(appetite);
        } else {
            actions::state_appetite(&mut unit, &round, &appetite).await?;
        }
    }
    unit.commit().await?;
    if let Some(appetite) = own {
        let mut unit = stage.begin("host-hospital", day(on)).await?;
        actions::state_appetite(&mut unit, &round, &appetite).await?;
        unit.commit().await?;
    }
    Ok(())
}

/// So many of those who have not ranked yet rank up to five hosts, each in an order of their own.
async fn rank(stage: &Stage<'_>, key: &str, on: &str, most: usize) -> Result<(), Problem> {
    let database = stage.state.database();
    let (round, programme) = of(&database, stage, key).await?;
    let offered = store::appetites(&database, round.id).await?;
    let hosts: Vec<OrganisationId> = question::hosts(&database, &round, &programme)
        .await?
        .into_iter()
        .map(|host| host.organisation)
        .filter(|host| offered.contains_key(host))
        .collect();
    let entrants: Vec<Entrant> = store::entrants(&database, round.id).await?;
    let mut unit = stage.begin("the trainees", day(on)).await?;
    for (nth, entrant) in entrants.iter().enumerate().filter(|(_, one)| one.ranked_at.is_none()).take(most) {
        // The first hosts are liked best: some wishes have to clash.
        let mut liked: Vec<(usize, OrganisationId)> =
            hosts.iter().enumerate().map(|(at, host)| ((at * at + nth * 5 + at * nth) % 7 + at, *host)).collect();
        liked.sort_unstable();
        let ranking = Ranking { hosts: liked.into_iter().take(5).map(|(_, host)| host).collect(), limit: None };
        actions::rank(&mut unit, &round, entrant.trainee_id, &ranking).await?;
    }
    Ok(unit.commit().await?)
}

/// One place is given to a carer.
async fn settle_beforehand(stage: &Stage<'_>, on: &str) -> Result<(), Problem> {
    let mut unit = stage.begin("education-lead", day(on)).await?;
    let (round, _) = of(&unit, stage, CARDIOLOGY).await?;
    let hospital = hosts::host(&unit, HOSPITAL).await?.id;
    let entrants = store::entrants(&unit, round.id).await?;
    let nth = |at: usize| entrants.get(at).map(|one| one.trainee_id);
    if let Some(carer) = nth(5) {
        let constraint = Constraint {
            id: unit.new_id(),
            kind: ConstraintKind::Given,
            trainee: carer,
            other: None,
            host: Some(hospital),
            reason: "Cares for a parent near the hospital; papers seen".to_owned(),
        };
        actions::constrain(&mut unit, &round, &constraint).await?;
    }
    Ok(unit.commit().await?)
}

/// One place of the first host that takes two is kept for those who work less than full time.
async fn keep_places(stage: &Stage<'_>, key: &str, on: &str) -> Result<(), Problem> {
    let mut unit = stage.begin("education-lead", day(on)).await?;
    let (round, _) = of(&unit, stage, key).await?;
    let known = question::Known::load(&unit, &round).await?;
    let attribute = Attribute::Pattern;
    let entrants = store::entrants(&unit, round.id).await?;
    let group =
        entrants.iter().filter_map(|one| known.group(attribute, one.trainee_id)).find(|one| one.key == PART_TIME);
    let host = store::appetites(&unit, round.id).await?.into_values().find(|one| one.places >= 2).map(|one| one.host);
    if let (Some(group), Some(host)) = (group, host) {
        let reserve = GroupReserve {
            id: unit.new_id(),
            host,
            attribute,
            value: group.key,
            label: group.words,
            places: 1,
            is_released: true,
            reason: "Its clinics run on three days a week, which half-time rotas fit".to_owned(),
        };
        actions::keep_for(&mut unit, &round, &reserve).await?;
    }
    Ok(unit.commit().await?)
}

/// The queue does this for a page; here it is done at once.
async fn try_out(stage: &Stage<'_>, key: &str, on: &str) -> Result<(), Problem> {
    let unit = stage.begin("education-lead", day(on)).await?;
    let (round, _) = of(&unit, stage, key).await?;
    let run = unit.new_id();
    store::add_run(&unit, round.id, run).await?;
    unit.commit().await?;
    running::try_out_now(stage.state, round.id, run).await
}

async fn publish(stage: &Stage<'_>, key: &str, on: &str) -> Result<(), Problem> {
    let mut unit = stage.begin("education-lead", day(on)).await?;
    let (round, programme) = of(&unit, stage, key).await?;
    actions::publish(&mut unit, stage.cluster, &round, &programme).await?;
    Ok(unit.commit().await?)
}

async fn appeal(stage: &Stage<'_>, on: &str) -> Result<(), Problem> {
    let mut unit = stage.begin(WHO_APPEALS, day(on)).await?;
    let (round, _) = of(&unit, stage, CARDIOLOGY).await?;
    let person = stage.person(WHO_APPEALS).await?.map(|person| person.id.0);
    let entrants = store::entrants(&unit, round.id).await?;
    if let Some(own) = entrants.iter().find(|one| person.is_some() && one.person_id == person) {
        let reason = "I was told in spring that a place near home would be kept for me.";
        actions::appeal(&mut unit, &round, own.trainee_id, reason).await?;
    }
    Ok(unit.commit().await?)
}

/// The director decides: the education lead published.
async fn decide(stage: &Stage<'_>, on: &str) -> Result<(), Problem> {
    let mut unit = stage.begin("director", day(on)).await?;
    let (round, _) = of(&unit, stage, CARDIOLOGY).await?;
    let why = "No such promise is on record; the reasons given in the certificate hold.";
    for appeal in store::appeals(&unit, round.id).await? {
        actions::decide(&mut unit, stage.cluster, &round, appeal.id, (AppealState::Dismissed, why)).await?;
    }
    Ok(unit.commit().await?)
}

/// For whoever the first round left without a place, where it left anybody.
async fn second(stage: &Stage<'_>, on: &str) -> Result<(), Problem> {
    let mut unit = stage.begin("education-lead", day(on)).await?;
    let (first, programme) = of(&unit, stage, CARDIOLOGY).await?;
    let is_left = store::outcomes(&unit, first.id).await?.iter().any(|one| one.host_id.is_none());
    if is_left {
        let new = NewRound {
            name: format!("{}: second round", first.name),
            starts_on: first.starts_on,
            ends_on: first.ends_on,
            ranks_by: day("2012-02-29"),
            breadth: first.breadth,
            is_illustrative: true,
        };
        actions::begin(&mut unit, stage.cluster, &programme, Some(&first), new).await?;
    }
    Ok(unit.commit().await?)
}
