//! `/organisations`: the register, found by name, code, sector, function or region; a page at a time.

use axum::extract::Query;
use hiec_kernel::organisations::{Function, Organisation, Sector};
use hiec_store::organisations::{self, Region, Wanted};
use hiec_web::components::own::{EmptyState, Filter};
use hiec_web::components::{Button, Cell, Input as TextInput, Pagination, Select, SelectItem, Table};
use hiec_web::{Answer, Loaded, Page};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;

use super::{Register, path};
use crate::pieces::{count, illustrative};

/// Organisations on one page.
const PAGE: i64 = 50;

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    /// Part of the name, or the ODS code.
    #[serde(default)]
    find: String,
    #[serde(default)]
    sector: String,
    #[serde(default)]
    function: String,
    #[serde(default)]
    region: String,
    #[serde(default)]
    page: String,
}

pub async fn get(register: Loaded<Register>, Query(asked): Query<Asked>) -> Answer {
    let database = register.database();
    let regions = organisations::regions(&database).await?;
    let wanted = Wanted {
        words: asked.find.chars().take(200).collect(),
        sector: Sector::from_key(&asked.sector),
        function: Function::from_key(&asked.function),
        region: regions.iter().find(|region| region.code == asked.region).map_or(String::new(), |one| one.code.clone()),
    };
    let page = asked.page.parse().unwrap_or(1).clamp(1, 1_000_000_i64);
    let (found, total) = organisations::find(&database, &wanted, (page - 1) * PAGE, PAGE).await?;
    let pages = total.div_euclid(PAGE) + i64::from(total.rem_euclid(PAGE) > 0);
    let listing = Listing { found: &found, total, page, pages, wanted: &wanted, regions: &regions };
    let view = listing.view(&register);
    let data = json!({ "total": total, "page": page, "pages": pages, "organisations": found });
    Ok(Page::new("Organisations", view).data(&data)?.wide().into())
}

struct Listing<'a> {
    found: &'a [Organisation],
    total: i64,
    page: i64,
    pages: i64,
    wanted: &'a Wanted,
    regions: &'a [Region],
}

impl Listing<'_> {
    fn view(&self, register: &Loaded<Register>) -> Markup {
        let is_narrowed = *self.wanted != Wanted::default();
        html! {
            h1 { "Organisations" }
            @if register.may("organisation.change") {
                div.nhsuk-button-group {
                    (Button::link("Import a list", "/organisations/imports/new"))
                    " "
                    (Button::link("Add one", "/organisations/new").secondary())
                }
            }
            p { a href="/organisations/regions" { "Regions, and who commissions education in each" } }
            (self.filter(is_narrowed))
            p role="status" {
                (count(self.total, "organisation", "organisations"))
                @if is_narrowed { " found" }
                @if self.pages > 1 { ", page " (self.page) " of " (self.pages) }
                "."
            }
            @if self.found.is_empty() {
                (EmptyState::new("Nothing in the register fits. Try fewer words or another filter.").action("Show the whole register", "/organisations"))
            } @else {
                (Table::new("Organisations")
                    .head(["Name", "ODS code", "Sector", "Functions", "Region"])
                    .responsive(true)
                    .rows(self.found.iter().map(|one| self.row(one))))
                @if self.pages > 1 { (self.pagination()) }
            }
        }
    }

    fn filter(&self, is_narrowed: bool) -> Filter {
        let any = || [SelectItem::new("", "Any")].into_iter();
        let filter =
            Filter::new("/organisations")
                .field(TextInput::new("find", "Name or ODS code").value(self.wanted.words.as_str()))
                .field(
                    Select::new("sector", "Sector")
                        .items(any().chain(Sector::ALL.iter().map(|one| SelectItem::new(one.key(), one.label()))))
                        .value(self.wanted.sector.map_or("", Sector::key)),
                )
                .field(
                    Select::new("function", "Function")
                        .items(any().chain(Function::ALL.iter().map(|one| SelectItem::new(one.key(), one.label()))))
                        .value(self.wanted.function.map_or("", Function::key)),
                )
                .field(
                    Select::new("region", "Region")
                        .items(any().chain(
                            self.regions.iter().map(|one| SelectItem::new(one.code.as_str(), one.name.as_str())),
                        ))
                        .value(self.wanted.region.as_str()),
                );
        if is_narrowed { filter.clear("/organisations") } else { filter }
    }

    fn row(&self, one: &Organisation) -> Vec<Cell> {
        let functions: Vec<&str> = one.functions.iter().map(|function| function.label()).collect();
        vec![
            Cell::new(html! { a href=(path(one.id)) { (one.name) } (illustrative(one.is_illustrative)) }),
            Cell::new(one.ods_code.as_deref().unwrap_or("None")),
            Cell::new(one.sector.label()),
            Cell::new(if functions.is_empty() { "None stated".to_owned() } else { functions.join(", ") }),
            Cell::new(region_name(self.regions, one.region.as_deref())),
        ]
    }

    fn pagination(&self) -> Pagination {
        let whole = |number: i64| usize::try_from(number).unwrap_or(1);
        Pagination::numbered(whole(self.page), whole(self.pages), |page| {
            let query = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("find", &self.wanted.words)
                .append_pair("sector", self.wanted.sector.map_or("", Sector::key))
                .append_pair("function", self.wanted.function.map_or("", Function::key))
                .append_pair("region", &self.wanted.region)
                .append_pair("page", &page.to_string())
                .finish();
            format!("/organisations?{query}")
        })
    }
}

/// A region's name by its code.
pub(super) fn region_name(regions: &[Region], code: Option<&str>) -> String {
    match code {
        None => "Not known".to_owned(),
        Some(code) => {
            regions.iter().find(|region| region.code == code).map_or(code, |one| one.name.as_str()).to_owned()
        }
    }
}
