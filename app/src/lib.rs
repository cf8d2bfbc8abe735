//! The whole product put together: the list of capabilities, the router, the demo; the binary and the tests stand on this.

pub mod command_line;
pub mod commands;
pub mod demo;
pub mod logging;
pub mod metrics;
pub mod openapi;
pub mod operations;
pub mod post;
pub mod program;
pub mod running;
pub mod serving;
pub mod settings;
pub mod traces;
pub mod worker;
