//! The fit of an outcome by columns, and what can be said of its certainty; it must never hand out a number that is not finite.

use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use crate::Square;
use crate::householder::Factors;

/// An outcome explained by columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// One a column; none where the column adds nothing to those before it.
    pub coefficients: Vec<Option<f64>>,
    /// Outcome minus what the columns explain, one a row.
    pub residuals: Vec<f64>,
    /// How many columns have a coefficient.
    pub rank: usize,
    /// `(XᵀX)⁻¹`, as wide as there are columns, noughts for those without a coefficient.
    pub inverse: Square,
}

/// Why there is no fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsolved {
    /// A column is not as long as the outcome.
    Shape,
    /// Something given is not a finite number, or the answer is beyond what a number can hold.
    NotFinite,
}

impl fmt::Display for Unsolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Shape => "the columns are not as long as the outcome",
            Self::NotFinite => "a number is too large to compute with",
        })
    }
}

impl core::error::Error for Unsolved {}

/// Minimises the sum of squares of `outcome - columns · coefficients`.
///
/// # Errors
/// Columns of another length than the outcome; numbers that are not finite.
pub fn solve(columns: &[Vec<f64>], outcome: &[f64]) -> Result<Fit, Unsolved> {
    if columns.iter().any(|column| column.len() != outcome.len()) {
        return Err(Unsolved::Shape);
    }
    let exponents: Vec<i32> = columns.iter().map(|column| exponent(column)).collect();
    let scaled: Vec<Vec<f64>> = columns.iter().zip(&exponents).map(|(column, &by)| shrunk(column, by)).collect();
    let exponent = exponent(outcome);
    let mut rotated = shrunk(outcome, exponent);
    if scaled.iter().flatten().chain(&rotated).any(|value| !value.is_finite()) {
        return Err(Unsolved::NotFinite);
    }

    let factors = Factors::of(&scaled);
    let rank = factors.kept().len();
    factors.reflect(&mut rotated);
    let mut coefficients = vec![None; columns.len()];
    for (&column, value) in factors.kept().iter().zip(factors.back_substitute(&rotated)) {
        coefficients[column] = Some(grown(value, exponent.saturating_sub(exponents[column])));
    }
    rotated[..rank].fill(0.0);
    factors.reflect_back(&mut rotated);
    let residuals: Vec<f64> = rotated.into_iter().map(|value| grown(value, exponent)).collect();
    let inverse = inverse(&factors, &exponents);

    let fit = Fit { coefficients, residuals, rank, inverse };
    let finite = fit.coefficients.iter().flatten().chain(&fit.residuals).all(|value| value.is_finite())
        && fit.inverse.quadratic(&vec![1.0; columns.len()]).is_finite();
    if finite { Ok(fit) } else { Err(Unsolved::NotFinite) }
}

impl Fit {
    /// The residual sum of squares.
    pub fn rss(&self) -> f64 {
        self.residuals.iter().map(|residual| residual * residual).sum()
    }

    /// Rows beyond those the coefficients use up.
    pub fn degrees_of_freedom(&self) -> usize {
        self.residuals.len().saturating_sub(self.rank)
    }

    /// The coefficient of a column; nought where it has none.
    pub fn coefficient(&self, column: usize) -> f64 {
        self.coefficients.get(column).copied().flatten().unwrap_or(0.0)
    }

    /// The covariance of the coefficients where all errors have one variance, `RSS / df · (XᵀX)⁻¹`; none without freedom.
    pub fn covariance(&self) -> Option<Square> {
        let freedom = self.degrees_of_freedom();
        (freedom > 0).then(|| self.inverse.clone().scaled(self.rss() / freedom as f64))
    }

    /// The sandwich `(XᵀX)⁻¹ meat (XᵀX)⁻¹`.
    pub fn sandwich(&self, meat: &Square) -> Square {
        self.inverse.times(meat).times(&self.inverse)
    }
}

fn inverse(factors: &Factors, exponents: &[i32]) -> Square {
    let mut inverse = Square::zeros(exponents.len());
    let triangle = factors.inverse_triangle();
    for (i, &row) in factors.kept().iter().enumerate() {
        for (j, &column) in factors.kept().iter().enumerate() {
            // (RᵀR)⁻¹ = R⁻¹ R⁻ᵀ: rows of the inverse triangle, which starts at the later of the two.
            let entry: f64 = triangle.iter().skip(i.max(j)).map(|k| k[i] * k[j]).sum();
            inverse.add(row, column, grown(grown(entry, -exponents[row]), -exponents[column]));
        }
    }
    inverse
}

