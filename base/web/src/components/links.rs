//! Ways through the site: skip link, back link, breadcrumb, action link; none of them hides where it leads.

use super::content::{Attributes, Classes, Content, Element, setters};
use super::icon::Icon;
use maud::{Markup, Render, html};

/// The look of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum LinkVariant {
    /// On a dark background.
    Reverse,
}

/// The first link of a page: past the header to what the page is about.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct SkipLink {
    /// `Skip to main content` unless given.
    pub text: Content,
    /// `#maincontent` unless given.
    pub href: String,
    pub id: String,
    pub classes: String,
    pub attributes: Attributes,
}
setters!(SkipLink { set text: Content, set href: String });

impl Render for SkipLink {
    fn render(&self) -> Markup {
        Element::new("a")
            .class(Classes::new("nhsuk-skip-link").and(&self.classes))
            .optional("id", &self.id)
            .attr("data-module", "nhsuk-skip-link")
            .attr("href", if self.href.is_empty() { "#maincontent" } else { &self.href })
            .attributes(&self.attributes)
            .wrap(self.text.or(&"Skip to main content".into()))
    }
}

/// A link to the page before; without `href` (or with `kind`) a button.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct BackLink {
    /// `Back` unless given.
    pub text: Content,
    pub href: String,
    pub visually_hidden_text: String,
    /// The type of the button; empty for a link.
    #[cfg_attr(test, serde(rename = "type"))]
    pub kind: String,
    pub variant: Option<LinkVariant>,
    pub id: String,
    pub classes: String,
    pub attributes: Attributes,
}
setters!(BackLink { set text: Content, set visually_hidden_text: String, set kind: String, set variant: Option<LinkVariant>, set id: String, set classes: String, set attributes: Attributes });

impl BackLink {
    /// "Back" to this address.
    pub fn new(href: impl Into<String>) -> Self {
        Self { href: href.into(), ..Self::default() }
    }
}

impl Render for BackLink {
    fn render(&self) -> Markup {
        let class = Classes::new("nhsuk-back-link")
            .and_if(self.variant.is_some(), "nhsuk-back-link--reverse")
            .and(&self.classes);
        link_or_button(class, &self.id, &self.href, &self.kind).attributes(&self.attributes).wrap(html! {
            @if !self.visually_hidden_text.is_empty() {
                span class="nhsuk-u-visually-hidden" { (self.visually_hidden_text) " " }
            }
            (self.text.or(&"Back".into()))
        })
    }
}

/// One page above this one.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct BreadcrumbItem {
    pub text: Content,
    pub href: String,
    /// Taken for the documentation's sake; the design system puts it nowhere.
    pub classes: String,
    pub attributes: Attributes,
}

impl<T: Into<Content>, H: Into<String>> From<(T, H)> for BreadcrumbItem {
    fn from((text, href): (T, H)) -> Self {
        Self { text: text.into(), href: href.into(), ..Self::default() }
    }
}

/// The pages above this one, from the top; on a phone only the last shows, as a back link.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Breadcrumb {
    pub items: Vec<BreadcrumbItem>,
    pub back_link: BackLink,
    /// `Breadcrumb` unless given.
    pub aria_label: String,
    pub variant: Option<LinkVariant>,
    pub id: String,
    pub classes: String,
    pub attributes: Attributes,
}
setters!(Breadcrumb { list items: BreadcrumbItem, set back_link: BackLink, set aria_label: String, set variant: Option<LinkVariant>, set id: String, set classes: String });

impl Breadcrumb {
    /// These pages, as pairs of words and address, from the top.
    pub fn new(items: impl IntoIterator<Item = impl Into<BreadcrumbItem>>) -> Self {
        Self::default().items(items)
    }
}

impl Render for Breadcrumb {
    fn render(&self) -> Markup {
        let last = self.items.last().cloned().unwrap_or_default();
        let mut back = self.back_link.clone();
        back.text = back.text.or(&last.text).clone();
        if back.href.is_empty() {
            back.href = last.href;
        }
        if back.visually_hidden_text.is_empty() {
            back.visually_hidden_text = "Back to".to_owned();
        }
        if back.attributes.is_empty() {
            back.attributes = last.attributes;
        }
        back.variant = back.variant.or(self.variant);
        Element::new("nav")
            .class(
                Classes::new("nhsuk-breadcrumb")
                    .and_if(self.variant.is_some(), "nhsuk-breadcrumb--reverse")
                    .and(&self.classes),
            )
            .optional("id", &self.id)
            .attr("aria-label", if self.aria_label.is_empty() { "Breadcrumb" } else { &self.aria_label })
            .attributes(&self.attributes)
            .wrap(html! {
                ol class="nhsuk-breadcrumb__list" {
                    @for item in self.items.iter().filter(|item| !item.href.is_empty()) {
                        li class="nhsuk-breadcrumb__list-item" {
                            (Element::new("a").class("nhsuk-breadcrumb__link").attr("href", &item.href)
                                .attributes(&item.attributes).wrap(&item.text))
                        }
                    }
                }
                (back)
            })
    }
}

/// A link to the main thing to do; without `href` (or with `kind`) a button.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct ActionLink {
    pub text: Content,
    pub href: String,
    pub open_in_new_window: bool,
    /// The type of the button; empty for a link.
    #[cfg_attr(test, serde(rename = "type"))]
    pub kind: String,
    pub variant: Option<LinkVariant>,
    pub id: String,
    pub classes: String,
    pub attributes: Attributes,
}
setters!(ActionLink { set kind: String, set variant: Option<LinkVariant>, set id: String, set classes: String, set attributes: Attributes });

impl ActionLink {
    /// These words to this address.
    pub fn new(text: impl Into<Content>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: href.into(), ..Self::default() }
    }
}

impl Render for ActionLink {
    fn render(&self) -> Markup {
        let class = Classes::new("nhsuk-action-link")
            .and_if(self.variant.is_some(), "nhsuk-action-link--reverse")
            .and(&self.classes);
        link_or_button(class, &self.id, &self.href, &self.kind)
            .optional("target", if self.open_in_new_window { "_blank" } else { "" })
            .attributes(&self.attributes)
            .wrap(html! {
                (Icon::ArrowRightCircle)
                span class="nhsuk-action-link__text" { (self.text) }
            })
    }
}

fn link_or_button(class: Classes, id: &str, href: &str, kind: &str) -> Element {
    if !href.is_empty() && kind.is_empty() {
        Element::new("a").class(class).optional("id", id).attr("href", href)
    } else {
        let kind = if kind.is_empty() { "submit" } else { kind };
        Element::new("button").class(class).optional("id", id).attr("type", kind)
    }
}
