//! Measures the engine in CPU seconds on made-up rounds of the sizes others were measured on; it must never be read as a test.
//!
//! `cargo bench -p hiec-placement`; `-- 20000` at its end measures rounds of so many residents alone. Baselines, on two shared cores, the same shapes but other draws: PyPI `matching`
//! 1.4.3 (set-up and solve), `algmatch` 1.5.2 (load and solve), and `matchrp` in C++ (parse, solve and print).

use std::fmt::Write;
use std::hint::black_box;
use std::time::Instant;

use hiec_placement::command::{Asked, check, solve};

struct Size {
    residents: u64,
    hospitals: u64,
    listed: u64,
    has_master_list: bool,
    /// CPU seconds: `matching`, `algmatch`, `matchrp`.
    baselines: [Option<f64>; 3],
}

const SIZES: [Size; 6] = [
    Size {
        residents: 1000,
        hospitals: 50,
        listed: 10,
        has_master_list: false,
        baselines: [Some(0.63), Some(0.37), Some(0.06)],
    },
    Size { residents: 1000, hospitals: 50, listed: 50, has_master_list: false, baselines: [Some(4.9), None, None] },
    Size {
        residents: 5000,
        hospitals: 100,
        listed: 10,
        has_master_list: false,
        baselines: [Some(11.9), Some(8.03), Some(0.19)],
    },
    Size { residents: 5000, hospitals: 100, listed: 100, has_master_list: false, baselines: [Some(186.0), None, None] },
    Size {
        residents: 20_000,
        hospitals: 200,
        listed: 10,
        has_master_list: false,
        baselines: [Some(201.0), Some(142.7), Some(0.93)],
    },
    Size { residents: 20_000, hospitals: 200, listed: 10, has_master_list: true, baselines: [Some(166.0), None, None] },
];

fn main() {
    println!("residents x hospitals x list         text   both optima,   with       least    check");
    println!(
        "                                     MB     read+written   reasons    cost     whole    x faster than matching / algmatch / matchrp"
    );
    let only: Option<u64> = std::env::args().skip(1).find_map(|argument| argument.parse().ok());
    for size in SIZES.iter().filter(|size| only.is_none_or(|residents| residents == size.residents)) {
        measure(size);
    }
}

fn measure(size: &Size) {
    let text = instance(size);
    let rounds = u32::try_from(2_000_000 / (size.residents * size.listed)).unwrap_or(1).max(3);
    let mut is_solved = true;
    let plain =
        mean_cpu_seconds(rounds, || is_solved &= black_box(solve(text.as_bytes(), Some(Asked::Da), None)).is_ok());
    let secret = [7; 32];
    let sealed = mean_cpu_seconds(rounds, || {
        is_solved &= black_box(solve(text.as_bytes(), Some(Asked::Da), Some(&secret))).is_ok();
    });
    let least =
        mean_cpu_seconds(1, || is_solved &= black_box(solve(text.as_bytes(), Some(Asked::LeastCost), None)).is_ok());
    let certificate = solve(text.as_bytes(), Some(Asked::Da), Some(&secret)).ok().and_then(|solved| solved.certificate);
    let certificate = certificate.unwrap_or_default();
    let checking = mean_cpu_seconds(3, || is_solved &= check(certificate.as_bytes()).is_ok_and(|(holds, _)| holds));
    let ratios: Vec<String> = size
        .baselines
        .iter()
        .map(|baseline| baseline.map_or("-".to_owned(), |seconds| format!("{:.0}", seconds / plain)))
        .collect();
    println!(
        "{:>6} x {:>3} x {:>3}{}  {:>5.1}   {plain:>8.4}       {sealed:>8.4}   {least:>8.4} {checking:>8.4}   {}{}",
        size.residents,
        size.hospitals,
        size.listed,
        if size.has_master_list { ", master list" } else { "             " },
        text.len() as f64 / 1e6,
        ratios.join(" / "),
        if is_solved { "" } else { "  NOT SOLVED" }
    );
}

/// Residents list hospitals drawn by popularity; hospitals rank those who list them, in an order of their own or one for all.
fn instance(size: &Size) -> String {
    let mut random = Random(20_091_019);
    let hospitals = size.hospitals as usize;
    let mut weights: Vec<f64> = (0..hospitals).map(|n| 1.0 / ((n + 1) as f64).sqrt()).collect();
    shuffle(&mut weights, &mut random);
    let mut text = String::from("{\"kind\":\"hospital-residents\",\"residents\":{");
    let mut ranked: Vec<Vec<u64>> = vec![Vec::new(); hospitals];
    for resident in 1..=size.residents {
        let mut keyed: Vec<(f64, usize)> =
            weights.iter().enumerate().map(|(host, weight)| (random.unit().powf(1.0 / weight), host)).collect();
        keyed.sort_by(|one, other| other.0.total_cmp(&one.0));
        let comma = if resident == 1 { "" } else { "," };
        let _ = write!(text, "{comma}\"R{resident:05}\":[");
        for (place, (_, host)) in keyed.iter().take(size.listed as usize).enumerate() {
            let comma = if place == 0 { "" } else { "," };
            let _ = write!(text, "{comma}\"H{:03}\"", host + 1);
            ranked[*host].push(resident);
        }
        text.push(']');
    }
    text.push_str("},\"hospitals\":{");
    let mut master: Vec<u64> = (0..=size.residents).collect();
    shuffle(&mut master, &mut random);
    for (host, list) in ranked.iter_mut().enumerate() {
        if size.has_master_list {
            list.sort_by_key(|resident| master[*resident as usize]);
        } else {
            shuffle(list, &mut random);
        }
        let capacity = size.residents / size.hospitals + u64::from((host as u64) < size.residents % size.hospitals);
        let comma = if host == 0 { "" } else { "," };
        let _ = write!(text, "{comma}\"H{:03}\":{{\"capacity\":{capacity},\"preferences\":[", host + 1);
        for (place, resident) in list.iter().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            let _ = write!(text, "{comma}\"R{resident:05}\"");
        }
        text.push_str("]}");
    }
    text.push_str("}}");
    text
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

fn shuffle<T>(items: &mut [T], random: &mut Random) {
    for last in (1..items.len()).rev() {
        items.swap(last, (random.bits() % (last as u64 + 1)) as usize);
    }
}

fn mean_cpu_seconds(rounds: u32, mut work: impl FnMut()) -> f64 {
    let start = cpu_seconds();
    (0..rounds).for_each(|_| work());
    (cpu_seconds() - start) / f64::from(rounds)
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
