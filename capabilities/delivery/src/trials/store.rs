//! Trials, answers and decisions as stored; each reaches a handler only through its extractor, which authorises.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hiec_access::policy::Target;
use hiec_contracts::ClusterSeen;
use hiec_kernel::{ClusterId, OrganisationId, Problem, Role, Scope, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use hiec_web::{Loading, Resource};
use serde::Serialize;
use uuid::Uuid;

use super::answers::{AtSite, Feasibility};
use crate::ground;

/// The door to a cluster's trials.
#[derive(Clone, Debug)]
pub(crate) struct Trials {
    pub cluster: ClusterSeen,
}

/// `/clusters/{cluster}/trials`
impl Resource for Trials {
    const KIND: &'static str = "trial";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(cluster) = ground::cluster_of(loading).await? else {
            return Ok(None);
        };
        let target = ground::target(&cluster, "trial", cluster.id.0, loading.now);
        Ok(Some((Self { cluster }, target)))
    }
}

/// What industry asks.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Trial {
    pub id: Uuid,
    #[serde(skip)]
    pub cluster: ClusterId,
    pub key: String,
    pub title: String,
    pub company: String,
    pub question: String,
    /// Patients wanted in all.
    pub wanted: i64,
    pub asked_on: NaiveDate,
    pub answer_by: NaiveDate,
    pub is_illustrative: bool,
}

impl Trial {
    pub fn path(&self, cluster: &ClusterSeen) -> String {
        format!("{}/trials/{}", cluster.path(), self.key)
    }
}

/// A trial with its cluster.
#[derive(Clone, Debug)]
pub(crate) struct TrialHere {
    pub cluster: ClusterSeen,
    pub trial: Trial,
}

impl TrialHere {
    pub fn path(&self) -> String {
        self.trial.path(&self.cluster)
    }
}

async fn trial_of(loading: &Loading<'_>) -> Result<Option<TrialHere>, Problem> {
    let (Some(cluster), Some(key)) = (ground::cluster_of(loading).await?, loading.text("trial")) else {
        return Ok(None);
    };
    let trial = of_cluster(&loading.database, cluster.id).await?.into_iter().find(|trial| trial.key == key);
    Ok(trial.map(|trial| TrialHere { cluster, trial }))
}

/// `/clusters/{cluster}/trials/{trial}…`
impl Resource for TrialHere {
    const KIND: &'static str = "trial";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        Ok(trial_of(loading).await?.map(|here| {
            let target = ground::target(&here.cluster, "trial", here.trial.id, loading.now);
            (here, target)
        }))
    }
}

/// A site that is asked.
#[derive(Clone, Debug)]
pub(crate) struct TrialSite {
    pub here: TrialHere,
    pub site: OrganisationId,
}

/// Whether this is the person's own site decides who may answer for it.
pub(crate) fn site_target(
    here: &TrialHere,
    site: OrganisationId,
    subject: &hiec_access::Subject,
    now: Timestamp,
) -> Target {
    ground::target(&here.cluster, "trial_site", here.trial.id, now)
        .fact("is_own", subject.holds_in(Role::SiteLead, Scope::Organisation(site.0)))
}

/// `/clusters/{cluster}/trials/{trial}/sites/{site}…`
impl Resource for TrialSite {
    const KIND: &'static str = "trial_site";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let (Some(here), Some(site)) = (trial_of(loading).await?, loading.id("site").map(OrganisationId)) else {
            return Ok(None);
        };
        let today = hiec_kernel::clock::london_date(loading.now);
        if !here.cluster.partner(site).is_some_and(|partner| partner.is_partner_on(today)) {
            return Ok(None);
        }
        let target = site_target(&here, site, loading.subject, loading.now);
        Ok(Some((Self { here, site }, target)))
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    cluster_id: Uuid,
    key: String,
    title: String,
    company: String,
    question: String,
    wanted: i64,
    asked_on: NaiveDate,
    answer_by: NaiveDate,
    is_illustrative: bool,
}

