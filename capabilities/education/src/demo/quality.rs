//! The quality of NECLES's education: made-up judgements, one visit with an immediate requirement, a rule on money and a survey, of made-up hosts alone; no real trust is judged.

use chrono::NaiveDate;
use hiec_contracts::demonstration::{Period, hospital, practice};
use hiec_forms::{Answer, Answers};
use hiec_kernel::clock::london_date;
use hiec_kernel::{OrganisationId, Problem};
use hiec_store::{AuditEvent, Stream};
use serde::Serialize;

use super::{Stage, day};
use crate::quality::played::{
    self, Anonymous, Content, Escalation, Finding, FindingKind, Level, NATIONAL_2021, NewRequirement, NewSurvey,
    NewVisit, RequirementKind, Rule, Said, Step, TO_BE_CONFIRMED, VisitKind,
};

/// Made-up hospitals and practices that judge themselves.
const HOSPITALS: usize = 8;
const PRACTICES: usize = 8;

pub(super) async fn live_until(stage: &Stage<'_>, period: Period) -> Result<(), Problem> {
    match period {
        Period::FirstYear => {
            framework(stage).await?;
            judgements(stage).await
        }
        Period::AnnualMeeting => {
            visit(stage).await?;
            survey(stage).await?;
            rule(stage).await
        }
        Period::SecondYear => answered(stage).await,
        Period::Closing => asked_again(stage).await,
        _ => Ok(()),
    }
}

/// The made-up hosts, where they are partners, in their order.
fn hosts(stage: &Stage<'_>) -> Vec<OrganisationId> {
    let names = (1..=HOSPITALS).map(hospital).chain((1..=PRACTICES).map(practice));
    let partner = |name: String| stage.cluster.partners.iter().find(|one| one.organisation.name == name);
    names.filter_map(partner).map(|one| one.organisation.id).collect()
}

async fn framework(stage: &Stage<'_>) -> Result<(), Problem> {
    let mut unit = stage.begin("region-lon", day("2010-03-15")).await?;
    let content = Content::read(NATIONAL_2021).map_err(Problem::internal)?;
    let words = (
        "National framework, 2021 edition",
        TO_BE_CONFIRMED,
        content,
        "Hosts of all professions judge themselves by one framework",
    );
    played::frame(&mut unit, stage.cluster, words, true).await?;
    Ok(unit.commit().await?)
}

/// What the nth host says of the kth standard: most meet most of them, the first least.
fn level(nth: usize, standard: usize) -> Level {
    match (nth, (nth * 7 + standard * 5) % 11) {
        (0, 0..=5) => Level::NotMet,
        (0, _) => Level::Partly,
        (_, 0) => Level::NotMet,
        (_, 1 | 2) => Level::Partly,
        (2 | 5 | 9, 3..) | (_, 8..) => Level::Exceeded,
        _ => Level::Met,
    }
}

async fn judgements(stage: &Stage<'_>) -> Result<(), Problem> {
    for (nth, host) in hosts(stage).into_iter().enumerate() {
        let who = if nth == 0 { "host-quality" } else { "host" };
        let mut unit = stage.begin(who, day("2010-09-20")).await?;
        let assessment = played::begin_assessment(&mut unit, stage.cluster, host, true).await?;
        let frameworks = played::frameworks(&unit, stage.cluster.id).await?;
        let Some(framework) = frameworks.iter().find(|one| one.id == assessment.framework_id) else {
            continue;
        };
        for (place, (key, domain, _)) in framework.content.standards().enumerate() {
            let level = level(nth, place);
            let evidence = match level {
                Level::NotMet => {
                    format!("Nothing yet on {}: a plan goes to the board in November", domain.title.to_lowercase())
                }
                Level::Partly => {
                    "In place on some wards only, as the last round of talks with trainees showed".to_owned()
                }
                Level::Met => {
                    "Minutes of the education committee, and what trainees said at the end of their posts".to_owned()
                }
                Level::Exceeded => {
                    "Others come to see how it is done here; the material is shared with all partners".to_owned()
                }
            };
            let said = Said { level, evidence, link: String::new(), file: None };
            played::judge_standard(&mut unit, stage.cluster, &assessment, &key, &said).await?;
        }
        // One stays under way.
        if nth != 15 {
            played::submit_assessment(&mut unit, stage.cluster, &assessment, framework).await?;
        }
        unit.commit().await?;
    }
    Ok(())
}

