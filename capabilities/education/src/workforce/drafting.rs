//! A first model made from those who are in training: a stage a programme, with everybody by year of training. Who is in post is for the cluster to say.

use chrono::{Datelike, NaiveDate};
use hiec_kernel::{ClusterId, Problem};
use hiec_store::{FromQueryResult, Reads, values};
use serde_json::{Value, json};
use uuid::Uuid;

/// A programme with somebody in it, as far as a model needs it.
#[derive(Clone, Debug, FromQueryResult)]
struct Row {
    programme: Uuid,
    name: String,
    profession: String,
    specialty: String,
    months: i64,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    wte: i64,
}

/// The academic year a day lies in, by the August it begins in.
fn academic(day: NaiveDate) -> i32 {
    if day.month() >= 8 { day.year() } else { day.year() - 1 }
}

/// The model's text; its first year begins next August.
pub(super) async fn from_placements(
    reads: &impl Reads,
    cluster: ClusterId,
    name: &str,
    today: NaiveDate,
) -> Result<String, Problem> {
    let rows: Vec<Row> = reads
        .all(
            "SELECT p.id AS programme, p.name, p.profession, p.specialty, p.months, t.starts_on, t.ends_on, t.wte \
             FROM education_trainee t JOIN education_programme p ON p.id = t.programme_id \
             WHERE t.cluster_id = $1 AND t.starts_on <= $2 AND t.ends_on >= $2 ORDER BY p.name, p.id, t.number",
            values![cluster.0, today],
        )
        .await?;
    serde_json::to_string_pretty(&model(&rows, name, academic(today) + 1)).map_err(Problem::internal)
}

fn model(rows: &[Row], name: &str, first_year: i32) -> Value {
    let mut stages = Vec::new();
    let mut specialties: Vec<Value> = Vec::new();
    for programme in rows.chunk_by(|one, next| one.programme == next.programme) {
        let Some(first) = programme.first() else { continue };
        let years = usize::try_from((first.months + 11) / 12).unwrap_or(1).clamp(1, 20);
        stages.push(stage(programme, years, first_year));
        let joins = json!({
            "name": first.specialty, "profession": first.profession, "trained_by": [first.name], "joins_at": 30,
            "in_post": [], "retirement": [{"age": 60, "rate": 0.3}, {"age": 70, "rate": 1}],
            "leaving": 0.03, "participation": 0.9, "demand": [],
        });
        // Several programmes may train for one specialty.
        match specialties.iter_mut().find(|one| one["name"] == first.specialty.as_str()) {
            Some(there) => {
                if let Some(trained_by) = there["trained_by"].as_array_mut() {
                    trained_by.push(first.name.as_str().into());
                }
            }
            None => specialties.push(joins),
        }
    }
    json!({
        "name": name, "first_year": first_year, "years": 15, "seed": first_year, "draws": 200, "band": 0.8,
        "stages": stages, "specialties": specialties,
    })
}

fn stage(programme: &[Row], years: usize, first_year: i32) -> Value {
    let mut in_training = vec![0_u32; years];
    let mut starters = 0_u32;
    for one in programme {
        let begun = academic(one.starts_on);
        starters += u32::from(begun == first_year - 1);
        let year = usize::try_from(first_year - begun).unwrap_or(0);
        // Those past their years are there still where they work part time or were away.
        let goes_on = NaiveDate::from_ymd_opt(first_year, 8, 1).is_some_and(|august| one.ends_on > august);
        match in_training.get_mut(year.min(years - 1)) {
            Some(there) if year < years || goes_on => *there += 1,
            _ => {}
        }
    }
    let count = i64::try_from(programme.len()).unwrap_or(1).max(1);
    let mean = programme.iter().map(|one| one.wte).sum::<i64>() / count;
    json!({
        "name": programme.first().map(|one| one.name.as_str()).unwrap_or_default(), "years": years, "posts": starters,
        "attrition": 0.02, "wte": mean.clamp(10, 100) as f64 / 100.0, "in_training": in_training,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(programme: u128, starts: &str, ends: &str, wte: i64) -> Row {
        Row {
            programme: Uuid::from_u128(programme),
            name: format!("Programme {programme}"),
            profession: "medical".into(),
            specialty: "General practice".into(),
            months: 36,
            starts_on: starts.parse().unwrap(),
            ends_on: ends.parse().unwrap(),
            wte,
        }
    }

    #[test]
    fn everybody_in_training_stands_in_the_year_they_will_be_in() {
        let rows = [
            row(1, "2009-08-05", "2012-08-04", 100),
            row(1, "2010-08-04", "2013-08-03", 60),
            row(1, "2010-08-04", "2013-08-03", 80),
            row(1, "2007-08-01", "2012-01-31", 60),
            row(1, "2008-08-06", "2011-07-31", 100),
            row(2, "2010-09-01", "2013-08-31", 100),
        ];
        let model = model(&rows, "Ours", 2011);
        assert_eq!(model["stages"][0]["in_training"], json!([0, 2, 2]));
        assert_eq!((&model["stages"][0]["posts"], &model["stages"][0]["wte"]), (&json!(2), &json!(0.8)));
        assert_eq!(model["specialties"][0]["trained_by"], json!(["Programme 1", "Programme 2"]));
        hiec_workforce::command::model(&model.to_string()).unwrap();
    }
}
