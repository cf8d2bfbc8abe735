//! Feeds any bytes to the commands on XmR charts; it must never accept a panic, an answer with a number that is none, or a refusal without words.
#![no_main]

use hiec_spc::command::{Layout, points, summary};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    // The two tables stand one after the other, a NUL between them.
    let split = input.iter().position(|&byte| byte == 0).unwrap_or(input.len());
    let (series, rows) = input.split_at(split);
    let rows = rows.get(1..).unwrap_or_default();
    for layout in [Layout::Together, Layout::Scattered] {
        for with_gaps in [false, true] {
            let mut answer = Vec::new();
            match points(rows, series, &mut answer, layout, with_gaps) {
                Ok(_) => check(&answer),
                Err(failure) => assert!(!failure.to_string().is_empty()),
            }
        }
        let mut answer = Vec::new();
        if summary(rows, series, &mut answer, layout).is_ok() {
            check(&answer);
        }
    }
});

/// No number of an answer may be infinite or none; ids, which may be called anything, are left out.
fn check(answer: &[u8]) {
    for line in answer.split(|&byte| byte == b'\n').filter(|line| !line.contains(&b'"')) {
        for cell in line.split(|&byte| byte == b',').skip(1) {
            assert!(!matches!(cell, b"NaN" | b"Inf" | b"-Inf"), "{}", String::from_utf8_lossy(line));
        }
    }
}
