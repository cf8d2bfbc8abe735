//! Reads certificates back; it must never trust a number in one.

use super::{Ledger, LedgerPart, Record, RecordChoice, Together};
use crate::json::{self, Value};
use crate::market::Bar;
use crate::reasons::Reason;
use crate::run::Rule;

const FIELDS: [&str; 10] = [
    "certificate",
    "version",
    "kind",
    "rule",
    "root",
    "hosts",
    "commitments",
    "applicants",
    "mine",
    "changed_on_appeal",
];

/// A certificate as read.
pub(super) struct Document {
    pub ledger: Ledger,
    pub root: String,
    /// How many outcomes are said to have been changed on appeal, and the root that names that.
    pub amended: Option<(u32, String)>,
    pub shows: Shows,
}

/// What a certificate opens.
pub(super) enum Shows {
    Ledger,
    /// Records and their salts.
    Whole(Vec<(Record, String)>),
    Mine {
        record: Box<Record>,
        salt: String,
        name: String,
        name_salt: String,
    },
}

/// # Errors
/// Where the text is no certificate, in words with the place.
pub(super) fn document(input: &[u8]) -> Result<Document, String> {
    let value = json::read(input)?;
    if value.field("certificate").and_then(Value::text) != Some("hiec-placement") {
        return Err("this is no placement certificate: \"certificate\" should be \"hiec-placement\"".to_owned());
    }
    if value.field("version").and_then(Value::whole) != Some(1) {
        return Err("this certificate has another \"version\" than 1, the only one known here".to_owned());
    }
    only(&value, &FIELDS, "the certificate")?;
    let rule_code = text(&value, "rule", "the certificate")?;
    let rule = Rule::of_code(rule_code).ok_or_else(|| {
        format!("\"rule\" is \"{}\": it should be da, da-hosts, pia or least-cost", crate::names::shown(rule_code))
    })?;
    let parts: Vec<LedgerPart> = (1..)
        .zip(list(&value, "hosts", "the certificate")?)
        .map(|(n, part)| ledger_part(part, n))
        .collect::<Result<_, _>>()?;
    let commitments = value.field("commitments").and_then(Value::object).ok_or_else(|| missing("commitments"))?;
    let commitments = commitments
        .iter()
        .map(|(token, commitment)| {
            let commitment = commitment.text().ok_or_else(|| missing("a commitment as text"))?;
            Ok((token.to_string(), commitment.to_owned()))
        })
        .collect::<Result<Vec<_>, String>>()?;
    let shows = match text(&value, "kind", "the certificate")? {
        "public" => Shows::Ledger,
        "whole" => {
            let applicants = list(&value, "applicants", "the certificate")?;
            Shows::Whole(applicants.iter().map(|one| record(one, parts.len())).collect::<Result<_, _>>()?)
        }
        "personal" => {
            let mine = value.field("mine").ok_or_else(|| missing("mine"))?;
            let (record, salt) = record(mine, parts.len())?;
            let name = text(mine, "name", "\"mine\"")?.to_owned();
            let name_salt = text(mine, "name_salt", "\"mine\"")?.to_owned();
            Shows::Mine { record: Box::new(record), salt, name, name_salt }
        }
        other => {
            let other = crate::names::shown(other);
            return Err(format!("\"kind\" is \"{other}\": it should be public, whole or personal"));
        }
    };
    let root = text(&value, "root", "the certificate")?.to_owned();
    let amended = value.field("changed_on_appeal").map(|amended| {
        only(amended, &["outcomes", "root"], "\"changed_on_appeal\"")?;
        let outcomes = number(amended, "outcomes", "\"changed_on_appeal\"")?;
        Ok::<_, String>((outcomes, text(amended, "root", "\"changed_on_appeal\"")?.to_owned()))
    });
    Ok(Document { ledger: Ledger { rule, parts, commitments }, root, amended: amended.transpose()?, shows })
}

fn missing(field: &str) -> String {
    format!("the certificate has no {field} as it should; was it changed or cut short?")
}

fn text<'v>(value: &'v Value<'_>, field: &str, place: &str) -> Result<&'v str, String> {
    value.field(field).and_then(Value::text).ok_or_else(|| format!("{place} has no text in \"{field}\""))
}

fn list<'v, 'a>(value: &'v Value<'a>, field: &str, place: &str) -> Result<&'v [Value<'a>], String> {
    value.field(field).and_then(Value::list).ok_or_else(|| format!("{place} has no list in \"{field}\""))
}

fn flag(value: &Value<'_>, field: &str, place: &str) -> Result<bool, String> {
    match value.field(field) {
        Some(Value::Bool(flag)) => Ok(*flag),
        _ => Err(format!("{place} has neither true nor false in \"{field}\"")),
    }
}

fn number(value: &Value<'_>, field: &str, place: &str) -> Result<u32, String> {
    let found = value.field(field).and_then(Value::whole);
    found.ok_or_else(|| format!("{place} has no whole number in \"{field}\""))
}

/// A whole number or null; the outer none is neither.
fn or_null(value: &Value<'_>) -> Option<Option<u32>> {
    if value.is_null() { Some(None) } else { value.whole().filter(|number| *number < u32::MAX).map(Some) }
}

/// Whatever else stood there would look as if it had been committed to.
fn only(value: &Value<'_>, known: &[&str], place: &str) -> Result<(), String> {
    let fields = value.object().unwrap_or_default();
    for (position, (name, _)) in fields.iter().enumerate() {
        let shown = crate::names::shown(name);
        if !known.contains(&name.as_ref()) {
            return Err(format!("{place}: \"{shown}\" is no part of a certificate; was it added afterwards?"));
        }
        // Every name before this one is known and stands once, so there are few.
        if fields.iter().take(position).any(|(earlier, _)| earlier == name) {
            return Err(format!("{place}: \"{shown}\" stands twice"));
        }
    }
    Ok(())
}

