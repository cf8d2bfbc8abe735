//! Boxes that set something apart: inset text, warning callout, do and don't lists, details, panel, notification banner.

use super::card::{Action, Card, CardVariant};
use super::content::{Attributes, Classes, Content, Element, from_content, setters};
use super::heading::{Dress, Heading, Size};
use super::icon::Icon;
use maud::{Markup, Render, html};

/// Something to notice beside the text.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct InsetText {
    pub text: Content,
    /// `Information` unless given.
    pub visually_hidden_text: String,
    pub id: String,
    pub classes: String,
    pub attributes: Attributes,
}
from_content!(InsetText);
setters!(InsetText { set visually_hidden_text: String, set id: String, set classes: String });

impl InsetText {
    /// These words; markup brings its own paragraphs.
    pub fn new(text: impl Into<Content>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

impl Render for InsetText {
    fn render(&self) -> Markup {
        let hidden = if self.visually_hidden_text.is_empty() { "Information" } else { &self.visually_hidden_text };
        Element::new("div")
            .class(Classes::new("nhsuk-inset-text").and(&self.classes))
            .optional("id", &self.id)
            .attributes(&self.attributes)
            .wrap(html! {
                span class="nhsuk-u-visually-hidden" { (hidden) ": " }
                (in_paragraph(&self.text, ""))
            })
    }
}

/// Something that goes wrong if it is not noticed.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct WarningCallout {
    /// Level 3 unless said otherwise. "Important" is said before it where it does not say so itself.
    pub heading: Heading,
    pub text: Content,
    pub actions: Vec<Action>,
    pub id: String,
    pub classes: String,
    pub attributes: Attributes,
}
setters!(WarningCallout { list actions: Action, set id: String, set classes: String });

impl WarningCallout {
    /// This heading over these words.
    pub fn new(heading: impl Into<Heading>, text: impl Into<Content>) -> Self {
        Self { heading: heading.into(), text: text.into(), ..Self::default() }
    }
}

impl Render for WarningCallout {
    fn render(&self) -> Markup {
        let mut heading = self.heading.clone();
        heading.level = heading.level.or(Some(3));
        if let Content::Text(words) = &heading.text
            && !words.contains("mportant")
            && heading.visually_hidden_text.is_empty()
        {
            heading.visually_hidden_text = "Important".to_owned();
        }
        Card {
            heading,
            description: self.text.clone().into(),
            actions: self.actions.clone(),
            variant: Some(CardVariant::Warning),
            id: self.id.clone(),
            classes: self.classes.clone(),
            attributes: self.attributes.clone(),
            ..Card::default()
        }
        .render()
    }
}

/// Things to do (tick) or not to do (cross). Items begin in lower case: "do not" is put before those with a cross.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct DoDontList {
    /// Level 3 unless said otherwise.
    #[cfg_attr(test, serde(alias = "title"))]
    pub heading: Heading,
    /// A tick unless it is a cross.
    pub icon: Option<Icon>,
    pub items: Vec<Content>,
    /// `do not` before items with a cross, unless given.
    pub prefix_text: String,
    pub hide_prefix: bool,
    pub id: String,
    pub classes: String,
    pub attributes: Attributes,
}
setters!(DoDontList { list items: Content, set prefix_text: String, set hide_prefix: bool, set id: String, set classes: String });

impl DoDontList {
    /// Things to do.
    pub fn todo_items(heading: impl Into<Heading>, items: impl IntoIterator<Item = impl Into<Content>>) -> Self {
        Self { heading: heading.into(), icon: Some(Icon::Tick), ..Self::default() }.items(items)
    }

    /// Things not to do.
    pub fn dont_items(heading: impl Into<Heading>, items: impl IntoIterator<Item = impl Into<Content>>) -> Self {
        Self { heading: heading.into(), icon: Some(Icon::Cross), ..Self::default() }.items(items)
    }
}

impl Render for DoDontList {
    fn render(&self) -> Markup {
        let is_dont = self.icon == Some(Icon::Cross);
        let icon = if is_dont { Icon::Cross } else { Icon::Tick };
        let prefix = match self.prefix_text.as_str() {
            _ if self.hide_prefix => "",
            "" if is_dont => "do not",
            given => given,
        };
        let list = html! {
            ul class=(format!("nhsuk-list nhsuk-list--{}", icon.name())) role="list" {
                @for item in &self.items {
                    li { (icon) " " @if !prefix.is_empty() { (prefix) " " } (item) }
                }
            }
        };
        let mut heading = self.heading.clone();
        heading.level = heading.level.or(Some(3));
        Card {
            heading,
            description: list.into(),
            variant: Some(CardVariant::Feature),
            id: self.id.clone(),
            classes: self.classes.clone(),
            attributes: self.attributes.clone(),
            ..Card::default()
        }
        .render()
    }
}

/// The line that opens [`Details`].
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Summary {
    pub text: Content,
    pub classes: String,
    pub attributes: Attributes,
}
from_content!(Summary);

/// What only some readers need, behind a line that opens it.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Details {
    pub summary: Summary,
    pub text: Content,
    pub open: bool,
    pub id: String,
    pub classes: String,
    pub attributes: Attributes,
}
setters!(Details { set open: bool, set id: String, set classes: String });

