//! Where somebody whose appeal was upheld can go: the posts of the round's programme, those with room, those that would need an exception, and why the others cannot take them. It changes nothing.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use hiec_kernel::{OrganisationId, Problem};
use hiec_store::Reads;
use uuid::Uuid;

use super::question;
use super::store::{self, Outcome, Round};
use crate::placements::actions as placing;
use crate::placements::rules;
use crate::placements::scene::host_names;
use crate::placements::store::{self as placements, Placement, PlacementKind, PlacementState};
use crate::posts::store::{self as posts, CapacityStep, Post};
use crate::programmes::store::Programme;
use crate::trainees::store::Trainee;
use crate::words::Wte;

/// Whether a post can take them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Room {
    /// It has room, and its host takes one more.
    There,
    /// Only if the post is made to hold so much more, or the host takes more than it said.
    ByException { lacking: Wte, host_is_full: bool },
    /// Whatever room is made: why.
    No(String),
}

/// A post and whether it can take them.
#[derive(Clone, Debug)]
pub(crate) struct Offer {
    pub post: Post,
    pub host_name: String,
    pub room: Room,
}

impl Offer {
    /// In one line of a list to choose from.
    pub fn words(&self) -> String {
        format!("{}: {}, {}", self.host_name, self.post.number, self.post.site)
    }

    pub fn why_not(&self) -> String {
        match &self.room {
            Room::There => "It has room".to_owned(),
            Room::ByException { lacking, host_is_full } => {
                let post =
                    (*lacking > Wte::NONE).then(|| format!("the post lacks {lacking} of whole-time on some days"));
                let host = host_is_full.then(|| "the host would take more than it said".to_owned());
                let why: Vec<String> = post.into_iter().chain(host).collect();
                format!("Only by an exception: {}", why.join(", and "))
            }
            Room::No(why) => why.clone(),
        }
    }
}

/// The placement they have by this round as it stands now, or the one that would be made.
pub(crate) async fn placement_now(
    reads: &impl Reads,
    round: &Round,
    trainee: &Trainee,
    outcome: &Outcome,
) -> Result<(Placement, bool), Problem> {
    let stored = match outcome.placement_id {
        Some(id) => placements::by_id(reads, id).await?.filter(|one| !one.is_cancelled()),
        None => None,
    };
    let is_there = stored.is_some();
    let new = Placement {
        id: Uuid::nil(),
        cluster: round.cluster,
        trainee: trainee.id,
        post: None,
        kind: PlacementKind::InPost,
        starts_on: round.starts_on,
        ends_on: round.ends_on.min(trainee.ends_on),
        wte: trainee.wte,
        supervisor: None,
        is_counted: false,
        state: PlacementState::Planned,
        source: format!("round:{}", round.key),
        reason: String::new(),
        is_illustrative: round.is_illustrative,
        version: 1,
    };
    Ok((stored.unwrap_or(new), is_there))
}

/// All posts of the programme, those with room first. The one they are in already is left out.
pub(crate) async fn offers(
    reads: &impl Reads,
    round: &Round,
    programme: &Programme,
    placement: &Placement,
) -> Result<Vec<Offer>, Problem> {
    let all: Vec<Post> = posts::of_cluster(reads, round.cluster)
        .await?
        .into_iter()
        .filter(|post| question::trains(post, programme) && Some(post.id) != placement.post)
        .collect();
    let names = host_names(reads, &all).await?;
    let appetites = store::appetites(reads, round.id).await?;
    let mut taken: BTreeMap<OrganisationId, i64> = BTreeMap::new();
    for outcome in store::outcomes(reads, round.id).await?.iter().filter(|one| one.trainee_id != placement.trainee) {
        if let Some(host) = outcome.host_id {
            *taken.entry(OrganisationId(host)).or_default() += 1;
        }
    }
    let mut offers = Vec::new();
    for post in all {
        let takes = appetites.get(&post.host).map_or(0, |one| one.places);
        let host_is_full = takes <= taken.get(&post.host).copied().unwrap_or(0);
        let room = room(reads, placement, &post, host_is_full).await?;
        let host_name = names.get(&post.host).cloned().unwrap_or_else(|| "A former host".to_owned());
        offers.push(Offer { post, host_name, room });
    }
    let order = |one: &Offer| match one.room {
        Room::There => 0,
        Room::ByException { .. } => 1,
        Room::No(_) => 2,
    };
    offers.sort_by(|one, other| {
        (order(one), &one.host_name, &one.post.number).cmp(&(order(other), &other.host_name, &other.post.number))
    });
    Ok(offers)
}

