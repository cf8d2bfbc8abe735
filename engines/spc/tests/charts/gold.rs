//! Holds the commands to what qicharts2, autospc and OpenPrescribing answered for the same series; where we differ on purpose, says so.

use std::fmt::Write;

use hiec_spc::command::{cusum, qic, shifts};

use crate::table::{Table, assert_same};

const QIC_INPUT: &str = include_str!("../gold/qic_input.csv");
const QIC_SERIES: &str = include_str!("../gold/qic_series.csv");
const QIC_POINTS: &str = include_str!("../gold/qic_points.csv");

const SHIFT_INPUT: &str = include_str!("../gold/stepchange_input.csv");
const SHIFT_SERIES: &str = include_str!("../gold/stepchange_series.csv");
const SHIFT_POINTS: &str = include_str!("../gold/stepchange_points.csv");
const SHIFT_BREAKS: &str = include_str!("../gold/stepchange_breaks.csv");

const CUSUM_SERIES: &str = include_str!("../gold/cusum_series.csv");
const CUSUM_POINTS: &str = include_str!("../gold/cusum_points.csv");

fn nowhere(_: &str, _: &str, _: &str) -> bool {
    false
}

#[test]
fn every_point_of_every_kind_of_chart_is_as_the_package_has_it() {
    let mut answer = Vec::new();
    qic(QIC_INPUT.as_bytes(), QIC_SERIES.as_bytes(), &mut answer).unwrap();
    let numbers = ["y", "n", "cl", "lcl", "lcl_95", "ucl_95", "ucl"];
    assert_same(&String::from_utf8(answer).unwrap(), QIC_POINTS, &numbers, nowhere);
}

#[test]
fn every_point_of_every_study_of_shifts_is_as_the_package_has_it() {
    let mut answer = Vec::new();
    shifts(SHIFT_INPUT.as_bytes(), SHIFT_SERIES.as_bytes(), &mut answer).unwrap();
    let answer = String::from_utf8(answer).unwrap();
    assert_same(&answer, SHIFT_POINTS, &["value", "cl", "lcl", "ucl"], nowhere);
    let breaks: Vec<String> = answer
        .lines()
        .map(|line| line.split(',').collect::<Vec<_>>())
        .filter(|cells| cells[9] == "1")
        .map(|cells| cells[..3].join(","))
        .collect();
    assert_eq!(breaks, SHIFT_BREAKS.lines().skip(1).collect::<Vec<_>>());
}

/// The input of the sums, which the gold holds only within its answer.
fn cusum_input() -> String {
    let mut input = String::from("series_id,row,idx0,value\n");
    for line in CUSUM_POINTS.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let row = cells[1].parse::<usize>().unwrap() + 1;
        writeln!(input, "{},{row},{},{}", cells[0], cells[1], cells[2]).unwrap();
    }
    input
}

fn cusum_answer() -> String {
    let mut answer = Vec::new();
    cusum(cusum_input().as_bytes(), CUSUM_SERIES.as_bytes(), &mut answer).unwrap();
    String::from_utf8(answer).unwrap()
}

#[test]
fn every_step_of_every_sum_is_as_the_original_has_it() {
    let numbers = ["value", "cusum_pos", "cusum_neg", "target_mean", "alert_threshold"];
    assert_same(&cusum_answer(), CUSUM_POINTS, &numbers, |series, row, name| {
        // A missing value sets the original's sums to nought; ours stay as they were, and the next step goes on from there.
        series == "S-missing" && name == "cusum_neg" && (row == "9" || row == "10")
    });
}

#[test]
fn a_missing_value_is_passed_over() {
    let answer = cusum_answer();
    assert_eq!(Table::of(&answer).column("S-missing", "cusum_neg")[8..11], ["-1.36", "-1.36", "-0.95"]);
}

#[test]
fn alerts_that_are_on_are_told_with_what_the_original_tells() {
    let mut answer = Vec::new();
    let notes = cusum(cusum_input().as_bytes(), CUSUM_SERIES.as_bytes(), &mut answer).unwrap();
    assert_eq!(
        notes.to_string(),
        "series S-stable: The percentile among peers has moved up, from 49.0 to 53.9 in row 35.\n\
         series S-end-alert: The percentile among peers has been moving up since row 32, from 19.5 to 44.0.\n\
         5 rows have no value: they are gaps, and break no run.\n"
    );
}
