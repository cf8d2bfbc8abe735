//! A statement to take away: CSV and workbook with every line, what quality adds and what the limits change; PDF of what the page shows.

use axum::extract::Query;
use hiec_files::table::{Cell, Table};
use hiec_kernel::Problem;
use hiec_kernel::clock::london_date;
use hiec_reports::Reports;
use hiec_web::components::own::Paging;
use hiec_web::{Answer, Loaded, Reply};

use super::asked::{self, Asked};
use super::drawing::{Drawing, Drawn};
use super::limited::Limited;
use super::report;
use super::weighing::Weighed;
use crate::access::Education;
use crate::ground;

const COLUMNS: [(&str, &str); 20] = [
    ("trainee", "Name; empty where the line is of the host as a whole"),
    ("number", "The trainee's number"),
    ("host", "Where they are placed"),
    ("team", "Specialty and site"),
    ("payer", "Who pays for the post"),
    ("tariff", "Which price applies"),
    ("from", "First day"),
    ("to", "Last day, counted"),
    ("fte", "Whole-time equivalents, to six places"),
    ("price", "Pounds for a full-time year; of a quality line what it is a share of"),
    ("factor", "Market forces factor; of a quality line the share that is added"),
    ("amount", "Pounds; empty where something is not loaded"),
    ("at_least", "Whether the price is a floor"),
    ("working", "How it was reckoned, or what is not loaded"),
    ("cost", "Pounds it costs the host, where reported"),
    ("gap", "Cost less amount"),
    ("price_source", "Where the price comes from"),
    ("illustrative", "Whether the line was made up"),
    ("kind", "tariff, quality or limits: the sum of all three is what the host gets"),
    ("rule_version", "Of a quality line: the version of the rule in force"),
];

/// Lines as a table.
pub(super) fn table(table_name: &str, lines: &[Drawn], weighed: &[Weighed], limited: &[Limited]) -> Table {
    let mut table = Table::with_columns(table_name, COLUMNS);
    for line in lines {
        table.push([
            Cell::from(line.trainee.as_str()),
            Cell::from(line.trainee_number.as_str()),
            Cell::from(line.host_name.as_str()),
            Cell::from(line.team.as_str()),
            Cell::from(line.payer.as_str()),
            Cell::from(line.tariff.as_str()),
            Cell::from(line.from),
            Cell::from(line.to),
            Cell::from(line.fte.as_deref()),
            Cell::from(line.price),
            Cell::from(line.factor.as_deref()),
            Cell::from(line.amount),
            Cell::from(line.is_at_least),
            Cell::from(line.working.as_str()),
            Cell::from(line.cost),
            Cell::from(line.gap()),
            Cell::from(line.price_source.as_deref()),
            Cell::from(line.is_illustrative),
            Cell::from("tariff"),
            Cell::Empty,
        ]);
    }
    for line in weighed {
        table.push([
            Cell::Empty,
            Cell::Empty,
            Cell::from(line.host_name.as_str()),
            Cell::Empty,
            Cell::from(line.payer.as_str()),
            Cell::Empty,
            Cell::from(line.from),
            Cell::from(line.to),
            Cell::Empty,
            Cell::from(line.base),
            Cell::Decimal { units: line.share, places: 4 },
            Cell::from(line.amount),
            Cell::from(false),
            Cell::from(line.working.as_str()),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::from(line.is_illustrative),
            Cell::from("quality"),
            Cell::from(line.rule_version),
        ]);
    }
    for line in limited {
        table.push([
            Cell::Empty,
            Cell::Empty,
            Cell::from(line.host_name.as_str()),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::from(line.from),
            Cell::from(line.to),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::from(line.amount),
            Cell::from(false),
            Cell::from(line.working.as_str()),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::from(false),
            Cell::from("limits"),
            Cell::Empty,
        ]);
    }
    table
}

fn of(drawing: &Drawing) -> Table {
    table("tariff", &drawing.lines, &drawing.weighed, &drawing.limited())
}

pub async fn csv(door: Loaded<Education>, Query(asked): Query<Asked>) -> Answer {
    let drawing = asked::shown(&door, &asked).await?.drawing(&door).await?;
    Ok(ground::csv(&door.cluster, &of(&drawing)))
}

pub async fn xlsx(door: Loaded<Education>, Query(asked): Query<Asked>) -> Answer {
    let drawing = asked::shown(&door, &asked).await?.drawing(&door).await?;
    Ok(ground::xlsx(&door.cluster, &of(&drawing), door.now())?)
}

/// What the page shows: of the whole cluster sums of so many hosts, else so many lines. A document of all lines would keep whoever asks
/// waiting; the files have them all.
pub async fn pdf(door: Loaded<Education>, Query(asked): Query<Asked>) -> Answer {
    let shown = asked::shown(&door, &asked).await?;
    let dated = london_date(door.now());
    let report = match shown.is_whole() {
        true => {
            let totals = shown.totals(&door).await?;
            let paging = Paging::of(asked.page, totals.hosts.len());
            report::totals(&door.cluster, &shown, &totals, (paging.range(), dated))
        }
        false => {
            let drawing = shown.drawing(&door).await?;
            let paging = Paging::of(asked.page, drawing.lines.len());
            report::statement(&door.cluster, &shown, &drawing, (paging.range(), dated))
        }
    };
    let bytes = door.app.service::<Reports>()?.pdf(&report).await.map_err(Problem::from)?;
    let of = shown.trainee.as_deref().map(|number| format!("-{number}")).unwrap_or_default();
    Ok(Reply::download(&format!("{}-tariff{of}.pdf", door.cluster.key), "application/pdf", bytes))
}
