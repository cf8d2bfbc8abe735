//! Measures studies of shifts, cumulative sums and charts of every kind in CPU seconds; it must never be read as a test.
//!
//! `cargo bench -p hiec-spc --bench change`. Baselines, CPU seconds a series on a machine with two shared cores: autospc
//! 0.0.0.9051 0.9 for an XmR chart of 48 points, qicharts2 0.8.1 about 0.1 a chart. No figure is known for
//! OpenPrescribing's sums. The series here have the same length but other numbers.

use std::fmt::Write;
use std::hint::black_box;
use std::io;
use std::time::{Duration, Instant};

use hiec_spc::command::{Failure, Notes, cusum, qic, shifts};
use hiec_spc::cusum::{follow, last_alert};
use hiec_spc::limits::{Chart, Kind, Options, Series};
use hiec_spc::shifts::{self, Study};

const SERIES: usize = 20_000;
const POINTS: usize = 48;

/// CPU seconds a series.
const AUTOSPC: f64 = 0.9;
const QICHARTS2: f64 = 0.1;

fn main() {
    let stable = made_up(|_| 0.0);
    let moved = made_up(|row| if row < POINTS / 2 { 0.0 } else { 2.0 });
    println!("{SERIES} series x {POINTS} points       CPU s   us a series   x faster than the baseline");
    let mut total = 0.0;
    for (name, series) in [("stable", &stable), ("moved by 2 SD", &moved)] {
        total += report(&format!("shifts, {name}"), Some(AUTOSPC), || each(series, study));
        total += report(&format!("sums, {name}"), None, || each(series, sums));
    }
    println!("shifts and sums of one set: {:.2} CPU s (the goal: below 5)", total / 2.0);
    for kind in Kind::ALL {
        report(kind.name(), Some(QICHARTS2), || each(&stable, |values| draw(kind, values)));
    }
    println!();
    println!("the commands, from table to table, two threads:");
    command("shifts", Some(AUTOSPC), &stable, "y", "chart_type", "XMR", |input, series| {
        shifts(input, series, io::sink())
    });
    command("cusum", None, &stable, "value", "window_size", "12", |input, series| cusum(input, series, io::sink()));
    command("qic", Some(QICHARTS2), &stable, "y", "chart", "i", |input, series| qic(input, series, io::sink()));
    println!();
    let share = |count: usize| 100.0 * count as f64 / SERIES as f64;
    println!(
        "of stable series {:.1}% have a proposal, {:.1}% an alert at their last point; of those moved half way by 2 SD {:.1}% and {:.1}%",
        share(each(&stable, study)),
        share(each(&stable, sums)),
        share(each(&moved, study)),
        share(each(&moved, sums)),
    );
}

/// How many series have a proposal.
fn study(values: &[f64]) -> bool {
    let Ok(series) = Series::of_values(values.iter().copied().map(Some)) else { return false };
    let options = shifts::Options { minimum: 21, ..shifts::Options::default() };
    Study::of(Kind::Individuals, &series, options).is_ok_and(|study| !black_box(study).proposals.is_empty())
}

/// How many series are in alert at their end.
fn sums(values: &[f64]) -> bool {
    let values: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
    last_alert(&black_box(follow(&values, hiec_spc::cusum::Options::default()))).is_some()
}

fn draw(kind: Kind, values: &[f64]) -> bool {
    let counts = |value: f64| Some((value * 3.0).round());
    let series = match kind {
        Kind::Run | Kind::Individuals | Kind::MovingRange | Kind::TimeBetween => {
            Series::of_values(values.iter().copied().map(Some))
        }
        Kind::Counts | Kind::CasesBetween => Series::of_values(values.iter().map(|&value| counts(value))),
        Kind::Means | Kind::Deviations => Series::of_subgroups(values.chunks(4)),
        _ => Series::of_ratios(values.iter().map(|&value| (counts(value), Some(1000.0)))),
    };
    let chart = series.and_then(|series| Chart::draw(kind, &series, &Options::default()));
    chart.is_ok_and(|chart| black_box(chart).parts.iter().any(|part| part.runs.is_signal()))
}

fn each(series: &[f64], answer: impl Fn(&[f64]) -> bool) -> usize {
    series.chunks(POINTS).filter(|values| answer(values)).count()
}

fn report(name: &str, baseline: Option<f64>, work: impl FnOnce() -> usize) -> f64 {
    let before = cpu_seconds();
    black_box(work());
    let spent = cpu_seconds() - before;
    let faster = baseline.map_or("-".to_owned(), |seconds| format!("{:.0}", seconds * SERIES as f64 / spent));
    println!("{name:<28} {spent:>6.3}   {:>11.2}   {faster:>10}", spent * 1e6 / SERIES as f64);
    spent
}

fn command(
    name: &str,
    baseline: Option<f64>,
    series: &[f64],
    value: &str,
    choice: &str,
    chosen: &str,
    run: impl FnOnce(&[u8], &[u8]) -> Result<Notes, Failure>,
) {
    let mut input = format!("series_id,{value}\n");
    let mut table = format!("series_id,{choice}\n");
    for (id, values) in series.chunks(POINTS).enumerate() {
        let _ = writeln!(table, "site{id:05},{chosen}");
        for value in values {
            let _ = writeln!(input, "site{id:05},{value:.2}");
        }
    }
    let (before, start) = (process_cpu_seconds(), Instant::now());
    if let Err(failure) = run(input.as_bytes(), table.as_bytes()) {
        println!("{name}: {failure}");
    }
    let (spent, passed) = (process_cpu_seconds() - before, start.elapsed().as_secs_f64());
    let faster = baseline.map_or("-".to_owned(), |seconds| format!("{:.0} x faster", seconds * SERIES as f64 / spent));
    println!("{name:<28} {spent:>6.2} CPU s, {passed:.2} s passed; {faster}");
}

/// About 50, standard deviation 5, moved by so many deviations: percentiles, or anything that is measured.
fn made_up(moved: impl Fn(usize) -> f64) -> Vec<f64> {
    let mut random = Random(20_091_019);
    (0..SERIES * POINTS).map(|at| 50.0 + 5.0 * (random.normal() + moved(at % POINTS))).collect()
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

/// CPU seconds of this thread where Linux tells them, else seconds passed.
fn cpu_seconds() -> f64 {
    spent("/proc/thread-self/schedstat").unwrap_or_else(|| START.with(Instant::elapsed).as_secs_f64())
}

/// CPU seconds of all threads where Linux tells them, else seconds passed.
fn process_cpu_seconds() -> f64 {
    let tasks = std::fs::read_dir("/proc/self/task").ok();
    let spent = tasks.map(|tasks| tasks.flatten().filter_map(|task| spent(task.path().join("schedstat"))).sum());
    spent.unwrap_or_else(|| START.with(Instant::elapsed).as_secs_f64())
}

fn spent(path: impl AsRef<std::path::Path>) -> Option<f64> {
    let text = std::fs::read_to_string(path).ok()?;
    let nanoseconds = text.split(' ').next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds).as_secs_f64())
}

thread_local! {
    static START: Instant = Instant::now();
}
