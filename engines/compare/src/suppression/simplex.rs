//! A linear programme that starts at nought and is solved by the revised simplex method; its answer must never be trusted unchecked.
//!
//! Largest Σ gain·x where every row's Σ coefficient·x is nought and each x lies between nought and its limit. Nought itself
//! is such an x, so there is no first phase: the basis begins with one artificial column a row, held at nought. Dantzig's
//! choice while it gains, Bland's (1977) when it does not, so that it ends.

use alloc::vec;
use alloc::vec::Vec;

/// A variable: where it stands in the rows, with which sign, how large it may be, what it is worth.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub rows: Vec<(usize, f64)>,
    pub limit: f64,
    pub gain: f64,
}

/// Smaller than this is nought.
const EPSILON: f64 = 1e-9;

/// Gains smaller than this are rounding of what the dearest column is worth.
const GAIN: f64 = 1e-7;

/// More steps than any table of ours took; what is found by then is still a point within the limits.
const STEPS: usize = 50_000;

/// Steps without gain after which the order of the columns decides.
const PATIENCE: usize = 50;

/// The value of each column at the best point found.
pub(super) fn largest(rows: usize, columns: &[Column]) -> Vec<f64> {
    Tableau::new(rows, columns).solved()
}

struct Tableau<'a> {
    columns: &'a [Column],
    rows: usize,
    /// The inverse of the basis, row by row.
    inverse: Vec<f64>,
    /// The column in each row's place of the basis; none for an artificial one.
    basis: Vec<Option<usize>>,
    /// The value of each basic variable.
    values: Vec<f64>,
    /// Where a column outside the basis stands: at its limit rather than at nought.
    is_at_limit: Vec<bool>,
    is_basic: Vec<bool>,
    /// The worth of one unit in each row.
    prices: Vec<f64>,
}

/// A column coming in: which, which way, and how it moves the basis.
struct Entering {
    column: usize,
    direction: f64,
    rates: Vec<f64>,
    worth: f64,
}

impl<'a> Tableau<'a> {
    fn new(rows: usize, columns: &'a [Column]) -> Self {
        let mut inverse = vec![0.0; rows * rows];
        for row in 0..rows {
            if let Some(one) = inverse.get_mut(row * rows + row) {
                *one = 1.0;
            }
        }
        Self {
            columns,
            rows,
            inverse,
            basis: vec![None; rows],
            values: vec![0.0; rows],
            is_at_limit: vec![false; columns.len()],
            is_basic: vec![false; columns.len()],
            prices: vec![0.0; rows],
        }
    }

    fn solved(mut self) -> Vec<f64> {
        let mut idle = 0;
        for _ in 0..STEPS {
            let Some(entering) = self.entering(idle > PATIENCE) else { break };
            let step = self.enter(&entering, idle > PATIENCE);
            idle = if step * entering.worth > EPSILON { 0 } else { idle + 1 };
        }
        let mut found: Vec<f64> = self
            .columns
            .iter()
            .zip(&self.is_at_limit)
            .map(|(column, &is_at_limit)| if is_at_limit { column.limit } else { 0.0 })
            .collect();
        for (column, value) in self.basis.iter().zip(&self.values) {
            if let Some(place) = column.and_then(|column| found.get_mut(column)) {
                *place = *value;
            }
        }
        found
    }

    fn entering(&self, is_in_order: bool) -> Option<Entering> {
        let mut best: Option<(usize, f64)> = None;
        for (at, column) in self.columns.iter().enumerate() {
            if self.is_basic.get(at).copied().unwrap_or(true) || column.limit <= 0.0 {
                continue;
            }
            let paid: f64 =
                column.rows.iter().map(|&(row, sign)| sign * self.prices.get(row).copied().unwrap_or(0.0)).sum();
            let is_at_limit = self.is_at_limit.get(at).copied().unwrap_or(false);
            let worth = if is_at_limit { paid - column.gain } else { column.gain - paid };
            if worth > GAIN && best.is_none_or(|(_, most)| worth > most) {
                best = Some((at, worth));
                if is_in_order {
                    break;
                }
            }
        }
        let (column, worth) = best?;
        let direction = if self.is_at_limit.get(column).copied().unwrap_or(false) { -1.0 } else { 1.0 };
        Some(Entering { column, direction, rates: self.rates(column), worth })
    }

