//! Reads the fixed JSON format into a [`Draft`]; it must never guess at what is missing or accept a number it would change.

use serde_json::value::RawValue;

use crate::decimal::Decimal;
use crate::draft::{Draft, MOST_PER_BID, MaxLoad, PerBid};
use crate::entries::{Entries, usage, wrong_kind};
use crate::names::{Id, shown};
use crate::problems::{Findings, Problem};
use crate::rows::{read_couples, read_names, read_pairs};

/// Reads a question. The second part of the answer are notes: fields that are not part of the format and were left aside.
///
/// # Errors
/// What is wrong, in words: not JSON, a field missing or of the wrong kind, a weight that is no number.
pub fn read_draft(text: &str) -> Result<(Draft<'_>, Vec<String>), Vec<Problem>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(vec![Problem(
            "There is nothing in the input. It should be a JSON object with \"per_bid\", \"max_load\" and \"pairs\"."
                .to_owned(),
        )]);
    }
    let entries: Entries<'_> = serde_json::from_str(text).map_err(|error| vec![Problem(not_json(text, &error))])?;
    let mut findings = Findings::default();
    let notes = entries.strangers(&mut findings);
    let draft = Draft {
        per_bid: entries.required("per_bid", &mut findings, read_per_bid).unwrap_or(PerBid::Same(0)),
        max_load: entries.required("max_load", &mut findings, read_max_load).unwrap_or(MaxLoad::Same(0)),
        pairs: entries.required("pairs", &mut findings, read_pairs).unwrap_or_default(),
        conflicts: entries.optional("conflicts", &mut findings, read_couples).unwrap_or_default(),
        fixed: entries.optional("fixed", &mut findings, read_couples).unwrap_or_default(),
        bids: entries.optional("bids", &mut findings, read_names),
        assessors: entries.optional("assessors", &mut findings, read_names),
        seed: entries.optional("seed", &mut findings, read_seed).unwrap_or_default(),
        balance: entries.optional("balance", &mut findings, read_balance).unwrap_or(true),
    };
    findings.into_result().map(|()| (draft, notes))
}

/// What went wrong and where, with a word on the commonest causes.
fn not_json(text: &str, error: &serde_json::Error) -> String {
    if error.classify() == serde_json::error::Category::Data {
        return "The input should be one JSON object with \"per_bid\", \"max_load\" and \"pairs\".".to_owned();
    }
    let place = format!("line {}, column {}", error.line(), error.column());
    let line = text.lines().nth(error.line().saturating_sub(1)).unwrap_or_default().as_bytes();
    let from = error.column().saturating_sub(3).min(line.len());
    let near = line.get(from..line.len().min(from + 12)).unwrap_or_default();
    let has_near = |word: &[u8]| near.windows(word.len()).any(|window| window == word);
    if has_near(b"NaN") || has_near(b"Inf") {
        return format!(
            "The input is not JSON at {place}: NaN and Infinity are not numbers. Give every weight a number, or leave the pair out."
        );
    }
    if error.is_eof() {
        return format!("The input ends too early, at {place}: a bracket or a quotation mark is not closed.");
    }
    let what = error.to_string();
    let what = what.split(" at line ").next().unwrap_or("it cannot be read").to_owned();
    format!("The input is not JSON at {place}: {what}.")
}

fn read_per_bid<'a>(value: &'a str, field: &str, findings: &mut Findings) -> Option<PerBid<'a>> {
    if value.starts_with('{') {
        return read_numbers(value, field, findings).map(PerBid::Each);
    }
    read_count(value, field, findings).map(PerBid::Same)
}

fn read_max_load<'a>(value: &'a str, field: &str, findings: &mut Findings) -> Option<MaxLoad<'a>> {
    if value.starts_with('{') {
        return read_numbers(value, field, findings).map(MaxLoad::Each);
    }
    if value.starts_with('[') {
        let Ok(list) = serde_json::from_str::<Vec<&RawValue>>(value) else {
            return wrong_kind(field, findings);
        };
        return list
            .iter()
            .map(|number| read_count(number.get(), field, findings))
            .collect::<Option<_>>()
            .map(MaxLoad::InOrder);
    }
    read_count(value, field, findings).map(MaxLoad::Same)
}

