//! The program from outside, as `hiec` starts it.

#[cfg(test)]
mod requests;
