//! Says whether a condition holds, in three values; it gives an answer for every tree and every set of answers.

use std::cmp::Ordering;
use std::ops::Not;

use chrono::NaiveDate;
use hiec_kernel::Money;

use super::expression::{Expression, Name, Operand, Relation};
use crate::answers::Answer;
use crate::decimal::Decimal;

/// Whether something holds, when part of what decides it may not be known yet (Kleene's strong three values).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Truth {
    True,
    False,
    Unknown,
}

/// What is known of the answer to a question when a condition is evaluated.
#[derive(Clone, Copy, Debug)]
pub enum Finding<'a> {
    Answered(&'a Answer),
    /// Asked and not answered yet.
    Unanswered,
    /// Not asked: an answer that was given before counts for nothing.
    NotAsked,
    /// Answered, but whether it is asked is itself not known yet.
    Unsettled,
    /// There is no such question, or it comes later.
    Nowhere,
}

/// Evaluates a condition, with `find` telling what is known of each question.
///
/// - `answered` is false for what is not answered or not asked.
/// - A comparison, `has`, or a function of an unanswered question is unknown.
/// - A question that is not asked has no value: nothing is equal to it, above it or below it, and it has no option.
/// - `!=` is always the opposite of `=`.
pub fn evaluate<'a>(expression: &'a Expression, find: &impl Fn(&str) -> Finding<'a>) -> Truth {
    match expression {
        Expression::All(parts) => all(parts.iter().map(|part| evaluate(part, find))),
        Expression::Any(parts) => !all(parts.iter().map(|part| !evaluate(part, find))),
        Expression::Not(inner) => !evaluate(inner, find),
        Expression::Answered(name) => match find(&name.key) {
            Finding::Answered(_) => Truth::True,
            Finding::Unanswered | Finding::NotAsked => Truth::False,
            Finding::Unsettled | Finding::Nowhere => Truth::Unknown,
        },
        Expression::Has { question, option, .. } => match find(&question.key) {
            Finding::Answered(Answer::Choices(chosen)) => Truth::from(chosen.contains(option)),
            Finding::NotAsked => Truth::False,
            _ => Truth::Unknown,
        },
        Expression::Compare { left, relation, right, .. } => compare(value(left, find), *relation, value(right, find)),
    }
}

fn all(parts: impl Iterator<Item = Truth>) -> Truth {
    let mut together = Truth::True;
    for part in parts {
        match part {
            Truth::False => return Truth::False,
            Truth::Unknown => together = Truth::Unknown,
            Truth::True => {}
        }
    }
    together
}

enum Value<'a> {
    Text(&'a str),
    Number(Decimal),
    Money(Money),
    Date(NaiveDate),
    NotAsked,
    Unknown,
}

fn value<'a>(operand: &'a Operand, find: &impl Fn(&str) -> Finding<'a>) -> Value<'a> {
    match operand {
        Operand::Text(text, _) => Value::Text(text),
        Operand::Number(number, _) => Value::Number(*number),
        Operand::Money(money, _) => Value::Money(*money),
        Operand::Date(date, _) => Value::Date(*date),
        Operand::Answer(name) => of_answer(find, name, answer_value),
        Operand::Count(name) => of_answer(find, name, |answer| match answer {
            Answer::Table(rows) => counted(rows.len()),
            Answer::Choices(chosen) => counted(chosen.len()),
            _ => Value::Unknown,
        }),
        Operand::Words(name) => of_answer(find, name, |answer| match answer {
            Answer::Text(text) => counted(text.split_whitespace().count()),
            _ => Value::Unknown,
        }),
        Operand::Sum { table, column } => of_answer(find, table, |answer| match answer {
            Answer::Table(rows) => sum(rows.iter().filter_map(|row| row.get(&column.key))),
            _ => Value::Unknown,
        }),
    }
}

fn of_answer<'a>(
    find: &impl Fn(&str) -> Finding<'a>,
    name: &Name,
    read: impl FnOnce(&'a Answer) -> Value<'a>,
) -> Value<'a> {
    match find(&name.key) {
        Finding::Answered(answer) => read(answer),
        Finding::NotAsked => Value::NotAsked,
        Finding::Unanswered | Finding::Unsettled | Finding::Nowhere => Value::Unknown,
    }
}

