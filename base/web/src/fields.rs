//! What people and programs send: form fields or JSON, read into one shape, with errors that name the field; nothing sent is silently dropped.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use hiec_kernel::{Problem, ProblemKind};
use http::header::CONTENT_TYPE;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::refusal::Refusal;

/// A typed form: from `application/x-www-form-urlencoded`, or from `application/json` for programs.
///
/// Form structs keep what was typed as `String` (with `#[serde(default)]`), so that the page can show it again beside the error.
#[derive(Clone, Debug)]
pub struct Input<T>(pub T);

/// The fields as sent, in order, for forms whose questions are data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        match body(request, state).await? {
            Body::Form(bytes) => {
                let text = std::str::from_utf8(&bytes).map_err(|_| not_utf8())?;
                Ok(Self(url::form_urlencoded::parse(text.as_bytes()).into_owned().collect()))
            }
            Body::Json(bytes) => {
                let value: Value = serde_json::from_slice(&bytes).map_err(|error| not_json(&error))?;
                let Value::Object(fields) = value else {
                    return Err(Problem::invalid("The body is no JSON object", "Send an object of fields.").into());
                };
                Ok(Self(fields.into_iter().flat_map(|(key, value)| flat(key, value)).collect()))
            }
        }
    }
}

/// JSON fields become form fields: arrays repeat the name, everything else is its text.
fn flat(key: String, value: Value) -> Vec<(String, String)> {
    match value {
        Value::Array(items) => items.into_iter().flat_map(|item| flat(key.clone(), item)).collect(),
        Value::String(text) => vec![(key, text)],
        Value::Null => vec![],
        Value::Object(fields) => {
            fields.into_iter().flat_map(|(inner, value)| flat(format!("{key}-{inner}"), value)).collect()
        }
        other => vec![(key, other.to_string())],
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Input<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        match body(request, state).await? {
            Body::Form(bytes) => {
                std::str::from_utf8(&bytes).map_err(|_| not_utf8())?;
                serde_html_form::from_bytes(&bytes).map(Self).map_err(|error| unreadable(&error).into())
            }
            Body::Json(bytes) => serde_json::from_slice(&bytes)
                .map(Self)
                .map_err(|error| if error.is_data() { unreadable(&error).into() } else { not_json(&error).into() }),
        }
    }
}

enum Body {
    Form(Bytes),
    Json(Bytes),
}

async fn body<S: Send + Sync>(request: Request, state: &S) -> Result<Body, Refusal> {
    let kind = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .map(|value| value.split(';').next().unwrap_or(value).trim().to_ascii_lowercase());
    let bytes = Bytes::from_request(request, state).await.map_err(|_| {
        Problem::new(
            ProblemKind::TooLarge,
            "What was sent is too large",
            "Shorten the text, or send large documents as files; nothing was saved from this attempt.",
        )
    })?;
    let holds = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    if bytes.contains(&0) || holds(b"%00") || holds(b"\\u0000") {
        return Err(Problem::invalid(
            "The text holds a sign that no text may hold (NUL)",
            "It was pasted with hidden signs: type the text again, or paste it as plain text.",
        )
        .into());
    }
    match kind.as_deref() {
        None if bytes.is_empty() => Ok(Body::Form(bytes)),
        Some("application/x-www-form-urlencoded") => Ok(Body::Form(bytes)),
        Some("application/json") => Ok(Body::Json(bytes)),
        _ => Err(Problem::invalid(
            "This address takes form fields or JSON",
            "Send application/x-www-form-urlencoded or application/json.",
        )
        .into()),
    }
}

fn not_utf8() -> Problem {
    Problem::invalid("The text is not in UTF-8", "Save the text as UTF-8 and send it again.")
}

fn not_json(error: &serde_json::Error) -> Problem {
    Problem::invalid(
        format!("The JSON cannot be read at line {}, column {}", error.line(), error.column()),
        "Correct it and send it again.",
    )
}

fn unreadable(error: &impl std::fmt::Display) -> Problem {
    Problem::invalid("A field is missing or of the wrong kind", format!("Check the fields and send again: {error}."))
}

/// Errors by field, in the order of the form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Errors(pub Vec<FieldError>);

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The field's name, also the element's id on the page.
    pub field: String,
    pub message: String,
}

impl Errors {
    pub fn none() -> Self {
        Self::default()
    }

    pub fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push(FieldError { field: field.into(), message: message.into() });
    }

    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|error| error.field == field).map(|error| error.message.as_str())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Keeps the value, or notes the error for the field and answers `None`.
    pub fn take<T>(&mut self, field: &str, result: Result<T, impl std::fmt::Display>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.add(field, error.to_string());
                None
            }
        }
    }

    /// A text that must be there and not longer than `most` characters; control characters are refused.
    pub fn text(&mut self, field: &str, what: &str, typed: &str, most: usize) -> Option<String> {
        let typed = typed.replace("\r\n", "\n");
        let text = typed.trim();
        if text.is_empty() {
            self.add(field, format!("Enter {what}"));
        } else if text.chars().count() > most {
            self.add(field, format!("Shorten {what} to at most {most} characters; it has {}", text.chars().count()));
        } else if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            self.add(field, format!("Remove the control characters from {what}: it was pasted with hidden signs"));
        } else {
            return Some(text.to_owned());
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_and_form_fields_are_one_shape() {
        let value = serde_json::json!({"a": ["x", "y"], "b": 3, "c": {"day": "1"}, "d": null});
        let Value::Object(fields) = value else { unreachable!() };
        let flat: Vec<_> = fields.into_iter().flat_map(|(key, value)| flat(key, value)).collect();
        let pairs: Vec<(&str, &str)> = flat.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(pairs, [("a", "x"), ("a", "y"), ("b", "3"), ("c-day", "1")]);
    }

    #[test]
    fn texts_are_checked_in_the_users_words() {
        let mut errors = Errors::none();
        assert_eq!(errors.text("reason", "a reason", "  because\r\nof this ", 50).as_deref(), Some("because\nof this"));
        assert_eq!(errors.text("reason", "a reason", " ", 50), None);
        assert_eq!(errors.of("reason"), Some("Enter a reason"));
    }
}
