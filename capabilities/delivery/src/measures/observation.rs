//! `…/observations/{period}`: one figure with its evidence: the entry it came by, who made it, from which file, and every figure it took the place of.

use axum::extract::Path;
use hiec_kernel::Problem;
use hiec_kernel::clock::on_page;
use hiec_web::components::own::{DescriptionTimeline, TimelineEntry};
use hiec_web::components::{Button, SummaryList, SummaryRow};
use hiec_web::{Answer, Loaded, Page};
use maud::{Markup, html};
use serde::Serialize;

use super::access::{AtOneSite, site_word};
use super::packed::Observation;
use super::people::who;
use super::pieces::illustrative;
use super::rules::Definition;
use super::series::{self, Revision};
use super::sight::{Seen, Sight, figures};
use super::store::{self, Entry};

#[derive(Serialize)]
struct Shown<'a> {
    measure: &'a str,
    site: &'a str,
    period: chrono::NaiveDate,
    /// Nothing where it is hidden for being small.
    figure: Option<Seen>,
    entry: Option<&'a Entry>,
    /// For those who answer for the figures.
    revisions: &'a [Revision],
}

pub async fn get(at: Loaded<AtOneSite>, Path((_, _, _, period)): Path<(String, String, String, String)>) -> Answer {
    let definition = &at.measure.definition;
    let period = definition.period.read(&period).ok_or_else(Problem::not_found)?;
    let site = at.site.as_ref().ok_or_else(Problem::not_found)?;
    let database = at.database();
    let stored = series::one(&database, at.measure.id, site.id).await?.ok_or_else(Problem::not_found)?;
    let own = stored.observations.iter().find(|one| one.period == period).copied();
    let is_full = at.sight == Sight::Full;
    let revisions = if is_full { series::revisions(&database, stored.id, period).await? } else { Vec::new() };
    if own.is_none() && revisions.is_empty() {
        return Err(Problem::not_found().into());
    }
    let figure = own.and_then(|one| figures(at.sight, definition, one.numerator, one.denominator));
    let entry = match own.filter(|_| figure.is_some()) {
        Some(one) => store::entry(&database, at.cluster.id, one.entry).await?,
        None => None,
    };
    let by = match entry.as_ref().filter(|_| at.viewer.is_team || at.viewer.is_peer) {
        Some(entry) => who(&database, &entry.actor).await?,
        None => "the cluster".into(),
    };
    let mut changers = Vec::with_capacity(revisions.len());
    for revision in &revisions {
        changers.push(who(&database, &revision.actor).await?);
    }
    let view = html! {
        h1 { span.nhsuk-caption-xl { (at.measure.title) ", " (site.name) } (definition.period.name(period)) (illustrative(at.measure.is_illustrative)) }
        (SummaryList::new(rows(definition, own, figure, entry.as_ref(), &by)))
        @if is_full {
            h2 { "Earlier figures of this period" }
            @if revisions.is_empty() { p { "There are none: the figure is as it was first entered." } }
            @else { (DescriptionTimeline::new(revisions.iter().zip(&changers).map(|(revision, by)| told(definition, revision, by)))) }
        }
        @if at.may("series.enter") { (Button::link("Correct it", format!("{}/sites/{}/entry?period={}", at.cluster.path(), site_word(at.site.as_ref()), period)).secondary()) }
    };
    let shown = Shown {
        measure: &at.measure.key,
        site: &site.name,
        period,
        figure,
        entry: entry.as_ref().filter(|_| at.viewer.is_team || at.viewer.is_peer || is_full),
        revisions: &revisions,
    };
    Ok(Page::new(format!("{}, {}", at.measure.title, definition.period.name(period)), view)
        .data(&shown)?
        .under("/clusters", "Clusters")
        .under(at.cluster.path(), at.cluster.short_name.clone())
        .under(at.measure_path(), at.measure.title.clone())
        .under(at.path(), site.name.clone())
        .into())
}

fn rows(
    definition: &Definition,
    own: Option<Observation>,
    figure: Option<Seen>,
    entry: Option<&Entry>,
    by: &str,
) -> Vec<SummaryRow> {
    let mut rows = Vec::new();
    match (own, figure) {
        (None, _) => rows.push(SummaryRow::new("Figure", "Taken away; see below")),
        (Some(_), None) => rows.push(SummaryRow::new("Figure", "Hidden, for it is a small number")),
        (Some(one), Some(seen)) => {
            rows.push(SummaryRow::new(definition.numerator.as_str(), seen.numerator.to_string()));
            if let Some(denominator) = seen.denominator {
                rows.push(SummaryRow::new(definition.denominator.as_str(), denominator.to_string()));
            }
            let value = seen
                .value
                .map_or_else(|| "no case".to_owned(), |value| definition.words((value * 10.0).round() / 10.0));
            rows.push(SummaryRow::new("Value", value));
            if one.is_confirmed {
                rows.push(SummaryRow::new(
                    "Unusual",
                    "It lay outside the limits of the figures before it, and whoever entered it confirmed it",
                ));
            }
        }
    }
    if let Some(entry) = entry {
        let how = match entry.kind.as_str() {
            "form" => "by form",
            "file" => "from a file",
            _ => "by a program",
        };
        rows.push(SummaryRow::new(
            "Entered",
            format!("{how}, by {by}, {} (entry {})", on_page(entry.at), entry.number),
        ));
        if !entry.source.is_empty() {
            rows.push(SummaryRow::new("Document", entry.source.as_str()));
        }
        if let Some(sha256) = &entry.sha256 {
            rows.push(SummaryRow::new(
                "Fingerprint of the file (SHA-256)",
                html! { span.app-fingerprint { (sha256) } },
            ));
        }
    }
    rows
}

fn told(definition: &Definition, revision: &Revision, by: &str) -> TimelineEntry {
    let words = |one: &Option<Observation>| -> String {
        one.map_or_else(
            || "none".to_owned(),
            |one| match one.denominator {
                Some(denominator) => format!("{} of {denominator}", one.numerator),
                None => definition.words(one.numerator),
            },
        )
    };
    let what: Markup = html! { (words(&revision.before)) " became " (words(&revision.after)) };
    TimelineEntry::new(on_page(revision.at), what).by(by).because(revision.reason.as_str())
}
