//! `…/workforce/{model}/runs/{run}`: the years to come by specialty, as a picture with its table, with the year in which a change made now first shows.

use hiec_charts::{Look, OutlookChart, OutlookYear, Size};
use hiec_kernel::Problem;
use hiec_kernel::clock::date_on_page;
use hiec_web::components::own::Downloads;
use hiec_web::components::{Cell, Column, Details, InsetText, SummaryList, SummaryRow, Table};
use hiec_web::{Answer, Loaded, Page, Reply};
use hiec_workforce::command::{model as read_model, table};
use maud::{Markup, PreEscaped, html};
use serde_json::Value;

use super::page::under;
use super::store::{Run, RunHere};
use crate::ground;

pub async fn get(door: Loaded<RunHere>) -> Answer {
    let (run, here) = (&door.run, &door.here);
    let what_if = run.what_if();
    let specialties = run.answer["specialties"].as_array().cloned().unwrap_or_default();
    let path = format!("{}/runs/{}", here.path(), run.number);
    let holds = run.answer["conservation"]["holds"] == true;
    let rows = vec![
        SummaryRow::new("What if", if what_if.is_empty() { "As it is".to_owned() } else { what_if.clone() }),
        SummaryRow::new("Run on", date_on_page(run.ran_at)),
        SummaryRow::new("Version of the inputs", run.version.to_string()),
        SummaryRow::new("Hash of every input", run.inputs_sha256.as_str()),
        SummaryRow::new("Engine", run.engine.as_str()),
        SummaryRow::new("Seed and draws", format!("{} and {}", run.answer["seed"], run.answer["draws"])),
        SummaryRow::new(
            "Headcount",
            if holds {
                format!("Conserved in all {} steps that were checked", run.answer["conservation"]["years_checked"])
            } else {
                "Not conserved: please report this".to_owned()
            },
        ),
    ];
    let notes = run.answer["notes"].as_array().cloned().unwrap_or_default();
    let view = html! {
        h1 { span.nhsuk-caption-xl { (here.model.name) (ground::made_up(here.model.is_illustrative)) } "Run " (run.number) }
        @for sentence in run.in_short() { p { (sentence) } }
        @for note in &notes { (InsetText::new(note.as_str().unwrap_or_default())) }
        @for (at, specialty) in specialties.iter().enumerate() { (shown(run, at, specialty, here.model.is_illustrative)) }
        h2 { "Posts and those in training" }
        (Details::new("Posts and starters of the first three years", stages(&run.answer)))
        h2 { "What was run" }
        (SummaryList::new(rows))
        (Downloads::new([
            ("The years as CSV", format!("{path}/years.csv")),
            ("The run and its inputs as JSON", format!("{path}/run.json")),
        ]))
    };
    let data = serde_json::json!({
        "number": run.number, "version": run.version, "inputs_sha256": run.inputs_sha256, "engine": run.engine,
        "what_if": what_if, "answer": run.answer,
    });
    let page = under(Page::new(format!("Run {}", run.number), view).data(&data)?, here);
    Ok(page.under(here.path(), here.model.name.clone()).wide().into())
}

/// The what-if's line of a specialty.
fn changed(answer: &Value, at: usize) -> &Value {
    &answer["what_if"]["specialties"][at]
}

/// The picture of a specialty, from a run's answer.
fn chart(run: &Run, at: usize, specialty: &Value, source: &str) -> OutlookChart {
    let answer = &run.answer;
    let changed = changed(answer, at);
    let years = specialty["years"].as_array().map(Vec::as_slice).unwrap_or_default();
    let year = |(place, line): (usize, &Value)| OutlookYear {
        year: line["year"].as_i64().and_then(|year| i32::try_from(year).ok()).unwrap_or_default(),
        expected: line["fte"].as_f64().unwrap_or_default(),
        band: line["fte_low"].as_f64().zip(line["fte_high"].as_f64()),
        asked: line["demand"][0]["fte"].as_f64(),
        other: changed["years"][place]["fte"].as_f64(),
    };
    let first = years.first().and_then(|line| line["year"].as_i64()).unwrap_or_default();
    let shows = changed["shows_in"].as_i64().map(|shows| (shows, format!("This change first shows in {shows}")));
    let shows = shows.or_else(|| {
        let shows = specialty["change_of_posts_shows_in"].as_i64()?;
        Some((shows, format!("A change of posts made in {first} first shows in {shows}")))
    });
    let name = specialty["name"].as_str().unwrap_or_default();
    OutlookChart {
        id: format!("outlook-{at}"),
        title: name.to_owned(),
        subtitle: "Whole-time equivalents in post".to_owned(),
        reading: run.sentence_of(name).to_owned(),
        unit: "whole-time equivalents".to_owned(),
        years: years.iter().enumerate().map(year).collect(),
        asked_name: years.first().and_then(|line| line["demand"][0]["name"].as_str()).unwrap_or("Asked for").to_owned(),
        other_name: "With the change".to_owned(),
        shows: shows.and_then(|(year, words)| Some((i32::try_from(year).ok()?, words))),
        source: source.to_owned(),
    }
}

