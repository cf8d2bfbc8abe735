//! Posts of a cluster as stored, with the steps of their induction. An ended post keeps its row.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hiec_access::policy::Target;
use hiec_kernel::{ClusterId, Money, PersonId, Problem, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use hiec_web::{Loading, Resource};
use serde::Serialize;
use uuid::Uuid;

use super::rules::{Basis, PostKind, Step, lacks_successor};
use crate::clusters::store::{self as clusters, Cluster, own_sites};

/// Somebody in a post.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Post {
    pub id: Uuid,
    pub person: PersonId,
    pub person_name: String,
    pub is_illustrative: bool,
    pub kind: PostKind,
    pub basis: Basis,
    /// Who employs them; empty where nobody does.
    pub employer: String,
    pub pathway: String,
    pub since: NaiveDate,
    /// The last day of the term.
    pub until: NaiveDate,
    /// Work a week, in half days.
    pub half_days: i64,
    /// Of the whole term.
    pub cost: Money,
    /// Who takes over.
    pub successor: String,
    /// What is handed over, and where it lies.
    pub handover: String,
    pub ended_on: Option<NaiveDate>,
    pub ended_reason: Option<String>,
    /// Steps of the induction that are done, with when.
    pub induction: BTreeMap<&'static str, Timestamp>,
}

impl Post {
    pub fn is_held_on(&self, day: NaiveDate) -> bool {
        self.since <= day && day <= self.ended_on.unwrap_or(self.until)
    }

    pub fn last_day(&self) -> NaiveDate {
        self.ended_on.unwrap_or(self.until)
    }

    pub fn lacks_successor(&self, today: NaiveDate) -> bool {
        lacks_successor(self.last_day(), today, &self.successor, &self.handover)
    }

    /// The steps of the induction still to do.
    pub fn to_do(&self) -> impl Iterator<Item = Step> + '_ {
        Step::ALL.iter().copied().filter(|step| !self.induction.contains_key(step.key()))
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    person_id: Uuid,
    person_name: String,
    is_illustrative: bool,
    post: String,
    basis: String,
    employer: String,
    pathway: String,
    since: NaiveDate,
    until: NaiveDate,
    half_days: i64,
    cost: i64,
    successor: String,
    handover: String,
    ended_on: Option<NaiveDate>,
    ended_reason: Option<String>,
}

#[derive(FromQueryResult)]
struct StepRow {
    post_id: Uuid,
    step: String,
    done_at: Timestamp,
}

/// Everybody in a post of the cluster, now or before: those in office first, by post and name.
pub(crate) async fn of_cluster(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Post>, StoreError> {
    let rows: Vec<Row> = reads
        .all(
            "SELECT s.id, s.person_id, p.name AS person_name, p.is_illustrative, s.post, s.basis, s.employer, s.pathway, \
             s.since, s.until, s.half_days, s.cost, s.successor, s.handover, s.ended_on, s.ended_reason \
             FROM cluster_post s JOIN base_person p ON p.id = s.person_id WHERE s.cluster_id = $1 \
             ORDER BY CASE WHEN s.ended_on IS NULL THEN 0 ELSE 1 END, \
             CASE s.post WHEN 'chair' THEN 0 WHEN 'director' THEN 1 WHEN 'facilitator' THEN 2 WHEN 'fellow' THEN 3 ELSE 4 END, \
             p.name, s.since, s.id",
            values![cluster.0],
        )
        .await?;
    let steps: Vec<StepRow> = reads
        .all(
            "SELECT i.post_id, i.step, i.done_at FROM cluster_induction i JOIN cluster_post s ON s.id = i.post_id \
             WHERE s.cluster_id = $1 ORDER BY i.post_id, i.step",
            values![cluster.0],
        )
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let done = steps.iter().filter(|one| one.post_id == row.id);
            Some(Post {
                induction: done.filter_map(|one| Some((Step::from_key(&one.step)?.key(), one.done_at))).collect(),
                id: row.id,
                person: PersonId(row.person_id),
                person_name: row.person_name,
                is_illustrative: row.is_illustrative,
                kind: PostKind::from_key(&row.post)?,
                basis: Basis::from_key(&row.basis)?,
                employer: row.employer,
                pathway: row.pathway,
                since: row.since,
                until: row.until,
                half_days: row.half_days,
                cost: Money(row.cost),
                successor: row.successor,
                handover: row.handover,
                ended_on: row.ended_on,
                ended_reason: row.ended_reason,
            })
        })
        .collect())
}

pub(crate) async fn insert(unit: &Unit, cluster: ClusterId, post: &Post) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO cluster_post (id, cluster_id, person_id, post, basis, employer, pathway, since, until, half_days, cost, \
         successor, handover, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1)",
        values![
            post.id,
            cluster.0,
            post.person.0,
            post.kind.key(),
            post.basis.key(),
            post.employer.clone(),
            post.pathway.clone(),
            post.since,
            post.until,
            post.half_days,
            post.cost.0,
            post.successor.clone(),
            post.handover.clone()
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn set_succession(unit: &Unit, post: Uuid, successor: &str, handover: &str) -> Result<(), StoreError> {
    unit.execute(
        "UPDATE cluster_post SET successor = $2, handover = $3, version = version + 1 WHERE id = $1",
        values![post, successor, handover],
    )
    .await?;
    Ok(())
}

/// Notes a step of the induction as done; answers how many rows that added.
pub(crate) async fn do_step(unit: &Unit, post: Uuid, step: Step, by: PersonId) -> Result<u64, StoreError> {
    unit.execute(
        "INSERT INTO cluster_induction (post_id, step, done_at, done_by) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (post_id, step) DO NOTHING",
        values![post, step.key(), unit.now(), by.0],
    )
    .await
}

/// Ends a post that has not ended; answers how many rows that changed.
pub(crate) async fn end(unit: &Unit, post: Uuid, on: NaiveDate, reason: &str) -> Result<u64, StoreError> {
    unit.execute(
        "UPDATE cluster_post SET ended_on = $2, ended_reason = $3, version = version + 1 WHERE id = $1 AND ended_on IS NULL",
        values![post, on, reason],
    )
    .await
}

/// `/clusters/{cluster}/people/{post}…`: somebody in a post, with the cluster.
pub struct PostHeld {
    pub cluster: Cluster,
    pub post: Post,
}

impl PostHeld {
    pub fn path(&self) -> String {
        format!("{}/people/{}", self.cluster.path(), self.post.id)
    }
}

impl Resource for PostHeld {
    const KIND: &'static str = "post";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let (Some(key), Some(id)) = (loading.text("cluster"), loading.id("post")) else {
            return Ok(None);
        };
        let Some(cluster) = clusters::by_key(&loading.database, key).await? else {
            return Ok(None);
        };
        let Some(post) = of_cluster(&loading.database, cluster.id).await?.into_iter().find(|one| one.id == id) else {
            return Ok(None);
        };
        let is_own = loading.subject.person.as_ref().is_some_and(|person| person.id == post.person);
        let sites = own_sites(loading, &cluster).await?;
        let target = Target::new(Self::KIND, post.id)
            .scopes(cluster.scopes())
            .scopes(sites)
            .within(cluster.id.0)
            .fact("is_own", is_own);
        Ok(Some((Self { cluster, post }, target)))
    }
}
