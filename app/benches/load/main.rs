//! `make bench`, the product under load: pages of a full round, the rush before a deadline, and kills in mid-load, on SQLite and PostgreSQL; prints each figure against its target and fails when a submission was lost.
//!
//! `BENCH_ONLY=pages,rush,kills` chooses; `BENCH_BIDS`, `BENCH_ASSESSORS`, `BENCH_RATE`, `BENCH_SECONDS`, `BENCH_BIDDERS`, `BENCH_WINDOW`
//! (seconds) and `BENCH_KILLS` change the size. PostgreSQL is measured where `HIEC_TEST_POSTGRES` names a server.
#![expect(clippy::expect_used, clippy::panic, reason = "what goes wrong in here ends the measurement, with the reason")]

mod client;
mod kills;
mod pages;
mod rate;
mod rounds;
mod server;
mod storm;

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use hiec_competition::demo::crowd::Crowd;
use hiec_testkit::{DatabaseKind, TestDatabase, databases};
use pages::{KINDS, Measured, milliseconds};
use rounds::{Round, Standing};

/// The targets of the figures, in milliseconds and mebibytes.
const MEDIAN: f64 = 10.0;
const P99: f64 = 50.0;
const MEMORY: f64 = 150.0;
const IDLE: f64 = 100.0;
const WARM_START: f64 = 300.0;
/// Who submits so long before the deadline must be in.
const SPARE: Duration = Duration::from_millis(500);

#[tokio::main]
async fn main() -> ExitCode {
    let only = std::env::var("BENCH_ONLY").unwrap_or_else(|_| "pages,rush,kills".into());
    let binary = Path::new(env!("CARGO_BIN_EXE_hiec"));
    machine();
    let mut faults = Vec::new();
    if only.contains("pages") {
        pages(binary, &mut faults).await;
    }
    if only.contains("rush") || only.contains("kills") {
        deadline(binary, &only, &mut faults).await;
    }
    if faults.is_empty() {
        println!("\nNothing was lost, and nothing failed.");
        return ExitCode::SUCCESS;
    }
    println!("\nFAULTS:");
    for fault in faults.iter().take(20) {
        println!("  {fault}");
    }
    ExitCode::FAILURE
}

/// A number from the environment, or the one the targets are for.
fn size(name: &str, usual: u32) -> u32 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(usual)
}

fn machine() {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load: Vec<&str> = load.split(' ').take(1).collect();
    println!(
        "{cores} cores; load before the start {}; the server, the database and the client share them.",
        load.join("")
    );
}

async fn each_database(round: &Round) -> Vec<(TestDatabase, String)> {
    let mut places = Vec::new();
    for database in databases().await {
        let url = match database.kind {
            DatabaseKind::Sqlite => {
                let file = database.url.trim_start_matches("sqlite://");
                std::fs::copy(round.file(), file).expect("the round is copied");
                database.url.clone()
            }
            DatabaseKind::Postgres => {
                round.copy_to(&database.url).await;
                database.url.clone()
            }
        };
        places.push((database, url));
    }
    places
}

async fn pages(binary: &Path, faults: &mut Vec<String>) {
    let bids = size("BENCH_BIDS", 1_000);
    let assessors = size("BENCH_ASSESSORS", 300);
    let (rate, seconds) = (size("BENCH_RATE", 200), size("BENCH_SECONDS", 30));
    println!("\n== Pages: {bids} bids, {assessors} assessors, {} reviews", bids * 3);
    let begun = Instant::now();
    let crowd = Crowd { bids: bids as usize, assessors: assessors as usize };
    let round = Round::play(crowd, Standing::Assessing).await;
    println!("The round was played by the product's own actions in {:.0} s.", begun.elapsed().as_secs_f64());
    for (database, url) in each_database(&round).await {
        let measured = pages::measure(binary, &url, round.folder(), rate, seconds).await;
        report(database.kind, &measured, rate, seconds);
        faults.extend(measured.faults.into_iter().map(|fault| format!("pages on {}: {fault}", database.kind)));
    }
}

