//! What is wrong with a question, in words; it must never flood the reader.

use std::fmt;

/// How many problems are told in full before the rest are only counted.
const MOST_PROBLEMS: usize = 20;

/// One thing wrong with a question, in words for the person who asked it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem(pub(crate) String);

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Collects problems, the first 20 in full.
#[derive(Default)]
pub(crate) struct Findings {
    problems: Vec<Problem>,
    left_out: usize,
}

impl Findings {
    pub(crate) fn add(&mut self, words: String) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(Problem(words));
        } else {
            self.left_out += 1;
        }
    }

    pub(crate) fn into_result(mut self) -> Result<(), Vec<Problem>> {
        if self.left_out > 0 {
            self.problems.push(Problem(format!("There are {} more problems like these.", self.left_out)));
        }
        if self.problems.is_empty() { Ok(()) } else { Err(self.problems) }
    }
}
