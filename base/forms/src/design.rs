//! What is wrong with a question set before it can be published; it mends nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::condition::{KEYWORDS, check_condition};
use crate::limits::{counted, unseen_character};
use crate::question_set::{ChoiceOption, Column, Kind, Question, QuestionSet, Section};

pub const MAX_SECTIONS: usize = 50;
pub const MAX_QUESTIONS: usize = 500;
pub const MAX_OPTIONS: usize = 200;
pub const MAX_COLUMNS: usize = 20;
pub const MAX_ROWS: u32 = 1_000;
pub const MAX_WORD_LIMIT: u32 = 15_000;
pub const MAX_LINES: u16 = 100;
pub const MAX_FILE_BYTES: u64 = 500_000_000;
const MAX_KEY: usize = 60;
const MAX_LABEL: usize = 500;
const MAX_GUIDANCE: usize = 10_000;
const MAX_ACCEPT: usize = 50;
/// With as many, conditions are not looked at any more: the rest show once these are mended.
const MOST_PROBLEMS: usize = 100;

/// Field names our own pages use beside the answers. Further ones of theirs begin with `_`, which no key does.
const RESERVED_FIELDS: [&str; 8] =
    ["action", "csrf", "csrf_token", "lock", "return_to", "section", "submit", "version"];

/// One thing to mend in the design of a question set.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DesignProblem {
    /// Where, counted from 0: `sections.1.questions.0.show_when`.
    pub path: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// Everything that keeps a question set from being published, in the order it stands there. Empty: it can be.
pub fn design_problems(set: &QuestionSet) -> Vec<DesignProblem> {
    let mut report = Report::default();
    report.key("key", "The question set", &set.key);
    report.title("title", "The question set", &set.title);
    let questions = set.questions().count();
    report.size("sections", "sections", set.sections.len(), MAX_SECTIONS);
    if questions > MAX_QUESTIONS {
        report.add("sections", format!("There are {questions} questions; at most {MAX_QUESTIONS} are allowed."));
        return report.problems;
    }
    report.unique(
        set.sections.iter().map(|section| section.key.as_str()),
        |place| format!("sections.{place}.key"),
        "section",
    );
    let mut asked = BTreeMap::new();
    for (place, section) in set.sections.iter().enumerate() {
        let path = format!("sections.{place}");
        report.section(&path, section);
        for (place, question) in section.questions.iter().enumerate() {
            let path = format!("{path}.questions.{place}");
            report.question(&path, question);
            if let Some(first) = asked.insert(question.key.as_str(), &question.label) {
                report.add(
                    format!("{path}.key"),
                    format!(
                        "'{}' is also the key of the question '{first}'. Give each question a key of its own.",
                        question.key
                    ),
                );
            }
            if let Some(condition) = &question.show_when
                && report.problems.len() < MOST_PROBLEMS
            {
                for problem in check_condition(set, &question.key, condition) {
                    report.add(format!("{path}.show_when"), sentence(&problem.to_string()));
                }
            }
        }
    }
    report.problems
}

/// Why a text cannot be the key of a question, section or column; `None` when it can.
pub fn key_problem(key: &str) -> Option<String> {
    let is_shaped = key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if key.is_empty() {
        Some("needs a key, for example 'legal_form'.".to_owned())
    } else if !is_shaped {
        Some(format!(
            "has the key '{key}'. A key begins with a small letter and holds small letters, figures and underscores only."
        ))
    } else if key.len() > MAX_KEY {
        Some(format!("has a key of {} characters; at most {MAX_KEY} are allowed.", key.len()))
    } else if KEYWORDS.contains(&key) || RESERVED_FIELDS.contains(&key) {
        Some(format!("has the key '{key}', a word the program itself uses. Choose another, for example 'the_{key}'."))
    } else {
        None
    }
}

#[derive(Default)]
struct Report {
    problems: Vec<DesignProblem>,
}

impl Report {
    fn section(&mut self, path: &str, section: &Section) {
        let who = format!("Section '{}'", section.title);
        self.key(&format!("{path}.key"), &who, &section.key);
        self.title(&format!("{path}.title"), "A section", &section.title);
        self.guidance(path, &who, &section.guidance);
        if section.questions.is_empty() {
            self.add(format!("{path}.questions"), format!("{who} has no questions. Add one, or remove the section."));
        }
    }

