//! How somebody comes into a post of a cluster, is inducted, hands over and leaves. Nobody comes to act for a commissioner and a provider at once: the rule on roles refuses it.

use chrono::NaiveDate;
use hiec_access::grants;
use hiec_kernel::clock::london_date;
use hiec_kernel::people::{Actor, Person};
use hiec_kernel::{Money, PersonId, Problem, Scope};
use hiec_store::{AuditEvent, Reads, Unit};
use hiec_web::Site;
use serde::Serialize;
use uuid::Uuid;

use super::rules::{PostKind, Step, days_in_words};
use super::store::{self, Post};
use crate::clusters::circle;
use crate::clusters::store::Cluster;

/// Somebody came into a post.
#[derive(Serialize)]
struct PostTaken<'a> {
    post: Uuid,
    person: PersonId,
    kind: PostKind,
    since: NaiveDate,
    until: NaiveDate,
    half_days: i64,
    cost: Money,
    pathway: &'a str,
}

impl AuditEvent for PostTaken<'_> {
    const KIND: &'static str = "post.taken";
}

/// A step of an induction was done.
#[derive(Serialize)]
struct Inducted {
    post: Uuid,
    step: Step,
}

impl AuditEvent for Inducted {
    const KIND: &'static str = "post.inducted";
}

/// Who takes over a post was said.
#[derive(Serialize)]
struct SuccessionSaid {
    post: Uuid,
    is_complete: bool,
}

impl AuditEvent for SuccessionSaid {
    const KIND: &'static str = "post.succession";
}

/// A post ended.
#[derive(Serialize)]
struct PostEnded<'a> {
    post: Uuid,
    person: PersonId,
    on: NaiveDate,
    reason: &'a str,
}

impl AuditEvent for PostEnded<'_> {
    const KIND: &'static str = "post.ended";

    fn reason(&self) -> Option<&str> {
        Some(self.reason)
    }
}

/// Refuses a post that somebody holds on those days: of chair and director there is one, and nobody holds a post twice.
pub(crate) async fn check_free(
    reads: &impl Reads,
    cluster: &Cluster,
    kind: PostKind,
    days: (NaiveDate, NaiveDate),
    person: Option<PersonId>,
) -> Result<(), Problem> {
    let (since, until) = days;
    let others = store::of_cluster(reads, cluster.id).await?;
    let is_held = |one: &&Post| one.kind == kind && one.since <= until && since <= one.last_day();
    let is_only = matches!(kind, PostKind::Chair | PostKind::Director);
    match others.iter().filter(is_held).find(|one| is_only || Some(one.person) == person) {
        Some(other) => Err(Problem::conflict(
            format!("{} holds this post on those days", other.person_name),
            "End that post first, or choose other days.",
        )),
        None => Ok(()),
    }
}

/// Brings somebody into a post, with the role it carries, and writes to them what to do first. `giver` is who brings them in.
pub(crate) async fn take(
    unit: &mut Unit,
    site: &Site,
    cluster: &Cluster,
    person: &Person,
    post: &Post,
    giver: &Actor,
) -> Result<(), Problem> {
    check_free(unit, cluster, post.kind, (post.since, post.until), Some(post.person)).await?;
    if let Some(role) = post.kind.role() {
        let (scope, within) = (Scope::Cluster(cluster.id.0), Some(cluster.id.0));
        grants::give_for(unit, post.person, role, scope, within, giver).await?;
    }
    store::insert(unit, cluster.id, post).await?;
    let event = PostTaken {
        post: post.id,
        person: post.person,
        kind: post.kind,
        since: post.since,
        until: post.until,
        half_days: post.half_days,
        cost: post.cost,
        pathway: &post.pathway,
    };
    unit.audit(cluster.stream(), format!("person:{}", post.person), &event)?;
    let steps: Vec<String> = Step::ALL.iter().map(|step| format!("- {}", step.label())).collect();
    let body = format!(
        "You are in the post of {} of {}, {}.\n\nYour induction has these steps:\n{}\n\nTick them off as you go:\n{}\n",
        post.kind.label().to_lowercase(),
        cluster.short_name,
        days_in_words(post.half_days),
        steps.join("\n"),
        site.link(&format!("{}/people/{}", cluster.path(), post.id))
    );
    let subject = format!("Welcome to {}", cluster.short_name);
    circle::write(unit, cluster, std::slice::from_ref(person), &subject, &body).await
}

/// Notes steps of an induction as done; those done before stay as they were.
pub(crate) async fn induct(
    unit: &mut Unit,
    cluster: &Cluster,
    post: &Post,
    steps: &[Step],
    by: PersonId,
) -> Result<(), Problem> {
    for step in steps {
        if store::do_step(unit, post.id, *step, by).await? > 0 {
            let event = Inducted { post: post.id, step: *step };
            unit.audit(cluster.stream(), format!("person:{}", post.person), &event)?;
        }
    }
    Ok(())
}

/// Says who takes over, and what is handed over.
pub(crate) async fn say_succession(
    unit: &mut Unit,
    cluster: &Cluster,
    post: &Post,
    successor: &str,
    handover: &str,
) -> Result<(), Problem> {
    store::set_succession(unit, post.id, successor, handover).await?;
    let event = SuccessionSaid { post: post.id, is_complete: !successor.is_empty() && !handover.is_empty() };
    unit.audit(cluster.stream(), format!("person:{}", post.person), &event)?;
    Ok(())
}

/// Ends a post, and its role where no other post of the person carries it.
pub(crate) async fn end(
    unit: &mut Unit,
    cluster: &Cluster,
    post: &Post,
    on: NaiveDate,
    reason: &str,
) -> Result<(), Problem> {
    if on < post.since {
        return Err(Problem::conflict("A post cannot end before it began", "Enter a later day."));
    }
    if on > london_date(unit.now()) {
        return Err(Problem::conflict(
            "The day is still to come, and the role that comes with the post ends at once",
            "End the post on its last day, or enter today.",
        ));
    }
    if store::end(unit, post.id, on, reason).await? == 0 {
        return Err(Problem::conflict("This post has ended already", "Open the list of people again."));
    }
    if let Some(role) = post.kind.role() {
        let others = store::of_cluster(unit, cluster.id).await?;
        let is_kept = others.iter().any(|one| {
            one.id != post.id && one.person == post.person && one.ended_on.is_none() && one.kind.role() == Some(role)
        });
        if !is_kept {
            let scope = Scope::Cluster(cluster.id.0);
            grants::end(unit, post.person, role, scope, Some(cluster.id.0), reason).await?;
        }
    }
    let event = PostEnded { post: post.id, person: post.person, on, reason };
    unit.audit(cluster.stream(), format!("person:{}", post.person), &event)?;
    Ok(())
}
