//! What can be published, cell by cell with the reason; it must never print which hidden counts are the small ones.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::draft::Draft;
use super::hiding::Hidden;
use super::ledger::{Ledger, Protected};
use super::proof::Proof;
use super::rule::{Rule, Shown};
use super::table::{At, Line, Table};

/// Tables ready to be published, and the proof, which is not.
#[derive(Debug, Clone, PartialEq)]
pub struct Release {
    tables: Vec<ReleasedTable>,
    proof: Proof,
}

/// One table as it is published, totals last.
#[derive(Debug, Clone, PartialEq)]
pub struct ReleasedTable {
    pub name: String,
    /// Names of rows, `total` last where it is published.
    pub rows: Vec<String>,
    /// Names of columns, `total` last where it is published.
    pub columns: Vec<String>,
    /// A list for each row, one cell for each column.
    pub lines: Vec<Vec<ReleasedCell>>,
}

/// A cell as it is published, and why so; the reason is for those who may see the counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReleasedCell {
    pub shown: Shown,
    pub why: Why,
}

/// Why a cell is shown or hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Nothing stands against it.
    Shown,
    /// It was published before, and stays as it was.
    ShownBefore,
    /// Hidden for itself: a small count.
    Small,
    /// Hidden for itself: its row comes to too few.
    FewInRow,
    /// It was hidden when it was published before, and stays so.
    HiddenBefore,
    /// Hidden for another: without it that could be worked out.
    Protects(Protected),
}

/// Small counts that earlier tables give away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotSafe {
    pub exposed: Vec<Protected>,
}

impl fmt::Display for NotSafe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} small count(s) could be worked out from what was published before, whatever is hidden now",
            self.exposed.len()
        )
    }
}

impl core::error::Error for NotSafe {}

impl Release {
    pub(super) const fn new(tables: Vec<ReleasedTable>, proof: Proof) -> Self {
        Self { tables, proof }
    }

    /// The tables, in the order they were given.
    pub fn tables(&self) -> &[ReleasedTable] {
        &self.tables
    }

    /// A cell; none where the table has no such place.
    pub fn cell(&self, at: At) -> Option<ReleasedCell> {
        let table = self.tables.get(at.table.0)?;
        table.lines.get(place(at.row, table.lines.len()))?.get(place(at.column, table.columns.len())).copied()
    }

    /// Hidden counts of which something can be told all the same, because marks or earlier tables tell it: what, and between
    /// which values it must lie. Two hidden counts above nought come to two at least.
    pub fn narrowed(&self) -> impl Iterator<Item = (Protected, (u64, u64))> + '_ {
        self.proof.narrowed.iter().map(|narrowed| (narrowed.what, narrowed.left))
    }

    pub(super) const fn proof(&self) -> &Proof {
        &self.proof
    }

    /// Why a cell is as it is, in words for those who may see the counts.
    pub fn reason(&self, draft: &Draft, at: At) -> Option<String> {
        let cell = self.cell(at)?;
        Some(match cell.why {
            Why::Shown => match cell.shown {
                Shown::Rounded(_) => String::from("shown, rounded"),
                Shown::Count(_) | Shown::Hidden => String::from("shown"),
            },
            Why::ShownBefore => String::from("shown as it was published before"),
            Why::Small => String::from("hidden: a small count"),
            Why::FewInRow => String::from("hidden: its row has too few answers"),
            Why::HiddenBefore => String::from("hidden as it was when it was published before"),
            Why::Protects(Protected::Cell(other) | Protected::RowSum(other)) => {
                alloc::format!("hidden so that {} cannot be worked out", draft.words(other))
            }
            Why::Protects(Protected::Difference { outer, inner }) => {
                alloc::format!("hidden so that {} less {} cannot be worked out", draft.words(outer), draft.words(inner))
            }
        })
    }
}

impl ReleasedTable {
    /// Every cell, row by row.
    pub fn cells(&self) -> impl Iterator<Item = &ReleasedCell> {
        self.lines.iter().flatten()
    }
}

fn place(line: Line, length: usize) -> usize {
    match line {
        Line::At(at) => at,
        Line::Total => length.saturating_sub(1),
    }
}

/// A table of the ledger's cells, as far as they are not hidden.
pub(super) fn table(
    rule: &Rule,
    table: &Table,
    first: usize,
    ledger: &Ledger,
    places: &[usize],
    hidden: &Hidden,
) -> ReleasedTable {
    let width = table.columns.len() + usize::from(table.totals.has_column());
    let height = table.rows.len() + usize::from(table.totals.has_row());
    let cell = |index: usize| {
        let place = places.get(index).copied()?;
        let (cell, why) = (ledger.cells.get(place)?, *hidden.why.get(place)?);
        let shown = if why.is_hidden() { Shown::Hidden } else { cell.before.unwrap_or_else(|| rule.shown(cell.count)) };
        Some(ReleasedCell { shown, why })
    };
    let lines = (0..height).map(|row| (0..width).filter_map(|column| cell(first + row * width + column)).collect());
    let with_total = |names: &[String], has_total: bool| {
        let mut names = names.to_vec();
        names.extend(has_total.then(|| String::from("total")));
        names
    };
    ReleasedTable {
        name: table.name.clone(),
        rows: with_total(&table.rows, table.totals.has_row()),
        columns: with_total(&table.columns, table.totals.has_column()),
        lines: lines.collect(),
    }
}
