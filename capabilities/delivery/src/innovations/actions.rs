//! What people do with innovations: name one, add evidence and sites, plan, say where a site stands, correct it, say what hinders, write up and copy practices.

use chrono::NaiveDate;
use hiec_kernel::{ClusterId, OrganisationId, Problem};
use hiec_store::{AuditEvent, Unit};
use serde::Serialize;
use uuid::Uuid;

use super::barriers::{BarrierSaid, Domain, Level};
use super::curve::Planned;
use super::practices_store::{self, Copy, Practice};
use super::steps::{self, StepSaid};
use super::store::{self, Evidence, Innovation};
use crate::ground;

/// An innovation was named.
#[derive(Serialize)]
struct InnovationNamed {
    name: String,
}

impl AuditEvent for InnovationNamed {
    const KIND: &'static str = "innovation.named";
}

/// Evidence was added.
#[derive(Serialize)]
struct EvidenceAdded<'a> {
    words: &'a str,
    link: &'a str,
}

impl AuditEvent for EvidenceAdded<'_> {
    const KIND: &'static str = "innovation.evidence";
}

/// Sites became eligible.
#[derive(Serialize)]
struct SitesEligible {
    sites: Vec<OrganisationId>,
}

impl AuditEvent for SitesEligible {
    const KIND: &'static str = "innovation.sites";
}

/// It was planned how it spreads.
#[derive(Serialize)]
struct SpreadPlanned<'a> {
    targets: &'a [Planned],
    reason: &'a str,
}

impl AuditEvent for SpreadPlanned<'_> {
    const KIND: &'static str = "innovation.plan";

    fn reason(&self) -> Option<&str> {
        (!self.reason.is_empty()).then_some(self.reason)
    }
}

/// A site was said to stand somewhere; or that was corrected.
#[derive(Serialize)]
struct SiteStands<'a> {
    step: Uuid,
    site: OrganisationId,
    stage: &'a str,
    on: NaiveDate,
    evidence: &'a str,
    replaces: Option<Uuid>,
    reason: &'a str,
}

impl AuditEvent for SiteStands<'_> {
    const KIND: &'static str = "innovation.step";

    fn reason(&self) -> Option<&str> {
        (!self.reason.is_empty()).then_some(self.reason)
    }
}

/// It was said what hinders a site.
#[derive(Serialize)]
struct BarriersSaid<'a> {
    site: OrganisationId,
    barriers: &'a [(Domain, Level, String)],
}

impl AuditEvent for BarriersSaid<'_> {
    const KIND: &'static str = "innovation.barriers";
}

/// A practice was written up.
#[derive(Serialize)]
struct PracticeWritten<'a> {
    title: &'a str,
    where_found: &'a str,
}

impl AuditEvent for PracticeWritten<'_> {
    const KIND: &'static str = "practice.written";
}

/// A practice was copied.
#[derive(Serialize)]
struct PracticeCopied<'a> {
    site: OrganisationId,
    tried_on: NaiveDate,
    adapted: &'a str,
    result: &'a str,
}

impl AuditEvent for PracticeCopied<'_> {
    const KIND: &'static str = "practice.copied";
}

/// What is said of an innovation when it is named.
#[derive(Clone, Debug)]
pub(crate) struct NewInnovation {
    pub project: Option<Uuid>,
    pub name: String,
    pub what: String,
    pub source: String,
    pub sustained_after_days: i64,
    pub began_on: NaiveDate,
    pub is_illustrative: bool,
}

pub(crate) async fn name(unit: &mut Unit, cluster: ClusterId, new: NewInnovation) -> Result<Innovation, Problem> {
    let taken: Vec<String> = store::of_cluster(unit, cluster).await?.into_iter().map(|one| one.key).collect();
    let innovation = Innovation {
        id: unit.new_id(),
        cluster,
        project: new.project,
        key: ground::key_of(&new.name, &taken),
        name: new.name,
        what: new.what,
        source: new.source,
        sustained_after_days: new.sustained_after_days,
        began_on: new.began_on,
        is_illustrative: new.is_illustrative,
    };
    store::insert(unit, &innovation).await?;
    let event = InnovationNamed { name: innovation.name.clone() };
    unit.audit(ground::stream(cluster), subject(&innovation), &event)?;
    Ok(innovation)
}

pub(crate) async fn add_evidence(unit: &mut Unit, innovation: &Innovation, evidence: &Evidence) -> Result<(), Problem> {
    store::add_evidence(unit, innovation.id, evidence).await?;
    let event = EvidenceAdded { words: &evidence.words, link: &evidence.link };
    Ok(unit.audit(ground::stream(innovation.cluster), subject(innovation), &event)?)
}

/// Makes sites eligible; those that are already stay as they are. Answers how many were added.
pub(crate) async fn make_eligible(
    unit: &mut Unit,
    innovation: &Innovation,
    sites: &[OrganisationId],
    since: NaiveDate,
) -> Result<usize, Problem> {
    let mut known = store::sites(unit, innovation.id).await?;
    let mut added = Vec::new();
    for site in sites {
        if !known.contains(site) {
            store::add_site(unit, innovation.id, *site, since).await?;
            known.push(*site);
            added.push(*site);
        }
    }
    let count = added.len();
    if count > 0 {
        unit.audit(ground::stream(innovation.cluster), subject(innovation), &SitesEligible { sites: added })?;
    }
    Ok(count)
}

