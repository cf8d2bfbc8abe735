//! Dialogue: what registered bidders ask and what the office or a region answers; it never tells one bidder what others are not told, unless with a reason.

pub mod rules;
