//! Reads answers from what people typed into a form; it keeps nothing and loses nothing: the fields stay as they were.

mod dates;

use hiec_kernel::Money;
use uuid::Uuid;

use crate::answers::{Answer, Row};
use crate::decimal::{Decimal, Figures, NotDecimal};
use crate::fault::{Fault, FieldProblem};
use crate::form_fields::FormFields;
use crate::limits::{self, in_order_offered, with_plain_line_ends};
use crate::question_set::{ChoiceOption, Column, Kind, Question};

pub(crate) use dates::from_iso;

/// The answer to a question from a form's fields, `None` when it was left empty.
///
/// | kind | fields |
/// | --- | --- |
/// | text, number, money, choice of one | `key` |
/// | choice of several | `key`, repeated |
/// | date | `key-day`, `key-month`, `key-year`; or `key` as `2009-10-19` |
/// | table | `key-ROW-column` (and `key-ROW-column-day` …), ROW from 0, gaps allowed; empty rows are left out |
/// | file | `key`, the id of a stored file |
///
/// ```
/// use hiec_forms::{Answer, FormFields, Kind, Question, parse_answer};
/// use hiec_kernel::Money;
/// let amount = Question::new("amount", "Amount", Kind::Money { min: None, max: None });
/// let typed = FormFields::from(vec![("amount".to_owned(), "£1,100,000".to_owned())]);
/// assert_eq!(parse_answer(&amount, &typed), Ok(Some(Answer::Money(Money(110_000_000)))));
/// ```
///
/// # Errors
/// What is wrong, at which field, and how to mend it; with the answer itself when it is only outside a limit.
pub fn parse_answer(question: &Question, fields: &FormFields) -> Result<Option<Answer>, FieldProblem> {
    let reading = match &question.kind {
        Kind::Table { columns, max_rows, .. } => read_table(&question.key, columns, *max_rows, fields),
        value => Reading::of_value(value, &question.key, fields),
    };
    match FieldProblem::of(&question.key, reading.faults, reading.answer.clone()) {
        Some(problem) => Err(problem),
        None => Ok(reading.answer),
    }
}

/// Most rows read from one form, whatever the question says: no page shows as many.
const MAX_ROWS_READ: u32 = 1_000;

/// What was understood, and what is wrong. Nothing was understood when something could not be read at all.
struct Reading {
    answer: Option<Answer>,
    faults: Vec<Fault>,
}

impl Reading {
    fn of_value(kind: &Kind, name: &str, fields: &FormFields) -> Self {
        match read_value(kind, name, fields) {
            Ok(answer) => Self {
                faults: answer.as_ref().and_then(|answer| limits::fault(kind, name, answer)).into_iter().collect(),
                answer,
            },
            Err(fault) => Self { answer: None, faults: vec![fault] },
        }
    }
}

fn read_table(name: &str, columns: &[Column], max_rows: Option<u32>, fields: &FormFields) -> Reading {
    let numbers = fields.rows(name);
    if let Some(fault) = limits::too_many_rows(name, Some(MAX_ROWS_READ), numbers.len()) {
        return Reading { answer: None, faults: vec![fault] };
    }
    let (mut rows, mut faults, mut all_cells_read) = (Vec::new(), Vec::new(), true);
    for number in numbers {
        let mut row = Row::new();
        for column in columns {
            let cell = format!("{name}-{number}-{}", column.key);
            let reading = Reading::of_value(&column.kind, &cell, fields);
            all_cells_read &= reading.answer.is_some() || reading.faults.is_empty();
            faults.extend(reading.faults);
            if let Some(answer) = reading.answer {
                row.insert(column.key.clone(), answer);
            }
        }
        if !row.is_empty() {
            rows.push(row);
        }
    }
    faults.extend(limits::too_many_rows(name, max_rows, rows.len()));
    Reading { answer: (all_cells_read && !rows.is_empty()).then_some(Answer::Table(rows)), faults }
}

