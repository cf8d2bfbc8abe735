//! The announcement as data, worked out from ranking, decisions and awards on record; it holds nothing that is not public.

use std::collections::BTreeMap;

use hiec_kernel::{BidId, Money, OrganisationId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::ranking::exact::Exact;

/// What was announced, whole.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Announcement {
    pub call: String,
    pub title: String,
    pub programme: String,
    pub funder: String,
    pub announced_at: Timestamp,
    /// By region, then by cluster.
    pub awards: Vec<AnnouncedAward>,
    /// Every region of the round.
    pub regions: Vec<AnnouncedRegion>,
    pub budget: Money,
    pub granted: Money,
    pub figures: Figures,
    /// Where decisions departed from the rank, with the panel's reason.
    pub departures: Vec<Departure>,
}

/// A funded bid.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AnnouncedAward {
    pub bid: BidId,
    pub region: String,
    pub cluster: String,
    pub principal_partner: String,
    pub principal_partner_id: OrganisationId,
    pub ods_code: Option<String>,
    pub postcode: Option<String>,
    pub work_programme: Vec<String>,
    pub amount: Money,
    pub applied_for: Option<Money>,
    pub rank: Option<u32>,
    /// `67.69`.
    pub total: Option<String>,
    /// By criterion's key, to two decimals.
    pub scores: BTreeMap<String, String>,
    pub is_illustrative: bool,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AnnouncedRegion {
    pub code: String,
    pub name: String,
    pub bids: usize,
    pub awards: usize,
    /// Why it has no award.
    pub reason: Option<String>,
}

/// The figures of a round that tell on no single unfunded bid.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Figures {
    pub questionnaires: i64,
    pub shortlisted: i64,
    pub bids: i64,
    /// Bids that reached the floors.
    pub ranked: i64,
    /// How many bids scored in each band of the total.
    pub distribution: Vec<Band>,
    pub lowest_funded: Option<String>,
    /// In the call's order.
    pub criteria: Vec<CriterionFigures>,
    /// Bids or scores were made up.
    pub is_illustrative: bool,
}

/// From `from` up to, but below, `to` per cent; the last band includes its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Band {
    pub from: u32,
    pub to: u32,
    pub bids: u32,
    pub funded: u32,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct CriterionFigures {
    pub key: String,
    pub name: String,
    pub max: u32,
    pub bids: u32,
    /// To two decimals.
    pub mean: String,
    pub median: String,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Departure {
    pub cluster: String,
    /// `funds rank 9 above rank 7`.
    pub what: String,
    pub reason: String,
}

impl Announcement {
    pub fn awards_in<'a>(&'a self, region: &'a str) -> impl Iterator<Item = &'a AnnouncedAward> {
        self.awards.iter().filter(move |award| award.region == region)
    }
}

/// Ten bands of ten per cent. `totals` are the published percentages, each with whether the bid was funded.
pub(crate) fn distribution(totals: &[(Exact, bool)]) -> Vec<Band> {
    (0..10_u32)
        .map(|tenth| {
            let (from, to) = (tenth * 10, tenth * 10 + 10);
            let inside = |total: Exact| {
                total >= Exact::whole(i64::from(from)) && (total < Exact::whole(i64::from(to)) || to == 100)
            };
            let count = |wanted: &dyn Fn(bool) -> bool| {
                let count = totals.iter().filter(|(total, funded)| inside(*total) && wanted(*funded)).count();
                u32::try_from(count).unwrap_or(u32::MAX)
            };
            Band { from, to, bids: count(&|_| true), funded: count(&|funded| funded) }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_total_is_in_one_band_and_a_hundred_in_the_last() {
        let totals: Vec<(Exact, bool)> = [("0", false), ("9.99", false), ("10", true), ("99.5", true), ("100", true)]
            .into_iter()
            .map(|(text, funded)| (text.parse().unwrap(), funded))
            .collect();
        let bands = distribution(&totals);
        let bids: Vec<u32> = bands.iter().map(|band| band.bids).collect();
        assert_eq!(bids, [2, 1, 0, 0, 0, 0, 0, 0, 0, 2]);
        assert_eq!(bands.iter().map(|band| band.funded).sum::<u32>(), 3);
    }
}
