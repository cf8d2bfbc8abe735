//! What people do with placements: plan one, change it, cancel it, take somebody out of programme. Refused where the rules refuse; one audit entry each.

use chrono::NaiveDate;
use hiec_kernel::{ClusterId, PersonId, Problem};
use hiec_store::database::StoreError;
use hiec_store::{AuditEvent, Reads, Unit};
use serde::Serialize;
use uuid::Uuid;

use super::rules::{self, Judged, Refusal};
use super::store::{self, Placement, PlacementKind, PlacementState};
use crate::ground;
use crate::posts::store::{self as posts, Post};
use crate::programmes::store as programmes;
use crate::trainees::store as trainees;
use crate::words::Wte;

/// A placement was planned, changed or cancelled. It names the trainee by id, never by name.
#[derive(Serialize)]
struct PlacementWritten<'a> {
    trainee: Uuid,
    post: Option<Uuid>,
    kind: PlacementKind,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    wte: Wte,
    state: PlacementState,
    source: &'a str,
    reason: &'a str,
}

impl AuditEvent for PlacementWritten<'_> {
    const KIND: &'static str = "education.placement";

    fn reason(&self) -> Option<&str> {
        (!self.reason.is_empty()).then_some(self.reason)
    }
}

/// What is said of a placement.
#[derive(Clone, Debug)]
pub(crate) struct NewPlacement {
    pub trainee: Uuid,
    pub post: Option<Uuid>,
    pub kind: PlacementKind,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    pub wte: Wte,
    pub supervisor: Option<PersonId>,
    pub is_counted: bool,
    pub state: PlacementState,
    pub source: String,
    pub is_illustrative: bool,
}

/// Why a placement was not stored.
#[derive(Debug)]
pub(crate) enum NotPlaced {
    Refused(Vec<Refusal>),
    Problem(Problem),
}

