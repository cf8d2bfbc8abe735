//! What is to be published, and what is known of it already: tables, how their cells hang together, and what earlier tables told; it must never forget a link.

use alloc::string::String;
use alloc::vec::Vec;

use super::ledger::{Cell, Ledger, Sum};
use super::release::{NotSafe, Release};
use super::rule::{Rule, Shown};
use super::table::{At, Line, NotATable, Table, TableId};
use super::{hiding, release};

/// Tables on their way to being published.
///
/// Everything a reader could put side by side belongs into one draft: the tables, the links between them, and what was
/// published before. What is not in it cannot be protected against.
#[derive(Debug, Clone)]
pub struct Draft {
    rule: Rule,
    tables: Vec<Placed>,
    cells: Vec<Cell>,
    sums: Vec<Sum>,
    /// For each cell the one it is the same as, itself where there is none.
    same: Vec<usize>,
}

/// A table and where its cells begin.
#[derive(Debug, Clone)]
struct Placed {
    table: Table,
    first: usize,
}

impl Draft {
    /// Nothing yet, under a rule that holds for all tables.
    pub const fn new(rule: Rule) -> Self {
        Self { rule, tables: Vec::new(), cells: Vec::new(), sums: Vec::new(), same: Vec::new() }
    }

    /// Adds a table to be published.
    ///
    /// # Errors
    /// Rows and columns that do not fit, or counts too large to be summed.
    pub fn table(&mut self, table: Table) -> Result<TableId, NotATable> {
        self.add(table, None)
    }

    /// Adds a table that was published before, cell by cell as it was shown, totals last: nothing of it can be taken back, and
    /// together with the new ones it must not tell more than it did.
    ///
    /// # Errors
    /// As for [`Draft::table`], or cells that the rule would not have shown so.
    pub fn published(&mut self, table: Table, shown: &[Vec<Shown>]) -> Result<TableId, NotATable> {
        self.add(table, Some(shown))
    }

    /// Two cells are the same count, in two tables or in one.
    ///
    /// # Errors
    /// No such cell, or counts that differ.
    pub fn same(&mut self, one: At, other: At) -> Result<(), NotATable> {
        let (first, second) = (self.index(one)?, self.index(other)?);
        if self.count(first) != self.count(second) {
            return Err(NotATable::NotTheSame { one, other });
        }
        self.unite(first, second);
        Ok(())
    }

    /// A cell is the sum of others: a region of its sites, a quarter of its months.
    ///
    /// # Errors
    /// No such cell, or counts that do not add up.
    pub fn sum(&mut self, whole: At, parts: &[At]) -> Result<(), NotATable> {
        let index = self.index(whole)?;
        let parts = parts.iter().map(|&part| self.index(part)).collect::<Result<Vec<_>, _>>()?;
        let total = parts.iter().try_fold(0_u64, |sum, &part| sum.checked_add(self.count(part)));
        if total != Some(self.count(index)) {
            return Err(NotATable::NotTheSum { whole });
        }
        self.sums.push(Sum { whole: index, parts });
        Ok(())
    }

    /// One cell counts people the other counts too, and more: 16 to 65 beside 16 to 64, this week's list beside last week's.
    /// Who subtracts them learns the difference, so it is protected like a cell, though it is never shown.
    ///
    /// # Errors
    /// No such cell, or an inner count above the outer.
    pub fn nested(&mut self, outer: At, inner: At) -> Result<(), NotATable> {
        let (whole, part) = (self.index(outer)?, self.index(inner)?);
        let count = self.count(whole).checked_sub(self.count(part)).ok_or(NotATable::NotWithin { outer, inner })?;
        let difference = self.cells.len();
        self.cells.push(Cell::difference(count, outer, inner));
        self.same.push(difference);
        self.sums.push(Sum { whole, parts: Vec::from([part, difference]) });
        Ok(())
    }

    /// [`Draft::nested`] for every cell of two tables with the same rows, columns and totals: the same table at two dates, the
    /// later one being the outer where people are only added.
    ///
    /// # Errors
    /// Tables that are not alike, or an inner count above the outer.
    pub fn nested_tables(&mut self, outer: TableId, inner: TableId) -> Result<(), NotATable> {
        for (outer, inner) in self.pairs(outer, inner)? {
            self.nested(outer, inner)?;
        }
        Ok(())
    }

    /// [`Draft::sum`] for every cell of tables with the same rows, columns and totals: a year of its months.
    ///
    /// # Errors
    /// Tables that are not alike, or counts that do not add up.
    pub fn sum_of_tables(&mut self, whole: TableId, parts: &[TableId]) -> Result<(), NotATable> {
        let pairs = parts.iter().map(|&part| self.pairs(whole, part)).collect::<Result<Vec<_>, _>>()?;
        let wholes: Vec<At> = pairs.first().into_iter().flatten().map(|&(whole, _)| whole).collect();
        for (at, whole) in wholes.into_iter().enumerate() {
            let parts: Vec<At> = pairs.iter().filter_map(|pair| pair.get(at)).map(|&(_, part)| part).collect();
            self.sum(whole, &parts)?;
        }
        Ok(())
    }

