//! What each design lets one say of series whose truth is known; it must never accept a share where the truth is nought.
#![expect(clippy::unwrap_used, reason = "every step here is a step of a test")]

use hiec_distributions::normal;
use hiec_impact::chance::Seeded;
use hiec_impact::differences::group_time::{Comparators, Settings};
use hiec_impact::interrupted::{Interrupted, Model, Point};
use hiec_impact::panel::{Observation, Panel};
use hiec_impact::verdict::{Bar, Doubt, Finding, Verdict, of_differences, of_series, of_staggered, of_synthetic};

const NOT_YET: Settings = Settings { comparators: Comparators::NotYetTreated, anticipation: 0 };

/// Normal with variance one.
fn noise(chance: &mut Seeded) -> f64 {
    normal::quantile((chance.bits() >> 11) as f64 / (1_u64 << 53) as f64 + 1e-17)
}

fn poisson(chance: &mut Seeded, mean: f64) -> f64 {
    let (mut count, mut product) = (0.0, (chance.bits() >> 11) as f64 / (1_u64 << 53) as f64);
    while product > (-mean).exp() {
        product *= (chance.bits() >> 11) as f64 / (1_u64 << 53) as f64;
        count += 1.0;
    }
    count
}

fn told(finding: &Finding) -> bool {
    matches!(finding.verdict(), Verdict::Told { .. })
}

fn gold_series(series: &str) -> Interrupted {
    let rows: Vec<Vec<&str>> = include_str!("gold/its_input.csv")
        .lines()
        .map(|line| line.split(',').collect())
        .filter(|row: &Vec<&str>| row[0] == series)
        .collect();
    let start = rows.iter().find(|row| row[4] == "1").unwrap()[1].parse().unwrap();
    let point = |row: &Vec<&str>| Point {
        t: row[1].parse().unwrap(),
        y: row[2].parse().unwrap(),
        denominator: row[3].parse().ok(),
    };
    Interrupted::new(rows.iter().map(point).collect(), start).unwrap()
}

fn gold_panel(series: &str) -> Panel {
    let rows: Vec<Vec<&str>> = include_str!("gold/panel_input.csv")
        .lines()
        .map(|line| line.split(',').collect())
        .filter(|row: &Vec<&str>| row[0] == series)
        .collect();
    let observations: Vec<Observation<'_>> = rows
        .iter()
        .map(|row| Observation {
            unit: row[1],
            t: row[2].parse().unwrap(),
            y: row[3].parse().ok(),
            treated: row[4] == "1",
            after: row[5] == "1",
        })
        .collect();
    Panel::new(&observations).unwrap()
}

#[test]
fn the_series_without_an_effect_is_not_called_one() {
    let series = gold_series("S-its-4");
    let finding = of_series(&series, Model::Linear, &Bar::default());
    let Verdict::CannotTell { because } = finding.verdict() else { panic!("{finding:?}") };
    assert!(because.contains(&Doubt::Alone));
    assert!(because.iter().any(|doubt| matches!(doubt, Doubt::MayBeNought { .. })));
    assert_eq!(finding.deadweight(), None);
    let words = finding.words("transfers");
    assert!(words.starts_with("This design cannot tell what would have happened to transfers anyway."), "{words}");
}

#[test]
fn a_clear_step_is_told_with_the_doubt_that_it_stands_alone() {
    let finding = of_series(&gold_series("S-its-1"), Model::Linear, &Bar::default());
    assert!(told(&finding), "{finding:?}");
    assert!(finding.doubts.contains(&Doubt::AloneButClear));
    let words = finding.words("sections");
    assert!(words.contains("nothing shows that it was this"), "{words}");
}

#[test]
fn comparators_answer_what_one_series_cannot() {
    let finding = of_differences(&gold_panel("S-panel-1"), &Bar::default());
    let Verdict::Told { effect, share } = finding.verdict() else { panic!("{finding:?}") };
    assert!((effect.estimate + 5.387_479_166_67).abs() < 1e-9 && effect.high < 0.0);
    assert!(share.is_some() || finding.doubts.contains(&Doubt::SmallChange));
    // One treated unit among 8: no way of eight is rare enough.
    let finding = of_differences(&gold_panel("S-panel-3"), &Bar::default());
    let Verdict::CannotTell { because } = finding.verdict() else { panic!("{finding:?}") };
    assert!(because.contains(&Doubt::FewWays { ways: 8 }), "{because:?}");
    let finding = of_synthetic(&gold_panel("S-panel-3"), &Bar::default());
    assert!(!told(&finding), "{finding:?}");
}

