//! Axes: where the ticks stand and what they say. Nothing here knows what is drawn beside them.

pub(crate) mod dates;
pub(crate) mod unit;
pub(crate) mod values;
