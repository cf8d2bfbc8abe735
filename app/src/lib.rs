//! The whole product put together: the list of capabilities, the router, the demo; the binary and the tests stand on this.

pub mod demo;
pub mod program;
pub mod serving;