fn answer_value(answer: &Answer) -> Value<'_> {
    match answer {
        Answer::Text(text) | Answer::Choice(text) => Value::Text(text),
        Answer::Number(number) => Value::Number(*number),
        Answer::Money(money) => Value::Money(*money),
        Answer::Date(date) => Value::Date(*date),
        Answer::Choices(_) | Answer::Table(_) | Answer::File(_) => Value::Unknown,
    }
}

fn counted<'a>(count: usize) -> Value<'a> {
    Value::Number(Decimal::whole(i64::try_from(count).unwrap_or(i64::MAX)))
}

/// Adds numbers, or money; cells left empty add nothing. A sum too large to hold is unknown.
fn sum<'a>(cells: impl Iterator<Item = &'a Answer>) -> Value<'a> {
    let mut total: Option<Value<'a>> = None;
    for cell in cells {
        let next = match (total, cell) {
            (None, Answer::Number(number)) => Some(Value::Number(*number)),
            (None, Answer::Money(money)) => Some(Value::Money(*money)),
            (Some(Value::Number(sum)), Answer::Number(number)) => sum.checked_add(*number).map(Value::Number),
            (Some(Value::Money(sum)), Answer::Money(money)) => sum.checked_add(*money).map(Value::Money),
            _ => None,
        };
        match next {
            Some(next) => total = Some(next),
            None => return Value::Unknown,
        }
    }
    total.unwrap_or(Value::Number(Decimal::ZERO))
}

fn compare(left: Value<'_>, relation: Relation, right: Value<'_>) -> Truth {
    let order = match (left, right) {
        (Value::NotAsked, _) | (_, Value::NotAsked) => {
            return Truth::from(relation == Relation::IsNot);
        }
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) => a.cmp(&b),
        (Value::Money(a), Value::Money(b)) => a.cmp(&b),
        (Value::Date(a), Value::Date(b)) => a.cmp(&b),
        // A number beside money was written in pounds.
        (Value::Money(a), Value::Number(b)) => match b.as_pounds() {
            Some(b) => a.cmp(&b),
            None => return Truth::Unknown,
        },
        (Value::Number(a), Value::Money(b)) => match a.as_pounds() {
            Some(a) => a.cmp(&b),
            None => return Truth::Unknown,
        },
        _ => return Truth::Unknown,
    };
    Truth::from(match relation {
        Relation::Is => order == Ordering::Equal,
        Relation::IsNot => order != Ordering::Equal,
        Relation::Below => order == Ordering::Less,
        Relation::AtMost => order != Ordering::Greater,
        Relation::Above => order == Ordering::Greater,
        Relation::AtLeast => order != Ordering::Less,
    })
}

impl Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }
}

#[cfg(test)]
mod tests {

    use proptest::prelude::*;

    use super::*;
    use crate::answers::{Answers, Row};
    use crate::condition::parse_condition;

    fn answers() -> Answers {
        let row = |cash: i64| Row::from([("cash".to_owned(), Answer::Money(Money::pounds(cash)))]);
        [
            ("amount", Answer::Money(Money::pounds(600_000))),
            ("settings", Answer::Choices(vec!["primary".into(), "tertiary".into()])),
            ("legal_form", Answer::Choice("charity".into())),
            ("vision", Answer::Text("four words\nare  here".into())),
            ("partners", Answer::Table(vec![row(5), Row::new(), row(7)])),
            ("share", Answer::Number(Decimal::whole(40))),
            ("starts", Answer::Date(NaiveDate::from_ymd_opt(2010, 4, 1).unwrap())),
            ("accounts", Answer::File(uuid::Uuid::nil())),
        ]
        .into_iter()
        .map(|(key, answer)| (key.to_owned(), answer))
        .collect()
    }

    fn truth(source: &str) -> Truth {
        let answers = answers();
        evaluate(&parse_condition(source).unwrap(), &|key| match key {
            "unanswered" => Finding::Unanswered,
            "not_asked" => Finding::NotAsked,
            "unsettled" => Finding::Unsettled,
            key => answers.get(key).map_or(Finding::Nowhere, Finding::Answered),
        })
    }

    #[test]
    fn answers_decide() {
        for holds in [
            r#"settings has "primary" and amount > 500000 and not (legal_form = "cic")"#,
            "amount = £600,000 and amount >= 600000 and amount <= 600000 and 600000 = amount",
            "amount != 5 and amount > 599999.99",
            "count(settings) = 2 and count(partners) = 3",
            "words(vision) = 4",
            "sum(partners.cash) = 12",
            "share < 40.5 and share > 39.5",
            "starts > 2010-03-31 and starts <= 2010-04-01",
            "answered(accounts)",
            "legal_form != \"cic\"",
        ] {
            assert_eq!(truth(holds), Truth::True, "{holds}");
            assert_eq!(truth(&format!("not ({holds})")), Truth::False, "{holds}");
        }
    }

