//! Questions as form fields of the design system, and typed answers back into fields; it stores nothing and judges nothing.

use hiec_forms::{Answer, Column, FileIndex, FormFields, Kind, Question, display_with_files};
use hiec_web::Errors;
use hiec_web::components::{
    CharacterCount, CheckboxItem, Checkboxes, Input as TextInput, Label, RadioItem, Radios, Select, SelectItem, Size,
    Table, Textarea,
};
use maud::{Markup, html};

use crate::calls::design::CallDesign;

/// Empty rows offered under a table's filled ones.
const SPARE_ROWS: u32 = 2;

/// The fields in which an answer is shown again.
pub(super) fn fields_of(question: &Question, answer: &Answer) -> Vec<(String, String)> {
    value_fields(&question.key, answer)
}

fn value_fields(name: &str, answer: &Answer) -> Vec<(String, String)> {
    let one = |value: String| vec![(name.to_owned(), value)];
    match answer {
        Answer::Text(text) => one(text.clone()),
        Answer::Number(number) => one(number.to_string()),
        Answer::Money(money) => one(money.plain()),
        Answer::Date(date) => vec![
            (format!("{name}-day"), date.format("%-d").to_string()),
            (format!("{name}-month"), date.format("%-m").to_string()),
            (format!("{name}-year"), date.format("%Y").to_string()),
        ],
        Answer::Choice(key) => one(key.clone()),
        Answer::Choices(keys) => keys.iter().map(|key| (name.to_owned(), key.clone())).collect(),
        Answer::Table(rows) => rows
            .iter()
            .enumerate()
            .flat_map(|(number, row)| {
                row.iter().flat_map(move |(column, cell)| value_fields(&format!("{name}-{number}-{column}"), cell))
            })
            .collect(),
        Answer::File(id) => one(id.to_string()),
    }
}

/// The field or fields of a question. Files are shown and uploaded beside the form.
pub(super) fn field(question: &Question, typed: &FormFields, errors: &Errors, files: &FileIndex) -> Markup {
    let label = if question.required { question.label.clone() } else { format!("{} (optional)", question.label) };
    let hint = (!question.guidance.is_empty()).then_some(question.guidance.as_str());
    match &question.kind {
        Kind::Table { columns, max_rows, .. } => table(question, &label, hint, columns, *max_rows, typed, errors),
        Kind::File { .. } => attached(question, &label, hint, typed, files),
        kind => value(kind, &question.key, heading(&label), hint, typed, errors),
    }
}

fn heading(text: &str) -> Label {
    Label::from(text).size(Size::S)
}

fn value(kind: &Kind, name: &str, label: Label, hint: Option<&str>, typed: &FormFields, errors: &Errors) -> Markup {
    let now = typed.first(name);
    let error = errors.of(name);
    match kind {
        Kind::Text { lines: 1, .. } => html! {
            (TextInput::new(name, label).hint(hint).value(now).error_message(error))
        },
        Kind::Text { word_limit: Some(limit), lines } => html! {
            (CharacterCount::words(name, label, *limit).hint(hint).rows(*lines).value(now).error_message(error))
        },
        Kind::Text { lines, .. } => html! {
            (Textarea::new(name, label).hint(hint).rows(*lines).value(now).error_message(error))
        },
        Kind::Number { unit, .. } => html! {
            (TextInput::new(name, label).hint(hint).inputmode("decimal").spellcheck(false).width(10).value(now)
                .suffix(unit.as_deref()).error_message(error))
        },
        Kind::Money { .. } => html! {
            (TextInput::new(name, label).money().hint(hint).value(now).error_message(error))
        },
        Kind::Date { .. } => date(name, &label, hint, typed, errors),
        Kind::Choice { options, many: true } => html! {
            (Checkboxes::new(name, hiec_web::components::Legend::from(label.text).size(Size::S)).hint(hint)
                .items(options.iter().map(|option| CheckboxItem::new(option.key.as_str(), option.label.as_str())))
                .values(typed.all(name).to_vec()).error_message(error))
        },
        Kind::Choice { options, many: false } => html! {
            (Radios::new(name, hiec_web::components::Legend::from(label.text).size(Size::S)).hint(hint)
                .items(options.iter().map(|option| RadioItem::new(option.key.as_str(), option.label.as_str())))
                .value(now).error_message(error))
        },
        Kind::Table { .. } | Kind::File { .. } => html! {},
    }
}

