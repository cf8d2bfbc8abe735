//! The answer in a sentence or two; it must never say more than the numbers do.

use crate::amount::MILLION;
use crate::model::Model;
use crate::run::{Answer, Difference};

/// A number of millionths as people say it: to one decimal, halves away from nought, without a decimal where it is whole.
pub fn said(number: i64) -> String {
    let tenths = (number.abs() + MILLION / 20) / (MILLION / 10);
    let sign = if number < 0 && tenths > 0 { "-" } else { "" };
    if tenths % 10 == 0 { format!("{sign}{}", tenths / 10) } else { format!("{sign}{}.{}", tenths / 10, tenths % 10) }
}

impl Answer {
    /// What the run says of each specialty, a sentence each.
    pub fn sentences(&self, model: &Model) -> Vec<String> {
        let Some((first, last)) = self.base.flow.years.first().zip(self.base.flow.years.last()) else {
            return Vec::new();
        };
        let of = |(at, specialty): (usize, &crate::Specialty)| {
            let (before, after) = (first.specialties.get(at)?, last.specialties.get(at)?);
            let mut text = format!(
                "{}: {} whole-time equivalents in {}, {} in {}",
                specialty.name,
                said(before.fte),
                first.year,
                said(after.fte),
                last.year
            );
            let bands = self.base.bands.as_ref().and_then(|bands| bands.get(at)?.last());
            if let Some(bands) = bands.filter(|bands| bands.fte.low < bands.fte.high) {
                text += &format!(" ({} to {})", said(bands.fte.low), said(bands.fte.high));
            }
            if let Some((demand, gap)) = specialty.demand.first().zip(after.gaps().next()) {
                let words = if gap > 0 { "short of" } else { "more than" };
                text += &format!(", {} {words} the demand “{}”", said(gap.abs()), demand.name);
            }
            if let Some(difference) = self.differences.get(at) {
                text += &change(difference, last.year);
            }
            Some(text + ".")
        };
        model.specialties.iter().enumerate().filter_map(of).collect()
    }
}

fn change(difference: &Difference, last: i32) -> String {
    match (difference.shows_in, difference.lag, difference.fte.last()) {
        (Some(year), Some(lag), Some(fte)) => {
            let words = if *fte < 0 { "fewer" } else { "more" };
            format!(
                "; the change first shows in {year}, after {lag} {}, and makes {} {words} in {last}",
                if lag == 1 { "year" } else { "years" },
                said(fte.abs())
            )
        }
        _ => format!("; the change does not show by {last}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_said_to_a_tenth() {
        assert_eq!(
            [1_250_000, 12_000_000, -50_000, -40_000, 0, 999_999].map(said),
            ["1.3", "12", "-0.1", "0", "0", "1"].map(str::to_owned)
        );
    }
}
