//! What the simulation found for the usual rules, kept so that a page of icons need not run it; it must never be edited by hand.
//!
//! `cargo run --release -p hiec-spc --example false_alarms` makes the rows anew. Limits from all points, screening, shift
//! and trend of 7, two in three.

/// Points, share of stable series with any flag, share with a flag on the last point.
const TABLE: [(usize, f64, f64); 18] = [
    (2, 0.0000, 0.0000),
    (3, 0.0000, 0.0000),
    (4, 0.0000, 0.0000),
    (6, 0.0191, 0.0114),
    (7, 0.0261, 0.0129),
    (8, 0.0343, 0.0134),
    (10, 0.0527, 0.0133),
    (12, 0.0718, 0.0137),
    (15, 0.1001, 0.0146),
    (18, 0.1301, 0.0157),
    (24, 0.1856, 0.0162),
    (30, 0.2395, 0.0167),
    (36, 0.2922, 0.0178),
    (48, 0.3852, 0.0181),
    (60, 0.4681, 0.0187),
    (84, 0.6027, 0.0194),
    (120, 0.7414, 0.0192),
    (240, 0.9398, 0.0200),
];

/// The share of stable series of so many points whose last point is flagged by chance: what to expect of variation icons.
pub fn expected_last(points: usize) -> f64 {
    expected(points, |&(_, _, last)| last)
}

/// The share of stable series of so many points that have any flag by chance.
pub fn expected_any(points: usize) -> f64 {
    expected(points, |&(_, any, _)| any)
}

/// Between two rows of the table in proportion; beyond its ends as at its ends, and none for a single point.
fn expected(points: usize, share: impl Fn(&(usize, f64, f64)) -> f64) -> f64 {
    let after = TABLE.partition_point(|row| row.0 < points);
    match (after.checked_sub(1).and_then(|before| TABLE.get(before)), TABLE.get(after)) {
        _ if points < 2 => 0.0,
        (Some(before), Some(after)) => {
            #[expect(clippy::cast_precision_loss, reason = "a few hundred points")]
            let part = (points - before.0) as f64 / (after.0 - before.0) as f64;
            share(before) + part * (share(after) - share(before))
        }
        (Some(row), None) | (None, Some(row)) => share(row),
        (None, None) => 0.0,
    }
}
