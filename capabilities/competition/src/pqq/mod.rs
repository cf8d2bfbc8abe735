//! Pre-qualification: the tests of capacity, the shortlist, and the regions' word on it; it never weighs the merits of a bid.

pub mod rules;
pub mod shortlist;
