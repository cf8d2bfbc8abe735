//! Quality of education: hosts judge themselves, the cluster manages its own delivery, the region quality-manages, assurers and colleges read.

mod actions;
mod assessment;
mod doors;
pub mod flags;
pub mod flags_file;
mod framework;
mod framework_page;
mod funding;
pub(crate) mod history;
mod host;
mod judging;
mod list;
mod money_page;
mod money_store;
mod reminders;
pub(crate) mod review_store;
mod standing;
mod store;
mod survey_new;
mod survey_page;
mod survey_questions;
mod survey_results;
mod survey_store;
mod visit;

pub(crate) use doors::samples;
pub(crate) use funding::{Verdict, percent};
pub(crate) use list::level;
pub(crate) use reminders::JOB;
pub(crate) use standing::Escalation;
#[cfg(test)]
pub(crate) use standing::{Requirement, Step};

use hiec_web::Route;

/// What the demonstration plays.
pub(crate) mod played {
    pub(crate) use super::actions::{
        NewRequirement, NewVisit, begin_assessment, escalate, frame, judge_standard, move_requirement, plan_visit,
        publish_rule, report_visit, require, simulate_rule, submit_assessment, write_rule,
    };
    pub(crate) use super::framework::{Content, NATIONAL_2021, TO_BE_CONFIRMED};
    pub(crate) use super::funding::Rule;
    pub(crate) use super::review_store::{Finding, requirements};
    pub(crate) use super::standing::{Escalation, FindingKind, Level, RequirementKind, Step, VisitKind, due};
    pub(crate) use super::store::{Said, frameworks};
    pub(crate) use super::survey_new::{NewSurvey, open};
    pub(crate) use super::survey_store::{Anonymous, add_answer};
}

/// The most a file of evidence may have.
const FILE: u64 = 10 * 1024 * 1024;
/// The same with the wrapping of a form.
const FORM: usize = 11 * 1024 * 1024;

pub(crate) fn routes() -> Vec<Route> {
    [cluster_routes(), host_routes(), visit_routes(), survey_routes()].into_iter().flatten().collect()
}

fn cluster_routes() -> Vec<Route> {
    vec![
        Route::get(
            "/clusters/{cluster}/education/quality",
            "quality.list",
            "How the quality of hosts stands",
            list::get,
        ),
        Route::get(
            "/clusters/{cluster}/education/quality/hosts.csv",
            "quality.export",
            "How the quality of hosts stands, as CSV",
            list::csv,
        ),
        Route::get(
            "/clusters/{cluster}/education/quality/hosts.xlsx",
            "quality.export",
            "How the quality of hosts stands, as a workbook",
            list::xlsx,
        ),
        Route::get(
            "/clusters/{cluster}/education/quality/framework",
            "quality.list",
            "The framework hosts are judged by, in versions",
            framework_page::get,
        ),
        Route::get(
            "/clusters/{cluster}/education/quality/framework/new",
            "quality.frame",
            "Put a version of the framework in force: the page",
            framework_page::new,
        ),
        Route::post(
            "/clusters/{cluster}/education/quality/framework/new",
            "quality.frame",
            "Put a version of the framework in force",
            framework_page::post,
        )
        .takes::<framework_page::Form>(),
        Route::get(
            "/clusters/{cluster}/education/quality/funding",
            "quality.list",
            "Rules by which quality weighs on money, and what they say of each host",
            money_page::get,
        ),
        Route::get(
            "/clusters/{cluster}/education/quality/funding.csv",
            "quality.export",
            "What the rule in use says of each host, as CSV",
            money_page::csv,
        ),
        Route::post(
            "/clusters/{cluster}/education/quality/funding",
            "quality.fund",
            "Write a rule on money",
            money_page::post,
        )
        .takes::<money_page::Form>(),
        Route::post(
            "/clusters/{cluster}/education/quality/funding/{rule}/simulation",
            "quality.fund",
            "See what a rule would do to the present hosts",
            money_page::simulation,
        ),
        Route::post(
            "/clusters/{cluster}/education/quality/funding/{rule}/publication",
            "quality.fund",
            "Publish a rule that was simulated",
            money_page::publication,
        )
        .takes::<money_page::Publication>(),
    ]
}

