//! Writes an answer as JSON or CSV: people to the last millionth; it must never write a number without what it counts.

use serde_json::{Value, json};

use super::identity::sha256;
use crate::amount::MILLION;
use crate::flow::SpecialtyYear;
use crate::model::{Model, Specialty};
use crate::run::{Answer, Band, Bands, Projection, VERSION};
use crate::what_if::Change;

/// Writes an answer as JSON; the shape stands in the README.
pub fn answer(model: &Model, answer: &Answer) -> String {
    let sentences = answer.sentences(model);
    let mut text = json!({
        "name": model.name,
        "sentence": sentences.join(" "),
        "sentences": sentences,
        "engine": VERSION,
        "inputs_sha256": sha256(model),
        "seed": model.seed,
        "draws": if answer.base.bands.is_some() { model.draws } else { 0 },
        "band": amount(model.band),
        "conservation": {
            "holds": answer.conservation.holds(),
            "years_checked": answer.conservation.years_checked,
            "largest_difference": amount(answer.conservation.largest_difference),
        },
        "notes": answer.notes,
        "specialties": specialties(model, &answer.base),
        "stages": stages(model, &answer.base),
    });
    if let Some(changed) = &answer.changed {
        text["what_if"] = json!({
            "changes": model.what_if.iter().map(change).collect::<Vec<_>>(),
            "specialties": differences(model, answer, changed),
            "stages": stages(model, changed),
        });
    }
    // Plain values: nothing here that JSON has no form for.
    serde_json::to_string_pretty(&text).map(|text| text + "\n").unwrap_or_default()
}

/// Millionths as a number: whole where it is.
fn amount(number: i64) -> Value {
    if number % MILLION == 0 { json!(number / MILLION) } else { json!(number as f64 / MILLION as f64) }
}

fn specialties(model: &Model, projection: &Projection) -> Vec<Value> {
    let of = |(at, specialty): (usize, &Specialty)| {
        let way = model.way_into(specialty);
        let full_time: u32 = way.iter().map(|stage| stage.years).sum();
        let stages: Vec<Value> = way
            .iter()
            .map(|stage| {
                let takes = i64::from(stage.years) * MILLION * MILLION / stage.wte.central.max(1);
                json!({"stage": stage.name, "years_full_time": stage.years, "takes_years": amount(takes)})
            })
            .collect();
        let bands = projection.bands.as_ref().and_then(|bands| bands.get(at));
        let years = projection.flow.years.iter().enumerate().map(|(place, year)| {
            let in_training: i64 = training(model, specialty).map(|stage| year.stages[stage].in_training).sum();
            specialty_year(
                year.year,
                specialty,
                &year.specialties[at],
                in_training,
                bands.and_then(|bands| bands.get(place)),
            )
        });
        json!({
            "name": specialty.name,
            "profession": specialty.profession,
            "way_in": stages,
            "way_in_years_full_time": full_time,
            "change_of_posts_shows_in": model.change_shows_in(specialty, model.first_year),
            "years": years.collect::<Vec<_>>(),
        })
    };
    model.specialties.iter().enumerate().map(of).collect()
}

fn training<'a>(model: &'a Model, specialty: &'a Specialty) -> impl Iterator<Item = usize> + 'a {
    specialty.trained_by.iter().filter_map(|name| model.stage(name))
}

fn specialty_year(
    number: i32,
    specialty: &Specialty,
    year: &SpecialtyYear,
    in_training: i64,
    bands: Option<&Bands>,
) -> Value {
    let demand = specialty.demand.iter().zip(&year.demand).zip(year.gaps()).enumerate();
    let demand = demand.map(|(at, ((demand, level), gap))| {
        let mut line = json!({"name": demand.name, "fte": amount(*level), "gap": amount(gap)});
        if let Some(band) = bands.and_then(|bands| bands.gaps.get(at)) {
            banded(&mut line, "gap", *band);
        }
        line
    });
    let mut line = json!({
        "year": number,
        "in_training": amount(in_training),
        "completions": amount(year.completions),
        "headcount": amount(year.headcount),
        "fte": amount(year.fte),
        "joiners": amount(year.joiners),
        "leaving": amount(year.leaving),
        "retiring": amount(year.retiring),
        "headcount_at_year_end": amount(year.at_year_end()),
        "demand": demand.collect::<Vec<_>>(),
    });
    if let Some(bands) = bands {
        banded(&mut line, "headcount", bands.headcount);
        banded(&mut line, "fte", bands.fte);
    }
    line
}

fn banded(line: &mut Value, name: &str, band: Band) {
    for (end, number) in [("low", band.low), ("median", band.median), ("high", band.high)] {
        line[format!("{name}_{end}")] = amount(number);
    }
}

