//! Measures the fits in CPU microseconds on made-up spreads; it must never be read as a test.
//!
//! `cargo bench -p hiec-adoption`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use hiec_adoption::curves::{Period, Spread, bass, bass_with_ceiling, logistic};

fn main() {
    for periods in [14_u32, 24, 48] {
        let spreads: Vec<Spread> = (0..20).filter_map(|seed| spread(periods, seed)).collect();
        println!("{periods} periods:");
        measure("  Bass, ceiling free", &spreads, |spread| bass(spread).is_ok());
        measure("  Bass, ceiling given", &spreads, |spread| bass_with_ceiling(spread, 150).is_ok());
        measure("  logistic", &spreads, |spread| logistic(spread).is_ok());
    }
}

fn measure(name: &str, spreads: &[Spread], fit: impl Fn(&Spread) -> bool) {
    let before = cpu_seconds();
    spreads.iter().for_each(|spread| {
        black_box(fit(spread));
    });
    println!("{name:30} {:10.0} us", (cpu_seconds() - before) / spreads.len() as f64 * 1e6);
}

/// Counts along a Bass curve, give or take what a fixed sequence adds.
fn spread(periods: u32, seed: u32) -> Option<Spread> {
    let mut have = 0.0_f64;
    let period = |t: u32| {
        let hazard = 0.01 + 0.4 * have / 150.0;
        let shake = f64::from((t * 7919 + seed * 104_729) % 11) / 11.0 + 0.5;
        let new = ((150.0 - have) * hazard * shake).round();
        have += new;
        Period { t, new: Some(new as u32), cumulative: None }
    };
    Spread::new((1..=periods).map(period).collect(), Some(150)).ok()
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
