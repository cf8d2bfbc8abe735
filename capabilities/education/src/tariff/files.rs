//! A statement to take away: CSV, workbook, PDF; the same lines as the page.

use axum::extract::Query;
use hiec_files::table::{Cell, Table};
use hiec_reports::Reports;
use hiec_web::{Answer, Loaded, Reply};

use super::drawing::Drawn;
use super::page::{self, Asked};
use super::report;
use crate::access::Education;
use crate::ground;

/// Lines as a table.
pub(super) fn table(name: &str, lines: &[Drawn]) -> Table {
    let mut table = Table::with_columns(
        name,
        [
            ("trainee", "Name"),
            ("number", "The trainee's number"),
            ("host", "Where they are placed"),
            ("team", "Specialty and site"),
            ("payer", "Who pays for the post"),
            ("tariff", "Which price applies"),
            ("from", "First day"),
            ("to", "Last day, counted"),
            ("fte", "Whole-time equivalents, to six places"),
            ("price", "Pounds for a full-time year"),
            ("factor", "Market forces factor"),
            ("amount", "Pounds; empty where something is not loaded"),
            ("at_least", "Whether the price is a floor"),
            ("working", "How it was reckoned, or what is not loaded"),
            ("cost", "Pounds it costs the host, where reported"),
            ("gap", "Cost less amount"),
            ("price_source", "Where the price comes from"),
            ("illustrative", "Whether the placement was made up"),
        ],
    );
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
        ]);
    }
    table
}

pub async fn csv(door: Loaded<Education>, Query(asked): Query<Asked>) -> Answer {
    let shown = page::shown(&door, &asked).await?;
    Ok(ground::csv(&door.cluster, &table("tariff", &shown.drawing.lines)))
}

pub async fn xlsx(door: Loaded<Education>, Query(asked): Query<Asked>) -> Answer {
    let shown = page::shown(&door, &asked).await?;
    Ok(ground::xlsx(&door.cluster, &table("tariff", &shown.drawing.lines), door.now())?)
}

pub async fn pdf(door: Loaded<Education>, Query(asked): Query<Asked>) -> Answer {
    let shown = page::shown(&door, &asked).await?;
    let host =
        shown.host.and_then(|host| shown.hosts.iter().find(|(id, _)| *id == host)).map(|(_, name)| name.as_str());
    let dated = hiec_kernel::clock::london_date(door.now());
    let report = report::statement(&door.cluster, &page::name(shown.year), host, &shown.drawing, dated);
    let bytes = door.app.service::<Reports>()?.pdf(&report).await.map_err(hiec_kernel::Problem::from)?;
    Ok(Reply::download(&format!("{}-tariff.pdf", door.cluster.key), "application/pdf", bytes))
}
