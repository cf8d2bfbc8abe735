//! Ways through several pages or tasks: pagination, tabs, task list, contents list; and pictures with a caption.

use super::content::{Attributes, Classes, Content, Element, from_content, setters};
use super::heading::{Dress, Heading};
use super::icon::Icon;
use super::tag::Tag;
use maud::{Markup, Render, html};

/// The page before or after.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct PaginationLink {
    /// `Previous page` or `Next page` unless given.
    pub text: Content,
    /// What that page is called.
    pub label: Content,
    pub href: String,
    pub attributes: Attributes,
}

impl PaginationLink {
    /// A page of this name at this address.
    pub fn new(href: impl Into<String>, label: impl Into<Content>) -> Self {
        Self { href: href.into(), label: label.into(), ..Self::default() }
    }
}

/// One numbered page, or a gap.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct PaginationItem {
    pub number: usize,
    pub href: String,
    pub current: bool,
    /// A gap, and nothing else.
    pub ellipsis: bool,
    pub aria_label: String,
    pub classes: String,
    pub attributes: Attributes,
}

/// The way through pages: named neighbours, or numbers.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Pagination {
    pub previous: Option<PaginationLink>,
    pub next: Option<PaginationLink>,
    pub items: Vec<PaginationItem>,
    /// `Pagination` unless given.
    pub aria_label: String,
    pub id: String,
    pub classes: String,
    pub attributes: Attributes,
}
setters!(Pagination { set previous: Option<PaginationLink>, set next: Option<PaginationLink>, set aria_label: String, set id: String, set classes: String });

impl Pagination {
    /// Numbers for `pages` pages of a list, of which `current` (from 1) is shown; the first, the last and the
    /// neighbours have a link, and gaps stand between.
    pub fn numbered(current: usize, pages: usize, href: impl Fn(usize) -> String) -> Self {
        let shown = (1..=pages).filter(|&page| page == 1 || page == pages || page.abs_diff(current) <= 1);
        let mut items = Vec::new();
        let mut last = 0;
        for number in shown {
            if number > last + 1 {
                items.push(PaginationItem { ellipsis: true, ..PaginationItem::default() });
            }
            items.push(PaginationItem {
                number,
                href: href(number),
                current: number == current,
                ..PaginationItem::default()
            });
            last = number;
        }
        let link = |page: usize| PaginationLink { href: href(page), ..PaginationLink::default() };
        Self {
            previous: (current > 1).then(|| link(current - 1)),
            next: (current < pages).then(|| link(current + 1)),
            items,
            ..Self::default()
        }
    }

    fn words(link: &PaginationLink, otherwise: &str) -> Markup {
        html! {
            span class="nhsuk-pagination__title" {
                @if link.text.is_empty() { (otherwise) span class="nhsuk-u-visually-hidden" { " page" } }
                @else { (link.text) }
            }
        }
    }

    fn neighbour(link: &PaginationLink, side: &str, rel: &str, otherwise: &str, icon: Icon) -> Markup {
        html! {
            li class=(format!("nhsuk-pagination-item--{side}")) {
                (Element::new("a")
                    .class(format!("nhsuk-pagination__link nhsuk-pagination__link--{rel}"))
                    .attr("href", &link.href)
                    .attr("rel", rel)
                    .attributes(&link.attributes)
                    .wrap(html! {
                        (Self::words(link, otherwise))
                        @if !link.label.is_empty() {
                            span class="nhsuk-u-visually-hidden" { ":" }
                            span class="nhsuk-pagination__page" { (link.label) }
                        }
                        (icon)
                    }))
            }
        }
    }

    fn number(item: &PaginationItem) -> Markup {
        let label = if item.aria_label.is_empty() { format!("Page {}", item.number) } else { item.aria_label.clone() };
        Element::new("li")
            .class(
                Classes::new("nhsuk-pagination__item")
                    .and_if(item.current, "nhsuk-pagination__item--current")
                    .and_if(item.ellipsis, "nhsuk-pagination__item--ellipsis")
                    .and(&item.classes),
            )
            .wrap(html! {
                @if item.ellipsis { "⋯" }
                @else {
                    (Element::new("a")
                        .class("nhsuk-pagination__link")
                        .attr("href", &item.href)
                        .attr("aria-label", &label)
                        .optional("aria-current", if item.current { "page" } else { "" })
                        .attributes(&item.attributes)
                        .wrap(item.number))
                }
            })
    }
}