fn read_value(kind: &Kind, name: &str, fields: &FormFields) -> Result<Option<Answer>, Fault> {
    if let Kind::Date { .. } = kind {
        return Ok(dates::read(name, fields)?.map(Answer::Date));
    }
    if let Kind::Choice { options, many: true } = kind {
        return read_choices(name, options, fields.all(name));
    }
    let typed = single(name, fields)?;
    if typed.trim().is_empty() {
        return Ok(None);
    }
    match kind {
        Kind::Text { .. } => Ok(Some(Answer::Text(with_plain_line_ends(typed)))),
        Kind::Number { unit, .. } => read_number(name, typed, unit.as_deref()).map(Some),
        Kind::Money { .. } => read_money(name, typed).map(Some),
        Kind::Choice { options, .. } => {
            known_options(name, options, std::slice::from_ref(&typed.to_owned()))?;
            Ok(Some(Answer::Choice(typed.to_owned())))
        }
        Kind::File { .. } => Uuid::parse_str(typed.trim())
            .map(|id| Some(Answer::File(id)))
            .map_err(|_| Fault::new(name, "The attached file did not arrive", "Attach it again")),
        Kind::Date { .. } | Kind::Table { .. } => Ok(None),
    }
}

/// The one value of a field, empty when it was not sent.
fn single<'a>(name: &str, fields: &'a FormFields) -> Result<&'a str, Fault> {
    let sent = fields.all(name);
    let first = fields.first(name);
    if sent.iter().any(|value| value != first) {
        return Err(Fault::new(name, "This was answered more than once, in different ways", "Give one answer"));
    }
    if let Some((message, mend)) = limits::unfit_text(&with_plain_line_ends(first)) {
        return Err(Fault::new(name, message, mend));
    }
    Ok(first)
}

fn read_number(name: &str, typed: &str, unit: Option<&str>) -> Result<Answer, Fault> {
    let typed = typed.trim();
    let figures = unit.filter(|unit| !unit.is_empty()).and_then(|unit| typed.strip_suffix(unit)).unwrap_or(typed);
    Decimal::parse(figures).map(Answer::Number).map_err(|why| match why {
        NotDecimal::NotANumber => Fault::new(name, "This is not a number", "Enter figures only, for example 1,250"),
        other => not_a_number(name, other, "1,250"),
    })
}

fn read_money(name: &str, typed: &str) -> Result<Answer, Fault> {
    let typed = typed.trim();
    let without_sign = match typed.split_once('£') {
        Some((sign, amount)) if matches!(sign.trim(), "" | "-" | "\u{2212}") => {
            format!("{}{}", sign.trim(), amount.trim_start())
        }
        _ => typed.to_owned(),
    };
    let figures = Figures::read(&without_sign).map_err(|why| match why {
        NotDecimal::NotANumber => Fault::new(
            name,
            "This is not an amount of money",
            "Enter pounds in figures, for example 250,000 or 1,250.50",
        ),
        other => not_a_number(name, other, "250,000 or 1,250.50"),
    })?;
    if figures.fraction.len() > 2 {
        return Err(Fault::new(
            name,
            "Pence have two figures",
            "Use at most two figures after the point, for example 1,250.50",
        ));
    }
    let sign = if figures.negative { "-" } else { "" };
    Money::parse(&format!("{sign}0{}.{}", figures.whole, figures.fraction))
        .map(Answer::Money)
        .map_err(|_| Fault::new(name, "This amount is larger than any budget here", "Check the number of noughts"))
}

fn not_a_number(name: &str, why: NotDecimal, example: &str) -> Fault {
    let why = why.to_string();
    let mut letters = why.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    Fault::new(name, first.unwrap_or_default() + letters.as_str(), format!("Enter for example {example}"))
}

fn read_choices(name: &str, options: &[ChoiceOption], sent: &[String]) -> Result<Option<Answer>, Fault> {
    let chosen: Vec<String> = sent.iter().filter(|option| !option.is_empty()).cloned().collect();
    known_options(name, options, &chosen)?;
    let chosen = in_order_offered(options, chosen);
    Ok((!chosen.is_empty()).then_some(Answer::Choices(chosen)))
}

fn known_options(name: &str, options: &[ChoiceOption], chosen: &[String]) -> Result<(), Fault> {
    match limits::unknown_option(options, chosen) {
        Some((message, mend)) => Err(Fault::new(name, message, mend)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
