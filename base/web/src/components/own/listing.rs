//! What stands around a list: filter, links that sort, downloads, and words where there is nothing; all by plain addresses.

use crate::components::{Button, Column, Content, Sort};
use maud::{Markup, Render, html};

/// Fields that narrow a list, as a form that makes an address, so that a narrowed list can be shared.
#[derive(Clone, Debug)]
pub struct Filter {
    action: String,
    fields: Vec<Markup>,
    /// Where the list is whole again; shown only while it is narrowed.
    clear: Option<String>,
}

impl Filter {
    /// A filter on the list at this address.
    pub fn new(action: impl Into<String>) -> Self {
        Self { action: action.into(), fields: Vec::new(), clear: None }
    }

    /// Adds a field: an `Input`, a `Select` and so on.
    #[must_use]
    pub fn field(mut self, field: impl Render) -> Self {
        self.fields.push(field.render());
        self
    }

    /// Shows the way back to the whole list.
    #[must_use]
    pub fn clear(mut self, href: impl Into<String>) -> Self {
        self.clear = Some(href.into());
        self
    }
}

impl Render for Filter {
    fn render(&self) -> Markup {
        html! {
            form class="app-filter" method="get" action=(self.action) role="search" aria-label="Filter the list" {
                div class="app-filter__fields" {
                    @for field in &self.fields { (field) }
                    (Button::new("Filter").secondary().small(true))
                }
                @if let Some(clear) = &self.clear { p { a href=(clear) { "Show the whole list" } } }
            }
        }
    }
}

/// The order a list is in, and links to the others. The server sorts: `?sort=KEY&order=asc|desc`.
#[derive(Clone, Debug)]
pub struct Sorting {
    path: String,
    others: Vec<(String, String)>,
    key: String,
    is_descending: bool,
}

impl Sorting {
    /// A list at `path` in the order of `key`; `others` are the other parameters of the address, which the links keep.
    pub fn new(
        path: impl Into<String>,
        others: impl IntoIterator<Item = (String, String)>,
        key: impl Into<String>,
        is_descending: bool,
    ) -> Self {
        Self {
            path: path.into(),
            others: others
                .into_iter()
                .filter(|(name, _)| !["sort", "order", "page"].contains(&name.as_str()))
                .collect(),
            key: key.into(),
            is_descending,
        }
    }

    /// The head of a column that sorts by `key`; a second click turns the order round.
    pub fn column(&self, text: impl Into<Content>, key: &str) -> Column {
        let is_here = self.key == key;
        let order = if is_here && !self.is_descending { "desc" } else { "asc" };
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.others)
            .append_pair("sort", key)
            .append_pair("order", order)
            .finish();
        let sort = match (is_here, self.is_descending) {
            (false, _) => Sort::None,
            (true, false) => Sort::Ascending,
            (true, true) => Sort::Descending,
        };
        Column::new(text).href(format!("{}?{query}", self.path)).sort(sort)
    }
}

/// A list with nothing in it: why, and what to do next.
#[derive(Clone, Debug)]
pub struct EmptyState {
    words: Content,
    action: Option<(String, String)>,
}

impl EmptyState {
    /// Why there is nothing.
    pub fn new(words: impl Into<Content>) -> Self {
        Self { words: words.into(), action: None }
    }

    /// What to do next.
    #[must_use]
    pub fn action(mut self, words: impl Into<String>, href: impl Into<String>) -> Self {
        self.action = Some((words.into(), href.into()));
        self
    }
}

impl Render for EmptyState {
    fn render(&self) -> Markup {
        html! {
            div class="app-empty" {
                p { (self.words) }
                @if let Some((words, href)) = &self.action { p { a href=(href) { (words) } } }
            }
        }
    }
}

/// A file to take away.
#[derive(Clone, Debug)]
pub struct Download {
    /// What it is: "Awards as CSV".
    pub text: String,
    pub href: String,
    /// Its size or other words; may be empty.
    pub note: String,
}

impl<T: Into<String>, H: Into<String>> From<(T, H)> for Download {
    fn from((text, href): (T, H)) -> Self {
        Self { text: text.into(), href: href.into(), note: String::new() }
    }
}

/// Files to take away, in a row.
#[derive(Clone, Debug)]
pub struct Downloads {
    files: Vec<Download>,
}

impl Downloads {
    /// These files: pairs of words and address, or [`Download`]s.
    pub fn new(files: impl IntoIterator<Item = impl Into<Download>>) -> Self {
        Self { files: files.into_iter().map(Into::into).collect() }
    }
}

impl Render for Downloads {
    fn render(&self) -> Markup {
        html! {
            ul class="app-downloads" aria-label="Downloads" {
                @for file in &self.files {
                    li class="app-downloads__file" {
                        a href=(file.href) { (file.text) }
                        @if !file.note.is_empty() { " (" (file.note) ")" }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorting_keeps_the_filter_and_turns_round() {
        let others =
            [("q", "a&b"), ("sort", "old"), ("page", "3")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        let sorting = Sorting::new("/bids", others, "name", false);
        assert_eq!(sorting.column("Name", "name").href, "/bids?q=a%26b&sort=name&order=desc");
        assert_eq!(sorting.column("Score", "score").href, "/bids?q=a%26b&sort=score&order=asc");
        assert_eq!(sorting.column("Name", "name").sort, Some(Sort::Ascending));
        assert_eq!(sorting.column("Score", "score").sort, Some(Sort::None));
    }

    #[test]
    fn the_way_back_shows_only_on_a_narrowed_list() {
        assert!(!Filter::new("/bids").render().0.contains("whole list"));
        assert!(Filter::new("/bids").clear("/bids").render().0.contains("href=\"/bids\""));
    }
}
