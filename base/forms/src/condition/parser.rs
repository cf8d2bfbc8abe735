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
        return Err(ConditionProblem::new(
            At::START,
            "the condition is empty. Write for example: amount > 500000",
        ));
    }
    let mut parser = Parser {
        tokens: &tokens,
        end,
        depth: 0,
    };
    let expression = parser.alternatives()?;
    match parser.tokens.first() {
        None => Ok(expression),
        Some((Token::Close, at)) => Err(ConditionProblem::new(
            *at,
            "this bracket closes nothing. Delete it, or add a ( before.",
        )),
        Some((Token::Relation(_), at)) => Err(ConditionProblem::new(
            *at,
            "compare two things at a time, and join comparisons with 'and'.",
        )),
        Some((token, at)) => Err(ConditionProblem::new(
            *at,
            format!("write 'and' or 'or' before {}.", in_words(token)),
        )),
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

    fn comparison(
        &mut self,
        left: Operand,
        relation: Relation,
        at: At,
    ) -> Result<Expression, ConditionProblem> {
        let right = self.operand(&format!("the condition stops after '{relation}'"))?;
        Ok(Expression::Compare {
            left,
            relation,
            right,
            at,
        })
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
                Ok(Expression::Has {
                    question,
                    option,
                    at,
                })
            }
            next => Err(ConditionProblem::new(
                next.map_or(self.end, |(_, at)| *at),
                format!(
                    "after 'has' comes an option in double quotes, as in: {question} has \"primary\""
                ),
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
                format!(
                    "'{word}' is out of place: a question, a number, a date or a text in quotes goes here."
                ),
            )),
            _ if matches!(self.tokens.first(), Some((Token::Open, _))) => {
                Err(ConditionProblem::new(
                    at,
                    format!(
                        "there is no function called '{word}'. The functions are answered, count, words and sum.{}",
                        did_you_mean(&word, FUNCTIONS)
                    ),
                ))
            }
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
            ConditionProblem::new(
                here,
                format!("after '{function}' comes a name in brackets, as in {function}(…)."),
            )
        })
    }

    fn name(&mut self, needs: &str) -> Result<Name, ConditionProblem> {
        match self.tokens.first() {
            Some((Token::Word(word), at)) => {
                let name = Name {
                    key: word.clone(),
                    at: *at,
                };
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
                format!(
                    "brackets and 'not' are nested more than {MAX_DEPTH} deep. Write it more simply."
                ),
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
            Some((token, at)) => ConditionProblem::new(
                *at,
                format!(
                    "a ) is missing before {}, or 'and' or 'or'.",
                    in_words(token)
                ),
            ),
            None => ConditionProblem::new(opened, "this bracket is never closed. Add a )."),
        }
    }

    fn nothing_to_compare(&self, operand: &Operand) -> ConditionProblem {
        let message = match operand {
            Operand::Answer(name) => format!(
                "say what '{name}' should be compared with, as in {name} = \"…\" or {name} > 500000, or write answered({name})."
            ),
            Operand::Text(text, _) => format!(
                "\"{text}\" stands alone. Repeat the question before it, as in: settings has \"{text}\""
            ),
            other => format!(
                "say what {other} should be compared with, as in {other} > 3, with a question on one side."
            ),
        };
        ConditionProblem::new(operand.at(), message)
    }
}

