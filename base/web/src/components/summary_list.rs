//! Summary lists: what is known, line by line, with a way to change each; it never shows a change link by itself.

use super::card::{Action, Card};
use super::content::{Attributes, Classes, Content, Element, from_content, setters};
use maud::{Markup, Render, html};

/// The left or the right side of a line.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct SummaryText {
    pub text: Content,
    pub id: String,
    /// A share of the list, such as `one-third`.
    pub width: String,
    pub classes: String,
    pub attributes: Attributes,
}
from_content!(SummaryText);
setters!(SummaryText { set id: String, set width: String, set classes: String });

impl SummaryText {
    fn draw(&self, element: &str, class: &str) -> Markup {
        let width = if self.width.is_empty() { String::new() } else { format!("nhsuk-u-width-{}", self.width) };
        Element::new(element)
            .class(Classes::new(class).and(&width).and(&self.classes))
            .optional("id", &self.id)
            .attributes(&self.attributes)
            .wrap(&self.text)
    }
}

/// One line.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct SummaryRow {
    pub key: SummaryText,
    pub value: SummaryText,
    pub actions: Vec<Action>,
    pub border: Option<bool>,
    pub id: String,
    pub classes: String,
    pub attributes: Attributes,
}
setters!(SummaryRow { list actions: Action, set border: Option<bool>, set id: String, set classes: String });

impl SummaryRow {
    /// A line of key and value.
    pub fn new(key: impl Into<SummaryText>, value: impl Into<SummaryText>) -> Self {
        Self { key: key.into(), value: value.into(), ..Self::default() }
    }

    /// Adds a link; `what` is said after it for those who hear the link alone.
    #[must_use]
    pub fn action(mut self, text: impl Into<Content>, href: impl Into<String>, what: impl Into<String>) -> Self {
        self.actions.push(Action::new(text, href, what));
        self
    }
}

impl<K: Into<SummaryText>, V: Into<SummaryText>> From<(K, V)> for SummaryRow {
    fn from((key, value): (K, V)) -> Self {
        Self::new(key, value)
    }
}

/// What is known, line by line.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct SummaryList {
    pub rows: Vec<SummaryRow>,
    pub border: Option<bool>,
    pub last_row_border: Option<bool>,
    /// Puts the list into a card.
    pub card: Option<Card>,
    pub id: String,
    pub classes: String,
    pub attributes: Attributes,
}
setters!(SummaryList { list rows: SummaryRow, set border: Option<bool>, set last_row_border: Option<bool>, set card: Option<Card>, set id: String, set classes: String, set attributes: Attributes });

impl SummaryList {
    /// A list of these lines.
    pub fn new(rows: impl IntoIterator<Item = impl Into<SummaryRow>>) -> Self {
        Self::default().rows(rows)
    }

    fn draw_row(&self, row: &SummaryRow, any_actions: bool, is_last: bool) -> Markup {
        let list_without_borders = self.classes.contains("nhsuk-summary-list--no-border")
            || self.classes.contains("nhsuk-summary-list--no-last-row-border")
            || (is_last && self.last_row_border == Some(false));
        let card_heading = self.card.as_ref().map(|card| card.heading.text.clone()).unwrap_or_default();
        Element::new("div")
            .class(
                Classes::new("nhsuk-summary-list__row")
                    .and_if(any_actions && row.actions.is_empty(), "nhsuk-summary-list__row--no-actions")
                    .and_if(row.border == Some(false) && !list_without_borders, "nhsuk-summary-list__row--no-border")
                    .and(&row.classes),
            )
            .optional("id", &row.id)
            .attributes(&row.attributes)
            .wrap(html! {
                (row.key.draw("dt", "nhsuk-summary-list__key"))
                (row.value.draw("dd", "nhsuk-summary-list__value"))
                @match row.actions.as_slice() {
                    [] => {}
                    [action] => dd class="nhsuk-summary-list__actions" { (action.draw(&card_heading)) }
                    actions => dd class="nhsuk-summary-list__actions" {
                        ul class="nhsuk-summary-list__actions-list" {
                            @for action in actions {
                                li class="nhsuk-summary-list__actions-list-item" { (action.draw(&card_heading)) }
                            }
                        }
                    }
                }
            })
    }
}

impl Render for SummaryList {
    fn render(&self) -> Markup {
        let any_actions = self.rows.iter().any(|row| !row.actions.is_empty());
        let last = self.rows.len().saturating_sub(1);
        let list = Element::new("dl")
            .class(
                Classes::new("nhsuk-summary-list")
                    .and_if(self.border == Some(false), "nhsuk-summary-list--no-border")
                    .and_if(
                        self.border != Some(false) && self.last_row_border == Some(false),
                        "nhsuk-summary-list--no-last-row-border",
                    )
                    .and(&self.classes),
            )
            .optional("id", &self.id)
            .attributes(&self.attributes)
            .wrap(html! {
                @for (index, row) in self.rows.iter().enumerate() { (self.draw_row(row, any_actions, index == last)) }
            });
        match &self.card {
            Some(card) => card.clone().description(list).render(),
            None => list,
        }
    }
}
