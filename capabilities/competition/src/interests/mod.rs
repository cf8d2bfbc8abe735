//! Interests: what assessors and panel members declare, and the conflicts that follow.

pub mod declarations;
pub mod rules;
pub mod states;