fn date(name: &str, label: &Label, hint: Option<&str>, typed: &FormFields, errors: &Errors) -> Markup {
    let parts = [("day", "Day", 2), ("month", "Month", 2), ("year", "Year", 4)];
    let error = std::iter::once(name.to_owned())
        .chain(parts.iter().map(|(part, _, _)| format!("{name}-{part}")))
        .find_map(|field| errors.of(&field).map(ToOwned::to_owned));
    let group = if error.is_some() { "nhsuk-form-group nhsuk-form-group--error" } else { "nhsuk-form-group" };
    html! {
        div class=(group) {
            fieldset.nhsuk-fieldset id=(name) aria-describedby=[hint.map(|_| format!("{name}-hint"))] {
                legend.nhsuk-fieldset__legend.nhsuk-fieldset__legend--s { (label.text) }
                @if let Some(hint) = hint { div.nhsuk-hint id={ (name) "-hint" } { (hint) } }
                @if let Some(error) = &error { span.nhsuk-error-message { span.nhsuk-u-visually-hidden { "Error: " } (error) } }
                div.nhsuk-date-input {
                    @for (part, text, width) in parts {
                        div.nhsuk-date-input__item {
                            (TextInput::new(format!("{name}-{part}"), text).inputmode("numeric").spellcheck(false).width(Some(width)).value(typed.first(&format!("{name}-{part}"))))
                        }
                    }
                }
            }
        }
    }
}

fn table(
    question: &Question,
    label: &str,
    hint: Option<&str>,
    columns: &[Column],
    max_rows: Option<u32>,
    typed: &FormFields,
    errors: &Errors,
) -> Markup {
    let mut rows = typed.rows(&question.key);
    let next = rows.last().map_or(0, |last| last.saturating_add(1));
    let room = max_rows
        .map_or(SPARE_ROWS, |max| max.saturating_sub(u32::try_from(rows.len()).unwrap_or(u32::MAX)).min(SPARE_ROWS));
    rows.extend(next..next.saturating_add(room));
    let head: Vec<&str> = columns.iter().map(|column| column.label.as_str()).collect();
    let cells = rows.iter().enumerate().map(|(place, row)| {
        columns.iter().map(|column| cell(question, column, place + 1, *row, typed, errors)).collect::<Vec<_>>()
    });
    html! {
        div id=(question.key) {
            @if let Some(error) = errors.of(&question.key) { span.nhsuk-error-message { span.nhsuk-u-visually-hidden { "Error: " } (error) } }
            (Table::new(label.to_owned()).head(head).rows(cells))
            @if let Some(hint) = hint { p.nhsuk-hint { (hint) } }
            p.nhsuk-hint { "Save to get more empty rows. Leave a row empty to remove it." }
        }
    }
}

fn cell(question: &Question, column: &Column, place: usize, row: u32, typed: &FormFields, errors: &Errors) -> Markup {
    let name = format!("{}-{row}-{}", question.key, column.key);
    let label = Label::from(format!("{}, row {place}", column.label)).hidden();
    match &column.kind {
        Kind::Choice { options, .. } => html! {
            (Select::new(name.as_str(), label).items(
                std::iter::once(SelectItem::new("", "Choose")).chain(options.iter().map(|o| SelectItem::new(o.key.as_str(), o.label.as_str())))
            ).value(typed.first(&name)).error_message(errors.of(&name)))
        },
        Kind::Text { lines, .. } if *lines > 1 => html! {
            (Textarea::new(name.as_str(), label).rows(*lines).value(typed.first(&name)).error_message(errors.of(&name)))
        },
        Kind::Text { .. } => html! {
            (TextInput::new(name.as_str(), label).value(typed.first(&name)).error_message(errors.of(&name)))
        },
        kind => value(kind, &name, label, None, typed, errors),
    }
}