fn host_routes() -> Vec<Route> {
    vec![
        Route::get(
            "/clusters/{cluster}/education/quality/hosts/{host}",
            "quality_host.view",
            "How one host stands",
            host::get,
        ),
        Route::get(
            "/clusters/{cluster}/education/quality/hosts/{host}/assessment",
            "quality_host.view",
            "A host's self-assessment with its evidence",
            assessment::get,
        ),
        Route::post(
            "/clusters/{cluster}/education/quality/hosts/{host}/assessment",
            "quality_host.assess",
            "Begin the self-assessment of this year",
            assessment::begin,
        ),
        Route::get(
            "/clusters/{cluster}/education/quality/hosts/{host}/assessment/{standard}",
            "quality_host.assess",
            "Judge one standard: the page",
            judging::get,
        ),
        Route::post(
            "/clusters/{cluster}/education/quality/hosts/{host}/assessment/{standard}",
            "quality_host.assess",
            "Judge one standard, with evidence",
            judging::post,
        )
        .up_to(FORM),
        Route::post(
            "/clusters/{cluster}/education/quality/hosts/{host}/assessment/submission",
            "quality_host.assess",
            "Finish the self-assessment",
            assessment::submission,
        ),
        Route::get(
            "/clusters/{cluster}/education/quality/hosts/{host}/files/{file}",
            "quality_host.export",
            "A file of evidence",
            assessment::file,
        ),
        Route::post(
            "/clusters/{cluster}/education/quality/hosts/{host}/escalation",
            "quality_host.escalate",
            "Raise or lower how closely a host is watched",
            host::escalation,
        )
        .takes::<host::EscalationForm>(),
        Route::post(
            "/clusters/{cluster}/education/quality/hosts/{host}/actions",
            "quality_host.improve",
            "Ask a host for something in the cluster's own delivery",
            host::action,
        )
        .takes::<host::ActionForm>(),
        Route::post(
            "/clusters/{cluster}/education/quality/hosts/{host}/requirements/{requirement}/answer",
            "quality_host.answer",
            "Answer a requirement",
            host::answer,
        )
        .takes::<host::AnswerForm>(),
        Route::post(
            "/clusters/{cluster}/education/quality/hosts/{host}/requirements/{requirement}/judgement",
            "quality_host.judge",
            "Close a requirement of the region's or send its answer back",
            host::judgement,
        )
        .takes::<host::JudgementForm>(),
        Route::post(
            "/clusters/{cluster}/education/quality/hosts/{host}/actions/{requirement}/judgement",
            "quality_host.improve",
            "Close an action of the cluster's own or send its answer back",
            host::own_judgement,
        )
        .takes::<host::JudgementForm>(),
    ]
}

fn visit_routes() -> Vec<Route> {
    vec![
        Route::get(
            "/clusters/{cluster}/education/quality/hosts/{host}/visits/new",
            "quality_host.visit",
            "Plan a visit: the page",
            visit::new,
        ),
        Route::post(
            "/clusters/{cluster}/education/quality/hosts/{host}/visits/new",
            "quality_host.visit",
            "Plan a visit",
            visit::plan,
        )
        .takes::<visit::PlanForm>(),
        Route::get(
            "/clusters/{cluster}/education/quality/visits/{visit}",
            "quality_visit.view",
            "A visit, its findings and what it asks for",
            visit::get,
        ),
        Route::post(
            "/clusters/{cluster}/education/quality/visits/{visit}/report",
            "quality_visit.report",
            "Report a visit with its findings",
            visit::report,
        ),
        Route::post(
            "/clusters/{cluster}/education/quality/visits/{visit}/requirements",
            "quality_visit.report",
            "Ask the host for something",
            visit::requirement,
        )
        .takes::<visit::RequirementForm>(),
    ]
}

fn survey_routes() -> Vec<Route> {
    vec![
        Route::get(
            "/clusters/{cluster}/education/quality/surveys",
            "trainee_survey.view",
            "Surveys of trainees' experience",
            survey_new::list,
        ),
        Route::get(
            "/clusters/{cluster}/education/quality/surveys/new",
            "trainee_survey.run",
            "Open a survey: the page",
            survey_new::get,
        ),
        Route::post(
            "/clusters/{cluster}/education/quality/surveys/new",
            "trainee_survey.run",
            "Open a survey",
            survey_new::post,
        )
        .takes::<survey_new::Form>(),
        Route::get(
            "/clusters/{cluster}/education/quality/surveys/{survey}",
            "trainee_survey.view",
            "A survey: its questions, or its results once it is closed",
            survey_page::get,
        ),
        Route::get(
            "/clusters/{cluster}/education/quality/surveys/{survey}/answer",
            "trainee_survey.answer",
            "Answer a survey: the page",
            survey_page::answer,
        ),
        Route::post(
            "/clusters/{cluster}/education/quality/surveys/{survey}/answer",
            "trainee_survey.answer",
            "Answer a survey, without a name",
            survey_page::post,
        ),
        Route::get(
            "/clusters/{cluster}/education/quality/surveys/{survey}/results.csv",
            "trainee_survey.export",
            "A survey's results with their flags, as CSV",
            survey_results::csv,
        ),
        Route::get(
            "/clusters/{cluster}/education/quality/surveys/{survey}/results.xlsx",
            "trainee_survey.export",
            "A survey's results with their flags, as a workbook",
            survey_results::xlsx,
        ),
    ]
}
