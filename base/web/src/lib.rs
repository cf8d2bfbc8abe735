//! Pages over HTTP: extractors, forms, problem pages, layout and components; it knows no capability and no table of theirs.

pub mod components;
