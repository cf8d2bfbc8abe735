//! `hiec assess assign`: reads the question from a file or the standard input and prints what the engine answers. It adds nothing of its own.

use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use hiec_assignment::run_command;

use super::Outcome;

pub fn assign(instance: &Path) -> Outcome {
    let mut input = Vec::new();
    if instance == Path::new("-") {
        std::io::stdin().read_to_end(&mut input)?;
    } else {
        input = std::fs::read(instance).map_err(|error| format!("{} cannot be read: {error}", instance.display()))?;
    }
    let outcome = run_command(&input);
    print!("{}", outcome.stdout);
    eprint!("{}", outcome.stderr);
    Ok(ExitCode::from(outcome.exit_code))
}
