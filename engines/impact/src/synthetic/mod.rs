//! Synthetic control: a mix of untreated donors that moved as the treated did before the start; it must never look past the start to find it.
//!
//! Abadie, Diamond and Hainmueller, *Synthetic control methods for comparative case studies*, JASA 2010. The outcomes
//! before the start are the only predictors; treated units are averaged first.

mod control;
mod leave_one_out;
mod placebo;
mod triangle;
mod weights;

pub use control::{Control, NoControl, Study};
pub use leave_one_out::Without;
pub use placebo::{NoInterval, Placebo, Pool};
pub use weights::weights;
