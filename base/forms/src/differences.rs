//! What changed between two versions of a question set, in words for those who must answer it; it does not say whether the change was fair.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::display::in_plain_date;
use crate::question_set::{Kind, Question, QuestionSet, Section};

/// One change, as a sentence with the old and new wording where there is one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Change {
    pub sort: ChangeSort,
    /// Key of the question or section, empty for the set itself.
    pub key: String,
    /// A sentence without full stop: `Question 'Vision': word limit changed`.
    pub summary: String,
    pub old: Option<String>,
    pub new: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeSort {
    Added,
    Removed,
    Changed,
    Moved,
}

/// All changes from `old` to `new`, in the order of the new set with what was removed last. Questions and sections are
/// told apart by key, so a new key is a removal and an addition. Empty only when the two are the same (for sets
/// whose keys are unique).
pub fn differences(old: &QuestionSet, new: &QuestionSet) -> Vec<Change> {
    let mut changes = Vec::new();
    let before = [("key", old.key.clone()), ("title", old.title.clone())];
    let after = [("key", new.key.clone()), ("title", new.title.clone())];
    aspects_changed("", "The question set", &before, &after, &mut changes);
    for section in &new.sections {
        match old.section(&section.key) {
            None => changes.push(Change::whole(
                ChangeSort::Added,
                &section.key,
                &section_name(section),
                section.guidance.clone(),
            )),
            Some(was) => aspects_changed(
                &section.key,
                &section_name(section),
                &section_aspects(was),
                &section_aspects(section),
                &mut changes,
            ),
        }
        for question in &section.questions {
            question_changed(old, section, question, &mut changes);
        }
    }
    removed(old, new, &mut changes);
    order_changed(old, new, &mut changes);
    changes
}

fn question_changed(old: &QuestionSet, section: &Section, question: &Question, changes: &mut Vec<Change>) {
    let name = question_name(question);
    let Some((was_in, was)) = old.questions().find(|(_, q)| q.key == question.key) else {
        changes.push(Change::whole(ChangeSort::Added, &question.key, &name, described(question)));
        return;
    };
    if was_in.key != section.key {
        changes.push(Change {
            sort: ChangeSort::Moved,
            key: question.key.clone(),
            summary: format!("{name} moved to another section"),
            old: Some(was_in.title.clone()),
            new: Some(section.title.clone()),
        });
    }
    aspects_changed(&question.key, &name, &aspects(was), &aspects(question), changes);
}

fn removed(old: &QuestionSet, new: &QuestionSet, changes: &mut Vec<Change>) {
    for section in &old.sections {
        if new.section(&section.key).is_none() {
            changes.push(Change::whole(
                ChangeSort::Removed,
                &section.key,
                &section_name(section),
                section.guidance.clone(),
            ));
        }
        for question in &section.questions {
            if new.question(&question.key).is_none() {
                changes.push(Change::whole(
                    ChangeSort::Removed,
                    &question.key,
                    &question_name(question),
                    described(question),
                ));
            }
        }
    }
}

/// Sections, and questions that stayed in their section, in another order than before.
fn order_changed(old: &QuestionSet, new: &QuestionSet, changes: &mut Vec<Change>) {
    let titled = |set: &QuestionSet| -> Vec<(String, String)> {
        set.sections.iter().map(|s| (s.key.clone(), s.title.clone())).collect()
    };
    changes.extend(reordered("", "Sections", &titled(old), &titled(new)));
    for section in &new.sections {
        let Some(was) = old.section(&section.key) else {
            continue;
        };
        let labelled = |section: &Section| -> Vec<(String, String)> {
            section.questions.iter().map(|q| (q.key.clone(), q.label.clone())).collect()
        };
        let what = format!("Questions of section '{}'", section.title);
        changes.extend(reordered(&section.key, &what, &labelled(was), &labelled(section)));
    }
}

fn reordered(key: &str, what: &str, old: &[(String, String)], new: &[(String, String)]) -> Option<Change> {
    let shared = |list: &[(String, String)], other: &[(String, String)]| {
        let others: BTreeSet<&String> = other.iter().map(|(key, _)| key).collect();
        list.iter().filter(|(key, _)| others.contains(key)).cloned().unzip()
    };
    let (old_keys, old_names): (Vec<String>, Vec<String>) = shared(old, new);
    let (new_keys, new_names): (Vec<String>, Vec<String>) = shared(new, old);
    (old_keys != new_keys).then(|| Change {
        sort: ChangeSort::Moved,
        key: key.to_owned(),
        summary: format!("{what} are in another order"),
        old: Some(old_names.join("; ")),
        new: Some(new_names.join("; ")),
    })
}

