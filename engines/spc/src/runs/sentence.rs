//! What the runs say, in one plain sentence; it never says what a signal means for patients.

use alloc::format;
use alloc::string::String;
use core::fmt::Display;

use super::boxes::Region;
use super::{Run, Runs, Signal};

impl Runs {
    /// Why there is a signal, or why there is none. Rows are named by what they are called in their chart: "May 2018".
    pub fn sentence<D: Display>(&self, name: impl Fn(usize) -> D) -> String {
        let (Some(longest), Some(crossings), Some(expected)) = (self.longest, self.crossings, self.expected) else {
            return String::from("No point lies off the centre line, so there are no runs to judge.");
        };
        let bounds = Region::of(self.method, self.useful).unwrap_or(Region::plain(expected));
        let (most, fewest) = (bounds.longest, bounds.crossings);
        let run = run(longest, name);
        let useful = self.useful;
        match self.signal {
            Signal::None => format!(
                "No sign of a shift: the longest run has {} (up to {most} may be chance), and the points {} (at least \
                 {fewest} crossings are to be expected of {useful} points).",
                points(longest.points),
                cross(crossings, ""),
            ),
            Signal::LongRun => {
                format!("{run}, and more than {most} in a row are seldom chance among {useful} points.")
            }
            Signal::FewCrossings => format!(
                "The points {}; by chance {useful} points would cross it at least {} nearly always.",
                cross(crossings, "only "),
                times(fewest),
            ),
            Signal::Both => format!(
                "{run}, where up to {most} might be chance, and the points {}, where {useful} points would cross it at \
                 least {} by chance.",
                cross(crossings, "only "),
                times(fewest),
            ),
            Signal::Corner => format!(
                "{run}, and the points {}: each alone might be chance among {useful} points, but both together seldom \
                 are.",
                cross(crossings, "only "),
            ),
        }
    }
}

fn run<D: Display>(run: Run, name: impl Fn(usize) -> D) -> String {
    let Run { side, first, last, points: count } = run;
    let (side, count) = (side.word(), points(count));
    match first == last {
        true => format!("{count} {side} the centre line ({})", name(first)),
        false => format!("{count} in a row {side} the centre line from {} to {}", name(first), name(last)),
    }
}

fn points(count: usize) -> String {
    format!("{count} point{}", if count == 1 { "" } else { "s" })
}

fn cross(crossings: usize, only: &str) -> String {
    match crossings {
        0 => String::from("never cross the centre line"),
        _ => format!("cross the centre line {only}{}", times(crossings)),
    }
}

fn times(count: usize) -> String {
    match count {
        1 => String::from("once"),
        2 => String::from("twice"),
        _ => format!("{count} times"),
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::super::Method;
    use super::*;

    fn sentence(sides: &[(f64, usize)], method: Method) -> String {
        let values: Vec<f64> = sides.iter().flat_map(|&(side, count)| core::iter::repeat_n(side, count)).collect();
        Runs::about(Some(0.0), values.into_iter().map(Some).enumerate(), method).sentence(|row| row + 1)
    }

    fn zigzag(from: usize, to: usize) -> impl Iterator<Item = (f64, usize)> {
        (from..to).map(|at| (if at % 2 == 0 { -1.0 } else { 1.0 }, 1))
    }

    #[test]
    fn each_signal_says_what_was_seen_and_what_chance_would_do() {
        let long: Vec<(f64, usize)> = core::iter::once((1.0, 9)).chain(zigzag(0, 15)).collect();
        assert_eq!(
            sentence(&long, Method::Anhoej),
            "9 points in a row above the centre line from 1 to 9, and more than 8 in a row are seldom chance among 24 \
             points."
        );
        assert_eq!(
            sentence(&[(-1.0, 6), (1.0, 6), (-1.0, 6), (1.0, 6)], Method::Anhoej),
            "The points cross the centre line only 3 times; by chance 24 points would cross it at least 8 times nearly \
             always."
        );
        assert_eq!(
            sentence(&[(1.0, 12), (-1.0, 12)], Method::Anhoej),
            "12 points in a row above the centre line from 1 to 12, where up to 8 might be chance, and the points cross \
             the centre line only once, where 24 points would cross it at least 8 times by chance."
        );
        assert_eq!(
            sentence(&[(1.0, 6)], Method::Anhoej),
            "The points never cross the centre line; by chance 6 points would cross it at least once nearly always."
        );
        assert_eq!(
            sentence(&[(-1.0, 2), (1.0, 7), (-1.0, 1), (1.0, 1)], Method::CutBox),
            "7 points in a row above the centre line from 3 to 9, and the points cross the centre line only 3 times: \
             each alone might be chance among 11 points, but both together seldom are."
        );
    }

    #[test]
    fn no_signal_is_said_too() {
        let points: Vec<(f64, usize)> = zigzag(0, 12).collect();
        assert_eq!(
            sentence(&points, Method::Anhoej),
            "No sign of a shift: the longest run has 1 point (up to 7 may be chance), and the points cross the centre \
             line 11 times (at least 3 crossings are to be expected of 12 points)."
        );
        assert_eq!(
            sentence(&[(0.0, 12)], Method::Anhoej),
            "No point lies off the centre line, so there are no runs to judge."
        );
    }
}
