//! `/clusters/{cluster}/impact/{plan}`: the plan with its fingerprint and amendments, the result in plain words with its range, and what it is worth.

use hiec_charts::{Look, PairChart, Size, Theme};
use hiec_kernel::Problem;
use hiec_kernel::clock::{date_on_page, day_on_page, london_date, on_page};
use hiec_web::components::{Button, Cell, Column, Details, InsetText, SummaryList, SummaryRow, Table, WarningCallout};
use hiec_web::{Answer, Errors, Loaded, Page};
use maud::{Markup, PreEscaped, html};
use serde::Serialize;

use super::figures::Range;
use super::plan::Draft;
use super::running::{AmendmentForm, ResultForm};
use super::store::{self, Amendment, PlanHere, ResultFound, WorthSaid};
use super::worth::{self, Lines};
use crate::ground::{self, made_up};
use crate::measures::reading::{MeasureLine, measures_of};

#[derive(Serialize)]
struct Shown<'a> {
    plan: &'a Draft,
    frozen_on: Option<chrono::NaiveDate>,
    fingerprint: Option<&'a str>,
    amendments: &'a [Amendment],
    results: &'a [ResultFound],
    worth: Option<&'a WorthSaid>,
    worth_sentence: Option<String>,
}

/// What was typed into the forms of the page, and what was wrong with it.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    pub amendment: AmendmentForm,
    pub result: ResultForm,
    pub worth: Option<Lines>,
    pub errors: Errors,
}

pub async fn get(here: Loaded<PlanHere>) -> Answer {
    Ok(page(&here, &Typed::default()).await?.into())
}

pub(super) async fn page(here: &Loaded<PlanHere>, typed: &Typed) -> Result<Page, Problem> {
    let (cluster, plan) = (&here.cluster, &here.plan);
    let database = here.database();
    let amendments = store::amendments(&database, plan.id).await?;
    let results = store::results(&database, plan.id).await?;
    let said = store::worth(&database, plan.id).await?;
    let says = plan.says();
    let may_run = here.may("impact_plan.run");
    let measures = measures_of(&database, cluster.id).await?;
    let measure = measures.iter().find(|measure| Some(measure.id) == says.measure);
    let sees_means = may_run || (sees_sites(here) && says.hides_single_sites());
    let results: Vec<ResultFound> =
        results.into_iter().map(|one| if sees_means { one } else { one.without_means() }).collect();
    let has_begun = says.start <= london_date(here.now());
    let view = html! {
        (ground::mistakes(&typed.errors))
        h1 { span.nhsuk-caption-xl { (cluster.short_name) ": what would have happened anyway" } (says.title) (made_up(plan.is_illustrative)) }
        @if let Some(newest) = results.first() { (result(newest, says)) }
        @else if plan.frozen.is_some() {
            p { @if has_begun { "It has begun, and no result has been found yet." } @else { "It begins on " (day_on_page(says.start)) ". There is no result before that day." } }
        }
        @if may_run && plan.frozen.is_some() && has_begun { (result_form(here, typed)) }
        h2 { "The plan" }
        (plan_list(here, measure))
        @if let Some(frozen) = plan.frozen.as_ref().filter(|frozen| !frozen.plan.is_before_start()) {
            (WarningCallout::new("Frozen after the start", format!(
                "The plan was frozen on {}, when the start of {} had come: nobody can know that it was not fitted to the answer.",
                day_on_page(frozen.plan.on), day_on_page(says.start)
            )))
        }
        @if plan.frozen.is_none() && may_run {
            p { (Button::link("Change the draft", format!("{}/draft", here.path())).secondary()) }
            form method="post" action={ (here.path()) "/freezing" } {
                (Button::new("Freeze the plan").confirm("Once frozen it does not change any more. Freeze it?"))
            }
        }
        @if !amendments.is_empty() {
            h3 { "Amendments" }
            ul { @for one in &amendments { li { (on_page(one.said_at)) ": " (one.words) " Reason: " (one.reason) } } }
        }
        @if plan.frozen.is_some() && may_run { (amendment_form(here, typed)) }
        h2 { "What it is worth" }
        (worth_shown(here, said.as_ref()))
        @if may_run { (worth_form(here, said.as_ref(), typed)) }
        @if results.len() > 1 {
            h2 { "Earlier results" }
            @for earlier in results.iter().skip(1) {
                (Details::new(format!("Found on {}", date_on_page(earlier.at)), html! { (result(earlier, says)) }))
            }
        }
    };
    let today = london_date(here.now());
    let sentence = said.as_ref().and_then(|said| worth::worked(&says.title, &said.lines, today).ok());
    let shown = Shown {
        plan: says,
        frozen_on: plan.frozen.as_ref().map(|frozen| frozen.plan.on),
        fingerprint: plan.frozen.as_ref().map(|frozen| frozen.plan.fingerprint.as_str()),
        amendments: &amendments,
        results: &results,
        worth: said.as_ref(),
        worth_sentence: sentence.map(|worked| worked.answer.sentence()),
    };
    Ok(ground::under(Page::new(says.title.clone(), view).data(&shown)?, cluster)
        .under(format!("{}/impact", cluster.path()), "What would have happened anyway"))
}