fn read_numbers<'a>(value: &'a str, field: &str, findings: &mut Findings) -> Option<Vec<(Id<'a>, u32)>> {
    let Ok(Entries(entries)) = serde_json::from_str(value) else {
        return wrong_kind(field, findings);
    };
    let named = entries.into_iter().map(|(name, number)| {
        let place = format!("{field}\" for \"{}", shown(&name));
        Some((Id::text(name), read_count(number.get(), &place, findings)?))
    });
    // Every number is read, so that every problem is told.
    named.collect::<Vec<_>>().into_iter().collect()
}

/// A whole number of reviews. Loads above any number of bids are all the same to the solver.
fn read_count(value: &str, field: &str, findings: &mut Findings) -> Option<u32> {
    let name = field.split('"').next().unwrap_or(field);
    let Ok(number) = Decimal::parse(value) else {
        return wrong_kind(field, findings);
    };
    if let Some(count) = number.whole_up_to(MOST_PER_BID) {
        return Some(count);
    }
    if number.is_count() && name == "max_load" {
        return Some(MOST_PER_BID);
    }
    let fault = if number.is_negative() {
        "cannot be negative"
    } else if number.is_count() {
        "cannot be more than 1000000000"
    } else {
        "has to be a whole number"
    };
    findings.add(format!("\"{field}\" is {}: it {fault}. {}", shown(value), usage(name)));
    None
}

fn read_seed(value: &str, field: &str, findings: &mut Findings) -> Option<u64> {
    value.parse().ok().or_else(|| wrong_kind(field, findings))
}

