//! Feeds any bytes to the commands on charts of every kind, shifts and sums; it must never accept a panic, a limit that is no number, or a refusal without words.
#![no_main]

use hiec_spc::command::{Failure, Notes, cusum, proposals, qic, shifts};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    // The two tables stand one after the other, a NUL between them.
    let split = input.iter().position(|&byte| byte == 0).unwrap_or(input.len());
    let (series, rows) = input.split_at(split);
    let rows = rows.get(1..).unwrap_or_default();
    check(|answer| qic(rows, series, answer), &["cl", "lcl", "lcl_95", "ucl_95", "ucl"]);
    check(|answer| shifts(rows, series, answer), &["value", "cl", "lcl", "ucl"]);
    check(|answer| proposals(rows, series, answer), &["cl_before", "cl_after", "lcl_after", "ucl_after"]);
    check(|answer| cusum(rows, series, answer), &["value", "cusum_pos", "cusum_neg", "target_mean"]);
});

/// A computed number is finite or empty; rows with quoted cells, whose commas need not part columns, are left out.
fn check(command: impl FnOnce(&mut Vec<u8>) -> Result<Notes, Failure>, numbers: &[&str]) {
    let mut answer = Vec::new();
    if let Err(failure) = command(&mut answer) {
        assert!(!failure.to_string().is_empty());
        return;
    }
    let text = String::from_utf8(answer).expect("an answer is text");
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    for line in lines.filter(|line| !line.contains('"')) {
        for (name, cell) in names.iter().zip(line.split(',')).filter(|(name, _)| numbers.contains(name)) {
            assert!(cell.is_empty() || cell.parse().is_ok_and(f64::is_finite), "{name} in {line}");
        }
    }
}
