//! Working days in England (being built).