/// A cluster's trials, newest question first.
pub(crate) async fn of_cluster(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Trial>, StoreError> {
    let rows: Vec<Row> = reads
        .all(
            "SELECT id, cluster_id, key, title, company, question, wanted, asked_on, answer_by, is_illustrative \
             FROM delivery_trial WHERE cluster_id = $1 ORDER BY asked_on DESC, title, id",
            values![cluster.0],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Trial {
            id: row.id,
            cluster: ClusterId(row.cluster_id),
            key: row.key,
            title: row.title,
            company: row.company,
            question: row.question,
            wanted: row.wanted,
            asked_on: row.asked_on,
            answer_by: row.answer_by,
            is_illustrative: row.is_illustrative,
        })
        .collect())
}

pub(crate) async fn insert(unit: &Unit, trial: &Trial) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO delivery_trial (id, cluster_id, key, title, company, question, wanted, asked_on, answer_by, is_illustrative) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![
            trial.id,
            trial.cluster.0,
            trial.key.clone(),
            trial.title.clone(),
            trial.company.clone(),
            trial.question.clone(),
            trial.wanted,
            trial.asked_on,
            trial.answer_by,
            trial.is_illustrative
        ],
    )
    .await?;
    Ok(())
}

/// Where a trial stands at every site that said something, built from all that was said in its order.
pub(crate) async fn at_sites(reads: &impl Reads, trial: Uuid) -> Result<BTreeMap<OrganisationId, AtSite>, StoreError> {
    #[derive(FromQueryResult)]
    struct AnswerRow {
        site_id: Uuid,
        answer: serde_json::Value,
    }
    #[derive(FromQueryResult)]
    struct DecisionRow {
        site_id: Uuid,
        is_opened: bool,
        on_day: NaiveDate,
        reason: String,
    }
    let answers: Vec<AnswerRow> = reads
        .all(
            "SELECT site_id, answer FROM delivery_trial_answer WHERE trial_id = $1 ORDER BY said_at, id",
            values![trial],
        )
        .await?;
    let decisions: Vec<DecisionRow> = reads
        .all(
            "SELECT site_id, is_opened, on_day, reason FROM delivery_trial_decision WHERE trial_id = $1 ORDER BY said_at, id",
            values![trial],
        )
        .await?;
    let mut sites: BTreeMap<OrganisationId, AtSite> = BTreeMap::new();
    for row in answers {
        let feasibility: Feasibility = serde_json::from_value(row.answer)?;
        // After a decision nothing more is taken, so answers come first.
        sites.insert(OrganisationId(row.site_id), AtSite::Answered { feasibility });
    }
    for row in decisions {
        if let Some(at) = sites.get_mut(&OrganisationId(row.site_id))
            && let Ok(decided) = at.clone().decide(row.is_opened, row.on_day, row.reason)
        {
            *at = decided;
        }
    }
    Ok(sites)
}

pub(crate) async fn add_answer(
    unit: &Unit,
    trial: Uuid,
    site: OrganisationId,
    feasibility: &Feasibility,
    is_illustrative: bool,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO delivery_trial_answer (id, trial_id, site_id, answer, said_by, said_at, is_illustrative) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![
            unit.new_id(),
            trial,
            site.0,
            serde_json::to_value(feasibility)?,
            unit.actor().person().map(|person| person.0),
            unit.now(),
            is_illustrative
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn add_decision(
    unit: &Unit,
    trial: Uuid,
    site: OrganisationId,
    (is_opened, on, reason): (bool, NaiveDate, &str),
    is_illustrative: bool,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO delivery_trial_decision (id, trial_id, site_id, is_opened, on_day, reason, said_at, is_illustrative) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![unit.new_id(), trial, site.0, is_opened, on, reason, unit.now(), is_illustrative],
    )
    .await?;
    Ok(())
}
