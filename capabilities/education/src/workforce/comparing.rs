//! `…/workforce/{model}/comparison`: two runs side by side, year by year.

use axum::extract::Query;
use hiec_kernel::Problem;
use hiec_web::components::{Cell, Column, Table};
use hiec_web::{Answer, Loaded, Page};
use maud::html;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::page::under;
use super::run_page::tenths;
use super::store::{self, ModelHere, Run};

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    one: String,
    #[serde(default)]
    other: String,
}

/// A specialty's year in both runs.
#[derive(Clone, PartialEq, Debug, Serialize)]
struct Line {
    specialty: String,
    year: i64,
    one: Option<f64>,
    other: Option<f64>,
}

/// Whole-time equivalents of a run, its what-ifs made, by specialty and year.
fn course(run: &Run) -> Vec<(String, i64, f64)> {
    let changed = &run.answer["what_if"]["specialties"];
    let specialties = if changed.is_array() { changed } else { &run.answer["specialties"] };
    let years = |specialty: &Value| {
        let name = specialty["name"].as_str().unwrap_or_default().to_owned();
        let lines = specialty["years"].as_array().cloned().unwrap_or_default();
        lines.into_iter().filter_map(move |line| Some((name.clone(), line["year"].as_i64()?, line["fte"].as_f64()?)))
    };
    specialties.as_array().into_iter().flatten().flat_map(years).collect()
}

fn lines(one: &Run, other: &Run) -> Vec<Line> {
    let (one, other) = (course(one), course(other));
    let find = |course: &[(String, i64, f64)], name: &str, year: i64| {
        course.iter().find(|(of, at, _)| of == name && *at == year).map(|(_, _, fte)| *fte)
    };
    let mut lines: Vec<Line> = one
        .iter()
        .map(|(name, year, fte)| Line {
            specialty: name.clone(),
            year: *year,
            one: Some(*fte),
            other: find(&other, name, *year),
        })
        .collect();
    let only = other.iter().filter(|(name, year, _)| find(&one, name, *year).is_none());
    lines.extend(only.map(|(name, year, fte)| Line {
        specialty: name.clone(),
        year: *year,
        one: None,
        other: Some(*fte),
    }));
    lines
}

pub async fn get(door: Loaded<ModelHere>, Query(asked): Query<Asked>) -> Answer {
    let one = run(&door, &asked.one).await?;
    let other = run(&door, &asked.other).await?;
    let lines = lines(&one, &other);
    let words = |run: &Run| {
        let what_if = run.what_if();
        format!("version {}, {}", run.version, if what_if.is_empty() { "as it is".to_owned() } else { what_if })
    };
    let first = lines.iter().find(|line| line.one != line.other).map(|line| line.year);
    let view = html! {
        h1 { span.nhsuk-caption-xl { (door.model.name) } "Run " (one.number) " and run " (other.number) }
        ul {
            li { "Run " (one.number) ": " (words(&one)) }
            li { "Run " (other.number) ": " (words(&other)) }
        }
        @if one.inputs_sha256 == other.inputs_sha256 {
            p { "Both have the same inputs, so both say the same." }
        } @else if let Some(year) = lines.iter().filter(|line| line.one != line.other).map(|line| line.year).min().or(first) {
            p { "They first differ in " (year) "." }
        } @else {
            p { "Their whole-time equivalents do not differ in any year." }
        }
        (Table::new("Whole-time equivalents in post")
            .head([
                Column::new("Specialty"),
                Column::new("Year"),
                Column::numeric(format!("Run {}", one.number)),
                Column::numeric(format!("Run {}", other.number)),
                Column::numeric("Difference"),
            ])
            .responsive(true)
            .rows(lines.iter().map(|line| vec![
                Cell::new(line.specialty.as_str()),
                Cell::new(line.year.to_string()),
                Cell::numeric(tenths(line.one)),
                Cell::numeric(tenths(line.other)),
                Cell::numeric(tenths(line.other.zip(line.one).map(|(other, one)| other - one))),
            ])))
    };
    let data = json!({ "one": one.number, "other": other.number, "lines": lines });
    let page = under(Page::new("Two runs", view).data(&data)?, &door);
    Ok(page.under(door.path(), door.model.name.clone()).wide().into())
}

async fn run(door: &Loaded<ModelHere>, asked: &str) -> Result<Run, Problem> {
    let number = asked
        .trim()
        .parse()
        .map_err(|_| Problem::invalid("Two runs are compared", "Choose both on the page of the model."))?;
    store::run(&door.database(), door.model.id, number).await?.ok_or_else(Problem::not_found)
}
