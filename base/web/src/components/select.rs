//! Select: one of a list too long for radios; the server checks again that the value is on it.

use super::content::{Attributes, Classes, Element, setters};
use super::field::{Described, ErrorMessage, FormGroup, Hint, describe, id_or_name};
use super::input::InputWrapper;
use super::label::Label;
use maud::{Markup, Render, html};

/// One option, or a line between options.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct SelectItem {
    pub text: String,
    /// The text where not given.
    pub value: Option<String>,
    /// Overrides the `value` of the whole.
    pub selected: Option<bool>,
    pub disabled: bool,
    /// A line, and nothing else.
    pub divider: bool,
    pub attributes: Attributes,
}
setters!(SelectItem { set selected: Option<bool>, set disabled: bool, set attributes: Attributes });

impl SelectItem {
    /// An option.
    pub fn new(value: impl Into<String>, text: impl Into<String>) -> Self {
        Self { value: Some(value.into()), text: text.into(), ..Self::default() }
    }
}

impl<V: Into<String>, T: Into<String>> From<(V, T)> for SelectItem {
    fn from((value, text): (V, T)) -> Self {
        Self::new(value, text)
    }
}

/// One of a list.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Select {
    pub label: Label,
    /// The name where not given.
    pub id: String,
    pub name: String,
    pub items: Vec<SelectItem>,
    /// The value of the option chosen.
    pub value: String,
    pub hint: Option<Hint>,
    pub error_message: Option<ErrorMessage>,
    pub disabled: bool,
    pub described_by: String,
    pub classes: String,
    pub attributes: Attributes,
    pub input_wrapper: InputWrapper,
    pub form_group: FormGroup,
}
setters!(Select { set label: Label, set id: String, list items: SelectItem, set value: String, maybe hint: Hint, maybe error_message: ErrorMessage, set disabled: bool, set described_by: String, set classes: String, set attributes: Attributes, set form_group: FormGroup });

impl Select {
    /// A select of this name; its id is the same.
    pub fn new(name: impl Into<String>, label: impl Into<Label>) -> Self {
        Self { name: name.into(), label: label.into(), ..Self::default() }
    }

    fn option(&self, item: &SelectItem) -> Markup {
        if item.divider {
            return html! { hr; };
        }
        let value = item.value.as_ref().unwrap_or(&item.text);
        let selected = item.selected.unwrap_or(!self.value.is_empty() && *value == self.value);
        let option = Element::new("option");
        let option = match &item.value {
            Some(value) => option.attr("value", value),
            None => option,
        };
        option.flag("selected", selected).flag("disabled", item.disabled).attributes(&item.attributes).wrap(&item.text)
    }
}

impl Render for Select {
    fn render(&self) -> Markup {
        let id = id_or_name(&self.id, &self.name);
        let Described { by, notes } = describe(id, &self.described_by, self.hint.as_ref(), self.error_message.as_ref());
        let field = Element::new("select")
            .class(
                Classes::new("nhsuk-select")
                    .and_if(self.error_message.is_some(), "nhsuk-select--error")
                    .and(&self.classes),
            )
            .attr("id", id)
            .attr("name", &self.name)
            .flag("disabled", self.disabled)
            .optional("aria-describedby", &by)
            .attributes(&self.attributes)
            .wrap(html! { @for item in &self.items { (self.option(item)) } });
        let wrapped = !self.form_group.before_input.is_empty()
            || !self.form_group.after_input.is_empty()
            || !self.input_wrapper.classes.is_empty();
        self.form_group.wrap(
            self.error_message.is_some(),
            html! {
                (self.label.render_for(id))
                (notes)
                @if wrapped {
                    (Element::new("div")
                        .class(Classes::new("nhsuk-input-wrapper").and(&self.input_wrapper.classes))
                        .attributes(&self.input_wrapper.attributes)
                        .wrap(html! { (self.form_group.before_input) (field) (self.form_group.after_input) }))
                } @else { (field) }
            },
        )
    }
}