    fn question(&mut self, path: &str, question: &Question) {
        let who = format!("Question '{}'", question.label);
        self.key(&format!("{path}.key"), &who, &question.key);
        self.title(&format!("{path}.label"), &format!("The question '{}'", question.key), &question.label);
        self.guidance(path, &who, &question.guidance);
        self.unique(question.serves.iter().map(String::as_str), |place| format!("{path}.serves.{place}"), "criterion");
        if question.principle.as_deref().is_some_and(|p| p.trim().is_empty()) {
            self.add(format!("{path}.principle"), format!("{who} names an empty principle. Choose one, or none."));
        }
        self.kind(&format!("{path}.kind"), &who, &question.kind);
    }

    fn kind(&mut self, path: &str, who: &str, kind: &Kind) {
        match kind {
            Kind::Text { word_limit, lines } => {
                if let Some(limit) = word_limit
                    && !(1..=MAX_WORD_LIMIT).contains(limit)
                {
                    self.add(
                        format!("{path}.word_limit"),
                        format!("{who} has a limit of {limit} words. It must be from 1 to {MAX_WORD_LIMIT}."),
                    );
                }
                if !(1..=MAX_LINES).contains(lines) {
                    self.add(
                        format!("{path}.lines"),
                        format!("{who} shows {lines} lines. It must be from 1 to {MAX_LINES}."),
                    );
                }
            }
            Kind::Number { min, max, decimals, .. } => {
                self.order(path, who, *min, *max);
                if *decimals > 6 {
                    self.add(
                        format!("{path}.decimals"),
                        format!("{who} allows {decimals} figures after the point; at most 6 are possible."),
                    );
                }
                let exact = |limit: &&_| usize::from(*decimals) < crate::Decimal::decimals(**limit);
                if let Some(limit) = [min, max].into_iter().flatten().find(exact) {
                    self.add(
                        format!("{path}.decimals"),
                        format!("{who} has the limit {limit}, more exact than an answer may be. Round it, or allow more figures after the point."),
                    );
                }
            }
            Kind::Money { min, max } => {
                self.order(path, who, Some(min.unwrap_or_default()), *max);
            }
            Kind::Date { earliest, latest } => self.order(path, who, *earliest, *latest),
            Kind::Choice { options, .. } => self.options(path, who, options),
            Kind::Table { columns, min_rows, max_rows } => {
                self.columns(path, who, columns);
                self.order(path, who, *min_rows, *max_rows);
                let out_of_range = |rows: &u32| !(1..=MAX_ROWS).contains(rows);
                if let Some(rows) = [max_rows, min_rows].into_iter().flatten().copied().find(out_of_range) {
                    self.add(
                        format!("{path}.max_rows"),
                        format!("{who} has a limit of {rows} rows. It must be from 1 to {MAX_ROWS}."),
                    );
                }
            }
            Kind::File { accept, max_bytes } => self.file(path, who, accept, *max_bytes),
        }
    }

    fn options(&mut self, path: &str, who: &str, options: &[ChoiceOption]) {
        let path = format!("{path}.options");
        if options.is_empty() {
            self.add(&path, format!("{who} offers no options. Add some."));
        }
        self.size(&path, "options", options.len(), MAX_OPTIONS);
        for (place, option) in options.iter().enumerate() {
            let is_shaped = !option.key.is_empty()
                && option.key.len() <= MAX_KEY
                && option.key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
            if !is_shaped {
                self.add(
                    format!("{path}.{place}.key"),
                    format!(
                        "{who} has an option with the key '{}'. Use letters, figures, '_', '-' and '.', up to {MAX_KEY} in all.",
                        option.key
                    ),
                );
            }
            self.title(&format!("{path}.{place}.label"), &format!("An option of {who}"), &option.label);
        }
        let key = |place: usize| format!("{path}.{place}.key");
        self.unique(options.iter().map(|o| o.key.as_str()), key, "option");
        let label = |place: usize| format!("{path}.{place}.label");
        self.unique(options.iter().map(|o| o.label.trim()), label, "option");
    }

