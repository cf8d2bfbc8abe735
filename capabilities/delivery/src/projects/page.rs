//! `/clusters/{cluster}/projects/{project}`: a project with how it stands and stood, milestones, products and cycles.

use chrono::NaiveDate;
use hiec_kernel::Problem;
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_web::components::own::{DescriptionTimeline, TimelineEntry};
use hiec_web::components::{Button, Cell, Column, Details, SummaryList, SummaryRow, Table};
use hiec_web::{Answer, Errors, Loaded, Page};
use maud::{Markup, html};
use serde::Serialize;

use super::list::tag;
use super::running::{CycleForm, MilestoneForm, ProductForm, StandingForm};
use super::standing::Status;
use super::store::{self, Milestone, Product, ProjectHere, StandingGiven, StoredCycle};
use crate::ground::{self, made_up};
use crate::measures::reading::{MeasureLine, measures_of};
use crate::pathways::store as pathways;

#[derive(Serialize)]
struct Shown<'a> {
    project: &'a store::Project,
    pathway: &'a str,
    standings: &'a [StandingGiven],
    milestones: &'a [Milestone],
    products: &'a [Product],
    cycles: &'a [StoredCycle],
}

/// What was typed into the forms of the page, and what was wrong with it.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    pub standing: StandingForm,
    pub milestone: MilestoneForm,
    pub product: ProductForm,
    pub cycle: CycleForm,
    pub errors: Errors,
}

pub async fn get(here: Loaded<ProjectHere>) -> Answer {
    Ok(page(&here, &Typed::default()).await?.into())
}

pub(super) async fn page(here: &Loaded<ProjectHere>, typed: &Typed) -> Result<Page, Problem> {
    let (cluster, project) = (&here.cluster, &here.project);
    let database = here.database();
    let pathways = pathways::of_cluster(&database, cluster.id).await?;
    let pathway = pathways.iter().find(|pathway| pathway.id == project.pathway);
    let pathway = pathway.map_or("", |pathway| pathway.name.as_str());
    let standings = store::standings(&database, project.id).await?;
    let milestones = store::milestones(&database, project.id).await?;
    let products = store::products(&database, project.id).await?;
    let cycles = store::cycles(&database, project.id).await?;
    let measures = measures_of(&database, cluster.id).await?;
    let today = london_date(here.now());
    let may_run = here.may("project.run");
    let is_open = project.standing.status != Status::Ended;
    let view = html! {
        (ground::mistakes(&typed.errors))
        h1 { span.nhsuk-caption-xl { (cluster.short_name) ": " (pathway) } (project.name) (made_up(project.is_illustrative)) }
        p.nhsuk-lede-text { (project.what) }
        (SummaryList::new([
            SummaryRow::new("Status", html! { (tag(project.standing.status)) " since " (day_on_page(project.standing.since)) ": " (project.standing.reason) }),
            SummaryRow::new("Began", day_on_page(project.starts_on)),
            SummaryRow::new("Partners", if project.partners.is_empty() { "None named".to_owned() } else { project.partners.join(", ") }),
        ]))
        @if !project.source.is_empty() { p.app-source { "Source: " (project.source) } }
        h2 { "Milestones" }
        (milestone_table(here, &milestones, today, may_run))
        @if may_run && is_open { (milestone_form(here, typed)) }
        h2 { "Products" }
        (product_table(&products, may_run))
        @if may_run { (product_form(here, typed)) }
        h2 { "Cycles of plan, do, study, act" }
        (cycle_table(here, &cycles, &measures))
        @if may_run && is_open { (cycle_form(here, typed, &measures, today)) }
        h2 { "How it stood" }
        (DescriptionTimeline::new(standings.iter().map(|given| {
            TimelineEntry::new(
                day_on_page(given.standing.since),
                html! { p { (tag(given.standing.status)) " " (given.standing.reason) (made_up(given.is_illustrative)) } },
            )
        })))
        @if may_run && is_open { (standing_form(here, typed)) }
    };
    let shown = Shown {
        project,
        pathway,
        standings: &standings,
        milestones: &milestones,
        products: &products,
        cycles: &cycles,
    };
    Ok(ground::under(Page::new(project.name.clone(), view).data(&shown)?, cluster)
        .under(format!("{}/projects", cluster.path()), "Projects"))
}

