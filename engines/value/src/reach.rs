//! More sites for the same money: what each further one cost; it must never divide by no site.

use alloc::format;
use alloc::string::String;

use crate::Pence;

/// Cost and number of sites (or people, or whatever is reached) before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    pub cost_before: Pence,
    pub units_before: u64,
    pub cost_after: Pence,
    pub units_after: u64,
}

impl Reach {
    /// What a unit cost before; none without units.
    pub fn each_before(&self) -> Option<Pence> {
        per(self.cost_before.0.into(), self.units_before)
    }

    /// What a unit cost after; none without units.
    pub fn each_after(&self) -> Option<Pence> {
        per(self.cost_after.0.into(), self.units_after)
    }

    /// The further cost for each further unit; none where no unit was added.
    pub fn each_extra(&self) -> Option<Pence> {
        let extra = self.units_after.checked_sub(self.units_before)?;
        per(i128::from(self.cost_after.0) - i128::from(self.cost_before.0), extra)
    }

    /// One sentence about it, with the unit's name in singular and plural.
    pub fn sentence(&self, one: &str, many: &str) -> String {
        let Some(extra) = self.units_after.checked_sub(self.units_before).filter(|&extra| extra > 0) else {
            return format!("No {one} was added: {} before, {} after.", self.units_before, self.units_after);
        };
        let name = if extra == 1 { one } else { many };
        let added = format!("{extra} more {name} ({} instead of {})", self.units_after, self.units_before);
        match (self.cost_after == self.cost_before, self.each_extra(), self.each_before(), self.each_after()) {
            (true, _, Some(before), Some(after)) => {
                format!("{added} for the same money: each {one} costs {after} instead of {before}.")
            }
            (_, Some(each), ..) => format!("{added}: {each} for each further {one}."),
            _ => format!("{added}."),
        }
    }
}

/// A share of an amount, to the nearest penny, halves away from nought.
fn per(cost: i128, units: u64) -> Option<Pence> {
    let units = i128::from(units);
    if units == 0 {
        return None;
    }
    let half = if cost < 0 { -units } else { units };
    i64::try_from((2 * cost + half) / (2 * units)).ok().map(Pence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twice_the_sites_for_the_same_money() {
        let reach =
            Reach { cost_before: Pence(12_000_000), units_before: 6, cost_after: Pence(12_000_000), units_after: 12 };
        assert_eq!(
            (reach.each_before(), reach.each_after(), reach.each_extra()),
            (Some(Pence(2_000_000)), Some(Pence(1_000_000)), Some(Pence(0)))
        );
        assert_eq!(
            reach.sentence("maternity site", "maternity sites"),
            "6 more maternity sites (12 instead of 6) for the same money: each maternity site costs £10,000.00 instead of £20,000.00."
        );
    }

    #[test]
    fn dearer_fewer_or_none() {
        let reach = Reach { cost_before: Pence(100), units_before: 1, cost_after: Pence(200), units_after: 4 };
        assert_eq!(reach.each_extra(), Some(Pence(33)));
        assert_eq!(reach.sentence("site", "sites"), "3 more sites (4 instead of 1): £0.33 for each further site.");
        let none = Reach { units_after: 1, ..reach };
        assert_eq!(
            (none.each_extra(), none.sentence("site", "sites")),
            (None, "No site was added: 1 before, 1 after.".into())
        );
        let first = Reach { units_before: 0, units_after: 1, ..reach };
        assert_eq!((first.each_before(), first.each_extra()), (None, Some(Pence(100))));
    }

    #[test]
    fn halves_of_a_penny_go_away_from_nought() {
        assert_eq!(
            (per(5, 2), per(-5, 2), per(7, 3), per(i128::from(i64::MIN), 1)),
            (Some(Pence(3)), Some(Pence(-3)), Some(Pence(2)), Some(Pence(i64::MIN)))
        );
    }
}
