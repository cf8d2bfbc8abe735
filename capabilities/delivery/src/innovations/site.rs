//! `/clusters/{cluster}/innovations/{innovation}/sites/{site}`: where one site stands and stood, corrections beside what they correct, and what hinders it.

use hiec_kernel::Problem;
use hiec_kernel::clock::{date_on_page, day_on_page, london_date};
use hiec_web::components::own::{DescriptionTimeline, TimelineEntry};
use hiec_web::components::{Button, Cell, Column, Details, Fieldset, Table, Tag};
use hiec_web::{Answer, Done, Errors, Fields, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::actions::{self, NewStep, NotSaid};
use super::barriers::{self, BarrierSaid, Domain, Level};
use super::steps::{self, StepSaid, stage_label};
use super::store::{self, SiteHere};
use super::tiles::stage_words;
use crate::ground::{self, LINES, made_up};
use hiec_adoption::stages::{History, Stage};

#[derive(Serialize)]
struct Shown<'a> {
    site: &'a str,
    stage: Option<&'static str>,
    steps: &'a [StepSaid],
    barriers: Vec<&'a BarrierSaid>,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct StepForm {
    /// `aware`, `trial`, `adopted`, `sustained` or `abandoned`.
    stage: String,
    /// As `2010-04-01`.
    on: String,
    evidence: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CorrectionForm {
    /// The id of the step that is corrected.
    replaces: String,
    /// The right stage; empty takes the step back.
    right_stage: String,
    right_on: String,
    right_evidence: String,
    reason: String,
}

#[derive(Clone, Debug, Default)]
struct Typed {
    step: StepForm,
    correction: CorrectionForm,
    barriers: Fields,
    errors: Errors,
}

pub async fn get(here: Loaded<SiteHere>) -> Answer {
    Ok(page(&here, &Typed::default()).await?.into())
}

async fn page(site: &Loaded<SiteHere>, typed: &Typed) -> Result<Page, Problem> {
    let (here, innovation) = (&site.here, &site.here.innovation);
    let database = site.database();
    let all = store::steps(&database, innovation.id).await?;
    let said: Vec<StepSaid> = all.into_iter().filter(|step| step.site == site.site).collect();
    let standing = steps::standing(&said);
    let history = steps::history(&standing, innovation.rules()).ok().flatten();
    let stage = history.as_ref().map(History::stage);
    let all_barriers = store::barriers(&database, innovation.id).await?;
    let own: Vec<BarrierSaid> = all_barriers.into_iter().filter(|one| one.site == site.site).collect();
    let barriers: Vec<&BarrierSaid> = barriers::newest(&own).into_values().collect();
    let may_state = site.may("innovation_site.state");
    let view = html! {
        (ground::mistakes(&typed.errors))
        h1 { span.nhsuk-caption-xl { (innovation.name) } (site.name) }
        p { "Stage: " (Tag::new(stage_words(stage))) }
        h2 { "What was said" }
        (timeline(&said, &standing))
        @if may_state {
            (step_form(site, stage, typed))
            @if !standing.is_empty() { (correction_form(site, &standing, typed)) }
        }
        h2 { "What hinders it" }
        (barrier_table(&barriers))
        @if may_state { (barrier_form(site, &barriers, typed)) }
    };
    let shown = Shown { site: &site.name, stage: stage.map(Stage::key), steps: &said, barriers: barriers.clone() };
    Ok(ground::under(Page::new(format!("{}: {}", innovation.name, site.name), view).data(&shown)?, &here.cluster)
        .under(format!("{}/innovations", here.cluster.path()), "Innovations")
        .under(here.path(), innovation.name.clone()))
}

fn timeline(said: &[StepSaid], standing: &[&StepSaid]) -> Markup {
    let mut newest: Vec<&StepSaid> = said.iter().collect();
    newest.sort_by_key(|step| std::cmp::Reverse((step.on, step.at, step.id)));
    html! {
        @if newest.is_empty() { p { "This site has not said where it stands." } } @else {
            (DescriptionTimeline::new(newest.into_iter().map(|step| {
                let stands = standing.iter().any(|one| one.id == step.id);
                let what = html! {
                    p {
                        @match step.stage() {
                            Some(stage) => { (Tag::new(stage_label(stage))) " " (step.evidence) }
                            None => { "A step was taken back." }
                        }
                        @if !stands && step.stage().is_some() { strong { " Corrected since." } }
                        (made_up(step.is_illustrative))
                    }
                    p.app-source { "Said on " (date_on_page(step.at)) }
                };
                TimelineEntry::new(day_on_page(step.on), what).because(step.reason.as_str())
            })))
        }
    }
}

fn options(stages: &[Stage]) -> Vec<(String, String)> {
    stages.iter().map(|stage| (stage.key().to_owned(), stage_label(*stage).to_owned())).collect()
}

fn step_form(site: &SiteHere, stage: Option<Stage>, typed: &Typed) -> Markup {
    let (form, errors) = (&typed.step, &typed.errors);
    let next = options(stage.map_or(&Stage::FIRST[..], Stage::next));
    let inner = html! {
        form method="post" action={ (site.path()) "/steps" } novalidate {
            (ground::choice("stage", "Stage", next, &form.stage, errors))
            (ground::day_field("on", "Since", &form.on, errors))
            (ground::lines_field("evidence", "What shows it", &form.evidence, errors)
                .hint("A visit, a protocol, figures: somebody else should be able to find it"))
            (Button::new("Say where it stands"))
        }
    };
    let is_open = stage.is_none() || ["stage", "on", "evidence"].iter().any(|field| errors.of(field).is_some());
    html! { (Details::new("Say where it stands now", inner).open(is_open)) }
}

fn correction_form(site: &SiteHere, standing: &[&StepSaid], typed: &Typed) -> Markup {
    let (form, errors) = (&typed.correction, &typed.errors);
    let steps = standing.iter().filter_map(|step| {
        Some((step.id.to_string(), format!("{}, {}", stage_label(step.stage()?), day_on_page(step.on))))
    });
    let inner = html! {
        form method="post" action={ (site.path()) "/corrections" } novalidate {
            (ground::choice("replaces", "What was wrong", steps, &form.replaces, errors))
            (ground::choice("right_stage", "The right stage", options(&Stage::ALL), &form.right_stage, errors)
                .hint("Choose none to take the step back"))
            (ground::day_field("right_on", "The right day", &form.right_on, errors))
            (ground::lines_field("right_evidence", "What shows it", &form.right_evidence, errors))
            (ground::lines_field("reason", "Why it is corrected", &form.reason, errors))
            (Button::new("Correct it").secondary())
        }
    };
    let fields = ["replaces", "right_stage", "right_on", "right_evidence", "reason"];
    html! { (Details::new("Correct what was said", inner).open(fields.iter().any(|field| errors.of(field).is_some()))) }
}

fn barrier_table(barriers: &[&BarrierSaid]) -> Markup {
    let rows = barriers.iter().map(|one| {
        vec![
            Cell::new(one.domain.label()),
            Cell::new(one.level.label()),
            Cell::new(html! { (one.note) (made_up(one.is_illustrative)) }),
            Cell::new(date_on_page(one.at)),
        ]
    });
    html! {
        @if barriers.is_empty() { p { "This site has not said what hinders it." } } @else {
            (Table::new("What hinders this site")
                .head([Column::new("Domain"), Column::new("How hard"), Column::new("Note"), Column::new("Said")])
                .first_cell_is_header(true)
                .rows(rows))
        }
    }
}

fn barrier_form(site: &SiteHere, barriers: &[&BarrierSaid], typed: &Typed) -> Markup {
    let errors = &typed.errors;
    let inner = html! {
        form method="post" action={ (site.path()) "/barriers" } novalidate {
            @for domain in Domain::ALL {
                @let known = barriers.iter().find(|one| one.domain == *domain);
                @let level = format!("level-{}", domain.key());
                @let note = format!("note-{}", domain.key());
                @let levels = Level::ALL.iter().map(|one| (one.key().to_owned(), one.label().to_owned()));
                @let chosen = typed.barriers.get(&level).or(known.map(|one| one.level.key())).unwrap_or_default();
                @let words = typed.barriers.get(&note).or(known.map(|one| one.note.as_str())).unwrap_or_default();
                (Fieldset { legend: domain.label().into(), html: html! {
                    (ground::choice(&level, "How hard", levels, chosen, errors))
                    (ground::lines_field(&note, "Note (optional)", words, errors).rows(2_u16))
                }.into(), ..Fieldset::default() })
            }
            (Button::new("Say what hinders it"))
        }
    };
    let is_open = errors.0.iter().any(|error| error.field.starts_with("level-") || error.field.starts_with("note-"));
    html! { (Details::new("Say what hinders this site", inner).open(is_open)) }
}

async fn again(site: &Loaded<SiteHere>, typed: Typed) -> Answer {
    Ok(page(site, &typed).await?.with_errors(&typed.errors).into())
}

pub async fn step(site: Loaded<SiteHere>, Input(form): Input<StepForm>) -> Answer {
    let today = london_date(site.now());
    let mut errors = Errors::none();
    let stage = ground::one_of(&mut errors, "stage", "a stage", Stage::from_key(&form.stage));
    let on = ground::past_day(&mut errors, "on", "a day", &form.on, today);
    let evidence = errors.text("evidence", "what shows it", &form.evidence, LINES);
    let (Some(stage), Some(on), Some(evidence)) = (stage, on, evidence) else {
        return again(&site, Typed { step: form, errors, ..Typed::default() }).await;
    };
    let mut unit = site.begin().await?;
    let new = NewStep { stage: stage.key().into(), on, evidence, ..NewStep::default() };
    match actions::say_step(&mut unit, &site.here.innovation, site.site, new).await {
        Ok(()) => unit.commit().await?,
        Err(NotSaid::Broken(problem)) => return Err(problem.into()),
        Err(NotSaid::Reasons(reasons)) => {
            drop(unit);
            reasons.into_iter().for_each(|reason| errors.add("stage", reason));
            return again(&site, Typed { step: form, errors, ..Typed::default() }).await;
        }
    }
    Ok(Done::made(site.path()).saying(format!("{} now stands at: {}.", site.name, stage_label(stage))).into())
}

pub async fn correction(site: Loaded<SiteHere>, Input(form): Input<CorrectionForm>) -> Answer {
    let today = london_date(site.now());
    let mut errors = Errors::none();
    let replaces = Uuid::parse_str(&form.replaces).ok();
    let replaces = ground::one_of(&mut errors, "replaces", "what was wrong", replaces);
    let takes_back = form.right_stage.trim().is_empty();
    let stage = Stage::from_key(&form.right_stage);
    if stage.is_none() && !takes_back {
        errors.add("right_stage", "Choose a stage, or none to take the step back");
    }
    let (on, evidence) = if takes_back {
        (Some(today), Some(String::new()))
    } else {
        (
            ground::past_day(&mut errors, "right_on", "the right day", &form.right_on, today),
            errors.text("right_evidence", "what shows it", &form.right_evidence, LINES),
        )
    };
    let reason = errors.text("reason", "why it is corrected", &form.reason, LINES);
    let (Some(replaces), Some(on), Some(evidence), Some(reason), true) =
        (replaces, on, evidence, reason, errors.is_empty())
    else {
        return again(&site, Typed { correction: form, errors, ..Typed::default() }).await;
    };
    let mut unit = site.begin().await?;
    let stage = stage.map(|stage| stage.key().to_owned()).unwrap_or_default();
    let new = NewStep { stage, on, evidence, replaces: Some((replaces, reason)), is_illustrative: false };
    match actions::say_step(&mut unit, &site.here.innovation, site.site, new).await {
        Ok(()) => unit.commit().await?,
        Err(NotSaid::Broken(problem)) => return Err(problem.into()),
        Err(NotSaid::Reasons(reasons)) => {
            drop(unit);
            reasons.into_iter().for_each(|reason| errors.add("replaces", reason));
            return again(&site, Typed { correction: form, errors, ..Typed::default() }).await;
        }
    }
    Ok(Done::to(site.path()).saying("It was corrected; what was said before stays beside it.").into())
}

pub async fn barriers(site: Loaded<SiteHere>, fields: Fields) -> Answer {
    let mut errors = Errors::none();
    let mut said: Vec<(Domain, Level, String)> = Vec::new();
    for domain in Domain::ALL {
        let (level_field, note_field) = (format!("level-{}", domain.key()), format!("note-{}", domain.key()));
        let level = fields.get(&level_field).unwrap_or_default().trim();
        let note = fields.get(&note_field).unwrap_or_default();
        let note = ground::optional(&mut errors, &note_field, "the note", note, LINES).unwrap_or_default();
        match (level, Level::from_key(level)) {
            ("", _) if note.is_empty() => {}
            (_, Some(level)) => said.push((*domain, level, note)),
            (_, None) => errors.add(&level_field, format!("Choose how hard it is: {}", domain.label())),
        }
    }
    if said.is_empty() && errors.is_empty() {
        errors.add(format!("level-{}", Domain::Condition.key()), "Choose how hard it is in at least one domain");
    }
    if !errors.is_empty() {
        return again(&site, Typed { barriers: fields, errors, ..Typed::default() }).await;
    }
    let mut unit = site.begin().await?;
    actions::say_barriers(&mut unit, &site.here.innovation, site.site, &said, false).await?;
    unit.commit().await?;
    Ok(Done::made(site.path()).saying("What hinders this site was recorded.").into())
}
