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

fn of_question(section: &Section, question: &Question, answers: &Answers, files: &FileIndex) -> Vec<Shortfall> {
    let shortfall = |field: &str, message: String, how_to_mend: String| Shortfall {
        section: section.key.clone(),
        question: question.key.clone(),
        field: field.to_owned(),
        message: format!("{}: {message}", question.label),
        how_to_mend,
    };
    let Some(answer) = given(question, answers) else {
        let missing =
            shortfall(first_field(question).as_str(), "not answered".to_owned(), how_to_answer(&question.kind));
        return question.required.then_some(missing).into_iter().collect();
    };
    let mut found: Vec<Shortfall> = faults(&question.kind, &question.key, answer)
        .into_iter()
        .map(|fault| shortfall(&fault.field, in_mid_sentence(&fault.message), fault.mend))
        .collect();
    found.extend(gaps(question, answer).into_iter().map(|(field, message, mend)| shortfall(&field, message, mend)));
    if let (Kind::File { accept, max_bytes, .. }, Answer::File(id)) = (&question.kind, answer) {
        found.extend(
            file_fault(accept, *max_bytes, files.get(id))
                .map(|(message, mend)| shortfall(&question.key, in_mid_sentence(&message), mend)),
        );
    }
    found
}

/// An answer that says something.
fn given<'a>(question: &Question, answers: &'a Answers) -> Option<&'a Answer> {
    answers.get(&question.key).filter(|answer| !answer.is_blank())
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
    let (Kind::Table { columns, min_rows, .. }, Answer::Table(rows)) = (&question.kind, answer) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let needed = min_rows.and_then(|min| usize::try_from(min).ok()).unwrap_or(0);
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
        Kind::Text { word_limit: Some(limit), .. } => format!("Write up to {limit} words"),
        Kind::Text { .. } => "Write an answer".to_owned(),
        Kind::Number { unit: Some(unit), .. } => format!("Enter a number ({unit})"),
        Kind::Number { .. } => "Enter a number".to_owned(),
        Kind::Money { max: Some(max), .. } => format!("Enter an amount up to {max}"),
        Kind::Money { .. } => "Enter an amount in pounds".to_owned(),
        Kind::Date { earliest: Some(earliest), .. } => format!("Enter a date from {} on", in_plain_date(*earliest)),
        Kind::Date { .. } => "Enter a date".to_owned(),
        Kind::Choice { many: false, .. } => "Choose one option".to_owned(),
        Kind::Choice { many: true, .. } => "Choose at least one option".to_owned(),
        Kind::Table { min_rows, .. } => {
            let rows = min_rows.unwrap_or(1).max(1);
            format!("Fill in at least {}", counted(usize::try_from(rows).unwrap_or(1), "row"))
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
        if faults(&question.kind, &question.key, answer).is_empty() && gaps(question, answer).is_empty() {
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

#[cfg(test)]
mod tests {

    use hiec_kernel::Money;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::answers::{FileFacts, Row};
    use crate::decimal::Decimal;
    use crate::sample;

    fn messages(answers: &Answers, files: &FileIndex) -> Vec<String> {
        shortfalls(&sample::bid(), answers, files)
            .into_iter()
            .map(|s| format!("{}/{}: {}. {}", s.section, s.field, s.message, s.how_to_mend))
            .collect()
    }

    fn whole() -> Answers {
        [
            ("vision", Answer::Text("Care for all".into())),
            ("settings", Answer::Choices(vec!["secondary".into()])),
            ("legal_form", Answer::Choice("cic".into())),
            ("amount", Answer::Money(Money::pounds(600_000))),
        ]
        .into_iter()
        .map(|(key, answer)| (key.to_owned(), answer))
        .collect()
    }

    #[test]
    fn nothing_answered_names_every_required_question() {
        assert_eq!(
            messages(&Answers::new(), &FileIndex::new()),
            [
                "about/vision: Vision: not answered. Write up to 5 words",
                "about/settings: Settings: not answered. Choose at least one option",
                "about/legal_form: Legal form: not answered. Choose one option",
                "money/amount: Amount asked for: not answered. Enter an amount up to £1,100,000",
            ]
        );
        assert_eq!(messages(&whole(), &FileIndex::new()), [] as [&str; 0]);
    }

    #[test]
    fn a_question_counts_once_it_is_asked_and_never_while_hidden() {
        let mut answers = whole();
        answers.set("settings", Some(Answer::Choices(vec!["primary".into()])));
        assert_eq!(
            messages(&answers, &FileIndex::new()),
            ["money/match_reason: Why so much: not answered. Write up to 20 words"]
        );
        // Over its limit, but hidden again: kept and ignored.
        answers.set("match_reason", Some(Answer::Text("too ".repeat(30))));
        assert_eq!(
            messages(&answers, &FileIndex::new()),
            ["money/match_reason: Why so much: this answer has 30 words; the limit is 20. Remove 10 words"]
        );
        answers.set("legal_form", Some(Answer::Choice("charity".into())));
        assert_eq!(messages(&answers, &FileIndex::new()), [] as [&str; 0]);
        assert!(answers.get("match_reason").is_some());
    }

    #[test]
    fn tables_need_their_rows_and_cells() {
        let mut answers = whole();
        let cash_only = Row::from([("cash".to_owned(), Answer::Money(Money(500)))]);
        answers.set("partners", Some(Answer::Table(vec![cash_only])));
        assert_eq!(
            messages(&answers, &FileIndex::new()),
            [
                "money/partners: Partners: 1 row of at least 2. Add 1 row",
                "money/partners-0-name: Partners: row 1 has no 'Name'. Fill it in, or remove the row",
            ]
        );
    }

    #[test]
    fn files_must_be_there() {
        let mut answers = whole();
        answers.set("accounts", Some(Answer::File(Uuid::nil())));
        assert_eq!(
            messages(&answers, &FileIndex::new()),
            ["money/accounts: Accounts: the attached file did not arrive, or was removed. Attach it again"]
        );
        let facts = FileFacts { name: "accounts.pdf".into(), media_type: "application/pdf".into(), bytes: 5 };
        assert_eq!(messages(&answers, &FileIndex::from([(Uuid::nil(), facts)])), [] as [&str; 0]);
    }

    #[test]
    fn an_optional_question_left_empty_is_no_shortfall_but_a_wrong_one_is() {
        let mut answers = whole();
        answers.set("share", Some(Answer::Number(Decimal::whole(101))));
        assert_eq!(
            messages(&answers, &FileIndex::new()),
            ["money/share: Share of time: this number is too large. Enter 100 or less"]
        );
    }

    fn states(answers: &Answers) -> Vec<(Progress, ProgressState)> {
        let set = sample::bid();
        let visibilities = Visibilities::of(&set, answers);
        set.sections
            .iter()
            .map(|section| progress(section, answers, &visibilities))
            .map(|progress| (progress, progress.state()))
            .collect()
    }

    #[test]
    fn a_task_list_counts_what_is_asked() {
        let nothing = states(&Answers::new());
        assert_eq!(nothing[0], (Progress { required: 3, total: 3, ..Progress::default() }, ProgressState::NotStarted));
        assert_eq!(nothing[1].0, Progress { required: 1, total: 4, undetermined: 1, ..Progress::default() });

        let mut answers = whole();
        let done = states(&answers);
        assert_eq!(
            done[0],
            (
                Progress { answered: 3, required_answered: 3, required: 3, total: 3, ..Progress::default() },
                ProgressState::Completed
            )
        );
        assert_eq!(done[1].1, ProgressState::Completed);

        answers.set("vision", Some(Answer::Text("one two three four five six".into())));
        let (counts, state) = states(&answers)[0];
        assert_eq!((counts.answered, counts.faulty, state), (2, 1, ProgressState::InProgress));
        let nothing_asked = progress(&Section::default(), &answers, &Visibilities::of(&sample::bid(), &answers));
        assert_eq!(nothing_asked.state(), ProgressState::NothingToDo);
    }

    fn any_answer() -> impl Strategy<Value = Answer> {
        let simple = prop_oneof![
            "[a-z ]{0,40}".prop_map(Answer::Text),
            any::<i64>().prop_map(|pence| Answer::Money(Money(pence))),
            any::<i64>().prop_map(|number| Answer::Number(Decimal::whole(number))),
            prop::sample::select(vec!["charity", "cic", "other"]).prop_map(|o| Answer::Choice(o.into())),
            prop::collection::vec(prop::sample::select(vec!["primary".to_owned(), "other".to_owned()]), 0..3)
                .prop_map(Answer::Choices),
        ];
        prop_oneof![
            simple.clone(),
            prop::collection::vec(
                prop::collection::btree_map(
                    prop::sample::select(vec!["name".to_owned(), "cash".to_owned(), "x".to_owned()]),
                    simple,
                    0..3
                ),
                0..5
            )
            .prop_map(Answer::Table),
        ]
    }

    proptest! {
        /// Whatever is stored, of whatever sort: shortfalls, progress, rows and schema end, and agree with each other.
        #[test]
        fn any_stored_answers_are_judged(stored in prop::collection::btree_map(
            prop::sample::select(sample::bid().questions().map(|(_, q)| q.key.clone()).collect::<Vec<_>>()),
            any_answer(), 0..9)) {
            let set = sample::bid();
            let answers: Answers = stored.into_iter().collect();
            let json = serde_json::to_string(&answers).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Answers>(&json).unwrap(), &answers);

            let visibilities = Visibilities::of(&set, &answers);
            let short = shortfalls(&set, &answers, &FileIndex::new());
            for section in &set.sections {
                let so_far = progress(section, &answers, &visibilities);
                prop_assert!(so_far.answered + so_far.faulty <= so_far.total);
                // A question falls short when it is faulty, or required and not answered at all.
                let empty = section.questions.iter().filter(|question| {
                    question.required
                        && visibilities.is_visible(&question.key)
                        && given(question, &answers).is_none()
                });
                let named: std::collections::BTreeSet<&str> = short
                    .iter()
                    .filter(|shortfall| shortfall.section == section.key)
                    .map(|shortfall| shortfall.question.as_str())
                    .collect();
                prop_assert_eq!(named.len(), so_far.faulty + empty.count());
            }
            for row in crate::flat_rows(&set, &answers, &FileIndex::new()) {
                let key = row.question.split('.').next().unwrap_or_default().to_owned();
                prop_assert!(visibilities.of_question(&key) != Visibility::Hidden);
            }
        }
    }
}
