//! `/clusters/{cluster}/money`: how the money stands, by quarter and pathway, and what each project stands on; a page, a CSV file and a workbook.

use hiec_contracts::MoneyStanding;
use hiec_files::table::{self, Table as Sheet};
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_kernel::{Money, Problem};
use hiec_web::components::own::{Downloads, EmptyState};
use hiec_web::components::{Cell, Column, SummaryList, SummaryRow, Table};
use hiec_web::{Answer, Loaded};
use maud::{Markup, html};
use serde::Serialize;

use super::picture::picture;
use super::rules::{PathwayLine, QuarterLine, Span};
use super::store::{self, CoFunding, Commitment, Tranche};
use super::{MoneyDesk, actuals};
use crate::desk::{self, heading, page_of};
use crate::funding;

#[derive(Serialize)]
struct Shown {
    /// From the first day to the last.
    term: MoneyStanding,
    /// From the first day to today.
    to_date: MoneyStanding,
    award: Option<Money>,
    tranches_received: Money,
    quarters: Vec<QuarterLine>,
    pathways: Vec<PathwayLine>,
    projects: Vec<CoFunding>,
}

struct Gathered {
    shown: Shown,
    booked: Vec<super::importing::Booked>,
    commitments: Vec<Commitment>,
}

async fn gather(desk: &Loaded<MoneyDesk>) -> Result<Gathered, Problem> {
    let database = desk.database();
    let cluster = &desk.cluster;
    let books = store::books(&database, cluster).await?;
    let booked = store::actuals(&database, cluster.id).await?;
    let commitments = store::commitments(&database, cluster.id).await?;
    let won = funding::store::won_for_projects(&database, cluster.id).await?;
    let tranches = store::tranches(&database, cluster.id).await?;
    let today = london_date(desk.now()).clamp(cluster.starts_on, cluster.ends_on);
    Ok(Gathered {
        shown: Shown {
            term: books.standing(books.term),
            to_date: books.standing(Span::new(cluster.starts_on, today)),
            award: cluster.award_amount,
            tranches_received: tranches.iter().filter_map(|one: &Tranche| one.paid_amount).map(Money).sum(),
            quarters: books.by_quarter(),
            pathways: books.by_pathway(),
            projects: store::co_funding(&booked, &commitments, &won),
        },
        booked,
        commitments,
    })
}

pub async fn get(desk: Loaded<MoneyDesk>) -> Answer {
    let Gathered { shown, .. } = gather(&desk).await?;
    let view = view(&desk, &shown);
    Ok(page_of(&desk.cluster, "Money", view).data(&shown)?.wide().into())
}

fn view(desk: &Loaded<MoneyDesk>, shown: &Shown) -> Markup {
    let path = format!("{}/money", desk.cluster.path());
    let today = london_date(desk.now()).clamp(desk.cluster.starts_on, desk.cluster.ends_on);
    html! {
        (heading(desk, "Money"))
        (doors(desk, &path))
        @if shown.term == MoneyStanding::default() {
            (EmptyState::new("Nothing is known of this cluster’s money yet. Begin with the budget by year and pathway.").action("Set the budget", format!("{path}/budget")))
        } @else {
            (standing(shown, &day_on_page(today)))
            h2 { "By quarter" }
            (picture(&shown.quarters))
            (quarters(&shown.quarters))
            h2 { "By pathway" }
            (pathways(&shown.pathways))
            h2 { "What each project stands on" }
            (projects(&shown.projects))
            (Downloads::new([("Money by quarter as CSV", format!("{path}.csv")), ("All of it as a workbook", format!("{path}.xlsx"))]))
        }
    }
}

fn doors(desk: &Loaded<MoneyDesk>, path: &str) -> Markup {
    html! {
        ul {
            li { a href={ (path) "/budget" } { "Budget" } " by year and pathway" }
            li { a href={ (path) "/actuals" } { "What was spent" } ", from the ledger" }
            li { a href={ (path) "/forecast" } { "Forecast" } " of open quarters" }
            li { a href={ (path) "/commitments" } { "What partners committed" } ": cash, in kind, matched" }
            li { a href={ (path) "/tranches" } { "Tranches of the award" } }
            li { a href={ (desk.cluster.path()) "/funding" } { "Bids to outside funders" } }
        }
    }
}

fn standing(shown: &Shown, today: &str) -> Markup {
    let MoneyStanding { budget, actual, forecast, committed } = shown.term;
    let over = forecast - budget;
    html! {
        (SummaryList::new([
            SummaryRow::new("Budget of the term", match shown.award {
                Some(award) if award != budget => format!("{budget} (award: {award})"),
                Some(_) => format!("{budget}, as awarded"),
                None => budget.to_string(),
            }),
            SummaryRow::new(format!("Budget to {today}"), shown.to_date.budget.to_string()),
            SummaryRow::new(format!("Spent to {today}"), shown.to_date.actual.to_string()),
            SummaryRow::new("Spent in all", actual.to_string()),
            SummaryRow::new("Forecast for the term", match over.0 {
                0 => format!("{forecast}, as budgeted"),
                1.. => format!("{forecast}, {over} above the budget"),
                _ => format!("{forecast}, {} below the budget", budget - forecast),
            }),
            SummaryRow::new("Tranches of the award come", shown.tranches_received.to_string()),
            SummaryRow::new("Committed by partners", committed.to_string()),
        ]))
    }
}

