//! The triangle of a least-squares question whose columns come and go; it must never let a column in that the others make up.
//!
//! `CᵀC = RᵀR` is kept while columns are added and taken out (Golub and Van Loan, 6.5), so that a step costs the square of
//! the number of columns and not its cube. Solutions are corrected once by their residual: the corrected semi-normal
//! equations (Björck, *Stability analysis of the method of seminormal equations*, Linear Algebra Appl 1987).

use alloc::vec::Vec;

/// A column whose own part is less than this share of it is made up of the others.
const DEPENDENT: f64 = 1e-11;

/// An upper triangle by columns: column `k` has `k + 1` entries.
#[derive(Debug, Clone, Default)]
pub(super) struct Triangle(Vec<Vec<f64>>);

impl Triangle {
    /// Adds a column, given its products with the columns there, its length, and a way to find the length of what a
    /// combination of them leaves of it. False where the others make it up.
    pub(super) fn add(&mut self, products: Vec<f64>, length: f64, left: impl FnOnce(&[f64]) -> f64) -> bool {
        let mut column = products;
        self.solve_transposed(&mut column);
        let mut combination = column.clone();
        self.solve(&mut combination);
        // The length squared minus the column's would cancel where little is left; the remainder itself does not.
        let own = left(&combination);
        let keeps = own > DEPENDENT * length && own.is_finite();
        if keeps {
            column.push(own);
            self.0.push(column);
        }
        keeps
    }

    /// Takes a column out, and turns what stood below the diagonal back onto it.
    pub(super) fn remove(&mut self, at: usize) {
        self.0.remove(at);
        for row in at..self.0.len() {
            let (a, b) = (self.0[row][row], self.0[row][row + 1]);
            let length = libm::hypot(a, b);
            let (cosine, sine) = if length > 0.0 { (a / length, b / length) } else { (1.0, 0.0) };
            for column in &mut self.0[row..] {
                let (a, b) = (column[row], column[row + 1]);
                column[row] = cosine * a + sine * b;
                column[row + 1] = cosine * b - sine * a;
            }
            self.0[row].truncate(row + 1);
        }
    }

    /// `(RᵀR)⁻¹ v`, in place.
    pub(super) fn solve_both(&self, v: &mut [f64]) {
        self.solve_transposed(v);
        self.solve(v);
    }

    fn solve_transposed(&self, v: &mut [f64]) {
        for (k, column) in self.0.iter().enumerate() {
            let known: f64 = column[..k].iter().zip(v.iter()).map(|(a, b)| a * b).sum();
            v[k] = (v[k] - known) / column[k];
        }
    }

    fn solve(&self, v: &mut [f64]) {
        for (k, column) in self.0.iter().enumerate().rev() {
            v[k] /= column[k];
            let value = v[k];
            for (other, entry) in v.iter_mut().zip(&column[..k]) {
                *other -= entry * value;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    fn dot(a: &[f64], b: &[f64]) -> f64 {
        a.iter().zip(b).map(|(x, y)| x * y).sum()
    }

    fn add(triangle: &mut Triangle, columns: &mut Vec<Vec<f64>>, column: &[f64]) -> bool {
        let products = columns.iter().map(|other| dot(other, column)).collect();
        let added = triangle.add(products, libm::sqrt(dot(column, column)), |combination| {
            let mut left = column.to_vec();
            for (weight, other) in combination.iter().zip(columns.iter()) {
                left.iter_mut().zip(other).for_each(|(value, part)| *value -= weight * part);
            }
            libm::sqrt(dot(&left, &left))
        });
        if added {
            columns.push(column.to_vec());
        }
        added
    }

    /// Solves `CᵀC x = Cᵀ C w` and finds w.
    fn assert_solves(triangle: &Triangle, columns: &[Vec<f64>]) {
        let wanted: Vec<f64> = (0..columns.len()).map(|at| at as f64 - 1.5).collect();
        let mut v: Vec<f64> = columns
            .iter()
            .map(|row| columns.iter().zip(&wanted).map(|(column, weight)| weight * dot(row, column)).sum())
            .collect();
        triangle.solve_both(&mut v);
        assert!(v.iter().zip(&wanted).all(|(a, b)| (a - b).abs() < 1e-10), "{v:?} for {wanted:?}");
    }

    #[test]
    fn columns_come_and_go() {
        let (mut triangle, mut columns) = (Triangle::default(), Vec::new());
        for column in [[1.0, 2.0, 0.0, 1.0], [0.0, 1.0, 5.0, 2.0], [3.0, 1.0, 1.0, 0.0], [0.0, 0.0, 1.0, 7.0]] {
            assert!(add(&mut triangle, &mut columns, &column));
            assert_solves(&triangle, &columns);
        }
        for at in [1, 0, 1] {
            triangle.remove(at);
            columns.remove(at);
            assert_solves(&triangle, &columns);
        }
    }

    #[test]
    fn a_column_the_others_make_up_stays_out() {
        let (mut triangle, mut columns) = (Triangle::default(), vec![]);
        assert!(add(&mut triangle, &mut columns, &[1.0, 2.0]));
        assert!(!add(&mut triangle, &mut columns, &[2.0, 4.0]));
        assert!(add(&mut triangle, &mut columns, &[2.0, 4.001]));
        assert!(!add(&mut triangle, &mut columns, &[0.3, 0.1]));
        assert!(!add(&mut triangle, &mut columns, &[0.0, 0.0]));
    }
}
