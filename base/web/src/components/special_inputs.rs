//! Inputs made of an input: date in three parts, password, search, file; a date is read and checked by the server alone.

use super::button::{Button, ButtonIcon, ButtonVariant, IconPlacement};
use super::content::{Attributes, Classes, Content, Element, setters};
use super::field::{Described, ErrorMessage, FormGroup, Hint, describe, id_or_name};
use super::fieldset::{Fieldset, Legend};
use super::icon::Icon;
use super::input::{Affix, Input, InputWrapper};
use super::label::Label;
use maud::{Markup, Render, html};

/// What was typed as a date.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct DateValues {
    pub day: String,
    pub month: String,
    pub year: String,
}

/// One part of a date.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct DatePart {
    pub name: String,
    pub label: Option<Label>,
    pub id: String,
    pub value: Option<String>,
    pub width: Option<u8>,
    pub autocomplete: String,
    pub disabled: Option<bool>,
    /// This part is what is wrong; where no part is named, all are.
    pub error: bool,
    /// Leaves this part out, for instance the day of "month and year".
    pub left_out: bool,
    pub classes: String,
    pub attributes: Attributes,
}

impl DatePart {
    /// A part of this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }
}

/// A date that is known by heart: day, month, year, in fields of their own.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct DateInput {
    pub fieldset: Option<Fieldset>,
    pub id: String,
    /// Names become `prefix[day]` and so on.
    pub name_prefix: String,
    pub values: DateValues,
    /// Other parts than day, month and year.
    pub items: Vec<DatePart>,
    pub day: Option<DatePart>,
    pub month: Option<DatePart>,
    pub year: Option<DatePart>,
    pub hint: Option<Hint>,
    pub error_message: Option<ErrorMessage>,
    pub disabled: Option<bool>,
    pub classes: String,
    pub attributes: Attributes,
    pub form_group: FormGroup,
}
setters!(DateInput { set fieldset: Option<Fieldset>, set id: String, set name_prefix: String, set values: DateValues, list items: DatePart, maybe hint: Hint, maybe error_message: ErrorMessage, set disabled: Option<bool>, set classes: String });

impl DateInput {
    /// A date whose fields are named `{name}-day`, `{name}-month` and `{name}-year`, with ids alike.
    pub fn new(name: &str, legend: impl Into<Legend>) -> Self {
        let part = |unit: &str, label: &str| {
            Some(DatePart {
                id: format!("{name}-{unit}"),
                label: Some(label.into()),
                ..DatePart::new(format!("{name}-{unit}"))
            })
        };
        Self {
            fieldset: Some(Fieldset::from(legend)),
            id: name.to_owned(),
            day: part("day", "Day"),
            month: part("month", "Month"),
            year: part("year", "Year"),
            ..Self::default()
        }
    }

    /// Asks for month and year only.
    #[must_use]
    pub fn without_day(mut self) -> Self {
        self.day = Some(DatePart { left_out: true, ..DatePart::default() });
        self
    }

    /// Sets what was typed, as it was typed.
    #[must_use]
    pub fn typed(mut self, day: impl Into<String>, month: impl Into<String>, year: impl Into<String>) -> Self {
        self.values = DateValues { day: day.into(), month: month.into(), year: year.into() };
        self
    }

    fn parts(&self) -> Vec<DatePart> {
        if self.items.is_empty() {
            let part = |given: &Option<DatePart>, unit: &str| given.clone().unwrap_or_else(|| DatePart::new(unit));
            vec![part(&self.day, "day"), part(&self.month, "month"), part(&self.year, "year")]
        } else {
            self.items.clone()
        }
    }

