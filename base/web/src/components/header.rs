//! The header of every page: service, navigation, account, search. The NHS logo is not ours to ship; an installation adds its own mark.

use super::button::{Button, ButtonIcon, IconPlacement};
use super::content::{Attributes, Classes, Content, Element, setters};
use super::field::FormGroup;
use super::icon::Icon;
use super::input::Input;
use super::label::Label;
use maud::{Markup, Render, html};

/// The name of the service and its home page.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Service {
    pub text: String,
    pub href: String,
}

/// The body that runs the installation.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Organisation {
    pub name: String,
    /// A second line of the name.
    pub split: String,
    pub descriptor: String,
}

/// The mark of the installation: its own picture, served by us. Without `src` nothing is drawn.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Logo {
    pub src: String,
    pub alt: String,
    pub href: String,
    pub aria_label: String,
}

/// A search field in the header. It always says where it sends what was typed.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default))]
pub struct Search {
    pub action: String,
    /// `get` unless given.
    pub method: String,
    /// `q` unless given.
    pub name: String,
    /// `Search` unless given.
    pub placeholder: String,
    /// Said by screen readers: `Search` unless given.
    pub visually_hidden_label: String,
}

/// One line of the account: a link, a button that posts (`action`), or words.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct AccountItem {
    pub text: Content,
    pub href: String,
    pub action: String,
    /// `post` unless given.
    pub method: String,
    /// Fields for the form, such as the token against forgery.
    #[cfg_attr(test, serde(skip))]
    pub fields: Content,
    /// Shows the icon of a person.
    pub icon: bool,
    pub classes: String,
}
setters!(AccountItem { set icon: bool, set fields: Content, set method: String, set classes: String });

impl AccountItem {
    /// A link.
    pub fn link(text: impl Into<Content>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: href.into(), ..Self::default() }
    }

    /// Words, for instance who is signed in.
    pub fn words(text: impl Into<Content>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// A button that posts to `action`, for instance to sign out.
    pub fn form(text: impl Into<Content>, action: impl Into<String>, fields: impl Into<Content>) -> Self {
        Self { text: text.into(), action: action.into(), fields: fields.into(), ..Self::default() }
    }
}

/// Who is signed in, and the way out.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Account {
    pub items: Vec<AccountItem>,
    pub aria_label: String,
    pub classes: String,
    pub attributes: Attributes,
}

/// One entry of the navigation.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct NavigationItem {
    pub text: Content,
    pub href: String,
    /// This very page.
    pub current: bool,
    /// A page in this part of the site.
    pub active: bool,
    pub classes: String,
    pub attributes: Attributes,
}
setters!(NavigationItem { set current: bool, set active: bool, set classes: String });

impl<T: Into<Content>, H: Into<String>> From<(T, H)> for NavigationItem {
    fn from((text, href): (T, H)) -> Self {
        Self { text: text.into(), href: href.into(), ..Self::default() }
    }
}

/// The parts of the site.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Navigation {
    pub items: Vec<NavigationItem>,
    pub colour: Option<HeaderColour>,
    pub justified: bool,
    pub aria_label: String,
    pub classes: String,
    pub attributes: Attributes,
}

/// A colour other than blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum HeaderColour {
    White,
}

/// The header.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Header {
    pub service: Service,
    pub organisation: Option<Organisation>,
    pub logo: Logo,
    pub search: Option<Search>,
    pub account: Option<Account>,
    pub navigation: Navigation,
    pub colour: Option<HeaderColour>,
    pub inline: bool,
    pub container_classes: String,
    pub id: String,
    pub classes: String,
    pub attributes: Attributes,
}
setters!(Header { set organisation: Option<Organisation>, set logo: Logo, set search: Option<Search>, set colour: Option<HeaderColour>, set inline: bool, set classes: String });

impl Header {
    /// A header with the service's name as the link home.
    pub fn new(service: impl Into<String>, href: impl Into<String>) -> Self {
        Self { service: Service { text: service.into(), href: href.into() }, ..Self::default() }
    }

