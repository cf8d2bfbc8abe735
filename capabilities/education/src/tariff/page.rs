//! `/clusters/{cluster}/education/tariff`: what follows trainees to their hosts in a financial year, line by line with its working, as known now or on a day.

use std::collections::BTreeMap;

use axum::extract::Query;
use chrono::{Datelike, NaiveDate};
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_kernel::{Money, OrganisationId, Problem};
use hiec_tariff::Period;
use hiec_web::components::own::{Downloads, EmptyState, Filter, Paging};
use hiec_web::components::{Cell, Column, InsetText, Select, SelectItem, Table};
use hiec_web::{Answer, Errors, Loaded, Page};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;

use super::drawing::{self, Drawing, Drawn};
use super::lists::List;
use super::store;
use crate::access::Education;
use crate::{ground, home};

/// What a statement is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    /// `2010/11`; the present year unless given.
    #[serde(default)]
    year: String,
    /// A host's id; all hosts unless given.
    #[serde(default)]
    host: String,
    /// As things were known on this day; now unless given.
    #[serde(default)]
    known_on: String,
    #[serde(default)]
    page: Option<usize>,
}

/// A statement as it was asked for.
pub(super) struct Shown {
    pub year: Period,
    pub host: Option<OrganisationId>,
    pub known_on: Option<NaiveDate>,
    /// Hosts the reader may see, by name.
    pub hosts: Vec<(OrganisationId, String)>,
    pub drawing: Drawing,
    pub errors: Errors,
}

impl Shown {
    /// The words an address says it with.
    pub fn query(&self) -> String {
        let mut query = format!("year={}", name(self.year).replace('/', "%2F"));
        if let Some(host) = self.host {
            query += &format!("&host={host}");
        }
        if let Some(day) = self.known_on {
            query += &format!("&known_on={day}");
        }
        query
    }
}

pub(super) fn name(year: Period) -> String {
    year.year_name().unwrap_or_else(|| year.to_string())
}

pub(super) async fn shown(door: &Loaded<Education>, asked: &Asked) -> Result<Shown, Problem> {
    let today = london_date(door.now());
    let mut errors = Errors::none();
    let this_year = Period::year_of(today).ok_or_else(|| Problem::internal("a day without a year"))?;
    let year = match asked.year.trim() {
        "" => this_year,
        typed => Period::parse_year(typed).unwrap_or_else(|| {
            errors.add("year", "Enter a financial year, such as 2010/11");
            this_year
        }),
    };
    let known_on = match asked.known_on.trim() {
        "" => None,
        typed => ground::day(&mut errors, "known_on", "the day", typed),
    };
    let database = door.database();
    let hosts: Vec<(OrganisationId, String)> = store::hosts(&database, door.cluster.id)
        .await?
        .into_iter()
        .filter(|(id, _, _)| drawing::may_read(door, &door.cluster, *id))
        .map(|(id, name, _)| (id, name))
        .collect();
    let host = match asked.host.trim() {
        "" => None,
        typed => {
            let found = hosts.iter().find(|(id, _)| id.to_string() == typed).map(|(id, _)| *id);
            if found.is_none() {
                errors.add("host", "Choose one of the hosts");
            }
            found
        }
    };
    let mut drawing = drawing::draw(&database, &door.cluster, year, known_on).await?;
    let names: BTreeMap<OrganisationId, String> = hosts.iter().cloned().collect();
    drawing.retain(|id| names.contains_key(&id) && host.is_none_or(|host| host == id), &names);
    Ok(Shown { year, host, known_on, hosts, drawing, errors })
}

