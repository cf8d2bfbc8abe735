//! The cartogram of regions and the histogram of totals; each has a table beside it that says the same in figures.

use hiec_web::components::{Cell, Column, Table};
use maud::{Markup, html};

use super::record::{AnnouncedRegion, Band};
use crate::ranking::page::illustrative;

/// One tile per region, roughly where it lies, with its number of clusters; a region without one is drawn empty.
pub(crate) fn cartogram(regions: &[AnnouncedRegion]) -> Markup {
    html! {
        ul.app-cartogram {
            @for region in regions {
                @let place = region.code.to_lowercase();
                @let empty = if region.awards == 0 { " app-cartogram__tile--empty" } else { "" };
                li class={ "app-cartogram__tile app-cartogram__tile--" (place) (empty) } {
                    (region.name)
                    span.app-cartogram__figure { (region.awards) }
                    @if region.awards == 1 { "cluster" } @else if region.awards == 0 { "no cluster" } @else { "clusters" }
                }
            }
        }
        (Table::new("Clusters and bids by region")
            .head([
                Column::new("Region"),
                Column::numeric("Bids"),
                Column::numeric("Funded"),
                Column::new("Why none"),
            ])
            .rows(regions.iter().map(|region| {
                vec![
                    Cell::new(region.name.clone()),
                    Cell::numeric(region.bids),
                    Cell::numeric(region.awards),
                    Cell::new(region.reason.clone().unwrap_or_default()),
                ]
            })))
    }
}

const WIDTH: u32 = 640;
const HEIGHT: u32 = 240;
const FOOT: u32 = 28;
const HEAD: u32 = 20;

/// How many bids scored how much.
pub(crate) fn histogram(bands: &[Band], is_illustrative: bool) -> Markup {
    let most = bands.iter().map(|band| band.bids).max().unwrap_or(0).max(1);
    let count = u32::try_from(bands.len()).unwrap_or(1).max(1);
    let step = WIDTH / count;
    let room = HEIGHT - FOOT - HEAD;
    let bars = (0_u32..).zip(bands).map(|(place, band)| {
        let height = room * band.bids / most;
        let funded = room * band.funded / most;
        (place * step, height, funded, band)
    });
    html! {
        figure {
            svg.app-chart viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label="Number of bids by total score; the table below has the figures" {
                @for (x, height, funded, band) in bars {
                    rect.app-bar.app-bar--below x=(x + 4) y=(HEIGHT - FOOT - height) width=(step - 8) height=(height) {}
                    rect.app-bar x=(x + 4) y=(HEIGHT - FOOT - funded) width=(step - 8) height=(funded) {}
                    @if band.bids > 0 { text x=(x + step / 2) y=(HEIGHT - FOOT - height - 6) text-anchor="middle" { (band.bids) } }
                    text x=(x + step / 2) y=(HEIGHT - 8) text-anchor="middle" { (band.from) "–" (band.to) }
                }
                line.app-axis x1="0" x2=(WIDTH) y1=(HEIGHT - FOOT) y2=(HEIGHT - FOOT) {}
            }
            figcaption.app-source { "Bids by total score in per cent; blue: funded, grey: not funded." (illustrative(is_illustrative)) }
        }
        (Table::new("Distribution of total scores")
            .head([Column::new("Total, %"), Column::numeric("Bids"), Column::numeric("Of these funded")])
            .rows(bands.iter().map(|band| {
                let words = if band.to == 100 { format!("{} to {}", band.from, band.to) } else { format!("{} to below {}", band.from, band.to) };
                vec![Cell::new(words), Cell::numeric(band.bids), Cell::numeric(band.funded)]
            })))
    }
}