/// One of two words; true for the first.
fn either(value: &Value<'_>, field: &str, words: [&str; 2], place: &str) -> Result<bool, String> {
    let found = text(value, field, place)?;
    let [first, second] = words;
    if found == first || found == second {
        return Ok(found == first);
    }
    Err(format!("{place}: \"{field}\" is neither \"{first}\" nor \"{second}\""))
}

fn ledger_part(value: &Value<'_>, position: usize) -> Result<LedgerPart, String> {
    let place = format!("host {position}");
    only(value, &["host", "reserved", "reserved_for", "closed", "capacity", "given_before", "admitted_ranks"], &place)?;
    let admitted = list(value, "admitted_ranks", &place)?.iter().map(Value::whole).collect::<Option<Vec<u32>>>();
    Ok(LedgerPart {
        host: text(value, "host", &place)?.to_owned(),
        is_reserved: flag(value, "reserved", &place)?,
        reserved_for: match value.field("reserved_for") {
            None => String::new(),
            Some(_) => text(value, "reserved_for", &place)?.to_owned(),
        },
        capacity: number(value, "capacity", &place)?,
        given: number(value, "given_before", &place)?,
        is_closed: flag(value, "closed", &place)?,
        admitted: admitted.ok_or_else(|| format!("{place} has a rank that is no whole number"))?,
    })
}

fn record(opened: &Value<'_>, parts: usize) -> Result<(Record, String), String> {
    let value = opened.field("record").ok_or_else(|| missing("record of an applicant"))?;
    let token = text(value, "token", "an applicant")?.to_owned();
    let place = format!("applicant {}", crate::names::shown(&token));
    only(opened, &["name", "name_salt", "salt", "record"], &place)?;
    only(value, &["token", "identity", "position", "given_before", "held", "choices", "with"], &place)?;
    let wrong = |what: &str| format!("{place}: {what} is not as it should be");
    let choices = list(value, "choices", &place)?;
    let choices = (1..)
        .zip(choices)
        .map(|(position, choice)| choice_line(choice, parts).ok_or_else(|| wrong(&format!("choice {position}"))))
        .collect::<Result<Vec<_>, _>>()?;
    let held = value.field("held").and_then(or_null).ok_or_else(|| wrong("\"held\""))?;
    if held.is_some_and(|held| held as usize >= choices.len()) {
        return Err(format!("{place}: \"held\" is none of the choices"));
    }
    if !choices.is_sorted_by_key(|choice| choice.place) {
        return Err(format!("{place}: the choices are not in order"));
    }
    let together = value.field("with").map(|with| together(with, &place)).transpose()?;
    let record = Record {
        identity: text(value, "identity", &place)?.to_owned(),
        position: value.field("position").and_then(or_null).ok_or_else(|| wrong("\"position\""))?,
        is_given: flag(value, "given_before", &place)?,
        held,
        choices,
        together,
        token,
    };
    Ok((record, text(opened, "salt", &place)?.to_owned()))
}

fn choice_line(value: &Value<'_>, parts: usize) -> Option<RecordChoice> {
    let [part, rank, place, bar, reason, more @ ..] = value.list()? else { return None };
    let part = part.whole().filter(|part| (*part as usize) < parts)?;
    let bars = [Bar::Open, Bar::NotAcceptable, Bar::TooFar, Bar::Unfit, Bar::Closed];
    let bar = bars.into_iter().find(|known| Some(super::bar_code(*known)) == bar.text())?;
    let reasons = [
        Reason::NotPreferred,
        Reason::NotAcceptable,
        Reason::TooFar,
        Reason::Unfit,
        Reason::Closed,
        Reason::NoPlaces,
        Reason::RankedAbove,
        Reason::TakenBefore,
        Reason::LeavesAnother,
        Reason::GivenBefore,
        Reason::Partner,
    ];
    let by = match more {
        [] => None,
        [Value::Number(by)] => Some(by.parse().ok()?),
        _ => return None,
    };
    let reason = match (reason.text()?, by) {
        ("costs-others", Some(by)) => Reason::CostsOthers(by),
        (code, None) => reasons.into_iter().find(|known| known.code() == code)?,
        _ => return None,
    };
    let rank = or_null(rank)?;
    // Ranks are from 1 on, and only where the host did not rank the applicant is there none.
    let is_ranked = rank.is_some_and(|rank| rank >= 1);
    let is_sound = is_ranked || (rank.is_none() && bar == Bar::NotAcceptable);
    is_sound.then_some(RecordChoice { part, rank, place: or_null(place)??, bar, reason })
}

fn together(value: &Value<'_>, place: &str) -> Result<Together, String> {
    only(value, &["partner", "order", "kind", "whole", "options"], place)?;
    let options = list(value, "options", place)?.iter().map(|option| {
        let [first, second, refused] = option.list()? else { return None };
        let refused = match or_null(refused)? {
            None => None,
            Some(0) => Some(0),
            Some(1) => Some(1),
            Some(_) => return None,
        };
        Some(([or_null(first)?, or_null(second)?], refused))
    });
    Ok(Together {
        partner: text(value, "partner", place)?.to_owned(),
        is_first: either(value, "order", ["first", "second"], place)?,
        is_by_turn: either(value, "kind", ["turn", "pairs"], place)?,
        is_whole: flag(value, "whole", place)?,
        options: options
            .collect::<Option<_>>()
            .ok_or_else(|| format!("{place}: a pair of choices is not as it should be"))?,
    })
}
