//! Feeds any bytes to the reading of a workforce model, and runs small ones; it must never accept a panic or a lost person.
#![no_main]

use hiec_workforce::command::{model, sha256};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Ok(text) = std::str::from_utf8(input) else { return };
    match model(text) {
        Ok(mut model) => {
            assert_eq!(sha256(&model).len(), 64);
            model.draws = model.draws.min(2);
            let answer = model.run().expect("a model that was read can be run");
            assert!(answer.conservation.holds());
        }
        Err(problems) => assert!(!problems.is_empty() && problems.iter().all(|problem| !problem.is_empty())),
    }
});