fn shown(run: &Run, at: usize, specialty: &Value, is_illustrative: bool) -> Markup {
    let source = if is_illustrative { "Illustrative. Inputs as the model says" } else { "Inputs as the model says" };
    let chart = chart(run, at, specialty, source);
    let narrow = OutlookChart { id: format!("{}-narrow", chart.id), ..chart.clone() };
    let look = Look { has_head: false, ..Look::on_page() };
    let lag = changed(&run.answer, at)["lag_years"].as_i64();
    html! {
        h2 { (chart.title) }
        p { (chart.reading) }
        @if let Some((_, words)) = &chart.shows {
            (InsetText::new(match lag {
                Some(lag) => format!("{words}, {lag} years after it is made."),
                None => format!("{words}: those who start training then finish in that year."),
            }))
        }
        figure.app-figure {
            div.app-figure--wide { (PreEscaped(chart.svg(Size::Wide, look))) }
            div.app-figure--narrow { (PreEscaped(narrow.svg(Size::Narrow, look))) }
        }
        (Details::new(html! { "The picture as a table: " (chart.title) }, chart.table()))
        (Details::new(html! { "Who comes and goes: " (chart.title) }, flows(specialty)))
    }
}

/// Every flow by year.
fn flows(specialty: &Value) -> Markup {
    let lines = specialty["years"].as_array().map(Vec::as_slice).unwrap_or_default();
    let number = |line: &Value, field: &str| Cell::numeric(tenths(line[field].as_f64()));
    html! {
        (Table::new(format!("{}: who comes and goes", specialty["name"].as_str().unwrap_or_default()))
            .head([
                Column::new("Year"),
                Column::numeric("In training"),
                Column::numeric("Come from training as it begins"),
                Column::numeric("In post then"),
                Column::numeric("Whole-time"),
                Column::numeric("Asked for, less those"),
                Column::numeric("Join in the year"),
                Column::numeric("Leave"),
                Column::numeric("Retire"),
                Column::numeric("In post at its end"),
            ])
            .first_cell_is_header(true)
            .responsive(true)
            .rows(lines.iter().map(|line| vec![
                Cell::new(line["year"].to_string()),
                number(line, "in_training"),
                number(line, "completions"),
                number(line, "headcount"),
                number(line, "fte"),
                Cell::numeric(tenths(line["demand"][0]["gap"].as_f64())),
                number(line, "joiners"),
                number(line, "leaving"),
                number(line, "retiring"),
                number(line, "headcount_at_year_end"),
            ])))
    }
}

fn stages(answer: &Value) -> Markup {
    let stages = answer["stages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let rows = stages.iter().flat_map(|stage| {
        let years = stage["years"].as_array().map(Vec::as_slice).unwrap_or_default();
        years.iter().take(3).map(move |line| {
            let number = |field: &str| Cell::numeric(tenths(line[field].as_f64()));
            vec![
                Cell::new(stage["name"].as_str().unwrap_or_default()),
                Cell::new(line["year"].to_string()),
                number("posts"),
                number("starters"),
                number("unfilled"),
                number("in_training"),
                number("lost"),
                number("finishing"),
            ]
        })
    });
    html! {
        (Table::new("The first three years; the files have all")
            .head([
                Column::new("Stage"),
                Column::new("Year"),
                Column::numeric("Posts"),
                Column::numeric("Starters"),
                Column::numeric("Unfilled"),
                Column::numeric("In training"),
                Column::numeric("Leave"),
                Column::numeric("Finish"),
            ])
            .responsive(true)
            .rows(rows.collect::<Vec<_>>()))
    }
}

pub(super) fn tenths(number: Option<f64>) -> String {
    number.map(|number| format!("{number:.1}").replace('-', "−")).unwrap_or_default()
}

pub async fn csv(door: Loaded<RunHere>) -> Answer {
    // Made again from what was kept: the engine gives the same answer to the same model.
    let model = read_model(&door.run.model).map_err(|problems| Problem::internal(problems.join("; ")))?;
    let answer = tokio::task::spawn_blocking(move || model.run().map(|answer| table(&model, &answer)))
        .await
        .map_err(Problem::internal)?
        .map_err(|problems| Problem::internal(problems.join("; ")))?;
    let name = format!("{}-run-{}.csv", door.here.model.key, door.run.number);
    Ok(Reply::download(&name, "text/csv; charset=utf-8", format!("\u{feff}{answer}").into_bytes()))
}

pub async fn json(door: Loaded<RunHere>) -> Answer {
    let run = &door.run;
    let model: Value = serde_json::from_str(&run.model).map_err(Problem::internal)?;
    Reply::json(&serde_json::json!({
        "number": run.number, "version": run.version, "inputs_sha256": run.inputs_sha256, "engine": run.engine,
        "ran_at": run.ran_at, "model": model, "answer": run.answer,
    }))
    .map_err(Into::into)
}