impl Details {
    /// This line over this content.
    pub fn new(summary: impl Into<Summary>, text: impl Into<Content>) -> Self {
        Self { summary: summary.into(), text: text.into(), ..Self::default() }
    }

    /// The same as a box across the page: the design system's expander.
    pub fn expander(summary: impl Into<Summary>, text: impl Into<Content>) -> Self {
        Self::new(summary, text).classes("nhsuk-expander")
    }
}

impl Render for Details {
    fn render(&self) -> Markup {
        Element::new("details")
            .class(Classes::new("nhsuk-details").and(&self.classes))
            .optional("id", &self.id)
            .attributes(&self.attributes)
            .flag("open", self.open)
            .wrap(html! {
                (Element::new("summary")
                    .class(Classes::new("nhsuk-details__summary").and(&self.summary.classes))
                    .attributes(&self.summary.attributes)
                    .wrap(html! { span class="nhsuk-details__summary-text" { (self.summary.text) } }))
                div class="nhsuk-details__text" { (self.text) }
            })
    }
}

/// The look of a panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum PanelVariant {
    /// Asks whether to go on, on a page of its own.
    Interruption,
}

/// Tells on a page of its own that something is done.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Panel {
    /// Level 1 unless said otherwise.
    pub heading: Heading,
    pub text: Content,
    pub variant: Option<PanelVariant>,
    pub id: String,
    pub classes: String,
    pub attributes: Attributes,
}
setters!(Panel { set variant: Option<PanelVariant>, set id: String, set classes: String });

impl Panel {
    /// This heading over these words.
    pub fn new(heading: impl Into<Heading>, text: impl Into<Content>) -> Self {
        Self { heading: heading.into(), text: text.into(), ..Self::default() }
    }
}

impl Render for Panel {
    fn render(&self) -> Markup {
        let dress = Dress {
            class_name: "nhsuk-panel__heading",
            class_prefix: "nhsuk-panel__heading--",
            sizes: &[Size::M, Size::L, Size::Xl],
            level: 1,
        };
        Element::new("div")
            .class(
                Classes::new("nhsuk-panel")
                    .and_if(self.variant.is_some(), "nhsuk-panel--interruption")
                    .and(&self.classes),
            )
            .optional("id", &self.id)
            .attributes(&self.attributes)
            .wrap(html! {
                (self.heading.dressed(&dress))
                @if !self.text.is_empty() { div class="nhsuk-panel__body" { (self.text) } }
            })
    }
}

/// What a notification banner is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum BannerVariant {
    /// Something the reader did has worked; the banner takes the focus.
    Success,
}

/// Tells something that is not about the page's own subject, above its heading.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct NotificationBanner {
    /// `Important`, or `Success`, unless given; level 2.
    pub title: Heading,
    pub heading: Heading,
    pub text: Content,
    pub variant: Option<BannerVariant>,
    /// `region`, or `alert` on success, unless given.
    pub role: String,
    pub disable_auto_focus: Option<bool>,
    pub id: String,
    pub classes: String,
    pub attributes: Attributes,
}
setters!(NotificationBanner { set title: Heading, set heading: Heading, set role: String, set disable_auto_focus: Option<bool>, set id: String, set classes: String });

impl NotificationBanner {
    /// Something to know.
    pub fn new(text: impl Into<Content>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Something that has worked.
    pub fn success(text: impl Into<Content>) -> Self {
        Self { variant: Some(BannerVariant::Success), ..Self::new(text) }
    }
}

impl Render for NotificationBanner {
    fn render(&self) -> Markup {
        let is_success = self.variant == Some(BannerVariant::Success);
        let role = match (self.role.as_str(), is_success) {
            ("", true) => "alert",
            ("", false) => "region",
            (given, _) => given,
        };
        let mut title = self.title.clone();
        if title.id.is_empty() {
            title.id = "nhsuk-notification-banner-title".to_owned();
        }
        if title.text.is_empty() {
            title.text = if is_success { "Success" } else { "Important" }.into();
        }
        let focus = match self.disable_auto_focus {
            Some(true) => "true",
            Some(false) => "false",
            None => "",
        };
        Element::new("div")
            .class(
                Classes::new("nhsuk-notification-banner")
                    .and(&self.classes)
                    .and_if(is_success, "nhsuk-notification-banner--success"),
            )
            .optional("id", &self.id)
            .attr("data-module", "nhsuk-notification-banner")
            .optional("data-disable-auto-focus", focus)
            .attr("role", role)
            .attr("aria-labelledby", &title.id)
            .attributes(&self.attributes)
            .wrap(html! {
                div class="nhsuk-notification-banner__header" {
                    (title.dressed(&Dress::plain("nhsuk-notification-banner__title", 2)))
                }
                div class="nhsuk-notification-banner__content" {
                    (self.heading.dressed(&Dress::plain("nhsuk-notification-banner__heading", 3)))
                    (in_paragraph(&self.text, if self.heading.text.is_empty() {
                        "nhsuk-notification-banner__heading"
                    } else {
                        "nhsuk-body"
                    }))
                }
            })
    }
}

/// Words in a paragraph of this class; markup as it stands.
fn in_paragraph(content: &Content, class: &str) -> Markup {
    match content {
        Content::Html(markup) => markup.clone(),
        Content::Text(text) if text.is_empty() => html! {},
        Content::Text(text) => Element::new("p").class(class).wrap(text),
    }
}
