//! Why each better choice went elsewhere; it must never give a reason that a certificate could not prove.

use crate::couples::{Occupants, standing};
use crate::least_cost::{prices, unplaced_cost};
use crate::market::{Bar, NONE};
use crate::run::{Rule, Run};

/// Why an applicant did not get a choice they preferred to what they hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It is what they hold, or they prefer what they hold.
    NotPreferred,
    /// The host did not rank them.
    NotAcceptable,
    /// It lies beyond their travel limit.
    TooFar,
    /// None of the host's posts is for somebody like them.
    Unfit,
    /// The host was closed for want of applicants.
    Closed,
    /// There was no place to give.
    NoPlaces,
    /// Every place went to somebody ranked above them.
    RankedAbove,
    /// When their turn came every place was taken, by a first choice or by somebody before them.
    TakenBefore,
    /// Having it would have cost others at least so many choices in all.
    CostsOthers(i64),
    /// Having it would have left somebody else without a place.
    LeavesAnother,
    /// They had a place before the run.
    GivenBefore,
    /// Only with their partner, and not both could be had.
    Partner,
}

impl Reason {
    /// The code by which a certificate names it.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotPreferred => "-",
            Self::NotAcceptable => "not-acceptable",
            Self::TooFar => "too-far",
            Self::Unfit => "unfit",
            Self::Closed => "closed",
            Self::NoPlaces => "no-places",
            Self::RankedAbove => "ranked-above",
            Self::TakenBefore => "taken-before",
            Self::CostsOthers(_) => "costs-others",
            Self::LeavesAnother => "leaves-another",
            Self::GivenBefore => "given-before",
            Self::Partner => "partner",
        }
    }

    /// In a sentence's end: "H2: …".
    pub fn words(self, places: u32) -> String {
        match self {
            Self::NotPreferred => "not preferred to the place held".to_owned(),
            Self::NotAcceptable => "the host did not rank the applicant".to_owned(),
            Self::Unfit => "none of the host's posts is for the applicant's grade and programme".to_owned(),
            Self::TooFar => "beyond the applicant's travel limit".to_owned(),
            Self::Closed => "closed, because fewer than its minimum would have gone there".to_owned(),
            Self::NoPlaces => "it had no place to give".to_owned(),
            Self::RankedAbove if places == 1 => "its one place went to somebody ranked above".to_owned(),
            Self::RankedAbove => format!("all {places} places went to applicants ranked above"),
            Self::TakenBefore => "full when the applicant's turn came".to_owned(),
            Self::CostsOthers(by) => format!("it would have cost others at least {by} choices in all"),
            Self::LeavesAnother => "it would have left somebody else without a place".to_owned(),
            Self::GivenBefore => "the place was decided before the run".to_owned(),
            Self::Partner => "there was no place for both of the two there".to_owned(),
        }
    }
}

impl Run {
    /// A reason for every choice of the market.
    pub fn reasons(&self) -> Vec<Reason> {
        let market = &self.market;
        let mut reasons = vec![Reason::NotPreferred; market.choices.len()];
        let prices = if self.rule == Rule::LeastCost { prices(market, &self.held) } else { Vec::new() };
        let mut is_linked = vec![false; market.applicants()];
        self.together.iter().flatten().for_each(|member| is_linked[*member as usize] = true);
        for (applicant, held) in (0_u32..).zip(&self.held) {
            let is_given = market.given[applicant as usize] != NONE;
            for choice in market.range(applicant).take_while(|choice| choice != held) {
                let line = market.choice(choice);
                let part = market.parts[line.part as usize];
                reasons[choice as usize] = match line.bar {
                    _ if is_given => Reason::GivenBefore,
                    Bar::NotAcceptable => Reason::NotAcceptable,
                    Bar::TooFar => Reason::TooFar,
                    Bar::Unfit => Reason::Unfit,
                    Bar::Closed => Reason::Closed,
                    Bar::Open if part.capacity == 0 => Reason::NoPlaces,
                    Bar::Open if self.rule == Rule::Informed => Reason::TakenBefore,
                    Bar::Open if self.rule == Rule::LeastCost => {
                        // The whole sum would rise by the difference in choice numbers and prices; the applicant would
                        // gain the former, so others would lose the difference in prices.
                        let price = |part: u32| prices.get(part as usize).copied().unwrap_or(0);
                        let now = if *held == NONE { 0 } else { price(market.choice(*held).part) };
                        match price(line.part) - now {
                            much if much > unplaced_cost(market) / 2 => Reason::LeavesAnother,
                            by => Reason::CostsOthers(by),
                        }
                    }
                    Bar::Open if is_linked[applicant as usize] => Reason::Partner,
                    Bar::Open => Reason::RankedAbove,
                };
            }
        }
        reasons
    }

    /// For each option of a couple that it preferred, the member whose host would not take them: 0 or 1.
    pub fn couple_refusals(&self, couple: usize) -> Vec<u8> {
        let occupants = Occupants::of(&self.market, &self.held);
        let couple = &self.market.couples[couple];
        let now = couple.members.map(|member| self.held[member as usize]);
        let better = couple.options.iter().take(standing(couple, &self.held));
        better.map(|option| u8::from(occupants.would_choose(&now, &option[..1]))).collect()
    }
}