/// Whether this person may read about single sites of the cluster.
fn sees_sites(here: &Loaded<PlanHere>) -> bool {
    here.may_with("innovation.read", &ground::target(&here.cluster, "innovation", here.cluster.id.0, here.now()))
}

fn plan_list(here: &PlanHere, measure: Option<&MeasureLine>) -> Markup {
    let says = here.plan.says();
    let names = |names: &[String]| match names.len() {
        0 => "None".to_owned(),
        count @ 9.. => format!("{count}: {}", names.join(", ")),
        _ => names.join(", "),
    };
    let mut rows = vec![
        SummaryRow::new("What is done", says.what.as_str()),
        SummaryRow::new("What is measured", says.outcome.as_str()),
        SummaryRow::new(
            "Figures from",
            html! {
                @match measure {
                    Some(measure) => { a href={ (here.cluster.path()) (measure.path) } { (measure.title) } }
                    None => { "Given with the result" }
                }
            },
        ),
        SummaryRow::new("How it is found out", says.design.label()),
        SummaryRow::new(
            "Where it is done",
            match says.starts.is_empty() {
                true => names(&says.treated),
                false => {
                    let told = says.starts.iter().map(|(unit, start)| format!("{unit} from {}", day_on_page(*start)));
                    told.collect::<Vec<_>>().join(", ")
                }
            },
        ),
        SummaryRow::new("Compared with", names(&says.comparators)),
        SummaryRow::new("Begins", day_on_page(says.start)),
        SummaryRow::new("First period that counts as after", day_on_page(says.first_period)),
        SummaryRow::new("Written", day_on_page(here.plan.written_on)),
    ];
    match &here.plan.frozen {
        Some(frozen) => {
            rows.push(SummaryRow::new("Frozen", on_page(frozen.at)));
            rows.push(SummaryRow::new("Fingerprint (SHA-256)", html! { code.app-wrap { (frozen.plan.fingerprint) } }));
        }
        None => rows.push(SummaryRow::new("State", "A draft: not frozen yet")),
    }
    html! { (SummaryList::new(rows)) }
}

fn range(range: Option<Range>, factor: f64, unit: &str) -> String {
    let number = |value: f64| hiec_charts::Unit::Plain.figure(value * factor, 1);
    range.map_or_else(
        || "Not told".to_owned(),
        |one| format!("{}{unit} ({}{unit} to {}{unit})", number(one.estimate), number(one.low), number(one.high)),
    )
}

/// Charts inside a page leave their heads to it.
const INSIDE: Look = Look { theme: Theme::Light, has_style: false, has_head: false };

/// The means of the two sides over time, with the day it began.
fn pair(newest: &ResultFound, says: &Draft, ending: &str) -> PairChart {
    PairChart {
        id: format!("means-{}{ending}", newest.at.timestamp()),
        title: format!("{}: means by period", says.title),
        reading: newest.found.words.clone(),
        names: ("Where it was done".into(), "Compared with".into()),
        points: newest.found.means.clone(),
        start: Some((says.start, format!("It begins, {}", day_on_page(says.start)))),
        ..PairChart::default()
    }
}

fn result(newest: &ResultFound, says: &Draft) -> Markup {
    let found = &newest.found;
    let rows = found.means.iter().map(|(period, treated, others)| {
        let number = |value: Option<f64>| {
            value.map_or_else(|| "–".to_owned(), |value| hiec_charts::Unit::Plain.figure(value, 1))
        };
        vec![Cell::new(day_on_page(*period)), Cell::numeric(number(*treated)), Cell::numeric(number(*others))]
    });
    html! {
        h2 { "The result" }
        (InsetText::new(html! { p { strong { @if found.is_told { "It can be told. " } @else { "It cannot be told. " } } (found.words) } }))
        (made_up(newest.is_illustrative))
        (SummaryList::new([
            SummaryRow::new("What changed where it was done", found.change.map_or_else(|| "Not told".to_owned(), |change| hiec_charts::Unit::Plain.figure(change, 1))),
            SummaryRow::new("Of that, due to it (95% confidence)", range(found.effect, 1.0, "")),
            SummaryRow::new("Share due to it", range(found.share, 100.0, "%")),
            SummaryRow::new("Share that would have come anyway", range(found.deadweight, 100.0, "%")),
        ]))
        @if !found.doubts.is_empty() { h3 { "What speaks against it" } ul { @for doubt in &found.doubts { li { (doubt) } } } }
        h3 { "Held against the plan" }
        @if found.departures.is_empty() { p { "The analysis follows the plan in everything." } }
        @else { ul { @for departure in &found.departures { li { (departure) } } } }
        @if found.means.len() > 1 {
            figure.app-figure {
                div.app-figure--wide { (PreEscaped(pair(newest, says, "").svg(Size::Wide, INSIDE))) }
                div.app-figure--narrow { (PreEscaped(pair(newest, says, "-narrow").svg(Size::Narrow, INSIDE))) }
            }
        }
        @if !found.means.is_empty() {
            (Details::new("Means by period", html! {
                (Table::new("Means by period")
                    .head([Column::new("Period"), Column::numeric("Where it was done"), Column::numeric("Compared with")])
                    .first_cell_is_header(true)
                    .rows(rows))
            }))
        }
        p.app-source { "Found on " (on_page(newest.at)) "." }
    }
}

