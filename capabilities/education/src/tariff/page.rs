//! `/clusters/{cluster}/education/tariff`: what follows trainees to their hosts in a financial year, as known now or on a day: sums by host, and of one host or trainee every line with its working.

use axum::extract::Query;
use chrono::Datelike;
use hiec_kernel::clock::day_on_page;
use hiec_kernel::{Money, Problem};
use hiec_tariff::{Adjustment, Period};
use hiec_web::components::own::{Downloads, EmptyState, Filter, Paging};
use hiec_web::components::{Cell, Column, InsetText, Select, SelectItem, Table};
use hiec_web::{Answer, Loaded, Page, WantsData};
use maud::{Markup, html};
use serde_json::json;

use super::asked::{self, Asked, Shown, name};
use super::lines;
use super::lists::List;
use super::totals::{HostTotal, Totals};
use crate::access::Education;
use crate::{ground, home};

pub async fn get(door: Loaded<Education>, wants: WantsData, Query(asked): Query<Asked>) -> Answer {
    let shown = asked::shown(&door, &asked).await?;
    let path = format!("{}/tariff", door.path());
    let page = match shown.is_whole() {
        true => whole(&door, &shown, &path, (asked.page, wants)).await?,
        false => part(&door, &shown, &path, (asked.page, wants)).await?,
    };
    let page = home::under(page, &door.cluster).wide();
    let page = if shown.is_whole() { page } else { page.under(path, "What follows trainees") };
    Ok(if shown.errors.is_empty() { page.into() } else { page.with_errors(&shown.errors).into() })
}

fn heading(door: &Loaded<Education>, title: &str, is_made_up: bool) -> Markup {
    html! {
        h1 { span.nhsuk-caption-xl { (door.cluster.short_name) } (title) (ground::made_up(is_made_up)) }
    }
}

/// All hosts the reader may see, as sums.
async fn whole(
    door: &Loaded<Education>,
    shown: &Shown,
    path: &str,
    (page, wants): (Option<usize>, WantsData),
) -> Result<Page, Problem> {
    let totals = shown.totals(door).await?;
    let paging = if wants.0 { Paging::whole(totals.hosts.len()) } else { Paging::of(page, totals.hosts.len()) };
    let view = html! {
        (ground::mistakes(&shown.errors))
        (heading(door, "What follows trainees to hosts", totals.hosts.iter().any(|host| host.is_illustrative)))
        (about())
        (filter(shown, path))
        @if totals.hosts.is_empty() {
            (nothing())
        } @else {
            (summary(totals.total(), totals.lines(), shown))
            (missing(totals.not_loaded.iter().map(String::as_str)))
            (by_host(paging.part(&totals.hosts), shown, path))
            (paging.links(&format!("{path}?{}", shown.query())))
            (changes(&totals, shown))
            (limits(&totals.adjustments))
            (downloads(shown, path, paging.number()))
        }
        (more(door, shown, path))
    };
    let page = Page::new("What follows trainees to hosts", view);
    if !wants.0 {
        return Ok(page);
    }
    page.data(&json!({
        "year": name(shown.year), "known_on": shown.known_on, "total": totals.total(), "not_loaded": totals.not_loaded,
        "hosts": totals.hosts, "payers": totals.payers, "changes": totals.changes,
    }))
}

