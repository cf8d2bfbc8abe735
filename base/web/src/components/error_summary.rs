//! The list of what is wrong, at the top of the page, with a link to each field.

use super::content::{Attributes, Classes, Content, Element, setters};
use super::heading::{Dress, Heading};
use maud::{Markup, Render, html};

/// One thing that is wrong.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct ErrorItem {
    pub text: Content,
    /// `#id` of the field.
    pub href: String,
    pub attributes: Attributes,
}

impl ErrorItem {
    /// What is wrong with the field of this id.
    pub fn for_field(id: &str, text: impl Into<Content>) -> Self {
        Self { text: text.into(), href: format!("#{id}"), ..Self::default() }
    }

    /// What is wrong with the whole.
    pub fn general(text: impl Into<Content>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

impl<I: AsRef<str>, T: Into<Content>> From<(I, T)> for ErrorItem {
    fn from((id, text): (I, T)) -> Self {
        Self::for_field(id.as_ref(), text)
    }
}

/// Everything that is wrong with what was sent. It takes the focus when the page opens.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct ErrorSummary {
    pub heading: Heading,
    pub description: Description,
    pub error_list: Vec<ErrorItem>,
    pub disable_auto_focus: Option<bool>,
    pub id: String,
    pub classes: String,
    pub attributes: Attributes,
}
setters!(ErrorSummary { set heading: Heading, set description: Description, list error_list: ErrorItem, set disable_auto_focus: Option<bool>, set id: String, set classes: String });

/// A line between the heading and the list.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Description {
    pub text: Content,
    pub classes: String,
    pub attributes: Attributes,
}
super::content::from_content!(Description);

impl ErrorSummary {
    /// "There is a problem", and these errors: pairs of field id and message, or [`ErrorItem`]s.
    pub fn new(errors: impl IntoIterator<Item = impl Into<ErrorItem>>) -> Self {
        Self { heading: Heading::from("There is a problem"), ..Self::default() }.error_list(errors)
    }
}

impl Render for ErrorSummary {
    fn render(&self) -> Markup {
        let focus = match self.disable_auto_focus {
            Some(true) => "true",
            Some(false) => "false",
            None => "",
        };
        Element::new("div")
            .class(Classes::new("nhsuk-error-summary").and(&self.classes))
            .optional("id", &self.id)
            .attr("data-module", "nhsuk-error-summary")
            .optional("data-disable-auto-focus", focus)
            .attributes(&self.attributes)
            .wrap(html! {
                div role="alert" {
                    (self.heading.dressed(&Dress::plain("nhsuk-error-summary__heading", 2)))
                    div class="nhsuk-error-summary__body" {
                        @if !self.description.text.is_empty() { p { (self.description.text) } }
                        @if !self.error_list.is_empty() {
                            ul class="nhsuk-list nhsuk-error-summary__list" {
                                @for item in &self.error_list {
                                    li {
                                        @if item.href.is_empty() { (item.text) }
                                        @else {
                                            (Element::new("a").attr("href", &item.href)
                                                .attributes(&item.attributes).wrap(&item.text))
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            })
    }
}