    /// The inverse times a column.
    fn rates(&self, column: usize) -> Vec<f64> {
        let entries = self.columns.get(column).map_or(&[][..], |column| &column.rows);
        self.inverse
            .chunks_exact(self.rows.max(1))
            .map(|line| entries.iter().map(|&(row, sign)| sign * line.get(row).copied().unwrap_or(0.0)).sum())
            .collect()
    }

    /// Moves a column as far as it goes; the step made.
    fn enter(&mut self, entering: &Entering, is_in_order: bool) -> f64 {
        let limit = self.limit(Some(entering.column));
        let (step, leaving) = self.leaving(entering, limit, is_in_order);
        for (value, rate) in self.values.iter_mut().zip(&entering.rates) {
            *value -= step * entering.direction * rate;
        }
        match leaving {
            None => {
                if let Some(is_at_limit) = self.is_at_limit.get_mut(entering.column) {
                    *is_at_limit = !*is_at_limit;
                }
            }
            Some((row, leaves_at_limit)) => self.pivot(entering, row, step, leaves_at_limit),
        }
        step
    }

    /// How far the entering column goes, and which row's variable stops it, at its limit or at nought; none if itself.
    fn leaving(&self, entering: &Entering, limit: f64, is_in_order: bool) -> (f64, Option<(usize, bool)>) {
        let mut found: (f64, Option<(usize, bool)>) = (limit, None);
        let mut strongest = 0.0;
        for (row, (rate, value)) in entering.rates.iter().zip(&self.values).enumerate() {
            let fall = rate * entering.direction;
            if fall.abs() <= EPSILON {
                continue;
            }
            let leaves_at_limit = fall < 0.0;
            let room =
                if leaves_at_limit { self.limit(self.basis.get(row).copied().flatten()) - value } else { *value };
            let step = room.max(0.0) / fall.abs();
            // Among equals the surest pivot, or in Bland's order the first column.
            let is_better = step < found.0 - EPSILON
                || (step <= found.0 + EPSILON
                    && match found.1 {
                        None => true,
                        Some((other, _)) if is_in_order => self.order(row) < self.order(other),
                        Some(_) => fall.abs() > strongest,
                    });
            if is_better {
                found = (step.min(found.0), Some((row, leaves_at_limit)));
                strongest = fall.abs();
            }
        }
        found
    }

    fn pivot(&mut self, entering: &Entering, row: usize, step: f64, leaves_at_limit: bool) {
        let start = if entering.direction < 0.0 { self.limit(Some(entering.column)) } else { 0.0 };
        if let Some(left) = self.basis.get(row).copied().flatten() {
            self.mark(left, false, leaves_at_limit);
        }
        self.mark(entering.column, true, false);
        if let (Some(place), Some(value)) = (self.basis.get_mut(row), self.values.get_mut(row)) {
            *place = Some(entering.column);
            *value = start + step * entering.direction;
        }
        self.turn(entering, row);
    }

    /// Brings the inverse and the prices to the new basis.
    fn turn(&mut self, entering: &Entering, row: usize) {
        let rows = self.rows;
        let Some(&by) = entering.rates.get(row) else { return };
        let pivot: Vec<f64> = match self.inverse.get_mut(row * rows..(row + 1) * rows) {
            Some(line) => {
                line.iter_mut().for_each(|entry| *entry /= by);
                line.to_vec()
            }
            None => return,
        };
        for (at, (line, rate)) in self.inverse.chunks_exact_mut(rows).zip(&entering.rates).enumerate() {
            if at != row && *rate != 0.0 {
                line.iter_mut().zip(&pivot).for_each(|(entry, pivot)| *entry -= rate * pivot);
            }
        }
        let worth = entering.worth * entering.direction;
        self.prices.iter_mut().zip(&pivot).for_each(|(price, pivot)| *price += worth * pivot);
    }

