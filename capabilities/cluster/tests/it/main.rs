//! The pages of a cluster as people use them, over both databases; no socket is opened.
#![expect(clippy::unwrap_used, reason = "what goes wrong in here is a failed test")]

mod agreement;
mod board;
mod demo;
mod founding;
mod governing;
mod ground;
mod health;
mod house;
mod money;
mod partners;
mod people;
mod risks;
mod succession;
