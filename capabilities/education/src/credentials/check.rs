//! `/credentials/check`: anybody checks any issuer's badge, by file or pasted, as of a day; nothing of it is kept.

use chrono::NaiveDate;
use hiec_access::policy::Target;
use hiec_credentials::command::check as judge;
use hiec_credentials::{LARGEST_FILE, Options, Outcome, Report, verify};
use hiec_kernel::clock::{from_london, london_date, on_page};
use hiec_kernel::{Clock as _, Problem, SystemClock, Timestamp};
use hiec_web::components::{
    Button, Cell, Column, Details, InsetText, SummaryList, SummaryRow, Table, Tag, TagColour, WarningCallout,
};
use hiec_web::uploads::broken;
use hiec_web::{Answer, Errors, Loaded, Loading, Page, Resource, Upload};
use maud::{Markup, html};
use serde_json::json;
use uuid::Uuid;

use super::{keys, lists};
use crate::ground;

/// A file with the wrapping of a form, and what may be pasted beside it.
pub(super) const LARGEST_FORM: usize = LARGEST_FILE + 3 * 1024 * 1024;

/// The door to the check.
pub(crate) struct CheckDoor;

impl Resource for CheckDoor {
    const KIND: &'static str = "badge_check";

    async fn load(_: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        Ok(Some((Self, Target::new("badge_check", Uuid::nil()))))
    }
}

#[derive(Default)]
struct Came {
    file: Vec<u8>,
    text: String,
    keys: String,
    list: String,
    /// The day it is judged as of; empty: today.
    on: String,
}

/// A badge judged, and as of when.
struct Judged {
    report: Report,
    at: Timestamp,
}

/// The real day, whatever this installation's clock says: others' badges know nothing of a demonstration's year.
fn today() -> NaiveDate {
    london_date(SystemClock.now())
}

pub async fn get(_: Loaded<CheckDoor>) -> Answer {
    Ok(page(&Came::default(), None, &Errors::none())?.into())
}

pub async fn post(door: Loaded<CheckDoor>, Upload(mut form): Upload) -> Answer {
    let mut came = Came::default();
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name().unwrap_or_default() {
            "file" => came.file = field.bytes().await.map_err(broken)?.to_vec(),
            "text" => came.text = field.text().await.map_err(broken)?,
            "keys" => came.keys = field.text().await.map_err(broken)?,
            "list" => came.list = field.text().await.map_err(broken)?,
            "on" => came.on = field.text().await.map_err(broken)?,
            _ => {}
        }
    }
    let mut errors = Errors::none();
    let badge = if came.file.is_empty() { came.text.trim().as_bytes().to_vec() } else { came.file.clone() };
    if badge.is_empty() {
        errors.add("file", "Choose a file or paste a badge");
        return Ok(page(&came, None, &errors)?.with_errors(&errors).into());
    }
    let on = match came.on.trim() {
        "" => Some(today()),
        typed => ground::day(&mut errors, "on", "the day", typed),
    };
    let Some(on) = on else {
        return Ok(page(&came, None, &errors)?.with_errors(&errors).into());
    };
    match judged(&door, &came, &badge, on).await? {
        Ok(judged) => Ok(page(&came, Some(&judged), &errors)?.into()),
        Err(problem) => {
            let field = if came.file.is_empty() { "text" } else { "file" };
            errors.add(field, sentence(&problem.0));
            Ok(page(&came, None, &errors)?.with_errors(&errors).into())
        }
    }
}