fn milestone_table(here: &ProjectHere, milestones: &[Milestone], today: NaiveDate, may_run: bool) -> Markup {
    if milestones.is_empty() {
        return html! { p { "No milestone has been set." @if may_run { " Set the first one below: what will be there, and by when." } } };
    }
    let rows = milestones.iter().map(|milestone| {
        let due = html! {
            (day_on_page(milestone.due_on))
            @if milestone.due_on != milestone.first_due_on {
                br; span.nhsuk-u-secondary-text-colour { "First promised for " (day_on_page(milestone.first_due_on)) ". Moved: " (milestone.moved_because) }
            }
        };
        let state = html! {
            (milestone.says(today))
            @if let Some(done) = milestone.done_on { ", " (day_on_page(done)) }
        };
        let change = html! {
            @if may_run && milestone.done_on.is_none() {
                form method="post" action={ (here.path()) "/milestones/" (milestone.id) } novalidate {
                    @let id = format!("done-{}", milestone.id);
                    label.nhsuk-label for=(id) { "Reached on, or moved to" span.nhsuk-u-visually-hidden { ": " (milestone.title) } }
                    input.nhsuk-input id=(id) name="on" type="date";
                    @let why = format!("why-{}", milestone.id);
                    label.nhsuk-label for=(why) { "Why, if it is moved" span.nhsuk-u-visually-hidden { ": " (milestone.title) } }
                    input.nhsuk-input id=(why) name="reason";
                    button.nhsuk-button.nhsuk-button--small name="what" value="reached" { "Reached" span.nhsuk-u-visually-hidden { ": " (milestone.title) } }
                    " "
                    button.nhsuk-button.nhsuk-button--secondary.nhsuk-button--small name="what" value="moved" { "Move" span.nhsuk-u-visually-hidden { ": " (milestone.title) } }
                }
            }
        };
        let mut row = vec![
            Cell::new(html! { (milestone.title) (made_up(milestone.is_illustrative)) }),
            Cell::new(due),
            Cell::new(state),
        ];
        if may_run {
            row.push(Cell::new(change));
        }
        row
    });
    let mut head = vec![Column::new("Milestone"), Column::new("Due"), Column::new("State")];
    if may_run {
        head.push(Column::new("Change"));
    }
    html! { (Table::new("Milestones").head(head).first_cell_is_header(true).rows(rows)) }
}

fn milestone_form(here: &ProjectHere, typed: &Typed) -> Markup {
    let (form, errors) = (&typed.milestone, &typed.errors);
    let inner = html! {
        form method="post" action={ (here.path()) "/milestones" } novalidate {
            (ground::line_field("milestone_title", "What will be there", &form.milestone_title, errors))
            (ground::day_field("milestone_due_on", "By when", &form.milestone_due_on, errors))
            (Button::new("Set the milestone"))
        }
    };
    let is_open = errors.of("milestone_title").or(errors.of("milestone_due_on")).is_some();
    html! { (Details::new("Set a milestone", inner).open(is_open)) }
}

fn product_table(products: &[Product], may_run: bool) -> Markup {
    if products.is_empty() {
        return html! { p { "Nothing to take away yet." @if may_run { " Name each film, tool or package with its owner and licence: what has no owner ends with the cluster." } } };
    }
    let rows = products.iter().map(|product| {
        vec![
            Cell::new(html! {
                @if product.link.is_empty() { (product.name) } @else { a.nhsuk-link href=(product.link) { (product.name) } }
                (made_up(product.is_illustrative))
            }),
            Cell::new(if product.owner.is_empty() { "Nobody yet" } else { product.owner.as_str() }),
            Cell::new(if product.licence.is_empty() { "Not said" } else { product.licence.as_str() }),
        ]
    });
    html! {
        (Table::new("Products").head([Column::new("Product"), Column::new("Owner"), Column::new("Licence")])
            .first_cell_is_header(true).rows(rows))
    }
}

