//! Two years of made-up rotations, planned through the rules: nobody sits where there is no room, and three are out of programme for a time.

use chrono::{Months, NaiveDate};
use hiec_contracts::demonstration::Period;
use hiec_kernel::Problem;

use super::people::HOSPITAL;
use super::programmes::LINES;
use super::trainees::{EACH, number};
use super::{Stage, day, hosts};
use crate::placements::actions::{self, NewPlacement};
use crate::placements::store::{PlacementKind, PlacementState};
use crate::posts::store as posts;
use crate::programmes::store as programmes;
use crate::trainees::store as trainees;
use crate::words::Wte;

/// Who is out of programme: which trainee of which programme, in which turn of the second year, how, and whether it counts.
const OUT: [(usize, usize, u32, PlacementKind, bool); 3] = [
    (0, 5, 0, PlacementKind::OopResearch, false),
    (2, 6, 1, PlacementKind::ParentalLeave, false),
    (3, 7, 0, PlacementKind::OopTraining, true),
];

pub(super) async fn live_until(stage: &Stage<'_>, period: Period) -> Result<(), Problem> {
    match period {
        Period::FirstYear => year(stage, "2010-07-12", ("2010-08-04", "2011-08-03"), 0).await,
        Period::SecondYear => year(stage, "2011-05-16", ("2011-08-03", "2012-08-01"), 1).await,
        _ => Ok(()),
    }
}

/// A year of turns from its first day to the first of the next, planned on a day before.
async fn year(stage: &Stage<'_>, planned: &str, (first, next): (&str, &str), nth_year: usize) -> Result<(), Problem> {
    let mut unit = stage.begin("education-lead", day(planned)).await?;
    let cluster = stage.cluster.id;
    let all = posts::of_cluster(&unit, cluster).await?;
    let programmes = programmes::of_cluster(&unit, cluster).await?;
    let supervised = hosts::host(&unit, HOSPITAL).await?.id;
    let supervisor = stage.person("supervisor").await?.map(|person| person.id);
    let next_year = day(next);
    for (nth_programme, line) in LINES.iter().enumerate() {
        let programme = programmes.iter().find(|one| one.key == line.key);
        let here = all.iter().filter(|post| programme.is_some_and(|programme| post.programmes.contains(&programme.id)));
        // A place for each whole-time person a post holds.
        let places: Vec<_> = here
            .flat_map(|post| {
                std::iter::repeat_n(post, usize::try_from(post.capacity_on(day(first)).0 / 100).unwrap_or(0))
            })
            .collect();
        let turns = 12 / line.turn;
        for nth in 0..EACH {
            let who = number(nth * LINES.len() + nth_programme);
            let Some(trainee) = trainees::by_number(&unit, cluster, &who).await? else { continue };
            for turn in 0..turns {
                let starts_on = turn_of(day(first), line.turn * turn);
                let ends_on = match turn + 1 == turns {
                    true => next_year.min(trainee.ends_on.succ_opt().unwrap_or(trainee.ends_on)),
                    false => turn_of(day(first), line.turn * (turn + 1)),
                };
                let ends_on = ends_on.pred_opt().unwrap_or(ends_on).min(trainee.ends_on);
                if ends_on < starts_on {
                    continue;
                }
                let out = OUT.iter().find(|(programme, trainee, when, ..)| {
                    nth_year == 1 && *programme == nth_programme && *trainee == nth && *when == turn
                });
                // Two half-time people share a place: the second has the place of the first.
                let seat = if trainee.wte == Wte(50) { 18 } else { nth };
                let moved = (usize::try_from(turn).unwrap_or(0) + nth_year * 12) * 7;
                let post = places.get((seat + moved) % places.len().max(1)).copied().filter(|_| out.is_none());
                let new = NewPlacement {
                    trainee: trainee.id,
                    post: post.map(|post| post.id),
                    kind: out.map_or(PlacementKind::InPost, |(_, _, _, kind, _)| *kind),
                    starts_on,
                    ends_on,
                    wte: trainee.wte,
                    supervisor: supervisor.filter(|_| post.is_some_and(|post| post.host == supervised)),
                    is_counted: out.is_some_and(|(.., counted)| *counted),
                    state: PlacementState::Approved,
                    source: "entry".to_owned(),
                    is_illustrative: true,
                };
                actions::plan(&mut unit, cluster, new).await?;
            }
        }
    }
    unit.commit().await?;
    Ok(())
}

/// The first day of a turn so many months after the first day of the year.
fn turn_of(first: NaiveDate, months: u32) -> NaiveDate {
    first.checked_add_months(Months::new(months)).unwrap_or(first)
}

/// The trainees who can be looked as are the first of their programmes.
#[cfg(test)]
mod tests {
    #[test]
    fn the_first_trainees_bear_the_names_of_the_cast() {
        for (nth, slug) in ["trainee-1", "trainee-2", "trainee-3"].into_iter().enumerate() {
            let member = super::super::people::CAST.iter().find(|one| one.slug == slug).unwrap();
            assert_eq!(member.name, super::super::trainees::name(nth));
        }
    }
}
