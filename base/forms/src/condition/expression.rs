//! What a condition means, as a tree, and how the tree is written; it knows no question set.

use std::fmt;

use chrono::NaiveDate;
use hiec_kernel::Money;

use crate::decimal::Decimal;

/// Where a word stands in the text, counted from 1. It is not part of what the text says, so any two are equal.
#[derive(Clone, Copy, Eq, Debug)]
pub struct At {
    pub line: u32,
    pub character: u32,
}

impl At {
    pub const START: Self = Self { line: 1, character: 1 };
}

impl PartialEq for At {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// The key of a question, or of a table's column, as the author wrote it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Name {
    pub key: String,
    pub at: At,
}

/// Something that is true, false, or not known yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Expression {
    /// All of two or more.
    All(Vec<Expression>),
    /// Any of two or more.
    Any(Vec<Expression>),
    Not(Box<Expression>),
    Compare {
        left: Operand,
        relation: Relation,
        right: Operand,
        at: At,
    },
    /// Whether an option is among those chosen.
    Has {
        question: Name,
        option: String,
        at: At,
    },
    Answered(Name),
}

/// A value to compare.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Operand {
    Answer(Name),
    /// Rows of a table, or options chosen.
    Count(Name),
    Words(Name),
    Sum {
        table: Name,
        column: Name,
    },
    Text(String, At),
    Number(Decimal, At),
    Money(Money, At),
    Date(NaiveDate, At),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Relation {
    Is,
    IsNot,
    Below,
    AtMost,
    Above,
    AtLeast,
}

impl Expression {
    /// Keys of all questions it speaks of, in order of appearance, repeats included.
    pub fn questions(&self) -> Vec<&Name> {
        let mut names = Vec::new();
        self.collect_questions(&mut names);
        names
    }

    fn collect_questions<'a>(&'a self, names: &mut Vec<&'a Name>) {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.collect_questions(names);
                }
            }
            Self::Not(inner) => inner.collect_questions(names),
            Self::Compare { left, right, .. } => {
                names.extend(left.question());
                names.extend(right.question());
            }
            Self::Has { question, .. } | Self::Answered(question) => names.push(question),
        }
    }
}

impl Operand {
    /// The question it speaks of; none for a value written out.
    pub fn question(&self) -> Option<&Name> {
        match self {
            Self::Answer(name) | Self::Count(name) | Self::Words(name) | Self::Sum { table: name, .. } => Some(name),
            Self::Text(..) | Self::Number(..) | Self::Money(..) | Self::Date(..) => None,
        }
    }

    pub fn at(&self) -> At {
        match self {
            Self::Answer(name) | Self::Count(name) | Self::Words(name) | Self::Sum { table: name, .. } => name.at,
            Self::Text(_, at) | Self::Number(_, at) | Self::Money(_, at) | Self::Date(_, at) => *at,
        }
    }
}

impl Relation {
    /// Whether it asks which comes first, rather than whether two are the same.
    pub fn is_ordering(self) -> bool {
        !matches!(self, Self::Is | Self::IsNot)
    }
}

/// Writes the condition in one way only, with no more brackets than it needs; parsing that gives the same tree.
impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All(parts) => join(f, parts, " and ", |part| matches!(part, Self::All(_) | Self::Any(_))),
            Self::Any(parts) => join(f, parts, " or ", |part| matches!(part, Self::Any(_))),
            Self::Not(inner) => {
                f.write_str("not ")?;
                bracketed(f, inner, matches!(**inner, Self::All(_) | Self::Any(_)))
            }
            Self::Compare { left, relation, right, .. } => write!(f, "{left} {relation} {right}"),
            Self::Has { question, option, .. } => write!(f, "{question} has {}", Quoted(option)),
            Self::Answered(question) => write!(f, "answered({question})"),
        }
    }
}

fn join(
    f: &mut fmt::Formatter<'_>,
    parts: &[Expression],
    word: &str,
    needs_brackets: impl Fn(&Expression) -> bool,
) -> fmt::Result {
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            f.write_str(word)?;
        }
        bracketed(f, part, needs_brackets(part))?;
    }
    Ok(())
}

fn bracketed(f: &mut fmt::Formatter<'_>, part: &Expression, brackets: bool) -> fmt::Result {
    if brackets { write!(f, "({part})") } else { write!(f, "{part}") }
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answer(name) => write!(f, "{name}"),
            Self::Count(name) => write!(f, "count({name})"),
            Self::Words(name) => write!(f, "words({name})"),
            Self::Sum { table, column } => write!(f, "sum({table}.{column})"),
            Self::Text(text, _) => write!(f, "{}", Quoted(text)),
            Self::Number(number, _) => write!(f, "{number}"),
            Self::Money(money, _) => {
                let plain = money.plain();
                match plain.strip_prefix('-') {
                    Some(amount) => write!(f, "-£{amount}"),
                    None => write!(f, "£{plain}"),
                }
            }
            Self::Date(date, _) => write!(f, "{}", date.format("%Y-%m-%d")),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.key)
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Is => "=",
            Self::IsNot => "!=",
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Above => ">",
            Self::AtLeast => ">=",
        })
    }
}

/// Text between double quotes, with quotes and backslashes inside it escaped.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        for c in self.0.chars() {
            if matches!(c, '"' | '\\') {
                f.write_str("\\")?;
            }
            write!(f, "{c}")?;
        }
        f.write_str("\"")
    }
}