/// The power of two just above the largest number.
fn exponent(values: &[f64]) -> i32 {
    let largest = values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    if largest == 0.0 || !largest.is_finite() { 0 } else { libm::frexp(largest).1 }
}

fn shrunk(values: &[f64], by: i32) -> Vec<f64> {
    values.iter().map(|&value| grown(value, -by)).collect()
}

fn grown(value: f64, by: i32) -> f64 {
    libm::ldexp(value, by)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() <= 1e-12 * a.abs().max(b.abs()).max(1.0)
    }

    #[test]
    fn a_straight_line_by_hand() {
        // y = 1, 3, 2 over x = 0, 1, 2: mean 2, slope 0.5; residuals -0.5, 1, -0.5; XᵀX has inverse [5/6, -1/2; -1/2, 1/2].
        let fit = solve(&[vec![1.0; 3], vec![0.0, 1.0, 2.0]], &[1.0, 3.0, 2.0]).unwrap();
        assert!(close(fit.coefficient(0), 1.5) && close(fit.coefficient(1), 0.5));
        assert!(fit.residuals.iter().zip([-0.5, 1.0, -0.5]).all(|(a, b)| close(*a, b)));
        assert!(close(fit.rss(), 1.5));
        let covariance = fit.covariance().unwrap();
        assert!(close(covariance.get(0, 0), 1.25) && close(covariance.get(0, 1), -0.75));
        assert!(close(covariance.get(1, 1), 0.75));
    }

    #[test]
    fn a_column_that_adds_nothing_has_no_coefficient() {
        let fit = solve(
            &[vec![1.0; 4], vec![2.0; 4], vec![0.0; 4], vec![0.0, 1.0, 2.0, 3.0], vec![3.0, 4.0, 5.0, 6.0]],
            &[1.0, 2.0, 3.0, 4.0],
        )
        .unwrap();
        assert_eq!(fit.rank, 2);
        assert_eq!(fit.coefficients.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, false, true, false]);
        assert!(fit.rss() < 1e-25);
    }

    #[test]
    fn more_columns_than_rows_leave_no_freedom() {
        let fit = solve(&[vec![1.0], vec![2.0]], &[3.0]).unwrap();
        assert_eq!((fit.rank, fit.degrees_of_freedom()), (1, 0));
        assert!(fit.covariance().is_none());
        assert!(solve(&[], &[]).unwrap().coefficients.is_empty());
    }

    #[test]
    fn very_large_and_very_small_numbers_keep_their_digits() {
        let fit = solve(&[vec![1e-100; 3], vec![0.0, 1e150, 2e150]], &[1e120, 3e120, 2e120]).unwrap();
        assert!((fit.coefficients[1].unwrap() / 0.5e-30 - 1.0).abs() < 1e-12);
    }

    #[test]
    fn what_is_not_finite_or_not_of_one_length_is_refused() {
        assert_eq!(solve(&[vec![1.0, f64::NAN]], &[1.0, 1.0]), Err(Unsolved::NotFinite));
        assert_eq!(solve(&[vec![1.0, 1.0]], &[1.0, f64::INFINITY]), Err(Unsolved::NotFinite));
        assert_eq!(solve(&[vec![1e-300; 2]], &[1e300; 2]), Err(Unsolved::NotFinite));
        assert_eq!(solve(&[vec![1.0]], &[1.0, 1.0]), Err(Unsolved::Shape));
    }

    proptest! {
        #[test]
        fn residuals_stand_square_to_the_columns(
            rows in proptest::collection::vec((-1e3..1e3, -1e3..1e3, -1e3..1e3), 1..30)
        ) {
            let columns = [vec![1.0; rows.len()], rows.iter().map(|r| r.0).collect(), rows.iter().map(|r| r.1).collect()];
            let outcome: Vec<f64> = rows.iter().map(|r| r.2).collect();
            let fit = solve(&columns, &outcome).unwrap();
            for column in &columns {
                let dot: f64 = column.iter().zip(&fit.residuals).map(|(a, b)| a * b).sum();
                prop_assert!(dot.abs() < 1e-6, "{dot}");
            }
        }

        #[test]
        fn no_input_panics(
            columns in proptest::collection::vec(proptest::collection::vec(any::<f64>(), 4), 0..6),
            outcome in proptest::collection::vec(any::<f64>(), 4),
        ) {
            if let Ok(fit) = solve(&columns, &outcome) {
                prop_assert!(fit.coefficients.iter().flatten().all(|value| value.is_finite()));
            }
        }
    }
}
