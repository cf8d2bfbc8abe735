//! Solves symmetric systems that may be singular; it must never divide by what rounding left of nothing.

use alloc::vec;
use alloc::vec::Vec;

use crate::Square;

/// A pivot smaller than this share of its diagonal entry is rounding, not information.
const SINGULAR: f64 = 1e-10;

/// A positive semi-definite matrix `M = L Lᵀ`, with the rows that depend on earlier ones left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Cholesky {
    /// The lower triangle by rows: row `i` has `i + 1` entries. A row left out holds noughts.
    rows: Vec<Vec<f64>>,
}

impl Cholesky {
    /// Factors a symmetric matrix, of which the lower triangle is read.
    pub fn of(matrix: &Square) -> Self {
        let size = matrix.size();
        let mut rows: Vec<Vec<f64>> = Vec::with_capacity(size);
        for i in 0..size {
            let mut row = vec![0.0; i + 1];
            for j in 0..i {
                let diagonal = rows[j][j];
                if diagonal > 0.0 {
                    let known: f64 = row[..j].iter().zip(&rows[j]).map(|(a, b)| a * b).sum();
                    row[j] = (matrix.get(i, j) - known) / diagonal;
                }
            }
            let known: f64 = row[..i].iter().map(|value| value * value).sum();
            let pivot = matrix.get(i, i) - known;
            match pivot > SINGULAR * matrix.get(i, i) {
                true => row[i] = libm::sqrt(pivot),
                false => row.fill(0.0),
            }
            rows.push(row);
        }
        Self { rows }
    }

    /// How many rows were not left out.
    pub fn rank(&self) -> usize {
        self.rows.iter().enumerate().filter(|(i, row)| row[*i] > 0.0).count()
    }

    /// A solution of `M x = v` for a `v` that has one, noughts where a row was left out.
    pub fn solve(&self, v: &[f64]) -> Vec<f64> {
        let mut x: Vec<f64> = v.iter().copied().chain(core::iter::repeat(0.0)).take(self.rows.len()).collect();
        for (i, row) in self.rows.iter().enumerate() {
            let known: f64 = row[..i].iter().zip(&x).map(|(a, b)| a * b).sum();
            x[i] = if row[i] > 0.0 { (x[i] - known) / row[i] } else { 0.0 };
        }
        for (i, row) in self.rows.iter().enumerate().rev() {
            if row[i] > 0.0 {
                x[i] /= row[i];
                let value = x[i];
                for (j, entry) in row[..i].iter().enumerate() {
                    x[j] -= entry * value;
                }
            }
        }
        x
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(entries: &[&[f64]]) -> Square {
        let mut matrix = Square::zeros(entries.len());
        for (i, row) in entries.iter().enumerate() {
            for (j, value) in row.iter().enumerate() {
                matrix.add(i, j, *value);
            }
        }
        matrix
    }

    #[test]
    fn a_definite_system_has_its_one_solution() {
        let m = matrix(&[&[4.0, 2.0], &[2.0, 3.0]]);
        let x = Cholesky::of(&m).solve(&[8.0, 8.0]);
        assert!((x[0] - 1.0).abs() < 1e-14 && (x[1] - 2.0).abs() < 1e-14);
    }

    #[test]
    fn a_row_that_follows_from_others_is_left_out() {
        // The Laplacian of a path of three: its rows sum to nought.
        let m = matrix(&[&[1.0, -1.0, 0.0], &[-1.0, 2.0, -1.0], &[0.0, -1.0, 1.0]]);
        let factors = Cholesky::of(&m);
        assert_eq!(factors.rank(), 2);
        let x = factors.solve(&[1.0, 0.0, -1.0]);
        assert_eq!(x[2], 0.0);
        assert!((x[0] - 2.0).abs() < 1e-14 && (x[1] - 1.0).abs() < 1e-14);
    }
}
