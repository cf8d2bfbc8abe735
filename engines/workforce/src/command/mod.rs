//! `hiec workforce run`: a model in JSON in, the answer as JSON or CSV out; it must never answer a model it has not understood whole.

mod fields;
mod identity;
mod reading;
mod writing;

pub use identity::sha256;
pub use reading::model;
pub use writing::{CSV_COLUMNS, answer, table};

/// How the answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Json,
    Csv,
}

/// Runs a model given as JSON; the format stands in the README.
///
/// # Errors
/// Every problem in words: where the text is no such model, or what in the model cannot be.
pub fn run(input: &[u8], form: Form) -> Result<String, Vec<String>> {
    let text = std::str::from_utf8(input)
        .map_err(|_| vec!["the model is not UTF-8 text; save the file as UTF-8 and try again".to_owned()])?;
    let model = reading::model(text)?;
    let found = model.run()?;
    Ok(match form {
        Form::Json => writing::answer(&model, &found),
        Form::Csv => writing::table(&model, &found),
    })
}
