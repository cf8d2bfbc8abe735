//! What a design lets one say: how much of a change is attributable, or plainly that it cannot tell; it must never give a share its design does not carry.
//!
//! The change at the treated is taken as it is: it was seen. What is uncertain is how much of it would have come anyway, its
//! deadweight, and with it the attributable rest: `share = effect / change`, `deadweight = 1 - share`.

mod bar;
mod doubt;
mod finding;
mod of_differences;
mod of_series;
mod of_staggered;
mod of_synthetic;
mod words;

pub use bar::Bar;
pub use doubt::Doubt;
pub use finding::{Design, Finding, Verdict};
pub use of_differences::of_differences;
pub use of_series::of_series;
pub use of_staggered::of_staggered;
pub use of_synthetic::of_synthetic;
