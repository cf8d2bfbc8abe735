//! `/clusters/{cluster}/health`: the ties of a quarter as a picture, a table and figures, how they changed, and how partners are trusted and valued.

use std::collections::BTreeMap;

use axum::extract::Query;
use chrono::NaiveDate;
use hiec_contracts::PartnerSeen;
use hiec_files::table::{self, Table as Sheet};
use hiec_kernel::clock::london_date;
use hiec_kernel::{OrganisationId, Problem, Role, Scope};
use hiec_network::Views;
use hiec_web::components::own::{Downloads, EmptyState};
use hiec_web::components::{Button, Cell, Column, Details, Select, SelectItem, Table};
use hiec_web::{Answer, Loaded};
use maud::{Markup, Render, html};
use serde::{Deserialize, Serialize};

use super::HealthDesk;
use super::picture::picture;
use super::rules::{self, Figures, Standing, Told};
use super::store;
use super::telling::{asked_in, quarters};
use crate::desk::{self, heading, on_this_page, page_of};
use crate::money::quarters::Quarter;

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    quarter: String,
}

#[derive(Serialize)]
struct Shown<'a> {
    quarter: String,
    partners: Vec<&'a str>,
    figures: Figures,
    /// By quarter, the latest first.
    over_time: Vec<(String, Figures)>,
    standing: Vec<Standing>,
}

/// One quarter with its partners, in their order, and what they said.
struct Said<'a> {
    quarter: Quarter,
    partners: Vec<&'a PartnerSeen>,
    told: Vec<Told>,
    views: Views,
}

impl<'a> Said<'a> {
    fn of(all: &[(Quarter, Told)], partners: &'a [PartnerSeen], quarter: Quarter, today: NaiveDate) -> Self {
        let partners = asked_in(partners, quarter, today);
        let told: Vec<Told> = all.iter().filter(|(then, _)| *then == quarter).map(|(_, one)| one.clone()).collect();
        let ids: Vec<OrganisationId> = partners.iter().map(|one| one.organisation.id).collect();
        Self { views: rules::views(&ids, &told), quarter, partners, told }
    }

    fn names(&self) -> Vec<&'a str> {
        self.partners.iter().map(|one| one.organisation.name.as_str()).collect()
    }

    fn standing(&self) -> Vec<Standing> {
        self.partners.iter().map(|one| rules::standing(one.organisation.id, &self.told)).collect()
    }
}

