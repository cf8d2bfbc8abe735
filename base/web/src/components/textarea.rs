//! Text of several lines; it neither limits nor counts (see `character_count`).

use super::content::{Attributes, Classes, Element, setters};
use super::field::{Described, ErrorMessage, FormGroup, Hint, describe, id_or_name};
use super::label::Label;
use maud::{Markup, Render, html};

/// Several lines of text.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Textarea {
    pub label: Label,
    /// The name where not given.
    pub id: String,
    pub name: String,
    pub value: String,
    pub hint: Option<Hint>,
    pub error_message: Option<ErrorMessage>,
    /// 5 unless given.
    pub rows: Option<u16>,
    pub disabled: bool,
    pub described_by: String,
    pub autocomplete: String,
    pub spellcheck: Option<bool>,
    pub classes: String,
    pub attributes: Attributes,
    pub form_group: FormGroup,
}
setters!(Textarea { set label: Label, set id: String, set name: String, set value: String, maybe hint: Hint, maybe error_message: ErrorMessage, set rows: Option<u16>, set disabled: bool, set described_by: String, set autocomplete: String, set spellcheck: Option<bool>, set classes: String, set attributes: Attributes, set form_group: FormGroup });

impl Textarea {
    /// A textarea of this name; its id is the same.
    pub fn new(name: impl Into<String>, label: impl Into<Label>) -> Self {
        Self { name: name.into(), label: label.into(), ..Self::default() }
    }
}

impl Render for Textarea {
    fn render(&self) -> Markup {
        let id = id_or_name(&self.id, &self.name);
        let Described { by, notes } = describe(id, &self.described_by, self.hint.as_ref(), self.error_message.as_ref());
        let spellcheck = match self.spellcheck {
            Some(true) => "true",
            Some(false) => "false",
            None => "",
        };
        // A browser drops the first line break inside a textarea, so one is put there for it to drop.
        let kept = if self.value.starts_with('\n') { "\n" } else { "" };
        let field = Element::new("textarea")
            .class(
                Classes::new("nhsuk-textarea")
                    .and_if(self.error_message.is_some(), "nhsuk-textarea--error")
                    .and(&self.classes),
            )
            .attr("id", id)
            .attr("name", &self.name)
            .attr("rows", &self.rows.unwrap_or(5).to_string())
            .optional("spellcheck", spellcheck)
            .flag("disabled", self.disabled)
            .optional("aria-describedby", &by)
            .optional("autocomplete", &self.autocomplete)
            .attributes(&self.attributes)
            .wrap(html! { (kept) (self.value) });
        self.form_group.wrap(
            self.error_message.is_some(),
            html! {
                (self.label.render_for(id))
                (notes)
                (self.form_group.before_input)
                (field)
                (self.form_group.after_input)
            },
        )
    }
}