impl From<Problem> for NotPlaced {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<StoreError> for NotPlaced {
    fn from(error: StoreError) -> Self {
        Self::Problem(error.into())
    }
}

/// For those who have no form to show the reasons beside.
impl From<NotPlaced> for Problem {
    fn from(refusal: NotPlaced) -> Self {
        match refusal {
            NotPlaced::Problem(problem) => problem,
            NotPlaced::Refused(refusals) => {
                let said: Vec<String> = refusals.iter().map(ToString::to_string).collect();
                Self::conflict("This placement cannot stand", said.join(" "))
            }
        }
    }
}

/// What the rules say of a placement beside everything that is stored now.
pub(crate) async fn judge(reads: &impl Reads, placement: &Placement) -> Result<Vec<Refusal>, Problem> {
    let trainee = trainees::by_id(reads, placement.trainee).await?.ok_or_else(Problem::not_found)?;
    let programme = programmes::by_id(reads, trainee.programme).await?.ok_or_else(Problem::not_found)?;
    let of_trainee = store::of_trainee(reads, trainee.id).await?;
    let (post, in_post) = match placement.post {
        Some(post) => {
            (Some(posts::by_id(reads, post).await?.ok_or_else(Problem::not_found)?), store::of_post(reads, post).await?)
        }
        None => (None, Vec::new()),
    };
    let judged = Judged {
        placement,
        trainee: &trainee,
        programme: &programme,
        post: post.as_ref(),
        in_post: &in_post,
        of_trainee: &of_trainee,
    };
    Ok(rules::refusals(&judged))
}

/// What the rules say of a placement were it in this post, beside these others in it.
pub(crate) async fn judge_in(
    reads: &impl Reads,
    placement: &Placement,
    post: &Post,
    in_post: &[Placement],
) -> Result<Vec<Refusal>, Problem> {
    let trainee = trainees::by_id(reads, placement.trainee).await?.ok_or_else(Problem::not_found)?;
    let programme = programmes::by_id(reads, trainee.programme).await?.ok_or_else(Problem::not_found)?;
    let of_trainee = store::of_trainee(reads, trainee.id).await?;
    let judged = Judged {
        placement,
        trainee: &trainee,
        programme: &programme,
        post: Some(post),
        in_post,
        of_trainee: &of_trainee,
    };
    Ok(rules::refusals(&judged))
}

/// From a day on a placement is in another post, which was found to take it; one that spans the day is divided there.
pub(crate) async fn go_on_in(
    unit: &mut Unit,
    placement: &Placement,
    post: Uuid,
    from: NaiveDate,
    reason: &str,
) -> Result<(), Problem> {
    let reason = reason.to_owned();
    if placement.starts_on >= from {
        let moved = Placement { post: Some(post), reason, ..placement.clone() };
        store::save(unit, &moved).await?;
        return Ok(written(unit, &moved)?);
    }
    let (before, _) = rules::cut(placement, from, placement.ends_on);
    let Some(before) = before else { return Ok(()) };
    let kept = Placement { ends_on: before.to, reason, ..placement.clone() };
    store::save(unit, &kept).await?;
    written(unit, &kept)?;
    let rest =
        Placement { id: unit.new_id(), post: Some(post), starts_on: from, ends_on: placement.ends_on, ..kept.clone() };
    store::insert(unit, &rest).await?;
    Ok(written(unit, &rest)?)
}

/// Keeps others from filling the same post or placing the same trainee until this unit is through.
async fn hold(unit: &Unit, placement: &Placement) -> Result<(), StoreError> {
    let lock = unit.dialect().for_update();
    let sql = format!("SELECT id FROM education_trainee WHERE id = $1{lock}");
    unit.one::<Held>(&sql, hiec_store::values![placement.trainee]).await?;
    if let Some(post) = placement.post {
        let sql = format!("SELECT id FROM education_post WHERE id = $1{lock}");
        unit.one::<Held>(&sql, hiec_store::values![post]).await?;
    }
    Ok(())
}

#[derive(hiec_store::FromQueryResult)]
struct Held {
    #[expect(dead_code, reason = "the row is read to be held, not to be looked at")]
    id: Uuid,
}

/// Plans a placement. Time out of programme cuts what the trainee was to do in those days: the post is free then.
pub(crate) async fn plan(unit: &mut Unit, cluster: ClusterId, new: NewPlacement) -> Result<Placement, NotPlaced> {
    let placement = Placement {
        id: unit.new_id(),
        cluster,
        trainee: new.trainee,
        post: new.post,
        kind: new.kind,
        starts_on: new.starts_on,
        ends_on: new.ends_on,
        wte: new.wte,
        supervisor: new.supervisor,
        is_counted: new.is_counted && !new.kind.is_in_post(),
        state: new.state,
        source: new.source,
        reason: String::new(),
        is_illustrative: new.is_illustrative,
        version: 1,
    };
    hold(unit, &placement).await?;
    if !placement.kind.is_in_post() && placement.starts_on <= placement.ends_on {
        free_posts(unit, &placement).await?;
    }
    let refusals = judge(unit, &placement).await?;
    if !refusals.is_empty() {
        return Err(NotPlaced::Refused(refusals));
    }
    store::insert(unit, &placement).await?;
    written(unit, &placement)?;
    Ok(placement)
}

/// Shortens or divides the trainee's placements in posts around the days of this one.
async fn free_posts(unit: &mut Unit, out: &Placement) -> Result<(), Problem> {
    let theirs = store::of_trainee(unit, out.trainee).await?;
    let met = |one: &&Placement| {
        one.kind.is_in_post() && !one.is_cancelled() && one.starts_on <= out.ends_on && one.ends_on >= out.starts_on
    };
    for one in theirs.iter().filter(met) {
        let reason = out.kind.label().to_owned();
        let (before, after) = rules::cut(one, out.starts_on, out.ends_on);
        let kept = match before.or(after) {
            Some(part) => Placement { starts_on: part.from, ends_on: part.to, reason, ..one.clone() },
            None => Placement { state: PlacementState::Cancelled, reason, ..one.clone() },
        };
        store::save(unit, &kept).await?;
        written(unit, &kept)?;
        if let (Some(_), Some(after)) = (before, after) {
            let rest = Placement { id: unit.new_id(), starts_on: after.from, ends_on: after.to, ..kept };
            store::insert(unit, &rest).await?;
            written(unit, &rest)?;
        }
    }
    Ok(())
}

/// Changes a placement, with the reason it carries.
pub(crate) async fn change(unit: &mut Unit, changed: &Placement) -> Result<(), NotPlaced> {
    hold(unit, changed).await?;
    let refusals = judge(unit, changed).await?;
    if !refusals.is_empty() {
        return Err(NotPlaced::Refused(refusals));
    }
    store::save(unit, changed).await?;
    written(unit, changed)?;
    Ok(())
}

/// Cancels a placement; its days in the post are free again.
pub(crate) async fn cancel(unit: &mut Unit, placement: &Placement, reason: String) -> Result<(), Problem> {
    if placement.is_cancelled() {
        return Err(Problem::conflict(
            "This placement was cancelled already",
            "Open the page again to see when and why.",
        ));
    }
    let cancelled = Placement { state: PlacementState::Cancelled, reason, ..placement.clone() };
    store::save(unit, &cancelled).await?;
    written(unit, &cancelled)?;
    Ok(())
}

fn written(unit: &mut Unit, placement: &Placement) -> Result<(), StoreError> {
    let event = PlacementWritten {
        trainee: placement.trainee,
        post: placement.post,
        kind: placement.kind,
        starts_on: placement.starts_on,
        ends_on: placement.ends_on,
        wte: placement.wte,
        state: placement.state,
        source: &placement.source,
        reason: &placement.reason,
    };
    unit.audit(ground::stream(placement.cluster), format!("placement:{}", placement.id), &event)
}