/// With what this installation publishes itself, and what was brought along. Our own badges are judged by our own clock, unless another day was asked for.
async fn judged(
    door: &Loaded<CheckDoor>,
    came: &Came,
    badge: &[u8],
    on: NaiveDate,
) -> Result<Result<Judged, hiec_credentials::Unusable>, Problem> {
    let given = |text: &str| match text.trim() {
        "" => Vec::new(),
        text => vec![text.as_bytes().to_vec()],
    };
    let (brought_keys, brought_lists) = (given(&came.keys), given(&came.list));
    let own = keys::documents(&door.database()).await?;
    let badge = badge.to_vec();
    let (at, at_ours) = match on == today() {
        true => (SystemClock.now(), door.now()),
        false => {
            let noon = from_london(&format!("{on} 12:00")).map_err(Problem::internal)?;
            (noon, noon)
        }
    };
    let mut status_lists = if keys::is_ready(&door.app) { lists::every(&door.app).await? } else { Vec::new() };
    status_lists.extend(brought_lists);
    // Arithmetic on a stranger's file: not on a thread that answers others.
    let work = move || {
        let report = judge(&badge, at, &brought_keys, &status_lists)?;
        if own.iter().all(|document| Some(&document.issuer) != report.badge.issuer.as_ref()) {
            return Ok(Judged { report, at });
        }
        let options = Options { key_documents: &own, status_lists: &status_lists, ..Options::at(at_ours) };
        verify(&badge, &options).map(|report| Judged { report, at: at_ours })
    };
    tokio::task::spawn_blocking(work).await.map_err(Problem::internal)
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

fn page(came: &Came, judged: Option<&Judged>, errors: &Errors) -> Result<Page, Problem> {
    let on = if came.on.is_empty() { today().to_string() } else { came.on.clone() };
    let view = html! {
        (ground::mistakes(errors))
        h1 { "Check a badge" }
        @if let Some(judged) = judged { (verdict(judged)) }
        p { "Any Open Badge 3.0, from whatever issuer: a picture (PNG or SVG) with a badge in it, a token, or JSON. It is judged here and not kept." }
        form method="post" action="/credentials/check" enctype="multipart/form-data" novalidate {
            div.nhsuk-form-group.nhsuk-form-group--error[errors.of("file").is_some()] {
                label.nhsuk-label for="file" { "Choose the badge's file" }
                div.nhsuk-hint id="file-hint" { "At most 5 MB; the badge in it at most 1 MB of text." }
                @if let Some(error) = errors.of("file") { span.nhsuk-error-message id="file-error" { span.nhsuk-u-visually-hidden { "Error:" } " " (error) } }
                input.nhsuk-input type="file" name="file" id="file" aria-describedby="file-hint" accept=".png,.svg,.json,.jwt,.txt";
            }
            (ground::lines_field("text", "Or paste it here", &came.text, errors))
            (Details::new("The issuer is known by a web address", html! {
                p { "Nothing is fetched from anybody's site. Where the badge's issuer is no did:key, paste what the issuer publishes of its keys (for did:web:example.org, what stands at https://example.org/.well-known/did.json), and its status list to see whether the badge was revoked." }
                (ground::lines_field("keys", "The issuer's key document", &came.keys, errors))
                (ground::lines_field("list", "The issuer's status list", &came.list, errors))
            }))
            (ground::day_field("on", "Judge it as of", &on, errors)
                .hint("Today, unless you need to know how it stood on another day."))
            (Button::new("Check it"))
        }
    };
    let (report, at) = (judged.map(|judged| &judged.report), judged.map(|judged| judged.at));
    Page::new("Check a badge", view).data(&json!({ "report": report, "judged_at": at }))
}

fn verdict(Judged { report, at }: &Judged) -> Markup {
    let badge = &report.badge;
    let rows = [
        ("Achievement", &badge.achievement),
        ("What it says", &badge.description),
        ("What had to be done", &badge.criteria),
        ("Earned by", &badge.recipient),
        ("Issued by", &badge.issuer_name),
        ("The issuer's name for programs", &badge.issuer),
    ];
    let rows: Vec<SummaryRow> =
        rows.into_iter().filter_map(|(name, value)| Some(SummaryRow::new(name, value.as_deref()?))).collect();
    html! {
        @if report.accepted { (InsetText::new(html! { p { (report.sentence) } })) }
        @else { (WarningCallout::new("Do not rely on this badge", html! { p { (report.sentence) } })) }
        p { "Judged as of " (on_page(*at)) "." }
        @if !rows.is_empty() {
            h2 { @if report.accepted { "What it says" } @else { "What it says of itself" } }
            (SummaryList::new(rows))
        }
        h2 { "The check, step by step" }
        (steps(report))
    }
}

/// Every step of a check with its result.
pub(super) fn steps(report: &Report) -> Markup {
    let rows = report.checks.iter().map(|check| {
        let tag = match check.outcome {
            Outcome::Passed => Tag::new("Passed").colour(TagColour::Green),
            Outcome::Failed => Tag::new("Failed").colour(TagColour::Red),
            Outcome::NotChecked => Tag::new("Not checked").colour(TagColour::Grey),
        };
        vec![
            Cell::new(check.topic.name()),
            Cell::new(html! { (tag) }),
            Cell::new(html! { span.app-wrap { (check.sentence) } }),
        ]
    });
    html! {
        (Table::new("Steps of the check")
            .head([Column::new("Step"), Column::new("Result"), Column::new("In words")])
            .first_cell_is_header(true)
            .responsive(true)
            .rows(rows))
    }
}
