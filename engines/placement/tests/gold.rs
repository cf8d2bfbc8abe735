//! Holds the engine to answers found by other solvers; it must never take an answer from the engine itself.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use hiec_placement::command::{check, compare, solve};
use serde_json::Value;

fn gold(kind: &str) -> Vec<(String, String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gold");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(path).unwrap()))
        .filter(|(name, _)| name.starts_with(kind))
        .map(|(name, text)| {
            let value: Value = serde_json::from_str(&text).unwrap();
            (name, text, value)
        })
        .collect()
}

fn answer(text: &str) -> Value {
    serde_json::from_str(&solve(text.as_bytes(), None, None).unwrap().answer).unwrap()
}

#[test]
fn both_optima_of_every_hospital_residents_file() {
    let files = gold("hr_");
    assert_eq!(files.len(), 10);
    for (name, text, file) in files {
        // The whole object: every key and every order, hospitals' members in the hospital's own.
        assert_eq!(answer(&text), file["expected"], "{name}");
    }
}

#[test]
fn every_stable_matching_of_every_couples_file() {
    let files = gold("couples_");
    assert_eq!(files.len(), 7);
    for (name, text, file) in files {
        let answer = answer(&text);
        assert_eq!(answer["stable_matchings"], file["expected"]["stable_matchings"], "{name}");
        assert_eq!(answer["count"], file["expected"]["count"], "{name}");
    }
}

#[test]
fn every_preference_informed_allocation() {
    let files = gold("pia_");
    assert_eq!(files.len(), 4);
    for (name, text, file) in files {
        assert_eq!(answer(&text), file["expected"], "{name}");
    }
}

#[test]
fn every_certificate_of_every_file_holds() {
    for (name, text, file) in gold("") {
        let solved = solve(text.as_bytes(), None, Some(&[7; 32])).unwrap();
        let Some(certificate) = solved.certificate else {
            assert_eq!(file["expected"]["count"], 0, "{name}");
            continue;
        };
        let (holds, said) = check(certificate.as_bytes()).unwrap();
        assert!(holds, "{name}: {said}");
        let names = file["residents"].as_object().or_else(|| file["applicants"].as_object());
        // No applicant's name stands in it.
        for applicant in names.into_iter().flatten().map(|(applicant, _)| applicant) {
            assert!(!certificate.contains(&format!("\"{applicant}\"")), "{name} names {applicant}");
        }
    }
}

#[test]
fn rules_are_compared_on_the_same_data() {
    for (name, text, file) in gold("hr_").into_iter().chain(gold("pia_")) {
        let compared: Value = serde_json::from_str(&compare(text.as_bytes()).unwrap()).unwrap();
        let rules = compared["rules"].as_array().unwrap();
        let of = |code: &str| rules.iter().find(|rule| rule["rule"] == code);
        let (deferred, least) = (of("da").unwrap(), of("least-cost").unwrap());
        assert_eq!(deferred["blocking_pairs"], 0, "{name}");
        // Least cost places at least as many, and where as many at no greater mean.
        assert!(least["placed"].as_u64() >= deferred["placed"].as_u64(), "{name}");
        if least["placed"] == deferred["placed"] {
            assert!(least["mean_choice"].as_f64() <= deferred["mean_choice"].as_f64(), "{name}");
        }
        if let Some(informed) = of("pia") {
            assert_eq!(informed["first_choice"], file["expected"]["first_preference"], "{name}");
            // The first pass gives first choices to as many as there are places for: nothing gives more.
            if informed["links_broken"] == 0 {
                assert!(informed["first_choice"].as_u64() >= deferred["first_choice"].as_u64(), "{name}");
            }
        }
    }
}