/// One host or one trainee, line by line.
async fn part(
    door: &Loaded<Education>,
    shown: &Shown,
    path: &str,
    (page, wants): (Option<usize>, WantsData),
) -> Result<Page, Problem> {
    let drawing = shown.drawing(door).await?;
    let title = match (shown.host_name(), &shown.trainee, drawing.lines.first()) {
        (_, Some(_), Some(line)) => format!("What follows {}", line.trainee),
        (_, Some(number), None) => format!("What follows {number}"),
        (Some(host), None, _) => format!("What follows trainees to {host}"),
        (None, None, _) => "What follows trainees".to_owned(),
    };
    let paging = Paging::of(page, drawing.lines.len());
    let count = i64::try_from(drawing.lines.len() + drawing.weighed.len()).unwrap_or(i64::MAX);
    let not_loaded = drawing.not_loaded();
    let view = html! {
        (ground::mistakes(&shown.errors))
        (heading(door, &title, drawing.lines.iter().any(|line| line.is_illustrative)))
        (about())
        (filter(shown, path))
        @if drawing.lines.is_empty() {
            (nothing())
        } @else {
            (summary(drawing.total(), count, shown))
            (lines::how_it_adds_up(&drawing))
            (missing(not_loaded.iter().map(String::as_str)))
            (lines::weighed(&drawing.weighed, &format!("{}/quality/funding", door.path())))
            @if shown.trainee.is_some() { p { "What quality adds and what the limits change belongs to a host as a whole: it stands on the host’s statement." } }
            (lines::changes(&drawing))
            (limits(&drawing.adjustments))
            h2 { "Line by line" }
            (lines::table(paging.part(&drawing.lines), |number| format!("{path}?{}", shown.of_trainee(number))))
            (paging.links(&format!("{path}?{}", shown.query())))
            (downloads(shown, path, paging.number()))
        }
        (more(door, shown, path))
    };
    let page = Page::new(title, view);
    if !wants.0 {
        return Ok(page);
    }
    page.data(&json!({
        "year": name(shown.year), "host": shown.host, "trainee": shown.trainee, "known_on": shown.known_on, "total": drawing.total(),
        "by_tariff": drawing.by_tariff(), "by_limits": drawing.by_limits(), "by_quality": drawing.by_quality(),
        "not_loaded": not_loaded, "lines": drawing.lines, "weighed": drawing.weighed, "changes": drawing.changes,
    }))
}

fn about() -> Markup {
    html! {
        p { "Price × whole-time equivalent × market forces factor, and for postgraduate doctors a share of basic salary. Every line shows its working; what has no price says “not loaded” and has no amount. What quality adds by the published rule stands in lines of its own." }
    }
}

fn nothing() -> EmptyState {
    EmptyState::new(
        "No approved placement in a post paid by tariff falls in this year. Say on each post who pays for it.",
    )
}

fn more(door: &Loaded<Education>, shown: &Shown, path: &str) -> Markup {
    html! {
        h2 { "More" }
        ul {
            li { a href={ (path) "/trail?" (shown.query()) } { "The money from commissioner to team" } }
            li { a href={ (door.path()) "/claims" } { "Claims" } }
            li { a href={ (door.path()) "/quality/funding" } { "Money weighed by quality" } ": the rule, and what it says of each host." }
            @for list in List::ALL { li { a href={ (path) "/" (list.path()) } { (list.label()) } ": " (list.about()) "." } }
        }
    }
}

fn downloads(shown: &Shown, path: &str, page: usize) -> Downloads {
    let query = shown.query();
    let part = if page > 1 { format!("&page={page}") } else { String::new() };
    let pdf = if shown.is_whole() { "The sums above as PDF" } else { "The statement as PDF, the lines above in it" };
    Downloads::new([
        ("All lines as CSV", format!("{path}.csv?{query}")),
        ("All lines as a workbook", format!("{path}.xlsx?{query}")),
        (pdf, format!("{path}.pdf?{query}{part}")),
    ])
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
            .field(ground::line_field("trainee", "Number of one trainee", shown.trainee.as_deref().unwrap_or_default(), &shown.errors))
            .field(ground::day_field("known_on", "As known on (now, if empty)", &known_on, &shown.errors))
            .clear(path))
    }
}

fn summary(total: Money, lines: i64, shown: &Shown) -> Markup {
    html! {
        p {
            "In all " strong { (total) } " in " (lines) @if lines == 1 { " line" } @else { " lines" }
            @if let Some(day) = shown.known_on { ", as known on " (day_on_page(day)) }
            "."
        }
    }
}

