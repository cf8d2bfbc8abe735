//! Whether a typed answer is within what its question allows; it reads no form and looks up no file.

use chrono::NaiveDate;
use hiec_kernel::Money;

use crate::answers::{Answer, FileFacts, Row};
use crate::decimal::Decimal;
use crate::display::{in_plain_date, list_of_options};
use crate::fault::{Fault, FieldProblem};
use crate::question_set::{ChoiceOption, Column, Kind, Question};

/// Longest text in any field, in characters, whatever the question says.
pub const MAX_CHARACTERS: usize = 100_000;

/// Words as everyone can count them: what stands between white space (Unicode's `White_Space`).
pub fn word_count(text: &str) -> usize {
    text.split_whitespace().count()
}

/// Takes an answer that came typed (from the API, an import): line ends become `\n`, options are put in the question's
/// order, a blank answer becomes none.
///
/// # Errors
/// What is outside the question's limits, or an answer of another sort.
pub fn accept_answer(question: &Question, answer: Answer) -> Result<Option<Answer>, FieldProblem> {
    if answer.is_blank() {
        return Ok(None);
    }
    let answer = tidied(&question.kind, answer);
    let faults = faults(&question.kind, &question.key, &answer);
    match FieldProblem::of(&question.key, faults, None) {
        Some(problem) => Err(problem),
        None => Ok(Some(answer)),
    }
}

fn tidied(kind: &Kind, answer: Answer) -> Answer {
    match (kind, answer) {
        (_, Answer::Text(text)) => Answer::Text(with_plain_line_ends(&text)),
        (Kind::Choice { options, .. }, Answer::Choices(chosen)) => Answer::Choices(in_order_offered(options, chosen)),
        (Kind::Table { columns, .. }, Answer::Table(rows)) => {
            Answer::Table(rows.into_iter().map(|row| tidied_row(columns, row)).filter(|row| !row.is_empty()).collect())
        }
        (_, answer) => answer,
    }
}

fn tidied_row(columns: &[Column], row: Row) -> Row {
    row.into_iter()
        .filter(|(_, cell)| !cell.is_blank())
        .map(|(key, cell)| match columns.iter().find(|c| c.key == key) {
            Some(column) => {
                let cell = tidied(&column.kind, cell);
                (key, cell)
            }
            None => (key, cell),
        })
        .collect()
}

