//! Factors columns into an orthogonal and a triangular part, in the order given; it must never let a dependent column pass.

use alloc::vec;
use alloc::vec::Vec;

/// A column whose part not yet explained is smaller than this share of its length adds nothing: R's `lm` draws the same line.
const DEPENDENT: f64 = 1e-7;

/// Columns `X = Q R`, dependent ones left out.
pub(crate) struct Factors {
    /// One a kept column: the vector of its reflection, from its own row on, and twice its inverse square length.
    reflections: Vec<(Vec<f64>, f64)>,
    /// The triangle by columns: column `k` has `k + 1` entries.
    triangle: Vec<Vec<f64>>,
    /// Which of the columns given were kept, in order.
    kept: Vec<usize>,
}

impl Factors {
    pub(crate) fn of(columns: &[Vec<f64>]) -> Self {
        let mut factors = Self { reflections: Vec::new(), triangle: Vec::new(), kept: Vec::new() };
        for (index, column) in columns.iter().enumerate() {
            factors.take(index, column.clone());
        }
        factors
    }

    fn take(&mut self, index: usize, mut column: Vec<f64>) {
        let whole = length(&column);
        self.reflect(&mut column);
        let row = self.kept.len();
        let Some(rest) = column.get(row..) else { return };
        let left = length(rest);
        if left == 0.0 || left < DEPENDENT * whole || !left.is_finite() {
            return;
        }
        // The sign that adds rather than cancels.
        let diagonal = if rest[0] > 0.0 { -left } else { left };
        let mut vector = rest.to_vec();
        vector[0] -= diagonal;
        let square: f64 = vector.iter().map(|value| value * value).sum();
        column.truncate(row);
        column.push(diagonal);
        self.triangle.push(column);
        self.reflections.push((vector, 2.0 / square));
        self.kept.push(index);
    }

    /// `Qᵀ v`, in place.
    pub(crate) fn reflect(&self, v: &mut [f64]) {
        for (row, reflection) in self.reflections.iter().enumerate() {
            mirror(reflection, &mut v[row..]);
        }
    }

    /// `Q v`, in place.
    pub(crate) fn reflect_back(&self, v: &mut [f64]) {
        for (row, reflection) in self.reflections.iter().enumerate().rev() {
            mirror(reflection, &mut v[row..]);
        }
    }

    pub(crate) fn kept(&self) -> &[usize] {
        &self.kept
    }

    /// `R⁻¹ v` for the first entries of `v`, one a kept column.
    pub(crate) fn back_substitute(&self, v: &[f64]) -> Vec<f64> {
        let mut solution = v[..self.kept.len()].to_vec();
        for (k, column) in self.triangle.iter().enumerate().rev() {
            solution[k] /= column[k];
            let value = solution[k];
            for (row, entry) in column[..k].iter().enumerate() {
                solution[row] -= entry * value;
            }
        }
        solution
    }

    /// `R⁻¹` by columns.
    pub(crate) fn inverse_triangle(&self) -> Vec<Vec<f64>> {
        (0..self.kept.len())
            .map(|k| {
                let mut unit = vec![0.0; self.kept.len()];
                unit[k] = 1.0;
                self.back_substitute(&unit)
            })
            .collect()
    }
}

fn mirror((vector, scale): &(Vec<f64>, f64), v: &mut [f64]) {
    let along: f64 = vector.iter().zip(v.iter()).map(|(a, b)| a * b).sum();
    for (value, direction) in v.iter_mut().zip(vector) {
        *value -= scale * along * direction;
    }
}

pub(crate) fn length(v: &[f64]) -> f64 {
    libm::sqrt(v.iter().map(|value| value * value).sum())
}
