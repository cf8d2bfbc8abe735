//! What people do about quality: frame it, judge themselves, visit, require, answer, escalate, weigh money. One audit entry each; whether they may is the policies' matter.

use chrono::NaiveDate;
use hiec_contracts::ClusterSeen;
use hiec_kernel::clock::london_date;
use hiec_kernel::{Money, OrganisationId, Problem};
use hiec_store::{Unit, audit_event};
use hiec_tariff::Period;
use serde::Serialize;
use uuid::Uuid;

use super::framework::Content;
use super::funding::{Outcome, Rule};
use super::money_store::{self, Whole};
use super::reminders;
use super::review_store::{self, Finding, Required, Visit};
use super::standing::{self, Escalation, Level, Requirement, RequirementKind, Step, VisitKind};
use super::store::{self, Assessment, Framework, Said};
use crate::ground;
use crate::tariff::drawing::Known;
use crate::tariff::totals::total;

#[derive(Serialize)]
struct FrameworkMade {
    version: i64,
    name: String,
    reason: String,
}
audit_event!(FrameworkMade, "quality.framework_made", reason);

#[derive(Serialize)]
struct AssessmentBegun {
    host: OrganisationId,
    period: String,
    framework: i64,
}
audit_event!(AssessmentBegun, "quality.assessment_begun");

#[derive(Serialize)]
struct StandardJudged<'a> {
    host: OrganisationId,
    standard: &'a str,
    said: &'a Said,
}
impl hiec_store::AuditEvent for StandardJudged<'_> {
    const KIND: &'static str = "quality.standard_judged";
}

#[derive(Serialize)]
struct AssessmentSubmitted {
    host: OrganisationId,
    period: String,
    score: i64,
}
audit_event!(AssessmentSubmitted, "quality.assessment_submitted");

#[derive(Serialize)]
struct VisitPlanned {
    host: OrganisationId,
    kind: VisitKind,
    on: NaiveDate,
    reason: String,
}
audit_event!(VisitPlanned, "quality.visit_planned", reason);

#[derive(Serialize)]
struct VisitReported {
    host: OrganisationId,
    findings: usize,
    summary: String,
}
audit_event!(VisitReported, "quality.visit_reported");

#[derive(Serialize)]
struct RequirementSet {
    host: OrganisationId,
    kind: RequirementKind,
    words: String,
    owner: String,
    due_on: NaiveDate,
}
audit_event!(RequirementSet, "quality.requirement_set");

#[derive(Serialize)]
struct RequirementMoved<'a> {
    requirement: Uuid,
    step: &'a Step,
}
impl hiec_store::AuditEvent for RequirementMoved<'_> {
    const KIND: &'static str = "quality.requirement_moved";
}

#[derive(Serialize)]
struct Escalated {
    host: OrganisationId,
    from: Escalation,
    to: Escalation,
    reason: String,
}
audit_event!(Escalated, "quality.escalated", reason);

#[derive(Serialize)]
struct RuleWritten<'a> {
    version: i64,
    rule: &'a Rule,
    reason: &'a str,
}
impl hiec_store::AuditEvent for RuleWritten<'_> {
    const KIND: &'static str = "quality.rule_written";

    fn reason(&self) -> Option<&str> {
        Some(self.reason)
    }
}

#[derive(Serialize)]
struct RuleSimulated {
    version: i64,
    hosts: usize,
}
audit_event!(RuleSimulated, "quality.rule_simulated");

#[derive(Serialize)]
struct RulePublished {
    version: i64,
    from: NaiveDate,
}
audit_event!(RulePublished, "quality.rule_published");

/// Makes a version of the framework. What is under way under the one before ends under it.
pub(crate) async fn frame(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    (name, note, content, reason): (&str, &str, Content, &str),
    is_illustrative: bool,
) -> Result<Framework, Problem> {
    let last = store::frameworks(unit, cluster.id).await?.first().map_or(0, |framework| framework.version);
    let framework = Framework {
        id: unit.new_id(),
        version: last + 1,
        name: name.to_owned(),
        note: note.to_owned(),
        content,
        reason: reason.to_owned(),
        made_at: unit.now(),
    };
    store::add_framework(unit, cluster.id, &framework, is_illustrative).await?;
    let event =
        FrameworkMade { version: framework.version, name: framework.name.clone(), reason: framework.reason.clone() };
    unit.audit(ground::stream(cluster.id), format!("quality_framework:{}", framework.id), &event)?;
    Ok(framework)
}

