//! What it is worth: lines of costs, benefits and time gained, each number with a range where it is in doubt, worked out by the value engine. It knows no web and no SQL.

use hiec_value::{Acceleration, Answer, Convention, Cost, Input, Model, Outcome, PaidBy, RateTable, rate_table};
use serde::{Deserialize, Serialize};

/// The lines as they were written.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Lines {
    /// Name | pounds | public or other | why.
    pub costs: String,
    /// Name | how many a year | pounds each | % anyway | % due to others | years | why.
    pub benefits: String,
    /// Name | pounds a quarter | quarters sooner | why.
    pub sooner: String,
}

/// What it comes to.
#[derive(Clone, PartialEq, Debug)]
pub struct Worked {
    pub answer: Answer,
    pub rates: RateTable,
}

/// Works the lines out at the Green Book's standard rates of a day; or says what is wrong with which line.
pub fn worked(name: &str, lines: &Lines, on: chrono::NaiveDate) -> Result<Worked, Vec<String>> {
    let mut wrong = Vec::new();
    let costs = each(&lines.costs, "Costs", &mut wrong, cost);
    let outcomes = each(&lines.benefits, "Benefits", &mut wrong, benefit);
    let accelerations = each(&lines.sooner, "Sooner", &mut wrong, sooner);
    let rates = rate_table("standard", &on.format("%Y-%m-%d").to_string())
        .unwrap_or_else(|| RateTable::flat("3.5% a year", 0.035));
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let model = Model {
        name: name.to_owned(),
        convention: Convention::GreenBook,
        rates: rates.clone(),
        costs,
        outcomes,
        accelerations,
    };
    match model.answer() {
        Ok(answer) => Ok(Worked { answer, rates }),
        Err(problems) => Err(problems.iter().map(|one| format!("{}: {}", one.place, one.reason)).collect()),
    }
}

fn each<T>(text: &str, what: &str, wrong: &mut Vec<String>, one: fn(&[&str]) -> Result<T, &'static str>) -> Vec<T> {
    let mut found = Vec::new();
    for (nth, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        match one(&cells) {
            Ok(one) => found.push(one),
            Err(reason) => wrong.push(format!("{what}, line {}: {reason}", nth + 1)),
        }
    }
    found
}

fn cost(cells: &[&str]) -> Result<Cost, &'static str> {
    let [name, pounds, payer, why @ ..] = cells else {
        return Err("write name | pounds | public or other");
    };
    let paid_by = match payer.to_lowercase().as_str() {
        "public" => PaidBy::Public,
        "other" => PaidBy::Other,
        _ => return Err("say who pays: public or other"),
    };
    Ok(Cost { name: (*name).to_owned(), year: 0, amount: input(pounds, 100.0, why)?, paid_by })
}

fn benefit(cells: &[&str]) -> Result<Outcome, &'static str> {
    let [name, quantity, pounds, anyway, others, years, why @ ..] = cells else {
        return Err("write name | how many a year | pounds each | % anyway | % due to others | years");
    };
    Ok(Outcome {
        name: (*name).to_owned(),
        quantity: input(quantity, 1.0, why)?,
        proxy: input(pounds, 100.0, why)?,
        deadweight: input(anyway, 0.01, why)?,
        displacement: Input::certain(0.0),
        attribution: input(others, 0.01, why)?,
        drop_off: Input::certain(0.0),
        years: years.parse().map_err(|_| "write the years as a whole number")?,
        starts: None,
    })
}

fn sooner(cells: &[&str]) -> Result<Acceleration, &'static str> {
    let [name, pounds, quarters, why @ ..] = cells else {
        return Err("write name | pounds a quarter | quarters sooner");
    };
    // As far as anything can have come sooner; the engine counts no quarter after it would have come anyway.
    const HORIZON: u32 = 40;
    Ok(Acceleration {
        name: (*name).to_owned(),
        per_quarter: input(pounds, 100.0, why)?,
        sooner: input(quarters, 1.0, why)?,
        horizon: HORIZON,
    })
}

/// A number, or low/middle/high where it is in doubt.
fn input(typed: &str, unit: f64, why: &[&str]) -> Result<Input, &'static str> {
    let numbers: Option<Vec<f64>> = typed
        .split('/')
        .map(|part| part.replace([',', '£', '%'], "").trim().parse::<f64>().ok().filter(|number| number.is_finite()))
        .collect();
    let input = match numbers.as_deref() {
        Some([one]) => Input::certain(one * unit),
        Some([low, middle, high]) => Input::range(low * unit, middle * unit, high * unit)
            .ok_or("write a range from low to high, such as 20/40/60")?,
        _ => return Err("write a number, or low/middle/high such as 20/40/60"),
    };
    let why = why.join("; ");
    Ok(if why.trim().is_empty() { input } else { input.because(why) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on() -> chrono::NaiveDate {
        chrono::NaiveDate::from_ymd_opt(2011, 11, 7).unwrap()
    }

    #[test]
    fn lines_become_a_ratio_with_its_range() {
        let lines = Lines {
            costs: "Facilitator | 10,000 | public".into(),
            benefits: "Fewer bed days | 100 | 300 | 20/40/60 | 0 | 1 | range of the doubtful share".into(),
            sooner: "Started earlier | 1000 | 2/4/6 | judged by the clinical lead".into(),
        };
        let worked = worked("NIV", &lines, on()).unwrap();
        // 100 × £300 × 0.6 = £18,000 and four quarters of £1,000, a little discounted.
        let ratio = worked.answer.social_return_ratio.unwrap();
        assert!((2.17..2.2).contains(&ratio), "{ratio}");
        assert!(worked.answer.worst_ratio.unwrap() < 1.5 && worked.answer.best_ratio.unwrap() > 2.9);
        assert!(worked.answer.without_reason.is_empty(), "{:?}", worked.answer.without_reason);
    }

    #[test]
    fn what_is_wrong_names_its_line() {
        let lines =
            Lines { costs: "A | much | public\nB | 5 | me".into(), benefits: "C | 1".into(), sooner: String::new() };
        let wrong = worked("x", &lines, on()).unwrap_err();
        assert_eq!(wrong[0], "Costs, line 1: write a number, or low/middle/high such as 20/40/60");
        assert_eq!(wrong[1], "Costs, line 2: say who pays: public or other");
        assert!(wrong[2].starts_with("Benefits, line 1: write name"));
    }
}
