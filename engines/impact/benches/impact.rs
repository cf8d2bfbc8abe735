//! Measures the designs in CPU microseconds on made-up series and panels; it must never be read as a test.
//!
//! `cargo bench -p hiec-impact`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use hiec_impact::chance::Seeded;
use hiec_impact::differences::group_time::{Comparators, Settings};
use hiec_impact::differences::{group_time, permutation, two_way};
use hiec_impact::interrupted::{Interrupted, Model, Point};
use hiec_impact::panel::{Observation, Panel};
use hiec_impact::synthetic::{Pool, Study};
use hiec_impact::verdict::{Bar, of_series, of_synthetic};

fn main() {
    let mut chance = Seeded::new(1);
    for (name, model) in [("least squares with Newey-West", Model::Linear), ("Poisson", Model::Poisson)] {
        let series = series(&mut chance);
        measure(&format!("interrupted series, 48 points, {name}"), 20_000, || series.fit(model).is_ok());
        measure("  and its verdict", 20_000, || of_series(&series, model, &Bar::default()).effect.is_some());
    }
    for (units, treated, times, rounds) in [(20, 6, 36, 50), (100, 10, 60, 5), (300, 30, 60, 1)] {
        println!("{units} units, {treated} of them treated, {times} times:");
        let panel = panel(&mut chance, units, treated, times, false);
        measure("  two-way effects, clustered", 20 * rounds, || two_way(&panel).is_ok());
        measure("  randomisation test, 1000 ways", 10 * rounds, || permutation(&panel, 0.95, 1000, 1).is_ok());
        let staggered = self::panel(&mut chance, units, treated, times, true);
        let settings = Settings { comparators: Comparators::NotYetTreated, anticipation: 0 };
        measure("  effects by start and time", 5 * rounds, || group_time(&staggered, settings).is_ok());
        if let Ok(study) = Study::of(&panel) {
            measure("  synthetic control", 10 * rounds, || study.control().is_ok());
            if let Ok(control) = study.control() {
                measure("  placebo test, 200 ways", rounds, || study.placebo(&control, Pool::Donors, 200, 1).is_ok());
            }
        }
        measure("  verdict of the synthetic control", rounds, || {
            !of_synthetic(&panel, &Bar::default()).doubts.is_empty()
        });
    }
}

fn measure(name: &str, times: u32, work: impl Fn() -> bool) {
    let before = cpu_seconds();
    (0..times).for_each(|_| {
        black_box(work());
    });
    println!("{name:60} {:12.1} us", (cpu_seconds() - before) / f64::from(times) * 1e6);
}

fn noise(chance: &mut Seeded) -> f64 {
    (0..12).map(|_| chance.below(1 << 30) as f64 / f64::from(1 << 30)).sum::<f64>() - 6.0
}

fn series(chance: &mut Seeded) -> Interrupted {
    let point = |t: u32| {
        let t = f64::from(t);
        let y = (60.0 + 0.3 * t + if t > 24.0 { 10.0 } else { 0.0 } + 7.0 * noise(chance)).round().max(0.0);
        Point { t, y, denominator: Some(1000.0 + t) }
    };
    let points = (1..=48).map(point).collect();
    Interrupted::new(points, 25.0).unwrap_or_else(|reason| unreachable(&reason))
}

fn panel(chance: &mut Seeded, units: usize, treated: usize, times: usize, staggered: bool) -> Panel {
    let names: Vec<String> = (0..units).map(|unit| format!("U{unit}")).collect();
    let mut rows = Vec::new();
    for (unit, name) in names.iter().enumerate() {
        let (own, tide) = (10.0 * noise(chance), noise(chance));
        let start = if staggered { times / 3 + unit % 10 } else { times / 2 };
        for t in 0..times {
            let y = 50.0 + own + tide * (t as f64 / 4.0).sin() + noise(chance);
            let after = t >= start && (!staggered || unit < treated);
            rows.push(Observation { unit: name, t: t as f64, y: Some(y), treated: unit < treated, after });
        }
    }
    Panel::new(&rows).unwrap_or_else(|misfit| unreachable(&misfit.reason))
}

/// What is made up here fits.
fn unreachable(reason: &dyn std::fmt::Display) -> ! {
    eprintln!("{reason}");
    std::process::exit(1)
}

/// CPU time of this thread where the system tells it, else the clock's.
fn cpu_seconds() -> f64 {
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = spent.and_then(|text| text.split(' ').next().and_then(|number| number.parse::<u64>().ok()));
    nanoseconds
        .map_or_else(|| START.with(Instant::elapsed).as_secs_f64(), |count| Duration::from_nanos(count).as_secs_f64())
}

thread_local! {
    static START: Instant = Instant::now();
}
