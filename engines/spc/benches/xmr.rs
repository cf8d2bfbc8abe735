//! Measures XmR charts in CPU seconds and memory, in the engine and through the commands; it must never be read as a test.
//!
//! `cargo bench -p hiec-spc --bench xmr`; with `-- full` also a million series. Baseline: NHSRplotthedots 0.2.2 in one
//! batch, 5.4 ms a series of 48 points (the best of three passes; 75 ms a series when it is called for each).

use std::hint::black_box;
use std::io::{self, Read, Write};
use std::time::{Duration, Instant};

use chrono::{Months, NaiveDate};
use hiec_spc::command::{Layout, points, summary};
use hiec_spc::false_alarms::normal;
use hiec_spc::xmr::{Chart, Direction, Observation, Options};
use rayon::prelude::*;

const POINTS: usize = 48;
const SERIES: usize = 20_000;

/// CPU seconds a series.
const BASELINE: f64 = 0.0054;

fn main() {
    let is_full = std::env::args().any(|argument| argument == "full");
    engine();
    println!();
    println!(
        "command  series     input MB  CPU s   s     MB of input per CPU s and per s   peak memory MB   x faster than the baseline"
    );
    for series in [2_000, 20_000, 200_000].into_iter().chain(is_full.then_some(1_000_000)) {
        command("points", series);
        command("summary", series);
    }
}

fn engine() {
    let rows = made_up(SERIES);
    let options = Options { direction: Direction::Increase, target: Some(95.0), ..Options::default() };
    let icons = |rows: &[Observation]| Chart::draw(rows, &options).map(|chart| (chart.variation, chart.assurance)).ok();
    let before = Spent::now();
    rows.chunks(POINTS).for_each(|rows| {
        black_box(icons(rows));
    });
    let one = before.since();
    println!(
        "{SERIES} series x {POINTS} points, limits, rules and icons, one thread: {:.0} ms CPU, {:.2} us a series, peak memory {:.0} MB; {:.0} x faster than the baseline",
        one.cpu * 1e3,
        one.cpu * 1e6 / SERIES as f64,
        peak_memory(),
        BASELINE * SERIES as f64 / one.cpu
    );
    for threads in [1, 2] {
        let Ok(pool) = rayon::ThreadPoolBuilder::new().num_threads(threads).build() else { continue };
        let start = Instant::now();
        pool.install(|| {
            rows.par_chunks(POINTS).for_each(|rows| {
                black_box(icons(rows));
            });
        });
        let passed = start.elapsed().as_secs_f64();
        let spent = pool.broadcast(|_| thread_cpu_seconds());
        println!(
            "the same, rayon with {threads}: {:.0} ms CPU, {:.0} ms of the busiest thread, {:.0} ms passed",
            spent.iter().sum::<f64>() * 1e3,
            spent.iter().copied().fold(0.0, f64::max) * 1e3,
            passed * 1e3
        );
    }
}

fn command(name: &str, series: usize) {
    let table = std::iter::once("series_id,improvement_direction,target\n".to_owned())
        .chain((0..series).map(|id| format!("site{id:08},increase,95\n")))
        .collect::<String>();
    let input = Repeated::new(series);
    let megabytes = input.length() as f64 / 1e6;
    forget_peak_memory();
    let before = Spent::now();
    let output = Counted(0);
    let notes = match name {
        "points" => points(input, table.as_bytes(), output, Layout::Together, false),
        _ => summary(input, table.as_bytes(), output, Layout::Together),
    };
    let spent = before.since();
    if let Err(failure) = notes {
        println!("{name}: {failure}");
        return;
    }
    println!(
        "{name:<8} {series:>7}  {megabytes:>10.1}  {:>5.2}  {:>5.2}   {:>6.0}   {:>6.0}   {:>22.0}   {:>10.0}",
        spent.cpu,
        spent.wall,
        megabytes / spent.cpu,
        megabytes / spent.wall,
        peak_memory(),
        BASELINE * series as f64 / spent.cpu
    );
}

