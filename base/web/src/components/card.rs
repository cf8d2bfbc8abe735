//! Cards: a box with a heading, and the actions that belong to it; also the base of callouts and lists in a box.

use super::content::{Attributes, Classes, Content, Element, from_content, setters};
use super::heading::{ALL_SIZES, Dress, Heading};
use super::icon::Icon;
use maud::{Markup, Render, html};

/// The look of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "kebab-case"))]
pub enum CardVariant {
    Feature,
    Primary,
    Secondary,
    Warning,
    NonUrgent,
    Urgent,
    Emergency,
}

impl CardVariant {
    fn class(self) -> &'static str {
        match self {
            Self::Feature => "nhsuk-card--feature",
            Self::Primary => "nhsuk-card--primary",
            Self::Secondary => "nhsuk-card--secondary",
            Self::Warning => "nhsuk-card--warning",
            Self::NonUrgent => "nhsuk-card--care nhsuk-card--care--non-urgent",
            Self::Urgent => "nhsuk-card--care nhsuk-card--care--urgent",
            Self::Emergency => "nhsuk-card--care nhsuk-card--care--emergency",
        }
    }

    /// What a care card says to screen readers before its heading.
    fn advice(self) -> Option<&'static str> {
        match self {
            Self::NonUrgent => Some("Non-urgent advice"),
            Self::Urgent => Some("Urgent advice"),
            Self::Emergency => Some("Immediate action required"),
            _ => None,
        }
    }
}

/// A link, or with `kind` a button, that acts on the card or row it stands in.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Action {
    pub text: Content,
    pub href: String,
    /// What the action acts on, for those who hear the link alone: "Change" + "name".
    pub visually_hidden_text: String,
    /// The type of the button; empty for a link.
    #[cfg_attr(test, serde(rename = "type"))]
    pub kind: String,
    pub name: String,
    pub value: String,
    pub id: String,
    pub classes: String,
    pub attributes: Attributes,
}
setters!(Action { set visually_hidden_text: String, set kind: String, set name: String, set value: String, set id: String, set classes: String, set attributes: Attributes });

impl Action {
    /// A link: `Action::new("Change", "/bids/1/name", "name")`.
    pub fn new(text: impl Into<Content>, href: impl Into<String>, visually_hidden_text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            href: href.into(),
            visually_hidden_text: visually_hidden_text.into(),
            ..Self::default()
        }
    }

    /// Draws the action; the heading of the card it stands in is said after it.
    pub(super) fn draw(&self, card_heading: &Content) -> Markup {
        let is_link = !self.href.is_empty() && self.kind.is_empty();
        let element = Element::new(if is_link { "a" } else { "button" })
            .class(Classes::new("nhsuk-link").and(&self.classes))
            .optional("id", &self.id);
        let element = if is_link {
            element.attr("href", &self.href)
        } else {
            element
                .optional("name", &self.name)
                .attr("type", if self.kind.is_empty() { "submit" } else { &self.kind })
                .optional("value", &self.value)
        };
        element.attributes(&self.attributes).wrap(html! {
            (self.text)
            @if !self.visually_hidden_text.is_empty() || !card_heading.is_empty() {
                span class="nhsuk-u-visually-hidden" {
                    @if !self.visually_hidden_text.is_empty() { " " (self.visually_hidden_text) }
                    @if !card_heading.is_empty() { " (" (card_heading) ")" }
                }
            }
        })
    }
}

/// The picture at the top of a card.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct CardImage {
    /// Markup instead of an address.
    #[cfg_attr(test, serde(rename = "text"))]
    pub html: Content,
    pub src: String,
    pub alt: String,
}

/// What a card says under its heading: words become a paragraph, markup stands as it is.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct CardDescription {
    pub text: Content,
    pub classes: String,
    pub attributes: Attributes,
}
from_content!(CardDescription);

