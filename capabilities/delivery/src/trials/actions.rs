//! What people do with trials: pass on what industry asks, answer for a site, say whether it was opened. One audit entry each.

use chrono::NaiveDate;
use hiec_kernel::{ClusterId, OrganisationId, Problem};
use hiec_store::{AuditEvent, Unit};
use serde::Serialize;

use super::answers::{AtSite, Feasibility};
use super::store::{self, Trial};
use crate::ground;

/// Industry asked.
#[derive(Serialize)]
struct TrialAsked<'a> {
    title: &'a str,
    company: &'a str,
}

impl AuditEvent for TrialAsked<'_> {
    const KIND: &'static str = "trial.asked";
}

/// A site answered.
#[derive(Serialize)]
struct TrialAnswered<'a> {
    site: OrganisationId,
    feasibility: &'a Feasibility,
}

impl AuditEvent for TrialAnswered<'_> {
    const KIND: &'static str = "trial.answered";
}

/// A trial was opened at a site, or not.
#[derive(Serialize)]
struct TrialDecided<'a> {
    site: OrganisationId,
    is_opened: bool,
    on: NaiveDate,
    reason: &'a str,
}

impl AuditEvent for TrialDecided<'_> {
    const KIND: &'static str = "trial.decided";

    fn reason(&self) -> Option<&str> {
        Some(self.reason)
    }
}

/// What is asked.
#[derive(Clone, Debug)]
pub(crate) struct NewTrial {
    pub title: String,
    pub company: String,
    pub question: String,
    pub wanted: i64,
    pub asked_on: NaiveDate,
    pub answer_by: NaiveDate,
    pub is_illustrative: bool,
}

pub(crate) async fn ask(unit: &mut Unit, cluster: ClusterId, new: NewTrial) -> Result<Trial, Problem> {
    let taken: Vec<String> = store::of_cluster(unit, cluster).await?.into_iter().map(|trial| trial.key).collect();
    let trial = Trial {
        id: unit.new_id(),
        cluster,
        key: ground::key_of(&new.title, &taken),
        title: new.title,
        company: new.company,
        question: new.question,
        wanted: new.wanted,
        asked_on: new.asked_on,
        answer_by: new.answer_by,
        is_illustrative: new.is_illustrative,
    };
    store::insert(unit, &trial).await?;
    let event = TrialAsked { title: &trial.title, company: &trial.company };
    unit.audit(ground::stream(cluster), subject(&trial), &event)?;
    Ok(trial)
}

async fn at_site(unit: &Unit, trial: &Trial, site: OrganisationId) -> Result<AtSite, Problem> {
    Ok(store::at_sites(unit, trial.id).await?.remove(&site).unwrap_or(AtSite::Asked))
}

pub(crate) async fn answer(
    unit: &mut Unit,
    trial: &Trial,
    site: OrganisationId,
    feasibility: Feasibility,
    is_illustrative: bool,
) -> Result<(), Problem> {
    at_site(unit, trial, site).await?.answer(feasibility.clone()).map_err(refused)?;
    store::add_answer(unit, trial.id, site, &feasibility, is_illustrative).await?;
    let event = TrialAnswered { site, feasibility: &feasibility };
    Ok(unit.audit(ground::stream(trial.cluster), subject(trial), &event)?)
}

pub(crate) async fn decide(
    unit: &mut Unit,
    trial: &Trial,
    site: OrganisationId,
    (is_opened, on, reason): (bool, NaiveDate, &str),
    is_illustrative: bool,
) -> Result<(), Problem> {
    at_site(unit, trial, site).await?.decide(is_opened, on, reason.to_owned()).map_err(refused)?;
    store::add_decision(unit, trial.id, site, (is_opened, on, reason), is_illustrative).await?;
    let event = TrialDecided { site, is_opened, on, reason };
    Ok(unit.audit(ground::stream(trial.cluster), subject(trial), &event)?)
}

fn refused(reason: super::answers::NoStep) -> Problem {
    Problem::conflict(reason.to_string(), "Open the trial again: it shows where each site stands. Nothing was saved.")
}

fn subject(trial: &Trial) -> String {
    format!("trial:{}", trial.id)
}