/// Rows of stable series, 48 months each.
fn made_up(series: usize) -> Vec<Observation> {
    let mut random = Random(2009);
    let mut next = || random.next();
    (0..series).flat_map(|_| months()).map(|date| Observation::new(date, value(&mut next))).collect()
}

fn months() -> impl Iterator<Item = NaiveDate> {
    (0_u32..)
        .map_while(|month| NaiveDate::from_ymd_opt(2015, 1, 1)?.checked_add_months(Months::new(month)))
        .take(POINTS)
}

/// About 100, two decimals.
fn value(random: &mut impl FnMut() -> u64) -> f64 {
    ((100.0 + 8.0 * normal(random)) * 100.0).round() / 100.0
}

/// The input of a command, made while it is read so that it takes no memory: a thousand series again and again, their
/// ids counted on.
struct Repeated {
    header: &'static [u8],
    /// The rows of a thousand series.
    block: Vec<u8>,
    /// Where the digits stand that change from block to block.
    ids: Vec<usize>,
    blocks: usize,
    made: usize,
    at: usize,
}

const BLOCK: usize = 1000;
/// Digits of an id before the three that count within a block.
const LEADING: usize = 5;

impl Repeated {
    fn new(series: usize) -> Self {
        let (mut block, mut ids) = (Vec::new(), Vec::new());
        for (place, row) in made_up(BLOCK).into_iter().enumerate() {
            ids.push(block.len() + "site".len());
            let value = row.value.unwrap_or_default();
            block.extend_from_slice(
                format!("site{:08},{},{},{value}\n", place / POINTS, place % POINTS + 1, row.date).as_bytes(),
            );
        }
        Self { header: b"series_id,row,date,value\n", at: block.len(), block, ids, blocks: series / BLOCK, made: 0 }
    }

    fn length(&self) -> usize {
        self.header.len() + self.block.len() * self.blocks
    }

    fn make_block(&mut self) {
        let number = format!("{:0LEADING$}", self.made);
        for &at in &self.ids {
            if let Some(digits) = self.block.get_mut(at..at + LEADING) {
                digits.copy_from_slice(number.as_bytes());
            }
        }
        self.made += 1;
        self.at = 0;
    }
}

impl Read for Repeated {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.header.is_empty() {
            return self.header.read(buffer);
        }
        if self.at == self.block.len() {
            if self.made == self.blocks {
                return Ok(0);
            }
            self.make_block();
        }
        let count = self.block.get(self.at..).unwrap_or_default().read(buffer)?;
        self.at += count;
        Ok(count)
    }
}

/// An output that counts.
struct Counted(usize);

impl Write for Counted {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.0 += buffer.len();
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Seconds spent: of all processors by this process, and passed.
struct Spent {
    cpu: f64,
    start: Instant,
}

struct Took {
    cpu: f64,
    wall: f64,
}

impl Spent {
    fn now() -> Self {
        Self { cpu: cpu_seconds(), start: Instant::now() }
    }

    fn since(&self) -> Took {
        Took { cpu: cpu_seconds() - self.cpu, wall: self.start.elapsed().as_secs_f64() }
    }
}

/// CPU seconds of all threads where Linux tells them; not a number elsewhere.
fn cpu_seconds() -> f64 {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    tasks.map(|task| scheduled(&task.path().join("schedstat"))).sum()
}

fn thread_cpu_seconds() -> f64 {
    scheduled(std::path::Path::new("/proc/thread-self/schedstat"))
}

fn scheduled(path: &std::path::Path) -> f64 {
    let nanoseconds = std::fs::read_to_string(path).ok().and_then(|text| text.split(' ').next()?.parse().ok());
    nanoseconds.map_or(f64::NAN, |nanoseconds| Duration::from_nanos(nanoseconds).as_secs_f64())
}

/// Megabytes, where Linux tells them.
fn peak_memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok())
        .map_or(f64::NAN, |kilobytes| kilobytes / 1e3)
}

/// Lets the peak begin anew; where the kernel does not allow it, peaks of earlier lines stay in later ones.
fn forget_peak_memory() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
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
