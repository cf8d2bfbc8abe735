//! A post said anew: from its beginning, or from a day on as a post that follows it. Refused wherever a placement, a claim or a published round would become wrong.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use hiec_kernel::clock::day_on_page;
use hiec_kernel::{OrganisationId, Problem};
use hiec_store::database::StoreError;
use hiec_store::{AuditEvent, FromQueryResult, Reads, Unit, values};
use serde::Serialize;
use uuid::Uuid;

use super::actions;
use super::store::{self, CapacityStep, Funding, Post};
use crate::ground;
use crate::placements::actions as placing;
use crate::placements::rules;
use crate::placements::store::{self as placements, Placement};
use crate::rounds::store as rounds;
use crate::tariff::claims::store as claims;

/// A field of the form, and why it cannot be so.
pub(crate) type Wrong = (&'static str, String);

/// Why a post stays as it is.
#[derive(Debug)]
pub(crate) enum NotChanged {
    Wrong(Vec<Wrong>),
    Problem(Problem),
}

impl From<Problem> for NotChanged {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<StoreError> for NotChanged {
    fn from(error: StoreError) -> Self {
        Self::Problem(error.into())
    }
}

/// What a post says of itself that can be said anew.
#[derive(Serialize)]
struct Said<'a> {
    host: OrganisationId,
    site: &'a str,
    specialty: &'a str,
    grade: &'a str,
    setting: &'static str,
    ends_on: Option<NaiveDate>,
    first_capacity: Option<CapacityStep>,
    programmes: &'a [Uuid],
}

impl<'a> Said<'a> {
    fn of(post: &'a Post) -> Self {
        Self {
            host: post.host,
            site: &post.site,
            specialty: &post.specialty,
            grade: &post.grade,
            setting: post.setting.key(),
            ends_on: post.ends_on,
            first_capacity: post.capacity.first().copied(),
            programmes: &post.programmes,
        }
    }
}

/// What a post was all along was put down wrongly.
#[derive(Serialize)]
struct PostCorrected<'a> {
    number: &'a str,
    before: Said<'a>,
    after: Said<'a>,
    reason: &'a str,
}

impl AuditEvent for PostCorrected<'_> {
    const KIND: &'static str = "education.post.corrected";

    fn reason(&self) -> Option<&str> {
        Some(self.reason)
    }
}

/// A post ends, and another goes on in its place.
#[derive(Serialize)]
struct PostSucceeded<'a> {
    number: &'a str,
    successor: &'a str,
    from: NaiveDate,
    before: Said<'a>,
    after: Said<'a>,
    placements: usize,
    reason: &'a str,
}

impl AuditEvent for PostSucceeded<'_> {
    const KIND: &'static str = "education.post.succeeded";

    fn reason(&self) -> Option<&str> {
        Some(self.reason)
    }
}

/// Keeps others from placing anybody in the post until this unit is through.
async fn hold(unit: &Unit, post: Uuid) -> Result<(), StoreError> {
    #[derive(FromQueryResult)]
    struct Held {
        #[expect(dead_code, reason = "the row is read to be held, not to be looked at")]
        id: Uuid,
    }
    let sql = format!("SELECT id FROM education_post WHERE id = $1{}", unit.dialect().for_update());
    unit.one::<Held>(&sql, values![post]).await?;
    Ok(())
}

/// The placement with its days, for a sentence.
fn named(placement: &Placement) -> String {
    format!("The placement from {} to {}", day_on_page(placement.starts_on), day_on_page(placement.ends_on))
}

/// What of these placements would no longer fit the post, that fits it as it was.
async fn misfits(unit: &Unit, before: &Post, after: &Post, there: &[Placement]) -> Result<Vec<Wrong>, Problem> {
    // Room and days are looked at apart: here they are as they were.
    let was = |post: &Post| Post {
        capacity: before.capacity.clone(),
        starts_on: before.starts_on,
        ends_on: before.ends_on,
        ..post.clone()
    };
    let other_grade = Post { grade: after.grade.clone(), ..before.clone() };
    let all_but_grade = Post { grade: before.grade.clone(), ..was(after) };
    let mut wrong = Vec::new();
    for placement in there {
        let now = placing::judge_in(unit, placement, before, there).await?.len();
        for (field, post) in [("grade", &other_grade), ("programmes", &all_but_grade)] {
            let then = placing::judge_in(unit, placement, post, there).await?;
            if then.len() > now
                && let Some(last) = then.into_iter().find(|one| one.field == "post")
            {
                let what = format!("{} would be wrong: {}. Move or cancel it first", named(placement), last.what);
                wrong.push((field, what));
            }
        }
    }
    Ok(wrong)
}

fn overfilled(post: &Post, there: &[Placement]) -> Option<Wrong> {
    let (day, filled, holds) = rules::too_many(post, there, post.starts_on)?;
    let field = if post.ends_on.is_some_and(|last| last < day) { "ends_on" } else { "capacity" };
    let day = day_on_page(day);
    let what = format!(
        "On {day} the post would hold {holds} of whole-time, and {filled} is placed in it. Move or cancel placements first"
    );
    Some((field, what))
}