pub async fn get(desk: Loaded<HealthDesk>, Query(asked): Query<Asked>) -> Answer {
    let today = london_date(desk.now());
    let all = store::told(&desk.database(), desk.cluster.id).await?;
    let quarters = quarters(&desk.cluster, today);
    // Without a wish, the latest of which anybody spoke.
    let spoken = quarters.iter().copied().find(|one| all.iter().any(|(then, _)| then == one));
    let wished = Quarter::from_key(&asked.quarter).filter(|one| quarters.contains(one));
    let quarter = wished.or(spoken).or_else(|| quarters.first().copied()).ok_or_else(Problem::not_found)?;
    let said = Said::of(&all, &desk.partners, quarter, today);
    let over_time: Vec<(Quarter, Said<'_>)> = quarters
        .iter()
        .filter(|one| all.iter().any(|(then, _)| then == *one))
        .map(|one| (*one, Said::of(&all, &desk.partners, *one, today)))
        .collect();
    let figures = rules::figures(&said.views);
    let by_quarter: Vec<(Quarter, Figures)> =
        over_time.iter().map(|(one, said)| (*one, rules::figures(&said.views))).collect();
    let doors_are_open = may_speak(&desk, &said).next().is_some() || asks(&desk, &said) > 0;
    let parts = [
        ("ties", "Who works with whom", figures.given > 0),
        ("figures", "What it amounts to", figures.given > 0),
        ("time", "Over time", over_time.len() > 1),
        ("trust", "Trust and value", !over_time.is_empty()),
        ("say", "Say what a partner says", doors_are_open),
    ];
    let parts = parts.into_iter().filter(|(_, _, is_there)| *is_there).map(|(id, words, _)| (id.into(), words.into()));
    let view = html! {
        (heading(&desk, "Partnership health"))
        p { "Each partner says every quarter how it works with each other one, from 0 (no interaction) to 5 (collaboration). Both sides are asked, and what nobody said is unknown. Two partners count as tied from 2 (cooperation) on." }
        (on_this_page(parts))
        (choice_of_quarter(&desk, &quarters, quarter))
        @if figures.given == 0 {
            (EmptyState::new(format!("No partner has spoken of {} yet. The site lead of each partner is asked to.", quarter.label())))
        } @else {
            h2 #ties { "Who works with whom, " (quarter.label()) }
            (picture(&said.views, &said.names()))
            (ties(&said))
            h2 #figures { "What it amounts to" }
            (figures_table(&figures))
            (partners_table(&said, &figures))
        }
        @if over_time.len() > 1 {
            h2 #time { "Over time" }
            (time_table(&by_quarter))
        }
        (trust(&over_time))
        (doors(&desk, &said))
        (Downloads::new([("Ties as CSV", format!("{}/health.csv", desk.cluster.path())), ("Ties as XLSX", format!("{}/health.xlsx", desk.cluster.path()))]))
    };
    let shown = Shown {
        quarter: quarter.key(),
        partners: said.names(),
        figures,
        over_time: by_quarter.into_iter().map(|(one, figures)| (one.key(), figures)).collect(),
        standing: said.standing(),
    };
    Ok(page_of(&desk.cluster, "Partnership health", view).data(&shown)?.wide().into())
}

fn choice_of_quarter(desk: &Loaded<HealthDesk>, quarters: &[Quarter], chosen: Quarter) -> Markup {
    html! {
        form method="get" action={ (desk.cluster.path()) "/health" } {
            (Select::new("quarter", "Quarter").items(quarters.iter().map(|one| SelectItem::new(one.key(), one.label()))).value(chosen.key()))
            (Button::new("Show").secondary())
        }
    }
}

/// The partners this person may speak for.
fn may_speak<'a>(desk: &'a Loaded<HealthDesk>, said: &'a Said<'_>) -> impl Iterator<Item = &'a PartnerSeen> {
    // Asked once for those who may speak for every partner, and else only of the partners somebody answers for.
    let for_all = desk.may_with("tie.tell", &desk.cluster.target("tie"));
    let answers_for: Vec<Scope> = desk.subject.scopes_of(Role::SiteLead).collect();
    said.partners.iter().copied().filter(move |partner| {
        let scope = Scope::Organisation(partner.organisation.id.0);
        for_all || (answers_for.contains(&scope) && desk.may_with("tie.tell", &desk.cluster.target("tie").scope(scope)))
    })
}

/// How many partners this person may have written to.
fn asks(desk: &Loaded<HealthDesk>, said: &Said<'_>) -> usize {
    let has_spoken = |one: &PartnerSeen| said.told.iter().any(|told| told.from == one.organisation.id);
    let silent = said.partners.iter().filter(|one| !has_spoken(one)).count();
    if silent > 0 && desk.may("health.ask") { silent } else { 0 }
}

/// More doors than this stand behind one.
const MOST_DOORS: usize = 6;