pub async fn get(door: Loaded<Education>, Query(asked): Query<Asked>) -> Answer {
    let shown = shown(&door, &asked).await?;
    let drawing = &shown.drawing;
    let path = format!("{}/tariff", door.path());
    let paging = Paging::of(asked.page, drawing.lines.len());
    let view = html! {
        (ground::mistakes(&shown.errors))
        h1 { span.nhsuk-caption-xl { (door.cluster.short_name) } "What follows trainees to hosts" (ground::made_up(drawing.lines.iter().any(|line| line.is_illustrative))) }
        p { "Price × whole-time equivalent × market forces factor, and for postgraduate doctors a share of basic salary. Every line shows its working; what has no price says “not loaded” and has no amount." }
        (filter(&shown, &path))
        @if drawing.lines.is_empty() {
            (EmptyState::new("No approved placement in a post paid by tariff falls in this year. Say on each post who pays for it."))
        } @else {
            (summary(drawing))
            (by_host(drawing))
            (changes(drawing))
            (limits(drawing))
            h2 { "Line by line" }
            (lines(paging.part(&drawing.lines)))
            (paging.links(&format!("{path}?{}", shown.query())))
            (Downloads::new([
                ("The statement as CSV", format!("{path}.csv?{}", shown.query())),
                ("The statement as a workbook", format!("{path}.xlsx?{}", shown.query())),
                ("The statement as PDF", format!("{path}.pdf?{}", shown.query())),
            ]))
        }
        h2 { "More" }
        ul {
            li { a href={ (path) "/trail?year=" (name(shown.year)) } { "The money from commissioner to team" } }
            li { a href={ (door.path()) "/claims" } { "Claims" } }
            @for list in List::ALL { li { a href={ (path) "/" (list.path()) } { (list.label()) } ": " (list.about()) "." } }
        }
    };
    let data = json!({
        "year": name(shown.year), "known_on": shown.known_on, "total": drawing.total(), "not_loaded": drawing.not_loaded(),
        "lines": drawing.lines, "changes": drawing.changes,
    });
    let page = home::under(Page::new("What follows trainees to hosts", view).data(&data)?, &door.cluster).wide();
    Ok(if shown.errors.is_empty() { page.into() } else { page.with_errors(&shown.errors).into() })
}

fn filter(shown: &Shown, path: &str) -> Markup {
    let first = shown.year.from().year();
    let years = (first - 4..=first + 3).filter_map(Period::financial_year).map(name);
    let known_on = shown.known_on.map(|day| day.to_string()).unwrap_or_default();
    let hosts = std::iter::once(SelectItem::new("", "All hosts"))
        .chain(shown.hosts.iter().map(|(id, name)| SelectItem::new(id.to_string(), name.as_str())));
    html! {
        (Filter::new(path)
            .field(Select::new("year", "Financial year")
                .items(years.map(|year| SelectItem::new(year.clone(), year)).collect::<Vec<_>>())
                .value(name(shown.year))
                .error_message(shown.errors.of("year").unwrap_or_default()))
            .field(Select::new("host", "Host")
                .items(hosts.collect::<Vec<_>>())
                .value(shown.host.map(|host| host.to_string()).unwrap_or_default())
                .error_message(shown.errors.of("host").unwrap_or_default()))
            .field(ground::day_field("known_on", "As known on (now, if empty)", &known_on, &shown.errors))
            .clear(path))
    }
}

fn summary(drawing: &Drawing) -> Markup {
    let missing = drawing.not_loaded();
    html! {
        p {
            "In all " strong { (drawing.total()) } " in " (drawing.lines.len()) " lines"
            @if let Some(day) = drawing.known_on { ", as known on " (day_on_page(day)) }
            "."
        }
        @if !missing.is_empty() {
            (InsetText::new(html! {
                p { "Not in the sum, because something is not loaded:" }
                ul { @for words in missing.iter().take(10) { li { (words.trim_start_matches("not loaded: ").replace('_', " ")) } } }
                @if missing.len() > 10 { p { "And " (missing.len() - 10) " more." } }
            }))
        }
    }
}

/// Sums by host: amount, lines without one, cost where it is reported, and the gap.
pub(super) struct HostSum {
    pub name: String,
    pub lines: usize,
    pub missing: usize,
    pub amount: Money,
    pub cost: Option<Money>,
    pub gap: Option<Money>,
}

pub(super) fn host_sums(lines: &[Drawn]) -> Vec<HostSum> {
    let mut hosts: BTreeMap<(&str, OrganisationId), Vec<&Drawn>> = BTreeMap::new();
    for line in lines {
        hosts.entry((line.host_name.as_str(), line.host)).or_default().push(line);
    }
    hosts
        .into_iter()
        .map(|((name, _), lines)| HostSum {
            name: name.to_owned(),
            lines: lines.len(),
            missing: lines.iter().filter(|line| line.amount.is_none()).count(),
            amount: lines.iter().filter_map(|line| line.amount).sum(),
            cost: lines.iter().map(|line| line.cost).sum::<Option<Money>>(),
            gap: lines.iter().map(|line| line.gap()).sum::<Option<Money>>(),
        })
        .collect()
}

