//! `/clusters/{cluster}/returns`: every quarter a return is owed or was made for, with what became of it; late and missing ones stand out.

use chrono::NaiveDate;
use hiec_contracts::ClusterSeen;
use hiec_files::table::{Cell as DataCell, Table as DataTable};
use hiec_kernel::Problem;
use hiec_kernel::calendar::WorkingCalendar;
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_store::Reads;
use hiec_web::components::own::{Downloads, EmptyState};
use hiec_web::components::{Cell, Column, Table, Tag, TagColour};
use hiec_web::{Answer, Loaded, Page, Reply};
use maud::{Markup, html};
use serde::Serialize;

use super::quarter::{DUE_WORKING_DAYS, Quarter};
use super::reminders::owed_by;
use super::rules::Timing;
use super::states::ReturnState;
use super::store::{self, ReturnsOf, StoredReturn, path};

/// A quarter's return in a line.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Line {
    pub quarter: Quarter,
    pub label: String,
    pub months: String,
    pub due: NaiveDate,
    /// `draft`, `signed`, …
    pub state: &'static str,
    #[serde(skip)]
    pub state_label: &'static str,
    pub timing: Timing,
    pub signed_on: Option<NaiveDate>,
    pub accepted_on: Option<NaiveDate>,
    pub path: String,
}

/// What is known of a cluster's returns, in order.
pub(crate) fn lines(cluster: &ClusterSeen, owed: &[Quarter], begun: &[StoredReturn], today: NaiveDate) -> Vec<Line> {
    let calendar = WorkingCalendar::default();
    let mut quarters: Vec<Quarter> = owed.iter().copied().chain(begun.iter().map(|one| one.quarter)).collect();
    quarters.sort_unstable();
    quarters.dedup();
    quarters
        .into_iter()
        .filter(|quarter| quarter.first_day() <= today)
        .map(|quarter| {
            let stored = begun.iter().find(|one| one.quarter == quarter);
            let state = stored.map_or(&ReturnState::Draft, |one| &one.state);
            // A signature that was sent back stands no more.
            let signed_on = state.signature().map(|signature| london_date(signature.act.at));
            Line {
                quarter,
                label: quarter.label(),
                months: quarter.months(),
                due: quarter.due(&calendar),
                state: state.key(),
                state_label: state.label(),
                timing: Timing::of(quarter, signed_on, today, &calendar),
                signed_on,
                accepted_on: match state {
                    ReturnState::Accepted { accepted, .. } => Some(london_date(accepted.at)),
                    _ => None,
                },
                path: path(cluster, quarter),
            }
        })
        .collect()
}

async fn of_cluster(reads: &impl Reads, cluster: &ClusterSeen, today: NaiveDate) -> Result<Vec<Line>, Problem> {
    let owed = owed_by(reads, cluster).await?;
    let begun = store::of_cluster(reads, cluster.id).await?;
    Ok(lines(cluster, &owed, &begun, today))
}

pub async fn get(door: Loaded<ReturnsOf>) -> Answer {
    let cluster = &door.cluster;
    let today = london_date(door.now());
    let lines = of_cluster(&door.database(), cluster, today).await?;
    // Whether a draft leads anywhere is asked of the policies with a draft's own facts; the page itself decides again.
    let sees_drafts = door.may("return.view");
    let submitted = door.target.clone().fact("is_submitted", true);
    let sees_signed = door.may_with("return.view", &submitted);
    let view = view(cluster, &lines, sees_drafts, sees_signed);
    Ok(Page::new(format!("Returns of {}", cluster.short_name), view)
        .data(&lines)?
        .under("/clusters", "Clusters")
        .under(cluster.path(), cluster.short_name.clone())
        .wide()
        .into())
}