impl Render for Pagination {
    fn render(&self) -> Markup {
        let is_numbered = !self.items.is_empty();
        Element::new("nav")
            .class(
                Classes::new("nhsuk-pagination").and_if(is_numbered, "nhsuk-pagination--numbered").and(&self.classes),
            )
            .optional("id", &self.id)
            .attr("role", "navigation")
            .attr("aria-label", if self.aria_label.is_empty() { "Pagination" } else { &self.aria_label })
            .attributes(&self.attributes)
            .wrap(html! {
                @if is_numbered {
                    @if let Some(link) = &self.previous {
                        a href=(link.href) class="nhsuk-pagination__previous" rel="prev" {
                            (Icon::ArrowLeft) (Self::words(link, "Previous"))
                        }
                    }
                    ul class="nhsuk-pagination__list" { @for item in &self.items { (Self::number(item)) } }
                    @if let Some(link) = &self.next {
                        a href=(link.href) class="nhsuk-pagination__next" rel="next" {
                            (Self::words(link, "Next")) (Icon::ArrowRight)
                        }
                    }
                } @else {
                    ul class="nhsuk-list nhsuk-pagination__list" {
                        @if let Some(link) = &self.previous {
                            (Self::neighbour(link, "previous", "prev", "Previous", Icon::ArrowLeft))
                        }
                        @if let Some(link) = &self.next {
                            (Self::neighbour(link, "next", "next", "Next", Icon::ArrowRight))
                        }
                    }
                }
            })
    }
}

/// What stands behind a tab: words become a paragraph, markup stands as it is.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct TabPanel {
    pub text: Content,
    pub attributes: Attributes,
}

/// One tab.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct TabItem {
    pub label: Content,
    pub panel: TabPanel,
    pub id: String,
    pub attributes: Attributes,
}

impl TabItem {
    /// A tab with this label over this content.
    pub fn new(id: impl Into<String>, label: impl Into<Content>, panel: impl Into<Content>) -> Self {
        Self {
            id: id.into(),
            label: label.into(),
            panel: TabPanel { text: panel.into(), ..TabPanel::default() },
            ..Self::default()
        }
    }
}

/// Parts of a page of which one shows at a time; without scripts all show, under a list of links.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Tabs {
    pub items: Vec<TabItem>,
    pub id: String,
    /// The id where not given.
    pub id_prefix: String,
    /// The heading before the list: `Contents` unless given.
    pub visually_hidden_text: String,
    pub classes: String,
    pub attributes: Attributes,
}
setters!(Tabs { list items: TabItem, set id: String, set id_prefix: String, set visually_hidden_text: String, set classes: String });

impl Tabs {
    /// These tabs.
    pub fn new(items: impl IntoIterator<Item = TabItem>) -> Self {
        Self::default().items(items)
    }
}

impl Render for Tabs {
    fn render(&self) -> Markup {
        let prefix = if self.id_prefix.is_empty() { &self.id } else { &self.id_prefix };
        let id = |index: usize, item: &TabItem| {
            if item.id.is_empty() { format!("{prefix}-{}", index + 1) } else { item.id.clone() }
        };
        let heading = if self.visually_hidden_text.is_empty() { "Contents" } else { &self.visually_hidden_text };
        Element::new("div")
            .class(Classes::new("nhsuk-tabs").and(&self.classes))
            .optional("id", &self.id)
            .attr("data-module", "nhsuk-tabs")
            .attributes(&self.attributes)
            .wrap(html! {
                h2 class="nhsuk-tabs__heading" { (heading) }
                @if !self.items.is_empty() {
                    ul class="nhsuk-tabs__list" {
                        @for (index, item) in self.items.iter().enumerate() {
                            (Element::new("li")
                                .class(Classes::new("nhsuk-tabs__list-item")
                                    .and_if(index == 0, "nhsuk-tabs__list-item--selected"))
                                .wrap(Element::new("a")
                                    .class("nhsuk-tabs__tab")
                                    .attr("href", &format!("#{}", id(index, item)))
                                    .attributes(&item.attributes)
                                    .wrap(&item.label)))
                        }
                    }
                    @for (index, item) in self.items.iter().enumerate() {
                        (Element::new("div")
                            .class(Classes::new("nhsuk-tabs__panel").and_if(index > 0, "nhsuk-tabs__panel--hidden"))
                            .attr("id", &id(index, item))
                            .attributes(&item.panel.attributes)
                            .wrap(html! {
                                @match &item.panel.text {
                                    Content::Html(markup) => (markup),
                                    Content::Text(text) => @if !text.is_empty() { p { (text) } }
                                }
                            }))
                    }
                }
            })
    }
}