    fn mark(&mut self, column: usize, is_basic: bool, is_at_limit: bool) {
        if let (Some(basic), Some(at_limit)) = (self.is_basic.get_mut(column), self.is_at_limit.get_mut(column)) {
            *basic = is_basic;
            *at_limit = is_at_limit;
        }
    }

    fn limit(&self, column: Option<usize>) -> f64 {
        column.and_then(|column| self.columns.get(column)).map_or(0.0, |column| column.limit)
    }

    /// Artificial columns first, so that they leave soonest.
    fn order(&self, row: usize) -> (bool, usize) {
        match self.basis.get(row).copied().flatten() {
            None => (false, row),
            Some(column) => (true, column),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(rows: &[(usize, f64)], limit: f64, gain: f64) -> Column {
        Column { rows: rows.to_vec(), limit, gain }
    }

    #[test]
    fn a_flow_takes_the_cheap_way_first() {
        // One row: what comes in on the first column goes out on the others, the second dearer than the third.
        let columns = [
            column(&[(0, 1.0)], 5.0, 10.0),
            column(&[(0, -1.0)], f64::INFINITY, -2.0),
            column(&[(0, -1.0)], 3.0, -1.0),
        ];
        assert_eq!(largest(1, &columns), [5.0, 2.0, 3.0]);
    }

    #[test]
    fn what_does_not_pay_is_left() {
        let columns = [column(&[(0, 1.0)], 5.0, 1.0), column(&[(0, -1.0)], 5.0, -2.0)];
        assert_eq!(largest(1, &columns), [0.0, 0.0]);
    }

    #[test]
    fn without_rows_everything_worth_something_is_at_its_limit() {
        assert_eq!(largest(0, &[column(&[], 4.0, 1.0), column(&[], 4.0, -1.0)]), [4.0, 0.0]);
    }

    proptest::proptest! {
        /// Against every point of a small grid.
        #[test]
        fn no_whole_point_is_better(
            signs in proptest::collection::vec(proptest::collection::vec(-1_i32..=1, 3), 5),
            limits in proptest::collection::vec(0_u32..4, 5), gains in proptest::collection::vec(-3_i32..=3, 5),
        ) {
            let columns: Vec<Column> = (0..5)
                .map(|at| Column {
                    rows: (0..3).map(|row| (row, f64::from(signs[at][row]))).filter(|entry| entry.1 != 0.0).collect(),
                    limit: f64::from(limits[at]),
                    gain: f64::from(gains[at]),
                })
                .collect();
            let found = largest(3, &columns);
            let worth = |x: &[f64]| columns.iter().zip(x).map(|(column, x)| column.gain * x).sum::<f64>();
            for row in 0..3 {
                let sum: f64 = signs.iter().zip(&found).map(|(signs, value)| f64::from(signs[row]) * value).sum();
                proptest::prop_assert!(sum.abs() < 1e-9);
            }
            for (x, column) in found.iter().zip(&columns) {
                proptest::prop_assert!((-1e-9..=column.limit + 1e-9).contains(x));
            }
            let mut point = [0_u32; 5];
            loop {
                let is_even = (0..3).all(|row| (0..5).map(|at| signs[at][row] * i32::try_from(point[at]).unwrap()).sum::<i32>() == 0);
                if is_even {
                    proptest::prop_assert!(worth(&point.map(f64::from)) <= worth(&found) + 1e-6);
                }
                let Some(at) = (0..5).find(|&at| point[at] < limits[at]) else { break };
                point[at] += 1;
                point[..at].fill(0);
            }
        }
    }
}