type Aspect = (&'static str, String);

fn aspects_changed(key: &str, name: &str, old: &[Aspect], new: &[Aspect], changes: &mut Vec<Change>) {
    let value = |aspects: &[Aspect], what: &str| {
        aspects.iter().find(|(aspect, _)| *aspect == what).map(|(_, value)| value.clone())
    };
    let mut names: Vec<&'static str> = new.iter().map(|(aspect, _)| *aspect).collect();
    names.extend(old.iter().map(|(aspect, _)| *aspect).filter(|aspect| value(new, aspect).is_none()));
    for what in names {
        let (old, new) = (value(old, what), value(new, what));
        if old == new {
            continue;
        }
        let verb = match (&old, &new) {
            (None, _) => "added",
            (_, None) => "removed",
            _ => "changed",
        };
        changes.push(Change {
            sort: ChangeSort::Changed,
            key: key.to_owned(),
            summary: format!("{name}: {what} {verb}"),
            old,
            new,
        });
    }
}

fn section_name(section: &Section) -> String {
    format!("Section '{}'", section.title)
}

fn question_name(question: &Question) -> String {
    format!("Question '{}'", question.label)
}

fn section_aspects(section: &Section) -> Vec<Aspect> {
    let mut aspects = vec![("title", section.title.clone())];
    aspects.extend(unless_empty("guidance", &section.guidance));
    aspects
}

/// A question in full, one aspect a line.
fn described(question: &Question) -> String {
    aspects(question).iter().map(|(what, value)| format!("{what}: {value}")).collect::<Vec<_>>().join("\n")
}

/// Everything a question says, by name. What is not said is left out.
fn aspects(question: &Question) -> Vec<Aspect> {
    let mut aspects = vec![("wording", question.label.clone())];
    aspects.extend(unless_empty("guidance", &question.guidance));
    aspects.push(("answer", question.kind.in_words().to_owned()));
    aspects.extend(kind_aspects(&question.kind));
    aspects.push(("must be answered", yes_or_no(question.required)));
    aspects.extend(some("asked when", question.show_when.as_ref().map(|c| c.source())));
    if !question.serves.is_empty() {
        aspects.push(("criteria served", question.serves.join(", ")));
    }
    aspects.extend(some("principle", question.principle.as_ref()));
    aspects.push(("partners may write", yes_or_no(question.partner_editable)));
    aspects
}

fn kind_aspects(kind: &Kind) -> Vec<Aspect> {
    match kind {
        Kind::Text { word_limit, lines } => {
            let mut aspects = vec![("lines shown", lines.to_string())];
            aspects.extend(some("word limit", *word_limit));
            aspects
        }
        Kind::Number { min, max, unit, decimals } => {
            let mut aspects = vec![("figures after the point", decimals.to_string())];
            aspects.extend(some("least", min.map(|min| min.grouped())));
            aspects.extend(some("most", max.map(|max| max.grouped())));
            aspects.extend(some("unit", unit.as_ref()));
            aspects
        }
        Kind::Money { min, max } => {
            let mut aspects = Vec::new();
            aspects.extend(some("least", *min));
            aspects.extend(some("most", *max));
            aspects
        }
        Kind::Date { earliest, latest } => {
            let mut aspects = Vec::new();
            aspects.extend(some("earliest", earliest.map(in_plain_date)));
            aspects.extend(some("latest", latest.map(in_plain_date)));
            aspects
        }
        Kind::Choice { options, .. } => {
            let lines: Vec<String> =
                options.iter().map(|option| format!("{} ({})", option.label, option.key)).collect();
            vec![("options", lines.join("\n"))]
        }
        Kind::Table { columns, min_rows, max_rows } => {
            let lines: Vec<String> = columns
                .iter()
                .map(|column| {
                    let limits: Vec<String> = kind_aspects(&column.kind)
                        .into_iter()
                        .map(|(what, value)| format!(", {what}: {value}"))
                        .collect();
                    let required = if column.required { ", must be filled in" } else { "" };
                    format!(
                        "{} ({}): {}{}{required}",
                        column.label,
                        column.key,
                        column.kind.in_words(),
                        limits.concat()
                    )
                })
                .collect();
            let mut aspects = vec![("columns", lines.join("\n"))];
            aspects.extend(some("fewest rows", *min_rows));
            aspects.extend(some("most rows", *max_rows));
            aspects
        }
        Kind::File { accept, max_bytes } => {
            let mut aspects = vec![("largest file", format!("{max_bytes} bytes"))];
            aspects.extend(unless_empty("kinds of file", &accept.join(", ")));
            aspects
        }
    }
}

fn some(what: &'static str, value: Option<impl ToString>) -> Option<Aspect> {
    value.map(|value| (what, value.to_string()))
}

fn unless_empty(what: &'static str, value: &str) -> Option<Aspect> {
    (!value.is_empty()).then(|| (what, value.to_owned()))
}

fn yes_or_no(flag: bool) -> String {
    if flag { "yes" } else { "no" }.to_owned()
}

impl Change {
    fn whole(sort: ChangeSort, key: &str, name: &str, wording: String) -> Self {
        let (verb, old, new) = match sort {
            ChangeSort::Removed => ("removed", Some(wording), None),
            _ => ("added", None, Some(wording)),
        };
        Self { sort, key: key.to_owned(), summary: format!("{name} {verb}"), old, new }
    }
}

#[cfg(test)]
mod tests;