fn report(kind: DatabaseKind, measured: &Measured, rate: u32, seconds: u32) {
    println!(
        "\n{kind}, {rate} requests/s for {seconds} s. Milliseconds; in brackets the share of the target ({MEDIAN} and {P99})."
    );
    println!(
        "{:<24} {:>6} {:>9}  {:>14} {:>15}   {:>8} {:>8} {:>7}",
        "page", "asked", "processor", "server median", "server p99", "median", "p99", "KiB"
    );
    for (kind, figures) in &measured.kinds {
        let (median, p99) = (milliseconds(&figures.server, 0.5), milliseconds(&figures.server, 0.99));
        println!(
            "{:<24} {:>6} {:>9.2}  {:>7.2} ({:>4.2}) {:>8.2} ({:>4.2})   {:>8.2} {:>8.2} {:>7.1}{}",
            KINDS[*kind].name,
            figures.asked,
            figures.processor,
            median,
            median / MEDIAN,
            p99,
            p99 / P99,
            milliseconds(&figures.client, 0.5),
            milliseconds(&figures.client, 0.99),
            figures.bytes as f64 / 1024.0,
            if KINDS[*kind].is_named && (median > MEDIAN || p99 > P99) { "  MISSED" } else { "" }
        );
    }
    let mut all: Vec<Duration> = measured.kinds.values().flat_map(|figures| figures.client.iter().copied()).collect();
    all.sort();
    println!(
        "All pages at the client: median {:.2} ms, p99 {:.2} ms, most {:.2} ms.",
        milliseconds(&all, 0.5),
        milliseconds(&all, 0.99),
        milliseconds(&all, 1.0)
    );
    println!(
        "Memory: idle {:.0} MiB ({:.2} of {IDLE}), most {:.0} MiB ({:.2} of {MEMORY}). Warm start {:.0} ms ({:.2} of {WARM_START}).",
        measured.idle.resident,
        measured.idle.resident / IDLE,
        measured.after.most_resident,
        measured.after.most_resident / MEMORY,
        measured.started_in.as_secs_f64() * 1000.0,
        measured.started_in.as_secs_f64() * 1000.0 / WARM_START
    );
}

async fn deadline(binary: &Path, only: &str, faults: &mut Vec<String>) {
    let bidders = size("BENCH_BIDDERS", 500);
    let times = size("BENCH_KILLS", 50);
    let window = Duration::from_secs(size("BENCH_WINDOW", 60).into());
    println!("\n== Deadline: {bidders} bidders");
    let round = Round::play(Crowd { bids: bidders as usize, assessors: 1 }, Standing::BeforeTheDeadline).await;
    if only.contains("kills") {
        for (database, url) in each_database(&round).await {
            let kills = kills::strike(binary, &url, round.folder(), 40, times as usize).await;
            println!(
                "{}: killed {} times under load: {} submissions acknowledged, {} requests cut off ({} of them stored all the same), {} faults.",
                database.kind,
                kills.kills,
                kills.acknowledged,
                kills.cut_off,
                kills.held_untold,
                kills.faults.len()
            );
            faults.extend(kills.faults.into_iter().map(|fault| format!("kills on {}: {fault}", database.kind)));
        }
    }
    if only.contains("rush") {
        for (database, url) in each_database(&round).await {
            let storm = storm::blow(binary, &url, round.folder(), window, SPARE).await;
            println!(
                "{}: {} submissions in the last {} s: {} receipts, {} refused with a reason, longest wait {:.0} ms, {} faults.",
                database.kind,
                storm.sent,
                window.as_secs(),
                storm.receipts,
                storm.refused,
                storm.longest.as_secs_f64() * 1000.0,
                storm.faults.len()
            );
            faults.extend(storm.faults.into_iter().map(|fault| format!("rush on {}: {fault}", database.kind)));
        }
    }
}
