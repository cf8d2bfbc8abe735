//! A small square matrix: covariances and what stands between them; it must never read outside itself.

use alloc::vec;
use alloc::vec::Vec;

/// A square matrix of `size` rows and columns, all noughts at first.
#[derive(Debug, Clone, PartialEq)]
pub struct Square {
    size: usize,
    values: Vec<f64>,
}

impl Square {
    /// A matrix of noughts.
    pub fn zeros(size: usize) -> Self {
        Self { size, values: vec![0.0; size * size] }
    }

    /// How many rows and columns it has.
    pub fn size(&self) -> usize {
        self.size
    }

    /// An entry; not a number outside the matrix.
    pub fn get(&self, row: usize, column: usize) -> f64 {
        match row < self.size && column < self.size {
            true => self.values[row * self.size + column],
            false => f64::NAN,
        }
    }

    /// Adds to an entry; nothing happens outside the matrix.
    pub fn add(&mut self, row: usize, column: usize, value: f64) {
        if row < self.size && column < self.size {
            self.values[row * self.size + column] += value;
        }
    }

    /// Adds `weight · (v wᵀ)`, both vectors as long as the matrix is wide.
    pub fn add_outer(&mut self, weight: f64, v: &[f64], w: &[f64]) {
        for (row, v) in v.iter().enumerate() {
            for (column, w) in w.iter().enumerate() {
                self.add(row, column, weight * v * w);
            }
        }
    }

    /// Every entry times a number.
    #[must_use]
    pub fn scaled(mut self, factor: f64) -> Self {
        self.values.iter_mut().for_each(|value| *value *= factor);
        self
    }

    /// `self · other`, both of one size.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        let mut product = Self::zeros(self.size);
        for row in 0..self.size {
            for middle in 0..self.size {
                let left = self.get(row, middle);
                for column in 0..self.size {
                    product.add(row, column, left * other.get(middle, column));
                }
            }
        }
        product
    }

    /// `cᵀ M c`: with a covariance, the variance of that combination of coefficients.
    pub fn quadratic(&self, combination: &[f64]) -> f64 {
        let mut total = 0.0;
        for (row, left) in combination.iter().enumerate() {
            for (column, right) in combination.iter().enumerate() {
                total += left * self.get(row, column) * right;
            }
        }
        total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_and_a_quadratic_form_by_hand() {
        let mut m = Square::zeros(2);
        m.add_outer(1.0, &[1.0, 2.0], &[3.0, 4.0]);
        assert_eq!([m.get(0, 0), m.get(0, 1), m.get(1, 0), m.get(1, 1)], [3.0, 4.0, 6.0, 8.0]);
        assert_eq!(m.times(&m).get(1, 0), 6.0 * 3.0 + 8.0 * 6.0);
        assert_eq!(m.quadratic(&[1.0, -1.0]), 3.0 - 4.0 - 6.0 + 8.0);
        assert_eq!(m.scaled(2.0).get(1, 1), 16.0);
    }

    #[test]
    fn outside_there_is_no_number() {
        let mut m = Square::zeros(1);
        m.add(1, 0, 5.0);
        assert!(m.get(1, 0).is_nan());
        assert_eq!(m.get(0, 0), 0.0);
    }
}
