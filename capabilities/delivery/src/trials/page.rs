//! `/clusters/{cluster}/trials/{trial}`: what is asked, what each site answers, and where it was opened.

use std::collections::BTreeMap;

use hiec_kernel::clock::{day_on_page, london_date};
use hiec_kernel::{OrganisationId, Problem};
use hiec_web::components::{Button, Cell, Column, Details, RadioItem, Radios, SummaryList, SummaryRow, Table};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::actions;
use super::answers::{AtSite, Feasibility};
use super::store::{self, Trial, TrialHere, TrialSite, site_target};
use crate::ground::{self, LINES, made_up};

#[derive(Serialize)]
struct Shown<'a> {
    trial: &'a Trial,
    sites: Vec<(OrganisationId, String, AtSite)>,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AnswerForm {
    /// `yes` or `no`.
    could: String,
    patients: String,
    /// As `2011-04-01`.
    from: String,
    /// What else is to be known; or why not.
    note: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct DecisionForm {
    /// The id of a site that answered.
    site: String,
    /// `opened` or `not_opened`.
    decision: String,
    /// As `2011-04-01`.
    on: String,
    reason: String,
}

#[derive(Clone, Debug, Default)]
struct Typed {
    answer: AnswerForm,
    /// The site whose form was sent.
    site: Option<OrganisationId>,
    decision: DecisionForm,
    errors: Errors,
}

pub async fn get(here: Loaded<TrialHere>) -> Answer {
    Ok(page(&here, &here.thing, &Typed::default()).await?.into())
}

async fn page<R>(loaded: &Loaded<R>, here: &TrialHere, typed: &Typed) -> Result<Page, Problem> {
    let (cluster, trial) = (&here.cluster, &here.trial);
    let at_sites = store::at_sites(&loaded.database(), trial.id).await?;
    let today = london_date(loaded.now());
    let sites: Vec<(OrganisationId, String, AtSite)> = cluster
        .partners_on(today)
        .map(|partner| {
            let id = partner.organisation.id;
            (id, partner.organisation.name.clone(), at_sites.get(&id).cloned().unwrap_or(AtSite::Asked))
        })
        .collect();
    let patients: u32 = at_sites.values().filter_map(AtSite::feasibility).map(Feasibility::patients).sum();
    let may_answer = |site: OrganisationId| {
        loaded.may_with("trial_site.answer", &site_target(here, site, &loaded.subject, loaded.now()))
    };
    let may_run = loaded.may_with("trial.run", &ground::target(cluster, "trial", trial.id, loaded.now()));
    let own: Vec<&(OrganisationId, String, AtSite)> = sites
        .iter()
        .filter(|(site, _, at)| may_answer(*site) && matches!(at, AtSite::Asked | AtSite::Answered { .. }))
        .collect();
    let view = html! {
        (ground::mistakes(&typed.errors))
        h1 { span.nhsuk-caption-xl { (cluster.short_name) ": trial" } (trial.title) (made_up(trial.is_illustrative)) }
        p.nhsuk-lede-text { (trial.question) }
        (SummaryList::new([
            SummaryRow::new("Who asks", trial.company.as_str()),
            SummaryRow::new("Asked", day_on_page(trial.asked_on)),
            SummaryRow::new("Answers by", day_on_page(trial.answer_by)),
            SummaryRow::new("Patients", format!("{patients} of {} wanted could be recruited", trial.wanted)),
        ]))
        h2 { "What sites answer" }
        (site_table(&sites, may_run))
        // A cluster team may answer for any site; a form for each of a hundred would drown the page, so it is asked which first.
        @for (site, name, _) in own.iter().filter(|_| own.len() <= 12) { (answer_form(here, *site, name, typed)) }
        @if own.len() > 12 { p { "Each site answers on this page when its lead signs in." } }
        @if may_run { (decision_form(here, &sites, typed)) }
    };
    let shown = Shown { trial, sites: sites.clone() };
    Ok(ground::under(Page::new(trial.title.clone(), view).data(&shown)?, cluster)
        .under(format!("{}/trials", cluster.path()), "Trials"))
}

fn site_table(sites: &[(OrganisationId, String, AtSite)], shows_silent: bool) -> Markup {
    let told = sites.iter().filter(|(_, _, at)| *at != AtSite::Asked);
    let silent = sites.iter().filter(|(_, _, at)| *at == AtSite::Asked).count();
    let rows: Vec<Vec<Cell>> = told
        .map(|(_, name, at)| {
            let (patients, says) = match at.feasibility() {
                Some(Feasibility::Could { patients, from, note }) => {
                    (patients.to_string(), format!("From {}. {note}", day_on_page(*from)))
                }
                Some(Feasibility::CouldNot { why }) => ("0".to_owned(), why.clone()),
                None => (String::new(), String::new()),
            };
            let became = match at {
                AtSite::Opened { on, reason, .. } | AtSite::NotOpened { on, reason, .. } => {
                    format!("{}, {}: {reason}", at.words(), day_on_page(*on))
                }
                AtSite::Asked | AtSite::Answered { .. } => "Not decided".to_owned(),
            };
            let could = match at.feasibility() {
                Some(Feasibility::CouldNot { .. }) => "Could not",
                _ => "Could",
            };
            vec![
                Cell::new(name.as_str()),
                Cell::new(could),
                Cell::numeric(patients),
                Cell::new(says),
                Cell::new(became),
            ]
        })
        .collect();
    html! {
        @if rows.is_empty() { p { "No site has answered yet." } } @else {
            (Table::new("Sites that answered")
                .head([Column::new("Site"), Column::new("Answer"), Column::numeric("Patients"), Column::new("It says"), Column::new("Opened")])
                .first_cell_is_header(true)
                .rows(rows))
        }
        @if shows_silent && silent > 0 {
            p { (silent) @if silent == 1 { " site has not answered." } @else { " sites have not answered." } }
        }
    }
}

fn answer_form(here: &TrialHere, site: OrganisationId, name: &str, typed: &Typed) -> Markup {
    let is_this = typed.site == Some(site);
    let none = (AnswerForm::default(), Errors::none());
    let (form, errors) = if is_this { (&typed.answer, &typed.errors) } else { (&none.0, &none.1) };
    // Several forms stand on one page: the one that was sent keeps the plain ids its mistakes lead to.
    let id = |field: &str| if is_this { field.to_owned() } else { format!("{field}-{site}") };
    let inner = html! {
        form method="post" action={ (here.path()) "/sites/" (site) "/answer" } novalidate {
            (Radios::new("could", "Could this site take part?")
                .id_prefix(id("could"))
                .items([RadioItem::new("yes", "Yes"), RadioItem::new("no", "No")])
                .value(form.could.as_str())
                .error_message(errors.of("could").unwrap_or_default()))
            (ground::line_field("patients", "If yes: patients it could recruit", &form.patients, errors).id(id("patients")).inputmode("numeric").width(5_u8))
            (ground::day_field("from", "If yes: from when", &form.from, errors).id(id("from")))
            (ground::lines_field("note", "What else is to be known; if no: why not", &form.note, errors).id(id("note")))
            (Button::new(format!("Answer for {name}")))
        }
    };
    html! { (Details::new(format!("Answer for {name}"), inner).open(is_this)) }
}

fn decision_form(here: &TrialHere, sites: &[(OrganisationId, String, AtSite)], typed: &Typed) -> Markup {
    let (form, errors) = (&typed.decision, &typed.errors);
    let open: Vec<(String, String)> = sites
        .iter()
        .filter(|(_, _, at)| matches!(at, AtSite::Answered { .. }))
        .map(|(site, name, _)| (site.to_string(), name.clone()))
        .collect();
    if open.is_empty() {
        return html! {};
    }
    let inner = html! {
        form method="post" action={ (here.path()) "/decisions" } novalidate {
            (ground::choice("site", "Site", open, &form.site, errors))
            (Radios::new("decision", "What was decided there")
                .items([RadioItem::new("opened", "Opened"), RadioItem::new("not_opened", "Not opened")])
                .value(form.decision.as_str())
                .error_message(errors.of("decision").unwrap_or_default()))
            (ground::day_field("on", "On", &form.on, errors))
            (ground::lines_field("reason", "Why", &form.reason, errors))
            (Button::new("Record it"))
        }
    };
    let is_open = ["site", "decision", "on", "reason"].iter().any(|field| errors.of(field).is_some());
    html! { (Details::new("Say whether it was opened at a site", inner).open(is_open)) }
}

pub async fn answer(site: Loaded<TrialSite>, Input(form): Input<AnswerForm>) -> Answer {
    let mut errors = Errors::none();
    let feasibility = match form.could.as_str() {
        "yes" => {
            let patients = form.patients.trim().parse::<u32>().ok().filter(|patients| *patients > 0);
            if patients.is_none() {
                errors.add("patients", "Enter how many patients it could recruit: at least one");
            }
            let from = ground::day(&mut errors, "from", "from when", &form.from);
            let note = ground::optional(&mut errors, "note", "the note", &form.note, LINES);
            match (patients, from, note) {
                (Some(patients), Some(from), Some(note)) => Some(Feasibility::Could { patients, from, note }),
                _ => None,
            }
        }
        "no" => errors.text("note", "why it could not", &form.note, LINES).map(|why| Feasibility::CouldNot { why }),
        _ => {
            errors.add("could", "Choose whether this site could take part");
            None
        }
    };
    let Some(feasibility) = feasibility else {
        let typed = Typed { answer: form, site: Some(site.site), errors, ..Typed::default() };
        return Ok(page(&site, &site.here, &typed).await?.with_errors(&typed.errors).into());
    };
    let mut unit = site.begin().await?;
    actions::answer(&mut unit, &site.here.trial, site.site, feasibility, false).await?;
    unit.commit().await?;
    Ok(Done::made(site.here.path()).saying("The answer was recorded.").into())
}

pub async fn decision(here: Loaded<TrialHere>, Input(form): Input<DecisionForm>) -> Answer {
    let mut errors = Errors::none();
    let at_sites: BTreeMap<OrganisationId, AtSite> = store::at_sites(&here.database(), here.trial.id).await?;
    let site = at_sites.keys().copied().find(|site| site.to_string() == form.site);
    let site = ground::one_of(&mut errors, "site", "a site that answered", site);
    let is_opened = match form.decision.as_str() {
        "opened" => Some(true),
        "not_opened" => Some(false),
        _ => None,
    };
    let is_opened = ground::one_of(&mut errors, "decision", "what was decided", is_opened);
    let on = ground::past_day(&mut errors, "on", "a day", &form.on, london_date(here.now()));
    let reason = errors.text("reason", "why", &form.reason, LINES);
    let checked = match (site, is_opened, on, &reason) {
        (Some(site), Some(is_opened), Some(on), Some(reason)) => Some((site, is_opened, on, reason.clone())),
        _ => None,
    };
    if let Some((site, is_opened, on, reason)) = &checked
        && let Some(at) = at_sites.get(site)
        && let Err(no) = at.clone().decide(*is_opened, *on, reason.clone())
    {
        errors.add("decision", no.to_string());
    }
    let (Some((site, is_opened, on, reason)), true) = (checked, errors.is_empty()) else {
        let typed = Typed { decision: form, errors, ..Typed::default() };
        return Ok(page(&here, &here.thing, &typed).await?.with_errors(&typed.errors).into());
    };
    let mut unit = here.begin().await?;
    actions::decide(&mut unit, &here.trial, site, (is_opened, on, &reason), false).await?;
    unit.commit().await?;
    Ok(Done::to(here.path()).saying("It was recorded.").into())
}
