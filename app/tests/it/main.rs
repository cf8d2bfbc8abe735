//! Journeys through the whole product in-process, on both databases: one module a group of pages. Only the collector of traces and the servers of the rush and the kills open sockets, on this machine.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "what goes wrong in here is a failed test, and a panic is how a test fails"
)]

mod amendments;
mod assessment;
mod assessor_list;
mod authenticator;
mod award;
mod clusters;
mod coming_in;
mod fresh;
mod jobs;
mod load;
mod logs;
mod oidc;
mod operations;
mod organisations;
mod pack;
mod passkeys;
mod people;
mod played;
mod product;
mod provider;
mod rubbish;
mod security;
mod spc_chart;
mod teams;
mod traces;
