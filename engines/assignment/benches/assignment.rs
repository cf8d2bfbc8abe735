//! Measures the engine in CPU seconds on made-up questions of the sizes others were measured on; it must never be read as a test.
//!
//! `cargo bench -p hiec-assignment`. Baselines: CPU seconds of the solve alone, measured on questions of the same
//! sizes (30% of pairs with a preference, 1 in 40 a conflict) on a machine with two shared cores. The
//! questions here have the same shape but other numbers.

use std::fmt::Write;
use std::time::Instant;

use hiec_assignment::{EXIT_OK, Instance, read_draft, run_command};

struct Size {
    bids: u64,
    assessors: u64,
    per_bid: u64,
    /// CPU seconds: HotCRP's PHP, OR-tools from Python, LEMON through the crate `mcmf`.
    baselines: [Option<f64>; 3],
}

const SIZES: [Size; 5] = [
    Size { bids: 40, assessors: 30, per_bid: 3, baselines: [Some(0.02), Some(0.001), None] },
    Size { bids: 100, assessors: 60, per_bid: 3, baselines: [Some(0.13), Some(0.002), Some(0.01)] },
    Size { bids: 300, assessors: 100, per_bid: 4, baselines: [Some(1.24), Some(0.012), Some(0.03)] },
    Size { bids: 1000, assessors: 300, per_bid: 3, baselines: [Some(25.95), Some(0.23), Some(0.37)] },
    Size { bids: 2000, assessors: 600, per_bid: 4, baselines: [None, Some(0.96), None] },
];

/// How weights are made, and how full the assessors are in hundredths.
const SHAPES: [(&str, Weights, u64); 9] = [
    ("preferences", Weights::Preferences, 130),
    ("preferences, no spare room", Weights::Preferences, 100),
    ("any whole number", Weights::Whole, 130),
    ("any whole number, no spare room", Weights::Whole, 100),
    ("17-digit decimals, no spare room", Weights::Decimals, 100),
    ("all equal, no spare room", Weights::Equal, 100),
    ("shared topics", Weights::Topics, 130),
    ("shared topics, no spare room", Weights::Topics, 100),
    ("rank one (product of two numbers)", Weights::Product, 110),
];

#[derive(Clone, Copy)]
enum Weights {
    Preferences,
    Whole,
    Decimals,
    Equal,
    /// What bid and assessor have in common over eight topics.
    Topics,
    Product,
}

fn main() {
    println!(
        "size             arcs  weights                              read    solve    total CPU s  x faster than HotCRP / OR-tools / LEMON (solve)"
    );
    for size in &SIZES {
        for (name, weights, fullness) in SHAPES {
            measure(size, name, weights, fullness);
        }
    }
}

fn measure(size: &Size, name: &str, weights: Weights, fullness: u64) {
    let text = question(size, weights, fullness);
    // The kernel counts CPU time in steps of a few milliseconds, so small questions are asked many times over.
    let rounds = u32::try_from(300_000 / (size.bids * size.assessors)).unwrap_or(1).max(1) * 2;
    let Some(instance) = read(&text) else {
        println!("the made-up question cannot be read");
        return;
    };
    let mut is_solved = true;
    let reading = mean_cpu_seconds(rounds, || is_solved &= read(&text).is_some());
    let solve = mean_cpu_seconds(rounds, || is_solved &= instance.solve().is_ok());
    let total = mean_cpu_seconds(rounds, || is_solved &= run_command(&text).exit_code == EXIT_OK);
    let ratios: Vec<String> = size
        .baselines
        .iter()
        .map(|baseline| baseline.map_or("-".to_owned(), |seconds| format!("{:.1}", seconds / solve)))
        .collect();
    println!(
        "{:>4} x {:>3} x {}  {:>8}  {name:<34} {reading:>7.4}  {solve:>7.4}  {total:>7.4}       {}{}",
        size.bids,
        size.assessors,
        size.per_bid,
        size.bids * size.assessors,
        ratios.join(" / "),
        if is_solved { "" } else { "  NOT SOLVED" }
    );
}

fn read(text: &str) -> Option<Instance> {
    read_draft(text).ok().and_then(|(draft, _)| draft.check().ok())
}

fn mean_cpu_seconds(rounds: u32, mut work: impl FnMut()) -> f64 {
    let start = cpu_seconds();
    (0..rounds).for_each(|_| work());
    (cpu_seconds() - start) / f64::from(rounds)
}

fn question(size: &Size, weights: Weights, fullness: u64) -> String {
    let mut random = Random(20_091_019);
    let max_load = (size.bids * size.per_bid * fullness).div_ceil(size.assessors * 100);
    let mut text = format!("{{\"per_bid\":{},\"max_load\":{max_load},\"pairs\":[", size.per_bid);
    let mut conflicts = String::new();
    for bid in 0..size.bids {
        for assessor in 0..size.assessors {
            let comma = if bid + assessor == 0 { "" } else { "," };
            let weight = match weights {
                Weights::Preferences if random.below(100) < 30 => (20 + random.below(41)).to_string(),
                Weights::Preferences => "0".to_owned(),
                Weights::Whole => random.below(1_000_000).to_string(),
                Weights::Decimals => format!("0.{:017}", random.below(100_000_000_000_000_000)),
                Weights::Equal => "1".to_owned(),
                Weights::Topics => (0..8)
                    .map(|topic| interest(bid, topic) * interest(assessor + 1_000_000, topic))
                    .sum::<u64>()
                    .to_string(),
                Weights::Product => ((bid + 1) * (assessor + 1)).to_string(),
            };
            let _ = write!(text, "{comma}{{\"bid\":\"B{bid}\",\"assessor\":\"r{assessor}\",\"weight\":{weight}}}");
            if random.below(40) == 0 {
                let comma = if conflicts.is_empty() { "" } else { "," };
                let _ = write!(conflicts, "{comma}[\"B{bid}\",\"r{assessor}\"]");
            }
        }
    }
    let _ = write!(text, "],\"conflicts\":[{conflicts}]}}");
    text
}

/// How much a bid or assessor has to do with a topic: much with few, little with most.
fn interest(who: u64, topic: u64) -> u64 {
    let drawn = Random(who * 8 + topic).below(100);
    drawn * drawn * drawn / 1000
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound
    }
}

/// CPU seconds of this thread where Linux tells them, else seconds passed.
fn cpu_seconds() -> f64 {
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = spent.and_then(|text| text.split(' ').next().and_then(|number| number.parse::<u64>().ok()));
    nanoseconds.map_or_else(
        || START.with(Instant::elapsed).as_secs_f64(),
        |count| std::time::Duration::from_nanos(count).as_secs_f64(),
    )
}

thread_local! {
    static START: Instant = Instant::now();
}
