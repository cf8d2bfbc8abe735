//! Holds the XmR commands to what NHSRplotthedots answered for the same series; where we differ on purpose, says so.
#![cfg(feature = "command")]
#![expect(clippy::unwrap_used, reason = "every step here is a step of a test")]

use std::collections::BTreeMap;

use hiec_spc::command::{Layout, points, summary};

const INPUT: &str = include_str!("gold/mdc_input.csv");
const SERIES: &str = include_str!("gold/mdc_series.csv");
const POINTS: &str = include_str!("gold/mdc_points.csv");
const SUMMARY: &str = include_str!("gold/mdc_summary.csv");

/// Columns that hold computed numbers; all others must be the same text.
const NUMBERS: [&str; 7] = ["value", "mean", "lpl", "upl", "last_mean", "last_lpl", "last_upl"];

/// Rows by series, each row with its columns' names.
type Table<'a> = BTreeMap<&'a str, Vec<Vec<(&'a str, &'a str)>>>;

fn table(text: &str) -> Table<'_> {
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let mut table = Table::new();
    for line in lines {
        // No cell of these tables is quoted: the descriptions, which are, stand in the table of series alone.
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(cells.len(), names.len(), "{line}");
        table.entry(cells[0]).or_default().push(names.iter().copied().zip(cells).collect());
    }
    table
}

fn ours(input: &str, is_summary: bool) -> String {
    let mut output = Vec::new();
    let layout = Layout::Together;
    let notes = match is_summary {
        true => summary(input.as_bytes(), SERIES.as_bytes(), &mut output, layout),
        false => points(input.as_bytes(), SERIES.as_bytes(), &mut output, layout, false),
    };
    notes.unwrap();
    String::from_utf8(output).unwrap()
}

/// Series for which our answer is another one on purpose.
fn differs_on_purpose(series: &str) -> bool {
    series.contains("-constant-") || series.ends_with("-rebase-no-match")
}

fn assert_same(ours: &str, gold: &str) {
    assert_eq!(ours.lines().next(), gold.lines().next(), "the columns");
    let (ours, gold) = (table(ours), table(gold));
    assert_eq!(ours.keys().collect::<Vec<_>>(), gold.keys().collect::<Vec<_>>(), "the series");
    let mut compared = 0;
    for (series, rows) in gold.iter().filter(|(series, _)| !differs_on_purpose(series)) {
        assert_eq!(ours[series].len(), rows.len(), "rows of {series}");
        for (ours, gold) in ours[series].iter().zip(rows) {
            for ((name, ours), (_, gold)) in ours.iter().zip(gold) {
                compared += 1;
                let is_same = match (NUMBERS.contains(name), ours.parse::<f64>(), gold.parse::<f64>()) {
                    (true, Ok(ours), Ok(gold)) => (ours - gold).abs() <= 1e-9 * gold.abs(),
                    _ => ours == gold,
                };
                assert!(is_same, "{series}, {name}: ours {ours}, gold {gold}, in {gold:?}");
            }
        }
    }
    assert!(compared > 1000, "only {compared} cells were compared");
}

#[test]
fn every_point_is_as_the_package_has_it() {
    assert_same(&ours(INPUT, false), POINTS);
}

#[test]
fn every_summary_is_as_the_package_has_it() {
    assert_same(&ours(INPUT, true), SUMMARY);
}
