//! Runs an engine over a table: from a file or the standard input to the standard output, words to the standard error. It never changes what the engine says.

use std::fmt::Display;
use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Read, StdoutLock};
use std::path::Path;
use std::process::ExitCode;

use hiec_tables::Problem;

use super::Outcome;

/// The table cannot be used; why is on the standard error.
pub const EXIT_BAD_TABLE: u8 = 2;

/// What an engine does with a table: reads it, writes its answer, and returns what else there is to say, a line each.
pub trait Engine: FnOnce(Box<dyn Read>, BufWriter<StdoutLock<'static>>) -> Result<Vec<String>, Problem> {}

impl<F: FnOnce(Box<dyn Read>, BufWriter<StdoutLock<'static>>) -> Result<Vec<String>, Problem>> Engine for F {}

/// Runs an engine on a file, `-` being the standard input.
pub fn run(input: &Path, engine: impl Engine) -> Outcome {
    let reader = match open(input) {
        Ok(reader) => reader,
        Err(problem) => return refuse(problem),
    };
    match engine(reader, BufWriter::new(io::stdout().lock())) {
        Ok(notes) => {
            for note in notes {
                eprintln!("{note}");
            }
            Ok(ExitCode::SUCCESS)
        }
        // Whoever reads the answer has had enough of it, as `head` has.
        Err(Problem::Io(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        Err(problem) if input == Path::new("-") => refuse(format!("the standard input: {problem}")),
        Err(problem) => refuse(format!("{}: {problem}", input.display())),
    }
}

/// A file, or the standard input for `-`.
///
/// # Errors
/// A file that cannot be read, in words.
pub fn open(path: &Path) -> Result<Box<dyn Read>, String> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin()));
    }
    match File::open(path) {
        Ok(file) => Ok(Box::new(file)),
        Err(error) => Err(format!("{} cannot be read: {error}", path.display())),
    }
}

/// Says why a table cannot be used.
pub fn refuse(problem: impl Display) -> Outcome {
    eprintln!("hiec: {problem}");
    Ok(ExitCode::from(EXIT_BAD_TABLE))
}