async fn visit(stage: &Stage<'_>) -> Result<(), Problem> {
    let Some(host) = hosts(stage).first().copied() else {
        return Ok(());
    };
    let cluster = stage.cluster;
    let mut unit = stage.begin("region-lon", day("2011-02-21")).await?;
    let new = NewVisit {
        host,
        kind: VisitKind::UrgentRisk,
        on: day("2011-02-22"),
        reason: "Its own judgement is low, and trainees told of nights without a senior within reach".to_owned(),
        led_by: "The dean of the region".to_owned(),
        is_illustrative: true,
    };
    let visit = played::plan_visit(&mut unit, cluster, new).await?;
    unit.commit().await?;
    let mut unit = stage.begin("region-lon", day("2011-02-23")).await?;
    let finding =
        |kind, domain: &str, words: &str| Finding { kind, domain: domain.to_owned(), words: words.to_owned() };
    let findings = [
        finding(
            FindingKind::Concern,
            "Developing and supporting supervisors",
            "Between midnight and eight nobody senior is on site for the acute take",
        ),
        finding(
            FindingKind::Concern,
            "Learning environment and culture",
            "Trainees did not know how to raise a concern",
        ),
        finding(
            FindingKind::Good,
            "Delivering programmes and curricula",
            "Teaching on Thursdays is kept free of other duties",
        ),
    ];
    let summary = "Trainees learn much here by day. By night they are asked to decide what they are not ready for.";
    played::report_visit(&mut unit, cluster, &visit, (summary, &findings)).await?;
    let today = london_date(unit.now());
    for (kind, words, owner, asked) in [
        (
            RequirementKind::Immediate,
            "A consultant or a senior trainee is on site for the acute take every night",
            "Medical director",
            None,
        ),
        (
            RequirementKind::Mandatory,
            "Every trainee is told in the first week how to raise a concern, and what becomes of it",
            "Director of education",
            Some("2011-09-30"),
        ),
        (
            RequirementKind::Recommended,
            "Supervisors have their time for it written into their job plans",
            "Director of education",
            Some("2012-01-31"),
        ),
    ] {
        let due_on = played::due(kind, today, asked.map(day)).map_err(Problem::internal)?;
        let new = NewRequirement {
            host,
            visit: Some(visit.id),
            kind,
            words: words.to_owned(),
            owner: owner.to_owned(),
            due_on,
            is_illustrative: true,
        };
        played::require(&mut unit, cluster, new).await?;
    }
    played::escalate(
        &mut unit,
        cluster,
        host,
        (Escalation::Major, "Nights are not safe to learn in until this is mended"),
        true,
    )
    .await?;
    Ok(unit.commit().await?)
}

async fn rule(stage: &Stage<'_>) -> Result<(), Problem> {
    let rule = Rule {
        premium_from: 7_500,
        premium: 200,
        hold_below: 4_000,
        hold_from: Escalation::Major,
        immediate_holds: true,
    };
    let mut unit = stage.begin("region-lon", day("2011-02-25")).await?;
    let id = played::write_rule(&mut unit, stage.cluster, (&rule, "Agreed with the hosts in January"), true).await?;
    played::simulate_rule(&mut unit, stage.cluster, id).await?;
    unit.commit().await?;
    let mut unit = stage.begin("region-lon", day("2011-02-28")).await?;
    played::publish_rule(&mut unit, stage.cluster, id, day("2011-04-01")).await?;
    Ok(unit.commit().await?)
}

