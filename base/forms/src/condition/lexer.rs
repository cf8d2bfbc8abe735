//! Cuts a condition into words, values and signs, each with its place; it knows no grammar.

use std::iter::Peekable;
use std::str::Chars;

use chrono::NaiveDate;
use hiec_kernel::Money;

use super::expression::{At, Relation};
use super::problem::ConditionProblem;
use crate::decimal::{Decimal, NotDecimal};
use crate::reading::from_iso;

#[derive(Clone, PartialEq, Debug)]
pub(super) enum Token {
    Open,
    Close,
    Dot,
    Relation(Relation),
    Word(String),
    Text(String),
    Number(Decimal),
    Money(Money),
    Date(NaiveDate),
}

/// All tokens of a text with their places, and the place just after the last character.
pub(super) fn tokens(source: &str) -> Result<(Vec<(Token, At)>, At), ConditionProblem> {
    let mut lexer = Lexer { rest: source.chars().peekable(), at: At::START };
    let mut tokens: Vec<(Token, At)> = Vec::new();
    while let Some(next) = lexer.skip_white_space() {
        let at = lexer.at;
        let token = match next {
            '(' => lexer.sign(Token::Open),
            ')' => lexer.sign(Token::Close),
            '.' => lexer.sign(Token::Dot),
            '=' | '!' | '<' | '>' | '≤' | '≥' | '≠' => lexer.relation(next, at)?,
            '"' | '“' | '”' => lexer.text(next, at)?,
            '-' | '\u{2212}' => match tokens.last() {
                Some((Token::Word(word), _)) if !is_keyword(word) => {
                    return Err(hyphen_in_name(word, at));
                }
                _ => lexer.amount(at)?,
            },
            '£' | '0'..='9' => lexer.amount(at)?,
            c if c.is_alphabetic() || c == '_' => Token::Word(lexer.word()),
            other => return Err(ConditionProblem::new(at, stray(other))),
        };
        tokens.push((token, at));
    }
    Ok((tokens, lexer.at))
}

/// Words of the language; a question may not have one as its key.
pub(crate) const KEYWORDS: [&str; 8] = ["and", "or", "not", "has", "answered", "count", "words", "sum"];

fn is_keyword(word: &str) -> bool {
    KEYWORDS.iter().any(|k| k.eq_ignore_ascii_case(word))
}

struct Lexer<'a> {
    rest: Peekable<Chars<'a>>,
    at: At,
}

