//! Feeds any bytes, as a table, to the fits of adoption curves; it must never accept a panic or a number that is none.
#![no_main]

use hiec_adoption::command::fit;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let mut output = Vec::new();
    match fit(input, &mut output) {
        Ok(_) => {
            let is_number = |cell: &[u8]| !matches!(cell, b"NaN" | b"Inf" | b"-Inf");
            // The first cell is a name, which may be any text.
            let rows = output.split(|byte| *byte == b'\n').filter(|row| !row.contains(&b'"'));
            let mut cells = rows.flat_map(|row| row.split(|byte| *byte == b',').rev().take(17));
            assert!(cells.all(is_number));
        }
        Err(problem) => assert!(!problem.to_string().is_empty()),
    }
});
