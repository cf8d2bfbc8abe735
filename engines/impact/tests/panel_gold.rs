//! Panels against answers computed elsewhere with R; it must never loosen a tolerance to pass.
#![expect(clippy::unwrap_used, reason = "every step here is a step of a test")]

use std::collections::HashMap;
use std::fs;

use hiec_impact::differences::{four_means, two_way};
use hiec_impact::panel::{Observation, Panel};
use hiec_impact::synthetic::Study;

type Line = HashMap<String, String>;

fn table(name: &str) -> Vec<Line> {
    let path = format!("{}/tests/gold/{name}", env!("CARGO_MANIFEST_DIR"));
    csv::Reader::from_reader(fs::File::open(path).unwrap()).deserialize().collect::<Result<_, _>>().unwrap()
}

fn panel(series: &str) -> Panel {
    let rows: Vec<Line> = table("panel_input.csv").into_iter().filter(|row| row["series_id"] == series).collect();
    let observation = |row| -> Observation<'_> {
        let row: &Line = row;
        Observation {
            unit: &row["unit"],
            t: row["t"].parse().unwrap(),
            y: row["y"].parse().ok(),
            treated: row["treated"] == "1",
            after: row["post"] == "1",
        }
    };
    Panel::new(&rows.iter().map(observation).collect::<Vec<_>>()).unwrap()
}

fn assert_near(ours: f64, line: &Line, column: &str, relative: f64) {
    let theirs: f64 = line[column].parse().unwrap();
    assert!((ours - theirs).abs() <= relative * theirs.abs(), "{} {column}: {ours}, not {theirs}", line["series_id"]);
}

#[test]
fn differences_agree() {
    let gold = table("panel_fits.csv");
    assert_eq!(gold.len(), 4);
    for line in gold {
        let panel = panel(&line["series_id"]);
        assert_near(four_means(&panel).unwrap().effect(), &line, "did_2x2", 1e-10);
        let two_way = two_way(&panel).unwrap();
        assert_near(two_way.effect, &line, "twfe", 1e-10);
        assert_near(two_way.error.unwrap(), &line, "twfe_se_cluster_hc1", 1e-10);
    }
}

#[test]
fn controls_agree() {
    let weights = table("panel_sc_weights.csv");
    for line in table("panel_fits.csv") {
        let study = Study::of(&panel(&line["series_id"])).unwrap();
        let control = study.control().unwrap();
        assert_near(control.objective, &line, "sc_objective", 1e-8);
        assert_near(control.error_before, &line, "sc_pre_rmspe", 1e-8);
        assert_near(control.error_after.unwrap(), &line, "sc_post_rmspe", 1e-7);
        assert_near(control.effect.unwrap(), &line, "sc_att", 1e-7);
        for (donor, weight) in study.donors.iter().zip(&control.weights) {
            let gold = weights.iter().find(|w| w["series_id"] == line["series_id"] && w["unit"] == *donor).unwrap();
            let theirs: f64 = gold["weight"].parse().unwrap();
            assert!((weight - theirs).abs() <= 1e-6, "{} {donor}: {weight}, not {theirs}", line["series_id"]);
        }
    }
}
