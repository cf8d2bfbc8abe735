//! `/clusters/{cluster}/innovations/{innovation}`: what it is and what speaks for it, the curve with plan and forecast, the map of sites, what hinders them, and practices to copy.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hiec_adoption::stages::{History, Stage};
use hiec_charts::{Look, Size};
use hiec_kernel::clock::{date_on_page, day_on_page, london_date};
use hiec_kernel::{OrganisationId, Problem};
use hiec_store::Reads;
use hiec_store::database::StoreError;
use hiec_web::components::own::{Downloads, EmptyState};
use hiec_web::components::{Button, Cell, CheckboxItem, Checkboxes, Column, Details, InsetText, Table};
use hiec_web::{Answer, Errors, Loaded, Page, Reply};
use maud::{Markup, PreEscaped, html};
use serde::Serialize;

use super::barriers::{self, BarrierSaid, Domain};
use super::curve::{PlannedStands, Spread};
use super::practices_store::{self, Practice};
use super::running::{EvidenceForm, PlanForm, SitesForm};
use super::steps::{self, StepSaid};
use super::store::{self, Evidence, Innovation, InnovationHere, PlanMade};
use super::tiles::{self, Tile, stage_words};
use crate::ground::{self, made_up};

/// Where everything stands on a day.
pub(super) struct Standing {
    pub spread: Spread,
    /// The history of each eligible site that said something, in the order of the sites.
    pub histories: BTreeMap<OrganisationId, History>,
    pub sites: Vec<OrganisationId>,
    pub said: Vec<StepSaid>,
    pub plans: Vec<PlanMade>,
}

/// Reads where an innovation's sites stand.
pub(super) async fn spread_of(
    reads: &impl Reads,
    innovation: &Innovation,
    today: NaiveDate,
) -> Result<Standing, StoreError> {
    let sites = store::sites(reads, innovation.id).await?;
    let said = store::steps(reads, innovation.id).await?;
    let plans = store::plans(reads, innovation.id).await?;
    let mut by_site: BTreeMap<OrganisationId, Vec<&StepSaid>> = BTreeMap::new();
    for step in &said {
        by_site.entry(step.site).or_default().push(step);
    }
    let histories: BTreeMap<OrganisationId, History> = by_site
        .into_iter()
        .filter(|(site, _)| sites.contains(site))
        // What was stored made a history when it was said; rules that were tightened since leave it out rather than show it wrong.
        .filter_map(|(site, steps)| Some((site, steps::history(&steps::standing(steps), innovation.rules()).ok()??)))
        .collect();
    let eligible = u32::try_from(sites.len()).unwrap_or(u32::MAX);
    let targets = plans.first().map(|plan| plan.targets.clone()).unwrap_or_default();
    let of_all: Vec<History> = histories.values().cloned().collect();
    let spread = Spread::of(&of_all, eligible, &targets, innovation.began_on, today);
    Ok(Standing { spread, histories, sites, said, plans })
}

/// What was typed into the forms of the page, and what was wrong with it.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    pub evidence: EvidenceForm,
    pub sites: SitesForm,
    pub plan: PlanForm,
    pub errors: Errors,
}

#[derive(Serialize)]
struct Shown<'a> {
    innovation: &'a Innovation,
    evidence: &'a [Evidence],
    eligible: u32,
    /// The last day of each month, sites that ever adopted, sites that use it.
    months: Vec<(NaiveDate, u32, u32)>,
    plan: &'a [PlannedStands],
    reading: String,
    /// For those who may read about sites.
    sites: Vec<SiteShown>,
    practices: Vec<&'a Practice>,
}

#[derive(Serialize)]
struct SiteShown {
    site: OrganisationId,
    name: String,
    stage: Option<&'static str>,
}

pub async fn get(here: Loaded<InnovationHere>) -> Answer {
    Ok(page(&here, &Typed::default()).await?.into())
}

