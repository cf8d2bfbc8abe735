//! Feeds any bytes to the verification of badges; it must never accept a panic, a verdict without words or a badge nobody signed.
#![no_main]

use chrono::DateTime;
use hiec_credentials::command::check;
use hiec_credentials::{Outcome, Topic, bake, unbake};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let at = DateTime::from_timestamp(1_772_323_200, 0).unwrap_or_default();
    judge(input, at, &[], &[]);
    let own = [input.to_vec()];
    judge(input, at, &[], &own);
    judge(input, at, &own, &own);
    if let Ok(baked) = bake(input, "a.b.c") {
        assert_eq!(unbake(&baked).as_deref(), Ok("a.b.c"));
    }
});

fn judge(badge: &[u8], at: DateTime<chrono::Utc>, keys: &[Vec<u8>], lists: &[Vec<u8>]) {
    match check(badge, at, keys, lists) {
        Ok(report) => {
            assert!(!report.sentence.is_empty() && report.checks.iter().all(|check| !check.sentence.is_empty()));
            let passed =
                |topic| report.checks.iter().any(|check| check.topic == topic && check.outcome == Outcome::Passed);
            assert!(!report.accepted || (passed(Topic::Signature) && passed(Topic::Key)));
        }
        Err(problem) => assert!(!problem.0.is_empty()),
    }
}