fn attached(question: &Question, label: &str, hint: Option<&str>, typed: &FormFields, files: &FileIndex) -> Markup {
    let id = typed.first(&question.key);
    let known = id.parse().ok().map(Answer::File).map(|answer| display_with_files(question, &answer, files));
    html! {
        div.nhsuk-form-group id=(question.key) {
            p.nhsuk-label.nhsuk-label--s { (label) }
            @if let Some(hint) = hint { p.nhsuk-hint { (hint) } }
            @if !id.is_empty() { input type="hidden" name=(question.key) value=(id); }
            @match known {
                Some(name) => p { "Attached: " (name) },
                None => p { "Nothing is attached yet." },
            }
            p { a href={ "#upload-" (question.key) } { "Upload a file" } " (below; save what you wrote first)" }
        }
    }
}

/// Which criteria or tests a question serves, in words.
pub(super) fn serves(question: &Question, design: &CallDesign) -> Option<String> {
    let names: Vec<&str> = question
        .serves
        .iter()
        .map(|key| {
            design
                .criterion(key)
                .map(|criterion| criterion.name.as_str())
                .or_else(|| design.pqq_tests.iter().find(|test| test.key == *key).map(|test| test.name.as_str()))
                .unwrap_or(key)
        })
        .collect();
    (!names.is_empty()).then(|| format!("Assessed under: {}", names.join("; ")))
}

#[cfg(test)]
mod tests {
    use hiec_forms::{Row, parse_answer};
    use hiec_kernel::Money;

    use super::*;
    use crate::calls::facts::call_2009;

    fn typed(fields: Vec<(String, String)>) -> FormFields {
        fields.into()
    }

    #[test]
    fn what_is_shown_again_reads_back_as_the_same_answer() {
        let design = call_2009().unwrap();
        let set = &design.bid_questions;
        let row = |category: &str, text: &str| -> Row {
            let Kind::Table { columns, .. } = &set.question("pathways").unwrap().kind else {
                panic!("pathways is a table")
            };
            columns
                .iter()
                .map(|column| {
                    let cell = match &column.kind {
                        Kind::Choice { .. } => Answer::Choice(category.into()),
                        Kind::Money { .. } => Answer::Money(Money(5)),
                        Kind::Date { .. } => Answer::Date("2010-04-01".parse().unwrap()),
                        _ => Answer::Text(text.into()),
                    };
                    (column.key.clone(), cell)
                })
                .collect()
        };
        for (key, answer) in [
            ("vision", Answer::Text("Two\nlines".into())),
            ("amount", Answer::Money(Money(110_000_050))),
            ("regions", Answer::Choices(vec!["EM".into(), "LON".into()])),
            ("legal_form", Answer::Choice("charity".into())),
            ("separation_date", Answer::Date("2010-04-01".parse().unwrap())),
            ("pathways", Answer::Table(vec![row("acute", "Stroke"), row("prevention", "Smoking")])),
        ] {
            let question = set.question(key).unwrap();
            let fields = typed(fields_of(question, &answer));
            assert_eq!(parse_answer(question, &fields), Ok(Some(answer)), "{key}");
        }
    }

    #[test]
    fn every_question_of_the_round_has_a_field_with_its_name_and_says_what_it_serves() {
        let design = call_2009().unwrap();
        for set in [&design.bid_questions, &design.pqq_questions] {
            for (_, question) in set.questions() {
                let page = field(question, &FormFields::default(), &Errors::none(), &FileIndex::new()).0;
                assert!(page.contains(&question.key), "{}", question.key);
                assert!(
                    page.contains(
                        question.label.split('\'').next().unwrap_or_default().split('’').next().unwrap_or_default()
                    ),
                    "{}",
                    question.key
                );
                assert!(question.serves.is_empty() || serves(question, design).is_some());
            }
        }
    }
}
