//! Groups of fields with a legend; the legend is the question, so it is never optional in use.

use super::content::{Attributes, Classes, Content, Element, from_content, setters};
use super::heading::{Caption, Dress, Heading, Placement, Size, sized_class};
use maud::{Markup, Render, html};

/// The question that a group of fields answers.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Legend {
    pub text: Content,
    pub id: String,
    pub visually_hidden_text: String,
    pub caption: Option<Caption>,
    pub size: Option<Size>,
    /// Puts a heading inside the legend (level 1 unless said otherwise).
    pub heading: Option<Heading>,
    pub classes: String,
    pub attributes: Attributes,
}
from_content!(Legend);
setters!(Legend { set id: String, set visually_hidden_text: String, maybe caption: Caption, set size: Option<Size>, maybe heading: Heading, set classes: String });

const SIZES: &[Size] = &[Size::S, Size::M, Size::L, Size::Xl];

impl Legend {
    /// Makes the legend the heading of the page, level 1 and large.
    #[must_use]
    pub fn page_heading(mut self) -> Self {
        self.heading = Some(Heading::default());
        self.size = self.size.or(Some(Size::L));
        self
    }
}

impl Render for Legend {
    fn render(&self) -> Markup {
        let heading = self.heading.clone().unwrap_or_default();
        let text = heading.text.or(&self.text);
        if text.is_empty() {
            return html! {};
        }
        let size = heading.size.or(self.size);
        // A legend must be the first thing in its fieldset, so a caption "before" goes to the start of it.
        let caption = heading.caption.as_ref().or(self.caption.as_ref()).map(|caption| Caption {
            size: caption.size.or(size),
            placement: caption.placement.map(|placement| match placement {
                Placement::Before => Placement::Start,
                other => other,
            }),
            ..caption.clone()
        });
        let after = caption.clone().filter(|caption| caption.placement == Some(Placement::After));
        let inside = caption.filter(|caption| caption.placement != Some(Placement::After));
        let class = sized_class("nhsuk-fieldset__legend", "nhsuk-fieldset__legend--", SIZES, size, &self.classes)
            .and(&self.classes);
        let words =
            Heading { caption: inside, visually_hidden_text: self.visually_hidden_text.clone(), ..Heading::default() };
        html! {
            @if self.heading.is_some() {
                (Element::new("legend").class(class).optional("id", &self.id).attributes(&self.attributes).wrap(
                    Heading { id: heading.id.clone(), level: heading.level, attributes: heading.attributes.clone(), ..words }
                        .around(&Dress::plain("nhsuk-fieldset__heading", 1), html! { (text) })
                ))
            } @else {
                (Heading {
                    id: self.id.clone(),
                    element: "legend".to_owned(),
                    classes: class.as_ref().to_owned(),
                    attributes: self.attributes.clone(),
                    ..words
                }.around(&Dress::plain("", 1), html! { (text) }))
            }
            @if let Some(caption) = after { (caption) }
        }
    }
}

/// A group of fields that answer one question.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Fieldset {
    pub legend: Legend,
    pub id: String,
    pub role: String,
    pub described_by: String,
    pub classes: String,
    pub attributes: Attributes,
    /// The fields.
    #[cfg_attr(test, serde(rename = "text"))]
    pub html: Content,
}
setters!(Fieldset { set id: String, set role: String, set described_by: String, set classes: String, set html: Content });

impl Fieldset {
    /// A fieldset with this legend around these fields.
    pub fn new(legend: impl Into<Legend>, html: Markup) -> Self {
        Self { legend: legend.into(), html: html.into(), ..Self::default() }
    }
}

impl<T: Into<Legend>> From<T> for Fieldset {
    fn from(legend: T) -> Self {
        Self { legend: legend.into(), ..Self::default() }
    }
}

impl Render for Fieldset {
    fn render(&self) -> Markup {
        Element::new("fieldset")
            .class(Classes::new("nhsuk-fieldset").and(&self.classes))
            .optional("id", &self.id)
            .optional("role", &self.role)
            .optional("aria-describedby", &self.described_by)
            .attributes(&self.attributes)
            .wrap(html! { (self.legend) (self.html) })
    }
}
