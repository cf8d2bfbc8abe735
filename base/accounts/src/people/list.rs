//! `/people`: everybody with an account, found by name, address, role or state; a page at a time.

use axum::extract::Query;
use hiec_access::people::{self, Accounts, Found, Search};
use hiec_kernel::Role;
use hiec_web::components::own::{EmptyState, Filter};
use hiec_web::components::{Button, Cell, Input as TextInput, Pagination, Select, SelectItem, Table, Tag, TagColour};
use hiec_web::{Answer, Loaded, Page};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};

use super::Everybody;
use crate::pieces::{count, illustrative};

/// People on one page.
const PAGE: i64 = 50;

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    /// Part of a name or an address.
    #[serde(default)]
    find: String,
    /// `open`, `closed` or `all`.
    #[serde(default)]
    accounts: String,
    /// The key of a role held now.
    #[serde(default)]
    role: String,
    #[serde(default)]
    page: String,
}

#[derive(Serialize)]
struct Shown {
    total: i64,
    page: i64,
    pages: i64,
    people: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    id: String,
    name: String,
    email: String,
    employer: Option<String>,
    is_closed: bool,
    is_illustrative: bool,
    roles: Vec<&'static str>,
}

pub async fn get(door: Loaded<Everybody>, Query(asked): Query<Asked>) -> Answer {
    let search = Search {
        words: asked.find.chars().take(200).collect(),
        accounts: accounts(&asked.accounts),
        role: Role::from_key(&asked.role),
    };
    let page = asked.page.parse().unwrap_or(1).clamp(1, 1_000_000_i64);
    let (found, total) = people::search(&door.database(), &search, (page - 1) * PAGE, PAGE).await?;
    let shown = Shown {
        total,
        page,
        pages: total.div_euclid(PAGE) + i64::from(total.rem_euclid(PAGE) > 0),
        people: found.iter().map(line).collect(),
    };
    let view = view(&shown, &search, &asked);
    Ok(Page::new("People", view).data(&shown)?.wide().into())
}

fn accounts(typed: &str) -> Accounts {
    match typed {
        "closed" => Accounts::Closed,
        "all" => Accounts::All,
        _ => Accounts::Open,
    }
}

fn line(found: &Found) -> Line {
    Line {
        id: found.person.id.to_string(),
        name: found.person.name.clone(),
        email: found.person.email.clone(),
        employer: found.employer.clone(),
        is_closed: found.is_closed,
        is_illustrative: found.person.is_illustrative,
        roles: found.roles.iter().map(|role| role.key()).collect(),
    }
}

fn view(shown: &Shown, search: &Search, asked: &Asked) -> Markup {
    let is_narrowed = !search.words.is_empty() || search.role.is_some() || search.accounts != Accounts::Open;
    html! {
        h1 { "People" }
        (Button::link("Invite somebody", "/people/invitations/new"))
        p { a href="/people/invitations" { "Open invitations and appointments" } }
        (filter(search, is_narrowed))
        p role="status" {
            (count(shown.total, "account", "accounts"))
            @if is_narrowed { " found" }
            @if shown.pages > 1 { ", page " (shown.page) " of " (shown.pages) }
            "."
        }
        @if shown.people.is_empty() {
            (EmptyState::new("Nobody here fits. Try fewer words, another role, or closed accounts too.")
                .action("Show everybody", "/people?accounts=all"))
        } @else {
            (Table::new("People")
                .head(["Name", "E-mail address", "Works at", "Roles held now"])
                .responsive(true)
                .rows(shown.people.iter().map(row)))
            @if shown.pages > 1 { (pagination(shown, asked)) }
        }
    }
}

fn filter(search: &Search, is_narrowed: bool) -> Filter {
    let roles = Role::ALL.iter().map(|role| SelectItem::new(role.key(), role.label()));
    let filter = Filter::new("/people")
        .field(TextInput::new("find", "Name or address").value(search.words.as_str()))
        .field(
            Select::new("role", "Role")
                .items([SelectItem::new("", "Any or none")].into_iter().chain(roles))
                .value(search.role.map_or("", Role::key)),
        )
        .field(
            Select::new("accounts", "Accounts")
                .items([
                    SelectItem::new("open", "Open"),
                    SelectItem::new("closed", "Closed"),
                    SelectItem::new("all", "All"),
                ])
                .value(match search.accounts {
                    Accounts::Open => "open",
                    Accounts::Closed => "closed",
                    Accounts::All => "all",
                }),
        );
    if is_narrowed { filter.clear("/people") } else { filter }
}

fn row(line: &Line) -> Vec<Cell> {
    let roles: Vec<&str> = line.roles.iter().filter_map(|key| Role::from_key(key)).map(Role::label).collect();
    vec![
        Cell::new(html! {
            a href={ "/people/" (line.id) } { (line.name) }
            (illustrative(line.is_illustrative))
            @if line.is_closed { " " (Tag::new("Closed").colour(TagColour::Grey)) }
        }),
        Cell::new(line.email.as_str()),
        Cell::new(line.employer.as_deref().unwrap_or("Not stated")),
        Cell::new(if roles.is_empty() { "None".to_owned() } else { roles.join(", ") }),
    ]
}

fn pagination(shown: &Shown, asked: &Asked) -> Pagination {
    let whole = |number: i64| usize::try_from(number).unwrap_or(1);
    Pagination::numbered(whole(shown.page), whole(shown.pages), |page| {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("find", &asked.find)
            .append_pair("role", &asked.role)
            .append_pair("accounts", &asked.accounts)
            .append_pair("page", &page.to_string())
            .finish();
        format!("/people?{query}")
    })
}
