//! Checks a condition against its question set when the call is designed; it looks at no answers.

use std::collections::BTreeSet;

use super::Condition;
use super::expression::{At, Expression, Name, Operand, Relation};
use super::nearest::did_you_mean;
use super::problem::ConditionProblem;
use crate::decimal::Decimal;
use crate::question_set::{ChoiceOption, Kind, Question, QuestionSet};

/// All that is wrong with the condition of the question `asked`: names no question has, questions asked later or in a
/// circle, options that do not exist, things that cannot be compared. Empty when it is sound.
///
/// When the set has no question `asked` (it is about to be added at the end), every question counts as asked earlier.
pub fn check_condition(set: &QuestionSet, asked: &str, condition: &Condition) -> Vec<ConditionProblem> {
    match condition.meaning() {
        Err(problem) => vec![problem.clone()],
        Ok(expression) => {
            let mut check = Check { set, asked, problems: Vec::new() };
            check.expression(expression);
            check.problems
        }
    }
}

/// Nobody mends more at once, and looking for circles takes time.
const MOST_PROBLEMS: usize = 10;

struct Check<'a> {
    set: &'a QuestionSet,
    asked: &'a str,
    problems: Vec<ConditionProblem>,
}

/// What a side of a comparison is.
enum Shape<'a> {
    Text,
    Number,
    Money,
    Date,
    Choice(&'a str, &'a [ChoiceOption]),
    WrittenText(&'a str),
    WrittenNumber(Decimal),
    WrittenMoney,
    WrittenDate,
}

impl<'a> Check<'a> {
    fn expression(&mut self, expression: &'a Expression) {
        if self.problems.len() >= MOST_PROBLEMS {
            return;
        }
        match expression {
            Expression::All(parts) | Expression::Any(parts) => {
                for part in parts {
                    self.expression(part);
                }
            }
            Expression::Not(inner) => self.expression(inner),
            Expression::Answered(name) => {
                self.earlier(name);
            }
            Expression::Has { question, option, at } => self.membership(question, option, *at),
            Expression::Compare { left, relation, right, at } => {
                let (first, second) = (self.shape(left), self.shape(right));
                if let (Some(first), Some(second)) = (first, second)
                    && let Err((at, message)) = comparable((left, &first), *relation, (right, &second), *at)
                {
                    self.report(at, message);
                }
            }
        }
    }

    fn membership(&mut self, name: &Name, option: &str, at: At) {
        let Some(question) = self.earlier(name) else {
            return;
        };
        match &question.kind {
            Kind::Choice { options, many: true } => {
                if let Err(message) = known_option(&name.key, options, option) {
                    self.report(at, message);
                }
            }
            Kind::Choice { many: false, .. } => {
                self.report(at, format!("'{name}' takes one answer only. Write {name} = \"{option}\""))
            }
            other => {
                self.report(at, format!("'has' asks about a choice of several, and '{name}' is {}.", other.in_words()))
            }
        }
    }

