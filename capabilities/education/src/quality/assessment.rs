//! `…/hosts/{host}/assessment`: what a host says of itself, standard by standard, with its evidence; begun and finished by its own educator alone.

use hiec_files::{FileKey, FileStore};
use hiec_kernel::Problem;
use hiec_kernel::clock::date_on_page;
use hiec_store::files;
use hiec_web::components::own::EmptyState;
use hiec_web::components::{Button, Cell, Column, Details, Table};
use hiec_web::{Answer, Done, Loaded, Page, Reply};
use maud::{Markup, html};
use serde::Serialize;
use std::collections::BTreeMap;
use uuid::Uuid;

use super::FILE;
use super::actions;
use super::doors::QualityHost;
use super::funding::percent;
use super::store::{self, Assessment, Framework, Said};
use crate::ground::made_up;

#[derive(Serialize)]
struct Shown<'a> {
    assessment: &'a Assessment,
    framework: &'a Framework,
    said: &'a BTreeMap<String, Said>,
}

/// The host's assessments, newest first, each with its framework and what was said.
async fn all(door: &Loaded<QualityHost>) -> Result<Vec<(Assessment, Framework, BTreeMap<String, Said>)>, Problem> {
    let database = door.database();
    let frameworks = store::frameworks(&database, door.cluster.id).await?;
    let mut found = Vec::new();
    for assessment in store::assessments(&database, door.cluster.id).await? {
        if assessment.host_id != door.host.id.0 {
            continue;
        }
        if let Some(framework) = frameworks.iter().find(|one| one.id == assessment.framework_id) {
            let said = store::said(&database, assessment.id).await?;
            found.push((assessment, framework.clone(), said));
        }
    }
    Ok(found)
}

/// The files of a host's evidence belong to it.
pub(super) fn owner(door: &QualityHost) -> String {
    format!("education-evidence:{}:{}", door.cluster.id, door.host.id)
}

/// The one under way.
pub(super) async fn under_way(
    door: &Loaded<QualityHost>,
) -> Result<Option<(Assessment, Framework, BTreeMap<String, Said>)>, Problem> {
    Ok(all(door).await?.into_iter().find(|(assessment, _, _)| assessment.submitted_at.is_none()))
}

pub async fn get(door: Loaded<QualityHost>) -> Answer {
    let all = all(&door).await?;
    let names = file_names(&door).await?;
    let may = door.may("quality_host.assess");
    let path = format!("{}/assessment", door.path());
    let period = actions::period_of(hiec_kernel::clock::london_date(door.now()));
    let has_this_year = all.iter().any(|(assessment, _, _)| assessment.period == period);
    let begin = html! {
        @if may && !has_this_year {
            form method="post" action=(path) { (Button::new(format!("Begin the self-assessment of {period}"))) }
        }
    };
    let view = html! {
        h1 { span.nhsuk-caption-xl { (door.host.name) } "Self-assessment" }
        (begin)
        @match all.split_first() {
            None => (EmptyState::new("This host has not judged itself yet.")),
            Some((newest, before)) => {
                (one(&door, newest, &names, may))
                @if !before.is_empty() { h2 { "Years before" } }
                @for assessment in before {
                    (Details::new(assessment.0.period.clone(), one(&door, assessment, &names, false)))
                }
            }
        }
    };
    let shown: Vec<Shown> =
        all.iter().map(|(assessment, framework, said)| Shown { assessment, framework, said }).collect();
    Ok(under(Page::new("Self-assessment", view).data(&shown)?, &door).into())
}

