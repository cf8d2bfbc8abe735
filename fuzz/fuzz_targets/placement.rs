//! Feeds any bytes to the placement commands; it must never accept a panic, or a certificate of its own that does not hold.
#![no_main]

use hiec_placement::command::{check, compare, solve};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    match solve(input, None, Some(&[1; 32])) {
        Ok(solved) => {
            assert!(serde_json::from_str::<serde_json::Value>(&solved.answer).is_ok());
            if let Some(certificate) = solved.certificate {
                let (holds, said) = check(certificate.as_bytes()).expect("our own certificate is one");
                assert!(holds, "{said}");
            }
        }
        Err(problems) => assert!(!problems.is_empty()),
    }
    if let Ok(compared) = compare(input) {
        assert!(serde_json::from_str::<serde_json::Value>(&compared).is_ok());
    }
    if let Err(problems) = check(input) {
        assert!(!problems.is_empty());
    }
});
