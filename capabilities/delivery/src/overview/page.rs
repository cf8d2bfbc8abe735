//! `/clusters/overview`: clusters side by side, as far as this person pays for them or contracts with them; it judges nobody and ranks nothing.

use hiec_files::table::{Cell as DataCell, Table as DataTable, workbook};
use hiec_kernel::Problem;
use hiec_kernel::clock::day_on_page;
use hiec_web::components::own::{Downloads, EmptyState, IllustrativeTag};
use hiec_web::components::{Cell, Column, Table, Tag, TagColour};
use hiec_web::{Answer, Loaded, Page, Reply};
use maud::{Markup, html};
use serde::Serialize;

use super::lines::{Line, Total, gather};
use super::store::Overview;
use crate::returns::content::Sums;
use crate::returns::list::{state_tag, timing_tag};
use crate::returns::view::row;

#[derive(Serialize)]
struct Data<'a> {
    clusters: &'a [Line],
    total: &'a Total,
}

pub async fn get(door: Loaded<Overview>) -> Answer {
    let (lines, total) = gather(&door.app, &door.clusters).await?;
    let view = view(&lines, &total);
    Ok(Page::new("Clusters side by side", view)
        .data(&Data { clusters: &lines, total: &total })?
        .under("/clusters", "Clusters")
        .wide()
        .into())
}

fn view(lines: &[Line], total: &Total) -> Markup {
    html! {
        h1 { "Clusters side by side" }
        (in_all(total))
        (returns(lines))
        (money(lines, total))
        (signals(lines))
        (breaches(lines))
        (Downloads::new([("All of this as CSV", "/clusters/overview.csv"), ("as XLSX", "/clusters/overview.xlsx")]))
        @if lines.is_empty() { (EmptyState::new("There is no cluster here yet.").action("All clusters", "/clusters")) }
    }
}

/// What they cost and reached in all.
fn in_all(total: &Total) -> Markup {
    html! {
        h2 { "What they cost and reached" }
        dl.nhsuk-summary-list {
            (row("Clusters", html! { (total.clusters) ", of which " (total.with_contract) " have agreed indicators" }))
            (row("Organisations reached", html! { (total.partners) " belong to at least one cluster today" }))
            (row("Cost", html! {
                (total.money.actual) " spent of " (total.money.budget) " budgeted over the whole term; " (total.money.forecast)
                " forecast; " (total.money.committed) " committed by partners"
            }))
            (row("Returns", html! { (total.accepted) " accepted, " (total.waiting) " with a region, " (total.behind) " late or missing" }))
            (row("Measures at sites", html! {
                (total.signals.improvement) " of " (total.signals.series) " series show improvement, " (total.signals.concern)
                " concern, as last judged"
            }))
            (row("Principles not met", html! { (total.breaches) }))
        }
        p.app-source { "A change that a chart shows may have come anyway: what was due to a cluster is judged by its impact plans." }
    }
}

fn name(line: &Line) -> Cell {
    Cell::new(html! {
        a href={ "/clusters/" (line.key) } { (line.name) }
        @if line.is_illustrative { " " (IllustrativeTag) }
    })
}

fn returns(lines: &[Line]) -> Markup {
    html! {
        h2 { "Returns" }
        (Table::new("The newest return of each cluster")
            .head([
                Column::new("Cluster"),
                Column::new("Region"),
                Column::new("Newest return"),
                Column::new("Stands"),
                Column::new("In time"),
                Column::numeric("Late or missing"),
                Column::numeric("Weight of targets met"),
            ])
            .first_cell_is_header(true)
            .rows(lines.iter().map(|line| [
                name(line),
                Cell::new(line.region.as_str()),
                match &line.newest {
                    Some(newest) => Cell::link(newest.label.as_str(), format!("/clusters/{}/returns", line.key)),
                    None => Cell::new("None owed: no indicator is agreed"),
                },
                Cell::new(html! { @if let Some(newest) = &line.newest { (state_tag(newest.state, newest.state_label)) } }),
                Cell::new(html! { @if let Some(newest) = &line.newest { (timing_tag(newest.timing)) } }),
                Cell::numeric(line.behind),
                Cell::numeric(line.reached.map_or_else(|| "No return yet".to_owned(), |(met, all)| format!("{met} of {all}"))),
            ])))
    }
}

