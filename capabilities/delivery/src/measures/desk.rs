//! `/clusters/{cluster}/sites/{site}/measures`: one site across all measures, what its charts say, and what is due.

use hiec_kernel::clock::day_on_page;
use hiec_web::components::own::EmptyState;
use hiec_web::components::{Button, Cell, Column, Table, Tag, TagColour};
use hiec_web::{Answer, Loaded, Page};
use maud::{Markup, html};
use serde::Serialize;

use super::access::{SiteDesk, today};
use super::judging::{judge, variation_of};
use super::late::{Due, due};
use super::list::{Square, square, square_view};
use super::pieces::{drawings, illustrative, sheet, sparkline};
use super::showing::seen;
use super::store::Measure;
use super::{rebasing, series, store};

#[derive(Serialize)]
struct Shown<'a> {
    site: &'a super::reading::Site,
    measures: &'a [Square],
    late: Vec<String>,
}

pub async fn get(desk: Loaded<SiteDesk>) -> Answer {
    let database = desk.database();
    let today = today(&desk);
    let chosen = store::sharing_of_site(&database, desk.site.id).await?;
    let judgements = series::judgements_of_sites(&database, &[desk.site.id]).await?;
    let mut squares = Vec::new();
    let mut rows = Vec::new();
    let mut late: Vec<(&Measure, Due)> = Vec::new();
    let sheet = sheet();
    for measure in &desk.all {
        let level = chosen.get(&measure.id).copied().unwrap_or(measure.definition.sharing);
        let sight = desk.viewer.sight(desk.site.id, level, measure.definition.is_public);
        let judgement = judgements.get(&(desk.site.id, measure.id));
        if sight == super::sight::Sight::Full
            && let Some(due) =
                due(&measure.definition, judgement.and_then(|one| one.last).map(|last| last.period), today)
            && judgement.is_some()
        {
            late.push((measure, due));
        }
        let square = square(measure, sight, judgement);
        if square.period.is_none() {
            continue;
        }
        let stored = series::of_sites(&database, measure.id, &[desk.site.id]).await?;
        let observations = stored.first().map(|one| one.observations.as_slice()).unwrap_or_default();
        let mut shown = seen(sight, &measure.definition, observations, Some(desk.site.clone()));
        shown.rebases = rebasing::accepted(&database, measure.id, Some(desk.site.id)).await?;
        let judged = judge(&shown, &measure.definition);
        let href = format!("{}/sites/{}", measure.path(&desk.cluster.path()), desk.site.id);
        let says = square
            .variation
            .as_deref()
            .and_then(variation_of)
            .map_or("Too short for limits", hiec_charts::variation_words);
        rows.push(vec![
            Cell::link(measure.title.as_str(), href.as_str()),
            Cell::new(square_view(&sheet, &square, &measure.definition, &href)),
            Cell::new(square.period.clone().unwrap_or_default()),
            Cell::new(html! { (sparkline(&judged.chart)) }),
            Cell::new(says),
        ]);
        squares.push(square);
    }
    let view = html! {
        (drawings(&sheet))
        h1 { span.nhsuk-caption-xl { (desk.cluster.short_name) } (desk.site.name) (illustrative(desk.cluster.is_illustrative)) }
        @if desk.may("series.enter") { (Button::link("Enter figures", format!("{}/entry", desk.path()))) }
        (late_view(&late))
        @if rows.is_empty() {
            (EmptyState::new("There is no figure of this site you can see. Its lead enters figures, or they are imported."))
        } @else {
            (Table::new("Every measure of this site")
                .head([Column::new("Measure"), Column::new("Last figure"), Column::new("Period"), Column::new("All of it"), Column::new("What the chart says")])
                .rows(rows)
                .first_cell_is_header(true))
        }
    };
    let shown = Shown {
        site: &desk.site,
        measures: &squares,
        late: late.iter().map(|(measure, _)| measure.key.clone()).collect(),
    };
    Ok(Page::new(desk.site.name.clone(), view)
        .data(&shown)?
        .under("/clusters", "Clusters")
        .under(desk.cluster.path(), desk.cluster.short_name.clone())
        .under(format!("{}/measures", desk.cluster.path()), "Measures")
        .wide()
        .into())
}

fn late_view(late: &[(&Measure, Due)]) -> Markup {
    html! {
        @if !late.is_empty() {
            h2 { "Late" }
            ul {
                @for (measure, due) in late {
                    li {
                        (Tag::new("Late").colour(TagColour::Red)) " " (measure.title) ": "
                        (measure.definition.period.name(due.period)) " was due on " (day_on_page(due.on))
                    }
                }
            }
        }
    }
}
