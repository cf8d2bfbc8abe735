//! A statement and a claim as documents: what is owed, line by line with its working, and what is not loaded. They add no figure.

use chrono::NaiveDate;
use hiec_contracts::ClusterSeen;
use hiec_kernel::Money;
use hiec_kernel::clock::day_on_page;
use hiec_reports::{Block, Column, Level, Report, Table, Tile};

use super::drawing::{Drawing, Drawn};
use super::page::host_sums;

pub(super) fn statement(
    cluster: &ClusterSeen,
    year: &str,
    host: Option<&str>,
    drawing: &Drawing,
    dated: NaiveDate,
) -> Report {
    let mut body = vec![Block::Tiles {
        tiles: vec![
            Tile::new(drawing.total().to_string(), "follow the trainees", ""),
            Tile::new(drawing.lines.len().to_string(), "lines", ""),
            Tile::new(
                drawing.lines.iter().filter(|line| line.amount.is_none()).count().to_string(),
                "lines not loaded",
                "not in the sum",
            ),
        ],
    }];
    let missing = drawing.not_loaded();
    if !missing.is_empty() {
        body.push(Block::heading(Level::Two, "Not loaded"));
        body.push(Block::list(missing.iter().map(|words| words.trim_start_matches("not loaded: ").replace('_', " "))));
    }
    let sums = host_sums(&drawing.lines);
    if sums.len() > 1 {
        let columns = vec![
            Column::wide("Host", 4),
            Column::figure("Lines"),
            Column::figure("Amount"),
            Column::figure("Cost beyond it"),
        ];
        let rows = sums.iter().map(|sum| {
            let gap = sum.gap.map_or_else(|| "Not known".to_owned(), |gap| gap.to_string());
            vec![sum.name.clone(), sum.lines.to_string(), sum.amount.to_string(), gap]
        });
        body.extend(table("By host", columns, rows.collect()));
    }
    body.extend(lines(&drawing.lines));
    let known = drawing.known_on.map(|day| format!(", as known on {}", day_on_page(day))).unwrap_or_default();
    Report {
        eyebrow: Some("Education tariff".to_owned()),
        title: format!("{}: {}", cluster.short_name, host.unwrap_or("all hosts")),
        subtitle: Some(format!("{year}{known}")),
        author: cluster.name.clone(),
        dated,
        illustrative: drawing.lines.iter().any(|line| line.is_illustrative),
        body,
        fingerprint: None,
    }
}

/// Lines with their working.
pub(super) fn lines(lines: &[Drawn]) -> Vec<Block> {
    let columns =
        vec![Column::wide("Trainee", 3), Column::wide("Days", 3), Column::wide("Working", 7), Column::figure("Amount")];
    let rows = lines.iter().map(|line| {
        vec![
            format!("{}, {}", line.trainee, line.trainee_number),
            format!("{} to {}", day_on_page(line.from), day_on_page(line.to)),
            format!("{}: {}", line.host_name, line.working),
            line.amount.map_or_else(|| "Not loaded".to_owned(), |amount: Money| amount.to_string()),
        ]
    });
    table("Line by line", columns, rows.collect())
}

fn table(caption: &str, columns: Vec<Column>, rows: Vec<Vec<String>>) -> Vec<Block> {
    // Every row has its columns' number of cells.
    Table::try_new(caption, columns, rows).map(Block::Table).into_iter().collect()
}
