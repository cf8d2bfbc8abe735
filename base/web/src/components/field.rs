//! What every form field shares: hint, error message, and the ids that tie them to the field. It reads no form data.

use super::content::{Attributes, Classes, Content, Element, from_content, setters};
use maud::{Markup, Render, html};

/// Help that stands between the label and the field.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Hint {
    pub text: Content,
    pub id: String,
    pub classes: String,
    pub attributes: Attributes,
}
from_content!(Hint);
setters!(Hint { set id: String, set classes: String });

impl Render for Hint {
    fn render(&self) -> Markup {
        Element::new("div")
            .class(Classes::new("nhsuk-hint").and(&self.classes))
            .optional("id", &self.id)
            .attributes(&self.attributes)
            .wrap(&self.text)
    }
}

/// What is wrong with an answer and how to mend it. With no words it only colours the field.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct ErrorMessage {
    pub text: Content,
    pub id: String,
    /// Said before the message; `Error` unless given, nothing where `Some("")`.
    pub visually_hidden_text: Option<String>,
    pub classes: String,
    pub attributes: Attributes,
}
from_content!(ErrorMessage);
setters!(ErrorMessage { set id: String, set classes: String });

impl Render for ErrorMessage {
    fn render(&self) -> Markup {
        let prefix = self.visually_hidden_text.as_deref().unwrap_or("Error");
        Element::new("span")
            .class(Classes::new("nhsuk-error-message").and(&self.classes))
            .optional("id", &self.id)
            .attributes(&self.attributes)
            .wrap(html! {
                @if !prefix.is_empty() { span class="nhsuk-u-visually-hidden" { (prefix) ": " } }
                (self.text)
            })
    }
}

/// The box around a field.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct FormGroup {
    pub classes: String,
    pub attributes: Attributes,
    pub before_input: Content,
    pub after_input: Content,
}

impl FormGroup {
    /// Draws the group, marked when its field has an error.
    pub(super) fn wrap(&self, in_error: bool, content: Markup) -> Markup {
        let class = Classes::new("nhsuk-form-group").and_if(in_error, "nhsuk-form-group--error").and(&self.classes);
        Element::new("div").class(class).attributes(&self.attributes).wrap(content)
    }
}

/// Hint and error of one field, and the `aria-describedby` that names them.
pub(super) struct Described {
    pub by: String,
    pub notes: Markup,
}

/// Draws hint and error with ids made from the field's, keeping ids given by hand.
pub(super) fn describe(
    id: &str,
    described_by: &str,
    hint: Option<&Hint>,
    error_message: Option<&ErrorMessage>,
) -> Described {
    let own_id = |given: &str, ending: &str| {
        if given.is_empty() { format!("{id}-{ending}") } else { given.to_owned() }
    };
    let hint =
        hint.filter(|hint| !hint.text.is_empty()).map(|hint| Hint { id: own_id(&hint.id, "hint"), ..hint.clone() });
    let error = error_message
        .filter(|error| !error.text.is_empty())
        .map(|error| ErrorMessage { id: own_id(&error.id, "error"), ..error.clone() });
    let by = [described_by, hint.as_ref().map_or("", |hint| &hint.id), error.as_ref().map_or("", |error| &error.id)];
    Described {
        by: by.into_iter().filter(|id| !id.is_empty()).collect::<Vec<_>>().join(" "),
        notes: html! {
            @if let Some(hint) = hint { (hint) }
            @if let Some(error) = error { (error) }
        },
    }
}

/// The id of a field: its own, or its name.
pub(super) fn id_or_name<'a>(id: &'a str, name: &'a str) -> &'a str {
    if id.is_empty() { name } else { id }
}
