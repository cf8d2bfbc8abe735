//! Feeds any bytes to the assignment command; it must never accept a panic or an answer beside an error.
#![no_main]

use hiec_assignment::{EXIT_BAD_INPUT, EXIT_IMPOSSIBLE, EXIT_OK, run_command};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let outcome = run_command(input);
    match outcome.exit_code {
        EXIT_OK => assert!(serde_json::from_str::<serde_json::Value>(&outcome.stdout).is_ok()),
        EXIT_BAD_INPUT | EXIT_IMPOSSIBLE => assert!(outcome.stdout.is_empty() && !outcome.stderr.is_empty()),
        other => panic!("exit code {other}: {}", outcome.stderr),
    }
});
