//! Places applicants at hosts under a stated rule, with the reasons; it must never read a file, a clock or a network.
//!
//! A [`Question`] says who asks for what, how many places there are and who comes first; [`Question::run`] gives places
//! under a [`Rule`] and [`Question::compare`] under all that fit. [`Run::reasons`] says why each better choice went
//! elsewhere, and a [`Sealed`] run is a certificate that anybody can check without knowing a name. With the feature
//! `command`, [`command`] does the same over JSON.

mod certificate;
#[cfg(feature = "command")]
pub mod command;
mod compare;
mod couples;
mod deferred;
mod informed;
mod json;
mod least_cost;
mod market;
mod names;
mod question;
mod random;
#[cfg(feature = "command")]
mod reading;
mod reasons;
mod run;
mod travel;

pub use certificate::{Checked, Sealed, amended, check, personal_of};
pub use compare::{Figures, Share};
pub use couples::{CouplesAnswer, solve as solve_couples};
pub use deferred::{applicants_propose, blocking_choices, count_stable, hosts_propose};
pub use informed::{Broken, WhyBroken};
pub use market::{Bar, Choice, Couple, Holding, Market, NONE, Part};
pub use question::{Breadth, JointList, Lists, Priority, Question, Reserve};
pub use random::order_from_seed;
pub use reasons::Reason;
pub use run::{CannotRun, Rule, Run};
pub use travel::{Place, straight_line_km};
