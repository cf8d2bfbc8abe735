//! `hiec impact panel`: effects of every panel in a table, or the weights of its control; it must never fill a gap.

use std::io::{Read, Write};

use hiec_tables::{Problem, Reading, Row, Writing};

use super::Notes;
use super::grouping::{Grouping, flag, name};
use super::starts::NOT_YET_TREATED;
use crate::differences::{four_means, two_way};
use crate::panel::{MisfitReason, Observation, Panel};
use crate::synthetic::Study;
use crate::verdict::{Bar, of_differences, of_staggered, of_synthetic};

/// The columns printed, one row a panel.
pub const PANEL_COLUMNS: [&str; 12] = [
    "series_id",
    "n_units",
    "n_treated",
    "n_t",
    "first_post_t",
    "did_2x2",
    "twfe",
    "twfe_se_cluster_hc1",
    "sc_pre_rmspe",
    "sc_post_rmspe",
    "sc_att",
    "sc_objective",
];

/// The columns printed for the weights of the synthetic control, one row a donor.
pub const WEIGHT_COLUMNS: [&str; 3] = ["series_id", "unit", "weight"];

const NEEDED: [&str; 6] = ["series_id", "unit", "t", "y", "treated", "post"];
const SERIES: usize = 0;
const UNIT: usize = 1;
const T: usize = 2;
const Y: usize = 3;
const TREATED: usize = 4;
const POST: usize = 5;

/// One line of the table.
struct Line {
    line: u64,
    unit: String,
    t: f64,
    y: Option<f64>,
    treated: bool,
    post: bool,
}

impl Line {
    fn observation(&self) -> Observation<'_> {
        Observation { unit: &self.unit, t: self.t, y: self.y, treated: self.treated, after: self.post }
    }
}

/// Reads panels and writes the effects of each, in the order the panels were first seen.
///
/// # Errors
/// A table that breaks a rule, with line and column; an output that takes no more.
pub fn panel(input: impl Read, output: impl Write) -> Result<Notes, Problem> {
    let panels = read(input)?;
    let mut writing = Writing::new(output, &PANEL_COLUMNS)?;
    let mut notes = Notes::default();
    for (series, panel) in panels {
        let means = four_means(&panel);
        let two_way = two_way(&panel);
        let study = Study::of(&panel);
        let control = study.as_ref().map_err(|reason| *reason).and_then(Study::control);
        if let Err(reason) = two_way {
            notes.say(&series, format_args!("no two-way effect: {reason}"));
        }
        left_out(&series, &panel, study.as_ref().ok(), &mut notes);
        verdicts(&series, &panel, &mut notes);
        let control = control.ok();
        writing
            .text(&series)?
            .figure(panel.units().len())?
            .figure(panel.treated().count())?
            .figure(panel.periods().len())?
            .figure(panel.first_start().and_then(|start| panel.periods().get(start)).copied())?
            .figure(means.ok().map(|means| means.effect()))?
            .figure(two_way.as_ref().ok().map(|two_way| two_way.effect))?
            .figure(two_way.as_ref().ok().and_then(|two_way| two_way.error))?
            .figure(control.as_ref().map(|control| control.error_before))?
            .figure(control.as_ref().and_then(|control| control.error_after))?
            .figure(control.as_ref().and_then(|control| control.effect))?
            .figure(control.as_ref().map(|control| control.objective))?
            .end()?;
    }
    writing.finish()?;
    Ok(notes)
}

/// Reads panels and writes the weights of each one's synthetic control; a comparator left out has none.
///
/// # Errors
/// A table that breaks a rule, with line and column; an output that takes no more.
pub fn weights(input: impl Read, output: impl Write) -> Result<Notes, Problem> {
    let panels = read(input)?;
    let mut writing = Writing::new(output, &WEIGHT_COLUMNS)?;
    let mut notes = Notes::default();
    for (series, panel) in panels {
        let study = Study::of(&panel);
        let control = study.as_ref().map_err(|reason| *reason).and_then(Study::control);
        if let Err(reason) = &control {
            notes.say(&series, format_args!("no synthetic control: {reason}"));
        }
        left_out(&series, &panel, study.as_ref().ok(), &mut notes);
        for unit in panel.comparators() {
            let donor = study.as_ref().ok().and_then(|study| study.donors.iter().position(|donor| *donor == unit.name));
            let weight = control.as_ref().ok().zip(donor).and_then(|(control, donor)| control.weights.get(donor));
            writing.text(&series)?.text(&unit.name)?.figure(weight.copied())?.end()?;
        }
    }
    writing.finish()?;
    Ok(notes)
}

pub(super) fn read(input: impl Read) -> Result<Vec<(String, Panel)>, Problem> {
    let mut reading = Reading::new(input, &NEEDED, &[])?;
    let mut grouping = Grouping::new();
    while let Some(row) = reading.next_row()? {
        grouping.add(name(row, SERIES)?, line(row)?);
    }
    grouping.series.into_iter().map(|(series, lines)| Ok((series, checked(&lines)?))).collect()
}

fn line(row: Row<'_>) -> Result<Line, Problem> {
    Ok(Line {
        line: row.line(),
        unit: name(row, UNIT)?.to_owned(),
        t: row.needed(T, row.number(T))?,
        y: row.number(Y)?,
        treated: flag(row, TREATED)?,
        post: flag(row, POST)?,
    })
}

fn checked(lines: &[Line]) -> Result<Panel, Problem> {
    let observations: Vec<Observation<'_>> = lines.iter().map(Line::observation).collect();
    Panel::new(&observations).map_err(|misfit| {
        let column = match misfit.reason {
            MisfitReason::NotFinite | MisfitReason::Twice { .. } => "t",
            MisfitReason::TreatedChanges { .. } => "treated",
            MisfitReason::GoesBack { .. } => "post",
        };
        Problem::cell(lines.get(misfit.row).map_or(0, |line| line.line), column, misfit.reason.to_string())
    })
}

/// What each design lets one say.
fn verdicts(series: &str, panel: &Panel, notes: &mut Notes) {
    let bar = Bar::default();
    let findings = match panel.is_staggered() {
        true => vec![of_staggered(panel, NOT_YET_TREATED, &bar)],
        false => vec![of_differences(panel, &bar), of_synthetic(panel, &bar)],
    };
    for finding in findings {
        notes.say(&format!("{series}, {}", finding.design), finding.words("the measure"));
    }
    if panel.is_staggered() {
        notes.say(
            series,
            "units start at different times: did_2x2 and twfe mix them, see --by-start for effects that do not",
        );
    }
}

/// Notes of what was missing and what was left out for it.
fn left_out(series: &str, panel: &Panel, study: Option<&Study>, notes: &mut Notes) {
    let outcomes: usize = panel.units().iter().map(|unit| unit.outcomes.len()).sum();
    let missing = panel.units().len() * panel.periods().len() - outcomes;
    if missing > 0 {
        notes.say(series, format_args!("{missing} outcomes of units and times are missing: left out"));
    }
    let Some(study) = study else { return };
    let times = panel.periods().len() - study.periods.len();
    if times > 0 {
        notes.say(
            series,
            format_args!("the synthetic control leaves out {times} times at which a treated unit has no outcome"),
        );
    }
    if !study.left_out.is_empty() {
        let names = study.left_out.join(", ");
        notes.say(series, format_args!("the synthetic control leaves out comparators with gaps: {names}"));
    }
}
