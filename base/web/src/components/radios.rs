//! Radios: one answer of a few; the server checks again that the value is one of them.

use super::content::{Attributes, Classes, Content, Element, setters};
use super::field::{Described, ErrorMessage, FormGroup, Hint, describe};
use super::fieldset::{Fieldset, Legend};
use super::label::Label;
use maud::{Markup, Render, html};

/// One answer, or a divider between answers.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct RadioItem {
    pub text: Content,
    pub value: String,
    /// Made from the name and the place in the list where not given.
    pub id: String,
    pub hint: Option<Hint>,
    /// Overrides the `value` of the whole.
    pub checked: Option<bool>,
    pub disabled: Option<bool>,
    /// Shows only while this answer is chosen.
    pub conditional: Content,
    /// Words of a divider, such as "or"; then nothing else of the item counts.
    pub divider: String,
    pub classes: String,
    pub attributes: Attributes,
}
setters!(RadioItem { set id: String, maybe hint: Hint, set checked: Option<bool>, set disabled: Option<bool>, set conditional: Content, set classes: String, set attributes: Attributes });

impl RadioItem {
    /// An answer.
    pub fn new(value: impl Into<String>, text: impl Into<Content>) -> Self {
        Self { value: value.into(), text: text.into(), ..Self::default() }
    }

    /// Words between answers.
    pub fn divider(words: impl Into<String>) -> Self {
        Self { divider: words.into(), ..Self::default() }
    }
}

/// One answer of a few.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Radios {
    pub fieldset: Option<Fieldset>,
    pub id: String,
    pub name: String,
    /// The name where not given.
    pub id_prefix: String,
    pub items: Vec<RadioItem>,
    /// The value of the answer chosen.
    pub value: String,
    pub hint: Option<Hint>,
    pub error_message: Option<ErrorMessage>,
    pub small: bool,
    pub inline: bool,
    pub disabled: bool,
    pub classes: String,
    pub attributes: Attributes,
    pub form_group: FormGroup,
}
setters!(Radios { set fieldset: Option<Fieldset>, set id: String, set id_prefix: String, list items: RadioItem, set value: String, maybe hint: Hint, maybe error_message: ErrorMessage, set small: bool, set inline: bool, set disabled: bool, set classes: String, set attributes: Attributes, set form_group: FormGroup });

impl Radios {
    /// A question of this name with this legend.
    pub fn new(name: impl Into<String>, legend: impl Into<Legend>) -> Self {
        Self { name: name.into(), fieldset: Some(Fieldset::from(legend)), ..Self::default() }
    }

    fn item(&self, item: &RadioItem, id: &str) -> Markup {
        let checked = item.checked.unwrap_or(!self.value.is_empty() && item.value == self.value);
        let hint = item.hint.as_ref().filter(|hint| !hint.text.is_empty()).map(|hint| Hint {
            id: if hint.id.is_empty() { format!("{id}-item-hint") } else { hint.id.clone() },
            classes: Classes::new("nhsuk-radios__hint").and(&hint.classes).as_ref().to_owned(),
            ..hint.clone()
        });
        let conditional_id = format!("conditional-{id}");
        let controls = if item.conditional.is_empty() { "" } else { &conditional_id };
        let input = Element::new("input")
            .class(Classes::new("nhsuk-radios__input").and(&item.classes))
            .attr("id", id)
            .attr("name", &self.name)
            .attr("type", "radio")
            .attr("value", &item.value)
            .flag("checked", checked)
            .flag("disabled", item.disabled.unwrap_or(self.disabled))
            .optional("data-aria-controls", controls)
            .optional("aria-describedby", hint.as_ref().map_or("", |hint| &hint.id))
            .attributes(&item.attributes)
            .void();
        html! {
            div class="nhsuk-radios__item" {
                (input)
                (Label::from(item.text.clone()).render_item(id, "nhsuk-radios__label"))
                @if let Some(hint) = hint { (hint) }
            }
            @if !item.conditional.is_empty() {
                (Element::new("div")
                    .class(Classes::new("nhsuk-radios__conditional")
                        .and_if(!checked, "nhsuk-radios__conditional--hidden"))
                    .attr("id", &conditional_id)
                    .wrap(&item.conditional))
            }
        }
    }
}

impl Render for Radios {
    fn render(&self) -> Markup {
        let prefix = if self.id_prefix.is_empty() { &self.name } else { &self.id_prefix };
        let before = self.fieldset.as_ref().map_or("", |fieldset| &fieldset.described_by);
        let Described { by, notes } = describe(prefix, before, self.hint.as_ref(), self.error_message.as_ref());
        let list = Element::new("div")
            .class(
                Classes::new("nhsuk-radios")
                    .and_if(self.small, "nhsuk-radios--small")
                    .and_if(self.inline, "nhsuk-radios--inline")
                    .and(&self.classes),
            )
            .optional("id", &self.id)
            .attr("data-module", "nhsuk-radios")
            .attributes(&self.attributes)
            .wrap(html! {
                (self.form_group.before_input)
                @for (index, item) in self.items.iter().enumerate() {
                    @if !item.divider.is_empty() {
                        div class="nhsuk-radios__divider" { (item.divider) }
                    } @else {
                        (self.item(item, &item_id(&item.id, prefix, index)))
                    }
                }
                (self.form_group.after_input)
            });
        let inner = html! { (notes) (list) };
        self.form_group.wrap(
            self.error_message.is_some(),
            match &self.fieldset {
                Some(fieldset) => Fieldset { described_by: by, html: inner.into(), ..fieldset.clone() }.render(),
                None => inner,
            },
        )
    }
}

/// The id of an item: the first has no number, so that the error summary can link to it.
pub(super) fn item_id(given: &str, prefix: &str, index: usize) -> String {
    match (given, index) {
        ("", 0) => prefix.to_owned(),
        ("", index) => format!("{prefix}-{}", index + 1),
        (given, _) => given.to_owned(),
    }
}
