//! A map of the ten regions of 2009 as tiles of one size, and the same in a table; a region with nothing says so in words.

use crate::components::{Cell, Column, Table};
use maud::{Markup, Render, html};

/// The regions (strategic health authorities) of England in 2009 that have a place on the map.
const PLACES: [&str; 10] = ["EM", "EoE", "LON", "NE", "NW", "SC", "SEC", "SW", "WM", "YH"];

/// One region.
#[derive(Clone, Debug)]
pub struct RegionTile {
    /// `EM`, `EoE`, `LON`, `NE`, `NW`, `SC`, `SEC`, `SW`, `WM` or `YH`. Another stands in the table only.
    pub code: String,
    pub name: String,
    pub number: usize,
    /// Where more about the region is; may be empty.
    pub href: String,
    /// More for the table, such as names; may be empty.
    pub detail: String,
}

impl RegionTile {
    /// A region with a number and no link.
    pub fn new(code: impl Into<String>, name: impl Into<String>, number: usize) -> Self {
        Self { code: code.into(), name: name.into(), number, href: String::new(), detail: String::new() }
    }

    /// Makes the tile lead somewhere.
    #[must_use]
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = href.into();
        self
    }

    /// Says more in the table.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    fn has_place(&self) -> bool {
        PLACES.iter().any(|place| place.eq_ignore_ascii_case(&self.code))
    }
}

/// Tiles where the regions lie, and a table of the same.
#[derive(Clone, Debug)]
pub struct RegionCartogram {
    /// What the numbers count, for instance "Clusters awarded by region".
    pub title: String,
    /// One and many, for instance `("cluster", "clusters")`.
    pub units: (String, String),
    /// What an empty region has, for instance "No award".
    pub when_empty: String,
    pub regions: Vec<RegionTile>,
}

impl RegionCartogram {
    fn words(&self, region: &RegionTile) -> String {
        match region.number {
            0 => self.when_empty.clone(),
            1 => format!("1 {}", self.units.0),
            number => format!("{number} {}", self.units.1),
        }
    }

    fn tile(&self, region: &RegionTile) -> Markup {
        let empty = if region.number == 0 { " app-cartogram__tile--empty" } else { "" };
        let class = format!("app-cartogram__tile app-cartogram__tile--{}{empty}", region.code.to_lowercase());
        let name = html! {
            span class="app-cartogram__name" { (region.name) }
            " "
            span class="app-cartogram__figure" aria-hidden="true" { (region.number) }
            " "
            span class="app-cartogram__words" { (self.words(region)) }
        };
        html! {
            li class=(class) {
                @if region.href.is_empty() { (name) }
                @else { a class="app-cartogram__link" href=(region.href) { (name) } }
            }
        }
    }
}

impl Render for RegionCartogram {
    fn render(&self) -> Markup {
        let has_details = self.regions.iter().any(|region| !region.detail.is_empty());
        let mut head = vec![Column::new("Region"), Column::numeric(capitalised(&self.units.1))];
        if has_details {
            head.push(Column::new("Which"));
        }
        let rows = self.regions.iter().map(|region| {
            let name = Cell::new(region.name.as_str());
            let mut row = vec![
                if region.href.is_empty() { name } else { name.href(region.href.as_str()) },
                if region.number == 0 {
                    Cell::numeric(format!("0 ({})", lowered(&self.when_empty)))
                } else {
                    Cell::numeric(region.number)
                },
            ];
            if has_details {
                row.push(Cell::new(if region.detail.is_empty() { "None" } else { &region.detail }));
            }
            row
        });
        html! {
            ul class="app-cartogram" aria-label=(self.title) {
                @for region in self.regions.iter().filter(|region| region.has_place()) { (self.tile(region)) }
            }
            (Table::new(self.title.as_str()).head(head).rows(rows).first_cell_is_header(true))
        }
    }
}

fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default() + letters.as_str()
}

fn lowered(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_lowercase().to_string()).unwrap_or_default() + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> RegionCartogram {
        RegionCartogram {
            title: "Clusters awarded by region".to_owned(),
            units: ("cluster".to_owned(), "clusters".to_owned()),
            when_empty: "No award".to_owned(),
            regions: vec![
                RegionTile::new("SEC", "South East Coast", 0).href("/regions/SEC"),
                RegionTile::new("LON", "London", 3),
                RegionTile::new("XX", "Elsewhere", 1),
            ],
        }
    }

    #[test]
    fn an_empty_region_is_marked_and_says_so() {
        let html = sample().render().0;
        assert!(html.contains("app-cartogram__tile--sec app-cartogram__tile--empty"));
        assert!(html.contains("<span class=\"app-cartogram__words\">No award</span>"));
        assert!(html.contains("0 (no award)"));
        assert!(html.contains("href=\"/regions/SEC\""));
    }

    #[test]
    fn a_region_without_a_place_stands_in_the_table_only() {
        let html = sample().render().0;
        assert_eq!(html.matches("Elsewhere").count(), 1);
        assert_eq!(html.matches("London").count(), 2);
    }

    #[test]
    fn every_place_has_its_rule_in_the_styles() {
        let styles = include_str!("../../../../../web/src/hiec.css");
        for place in PLACES {
            assert!(styles.contains(&format!(".app-cartogram__tile--{} ", place.to_lowercase())), "{place}");
        }
    }
}
