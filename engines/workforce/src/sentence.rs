//! The answer in a sentence or two; it must never say more than the numbers do.

use crate::amount::MILLION;
use crate::flow::SpecialtyYear;
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
            let as_it_is = if self.differences.is_empty() { "" } else { " as it is" };
            let mut text = format!(
                "{}: {} whole-time equivalents in {}, {} in {}{as_it_is}",
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
                text += &format!(", {}", beside(gap, &demand.name));
            }
            if let Some(difference) = self.differences.get(at) {
                let then = self.changed.as_ref().and_then(|changed| changed.flow.years.last()?.specialties.get(at));
                let demand = specialty.demand.first().map(|demand| demand.name.as_str());
                text += &change(difference, then, demand);
            }
            Some(text + ".")
        };
        model.specialties.iter().enumerate().filter_map(of).collect()
    }
}

/// How far from a demand.
fn beside(gap: i64, demand: &str) -> String {
    let words = if gap > 0 { "short of" } else { "more than" };
    format!("{} {words} the demand “{demand}”", said(gap.abs()))
}

fn change(difference: &Difference, then: Option<&SpecialtyYear>, demand: Option<&str>) -> String {
    let (Some(year), Some(lag), Some(fte), Some(then)) =
        (difference.shows_in, difference.lag, difference.fte.last(), then)
    else {
        return "; the change does not show by then".to_owned();
    };
    let years = if lag == 1 { "year" } else { "years" };
    let words = if *fte < 0 { "fewer" } else { "more" };
    let mut text = format!(
        "; with the change, which first shows in {year}, after {lag} {years}, {} ({} {words})",
        said(then.fte),
        said(fte.abs())
    );
    if let Some((gap, demand)) = then.gaps().next().zip(demand) {
        text += &format!(", {}", beside(gap, demand));
    }
    text
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
