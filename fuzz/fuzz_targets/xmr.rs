//! Draws a chart of any doubles and asks it for everything it can say; it must never accept a panic or a limit that is no number.
#![no_main]

use chrono::{Days, NaiveDate};
use hiec_spc::xmr::{Chart, Direction, Observation, Options, Rules, RunLength, Unit};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((&[choices, baseline, rebase, unit], rest)) = input.split_first_chunk() else { return };
    let (target, rest) = number(rest);
    // Ten bytes a row: two for its day, eight for its value.
    let rows: Vec<Observation> = rest
        .chunks_exact(10)
        .map(|row| Observation { date: day(u16::from_le_bytes([row[0], row[1]])), value: number(&row[2..]).0 })
        .collect();
    let is_set = |bit: u8| choices >> bit & 1 == 1;
    let length = |bit: u8| if is_set(bit) { RunLength::Six } else { RunLength::Seven };
    let options = Options {
        direction: [Direction::Increase, Direction::Decrease, Direction::Neutral][usize::from(choices & 3) % 3],
        target,
        rebases: if rebase == 0 { Vec::new() } else { vec![day(u16::from(rebase)), day(u16::from(rebase) * 2)] },
        baseline: (baseline > 0).then_some(usize::from(baseline)),
        screening: is_set(2),
        rules: Rules { shift: length(3), trend: length(4), two_in_three: is_set(5) },
        unit: [Unit::Plain, Unit::Fraction, Unit::Percent][usize::from(unit) % 3],
    };
    match Chart::draw(&rows, &options) {
        Ok(chart) => ask(&chart),
        Err(refusal) => assert!(!refusal.to_string().is_empty()),
    }
});

fn ask(chart: &Chart) {
    for group in &chart.groups {
        assert!(group.mean.is_finite());
        assert!(group.spread.limits().is_none_or(|limits| limits.lower.is_finite() && limits.upper.is_finite()));
        assert!(!chart.working(group).is_empty());
    }
    for (place, point) in chart.points.iter().enumerate() {
        let is_flagged = point.mark.is_some_and(|mark| mark.signal.is_some());
        assert_eq!(is_flagged, !chart.flags(place).is_empty());
    }
    assert!(!chart.summary().is_empty());
    assert_eq!(chart.assurance_words().is_some(), chart.options.target.is_some() && !chart.groups.is_empty());
    chart.notices.iter().for_each(|notice| assert!(!notice.to_string().is_empty()));
}

fn day(count: u16) -> NaiveDate {
    NaiveDate::default() + Days::new(u64::from(count))
}

/// A double from the first eight bytes, if they are there and not all nought.
fn number(bytes: &[u8]) -> (Option<f64>, &[u8]) {
    match bytes.split_first_chunk() {
        Some((&first, rest)) => (Some(f64::from_le_bytes(first)).filter(|number| number.to_bits() != 0), rest),
        None => (None, bytes),
    }
}