async fn room(reads: &impl Reads, placement: &Placement, post: &Post, host_is_full: bool) -> Result<Room, Problem> {
    let there = placements::of_post(reads, post.id).await?;
    let asked = Placement { post: Some(post.id), ..placement.clone() };
    if placing::judge_in(reads, &asked, post, &there).await?.is_empty() {
        return Ok(match host_is_full {
            true => Room::ByException { lacking: Wte::NONE, host_is_full },
            false => Room::There,
        });
    }
    let standing = there.iter().filter(|one| one.id != asked.id && !one.is_cancelled());
    let free = rules::free(post.room(), &rules::held(standing), asked.starts_on, asked.ends_on);
    let least = free.iter().map(|stretch| stretch.wte).min().unwrap_or_default();
    let lacking = asked.wte.less(least);
    let wider = Post { capacity: widened(post, &asked, lacking), ..post.clone() };
    let refusals = placing::judge_in(reads, &asked, &wider, &there).await?;
    Ok(match refusals.is_empty() {
        true => Room::ByException { lacking, host_is_full },
        false => Room::No(refusals.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")),
    })
}

/// The steps of a post that holds so much more on the days of a placement, and what it held before and after.
pub(crate) fn widened(post: &Post, placement: &Placement, more: Wte) -> Vec<CapacityStep> {
    let after: Option<NaiveDate> = placement.ends_on.checked_add_days(Days::new(1));
    let holds = |day: NaiveDate| {
        let steps = post.capacity.iter().take_while(|step| step.from <= day);
        steps.last().map_or(Wte::NONE, |step| step.wte)
    };
    let within = |day: NaiveDate| (placement.starts_on..=placement.ends_on).contains(&day);
    let mut steps: BTreeMap<NaiveDate, Wte> = post.capacity.iter().map(|step| (step.from, step.wte)).collect();
    steps.entry(placement.starts_on).or_insert_with(|| holds(placement.starts_on));
    if let Some(after) = after {
        steps.entry(after).or_insert_with(|| holds(after));
    }
    steps
        .into_iter()
        .map(|(from, wte)| CapacityStep { from, wte: if within(from) { wte.plus(more) } else { wte } })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(typed: &str) -> NaiveDate {
        NaiveDate::parse_from_str(typed, "%Y-%m-%d").unwrap_or_default()
    }

    fn step(from: &str, wte: i64) -> CapacityStep {
        CapacityStep { from: day(from), wte: Wte(wte) }
    }

    #[test]
    fn a_post_holds_more_on_the_days_of_the_placement_alone() {
        let post = Post {
            id: Uuid::nil(),
            cluster: hiec_kernel::ClusterId(Uuid::nil()),
            number: "P".into(),
            host: OrganisationId(Uuid::nil()),
            site: String::new(),
            place: None,
            profession: crate::words::Profession::Medical,
            specialty: String::new(),
            grade: String::new(),
            setting: hiec_kernel::organisations::Setting::Secondary,
            starts_on: day("2010-01-01"),
            ends_on: None,
            capacity: vec![step("2010-01-01", 100), step("2011-10-01", 200)],
            programmes: Vec::new(),
            funding: Vec::new(),
            follows: None,
            is_illustrative: true,
        };
        let placement = Placement {
            id: Uuid::nil(),
            cluster: post.cluster,
            trainee: Uuid::nil(),
            post: None,
            kind: PlacementKind::InPost,
            starts_on: day("2011-08-03"),
            ends_on: day("2012-08-01"),
            wte: Wte::FULL,
            supervisor: None,
            is_counted: false,
            state: PlacementState::Planned,
            source: String::new(),
            reason: String::new(),
            is_illustrative: true,
            version: 1,
        };
        assert_eq!(
            widened(&post, &placement, Wte(50)),
            [step("2010-01-01", 100), step("2011-08-03", 150), step("2011-10-01", 250), step("2012-08-02", 200)]
        );
    }
}