/// The host answers in time, the region comes to see it, and the level goes down a step.
async fn answered(stage: &Stage<'_>) -> Result<(), Problem> {
    let Some(host) = hosts(stage).first().copied() else {
        return Ok(());
    };
    let cluster = stage.cluster;
    let immediate = async |unit: &hiec_store::Unit| {
        let all = played::requirements(unit, cluster.id).await?;
        Ok::<_, Problem>(all.into_iter().find(|one| one.host == host && one.kind == RequirementKind::Immediate))
    };
    let mut unit = stage.begin("host-quality", day("2011-03-02")).await?;
    if let Some(required) = immediate(&unit).await? {
        let answer = Step::Answered {
            words: "A senior trainee is on site every night since Monday; the rota is attached to the minutes".into(),
            link: String::new(),
        };
        played::move_requirement(&mut unit, cluster, required.id, &answer).await?;
    }
    unit.commit().await?;
    let mut unit = stage.begin("region-lon", day("2011-03-16")).await?;
    if let Some(required) = immediate(&unit).await? {
        let closed = Step::Closed { why: "Seen on site on two nights, unannounced".into() };
        played::move_requirement(&mut unit, cluster, required.id, &closed).await?;
    }
    played::escalate(
        &mut unit,
        cluster,
        host,
        (Escalation::Significant, "Nights are covered; concerns are still not raised"),
        true,
    )
    .await?;
    Ok(unit.commit().await?)
}

/// The cluster asks for something in its own delivery.
async fn asked_again(stage: &Stage<'_>) -> Result<(), Problem> {
    let Some(host) = hosts(stage).get(3).copied() else {
        return Ok(());
    };
    let mut unit = stage.begin("education-lead", day("2011-11-14")).await?;
    let new = NewRequirement {
        host,
        visit: None,
        kind: RequirementKind::Own,
        words: "Hand the simulation material over to whoever keeps it after the cluster".to_owned(),
        owner: "Lead for simulation".to_owned(),
        due_on: day("2012-01-20"),
        is_illustrative: true,
    };
    played::require(&mut unit, stage.cluster, new).await?;
    Ok(unit.commit().await?)
}

/// Answers were made up.
#[derive(Serialize)]
struct AnswersMadeUp {
    answers: usize,
    opened: NaiveDate,
}

impl AuditEvent for AnswersMadeUp {
    const KIND: &'static str = "demonstration.answers_made_up";
}

async fn survey(stage: &Stage<'_>) -> Result<(), Problem> {
    let mut unit = stage.begin("education-lead", day("2010-11-01")).await?;
    let new = NewSurvey {
        title: "Autumn 2010".to_owned(),
        opens_on: day("2010-11-01"),
        closes_on: day("2010-11-30"),
        is_illustrative: true,
    };
    let survey = played::open(&mut unit, stage.cluster, new).await?;
    let scale = ["strongly_disagree", "disagree", "neither", "agree", "strongly_agree"];
    let professions = ["medicine", "nursing_midwifery", "allied_health"];
    let mut made = 0;
    for (nth, host) in hosts(stage).into_iter().enumerate() {
        // The last of each kind has two who answer, and so shows nothing.
        let people = if nth % 8 == 7 { 2 } else { 6 + nth % 5 };
        for person in 0..people {
            let mut answers = Answers::new();
            for (place, (section, question)) in survey.questions.questions().enumerate() {
                let middle = match (nth, section.key.as_str()) {
                    (0, "supervision") => 0,
                    (0, _) => 1,
                    (2, "teamwork") | (9, _) => 4,
                    (4, "facilities") => 1,
                    _ => 3,
                };
                let turn = (nth * 5 + person * 3 + place * 7 + person * place) % 8;
                let moved = [0, 1, 2, 2, 2, 2, 3, 4];
                let at = (middle + moved.get(turn).copied().unwrap_or(2_usize)).saturating_sub(2);
                let chosen = scale.get(at.min(4)).copied().unwrap_or("neither");
                answers.set(question.key.clone(), Some(Answer::Choice(chosen.to_owned())));
            }
            let profession = professions.get(person % 3).copied().unwrap_or("other").to_owned();
            played::add_answer(&unit, survey.id, &Anonymous { host, profession, answers }).await?;
            made += 1;
        }
    }
    let event = AnswersMadeUp { answers: made, opened: survey.opens_on };
    unit.audit(
        Stream::named(format!("education:{}", stage.cluster.id)),
        format!("trainee_survey:{}", survey.id),
        &event,
    )?;
    Ok(unit.commit().await?)
}