pub(super) async fn page(here: &Loaded<InnovationHere>, typed: &Typed) -> Result<Page, Problem> {
    let (cluster, innovation) = (&here.cluster, &here.innovation);
    let database = here.database();
    let today = london_date(here.now());
    let standing = spread_of(&database, innovation, today).await?;
    let evidence = store::evidence(&database, innovation.id).await?;
    let all = practices_store::of_cluster(&database, cluster.id).await?;
    let practices: Vec<&Practice> = all.iter().filter(|one| one.innovation == Some(innovation.id)).collect();
    let (may_read, may_run) = (here.may("innovation.read"), here.may("innovation.run"));
    let barriers = if may_read { store::barriers(&database, innovation.id).await? } else { vec![] };
    let tiles: Vec<Tile> = standing
        .sites
        .iter()
        .map(|site| Tile {
            name: ground::site_name(cluster, *site),
            stage: standing.histories.get(site).map(History::stage),
            href: format!("{}/sites/{site}", here.path()),
        })
        .collect();
    let spread = &standing.spread;
    let view = html! {
        (ground::mistakes(&typed.errors))
        h1 { span.nhsuk-caption-xl { (cluster.short_name) ": innovation" } (innovation.name) (made_up(innovation.is_illustrative)) }
        p.nhsuk-lede-text { (innovation.what) }
        @if !innovation.source.is_empty() { p.app-source { "Source: " (innovation.source) } }
        h2 { "What speaks for it" }
        (evidence_list(&evidence, may_run))
        @if may_run { (evidence_form(here, typed)) }
        h2 { "How far it has spread" }
        @if standing.sites.is_empty() {
            (EmptyState::new("It is not said yet which sites this is for. The curve counts adopters among them."))
        } @else {
            p { (spread.sentence()) }
            (curve(here, &standing))
        }
        @if may_run { (sites_form(here, &standing.sites, typed)) }
        h2 { "The plan" }
        (plan_table(&standing))
        @if may_run { (plan_form(here, &standing.plans, typed)) }
        @if !standing.sites.is_empty() {
            h2 { "Sites" }
            (stage_counts(&standing))
            @if may_read {
                (tiles::map(&tiles))
                (site_table(&standing, &tiles))
                (Downloads::new([
                    ("Every step as CSV".to_owned(), format!("{}/sites.csv", here.path())),
                    ("Every step as XLSX".to_owned(), format!("{}/sites.xlsx", here.path())),
                ]))
                h2 { "What hinders it" }
                (barrier_table(&barriers))
            } @else {
                p { "Which site stands where is for the cluster and its sites." }
            }
        }
        h2 { "Practices to copy" }
        @if practices.is_empty() {
            p { "No practice is written up yet." @if may_run { " Where a site does better than expected and keeps it, " a href={ (cluster.path()) "/practices/new?innovation=" (innovation.key) } { "write up how" } "." } }
        } @else {
            ul { @for practice in &practices { li { a href=(practice.path(cluster)) { (practice.title) } (made_up(practice.is_illustrative)) } } }
            @if may_run { p { a href={ (cluster.path()) "/practices/new?innovation=" (innovation.key) } { "Write up another practice" } } }
        }
    };
    let shown = Shown {
        innovation,
        evidence: &evidence,
        eligible: spread.eligible,
        months: spread.months.iter().map(|month| (month.end, month.ever_adopted, month.in_use())).collect(),
        plan: &spread.plan,
        reading: format!("{} {}", spread.sentence(), spread.words),
        sites: if may_read {
            let site = |(site, tile): (&OrganisationId, &Tile)| SiteShown {
                site: *site,
                name: tile.name.clone(),
                stage: tile.stage.map(Stage::key),
            };
            standing.sites.iter().zip(&tiles).map(site).collect()
        } else {
            vec![]
        },
        practices,
    };
    Ok(ground::under(Page::new(innovation.name.clone(), view).data(&shown)?, cluster)
        .under(format!("{}/innovations", cluster.path()), "Innovations"))
}

/// `…/spread.svg`: the picture alone.
pub async fn picture(here: Loaded<InnovationHere>) -> Answer {
    let standing = spread_of(&here.database(), &here.innovation, london_date(here.now())).await?;
    let svg = standing.spread.chart(&here.innovation.name, source(&here, &standing)).svg(Size::Wide, Look::alone());
    Ok(Reply::download(&format!("{}-spread.svg", here.innovation.key), "image/svg+xml", svg.into_bytes()))
}

