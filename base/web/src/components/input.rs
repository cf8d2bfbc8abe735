//! Text inputs; it shows what was typed and what is wrong, and validates nothing itself.

use super::content::{Attributes, Classes, Content, Element, from_content, setters};
use super::field::{Described, ErrorMessage, FormGroup, Hint, describe, id_or_name};
use super::label::Label;
use maud::{Markup, Render, html};

/// A sign before or after what is typed, such as `£`. Screen readers skip it: say the unit in the label.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Affix {
    pub text: Content,
    pub classes: String,
    pub attributes: Attributes,
}
from_content!(Affix);

impl Affix {
    fn draw(&self, side: &str) -> Markup {
        Element::new("div")
            .class(Classes::new(&format!("nhsuk-input-wrapper__{side}")).and(&self.classes))
            .attr("aria-hidden", "true")
            .attributes(&self.attributes)
            .wrap(&self.text)
    }
}

/// The box that holds an input with its affixes.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct InputWrapper {
    pub classes: String,
    pub attributes: Attributes,
}

/// One line of text, a number, a date, an address.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Input {
    pub label: Label,
    /// The name where not given.
    pub id: String,
    pub name: String,
    /// `text` unless given.
    #[cfg_attr(test, serde(rename = "type"))]
    pub kind: String,
    pub value: String,
    pub hint: Option<Hint>,
    pub error_message: Option<ErrorMessage>,
    pub prefix: Option<Affix>,
    pub suffix: Option<Affix>,
    /// In characters: 2, 3, 4, 5, 10, 20 or 30.
    pub width: Option<u8>,
    pub large: bool,
    /// A fixed-width face, for codes and reference numbers.
    pub code: bool,
    pub disabled: bool,
    pub described_by: String,
    pub inputmode: String,
    pub autocomplete: String,
    pub autocapitalize: String,
    pub pattern: String,
    pub placeholder: String,
    pub spellcheck: Option<bool>,
    pub classes: String,
    pub attributes: Attributes,
    pub input_wrapper: InputWrapper,
    pub form_group: FormGroup,
}
setters!(Input { set label: Label, set id: String, set name: String, set kind: String, set value: String, maybe hint: Hint, maybe error_message: ErrorMessage, maybe prefix: Affix, maybe suffix: Affix, set width: Option<u8>, set large: bool, set code: bool, set disabled: bool, set described_by: String, set inputmode: String, set autocomplete: String, set autocapitalize: String, set pattern: String, set placeholder: String, set spellcheck: Option<bool>, set classes: String, set attributes: Attributes, set form_group: FormGroup });

impl Input {
    /// An input of this name; its id is the same.
    pub fn new(name: impl Into<String>, label: impl Into<Label>) -> Self {
        Self { name: name.into(), label: label.into(), ..Self::default() }
    }

    /// A whole number: digits only on a phone's keyboard, no spelling check.
    #[must_use]
    pub fn number(self) -> Self {
        self.inputmode("numeric").spellcheck(false).width(5)
    }

    /// An amount in pounds.
    #[must_use]
    pub fn money(self) -> Self {
        self.inputmode("decimal").spellcheck(false).prefix("£").width(10)
    }

    fn field(&self, id: &str, described_by: &str) -> Markup {
        let width = match self.width {
            Some(width @ (2 | 3 | 4 | 5 | 10 | 20 | 30)) if !self.classes.contains("nhsuk-input--width-") => {
                format!("nhsuk-input--width-{width}")
            }
            _ => String::new(),
        };
        let class = Classes::new("nhsuk-input")
            .and_if(self.large, "nhsuk-input--large")
            .and_if(self.code, "nhsuk-input--code")
            .and_if(self.error_message.is_some(), "nhsuk-input--error")
            .and(&width)
            .and(&self.classes);
        let spellcheck = match self.spellcheck {
            Some(true) => "true",
            Some(false) => "false",
            None => "",
        };
        Element::new("input")
            .class(class)
            .attr("id", id)
            .attr("name", &self.name)
            .attr("type", if self.kind.is_empty() { "text" } else { &self.kind })
            .optional("spellcheck", spellcheck)
            .optional("value", &self.value)
            .flag("disabled", self.disabled)
            .optional("aria-describedby", described_by)
            .optional("autocomplete", &self.autocomplete)
            .optional("autocapitalize", &self.autocapitalize)
            .optional("pattern", &self.pattern)
            .optional("placeholder", &self.placeholder)
            .optional("inputmode", &self.inputmode)
            .attributes(&self.attributes)
            .void()
    }

    fn is_wrapped(&self) -> bool {
        let shows = |affix: &Option<Affix>| affix.as_ref().is_some_and(|affix| !affix.text.is_empty());
        shows(&self.prefix)
            || shows(&self.suffix)
            || !self.form_group.before_input.is_empty()
            || !self.form_group.after_input.is_empty()
            || !self.input_wrapper.classes.is_empty()
    }
}

impl Render for Input {
    fn render(&self) -> Markup {
        let id = id_or_name(&self.id, &self.name);
        let Described { by, notes } = describe(id, &self.described_by, self.hint.as_ref(), self.error_message.as_ref());
        let field = self.field(id, &by);
        self.form_group.wrap(
            self.error_message.is_some(),
            html! {
                (self.label.render_for(id))
                (notes)
                @if self.is_wrapped() {
                    (Element::new("div")
                        .class(Classes::new("nhsuk-input-wrapper")
                            .and_if(self.large, "nhsuk-input-wrapper--large")
                            .and(&self.input_wrapper.classes))
                        .attributes(&self.input_wrapper.attributes)
                        .wrap(html! {
                            (self.form_group.before_input)
                            @if let Some(prefix) = &self.prefix { (prefix.draw("prefix")) }
                            (field)
                            @if let Some(suffix) = &self.suffix { (suffix.draw("suffix")) }
                            (self.form_group.after_input)
                        }))
                } @else { (field) }
            },
        )
    }
}