    #[test]
    fn what_is_missing_is_unknown_unless_it_cannot_matter() {
        for (source, expected) in [
            ("unanswered > 5", Truth::Unknown),
            ("not unanswered > 5", Truth::Unknown),
            ("unanswered has \"x\"", Truth::Unknown),
            ("count(unanswered) = 0", Truth::Unknown),
            ("answered(unanswered)", Truth::False),
            ("answered(unsettled)", Truth::Unknown),
            ("answered(no_such)", Truth::Unknown),
            ("unanswered > 5 and share = 1", Truth::False),
            ("unanswered > 5 and share = 40", Truth::Unknown),
            ("unanswered > 5 or share = 40", Truth::True),
            ("unanswered > 5 or share = 1", Truth::Unknown),
            ("amount > unanswered", Truth::Unknown),
        ] {
            assert_eq!(truth(source), expected, "{source}");
        }
    }

    #[test]
    fn what_is_not_asked_has_no_value() {
        for (source, expected) in [
            ("not_asked = 5", Truth::False),
            ("not_asked != 5", Truth::True),
            ("not_asked < 5 or not_asked >= 5", Truth::False),
            ("not_asked has \"x\"", Truth::False),
            ("answered(not_asked)", Truth::False),
            ("count(not_asked) = 0", Truth::False),
            ("not_asked = unanswered", Truth::False),
        ] {
            assert_eq!(truth(source), expected, "{source}");
        }
    }

    #[test]
    fn what_cannot_be_compared_is_unknown() {
        for source in [
            "amount = \"x\"",
            "vision > 5",
            "settings = \"primary\"",
            "words(amount) = 1",
            "amount = 1.005",
            "sum(amount.x) > 0",
        ] {
            assert_eq!(truth(source), Truth::Unknown, "{source}");
        }
    }

    fn any_truth() -> impl Strategy<Value = Truth> {
        prop::sample::select(vec![Truth::True, Truth::False, Truth::Unknown])
    }

    proptest! {
        /// Comparisons with `unanswered` are unknown; learning the answer may settle a condition but never turn it round.
        #[test]
        fn learning_more_never_turns_an_answer_round(
            parts in prop::collection::vec(prop::sample::select(vec![
                "late > 5", "not late > 5", "share > 5", "not share > 5", "late = 3",
            ]), 1..5),
            joiners in prop::collection::vec(prop::sample::select(vec![" and ", " or ", " and not "]), 5),
            learnt in 0i64..10,
        ) {
            let mut source = String::new();
            for (part, joiner) in parts.iter().zip(&joiners) {
                if !source.is_empty() { source.push_str(joiner); }
                source.push_str(part);
            }
            let expression = parse_condition(&source).unwrap();
            let share = Answer::Number(Decimal::whole(7));
            let late = Answer::Number(Decimal::whole(learnt));
            let before = evaluate(&expression, &|key| if key == "late" { Finding::Unanswered } else { Finding::Answered(&share) });
            let after = evaluate(&expression, &|key| Finding::Answered(if key == "late" { &late } else { &share }));
            prop_assert_ne!(after, Truth::Unknown);
            prop_assert!(before == Truth::Unknown || before == after, "{}: {:?} then {:?}", source, before, after);
        }

        #[test]
        fn all_is_the_weakest_of_its_parts(parts in prop::collection::vec(any_truth(), 0..6)) {
            let weakest = parts.iter().copied().min_by_key(|truth| match truth {
                Truth::False => 0, Truth::Unknown => 1, Truth::True => 2,
            });
            prop_assert_eq!(all(parts.iter().copied()), weakest.unwrap_or(Truth::True));
        }

        /// Total: any understood condition over any mixture of findings gives a value.
        #[test]
        fn every_condition_has_a_value(words in prop::collection::vec(prop::sample::select(vec![
            "amount", "settings", "partners", "unanswered", "not_asked", "vision", "=", "<", "!=", "and", "or", "not",
            "has", "\"primary\"", "5", "£5", "2010-01-01", "count(partners)", "sum(partners.cash)", "answered(vision)",
        ]), 1..12)) {
            let source = words.join(" ");
            if parse_condition(&source).is_ok() {
                let value = truth(&source);
                prop_assert_eq!(!!value, value);
            }
        }
    }
}
