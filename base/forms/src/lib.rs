//! Question sets and answers: what PQQs, bids, surveys and interviews ask, and what was answered. Pure: no web, no SQL, no clock.
//!
//! A funder designs a [`QuestionSet`] ([`design_problems`], [`coverage`], [`differences`]); a bidder's form is read with
//! [`parse_answer`], kept as [`Answers`], and may be submitted when [`shortfalls`] is empty. Which questions are asked
//! depends on [`Condition`]s over earlier answers, worked out by [`Visibilities`].

mod answers;
mod condition;
mod coverage;
mod decimal;
mod design;
mod differences;
mod display;
mod fault;
mod form_fields;
mod json_schema;
mod limits;
mod question_set;
mod reading;
#[cfg(test)]
mod sample;
mod shortfalls;
mod visibility;

pub use answers::{Answer, Answers, FileFacts, FileIndex, Row};
pub use condition::{
    At, Condition, ConditionProblem, Expression, Finding, Name, Operand, Relation, Truth, check_condition, evaluate,
    parse_condition,
};
pub use coverage::{Coverage, QuestionPlace, coverage};
pub use decimal::{Decimal, NotDecimal};
pub use design::{DesignProblem, design_problems, key_problem};
pub use differences::{Change, ChangeSort, differences};
pub use display::{FlatRow, display, display_with_files, flat_rows};
pub use fault::{Fault, FieldProblem};
pub use form_fields::FormFields;
pub use json_schema::json_schema;
pub use limits::{accept_answer, word_count};
pub use question_set::{ChoiceOption, Column, Kind, Question, QuestionSet, Section};
pub use reading::parse_answer;
pub use shortfalls::{Progress, ProgressState, Shortfall, progress, shortfalls};
pub use visibility::{Visibilities, Visibility};
