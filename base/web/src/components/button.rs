//! Buttons, and links that look like one; it never decides what is dangerous, the page does (`Warning`, `data-confirm`).

use super::content::{Attributes, Classes, Content, Element, setters};
use super::icon::Icon;
use maud::{Markup, Render, html};

/// The look of a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "kebab-case"))]
pub enum ButtonVariant {
    /// Blue.
    Brand,
    /// For signing in.
    Login,
    /// On a dark background.
    Reverse,
    /// Not the main action of the page.
    Secondary,
    /// The same, filled.
    SecondarySolid,
    /// Cannot be undone.
    Warning,
}

impl ButtonVariant {
    fn class(self) -> &'static str {
        match self {
            Self::Brand => "nhsuk-button--brand",
            Self::Login => "nhsuk-button--login",
            Self::Reverse => "nhsuk-button--reverse",
            Self::Secondary => "nhsuk-button--secondary",
            Self::SecondarySolid => "nhsuk-button--secondary-solid",
            Self::Warning => "nhsuk-button--warning",
        }
    }
}

/// An icon in a button, before or after its words.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct ButtonIcon {
    pub name: Icon,
    /// Before the words where `Start`, after them where `End`.
    pub placement: IconPlacement,
}

/// Which side of the words an icon stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum IconPlacement {
    Start,
    End,
}

/// A button; with `href` (and no `type`) it is a link that looks like one.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Button {
    pub text: Content,
    pub id: String,
    pub name: String,
    pub value: Option<String>,
    /// `submit` unless given.
    #[cfg_attr(test, serde(rename = "type"))]
    pub kind: String,
    pub href: String,
    pub variant: Option<ButtonVariant>,
    pub icon: Option<ButtonIcon>,
    pub small: bool,
    pub disabled: bool,
    /// Ignores a second click within a second.
    pub prevent_double_click: Option<bool>,
    pub aria_label: String,
    pub classes: String,
    pub attributes: Attributes,
}
setters!(Button { set id: String, set name: String, set value: Option<String>, set kind: String, set variant: Option<ButtonVariant>, set icon: Option<ButtonIcon>, set small: bool, set disabled: bool, set prevent_double_click: Option<bool>, set aria_label: String, set classes: String, set attributes: Attributes });

impl Button {
    /// A button that submits its form.
    pub fn new(text: impl Into<Content>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// A link that looks like a button.
    pub fn link(text: impl Into<Content>, href: impl Into<String>) -> Self {
        Self { href: href.into(), ..Self::new(text) }
    }

    /// Not the main action of the page.
    #[must_use]
    pub fn secondary(self) -> Self {
        self.variant(ButtonVariant::Secondary)
    }

    /// An action that cannot be undone.
    #[must_use]
    pub fn warning(self) -> Self {
        self.variant(ButtonVariant::Warning)
    }

    /// Adds what the small script asks before the form is sent.
    #[must_use]
    pub fn confirm(mut self, question: impl ToString) -> Self {
        self.attributes = self.attributes.set("data-confirm", question);
        self
    }
}

impl Render for Button {
    fn render(&self) -> Markup {
        let variant = self.variant.map_or("", ButtonVariant::class);
        let class = Classes::new("nhsuk-button")
            .and(variant)
            .and_if(self.icon.is_some(), "nhsuk-button--icon")
            .and_if(self.small, "nhsuk-button--small")
            .and(&self.classes);
        let is_link = !self.href.is_empty() && self.kind.is_empty();
        let twice = match self.prevent_double_click {
            Some(true) => "true",
            Some(false) => "false",
            None => "",
        };
        let element = Element::new(if is_link { "a" } else { "button" })
            .class(class)
            .optional("id", &self.id)
            .optional("name", if is_link { "" } else { &self.name })
            .attr("data-module", "nhsuk-button")
            .optional("data-prevent-double-click", twice);
        let element = if is_link {
            element
                .attr("href", &self.href)
                .attr("role", "button")
                .attr("draggable", "false")
                .optional("aria-label", &self.aria_label)
        } else {
            let element = element.attr("type", if self.kind.is_empty() { "submit" } else { &self.kind });
            let element = match &self.value {
                Some(value) => element.attr("value", value),
                None => element,
            };
            element
                .flag("disabled", self.disabled)
                .optional("aria-label", &self.aria_label)
                .optional("aria-disabled", if self.disabled { "true" } else { "" })
        };
        let icon = |placement| self.icon.filter(|icon| icon.placement == placement).map(|icon| icon.name);
        element.attributes(&self.attributes).wrap(html! {
            @if let Some(icon) = icon(IconPlacement::Start) { (icon) }
            @if self.icon.is_some() && !self.text.is_empty() { span class="nhsuk-button__content" { (self.text) } }
            @else { (self.text) }
            @if let Some(icon) = icon(IconPlacement::End) { (icon) }
        })
    }
}
