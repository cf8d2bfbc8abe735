//! Holds the engine to answers found by other solvers; it must never take an answer from the engine itself.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use hiec_assignment::{EXIT_IMPOSSIBLE, EXIT_OK, run_command};
use serde_json::Value;

/// Each file holds a question and the greatest total weight two outside solvers found, see `README.md` beside them.
#[test]
fn outside_solvers_agree() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/known-answers");
    let mut checked = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let file: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let outcome = run_command(file["instance"].to_string());
        if file["total_weight"].is_null() {
            assert_eq!(outcome.exit_code, EXIT_IMPOSSIBLE, "{}", path.display());
            assert_eq!(
                short_in_all(&outcome.stderr),
                file["short"].as_u64().unwrap(),
                "{}: {}",
                path.display(),
                outcome.stderr
            );
        } else {
            assert_eq!(outcome.exit_code, EXIT_OK, "{}: {}", path.display(), outcome.stderr);
            let answer: Value = serde_json::from_str(&outcome.stdout).unwrap();
            assert_eq!(answer["total_weight"], file["total_weight"], "{}", path.display());
        }
        checked += 1;
    }
    assert!(checked >= 12, "only {checked} known answers were found");
}

fn short_in_all(reason: &str) -> u64 {
    reason.split("short by ").skip(1).map(|rest| rest.split(' ').next().unwrap().parse::<u64>().unwrap()).sum()
}

/// 300 bids by 100 assessors in every shape of weight: the engine gives nothing it has not proven.
#[test]
fn larger_questions_are_proven_too() {
    for (shape, weight) in [
        ("equal", (|_, _| 1) as fn(u64, u64) -> u64),
        ("product", |bid, assessor| bid * assessor),
        ("mixed", |bid, assessor| (bid * 7919 + assessor * 104_729) % 1009),
    ] {
        for (max_load, expected) in [(9, EXIT_OK), (12, EXIT_OK), (8, EXIT_IMPOSSIBLE)] {
            let pairs: Vec<String> = (0..300_u64)
                .flat_map(|bid| {
                    (0..100_u64).map(move |assessor| {
                        format!(r#"{{"bid":{bid},"assessor":"r{assessor}","weight":{}}}"#, weight(bid, assessor))
                    })
                })
                .collect();
            let text = format!(r#"{{"per_bid":3,"max_load":{max_load},"pairs":[{}]}}"#, pairs.join(","));
            let outcome = run_command(&text);
            assert_eq!(outcome.exit_code, expected, "{shape} {max_load}: {}", outcome.stderr);
            if expected == EXIT_IMPOSSIBLE {
                assert!(
                    outcome
                        .stderr
                        .starts_with("bids 0 to 299 are short by 100 reviews in all: only r0 to r99 may take them"),
                    "{}",
                    outcome.stderr
                );
            }
        }
    }
}
