//! `/clusters/{cluster}/board/decisions`: every decision with its options, evidence as it stood and dissent, and what was found when it was looked at again.

use axum::extract::Path;
use hiec_files::table::{self, Table as Sheet};
use hiec_kernel::Problem;
use hiec_kernel::clock::{day_on_page, london_date, on_page};
use hiec_web::components::own::{Downloads, EmptyState};
use hiec_web::components::{Button, Cell, Column, InsetText, SummaryList, SummaryRow, Table, Tag, TagColour, Textarea};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::Deserialize;

use super::BoardDesk;
use super::record_actions;
use super::records::{self, Decision};
use super::store;
use crate::desk::{self, heading, page_of, summary};

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct ReviewForm {
    /// What became of it.
    #[serde(default)]
    found: String,
}

pub async fn list(desk: Loaded<BoardDesk>) -> Answer {
    let decisions = records::decisions(&desk.database(), desk.cluster.id).await?;
    let path = format!("{}/board/decisions", desk.cluster.path());
    let today = london_date(desk.now());
    let view = html! {
        (heading(&desk, "Decisions"))
        @if decisions.is_empty() {
            (EmptyState::new("Nothing has been decided yet. Decisions are recorded at a meeting that was held with a quorum."))
        } @else {
            (Table::new("Decisions, the newest first")
                .head([Column::numeric("No."), Column::new("About"), Column::new("Decided"), Column::new("On"), Column::new("Look at it again")])
                .responsive(true)
                .rows(decisions.iter().map(|one| vec![
                    Cell::numeric(one.number),
                    Cell::link(one.record.title.as_str(), format!("{path}/{}", one.number)),
                    Cell::new(one.record.chosen.as_str()),
                    Cell::new(on_page(one.decided_at)),
                    Cell::new(review_cell(one, today)),
                ])))
            (Downloads::new([("Decisions as CSV", format!("{path}.csv")), ("Decisions as XLSX", format!("{path}.xlsx"))]))
        }
    };
    Ok(page_of(&desk.cluster, "Decisions", view)
        .under(format!("{}/board", desk.cluster.path()), "Governance")
        .data(&decisions)?
        .wide()
        .into())
}

fn review_cell(one: &Decision, today: chrono::NaiveDate) -> Markup {
    html! {
        @if let Some(at) = one.reviewed_at { (Tag::new("Looked at").colour(TagColour::Green)) " " (on_page(at)) }
        @else {
            (day_on_page(one.review_on))
            @if one.review_on <= today { " " (Tag::new("due").colour(TagColour::Orange)) }
        }
    }
}

async fn find(desk: &Loaded<BoardDesk>, number: i64) -> Result<Decision, Problem> {
    let decisions = records::decisions(&desk.database(), desk.cluster.id).await?;
    decisions.into_iter().find(|one| one.number == number).ok_or_else(Problem::not_found)
}

pub async fn show(desk: Loaded<BoardDesk>, Path((_, number)): Path<(String, i64)>) -> Answer {
    let decision = find(&desk, number).await?;
    Ok(page(&desk, &decision, "", &Errors::none()).await?.into())
}

