//! Xbar and S charts, which no gold has, held to examples worked out by hand.

use std::f64::consts::PI;

use hiec_spc::limits::{Chart, Kind, Limits, Options, Series};

fn draw(kind: Kind, subgroups: &[&[f64]], options: &Options) -> Chart {
    Chart::draw(kind, &Series::of_subgroups(subgroups.iter().copied()).unwrap(), options).unwrap()
}

fn assert_close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1.0), "{found}, by hand {expected}");
}

fn limits(chart: &Chart, row: usize) -> Limits {
    chart.points[row].limits.unwrap()
}

/// Means 2, 4 and 4; deviations √2, 2√2 and 0, so s̄ = √2. With two measurements c4 = √(2/π), A3 = 3√(π/2)/√2.
const EVEN: [&[f64]; 3] = [&[1.0, 3.0], &[2.0, 6.0], &[4.0, 4.0]];

#[test]
fn means_of_subgroups_of_one_size() {
    let chart = draw(Kind::Means, &EVEN, &Options::default());
    assert_close(chart.parts[0].centre.unwrap(), 10.0 / 3.0);
    let Limits { lower, lower_two, upper_two, upper } = limits(&chart, 1);
    assert_close(upper, 10.0 / 3.0 + 3.0 * (PI / 2.0).sqrt());
    assert_close(upper_two, 10.0 / 3.0 + 2.0 * (PI / 2.0).sqrt());
    assert_close(lower_two, 10.0 / 3.0 - 2.0 * (PI / 2.0).sqrt());
    assert_close(lower, 10.0 / 3.0 - 3.0 * (PI / 2.0).sqrt());
    assert_eq!(chart.points[0].size, Some(2.0));
}

#[test]
fn deviations_of_subgroups_of_one_size() {
    let chart = draw(Kind::Deviations, &EVEN, &Options::default());
    assert_close(chart.parts[0].centre.unwrap(), 2.0_f64.sqrt());
    // B4 = 1 + 3 √(1 − 2/π) / √(2/π) = 1 + 3 √(π/2 − 1); B3 is cut at nought.
    assert_close(limits(&chart, 0).upper, 2.0_f64.sqrt() * (1.0 + 3.0 * (PI / 2.0 - 1.0).sqrt()));
    assert_eq!(limits(&chart, 0).lower, 0.0);
    let values: Vec<f64> = chart.points.iter().filter_map(|point| point.value).collect();
    assert_close(values[1], 8.0_f64.sqrt());
    assert_eq!(values[2], 0.0);
}

/// Variances 2 (one degree of freedom) and 9 (two): s̄ = √(20/3). The grand mean weighs by size: 19/5.
#[test]
fn subgroups_of_different_sizes_are_weighed() {
    let uneven: [&[f64]; 2] = [&[1.0, 3.0], &[2.0, 5.0, 8.0]];
    let chart = draw(Kind::Means, &uneven, &Options::default());
    assert_close(chart.parts[0].centre.unwrap(), 3.8);
    // A3 of three: c4 = √π / 2.
    assert_close(limits(&chart, 1).upper, 3.8 + 6.0 / (3.0 * PI).sqrt() * (20.0_f64 / 3.0).sqrt());
    assert_close(limits(&chart, 0).upper, 3.8 + 3.0 * (PI / 2.0 / 2.0).sqrt() * (20.0_f64 / 3.0).sqrt());
    let chart = draw(Kind::Deviations, &uneven, &Options::default());
    assert_close(chart.parts[0].centre.unwrap(), (20.0_f64 / 3.0).sqrt());
    // B4 of three: 1 + 3 √(4/π − 1).
    assert_close(limits(&chart, 1).upper, (20.0_f64 / 3.0).sqrt() * (1.0 + 3.0 * (4.0 / PI - 1.0).sqrt()));
}

#[test]
fn a_single_measurement_has_no_limits_but_counts_in_the_mean() {
    let chart = draw(Kind::Means, &[&[1.0, 3.0], &[5.0], &[]], &Options::default());
    assert_close(chart.parts[0].centre.unwrap(), 3.0);
    assert!(chart.points[0].limits.is_some());
    assert_eq!((chart.points[1].limits, chart.points[1].value), (None, Some(5.0)));
    assert_eq!((chart.points[2].limits, chart.points[2].value, chart.points[2].size), (None, None, Some(0.0)));
    let chart = draw(Kind::Means, &[&[1.0], &[5.0]], &Options::default());
    assert!(chart.points.iter().all(|point| point.limits.is_none() && !point.is_outside));
}

#[test]
fn freeze_and_exclusion_leave_subgroups_out_of_both_averages() {
    let more: [&[f64]; 5] = [&[1.0, 3.0], &[90.0, 99.0], &[2.0, 6.0], &[4.0, 4.0], &[50.0, 70.0]];
    let options = Options { freeze: Some(4), excluded: vec![2], ..Options::default() };
    for kind in [Kind::Means, Kind::Deviations] {
        let chart = draw(kind, &more, &options);
        let even = draw(kind, &EVEN, &Options::default());
        assert_eq!(chart.parts[0].centre, even.parts[0].centre);
        assert_eq!(limits(&chart, 0), limits(&even, 0));
        let outside: Vec<bool> = chart.points.iter().map(|point| point.is_outside).collect();
        assert_eq!(outside, [false, true, false, false, true], "{kind:?}");
    }
}
