//! Least squares over a few dense columns: coefficients, residuals, covariances; it must never answer where the columns do not tell.
//!
//! [`solve`] factors the columns by Householder reflections (Golub and Van Loan, *Matrix Computations*, 4th edition,
//! 5.2) in the order they are given. A column that adds nothing to those before it gets no coefficient instead of an
//! arbitrary one. Columns and outcome are first scaled by powers of two, which loses no digit and keeps squares of very
//! large and very small numbers in range.
#![no_std]

extern crate alloc;

mod fit;
mod householder;
mod square;

pub use fit::{Fit, Unsolved, solve};
pub use square::Square;
