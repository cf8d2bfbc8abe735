//! Measures how often stable series are flagged, and writes `docs/false-alarms.md`, its pictures and the table the engine keeps; it must never print a figure it has not measured.
//!
//! `cargo run --release -p hiec-spc --example false_alarms -- docs engines/spc/src/false_alarms/table.rs`, from the top of
//! the repository; about a minute.

mod page;
mod picture;

use std::error::Error;
use std::path::Path;

use hiec_spc::false_alarms::{Change, FalseAlarms, Stable, simulate, told};
use hiec_spc::xmr::{Options, Rules, RunLength};

/// Series drawn for each figure: the standard error of a share of 2% is then 0.03%.
const SERIES: usize = 200_000;

/// Charts of so many points.
const POINTS: [usize; 18] = [2, 3, 4, 6, 7, 8, 10, 12, 15, 18, 24, 30, 36, 48, 60, 84, 120, 240];

/// Everything the page shows.
struct Findings {
    by_points: Vec<(usize, FalseAlarms)>,
    by_rules: Vec<(&'static str, FalseAlarms)>,
    by_memory: Vec<(f64, FalseAlarms)>,
    /// Points since the change; then shares told, limits from all points and from the 24 before it, for 1 SD and for 2.
    changes: Vec<(usize, [f64; 4])>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [docs, table] = arguments.as_slice() else {
        return Err("name the folder of the documents, then the file of the engine's table".into());
    };
    let findings = measure()?;
    page::write(Path::new(docs), &findings)?;
    std::fs::write(table, engine_table(&std::fs::read_to_string(table)?, &findings)?)?;
    Ok(())
}

fn measure() -> Result<Findings, Box<dyn Error>> {
    let mut random = Random(2009);
    let mut next = || random.next();
    let usual = Options::default();
    let year = |points| Stable { points, memory: 0.0 };
    let mut by_points = Vec::new();
    for points in POINTS {
        by_points.push((points, simulate(year(points), SERIES, &usual, &mut next)?));
    }
    let mut by_rules = Vec::new();
    for (name, options) in rule_sets() {
        by_rules.push((name, simulate(year(24), SERIES, &options, &mut next)?));
    }
    let mut by_memory = Vec::new();
    for memory in [0.0, 0.2, 0.4, 0.6, 0.8] {
        by_memory.push((memory, simulate(Stable { points: 24, memory }, SERIES, &usual, &mut next)?));
    }
    let fixed = Options { baseline: Some(24), ..Options::default() };
    let mut changes = Vec::new();
    for after in [1, 2, 3, 4, 6, 8, 9, 12] {
        let mut shares = [0.0; 4];
        let cases = [(1.0, &usual), (1.0, &fixed), (2.0, &usual), (2.0, &fixed)];
        for (share, (step, options)) in shares.iter_mut().zip(cases) {
            *share = told(Change { before: 24, after, step }, SERIES, options, &mut next)?;
        }
        changes.push((after, shares));
    }
    Ok(Findings { by_points, by_rules, by_memory, changes })
}

/// The choices a person has, each with 24 points.
fn rule_sets() -> [(&'static str, Options); 5] {
    let six = Rules { shift: RunLength::Six, trend: RunLength::Six, two_in_three: true };
    let without = Rules { two_in_three: false, ..Rules::default() };
    [
        ("as taught: 7, 7, two in three, screened", Options::default()),
        ("moving ranges not screened", Options { screening: false, ..Options::default() }),
        ("shift and trend of 6", Options { rules: six, ..Options::default() }),
        ("without two in three", Options { rules: without, ..Options::default() }),
        ("limits fixed on the first 12", Options { baseline: Some(12), ..Options::default() }),
    ]
}

/// The engine's file with its rows measured anew.
fn engine_table(file: &str, findings: &Findings) -> Result<String, Box<dyn Error>> {
    let broken = "the engine's file has no table of the form this program knows";
    let (before, rest) = file.split_once("const TABLE: [").ok_or(broken)?;
    let (_, after) = rest.split_once("];\n").ok_or(broken)?;
    let mut rows = String::new();
    for (points, alarms) in &findings.by_points {
        rows += &format!("    ({points}, {:.4}, {:.4}),\n", alarms.any, alarms.last);
    }
    let count = findings.by_points.len();
    Ok(format!("{before}const TABLE: [(usize, f64, f64); {count}] = [\n{rows}];\n{after}"))
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}
