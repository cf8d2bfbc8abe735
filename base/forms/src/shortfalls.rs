//! What is still missing before answers can be submitted, and how far they are; it changes nothing and hides nothing.

use serde::Serialize;

use crate::answers::{Answer, Answers, FileIndex};
use crate::display::in_plain_date;
use crate::limits::{counted, faults, file_fault, in_megabytes};
use crate::question_set::{Kind, Question, QuestionSet, Section};
use crate::visibility::{Visibilities, Visibility};

/// One thing that stands between these answers and submission.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Shortfall {
    /// Key of the section.
    pub section: String,
    /// Key of the question.
    pub question: String,
    /// The form field to link to: the question's key, or a cell of its table.
    pub field: String,
    /// What is missing or wrong, naming the question; a sentence without full stop.
    pub message: String,
    /// What to do; a sentence without full stop.
    pub how_to_mend: String,
}

/// Everything that keeps the answers from being submitted, in the order asked. Empty: they can be.
///
/// Only questions that are asked count: an answer to a hidden question is ignored (and kept), and a question whose
/// condition is undetermined is not asked, because what decides it was left empty as it was allowed to be.
pub fn shortfalls(set: &QuestionSet, answers: &Answers, files: &FileIndex) -> Vec<Shortfall> {
    let visibilities = Visibilities::of(set, answers);
    set.questions()
        .filter(|(_, question)| visibilities.is_visible(&question.key))
        .flat_map(|(section, question)| of_question(section, question, answers, files))
        .collect()
}

fn of_question(
    section: &Section,
    question: &Question,
    answers: &Answers,
    files: &FileIndex,
) -> Vec<Shortfall> {
    let shortfall = |field: &str, message: String, how_to_mend: String| Shortfall {
        section: section.key.clone(),
        question: question.key.clone(),
        field: field.to_owned(),
        message: format!("{}: {message}", question.label),
        how_to_mend,
    };
    let Some(answer) = given(question, answers) else {
        let missing = shortfall(
            first_field(question).as_str(),
            "not answered".to_owned(),
            how_to_answer(&question.kind),
        );
        return question.required.then_some(missing).into_iter().collect();
    };
    let mut found: Vec<Shortfall> = faults(&question.kind, &question.key, answer)
        .into_iter()
        .map(|fault| shortfall(&fault.field, in_mid_sentence(&fault.message), fault.mend))
        .collect();
    found.extend(
        gaps(question, answer)
            .into_iter()
            .map(|(field, message, mend)| shortfall(&field, message, mend)),
    );
    if let (
        Kind::File {
            accept, max_bytes, ..
        },
        Answer::File(id),
    ) = (&question.kind, answer)
    {
        found.extend(
            file_fault(accept, *max_bytes, files.get(id))
                .map(|(message, mend)| shortfall(&question.key, in_mid_sentence(&message), mend)),
        );
    }
    found
}

/// An answer that says something.
fn given<'a>(question: &Question, answers: &'a Answers) -> Option<&'a Answer> {
    answers
        .get(&question.key)
        .filter(|answer| !answer.is_blank())
}

fn first_field(question: &Question) -> String {
    match &question.kind {
        Kind::Date { .. } => format!("{}-day", question.key),
        _ => question.key.clone(),
    }
}

/// "This answer has …" after a colon.
fn in_mid_sentence(message: &str) -> String {
    let mut letters = message.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().to_string() + letters.as_str(),
        None => String::new(),
    }
}

/// What a table lacks to be whole: rows, or cells each row must have. A draft may have gaps.
fn gaps(question: &Question, answer: &Answer) -> Vec<(String, String, String)> {
    let (
        Kind::Table {
            columns, min_rows, ..
        },
        Answer::Table(rows),
    ) = (&question.kind, answer)
    else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let needed = min_rows
        .and_then(|min| usize::try_from(min).ok())
        .unwrap_or(0);
    if rows.len() < needed {
        found.push((
            question.key.clone(),
            format!("{} of at least {needed}", counted(rows.len(), "row")),
            format!("Add {}", counted(needed - rows.len(), "row")),
        ));
    }
    for (number, row) in rows.iter().enumerate() {
        let is_missing = |key: &str| row.get(key).is_none_or(Answer::is_blank);
        for column in columns.iter().filter(|c| c.required && is_missing(&c.key)) {
            found.push((
                format!("{}-{number}-{}", question.key, column.key),
                format!("row {} has no '{}'", number + 1, column.label),
                "Fill it in, or remove the row".to_owned(),
            ));
        }
    }
    found
}

fn how_to_answer(kind: &Kind) -> String {
    match kind {
        Kind::Text {
            word_limit: Some(limit),
            ..
        } => format!("Write up to {limit} words"),
        Kind::Text { .. } => "Write an answer".to_owned(),
        Kind::Number {
            unit: Some(unit), ..
        } => format!("Enter a number ({unit})"),
        Kind::Number { .. } => "Enter a number".to_owned(),
        Kind::Money { max: Some(max), .. } => format!("Enter an amount up to {max}"),
        Kind::Money { .. } => "Enter an amount in pounds".to_owned(),
        Kind::Date {
            earliest: Some(earliest),
            ..
        } => format!("Enter a date from {} on", in_plain_date(*earliest)),
        Kind::Date { .. } => "Enter a date".to_owned(),
        Kind::Choice { many: false, .. } => "Choose one option".to_owned(),
        Kind::Choice { many: true, .. } => "Choose at least one option".to_owned(),
        Kind::Table { min_rows, .. } => {
            let rows = min_rows.unwrap_or(1).max(1);
            format!(
                "Fill in at least {}",
                counted(usize::try_from(rows).unwrap_or(1), "row")
            )
        }
        Kind::File { max_bytes, .. } => {
            format!("Attach a file of up to {}", in_megabytes(*max_bytes))
        }
    }
}

/// How far a section is, for a task list.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Progress {
    /// Questions asked that have a whole answer within its limits. Files are not looked up here.
    pub answered: usize,
    /// Of these, the required ones.
    pub required_answered: usize,
    /// Questions asked that must be answered.
    pub required: usize,
    /// Questions asked.
    pub total: usize,
    /// Questions that may yet be asked, depending on missing answers.
    pub undetermined: usize,
    /// Answers given that need mending.
    pub faulty: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProgressState {
    /// No question of the section is asked.
    NothingToDo,
    NotStarted,
    InProgress,
    /// Everything required is answered and nothing needs mending.
    Completed,
}

/// How far one section of a set is.
pub fn progress(section: &Section, answers: &Answers, visibilities: &Visibilities) -> Progress {
    let mut so_far = Progress::default();
    for question in &section.questions {
        match visibilities.of_question(&question.key) {
            Visibility::Hidden => continue,
            Visibility::Undetermined => {
                so_far.undetermined += 1;
                continue;
            }
            Visibility::Visible => {}
        }
        so_far.total += 1;
        so_far.required += usize::from(question.required);
        let Some(answer) = given(question, answers) else {
            continue;
        };
        if faults(&question.kind, &question.key, answer).is_empty()
            && gaps(question, answer).is_empty()
        {
            so_far.answered += 1;
            so_far.required_answered += usize::from(question.required);
        } else {
            so_far.faulty += 1;
        }
    }
    so_far
}

impl Progress {
    pub fn state(self) -> ProgressState {
        if self.total == 0 && self.undetermined == 0 {
            ProgressState::NothingToDo
        } else if self.answered + self.faulty == 0 {
            ProgressState::NotStarted
        } else if self.required_answered == self.required && self.faulty == 0 {
            ProgressState::Completed
        } else {
            ProgressState::InProgress
        }
    }
}
