//! Writes certificates as JSON; it must never write what its kind does not show.

use std::fmt::Write;

use super::{Ledger, Record, Sealed, Together, bar_code};
use crate::json::{LIST, OBJECT, push_number, write_all, write_key, write_text};
use crate::reasons::Reason;

impl Ledger {
    pub(super) fn written(&self, kind: &str, more: impl FnOnce(&mut String)) -> String {
        let mut out = String::with_capacity(1024 + self.commitments.len() * 90);
        out.push('{');
        write_key(&mut out, "certificate");
        out.push_str("\"hiec-placement\"");
        write_key(&mut out, "version");
        out.push('1');
        write_key(&mut out, "kind");
        write_text(&mut out, kind);
        write_key(&mut out, "rule");
        write_text(&mut out, self.rule.code());
        write_key(&mut out, "root");
        write_text(&mut out, &self.root());
        write_key(&mut out, "hosts");
        write_all(&mut out, LIST, &self.parts, |out, part| {
            out.push('{');
            write_key(out, "host");
            write_text(out, &part.host);
            write_key(out, "reserved");
            out.push_str(if part.is_reserved { "true" } else { "false" });
            if !part.reserved_for.is_empty() {
                write_key(out, "reserved_for");
                write_text(out, &part.reserved_for);
            }
            write_key(out, "closed");
            out.push_str(if part.is_closed { "true" } else { "false" });
            write_key(out, "capacity");
            let _ = write!(out, "{}", part.capacity);
            write_key(out, "given_before");
            let _ = write!(out, "{}", part.given);
            write_key(out, "admitted_ranks");
            write_all(out, LIST, &part.admitted, |out, rank| push_number(out, *rank));
            out.push('}');
        });
        write_key(&mut out, "commitments");
        write_all(&mut out, OBJECT, &self.commitments, |out, (token, commitment)| {
            write_text(out, token);
            out.push(':');
            write_text(out, commitment);
        });
        more(&mut out);
        out.push_str("}\n");
        out
    }
}

impl Sealed {
    pub(super) fn write_records(&self, out: &mut String) {
        out.reserve(self.records().map(|(text, _)| text.len() + 100).sum());
        write_key(out, "applicants");
        write_all(out, LIST, self.records(), |out, (record, salt)| {
            out.push('{');
            write_opened(out, record, salt);
            out.push('}');
        });
    }
}

pub(super) fn write_mine(out: &mut String, record: &str, name: &str, (salt, name_salt): (&str, &str)) {
    out.push('{');
    write_key(out, "name");
    write_text(out, name);
    write_key(out, "name_salt");
    write_text(out, name_salt);
    write_opened(out, record, salt);
    out.push('}');
}

fn write_opened(out: &mut String, record: &str, salt: &str) {
    write_key(out, "salt");
    write_text(out, salt);
    write_key(out, "record");
    out.push_str(record);
}

impl Record {
    /// The record as it stands in a certificate, and as it is committed to: compact.
    pub(super) fn write(&self, out: &mut String) {
        write_record(out, self);
    }
}

fn write_record(out: &mut String, record: &Record) {
    out.push('{');
    write_key(out, "token");
    write_text(out, &record.token);
    write_key(out, "identity");
    write_text(out, &record.identity);
    write_key(out, "position");
    write_number(out, record.position);
    write_key(out, "given_before");
    out.push_str(if record.is_given { "true" } else { "false" });
    write_key(out, "held");
    write_number(out, record.held);
    write_key(out, "choices");
    write_all(out, LIST, &record.choices, |out, choice| {
        out.push('[');
        push_number(out, choice.part);
        out.push(',');
        write_number(out, choice.rank);
        out.push(',');
        push_number(out, choice.place);
        for word in [bar_code(choice.bar), choice.reason.code()] {
            out.push_str(",\"");
            out.push_str(word);
            out.push('"');
        }
        if let Reason::CostsOthers(by) = choice.reason {
            let _ = write!(out, ",{by}");
        }
        out.push(']');
    });
    if let Some(together) = &record.together {
        write_key(out, "with");
        write_together(out, together);
    }
    out.push('}');
}

fn write_together(out: &mut String, together: &Together) {
    out.push('{');
    write_key(out, "partner");
    write_text(out, &together.partner);
    write_key(out, "order");
    write_text(out, if together.is_first { "first" } else { "second" });
    write_key(out, "kind");
    write_text(out, if together.is_by_turn { "turn" } else { "pairs" });
    write_key(out, "whole");
    out.push_str(if together.is_whole { "true" } else { "false" });
    write_key(out, "options");
    write_all(out, LIST, &together.options, |out, (option, refused)| {
        write_all(out, LIST, [option[0], option[1], refused.map(u32::from)], write_number);
    });
    out.push('}');
}

fn write_number(out: &mut String, number: Option<u32>) {
    match number {
        Some(number) => push_number(out, number),
        None => out.push_str("null"),
    }
}
