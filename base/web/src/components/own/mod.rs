//! Components of our own, for what the design system has none; they follow its look and carry no inline style or script.

mod cartogram;
mod chart;
mod diff;
mod history;
mod listing;
mod marks;
mod paging;

pub use cartogram::{RegionCartogram, RegionTile};
pub use chart::{Bar, BarChart, Histogram};
pub use diff::{Diff, DiffLine, diff_lines};
pub use history::{DescriptionTimeline, TimelineEntry};
pub use listing::{Download, Downloads, EmptyState, Filter, Sorting};
pub use marks::{CopyLink, IllustrativeTag, PrintButton, Progress, ProgressStep};
pub use paging::{Paging, ROWS};