fn source(here: &InnovationHere, standing: &Standing) -> String {
    let made_up = if standing.said.iter().any(|step| step.is_illustrative) { "Illustrative. " } else { "" };
    format!("{made_up}Steps as the sites of {} said them", here.cluster.short_name)
}

fn curve(here: &InnovationHere, standing: &Standing) -> Markup {
    let chart = standing.spread.chart(&here.innovation.name, source(here, standing));
    html! {
        figure.app-spread {
            (PreEscaped(chart.svg(Size::Wide, Look { has_head: false, ..Look::on_page() })))
        }
        (InsetText::new(standing.spread.words.as_str()))
        (made_up(standing.said.iter().any(|step| step.is_illustrative)))
        (Details::new("The curve as a table", chart.table()))
        (Downloads::new([("The picture as SVG".to_owned(), format!("{}/spread.svg", here.path()))]))
    }
}

fn evidence_list(evidence: &[Evidence], may_run: bool) -> Markup {
    html! {
        @if evidence.is_empty() {
            p { "Nothing has been put down yet." @if may_run { " Add what shows that it works: a trial, a guideline, a site's own results." } }
        } @else {
            ul {
                @for one in evidence {
                    li {
                        @if one.link.is_empty() { (one.words) } @else { a href=(one.link) { (one.words) } }
                        (made_up(one.is_illustrative))
                    }
                }
            }
        }
    }
}

fn evidence_form(here: &InnovationHere, typed: &Typed) -> Markup {
    let (form, errors) = (&typed.evidence, &typed.errors);
    let inner = html! {
        form method="post" action={ (here.path()) "/evidence" } novalidate {
            (ground::lines_field("words", "What it shows", &form.words, errors))
            (ground::line_field("link", "Where it is (optional)", &form.link, errors).hint("An address that begins with https://"))
            (Button::new("Add the evidence"))
        }
    };
    html! { (Details::new("Add evidence", inner).open(errors.of("words").or(errors.of("link")).is_some())) }
}

fn sites_form(here: &InnovationHere, known: &[OrganisationId], typed: &Typed) -> Markup {
    let errors = &typed.errors;
    let others: Vec<CheckboxItem> = here
        .cluster
        .partners
        .iter()
        .filter(|partner| partner.until.is_none() && !known.contains(&partner.organisation.id))
        .map(|partner| CheckboxItem::new(partner.organisation.id.to_string(), partner.organisation.name.as_str()))
        .collect();
    if others.is_empty() {
        return html! {};
    }
    let inner = html! {
        form method="post" action={ (here.path()) "/sites" } novalidate {
            (Checkboxes::new("site", "Sites it is for")
                .items(others)
                .small(true)
                .error_message(errors.of("site").unwrap_or_default()))
            (ground::day_field("since", "Since", &typed.sites.since, errors))
            (Button::new("Make them eligible"))
        }
    };
    html! { (Details::new("Say which sites it is for", inner).open(errors.of("site").or(errors.of("since")).is_some())) }
}

fn plan_table(standing: &Standing) -> Markup {
    let Some(plan) = standing.plans.first() else {
        return html! { p { "Nothing is planned yet. A plan says how many sites are to have adopted it by when; the curve is then held against it." } };
    };
    let rows = standing
        .spread
        .plan
        .iter()
        .map(|one| vec![Cell::new(day_on_page(one.by)), Cell::numeric(one.sites), Cell::new(one.words)]);
    html! {
        (Table::new("Sites planned, and how that stands")
            .head([Column::new("By"), Column::numeric("Sites"), Column::new("How it stands")])
            .first_cell_is_header(true)
            .rows(rows))
        p.app-source {
            "Planned on " (date_on_page(plan.at)) "."
            @if !plan.reason.is_empty() { " It replaced the plan before it: " (plan.reason) }
            (made_up(plan.is_illustrative))
        }
        @if standing.plans.len() > 1 {
            (Details::new("Earlier plans", html! {
                ul {
                    @for earlier in standing.plans.iter().skip(1) {
                        li {
                            (date_on_page(earlier.at)) ": "
                            @for (nth, one) in earlier.targets.iter().enumerate() {
                                @if nth > 0 { ", " }
                                (one.sites) " by " (day_on_page(one.by))
                            }
                            "." (made_up(earlier.is_illustrative))
                        }
                    }
                }
            }))
        }
    }
}

