//! The footer of every page; it claims no copyright of anyone unless told to.

use super::content::{Attributes, Classes, Content, Element, from_content, setters};
use super::heading::{ALL_SIZES, Dress, Heading};
use maud::{Markup, Render, html};

/// One link.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct FooterItem {
    pub text: Content,
    pub href: String,
    pub attributes: Attributes,
}

impl<T: Into<Content>, H: Into<String>> From<(T, H)> for FooterItem {
    fn from((text, href): (T, H)) -> Self {
        Self { text: text.into(), href: href.into(), ..Self::default() }
    }
}

/// A column of links.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct FooterNavigation {
    pub heading: Heading,
    pub text: Content,
    pub items: Vec<FooterItem>,
    /// A share of the row, such as `one-third`.
    pub width: String,
}

/// Links and words at the very bottom.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct FooterMeta {
    pub text: Content,
    pub items: Vec<FooterItem>,
    /// `Support links` unless given.
    pub visually_hidden_text: String,
}
from_content!(FooterMeta);

/// The footer.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Footer {
    pub navigation: Vec<FooterNavigation>,
    /// 1 to 4; 4 unless given.
    pub columns: Option<u8>,
    pub meta: FooterMeta,
    /// Words become a paragraph, markup stands as it is.
    pub copyright: Content,
    pub container_classes: String,
    pub id: String,
    pub classes: String,
    pub attributes: Attributes,
}
setters!(Footer { list navigation: FooterNavigation, set columns: Option<u8>, set meta: FooterMeta, set copyright: Content, set classes: String });

impl Footer {
    /// A footer with these links.
    pub fn new(links: impl IntoIterator<Item = impl Into<FooterItem>>) -> Self {
        Self {
            meta: FooterMeta { items: links.into_iter().map(Into::into).collect(), ..FooterMeta::default() },
            ..Self::default()
        }
    }

    fn draw_column(&self, column: &FooterNavigation) -> Markup {
        let width = match (column.width.as_str(), self.columns) {
            ("", Some(1)) => "full",
            ("", Some(2)) => "one-half",
            ("", Some(3)) => "one-third",
            ("", _) => "one-quarter",
            (given, _) => given,
        };
        let dress =
            Dress { class_name: "nhsuk-footer__heading", class_prefix: "nhsuk-heading-", sizes: ALL_SIZES, level: 2 };
        let heading = Heading { size: Some(super::heading::Size::S), ..column.heading.clone() };
        html! {
            div class=(format!("nhsuk-grid-column-{width}")) {
                (heading.dressed(&dress))
                (paragraph(&column.text))
                @if !column.items.is_empty() { (list(&column.items)) }
            }
        }
    }
}

impl Render for Footer {
    fn render(&self) -> Markup {
        let per_row = usize::from(self.columns.unwrap_or(4).clamp(1, 4));
        let container = Classes::new("nhsuk-width-container").and(&self.container_classes);
        let hidden =
            if self.meta.visually_hidden_text.is_empty() { "Support links" } else { &self.meta.visually_hidden_text };
        Element::new("footer")
            .class(Classes::new("nhsuk-footer").and(&self.classes))
            .optional("id", &self.id)
            .attr("role", "contentinfo")
            .attributes(&self.attributes)
            .wrap(html! {
                div class=(container.as_ref()) {
                    @for row in self.navigation.chunks(per_row) {
                        div class="nhsuk-footer__navigation nhsuk-grid-row" {
                            @for column in row { (self.draw_column(column)) }
                        }
                    }
                    div class="nhsuk-footer__meta" {
                        @if !self.meta.items.is_empty() {
                            h2 class="nhsuk-u-visually-hidden" { (hidden) }
                            (list(&self.meta.items))
                        }
                        (paragraph(&self.meta.text))
                        (paragraph(&self.copyright))
                    }
                }
            })
    }
}

fn list(items: &[FooterItem]) -> Markup {
    html! {
        ul class="nhsuk-footer__list" {
            @for item in items {
                li class="nhsuk-footer__list-item" {
                    (Element::new("a").class("nhsuk-footer__list-item-link").attr("href", &item.href)
                        .attributes(&item.attributes).wrap(&item.text))
                }
            }
        }
    }
}

fn paragraph(content: &Content) -> Markup {
    html! {
        @match content {
            Content::Html(markup) => (markup),
            Content::Text(text) => @if !text.is_empty() { p class="nhsuk-body-s" { (text) } }
        }
    }
}