    fn columns(&mut self, path: &str, who: &str, columns: &[Column]) {
        let path = format!("{path}.columns");
        if columns.is_empty() {
            self.add(&path, format!("{who} is a table without columns. Add some."));
        }
        self.size(&path, "columns", columns.len(), MAX_COLUMNS);
        for (place, column) in columns.iter().enumerate() {
            let path = format!("{path}.{place}");
            let who = format!("Column '{}' of {who}", column.label);
            self.key(&format!("{path}.key"), &who, &column.key);
            self.title(&format!("{path}.label"), "A column", &column.label);
            if column.kind.is_simple() {
                self.kind(&format!("{path}.kind"), &who, &column.kind);
            } else {
                self.add(
                    format!("{path}.kind"),
                    format!(
                        "{who} is {}. A column takes text, a number, money, a date or a choice of one.",
                        column.kind.in_words()
                    ),
                );
            }
        }
        let key = |place: usize| format!("{path}.{place}.key");
        self.unique(columns.iter().map(|c| c.key.as_str()), key, "column");
    }

    fn file(&mut self, path: &str, who: &str, accept: &[String], max_bytes: u64) {
        if !(1..=MAX_FILE_BYTES).contains(&max_bytes) {
            self.add(
                format!("{path}.max_bytes"),
                format!("{who} takes files of up to {max_bytes} bytes. It must be from 1 to {MAX_FILE_BYTES}."),
            );
        }
        self.size(&format!("{path}.accept"), "kinds of file", accept.len(), MAX_ACCEPT);
        for (place, kind) in accept.iter().enumerate() {
            if !is_kind_of_file(kind) {
                self.add(
                    format!("{path}.accept.{place}"),
                    format!("{who} accepts '{kind}', which is no kind of file. Write for example 'application/pdf', 'image/*' or '.pdf'."),
                );
            }
        }
    }

    fn order<T: PartialOrd>(&mut self, path: &str, who: &str, least: Option<T>, most: Option<T>) {
        if let (Some(least), Some(most)) = (least, most)
            && least > most
        {
            self.add(
                path,
                format!("{who} has a lower limit above its upper limit, so nothing could be answered. Change one."),
            );
        }
    }

    fn size(&mut self, path: &str, what: &str, size: usize, most: usize) {
        if size > most {
            self.add(path, format!("There are {size} {what}; at most {most} are allowed."));
        }
    }

    /// Reports each second use of a word that must be used once.
    fn unique<'a>(&mut self, words: impl Iterator<Item = &'a str>, path: impl Fn(usize) -> String, what: &str) {
        let mut seen = BTreeSet::new();
        for (place, word) in words.enumerate() {
            if !word.is_empty() && !seen.insert(word) {
                self.add(path(place), format!("There is more than one {what} '{word}'. Change or remove one."));
            }
        }
    }

    fn key(&mut self, path: &str, who: &str, key: &str) {
        if let Some(problem) = key_problem(key) {
            self.add(path, format!("{who} {problem}"));
        }
    }

    fn title(&mut self, path: &str, who: &str, title: &str) {
        if title.trim().is_empty() {
            self.add(path, format!("{who} has no title. Write what people should read."));
        }
        self.readable(path, who, title, MAX_LABEL);
    }

    fn guidance(&mut self, path: &str, who: &str, guidance: &str) {
        self.readable(&format!("{path}.guidance"), who, guidance, MAX_GUIDANCE);
    }

    fn readable(&mut self, path: &str, who: &str, text: &str, most: usize) {
        let length = text.chars().count();
        if length > most {
            self.add(
                path,
                format!("{who} has a text of {}; at most {most} are allowed.", counted(length, "character")),
            );
        }
        if let Some((message, mend)) = unseen_character(text) {
            self.add(path, format!("{message}. {mend}."));
        }
    }

    fn add(&mut self, path: impl Into<String>, message: String) {
        self.problems.push(DesignProblem { path: path.into(), message });
    }
}

fn is_kind_of_file(kind: &str) -> bool {
    let is_word = |text: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.' | '_'))
    };
    match (kind.strip_prefix('.'), kind.split_once('/')) {
        (Some(ending), _) => is_word(ending),
        (None, Some((family, sort))) => is_word(family) && (sort == "*" || is_word(sort)),
        (None, None) => false,
    }
}

/// "Line 1, character 9: …"
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

#[cfg(test)]
mod tests;
