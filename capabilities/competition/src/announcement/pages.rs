//! `/announcements` and `/announcements/{call}`: what everybody may read of a round, and the form by which the office announces it.

use std::collections::BTreeMap;

use hiec_kernel::clock::{date_on_page, on_page};
use hiec_web::accounts::Everyone;
use hiec_web::components::{Cell, Column, SummaryList, SummaryRow, Table};
use hiec_web::{Answer, Done, Fields, Loaded, Page};
use maud::{Markup, html};
use serde::Serialize;

use super::actions;
use super::charts::{cartogram, histogram};
use super::record::{Announcement, Figures};
use super::store::{self, Announced};
use crate::award::store::AwardDesk;
use crate::calls::design::AwardRules;
use crate::calls::facts::{Round, round_2009};
use crate::ranking::page::illustrative;

pub async fn list(door: Loaded<Everyone>) -> Answer {
    let all = store::all(&door.database()).await?;
    let view = html! {
        h1 { "Announcements" }
        @if all.is_empty() { p { "Nothing has been announced yet. When a round’s awards are made, they stand here, with the figures of the round." } }
        @for one in &all {
            h2 { a href={ "/announcements/" (one.call) } { (one.title) } }
            p { (one.programme) ": " (one.awards.len()) " clusters funded with " (one.granted) ", announced on " (date_on_page(one.announced_at)) "." }
        }
    };
    Ok(Page::new("Announcements", view).data(&all)?.into())
}

#[derive(Serialize)]
struct Shown<'a> {
    announcement: &'a Announcement,
    fingerprint: &'a str,
}

pub async fn show(announced: Loaded<Announced>) -> Answer {
    let shown = Shown { announcement: &announced.announcement, fingerprint: &announced.fingerprint };
    Ok(Page::new(format!("Announced: {}", announced.announcement.title), view(&announced))
        .data(&shown)?
        .under("/announcements", "Announcements")
        .wide()
        .into())
}

fn view(announced: &Announced) -> Markup {
    let Announced { call, announcement, fingerprint } = announced;
    let empty: Vec<_> = announcement.regions.iter().filter(|region| region.awards == 0).collect();
    // The facts of 2009 belong to that one round; what other rounds have to say stands in their design.
    let sources = (call.key == crate::demo::CALL).then(|| round_2009().ok()).flatten();
    html! {
        h1 { span.nhsuk-caption-xl { (announcement.programme) } (announcement.title) }
        p.nhsuk-lede-text {
            (announcement.awards.len()) " clusters in "
            (announcement.regions.iter().filter(|region| region.awards > 0).count()) " of "
            (announcement.regions.len()) " regions are funded. Announced on " (on_page(announcement.announced_at)) " by " (announcement.funder) "."
        }
        h2 { "What was funded" }
        (awards(announcement))
        h2 { "By region" }
        @for region in &empty {
            div.nhsuk-inset-text {
                p { strong { (region.name) " has no cluster. " } (region.reason.as_deref().unwrap_or_default()) }
            }
        }
        (cartogram(&announcement.regions))
        h2 { "The money" }
        (money(announcement, &call.design().award, sources))
        h2 { "The figures of the round" }
        (figures(&announcement.figures))
        h2 { "Where decisions departed from the ranking" }
        (departures(announcement))
        @if let Some(round) = sources { (what_sources_say(round)) }
        h2 { "Take it away" }
        ul {
            li { a href="/open-data" { "Open data" } ": 360Giving, OCDS, CSV and XLSX" }
            li { a href=(call.path()) { "The call" } ", with its rules and amendments" }
        }
        p.app-source { "Fingerprint of this announcement: " span.app-fingerprint { (fingerprint) } }
    }
}

fn awards(announcement: &Announcement) -> Markup {
    let name = |code: &str| {
        announcement
            .regions
            .iter()
            .find(|region| region.code == code)
            .map_or_else(|| code.to_owned(), |region| region.name.clone())
    };
    let rows = announcement.awards.iter().map(|award| {
        vec![
            Cell::new(name(&award.region)),
            Cell::new(award.cluster.clone()),
            Cell::new(award.principal_partner.clone()),
            Cell::new(award.work_programme.join("; ")),
            Cell::numeric(award.amount).classes("app-money"),
            Cell::new(html! {
                (award.total.as_deref().map(|total| format!("{total}%")).unwrap_or_default())
                (illustrative(award.is_illustrative || announcement.figures.is_illustrative))
            }),
        ]
    });
    html! {
        (Table::new("Funded clusters")
            .head([
                Column::new("Region"),
                Column::new("Cluster"),
                Column::new("Principal partner"),
                Column::new("Work programme"),
                Column::numeric("Award"),
                Column::new("Total score"),
            ])
            .rows(rows))
        @if announcement.figures.is_illustrative {
            p.app-source { "Regions, clusters, principal partners and work programmes are as published in 2009. Sums and scores of single bids are not in the sources and are made up: " span.app-illustrative { "Illustrative" } }
        }
    }
}