    fn shape(&mut self, operand: &'a Operand) -> Option<Shape<'a>> {
        match operand {
            Operand::Text(text, _) => Some(Shape::WrittenText(text)),
            Operand::Number(number, _) => Some(Shape::WrittenNumber(*number)),
            Operand::Money(..) => Some(Shape::WrittenMoney),
            Operand::Date(..) => Some(Shape::WrittenDate),
            Operand::Answer(name) => {
                let question = self.earlier(name)?;
                self.answer_shape(name, question)
            }
            Operand::Count(name) => match &self.earlier(name)?.kind {
                Kind::Table { .. } | Kind::Choice { many: true, .. } => Some(Shape::Number),
                other => {
                    let what = other.in_words();
                    self.report(
                        name.at,
                        format!("'count' counts the rows of a table or the options chosen, and '{name}' is {what}."),
                    );
                    None
                }
            },
            Operand::Words(name) => match &self.earlier(name)?.kind {
                Kind::Text { .. } => Some(Shape::Number),
                other => {
                    let what = other.in_words();
                    self.report(name.at, format!("'words' counts the words of a text, and '{name}' is {what}."));
                    None
                }
            },
            Operand::Sum { table, column } => self.sum_shape(table, column),
        }
    }

    fn answer_shape(&mut self, name: &Name, question: &'a Question) -> Option<Shape<'a>> {
        let instead = match &question.kind {
            Kind::Text { .. } => return Some(Shape::Text),
            Kind::Number { .. } => return Some(Shape::Number),
            Kind::Money { .. } => return Some(Shape::Money),
            Kind::Date { .. } => return Some(Shape::Date),
            Kind::Choice { options, many: false } => return Some(Shape::Choice(&question.key, options)),
            Kind::Choice { many: true, .. } => {
                format!("'{name}' takes several answers. Write {name} has \"…\" or count({name}) > 1")
            }
            Kind::Table { .. } => {
                format!("'{name}' is a table. Write count({name}) for its rows, or sum({name}.…) for a column.")
            }
            Kind::File { .. } => format!("'{name}' is a file. Write answered({name})"),
        };
        self.report(name.at, instead);
        None
    }

    fn sum_shape(&mut self, table: &Name, column: &Name) -> Option<Shape<'a>> {
        let question = self.earlier(table)?;
        let Kind::Table { columns, .. } = &question.kind else {
            let what = question.kind.in_words();
            self.report(table.at, format!("'sum' adds up a column of a table, and '{table}' is {what}."));
            return None;
        };
        match columns.iter().find(|c| c.key == column.key).map(|c| &c.kind) {
            Some(Kind::Number { .. }) => Some(Shape::Number),
            Some(Kind::Money { .. }) => Some(Shape::Money),
            Some(other) => {
                let what = other.in_words();
                self.report(column.at, format!("'sum' adds up numbers or money, and '{column}' is {what}."));
                None
            }
            None => {
                let hint = did_you_mean(&column.key, columns.iter().map(|c| c.key.as_str()));
                self.report(column.at, format!("the table '{table}' has no column called '{column}'.{hint}"));
                None
            }
        }
    }

    /// The question a name stands for, if there is one and it is asked before this one.
    fn earlier(&mut self, name: &Name) -> Option<&'a Question> {
        let set = self.set;
        if name.key == self.asked {
            self.report(
                name.at,
                format!("'{name}' is this very question: whether it is asked cannot depend on its own answer."),
            );
            return None;
        }
        let mut this_was_seen = false;
        for (_, question) in set.questions() {
            if question.key == name.key {
                if !this_was_seen {
                    return Some(question);
                }
                let message = if waits_for(set, question, self.asked) {
                    format!(
                        "'{name}' is itself asked depending on '{}', so neither could ever come first. Remove one of the two conditions.",
                        self.asked
                    )
                } else {
                    format!("'{name}' is asked later than this question. Move it before, or use an earlier one.")
                };
                self.report(name.at, message);
                return None;
            }
            this_was_seen |= question.key == self.asked;
        }
        let keys = set.questions().map(|(_, question)| question.key.as_str()).filter(|key| *key != self.asked);
        let hint = did_you_mean(&name.key, keys);
        self.report(name.at, format!("there is no question called '{name}'.{hint}"));
        None
    }

    fn report(&mut self, at: At, message: String) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(ConditionProblem::new(at, message));
        }
    }
}

/// Whether `question` depends on `asked`, directly or through others.
fn waits_for(set: &QuestionSet, question: &Question, asked: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut to_visit = vec![question];
    while let Some(question) = to_visit.pop() {
        let meaning = question.show_when.as_ref().map(Condition::meaning);
        let Some(Ok(expression)) = meaning else {
            continue;
        };
        for name in expression.questions() {
            if name.key == asked {
                return true;
            }
            if seen.insert(name.key.as_str()) {
                to_visit.extend(set.question(&name.key));
            }
        }
    }
    false
}

