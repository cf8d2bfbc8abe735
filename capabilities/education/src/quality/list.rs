//! `/clusters/{cluster}/education/quality`: how every host stands, what is open, and the ways to framework, money and surveys; and the same as a table.

use hiec_files::table::{Cell as FileCell, Table as FileTable};
use hiec_kernel::Problem;
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_web::components::own::{Downloads, EmptyState};
use hiec_web::components::{Cell, Column, Table, Tag, TagColour};
use hiec_web::{Answer, Loaded, Page};
use maud::{Markup, html};
use serde::Serialize;

use super::doors::Quality;
use super::funding::percent;
use super::money_store::{self, Whole};
use super::review_store::{self, Visit};
use super::standing::Escalation;
use super::store;
use crate::ground::{self, made_up};

/// A host in a line.
#[derive(Serialize)]
struct Line {
    host: store::Host,
    path: String,
    period: Option<String>,
    score: Option<i64>,
    level: Escalation,
    open: usize,
    immediate_open: usize,
    late: usize,
    money: Option<String>,
}

#[derive(Serialize)]
struct Shown<'a> {
    hosts: &'a [Line],
    visits: &'a [Visit],
}

async fn lines(door: &Loaded<Quality>) -> Result<Vec<Line>, Problem> {
    let (cluster, today) = (&door.cluster, london_date(door.now()));
    let whole = Whole::load(&door.database(), cluster, today).await?;
    let rules = money_store::rules(&door.database(), cluster.id).await?;
    let rule = money_store::in_use(&rules, today);
    let standings = whole.standings();
    Ok(whole
        .hosts
        .iter()
        .zip(&standings)
        .map(|(host, standing)| Line {
            path: host.path(cluster),
            period: whole.assessed(host.id).map(|one| one.period.clone()),
            score: standing.score,
            level: standing.escalation,
            open: whole.open(host.id).count(),
            immediate_open: standing.immediate_open,
            late: whole.open(host.id).filter(|one| one.standing.is_late(today)).count(),
            money: rule.map(|rule| rule.rule.outcome(standing).result.label().to_owned()),
            host: host.clone(),
        })
        .collect())
}

pub async fn get(door: Loaded<Quality>) -> Answer {
    let cluster = &door.cluster;
    let lines = lines(&door).await?;
    let visits = review_store::visits(&door.database(), cluster.id).await?;
    let frameworks = store::frameworks(&door.database(), cluster.id).await?;
    let base = door.path();
    let view = html! {
        h1 { span.nhsuk-caption-xl { (cluster.short_name) ": education" } "Quality" }
        p { "Hosts judge themselves. The cluster manages the quality of its own delivery, the region quality-manages, regulators assure and colleges set curricula: they read all of this and change none of it." }
        ul.nhsuk-list {
            li {
                a.nhsuk-link href={ (base) "/framework" } { "Framework" }
                @match frameworks.first() {
                    Some(framework) => { ": version " (framework.version) ", " (framework.name) }
                    None => { ": none is in force yet" }
                }
            }
            li { a.nhsuk-link href={ (base) "/funding" } { "Money weighed by quality" } }
            li { a.nhsuk-link href={ (base) "/surveys" } { "Trainee surveys" } }
        }
        h2 { "Hosts" }
        @if lines.is_empty() { (EmptyState::new("No organisation hosts trainees here yet.")) } @else {
            (Table::new("Hosts")
                .head([Column::new("Host"), Column::new("Self-assessment"), Column::new("Escalation"), Column::numeric("Open"), Column::new("Money")])
                .first_cell_is_header(true)
                .rows(lines.iter().map(row)))
            (Downloads::new([
                ("Hosts as CSV".to_owned(), format!("{base}/hosts.csv")),
                ("Hosts as a workbook".to_owned(), format!("{base}/hosts.xlsx")),
            ]))
        }
        h2 { "Visits" }
        @if visits.is_empty() { p { "No visit was made or planned." } } @else {
            (Table::new("Visits")
                .head([Column::new("Day"), Column::new("Host"), Column::new("Kind"), Column::new("Report")])
                .rows(visits.iter().map(|visit| visit_row(visit, &lines, &visit.path(cluster)))))
        }
    };
    let shown = Shown { hosts: &lines, visits: &visits };
    Ok(super::doors::within(Page::new("Quality of education", view).wide().data(&shown)?, cluster).into())
}