/// Plans how it is to spread. The first plan needs no reason; each later one says why it replaces the one before, which stays.
pub(crate) async fn plan(
    unit: &mut Unit,
    innovation: &Innovation,
    targets: &[Planned],
    reason: &str,
    is_illustrative: bool,
) -> Result<(), Problem> {
    if reason.trim().is_empty() && !store::plans(unit, innovation.id).await?.is_empty() {
        return Err(Problem::conflict(
            "Say why the plan changes",
            "The plan before it stays beside it, and the reason is shown with the new one.",
        ));
    }
    store::add_plan(unit, innovation.id, targets, reason, is_illustrative).await?;
    let event = SpreadPlanned { targets, reason };
    Ok(unit.audit(ground::stream(innovation.cluster), subject(innovation), &event)?)
}

/// What is said of a site: a step, or the correction of one.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewStep {
    /// The key of a stage; empty in a correction that takes a step back.
    pub stage: String,
    pub on: NaiveDate,
    pub evidence: String,
    /// The step that is corrected, and why.
    pub replaces: Option<(Uuid, String)>,
    pub is_illustrative: bool,
}

/// Why a step was not recorded.
#[derive(Debug)]
pub(crate) enum NotSaid {
    /// It leads nowhere, for these reasons.
    Reasons(Vec<String>),
    Broken(Problem),
}

impl<E: Into<Problem>> From<E> for NotSaid {
    fn from(error: E) -> Self {
        Self::Broken(error.into())
    }
}

impl NotSaid {
    pub fn problem(self) -> Problem {
        match self {
            Self::Reasons(reasons) => {
                Problem::conflict(reasons.join(". "), "Nothing was saved: correct it and try again.")
            }
            Self::Broken(problem) => problem,
        }
    }
}

/// Says where a site stands, or corrects what was said. What leads nowhere is refused with every reason.
pub(crate) async fn say_step(
    unit: &mut Unit,
    innovation: &Innovation,
    site: OrganisationId,
    new: NewStep,
) -> Result<(), NotSaid> {
    let said = store::steps(unit, innovation.id).await?;
    let of_site: Vec<StepSaid> = said.into_iter().filter(|step| step.site == site).collect();
    let (replaces, reason) = new.replaces.map_or((None, String::new()), |(step, reason)| (Some(step), reason));
    if let Some(step) = replaces
        && !steps::standing(&of_site).iter().any(|standing| standing.id == step)
    {
        return Err(NotSaid::Reasons(vec![
            "The step to be corrected was corrected already: open the page again".into(),
        ]));
    }
    let step = StepSaid {
        id: unit.new_id(),
        site,
        stage: new.stage,
        on: new.on,
        evidence: new.evidence,
        replaces,
        reason,
        at: unit.now(),
        is_illustrative: new.is_illustrative,
    };
    steps::with(&of_site, &step, innovation.rules()).map_err(NotSaid::Reasons)?;
    store::add_step(unit, innovation.id, &step).await?;
    let event = SiteStands {
        step: step.id,
        site,
        stage: &step.stage,
        on: step.on,
        evidence: &step.evidence,
        replaces: step.replaces,
        reason: &step.reason,
    };
    Ok(unit.audit(ground::stream(innovation.cluster), subject(innovation), &event)?)
}

/// Says what hinders a site in some domains; what was said before stays.
pub(crate) async fn say_barriers(
    unit: &mut Unit,
    innovation: &Innovation,
    site: OrganisationId,
    barriers: &[(Domain, Level, String)],
    is_illustrative: bool,
) -> Result<(), Problem> {
    for (domain, level, note) in barriers {
        let said =
            BarrierSaid { site, domain: *domain, level: *level, note: note.clone(), at: unit.now(), is_illustrative };
        store::add_barrier(unit, innovation.id, &said).await?;
    }
    let event = BarriersSaid { site, barriers };
    Ok(unit.audit(ground::stream(innovation.cluster), subject(innovation), &event)?)
}

/// What is written of a practice.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewPractice {
    pub innovation: Option<Uuid>,
    pub site: Option<OrganisationId>,
    pub measure: Option<Uuid>,
    pub title: String,
    pub where_found: String,
    pub what: String,
    pub how: String,
    pub result: String,
    pub source: String,
    pub is_illustrative: bool,
}

pub(crate) async fn write_practice(unit: &mut Unit, cluster: ClusterId, new: NewPractice) -> Result<Practice, Problem> {
    let known = practices_store::of_cluster(unit, cluster).await?;
    let taken: Vec<String> = known.into_iter().map(|practice| practice.key).collect();
    let practice = Practice {
        id: unit.new_id(),
        cluster,
        innovation: new.innovation,
        site: new.site,
        measure: new.measure,
        key: ground::key_of(&new.title, &taken),
        title: new.title,
        where_found: new.where_found,
        what: new.what,
        how: new.how,
        result: new.result,
        source: new.source,
        at: unit.now(),
        is_illustrative: new.is_illustrative,
    };
    practices_store::insert(unit, &practice).await?;
    let event = PracticeWritten { title: &practice.title, where_found: &practice.where_found };
    unit.audit(ground::stream(cluster), format!("practice:{}", practice.id), &event)?;
    Ok(practice)
}

pub(crate) async fn copy_practice(unit: &mut Unit, cluster: ClusterId, copy: &Copy) -> Result<(), Problem> {
    practices_store::add_copy(unit, copy).await?;
    let event =
        PracticeCopied { site: copy.site, tried_on: copy.tried_on, adapted: &copy.adapted, result: &copy.result };
    Ok(unit.audit(ground::stream(cluster), format!("practice:{}", copy.practice), &event)?)
}

fn subject(innovation: &Innovation) -> String {
    format!("innovation:{}", innovation.id)
}
