//! One outcome of a piece of work and what of it is due to that work; it must never claim a share twice.

use alloc::string::String;
use alloc::vec::Vec;

use crate::input::End;
use crate::{Input, RateTable};

/// An outcome, valued: so many of something, each worth so much, less what is not ours.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    pub name: String,
    /// How many in the first year.
    pub quantity: Input,
    /// What one is worth, in pence: the financial proxy.
    pub proxy: Input,
    /// The share that would have come anyway.
    pub deadweight: Input,
    /// The share that moved from elsewhere.
    pub displacement: Input,
    /// The share due to others.
    pub attribution: Input,
    /// The share of the year before that is gone, each year after the first.
    pub drop_off: Input,
    /// How many years it lasts.
    pub years: u32,
    /// Years until it begins; none takes the convention's.
    pub starts: Option<u32>,
}

/// The inputs of an outcome, in the order their names are in.
pub(crate) const INPUTS: [&str; 6] = ["quantity", "proxy", "deadweight", "displacement", "attribution", "drop-off"];

impl Outcome {
    pub(crate) fn inputs(&self) -> [&Input; 6] {
        [&self.quantity, &self.proxy, &self.deadweight, &self.displacement, &self.attribution, &self.drop_off]
    }

    /// The impact of each year in pence: quantity × proxy × (1 − deadweight) × (1 − displacement) × (1 − attribution) in the
    /// first, each later one what drop-off leaves of the one before. Cabinet Office, *A guide to Social Return on Investment*
    /// (2009, 2012), stages 4 and 5.
    pub fn impacts(&self) -> Vec<f64> {
        self.impacts_at([End::Central; 6])
    }

    pub(crate) fn impacts_at(&self, ends: [End; 6]) -> Vec<f64> {
        let mut values = self.inputs().into_iter().zip(ends).map(|(input, end)| input.at(end));
        let mut next = || values.next().unwrap_or_default();
        let first = next() * next() * (1.0 - next()) * (1.0 - next()) * (1.0 - next());
        let kept = 1.0 - next();
        (0..self.years).scan(first, |impact, _| Some(core::mem::replace(impact, *impact * kept))).collect()
    }

    /// What it is worth today, in pence, with its inputs at given ends.
    pub(crate) fn worth(&self, rates: &RateTable, start: u32, ends: [End; 6]) -> f64 {
        let impacts = self.impacts_at(ends);
        impacts
            .iter()
            .zip(self.starts.unwrap_or(start)..)
            .map(|(impact, year)| impact * rates.factor(f64::from(year)))
            .sum()
    }
}
