//! What partners said of each other, each its own view; it never fills in for who was silent.

use alloc::vec;
use alloc::vec::Vec;

use crate::network::Network;

/// The top of the scale. 0 means "no interaction", which is something said.
pub const HIGHEST: u8 = 5;

/// What each of `n` partners said of each other one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Views {
    partners: usize,
    /// Row after row; the row is who speaks, the column whom it is about.
    said: Vec<Option<u8>>,
}

impl Views {
    /// `partners` who have said nothing yet.
    pub fn silent(partners: usize) -> Self {
        Self { partners, said: vec![None; partners.saturating_mul(partners)] }
    }

    pub fn partners(&self) -> usize {
        self.partners
    }

    /// Notes what one said of another; a second time replaces the first. Answers whether it was taken: nobody speaks of
    /// themselves, of somebody who is not there, or above the scale.
    pub fn say(&mut self, from: usize, about: usize, level: u8) -> bool {
        if from == about || level > HIGHEST {
            return false;
        }
        match self.place(from, about).and_then(|place| self.said.get_mut(place)) {
            Some(said) => {
                *said = Some(level);
                true
            }
            None => false,
        }
    }

    /// What one said of another; nothing while it is silent.
    pub fn said(&self, from: usize, about: usize) -> Option<u8> {
        self.said.get(self.place(from, about)?).copied().flatten()
    }

    /// The mean of what was said of a pair, doubled so that it stays whole: 2 to 10 for a tie of 1 to 5. One voice counts
    /// for both; nothing when both are silent.
    pub fn doubled(&self, one: usize, other: usize) -> Option<u8> {
        match (self.said(one, other), self.said(other, one)) {
            (Some(a), Some(b)) => Some(a.saturating_add(b)),
            (Some(a), None) | (None, Some(a)) => Some(a.saturating_mul(2)),
            (None, None) => None,
        }
    }

    /// How many of the views asked for were given: given, asked.
    pub fn answered(&self) -> (usize, usize) {
        let asked = self.partners.saturating_mul(self.partners.saturating_sub(1));
        (self.said.iter().flatten().count(), asked)
    }

    /// The ties of at least this level.
    pub fn network(&self, at_least: u8) -> Network {
        let mut network = Network::unknown(self.partners);
        for one in 0..self.partners {
            for other in one + 1..self.partners {
                if let Some(doubled) = self.doubled(one, other) {
                    network.know(one, other, doubled >= at_least.saturating_mul(2));
                }
            }
        }
        network
    }

    /// Of the pairs in which both spoke and at least one says there is a tie of this level, the share in which both say so.
    pub fn reciprocity(&self, at_least: u8) -> Option<f64> {
        let mut claimed = 0_u32;
        let mut mutual = 0_u32;
        for one in 0..self.partners {
            for other in one + 1..self.partners {
                if let (Some(a), Some(b)) = (self.said(one, other), self.said(other, one)) {
                    let (a, b) = (a >= at_least, b >= at_least);
                    claimed += u32::from(a || b);
                    mutual += u32::from(a && b);
                }
            }
        }
        (claimed > 0).then(|| f64::from(mutual) / f64::from(claimed))
    }

    fn place(&self, from: usize, about: usize) -> Option<usize> {
        (from < self.partners && about < self.partners).then(|| from * self.partners + about)
    }
}
