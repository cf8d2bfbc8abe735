//! The command's format: what it answers, what it refuses and in which words.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use hiec_workforce::command::{CSV_COLUMNS, Form, model, run, sha256};
use serde_json::{Value, json};

const EXAMPLE: &str = include_str!("../example.json");

fn example() -> Value {
    serde_json::from_str(EXAMPLE).unwrap()
}

fn answer(model: &Value) -> Value {
    serde_json::from_str(&run(model.to_string().as_bytes(), Form::Json).unwrap()).unwrap()
}

fn refused(model: &Value) -> Vec<String> {
    run(model.to_string().as_bytes(), Form::Json).unwrap_err()
}

#[test]
fn the_example_is_answered_with_a_sentence_bands_and_the_lag() {
    let answer = answer(&example());
    let sentence = answer["sentence"].as_str().unwrap();
    assert!(sentence.starts_with("General practice: 490.7 whole-time equivalents in 2026, "), "{sentence}");
    assert_eq!(answer["conservation"], json!({"holds": true, "years_checked": 401 * 2 * 15, "largest_difference": 0}));
    let practice = &answer["specialties"][0];
    assert_eq!(practice["way_in_years_full_time"], 10);
    assert_eq!(practice["way_in"][2], json!({"stage": "GP training", "years_full_time": 3, "takes_years": 3.333333}));
    assert_eq!(practice["years"].as_array().unwrap().len(), 16);
    let last = &practice["years"][15];
    assert!(last["fte_low"].as_f64() < last["fte"].as_f64() && last["fte"].as_f64() < last["fte_high"].as_f64());
    assert_eq!(last["demand"][1]["name"], "As today");
    assert_eq!(last["demand"][1]["fte"], 520);
    // Three years at nine tenths of full time: the first come after three.
    assert_eq!(answer["what_if"]["specialties"][0]["shows_in"], 2029);
    assert_eq!(practice["change_of_posts_shows_in"], 2029);
    // Higher training of five years: five years until there are fewer.
    assert_eq!(answer["what_if"]["specialties"][1]["shows_in"], 2031);
    assert_eq!(answer["what_if"]["specialties"][1]["lag_years"], 5);
    assert_eq!(answer["notes"], json!([]));
}

#[test]
fn the_table_has_a_line_for_each_specialty_year_and_scenario() {
    let text = run(EXAMPLE.as_bytes(), Form::Csv).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], CSV_COLUMNS.join(","));
    assert_eq!(lines.len(), 1 + 16 * 2 + 16);
    assert!(lines.iter().all(|line| line.split(',').count() == CSV_COLUMNS.len()));
    assert!(lines[1].starts_with("General practice,Medicine,2026,114,0,600,490.666667,"), "{}", lines[1]);
}

#[test]
fn the_hash_is_of_the_model_not_of_its_spelling() {
    let hash = |value: &Value| sha256(&model(&value.to_string()).unwrap());
    let spaced = sha256(&model(EXAMPLE).unwrap());
    assert_eq!(hash(&example()), spaced);
    assert_eq!(spaced.len(), 64);
    let mut other = example();
    other["stages"][0]["attrition"] = json!(0.010001);
    assert_ne!(hash(&other), spaced);
    let mut same = example();
    same["stages"][0]["attrition"] = json!({"central": 0.01});
    assert_eq!(hash(&same), spaced);
}

#[test]
fn everything_wrong_is_said_at_once() {
    let mut odd = example();
    odd["stages"][0]["attrittion"] = json!(0.1);
    odd["stages"][1]["posts"] = json!("many");
    odd["specialties"][0].as_object_mut().unwrap().remove("name");
    odd["first_year"] = json!(2026.5);
    assert_eq!(
        refused(&odd),
        [
            "first_year: expected a whole number, not 2026.5",
            "stage Medical school: there is no field “attrittion” here; the fields are attrition, fill, from, in_training, just_finished, name, posts, wte, years",
            "stage Foundation, posts: expected a number, not “many”",
            "specialty 1, name: this is missing",
        ]
    );
    let mut odd = example();
    odd["band"] = json!(80);
    odd["stages"][0]["attrition"] = json!(5);
    odd["stages"][1]["from"] = json!("Nursery");
    odd["stages"][2]["attrition"] = json!({"low": 0.5, "central": 0.2, "high": 0.6});
    odd["stages"][4]["in_training"] = json!([0, 1, 2, 3, 4, 5]);
    odd["specialties"][0]["retirement"] = json!([{"age": 60, "rate": 0.5}]);
    odd["specialties"][1]["trained_by"] = json!(["GP training", "Magic"]);
    assert_eq!(
        refused(&odd),
        [
            "band: the share of draws a band covers, from 0.5 to below 1",
            "stage Medical school, attrition: it must be a share from 0 to 1: write 0.2 for 20%",
            "stage Foundation, from: there is no stage Nursery",
            "stage GP training, attrition: low, central and high must be in order",
            "stage Higher medicine, in_training: 6 years of training, but the stage has 5",
            "specialty General practice, retirement: say by what age everybody has retired, such as {\"age\": 75, \"rate\": 1} at the end",
            "specialty Hospital medicine, trained_by: GP training trains for General practice already; a stage trains for one; split it in two",
            "specialty Hospital medicine, trained_by: there is no stage Magic",
        ]
    );
}