pub(crate) fn with_plain_line_ends(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// Each option once, in the order offered; options the question does not have come last, to be refused.
pub(crate) fn in_order_offered(options: &[ChoiceOption], chosen: Vec<String>) -> Vec<String> {
    let place = |key: &String| options.iter().position(|option| option.key == *key).unwrap_or(options.len());
    let mut ordered = chosen;
    ordered.sort_by_key(place);
    let mut seen = std::collections::BTreeSet::new();
    ordered.retain(|key| seen.insert(key.clone()));
    ordered
}

/// Everything wrong with an answer, each at its form field.
pub(crate) fn faults(kind: &Kind, field: &str, answer: &Answer) -> Vec<Fault> {
    match (kind, answer) {
        (Kind::Table { columns, max_rows, .. }, Answer::Table(rows)) => {
            let mut found: Vec<Fault> = too_many_rows(field, *max_rows, rows.len()).into_iter().collect();
            for (number, row) in rows.iter().enumerate() {
                for (key, cell) in row {
                    let name = format!("{field}-{number}-{key}");
                    match columns.iter().find(|column| column.key == *key) {
                        Some(column) => found.extend(fault(&column.kind, &name, cell)),
                        None => found.push(Fault::new(
                            name,
                            format!("The table has no column '{key}'"),
                            "Leave this cell out",
                        )),
                    }
                }
            }
            found
        }
        _ => fault(kind, field, answer).into_iter().collect(),
    }
}

pub(crate) fn too_many_rows(field: &str, max_rows: Option<u32>, rows: usize) -> Option<Fault> {
    let max = max_rows.and_then(|max| usize::try_from(max).ok())?;
    (rows > max).then(|| {
        Fault::new(
            field,
            format!("The table has {}; at most {max} are allowed", counted(rows, "row")),
            format!("Remove {}", counted(rows - max, "row")),
        )
    })
}

/// The first thing wrong with a single value.
pub(crate) fn fault(kind: &Kind, field: &str, answer: &Answer) -> Option<Fault> {
    let wrong = match (kind, answer) {
        (Kind::Text { word_limit, lines }, Answer::Text(text)) => text_fault(text, *word_limit, *lines),
        (Kind::Number { min, max, decimals, .. }, Answer::Number(number)) => {
            number_fault(*number, *min, *max, usize::from(*decimals))
        }
        (Kind::Money { min, max }, Answer::Money(money)) => money_fault(*money, min.unwrap_or(Money::ZERO), *max),
        (Kind::Date { earliest, latest }, Answer::Date(date)) => date_fault(*date, *earliest, *latest),
        (Kind::Choice { options, many: false }, Answer::Choice(chosen)) => {
            unknown_option(options, std::slice::from_ref(chosen))
        }
        (Kind::Choice { options, many: true }, Answer::Choices(chosen)) => unknown_option(options, chosen),
        (Kind::File { .. }, Answer::File(_)) => None,
        (kind, _) => Some((
            format!("This question takes {}, and the answer is something else", kind.in_words()),
            "Answer it again".to_owned(),
        )),
    };
    wrong.map(|(message, mend)| Fault::new(field, message, mend))
}

/// What is wrong, and what to do.
pub(crate) type Wrong = Option<(String, String)>;

fn text_fault(text: &str, word_limit: Option<u32>, lines: u16) -> Wrong {
    if let Some(wrong) = unfit_text(text) {
        return Some(wrong);
    }
    if lines == 1 && text.contains('\n') {
        return Some(("This answer takes a single line".to_owned(), "Remove the line breaks".to_owned()));
    }
    let limit = word_limit.and_then(|limit| usize::try_from(limit).ok())?;
    let words = word_count(text);
    (words > limit).then(|| {
        (
            format!("This answer has {}; the limit is {limit}", counted(words, "word")),
            format!("Remove {}", counted(words - limit, "word")),
        )
    })
}

/// Text no field takes: too long for anything, or with characters that cannot be shown.
pub(crate) fn unfit_text(text: &str) -> Wrong {
    let characters = text.chars().count();
    if characters <= MAX_CHARACTERS {
        return unseen_character(text);
    }
    Some((
        format!("This text has {}, more than any answer may have", counted(characters, "character")),
        format!("Remove {}", counted(characters - MAX_CHARACTERS, "character")),
    ))
}

/// Control characters other than line ends and tabs: they cannot be printed, and a database may refuse them.
pub(crate) fn unseen_character(text: &str) -> Wrong {
    let place = text.chars().position(|c| c.is_control() && !matches!(c, '\n' | '\t'))?;
    let before: String = text.chars().take(place).collect();
    let words: Vec<&str> = before.split_whitespace().collect();
    let last: Vec<&str> = words.iter().rev().take(3).rev().copied().collect();
    let whereabouts = if last.is_empty() { "at the start".to_owned() } else { format!("after '{}'", last.join(" ")) };
    Some((
        format!("This text holds a character that cannot be shown, {whereabouts}"),
        "Delete it, or paste the text again as plain text".to_owned(),
    ))
}

fn number_fault(number: Decimal, min: Option<Decimal>, max: Option<Decimal>, decimals: usize) -> Wrong {
    if number.decimals() > decimals {
        let mend = match decimals {
            0 => "Enter a whole number".to_owned(),
            1 => "Use at most one figure after the point".to_owned(),
            several => format!("Use at most {several} figures after the point"),
        };
        return Some(("This number is more exact than the question asks".to_owned(), mend));
    }
    outside(number, min, max, "number", Decimal::grouped)
}

fn money_fault(money: Money, min: Money, max: Option<Money>) -> Wrong {
    outside(money, Some(min), max, "amount", |money| money.to_string())
}

fn outside<T: PartialOrd + Copy>(
    value: T,
    min: Option<T>,
    max: Option<T>,
    what: &str,
    show: impl Fn(T) -> String,
) -> Wrong {
    if let Some(min) = min.filter(|min| value < *min) {
        return Some((format!("This {what} is too small"), format!("Enter {} or more", show(min))));
    }
    let max = max.filter(|max| value > *max)?;
    Some((format!("This {what} is too large"), format!("Enter {} or less", show(max))))
}

fn date_fault(date: NaiveDate, earliest: Option<NaiveDate>, latest: Option<NaiveDate>) -> Wrong {
    if let Some(earliest) = earliest.filter(|earliest| date < *earliest) {
        return Some(("This date is too early".to_owned(), format!("Enter {} or later", in_plain_date(earliest))));
    }
    let latest = latest.filter(|latest| date > *latest)?;
    Some(("This date is too late".to_owned(), format!("Enter {} or earlier", in_plain_date(latest))))
}

pub(crate) fn unknown_option(options: &[ChoiceOption], chosen: &[String]) -> Wrong {
    let offered = |key: &String| options.iter().any(|option| option.key == *key);
    (!chosen.iter().all(offered)).then(|| {
        ("The option sent is not one of those offered".to_owned(), format!("Choose from: {}", list_of_options(options)))
    })
}

/// What is wrong with an attached file, from what the store knows of it.
pub(crate) fn file_fault(accept: &[String], max_bytes: u64, facts: Option<&FileFacts>) -> Wrong {
    let Some(facts) = facts else {
        return Some(("The attached file did not arrive, or was removed".to_owned(), "Attach it again".to_owned()));
    };
    if facts.bytes == 0 {
        return Some((format!("'{}' is empty", facts.name), "Attach a file with something in it".to_owned()));
    }
    if facts.bytes > max_bytes {
        return Some((
            format!("'{}' is larger than {}", facts.name, in_megabytes(max_bytes)),
            "Attach a smaller file".to_owned(),
        ));
    }
    let is_accepted = accept.is_empty() || accept.iter().any(|kind| accepts(kind, facts));
    (!is_accepted).then(|| {
        (
            format!("'{}' is not a kind of file accepted here", facts.name),
            format!("Attach one of: {}", accept.join(", ")),
        )
    })
}

fn accepts(kind: &str, facts: &FileFacts) -> bool {
    let kind = kind.to_ascii_lowercase();
    if kind.starts_with('.') {
        return facts.name.to_ascii_lowercase().ends_with(&kind);
    }
    match kind.strip_suffix('*') {
        Some(family) => facts.media_type.starts_with(family),
        None => facts.media_type == kind,
    }
}

/// `5 MB`, `1.5 MB` or `200 kB`, in powers of ten, rounded down so that the limit shown is never above the real one.
pub(crate) fn in_megabytes(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ if (bytes / 100_000).is_multiple_of(10) => format!("{} MB", bytes / 1_000_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

pub(crate) fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {what}{plural}", Decimal::whole(i64::try_from(count).unwrap_or(i64::MAX)).grouped())
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::sample;

    fn accept(key: &str, answer: Answer) -> Result<Option<Answer>, String> {
        let set = sample::bid();
        accept_answer(set.question(key).unwrap(), answer).map_err(|problem| problem.to_string())
    }

    #[test]
    fn typed_answers_are_tidied() {
        assert_eq!(accept("vision", Answer::Text("a\r\nb".into())), Ok(Some(Answer::Text("a\nb".into()))));
        assert_eq!(accept("vision", Answer::Text("  ".into())), Ok(None));
        let chosen = vec!["tertiary".into(), "primary".into(), "tertiary".into()];
        assert_eq!(
            accept("settings", Answer::Choices(chosen)),
            Ok(Some(Answer::Choices(vec!["primary".into(), "tertiary".into()])))
        );
        let name = |name: &str| Row::from([("name".to_owned(), Answer::Text(name.to_owned()))]);
        assert_eq!(
            accept("partners", Answer::Table(vec![name(" "), name("a"), Row::new()])),
            Ok(Some(Answer::Table(vec![name("a")])))
        );
    }

    #[test]
    fn typed_answers_of_another_sort_or_outside_limits_are_refused() {
        for (key, answer, problem) in [
            (
                "vision",
                Answer::Money(Money(5)),
                "This question takes text, and the answer is something else. Answer it again",
            ),
            (
                "legal_form",
                Answer::Choices(vec!["cic".into()]),
                "This question takes a choice, and the answer is something else. Answer it again",
            ),
            (
                "settings",
                Answer::Choices(vec!["none".into()]),
                "The option sent is not one of those offered. Choose from: Primary care, Secondary care, Tertiary care",
            ),
            ("amount", Answer::Money(Money(i64::MAX)), "This amount is too large. Enter £1,100,000 or less"),
            (
                "vision",
                Answer::Text("a\0".into()),
                "This text holds a character that cannot be shown, after 'a'. Delete it, or paste the text again as plain text",
            ),
            (
                "partners",
                Answer::Table(vec![Row::from([("cost".into(), Answer::Text("x".into()))])]),
                "The table has no column 'cost'. Leave this cell out",
            ),
            (
                "partners",
                Answer::Table(vec![Row::from([("name".into(), Answer::Text("x\ny".into()))])]),
                "This answer takes a single line. Remove the line breaks",
            ),
            (
                "partners",
                Answer::Table(vec![Row::from([(
                    "name".into(),
                    Answer::Table(vec![Row::from([("a".into(), Answer::Text("x".into()))])]),
                )])]),
                "This question takes text, and the answer is something else. Answer it again",
            ),
        ] {
            assert_eq!(accept(key, answer), Err(problem.to_owned()), "{key}");
        }
    }

    #[test]
    fn files_are_held_to_their_question() {
        let accept = ["application/pdf".to_owned(), ".CSV".to_owned(), "image/*".to_owned()];
        let check = |name: &str, media_type: &str, bytes: u64| {
            let facts = FileFacts { name: name.to_owned(), media_type: media_type.to_owned(), bytes };
            file_fault(&accept, 1_500_000, Some(&facts)).map(|(message, mend)| format!("{message}. {mend}"))
        };
        for (name, media_type) in [("a", "application/pdf"), ("b.csv", "text/plain"), ("c", "image/png")] {
            assert_eq!(check(name, media_type, 1_500_000), None, "{name}");
        }
        assert_eq!(
            check("a.exe", "application/octet-stream", 5).as_deref(),
            Some("'a.exe' is not a kind of file accepted here. Attach one of: application/pdf, .CSV, image/*")
        );
        assert_eq!(
            check("a.pdf", "application/pdf", 1_500_001).as_deref(),
            Some("'a.pdf' is larger than 1.5 MB. Attach a smaller file")
        );
        assert_eq!(
            check("a.pdf", "application/pdf", 0).as_deref(),
            Some("'a.pdf' is empty. Attach a file with something in it")
        );
        assert!(file_fault(&accept, 5, None).is_some());
    }

    #[test]
    fn sizes_are_never_shown_larger_than_they_are() {
        for (bytes, shown) in [
            (999, "999 bytes"),
            (1_999, "1 kB"),
            (999_999, "999 kB"),
            (5_000_000, "5 MB"),
            (5_099_999, "5 MB"),
            (1_560_000, "1.5 MB"),
        ] {
            assert_eq!(in_megabytes(bytes), shown);
        }
    }
}
