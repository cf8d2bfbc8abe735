//! Reads the lists of a question: pairs, couples and names; it must never accept a row it does not understand.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::decimal::{Decimal, NotExact};
use crate::draft::Pair;
use crate::entries::wrong_kind;
use crate::names::{Id, shown};
use crate::problems::Findings;

/// A pair as it stands in the text.
#[derive(Deserialize)]
struct RawPair<'a> {
    #[serde(borrow)]
    bid: Option<&'a RawValue>,
    #[serde(borrow)]
    assessor: Option<&'a RawValue>,
    #[serde(borrow)]
    weight: Option<&'a RawValue>,
}

pub(crate) fn read_pairs<'a>(value: &'a str, field: &str, findings: &mut Findings) -> Option<Vec<Pair<'a>>> {
    let Ok(raw) = serde_json::from_str::<Vec<RawPair<'a>>>(value) else {
        find_wrong_pairs(value, field, findings);
        return None;
    };
    let pairs = raw.iter().zip(1..).map(|(pair, position)| read_pair(pair, position, findings));
    let pairs: Vec<Option<Pair<'a>>> = pairs.collect();
    pairs.into_iter().collect()
}

/// Which pairs have the wrong shape, once it is known that some have.
fn find_wrong_pairs(value: &str, field: &str, findings: &mut Findings) {
    let Ok(list) = serde_json::from_str::<Vec<&RawValue>>(value) else {
        wrong_kind::<()>(field, findings);
        return;
    };
    for (pair, position) in list.iter().zip(1..) {
        if let Err(error) = serde_json::from_str::<RawPair<'_>>(pair.get()) {
            let is_double = pair.get().starts_with('{') && error.to_string().starts_with("duplicate field");
            let fault = if is_double {
                "has a field twice"
            } else {
                "is not an object with \"bid\", \"assessor\" and \"weight\""
            };
            findings.add(format!("pair {position} {fault}: {}", shown(pair.get())));
        }
    }
}

fn read_pair<'a>(pair: &RawPair<'a>, position: u32, findings: &mut Findings) -> Option<Pair<'a>> {
    let mut present = |value: Option<&'a RawValue>, name: &str| {
        if value.is_none() {
            findings.add(format!("pair {position} has no \"{name}\"."));
        }
        value.map(RawValue::get)
    };
    let (bid, assessor, weight) =
        (present(pair.bid, "bid"), present(pair.assessor, "assessor"), present(pair.weight, "weight"));
    let bid = read_id(bid?, || format!("pair {position}: \"bid\""), findings);
    let assessor = read_id(assessor?, || format!("pair {position}: \"assessor\""), findings);
    let weight = read_weight(weight?, position, findings);
    Some(Pair { bid: bid?, assessor: assessor?, weight: weight? })
}

fn read_weight(value: &str, position: u32, findings: &mut Findings) -> Option<Decimal> {
    let fault = match Decimal::parse(value) {
        Ok(weight) => return Some(weight),
        Err(NotExact::NotANumber) => "is not a number. Write it without quotation marks, as 5 or 0.75",
        Err(NotExact::TooManyDigits) => {
            "cannot be held exactly: it needs more than 30 digits before or after the point. Round it"
        }
    };
    findings.add(format!("pair {position}: the weight {} {fault}.", shown(value)));
    None
}

/// A name: a JSON text, or a whole number.
fn read_id<'a>(value: &'a str, place: impl Fn() -> String, findings: &mut Findings) -> Option<Id<'a>> {
    let quoted = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let id = match quoted {
        Some(plain) if !plain.contains('\\') => Some(Id::text(plain)),
        Some(_) => serde_json::from_str::<String>(value).ok().map(Id::from),
        None => Id::number(value),
    };
    if id.is_none() {
        findings.add(format!("{} is {}: a name is a text or a whole number.", place(), shown(value)));
    }
    id
}

pub(crate) fn read_names<'a>(value: &'a str, field: &str, findings: &mut Findings) -> Option<Vec<Id<'a>>> {
    let Ok(list) = serde_json::from_str::<Vec<&'a RawValue>>(value) else {
        return wrong_kind(field, findings);
    };
    let names: Vec<Option<Id<'a>>> = list
        .into_iter()
        .zip(1..)
        .map(|(name, position): (_, u32)| read_id(name.get(), || format!("\"{field}\", entry {position}"), findings))
        .collect();
    names.into_iter().collect()
}

/// A bid and an assessor, as `["bid", "assessor"]` or as an object.
#[derive(Deserialize)]
struct RawCouple<'a> {
    #[serde(borrow)]
    bid: &'a RawValue,
    #[serde(borrow)]
    assessor: &'a RawValue,
}

pub(crate) fn read_couples<'a>(value: &'a str, field: &str, findings: &mut Findings) -> Option<Vec<(Id<'a>, Id<'a>)>> {
    let Ok(list) = serde_json::from_str::<Vec<&'a RawValue>>(value) else {
        return wrong_kind(field, findings);
    };
    let couples: Vec<Option<(Id<'a>, Id<'a>)>> = list
        .into_iter()
        .zip(1..)
        .map(|(couple, position): (_, u32)| {
            let Ok(RawCouple { bid, assessor }) = serde_json::from_str(couple.get()) else {
                findings.add(format!(
                    "\"{field}\", entry {position} is {}: write it [\"bid\", \"assessor\"].",
                    shown(couple.get())
                ));
                return None;
            };
            let bid = read_id(bid.get(), || format!("\"{field}\", entry {position}: the bid"), findings);
            let assessor = read_id(assessor.get(), || format!("\"{field}\", entry {position}: the assessor"), findings);
            Some((bid?, assessor?))
        })
        .collect();
    couples.into_iter().collect()
}