fn read_balance(value: &str, field: &str, findings: &mut Findings) -> Option<bool> {
    value.parse().ok().or_else(|| wrong_kind(field, findings))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        match read_draft(text) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.iter().map(ToString::to_string).collect(),
        }
    }

    /// A question with one field replaced or added.
    fn with(field: &str, value: &str) -> String {
        let mut fields =
            vec![("per_bid", "1"), ("max_load", "2"), ("pairs", r#"[{"bid":"a","assessor":"r","weight":1}]"#)];
        fields.retain(|(name, _)| *name != field);
        fields.push((field, value));
        format!(
            "{{{}}}",
            fields.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect::<Vec<_>>().join(",")
        )
    }

    #[test]
    fn the_whole_format_is_read() {
        let text = r#" {"per_bid":{"65":3.0},"max_load":{"r1":6,"r\u0032":1e40},"bids":[65],"assessors":["r1","r2"],"seed":7,"balance":false,
            "pairs":[{"bid":65,"assessor":"r1","weight":-0.50,"note":{}},[65,"r\u0032",1e2]],"conflicts":[[65,"r1"],{"bid":65,"assessor":"r9"}],"fixed":[["65","r2"]],"name":"x"}"#;
        let text = text.replace("1e40", "1e20");
        let (draft, notes) = read_draft(&text).unwrap();
        assert_eq!(notes, ["note: \"name\" is not a field of the format and was left aside."]);
        assert!(matches!(&draft.per_bid, PerBid::Each(list) if list[0].1 == 3 && list[0].0.as_str() == "65"));
        assert!(
            matches!(&draft.max_load, MaxLoad::Each(list) if list[1].1 == MOST_PER_BID && list[1].0.as_str() == "r2")
        );
        assert_eq!(
            draft.pairs.iter().map(|pair| (pair.assessor.as_str(), pair.weight.to_string())).collect::<Vec<_>>(),
            [("r1", "-0.5".to_owned()), ("r2", "100".to_owned())]
        );
        assert_eq!((draft.conflicts.len(), draft.fixed.len(), draft.seed, draft.balance), (2, 1, 7, false));
    }

    #[test]
    fn each_fault_is_told_in_words() {
        for (text, expected) in [
            (String::new(), "There is nothing in the input"),
            ("[]".to_owned(), "should be one JSON object"),
            ("3".to_owned(), "should be one JSON object"),
            ("{} {}".to_owned(), "not JSON at line 1, column 4"),
            (r#"{"per_bid":3"#.to_owned(), "ends too early"),
            (with("pairs", r#"[{"bid":"a","assessor":"r","weight":NaN}]"#), "NaN and Infinity are not numbers"),
            (with("max_load", "-Infinity"), "NaN and Infinity are not numbers"),
            ("{}".to_owned(), "\"per_bid\" is missing."),
            (with("per_bid", "null"), "\"per_bid\" is missing."),
            (with("per_bid", "-1"), "\"per_bid\" is -1: it cannot be negative."),
            (with("per_bid", "1.5"), "it has to be a whole number"),
            (with("per_bid", "1e12"), "cannot be more than 1000000000"),
            (with("per_bid", "\"3\""), "\"per_bid\" is not as it should be. It says how many assessors"),
            (
                with("max_load", "{\"r\":-2}"),
                "\"max_load\" for \"r\" is -2: it cannot be negative. It says how many bids",
            ),
            (with("max_load", "[1,true]"), "\"max_load\" is not as it should be"),
            (with("max_load", "true"), "\"max_load\" is not as it should be"),
            (with("pairs", "{}"), "\"pairs\" is not as it should be. It lists"),
            (with("pairs", "[5]"), "pair 1 is not an object with"),
            (with("pairs", r#"[{"bid":"a","bid":"b","assessor":"r","weight":1}]"#), "pair 1 has a field twice"),
            (with("pairs", r#"[{"bid":"a","weight":1}]"#), "pair 1 has no \"assessor\"."),
            (with("pairs", r#"[{"bid":"a","assessor":"r","weight":null}]"#), "pair 1 has no \"weight\"."),
            (
                with("pairs", r#"[{"bid":"a","assessor":"r","weight":"5"}]"#),
                "pair 1: the weight \"5\" is not a number.",
            ),
            (with("pairs", r#"[{"bid":"a","assessor":"r","weight":1e300}]"#), "more than 30 digits"),
            (with("pairs", r#"[{"bid":true,"assessor":"r","weight":1}]"#), "pair 1: \"bid\" is true: a name is"),
            (with("pairs", r#"[{"bid":1.5,"assessor":"r","weight":1}]"#), "pair 1: \"bid\" is 1.5: a name is"),
            (with("pairs", r#"[{"bid":"\ud800","assessor":"r","weight":1}]"#), "a name is a text"),
            (with("conflicts", r#"[["a"]]"#), "\"conflicts\", entry 1 is [\"a\"]: write it"),
            (with("conflicts", r#"{"a":"r"}"#), "\"conflicts\" is not as it should be"),
            (with("conflict", r#"[["a","r"]]"#), "\"conflict\" is not a field of the format. Write it \"conflicts\"."),
            (with("maxLoad", "3"), "Write it \"max_load\""),
            (with("bids", "[[]]"), "\"bids\", entry 1 is []: a name is"),
            (with("seed", "-1"), "\"seed\" is not as it should be"),
            (with("balance", "1"), "\"balance\" is not as it should be"),
            (with("seed", "1,\"seed\":2"), "\"seed\" is there twice"),
        ] {
            assert!(told(&text).concat().contains(expected), "{text}: {:?}", told(&text));
        }
    }

    #[test]
    fn every_wrong_pair_is_told() {
        let text = with(
            "pairs",
            r#"[{"bid":"a","assessor":"r","weight":"x"},{"assessor":"r","weight":1},{"bid":"c","assessor":"r","weight":1}]"#,
        );
        assert_eq!(told(&text).len(), 2);
    }
}