/// The academic year a day lies in, which begins in August: `2010/11`.
pub(crate) fn period_of(day: NaiveDate) -> String {
    use chrono::Datelike as _;
    let first = if day.month() >= 8 { day.year() } else { day.year() - 1 };
    format!("{first}/{:02}", (first + 1) % 100)
}

/// The host's self-assessment of this year, begun under the framework in force where there is none yet.
pub(crate) async fn begin_assessment(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    host: OrganisationId,
    is_illustrative: bool,
) -> Result<Assessment, Problem> {
    let period = period_of(london_date(unit.now()));
    let all = store::assessments(unit, cluster.id).await?;
    if let Some(begun) = all.into_iter().find(|one| one.host_id == host.0 && one.period == period) {
        return Ok(begun);
    }
    let Some(framework) = store::frameworks(unit, cluster.id).await?.into_iter().next() else {
        return Err(Problem::conflict(
            "There is no framework to judge by yet",
            "The region puts one in force first; ask it to.",
        ));
    };
    let assessment = Assessment {
        id: unit.new_id(),
        host_id: host.0,
        framework_id: framework.id,
        period: period.clone(),
        submitted_at: None,
        score: None,
        is_illustrative,
    };
    store::add_assessment(unit, cluster.id, &assessment).await?;
    let event = AssessmentBegun { host, period, framework: framework.version };
    unit.audit(ground::stream(cluster.id), subject(&assessment), &event)?;
    Ok(assessment)
}

pub(crate) async fn judge_standard(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    assessment: &Assessment,
    standard: &str,
    said: &Said,
) -> Result<(), Problem> {
    let now = store::assessments(unit, cluster.id).await?.into_iter().find(|one| one.id == assessment.id);
    if now.is_none_or(|now| now.submitted_at.is_some()) {
        return Err(submitted());
    }
    store::say(unit, assessment.id, standard, said).await?;
    let event = StandardJudged { host: OrganisationId(assessment.host_id), standard, said };
    Ok(unit.audit(ground::stream(cluster.id), subject(assessment), &event)?)
}

/// Finishes it, once every standard of its framework is judged. Afterwards it stays as it is.
pub(crate) async fn submit_assessment(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    assessment: &Assessment,
    framework: &Framework,
) -> Result<i64, Problem> {
    let said = store::said(unit, assessment.id).await?;
    let missing: Vec<String> =
        framework.content.standards().map(|(key, _, _)| key).filter(|key| !said.contains_key(key)).collect();
    if !missing.is_empty() {
        return Err(Problem::conflict(
            format!("These standards are not judged yet: {}", missing.join(", ")),
            "Judge them, then finish the self-assessment. What was written is kept.",
        ));
    }
    let levels: Vec<Level> = said.values().map(|one| one.level).collect();
    let score = standing::score(&levels).ok_or_else(|| Problem::internal("a framework without standards"))?;
    if !store::submit_assessment(unit, assessment.id, score).await? {
        return Err(submitted());
    }
    let host = OrganisationId(assessment.host_id);
    let event = AssessmentSubmitted { host, period: assessment.period.clone(), score };
    unit.audit(ground::stream(cluster.id), subject(assessment), &event)?;
    Ok(score)
}

fn submitted() -> Problem {
    Problem::conflict(
        "This self-assessment is finished, so it is no longer changed",
        "What changed since goes into next year's, or into the answer to a requirement.",
    )
}

fn subject(assessment: &Assessment) -> String {
    format!("quality_assessment:{}", assessment.id)
}

/// A visit to be made.
#[derive(Clone, Debug)]
pub(crate) struct NewVisit {
    pub host: OrganisationId,
    pub kind: VisitKind,
    pub on: NaiveDate,
    pub reason: String,
    pub led_by: String,
    pub is_illustrative: bool,
}