/// A box with a heading.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Card {
    /// Level 2 unless said otherwise.
    pub heading: Heading,
    /// Makes the heading a link.
    pub href: String,
    pub description: CardDescription,
    pub actions: Vec<Action>,
    /// The whole card is the link.
    pub clickable: bool,
    pub variant: Option<CardVariant>,
    pub image: Option<CardImage>,
    pub id: String,
    pub classes: String,
    pub attributes: Attributes,
}
setters!(Card { set heading: Heading, set href: String, set description: CardDescription, list actions: Action, set clickable: bool, set variant: Option<CardVariant>, set image: Option<CardImage>, set id: String, set classes: String, set attributes: Attributes });

const DRESS: Dress =
    Dress { class_name: "nhsuk-card__heading", class_prefix: "nhsuk-heading-", sizes: ALL_SIZES, level: 2 };

impl Card {
    /// A card with this heading and nothing under it yet.
    pub fn new(heading: impl Into<Heading>) -> Self {
        Self { heading: heading.into(), ..Self::default() }
    }

    fn care(&self) -> Option<&'static str> {
        self.variant.and_then(CardVariant::advice).filter(|_| !self.heading.text.is_empty())
    }

    fn draw_heading(&self) -> Markup {
        let heading = match &self.heading.text {
            Content::Html(markup) => html! { (markup) },
            Content::Text(text) if text.is_empty() => html! {},
            Content::Text(text) => {
                let hidden = match (self.heading.visually_hidden_text.as_str(), self.care()) {
                    ("", Some(advice)) => advice,
                    (given, _) => given,
                };
                let is_link = !self.href.is_empty() && self.variant != Some(CardVariant::Feature);
                let inner = html! {
                    @if is_link { a class="nhsuk-card__link" href=(self.href) { (text) } }
                    @else if !hidden.is_empty() {
                        span role="text" {
                            span class="nhsuk-u-visually-hidden" { (hidden) ": " }
                            (text)
                        }
                    } @else { (text) }
                };
                Heading { visually_hidden_text: String::new(), ..self.heading.clone() }.around(&DRESS, inner)
            }
        };
        html! {
            (heading)
            @if self.care().is_some() { span class="nhsuk-card--care__arrow" aria-hidden="true" {} }
        }
    }
}

impl Render for Card {
    fn render(&self) -> Markup {
        let variant = match self.variant {
            // A care card without a heading would be a colour without a meaning.
            Some(variant) if variant.advice().is_some() && self.care().is_none() => "",
            Some(variant) => variant.class(),
            None => "",
        };
        let in_container = self.care().is_some() || !self.actions.is_empty();
        Element::new("div")
            .class(
                Classes::new("nhsuk-card")
                    .and_if(self.clickable, "nhsuk-card--clickable")
                    .and(variant)
                    .and(&self.classes),
            )
            .optional("id", &self.id)
            .attributes(&self.attributes)
            .wrap(html! {
                @if let Some(image) = &self.image {
                    @if image.html.is_empty() { img class="nhsuk-card__img" src=(image.src) alt=(image.alt); }
                    @else { (image.html) }
                }
                @if in_container {
                    div class="nhsuk-card__heading-container" {
                        (self.draw_heading())
                        @match self.actions.as_slice() {
                            [] => {}
                            [action] => div class="nhsuk-card__actions" { (action.draw(&self.heading.text)) }
                            actions => ul class="nhsuk-card__actions" {
                                @for action in actions {
                                    li class="nhsuk-card__action" { (action.draw(&self.heading.text)) }
                                }
                            }
                        }
                    }
                }
                (Element::new("div")
                    .class(Classes::new("nhsuk-card__content").and(&self.description.classes))
                    .attributes(&self.description.attributes)
                    .wrap(html! {
                        @if !in_container { (self.draw_heading()) }
                        @match &self.description.text {
                            Content::Html(markup) => (markup),
                            Content::Text(text) => @if !text.is_empty() { p class="nhsuk-card__description" { (text) } }
                        }
                        @if self.variant == Some(CardVariant::Primary) { (Icon::ChevronRightCircle) }
                    }))
            })
    }
}
