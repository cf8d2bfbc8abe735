//! Text with a count of the words or characters left; the server counts again and has the last word.

use super::content::{Attributes, Classes, setters};
use super::field::{ErrorMessage, FormGroup, Hint, id_or_name};
use super::label::Label;
use super::textarea::Textarea;
use maud::{Markup, Render};

/// A textarea that tells how much of its limit is left. Words are what white space separates, as on the server.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct CharacterCount {
    pub label: Label,
    /// The name where not given.
    pub id: String,
    pub name: String,
    pub value: String,
    pub hint: Option<Hint>,
    pub error_message: Option<ErrorMessage>,
    pub rows: Option<u16>,
    pub disabled: bool,
    pub spellcheck: Option<bool>,
    pub autocomplete: String,
    /// Most characters allowed.
    pub maxlength: Option<u32>,
    /// Most words allowed; goes before `maxlength`.
    pub maxwords: Option<u32>,
    /// Shows the count only from this share of the limit on, in per cent.
    pub threshold: Option<u8>,
    /// `words` or `characters`, where the limit does not say.
    pub count_type: String,
    /// The message while the script does not run; `%{count}` stands for the limit.
    pub textarea_description_text: String,
    pub classes: String,
    pub attributes: Attributes,
    pub form_group: FormGroup,
}
setters!(CharacterCount { set label: Label, set id: String, set name: String, set value: String, maybe hint: Hint, maybe error_message: ErrorMessage, set rows: Option<u16>, set disabled: bool, set spellcheck: Option<bool>, set autocomplete: String, set threshold: Option<u8>, set textarea_description_text: String, set classes: String, set attributes: Attributes, set form_group: FormGroup });

impl CharacterCount {
    /// A textarea limited to this many words.
    pub fn words(name: impl Into<String>, label: impl Into<Label>, maxwords: u32) -> Self {
        Self { name: name.into(), label: label.into(), maxwords: Some(maxwords), ..Self::default() }
    }

    /// A textarea limited to this many characters.
    pub fn characters(name: impl Into<String>, label: impl Into<Label>, maxlength: u32) -> Self {
        Self { name: name.into(), label: label.into(), maxlength: Some(maxlength), ..Self::default() }
    }
}

impl Render for CharacterCount {
    fn render(&self) -> Markup {
        let id = id_or_name(&self.id, &self.name);
        let count_type = match (self.count_type.as_str(), self.maxwords) {
            ("", Some(_)) => "words",
            (given, _) => given,
        };
        let unit = if count_type == "words" { "words" } else { "characters" };
        let sentence = if self.textarea_description_text.is_empty() {
            format!("You can enter up to %{{count}} {unit}")
        } else {
            self.textarea_description_text.clone()
        };
        let limit = self.maxwords.or(self.maxlength);
        // With no limit here the script learns it elsewhere and fills the message in, so it waits hidden.
        let message = limit.map(|limit| sentence.replace("%{count}", &limit.to_string()));
        let counter = super::content::Element::new("div")
            .class("nhsuk-hint nhsuk-character-count__message")
            .attr("id", &format!("{id}-info"))
            .flag("hidden", message.is_none())
            .wrap(message.unwrap_or_default());
        let mut attributes = Attributes::new().set("data-module", "nhsuk-character-count");
        if let Some(maxlength) = self.maxlength {
            attributes = attributes.set("data-maxlength", maxlength);
        }
        if let Some(maxwords) = self.maxwords {
            attributes = attributes.set("data-maxwords", maxwords);
        }
        if let Some(threshold) = self.threshold {
            attributes = attributes.set("data-threshold", threshold);
        }
        if !count_type.is_empty() {
            attributes = attributes.set("data-count-type", count_type);
        }
        if limit.is_none() && !self.textarea_description_text.is_empty() {
            attributes = attributes.set("data-i18n.textarea-description.other", &self.textarea_description_text);
        }
        Textarea {
            label: self.label.clone(),
            id: id.to_owned(),
            name: self.name.clone(),
            value: self.value.clone(),
            hint: self.hint.clone(),
            error_message: self.error_message.clone(),
            rows: self.rows,
            disabled: self.disabled,
            described_by: format!("{id}-info"),
            autocomplete: self.autocomplete.clone(),
            spellcheck: self.spellcheck,
            classes: Classes::new("nhsuk-js-character-count").and(&self.classes).as_ref().to_owned(),
            attributes: self.attributes.clone(),
            form_group: FormGroup {
                classes: Classes::new(&self.form_group.classes).and("nhsuk-character-count").as_ref().to_owned(),
                attributes: attributes.join(&self.form_group.attributes),
                before_input: self.form_group.before_input.clone(),
                after_input: maud::html! { (counter) (self.form_group.after_input) }.into(),
            },
        }
        .render()
    }
}
