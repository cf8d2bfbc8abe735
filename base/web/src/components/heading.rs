//! Headings and their captions, alone and inside other components; it never chooses the level for the page.

use super::content::{Attributes, Classes, Content, Element, from_content, setters};
use maud::{Markup, Render, html};

/// A size of type in the design system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum Size {
    /// Smallest.
    Xxs,
    /// Very small.
    Xs,
    /// Small.
    S,
    /// Medium.
    M,
    /// Large.
    L,
    /// Very large.
    Xl,
    /// Largest, for captions.
    Xxl,
}

impl Size {
    /// As it stands in class names.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Xxs => "xxs",
            Self::Xs => "xs",
            Self::S => "s",
            Self::M => "m",
            Self::L => "l",
            Self::Xl => "xl",
            Self::Xxl => "xxl",
        }
    }
}

/// Where a caption stands relative to its heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum Placement {
    /// Outside, above.
    Before,
    /// Inside, first (the default).
    Start,
    /// Inside, last.
    End,
    /// Outside, below.
    After,
}

/// A smaller line that belongs to a heading, for instance the section it is in.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Caption {
    pub text: Content,
    pub id: String,
    /// `span` unless given.
    pub element: String,
    pub placement: Option<Placement>,
    pub size: Option<Size>,
    pub classes: String,
    pub attributes: Attributes,
}
from_content!(Caption);
setters!(Caption { set id: String, set element: String, set placement: Option<Placement>, set size: Option<Size>, set classes: String });

impl Caption {
    fn is_at(&self, placement: Placement) -> bool {
        !self.text.is_empty() && self.placement.unwrap_or(Placement::Start) == placement
    }

    fn sized(&self, size: Option<Size>) -> Markup {
        let fitting = |size: Size| matches!(size, Size::M | Size::L | Size::Xl | Size::Xxl);
        let named = ["m", "l", "xl", "xxl"].iter().any(|size| self.classes.contains(&format!("nhsuk-caption-{size}")));
        let class = match self.size.or(size).filter(|&size| fitting(size) && !named) {
            Some(size) => Classes::new(&format!("nhsuk-caption-{}", size.as_str())),
            None => Classes::new("nhsuk-caption"),
        };
        let below = matches!(self.placement, Some(Placement::After | Placement::End));
        let element = if self.element.is_empty() { "span" } else { &self.element };
        Element::new(element)
            .class(class.and_if(below, "nhsuk-caption--bottom").and(&self.classes))
            .optional("id", &self.id)
            .attributes(&self.attributes)
            .wrap(&self.text)
    }
}

impl Render for Caption {
    fn render(&self) -> Markup {
        self.sized(None)
    }
}

/// A heading, alone or as part of a card, panel, label and so on.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Heading {
    pub text: Content,
    pub id: String,
    /// Said by screen readers only, after the text.
    pub visually_hidden_text: String,
    pub caption: Option<Caption>,
    pub href: String,
    /// 1 to 6; each component has its own default.
    pub level: Option<u8>,
    pub size: Option<Size>,
    /// Overrides the element, for instance `p`.
    pub element: String,
    pub classes: String,
    pub attributes: Attributes,
}
from_content!(Heading);
setters!(Heading { set id: String, set visually_hidden_text: String, maybe caption: Caption, set href: String, set level: Option<u8>, set size: Option<Size>, set element: String, set classes: String, set attributes: Attributes });

/// How a component dresses the heading inside it.
pub(super) struct Dress {
    pub class_name: &'static str,
    pub class_prefix: &'static str,
    pub sizes: &'static [Size],
    pub level: u8,
}

impl Dress {
    /// A class name alone, with no sizes.
    pub const fn plain(class_name: &'static str, level: u8) -> Self {
        Self { class_name, class_prefix: "", sizes: &[], level }
    }
}

pub(super) const ALL_SIZES: &[Size] = &[Size::Xxs, Size::Xs, Size::S, Size::M, Size::L, Size::Xl];

/// The class of the design system for `class_name` at `size`, unless `classes` already names a size.
pub(super) fn sized_class(
    class_name: &str,
    class_prefix: &str,
    sizes: &[Size],
    size: Option<Size>,
    classes: &str,
) -> Classes {
    let named = !class_prefix.is_empty()
        && sizes.iter().any(|size| classes.contains(&format!("{class_prefix}{}", size.as_str())));
    match size.filter(|size| sizes.contains(size) && !named) {
        None => Classes::new(class_name),
        Some(size) if class_prefix.strip_prefix(class_name) == Some("-") => {
            Classes::new(&format!("{class_prefix}{}", size.as_str()))
        }
        Some(size) => Classes::new(class_name).and(&format!("{class_prefix}{}", size.as_str())),
    }
}

impl Heading {
    /// Draws the heading as the component that holds it wants; draws nothing where there are no words.
    pub(super) fn dressed(&self, dress: &Dress) -> Markup {
        if self.text.is_empty() {
            return html! {};
        }
        let inner = html! {
            @if self.href.is_empty() { (self.text) }
            @else { (Element::new("a").class("nhsuk-link").attr("href", &self.href).wrap(&self.text)) }
        };
        self.around(dress, inner)
    }

    /// Draws the heading's element and captions around content made by the caller.
    pub(super) fn around(&self, dress: &Dress, inner: Markup) -> Markup {
        let class = sized_class(dress.class_name, dress.class_prefix, dress.sizes, self.size, &self.classes);
        let element = if self.element.is_empty() {
            format!("h{}", self.level.unwrap_or(dress.level))
        } else {
            self.element.clone()
        };
        let caption = |placement| {
            let caption = self.caption.as_ref().filter(|caption| caption.is_at(placement));
            html! { @if let Some(caption) = caption { (caption.sized(self.size)) } }
        };
        html! {
            (caption(Placement::Before))
            (Element::new(element)
                .class(class.and(&self.classes))
                .optional("id", &self.id)
                .attributes(&self.attributes)
                .wrap(html! {
                    (caption(Placement::Start))
                    @if self.caption.is_some() { " " }
                    (inner)
                    @if !self.visually_hidden_text.is_empty() {
                        span class="nhsuk-u-visually-hidden" { " " (self.visually_hidden_text) }
                    }
                    (caption(Placement::End))
                }))
            (caption(Placement::After))
        }
    }
}

impl Render for Heading {
    fn render(&self) -> Markup {
        self.dressed(&Dress { class_name: "nhsuk-heading", class_prefix: "nhsuk-heading-", sizes: ALL_SIZES, level: 1 })
    }
}