fn money(amount: Option<Money>, otherwise: &str) -> String {
    amount.map_or_else(|| otherwise.to_owned(), |amount| amount.to_string())
}

fn by_host(drawing: &Drawing) -> Markup {
    html! {
        (Table::new("By host")
            .head([
                Column::new("Host"),
                Column::numeric("Lines"),
                Column::numeric("Not loaded"),
                Column::numeric("Follows trainees"),
                Column::numeric("Costs the host"),
                Column::numeric("Cost beyond it"),
            ])
            .first_cell_is_header(true)
            .responsive(true)
            .rows(host_sums(&drawing.lines).into_iter().map(|sum| vec![
                Cell::new(sum.name),
                Cell::numeric(sum.lines),
                Cell::numeric(sum.missing),
                // Nothing priced is not nought.
                if sum.missing == sum.lines { Cell::numeric("Not loaded") } else { Cell::numeric(sum.amount) },
                Cell::numeric(money(sum.cost, "Not reported")),
                Cell::numeric(money(sum.gap, "Not known")),
            ])))
    }
}

fn changes(drawing: &Drawing) -> Markup {
    html! {
        @if let Some(day) = drawing.known_on {
            h2 { "Since " (day_on_page(day)) }
            @if drawing.changes.is_empty() {
                p { "What was published since then changes no amount." }
            } @else {
                (Table::new("Placements whose amount is another now")
                    .head([Column::new("Trainee"), Column::new("Host"), Column::numeric("As known then"), Column::numeric("As effective"), Column::numeric("Difference")])
                    .responsive(true)
                    .rows(drawing.changes.iter().map(|change| vec![
                        Cell::new(change.trainee.as_str()),
                        Cell::new(change.host_name.as_str()),
                        Cell::numeric(money(change.then, "Not loaded")),
                        Cell::numeric(money(change.now, "Not loaded")),
                        Cell::numeric(money(change.now.zip(change.then).map(|(now, then)| now - then), "Not known")),
                    ])))
            }
        }
    }
}

fn limits(drawing: &Drawing) -> Markup {
    html! {
        @if !drawing.adjustments.is_empty() {
            (Table::new("Under the limits to losses and gains")
                .head([Column::new("Host"), Column::numeric("By tariff"), Column::numeric("Paid"), Column::new("Working")])
                .first_cell_is_header(true)
                .responsive(true)
                .rows(drawing.adjustments.iter().map(|adjusted| vec![
                    Cell::new(adjusted.host.as_str()),
                    Cell::numeric(Money(adjusted.by_tariff.0)),
                    Cell::numeric(Money(adjusted.paid.0)),
                    Cell::new(adjusted.working.as_str()),
                ])))
        }
    }
}

/// Lines with their working.
pub(super) fn lines(lines: &[Drawn]) -> Markup {
    html! {
        (Table::new("Lines")
            .head([
                Column::new("Trainee"),
                Column::new("Host and team"),
                Column::new("Days"),
                Column::new("Tariff"),
                Column::new("Working"),
                Column::numeric("Amount"),
                Column::numeric("Cost beyond it"),
            ])
            .first_cell_is_header(true)
            .responsive(true)
            .rows(lines.iter().map(|line| vec![
                Cell::new(html! { (line.trainee) ", " (line.trainee_number) (ground::made_up(line.is_illustrative)) }),
                Cell::new(html! { (line.host_name) br; (line.team) }),
                Cell::new(format!("{} to {}", day_on_page(line.from), day_on_page(line.to))),
                Cell::new(line.tariff.replace('_', " ")),
                Cell::new(line.working.as_str()),
                Cell::numeric(match (line.amount, line.is_at_least) {
                    (Some(amount), true) => format!("At least {amount}"),
                    (amount, _) => money(amount, "Not loaded"),
                }),
                Cell::numeric(money(line.gap(), "Not known")),
            ])))
    }
}
