//! Feeds any bytes, as every table, to the tariff statement; it must never accept a panic or an error without words.
#![no_main]

use hiec_tariff::command::{Form, Tables, statement};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let all = Some(input);
    for given in [
        Tables { placements: input, ..Tables::default() },
        Tables { placements: input, prices: all, factors: all, incomes: all, transition: all, quality: all },
    ] {
        match statement(given, None, Form::Json) {
            Ok(text) => assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok()),
            Err(problems) => assert!(!problems.is_empty() && problems.iter().all(|problem| !problem.is_empty())),
        }
    }
});