/// Says a post anew from its first day on.
pub(crate) async fn correct(unit: &mut Unit, before: &Post, after: &Post, reason: &str) -> Result<(), NotChanged> {
    hold(unit, before.id).await?;
    let all = placements::of_post(unit, before.id).await?;
    let there: Vec<Placement> = all.iter().filter(|one| !one.is_cancelled()).cloned().collect();
    let mut wrong = misfits(unit, before, after, &there).await?;
    wrong.extend(overfilled(after, &there));
    if after.host != before.host {
        let ids: BTreeSet<Uuid> = all.iter().map(|one| one.id).collect();
        for claim in claims::of_cluster(unit, before.cluster).await? {
            let content = claims::content(unit, claim.id).await?;
            let counts = content.lines.iter().any(|line| ids.contains(&line.placement));
            if counts && !claim.state.is_void() {
                let what = format!(
                    "The claim {} counts placements in this post for its present host. Change the host from a day on instead",
                    claim.number
                );
                wrong.push(("host", what));
            }
        }
        for round in rounds::rounds_of_post(unit, before.id).await? {
            let what = format!(
                "The round “{round}” placed somebody at its present host in this post. Change the host from a day on instead"
            );
            wrong.push(("host", what));
        }
    }
    if !wrong.is_empty() {
        return Err(NotChanged::Wrong(wrong));
    }
    store::save(unit, after).await?;
    store::set_programmes(unit, after).await?;
    if let Some(first) = after.capacity.first() {
        store::set_capacity(unit, after.id, *first).await?;
    }
    let event = PostCorrected { number: &after.number, before: Said::of(before), after: Said::of(after), reason };
    unit.audit(ground::stream(after.cluster), actions::subject(after.id), &event)?;
    Ok(())
}

/// From a day on another post goes on in this one's place: it takes the money, the room and the placements that run then. One that spans
/// the day is divided.
pub(crate) async fn succeed(
    unit: &mut Unit,
    before: &Post,
    after: &Post,
    (from, number): (NaiveDate, &str),
    reason: &str,
) -> Result<Post, NotChanged> {
    hold(unit, before.id).await?;
    if store::by_number(unit, before.cluster, number).await?.is_some() {
        let what = format!("There is a post {number} already. Give the one that goes on another number");
        return Err(NotChanged::Wrong(vec![("number", what)]));
    }
    let mut there = placements::of_post(unit, before.id).await?;
    there.retain(|one| !one.is_cancelled() && one.ends_on >= from);
    let last = from.checked_sub_days(Days::new(1)).unwrap_or(from);
    // Where the first room is left as it was, the one that goes on holds what this one would on that day.
    let first = match after.capacity.first() {
        Some(first) if before.capacity.first() != Some(first) => first.wte,
        _ => {
            before.capacity.iter().take_while(|step| step.from <= from).last().map(|step| step.wte).unwrap_or_default()
        }
    };
    let later = before.capacity.iter().filter(|step| step.from > from).copied();
    let successor = Post {
        id: unit.new_id(),
        number: number.to_owned(),
        starts_on: from,
        capacity: std::iter::once(CapacityStep { from, wte: first }).chain(later).collect(),
        funding: Vec::new(),
        follows: Some(before.id),
        ..after.clone()
    };
    let ahead: Vec<Placement> =
        there.iter().map(|one| Placement { starts_on: one.starts_on.max(from), ..one.clone() }).collect();
    let mut wrong = misfits(unit, before, &successor, &there).await?;
    wrong.extend(overfilled(&successor, &ahead));
    if !wrong.is_empty() {
        return Err(NotChanged::Wrong(wrong));
    }
    store::insert(unit, &successor).await?;
    hand_on_funding(unit, before, &successor, last).await?;
    for placement in &there {
        placing::go_on_in(unit, placement, successor.id, from, reason).await?;
    }
    store::save(unit, &Post { ends_on: Some(last), ..before.clone() }).await?;
    let event = PostSucceeded {
        number: &before.number,
        successor: number,
        from,
        before: Said::of(before),
        after: Said::of(&successor),
        placements: there.len(),
        reason,
    };
    unit.audit(ground::stream(before.cluster), actions::subject(before.id), &event)?;
    actions::added(unit, &successor)?;
    Ok(successor)
}

/// Money that runs on the day is divided; what begins later goes over whole.
async fn hand_on_funding(unit: &Unit, before: &Post, successor: &Post, last: NaiveDate) -> Result<(), StoreError> {
    for funding in before.funding.iter().filter(|one| one.to.is_none_or(|to| to >= successor.starts_on)) {
        if funding.from >= successor.starts_on {
            store::move_funding(unit, funding.id, successor.id).await?;
        } else {
            store::end_funding(unit, funding.id, last).await?;
            let rest = Funding { id: unit.new_id(), from: successor.starts_on, ..funding.clone() };
            store::add_funding(unit, successor.id, &rest).await?;
        }
    }
    Ok(())
}