fn stages(model: &Model, projection: &Projection) -> Vec<Value> {
    let of = |(at, stage): (usize, &crate::Stage)| {
        let years = projection.flow.years.iter().map(|year| {
            let now = &year.stages[at];
            json!({
                "year": year.year,
                "posts": amount(now.posts),
                "starters": amount(now.starters),
                "unfilled": amount(now.posts - now.starters),
                "in_training": amount(now.in_training),
                "lost": amount(now.lost),
                "finishing": amount(now.finishing),
                "without_post": amount(now.without_post),
            })
        });
        json!({"name": stage.name, "years": years.collect::<Vec<_>>()})
    };
    model.stages.iter().enumerate().map(of).collect()
}

fn change(change: &Change) -> Value {
    match change {
        Change::Move { posts, from, to, year } => {
            json!({"move": amount(*posts), "from": from.0, "to": to.0, "year": year})
        }
        Change::Add { posts, to, year } => json!({"add": amount(*posts), "to": to.0, "year": year}),
    }
}

fn differences(model: &Model, answer: &Answer, changed: &Projection) -> Vec<Value> {
    let of = |(at, specialty): (usize, &Specialty)| {
        let difference = answer.differences.get(at)?;
        let years = changed.flow.years.iter().enumerate().map(|(place, year)| {
            let mut line = json!({
                "year": year.year,
                "headcount": amount(year.specialties[at].headcount),
                "fte": amount(year.specialties[at].fte),
                "headcount_difference": amount(difference.headcount[place]),
                "fte_difference": amount(difference.fte[place]),
            });
            if let Some(band) = difference.fte_band.as_ref().and_then(|bands| bands.get(place)) {
                banded(&mut line, "fte_difference", *band);
            }
            line
        });
        Some(json!({
            "name": specialty.name,
            "shows_in": difference.shows_in,
            "lag_years": difference.lag,
            "years": years.collect::<Vec<_>>(),
        }))
    };
    model.specialties.iter().enumerate().filter_map(of).collect()
}

/// The columns of [`table`].
pub const CSV_COLUMNS: [&str; 22] = [
    "specialty",
    "profession",
    "year",
    "in_training",
    "completions",
    "headcount",
    "fte",
    "fte_low",
    "fte_high",
    "joiners",
    "leaving",
    "retiring",
    "headcount_at_year_end",
    "demand",
    "demand_fte",
    "gap",
    "gap_low",
    "gap_high",
    "what_if_fte",
    "what_if_fte_difference",
    "what_if_fte_difference_low",
    "what_if_fte_difference_high",
];

/// Writes an answer as CSV: a line for each specialty, year and demand scenario; what does not exist is empty.
pub fn table(model: &Model, answer: &Answer) -> String {
    let mut text = CSV_COLUMNS.join(",") + "\n";
    for (at, specialty) in model.specialties.iter().enumerate() {
        let bands = answer.base.bands.as_ref().and_then(|bands| bands.get(at));
        for (place, year) in answer.base.flow.years.iter().enumerate() {
            let now = &year.specialties[at];
            let bands = bands.and_then(|bands| bands.get(place));
            let in_training: i64 = training(model, specialty).map(|stage| year.stages[stage].in_training).sum();
            let change = answer.differences.get(at).zip(answer.changed.as_ref());
            let scenarios = specialty.demand.iter().zip(now.demand.iter().zip(now.gaps())).map(Some).enumerate();
            let none = specialty.demand.is_empty().then_some((0, None));
            for (scenario, demand) in scenarios.chain(none) {
                let gap = bands.and_then(|bands| bands.gaps.get(scenario));
                let band = change.and_then(|(change, _)| change.fte_band.as_ref()?.get(place));
                let cells = [
                    quoted(&specialty.name),
                    quoted(&specialty.profession),
                    year.year.to_string(),
                    cell(Some(in_training)),
                    cell(Some(now.completions)),
                    cell(Some(now.headcount)),
                    cell(Some(now.fte)),
                    cell(bands.map(|bands| bands.fte.low)),
                    cell(bands.map(|bands| bands.fte.high)),
                    cell(Some(now.joiners)),
                    cell(Some(now.leaving)),
                    cell(Some(now.retiring)),
                    cell(Some(now.at_year_end())),
                    demand.map(|(demand, _)| quoted(&demand.name)).unwrap_or_default(),
                    cell(demand.map(|(_, (level, _))| *level)),
                    cell(demand.map(|(_, (_, gap))| gap)),
                    cell(gap.map(|gap| gap.low)),
                    cell(gap.map(|gap| gap.high)),
                    cell(change.map(|(_, changed)| changed.flow.years[place].specialties[at].fte)),
                    cell(change.map(|(change, _)| change.fte[place])),
                    cell(band.map(|band| band.low)),
                    cell(band.map(|band| band.high)),
                ];
                text += &(cells.join(",") + "\n");
            }
        }
    }
    text
}

fn cell(number: Option<i64>) -> String {
    number.map(|number| amount(number).to_string()).unwrap_or_default()
}

/// A text as a cell; one that a spreadsheet would take for a formula is told to be text.
fn quoted(text: &str) -> String {
    let text = if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}
