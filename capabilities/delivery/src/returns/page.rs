//! `/clusters/{cluster}/returns/{quarter}`: a return at whatever stage it stands, with what this person can do about it next.

use hiec_kernel::Problem;
use hiec_kernel::calendar::WorkingCalendar;
use hiec_kernel::clock::{date_on_page, day_on_page, london_date, on_page};
use hiec_reports::Reports;
use hiec_web::components::own::{Downloads, IllustrativeTag, PrintButton, Progress, ProgressStep};
use hiec_web::components::{Button, ErrorSummary, InsetText, Select, SelectItem, Textarea};
use hiec_web::{Answer, Errors, Loaded, Page};
use maud::{Markup, html};
use serde::Serialize;

use super::actions::is_open;
use super::content::Content;
use super::drawing_up::{self, Correction, Shown, line_name};
use super::list::{state_tag, timing_tag};
use super::rules::Timing;
use super::states::ReturnState;
use super::store::{self, Narratives, Query, Return};
use super::{view, writing};

/// What was typed into the page's forms and could not be taken.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    pub narratives: Option<Narratives>,
    pub line: String,
    pub question: String,
    /// The question answered, and the answer.
    pub answer: (String, String),
    pub reason: String,
}

#[derive(Serialize)]
struct Data<'a> {
    state: &'a str,
    timing: Timing,
    fingerprint: &'a str,
    /// The figures fill themselves still.
    is_live: bool,
    content: &'a Content,
    corrections: &'a [Correction],
    queries: &'a [Query],
}

pub async fn get(door: Loaded<Return>) -> Answer {
    Ok(page(&door, &Typed::default(), &Errors::none()).await?.into())
}

pub(super) async fn page(door: &Loaded<Return>, typed: &Typed, errors: &Errors) -> Result<Page, Problem> {
    let state = door.state();
    let shown = drawing_up::shown(&door.app, &door.thing, door.may("return.write")).await?;
    let queries = match &door.stored {
        Some(stored) => store::queries(&door.database(), stored.id).await?,
        None => Vec::new(),
    };
    let signed = state.signature().map(|signature| london_date(signature.act.at));
    let timing = Timing::of(door.quarter, signed, london_date(door.now()), &WorkingCalendar::default());
    let region = drawing_up::region_name(&door.database(), &door.cluster).await?;
    let has_pdf = door.app.optional::<Reports>().is_some_and(Reports::is_available);
    let view = html! {
        @if !errors.is_empty() {
            (ErrorSummary::new(errors.0.iter().map(|error| (error.field.clone(), error.message.clone()))))
        }
        h1 {
            span.nhsuk-caption-xl { (door.cluster.short_name) ", return to " (region.as_deref().unwrap_or("its region")) }
            (door.quarter.label())
        }
        p { (door.quarter.months()) @if shown.content.is_illustrative { " " (IllustrativeTag) } }
        (stands(&state, timing, door))
        (what_now(door, &state, &shown, &queries))
        (view::corrected(shown.corrections.iter().filter(|one| one.line == "money")))
        h2 { "The quarter in words" }
        @if shown.content.summary.is_empty() { p { "Nothing is written yet." } }
        @else { @for paragraph in shown.content.summary.split("\n\n") { p { (paragraph) } } }
        (asked(door, &queries, "summary", typed, errors))
        (view::glance(&shown.content))
        h2 { "Indicators" }
        @if shown.content.kpis.is_empty() {
            p { "No agreed indicator was in force in this quarter. " a href={ (door.cluster.path()) "/kpis" } { "See the indicators of the contract" } "." }
        } @else {
            (view::icon_table(&shown.content))
            @for kpi in &shown.content.kpis {
                (view::indicator(kpi, &shown.corrections))
                (asked(door, &queries, &kpi.kpi.to_string(), typed, errors))
            }
        }
        h2 { "Money" }
        (view::money(&shown.content.money))
        (asked(door, &queries, "money", typed, errors))
        h2 { "Projects and milestones" }
        (view::projects(&shown.content))
        (asked(door, &queries, "projects", typed, errors))
        h2 { "Risks and principles" }
        (view::risks(&shown.content))
        (asked(door, &queries, "risks", typed, errors))
        (forms(door, &state, &shown, &queries, typed, errors))
        (record(&shown))
        (downloads(door, has_pdf))
    };
    let data = Data {
        state: state.key(),
        timing,
        fingerprint: shown.fingerprint.as_str(),
        is_live: shown.is_live,
        content: &shown.content,
        corrections: &shown.corrections,
        queries: &queries,
    };
    let path = door.cluster.path();
    Ok(Page::new(format!("{}, {}", door.quarter.label(), door.cluster.short_name), view)
        .data(&data)?
        .under("/clusters", "Clusters")
        .under(path.clone(), door.cluster.short_name.clone())
        .under(format!("{path}/returns"), "Returns")
        .wide())
}