#[test]
fn circles_and_posts_that_are_not_there_are_refused() {
    let mut odd = example();
    odd["stages"][0]["from"] = json!("Higher medicine");
    assert!(
        refused(&odd).iter().any(|problem| problem.contains("stages may not go in a circle")),
        "{:?}",
        refused(&odd)
    );
    let mut odd = example();
    odd["what_if"] = json!([
        {"move": 50, "from": "Hospital medicine", "to": "General practice", "year": 2026},
        {"add": 5, "to": "Dentistry", "year": 2026},
        {"move": 5, "from": "GP training", "to": "General practice", "year": 2027},
        {"add": 5, "to": "GP training", "year": 2050}
    ]);
    assert_eq!(
        refused(&odd),
        [
            "what_if 1: Higher medicine has 42 posts in 2026, so 50 cannot be taken from it",
            "what_if 2: there is no stage or specialty Dentistry; the stages are Medical school, Foundation, GP training, Core medicine, Higher medicine",
            "what_if 3: the posts would stay where they are: from and to are the same stage",
            "what_if 4: the year must be one of the model's, 2026 to 2041; 2050 is not",
        ]
    );
}

#[test]
fn the_same_people_twice_are_noted() {
    let mut twice = example();
    twice["stages"][0]["in_training"] = json!([120, 119, 118, 117, 116]);
    let notes = answer(&twice)["notes"].clone();
    assert!(
        notes[0]
            .as_str()
            .unwrap()
            .starts_with("Stage Medical school: 120 people are counted in year 1 before 120 starters")
    );
}

#[test]
fn what_is_no_model_is_refused_in_words() {
    for bytes in [&b""[..], b"{", b"\xff\xfe"] {
        assert_eq!(run(bytes, Form::Json).unwrap_err().len(), 1);
    }
    for bytes in [&b"null"[..], b"[]", b"3"] {
        assert!(run(bytes, Form::Json).unwrap_err()[0].starts_with("the model: expected {…}, not "));
    }
    assert!(run(b"{}", Form::Json).unwrap_err().contains(&"years: this is missing".to_owned()));
}

proptest::proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
        let _ = run(&bytes, Form::Json);
    }

    #[test]
    fn no_number_anywhere_panics(at in 0_usize..200, number in proptest::prop_oneof![
        proptest::strategy::Just(json!(-1)), proptest::strategy::Just(json!(1e9)), proptest::strategy::Just(json!(0)),
        proptest::strategy::Just(json!(89)), proptest::strategy::Just(json!(1e300)), proptest::strategy::Just(json!(9_000_000)),
        proptest::strategy::Just(json!(i64::MIN)), proptest::strategy::Just(json!(0.1)), proptest::strategy::Just(json!(u64::MAX)),
        proptest::strategy::Just(json!([])), proptest::strategy::Just(json!({})),
    ]) {
        let mut odd = example();
        odd["draws"] = json!(2);
        let mut left = at;
        replace(&mut odd, &mut left, &number);
        match run(odd.to_string().as_bytes(), Form::Json) {
            Ok(text) => {
                let answer: Value = serde_json::from_str(&text).unwrap();
                proptest::prop_assert_eq!(&answer["conservation"]["holds"], true);
            }
            Err(problems) => proptest::prop_assert!(!problems.is_empty()),
        }
    }
}

/// Puts a value in the place of the number that is the so-manieth.
fn replace(value: &mut Value, left: &mut usize, by: &Value) {
    match value {
        Value::Number(_) if *left == 0 => {
            *value = by.clone();
            *left = usize::MAX;
        }
        Value::Number(_) => *left = left.saturating_sub(usize::from(*left != usize::MAX)),
        Value::Array(values) => values.iter_mut().for_each(|value| replace(value, left, by)),
        Value::Object(map) => map.values_mut().for_each(|value| replace(value, left, by)),
        _ => {}
    }
}
