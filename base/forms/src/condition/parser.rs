//! Reads a condition into a tree, or says in lay words where it cannot be understood; it never panics and never runs long.

use super::expression::{At, Expression, Name, Operand, Relation};
use super::lexer::{KEYWORDS, Token, tokens};
use super::nearest::did_you_mean;
use super::problem::ConditionProblem;

/// Longest condition, in characters.
pub(super) const MAX_LENGTH: usize = 2_000;
/// Deepest nesting of brackets and `not`.
pub(super) const MAX_DEPTH: usize = 20;

const FUNCTIONS: [&str; 4] = ["answered", "count", "words", "sum"];

/// Reads a condition. What it names is not looked up here: see [`check_condition`](super::check_condition).
///
/// ```
/// use hiec_forms::parse_condition;
/// let condition = parse_condition(r#"settings has "primary" and not (legal_form = "charity")"#)?;
/// assert_eq!(
///     condition.to_string(),
///     r#"settings has "primary" and not legal_form = "charity""#
/// );
/// assert_eq!(
///     parse_condition("amount > ").unwrap_err().to_string(),
///     "line 1, character 10: the condition stops after '>'. Add a number, a text in quotes, a date or a question."
/// );
/// # Ok::<(), hiec_forms::ConditionProblem>(())
/// ```
///
/// # Errors
/// The first thing that cannot be understood, with its place.
pub fn parse_condition(source: &str) -> Result<Expression, ConditionProblem> {
    let length = source.chars().count();
    if length > MAX_LENGTH {
        return Err(ConditionProblem::new(
            At::START,
            format!(
                "this condition has {length} characters; at most {MAX_LENGTH} are allowed. Split the question, or ask for less."
            ),
        ));
    }
    let (tokens, end) = tokens(source)?;
    if tokens.is_empty() {
        return Err(ConditionProblem::new(At::START, "the condition is empty. Write for example: amount > 500000"));
    }
    let mut parser = Parser { tokens: &tokens, end, depth: 0 };
    let expression = parser.alternatives()?;
    match parser.tokens.first() {
        None => Ok(expression),
        Some((Token::Close, at)) => {
            Err(ConditionProblem::new(*at, "this bracket closes nothing. Delete it, or add a ( before."))
        }
        Some((Token::Relation(_), at)) => {
            Err(ConditionProblem::new(*at, "compare two things at a time, and join comparisons with 'and'."))
        }
        Some((token, at)) => {
            Err(ConditionProblem::new(*at, format!("write 'and' or 'or' before {}.", in_words(token))))
        }
    }
}

struct Parser<'a> {
    /// What is still to be read.
    tokens: &'a [(Token, At)],
    /// Where the text ends.
    end: At,
    depth: usize,
}

