//! How much units differ among themselves beyond chance; it must never be below none.

/// The units' dispersion: Spiegelhalter et al. (2012), section 4.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dispersion {
    /// Units that went into it.
    pub used: usize,
    /// φ, the mean of z²: one where units differ as chance has it. None without units.
    pub phi: Option<f64>,
    /// τ², the variance between units beyond chance, on the measure's scale.
    pub tau2: f64,
}

impl Dispersion {
    /// Nothing to tell it from.
    pub(super) const NONE: Self = Self { used: 0, phi: None, tau2: 0.0 };

    /// From the scores that were not left out, and every unit's standard error.
    ///
    /// τ² = (nφ − (n − 1)) / (Σw − Σw²/Σw) with w = 1/s², after DerSimonian and Laird (1986); none below chance, and none
    /// from a single unit, which says nothing about how units differ.
    pub(super) fn of(trimmed: &[Option<f64>], errors: &[f64]) -> Self {
        let (mut used, mut squares, mut weights, mut weights_squared) = (0_usize, 0.0, 0.0, 0.0);
        for (z, s) in trimmed.iter().zip(errors) {
            let Some(z) = z else { continue };
            let weight = 1.0 / (s * s);
            used += 1;
            squares += z * z;
            weights += weight;
            weights_squared += weight * weight;
        }
        if used == 0 {
            return Self::NONE;
        }
        let n = used as f64;
        let spread = weights - weights_squared / weights;
        let is_dispersed = used > 1 && squares > n - 1.0 && spread > 0.0;
        let tau2 = if is_dispersed { (squares - (n - 1.0)) / spread } else { 0.0 };
        Self { used, phi: Some(squares / n), tau2 }
    }
}
