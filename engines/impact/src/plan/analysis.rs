//! What was done, so that it can be held against the plan; it must never describe more than was done.

use alloc::string::String;
use alloc::vec::Vec;

use crate::interrupted::Interrupted;
use crate::panel::Panel;
use crate::verdict::{Bar, Design};

/// An analysis that was run.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    pub outcome: String,
    pub design: Design,
    pub treated: Vec<String>,
    pub comparators: Vec<String>,
    /// The first period that counted as after; none where none did.
    pub first_period: Option<f64>,
    pub bar: Bar,
}

impl Analysis {
    /// An analysis of a panel.
    pub fn of_panel(outcome: String, design: Design, panel: &Panel, bar: Bar) -> Self {
        let starts = panel.treated().filter_map(|unit| unit.start).min();
        Self {
            outcome,
            design,
            treated: panel.treated().map(|unit| unit.name.clone()).collect(),
            comparators: panel.comparators().map(|unit| unit.name.clone()).collect(),
            first_period: starts.and_then(|start| panel.periods().get(start)).copied(),
            bar,
        }
    }

    /// An analysis of a unit's single series.
    pub fn of_series(outcome: String, unit: String, series: &Interrupted, bar: Bar) -> Self {
        Self {
            outcome,
            design: Design::InterruptedSeries,
            treated: Vec::from([unit]),
            comparators: Vec::new(),
            first_period: Some(series.start()),
            bar,
        }
    }
}
