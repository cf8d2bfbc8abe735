//! `hiec value run`: a model in JSON in, the answer in JSON out; it must never answer a model it has not understood whole.

mod reading;
mod writing;

use crate::NotUsable;

/// Works out a model given as JSON; the format stands in the README.
///
/// # Errors
/// Every problem in words: where the text is no such model, or what in the model cannot be.
pub fn run(input: &[u8]) -> Result<String, Vec<String>> {
    let text = std::str::from_utf8(input)
        .map_err(|_| vec!["the model is not UTF-8 text; save the file as UTF-8 and try again".to_owned()])?;
    let (model, reach) = reading::model(text)?;
    let answer = model.answer().map_err(|problems| problems.iter().map(NotUsable::to_string).collect::<Vec<_>>())?;
    Ok(writing::answer(&model, &answer, reach.as_ref()))
}