fn product_form(here: &ProjectHere, typed: &Typed) -> Markup {
    let (form, errors) = (&typed.product, &typed.errors);
    let inner = html! {
        form method="post" action={ (here.path()) "/products" } novalidate {
            (ground::line_field("product_name", "Name", &form.product_name, errors))
            (ground::line_field("owner", "Owner after the cluster (optional)", &form.owner, errors))
            (ground::line_field("licence", "Licence (optional)", &form.licence, errors).hint("For instance OGL, CC BY 4.0, or on request"))
            (ground::line_field("link", "Where it is (optional)", &form.link, errors).hint("An address that begins with https://"))
            (Button::new("Name the product"))
        }
    };
    let is_open = ["product_name", "owner", "licence", "link"].iter().any(|field| errors.of(field).is_some());
    html! { (Details::new("Name a product", inner).open(is_open)) }
}

fn cycle_table(here: &ProjectHere, cycles: &[StoredCycle], measures: &[MeasureLine]) -> Markup {
    if cycles.is_empty() {
        return html! { p { "No cycle has been planned. A small test of change at one site, written down before it begins, shows on the charts of its measure." } };
    }
    let rows = cycles.iter().map(|stored| {
        vec![
            Cell::new(html! {
                a.nhsuk-link href={ (here.path()) "/cycles/" (stored.id) } { (stored.title) }
                (made_up(stored.is_illustrative))
            }),
            Cell::new(
                stored.site.map_or_else(|| "All sites".to_owned(), |site| ground::site_name(&here.cluster, site)),
            ),
            Cell::new(html! {
                @match measures.iter().find(|measure| Some(measure.id) == stored.measure) {
                    Some(measure) => { a.nhsuk-link href={ (here.cluster.path()) (measure.path) } { (measure.title) } }
                    None => { "None" }
                }
            }),
            Cell::new(stored.cycle.name()),
            Cell::new(match stored.cycle.tried() {
                None => "Not yet".to_owned(),
                Some((from, None)) => format!("Since {}", day_on_page(from)),
                Some((from, Some(to))) => format!("{} to {}", day_on_page(from), day_on_page(to)),
            }),
        ]
    });
    html! {
        (Table::new("Cycles").head([Column::new("Cycle"), Column::new("Site"), Column::new("Measure"), Column::new("Step"), Column::new("Tried")])
            .first_cell_is_header(true).rows(rows))
    }
}

fn cycle_form(here: &ProjectHere, typed: &Typed, measures: &[MeasureLine], today: NaiveDate) -> Markup {
    let (form, errors) = (&typed.cycle, &typed.errors);
    let inner = html! {
        form method="post" action={ (here.path()) "/cycles" } novalidate {
            (ground::line_field("cycle_title", "The change, in a few words", &form.cycle_title, errors))
            (ground::lines_field("plan", "Plan: what is expected to happen, and how it will be known", &form.plan, errors))
            (ground::choice("site", "Site (optional)", ground::sites(&here.cluster, today), &form.site, errors))
            (ground::choice("measure", "Measure it is to move (optional)", measures.iter().map(|measure| (measure.key.clone(), measure.title.clone())), &form.measure, errors)
                .hint("It then shows on the charts of this measure from the day it is tried"))
            (ground::day_field("planned_on", "Planned on", &form.planned_on, errors))
            (Button::new("Plan the cycle"))
        }
    };
    let is_open =
        ["cycle_title", "plan", "site", "measure", "planned_on"].iter().any(|field| errors.of(field).is_some());
    html! { (Details::new("Plan a cycle", inner).open(is_open)) }
}

fn standing_form(here: &ProjectHere, typed: &Typed) -> Markup {
    let (form, errors) = (&typed.standing, &typed.errors);
    let next = here.project.standing.status.next().iter().map(|one| (one.key().to_owned(), one.label().to_owned()));
    let inner = html! {
        form method="post" action={ (here.path()) "/standing" } novalidate {
            (ground::choice("status", "Status", next, &form.status, errors))
            (ground::lines_field("reason", "Why", &form.reason, errors))
            (ground::day_field("since", "Since", &form.since, errors))
            (Button::new("Say how it stands"))
        }
    };
    let is_open = ["status", "reason", "since"].iter().any(|field| errors.of(field).is_some());
    html! { (Details::new("Say how it stands now", inner).open(is_open)) }
}