/// How far a task is: a tag, or words.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct TaskStatus {
    pub tag: Option<Tag>,
    pub text: Content,
    pub classes: String,
}

impl From<Tag> for TaskStatus {
    fn from(tag: Tag) -> Self {
        Self { tag: Some(tag), ..Self::default() }
    }
}
from_content!(TaskStatus);

impl TaskStatus {
    /// Nothing left to do: plain words, so that what is left stands out.
    pub fn completed() -> Self {
        Self { text: "Completed".into(), ..Self::default() }
    }

    /// Cannot be done yet.
    pub fn cannot_start_yet() -> Self {
        Self {
            text: "Cannot start yet".into(),
            classes: "nhsuk-task-list__status--cannot-start-yet".to_owned(),
            ..Self::default()
        }
    }
}

/// One task; with `href` its name is a link.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct TaskItem {
    #[cfg_attr(test, serde(alias = "title"))]
    pub heading: Heading,
    pub href: String,
    pub hint: Content,
    pub status: TaskStatus,
    pub classes: String,
}
setters!(TaskItem { set href: String, set hint: Content, set classes: String });

impl TaskItem {
    /// A task of this name, this far.
    pub fn new(heading: impl Into<Heading>, status: impl Into<TaskStatus>) -> Self {
        Self { heading: heading.into(), status: status.into(), ..Self::default() }
    }

    fn draw(&self, prefix: &str, number: usize) -> Markup {
        let hint_id = format!("{prefix}-{number}-hint");
        let status_id = format!("{prefix}-{number}-status");
        let is_link = !self.href.is_empty();
        let heading = Heading {
            element: if is_link { "a" } else { "div" }.to_owned(),
            classes: Classes::new(if is_link { "nhsuk-task-list__link nhsuk-link" } else { "" })
                .and(&self.heading.classes)
                .as_ref()
                .to_owned(),
            attributes: if is_link {
                let described = Classes::new(if self.hint.is_empty() { "" } else { &hint_id }).and(&status_id);
                Attributes::new()
                    .set("href", &self.href)
                    .set("aria-describedby", described.as_ref())
                    .join(&self.heading.attributes)
            } else {
                self.heading.attributes.clone()
            },
            ..self.heading.clone()
        };
        Element::new("li")
            .class(
                Classes::new("nhsuk-task-list__item")
                    .and_if(is_link, "nhsuk-task-list__item--with-link")
                    .and(&self.classes),
            )
            .wrap(html! {
                div class="nhsuk-task-list__name-and-hint" {
                    (heading.dressed(&Dress::plain("", 2)))
                    @if !self.hint.is_empty() { div class="nhsuk-task-list__hint" id=(hint_id) { (self.hint) } }
                }
                (Element::new("div")
                    .class(Classes::new("nhsuk-task-list__status").and(&self.status.classes))
                    .attr("id", &status_id)
                    .wrap(html! {
                        @if let Some(tag) = &self.status.tag { (tag) } @else { (self.status.text) }
                    }))
            })
    }
}

/// The parts of something long, each with how far it is.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct TaskList {
    pub items: Vec<TaskItem>,
    /// `task-list` unless given; give one where a page has several lists.
    pub id_prefix: String,
    pub id: String,
    pub classes: String,
    pub attributes: Attributes,
}
setters!(TaskList { list items: TaskItem, set id_prefix: String, set id: String, set classes: String });

impl TaskList {
    /// These tasks.
    pub fn new(items: impl IntoIterator<Item = TaskItem>) -> Self {
        Self::default().items(items)
    }
}

impl Render for TaskList {
    fn render(&self) -> Markup {
        let prefix = if self.id_prefix.is_empty() { "task-list" } else { &self.id_prefix };
        Element::new("ul")
            .class(Classes::new("nhsuk-task-list").and(&self.classes))
            .optional("id", &self.id)
            .attributes(&self.attributes)
            .wrap(html! { @for (index, item) in self.items.iter().enumerate() { (item.draw(prefix, index + 1)) } })
    }
}

/// One page of a guide, with those under it.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct ContentsItem {
    pub text: Content,
    pub href: String,
    pub current: bool,
    pub items: Vec<ContentsItem>,
    pub classes: String,
    pub attributes: Attributes,
}

