//! Run and control charts: what they show, their picture, their words and their table. They draw what an engine found and
//! judge nothing.

mod frame;
mod layout;
mod marks;
mod model;
mod spark;
mod table;
#[cfg(test)]
mod tests;

pub(crate) use marks::{ink, shape};
pub use model::{Centre, ControlChart, Event, Kind, Point, Size, When};
pub use table::{Figures, FiguresColumn};
