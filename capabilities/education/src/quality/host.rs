//! `/clusters/{cluster}/education/quality/hosts/{host}`: how one host stands, what it is asked for, and the forms of those who may answer, judge, escalate or act.

use axum::extract::Path;
use hiec_kernel::Problem;
use hiec_kernel::clock::{date_on_page, day_on_page, london_date};
use hiec_web::components::own::{DescriptionTimeline, TimelineEntry};
use hiec_web::components::{Button, Details, RadioItem, Radios, SummaryList, SummaryRow, Tag, TagColour};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

use super::actions::{self, NewRequirement};
use super::doors::QualityHost;
use super::funding::percent;
use super::judging::link;
use super::list::level;
use super::money_store::Whole;
use super::review_store::{self, Escalated, Required, Visit};
use super::standing::{self, Escalation, RequirementKind, Step};
use crate::ground::{self, LINE, LINES, made_up};

#[derive(Serialize)]
struct Shown<'a> {
    host: &'a super::store::Host,
    level: Escalation,
    score: Option<i64>,
    requirements: Vec<&'a Required>,
    visits: Vec<&'a Visit>,
    escalations: Vec<&'a Escalated>,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct EscalationForm {
    /// `usual`, `minor`, `significant`, `major` or `suspended`.
    level: String,
    reason: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ActionForm {
    words: String,
    owner: String,
    /// As `2011-03-31`.
    due: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AnswerForm {
    words: String,
    link: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct JudgementForm {
    /// `closed` or `returned`.
    judgement: String,
    why: String,
    /// For an answer sent back: the new day.
    due: String,
}

/// What was typed into which form.
#[derive(Clone, Debug, Default)]
struct Typed {
    escalation: EscalationForm,
    action: ActionForm,
    answer: AnswerForm,
    judgement: JudgementForm,
    /// The requirement whose form was sent.
    requirement: Option<Uuid>,
    /// Which of the two forms of the host was sent.
    form: &'static str,
    errors: Errors,
}

pub async fn get(door: Loaded<QualityHost>) -> Answer {
    Ok(page(&door, &Typed::default()).await?.into())
}

async fn page(door: &Loaded<QualityHost>, typed: &Typed) -> Result<Page, Problem> {
    let (cluster, host, today) = (&door.cluster, &door.host, london_date(door.now()));
    let whole = Whole::load(&door.database(), cluster, today).await?;
    let visits = review_store::visits(&door.database(), cluster.id).await?;
    let visits: Vec<&Visit> = visits.iter().filter(|visit| visit.host == host.id).collect();
    let requirements: Vec<&Required> = whole.requirements.iter().filter(|one| one.host == host.id).collect();
    let escalations: Vec<&Escalated> = whole.escalations.iter().filter(|one| one.host == host.id).collect();
    let assessed = whole.assessed(host.id);
    let (open, closed): (Vec<&Required>, Vec<&Required>) =
        requirements.iter().copied().partition(|one| !one.standing.is_closed());
    let assessed_words = match assessed {
        Some(assessment) => format!("{} in {}", assessment.score.map(percent).unwrap_or_default(), assessment.period),
        None => "None is finished".to_owned(),
    };
    let path = door.path();
    let view = html! {
        (ground::mistakes(&typed.errors))
        h1 { span.nhsuk-caption-xl { (cluster.short_name) ": quality" } (host.name) (made_up(host.is_illustrative)) }
        (SummaryList::new([
            SummaryRow::new("Escalation", level(whole.level(host.id))),
            SummaryRow::new("Self-assessment", assessed_words).action("Open", format!("{path}/assessment"), "the self-assessment"),
            SummaryRow::new("Kind of host", host.kind.as_str()),
        ]))
        h2 { "Open requirements and actions" }
        @if open.is_empty() { p { "Nothing is open." } }
        @for required in &open { (requirement(door, required, typed)) }
        @if door.may("quality_host.improve") { (action_form(&path, typed)) }
        h2 { "Visits" }
        @if visits.is_empty() { p { "None was made or planned." } }
        ul.nhsuk-list {
            @for visit in &visits {
                li { a.nhsuk-link href=(visit.path(cluster)) { (day_on_page(visit.on)) ": " (visit.kind.label()) } (made_up(visit.is_illustrative)) }
            }
        }
        @if door.may("quality_host.visit") { p { (Button::link("Plan a visit", format!("{path}/visits/new")).secondary()) } }
        h2 { "Escalation" }
        @if escalations.is_empty() { p { "It always stood as usual." } } @else {
            (DescriptionTimeline::new(escalations.iter().map(|one| {
                TimelineEntry::new(date_on_page(one.at), one.level.label()).because(one.reason.as_str())
            })))
        }
        @if door.may("quality_host.escalate") { (escalation_form(&path, typed)) }
        @if !closed.is_empty() { h2 { "Closed" } }
        @for required in &closed { (requirement(door, required, typed)) }
    };
    let shown = Shown {
        host,
        level: whole.level(host.id),
        score: assessed.and_then(|one| one.score),
        requirements: requirements.clone(),
        visits: visits.clone(),
        escalations: escalations.clone(),
    };
    Ok(super::doors::within(Page::new(host.name.clone(), view).data(&shown)?, cluster)
        .under(super::doors::path(cluster), "Quality"))
}

/// One requirement with its steps and, where this person may, the form of the next one.
fn requirement(door: &Loaded<QualityHost>, required: &Required, typed: &Typed) -> Markup {
    let today = london_date(door.now());
    let colour = match &required.standing {
        _ if required.standing.is_late(today) => TagColour::Red,
        super::standing::Requirement::Open { .. } => TagColour::Blue,
        super::standing::Requirement::Answered { .. } => TagColour::Purple,
        super::standing::Requirement::Closed { .. } => TagColour::Green,
    };
    let due = required.standing.due().map(|due| format!("Answer by {}. ", day_on_page(due))).unwrap_or_default();
    let is_own = required.kind == RequirementKind::Own;
    let may_answer = required.standing.due().is_some() && door.may("quality_host.answer");
    let judge = if is_own { "quality_host.improve" } else { "quality_host.judge" };
    let may_judge = matches!(required.standing, super::standing::Requirement::Answered { .. }) && door.may(judge);
    html! {
        div class="app-requirement" {
            h3 { (required.kind.label()) " " (Tag::new(required.standing.words(today)).colour(colour)) (made_up(required.is_illustrative)) }
            p { (required.words) }
            p { "Set " (day_on_page(required.set_on)) ". " (due) "Owner: " (required.owner) "." }
            @if !required.steps.is_empty() {
                ul.nhsuk-list.nhsuk-list--bullet { @for (step, at) in &required.steps { li { (date_on_page(*at)) ": " (step_words(step)) } } }
            }
            @if may_answer { (answer_form(door, required, typed)) }
            @if may_judge { (judgement_form(door, required, typed, is_own)) }
        }
    }
}

fn step_words(step: &Step) -> Markup {
    match step {
        Step::Answered { words, link } => html! {
            "answered: " (words)
            @if !link.is_empty() { " " a.nhsuk-link href=(link) rel="noreferrer" { "Link to the evidence" } }
        },
        Step::Returned { why, due } => html! { "sent back, to be answered by " (day_on_page(*due)) ": " (why) },
        Step::Closed { why } => html! { "closed: " (why) },
    }
}

/// Several forms stand on one page: the one that was sent keeps the plain ids its mistakes lead to.
fn ids(is_this: bool, requirement: Uuid) -> impl Fn(&str) -> String {
    move |field: &str| if is_this { field.to_owned() } else { format!("{field}-{requirement}") }
}

fn answer_form(door: &QualityHost, required: &Required, typed: &Typed) -> Markup {
    let is_this = typed.requirement == Some(required.id);
    let none = (AnswerForm::default(), Errors::none());
    let (form, errors) = if is_this { (&typed.answer, &typed.errors) } else { (&none.0, &none.1) };
    let id = ids(is_this, required.id);
    let inner = html! {
        form method="post" action={ (door.path()) "/requirements/" (required.id) "/answer" } novalidate {
            (ground::lines_field("words", "What was done", &form.words, errors).id(id("words")))
            (ground::line_field("link", "A link to the evidence, if there is one", &form.link, errors).id(id("link")).kind("url"))
            (Button::new("Send the answer"))
        }
    };
    html! { (Details::new("Answer it", inner).open(is_this)) }
}

fn judgement_form(door: &QualityHost, required: &Required, typed: &Typed, is_own: bool) -> Markup {
    let is_this = typed.requirement == Some(required.id);
    let none = (JudgementForm::default(), Errors::none());
    let (form, errors) = if is_this { (&typed.judgement, &typed.errors) } else { (&none.0, &none.1) };
    let id = ids(is_this, required.id);
    let place = if is_own { "actions" } else { "requirements" };
    let inner = html! {
        form method="post" action={ (door.path()) "/" (place) "/" (required.id) "/judgement" } novalidate {
            (Radios::new("judgement", "Is it done?")
                .id_prefix(id("judgement"))
                .items([RadioItem::new("closed", "Yes: close it"), RadioItem::new("returned", "No: send it back")])
                .value(form.judgement.as_str())
                .error_message(errors.of("judgement").unwrap_or_default()))
            (ground::lines_field("why", "Why", &form.why, errors).id(id("why")))
            (ground::day_field("due", "If it is sent back: the new day", &form.due, errors).id(id("due")))
            (Button::new("Judge the answer"))
        }
    };
    html! { (Details::new("Judge the answer", inner).open(is_this)) }
}

fn action_form(path: &str, typed: &Typed) -> Markup {
    let is_this = typed.form == "action";
    let none = Errors::none();
    let errors = if is_this { &typed.errors } else { &none };
    let form = &typed.action;
    let inner = html! {
        form method="post" action={ (path) "/actions" } novalidate {
            (ground::lines_field("words", "What is to be done", &form.words, errors))
            (ground::line_field("owner", "Who does it", &form.owner, errors))
            (ground::day_field("due", "By when", &form.due, errors))
            (Button::new("Set the action"))
        }
    };
    html! { (Details::new("Set an action in the cluster's own delivery", inner).open(is_this)) }
}

fn escalation_form(path: &str, typed: &Typed) -> Markup {
    let is_this = typed.form == "escalation";
    let none = Errors::none();
    let errors = if is_this { &typed.errors } else { &none };
    let form = &typed.escalation;
    let levels = Escalation::ALL.iter().map(|level| (level.key().to_owned(), level.label().to_owned()));
    let inner = html! {
        form method="post" action={ (path) "/escalation" } novalidate {
            (ground::choice("level", "Level from now on", levels, &form.level, errors))
            (ground::lines_field("reason", "Why", &form.reason, errors))
            (Button::new("Change the level"))
        }
    };
    html! { (Details::new("Change the level", inner).open(is_this)) }
}

pub async fn escalation(door: Loaded<QualityHost>, Input(form): Input<EscalationForm>) -> Answer {
    let mut errors = Errors::none();
    let level = ground::one_of(&mut errors, "level", "a level", Escalation::from_key(&form.level));
    let reason = errors.text("reason", "why", &form.reason, LINES);
    if let Some(level) = level {
        let whole = Whole::load(&door.database(), &door.cluster, london_date(door.now())).await?;
        let from = whole.level(door.host.id);
        errors.take("level", standing::moved(from, level, whole.immediate_open(door.host.id)));
    }
    let (Some(level), Some(reason), true) = (level, reason, errors.is_empty()) else {
        let typed = Typed { escalation: form, form: "escalation", errors: errors.clone(), ..Typed::default() };
        return Ok(page(&door, &typed).await?.with_errors(&errors).into());
    };
    let mut unit = door.begin().await?;
    actions::escalate(&mut unit, &door.cluster, door.host.id, (level, &reason), false).await?;
    unit.commit().await?;
    Ok(Done::to(door.path()).saying(format!("It stands at {} now.", level.label())).into())
}

pub async fn action(door: Loaded<QualityHost>, Input(form): Input<ActionForm>) -> Answer {
    let mut errors = Errors::none();
    let words = errors.text("words", "what is to be done", &form.words, LINES);
    let owner = errors.text("owner", "who does it", &form.owner, LINE);
    let asked = ground::day(&mut errors, "due", "by when", &form.due);
    let due = asked.and_then(|asked| {
        errors.take("due", standing::due(RequirementKind::Own, london_date(door.now()), Some(asked)))
    });
    let (Some(words), Some(owner), Some(due_on)) = (words, owner, due) else {
        let typed = Typed { action: form, form: "action", errors: errors.clone(), ..Typed::default() };
        return Ok(page(&door, &typed).await?.with_errors(&errors).into());
    };
    let new = NewRequirement {
        host: door.host.id,
        visit: None,
        kind: RequirementKind::Own,
        words,
        owner,
        due_on,
        is_illustrative: false,
    };
    let mut unit = door.begin().await?;
    actions::require(&mut unit, &door.cluster, new).await?;
    unit.commit().await?;
    Ok(Done::made(door.path()).saying("The action is set, and the host has a letter.").into())
}

/// The requirement of this host an address names.
async fn named(
    door: &Loaded<QualityHost>,
    parts: &BTreeMap<String, String>,
    own: Option<bool>,
) -> Result<Required, Problem> {
    let id = parts.get("requirement").and_then(|id| id.parse::<Uuid>().ok()).ok_or_else(Problem::not_found)?;
    let all = review_store::requirements(&door.database(), door.cluster.id).await?;
    all.into_iter()
        .find(|one| one.id == id && one.host == door.host.id)
        .filter(|one| own.is_none_or(|own| own == (one.kind == RequirementKind::Own)))
        .ok_or_else(Problem::not_found)
}

pub async fn answer(
    door: Loaded<QualityHost>,
    Path(parts): Path<BTreeMap<String, String>>,
    Input(form): Input<AnswerForm>,
) -> Answer {
    let required = named(&door, &parts, None).await?;
    let mut errors = Errors::none();
    let words = errors.text("words", "what was done", &form.words, LINES);
    let link = link(&mut errors, &form.link);
    let (Some(words), Some(link)) = (words, link) else {
        let typed = Typed { answer: form, requirement: Some(required.id), errors: errors.clone(), ..Typed::default() };
        return Ok(page(&door, &typed).await?.with_errors(&errors).into());
    };
    moved(door, required.id, Step::Answered { words, link }, "The answer was sent.").await
}

pub async fn judgement(
    door: Loaded<QualityHost>,
    Path(parts): Path<BTreeMap<String, String>>,
    Input(form): Input<JudgementForm>,
) -> Answer {
    judge(door, parts, form, false).await
}

pub async fn own_judgement(
    door: Loaded<QualityHost>,
    Path(parts): Path<BTreeMap<String, String>>,
    Input(form): Input<JudgementForm>,
) -> Answer {
    judge(door, parts, form, true).await
}

async fn judge(
    door: Loaded<QualityHost>,
    parts: BTreeMap<String, String>,
    form: JudgementForm,
    is_own: bool,
) -> Answer {
    let required = named(&door, &parts, Some(is_own)).await?;
    let mut errors = Errors::none();
    let why = errors.text("why", "why", &form.why, LINES);
    let step = match form.judgement.as_str() {
        "closed" => why.map(|why| Step::Closed { why }),
        "returned" => {
            let due = ground::day(&mut errors, "due", "the new day", &form.due);
            why.zip(due).map(|(why, due)| Step::Returned { why, due })
        }
        _ => {
            errors.add("judgement", "Choose whether it is done");
            None
        }
    };
    if let Some(step @ Step::Returned { .. }) = &step {
        errors.take("due", required.standing.clone().take(step));
    }
    let (Some(step), true) = (step, errors.is_empty()) else {
        let typed =
            Typed { judgement: form, requirement: Some(required.id), errors: errors.clone(), ..Typed::default() };
        return Ok(page(&door, &typed).await?.with_errors(&errors).into());
    };
    moved(door, required.id, step, "The judgement was recorded.").await
}

async fn moved(door: Loaded<QualityHost>, requirement: Uuid, step: Step, word: &str) -> Answer {
    let mut unit = door.begin().await?;
    actions::move_requirement(&mut unit, &door.cluster, requirement, &step).await?;
    unit.commit().await?;
    Ok(Done::to(door.path()).saying(word).into())
}
