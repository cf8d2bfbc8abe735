//! Writes the page `docs/false-alarms.md`: what was found, in words anybody can follow, each picture above its table.

use std::error::Error;
use std::fmt::Write;
use std::ops::RangeInclusive;
use std::path::Path;

use hiec_spc::false_alarms::FalseAlarms;
use hiec_spc::xmr::RULE_SET;

use super::picture::Picture;
use super::{Findings, SERIES};

/// The numbers of points the page shows; the engine's table has more.
const SHOWN: RangeInclusive<usize> = 6..=60;

/// Writes the page and its pictures into the folder of the documents.
pub fn write(docs: &Path, findings: &Findings) -> Result<(), Box<dyn Error>> {
    let pictures = docs.join("false-alarms");
    std::fs::create_dir_all(&pictures)?;
    std::fs::write(pictures.join("by-points.svg"), by_points(findings).svg()?)?;
    std::fs::write(pictures.join("by-rule.svg"), by_rule(findings).svg()?)?;
    std::fs::write(pictures.join("real-change.svg"), real_change(findings).svg()?)?;
    std::fs::write(docs.join("false-alarms.md"), page(findings)?)?;
    Ok(())
}

fn shown(findings: &Findings) -> impl Iterator<Item = &(usize, FalseAlarms)> {
    findings.by_points.iter().filter(|(points, _)| SHOWN.contains(points))
}

/// One figure over the numbers of points, in per cent.
fn line(findings: &Findings, figure: fn(&FalseAlarms) -> f64) -> Vec<(usize, f64)> {
    shown(findings).map(|(points, alarms)| (*points, figure(alarms) * 100.0)).collect()
}

fn by_points(findings: &Findings) -> Picture<'static> {
    Picture {
        title: "Stable series that are flagged by chance, by number of points",
        across: "points in the chart",
        highest: 60.0,
        lines: vec![
            ("any point", line(findings, |alarms| alarms.any)),
            ("the last point", line(findings, |alarms| alarms.last)),
        ],
    }
}

fn by_rule(findings: &Findings) -> Picture<'static> {
    Picture {
        title: "Stable series that break each rule by chance, by number of points",
        across: "points in the chart",
        highest: 40.0,
        lines: vec![
            ("shift", line(findings, |alarms| alarms.shift)),
            ("outside the limits", line(findings, |alarms| alarms.outside)),
            ("two in three", line(findings, |alarms| alarms.two_in_three)),
            ("trend", line(findings, |alarms| alarms.trend)),
        ],
    }
}

fn real_change(findings: &Findings) -> Picture<'static> {
    let told = |place: usize| -> Vec<(usize, f64)> {
        findings.changes.iter().map(|(after, shares)| (*after, shares[place] * 100.0)).collect()
    };
    Picture {
        title: "Real changes that the icon tells of, by number of points since",
        across: "points since the change",
        highest: 100.0,
        lines: vec![
            ("1 SD, limits of all points", told(0)),
            ("1 SD, limits fixed before", told(1)),
            ("2 SD, limits of all points", told(2)),
            ("2 SD, limits fixed before", told(3)),
        ],
    }
}

