//! Interrupted series against answers computed elsewhere with R; it must never loosen a tolerance to pass.
#![expect(clippy::unwrap_used, reason = "every step here is a step of a test")]

use std::collections::HashMap;
use std::fs;

use hiec_impact::interrupted::{Fit, Interrupted, Point};

const RELATIVE: f64 = 1e-7;

type Line = HashMap<String, String>;

fn table(name: &str) -> Vec<Line> {
    let path = format!("{}/tests/gold/{name}", env!("CARGO_MANIFEST_DIR"));
    csv::Reader::from_reader(fs::File::open(path).unwrap()).deserialize().collect::<Result<_, _>>().unwrap()
}

fn fitted(series: &str) -> Fit {
    let rows: Vec<Line> = table("its_input.csv").into_iter().filter(|row| row["series_id"] == series).collect();
    let start = rows.iter().find(|row| row["post"] == "1").unwrap()["t"].parse().unwrap();
    let point = |row: &Line| Point {
        t: row["t"].parse().unwrap(),
        y: row["y"].parse().unwrap(),
        denominator: row["denominator"].parse().ok(),
    };
    let series = Interrupted::new(rows.iter().map(point).collect(), start).unwrap();
    series.fit(series.model()).unwrap()
}

#[test]
fn every_column_agrees() {
    let gold = table("its_fits.csv");
    assert_eq!(gold.len(), 8);
    for line in gold {
        let fit = fitted(&line["series_id"]);
        let newey_west = fit.newey_west;
        let is_linear = newey_west.is_some();
        let ours = [
            ("n", Some(fit.n as f64)),
            ("first_post_t", Some(fit.start)),
            ("b0", Some(fit.intercept)),
            ("b_time", Some(fit.trend)),
            ("b_level", Some(fit.level)),
            ("b_slope", Some(fit.slope)),
            ("se_level_ols", Some(fit.level_error)),
            ("se_slope_ols", Some(fit.slope_error)),
            ("nw_lag", newey_west.map(|errors| errors.lag as f64)),
            ("se_level_nw", newey_west.map(|errors| errors.level_error)),
            ("se_slope_nw", newey_west.map(|errors| errors.slope_error)),
            ("sum_effect_post", Some(fit.sum)),
            ("se_sum_ols", is_linear.then_some(fit.sum_error)),
            ("se_sum_nw", newey_west.map(|errors| errors.sum_error)),
            ("last_counterfactual", fit.last_counterfactual()),
            ("last_fitted", fit.last_fitted()),
            ("durbin_watson", fit.durbin_watson),
            ("dispersion", fit.dispersion),
        ];
        assert_eq!(line["model"], fit.model.key());
        for (column, ours) in ours {
            let theirs = line[column].parse::<f64>().ok();
            let agree = match (ours, theirs) {
                (Some(a), Some(b)) => (a - b).abs() <= RELATIVE * b.abs(),
                (a, b) => a == b,
            };
            assert!(agree, "{} {column}: {ours:?}, not {theirs:?}", line["series_id"]);
        }
    }
}
