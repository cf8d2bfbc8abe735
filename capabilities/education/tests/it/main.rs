//! Education driven as people drive it, over both databases, with a cluster that is only told of.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod appeals;
mod clusters;
mod credentials;
mod fairness;
mod fitting;
mod grid;
mod ground;
mod home;
mod hosts;
mod in_posts;
mod launching;
mod learning;
mod many;
mod placements;
mod posts;
mod programmes;
mod quality;
mod reporting;
mod rounds;
mod sessions;
mod tariff;
mod tool;
mod workforce;