#[test]
fn without_comparison_nothing_is_told() {
    let row = |unit, t, treated| Observation { unit, t, y: Some(t), treated, after: t > 1.0 };
    let panel = Panel::new(&[row("a", 1.0, true), row("a", 2.0, true)]).unwrap();
    for finding in [
        of_differences(&panel, &Bar::default()),
        of_staggered(&panel, NOT_YET, &Bar::default()),
        of_synthetic(&panel, &Bar::default()),
    ] {
        assert!(!told(&finding));
        assert!(finding.words("waits").contains("cannot tell"));
    }
}

#[test]
fn intervals_of_a_single_series_cover_the_truth_about_as_often_as_they_say() {
    let mut chance = Seeded::new(42);
    let runs = 600;
    let (mut linear, mut counts) = (0, 0);
    for _ in 0..runs {
        let points = (1..=40).map(f64::from).map(|t| {
            let y = 50.0 + 0.3 * t + if t < 21.0 { 0.0 } else { 4.0 } + 3.0 * noise(&mut chance);
            Point { t, y, denominator: None }
        });
        let series = Interrupted::new(points.collect(), 21.0).unwrap();
        let effect = of_series(&series, Model::Linear, &Bar::default()).effect.unwrap();
        linear += u32::from(effect.low <= 4.0 && effect.high >= 4.0);

        let mut truth = 0.0;
        let mut points = Vec::new();
        for t in (1..=40).map(f64::from) {
            let denominator = 800.0 + 10.0 * t;
            let old = denominator * (-3.0 + 0.005 * t).exp();
            let new = if t < 21.0 { old } else { old * 0.8 };
            truth += (new - old) / 20.0;
            points.push(Point { t, y: poisson(&mut chance, new), denominator: Some(denominator) });
        }
        let series = Interrupted::new(points, 21.0).unwrap();
        let effect = of_series(&series, Model::Poisson, &Bar::default()).effect.unwrap();
        counts += u32::from(effect.low <= truth && effect.high >= truth);
    }
    for covered in [linear, counts] {
        let share = f64::from(covered) / f64::from(runs);
        // The larger of two errors is taken, so a little more than 95%.
        assert!((0.94..=0.99).contains(&share), "{linear} and {counts} of {runs}");
    }
}

/// A panel of 24 units over 16 times, 10 treated from time 8 on with this effect, or with none.
fn simulated(chance: &mut Seeded, effect: f64) -> Panel {
    let names: Vec<String> = (0..24).map(|unit| format!("u{unit}")).collect();
    let mut rows = Vec::new();
    for (unit, name) in names.iter().enumerate() {
        let own = 5.0 * noise(chance);
        for t in 0..16 {
            let treated = unit < 10;
            let y = own + 0.4 * f64::from(t) + noise(chance) + if treated && t >= 8 { effect } else { 0.0 };
            rows.push(Observation { unit: name, t: f64::from(t), y: Some(y), treated, after: t >= 8 });
        }
    }
    Panel::new(&rows).unwrap()
}

#[test]
fn intervals_of_differences_cover_the_truth_about_as_often_as_they_say() {
    let mut chance = Seeded::new(7);
    let bar = Bar { ways: 500, ..Bar::default() };
    let runs = 300;
    let (mut permuted, mut cohorts) = (0, 0);
    for _ in 0..runs {
        let panel = simulated(&mut chance, 1.5);
        let effect = of_differences(&panel, &bar).effect.unwrap();
        permuted += u32::from(effect.low <= 1.5 && effect.high >= 1.5);
        let effect = of_staggered(&panel, NOT_YET, &bar).effect.unwrap();
        cohorts += u32::from(effect.low <= 1.5 && effect.high >= 1.5);
    }
    for covered in [permuted, cohorts] {
        let share = f64::from(covered) / f64::from(runs);
        assert!((0.92..=0.98).contains(&share), "{permuted} and {cohorts} of {runs}");
    }
}

#[test]
fn where_nothing_happened_hardly_anything_is_told() {
    let mut chance = Seeded::new(9);
    let bar = Bar { ways: 300, ..Bar::default() };
    let wrong = (0..200).filter(|_| told(&of_differences(&simulated(&mut chance, 0.0), &bar))).count();
    assert!(wrong <= 20, "{wrong} of 200 told, where ten are to be expected");
}