fn plan_form(here: &InnovationHere, plans: &[PlanMade], typed: &Typed) -> Markup {
    let (form, errors) = (&typed.plan, &typed.errors);
    let inner = html! {
        form method="post" action={ (here.path()) "/plan" } novalidate {
            (ground::lines_field("targets", "Sites by when", &form.targets, errors)
                .hint("One line each: a day and a number of sites, for instance 2011-03-31 6"))
            @if !plans.is_empty() {
                (ground::lines_field("plan_reason", "Why the plan changes", &form.plan_reason, errors))
            }
            (Button::new("Make this the plan"))
        }
    };
    let is_open = errors.of("targets").or(errors.of("plan_reason")).is_some();
    html! { (Details::new(if plans.is_empty() { "Plan how it spreads" } else { "Change the plan" }, inner).open(is_open)) }
}

fn stage_counts(standing: &Standing) -> Markup {
    let silent = standing.sites.len() - standing.histories.len();
    let rows = Stage::ALL.into_iter().map(Some).chain([None]).map(|stage| {
        let count = match stage {
            Some(stage) => standing.histories.values().filter(|history| history.stage() == stage).count(),
            None => silent,
        };
        vec![Cell::new(stage_words(stage)), Cell::numeric(count)]
    });
    html! {
        (Table::new("Sites at each stage")
            .head([Column::new("Stage"), Column::numeric("Sites")])
            .first_cell_is_header(true)
            .compact(true)
            .rows(rows))
    }
}

fn site_table(standing: &Standing, tiles: &[Tile]) -> Markup {
    let rows = standing.sites.iter().zip(tiles).map(|(site, tile)| {
        let history = standing.histories.get(site);
        let adopted = history.and_then(History::first_adopted_on).map_or_else(|| "Not yet".to_owned(), day_on_page);
        let last = history.and_then(|history| history.steps().last().map(|step| step.on));
        let words = |day: Option<NaiveDate>| day.map_or_else(|| "–".to_owned(), day_on_page);
        vec![
            Cell::link(tile.name.as_str(), tile.href.as_str()),
            Cell::new(stage_words(tile.stage)),
            Cell::new(words(last)),
            Cell::new(adopted),
        ]
    });
    let table = Table::new("Sites and where they stand")
        .head([Column::new("Site"), Column::new("Stage"), Column::new("Since"), Column::new("First adopted")])
        .first_cell_is_header(true)
        .rows(rows);
    html! { @if tiles.len() > 20 { (Details::new("Sites as a table", html! { (table) })) } @else { (table) } }
}

fn barrier_table(said: &[BarrierSaid]) -> Markup {
    let tally = barriers::tally(said);
    if tally.is_empty() {
        return html! { p { "No site has said what hinders it. Each does so on its own page, in seven domains." } };
    }
    let newest = barriers::newest(said);
    let notes = |domain: Domain| {
        let notes: Vec<&str> = newest
            .iter()
            .filter(|((_, of), one)| *of == domain && !one.note.is_empty())
            .map(|(_, one)| one.note.as_str())
            .collect();
        notes.join("; ")
    };
    let rows = tally.iter().map(|(domain, counts)| {
        let [simple, complicated, complex] = counts;
        vec![
            Cell::new(domain.label()),
            Cell::numeric(simple),
            Cell::numeric(complicated),
            Cell::numeric(complex),
            Cell::new(notes(*domain)),
        ]
    });
    html! {
        (Table::new("Sites by how hard they find it")
            .head([Column::new("Domain"), Column::numeric("Simple"), Column::numeric("Complicated"), Column::numeric("Complex"), Column::new("What sites say")])
            .first_cell_is_header(true)
            .rows(rows))
        (made_up(said.iter().any(|one| one.is_illustrative)))
    }
}
