//! Reads a model from JSON; it must never stop at the first thing that is wrong.

use serde_json::Value;

use super::fields::{Fields, Problems};
use crate::amount::{MILLION, Uncertain};
use crate::model::{AgeBand, AgeStep, Demand, DemandLevel, Model, Specialty, Stage};
use crate::what_if::{Change, Place};

/// Reads and checks a model.
///
/// # Errors
/// Everything that is wrong with it: with the text, or with the model where the text is one.
pub fn model(text: &str) -> Result<Model, Vec<String>> {
    let value: Value = serde_json::from_str(text).map_err(|error| vec![format!("this is no JSON: {error}")])?;
    let problems = Problems::default();
    let fields = Fields::of(&problems, String::new(), &value);
    let model = Model {
        name: fields.text("name"),
        first_year: fields.whole("first_year", None).unwrap_or(2000),
        years: fields.whole("years", None).unwrap_or(1),
        seed: fields.whole("seed", Some(1)).unwrap_or(1),
        draws: fields.whole("draws", Some(0)).unwrap_or(0),
        band: fields.number("band", Some(800_000)),
        stages: fields.objects("stages", "stage").into_iter().map(stage).collect(),
        specialties: fields.objects("specialties", "specialty").into_iter().map(specialty).collect(),
        what_if: fields.objects("what_if", "what_if").into_iter().map(change).collect(),
    };
    fields.finish();
    let mut found = problems.all();
    // What could not be read stands at nought, which the model's own rules would then complain of.
    if found.is_empty() {
        found = model.problems();
    }
    if found.is_empty() { Ok(model) } else { Err(found) }
}

fn stage(fields: Fields<'_>) -> Stage {
    let stage = Stage {
        name: fields.text("name"),
        years: fields.whole("years", None).unwrap_or(1),
        from: fields.optional_text("from"),
        posts: fields.numbers("posts"),
        fill: fields.uncertain("fill", Some(MILLION)),
        attrition: fields.uncertain("attrition", Some(0)),
        wte: fields.uncertain("wte", Some(MILLION)),
        in_training: fields.numbers("in_training"),
        just_finished: fields.numbers("just_finished").first().copied(),
    };
    fields.finish();
    stage
}

fn specialty(fields: Fields<'_>) -> Specialty {
    let (joiners, joiners_age) = joiners(&fields);
    let specialty = Specialty {
        name: fields.text("name"),
        profession: fields.optional_text("profession").unwrap_or_default(),
        trained_by: fields.texts("trained_by"),
        joins_at: fields.whole("joins_at", Some(30)).unwrap_or(30),
        in_post: fields.objects("in_post", "in_post").into_iter().map(band).collect(),
        retirement: steps(&fields, "retirement"),
        leaving: steps(&fields, "leaving"),
        joiners,
        joiners_age,
        participation: if fields.get("participation").is_some() {
            steps(&fields, "participation")
        } else {
            vec![AgeStep { age: 0, rate: Uncertain::certain(MILLION) }]
        },
        demand: fields.objects("demand", "demand").into_iter().map(demand).collect(),
    };
    fields.finish();
    specialty
}

fn joiners(fields: &Fields<'_>) -> (Uncertain, u32) {
    const USUAL: u32 = 40;
    if !matches!(fields.get("joiners"), Some(Value::Object(map)) if map.contains_key("people")) {
        return (fields.uncertain("joiners", Some(0)), USUAL);
    }
    let mut read = (Uncertain::certain(0), USUAL);
    if let Some(inner) = fields.object("joiners") {
        read = (inner.uncertain("people", None), inner.whole("age", Some(USUAL)).unwrap_or(USUAL));
        inner.finish();
    }
    read
}

fn band(fields: Fields<'_>) -> AgeBand {
    let people = fields.number("people", None);
    let single = fields.get("age").is_some();
    let (from, to) = if single {
        let age = fields.whole("age", None).unwrap_or(30);
        (age, age)
    } else {
        (fields.whole("from", None).unwrap_or(30), fields.whole("to", None).unwrap_or(30))
    };
    fields.finish();
    AgeBand { from, to, people }
}

/// A rate for every age, or steps of ages.
fn steps(fields: &Fields<'_>, name: &'static str) -> Vec<AgeStep> {
    match fields.get(name) {
        None => Vec::new(),
        Some(Value::Array(_)) => {
            let step = |fields: Fields<'_>| {
                let step =
                    AgeStep { age: fields.whole("age", None).unwrap_or(30), rate: fields.uncertain("rate", None) };
                fields.finish();
                step
            };
            fields.objects(name, name).into_iter().map(step).collect()
        }
        Some(value) => vec![AgeStep { age: 0, rate: fields.uncertain_value(name, value) }],
    }
}

fn demand(fields: Fields<'_>) -> Demand {
    let name = fields.text("name");
    let level = match fields.get("by_year") {
        Some(Value::Array(values)) => {
            DemandLevel::ByYear(values.iter().map(|value| fields.uncertain_value("by_year", value)).collect())
        }
        Some(_) => {
            fields.say("by_year", "expected a list […], a number for each year");
            DemandLevel::ByYear(Vec::new())
        }
        None => {
            DemandLevel::Growing { fte: fields.uncertain("fte", None), growth: fields.uncertain("growth", Some(0)) }
        }
    };
    fields.finish();
    Demand { name, level }
}

fn change(fields: Fields<'_>) -> Change {
    let year = fields.whole("year", None).unwrap_or(0);
    let to = Place(fields.text("to"));
    let change = if fields.get("add").is_some() {
        Change::Add { posts: fields.number("add", None), to, year }
    } else {
        Change::Move { posts: fields.number("move", None), from: Place(fields.text("from")), to, year }
    };
    fields.finish();
    change
}
