//! The XmR chart of NHS England's Making Data Count: limits, four rules, icons and their words; it never decides that a process has changed, it says what to look at.
//!
//! [`Chart::draw`] takes a series' rows and [`Options`] and answers with points, groups of limits and notices, or a
//! [`Refusal`]. A row without a value is a gap: it stays in the chart as a [`Point`] without a [`Mark`] and breaks no run.
//!
//! Sources: NHS England, *Making Data Count* (getting started; strengthening your decisions); Provost and Murray, *The
//! Health Care Data Guide* (2011), pages 155 and 192; Nelson, *Control charts for individual measurements*, Journal of
//! Quality Technology 14 (1982), for the screening of moving ranges.

mod chart;
mod explanation;
mod icons;
mod limits;
mod notice;
mod observation;
mod options;
mod rebases;
mod rules;
mod summary;
mod wording;

pub use chart::{Chart, Group, Mark, Point};
pub use explanation::Flag;
pub use icons::{Assurance, PointKind, Variation};
pub use limits::{Limits, MovingRange, Spread, Working};
pub use notice::Notice;
pub use observation::{LARGEST, Observation, Refusal};
pub use options::{Direction, Options, RULE_SET, RuleSet, Rules, RunLength, Unit};
pub use rules::{End, Rule, Signal, Signals};