fn row(line: &Line) -> Vec<Cell> {
    let assessed = match (line.score, &line.period) {
        (Some(score), Some(period)) => format!("{} in {period}", percent(score)),
        _ => "None finished".to_owned(),
    };
    let open = html! {
        (line.open)
        @if line.immediate_open > 0 { " " (Tag::new(format!("{} immediate", line.immediate_open)).colour(TagColour::Red)) }
        @if line.late > 0 { " " (Tag::new(format!("{} late", line.late)).colour(TagColour::Orange)) }
    };
    vec![
        Cell::new(html! { a.nhsuk-link href=(line.path) { (line.host.name) } (made_up(line.host.is_illustrative)) }),
        Cell::new(assessed),
        Cell::new(level(line.level)),
        Cell::new(open),
        Cell::new(line.money.as_deref().unwrap_or("No rule in use")),
    ]
}

/// A level as a tag.
pub(crate) fn level(level: Escalation) -> Markup {
    let colour = match level {
        Escalation::Usual => TagColour::Green,
        Escalation::Minor => TagColour::Yellow,
        Escalation::Significant => TagColour::Orange,
        Escalation::Major | Escalation::Suspended => TagColour::Red,
    };
    html! { (Tag::new(level.label()).colour(colour)) }
}

fn visit_row(visit: &Visit, lines: &[Line], path: &str) -> Vec<Cell> {
    let host =
        lines.iter().find(|line| line.host.id == visit.host).map_or("A former host", |line| line.host.name.as_str());
    let report = match visit.reported_at {
        Some(at) => format!("Reported {}", day_on_page(london_date(at))),
        None => "Not reported yet".to_owned(),
    };
    vec![
        Cell::new(html! { a.nhsuk-link href=(path) { (day_on_page(visit.on)) } (made_up(visit.is_illustrative)) }),
        Cell::new(host),
        Cell::new(visit.kind.label()),
        Cell::new(report),
    ]
}

pub async fn csv(door: Loaded<Quality>) -> Answer {
    Ok(ground::csv(&door.cluster, &table(&lines(&door).await?)))
}

pub async fn xlsx(door: Loaded<Quality>) -> Answer {
    Ok(ground::xlsx(&door.cluster, &table(&lines(&door).await?), door.now())?)
}

fn table(lines: &[Line]) -> FileTable {
    let mut table = FileTable::with_columns(
        "quality-hosts",
        [
            ("host", "Name of the host"),
            ("host_id", "The host's id"),
            ("kind", "Kind of host, by its first setting"),
            ("period", "Academic year of its last finished self-assessment"),
            ("score", "Its score, in percent of the most it could have"),
            ("escalation", "How closely it is watched: usual, minor, significant, major or suspended"),
            ("open", "Requirements and actions not closed"),
            ("immediate_open", "Immediate mandatory requirements among them"),
            ("late", "Those among them whose answer is late"),
            ("money", "What the rule in use says; empty without one"),
            ("illustrative", "Whether the host was made up"),
        ],
    );
    for line in lines {
        table.push([
            FileCell::from(line.host.name.as_str()),
            FileCell::from(line.host.id.to_string()),
            FileCell::from(line.host.kind.as_str()),
            FileCell::from(line.period.clone()),
            FileCell::from(line.score.map(percent)),
            FileCell::from(line.level.key()),
            FileCell::count(line.open),
            FileCell::count(line.immediate_open),
            FileCell::count(line.late),
            FileCell::from(line.money.clone()),
            FileCell::from(line.host.is_illustrative),
        ]);
    }
    table
}