impl ContentsItem {
    /// A page of this name at this address.
    pub fn new(text: impl Into<Content>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: href.into(), ..Self::default() }
    }

    /// Marks the page the reader is on.
    #[must_use]
    pub fn current(mut self, current: bool) -> Self {
        self.current = current;
        self
    }
}

/// The pages of a guide.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct ContentsList {
    pub items: Vec<ContentsItem>,
    /// `Pages in this guide` unless given.
    pub aria_label: String,
    /// `Contents` unless given.
    pub visually_hidden_text: String,
    pub id: String,
    pub classes: String,
    pub attributes: Attributes,
}
setters!(ContentsList { list items: ContentsItem, set aria_label: String, set visually_hidden_text: String, set id: String, set classes: String });

impl ContentsList {
    /// These pages.
    pub fn new(items: impl IntoIterator<Item = ContentsItem>) -> Self {
        Self::default().items(items)
    }
}

impl Render for ContentsList {
    fn render(&self) -> Markup {
        let label = if self.aria_label.is_empty() { "Pages in this guide" } else { &self.aria_label };
        let heading = if self.visually_hidden_text.is_empty() { "Contents" } else { &self.visually_hidden_text };
        Element::new("nav")
            .class(Classes::new("nhsuk-contents-list").and(&self.classes))
            .optional("id", &self.id)
            .attr("role", "navigation")
            .attr("aria-label", label)
            .attributes(&self.attributes)
            .wrap(html! {
                h2 class="nhsuk-u-visually-hidden" { (heading) }
                (contents(&self.items))
            })
    }
}

fn contents(items: &[ContentsItem]) -> Markup {
    html! {
        ol class="nhsuk-contents-list__list" {
            @for item in items {
                li class="nhsuk-contents-list__item" aria-current=[item.current.then_some("page")] {
                    @if item.current {
                        (Element::new("span")
                            .class(Classes::new("nhsuk-contents-list__current").and(&item.classes))
                            .attributes(&item.attributes).wrap(&item.text))
                    } @else {
                        (Element::new("a")
                            .class(Classes::new("nhsuk-contents-list__link").and(&item.classes))
                            .attr("href", &item.href)
                            .attributes(&item.attributes).wrap(&item.text))
                    }
                    @if !item.items.is_empty() { (contents(&item.items)) }
                }
            }
        }
    }
}

/// The words under a picture.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct ImageCaption {
    pub text: Content,
    pub classes: String,
}
from_content!(ImageCaption);

/// A picture, served by us. Decoration has no `alt`; everything else needs one.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Image {
    pub src: String,
    pub alt: String,
    pub caption: ImageCaption,
    pub srcset: String,
    pub sizes: String,
    /// A share of the column, such as `one-half`.
    pub width: String,
    pub border: Option<bool>,
    pub background: Option<bool>,
    pub id: String,
    pub classes: String,
    pub attributes: Attributes,
}
setters!(Image { set caption: ImageCaption, set srcset: String, set sizes: String, set width: String, set border: Option<bool>, set background: Option<bool>, set id: String, set classes: String });

impl Image {
    /// A picture and what it shows.
    pub fn new(src: impl Into<String>, alt: impl Into<String>) -> Self {
        Self { src: src.into(), alt: alt.into(), ..Self::default() }
    }
}

impl Render for Image {
    fn render(&self) -> Markup {
        let width = if self.width.is_empty() { String::new() } else { format!("nhsuk-u-width-{}", self.width) };
        Element::new("figure")
            .class(
                Classes::new("nhsuk-image")
                    .and_if(self.border == Some(false), "nhsuk-image--no-border")
                    .and_if(self.background == Some(false), "nhsuk-image--no-background")
                    .and(&width)
                    .and(&self.classes),
            )
            .optional("id", &self.id)
            .attributes(&self.attributes)
            .wrap(html! {
                @if !self.src.is_empty() {
                    (Element::new("img")
                        .class("nhsuk-image__img")
                        .attr("src", &self.src)
                        .attr("alt", &self.alt)
                        .optional("sizes", &self.sizes)
                        .optional("srcset", &self.srcset)
                        .void())
                }
                @if !self.caption.text.is_empty() {
                    (Element::new("figcaption")
                        .class(Classes::new("nhsuk-image__caption").and(&self.caption.classes))
                        .wrap(&self.caption.text))
                }
            })
    }
}
