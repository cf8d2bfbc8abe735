//! What is asked for: the template, the language and the data, checked before anything is drawn.
//! It knows nothing of Typst and never trusts a field to be there.

use serde::Deserialize;
use serde_json::Value;

use crate::Fault;

/// The kinds of document this program can draw; each has a file in `templates/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Template {
    Minutes,
    Letter,
    Receipt,
    Report,
}

/// What may be asked of this program.
#[derive(Debug)]
pub enum Request {
    Document(Order),
    Picture(Picture),
}

impl Request {
    /// Reads a request: one that names a picture is for a picture, any other for a document.
    ///
    /// # Errors
    /// [`Fault::Order`] when it is not JSON of the right shape.
    pub fn parse(input: &[u8]) -> Result<Self, Fault> {
        let is_picture = serde_json::from_slice::<Value>(input).is_ok_and(|value| value.get("picture").is_some());
        match is_picture {
            false => Order::parse(input).map(Self::Document),
            true => serde_json::from_slice::<PictureOrder>(input)
                .map(|order| Self::Picture(order.picture))
                .map_err(|why| Fault::Order(format!("The request for a picture was not understood: {why}"))),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PictureOrder {
    picture: Picture,
}

/// An SVG to be drawn as PNG.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Picture {
    pub svg: String,
    /// Pixels; the height follows.
    pub width: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    pub template: Template,
    /// BCP 47, a language with or without a region: `en` or `en-GB`.
    pub lang: String,
    pub data: Value,
}

/// A calendar day, for the document's metadata; the time of day is never guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    pub year: i32,
    pub month: u8,
    pub day: u8,
}

impl Order {
    /// Reads a request.
    ///
    /// # Errors
    /// [`Fault::Order`] when it is not JSON of the right shape, or lacks a title or a date:
    /// an accessible PDF must have a title, an archival one a date.
    pub fn parse(input: &[u8]) -> Result<Self, Fault> {
        let order: Self = serde_json::from_slice(input)
            .map_err(|why| Fault::Order(format!("The request for a PDF was not understood: {why}")))?;
        order.language()?;
        order.title()?;
        order.date()?;
        if !order.data.get("blocks").is_some_and(Value::is_array) {
            return Err(Fault::Order("The document has no list of blocks.".into()));
        }
        Ok(order)
    }

    /// Language and region, lower and upper case: `("en", Some("GB"))`.
    ///
    /// # Errors
    /// [`Fault::Order`] when it is not a language tag of this simple form.
    pub fn language(&self) -> Result<(&str, Option<&str>), Fault> {
        let (lang, region) = match self.lang.split_once('-') {
            Some((lang, region)) => (lang, Some(region)),
            None => (self.lang.as_str(), None),
        };
        let lang_fits = (2..=3).contains(&lang.len()) && lang.bytes().all(|b| b.is_ascii_lowercase());
        let region_fits = region.is_none_or(|r| r.len() == 2 && r.bytes().all(|b| b.is_ascii_uppercase()));
        if lang_fits && region_fits {
            Ok((lang, region))
        } else {
            Err(Fault::Order("The language must look like “en” or “en-GB”.".into()))
        }
    }

    /// The document's title, never empty.
    ///
    /// # Errors
    /// [`Fault::Order`] when there is none.
    pub fn title(&self) -> Result<&str, Fault> {
        self.data
            .get("title")
            .and_then(Value::as_str)
            .filter(|title| !title.trim().is_empty())
            .ok_or_else(|| Fault::Order("The document has no title.".into()))
    }

    /// The document's own date.
    ///
    /// # Errors
    /// [`Fault::Order`] when there is none of the form `2009-12-01`.
    pub fn date(&self) -> Result<Day, Fault> {
        self.data
            .get("date")
            .and_then(Value::as_str)
            .and_then(Day::parse)
            .ok_or_else(|| Fault::Order("The document has no date of the form 2009-12-01.".into()))
    }
}

impl Day {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || (year.len(), month.len(), day.len()) != (4, 2, 2) {
            return None;
        }
        Some(Self { year: year.parse().ok()?, month: month.parse().ok()?, day: day.parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(json: &str) -> String {
        match Order::parse(json.as_bytes()) {
            Err(Fault::Order(words)) => words,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_request_must_have_its_parts() {
        assert!(
            Order::parse(
                br#"{"template":"letter","lang":"en-GB","data":{"title":"T","date":"2009-12-01","blocks":[]}}"#
            )
            .is_ok()
        );
        assert!(refusal("rubbish").contains("was not understood"));
        assert!(refusal(r#"{"template":"poster","lang":"en","data":{}}"#).contains("poster"));
        assert!(refusal(r#"{"template":"letter","lang":"english","data":{}}"#).contains("language"));
        assert!(refusal(r#"{"template":"letter","lang":"en","data":{}}"#).contains("title"));
        assert!(refusal(r#"{"template":"letter","lang":"en","data":{"title":" "}}"#).contains("title"));
        assert!(refusal(r#"{"template":"letter","lang":"en","data":{"title":"T","date":"1 May"}}"#).contains("date"));
        assert!(
            refusal(r#"{"template":"letter","lang":"en","data":{"title":"T","date":"2009-12-01"}}"#).contains("blocks")
        );
        assert!(refusal(r#"{"template":"letter","lang":"en","data":{},"more":1}"#).contains("more"));
    }
}