fn stands(state: &ReturnState, timing: Timing, door: &Loaded<Return>) -> Markup {
    let due = door.quarter.due(&WorkingCalendar::default());
    let step = match state {
        ReturnState::Draft | ReturnState::SentBack { .. } => 0,
        ReturnState::Signed { .. } => 1,
        ReturnState::Received { .. } | ReturnState::Queried { .. } => 2,
        ReturnState::Accepted { .. } => 4,
    };
    let steps = [
        ProgressStep::noted("Written by the cluster", format!("due {}", day_on_page(due))),
        ProgressStep::from("Signed by the chair"),
        ProgressStep::from("Read by the region"),
        ProgressStep::from("Accepted and published"),
    ];
    html! {
        (Progress::new("Stages of the return", steps, step))
        p { (state_tag(state.key(), state.label())) " " (timing_tag(timing)) }
    }
}

/// What this person can do next, or whom the return waits for.
fn what_now(door: &Loaded<Return>, state: &ReturnState, shown: &Shown, queries: &[Query]) -> Markup {
    let open = open_queries(state, queries);
    let words = match state {
        ReturnState::Draft => {
            "The figures fill themselves from measures, money, projects and risks until the chair signs. What they mean is written below."
                .to_owned()
        }
        ReturnState::SentBack { sent_back, reason, .. } => {
            format!("The region sent it back on {}: {reason}", date_on_page(sent_back.at))
        }
        ReturnState::Signed { signature } => format!(
            "Signed on {}. What was signed stays as it is; a figure that is corrected later is shown beside it. It waits for the region to receive it.",
            date_on_page(signature.act.at)
        ),
        ReturnState::Received { received, .. } => {
            format!("The region received it on {} and reads it.", date_on_page(received.at))
        }
        ReturnState::Queried { .. } => match open {
            1 => "The region waits for the answer to one question.".to_owned(),
            more => format!("The region waits for answers to {more} questions."),
        },
        ReturnState::Accepted { accepted, .. } => format!(
            "Accepted by the region on {}, and published as it was signed. Every number leads to the page it is followed back from; where that page \
             shows single sites or single payments, it asks you to sign in.",
            date_on_page(accepted.at)
        ),
    };
    html! {
        (InsetText::new(html! {
            p { (words) }
            @if shown.is_live && door.may("return.write") {
                p { a href="#words" { "Write the words" } @if door.may("return.sign") { ", or " a href="#signature" { "sign" } } "." }
            }
            @if matches!(state, ReturnState::Received { .. }) && door.may("return.accept") {
                p { "Ask about any line below, or " a href="#judgement" { "accept it or send it back" } "." }
            }
        }))
        @if matches!(state, ReturnState::Signed { .. }) && door.may("return.receive") {
            form method="post" action={ (door.path()) "/receipt" } { (Button::new("Receive this return")) }
        }
    }
}

fn open_queries(state: &ReturnState, queries: &[Query]) -> usize {
    let number = i64::from(state.last_signature().map_or(0, |signature| signature.number));
    queries.iter().filter(|query| is_open(query, number)).count()
}

/// The questions to a line with their answers, and the forms to ask and to answer.
fn asked(door: &Loaded<Return>, queries: &[Query], line: &str, typed: &Typed, errors: &Errors) -> Markup {
    let state = door.state();
    let number = i64::from(state.last_signature().map_or(0, |signature| signature.number));
    let may_answer = matches!(state, ReturnState::Queried { .. }) && door.may("return.answer");
    html! {
        @for query in queries.iter().filter(|query| query.line == line) {
            div.nhsuk-card { div.nhsuk-card__content {
                h3.nhsuk-card__heading.nhsuk-heading-s { "The region asks, " (on_page(query.asked_at)) }
                p { (query.question) }
                @match (&query.answer, query.answered_at) {
                    (Some(answer), Some(at)) => p { strong { "Answer, " (on_page(at)) ": " } (answer) },
                    _ if may_answer && is_open(query, number) => {
                        (answer_form(door, query, typed, errors))
                    }
                    _ => p { "Not answered." },
                }
            } }
        }
    }
}