impl Parser<'_> {
    fn alternatives(&mut self) -> Result<Expression, ConditionProblem> {
        let first = self.requirements()?;
        let mut parts = vec![first];
        while self.take_word("or").is_some() {
            parts.push(self.requirements()?);
        }
        Ok(one_or(parts, Expression::Any))
    }

    fn requirements(&mut self) -> Result<Expression, ConditionProblem> {
        let mut parts = vec![self.negation()?];
        while self.take_word("and").is_some() {
            parts.push(self.negation()?);
        }
        Ok(one_or(parts, Expression::All))
    }

    fn negation(&mut self) -> Result<Expression, ConditionProblem> {
        match self.take_word("not") {
            Some(at) => {
                let inner = self.deeper(at, Self::negation)?;
                Ok(Expression::Not(Box::new(inner)))
            }
            None => self.test(),
        }
    }

    fn test(&mut self) -> Result<Expression, ConditionProblem> {
        if let Some(opened) = self.take(&Token::Open) {
            let inner = self.deeper(opened, Self::alternatives)?;
            return match self.take(&Token::Close) {
                Some(_) => Ok(inner),
                None => Err(self.unclosed(opened)),
            };
        }
        if self.take_word("answered").is_some() {
            return Ok(Expression::Answered(self.argument("answered")?));
        }
        let left = self.operand("the condition stops here")?;
        if let Some(at) = self.take_word("has") {
            return self.membership(left, at);
        }
        match self.tokens.first() {
            Some((Token::Relation(relation), at)) => {
                let (relation, at) = (*relation, *at);
                self.step();
                self.comparison(left, relation, at)
            }
            _ => Err(self.nothing_to_compare(&left)),
        }
    }

    fn comparison(&mut self, left: Operand, relation: Relation, at: At) -> Result<Expression, ConditionProblem> {
        let right = self.operand(&format!("the condition stops after '{relation}'"))?;
        Ok(Expression::Compare { left, relation, right, at })
    }

    fn membership(&mut self, left: Operand, at: At) -> Result<Expression, ConditionProblem> {
        let Operand::Answer(question) = left else {
            return Err(ConditionProblem::new(
                at,
                "'has' goes after the name of a question, as in: settings has \"primary\"",
            ));
        };
        match self.tokens.first() {
            Some((Token::Text(option), _)) => {
                let option = option.clone();
                self.step();
                Ok(Expression::Has { question, option, at })
            }
            next => Err(ConditionProblem::new(
                next.map_or(self.end, |(_, at)| *at),
                format!("after 'has' comes an option in double quotes, as in: {question} has \"primary\""),
            )),
        }
    }

    fn operand(&mut self, if_missing: &str) -> Result<Operand, ConditionProblem> {
        let Some((token, at)) = self.tokens.first() else {
            return Err(ConditionProblem::new(
                self.end,
                format!("{if_missing}. Add a number, a text in quotes, a date or a question."),
            ));
        };
        let at = *at;
        let operand = match token {
            Token::Text(text) => Operand::Text(text.clone(), at),
            Token::Number(number) => Operand::Number(*number, at),
            Token::Money(money) => Operand::Money(*money, at),
            Token::Date(date) => Operand::Date(*date, at),
            Token::Word(word) => return self.named(word.clone(), at),
            other => {
                return Err(ConditionProblem::new(
                    at,
                    format!(
                        "{} is out of place: a question, a number, a date or a text in quotes goes here.",
                        in_words(other)
                    ),
                ));
            }
        };
        self.step();
        Ok(operand)
    }

    /// A word: the name of a question, or a function of one.
    fn named(&mut self, word: String, at: At) -> Result<Operand, ConditionProblem> {
        self.step();
        let lower = word.to_ascii_lowercase();
        match lower.as_str() {
            "count" => self.argument("count").map(Operand::Count),
            "words" => self.argument("words").map(Operand::Words),
            "sum" => self.column_argument(),
            "answered" => Err(ConditionProblem::new(
                at,
                "'answered(…)' is already true or false: it is not compared with anything.",
            )),
            keyword if KEYWORDS.contains(&keyword) => Err(ConditionProblem::new(
                at,
                format!("'{word}' is out of place: a question, a number, a date or a text in quotes goes here."),
            )),
            _ if matches!(self.tokens.first(), Some((Token::Open, _))) => Err(ConditionProblem::new(
                at,
                format!(
                    "there is no function called '{word}'. The functions are answered, count, words and sum.{}",
                    did_you_mean(&word, FUNCTIONS)
                ),
            )),
            _ => Ok(Operand::Answer(Name { key: word, at })),
        }
    }

    fn argument(&mut self, function: &str) -> Result<Name, ConditionProblem> {
        let opened = self.opening(function)?;
        let name = self.name(&format!("'{function}' needs the name of a question"))?;
        match self.take(&Token::Close) {
            Some(_) => Ok(name),
            None => Err(self.unclosed(opened)),
        }
    }

    fn column_argument(&mut self) -> Result<Operand, ConditionProblem> {
        let opened = self.opening("sum")?;
        let needs = "'sum' needs a table and a column, as in sum(partners.cash)";
        let table = self.name(needs)?;
        if self.take(&Token::Dot).is_none() {
            return Err(ConditionProblem::new(self.here(), format!("{needs}.")));
        }
        let column = self.name(needs)?;
        match self.take(&Token::Close) {
            Some(_) => Ok(Operand::Sum { table, column }),
            None => Err(self.unclosed(opened)),
        }
    }

    fn opening(&mut self, function: &str) -> Result<At, ConditionProblem> {
        let here = self.here();
        self.take(&Token::Open).ok_or_else(|| {
            ConditionProblem::new(here, format!("after '{function}' comes a name in brackets, as in {function}(…)."))
        })
    }

    fn name(&mut self, needs: &str) -> Result<Name, ConditionProblem> {
        match self.tokens.first() {
            Some((Token::Word(word), at)) => {
                let name = Name { key: word.clone(), at: *at };
                self.step();
                Ok(name)
            }
            _ => Err(ConditionProblem::new(self.here(), format!("{needs}."))),
        }
    }

    fn deeper(
        &mut self,
        at: At,
        read: fn(&mut Self) -> Result<Expression, ConditionProblem>,
    ) -> Result<Expression, ConditionProblem> {
        if self.depth == MAX_DEPTH {
            return Err(ConditionProblem::new(
                at,
                format!("brackets and 'not' are nested more than {MAX_DEPTH} deep. Write it more simply."),
            ));
        }
        self.depth += 1;
        let inner = read(self);
        self.depth -= 1;
        inner
    }

    fn take(&mut self, wanted: &Token) -> Option<At> {
        let (token, at) = self.tokens.first()?;
        (token == wanted).then(|| {
            self.step();
            *at
        })
    }

    fn take_word(&mut self, wanted: &str) -> Option<At> {
        match self.tokens.first() {
            Some((Token::Word(word), at)) if word.eq_ignore_ascii_case(wanted) => {
                self.step();
                Some(*at)
            }
            _ => None,
        }
    }

    fn step(&mut self) {
        self.tokens = self.tokens.get(1..).unwrap_or_default();
    }

    fn here(&self) -> At {
        self.tokens.first().map_or(self.end, |(_, at)| *at)
    }

    /// A bracket should close here: say so at the word in the way, or at the bracket when the text just ends.
    fn unclosed(&self, opened: At) -> ConditionProblem {
        match self.tokens.first() {
            Some((token, at)) => {
                ConditionProblem::new(*at, format!("a ) is missing before {}, or 'and' or 'or'.", in_words(token)))
            }
            None => ConditionProblem::new(opened, "this bracket is never closed. Add a )."),
        }
    }

    fn nothing_to_compare(&self, operand: &Operand) -> ConditionProblem {
        let message = match operand {
            Operand::Answer(name) => format!(
                "say what '{name}' should be compared with, as in {name} = \"…\" or {name} > 500000, or write answered({name})."
            ),
            Operand::Text(text, _) => {
                format!("\"{text}\" stands alone. Repeat the question before it, as in: settings has \"{text}\"")
            }
            other => {
                format!("say what {other} should be compared with, as in {other} > 3, with a question on one side.")
            }
        };
        ConditionProblem::new(operand.at(), message)
    }
}

fn one_or(mut parts: Vec<Expression>, several: impl FnOnce(Vec<Expression>) -> Expression) -> Expression {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            several(parts)
        }
        None => several(parts),
    }
}

fn in_words(token: &Token) -> String {
    match token {
        Token::Open => "'('".into(),
        Token::Close => "')'".into(),
        Token::Dot => "'.'".into(),
        Token::Relation(relation) => format!("'{relation}'"),
        Token::Word(word) => format!("'{word}'"),
        Token::Text(text) => format!("\"{text}\""),
        Token::Number(number) => format!("'{number}'"),
        Token::Money(money) => format!("'{money}'"),
        Token::Date(date) => format!("'{date}'"),
    }
}

#[cfg(test)]
mod tests;