fn doors(desk: &Loaded<HealthDesk>, said: &Said<'_>) -> Markup {
    let open: Vec<&PartnerSeen> = may_speak(desk, said).collect();
    let silent = asks(desk, said);
    let list = html! {
        ul {
            @for partner in &open {
                li {
                    a href={ (desk.cluster.path()) "/health/" (partner.organisation.id) "?quarter=" (said.quarter.key()) } { (partner.organisation.name) }
                    @if !said.told.iter().any(|one| one.from == partner.organisation.id) { " (has not spoken of this quarter)" }
                }
            }
        }
    };
    html! {
        @if silent > 0 || !open.is_empty() { h2 #say { "Say what a partner says" } }
        @if silent > 0 {
            p { "Those that have not spoken are written to when the quarter is over, and once more two weeks later. You can write to them now." }
            form method="post" action={ (desk.cluster.path()) "/health/questions" } {
                input type="hidden" name="quarter" value=(said.quarter.key());
                (Button::new(format!("Write to the {silent} that have not spoken")).secondary())
            }
        }
        @if open.len() > MOST_DOORS { (Details::new(format!("The {} partners you may speak for", open.len()), list)) }
        @else if !open.is_empty() { (list) }
    }
}

/// More partners than this do not fit side by side: then each pair is a row.
const SIDE_BY_SIDE: usize = 12;

fn ties(said: &Said<'_>) -> Markup {
    html! {
        @if said.partners.len() > SIDE_BY_SIDE { (Details::new("The ties as a table", pairs_table(said).render())) }
        @else { (ties_table(said)) }
    }
}

fn ties_table(said: &Said<'_>) -> Table {
    let mut head = vec![Column::new("Partner")];
    head.extend((1..=said.partners.len()).map(|nth| Column::numeric(format!("of {nth}"))));
    Table::new("What each partner says of each other one, 0 to 5; – is unknown")
        .head(head)
        .responsive(true)
        .first_cell_is_header(true)
        .rows(said.names().into_iter().enumerate().map(|(from, name)| {
            let mut row = vec![Cell::new(format!("{}. {name}", from + 1))];
            row.extend((0..said.partners.len()).map(|about| match said.views.said(from, about) {
                Some(level) => Cell::numeric(level),
                None if from == about => Cell::new(""),
                None => Cell::numeric("–"),
            }));
            row
        }))
}

/// The pairs that are tied, the strongest first.
fn pairs_table(said: &Said<'_>) -> Table {
    let names = said.names();
    let n = names.len();
    let mut pairs: Vec<(u8, usize, usize)> = (0..n)
        .flat_map(|one| (one + 1..n).map(move |other| (one, other)))
        .filter_map(|(one, other)| Some((said.views.doubled(one, other)?, one, other)))
        .filter(|(doubled, _, _)| *doubled >= 2 * rules::TIED_FROM)
        .collect();
    pairs.sort_by_key(|(doubled, one, other)| (std::cmp::Reverse(*doubled), *one, *other));
    let name = |at: usize| format!("{}. {}", at + 1, names.get(at).copied().unwrap_or_default());
    let says = |from, about| match said.views.said(from, about) {
        Some(level) => Cell::numeric(level),
        None => Cell::numeric("–"),
    };
    Table::new(
        "What both sides of each tie say, 0 to 5, the strongest first; – is unknown. All pairs are in the CSV file",
    )
    .head([Column::new("One"), Column::new("Other"), Column::numeric("One says"), Column::numeric("Other says")])
    .responsive(true)
    .rows(
        pairs.into_iter().map(|(_, one, other)| {
            vec![Cell::new(name(one)), Cell::new(name(other)), says(one, other), says(other, one)]
        }),
    )
}

fn share(figure: Option<f64>) -> String {
    figure.map_or("Not known".to_owned(), |figure| format!("{figure:.2}"))
}

fn density(figures: &Figures) -> String {
    match (figures.density, figures.density_between) {
        (Some(known), Some((least, most))) if figures.unknown_pairs > 0 => {
            format!("{known:.2} of the known pairs; {least:.2} to {most:.2} were all known")
        }
        (Some(known), _) => format!("{known:.2}"),
        _ => "Not known".to_owned(),
    }
}

fn figures_table(figures: &Figures) -> Table {
    let rows = [
        (
            "Views given",
            format!("{} of {}", figures.given, figures.asked),
            "How many answers there are, of those asked for",
        ),
        ("Ties", figures.ties.to_string(), "Pairs that work together at least at the level of cooperation"),
        ("Density", density(figures), "Ties, of all pairs: 1 where everybody works with everybody"),
        (
            "Centralisation",
            share(figures.centralisation),
            "How far one partner stands in the middle: 1 for a star, 0 where all are alike",
        ),
        (
            "Transitivity",
            share(figures.transitivity),
            "Of pairs with a common partner, how many work together themselves",
        ),
        ("Reciprocity", share(figures.reciprocity), "Of ties both sides were asked about, how many both see"),
    ];
    Table::new("Figures of the quarter")
        .head(["Figure", "Value", "What it means"])
        .responsive(true)
        .first_cell_is_header(true)
        .rows(rows.map(|(name, value, words)| vec![Cell::new(name), Cell::new(value), Cell::new(words)]))
}

fn partners_table(said: &Said<'_>, figures: &Figures) -> Table {
    Table::new("Partners in the network; betweenness is how much of what passes between others passes them, 0 to 1")
        .head([Column::new("Partner"), Column::numeric("Ties"), Column::numeric("Betweenness")])
        .responsive(true)
        .first_cell_is_header(true)
        .rows(said.names().into_iter().enumerate().map(|(nth, name)| {
            vec![
                Cell::new(format!("{}. {name}", nth + 1)),
                Cell::numeric(figures.degree.get(nth).copied().unwrap_or(0)),
                Cell::numeric(format!("{:.2}", figures.betweenness.get(nth).copied().unwrap_or(0.0))),
            ]
        }))
}

fn time_table(by_quarter: &[(Quarter, Figures)]) -> Table {
    Table::new("Figures by quarter, the latest first")
        .head(["Quarter", "Views given", "Ties", "Density", "Centralisation", "Reciprocity"])
        .responsive(true)
        .first_cell_is_header(true)
        .rows(by_quarter.iter().map(|(quarter, figures)| {
            vec![
                Cell::new(quarter.short_label()),
                Cell::new(format!("{} of {}", figures.given, figures.asked)),
                Cell::new(figures.ties.to_string()),
                Cell::new(density(figures)),
                Cell::new(share(figures.centralisation)),
                Cell::new(share(figures.reciprocity)),
            ]
        }))
}

/// Trust and value of each partner by quarter, the earliest first.
fn trust(over_time: &[(Quarter, Said<'_>)]) -> Markup {
    let mut lines: BTreeMap<&str, Vec<Option<Standing>>> = BTreeMap::new();
    for (nth, (_, said)) in over_time.iter().rev().enumerate() {
        for (name, standing) in said.names().into_iter().zip(said.standing()) {
            let line = lines.entry(name).or_default();
            line.resize(nth, None);
            line.push(Some(standing));
        }
    }
    let cell = |standing: Option<&Option<Standing>>| match standing.copied().flatten() {
        None => Cell::new("No partner then"),
        Some(one) => match (one.trust, one.value) {
            (None, None) => Cell::new(format!("Too few voices ({})", one.voices)),
            (trust, value) => {
                let words = |mean: Option<f64>| mean.map_or("–".to_owned(), |mean| format!("{mean:.1}"));
                Cell::new(format!("{} / {}", words(trust), words(value)))
            }
        },
    };
    let mut head = vec![Column::new("Partner")];
    head.extend(over_time.iter().rev().map(|(quarter, _)| Column::new(quarter.short_label())));
    html! {
        @if !lines.is_empty() {
            h2 #trust { "Trust and value" }
            p { "How the others see a partner, 1 to 5: trust (shares what we want to reach, says openly what it thinks, does what it said) and value (brings people, money or rooms, moves others, gives it time). A mean is shown from three voices on." }
            (Table::new("Trust / value by partner and quarter")
                .head(head)
                .responsive(true)
                .first_cell_is_header(true)
                .rows(lines.iter().map(|(name, line)| {
                    let mut row = vec![Cell::new(*name)];
                    row.extend((0..over_time.len()).map(|nth| cell(line.get(nth))));
                    row
                })))
        }
    }
}

pub async fn csv(desk: Loaded<HealthDesk>) -> Answer {
    Ok(desk::csv(&format!("{}-ties", desk.cluster.key), &listed(&desk).await?))
}

pub async fn xlsx(desk: Loaded<HealthDesk>) -> Answer {
    Ok(desk::xlsx(&format!("{}-ties", desk.cluster.key), &[&listed(&desk).await?], desk.now())?)
}

/// The list to take away.
async fn listed(desk: &Loaded<HealthDesk>) -> Result<Sheet, Problem> {
    let all = store::told(&desk.database(), desk.cluster.id).await?;
    let names: BTreeMap<OrganisationId, &str> =
        desk.partners.iter().map(|one| (one.organisation.id, one.organisation.name.as_str())).collect();
    let mut sheet = Sheet::with_columns(
        "ties",
        [
            ("quarter", "Its first day"),
            ("partner", "Who says it"),
            ("about", "Of whom"),
            ("tie", "0 to 5; empty is unknown"),
        ],
    );
    for (quarter, told) in all {
        sheet.push([
            table::Cell::from(quarter.first_day()),
            names.get(&told.from).copied().unwrap_or_default().into(),
            names.get(&told.about).copied().unwrap_or_default().into(),
            told.view.tie.map(i64::from).into(),
        ]);
    }
    Ok(sheet)
}
