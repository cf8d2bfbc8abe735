//! Moderation: one settled score beside the originals.

pub mod rules;