fn answer_form(door: &Loaded<Return>, query: &Query, typed: &Typed, errors: &Errors) -> Markup {
    let field = format!("answer-{}", query.id.simple());
    let given = if typed.answer.0 == query.id.to_string() { typed.answer.1.as_str() } else { "" };
    html! {
        form method="post" action={ (door.path()) "/answers" } novalidate {
            input type="hidden" name="query" value=(query.id);
            (Textarea::new("answer", "Your answer")
                .id(field.as_str())
                .hint("It stands beside the figure for good; the figure stays as it was signed.")
                .rows(3)
                .value(given)
                .error_message(errors.of(&field)))
            (Button::new("Answer").small(true))
        }
    }
}

fn forms(
    door: &Loaded<Return>,
    state: &ReturnState,
    shown: &Shown,
    queries: &[Query],
    typed: &Typed,
    errors: &Errors,
) -> Markup {
    let is_with_region = matches!(state, ReturnState::Received { .. } | ReturnState::Queried { .. });
    html! {
        @if shown.is_live && door.may("return.write") {
            (writing::words_form(door, &shown.content, typed.narratives.as_ref(), errors))
        }
        @if shown.is_live && door.may("return.sign") {
            (writing::signature_form(door, shown, drawing_up::signing_waits(state, door.quarter, drawing_up::today(&door.app))))
        }
        @if is_with_region && door.may("return.query") { (question_form(door, &shown.content, typed, errors)) }
        @if is_with_region && door.may("return.accept") {
            (judgement(door, open_queries(state, queries), typed, errors))
        }
    }
}

fn question_form(door: &Loaded<Return>, content: &Content, typed: &Typed, errors: &Errors) -> Markup {
    let mut lines: Vec<(String, String)> =
        content.kpis.iter().map(|kpi| (kpi.kpi.to_string(), kpi.name.clone())).collect();
    for fixed in ["summary", "money", "projects", "risks"] {
        lines.extend(line_name(content, fixed).map(|name| (fixed.to_owned(), name)));
    }
    html! {
        h2 id="question" { "Ask about a line" }
        p { "The cluster answers; it cannot change what it signed. Where a figure is wrong, send the return back." }
        form method="post" action={ (door.path()) "/queries" } novalidate {
            (Select::new("line", "Which line")
                .items(std::iter::once(SelectItem::new("", "Choose a line"))
                    .chain(lines.into_iter().map(|(key, name)| SelectItem::new(key, name))))
                .value(typed.line.as_str())
                .error_message(errors.of("line")))
            (Textarea::new("question", "Your question").value(typed.question.as_str()).error_message(errors.of("question")))
            (Button::new("Ask").secondary())
        }
    }
}

fn judgement(door: &Loaded<Return>, open: usize, typed: &Typed, errors: &Errors) -> Markup {
    html! {
        h2 id="judgement" { "Accept, or send back" }
        @if open > 0 {
            p { "It can be accepted once every question is answered." }
        } @else {
            form method="post" action={ (door.path()) "/acceptance" } data-confirm="Accept and publish this return? It cannot be changed afterwards." {
                p { "Accepted, it is frozen and published with its evidence links." }
                (Button::new("Accept and publish"))
            }
        }
        form method="post" action={ (door.path()) "/rejection" } novalidate {
            (Textarea::new("reason", "Reasons for sending it back")
                .hint("The cluster reads them, and so does whoever reads the return later.")
                .value(typed.reason.as_str())
                .error_message(errors.of("reason")))
            (Button::new("Send it back").secondary())
        }
    }
}

/// Who signed what, and the fingerprint that proves it.
fn record(shown: &Shown) -> Markup {
    html! {
        @if !shown.signings.is_empty() {
            h2 { "Record" }
            ul {
                @for one in &shown.signings {
                    li {
                        "Signing " (one.number) ", " (on_page(one.at)) ". Fingerprint (SHA-256): "
                        code.app-code { (one.fingerprint) }
                    }
                }
            }
        }
    }
}

fn downloads(door: &Loaded<Return>, has_pdf: bool) -> Markup {
    let path = door.path();
    let mut files = Vec::new();
    if has_pdf {
        files.push(("Report as PDF", format!("{path}/report.pdf")));
    }
    files.extend([
        ("Report as plain text", format!("{path}/report.txt")),
        ("Workbook (XLSX)", format!("{path}/figures.xlsx")),
        ("Figures as CSV", format!("{path}/figures.csv")),
        ("Everything as JSON", format!("{path}/return.json")),
    ]);
    html! {
        h2 { "Take it away" }
        (Downloads::new(files))
        (PrintButton)
    }
}