fn money(announcement: &Announcement, rules: &AwardRules, sources: Option<&Round>) -> Markup {
    let mut rows = vec![
        SummaryRow::new("Budget of the call", announcement.budget.to_string()),
        SummaryRow::new("Granted in this round’s record", announcement.granted.to_string()),
    ];
    rows.extend(rules.budget_sources.iter().map(|fact| SummaryRow::new(fact.source.clone(), fact.value.clone())));
    html! {
        (SummaryList::new(rows))
        @if let Some(round) = sources {
            (Table::new("What the sources say of the money; where they disagree, each stands with its source")
                .head([Column::new("What"), Column::new("As stated"), Column::new("Source"), Column::new("Note")])
                .rows(round.money.iter().map(|fact| vec![
                    Cell::new(fact.what.clone()),
                    Cell::new(fact.fact.value.clone()),
                    Cell::new(fact.fact.source.clone()),
                    Cell::new(fact.fact.note.clone().unwrap_or_default()),
                ])))
        }
    }
}

fn figures(figures: &Figures) -> Markup {
    let count = |number: i64| html! { (number) (illustrative(figures.is_illustrative)) };
    html! {
        (SummaryList::new([
            SummaryRow::new("Questionnaires received", count(figures.questionnaires)),
            SummaryRow::new("Partnerships shortlisted", count(figures.shortlisted)),
            SummaryRow::new("Bids", count(figures.bids)),
            SummaryRow::new("Bids that reached every floor", count(figures.ranked)),
            SummaryRow::new("Lowest total of a funded bid", html! {
                (figures.lowest_funded.as_deref().map(|total| format!("{total}%")).unwrap_or_else(|| "none".into()))
                (illustrative(figures.is_illustrative))
            }),
        ]))
        h3 { "How totals were distributed" }
        (histogram(&figures.distribution, figures.is_illustrative))
        h3 { "Scores by criterion" }
        (Table::new("Mean and median score of all bids, by criterion")
            .head([Column::new("Criterion"), Column::numeric("Highest possible"), Column::numeric("Mean"), Column::numeric("Median"), Column::numeric("Bids")])
            .rows(figures.criteria.iter().map(|one| vec![
                Cell::new(one.name.clone()),
                Cell::numeric(one.max),
                Cell::numeric(&one.mean),
                Cell::numeric(&one.median),
                Cell::numeric(one.bids),
            ])))
    }
}

fn departures(announcement: &Announcement) -> Markup {
    html! {
        @if announcement.departures.is_empty() {
            p { "No bid was funded above a bid of better rank that was not." }
        } @else {
            (Table::new("Departures from the ranking, with the panel’s reasons")
                .head([Column::new("Cluster"), Column::new("The decision"), Column::new("Reason")])
                .rows(announcement.departures.iter().map(|one| vec![
                    Cell::new(one.cluster.clone()),
                    Cell::new(one.what.clone()),
                    Cell::new(one.reason.clone()),
                ])))
        }
    }
}

fn what_sources_say(round: &Round) -> Markup {
    html! {
        h2 { "What the sources say of the round" }
        (Table::new("Counts as published")
            .head([Column::new("What"), Column::numeric("Number"), Column::new("As stated"), Column::new("Source")])
            .rows(round.outcome.iter().map(|fact| vec![
                Cell::new(fact.what.clone()),
                Cell::numeric(fact.number),
                Cell::new(fact.fact.value.clone()),
                Cell::new(fact.fact.source.clone()),
            ])))
        ul {
            @for note in &round.notes {
                li { (note.value) " (" (note.source) "). " (note.note.as_deref().unwrap_or_default()) }
            }
        }
    }
}

/// Takes `reason-CODE` for each region without an award.
pub async fn announce(desk: Loaded<AwardDesk>, fields: Fields) -> Answer {
    let reasons: BTreeMap<String, String> = fields
        .0
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix("reason-")?.to_owned(), value.clone())))
        .collect();
    let person = desk.person()?.clone();
    let mut unit = desk.begin().await?;
    actions::announce(&mut unit, &desk.call, &person, &reasons).await?;
    unit.commit().await?;
    Ok(Done::made(format!("/announcements/{}", desk.call.key))
        .saying("The awards are announced. Everybody can read them now.")
        .into())
}
