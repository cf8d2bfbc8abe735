//! The map of spread: a tile for every site with its stage in words; for the public only how many stand where.

use hiec_adoption::stages::Stage;
use maud::{Markup, html};

use super::steps::stage_label;

/// One site on the map.
#[derive(Clone, Debug)]
pub(super) struct Tile {
    pub name: String,
    /// None where the site has said nothing.
    pub stage: Option<Stage>,
    pub href: String,
}

/// What a stage is called where there may be none.
pub(super) fn stage_words(stage: Option<Stage>) -> &'static str {
    stage.map_or("Nothing said yet", stage_label)
}

fn class(stage: Option<Stage>) -> &'static str {
    match stage {
        None => "app-tile app-tile--none",
        Some(Stage::Aware) => "app-tile app-tile--aware",
        Some(Stage::Trial) => "app-tile app-tile--trial",
        Some(Stage::Adopted) => "app-tile app-tile--adopted",
        Some(Stage::Sustained) => "app-tile app-tile--sustained",
        Some(Stage::Abandoned) => "app-tile app-tile--abandoned",
    }
}

/// Tiles in the order given.
pub(super) fn map(tiles: &[Tile]) -> Markup {
    html! {
        ul.app-tiles aria-label="Sites by stage" {
            @for tile in tiles {
                li class=(class(tile.stage)) {
                    a.app-tile__link href=(tile.href) {
                        span.app-tile__name { (tile.name) } " "
                        span.app-tile__stage { (stage_words(tile.stage)) }
                    }
                }
            }
        }
    }
}