    fn draw_part(&self, part: &DatePart, index: usize, any_error: bool) -> Markup {
        // A part is what its name says, or what its place among the three says.
        let is_unit = |unit: &str, place: usize, given: &Option<DatePart>| {
            let by_place = self.items.is_empty() && index == place;
            let named = given.as_ref().map_or("", |given| given.name.as_str());
            by_place || part.name == unit || (!part.name.is_empty() && part.name == named)
        };
        let (unit, typed, given, width) = if is_unit("day", 0, &self.day) {
            ("day", self.values.day.as_str(), &self.day, 2)
        } else if is_unit("month", 1, &self.month) {
            ("month", self.values.month.as_str(), &self.month, 2)
        } else if is_unit("year", 2, &self.year) {
            ("year", self.values.year.as_str(), &self.year, 4)
        } else {
            ("", "", &None, 2)
        };
        let name = if part.name.is_empty() { unit } else { &part.name };
        let value = part
            .value
            .clone()
            .or_else(|| given.as_ref().and_then(|given| given.value.clone()))
            .unwrap_or_else(|| typed.to_owned());
        let marked_by_class = part.classes.contains("nhsuk-input--error");
        let in_error = !marked_by_class && (part.error || (self.error_message.is_some() && !any_error));
        let mut label = part.label.clone().unwrap_or_else(|| Label::from(capitalised(name)));
        label.classes = Classes::new("nhsuk-date-input__label").and(&label.classes).as_ref().to_owned();
        let input = Input {
            label,
            id: if part.id.is_empty() { format!("{}-{name}", self.id) } else { part.id.clone() },
            name: if self.name_prefix.is_empty() { name.to_owned() } else { format!("{}[{name}]", self.name_prefix) },
            value,
            width: Some(part.width.unwrap_or(width)),
            inputmode: "numeric".to_owned(),
            autocomplete: part.autocomplete.clone(),
            disabled: part.disabled.or(self.disabled).unwrap_or(false),
            error_message: in_error.then(ErrorMessage::default),
            classes: Classes::new("nhsuk-date-input__input").and(&part.classes).as_ref().to_owned(),
            attributes: part.attributes.clone(),
            ..Input::default()
        };
        html! { div class="nhsuk-date-input__item" { (input) } }
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + &letters.as_str().to_lowercase()
}

impl Render for DateInput {
    fn render(&self) -> Markup {
        let before = self.fieldset.as_ref().map_or("", |fieldset| &fieldset.described_by);
        let Described { by, notes } = describe(&self.id, before, self.hint.as_ref(), self.error_message.as_ref());
        let parts = self.parts();
        let any_error = parts.iter().any(|part| part.error || part.classes.contains("nhsuk-input--error"));
        let list = Element::new("div")
            .class(Classes::new("nhsuk-date-input").and(&self.classes))
            .optional("id", &self.id)
            .attributes(&self.attributes)
            .wrap(html! {
                (self.form_group.before_input)
                @for (index, part) in parts.iter().enumerate().filter(|(_, part)| !part.left_out) {
                    (self.draw_part(part, index, any_error))
                }
                (self.form_group.after_input)
            });
        let inner = html! { (notes) (list) };
        self.form_group.wrap(
            self.error_message.is_some() || any_error,
            match &self.fieldset {
                // With the role of a group some screen readers say the hint, which they leave out otherwise.
                Some(fieldset) => Fieldset {
                    role: if fieldset.role.is_empty() { "group".to_owned() } else { fieldset.role.clone() },
                    described_by: by,
                    html: inner.into(),
                    ..fieldset.clone()
                }
                .render(),
                None => inner,
            },
        )
    }
}

/// The button inside a password or search input.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct InnerButton {
    pub text: Content,
    pub icon: Option<Icon>,
    /// Shows words only.
    pub hide_icon: bool,
    pub aria_label: String,
    pub disabled: Option<bool>,
    pub prevent_double_click: Option<bool>,
    pub variant: Option<ButtonVariant>,
    pub classes: String,
}

/// A password, which can be shown.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct PasswordInput {
    pub label: Label,
    pub id: String,
    pub name: String,
    /// Never what was typed before: a page does not send a password back.
    pub value: String,
    pub hint: Option<Hint>,
    pub error_message: Option<ErrorMessage>,
    pub prefix: Option<Affix>,
    pub width: Option<u8>,
    pub code: bool,
    /// `current-password` unless given; `new-password` where one is chosen.
    pub autocomplete: String,
    pub disabled: bool,
    pub button: InnerButton,
    pub classes: String,
    pub attributes: Attributes,
    pub form_group: FormGroup,
}
setters!(PasswordInput { set label: Label, set id: String, maybe hint: Hint, maybe error_message: ErrorMessage, set autocomplete: String, set disabled: bool, set classes: String, set attributes: Attributes });

impl PasswordInput {
    /// A password of this name; its id is the same.
    pub fn new(name: impl Into<String>, label: impl Into<Label>) -> Self {
        Self { name: name.into(), label: label.into(), ..Self::default() }
    }
}

