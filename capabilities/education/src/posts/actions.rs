//! What people do with posts: add one, change its room, name who pays. One audit entry each.

use chrono::NaiveDate;
use hiec_kernel::{OrganisationId, Problem};
use hiec_store::database::StoreError;
use hiec_store::{AuditEvent, Unit};
use serde::Serialize;
use uuid::Uuid;

use super::store::{self, CapacityStep, Funding, FundingKind, Post};
use crate::ground;
use crate::words::Wte;

/// A post was added.
#[derive(Serialize)]
struct PostAdded<'a> {
    number: &'a str,
    host: OrganisationId,
    specialty: &'a str,
    capacity: &'a [CapacityStep],
}

impl AuditEvent for PostAdded<'_> {
    const KIND: &'static str = "education.post.added";
}

/// A post holds more or less from a day on.
#[derive(Serialize)]
struct CapacityChanged {
    number: String,
    from: NaiveDate,
    before: Wte,
    after: Wte,
    reason: String,
}

impl AuditEvent for CapacityChanged {
    const KIND: &'static str = "education.post.capacity";

    fn reason(&self) -> Option<&str> {
        Some(&self.reason)
    }
}

/// Who pays for a post was said.
#[derive(Serialize)]
struct FundingNamed<'a> {
    number: &'a str,
    kind: FundingKind,
    body: &'a str,
    from: NaiveDate,
    to: Option<NaiveDate>,
}

impl AuditEvent for FundingNamed<'_> {
    const KIND: &'static str = "education.post.funding";
}

/// Adds a post; its id is made here. Its number must be free in the cluster.
pub(crate) async fn add(unit: &mut Unit, post: Post) -> Result<Post, Problem> {
    if ground::is_taken(unit, "education_post", post.cluster, &post.number).await? {
        return Err(number_taken(&post.number));
    }
    let post = Post { id: unit.new_id(), ..post };
    store::insert(unit, &post).await?;
    added(unit, &post)?;
    Ok(post)
}

/// Puts down that a post was added.
pub(super) fn added(unit: &mut Unit, post: &Post) -> Result<(), StoreError> {
    let event =
        PostAdded { number: &post.number, host: post.host, specialty: &post.specialty, capacity: &post.capacity };
    unit.audit(ground::stream(post.cluster), subject(post.id), &event)
}

pub(crate) fn number_taken(number: &str) -> Problem {
    Problem::conflict(
        format!("There is a post {number} already"),
        "Give the new one another number, or change the one that is there.",
    )
}

/// From a day on the post holds so much, until the next step. Whether those placed there still fit is for the rules of placements.
pub(crate) async fn change_capacity(
    unit: &mut Unit,
    post: &Post,
    step: CapacityStep,
    reason: String,
) -> Result<(), Problem> {
    store::set_capacity(unit, post.id, step).await?;
    let event = CapacityChanged {
        number: post.number.clone(),
        from: step.from,
        before: post.capacity_on(step.from),
        after: step.wte,
        reason,
    };
    unit.audit(ground::stream(post.cluster), subject(post.id), &event)?;
    Ok(())
}

pub(crate) async fn fund(unit: &mut Unit, post: &Post, funding: &Funding) -> Result<(), Problem> {
    store::add_funding(unit, post.id, funding).await?;
    let event = FundingNamed {
        number: &post.number,
        kind: funding.kind,
        body: &funding.body,
        from: funding.from,
        to: funding.to,
    };
    unit.audit(ground::stream(post.cluster), subject(post.id), &event)?;
    Ok(())
}

pub(super) fn subject(post: Uuid) -> String {
    format!("post:{post}")
}
