//! What would not have happened anyway, by a reference case; it must never be used together with a percentage of deadweight.

/// Gross impact and what has to be taken from it, in one case: with the intervention, or without.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Case {
    pub gross: f64,
    /// The share that goes to people it was not meant for.
    pub leakage: f64,
    /// The share that others lose by it.
    pub displacement: f64,
    /// The share that takes the place of what would have been done.
    pub substitution: f64,
    /// What follows from it elsewhere: 1.3 is three tenths more.
    pub multiplier: f64,
}

impl Case {
    fn net(self) -> f64 {
        self.gross * (1.0 - self.leakage) * (1.0 - self.displacement) * (1.0 - self.substitution) * self.multiplier
    }

    fn is_usable(self) -> bool {
        let shares = [self.leakage, self.displacement, self.substitution];
        shares.iter().all(|share| (0.0..=1.0).contains(share))
            && self.gross.is_finite()
            && (0.0..f64::INFINITY).contains(&self.multiplier)
    }
}

/// Additional impact: the intervention's net impact less the reference case's, which is the deadweight. English Partnerships,
/// *Additionality guide*, 3rd edition (2008); Homes and Communities Agency, 4th edition (2014).
///
/// None unless shares lie between 0 and 1 and the multipliers are at least 0.
pub fn additional_impact(with: Case, without: Case) -> Option<f64> {
    (with.is_usable() && without.is_usable()).then(|| with.net() - without.net())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guides_arithmetic_is_met() {
        let case = |gross| Case { gross, leakage: 0.1, displacement: 0.2, substitution: 0.0, multiplier: 1.3 };
        let found = additional_impact(case(100.0), case(40.0)).unwrap();
        assert!((found - 56.16).abs() < 1e-12);
        assert_eq!(additional_impact(Case { leakage: 1.1, ..case(1.0) }, case(1.0)), None);
    }
}
