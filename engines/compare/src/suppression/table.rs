//! A table of counts with its totals, and the place of a cell in it; it must never hold a total that is not the sum.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// Counts by rows and columns. Totals are summed here, never given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    pub rows: Vec<String>,
    pub columns: Vec<String>,
    /// A list of counts for each row, one for each column.
    pub counts: Vec<Vec<u64>>,
    pub totals: Totals,
}

/// Which totals are published with a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Totals {
    Neither,
    /// A column at the end with each row's sum.
    OfRows,
    /// A row at the end with each column's sum.
    OfColumns,
    /// Both, and the grand total in the corner.
    Both,
}

impl Totals {
    pub(super) const fn has_column(self) -> bool {
        matches!(self, Self::OfRows | Self::Both)
    }

    pub(super) const fn has_row(self) -> bool {
        matches!(self, Self::OfColumns | Self::Both)
    }
}

/// A table of a draft, by the order they were given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableId(pub(super) usize);

/// A row or a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Line {
    /// Counted from 0.
    At(usize),
    Total,
}

/// The place of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct At {
    pub table: TableId,
    pub row: Line,
    pub column: Line,
}

impl TableId {
    /// A cell of this table.
    pub const fn cell(self, row: usize, column: usize) -> At {
        At { table: self, row: Line::At(row), column: Line::At(column) }
    }

    /// The sum of a row.
    pub const fn row_total(self, row: usize) -> At {
        At { table: self, row: Line::At(row), column: Line::Total }
    }

    /// The sum of a column.
    pub const fn column_total(self, column: usize) -> At {
        At { table: self, row: Line::Total, column: Line::At(column) }
    }

    /// The sum of all.
    pub const fn grand_total(self) -> At {
        At { table: self, row: Line::Total, column: Line::Total }
    }
}

/// Why a draft cannot be put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotATable {
    /// A row has another number of counts than there are columns, or there are more or fewer rows than names.
    Ragged { table: String },
    /// No such cell, or a total that is not published with the table.
    NoCell { at: At },
    /// Cells said to be the same count that are not.
    NotTheSame { one: At, other: At },
    /// A whole that is not the sum of its parts.
    NotTheSum { whole: At },
    /// A count said to lie within another that is larger than it.
    NotWithin { outer: At, inner: At },
    /// Two tables said to go together whose rows, columns or totals do not have the same names.
    NotAlike { one: String, other: String },
    /// Counts whose sum no computer word holds.
    TooLarge { table: String },
    /// An earlier table whose shown counts do not follow from its counts by the rule.
    NotAsPublished { at: At },
}

impl fmt::Display for NotATable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ragged { table } => {
                write!(f, "{table}: every row needs one count for each column, and a name")
            }
            Self::NoCell { at } => write!(f, "there is no cell at {at}"),
            Self::NotTheSame { one, other } => write!(f, "the counts at {one} and {other} are not the same"),
            Self::NotTheSum { whole } => write!(f, "the count at {whole} is not the sum of its parts"),
            Self::NotWithin { outer, inner } => write!(f, "the count at {inner} is more than that at {outer}"),
            Self::NotAlike { one, other } => {
                write!(f, "{one} and {other} must have the same rows, columns and totals to go together")
            }
            Self::TooLarge { table } => write!(f, "{table}: the counts are too large to be summed"),
            Self::NotAsPublished { at } => {
                write!(f, "what is said to have been published at {at} is not what its count shows")
            }
        }
    }
}

impl core::error::Error for NotATable {}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "table {}, row {}, column {}", self.table.0 + 1, self.row, self.column)
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(at) => write!(f, "{}", at + 1),
            Self::Total => f.write_str("total"),
        }
    }
}
