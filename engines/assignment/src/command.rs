//! What the command `hiec assess assign` does with a text and gives back; it must never print an assignment that is not proven.

use std::fmt::Write;

use crate::instance::Instance;
use crate::problems::Problem;
use crate::reading::read_draft;
use crate::reason::Impossible;
use crate::solution::{NotSolved, Solution};

/// The assignment is on the standard output.
pub const EXIT_OK: u8 = 0;
/// The input cannot be used; why is on the standard error.
pub const EXIT_BAD_INPUT: u8 = 2;
/// No assignment exists; the reason is on the standard error.
pub const EXIT_IMPOSSIBLE: u8 = 3;
/// The engine could not prove its own answer, so it gives none: a defect to be reported.
pub const EXIT_UNPROVEN: u8 = 70;

/// What a command ends with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandOutcome {
    /// One of the `EXIT_` numbers.
    pub exit_code: u8,
    /// The answer as one line of JSON, or nothing.
    pub stdout: String,
    /// Problems, reasons and notes, in words.
    pub stderr: String,
}

/// Solves a question in the fixed JSON format, see the README for the format.
///
/// Takes the bytes of the file as they are; a file that is not UTF-8 is refused in words.
pub fn run_command(input: impl AsRef<[u8]>) -> CommandOutcome {
    let Ok(text) = std::str::from_utf8(input.as_ref()) else {
        return refused(&[Problem("The input is not UTF-8 text. Save the file as UTF-8 and try again.".to_owned())]);
    };
    let (draft, mut notes) = match read_draft(text) {
        Ok(read) => read,
        Err(problems) => return refused(&problems),
    };
    notes.extend(draft.strangers());
    match draft.check() {
        Err(problems) => refused(&problems),
        Ok(instance) => answer(&instance, notes),
    }
}

fn answer(instance: &Instance, notes: Vec<String>) -> CommandOutcome {
    let mut outcome = match instance.solve() {
        Ok(solution) => solved(&solution),
        Err(NotSolved::Impossible(reason)) => impossible(&reason),
        Err(NotSolved::Unproven) => unproven(),
    };
    for note in notes {
        outcome.stderr.push_str(&note);
        outcome.stderr.push('\n');
    }
    outcome
}

fn solved(solution: &Solution<'_>) -> CommandOutcome {
    match serde_json::to_string(solution) {
        Ok(json) => CommandOutcome { exit_code: EXIT_OK, stdout: json + "\n", stderr: String::new() },
        Err(_) => unproven(),
    }
}

fn impossible(reason: &Impossible) -> CommandOutcome {
    let stderr = format!(
        "{reason}\nNo assignment is possible. Let more assessors take these bids, raise \"max_load\", or ask for fewer reviews.\n"
    );
    CommandOutcome { exit_code: EXIT_IMPOSSIBLE, stdout: String::new(), stderr }
}

fn unproven() -> CommandOutcome {
    let stderr = "The answer could not be proven to be the best, so none is given. This is a defect of the program: please report it with the input.\n";
    CommandOutcome { exit_code: EXIT_UNPROVEN, stdout: String::new(), stderr: stderr.to_owned() }
}

fn refused(problems: &[Problem]) -> CommandOutcome {
    let mut stderr = "The input cannot be used:\n".to_owned();
    for problem in problems {
        // Writing to a text cannot fail.
        let _ = writeln!(stderr, "- {problem}");
    }
    CommandOutcome { exit_code: EXIT_BAD_INPUT, stdout: String::new(), stderr }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflict_of_somebody_unknown_is_said() {
        let outcome = run_command(
            br#"{"per_bid":1,"max_load":1,"pairs":[{"bid":"a","assessor":"r","weight":1}],"conflicts":[["a","rr"],["b","r"],["a","r2"]],"assessors":["r","r2"]}"#,
        );
        assert_eq!(outcome.exit_code, EXIT_OK, "{}", outcome.stderr);
        let notes: Vec<&str> = outcome.stderr.lines().collect();
        assert_eq!(notes.len(), 2, "{notes:?}");
        assert!(notes[0].contains("\"rr\"") && notes[1].contains("\"b\""), "{notes:?}");
    }

    #[test]
    fn an_answer_is_one_line_of_json() {
        let outcome = run_command(
            r#"{"per_bid":1,"max_load":1,"pairs":[{"bid":7,"assessor":"r","weight":2.50}],"conflicts":[],"title":""}"#,
        );
        assert_eq!(outcome.exit_code, EXIT_OK);
        assert_eq!(
            outcome.stdout,
            "{\"assignment\":[{\"bid\":7,\"assessor\":\"r\",\"weight\":2.5}],\"total_weight\":2.5,\"loads\":{\"r\":1}}\n"
        );
        assert!(outcome.stderr.starts_with("note: \"title\""));
    }

    #[test]
    fn an_impossible_question_says_why_and_prints_no_answer() {
        let outcome = run_command(r#"{"per_bid":2,"max_load":1,"pairs":[{"bid":"B1","assessor":"r","weight":1}]}"#);
        assert_eq!((outcome.exit_code, outcome.stdout.as_str()), (EXIT_IMPOSSIBLE, ""));
        assert!(outcome.stderr.starts_with("bid B1 is short by 1 review: only r may take it\n"), "{}", outcome.stderr);
    }

    #[test]
    fn unusable_input_is_refused_in_words() {
        for input in [b"".as_slice(), b"\xff\xfe{\0", b"{", b"null", b"{\"per_bid\":1}"] {
            let outcome = run_command(input);
            assert_eq!((outcome.exit_code, outcome.stdout.as_str()), (EXIT_BAD_INPUT, ""));
            assert!(outcome.stderr.starts_with("The input cannot be used:\n- "));
        }
    }

    #[test]
    fn nothing_to_assign_is_an_answer() {
        let outcome = run_command(r#"{"per_bid":3,"max_load":6,"pairs":[]}"#);
        assert_eq!(outcome.stdout, "{\"assignment\":[],\"total_weight\":0,\"loads\":{}}\n");
    }
}
