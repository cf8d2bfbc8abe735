//! Writes an answer as JSON: amounts in whole pence, ratios and factors to so many decimals; it must never write a ratio without its name.

use serde::Serialize;
use serde_json::Value;

use super::reading::NamedReach;
use crate::{Answer, Bar, Model, Pence, YearLine};

#[derive(Serialize)]
struct AnswerText<'a> {
    name: &'a str,
    sentence: String,
    convention: &'static str,
    rates: Value,
    benefits_pence: i64,
    inputs_pence: i64,
    public_costs_pence: i64,
    net_present_social_value_pence: i64,
    social_return_ratio: Option<f64>,
    net_social_return_ratio: Option<f64>,
    benefit_cost_ratio: Option<f64>,
    range: RangeText,
    parts: Vec<Value>,
    years: Vec<Value>,
    tornado: Vec<Value>,
    without_reason: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    reach: Option<Value>,
}

#[derive(Serialize)]
struct RangeText {
    worst_net_present_social_value_pence: i64,
    best_net_present_social_value_pence: i64,
    worst_social_return_ratio: Option<f64>,
    best_social_return_ratio: Option<f64>,
}

pub(super) fn answer(model: &Model, answer: &Answer, reach: Option<&NamedReach>) -> String {
    let part = |part: &crate::Part| serde_json::json!({"name": part.name, "worth_pence": part.worth.0});
    let text = AnswerText {
        name: &model.name,
        sentence: answer.sentence(),
        convention: answer.convention.words(),
        rates: serde_json::json!({
            "name": model.rates.name, "effective_from": model.rates.effective_from, "source": model.rates.source
        }),
        benefits_pence: answer.benefits.0,
        inputs_pence: answer.inputs.0,
        public_costs_pence: answer.public_costs.0,
        net_present_social_value_pence: answer.net_present_social_value.0,
        social_return_ratio: four_decimals(answer.social_return_ratio),
        net_social_return_ratio: four_decimals(answer.net_social_return_ratio),
        benefit_cost_ratio: four_decimals(answer.benefit_cost_ratio),
        range: RangeText {
            worst_net_present_social_value_pence: answer.worst.0,
            best_net_present_social_value_pence: answer.best.0,
            worst_social_return_ratio: four_decimals(answer.worst_ratio),
            best_social_return_ratio: four_decimals(answer.best_ratio),
        },
        parts: answer.parts.iter().map(part).collect(),
        years: answer.years.iter().map(year).collect(),
        tornado: answer.tornado.iter().map(bar).collect(),
        without_reason: &answer.without_reason,
        reach: reach.map(reached),
    };
    // Plain values: nothing here that JSON has no form for.
    serde_json::to_string_pretty(&text).map(|text| text + "\n").unwrap_or_default()
}

fn year(line: &YearLine) -> Value {
    serde_json::json!({
        "year": line.year,
        "factor": decimals(line.factor, 1e6),
        "benefits_pence": line.benefits.0,
        "inputs_pence": line.inputs.0,
        "benefits_today_pence": line.benefits_today.0,
        "inputs_today_pence": line.inputs_today.0,
    })
}

fn bar(bar: &Bar) -> Value {
    serde_json::json!({
        "input": bar.input,
        "low": bar.low,
        "high": bar.high,
        "at_low_pence": bar.at_low.0,
        "at_high_pence": bar.at_high.0,
        "swing_pence": bar.swing(),
    })
}

fn reached(named: &NamedReach) -> Value {
    let pence = |amount: Option<Pence>| amount.map(|amount| amount.0);
    serde_json::json!({
        "sentence": named.reach.sentence(&named.one, &named.many),
        "each_before_pence": pence(named.reach.each_before()),
        "each_after_pence": pence(named.reach.each_after()),
        "each_extra_pence": pence(named.reach.each_extra()),
    })
}

fn four_decimals(ratio: Option<f64>) -> Option<f64> {
    ratio.map(|ratio| decimals(ratio, 1e4))
}

fn decimals(number: f64, power: f64) -> f64 {
    (number * power).round() / power
}