    /// What can be published of it: every cell shown or hidden, with the reason, and a proof that nothing hidden for being
    /// small can be worked out.
    ///
    /// # Errors
    /// Small counts that what was published before gives away, whatever is hidden now.
    pub fn release(&self) -> Result<Release, NotSafe> {
        let (ledger, places) = self.ledger();
        let hidden = hiding::hide(&self.rule, &ledger)?;
        let tables = self
            .tables
            .iter()
            .map(|placed| release::table(&self.rule, &placed.table, placed.first, &ledger, &places, &hidden));
        Ok(Release::new(tables.collect(), hidden.proof))
    }

    /// Whether a release's proof holds: every other world it names has the sums of this draft and the published numbers, and for
    /// every protected count there is one where it is as small, and one where it is as large, as the rule wants.
    pub fn proves(&self, release: &Release) -> bool {
        let (ledger, places) = self.ledger();
        let shown = |index: usize| {
            self.tables.iter().zip(release.tables()).find_map(|(placed, table)| {
                let place = index.checked_sub(placed.first)?;
                table.cells().nth(place).map(|cell| cell.shown)
            })
        };
        // Every raw cell tells what stands in its table; cells that are the same must tell the same.
        let mut told = alloc::vec![None; ledger.cells.len()];
        for (raw, &place) in places.iter().enumerate() {
            if let (Some(found), Some(told)) = (shown(raw), told.get_mut(place)) {
                if told.is_some_and(|before| before != found) {
                    return false;
                }
                *told = Some(found);
            }
        }
        release.proof().holds(&self.rule, &ledger, &told)
    }

    fn add(&mut self, table: Table, shown: Option<&[Vec<Shown>]>) -> Result<TableId, NotATable> {
        let ragged = || NotATable::Ragged { table: table.name.clone() };
        if table.counts.len() != table.rows.len() || table.counts.iter().any(|row| row.len() != table.columns.len()) {
            return Err(ragged());
        }
        let id = TableId(self.tables.len());
        let first = self.cells.len();
        let counts = with_totals(&table).ok_or(NotATable::TooLarge { table: table.name.clone() })?;
        let width = table.columns.len() + usize::from(table.totals.has_column());
        if shown.is_some_and(|shown| shown.len() != counts.len() || shown.iter().any(|row| row.len() != width)) {
            return Err(ragged());
        }
        for (row, line) in counts.iter().enumerate() {
            let sum: u64 = line.iter().take(table.columns.len()).sum();
            let is_small_row = self.rule.is_small_row(sum);
            for (column, &count) in line.iter().enumerate() {
                let at =
                    At { table: id, row: line_of(row, table.rows.len()), column: line_of(column, table.columns.len()) };
                let before = shown.and_then(|shown| shown.get(row)?.get(column)).copied();
                if before.is_some_and(|before| !self.could_be(before, count)) {
                    return Err(NotATable::NotAsPublished { at });
                }
                self.cells.push(Cell::of_table(count, at, before, is_small_row));
                self.same.push(first + row * width + column);
            }
        }
        self.add_sums(&table, first, width);
        self.add_row_sums(&table, id, first, &counts);
        self.tables.push(Placed { table, first });
        Ok(id)
    }

    fn could_be(&self, shown: Shown, count: u64) -> bool {
        let (low, high) = self.rule.behind(shown);
        // An empty cell of a row hidden whole is hidden too.
        shown == Shown::Hidden || (low <= count && high.is_none_or(|high| count <= high))
    }

    fn add_sums(&mut self, table: &Table, first: usize, width: usize) {
        let (rows, columns) = (table.rows.len(), table.columns.len());
        let has_row = usize::from(table.totals.has_row());
        if table.totals.has_column() {
            for row in 0..rows + has_row {
                let start = first + row * width;
                self.sums.push(Sum { whole: start + columns, parts: (start..start + columns).collect() });
            }
        }
        if table.totals.has_row() {
            for column in 0..width {
                let parts = (0..rows).map(|row| first + row * width + column).collect();
                self.sums.push(Sum { whole: first + rows * width + column, parts });
            }
        }
    }

    /// A row hidden whole is small also where its sum is not printed.
    fn add_row_sums(&mut self, table: &Table, id: TableId, first: usize, counts: &[Vec<u64>]) {
        if table.totals.has_column() {
            return;
        }
        let width = table.columns.len();
        for (row, line) in counts.iter().enumerate() {
            let sum: u64 = line.iter().sum();
            if self.rule.is_small_row(sum) {
                let (whole, start) = (self.cells.len(), first + row * width);
                let at = At { table: id, row: line_of(row, table.rows.len()), column: Line::Total };
                self.cells.push(Cell::row_sum(sum, at));
                self.same.push(whole);
                self.sums.push(Sum { whole, parts: (start..start + width).collect() });
            }
        }
    }

