//! Measures the engine in CPU seconds on made-up units; it must never be read as a test.
//!
//! `cargo bench -p hiec-compare`. Baseline: none is known for these packages at this size; FunnelPlotR and
//! PHEindicatormethods are meant for some hundred units at a time.

use hiec_compare::command::{funnel_units, wilson};
use hiec_compare::discovery::{Dependence, adjusted};
use hiec_compare::funnel::{Funnel, Measure, Unit};
use hiec_compare::ranking::{Better, Ranking};
use hiec_compare::suppression::{Draft, Rule, Table, Totals};
use hiec_compare::{Confidence, interval};

const UNITS: usize = 20_000;

fn main() {
    println!("{UNITS} units                                       CPU ms");
    for (name, measure, largest) in [
        ("funnel of proportions", Measure::Proportion, 5_000),
        ("funnel of ratios, up to 1,000 expected", Measure::ShmiRatio, 1_000),
        ("funnel of ratios, up to 100,000 expected", Measure::CqcRatio, 100_000),
    ] {
        let units = units(measure, largest);
        show(name, cpu_seconds(|| Funnel::of(measure, &units, measure.usual_trim())));
    }
    let units = units(Measure::Proportion, 5_000);
    let wide = Confidence::P95.for_each_of(UNITS);
    let intervals: Vec<_> = units.iter().map(|unit| interval::wilson(unit.numerator, unit.denominator, wide)).collect();
    show("ranks by interval", cpu_seconds(|| Ranking::of(&intervals, Better::Higher)));
    let mut random = Random(3);
    let p_values: Vec<f64> = (0..UNITS).map(|_| random.below(1_000_000) as f64 / 1e6).collect();
    show("false discoveries", cpu_seconds(|| adjusted(&p_values, Dependence::Positive)));

    for (name, rule) in [("hospital rule", Rule::HOSPITAL), ("exact counts", Rule { round_to: 0, ..Rule::HOSPITAL })] {
        for (rows, columns) in [(20, 12), (60, 12), (150, 12)] {
            let draft = draft(rule, rows, columns);
            let is_proven =
                draft.as_ref().is_some_and(|draft| draft.release().is_ok_and(|release| draft.proves(&release)));
            let name =
                format!("{name}, {rows} sites x {columns} months{}", if is_proven { "" } else { ": NOT PROVEN" });
            show(&name, cpu_seconds(|| draft.as_ref().map(Draft::release)));
        }
    }

    let table: String = units.iter().map(|unit| format!("{},{},0.95\n", unit.numerator, unit.denominator)).collect();
    let table = format!("x,n,confidence\n{table}");
    show("command wilson", cpu_seconds(|| wilson(table.as_bytes(), std::io::sink())));
    let table: String = units
        .iter()
        .enumerate()
        .map(|(at, unit)| format!("d,,U{at},{},{}\n", unit.numerator, unit.denominator))
        .collect();
    let table = format!("dataset,sr_method,unit,numerator,denominator\n{table}");
    show("command funnel", cpu_seconds(|| funnel_units(table.as_bytes(), std::io::sink())));
}

/// Sites by months with all totals, a third of the counts small.
fn draft(rule: Rule, rows: u64, columns: u64) -> Option<Draft> {
    let mut random = Random(7);
    let mut count = || match random.below(9) {
        0..3 => 1 + random.below(7),
        3 => 0,
        _ => 8 + random.below(300),
    };
    let table = Table {
        name: "admissions".to_owned(),
        rows: (0..rows).map(|row| format!("site {row}")).collect(),
        columns: (0..columns).map(|column| format!("month {column}")).collect(),
        counts: (0..rows).map(|_| (0..columns).map(|_| count()).collect()).collect(),
        totals: Totals::Both,
    };
    let mut draft = Draft::new(rule);
    draft.table(table).ok()?;
    Some(draft)
}

fn show(name: &str, seconds: f64) {
    println!("{name:<48} {:>9.2}", seconds * 1000.0);
}

fn units(measure: Measure, largest: u64) -> Vec<Unit> {
    let mut random = Random(20_091_019);
    (0..UNITS)
        .map(|_| {
            let denominator = (random.below(largest) + 1) as f64;
            let part = 0.7 + random.below(600) as f64 / 1000.0;
            let numerator = match measure {
                Measure::Proportion => (denominator * part * 0.5).floor(),
                Measure::ShmiRatio | Measure::CqcRatio => (denominator * part).round(),
            };
            Unit { numerator, denominator }
        })
        .collect()
}

/// The mean over so many rounds that the kernel's clock of a few milliseconds does not matter.
fn cpu_seconds<T>(mut work: impl FnMut() -> T) -> f64 {
    let start = spent();
    let mut rounds = 0_u32;
    while rounds < 1000 && spent() - start < 1.0 {
        std::hint::black_box(work());
        rounds += 1;
    }
    (spent() - start) / f64::from(rounds)
}

/// User and system time of this process, from the kernel; 0 where it does not say.
fn spent() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks: u64 = stat
        .rsplit(')')
        .next()
        .map(|rest| rest.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum())
        .unwrap_or(0);
    // USER_HZ is 100 on every Linux the program is built for.
    ticks as f64 / 100.0
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % limit
    }
}