fn one(
    door: &QualityHost,
    (assessment, framework, said): &(Assessment, Framework, BTreeMap<String, Said>),
    names: &BTreeMap<Uuid, String>,
    may: bool,
) -> Markup {
    let path = format!("{}/assessment", door.path());
    let is_open = may && assessment.submitted_at.is_none();
    let rows = framework.content.standards().map(|(key, domain, words)| {
        let said = said.get(&key);
        let judged = said.map_or("Not judged yet", |said| said.level.label());
        let change = if said.is_some() { "Change" } else { "Judge" };
        vec![
            Cell::new(html! { (key) " " (words) br; span.nhsuk-u-secondary-text-colour { (domain.title) } }),
            Cell::new(judged),
            Cell::new(html! {
                @if let Some(said) = said {
                    (said.evidence)
                    @if !said.link.is_empty() { " " a.nhsuk-link href=(said.link) rel="noreferrer" { "Link for " (key) } }
                    @if let Some(file) = said.file {
                        " " a.nhsuk-link href={ (door.path()) "/files/" (file) } { (names.get(&file).map_or("File", String::as_str)) }
                    }
                }
                @if is_open { " " a.nhsuk-link href={ (path) "/" (key) } { (change) span.nhsuk-u-visually-hidden { " standard " (key) } } }
            }),
        ]
    });
    let state = match (assessment.submitted_at, assessment.score) {
        (Some(at), Some(score)) => format!("Finished {}: {}", date_on_page(at), percent(score)),
        _ => format!("Under way: {} of {} judged", said.len(), framework.content.standards().count()),
    };
    html! {
        p { (assessment.period) ", by version " (framework.version) " of the framework. " (state) "." (made_up(assessment.is_illustrative)) }
        (Table::new(format!("Standards in {}", assessment.period))
            .head([Column::new("Standard"), Column::new("Judgement"), Column::new("Evidence")])
            .first_cell_is_header(true)
            .rows(rows))
        @if is_open {
            form method="post" action={ (path) "/submission" } {
                (Button::new("Finish the self-assessment").confirm("It is not changed afterwards. Finish it?"))
            }
        }
    }
}

async fn file_names(door: &Loaded<QualityHost>) -> Result<BTreeMap<Uuid, String>, Problem> {
    let rows = files::of_owner(&door.database(), &owner(door)).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// The way back from a page of a host.
pub(super) fn under(page: Page, door: &QualityHost) -> Page {
    super::doors::within(page, &door.cluster)
        .under(super::doors::path(&door.cluster), "Quality")
        .under(door.path(), door.host.name.clone())
}

pub async fn begin(door: Loaded<QualityHost>) -> Answer {
    let mut unit = door.begin().await?;
    let begun = actions::begin_assessment(&mut unit, &door.cluster, door.host.id, false).await?;
    unit.commit().await?;
    let word = match begun.submitted_at {
        None => format!("The self-assessment of {} is open.", begun.period),
        Some(_) => format!("The self-assessment of {} is finished, and stays as it is.", begun.period),
    };
    Ok(Done::made(format!("{}/assessment", door.path())).saying(word).into())
}

pub async fn submission(door: Loaded<QualityHost>) -> Answer {
    let Some((assessment, framework, _)) = under_way(&door).await? else {
        return Err(Problem::conflict(
            "No self-assessment is under way",
            "Begin the one of this year first; a finished one stays as it is.",
        )
        .into());
    };
    let mut unit = door.begin().await?;
    let score = actions::submit_assessment(&mut unit, &door.cluster, &assessment, &framework).await?;
    unit.commit().await?;
    let word = format!("It is finished, with a score of {}.", percent(score));
    Ok(Done::to(format!("{}/assessment", door.path())).saying(word).into())
}

pub async fn file(
    door: Loaded<QualityHost>,
    axum::extract::Path(parts): axum::extract::Path<BTreeMap<String, String>>,
) -> Answer {
    let wanted = parts.get("file").and_then(|id| id.parse::<Uuid>().ok()).ok_or_else(Problem::not_found)?;
    let rows = files::of_owner(&door.database(), &owner(&door)).await?;
    let row = rows.into_iter().find(|row| row.id == wanted).ok_or_else(Problem::not_found)?;
    let store = door.app.service::<FileStore>()?;
    let bytes = store.read(FileKey(row.id), FILE).await.map_err(Problem::from)?;
    Ok(Reply::download(&row.name, &row.content_type, bytes.to_vec()))
}
