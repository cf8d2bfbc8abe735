//! Checkboxes: any number of answers; the server checks again that each value is on offer.

use super::content::{Attributes, Classes, Content, Element, setters};
use super::field::{Described, ErrorMessage, FormGroup, Hint, describe};
use super::fieldset::{Fieldset, Legend};
use super::label::Label;
use super::radios::item_id;
use maud::{Markup, Render, html};

/// How an answer acts on the others while scripts run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum Behaviour {
    /// "None of these": unticks all others.
    Exclusive,
    /// "All of these": ticks all others; hidden while scripts do not run.
    Inclusive,
}

/// One answer, or a divider between answers.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct CheckboxItem {
    pub text: Content,
    pub value: String,
    /// Made from the name and the place in the list where not given.
    pub id: String,
    /// Overrides the name of the whole.
    pub name: String,
    pub hint: Option<Hint>,
    /// Overrides the `values` of the whole.
    pub checked: Option<bool>,
    pub disabled: Option<bool>,
    pub behaviour: Option<Behaviour>,
    pub behaviour_group: String,
    /// Shows only while this answer is ticked.
    pub conditional: Content,
    /// Words of a divider, such as "or"; then nothing else of the item counts.
    pub divider: String,
    pub classes: String,
    pub attributes: Attributes,
}
setters!(CheckboxItem { set id: String, set name: String, maybe hint: Hint, set checked: Option<bool>, set disabled: Option<bool>, set behaviour: Option<Behaviour>, set behaviour_group: String, set conditional: Content, set classes: String, set attributes: Attributes });

impl CheckboxItem {
    /// An answer.
    pub fn new(value: impl Into<String>, text: impl Into<Content>) -> Self {
        Self { value: value.into(), text: text.into(), ..Self::default() }
    }

    /// Words between answers.
    pub fn divider(words: impl Into<String>) -> Self {
        Self { divider: words.into(), ..Self::default() }
    }

    /// What keeps an answer for scripts out of sight while they do not run.
    fn needs_script(&self) -> &'static str {
        if self.behaviour == Some(Behaviour::Inclusive) { "nhsuk-u-frontend-not-supported-hidden" } else { "" }
    }
}

/// Any number of answers.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Checkboxes {
    pub fieldset: Option<Fieldset>,
    pub id: String,
    pub name: String,
    /// The name where not given.
    pub id_prefix: String,
    pub items: Vec<CheckboxItem>,
    /// The values of the answers ticked.
    pub values: Vec<String>,
    pub hint: Option<Hint>,
    pub error_message: Option<ErrorMessage>,
    pub small: bool,
    pub inline: bool,
    pub disabled: bool,
    pub described_by: String,
    pub classes: String,
    pub attributes: Attributes,
    pub form_group: FormGroup,
}
setters!(Checkboxes { set fieldset: Option<Fieldset>, set id: String, set id_prefix: String, list items: CheckboxItem, list values: String, maybe hint: Hint, maybe error_message: ErrorMessage, set small: bool, set inline: bool, set disabled: bool, set described_by: String, set classes: String, set attributes: Attributes, set form_group: FormGroup });

impl Checkboxes {
    /// A question of this name with this legend.
    pub fn new(name: impl Into<String>, legend: impl Into<Legend>) -> Self {
        Self { name: name.into(), fieldset: Some(Fieldset::from(legend)), ..Self::default() }
    }

    /// One box with no legend, for instance an undertaking to be confirmed.
    pub fn single(name: impl Into<String>, value: impl Into<String>, text: impl Into<Content>) -> Self {
        Self { name: name.into(), items: vec![CheckboxItem::new(value, text)], ..Self::default() }
    }

    fn item(&self, item: &CheckboxItem, id: &str, described_by: &str) -> Markup {
        let checked = item.checked.unwrap_or_else(|| self.values.contains(&item.value));
        let hint = item.hint.as_ref().filter(|hint| !hint.text.is_empty()).map(|hint| Hint {
            id: if hint.id.is_empty() { format!("{id}-item-hint") } else { hint.id.clone() },
            classes: Classes::new("nhsuk-checkboxes__hint").and(&hint.classes).as_ref().to_owned(),
            ..hint.clone()
        });
        let described = Classes::new(described_by).and(hint.as_ref().map_or("", |hint| &hint.id));
        let conditional_id = format!("conditional-{id}");
        let behaviour = match item.behaviour {
            Some(Behaviour::Exclusive) => "exclusive",
            Some(Behaviour::Inclusive) => "inclusive",
            None => "",
        };
        let controls = if item.conditional.is_empty() { "" } else { &conditional_id };
        let input = Element::new("input")
            .class(Classes::new("nhsuk-checkboxes__input").and(&item.classes))
            .attr("id", id)
            .attr("name", if item.name.is_empty() { &self.name } else { &item.name })
            .attr("type", "checkbox")
            .attr("value", &item.value)
            .flag("checked", checked)
            .flag("disabled", item.disabled.unwrap_or(self.disabled))
            .optional("data-behaviour", behaviour)
            .optional("data-behaviour-group", &item.behaviour_group)
            .optional("data-aria-controls", controls)
            .optional("aria-describedby", described.as_ref())
            .attributes(&item.attributes)
            .void();
        html! {
            (Element::new("div")
                .class(Classes::new("nhsuk-checkboxes__item").and(item.needs_script()))
                .wrap(html! {
                    (input)
                    (Label::from(item.text.clone()).render_item(id, "nhsuk-checkboxes__label"))
                    @if let Some(hint) = hint { (hint) }
                }))
            @if !item.conditional.is_empty() {
                (Element::new("div")
                    .class(Classes::new("nhsuk-checkboxes__conditional")
                        .and_if(!checked, "nhsuk-checkboxes__conditional--hidden"))
                    .attr("id", &conditional_id)
                    .wrap(&item.conditional))
            }
        }
    }
}

impl Render for Checkboxes {
    fn render(&self) -> Markup {
        let prefix = if self.id_prefix.is_empty() { &self.name } else { &self.id_prefix };
        let before = match &self.fieldset {
            Some(fieldset) if !fieldset.described_by.is_empty() => &fieldset.described_by,
            _ => &self.described_by,
        };
        let Described { by, notes } = describe(prefix, before, self.hint.as_ref(), self.error_message.as_ref());
        // With no fieldset to carry them, hint and error are named by each box.
        let on_items = if self.fieldset.is_some() { "" } else { by.as_str() };
        let list = Element::new("div")
            .class(
                Classes::new("nhsuk-checkboxes")
                    .and_if(self.small, "nhsuk-checkboxes--small")
                    .and_if(self.inline, "nhsuk-checkboxes--inline")
                    .and(&self.classes),
            )
            .optional("id", &self.id)
            .attr("data-module", "nhsuk-checkboxes")
            .attributes(&self.attributes)
            .wrap(html! {
                (self.form_group.before_input)
                @for (index, item) in self.items.iter().enumerate() {
                    @if !item.divider.is_empty() {
                        (Element::new("div")
                            .class(Classes::new("nhsuk-checkboxes__divider").and(item.needs_script()))
                            .wrap(&item.divider))
                    } @else {
                        (self.item(item, &item_id(&item.id, prefix, index), on_items))
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