fn one_or(
    mut parts: Vec<Expression>,
    several: impl FnOnce(Vec<Expression>) -> Expression,
) -> Expression {
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
mod tests {

    use chrono::NaiveDate;
    use hiec_kernel::Money;
    use proptest::prelude::*;

    use super::*;
    use crate::decimal::Decimal;

    fn said(source: &str) -> String {
        match parse_condition(source) {
            Ok(expression) => expression.to_string(),
            Err(problem) => problem.to_string(),
        }
    }

    #[test]
    fn written_again_in_one_way() {
        for (source, written) in [
            (
                r#"settings has "primary" and amount > 500000 and not (legal_form = "charity")"#,
                r#"settings has "primary" and amount > 500000 and not legal_form = "charity""#,
            ),
            ("a=1 OR b=2 And c=3", "a = 1 or b = 2 and c = 3"),
            ("(a=1 or b=2) and c=3", "(a = 1 or b = 2) and c = 3"),
            ("((a = 1))", "a = 1"),
            ("a = 1 and (b = 2 and c = 3)", "a = 1 and (b = 2 and c = 3)"),
            ("not not answered(a)", "not not answered(a)"),
            ("not (a = 1 or b = 2)", "not (a = 1 or b = 2)"),
            ("amount >= £1,250.50", "amount >= £1250.50"),
            ("amount > -£5", "amount > -£5"),
            ("amount>£-5", "amount > -£5"),
            (
                "a ≥ 1.50 and b ≠ .5",
                "line 1, character 18: '.' is out of place: a question, a number, a date or a text in quotes goes here.",
            ),
            ("a ≥ 1.50 and b ≠ 0.50", "a >= 1.5 and b != 0.5"),
            ("starts < 2009-10-19", "starts < 2009-10-19"),
            ("name = “Ada's \\“Example\\””", "name = \"Ada's “Example”\""),
            (r#"name = "say \"x\" \\""#, r#"name = "say \"x\" \\""#),
            ("count(partners) >= 3", "count(partners) >= 3"),
            ("WORDS(vision) < 10", "words(vision) < 10"),
            (
                "sum(partners.cash) <= amount",
                "sum(partners.cash) <= amount",
            ),
            ("500000 < amount", "500000 < amount"),
            ("a\n =\t1", "a = 1"),
        ] {
            assert_eq!(said(source), written, "{source}");
        }
    }

    #[test]
    fn what_cannot_be_understood_is_named_with_its_place() {
        for (source, problem) in [
            (
                "",
                "1, character 1: the condition is empty. Write for example: amount > 500000",
            ),
            (
                "  \n ",
                "1, character 1: the condition is empty. Write for example: amount > 500000",
            ),
            (
                "amount >",
                "1, character 9: the condition stops after '>'. Add a number, a text in quotes, a date or a question.",
            ),
            (
                "answered(a) and",
                "1, character 16: the condition stops here. Add a number, a text in quotes, a date or a question.",
            ),
            (
                "a = 1\nand b == 2",
                "2, character 7: write a single = for 'is the same as'.",
            ),
            (
                "a <> 1",
                "1, character 3: write != for 'is not the same as'.",
            ),
            (
                "a = 1 && b = 2",
                "1, character 7: '&' is not used here. Write the word 'and'.",
            ),
            (
                "a = 1 | b = 2",
                "1, character 7: '|' is not used here. Write the word 'or'.",
            ),
            (
                "!answered(a)",
                "1, character 1: '!' on its own means nothing here. Write the word 'not'.",
            ),
            (
                "legal-form = \"x\"",
                "1, character 6: there is no subtraction, and names of questions have underscores, not hyphens: 'legal_…'.",
            ),
            (
                "a = 'charity'",
                "1, character 5: put text between double quotes, as in \"charity\".",
            ),
            (
                "a = \"charity",
                "1, character 5: this quote is never closed. Add a \" where the text ends.",
            ),
            (
                "a = \"cha\nrity\"",
                "1, character 5: this quote is not closed on its line. Add a \" where the text ends.",
            ),
            (
                "a = \"\\n\"",
                "1, character 6: inside quotes a backslash goes only before a quote or another backslash.",
            ),
            (
                "(a = 1",
                "1, character 1: this bracket is never closed. Add a ).",
            ),
            (
                "(a = 1 b = 2)",
                "1, character 8: a ) is missing before 'b', or 'and' or 'or'.",
            ),
            (
                "a = 1)",
                "1, character 6: this bracket closes nothing. Delete it, or add a ( before.",
            ),
            (
                "a = 1 b = 2",
                "1, character 7: write 'and' or 'or' before 'b'.",
            ),
            (
                "1 < a < 3",
                "1, character 7: compare two things at a time, and join comparisons with 'and'.",
            ),
            (
                "amount",
                "1, character 1: say what 'amount' should be compared with, as in amount = \"…\" or amount > 500000, or write answered(amount).",
            ),
            (
                "s has \"a\" or \"b\"",
                "1, character 14: \"b\" stands alone. Repeat the question before it, as in: settings has \"b\"",
            ),
            (
                "s has primary",
                "1, character 7: after 'has' comes an option in double quotes, as in: s has \"primary\"",
            ),
            (
                "s has",
                "1, character 6: after 'has' comes an option in double quotes, as in: s has \"primary\"",
            ),
            (
                "\"a\" has \"b\"",
                "1, character 5: 'has' goes after the name of a question, as in: settings has \"primary\"",
            ),
            (
                "anserd(a)",
                "1, character 1: there is no function called 'anserd'. The functions are answered, count, words and sum. Did you mean 'answered'?",
            ),
            (
                "answered(a) = 1",
                "1, character 13: compare two things at a time, and join comparisons with 'and'.",
            ),
            (
                "1 = answered(a)",
                "1, character 5: 'answered(…)' is already true or false: it is not compared with anything.",
            ),
            (
                "answered a",
                "1, character 10: after 'answered' comes a name in brackets, as in answered(…).",
            ),
            (
                "answered(\"a\")",
                "1, character 10: 'answered' needs the name of a question.",
            ),
            (
                "sum(partners) > 1",
                "1, character 13: 'sum' needs a table and a column, as in sum(partners.cash).",
            ),
            (
                "sum(partners.cash > 1",
                "1, character 19: a ) is missing before '>', or 'and' or 'or'.",
            ),
            (
                "a = and",
                "1, character 5: 'and' is out of place: a question, a number, a date or a text in quotes goes here.",
            ),
            (
                "a = 10%",
                "1, character 7: '%' is not used here: a condition compares, it does not calculate.",
            ),
            (
                "a = 1.2.3",
                "1, character 5: '1.2.3' is not a number. Write figures, as in 500000 or 2.5.",
            ),
            (
                "a = 5m",
                "1, character 5: '5m' is not a number. Write figures, as in 500000 or 2.5.",
            ),
            (
                "a = 1,50",
                "1, character 5: '1,50': commas may only separate thousands, as in 1,250,000.",
            ),
            (
                "a = £1.005",
                "1, character 5: pounds have at most two figures after the point.",
            ),
            (
                "a = 2009-02-30",
                "1, character 5: '2009-02-30' is not a date. Write year, month and day, as in 2009-10-19.",
            ),
            (
                "a = 1 \u{0} ",
                "1, character 7: there is a character here that cannot be seen. Delete it.",
            ),
            (
                "é = 1 ; b = 2",
                "1, character 7: ';' is not used here. Delete it.",
            ),
        ] {
            assert_eq!(said(source), format!("line {problem}"), "{source:?}");
        }
    }

    #[test]
    fn depth_and_length_have_limits() {
        let nested = |depth: usize| format!("{}a = 1{}", "(".repeat(depth), ")".repeat(depth));
        assert_eq!(said(&nested(MAX_DEPTH)), "a = 1");
        assert_eq!(
            said(&nested(MAX_DEPTH + 1)),
            "line 1, character 21: brackets and 'not' are nested more than 20 deep. Write it more simply."
        );
        assert!(said(&"not ".repeat(400)).contains("nested more than 20 deep"));
        assert!(said(&"(".repeat(MAX_LENGTH)).contains("nested more than 20 deep"));
        assert!(said(&" ".repeat(MAX_LENGTH + 1)).contains("2001 characters; at most 2000"));
        let long = vec!["a = 1"; 190].join(" or ");
        assert_eq!(said(&long), long);
    }

    fn name() -> impl Strategy<Value = Name> {
        "[a-z][a-z0-9_]{0,8}"
            .prop_filter("a word of the language", |key| {
                !KEYWORDS.contains(&key.as_str())
            })
            .prop_map(|key| Name { key, at: At::START })
    }

    fn text() -> impl Strategy<Value = String> {
        "\\PC{0,6}".prop_filter("control characters", |text| {
            !text.chars().any(char::is_control)
        })
    }

    fn operand() -> impl Strategy<Value = Operand> {
        prop_oneof![
            name().prop_map(Operand::Answer),
            name().prop_map(Operand::Count),
            name().prop_map(Operand::Words),
            (name(), name()).prop_map(|(table, column)| Operand::Sum { table, column }),
            text().prop_map(|text| Operand::Text(text, At::START)),
            "-?[0-9]{1,12}(\\.[0-9]{1,6})?"
                .prop_filter_map("a number", |n| Decimal::parse(&n).ok())
                .prop_map(|n| Operand::Number(n, At::START)),
            (-100_000_000_000i64..100_000_000_000)
                .prop_map(|pence| Operand::Money(Money(pence), At::START)),
            (1000i32..9999, 1u32..366).prop_filter_map("a date", |(year, day)| {
                Some(Operand::Date(NaiveDate::from_yo_opt(year, day)?, At::START))
            }),
        ]
    }

    fn relation() -> impl Strategy<Value = Relation> {
        prop::sample::select(vec![
            Relation::Is,
            Relation::IsNot,
            Relation::Below,
            Relation::AtMost,
            Relation::Above,
            Relation::AtLeast,
        ])
    }

    fn expression() -> impl Strategy<Value = Expression> {
        let leaf = prop_oneof![
            (operand(), relation(), operand()).prop_map(|(left, relation, right)| {
                Expression::Compare {
                    left,
                    relation,
                    right,
                    at: At::START,
                }
            }),
            (name(), text()).prop_map(|(question, option)| Expression::Has {
                question,
                option,
                at: At::START,
            }),
            name().prop_map(Expression::Answered),
        ];
        leaf.prop_recursive(5, 24, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 2..4).prop_map(Expression::All),
                prop::collection::vec(inner.clone(), 2..4).prop_map(Expression::Any),
                inner.prop_map(|inner| Expression::Not(Box::new(inner))),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_reads_the_same(expression in expression()) {
            let written = expression.to_string();
            prop_assume!(written.chars().count() <= MAX_LENGTH);
            prop_assert_eq!(parse_condition(&written), Ok(expression), "{}", written);
        }

        #[test]
        fn any_text_is_understood_or_refused_at_a_place_inside_it(source in "(?s).{0,60}") {
            if let Err(problem) = parse_condition(&source) {
                let lines: Vec<&str> = source.split('\n').collect();
                let line = lines.get(problem.line as usize - 1);
                prop_assert!(line.is_some());
                prop_assert!(problem.character as usize <= line.unwrap().chars().count() + 1);
            }
        }

        #[test]
        fn any_jumble_of_words_is_understood_or_refused(words in prop::collection::vec(
            prop::sample::select(vec![
                "and", "or", "not", "has", "answered", "count", "sum", "(", ")", ".", "=", "!=", "<", "a", "b_1",
                "\"x\"", "£5", "-3", "2009-10-19", "2009-", "-", "£", "“", "\\",
            ]), 0..30)) {
            if let Ok(expression) = parse_condition(&words.join(" ")) {
                prop_assert_eq!(parse_condition(&expression.to_string()), Ok(expression));
            }
        }
    }
}