fn missing<'a>(words: impl ExactSizeIterator<Item = &'a str>) -> Markup {
    let count = words.len();
    html! {
        @if count > 0 {
            (InsetText::new(html! {
                p { "Not in the sum, because something is not loaded:" }
                ul { @for words in words.take(10) { li { (lines::said(words)) } } }
                @if count > 10 { p { "And " (count - 10) " more." } }
            }))
        }
    }
}

fn by_host(hosts: &[HostTotal], shown: &Shown, path: &str) -> Markup {
    html! {
        (Table::new("By host")
            .head([
                Column::new("Host"),
                Column::numeric("Lines"),
                Column::numeric("Not loaded"),
                Column::numeric("Follows trainees by tariff"),
                Column::numeric("By quality"),
                Column::numeric("In all"),
                Column::numeric("Costs the host"),
                Column::numeric("Cost beyond the tariff"),
            ])
            .first_cell_is_header(true)
            .responsive(true)
            .rows(hosts.iter().map(|sum| vec![
                Cell::new(html! { a.nhsuk-link href={ (path) "?" (shown.of_host(sum.host)) } { (sum.name) } (ground::made_up(sum.is_illustrative)) }),
                Cell::numeric(sum.lines),
                Cell::numeric(sum.missing),
                if sum.is_unknown() { Cell::numeric("Not loaded") } else { Cell::numeric(sum.by_tariff) },
                if sum.weighed == 0 { Cell::numeric("No rule") } else { Cell::numeric(sum.by_quality) },
                if sum.is_unknown() { Cell::numeric("Not loaded") } else { Cell::numeric(sum.total()) },
                Cell::numeric(of_lines(sum.cost, sum.costed, sum.lines, "Not reported")),
                Cell::numeric(of_lines(sum.gap, sum.compared, sum.lines, "Not known")),
            ])))
    }
}

/// An amount, and of how many lines it is where it is not of all.
fn of_lines(amount: Money, of: i64, lines: i64, otherwise: &str) -> String {
    match of {
        0 => otherwise.to_owned(),
        of if of == lines => amount.to_string(),
        of => format!("{amount} for {of} of {lines} lines"),
    }
}

fn changes(totals: &Totals, shown: &Shown) -> Markup {
    html! {
        @if let Some(day) = shown.known_on {
            h2 { "Since " (day_on_page(day)) }
            @if totals.changes.is_empty() {
                p { "What was published since then changes no amount." }
            } @else {
                (Table::new("Hosts whose sum is another now")
                    .head([Column::new("Host"), Column::numeric("As known then"), Column::numeric("As effective"), Column::numeric("Difference")])
                    .first_cell_is_header(true)
                    .responsive(true)
                    .rows(totals.changes.iter().map(|change| vec![
                        Cell::new(change.host_name.as_str()),
                        Cell::numeric(lines::money(change.then, "Not loaded")),
                        Cell::numeric(lines::money(change.now, "Not loaded")),
                        Cell::numeric(lines::money(change.now.zip(change.then).map(|(now, then)| now - then), "Not known")),
                    ])))
            }
        }
    }
}

fn limits(adjustments: &[Adjustment]) -> Markup {
    html! {
        @if !adjustments.is_empty() {
            (Table::new("Under the limits to losses and gains")
                .head([Column::new("Host"), Column::numeric("By tariff"), Column::numeric("Paid"), Column::new("Working")])
                .first_cell_is_header(true)
                .responsive(true)
                .rows(adjustments.iter().map(|adjusted| vec![
                    Cell::new(adjusted.host.as_str()),
                    Cell::numeric(Money(adjusted.by_tariff.0)),
                    Cell::numeric(Money(adjusted.paid.0)),
                    Cell::new(adjusted.working.as_str()),
                ])))
        }
    }
}
