//! Those in post, by single year of age: who leaves, who retires, who grows older. It must never keep anybody past the last age.

use crate::amount::{MILLION, part};
use crate::model::AgeBand;

/// Ages people in post may have: the youngest, and one past the oldest.
pub const YOUNGEST: u32 = 16;
pub const OLDEST: u32 = 90;
const WIDTH: usize = (OLDEST - YOUNGEST + 1) as usize;

/// A number for each age.
pub type ByAge = [i64; WIDTH];

/// Where an age stands in [`ByAge`].
pub fn place(age: u32) -> usize {
    (age.clamp(YOUNGEST, OLDEST) - YOUNGEST) as usize
}

/// Nothing at any age.
pub fn nothing() -> ByAge {
    [0; WIDTH]
}

/// Rates by age from steps, each holding until the next; nought before the first.
pub fn stepped(steps: impl Iterator<Item = (u32, i64)>) -> ByAge {
    let mut rates = nothing();
    for (age, rate) in steps {
        for each in rates.iter_mut().skip(place(age)) {
            *each = rate;
        }
    }
    rates
}

/// Spreads bands evenly over their ages; what does not divide goes to the youngest, so that nobody is lost.
pub fn spread(bands: &[AgeBand]) -> ByAge {
    let mut people = nothing();
    for band in bands {
        let ages = i64::from(band.to.saturating_sub(band.from)) + 1;
        let (each, over) = (band.people / ages, band.people % ages);
        for age in band.from..=band.to {
            if let Some(there) = people.get_mut(place(age)) {
                *there += each + if age == band.from { over } else { 0 };
            }
        }
    }
    people
}

/// What a year does to a stock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Left {
    pub leaving: i64,
    pub retiring: i64,
}

/// Lets a year pass: some leave, everybody else grows a year older, some retire as they do.
pub fn pass(people: &mut ByAge, leaving: &ByAge, retiring: &ByAge) -> Left {
    let mut left = Left::default();
    let mut older = nothing();
    for (at, there) in people.iter().enumerate() {
        let leave = part(*there, leaving[at]);
        let stay = there - leave;
        left.leaving += leave;
        let Some((next, retire)) = older.get_mut(at + 1).zip(retiring.get(at + 1)) else {
            left.retiring += stay;
            continue;
        };
        let retire = part(stay, *retire);
        left.retiring += retire;
        *next = stay - retire;
    }
    *people = older;
    left
}

/// Whole-time equivalents of a stock.
pub fn fte(people: &ByAge, participation: &ByAge) -> i64 {
    people.iter().zip(participation).map(|(people, each)| people * each).sum::<i64>() / MILLION
}
