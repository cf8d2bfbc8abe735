//! The simulation of stable series, held to figures others measured with 200,000 series; its randomness is its own and the same every time.

use hiec_spc::false_alarms::{Change, FalseAlarms, Stable, expected_any, expected_last, normal, simulate, told};
use hiec_spc::xmr::Options;

const SERIES: usize = 20_000;

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

fn measured(points: usize) -> FalseAlarms {
    let mut random = Random(u64::try_from(points).unwrap());
    simulate(Stable { points, memory: 0.0 }, SERIES, &Options::default(), &mut || random.next()).unwrap()
}

/// Within four standard errors of a share measured on so many series, and half of the last digit others printed.
fn assert_near(found: f64, wanted: f64, last_digit: f64, what: &str) {
    let error = (wanted * (1.0 - wanted) / SERIES as f64).sqrt();
    let allowed = 4.0 * error + last_digit / 2.0;
    assert!((found - wanted).abs() <= allowed, "{what}: {found}, where {wanted} ± {allowed} was measured elsewhere");
}

/// Any point, the last point; then shift, trend, outside, two in three. As measured with another program.
#[test]
fn stable_series_are_flagged_as_often_as_elsewhere() {
    let elsewhere = [
        (12, 0.07, 0.014, [0.012, 0.002, 0.053, 0.016]),
        (24, 0.19, 0.016, [0.086, 0.006, 0.095, 0.033]),
        (36, 0.29, 0.018, [0.17, 0.011, 0.13, 0.049]),
        (48, 0.39, 0.018, [0.24, 0.015, 0.16, 0.064]),
    ];
    for (points, any, last, rules) in elsewhere {
        let found = measured(points);
        assert_near(found.any, any, 0.01, &format!("any of {points}"));
        assert_near(found.last, last, 0.001, &format!("last of {points}"));
        let by_rule = [found.shift, found.trend, found.outside, found.two_in_three];
        for (found, wanted) in by_rule.into_iter().zip(rules) {
            let last_digit = if wanted < 0.1 { 0.001 } else { 0.01 };
            assert_near(found, wanted, last_digit, &format!("a rule on {points}"));
        }
    }
}

/// A step of so many standard deviations after 24 stable points, limits from all points.
#[test]
fn real_changes_are_told_as_often_as_elsewhere() {
    for (after, step, wanted) in
        [(3, 1.0, 0.067), (6, 1.0, 0.12), (9, 1.0, 0.17), (12, 1.0, 0.14), (3, 2.0, 0.28), (6, 2.0, 0.39)]
    {
        let mut random = Random(after as u64);
        let change = Change { before: 24, after, step };
        let found = told(change, SERIES, &Options::default(), &mut || random.next()).unwrap();
        assert_near(found, wanted, 0.01, &format!("{step} SD, {after} points since"));
    }
}

#[test]
fn the_kept_table_says_what_the_simulation_finds() {
    for points in [7, 24, 27, 48] {
        let found = measured(points);
        assert_near(found.last, expected_last(points), 0.001, &format!("last of {points}"));
        assert_near(found.any, expected_any(points), 0.01, &format!("any of {points}"));
    }
    assert_eq!((expected_last(0), expected_last(1), expected_any(1)), (0.0, 0.0, 0.0));
    assert!(expected_last(100_000) < 0.03);
    for points in 2..300 {
        assert!(expected_any(points) <= expected_any(points + 1));
    }
}

#[test]
fn normal_values_are_normal() {
    let mut random = Random(1);
    let values: Vec<f64> = (0..SERIES).map(|_| normal(&mut || random.next())).collect();
    let mean = values.iter().sum::<f64>() / SERIES as f64;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / SERIES as f64;
    let beyond = values.iter().filter(|value| value.abs() > 1.959_964).count() as f64 / SERIES as f64;
    assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.04, "{mean}, {variance}");
    assert_near(beyond, 0.05, 0.0, "beyond 1.96");
}