pub(crate) async fn plan_visit(unit: &mut Unit, cluster: &ClusterSeen, new: NewVisit) -> Result<Visit, Problem> {
    let visit = Visit {
        id: unit.new_id(),
        host: new.host,
        kind: new.kind,
        on: new.on,
        reason: new.reason,
        led_by: new.led_by,
        summary: None,
        reported_at: None,
        is_illustrative: new.is_illustrative,
    };
    review_store::add_visit(unit, cluster.id, &visit).await?;
    let event = VisitPlanned { host: visit.host, kind: visit.kind, on: visit.on, reason: visit.reason.clone() };
    unit.audit(ground::stream(cluster.id), format!("quality_visit:{}", visit.id), &event)?;
    Ok(visit)
}

pub(crate) async fn report_visit(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    visit: &Visit,
    (summary, findings): (&str, &[Finding]),
) -> Result<(), Problem> {
    if visit.on > london_date(unit.now()) {
        return Err(Problem::conflict("This visit lies in the future", "Report it on its day or after."));
    }
    if !review_store::report_visit(unit, visit.id, summary).await? {
        return Err(Problem::conflict(
            "This visit is reported already, so its report is no longer changed",
            "What is still to be asked for is set as a requirement of the host.",
        ));
    }
    for finding in findings {
        review_store::add_finding(unit, visit.id, finding).await?;
    }
    let event = VisitReported { host: visit.host, findings: findings.len(), summary: summary.to_owned() };
    unit.audit(ground::stream(cluster.id), format!("quality_visit:{}", visit.id), &event)?;
    Ok(())
}

/// What a host is asked for.
#[derive(Clone, Debug)]
pub(crate) struct NewRequirement {
    pub host: OrganisationId,
    pub visit: Option<Uuid>,
    pub kind: RequirementKind,
    pub words: String,
    pub owner: String,
    pub due_on: NaiveDate,
    pub is_illustrative: bool,
}

/// Sets a requirement; its host is told at once, and reminded.
pub(crate) async fn require(unit: &mut Unit, cluster: &ClusterSeen, new: NewRequirement) -> Result<Uuid, Problem> {
    let required = Required {
        id: unit.new_id(),
        host: new.host,
        visit: new.visit,
        kind: new.kind,
        words: new.words,
        owner: new.owner,
        set_on: london_date(unit.now()),
        due_on: new.due_on,
        is_illustrative: new.is_illustrative,
        standing: Requirement::Open { due: new.due_on },
        steps: Vec::new(),
    };
    review_store::add_requirement(unit, cluster.id, &required).await?;
    reminders::plan(unit, cluster.id, required.id, required.due_on).await?;
    reminders::tell_set(unit, cluster, &required).await?;
    let event = RequirementSet {
        host: required.host,
        kind: required.kind,
        words: required.words.clone(),
        owner: required.owner.clone(),
        due_on: required.due_on,
    };
    unit.audit(ground::stream(cluster.id), format!("quality_requirement:{}", required.id), &event)?;
    Ok(required.id)
}

/// Answers, returns or closes a requirement.
pub(crate) async fn move_requirement(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    requirement: Uuid,
    step: &Step,
) -> Result<(), Problem> {
    let required = review_store::requirements(unit, cluster.id).await?.into_iter().find(|one| one.id == requirement);
    let required = required.ok_or_else(Problem::not_found)?;
    required.standing.clone().take(step).map_err(|no| {
        Problem::conflict(
            no.to_string(),
            "Open the host's page again: it shows where the requirement stands. Nothing was saved.",
        )
    })?;
    review_store::add_step(unit, requirement, required.steps.len(), step).await?;
    if let Step::Returned { due, .. } = step {
        reminders::plan(unit, cluster.id, requirement, *due).await?;
    }
    let event = RequirementMoved { requirement, step };
    Ok(unit.audit(ground::stream(cluster.id), format!("quality_requirement:{requirement}"), &event)?)
}

