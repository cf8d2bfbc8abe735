//! Feeds any bytes, as a table, to the commands on series and panels; it must never accept a panic or a number that is none.
#![no_main]

use hiec_impact::command::{Notes, its, panel, starts, weights};
use hiec_tables::Problem;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    held(18, |output| its(input, output));
    held(11, |output| panel(input, output));
    held(1, |output| weights(input, output));
    held(7, |output| starts(input, output));
});

/// The last cells of a row are numbers; those before are names, which may be any text.
fn held(numbers: usize, command: impl Fn(&mut Vec<u8>) -> Result<Notes, Problem>) {
    let mut output = Vec::new();
    match command(&mut output) {
        Ok(_) => {
            let rows = output.split(|byte| *byte == b'\n').filter(|row| !row.contains(&b'"'));
            let mut cells = rows.flat_map(|row| row.split(|byte| *byte == b',').rev().take(numbers));
            assert!(cells.all(|cell| !matches!(cell, b"NaN" | b"Inf" | b"-Inf")));
        }
        Err(problem) => assert!(!problem.to_string().is_empty()),
    }
}
