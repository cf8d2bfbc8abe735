//! How often stable series give a signal, held to what was simulated before with the packages; the numbers drawn are always the same.

use hiec_spc::limits::{Chart, Kind, Options, Series};
use hiec_spc::runs::Method;

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) as f64 / (u64::MAX as f64)
    }
}

const SERIES: usize = 20_000;

/// The share of stable series of so many points that give a signal. Only ranks matter to a run chart, so that the values
/// need not be normal.
fn false_alarms(points: usize, options: &Options) -> f64 {
    let mut random = Random(points as u64);
    let signals = (0..SERIES).filter(|_| {
        let series = Series::of_values((0..points).map(|_| Some(random.next()))).unwrap();
        Chart::draw(Kind::Run, &series, options).unwrap().parts[0].runs.is_signal()
    });
    signals.count() as f64 / SERIES as f64
}

/// Within four standard errors and the rounding of the share it is held to.
fn assert_about(found: f64, expected: f64) {
    let error = (expected * (1.0 - expected) / SERIES as f64).sqrt();
    assert!((found - expected).abs() < 4.0 * error + 0.0005, "{found}, expected {expected} ± {error}");
}

#[test]
fn a_median_of_the_same_points_gives_few_false_alarms() {
    // 200,000 simulated stable series each.
    for (points, share) in [(12, 0.013), (24, 0.030), (36, 0.042), (48, 0.039)] {
        assert_about(false_alarms(points, &Options::default()), share);
    }
}

/// With the centre known beforehand, the specificity is that of the joint distribution of runs and crossings: exactly
/// 0.9338 for 24 points by the Anhøj rules, 0.9293 by the best box, 0.9266 by the cut box.
#[test]
fn a_known_centre_gives_the_false_alarms_of_the_joint_distribution() {
    for (method, specificity) in [(Method::Anhoej, 0.9338), (Method::BestBox, 0.9293), (Method::CutBox, 0.9266)] {
        let options = Options { centre: Some(0.5), method, ..Options::default() };
        assert_about(false_alarms(24, &options), 1.0 - specificity);
    }
}
