//! A statement and a claim as documents: what is owed, line by line with its working, and what is not loaded. They add no figure.

use std::ops::Range;

use chrono::NaiveDate;
use hiec_contracts::ClusterSeen;
use hiec_kernel::Money;
use hiec_kernel::clock::day_on_page;
use hiec_reports::{Block, Column, Level, Report, Table, Tile};

use super::asked::{Shown, name};
use super::drawing::{Drawing, Drawn};
use super::limited::Limited;
use super::lines::said;
use super::totals::Totals;
use super::weighing::Weighed;

/// What follows trainees to these of a cluster's hosts, without lines.
pub(super) fn totals(
    cluster: &ClusterSeen,
    shown: &Shown,
    totals: &Totals,
    (range, dated): (Range<usize>, NaiveDate),
) -> Report {
    let mut body = tiles(totals.total(), totals.lines(), totals.hosts.iter().map(|host| host.missing).sum());
    not_loaded(&mut body, totals.not_loaded.iter().map(String::as_str));
    let columns = vec![
        Column::wide("Host", 4),
        Column::figure("Lines"),
        Column::figure("By tariff"),
        Column::figure("By quality"),
        Column::figure("In all"),
    ];
    let hosts = totals.hosts.get(range.clone()).unwrap_or_default();
    let rows = hosts.iter().map(|sum| {
        let known = |amount: Money| if sum.is_unknown() { "Not loaded".to_owned() } else { amount.to_string() };
        let by_quality = if sum.weighed == 0 { "No rule".to_owned() } else { sum.by_quality.to_string() };
        vec![sum.name.clone(), sum.lines.to_string(), known(sum.by_tariff), by_quality, known(sum.total())]
    });
    body.extend(table(&part("By host", &range, totals.hosts.len()), columns, rows.collect()));
    body.extend(limits(&totals.adjustments.iter().map(Limited::of_year).collect::<Vec<_>>()));
    let illustrative = totals.hosts.iter().any(|host| host.is_illustrative);
    report(cluster, shown, "all hosts", (body, illustrative, dated))
}

/// What follows trainees to one host, or one trainee.
pub(super) fn statement(
    cluster: &ClusterSeen,
    shown: &Shown,
    drawing: &Drawing,
    (range, dated): (Range<usize>, NaiveDate),
) -> Report {
    let count = i64::try_from(drawing.lines.len() + drawing.weighed.len()).unwrap_or(i64::MAX);
    let missing = drawing.lines.iter().filter(|line| line.amount.is_none()).count();
    let mut body = tiles(drawing.total(), count, i64::try_from(missing).unwrap_or(i64::MAX));
    let words = drawing.not_loaded();
    not_loaded(&mut body, words.iter().map(String::as_str));
    body.extend(weighed(&drawing.weighed));
    body.extend(limits(&drawing.limited()));
    let caption = part("Line by line", &range, drawing.lines.len());
    body.extend(lines(&caption, drawing.lines.get(range).unwrap_or_default()));
    let of = match (&shown.trainee, drawing.lines.first(), shown.host_name()) {
        (Some(number), Some(line), _) => format!("{}, {number}", line.trainee),
        (Some(number), None, _) => number.clone(),
        (None, _, host) => host.unwrap_or("all hosts").to_owned(),
    };
    let illustrative = drawing.lines.iter().any(|line| line.is_illustrative);
    report(cluster, shown, &of, (body, illustrative, dated))
}

fn tiles(total: Money, lines: i64, missing: i64) -> Vec<Block> {
    vec![Block::Tiles {
        tiles: vec![
            Tile::new(total.to_string(), "in all", ""),
            Tile::new(lines.to_string(), "lines", ""),
            Tile::new(missing.to_string(), "lines not loaded", "not in the sum"),
        ],
    }]
}

fn not_loaded<'a>(body: &mut Vec<Block>, words: impl ExactSizeIterator<Item = &'a str>) {
    if words.len() > 0 {
        body.push(Block::heading(Level::Two, "Not loaded"));
        body.push(Block::list(words.map(said)));
    }
}

/// A caption that says so where a table holds a part of its rows.
fn part(caption: &str, range: &Range<usize>, all: usize) -> String {
    match range.len() == all {
        true => caption.to_owned(),
        false => format!("{caption}: {} to {} of {all}", range.start + 1, range.end),
    }
}

fn report(
    cluster: &ClusterSeen,
    shown: &Shown,
    of: &str,
    (body, illustrative, dated): (Vec<Block>, bool, NaiveDate),
) -> Report {
    let known = shown.known_on.map(|day| format!(", as known on {}", day_on_page(day))).unwrap_or_default();
    Report {
        eyebrow: Some("Education tariff".to_owned()),
        title: format!("{}: {of}", cluster.short_name),
        subtitle: Some(format!("{}{known}", name(shown.year))),
        author: cluster.name.clone(),
        dated,
        illustrative,
        body,
        fingerprint: None,
    }
}

/// Lines with their working.
pub(super) fn lines(caption: &str, lines: &[Drawn]) -> Vec<Block> {
    let columns =
        vec![Column::wide("Trainee", 3), Column::wide("Days", 3), Column::wide("Working", 7), Column::figure("Amount")];
    let rows = lines.iter().map(|line| {
        vec![
            format!("{}, {}", line.trainee, line.trainee_number),
            days(line.from, line.to),
            format!("{}: {}", line.host_name, line.working),
            line.amount.map_or_else(|| "Not loaded".to_owned(), |amount: Money| amount.to_string()),
        ]
    });
    table(caption, columns, rows.collect())
}

/// What quality adds or holds; nothing where no rule is in force.
pub(super) fn weighed(weighed: &[Weighed]) -> Vec<Block> {
    let rows = weighed.iter().map(|line| {
        vec![
            line.payer.clone(),
            days(line.from, line.to),
            line.working.clone(),
            line.amount.map_or_else(|| "Not loaded".to_owned(), |amount| amount.to_string()),
        ]
    });
    beside("Weighed by quality", "Payer", rows.collect())
}

/// What the limits to losses and gains change; nothing where none applies.
pub(super) fn limits(limited: &[Limited]) -> Vec<Block> {
    let rows = limited.iter().map(|line| {
        vec![line.host_name.clone(), days(line.from, line.to), line.working.clone(), line.amount.to_string()]
    });
    beside("Under the limits to losses and gains", "Host", rows.collect())
}

fn beside(caption: &str, first: &str, rows: Vec<Vec<String>>) -> Vec<Block> {
    if rows.is_empty() {
        return Vec::new();
    }
    let columns =
        vec![Column::wide(first, 3), Column::wide("Days", 3), Column::wide("Working", 7), Column::figure("Amount")];
    table(caption, columns, rows)
}

fn days(from: NaiveDate, to: NaiveDate) -> String {
    format!("{} to {}", day_on_page(from), day_on_page(to))
}

fn table(caption: &str, columns: Vec<Column>, rows: Vec<Vec<String>>) -> Vec<Block> {
    // Every row has its columns' number of cells.
    Table::try_new(caption, columns, rows).map(Block::Table).into_iter().collect()
}
