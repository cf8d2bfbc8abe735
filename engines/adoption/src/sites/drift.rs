//! Whether use holds once support ends; it must never call a short dip an end.

use alloc::vec::Vec;

/// Points before the end of support that make a level, and after it that can show a change.
const NEEDED: usize = 6;
/// Consecutive points on one side of a median that do not come by chance: Perla, Provost and Murray, *The run chart*, BMJ
/// Quality & Safety 2011.
const RUN: usize = 6;
/// Consecutive points without any use, up to the last.
const NOTHING: usize = 3;

/// What became of use at a site.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Drift {
    /// Too few points on a side to say.
    TooShort { before: usize, after: usize, needed: usize },
    /// No sign of fading.
    Held,
    /// Six points running below the median before; the first of them, counted from the end of support, and the share of
    /// that median the run keeps.
    Fading { since: usize, kept: f64 },
    /// Nothing at all in the last three points or more; the first of them.
    Stopped { since: usize },
}

/// Compares use after the end of support with the median before. Use is any measure that is nought when nothing is done.
///
/// Points on the median count for neither side, and are passed over, as on a run chart. Points that are no numbers too.
pub fn drift(before: &[f64], after: &[f64]) -> Drift {
    let (mut level, seen) = (numbers(before), numbers(after));
    let last = seen.iter().rev().take_while(|(_, value)| *value <= 0.0).count();
    if last >= NOTHING && level.iter().any(|(_, value)| *value > 0.0) {
        return Drift::Stopped { since: seen[seen.len() - last].0 };
    }
    if level.len() < NEEDED || seen.len() < NEEDED {
        return Drift::TooShort { before: level.len(), after: seen.len(), needed: NEEDED };
    }
    level.sort_by(|a, b| a.1.total_cmp(&b.1));
    let median = (level[(level.len() - 1) / 2].1 + level[level.len() / 2].1) / 2.0;
    let mut run: Vec<(usize, f64)> = Vec::new();
    for (place, value) in seen.into_iter().filter(|(_, value)| *value != median) {
        match value < median {
            true => run.push((place, value)),
            false if run.len() >= RUN => break,
            false => run.clear(),
        }
    }
    match run.first() {
        Some(&(since, _)) if run.len() >= RUN => {
            let mean = run.iter().map(|(_, value)| value).sum::<f64>() / run.len() as f64;
            Drift::Fading { since, kept: mean / median }
        }
        _ => Drift::Held,
    }
}

fn numbers(values: &[f64]) -> Vec<(usize, f64)> {
    values.iter().copied().enumerate().filter(|(_, value)| value.is_finite()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: [f64; 7] = [50.0, 54.0, 46.0, 52.0, 48.0, 50.0, 51.0];

    #[test]
    fn use_that_holds_fades_or_stops_is_told_apart() {
        assert_eq!(drift(&BEFORE, &[49.0, 51.0, 48.0, 52.0, 50.0, 47.0, 53.0]), Drift::Held);
        // The median itself breaks no run; a point above does.
        assert_eq!(
            drift(&BEFORE, &[55.0, 40.0, 42.0, 50.0, 40.0, 38.0, 40.0, 40.0]),
            Drift::Fading { since: 1, kept: 0.8 }
        );
        assert_eq!(drift(&BEFORE, &[40.0, 42.0, 40.0, 51.0, 38.0, 40.0, 40.0]), Drift::Held);
        assert_eq!(drift(&BEFORE, &[30.0, 0.0, 0.0, 0.0]), Drift::Stopped { since: 1 });
        assert_eq!(drift(&BEFORE, &[30.0, f64::NAN, 0.0, 0.0]), Drift::TooShort { before: 7, after: 3, needed: 6 });
        assert_eq!(drift(&[0.0; 8], &[0.0; 8]), Drift::Held, "what never was cannot stop");
        assert_eq!(drift(&[], &[]), Drift::TooShort { before: 0, after: 0, needed: 6 });
    }
}