fn money(lines: &[Line], total: &Total) -> Markup {
    let sums = |name: Cell, sums: &Sums, ends: String| {
        [
            name,
            Cell::numeric(sums.budget),
            Cell::numeric(sums.actual),
            Cell::numeric(sums.forecast),
            Cell::numeric(sums.committed),
            Cell::new(ends),
        ]
    };
    let rows = lines.iter().map(|line| {
        let name = Cell::link(line.name.as_str(), format!("/clusters/{}/money", line.key));
        sums(name, &line.money, day_on_page(line.ends_on))
    });
    html! {
        h2 { "Money over the whole term" }
        (Table::new("Budget, actual and forecast")
            .head([
                Column::new("Cluster"),
                Column::numeric("Budget"),
                Column::numeric("Actual"),
                Column::numeric("Forecast"),
                Column::numeric("Committed by partners"),
                Column::new("Ends"),
            ])
            .first_cell_is_header(true)
            .rows(rows.chain([sums(Cell::new("All together"), &total.money, String::new())])))
    }
}

fn signals(lines: &[Line]) -> Markup {
    html! {
        h2 { "Signals and reach" }
        (Table::new("Series that show special cause, as last judged")
            .head([
                Column::new("Cluster"),
                Column::numeric("Series judged"),
                Column::numeric("Improvement"),
                Column::numeric("Concern"),
                Column::numeric("Organisations"),
                Column::numeric("Principles not met"),
            ])
            .first_cell_is_header(true)
            .rows(lines.iter().map(|line| [
                Cell::link(line.name.as_str(), format!("/clusters/{}/measures", line.key)),
                Cell::numeric(line.signals.series),
                Cell::numeric(line.signals.improvement),
                Cell::numeric(line.signals.concern),
                Cell::numeric(line.partners),
                Cell::new(html! {
                    (line.breaches.len())
                    @if !line.breaches.is_empty() { " " (Tag::new("Breach").colour(TagColour::Red)) }
                }),
            ])))
    }
}

fn breaches(lines: &[Line]) -> Markup {
    html! {
        @if lines.iter().any(|line| !line.breaches.is_empty()) {
            h2 { "Principles that are not met" }
            ul { @for line in lines { @for breach in &line.breaches { li { strong { (line.name) } ": " (breach) } } } }
        }
    }
}

fn table(lines: &[Line]) -> DataTable {
    let mut table = DataTable::with_columns(
        "clusters",
        [
            ("cluster", "The name people say"),
            ("region", "Whom it reports to"),
            ("ends", "The last day of its term"),
            ("newest_return", "The newest quarter that is over"),
            ("return_stands", "Where that return stands"),
            ("return_in_time", "How it stands to its due day"),
            ("late_or_missing", "Returns that are late or missing"),
            ("with_region", "Returns signed and not accepted yet"),
            ("accepted", "Returns accepted"),
            ("weight_met", "Weight of targets met in the newest signed return"),
            ("weight", "Weight of all its indicators"),
            ("budget", "Over the whole term"),
            ("actual", "Spent so far"),
            ("forecast", "Expected by the end"),
            ("committed", "What partners committed"),
            ("series", "Measures at sites that were judged"),
            ("improvement", "Of these, showing special cause improvement"),
            ("concern", "Of these, showing special cause concern"),
            ("organisations", "That belong to it today"),
            ("principles_not_met", "Which, and why"),
            ("illustrative", "Whether the cluster was made up"),
        ],
    );
    let count = |number: usize| DataCell::from(i64::try_from(number).unwrap_or(i64::MAX));
    for line in lines {
        let newest = line.newest.as_ref();
        table.push([
            DataCell::from(line.name.as_str()),
            DataCell::from(line.region.as_str()),
            DataCell::from(line.ends_on),
            DataCell::from(newest.map(|one| one.quarter.to_string())),
            DataCell::from(newest.map(|one| one.state)),
            DataCell::from(newest.map(|one| one.timing.words())),
            count(line.behind),
            count(line.waiting),
            count(line.accepted),
            DataCell::from(line.reached.map(|(met, _)| met)),
            DataCell::from(line.reached.map(|(_, all)| all)),
            DataCell::from(line.money.budget),
            DataCell::from(line.money.actual),
            DataCell::from(line.money.forecast),
            DataCell::from(line.money.committed),
            DataCell::from(line.signals.series),
            DataCell::from(line.signals.improvement),
            DataCell::from(line.signals.concern),
            count(line.partners),
            DataCell::from(line.breaches.join("; ")),
            DataCell::from(line.is_illustrative),
        ]);
    }
    table
}

pub async fn csv(door: Loaded<Overview>) -> Answer {
    let (lines, _) = gather(&door.app, &door.clusters).await?;
    Ok(Reply::download(
        "clusters-side-by-side.csv",
        "text/csv; charset=utf-8",
        table(&lines).to_csv_for_excel().into_bytes(),
    ))
}

pub async fn xlsx(door: Loaded<Overview>) -> Answer {
    let (lines, _) = gather(&door.app, &door.clusters).await?;
    let bytes = workbook(&[&table(&lines)], door.now()).map_err(Problem::internal)?;
    Ok(Reply::download(
        "clusters-side-by-side.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        bytes,
    ))
}
