//! The pages of a cluster as people use them, over both databases; no socket is opened.

mod ground;
mod money;
mod risks;
