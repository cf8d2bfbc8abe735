//! Draws charts as accessible SVG, the same on page, print and PDF; it must never compute a statistic itself.
//!
//! [`ControlChart`] is a run chart or a control chart, ready to be drawn; [`ControlChart::of_xmr`] takes what `hiec-spc`
//! found. [`variation_svg`] and its neighbours draw the icons. Everything is a pure function to a string: no file, no
//! clock, no font is looked for. Colours, strokes and letters stand in one file, `theme.rs`; places are found by
//! `placing.rs` with widths from `lettering.rs`, so that no two labels touch on any screen.

mod alarms;
mod axis;
mod bars;
mod control;
mod from_xmr;
mod funnel;
mod head;
mod icons;
mod lettering;
mod of_series;
mod outlook;
mod pair;
mod placing;
mod scene;
mod spread;
mod svg;
mod theme;

pub use alarms::Alarms;
pub use axis::dates::Grain;
pub use axis::unit::Unit;
pub use bars::{Bar, Bars};
pub use control::{Centre, ControlChart, Event, Figures, FiguresColumn, Kind, Point, Size, When};
pub use from_xmr::Heading;
pub use funnel::{FunnelLimits, FunnelPlot, FunnelSite};
pub use icons::{IconSheet, assurance_svg, assurance_words, variation_svg, variation_words};
pub use of_series::{FEWEST, with_gaps};
pub use outlook::{OutlookChart, OutlookYear};
pub use pair::{PairChart, PairPoint};
pub use spread::{SpreadChart, SpreadForecast};
pub use svg::Look;
pub use theme::{Theme, stylesheet};