fn view(cluster: &ClusterSeen, lines: &[Line], sees_drafts: bool, sees_signed: bool) -> Markup {
    let behind: Vec<&Line> = lines.iter().filter(|line| line.timing.is_behind()).collect();
    html! {
        h1 { span.nhsuk-caption-xl { (cluster.short_name) } "Quarterly returns" }
        p {
            "What the cluster reports to its region: its "
            a href={ (cluster.path()) "/kpis" } { "indicators" }
            ", money, milestones and risks. A return is due " (DUE_WORKING_DAYS) " working days after its quarter; the financial year begins in April."
        }
        @if !behind.is_empty() {
            div.nhsuk-inset-text {
                p { strong { (behind.len()) @if behind.len() == 1 { " return is" } @else { " returns are" } " late." } }
                ul { @for line in &behind { li { (line.label) ": " (line.timing.words()) } } }
            }
        }
        @if lines.is_empty() {
            (EmptyState::new("No return is owed yet: returns begin with the first quarter in which an agreed indicator is in force.")
                .action("See the indicators", format!("{}/kpis", cluster.path())))
        } @else {
            (Table::new("Returns, newest first")
                .head([
                    Column::new("Quarter"),
                    Column::new("Months"),
                    Column::new("Due"),
                    Column::new("Stands"),
                    Column::new("In time"),
                    Column::new("Accepted"),
                ])
                .first_cell_is_header(true)
                .rows(lines.iter().rev().map(|line| {
                    let leads = match line.state {
                        "accepted" => true,
                        "draft" => sees_drafts,
                        _ => sees_signed || sees_drafts,
                    };
                    let name = Cell::new(line.label.as_str());
                    [
                        if leads { name.href(line.path.as_str()) } else { name },
                        Cell::new(line.months.as_str()),
                        Cell::new(day_on_page(line.due)),
                        Cell::new(html! { (state_tag(line.state, line.state_label)) }),
                        Cell::new(html! { (timing_tag(line.timing)) }),
                        Cell::new(line.accepted_on.map(day_on_page).unwrap_or_default()),
                    ]
                })))
            (Downloads::new([("Returns as CSV", format!("{}/returns.csv", cluster.path())), ("Returns as XLSX", format!("{}/returns.xlsx", cluster.path()))]))
        }
    }
}

/// A return's state as a tag.
pub(crate) fn state_tag(key: &str, label: &str) -> Tag {
    Tag::new(label).colour(match key {
        "accepted" => TagColour::Green,
        "signed" | "received" => TagColour::Blue,
        "queried" => TagColour::Yellow,
        "sent_back" => TagColour::Orange,
        _ => TagColour::Grey,
    })
}

/// Late and missing as a tag, all else as words.
pub(crate) fn timing_tag(timing: Timing) -> Markup {
    match timing {
        Timing::Late { .. } => html! { (Tag::new("Late").colour(TagColour::Orange)) " " (timing.words()) },
        Timing::Missing { .. } => html! { (Tag::new("Missing").colour(TagColour::Red)) " " (timing.words()) },
        other => html! { (other.words()) },
    }
}

pub async fn csv(door: Loaded<ReturnsOf>) -> Answer {
    Ok(Reply::csv(&format!("{}-returns", door.cluster.key), &listed(&door).await?))
}

pub async fn xlsx(door: Loaded<ReturnsOf>) -> Answer {
    Ok(Reply::xlsx(&format!("{}-returns", door.cluster.key), &[&listed(&door).await?], door.now())?)
}

/// The list to take away.
async fn listed(door: &Loaded<ReturnsOf>) -> Result<DataTable, Problem> {
    let mut table = DataTable::with_columns(
        "returns",
        [
            ("quarter", "The quarter of the financial year, which begins in April"),
            ("months", "Its months"),
            ("due", "The last day on which it is in time"),
            ("state", "Where it stands"),
            ("in_time", "How it stands to its due day"),
            ("signed", "When the signature that stands was given"),
            ("accepted", "When the region accepted it"),
            ("address", "Where it is, once accepted for everybody"),
        ],
    );
    for line in of_cluster(&door.database(), &door.cluster, london_date(door.now())).await? {
        table.push([
            DataCell::from(line.quarter.to_string()),
            DataCell::from(line.months),
            DataCell::from(line.due),
            DataCell::from(line.state),
            DataCell::from(line.timing.words()),
            DataCell::from(line.signed_on),
            DataCell::from(line.accepted_on),
            DataCell::from(door.app.site().link(&line.path)),
        ]);
    }
    Ok(table)
}
