//! Tags: a state in one or two words; colour alone never carries the meaning.

use super::content::{Attributes, Classes, Content, Element, from_content, setters};
use maud::{Markup, Render};

/// A colour of the design system's tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "kebab-case"))]
pub enum TagColour {
    White,
    Grey,
    Green,
    AquaGreen,
    Blue,
    Purple,
    Pink,
    Red,
    Orange,
    Yellow,
    /// The colour of the text around it.
    #[cfg_attr(test, serde(rename = "false"))]
    NoColour,
}

impl TagColour {
    fn class(self) -> &'static str {
        match self {
            Self::White => "nhsuk-tag--white",
            Self::Grey => "nhsuk-tag--grey",
            Self::Green => "nhsuk-tag--green",
            Self::AquaGreen => "nhsuk-tag--aqua-green",
            Self::Blue => "nhsuk-tag--blue",
            Self::Purple => "nhsuk-tag--purple",
            Self::Pink => "nhsuk-tag--pink",
            Self::Red => "nhsuk-tag--red",
            Self::Orange => "nhsuk-tag--orange",
            Self::Yellow => "nhsuk-tag--yellow",
            Self::NoColour => "nhsuk-tag--no-colour",
        }
    }
}

/// A state in one or two words.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Tag {
    pub text: Content,
    pub colour: Option<TagColour>,
    /// Shown unless `Some(false)`.
    pub border: Option<bool>,
    pub id: String,
    pub classes: String,
    pub attributes: Attributes,
}
from_content!(Tag);
setters!(Tag { set colour: Option<TagColour>, set border: Option<bool>, set id: String, set classes: String, set attributes: Attributes });

impl Tag {
    /// A tag in the default blue.
    pub fn new(text: impl Into<Content>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

impl Render for Tag {
    fn render(&self) -> Markup {
        let named = self.classes.contains("nhsuk-tag--") && self.colour != Some(TagColour::NoColour);
        let colour = self.colour.filter(|_| !named).map_or("", TagColour::class);
        Element::new("strong")
            .class(
                Classes::new("nhsuk-tag")
                    .and(colour)
                    .and_if(self.border == Some(false), "nhsuk-tag--no-border")
                    .and(&self.classes),
            )
            .optional("id", &self.id)
            .attributes(&self.attributes)
            .wrap(&self.text)
    }
}
