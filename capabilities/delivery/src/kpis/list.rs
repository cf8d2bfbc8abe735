//! `/clusters/{cluster}/kpis`: the indicators of a contract, for everyone once agreed; proposals for the two sides only.

use std::collections::BTreeMap;

use hiec_access::Subject;
use hiec_contracts::ClusterSeen;
use hiec_kernel::Problem;
use hiec_kernel::clock::{date_on_page, day_on_page, london_date};
use hiec_web::components::own::{Downloads, EmptyState};
use hiec_web::components::{Button, Cell, Column, ErrorSummary, Table, Tag, TagColour, Textarea};
use hiec_web::{Answer, AppState, Errors, Loaded, Page};
use maud::{Markup, html};
use serde::Serialize;
use uuid::Uuid;

use super::judging::Form;
use super::rules::{KpiState, RAG_RULE, weights};
use super::store::{self, Kpi, KpisOf};
use crate::returns::content::figure;
use crate::returns::sources::{self, MeasureSeen};

#[derive(Serialize)]
struct Line {
    id: Uuid,
    name: String,
    measure: String,
    path: String,
    better: &'static str,
    baseline: Option<String>,
    target: String,
    weight: i64,
    from: chrono::NaiveDate,
    to: chrono::NaiveDate,
    state: &'static str,
    #[serde(skip)]
    kpi: Kpi,
}

#[derive(Serialize)]
struct Shown<'a> {
    cluster: &'a str,
    weight_in_force: i64,
    kpis: &'a [Line],
}

pub async fn get(door: Loaded<KpisOf>) -> Answer {
    Ok(page(&door.app, &door.subject, &door.cluster, None, &Errors::none()).await?.into())
}

/// The name of the field for the reason of declining this one: several stand on a page.
pub(super) fn reason_field(kpi: &Kpi) -> String {
    format!("reason-{}", kpi.id.simple())
}

/// The page, for `judging` with what was typed into one of its forms.
pub(super) async fn page(
    app: &AppState,
    subject: &Subject,
    cluster: &ClusterSeen,
    typed: Option<(Uuid, &Form)>,
    errors: &Errors,
) -> Result<Page, Problem> {
    let target = store::target("kpi", cluster.id.0, cluster);
    let may = |action: &str| app.engine().decide(subject, action, &target).allowed;
    let sees_all = may("kpi.view");
    let lines: Vec<Line> =
        lines(app, cluster).await?.into_iter().filter(|line| sees_all || line.kpi.is_agreed()).collect();
    let today = london_date(app.now());
    let in_force: Vec<&Line> =
        lines.iter().filter(|line| line.kpi.is_agreed() && line.kpi.force.holds_on(today)).collect();
    let others: Vec<&Line> =
        lines.iter().filter(|line| line.kpi.is_agreed() && !line.kpi.force.holds_on(today)).collect();
    let proposed: Vec<&Line> =
        lines.iter().filter(|line| matches!(line.kpi.state, KpiState::Proposed { .. })).collect();
    let declined: Vec<&Line> =
        lines.iter().filter(|line| matches!(line.kpi.state, KpiState::Declined { .. })).collect();
    let total: i64 = in_force.iter().map(|line| line.weight).sum();
    let view = html! {
        @if !errors.is_empty() {
            (ErrorSummary::new(errors.0.iter().map(|error| (error.field.clone(), error.message.clone()))))
        }
        h1 { span.nhsuk-caption-xl { (cluster.short_name) } "Indicators of the contract" }
        p {
            "What the cluster is paid to reach, agreed between it and its region. Each "
            a href={ (cluster.path()) "/returns" } { "quarterly return" } " reports on all that are in force."
        }
        @if in_force.is_empty() {
            (empty(cluster, may("kpi.propose")))
        } @else {
            (table("In force today", &in_force))
            p { (weights(total)) }
            p.app-source { (RAG_RULE) }
        }
        @if may("kpi.propose") && !in_force.is_empty() {
            p { a href={ (cluster.path()) "/kpis/new" } { "Propose an indicator" } }
        }
        @if !proposed.is_empty() {
            h2 { "Proposed" }
            @for line in &proposed { (proposal(cluster, line, may("kpi.agree"), typed, errors)) }
        }
        @if !others.is_empty() {
            h2 { "Agreed, and not in force today" }
            (table("Agreed for other days", &others))
        }
        @if !declined.is_empty() {
            h2 { "Declined" }
            ul { @for line in &declined { li { (line.name) (why_declined(&line.kpi)) } } }
        }
        @if !lines.is_empty() {
            (Downloads::new([("Indicators as CSV", format!("{}/kpis.csv", cluster.path())), ("Indicators as XLSX", format!("{}/kpis.xlsx", cluster.path()))]))
        }
    };
    let shown = Shown { cluster: &cluster.key, weight_in_force: total, kpis: &lines };
    Ok(Page::new(format!("Indicators of {}", cluster.short_name), view)
        .data(&shown)?
        .under("/clusters", "Clusters")
        .under(cluster.path(), cluster.short_name.clone())
        .under(format!("{}/returns", cluster.path()), "Returns")
        .wide())
}

