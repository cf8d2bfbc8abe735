//! The `hiec` program (being built).

fn main() {}