    fn index(&self, at: At) -> Result<usize, NotATable> {
        let placed = self.tables.get(at.table.0).ok_or(NotATable::NoCell { at })?;
        let table = &placed.table;
        let place = |line: Line, length: usize, has_total: bool| match line {
            Line::At(at) => (at < length).then_some(at),
            Line::Total => has_total.then_some(length),
        };
        let row = place(at.row, table.rows.len(), table.totals.has_row()).ok_or(NotATable::NoCell { at })?;
        let column =
            place(at.column, table.columns.len(), table.totals.has_column()).ok_or(NotATable::NoCell { at })?;
        Ok(placed.first + row * (table.columns.len() + usize::from(table.totals.has_column())) + column)
    }

    fn count(&self, index: usize) -> u64 {
        self.cells.get(index).map_or(0, |cell| cell.count)
    }

    fn pairs(&self, one: TableId, other: TableId) -> Result<Vec<(At, At)>, NotATable> {
        let no_cell = |id: TableId| NotATable::NoCell { at: id.grand_total() };
        let first = &self.tables.get(one.0).ok_or_else(|| no_cell(one))?.table;
        let second = &self.tables.get(other.0).ok_or_else(|| no_cell(other))?.table;
        if first.rows != second.rows || first.columns != second.columns || first.totals != second.totals {
            return Err(NotATable::NotAlike { one: first.name.clone(), other: second.name.clone() });
        }
        let lines =
            |length: usize, has_total: bool| (0..length + usize::from(has_total)).map(move |at| line_of(at, length));
        Ok(lines(first.rows.len(), first.totals.has_row())
            .flat_map(|row| lines(first.columns.len(), first.totals.has_column()).map(move |column| (row, column)))
            .map(|(row, column)| (At { table: one, row, column }, At { table: other, row, column }))
            .collect())
    }

    fn unite(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        let (root, child) = (one.min(other), one.max(other));
        if let Some(same) = self.same.get_mut(child) {
            *same = root;
        }
    }

    fn root(&self, mut index: usize) -> usize {
        // Roots only ever point to smaller ones, so this ends.
        while let Some(&above) = self.same.get(index).filter(|&&above| above != index) {
            index = above;
        }
        index
    }

    /// The cells with those that are the same put together, and for each cell its place among them.
    fn ledger(&self) -> (Ledger, Vec<usize>) {
        let mut ledger = Ledger::default();
        let mut places: Vec<usize> = Vec::with_capacity(self.cells.len());
        for (index, cell) in self.cells.iter().enumerate() {
            let root = self.root(index);
            let place = match places.get(root) {
                Some(&place) if root < index => place,
                _ => {
                    ledger.cells.push(cell.clone());
                    ledger.cells.len() - 1
                }
            };
            if let Some(joined) = ledger.cells.get_mut(place).filter(|_| root < index) {
                joined.join(cell);
            }
            places.push(place);
        }
        let place = |index: usize| places.get(index).copied().unwrap_or_default();
        ledger.sums = self
            .sums
            .iter()
            .map(|sum| Sum { whole: place(sum.whole), parts: sum.parts.iter().map(|&part| place(part)).collect() })
            .collect();
        (ledger, places)
    }

    /// What a table is called.
    pub fn name(&self, table: TableId) -> &str {
        self.tables.get(table.0).map_or("", |placed| &placed.table.name)
    }

    /// A place in words: the names of its table, row and column.
    pub fn words(&self, at: At) -> String {
        let Some(placed) = self.tables.get(at.table.0) else {
            return alloc::format!("{at}");
        };
        let name = |line: Line, names: &[String]| match line {
            Line::At(at) => names.get(at).cloned().unwrap_or_default(),
            Line::Total => String::from("total"),
        };
        alloc::format!(
            "{}: {}, {}",
            placed.table.name,
            name(at.row, &placed.table.rows),
            name(at.column, &placed.table.columns)
        )
    }
}

/// The counts with the totals that are published, summed; none where a sum is too large.
fn with_totals(table: &Table) -> Option<Vec<Vec<u64>>> {
    let mut lines = table.counts.clone();
    // Summed even where it is not shown: a row's sum decides whether the row is.
    for line in &mut lines {
        let sum = line.iter().try_fold(0_u64, |sum, &count| sum.checked_add(count))?;
        if table.totals.has_column() {
            line.push(sum);
        }
    }
    if table.totals.has_row() {
        let width = table.columns.len() + usize::from(table.totals.has_column());
        let total = |column: usize| {
            lines.iter().filter_map(|line| line.get(column)).try_fold(0_u64, |sum, &count| sum.checked_add(count))
        };
        let totals = (0..width).map(total).collect::<Option<Vec<u64>>>()?;
        lines.push(totals);
    }
    Some(lines)
}

fn line_of(at: usize, length: usize) -> Line {
    if at < length { Line::At(at) } else { Line::Total }
}
