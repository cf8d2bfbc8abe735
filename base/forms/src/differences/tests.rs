//! Tests of the differences between sets, above all that no change goes untold; they judge no change.

use hiec_kernel::Money;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::question_set::{ChoiceOption, Column};
use crate::sample;

fn after(change: impl FnOnce(&mut QuestionSet)) -> Vec<String> {
    let old = sample::bid();
    let mut new = old.clone();
    change(&mut new);
    differences(&old, &new)
        .into_iter()
        .map(|c| {
            format!("{}: {:?} -> {:?}", c.summary, c.old.as_deref().unwrap_or("-"), c.new.as_deref().unwrap_or("-"))
        })
        .collect()
}

#[test]
fn the_same_set_has_no_differences() {
    assert_eq!(after(|_| {}), [] as [&str; 0]);
}

#[test]
fn each_change_is_told_with_old_and_new() {
    let question = |set: &mut QuestionSet, change: fn(&mut Question)| {
        change(&mut set.sections[0].questions[0]);
    };
    for (change, told) in [
        (
            (|q| q.kind = Kind::text(600, 8)) as fn(&mut Question),
            r#"Question 'Vision': word limit changed: "5" -> "600""#,
        ),
        (
            |q| q.kind = Kind::Text { word_limit: None, lines: 8 },
            r#"Question 'Vision': word limit removed: "5" -> "-""#,
        ),
        (|q| q.required = false, r#"Question 'Vision': must be answered changed: "yes" -> "no""#),
        (|q| q.label = "Aim".into(), r#"Question 'Aim': wording changed: "Vision" -> "Aim""#),
        (|q| q.guidance = "Be brief.".into(), r#"Question 'Vision': guidance added: "-" -> "Be brief.""#),
        (
            |q| q.serves.push("split".into()),
            r#"Question 'Vision': criteria served changed: "vision" -> "vision, split""#,
        ),
        (|q| q.partner_editable = false, r#"Question 'Vision': partners may write changed: "yes" -> "no""#),
        (|q| *q = q.clone().shown_when("answered(x)"), r#"Question 'Vision': asked when added: "-" -> "answered(x)""#),
        (|q| q.principle = Some("impact".into()), r#"Question 'Vision': principle added: "-" -> "impact""#),
    ] {
        assert_eq!(after(|set| question(set, change)), [told]);
    }
    assert_eq!(
        after(|set| set.sections[1].questions[0].kind =
            Kind::Money { min: Some(Money::pounds(1)), max: Some(Money::pounds(2_000_000)) }),
        [r#"Question 'Amount asked for': most changed: "£1,100,000" -> "£2,000,000""#]
    );
    assert_eq!(
        after(|set| set.sections[1].title = "Funds".into()),
        [r#"Section 'Funds': title changed: "Money" -> "Funds""#]
    );
}

#[test]
fn questions_come_go_and_move() {
    assert_eq!(
        after(|set| {
            let moved = set.sections[0].questions.remove(2);
            set.sections[1].questions.push(moved);
            set.sections[1].questions.swap(2, 4);
            set.sections[1].questions.remove(5);
            set.sections[0].questions.push(Question::new("risks", "Risks", Kind::text(50, 4)));
        }),
        [
            r#"Question 'Risks' added: "-" -> "wording: Risks\nanswer: text\nlines shown: 4\nword limit: 50\nmust be answered: no\npartners may write: no""#,
            r#"Question 'Legal form' moved to another section: "About the cluster" -> "Money""#,
            r#"Question 'Share of time' removed: "wording: Share of time\nanswer: a number\nfigures after the point: 1\nleast: 0\nmost: 100\nunit: %\nmust be answered: no\npartners may write: no" -> "-""#,
            r#"Questions of section 'Money' are in another order: "Amount asked for; Why so much; Start; Partners; Accounts" -> "Amount asked for; Why so much; Accounts; Partners; Start""#,
        ]
    );
}

/// Every value in the sample's JSON changed on its own, and every optional field left out on its own: each must be told.
#[test]
fn every_single_value_that_can_change_is_told() {
    let old = sample::bid();
    let json = serde_json::to_value(&old).unwrap();
    let (mut told, mut without_other_spelling) = (0, Vec::new());
    for path in paths(&json, String::new()) {
        let variants: Vec<QuestionSet> = others(&json, &path)
            .into_iter()
            .filter_map(|changed| serde_json::from_value(changed).ok())
            .filter(|new| *new != old)
            .collect();
        for new in &variants {
            assert!(!differences(&old, new).is_empty(), "{path} changed and nobody told");
            told += 1;
        }
        let is_single = !json.pointer(&path).unwrap().is_object() && !json.pointer(&path).unwrap().is_array();
        if variants.is_empty() && is_single {
            without_other_spelling.push(path);
        }
    }
    // What a question takes cannot become an unknown sort.
    assert!(without_other_spelling.iter().all(|path| path.ends_with("/type")), "{without_other_spelling:?}");
    assert!(told > 150, "{told}");
}

/// JSON pointers to everything inside a value.
fn paths(value: &Value, at: String) -> Vec<String> {
    let inside: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(k, v)| (format!("{at}/{k}"), v)).collect(),
        Value::Array(items) => (0..).zip(items).map(|(n, v): (u32, _)| (format!("{at}/{n}"), v)).collect(),
        _ => Vec::new(),
    };
    inside
        .into_iter()
        .flat_map(|(path, value)| {
            let mut all = paths(value, path.clone());
            all.push(path);
            all
        })
        .collect()
}

/// The whole with the value at `path` left out, or spelt otherwise.
fn others(whole: &Value, path: &str) -> Vec<Value> {
    let (parent, name) = path.rsplit_once('/').unwrap();
    let mut without = whole.clone();
    match without.pointer_mut(parent).unwrap() {
        Value::Object(fields) => {
            fields.remove(name);
        }
        Value::Array(items) => {
            items.remove(name.parse().unwrap());
        }
        _ => {}
    }
    let spellings = match whole.pointer(path).unwrap() {
        Value::String(text) => {
            let shorter: String = text.chars().take(text.chars().count() - 1).collect();
            vec![json!(format!("{text}1")), json!(format!("{shorter}2"))]
        }
        Value::Number(number) => vec![json!(number.as_i64().unwrap() + 1)],
        Value::Bool(flag) => vec![json!(!flag)],
        _ => Vec::new(),
    };
    let respelt = spellings.into_iter().map(|spelling| {
        let mut changed = whole.clone();
        *changed.pointer_mut(path).unwrap() = spelling;
        changed
    });
    std::iter::once(without).chain(respelt).collect()
}

fn any_kind() -> impl Strategy<Value = Kind> {
    let simple = prop_oneof![
        (prop::option::of(1u32..3), 1u16..3).prop_map(|(word_limit, lines)| Kind::Text { word_limit, lines }),
        (prop::option::of(0i64..2), prop::option::of(0i64..2))
            .prop_map(|(min, max)| { Kind::Money { min: min.map(Money), max: max.map(Money) } }),
        (prop::option::of(0i64..2), prop::option::of("[a-b]{0,1}"), 0u8..2).prop_map(|(min, unit, decimals)| {
            Kind::Number { min: min.map(crate::Decimal::whole), max: None, unit, decimals }
        }),
        (prop::collection::vec("[a-b]{1}", 0..3), any::<bool>()).prop_map(|(keys, many)| {
            Kind::Choice {
                options: keys.into_iter().map(|key| ChoiceOption { label: key.to_uppercase(), key }).collect(),
                many,
            }
        }),
    ];
    prop_oneof![
        simple.clone(),
        (prop::collection::vec(("[a-b]{1}", simple, any::<bool>()), 0..3), prop::option::of(0u32..2)).prop_map(
            |(columns, min_rows)| Kind::Table {
                columns: columns
                    .into_iter()
                    .map(|(key, kind, required)| Column { label: key.to_uppercase(), key, kind, required })
                    .collect(),
                min_rows,
                max_rows: None,
            }
        ),
        (prop::collection::vec("[a-b]{1,2}", 0..2), 0u64..2)
            .prop_map(|(accept, max_bytes)| Kind::File { accept, max_bytes }),
    ]
}

prop_compose! {
    fn any_question()(
        key in "[a-e]", label in "[x-y]", guidance in "[g]{0,1}", kind in any_kind(), required in any::<bool>(),
        serves in prop::collection::vec("[c-d]{1}", 0..2), principle in prop::option::of("[p-q]{1}"),
        show_when in prop::option::of("[a-b]{1}"), partner_editable in any::<bool>(),
    ) -> Question {
        Question {
            key, label, guidance, kind, required, serves, principle,
            show_when: show_when.map(crate::Condition::new), partner_editable,
        }
    }
}

/// Sets small enough that two of them are often nearly the same, with unique keys.
fn any_set() -> impl Strategy<Value = QuestionSet> {
    let section = ("[s-t]", "[m-n]", "[g]{0,1}", prop::collection::vec(any_question(), 0..4));
    prop::collection::vec(section, 0..3).prop_map(|sections| {
        let mut set = QuestionSet { key: "set".into(), title: "Set".into(), sections: Vec::new() };
        for (key, title, guidance, questions) in sections {
            if set.section(&key).is_some() {
                continue;
            }
            set.sections.push(Section { key, title, guidance, questions: Vec::new() });
            for question in questions {
                if set.question(&question.key).is_none() {
                    set.sections.last_mut().unwrap().questions.push(question);
                }
            }
        }
        set
    })
}

proptest! {
    /// No amendment goes untold: there are no differences exactly when the sets are the same.
    #[test]
    fn no_change_goes_untold(old in any_set(), other in any_set(), pick in any::<prop::sample::Index>()) {
        prop_assert_eq!(differences(&old, &old), []);
        prop_assert_eq!(differences(&old, &other).is_empty(), old == other);
        // A near twin: one question of the other set put in the place of its namesake.
        let mut twin = old.clone();
        let candidates: Vec<Question> = other.questions().map(|(_, q)| q.clone()).collect();
        if !candidates.is_empty() {
            let new = pick.get(&candidates);
            for question in twin.sections.iter_mut().flat_map(|s| &mut s.questions).filter(|q| q.key == new.key) {
                *question = new.clone();
            }
            prop_assert_eq!(differences(&old, &twin).is_empty(), old == twin);
        }
    }
}
