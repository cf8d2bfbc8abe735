//! Effects by cohort and time against answers of another program; it must never loosen a tolerance to pass.
#![expect(clippy::unwrap_used, reason = "every step here is a step of a test")]

use hiec_impact::differences::group_time;
use hiec_impact::differences::group_time::{Aggregate, Comparators, Settings};
use hiec_impact::panel::{Observation, Panel};

fn cells(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().skip(1).map(|line| line.split(',').collect())
}

fn panel() -> Panel {
    let observation = |cells: Vec<&'static str>| {
        let (t, start): (f64, Option<f64>) = (cells[1].parse().unwrap(), cells[3].parse().ok());
        Observation {
            unit: cells[0],
            t,
            y: cells[2].parse().ok(),
            treated: start.is_some(),
            after: start.is_some_and(|start| t >= start),
        }
    };
    Panel::new(&cells(include_str!("known-answers/staggered.csv")).map(observation).collect::<Vec<_>>()).unwrap()
}

#[test]
fn effects_agree_and_errors_are_wider_by_the_factor_for_few_units_alone() {
    let mut compared = 0;
    for (name, comparators) in [("never", Comparators::NeverTreated), ("not_yet", Comparators::NotYetTreated)] {
        let found = group_time(&panel(), Settings { comparators, anticipation: 0 }).unwrap();
        let mut ours: Vec<(String, Aggregate)> = vec![("overall,".to_owned(), found.overall().unwrap())];
        ours.extend(found.by_event().into_iter().map(|(key, aggregate)| (format!("event,{key}"), aggregate)));
        ours.extend(found.by_start().into_iter().map(|(key, aggregate)| (format!("start,{key}"), aggregate)));
        ours.extend(found.by_time().into_iter().map(|(key, aggregate)| (format!("time,{key}"), aggregate)));
        let theirs: Vec<Vec<&str>> =
            cells(include_str!("known-answers/staggered_effects.csv")).filter(|cells| cells[0] == name).collect();
        assert_eq!(ours.len(), theirs.len());
        for ((key, ours), theirs) in ours.iter().zip(&theirs) {
            assert_eq!(*key, format!("{},{}", theirs[1], theirs[2]));
            let (effect, error): (f64, f64) = (theirs[3].parse().unwrap(), theirs[4].parse().unwrap());
            assert!((ours.effect - effect).abs() < 1e-9, "{name} {key}: {} for {effect}", ours.effect);
            let wider = ours.error.unwrap() / error;
            let smaller = ours.freedom as f64 + 1.0;
            assert!(wider >= 1.0 && wider <= (smaller / (smaller - 1.0)).sqrt() + 1e-9, "{name} {key}: {wider}");
            compared += 1;
        }
    }
    assert_eq!(compared, 36);
}
