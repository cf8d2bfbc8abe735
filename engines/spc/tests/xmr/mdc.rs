//! Holds the XmR commands to what NHSRplotthedots answered for the same series; where we differ on purpose, says so.

use std::collections::BTreeMap;

use hiec_spc::command::{Layout, points, summary};

const INPUT: &str = include_str!("../gold/mdc_input.csv");
const SERIES: &str = include_str!("../gold/mdc_series.csv");
const POINTS: &str = include_str!("../gold/mdc_points.csv");
const SUMMARY: &str = include_str!("../gold/mdc_summary.csv");

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
            assert_same_cells(series, ours, gold);
            compared += gold.len();
        }
    }
    assert!(compared > 1000, "only {compared} cells were compared");
}

fn assert_same_cells(series: &str, ours: &[(&str, &str)], gold: &[(&str, &str)]) {
    for ((name, ours), (_, gold)) in ours.iter().zip(gold) {
        let is_same = match (NUMBERS.contains(name), ours.parse::<f64>(), gold.parse::<f64>()) {
            (true, Ok(ours), Ok(gold)) => (ours - gold).abs() <= 1e-9 * gold.abs(),
            _ => ours == gold,
        };
        assert!(is_same, "{series}, {name}: ours {ours}, gold {gold}");
    }
}

#[test]
fn every_point_is_as_the_package_has_it() {
    assert_same(&ours(INPUT, false), POINTS);
}

#[test]
fn every_summary_is_as_the_package_has_it() {
    assert_same(&ours(INPUT, true), SUMMARY);
}

/// Where the package passes over a rebase date that no row has, ours applies it to the next point.
#[test]
fn a_rebase_date_without_a_row_makes_a_second_group() {
    let ours = ours(INPUT, true);
    let (ours, gold) = (table(&ours), table(SUMMARY));
    let (ours, gold) = (&ours["S-rebase-no-match"][0], &gold["S-rebase-no-match"][0]);
    assert_eq!((ours[2], gold[2]), (("n_groups", "2"), ("n_groups", "1")));
}

/// What the package answers for values that do not vary is written down in its gold; ours never is NaN.
#[test]
fn values_that_do_not_vary_have_no_limits_and_no_icons() {
    assert!(POINTS.contains("NaN"));
    let (points, summary) = (ours(INPUT, false), ours(INPUT, true));
    assert!(!points.contains("NaN") && !summary.contains("NaN"));
    let line = |table: &str, series: &str| table.lines().find(|line| line.starts_with(series)).unwrap().to_owned();
    for series in ["S-constant-screened", "S-constant-unscreened"] {
        assert_eq!(line(&summary, series), format!("{series},15,1,5,,,15,0,0,0,0,,,,,0"));
        assert_eq!(
            line(&points, series),
            format!("{series},1,2019-01-01,5,0,1,5,,,0,,,,0,0,0,Common Cause,0,common_cause,6,0")
        );
    }
}

/// One spike among equal values: screening would leave no variation, so that ours is the package's unscreened answer.
#[test]
fn one_spike_among_equal_values_is_judged_without_screening() {
    let ours = ours(INPUT, false);
    let (ours, gold) = (table(&ours), table(POINTS));
    for series in ["S-constant-one-spike", "S-constant-one-spike-unscreened"] {
        for (ours, gold) in ours[series].iter().zip(&gold["S-constant-one-spike-unscreened"]) {
            assert_same_cells(series, &ours[1..], &gold[1..]);
        }
    }
}