async fn page(desk: &Loaded<BoardDesk>, one: &Decision, typed: &str, errors: &Errors) -> Result<Page, Problem> {
    let meeting =
        store::meeting(&desk.database(), desk.cluster.id, one.meeting).await?.ok_or_else(Problem::not_found)?;
    let record = &one.record;
    let path = format!("{}/board", desk.cluster.path());
    let title = format!("Decision {}", one.number);
    let view = html! {
        (summary(errors))
        (heading(desk, &format!("{title}: {}", record.title)))
        (SummaryList::new([
            SummaryRow::new("Chosen", record.chosen.clone()),
            SummaryRow::new("Why", record.reason.clone()),
            SummaryRow::new("Dissent", if record.dissent.is_empty() { "Nobody was against".to_owned() } else { record.dissent.clone() }),
            SummaryRow::new("Recorded", on_page(one.decided_at)),
            SummaryRow::new("Look at it again on", day_on_page(one.review_on)),
        ]))
        p { "Taken at " a href=(meeting.path(&desk.cluster)) { (meeting.title()) } ", " (on_page(meeting.starts_at)) "." }
        h2 { "Options" }
        ul { @for option in &record.options { li { (option) @if *option == record.chosen { " " (Tag::new("chosen")) } } } }
        h2 { "Evidence as it stood" }
        @if record.evidence.is_empty() { p { "No figure was named." } } @else {
            (Table::new("Figures the decision rests on")
                .head(["Measure", "Value then", "Period", "What the chart said"])
                .responsive(true)
                .rows(record.evidence.iter().map(|figure| vec![
                    Cell::link(figure.what.as_str(), figure.path.as_str()),
                    Cell::new(figure.value.as_str()),
                    Cell::new(figure.period.as_str()),
                    Cell::new(figure.verdict.as_str()),
                ])))
            @if let Some(papers) = &record.papers { p.app-source { "From papers with the fingerprint " span.app-fingerprint { (papers) } } }
        }
        h2 { "Looked at again" }
        @match (&one.review, one.reviewed_at) {
            (Some(review), Some(at)) => (InsetText::new(html! { p { (review.found) } p.app-source { (on_page(at)) } })),
            _ if desk.may("board.prepare") => {
                form method="post" action={ (path) "/decisions/" (one.number) "/review" } novalidate {
                    (Textarea::new("found", "What became of it").hint("Did it do what it was to do? Would you decide the same today?").rows(4_u16).value(typed).error_message(errors.of("found").unwrap_or_default()))
                    (Button::new("Note it"))
                }
            },
            _ => p { "Not yet." },
        }
    };
    page_of(&desk.cluster, title, view)
        .under(path.clone(), "Governance")
        .under(format!("{path}/decisions"), "Decisions")
        .data(one)
}

pub async fn review(
    desk: Loaded<BoardDesk>,
    Path((_, number)): Path<(String, i64)>,
    Input(form): Input<ReviewForm>,
) -> Answer {
    let decision = find(&desk, number).await?;
    let mut errors = Errors::none();
    let Some(found) = errors.text("found", "what became of it", &form.found, 3000) else {
        return Ok(page(&desk, &decision, &form.found, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = desk.begin().await?;
    record_actions::review(&mut unit, &desk.cluster, &decision, &found).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/board/decisions/{number}", desk.cluster.path()))
        .saying("What became of it was noted.")
        .into())
}

pub async fn csv(desk: Loaded<BoardDesk>) -> Answer {
    Ok(desk::csv(&format!("{}-decisions", desk.cluster.key), &listed(&desk).await?))
}

pub async fn xlsx(desk: Loaded<BoardDesk>) -> Answer {
    Ok(desk::xlsx(&format!("{}-decisions", desk.cluster.key), &[&listed(&desk).await?], desk.now())?)
}

/// The list to take away.
async fn listed(desk: &Loaded<BoardDesk>) -> Result<Sheet, Problem> {
    let decisions = records::decisions(&desk.database(), desk.cluster.id).await?;
    let mut sheet = Sheet::with_columns(
        "decisions",
        [
            ("number", "Never used again"),
            ("about", "What was decided about"),
            ("options", "What could have been chosen"),
            ("chosen", "What was"),
            ("reason", "Why"),
            ("evidence", "Figures as they stood"),
            ("dissent", "Who was against, and why"),
            ("recorded", "When it was recorded"),
            ("review_on", "When it is looked at again"),
            ("found", "What became of it"),
        ],
    );
    for one in decisions {
        let evidence: Vec<String> = one
            .record
            .evidence
            .iter()
            .map(|figure| format!("{}: {} ({})", figure.what, figure.value, figure.period))
            .collect();
        sheet.push([
            table::Cell::from(one.number),
            one.record.title.into(),
            one.record.options.join("; ").into(),
            one.record.chosen.into(),
            one.record.reason.into(),
            evidence.join("; ").into(),
            one.record.dissent.into(),
            one.decided_at.into(),
            one.review_on.into(),
            one.review.map(|review| review.found).into(),
        ]);
    }
    Ok(sheet)
}
