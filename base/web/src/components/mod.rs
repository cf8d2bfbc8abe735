//! The NHS design system as typed functions (being built).