fn comparable(
    (left, first): (&Operand, &Shape<'_>),
    relation: Relation,
    (right, second): (&Operand, &Shape<'_>),
    at: At,
) -> Result<(), (At, String)> {
    if first.is_written() && second.is_written() {
        return Err((
            left.at(),
            format!("{left} and {right} are both written out. Compare with the answer to a question."),
        ));
    }
    let (asked, (other, written)) = if first.is_written() { (second, (left, first)) } else { (first, (right, second)) };
    let fits = match (asked, written) {
        (Shape::Text, Shape::Text | Shape::WrittenText(_))
        | (Shape::Number, Shape::Number | Shape::WrittenNumber(_))
        | (Shape::Money, Shape::Money | Shape::WrittenMoney)
        | (Shape::Date, Shape::Date | Shape::WrittenDate) => Ok(()),
        (Shape::Money, Shape::WrittenNumber(number)) => {
            number.as_pounds().map(|_| ()).ok_or_else(|| "pounds have at most two figures after the point.".to_owned())
        }
        (Shape::Choice(key, options), Shape::WrittenText(option)) => known_option(key, options, option),
        (Shape::Choice(..), Shape::Choice(..)) => {
            Err("two choices cannot be compared with each other. Compare each with one of its options.".to_owned())
        }
        (Shape::Number | Shape::Money, Shape::WrittenText(text)) => {
            Err(format!("\"{text}\" is in quotes, so it is text. Write a number without quotes."))
        }
        (Shape::Date, Shape::WrittenText(_) | Shape::WrittenNumber(_)) => {
            Err("write a date as year, month and day without quotes, as in 2009-10-19.".to_owned())
        }
        (Shape::Choice(key, _), _) => {
            Err(format!("'{key}' is a choice. Compare it with one of its options in quotes."))
        }
        _ => Err(format!(
            "{left} is {} and {right} is {}: they cannot be compared.",
            first.in_words(),
            second.in_words()
        )),
    };
    fits.map_err(|message| (other.at(), message))?;
    if relation.is_ordering() && matches!(asked, Shape::Text | Shape::Choice(..)) {
        return Err((at, format!("{} has no order. Use = or != here.", asked.in_words_first())));
    }
    Ok(())
}

fn known_option(question: &str, options: &[ChoiceOption], typed: &str) -> Result<(), String> {
    if options.iter().any(|option| option.key == typed) {
        return Ok(());
    }
    let by_label = options.iter().find(|option| option.label.eq_ignore_ascii_case(typed));
    let hint = match by_label {
        Some(option) => format!(" Its key is '{}'.", option.key),
        None => did_you_mean(typed, options.iter().map(|option| option.key.as_str())),
    };
    let hint = if hint.is_empty() {
        let keys: Vec<&str> = options.iter().take(8).map(|o| o.key.as_str()).collect();
        let more = if options.len() > keys.len() { ", …" } else { "" };
        format!(" The options are: {}{more}.", keys.join(", "))
    } else {
        hint
    };
    Err(format!("'{question}' has no option '{typed}'.{hint}"))
}

impl Shape<'_> {
    fn is_written(&self) -> bool {
        matches!(self, Self::WrittenText(_) | Self::WrittenNumber(_) | Self::WrittenMoney | Self::WrittenDate)
    }

    fn in_words(&self) -> &'static str {
        match self {
            Self::Text | Self::WrittenText(_) => "text",
            Self::Number | Self::WrittenNumber(_) => "a number",
            Self::Money | Self::WrittenMoney => "an amount of money",
            Self::Date | Self::WrittenDate => "a date",
            Self::Choice(..) => "a choice",
        }
    }

    fn in_words_first(&self) -> &'static str {
        match self {
            Self::Choice(..) => "a choice",
            _ => "text",
        }
    }
}

#[cfg(test)]
mod tests;