pub(crate) async fn escalate(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    host: OrganisationId,
    (level, reason): (Escalation, &str),
    is_illustrative: bool,
) -> Result<(), Problem> {
    let whole = Whole::load(unit, cluster, london_date(unit.now())).await?;
    let from = whole.level(host);
    standing::moved(from, level, whole.immediate_open(host))
        .map_err(|why| Problem::conflict(why, "Nothing was changed."))?;
    let before = whole.escalations.iter().filter(|one| one.host == host).count();
    review_store::add_escalation(unit, cluster.id, host, (before, level, reason), is_illustrative).await?;
    let event = Escalated { host, from, to: level, reason: reason.to_owned() };
    Ok(unit.audit(ground::stream(cluster.id), format!("quality_host:{host}"), &event)?)
}

/// Writes a rule on money: not used before it is simulated and published.
pub(crate) async fn write_rule(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    (rule, reason): (&Rule, &str),
    is_illustrative: bool,
) -> Result<Uuid, Problem> {
    let version = money_store::rules(unit, cluster.id).await?.first().map_or(0, |rule| rule.version) + 1;
    let id = money_store::add_rule(unit, cluster.id, (version, rule, reason), is_illustrative).await?;
    unit.audit(ground::stream(cluster.id), format!("quality_rule:{id}"), &RuleWritten { version, rule, reason })?;
    Ok(id)
}

/// What the rule would say of every present host, kept with the rule.
pub(crate) async fn simulate_rule(unit: &mut Unit, cluster: &ClusterSeen, id: Uuid) -> Result<Vec<Outcome>, Problem> {
    let stored = money_store::rules(unit, cluster.id).await?.into_iter().find(|rule| rule.id == id);
    let stored = stored.ok_or_else(Problem::not_found)?;
    let whole = Whole::load(unit, cluster, london_date(unit.now())).await?;
    let today = london_date(unit.now());
    let year = Period::year_of(today).ok_or_else(|| Problem::internal("a day without a year"))?;
    let follows = total(unit, cluster, year, Known::today(today), |_| true).await?;
    let base = |host: Uuid| match follows.hosts.iter().find(|one| one.host.0 == host) {
        Some(one) => (one.missing == 0).then_some(one.by_tariff),
        None => Some(Money::ZERO),
    };
    let outcomes: Vec<Outcome> =
        whole.standings().iter().map(|host| stored.rule.outcome(host).on(base(host.host))).collect();
    if !money_store::keep_simulation(unit, id, &outcomes).await? {
        return Err(published());
    }
    let event = RuleSimulated { version: stored.version, hosts: outcomes.len() };
    unit.audit(ground::stream(cluster.id), format!("quality_rule:{id}"), &event)?;
    Ok(outcomes)
}

/// Publishes a rule that was simulated, to be used from a day on that has not passed.
pub(crate) async fn publish_rule(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    id: Uuid,
    from: NaiveDate,
) -> Result<(), Problem> {
    let stored = money_store::rules(unit, cluster.id).await?.into_iter().find(|rule| rule.id == id);
    let stored = stored.ok_or_else(Problem::not_found)?;
    if from < london_date(unit.now()) {
        return Err(Problem::conflict(
            "A rule is never used on days before it was published",
            "Choose today or a later day.",
        ));
    }
    if stored.published_at.is_none() && stored.simulated_at.is_none() {
        return Err(Problem::conflict(
            "This rule was not simulated on the present hosts yet",
            "Simulate it, look at what it would do, then publish it.",
        ));
    }
    if !money_store::publish_rule(unit, id, from).await? {
        return Err(published());
    }
    let event = RulePublished { version: stored.version, from };
    Ok(unit.audit(ground::stream(cluster.id), format!("quality_rule:{id}"), &event)?)
}

fn published() -> Problem {
    Problem::conflict(
        "This rule is published, so it is no longer changed",
        "Write another one: the newest holds from its day on.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn academic_years_begin_in_august() {
        let day = |written: &str| written.parse::<NaiveDate>().unwrap();
        assert_eq!(period_of(day("2010-07-31")), "2009/10");
        assert_eq!(period_of(day("2010-08-01")), "2010/11");
        assert_eq!(period_of(day("1999-12-31")), "1999/00");
    }
}
