//! Whether a curve's numbers may be used, and why not; it must never let a ceiling pass that the counts do not tell.

use alloc::vec::Vec;
use core::fmt;

use super::{Bass, NoCurve, Spread, bass};

/// Adopters for each unknown of a curve, the least at which it is told at all: the rule of five events per variable
/// (Vittinghoff and McCulloch, Am J Epidemiol 2007).
const ADOPTERS_EACH: u32 = 5;
const UNKNOWNS: u32 = 3;
/// Periods with a count beyond the unknowns.
const PERIODS: usize = 6;
/// A ceiling whose standard error is larger than this share of it is not told.
const CEILING_UNSURE: f64 = 0.25;

/// A curve, or the steps alone with why.
#[derive(Debug, Clone, PartialEq)]
pub enum Advice {
    /// The curve may be used, with these doubts said beside it.
    Curve { bass: Bass, doubts: Vec<Doubt> },
    /// Show the counts as steps, and no curve.
    StepsOnly { because: Vec<Doubt> },
}

/// Why a curve is not to be trusted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Doubt {
    /// There is no curve.
    NoCurve(NoCurve),
    /// So few sites took it up that three unknowns cannot be told from them.
    FewSites { adopters: u32, eligible: Option<u32>, needed: u32 },
    /// So few periods.
    FewPeriods { found: usize, needed: usize },
    /// A number stopped at the least or greatest value looked for.
    AtBound,
    /// Most new adopters in a period may be still to come: until then nearly any ceiling fits (Srinivasan and Mason 1986;
    /// Van den Bulte and Lilien, Marketing Science 1997).
    BeforePeak { peak: f64, latest: Option<f64>, last: u32 },
    /// How many ever will is not told.
    CeilingUnsure { ceiling: f64, error: Option<f64> },
    /// More are said to take it up than can.
    CeilingBeyondEligible { ceiling: f64, eligible: u32 },
}

impl Doubt {
    /// Whether the curve may not be used because of it.
    pub fn forbids(&self) -> bool {
        !matches!(self, Self::CeilingBeyondEligible { .. })
    }
}

/// The Bass curve with its ceiling free, where the counts can carry it.
pub fn advised(spread: &Spread) -> Advice {
    let curve = match bass(spread) {
        Ok(curve) => curve,
        Err(reason) => return Advice::StepsOnly { because: Vec::from([Doubt::NoCurve(reason)]) },
    };
    let doubts = doubts(spread, &curve);
    match doubts.iter().any(Doubt::forbids) {
        false => Advice::Curve { bass: curve, doubts },
        true => Advice::StepsOnly { because: doubts.into_iter().filter(Doubt::forbids).collect() },
    }
}

/// Everything that speaks against a curve fitted to these counts.
pub fn doubts(spread: &Spread, curve: &Bass) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    let (adopters, needed) = (spread.adopters(), ADOPTERS_EACH * UNKNOWNS);
    if adopters < needed {
        doubts.push(Doubt::FewSites { adopters, eligible: spread.eligible(), needed });
    }
    let needed = PERIODS + UNKNOWNS as usize;
    if curve.n < needed {
        doubts.push(Doubt::FewPeriods { found: curve.n, needed });
    }
    if curve.at_bound {
        doubts.push(Doubt::AtBound);
    }
    let last = spread.periods().last().map_or(0, |period| period.t);
    // Two standard errors: the peak is surely passed only then.
    let latest = curve.peak_error().map(|error| curve.peak_time() + 2.0 * error);
    if latest.unwrap_or(curve.peak_time()) >= f64::from(last) {
        doubts.push(Doubt::BeforePeak { peak: curve.peak_time(), latest, last });
    }
    let (ceiling, error) = (curve.ceiling.value, curve.ceiling.error);
    if error.is_none_or(|error| error > CEILING_UNSURE * ceiling) {
        doubts.push(Doubt::CeilingUnsure { ceiling, error });
    }
    if let Some(eligible) = spread.eligible().filter(|eligible| ceiling > f64::from(*eligible)) {
        doubts.push(Doubt::CeilingBeyondEligible { ceiling, eligible });
    }
    doubts
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NoCurve(reason) => write!(f, "{reason}"),
            Self::FewSites { eligible: Some(eligible), needed, .. } if eligible < needed => {
                write!(f, "{eligible} sites: step curve only")
            }
            Self::FewSites { adopters, needed, .. } => {
                write!(f, "{adopters} sites took it up, where a curve needs {needed}: step curve only")
            }
            Self::FewPeriods { found, needed } => {
                write!(f, "{found} periods with a count, where a curve needs {needed}: step curve only")
            }
            Self::AtBound => {
                f.write_str("the counts do not have the shape of the curve: its numbers stop at the edge of the search")
            }
            Self::BeforePeak { .. } => {
                f.write_str("adoption has not surely passed its peak: the ceiling cannot be told")
            }
            Self::CeilingUnsure { ceiling, error: Some(error) } => {
                write!(f, "the ceiling of {ceiling:.0} is unsure by {error:.0} either way: it cannot be told")
            }
            Self::CeilingUnsure { error: None, .. } => f.write_str("how sure the ceiling is cannot be told"),
            Self::CeilingBeyondEligible { ceiling, eligible } => {
                write!(f, "the ceiling of {ceiling:.0} is more than the {eligible} sites that can take it up")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;
    use crate::curves::Period;

    fn spread(new: &[u32], eligible: u32) -> Spread {
        let period = |(t, &new): (u32, &u32)| Period { t, new: Some(new), cumulative: None };
        Spread::new((1..).zip(new).map(period).collect(), Some(eligible)).unwrap()
    }

    #[test]
    fn seven_sites_are_steps() {
        let Advice::StepsOnly { because } = advised(&spread(&[0, 1, 0, 3, 0, 1, 0, 0, 1, 0, 0, 0], 7)) else {
            panic!()
        };
        assert_eq!(because[0].to_string(), "7 sites: step curve only");
    }

    #[test]
    fn before_the_peak_no_ceiling_is_told() {
        let Advice::StepsOnly { because } = advised(&spread(&[1, 2, 3, 4, 6, 8, 10, 12, 15, 18], 400)) else {
            panic!()
        };
        let told: Vec<_> = because.iter().map(ToString::to_string).collect();
        assert!(
            told.iter().any(|t| t == "adoption has not surely passed its peak: the ceiling cannot be told"),
            "{told:?}"
        );
    }

    #[test]
    fn a_whole_curve_may_be_used() {
        let whole = [2, 3, 5, 7, 10, 12, 14, 14, 12, 9, 7, 5, 3, 2, 1, 1, 0, 0];
        let Advice::Curve { bass, doubts } = advised(&spread(&whole, 130)) else { panic!() };
        assert!(doubts.is_empty(), "{doubts:?}");
        assert!((bass.ceiling.value - 107.0).abs() < 5.0);
        let Advice::Curve { doubts, .. } = advised(&spread(&whole, 107)) else { panic!() };
        assert!(doubts.len() <= 1);
    }
}
