//! The command's format: what it reads, what it says, what it refuses; the arithmetic stands in `worked.rs`.
#![expect(clippy::unwrap_used, reason = "every step here is a step of a test")]

use hiec_value::command::run;
use serde_json::{Value, json};

fn model() -> Value {
    serde_json::from_str(include_str!("../example.json")).unwrap()
}

fn refused(model: &Value) -> Vec<String> {
    run(model.to_string().as_bytes()).unwrap_err()
}

#[test]
fn the_example_is_answered() {
    let answer: Value = serde_json::from_str(&run(include_bytes!("../example.json")).unwrap()).unwrap();
    assert_eq!(answer["social_return_ratio"], json!(0.9277));
    assert_eq!(answer["net_social_return_ratio"], json!(-0.0723));
    assert_eq!(answer["benefits_pence"], json!(2_783_151));
    assert_eq!(answer["rates"]["effective_from"], json!("2003-04-01"));
    assert_eq!(answer["tornado"][0]["input"], json!("Fewer admissions: deadweight"));
    assert_eq!(answer["reach"]["each_extra_pence"], json!(0));
    assert!(answer["sentence"].as_str().unwrap().starts_with("For every £1 put in, £0.93 of social value comes back"));
}

#[test]
fn a_field_that_is_not_known_is_refused_with_its_place() {
    let mut odd = model();
    odd["outcomes"][0]["deadwieght"] = json!(0.2);
    assert!(
        refused(&odd)[0].starts_with("this is no such model: unknown field `deadwieght`, expected one of"),
        "{:?}",
        refused(&odd)
    );
    let mut odd = model();
    odd["outcomes"][0]["deadweight"] = json!({"low": 0.1, "central": 0.2});
    assert!(refused(&odd)[0].contains("missing field `high`"));
    let mut odd = model();
    odd["outcomes"][0]["deadweight"] = json!("a fifth");
    assert!(refused(&odd)[0].contains("expected a number, or {\"low\""), "{:?}", refused(&odd));
}

#[test]
fn what_cannot_be_is_refused_all_at_once() {
    let mut odd = model();
    odd["outcomes"][0]["deadweight"] = json!({"low": 0.3, "central": 0.2, "high": 0.4});
    odd["outcomes"][0]["proxy_pence"] = json!(250.5);
    odd["rates"] = json!("moon");
    assert_eq!(
        refused(&odd),
        [
            "rates: no table moon holds on 2010-04-01; there are standard from 2003-04-01, standard from 2026-02-01, health from 2026-02-01, sensitivity from 2026-02-01",
            "outcome Fewer admissions, proxy_pence: amounts are whole pence, 250.5 is not",
            "outcome Fewer admissions, deadweight: low, central and high must be in order; 0.3, 0.2 and 0.4 are not",
        ]
    );
    let mut odd = model();
    odd.as_object_mut().unwrap().remove("on");
    assert_eq!(refused(&odd), ["on: say on which day the rates standard are taken, such as \"on\": \"2026-04-01\""]);
    let mut odd = model();
    odd["outcomes"][0]["attribution"] = json!(25);
    assert_eq!(
        refused(&odd),
        ["outcome Fewer admissions, attribution: it must be a share from 0 to 1: write 0.2 for 20%"]
    );
}

#[test]
fn rates_of_ones_own_are_taken() {
    let mut own = model();
    own["rates"] = json!({"name": "none", "source": "to compare", "bands": [{"from_year": 0, "rate": 0.0}]});
    let answer: Value = serde_json::from_str(&run(own.to_string().as_bytes()).unwrap()).unwrap();
    assert_eq!(answer["benefits_pence"], json!(2_956_500));
}

#[test]
fn what_is_no_model_is_refused_in_words() {
    for bytes in [&b""[..], b"{", b"null", b"\xff\xfe", b"[]"] {
        assert_eq!(run(bytes).unwrap_err().len(), 1);
    }
}

proptest::proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
        let _ = run(&bytes);
    }
}