fn page(findings: &Findings) -> Result<String, Box<dyn Error>> {
    let of = |points: usize| findings.by_points.iter().find(|row| row.0 == points).map(|row| row.1).unwrap_or_default();
    let series = grouped(SERIES);
    let mut page = format!(
        "# How often will this chart cry wolf?

A process can be perfectly stable and its chart still show a signal: points vary, and now and then they vary into a
pattern that a rule looks for. The rules are chosen so that this is rare, not so that it never happens. This page says how
rare, for the rules of `{RULE_SET}` (Making Data Count: limits from all points, moving ranges screened, shift and trend of
7, two in three). For every figure {series} charts of made-up stable series were drawn, so that each is right to about
a tenth of a per cent.

## Any point, or the last one?
![Stable series that are flagged by chance, by number of points](false-alarms/by-points.svg)

| points | any point | the last point | shift | outside the limits | two in three | trend |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: |
"
    );
    for (points, alarms) in shown(findings) {
        writeln!(page, "| {points} | {} |", cells(alarms))?;
    }
    write!(
        page,
        "
- **A whole chart**: of stable series, {} have a flag somewhere on 12 points, {} on 24, {} on 48. Every month gives the rules
  another chance, so that an old flag on a long chart is little evidence of anything.
- **An icon** looks at the last point alone. It is wrong for {} of stable series with 24 points and {} with 48.
- **A page of icons**: of 20,000 stable measures about {} show special cause, every month anew. Our tables of icons
  say beside them how many to expect by chance. If about as many are shown, nothing has been found.

## Which rule is it?
![Stable series that break each rule by chance, by number of points](false-alarms/by-rule.svg)

The figures stand in the table above. On long charts most false alarms are shifts of seven points; on short ones they are
points outside the limits, for the limits of a short chart are a guess themselves. Other choices, on 24 points:

| choice | any point | the last point | shift | outside the limits | two in three | trend |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
",
        percent(of(12).any),
        percent(of(24).any),
        percent(of(48).any),
        percent(of(24).last),
        percent(of(48).last),
        about(20_000.0 * of(48).last),
    )?;
    for (choice, alarms) in &findings.by_rules {
        writeln!(page, "| {choice} | {} |", cells(alarms))?;
    }
    write!(
        page,
        "
## How soon does it tell of a real change?
A rule that never cried wolf would never tell of one either. Here 24 stable points are followed by points from a process
that has truly moved up, by one standard deviation (SD) of a single value or by two. How many icons say so?

![Real changes that the icon tells of, by number of points since](false-alarms/real-change.svg)

| points since | 1 SD, limits of all points | 1 SD, limits fixed before | 2 SD, limits of all points | 2 SD, limits fixed before |
| ---: | ---: | ---: | ---: | ---: |
"
    )?;
    for (after, shares) in &findings.changes {
        writeln!(page, "| {after} | {} |", shares.map(percent).join(" | "))?;
    }
    write!(
        page,
        "
Limits taken from all points are dragged along by the change itself and hide it. Fix them on the points before a change
that is planned (`fix_after_n_points`; on as many as there are, for limits from 12 points alone are wrong often, as the
table above shows), and begin new limits (`rebase_dates`) once it has lasted and its cause is understood. A change of one standard deviation is still missed for months: sites that made the same change are better judged
together.

## When values depend on the values before them
The rules assume that each value is drawn afresh. Waiting lists, bed numbers and moving averages are not: much of this
month is still there next month. Stable series of 24 points, by how much of a value's distance from the mean remains in
the next:

| what remains | any point | the last point | shift | outside the limits | two in three | trend |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: |
"
    )?;
    for (memory, alarms) in &findings.by_memory {
        writeln!(page, "| {memory:.1} | {} |", cells(alarms))?;
    }
    page.push_str(
        "
With such a measure, or one with seasons, most flags say only that. Chart what comes in and what goes out instead of what
is there, or compare with the same month of the year before.

## What to do with a flag
1. Ask how many flags chance alone would have given on this page, and whether there are more.
2. Look at what happened then, before anybody is praised or blamed.
3. Wait for the next points: chance seldom repeats itself, change does.

## How this was measured
`cargo run --release -p hiec-spc --example false_alarms -- docs engines/spc/src/false_alarms/table.rs` draws all of it
again from the same random numbers, and writes this page, its pictures and the table that programs ask
(`hiec_spc::false_alarms::expected_last`). Values are independent and normal unless said otherwise; measures of another
shape, such as rare events or waiting times, were not tried. A smaller run of the same simulation is one of the crate's
tests.
",
    );
    Ok(page)
}

/// Any, last, shift, outside, two in three, trend.
fn cells(alarms: &FalseAlarms) -> String {
    let FalseAlarms { any, last, outside, trend, two_in_three, shift } = *alarms;
    [any, last, shift, outside, two_in_three, trend].map(percent).join(" | ")
}

fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent < 10.0 { format!("{percent:.1}%") } else { format!("{percent:.0}%") }
}

/// Rounded to tens.
fn about(number: f64) -> String {
    format!("{:.0}", (number / 10.0).round() * 10.0)
}

fn grouped(number: usize) -> String {
    format!("{},{:03}", number / 1000, number % 1000)
}