fn quarters(lines: &[QuarterLine]) -> Table {
    Table::new("Money by quarter")
        .head([
            Column::new("Quarter"),
            Column::numeric("Budget"),
            Column::numeric("Actual"),
            Column::numeric("Forecast"),
            Column::new("Stands"),
        ])
        .responsive(true)
        .first_cell_is_header(true)
        .rows(lines.iter().map(|line| {
            vec![
                Cell::new(line.quarter.as_str()),
                Cell::numeric(line.budget),
                Cell::numeric(line.actual),
                Cell::numeric(line.forecast),
                Cell::new(if line.is_closed { "Closed" } else { "Open" }),
            ]
        }))
}

fn pathways(lines: &[PathwayLine]) -> Table {
    let count = lines.first().map_or(0, |line| line.budget.len());
    let mut head = vec![Column::new("Pathway")];
    head.extend((1..=count).map(|year| Column::numeric(format!("Budget, year {year}"))));
    head.push(Column::numeric("Spent so far"));
    let mut rows: Vec<Vec<Cell>> = lines
        .iter()
        .map(|line| {
            let mut row = vec![Cell::new(line.pathway.as_str())];
            row.extend(line.budget.iter().map(Cell::numeric));
            row.push(Cell::numeric(line.actual));
            row
        })
        .collect();
    let mut total = vec![Cell::new("In all")];
    total.extend(
        (0..count)
            .map(|year| Cell::numeric(lines.iter().filter_map(|line| line.budget.get(year).copied()).sum::<Money>())),
    );
    total.push(Cell::numeric(lines.iter().map(|line| line.actual).sum::<Money>()));
    rows.push(total);
    Table::new("Money by pathway").head(head).responsive(true).first_cell_is_header(true).rows(rows)
}

fn projects(lines: &[CoFunding]) -> Markup {
    html! {
        @if lines.is_empty() {
            (EmptyState::new("No money has been put down to a project yet: name the project on a line of the ledger, a commitment or a bid to a funder."))
        } @else {
            (Table::new("Co-funding by project")
                .head([Column::new("Project"), Column::numeric("The cluster"), Column::numeric("Partners’ cash"), Column::numeric("In kind"), Column::numeric("Matched"), Column::numeric("Won outside"), Column::numeric("In all")])
                .responsive(true)
                .first_cell_is_header(true)
                .rows(lines.iter().map(|line| vec![
                    Cell::new(line.project.as_str()),
                    Cell::numeric(line.cluster),
                    Cell::numeric(line.cash),
                    Cell::numeric(line.in_kind),
                    Cell::numeric(line.matched),
                    Cell::numeric(line.won),
                    Cell::numeric(line.total()),
                ])))
        }
    }
}

fn quarter_sheet(lines: &[QuarterLine]) -> Sheet {
    let mut sheet = Sheet::with_columns(
        "quarters",
        [
            ("quarter", "Its first day"),
            ("budget", "Pounds, spread evenly over the days of the year"),
            ("actual", "Pounds booked on days of the quarter"),
            ("forecast", "Pounds at the quarter’s end"),
            ("closed", "Whether all of it is booked"),
        ],
    );
    for line in lines {
        sheet.push([
            line.first_day.into(),
            line.budget.into(),
            line.actual.into(),
            line.forecast.into(),
            line.is_closed.into(),
        ]);
    }
    sheet
}

fn commitment_sheet(commitments: &[Commitment]) -> Sheet {
    let mut sheet = Sheet::with_columns(
        "commitments",
        [
            ("partner", "Who committed it"),
            ("kind", "Cash, in kind or matched funding"),
            ("what", "What is committed"),
            ("committed", "Pounds"),
            ("received", "Pounds come so far"),
            ("from", "First day"),
            ("until", "Last day"),
            ("project", "The project, where it is for one"),
        ],
    );
    for one in commitments {
        sheet.push([
            table::Cell::from(one.partner.as_str()),
            one.kind.label().into(),
            one.what.as_str().into(),
            one.amount.into(),
            one.received.into(),
            one.from.into(),
            one.until.into(),
            one.project.as_ref().map(|project| project.name.as_str()).into(),
        ]);
    }
    sheet
}

fn project_sheet(lines: &[CoFunding]) -> Sheet {
    let mut sheet = Sheet::with_columns(
        "projects",
        [
            ("project", "Its name"),
            ("cluster", "Pounds spent by the cluster"),
            ("cash", "Pounds committed in cash"),
            ("in_kind", "Pounds committed in kind"),
            ("matched", "Pounds of matched funding"),
            ("won", "Pounds won from outside funders"),
        ],
    );
    for line in lines {
        sheet.push([
            table::Cell::from(line.project.as_str()),
            line.cluster.into(),
            line.cash.into(),
            line.in_kind.into(),
            line.matched.into(),
            line.won.into(),
        ]);
    }
    sheet
}

pub async fn csv(desk: Loaded<MoneyDesk>) -> Answer {
    let Gathered { shown, .. } = gather(&desk).await?;
    Ok(desk::csv(&format!("{}-money", desk.cluster.key), &quarter_sheet(&shown.quarters)))
}

pub async fn xlsx(desk: Loaded<MoneyDesk>) -> Answer {
    let Gathered { shown, booked, commitments } = gather(&desk).await?;
    let sheets = [
        quarter_sheet(&shown.quarters),
        project_sheet(&shown.projects),
        commitment_sheet(&commitments),
        actuals::sheet(&booked),
    ];
    let sheets: Vec<&Sheet> = sheets.iter().collect();
    Ok(desk::xlsx(&format!("{}-money", desk.cluster.key), &sheets, desk.now())?)
}