    /// Sets the entries of the navigation.
    #[must_use]
    pub fn navigation(mut self, items: impl IntoIterator<Item = impl Into<NavigationItem>>) -> Self {
        self.navigation.items = items.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the lines of the account.
    #[must_use]
    pub fn account(mut self, items: impl IntoIterator<Item = AccountItem>) -> Self {
        self.account = Some(Account { items: items.into_iter().collect(), ..Account::default() });
        self
    }

    /// Mark and service name are one link where both lead to the same page.
    fn is_one_link(&self) -> bool {
        let Self { service, logo, .. } = self;
        !service.text.is_empty() && !service.href.is_empty() && (logo.href.is_empty() || logo.href == service.href)
    }

    fn draw_mark(&self) -> Markup {
        html! {
            @if !self.logo.src.is_empty() {
                img class="nhsuk-header__organisation-logo" src=(self.logo.src) width="280" alt=(self.logo.alt);
            }
            @if let Some(organisation) = &self.organisation {
                span class="nhsuk-header__organisation-name" {
                    (organisation.name)
                    @if !organisation.split.is_empty() {
                        " " span class="nhsuk-header__organisation-name-split" { (organisation.split) }
                    }
                }
                @if !organisation.descriptor.is_empty() {
                    span class="nhsuk-header__organisation-name-descriptor" { (organisation.descriptor) }
                }
            }
        }
    }

    fn draw_service(&self) -> Markup {
        let one_link = self.is_one_link();
        let mark = self.draw_mark();
        let href = if one_link { &self.service.href } else { &self.logo.href };
        let organisation = self.organisation.clone().unwrap_or_default();
        let label = if self.logo.aria_label.is_empty() {
            Classes::new(&self.logo.alt)
                .and(&organisation.name)
                .and(&organisation.split)
                .and_if(one_link, &self.service.text)
                .and("homepage")
                .as_ref()
                .to_owned()
        } else {
            self.logo.aria_label.clone()
        };
        let name = |class: &str| html! { span class=(class) { (self.service.text) } };
        html! {
            div class="nhsuk-header__service" {
                // With neither a mark nor the name in it, a link would be empty.
                @if !href.is_empty() && (one_link || !mark.0.is_empty()) {
                    a class="nhsuk-header__service-logo" href=(href) aria-label=(label) {
                        (mark)
                        @if one_link { (name("nhsuk-header__service-name")) }
                    }
                } @else { (mark) }
                @if !one_link && !self.service.text.is_empty() {
                    @if self.service.href.is_empty() { (name("nhsuk-header__service-name")) }
                    @else { a class="nhsuk-header__service-name" href=(self.service.href) { (self.service.text) } }
                }
            }
        }
    }

    fn draw_search(&self, search: &Search) -> Markup {
        let or = |given: &str, otherwise: &str| {
            if given.is_empty() { otherwise.to_owned() } else { given.to_owned() }
        };
        let button = Button::default()
            .aria_label("Search")
            .small(true)
            .icon(ButtonIcon { name: Icon::Search, placement: IconPlacement::Start });
        let field =
            Input::new(or(&search.name, "q"), Label::from(or(&search.visually_hidden_label, "Search")).hidden())
                .id("search-field")
                .kind("search")
                .autocomplete("off")
                .placeholder(or(&search.placeholder, "Search"))
                .form_group(FormGroup { after_input: button.render().into(), ..FormGroup::default() });
        html! {
            search class="nhsuk-header__search" {
                form class="nhsuk-header__search-form" id="search" action=(search.action)
                    method=(or(&search.method, "get")) novalidate { (field) }
            }
        }
    }

    fn draw_account(&self, account: &Account) -> Markup {
        let words = |item: &AccountItem| html! { @if item.icon { (Icon::User) } (item.text) };
        let label = if account.aria_label.is_empty() { "Account" } else { &account.aria_label };
        Element::new("nav")
            .class(Classes::new("nhsuk-header__account").and(&account.classes))
            .attr("aria-label", label)
            .attributes(&account.attributes)
            .wrap(html! {
                ul class="nhsuk-header__account-list" {
                    @for item in &account.items {
                        (Element::new("li").class(Classes::new("nhsuk-header__account-item").and(&item.classes)).wrap(html! {
                            @if !item.href.is_empty() {
                                a class="nhsuk-header__account-link" href=(item.href) { (words(item)) }
                            } @else if !item.action.is_empty() {
                                form class="nhsuk-header__account-form" action=(item.action)
                                    method=(if item.method.is_empty() { "post" } else { &item.method }) novalidate {
                                    (item.fields)
                                    button class="nhsuk-header__account-button" { (words(item)) }
                                }
                            } @else { (words(item)) }
                        }))
                    }
                }
            })
    }

    fn draw_navigation(&self) -> Markup {
        let navigation = &self.navigation;
        let label = if navigation.aria_label.is_empty() { "Menu" } else { &navigation.aria_label };
        let container =
            Classes::new("nhsuk-header__navigation-container nhsuk-width-container").and(&self.container_classes);
        Element::new("nav")
            .class(
                Classes::new("nhsuk-header__navigation")
                    .and_if(navigation.colour.is_some(), "nhsuk-header__navigation--white")
                    .and_if(navigation.justified, "nhsuk-header__navigation--justified")
                    .and(&navigation.classes),
            )
            .attr("aria-label", label)
            .attributes(&navigation.attributes)
            .wrap(html! {
                div class=(container.as_ref()) {
                    ul class="nhsuk-header__navigation-list" {
                        @for item in &navigation.items { (draw_navigation_item(item)) }
                        li class="nhsuk-header__menu" hidden {
                            button class="nhsuk-header__menu-toggle nhsuk-header__navigation-link" id="toggle-menu" aria-expanded="false" {
                                span class="nhsuk-u-visually-hidden" { "Browse " } "More"
                            }
                        }
                    }
                }
            })
    }
}

fn draw_navigation_item(item: &NavigationItem) -> Markup {
    let here = item.current || item.active;
    let current = match (item.current, item.active) {
        (true, _) => "page",
        (false, true) => "true",
        (false, false) => "",
    };
    let (element, class) = if item.href.is_empty() {
        ("span", "nhsuk-header__navigation-text")
    } else {
        ("a", "nhsuk-header__navigation-link")
    };
    Element::new("li")
        .class(
            Classes::new("nhsuk-header__navigation-item")
                .and_if(here, "nhsuk-header__navigation-item--current")
                .and(&item.classes),
        )
        .attributes(&item.attributes)
        .wrap(Element::new(element).class(class).optional("href", &item.href).optional("aria-current", current).wrap(
            html! {
                @if here { strong class="nhsuk-header__navigation-item-current-fallback" { (item.text) } }
                @else { (item.text) }
            },
        ))
}

impl Render for Header {
    fn render(&self) -> Markup {
        let container = Classes::new("nhsuk-header__container nhsuk-width-container").and(&self.container_classes);
        Element::new("header")
            .class(
                Classes::new("nhsuk-header")
                    .and_if(self.colour.is_some(), "nhsuk-header--white")
                    .and_if(self.inline, "nhsuk-header--inline")
                    .and_if(self.organisation.is_some(), "nhsuk-header--organisation")
                    .and(&self.classes),
            )
            .optional("id", &self.id)
            .attr("data-module", "nhsuk-header")
            .attr("role", "banner")
            .attributes(&self.attributes)
            .wrap(html! {
                div class=(container.as_ref()) {
                    (self.draw_service())
                    @if let Some(search) = &self.search { (self.draw_search(search)) }
                    @if let Some(account) = &self.account { (self.draw_account(account)) }
                }
                @if !self.navigation.items.is_empty() { (self.draw_navigation()) }
            })
    }
}
