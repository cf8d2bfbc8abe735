//! Tests: no change goes unseen; they use nothing but made-up organisations and people.

use chrono::Duration;
use hiec_kernel::Money;
use hiec_kernel::organisations::Setting;

use super::*;
use crate::calls::facts::call_2009;

fn lines(change: impl FnOnce(&mut CallDesign)) -> Vec<String> {
    let old = call_2009().unwrap();
    let mut new = old.clone();
    change(&mut new);
    differences(old, &new).iter().map(Difference::in_words).collect()
}

#[test]
fn the_same_design_has_no_difference() {
    assert_eq!(lines(|_| ()), Vec::<String>::new());
}

#[test]
fn a_change_reads_as_a_sentence() {
    assert_eq!(
        lines(|d| d.award.budget = Money::pounds(11_000_000)),
        ["Award rules: budget: £10,000,000 becomes £11,000,000"]
    );
    assert_eq!(lines(|d| d.criteria[0].floor = None), ["Criterion ‘vision’: floor: taken out: 2"]);
    assert_eq!(
        lines(|d| d.eligibility.required_settings.push(Setting::Community)),
        [
            "Eligibility: settings of care: Primary care, Secondary care, Tertiary care becomes Primary care, Secondary care, Tertiary care, Community care"
        ]
    );
}

#[test]
fn a_changed_order_and_a_changed_second_show() {
    let swapped = lines(|d| d.criteria.swap(0, 1));
    assert_eq!(swapped.len(), 1, "{swapped:?}");
    assert!(swapped[0].starts_with("Order of the criteria"));
    let second = lines(|d| {
        for milestone in &mut d.milestones {
            milestone.closes = milestone.closes.map(|at| at + Duration::seconds(1));
        }
    });
    assert!(second.iter().any(|line| line.contains("16:00:01")), "{second:?}");
}

#[test]
fn questions_are_compared_by_the_forms() {
    let changed = lines(|d| d.bid_questions.sections[0].questions[0].label = "Another".into());
    assert_eq!(changed.len(), 1, "{changed:?}");
    assert!(changed[0].starts_with("Bid questions: "), "{changed:?}");
}

/// No field of a design can change unseen: every leaf of its JSON is changed in turn.
#[test]
fn no_field_changes_unseen() {
    let old = call_2009().unwrap();
    let json = serde_json::to_value(old).unwrap();
    let mut tried = 0;
    for pointer in leaves(&json, String::new()) {
        let mut changed = json.clone();
        let leaf = changed.pointer_mut(&pointer).unwrap();
        *leaf = match leaf {
            serde_json::Value::String(text) => format!("{text}x").into(),
            serde_json::Value::Number(number) => (number.as_i64().unwrap() + 1).into(),
            serde_json::Value::Bool(flag) => (!*flag).into(),
            _ => continue,
        };
        let Ok(new) = serde_json::from_value::<CallDesign>(changed) else {
            continue;
        };
        tried += 1;
        assert!(old == &new || !differences(old, &new).is_empty(), "{pointer} changes unseen");
        let blind = differences(old, &new).iter().any(|line| line.place == "The design");
        assert!(!blind, "{pointer} is not described");
    }
    assert!(tried > 300, "only {tried} leaves were tried");
}

fn leaves(value: &serde_json::Value, at: String) -> Vec<String> {
    match value {
        serde_json::Value::Object(fields) => {
            fields.iter().flat_map(|(key, value)| leaves(value, format!("{at}/{key}"))).collect()
        }
        serde_json::Value::Array(items) => {
            items.iter().enumerate().flat_map(|(place, value)| leaves(value, format!("{at}/{place}"))).collect()
        }
        _ => vec![at],
    }
}
