//! `hiec spc shifts --proposals`: a row for every place where new limits were considered, for whoever decides; it never decides itself.

use std::io::{Read, Write};

use hiec_tables::{Cells, Figure};

use super::shifts::{Studied, study_all};
use super::{Failure, Notes};
use crate::limits::Limits;
use crate::runs::Side;
use crate::shifts::{Proposal, Refused, Waiting};

/// The columns of the answer.
pub const PROPOSAL_COLUMNS: [&str; 13] = [
    "series_id",
    "idx",
    "date",
    "outcome",
    "side",
    "run",
    "cl_before",
    "cl_after",
    "lcl_before",
    "ucl_before",
    "lcl_after",
    "ucl_after",
    "why",
];

/// Studies every series and prints a row for every place where new limits were considered: `proposed`, `refused` for now
/// or for good, or `waiting` for more points.
///
/// # Errors
/// As [`shifts`](super::shifts()).
pub fn proposals(input: impl Read, series: impl Read, output: impl Write) -> Result<Notes, Failure> {
    study_all(input, series, output, &PROPOSAL_COLUMNS, |studied, rows, _| {
        for proposal in &studied.study.proposals {
            proposal.refused.iter().for_each(|refused| studied.refused(refused, rows));
            studied.proposed(proposal, rows);
        }
        studied.study.refused.iter().for_each(|refused| studied.refused(refused, rows));
        studied.study.waiting.iter().for_each(|waiting| studied.waiting(waiting, rows));
    })
}

impl Studied<'_> {
    fn proposed(&self, proposal: &Proposal, rows: &mut Cells) {
        let limit = |limits: Option<Limits>, one: fn(Limits) -> f64| limits.map(|limits| one(limits) * self.factor);
        self.begin(proposal.row, rows)
            .text("proposed")
            .text(proposal.side.word())
            .figure(proposal.run)
            .figure(proposal.before * self.factor)
            .figure(proposal.after * self.factor)
            .figure(limit(proposal.limits_before, |limits| limits.lower))
            .figure(limit(proposal.limits_before, |limits| limits.upper))
            .figure(limit(proposal.limits_after, |limits| limits.lower))
            .figure(limit(proposal.limits_after, |limits| limits.upper))
            .text(&proposal.sentence(|row| self.name(row), |number| self.said(number)))
            .end();
    }

    fn refused(&self, refused: &Refused, rows: &mut Cells) {
        self.considered(refused.row, "refused", None, &refused.sentence(|row| self.name(row)), rows);
    }

    fn waiting(&self, waiting: &Waiting, rows: &mut Cells) {
        let shift = Some((waiting.side, waiting.run));
        self.considered(waiting.row, "waiting", shift, &waiting.sentence(|row| self.name(row)), rows);
    }

    fn considered(&self, row: usize, outcome: &str, shift: Option<(Side, usize)>, why: &str, rows: &mut Cells) {
        self.begin(row, rows)
            .text(outcome)
            .text(shift.map_or("", |(side, _)| side.word()))
            .figure(shift.map(|(_, run)| run));
        for _ in 0..6 {
            rows.figure(Figure::Nothing);
        }
        rows.text(why).end();
    }
}