impl Render for PasswordInput {
    fn render(&self) -> Markup {
        let id = id_or_name(&self.id, &self.name);
        let toggle = Button {
            text: "Show".into(),
            kind: "button".to_owned(),
            aria_label: "Show password".to_owned(),
            small: true,
            variant: Some(self.button.variant.unwrap_or(ButtonVariant::Secondary)),
            prevent_double_click: self.button.prevent_double_click,
            disabled: self.button.disabled.unwrap_or(self.disabled),
            classes: Classes::new("nhsuk-password-input__toggle nhsuk-js-password-input-toggle")
                .and(&self.button.classes)
                .as_ref()
                .to_owned(),
            attributes: Attributes::new().set("aria-controls", id).flag("hidden", true),
            ..Button::default()
        };
        Input {
            label: self.label.clone(),
            id: id.to_owned(),
            name: self.name.clone(),
            kind: "password".to_owned(),
            value: self.value.clone(),
            hint: self.hint.clone(),
            error_message: self.error_message.clone(),
            prefix: self.prefix.clone(),
            width: self.width,
            code: self.code,
            disabled: self.disabled,
            spellcheck: Some(false),
            autocomplete: if self.autocomplete.is_empty() {
                "current-password".to_owned()
            } else {
                self.autocomplete.clone()
            },
            autocapitalize: "none".to_owned(),
            classes: Classes::new("nhsuk-password-input__input nhsuk-js-password-input-input")
                .and(&self.classes)
                .as_ref()
                .to_owned(),
            attributes: self.attributes.clone(),
            form_group: FormGroup {
                classes: Classes::new(&self.form_group.classes).and("nhsuk-password-input").as_ref().to_owned(),
                attributes: Attributes::new()
                    .set("data-module", "nhsuk-password-input")
                    .join(&self.form_group.attributes),
                before_input: self.form_group.before_input.clone(),
                after_input: html! { (toggle) (self.form_group.after_input) }.into(),
            },
            ..Input::default()
        }
        .render()
    }
}

/// Words to search for, with its button.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct SearchInput {
    pub label: Label,
    pub id: String,
    pub name: String,
    pub value: String,
    pub hint: Option<Hint>,
    pub error_message: Option<ErrorMessage>,
    pub prefix: Option<Affix>,
    pub placeholder: String,
    pub width: Option<u8>,
    pub code: bool,
    pub large: bool,
    pub disabled: bool,
    pub button: InnerButton,
    /// Shows no button: the form has another.
    pub hide_button: bool,
    pub classes: String,
    pub attributes: Attributes,
    pub form_group: FormGroup,
}
setters!(SearchInput { set label: Label, set id: String, set value: String, maybe hint: Hint, maybe error_message: ErrorMessage, set width: Option<u8>, set large: bool, set hide_button: bool, set classes: String });

impl SearchInput {
    /// A search of this name; its id is the same.
    pub fn new(name: impl Into<String>, label: impl Into<Label>) -> Self {
        Self { name: name.into(), label: label.into(), ..Self::default() }
    }
}

impl Render for SearchInput {
    fn render(&self) -> Markup {
        let button = Button {
            text: self.button.text.clone(),
            icon: (!self.button.hide_icon).then(|| ButtonIcon {
                name: self.button.icon.unwrap_or(Icon::Search),
                placement: IconPlacement::Start,
            }),
            aria_label: if self.button.aria_label.is_empty() {
                "Search".to_owned()
            } else {
                self.button.aria_label.clone()
            },
            small: !self.large,
            variant: self.button.variant,
            prevent_double_click: self.button.prevent_double_click,
            disabled: self.button.disabled.unwrap_or(self.disabled),
            classes: Classes::new("nhsuk-search-input__button").and(&self.button.classes).as_ref().to_owned(),
            ..Button::default()
        };
        Input {
            label: self.label.clone(),
            id: id_or_name(&self.id, &self.name).to_owned(),
            name: self.name.clone(),
            kind: "search".to_owned(),
            value: self.value.clone(),
            hint: self.hint.clone(),
            error_message: self.error_message.clone(),
            prefix: self.prefix.clone(),
            placeholder: self.placeholder.clone(),
            width: self.width,
            code: self.code,
            large: self.large,
            disabled: self.disabled,
            autocomplete: "off".to_owned(),
            classes: Classes::new("nhsuk-search-input__input").and(&self.classes).as_ref().to_owned(),
            attributes: self.attributes.clone(),
            input_wrapper: InputWrapper {
                classes: "nhsuk-search-input__wrapper".to_owned(),
                ..InputWrapper::default()
            },
            form_group: FormGroup {
                classes: Classes::new("nhsuk-search-input")
                    .and_if(self.large, "nhsuk-search-input--large")
                    .and(&self.form_group.classes)
                    .as_ref()
                    .to_owned(),
                attributes: self.form_group.attributes.clone(),
                before_input: self.form_group.before_input.clone(),
                after_input: html! {
                    @if !self.hide_button { (button) }
                    (self.form_group.after_input)
                }
                .into(),
            },
            ..Input::default()
        }
        .render()
    }
}