fn result_form(here: &PlanHere, typed: &Typed) -> Markup {
    let errors = &typed.errors;
    let inner = html! {
        form method="post" action={ (here.path()) "/results" } novalidate {
            @if here.plan.says().measure.is_some() {
                p { "The figures are taken from the measure, as they stand today." }
                @if let Some(wrong) = errors.of("figures") { p #figures { strong { (wrong) } } }
            } @else {
                (ground::lines_field("figures", "Figures", &typed.result.figures, errors)
                    .rows(8_u16)
                    .hint("A table with the columns unit, period and value; the period as its first day, such as 2010-12-01"))
            }
            (Button::new("Find the result"))
        }
    };
    html! { (Details::new("Find the result from figures", inner).open(errors.of("figures").is_some())) }
}

fn amendment_form(here: &PlanHere, typed: &Typed) -> Markup {
    let (form, errors) = (&typed.amendment, &typed.errors);
    let inner = html! {
        form method="post" action={ (here.path()) "/amendments" } novalidate {
            (ground::lines_field("words", "What is added", &form.words, errors))
            (ground::lines_field("reason", "Why", &form.reason, errors))
            (Button::new("Amend the plan"))
        }
    };
    html! { (Details::new("Amend the plan", inner).open(errors.of("words").or(errors.of("reason")).is_some())) }
}

fn worth_shown(here: &Loaded<PlanHere>, said: Option<&WorthSaid>) -> Markup {
    let Some(said) = said else {
        return html! { p { "Nobody has said yet what it cost and what it is worth." } };
    };
    let worked = match worth::worked(&here.plan.says().title, &said.lines, london_date(said.at)) {
        Ok(worked) => worked,
        Err(wrong) => return html! { ul { @for one in wrong { li { (one) } } } },
    };
    let answer = &worked.answer;
    let parts = answer.parts.iter().map(|part| vec![Cell::new(part.name.as_str()), Cell::numeric(part.worth)]);
    let tornado = answer
        .tornado
        .iter()
        .map(|bar| vec![Cell::new(bar.input.as_str()), Cell::numeric(bar.at_low), Cell::numeric(bar.at_high)]);
    html! {
        (InsetText::new(answer.sentence()))
        (made_up(said.is_illustrative))
        (SummaryList::new([
            SummaryRow::new("Put in", answer.inputs.to_string()),
            SummaryRow::new("Came back, at today's worth", answer.benefits.to_string()),
            SummaryRow::new("Net, with every doubtful number at its worse end", answer.worst.to_string()),
            SummaryRow::new("Net, with every doubtful number at its better end", answer.best.to_string()),
            SummaryRow::new("Discounted by", format!("{} ({})", worked.rates.name, worked.rates.source)),
        ]))
        @if !answer.parts.is_empty() {
            (Table::new("What each part is worth today").head([Column::new("Part"), Column::numeric("Worth")])
                .first_cell_is_header(true).rows(parts))
        }
        @if !answer.tornado.is_empty() {
            (Table::new("What matters most: the net value with each doubtful number at its ends")
                .head([Column::new("Number in doubt"), Column::numeric("At its lowest"), Column::numeric("At its highest")])
                .first_cell_is_header(true).rows(tornado))
        }
        @if !answer.without_reason.is_empty() { p { "These give no reason: " (answer.without_reason.join("; ")) "." } }
        (Details::new("The lines it rests on", html! { pre.app-wrap { (said.lines.costs) "\n" (said.lines.benefits) "\n" (said.lines.sooner) } }))
    }
}

fn worth_form(here: &PlanHere, said: Option<&WorthSaid>, typed: &Typed) -> Markup {
    let errors = &typed.errors;
    let lines = typed.worth.clone().or(said.map(|said| said.lines.clone())).unwrap_or_default();
    let inner = html! {
        p { "One line each, parts between upright strokes. A number in doubt is low/middle/high, such as 20/40/60; the last part is the reason." }
        form method="post" action={ (here.path()) "/worth" } novalidate {
            (ground::lines_field("costs", "What was put in", &lines.costs, errors).hint("Name | pounds | public or other | why"))
            (ground::lines_field("benefits", "What came of it", &lines.benefits, errors)
                .hint("Name | how many a year | pounds each | % that would have come anyway | % due to others | years | why"))
            (ground::lines_field("sooner", "What only came sooner", &lines.sooner, errors).hint("Name | pounds a quarter | quarters sooner | why"))
            (Button::new("Work it out"))
        }
    };
    let is_open = ["costs", "benefits", "sooner"].iter().any(|field| errors.of(field).is_some());
    html! { (Details::new("Say what it is worth", inner).open(is_open)) }
}
