//! What can be read and taken away of a meeting: papers as they stood, the pack and the minutes as PDF and text, and an entry for calendars. It changes nothing.

use axum::extract::Path;
use axum::response::IntoResponse;
use hiec_kernel::Problem;
use hiec_kernel::clock::{london_date, on_page};
use hiec_reports::{Block, Column as SheetColumn, Document, Level, Report, Reports, Table as SheetTable};
use hiec_web::components::own::Downloads;
use hiec_web::components::{Button, Cell, Column, InsetText, SummaryList, SummaryRow, Table, WarningCallout};
use hiec_web::{Answer, AppState, Loaded, Reply};
use icalendar::{Calendar, Component, Event, EventLike, EventStatus};
use maud::{Markup, PreEscaped, html};

use super::BoardDesk;
use super::meeting::{Named, find};
use super::minutes;
use super::papers::Papers;
use super::states::MeetingState;
use super::store::Meeting;
use crate::clusters::store::Cluster;
use crate::desk::{heading, page_of};

/// The program that draws PDF: the one of this start, else the one beside the executable.
fn reports(app: &AppState) -> Reports {
    app.optional::<Reports>().cloned().unwrap_or_else(|| Reports::new(None))
}

fn text(document: &impl Document) -> Reply {
    let headers = [(axum::http::header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    (headers, document.to_text()).into_response().into()
}

fn frozen(meeting: &Meeting) -> Result<&Papers, Problem> {
    meeting.papers.as_ref().ok_or_else(Problem::not_found)
}

pub async fn papers(desk: Loaded<BoardDesk>, Path((_, id)): Named) -> Answer {
    let meeting = find(&desk, id).await?;
    let papers = frozen(&meeting)?;
    let path = meeting.path(&desk.cluster);
    let view = html! {
        (heading(&desk, &format!("Papers: {}", papers.title)))
        p { "Frozen " (on_page(papers.made_at)) ". They stay as they stood; figures may have changed since." }
        @if let Some(out) = meeting.state.papers() { p.app-source { "Fingerprint: " span.app-fingerprint { (out.papers) } } }
        div.nhsuk-button-group {
            @if reports(&desk.app).is_available() { (Button::link("Pack as PDF", format!("{path}/pack.pdf")).secondary()) }
            (Button::link("Pack as text", format!("{path}/pack.txt")).secondary())
        }
        h2 { "In plain words" }
        (InsetText::new(html! { @for part in papers.plain_summary.lines() { p { (part) } } }))
        h2 { "Agenda" }
        @for item in &papers.items {
            h3 { (item.place) ". " (item.title) }
            p.app-source { (item.kind) @if !item.presenter.is_empty() { ", brought by " (item.presenter) } }
            @for part in item.paper.lines() { p { (part) } }
            @if !item.interests.is_empty() {
                (WarningCallout::new("Interests", html! {
                    ul { @for one in &item.interests { li { (one.name) ": " (one.because.join("; ")) } } }
                }))
            }
        }
        (standing(papers))
        (Downloads::new([("For your calendar", format!("{path}/invitation.ics"))]))
    };
    Ok(page_of(&desk.cluster, format!("Papers: {}", papers.title), view)
        .under(format!("{}/board", desk.cluster.path()), "Governance")
        .under(path, meeting.title())
        .data(papers)?
        .into())
}

fn standing(papers: &Papers) -> Markup {
    html! {
        h2 { "Figures as they stood" }
        @if papers.figures.is_empty() { p { "No measure had a figure yet." } } @else {
            (Table::new("Figures")
                .head(["Measure", "Value", "Period", "What the chart says"])
                .responsive(true)
                .rows(papers.figures.iter().map(|one| vec![
                    Cell::link(one.what.as_str(), one.path.as_str()),
                    Cell::new(one.value.as_str()),
                    Cell::new(one.period.as_str()),
                    Cell::new(one.verdict.as_str()),
                ])))
            @for one in papers.figures.iter().filter(|one| !one.chart.is_empty()) {
                h3 { (one.what) }
                p { (one.reading) }
                // Drawn by this program when the papers were frozen, and kept with them.
                figure.app-figure { (PreEscaped(&one.chart)) }
            }
        }
        @if !papers.projects.is_empty() {
            h2 { "Projects as they stood" }
            (Table::new("Projects")
                .head(["Project", "Pathway", "Stands", "Why"])
                .responsive(true)
                .rows(papers.projects.iter().map(|one| vec![
                    Cell::link(one.name.as_str(), one.path.as_str()),
                    Cell::new(one.pathway.as_str()),
                    Cell::new(one.status.as_str()),
                    Cell::new(one.reason.as_str()),
                ])))
        }
        h2 { "Money as it stood" }
        (SummaryList::new([
            SummaryRow::new("Budget to date", papers.money_to_date.budget.to_string()),
            SummaryRow::new("Spent to date", papers.money_to_date.actual.to_string()),
            SummaryRow::new("Budget of the term", papers.money_of_term.budget.to_string()),
            SummaryRow::new("Forecast of the term", papers.money_of_term.forecast.to_string()),
            SummaryRow::new("Committed by partners", papers.money_of_term.committed.to_string()),
        ]))
        h2 { "Risks as they stood" }
        @if papers.risks.is_empty() { p { "No risk was open." } } @else {
            (Table::new("Risks")
                .head([Column::new("Risk"), Column::numeric("Before"), Column::numeric("With what is done"), Column::new("Owner")])
                .responsive(true)
                .rows(papers.risks.iter().map(|one| vec![
                    Cell::link(one.title.as_str(), one.path.as_str()),
                    Cell::numeric(one.before),
                    Cell::numeric(one.after),
                    Cell::new(one.owner.as_str()),
                ])))
        }
        h2 { "Actions that were open" }
        @if papers.actions.is_empty() { p { "None." } } @else {
            (Table::new("Open actions")
                .head(["No.", "What", "Owner", "Due"])
                .responsive(true)
                .rows(papers.actions.iter().map(|one| vec![
                    Cell::new(one.number.to_string()),
                    Cell::new(one.what.as_str()),
                    Cell::new(one.owner.as_str()),
                    Cell::new(if one.is_overdue { format!("{} (overdue)", one.due) } else { one.due.clone() }),
                ])))
        }
    }
}

/// The pack: everything the members get, in one document.
fn pack(cluster: &Cluster, meeting: &Meeting, papers: &Papers, is_demo: bool) -> Report {
    let mut body = vec![
        Block::facts([("When", Some(on_page(papers.starts_at))), ("Where", Some(papers.place.clone()))]),
        Block::heading(Level::One, "In plain words"),
        Block::paragraph(papers.plain_summary.clone()),
        Block::heading(Level::One, "Agenda"),
        Block::list(
            papers.items.iter().map(|item| format!("{}. {} ({})", item.place, item.title, item.kind.to_lowercase())),
        ),
    ];
    for item in &papers.items {
        body.push(Block::heading(Level::One, format!("{}. {}", item.place, item.title)));
        if !item.presenter.is_empty() {
            body.push(Block::paragraph(format!("{}, brought by {}.", item.kind, item.presenter)));
        }
        body.push(Block::paragraph(item.paper.clone()));
        if !item.interests.is_empty() {
            let said: Vec<String> =
                item.interests.iter().map(|one| format!("{}: {}", one.name, one.because.join("; "))).collect();
            body.push(Block::note("Interests", format!("{}. They stand aside.", said.join(". "))));
        }
    }
    body.push(Block::heading(Level::One, "How things stood"));
    if papers.figures.is_empty() {
        body.push(Block::paragraph("No measure had a figure yet."));
    } else {
        let columns = [
            SheetColumn::wide("Measure", 2),
            SheetColumn::words("Value"),
            SheetColumn::words("Period"),
            SheetColumn::wide("What the chart says", 2),
        ];
        let rows = papers
            .figures
            .iter()
            .map(|one| [one.what.clone(), one.value.clone(), one.period.clone(), one.verdict.clone()]);
        body.push(SheetTable::of("Figures", columns, rows).into());
        for one in papers.figures.iter().filter(|one| !one.chart.is_empty()) {
            body.push(Block::heading(Level::Two, one.what.clone()));
            body.push(Block::paragraph(format!("{}: {}. {}", one.period, one.value, one.verdict)));
            body.push(Block::chart(one.chart.clone(), one.reading.clone(), ""));
        }
    }
    if !papers.projects.is_empty() {
        let columns = [
            SheetColumn::wide("Project", 2),
            SheetColumn::words("Pathway"),
            SheetColumn::words("Stands"),
            SheetColumn::wide("Why", 2),
        ];
        let rows = papers
            .projects
            .iter()
            .map(|one| [one.name.clone(), one.pathway.clone(), one.status.clone(), one.reason.clone()]);
        body.push(SheetTable::of("Projects", columns, rows).into());
    }
    let columns = [SheetColumn::words("Money"), SheetColumn::figure("To date"), SheetColumn::figure("Of the term")];
    let (date, term) = (papers.money_to_date, papers.money_of_term);
    let rows = [
        ("Budget", date.budget, term.budget),
        ("Spent", date.actual, term.actual),
        ("Forecast", date.forecast, term.forecast),
        ("Committed by partners", date.committed, term.committed),
    ]
    .map(|(what, date, term)| [what.to_owned(), date.to_string(), term.to_string()]);
    body.push(SheetTable::of("Money", columns, rows).into());
    if !papers.risks.is_empty() {
        let columns = [
            SheetColumn::wide("Risk", 4),
            SheetColumn::figure("Before"),
            SheetColumn::figure("After"),
            SheetColumn::words("Owner"),
        ];
        let rows = papers
            .risks
            .iter()
            .map(|one| [one.title.clone(), one.before.to_string(), one.after.to_string(), one.owner.clone()]);
        body.push(SheetTable::of("Risks, likelihood × impact before and with what is done", columns, rows).into());
    }
    if !papers.actions.is_empty() {
        let columns = [
            SheetColumn::figure("No."),
            SheetColumn::wide("Open action", 3),
            SheetColumn::words("Owner"),
            SheetColumn::words("Due"),
        ];
        let rows = papers.actions.iter().map(|one| {
            let due = if one.is_overdue { format!("{} (overdue)", one.due) } else { one.due.clone() };
            [one.number.to_string(), one.what.clone(), one.owner.clone(), due]
        });
        body.push(SheetTable::of("Open actions", columns, rows).into());
    }
    Report {
        eyebrow: Some(format!("Papers · {}", cluster.short_name)),
        title: papers.title.clone(),
        subtitle: Some(on_page(papers.starts_at)),
        author: cluster.name.clone(),
        dated: london_date(papers.made_at),
        body,
        illustrative: is_demo,
        fingerprint: meeting.state.papers().map(|out| out.papers.clone()),
    }
}

fn file(desk: &Loaded<BoardDesk>, meeting: &Meeting, what: &str) -> String {
    format!("{}-{}-{what}", desk.cluster.key, london_date(meeting.starts_at))
}

pub async fn pack_pdf(desk: Loaded<BoardDesk>, Path((_, id)): Named) -> Answer {
    let meeting = find(&desk, id).await?;
    let document = pack(&desk.cluster, &meeting, frozen(&meeting)?, desk.app.site().is_demo);
    let bytes = reports(&desk.app).pdf(&document).await.map_err(Problem::from)?;
    Ok(Reply::download(&format!("{}.pdf", file(&desk, &meeting, "papers")), "application/pdf", bytes))
}

pub async fn pack_text(desk: Loaded<BoardDesk>, Path((_, id)): Named) -> Answer {
    let meeting = find(&desk, id).await?;
    Ok(text(&pack(&desk.cluster, &meeting, frozen(&meeting)?, desk.app.site().is_demo)))
}

async fn minutes_report(desk: &Loaded<BoardDesk>, meeting: &Meeting) -> Result<(minutes::Minutes, Report), Problem> {
    let written = minutes::written(&desk.database(), &desk.cluster, meeting).await?;
    let signer = match &meeting.state {
        MeetingState::Signed(signed) => match signed.signed_by {
            Some(person) => hiec_access::people::by_id(&desk.database(), person).await?.map(|one| one.name),
            None => None,
        },
        _ => None,
    };
    let report = minutes::report(&desk.cluster, meeting, &written, signer.as_deref(), desk.app.site().is_demo);
    Ok((written, report))
}

pub async fn minutes_page(desk: Loaded<BoardDesk>, Path((_, id)): Named) -> Answer {
    let meeting = find(&desk, id).await?;
    let (written, report) = minutes_report(&desk, &meeting).await?;
    let path = meeting.path(&desk.cluster);
    let view = html! {
        (heading(&desk, &format!("Minutes: {}", written.title)))
        @match &meeting.state {
            MeetingState::Signed(signed) => {
                p { "Signed " (on_page(signed.signed_at)) "." }
                p.app-source { "Fingerprint: " span.app-fingerprint { (signed.minutes) } }
            }
            _ => p { strong { "Draft: " } "the chair has not signed them." },
        }
        div.nhsuk-button-group {
            @if reports(&desk.app).is_available() { (Button::link("Minutes as PDF", format!("{path}/minutes.pdf")).secondary()) }
            (Button::link("Minutes as text", format!("{path}/minutes.txt")).secondary())
        }
        (blocks(&report.body))
    };
    Ok(page_of(&desk.cluster, format!("Minutes: {}", written.title), view)
        .under(format!("{}/board", desk.cluster.path()), "Governance")
        .under(path, meeting.title())
        .data(&written)?
        .into())
}

/// The blocks of a document as a page.
fn blocks(body: &[Block]) -> Markup {
    html! {
        @for block in body {
            @match block {
                Block::Heading { text, .. } => h2 { (text) },
                Block::Paragraph { text } => @for part in text.lines() { p { (part) } },
                Block::List { items } => ul { @for item in items { li { (item) } } },
                Block::Facts { rows } => (SummaryList::new(rows.iter().map(|fact| SummaryRow::new(fact.name.clone(), fact.value.clone())))),
                Block::Table(table) => (Table::new(table.caption())
                    .head(table.columns().iter().map(|column| Column::new(column.heading.as_str())).collect::<Vec<_>>())
                    .responsive(true)
                    .rows(table.rows().iter().map(|row| row.iter().map(|cell| Cell::new(cell.as_str())).collect::<Vec<_>>()))),
                Block::Note { label, text } => (InsetText::new(html! { p { strong { (label) ": " } (text) } })),
                _ => {},
            }
        }
    }
}

pub async fn minutes_pdf(desk: Loaded<BoardDesk>, Path((_, id)): Named) -> Answer {
    let meeting = find(&desk, id).await?;
    let (_, document) = minutes_report(&desk, &meeting).await?;
    let bytes = reports(&desk.app).pdf(&document).await.map_err(Problem::from)?;
    Ok(Reply::download(&format!("{}.pdf", file(&desk, &meeting, "minutes")), "application/pdf", bytes))
}

pub async fn minutes_text(desk: Loaded<BoardDesk>, Path((_, id)): Named) -> Answer {
    let meeting = find(&desk, id).await?;
    let (_, document) = minutes_report(&desk, &meeting).await?;
    Ok(text(&document))
}

/// The meeting as an iCalendar file (RFC 5545). The same meeting has the same UID, so that a changed one replaces it.
fn invitation(state: &AppState, cluster: &Cluster, meeting: &Meeting) -> String {
    let link = state.site().link(&meeting.path(cluster));
    let status = match meeting.state {
        MeetingState::Cancelled(_) => EventStatus::Cancelled,
        _ => EventStatus::Confirmed,
    };
    let event = Event::new()
        .uid(&format!("{}@hiec", meeting.id))
        .timestamp(state.now())
        .sequence(u32::try_from(meeting.version).unwrap_or(0))
        .summary(&format!("{} ({})", meeting.title(), cluster.short_name))
        .description(&format!("Agenda and papers: {link}"))
        .location(&meeting.place)
        .url(&link)
        .status(status)
        .starts(meeting.starts_at)
        .ends(meeting.ends_at)
        .done();
    Calendar::new().name(&cluster.short_name).push(event).done().to_string()
}

pub async fn calendar(desk: Loaded<BoardDesk>, Path((_, id)): Named) -> Answer {
    let meeting = find(&desk, id).await?;
    let words = invitation(&desk.app, &desk.cluster, &meeting);
    let name = format!("{}.ics", file(&desk, &meeting, "meeting"));
    Ok(Reply::download(&name, "text/calendar; charset=utf-8", words.into_bytes()))
}