impl Lexer<'_> {
    fn skip_white_space(&mut self) -> Option<char> {
        self.take_while(char::is_whitespace);
        self.rest.peek().copied()
    }

    fn take(&mut self) -> Option<char> {
        let taken = self.rest.next()?;
        self.advance_past(taken);
        Some(taken)
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> String {
        let mut taken = String::new();
        while let Some(c) = self.rest.next_if(|c| wanted(*c)) {
            self.advance_past(c);
            taken.push(c);
        }
        taken
    }

    fn advance_past(&mut self, c: char) {
        if c == '\n' {
            self.at.line += 1;
            self.at.character = 1;
        } else {
            self.at.character += 1;
        }
    }

    fn sign(&mut self, token: Token) -> Token {
        self.take();
        token
    }

    fn word(&mut self) -> String {
        self.take_while(|c| c.is_alphanumeric() || c == '_')
    }

    fn relation(&mut self, first: char, at: At) -> Result<Token, ConditionProblem> {
        self.take();
        let mut followed_by = |wanted: char| {
            let found = self.rest.peek() == Some(&wanted);
            if found {
                self.take();
            }
            found
        };
        let relation = match first {
            '≤' => Relation::AtMost,
            '≥' => Relation::AtLeast,
            '≠' => Relation::IsNot,
            '=' if followed_by('=') => {
                return Err(ConditionProblem::new(at, "write a single = for 'is the same as'."));
            }
            '=' => Relation::Is,
            '!' if followed_by('=') => Relation::IsNot,
            '!' => {
                return Err(ConditionProblem::new(at, "'!' on its own means nothing here. Write the word 'not'."));
            }
            '<' if followed_by('>') => {
                return Err(ConditionProblem::new(at, "write != for 'is not the same as'."));
            }
            '<' if followed_by('=') => Relation::AtMost,
            '<' => Relation::Below,
            _ if followed_by('=') => Relation::AtLeast,
            _ => Relation::Above,
        };
        Ok(Token::Relation(relation))
    }

    /// Text in straight quotes, or in the curly ones word processors put in their place.
    fn text(&mut self, opening: char, at: At) -> Result<Token, ConditionProblem> {
        self.take();
        let closes = |c: char| match opening {
            '"' => c == '"',
            _ => matches!(c, '”' | '“' | '"'),
        };
        let mut text = String::new();
        loop {
            let here = self.at;
            match self.take() {
                Some(c) if closes(c) => return Ok(Token::Text(text)),
                Some('\\') => match self.take() {
                    Some(escaped @ ('"' | '\\' | '“' | '”')) => text.push(escaped),
                    _ => {
                        return Err(ConditionProblem::new(
                            here,
                            "inside quotes a backslash goes only before a quote or another backslash.",
                        ));
                    }
                },
                Some(c) if c.is_control() => {
                    return Err(ConditionProblem::new(
                        at,
                        "this quote is not closed on its line. Add a \" where the text ends.",
                    ));
                }
                Some(c) => text.push(c),
                None => {
                    return Err(ConditionProblem::new(at, "this quote is never closed. Add a \" where the text ends."));
                }
            }
        }
    }

    /// A number, a sum of money or a date: all three begin with a figure, a minus or a pound sign.
    fn amount(&mut self, at: At) -> Result<Token, ConditionProblem> {
        let minus = |c: char| matches!(c, '-' | '\u{2212}');
        let mut sign = self.take_while(minus);
        let is_money = !self.take_while(|c| c == '£').is_empty();
        if is_money {
            sign.push_str(&self.take_while(minus));
        }
        let figures = self.take_while(|c| c.is_ascii_digit() || matches!(c, ',' | '.'));
        if sign.is_empty() && !is_money && self.rest.peek() == Some(&'-') {
            let date = figures + &self.take_while(|c| c.is_ascii_digit() || c == '-');
            return from_iso(&date).map(Token::Date).ok_or_else(|| {
                ConditionProblem::new(
                    at,
                    format!("'{date}' is not a date. Write year, month and day, as in 2009-10-19."),
                )
            });
        }
        let stuck = self.take_while(|c| c.is_alphanumeric() || c == '_');
        let typed = format!("{sign}{figures}{stuck}");
        let number = Decimal::parse(&typed).map_err(|why| not_a_number(at, &typed, why))?;
        if !is_money {
            return Ok(Token::Number(number));
        }
        number
            .as_pounds()
            .map(Token::Money)
            .ok_or_else(|| ConditionProblem::new(at, "pounds have at most two figures after the point."))
    }
}

fn not_a_number(at: At, typed: &str, why: NotDecimal) -> ConditionProblem {
    let message = match why {
        NotDecimal::NotANumber => {
            format!("'{typed}' is not a number. Write figures, as in 500000 or 2.5.")
        }
        other => format!("'{typed}': {other}."),
    };
    ConditionProblem::new(at, message)
}

fn hyphen_in_name(before: &str, at: At) -> ConditionProblem {
    ConditionProblem::new(
        at,
        format!("there is no subtraction, and names of questions have underscores, not hyphens: '{before}_…'."),
    )
}

fn stray(c: char) -> String {
    match c {
        '&' => "'&' is not used here. Write the word 'and'.".into(),
        '|' => "'|' is not used here. Write the word 'or'.".into(),
        '\'' | '‘' | '’' | '`' => "put text between double quotes, as in \"charity\".".into(),
        '[' | ']' | '{' | '}' => format!("'{c}' is not used here. Use round brackets."),
        '+' | '*' | '/' | '%' | '^' => {
            format!("'{c}' is not used here: a condition compares, it does not calculate.")
        }
        ',' => "a comma is not used here. Join two tests with 'and' or 'or'.".into(),
        c if c.is_control() => "there is a character here that cannot be seen. Delete it.".into(),
        c => format!("'{c}' is not used here. Delete it."),
    }
}
