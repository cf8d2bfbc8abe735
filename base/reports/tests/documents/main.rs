//! Every kind of document, as text and as PDF; the people and bids in them are made up.

#[cfg(test)]
mod pdf;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod text;