/// A file to send. The form needs `enctype="multipart/form-data"`; say the types and the size allowed in the hint.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct FileUpload {
    pub label: Label,
    /// The name where not given.
    pub id: String,
    pub name: String,
    pub hint: Option<Hint>,
    pub error_message: Option<ErrorMessage>,
    pub multiple: bool,
    pub disabled: bool,
    pub described_by: String,
    /// Classes of the button that the script puts in place of the browser's.
    pub choose_files_button_class_list: Option<Vec<String>>,
    pub choose_files_button_text: String,
    pub no_file_chosen_text: String,
    pub drop_instruction_text: String,
    pub entered_drop_zone_text: String,
    pub left_drop_zone_text: String,
    pub classes: String,
    pub attributes: Attributes,
    pub form_group: FormGroup,
}
setters!(FileUpload { set label: Label, set id: String, maybe hint: Hint, maybe error_message: ErrorMessage, set multiple: bool, set disabled: bool, set described_by: String, set choose_files_button_text: String, set no_file_chosen_text: String, set drop_instruction_text: String, set classes: String, set attributes: Attributes });

impl FileUpload {
    /// A file of this name; its id is the same.
    pub fn new(name: impl Into<String>, label: impl Into<Label>) -> Self {
        Self { name: name.into(), label: label.into(), ..Self::default() }
    }

    /// Which files the browser offers, for instance `.pdf,.csv`. The server looks at the file itself.
    #[must_use]
    pub fn accept(mut self, kinds: impl ToString) -> Self {
        self.attributes = self.attributes.set("accept", kinds);
        self
    }
}

impl Render for FileUpload {
    fn render(&self) -> Markup {
        let id = id_or_name(&self.id, &self.name);
        let Described { by, notes } = describe(id, &self.described_by, self.hint.as_ref(), self.error_message.as_ref());
        let field = Element::new("input")
            .class(Classes::new("nhsuk-file-upload__input").and(&self.classes))
            .attr("id", id)
            .attr("name", &self.name)
            .attr("type", "file")
            .flag("disabled", self.disabled)
            .flag("multiple", self.multiple)
            .optional("aria-describedby", &by)
            .attributes(&self.attributes)
            .void();
        let button_classes = self
            .choose_files_button_class_list
            .as_ref()
            .and_then(|classes| serde_json::to_string(classes).ok())
            .unwrap_or_default();
        Element::new("div")
            .class(
                Classes::new("nhsuk-form-group")
                    .and_if(self.error_message.is_some(), "nhsuk-form-group--error")
                    .and(&self.form_group.classes)
                    .and("nhsuk-file-upload"),
            )
            .attr("data-module", "nhsuk-file-upload")
            .optional("data-choose-files-button-class-list", &button_classes)
            .optional("data-i18n.choose-files-button", &self.choose_files_button_text)
            .optional("data-i18n.no-file-chosen", &self.no_file_chosen_text)
            .optional("data-i18n.drop-instruction", &self.drop_instruction_text)
            .optional("data-i18n.entered-drop-zone", &self.entered_drop_zone_text)
            .optional("data-i18n.left-drop-zone", &self.left_drop_zone_text)
            .attributes(&self.form_group.attributes)
            .wrap(html! {
                (self.label.render_for(id))
                (notes)
                (self.form_group.before_input)
                (field)
                (self.form_group.after_input)
            })
    }
}