async fn lines(app: &AppState, cluster: &ClusterSeen) -> Result<Vec<Line>, Problem> {
    let database = app.database();
    let measures: BTreeMap<Uuid, MeasureSeen> =
        sources::measures(&database, cluster).await?.into_iter().map(|one| (one.id, one)).collect();
    let kpis = store::of_cluster(&database, cluster.id).await?;
    Ok(kpis
        .into_iter()
        .map(|kpi| {
            let measure = measures.get(&kpi.measure);
            let shown = |value: f64| measure.map_or_else(|| value.to_string(), |one| figure(&one.unit, value));
            Line {
                id: kpi.id,
                name: kpi.name.clone(),
                measure: measure.map(|one| one.title.clone()).unwrap_or_default(),
                path: measure.map(|one| one.path.clone()).unwrap_or_default(),
                better: kpi.better.label(),
                baseline: kpi.baseline_value().map(shown),
                target: shown(kpi.target_value()),
                weight: kpi.weight,
                from: kpi.force.from,
                to: kpi.force.to,
                state: kpi.state.key(),
                kpi,
            }
        })
        .collect())
}

fn empty(cluster: &ClusterSeen, may_propose: bool) -> Markup {
    if may_propose {
        let words = "No indicator is in force. Propose what the cluster will be measured by; the region agrees it.";
        return html! { (EmptyState::new(words).action("Propose an indicator", format!("{}/kpis/new", cluster.path()))) };
    }
    html! { (EmptyState::new("No indicator is in force. The cluster proposes them and the region agrees them.")) }
}

fn table(caption: &str, lines: &[&Line]) -> Markup {
    html! {
        (Table::new(caption)
            .head([
                Column::new("Indicator"),
                Column::new("Measure"),
                Column::numeric("Baseline"),
                Column::numeric("Target"),
                Column::numeric("Weight"),
                Column::new("In force"),
            ])
            .first_cell_is_header(true)
            .rows(lines.iter().map(|line| [
                Cell::new(line.name.as_str()),
                Cell::new(line.measure.as_str()).href(line.path.as_str()),
                Cell::numeric(line.baseline.as_deref().unwrap_or("None")),
                Cell::numeric(format!("{} {}", line.better, line.target)),
                Cell::numeric(line.weight),
                Cell::new(format!("{} to {}", day_on_page(line.from), day_on_page(line.to))),
            ])))
    }
}

fn proposal(
    cluster: &ClusterSeen,
    line: &Line,
    may_agree: bool,
    typed: Option<(Uuid, &Form)>,
    errors: &Errors,
) -> Markup {
    let path = format!("{}/kpis/{}", cluster.path(), line.id);
    let field = reason_field(&line.kpi);
    let reason = typed.filter(|(id, _)| *id == line.id).map_or("", |(_, form)| form.reason.as_str());
    html! {
        div.nhsuk-card { div.nhsuk-card__content {
            h3.nhsuk-card__heading { (line.name) " " (Tag::new("Proposed").colour(TagColour::Yellow)) }
            p {
                (line.measure) ", " (line.better) " " (line.target) ", weight " (line.weight) ", from "
                (day_on_page(line.from)) " to " (day_on_page(line.to)) ". "
                @if let Some(baseline) = &line.baseline { "Baseline: " (baseline) ". " }
                "Proposed on " (date_on_page(line.kpi.state.proposed().at)) "."
            }
            @if may_agree {
                form method="post" action={ (path) "/agreement" } { (Button::new("Agree this indicator").small(true)) }
                form method="post" action={ (path) "/refusal" } novalidate {
                    (Textarea::new("reason", "Why it is declined")
                        .id(field.as_str())
                        .rows(2)
                        .value(reason)
                        .error_message(errors.of(&field)))
                    (Button::new("Decline").secondary().small(true))
                }
            } @else { p { "The region agrees or declines it." } }
        } }
    }
}

fn why_declined(kpi: &Kpi) -> Markup {
    match &kpi.state {
        KpiState::Declined { declined, reason, .. } => {
            html! { ": " (reason) " (" (date_on_page(declined.at)) ")" }
        }
        KpiState::Proposed { .. } | KpiState::Agreed { .. } => html! {},
    }
}
