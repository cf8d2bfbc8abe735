//! `hiec-pdf` draws one document as an accessible PDF, or one SVG as PNG: JSON on standard input, the file on standard output.
//! It never opens a file or a socket, never reads the clock, and never takes words from the data as markup.

use std::io::{Read, Write};
use std::process::ExitCode;

mod fonts;
mod glyphs;
mod order;
mod picture;
mod press;
mod world;

/// The most a document may weigh as JSON; a full round's minutes are about 200 kB.
const MOST_INPUT: u64 = 16 * 1024 * 1024;

/// What went wrong, in words for the person who asked; the number is the exit code.
#[derive(Debug)]
pub enum Fault {
    /// The request itself is wrong (exit code 2).
    Order(String),
    /// The request is well formed but could not be drawn (exit code 1).
    Press(String),
}

fn main() -> ExitCode {
    if std::env::args().len() > 1 {
        return usage();
    }
    std::panic::set_hook(Box::new(|info| {
        eprintln!("The PDF engine failed inside: {info}");
    }));
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(Fault::Order(words)) => {
            eprintln!("{words}");
            ExitCode::from(2)
        }
        Err(Fault::Press(words)) => {
            eprintln!("{words}");
            ExitCode::from(1)
        }
    }
}

fn usage() -> ExitCode {
    println!(
        "hiec-pdf {}\n\n\
         Reads one JSON document from standard input and writes a tagged PDF (PDF/UA-1 and PDF/A-2a)\n\
         to standard output:\n\n    \
         {{\"template\": \"minutes|letter|receipt|report\", \"lang\": \"en-GB\", \"data\": {{...}}}}\n\n\
         or one SVG, and writes it as PNG so many pixels wide:\n\n    \
         {{\"picture\": {{\"svg\": \"<svg ...\", \"width\": 1920}}}}\n\n\
         Faults are told in words on standard error: exit code 2 when the request is wrong,\n\
         1 when it could not be drawn. pdf/README.md describes the data.",
        env!("CARGO_PKG_VERSION")
    );
    ExitCode::SUCCESS
}

fn run() -> Result<(), Fault> {
    shut_the_doors().map_err(|why| Fault::Press(format!("The limits could not be set: {why}")))?;
    let mut input = Vec::new();
    std::io::stdin()
        .lock()
        .take(MOST_INPUT + 1)
        .read_to_end(&mut input)
        .map_err(|why| Fault::Order(format!("The document could not be read: {why}")))?;
    if input.len() as u64 > MOST_INPUT {
        return Err(Fault::Order(format!("The document is larger than {} MiB. Split it.", MOST_INPUT / 1024 / 1024)));
    }
    let drawn = match order::Request::parse(&input)? {
        order::Request::Document(order) => {
            let print = press::draw(&order)?;
            if let Some(warning) = print.warning {
                eprintln!("{warning}");
            }
            print.pdf
        }
        order::Request::Picture(picture) => picture::png(&picture)?,
    };
    let mut out = std::io::stdout().lock();
    out.write_all(&drawn)
        .and_then(|()| out.flush())
        .map_err(|why| Fault::Press(format!("What was drawn could not be handed over: {why}")))
}

/// From here on no file and no socket can be opened (there is no descriptor left beyond the three
/// standard ones), nothing can be written to a file, and no core is dumped.
/// Memory and processor time are limited by whoever starts this program.
#[cfg(unix)]
fn shut_the_doors() -> Result<(), rustix::io::Errno> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let to = |most: u64| Rlimit { current: Some(most), maximum: Some(most) };
    setrlimit(Resource::Core, to(0))?;
    setrlimit(Resource::Nofile, to(3))
}

#[cfg(not(unix))]
fn shut_the_doors() -> Result<(), std::convert::Infallible> {
    Ok(())
}
