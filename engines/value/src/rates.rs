//! Discount rates as dated tables; it must never use a rate that was not yet, or without saying where it comes from.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Rates by how far ahead a year is, from a date on.
#[derive(Debug, Clone, PartialEq)]
pub struct RateTable {
    pub name: String,
    /// The day from which it holds, year-month-day.
    pub effective_from: String,
    pub source: String,
    /// In order of years; the first from year 0.
    pub bands: Vec<Band>,
}

/// The rate from a year on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    pub from_year: u32,
    /// A share: 0.035 is 3.5%.
    pub rate: f64,
}

impl RateTable {
    /// One rate for all years.
    pub fn flat(name: impl Into<String>, rate: f64) -> Self {
        let bands = Vec::from([Band { from_year: 0, rate }]);
        Self { name: name.into(), effective_from: String::new(), source: String::new(), bands }
    }

    /// What a pound so many years ahead is worth today.
    ///
    /// Rates follow one another: year 31 is worth what year 30 is, discounted once more at year 31's rate (Green Book, long-term
    /// discount rates). Parts of a year count as such.
    pub fn factor(&self, years: f64) -> f64 {
        let mut factor = 1.0;
        for (at, band) in self.bands.iter().enumerate() {
            // A band from year 31 begins with the step from year 30.
            let start = |band: &Band| f64::from(band.from_year.saturating_sub(1));
            let end = self.bands.get(at + 1).map_or(f64::INFINITY, start);
            let length = years.min(end) - start(band);
            if length > 0.0 {
                factor *= libm::pow(1.0 + band.rate, -length);
            }
        }
        factor
    }

    /// What is wrong with it, if anything.
    pub(crate) fn problem(&self) -> Option<String> {
        if self.bands.first().is_none_or(|band| band.from_year != 0) {
            return Some("the rates must begin with year 0".to_string());
        }
        if self.bands.windows(2).any(|pair| matches!(pair, [one, next] if next.from_year <= one.from_year)) {
            return Some("the rates must be in order of years".to_string());
        }
        let is_rate = |band: &Band| (0.0..=1.0).contains(&band.rate);
        if !self.bands.iter().all(is_rate) {
            return Some("a rate must be a share from 0 to 1: write 0.035 for 3.5%".to_string());
        }
        None
    }
}

/// The tables that come with the program: `data/discount-rates.csv`.
pub fn rate_tables() -> Vec<RateTable> {
    let mut tables: Vec<RateTable> = Vec::new();
    for line in include_str!("../data/discount-rates.csv").lines().skip(1) {
        let mut cells = line.splitn(5, ',');
        let (Some(name), Some(from), Some(year), Some(rate), Some(source)) =
            (cells.next(), cells.next(), cells.next(), cells.next(), cells.next())
        else {
            continue;
        };
        let (Ok(from_year), Ok(rate)) = (year.parse(), rate.parse()) else { continue };
        let band = Band { from_year, rate };
        match tables.last_mut().filter(|table| table.name == name && table.effective_from == from) {
            Some(table) => table.bands.push(band),
            None => tables.push(RateTable {
                name: name.to_string(),
                effective_from: from.to_string(),
                source: source.trim_matches('"').to_string(),
                bands: Vec::from([band]),
            }),
        }
    }
    tables
}

/// The table of a name that holds on a day (year-month-day): the latest that had begun.
pub fn rate_table(name: &str, on: &str) -> Option<RateTable> {
    let begun = rate_tables().into_iter().filter(|table| table.name == name && table.effective_from.as_str() <= on);
    begun.max_by(|one, other| one.effective_from.cmp(&other.effective_from))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounded(table: &RateTable, years: f64) -> f64 {
        libm::round(table.factor(years) * 1e4) / 1e4
    }

    #[test]
    fn the_green_books_factors_are_met() {
        let standard = rate_table("standard", "2026-11-22").unwrap();
        let found = [0.0, 1.0, 10.0, 30.0, 31.0, 75.0, 76.0].map(|years| rounded(&standard, years));
        assert_eq!(found, [1.0, 0.9662, 0.7089, 0.3563, 0.3459, 0.0942, 0.0919]);
        let health = rate_table("health", "2026-11-22").unwrap();
        assert_eq!([10.0, 30.0].map(|years| rounded(&health, years)), [0.8617, 0.6398]);
    }

    #[test]
    fn a_day_has_the_table_that_had_begun() {
        assert_eq!(rate_table("standard", "2010-04-01").unwrap().effective_from, "2003-04-01");
        assert_eq!(rate_table("standard", "2026-02-01").unwrap().effective_from, "2026-02-01");
        assert_eq!(rate_table("standard", "1999-12-31"), None);
        assert_eq!(rate_table("health", "2010-04-01"), None);
    }

    #[test]
    fn every_table_that_comes_with_us_is_whole_and_names_its_source() {
        let tables = rate_tables();
        assert_eq!(tables.len(), 4);
        for table in tables {
            assert_eq!(table.problem(), None, "{}", table.name);
            assert!(table.source.starts_with("HM Treasury"), "{}", table.name);
            assert_eq!(table.bands.len(), 6);
        }
    }

    #[test]
    fn tables_that_cannot_be_used_say_why() {
        let with = |bands: &[(u32, f64)]| RateTable {
            bands: bands.iter().map(|&(from_year, rate)| Band { from_year, rate }).collect(),
            ..RateTable::flat("ours", 0.0)
        };
        assert_eq!(with(&[]).problem().unwrap(), "the rates must begin with year 0");
        assert_eq!(with(&[(0, 0.03), (0, 0.02)]).problem().unwrap(), "the rates must be in order of years");
        assert!(with(&[(0, 3.5)]).problem().unwrap().ends_with("write 0.035 for 3.5%"));
    }

    proptest::proptest! {
        #[test]
        fn later_is_never_worth_more(years in 0.0..600.0_f64, more in 0.0..50.0_f64) {
            for table in rate_tables() {
                proptest::prop_assert!(table.factor(years + more) <= table.factor(years));
                proptest::prop_assert!(table.factor(years) > 0.0);
            }
        }
    }
}
