//! Labels of form fields; a field without words of its own never gets one by guessing.

use super::content::{Attributes, Content, Element, from_content, setters};
use super::heading::{Caption, Dress, Heading, Placement, Size};
use maud::{Markup, Render, html};

/// The label of one field. With `heading` it is also the heading of the page.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Label {
    pub text: Content,
    pub id: String,
    /// The id of the field; form components fill it in.
    #[cfg_attr(test, serde(rename = "for"))]
    pub for_id: String,
    pub visually_hidden_text: String,
    pub caption: Option<Caption>,
    pub size: Option<Size>,
    /// Wraps the label in a heading (level 1 unless said otherwise).
    pub heading: Option<Heading>,
    pub classes: String,
    pub attributes: Attributes,
}
from_content!(Label);
setters!(Label { set id: String, set for_id: String, set visually_hidden_text: String, maybe caption: Caption, set size: Option<Size>, maybe heading: Heading, set classes: String });

const DRESS: Dress = Dress {
    class_name: "nhsuk-label",
    class_prefix: "nhsuk-label--",
    sizes: &[Size::S, Size::M, Size::L, Size::Xl],
    level: 1,
};

impl Label {
    /// Makes the label the heading of the page, level 1 and large.
    #[must_use]
    pub fn page_heading(mut self) -> Self {
        self.heading = Some(Heading::default());
        self.size = self.size.or(Some(Size::L));
        self
    }

    /// Hides the label from sight but not from screen readers.
    #[must_use]
    pub fn hidden(mut self) -> Self {
        self.classes = "nhsuk-u-visually-hidden".to_owned();
        self
    }

    pub(super) fn render_for(&self, id: &str) -> Markup {
        self.draw(if self.for_id.is_empty() { id } else { &self.for_id }, "")
    }

    /// The label of one radio or checkbox, which has a class of its own.
    pub(super) fn render_item(&self, id: &str, class: &str) -> Markup {
        self.draw(id, class)
    }

    fn draw(&self, for_id: &str, class: &str) -> Markup {
        let heading = self.heading.clone().unwrap_or_default();
        let text = heading.text.or(&self.text);
        if text.is_empty() {
            return html! {};
        }
        let caption = heading.caption.as_ref().or(self.caption.as_ref());
        let outside = |placement| caption.filter(|caption| caption.placement == Some(placement));
        let inside = caption.filter(|caption| !matches!(caption.placement, Some(Placement::Before | Placement::After)));
        let size = heading.size.or(self.size);
        let classes = match (class.is_empty(), self.classes.is_empty()) {
            (true, _) => self.classes.clone(),
            (false, true) => class.to_owned(),
            (false, false) => format!("{class} {}", self.classes),
        };
        let label = Heading {
            id: self.id.clone(),
            visually_hidden_text: self.visually_hidden_text.clone(),
            caption: inside.cloned(),
            size,
            element: "label".to_owned(),
            classes,
            attributes: if for_id.is_empty() {
                self.attributes.clone()
            } else {
                // `for` stands first, as in the design system.
                Attributes::new().set("for", for_id).join(&self.attributes)
            },
            ..Heading::default()
        }
        .around(&DRESS, html! { (text) });
        let sized = |caption: &Caption| Caption { size: caption.size.or(size), ..caption.clone() };
        html! {
            @if let Some(caption) = outside(Placement::Before) { (sized(caption)) }
            @if self.heading.is_some() {
                (Element::new(format!("h{}", heading.level.unwrap_or(1)))
                    .class("nhsuk-label-wrapper")
                    .optional("id", &heading.id)
                    .attributes(&heading.attributes)
                    .wrap(label))
            } @else { (label) }
            @if let Some(caption) = outside(Placement::After) { (sized(caption)) }
        }
    }
}

impl Render for Label {
    fn render(&self) -> Markup {
        self.render_for("")
    }
}
