//! The standard normal distribution; it must never lose the digits of a small chance.

use core::f64::consts::{FRAC_1_SQRT_2, PI};

use crate::is_chance;

/// The density at x.
pub fn density(x: f64) -> f64 {
    libm::exp(-0.5 * x * x) / libm::sqrt(2.0 * PI)
}

/// The chance of a value up to x.
pub fn cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x * FRAC_1_SQRT_2)
}

/// The chance of a value above x.
pub fn survival(x: f64) -> f64 {
    0.5 * libm::erfc(x * FRAC_1_SQRT_2)
}

/// The value that is not exceeded with chance p; −∞ at 0, ∞ at 1, NaN outside.
///
/// Algorithm AS 241, PPND16: M. J. Wichura, *The percentage points of the normal distribution*, Applied Statistics 37
/// (1988) 477–484; about 16 digits.
pub fn quantile(p: f64) -> f64 {
    if !is_chance(p) {
        return f64::NAN;
    }
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        return central(q);
    }
    let distance = far(if q < 0.0 { p } else { 1.0 - p });
    if q < 0.0 { -distance } else { distance }
}

/// The value exceeded with chance p.
pub fn quantile_of_survival(p: f64) -> f64 {
    -quantile(p)
}

fn central(q: f64) -> f64 {
    const A: [f64; 8] = [
        3.387_132_872_796_366_5,
        1.331_416_678_917_843_8e2,
        1.971_590_950_306_551_3e3,
        1.373_169_376_550_946e4,
        4.592_195_393_154_987e4,
        6.726_577_092_700_87e4,
        3.343_057_558_358_813e4,
        2.509_080_928_730_122_7e3,
    ];
    const B: [f64; 8] = [
        1.0,
        4.231_333_070_160_091e1,
        6.871_870_074_920_579e2,
        5.394_196_021_424_751e3,
        2.121_379_430_158_659_7e4,
        3.930_789_580_009_271e4,
        2.872_908_573_572_194_3e4,
        5.226_495_278_852_854e3,
    ];
    let r = 0.180_625 - q * q;
    q * ratio(&A, &B, r)
}

/// How far from the middle the smaller tail is p, for p below 0.075.
fn far(p: f64) -> f64 {
    const C: [f64; 8] = [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        2.417_807_251_774_506e-1,
        2.272_384_498_926_918_4e-2,
        7.745_450_142_783_414e-4,
    ];
    const D: [f64; 8] = [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        6.897_673_349_851e-1,
        1.481_039_764_274_800_8e-1,
        1.519_866_656_361_645_7e-2,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ];
    const E: [f64; 8] = [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        2.965_605_718_285_048_7e-1,
        2.653_218_952_657_612_4e-2,
        1.242_660_947_388_078_4e-3,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ];
    const F: [f64; 8] = [
        1.0,
        5.998_322_065_558_88e-1,
        1.369_298_809_227_358e-1,
        1.487_536_129_085_061_5e-2,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ];
    let r = libm::sqrt(-libm::log(p));
    if r == f64::INFINITY {
        return r;
    }
    if r <= 5.0 { ratio(&C, &D, r - 1.6) } else { ratio(&E, &F, r - 5.0) }
}

fn ratio(above: &[f64; 8], below: &[f64; 8], at: f64) -> f64 {
    let value = |terms: &[f64; 8]| terms.iter().rev().fold(0.0, |sum, term| sum * at + term);
    value(above) / value(below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_papers_own_check_values_are_met() {
        // Wichura 1988, the values printed to test an implementation.
        for (p, known) in
            [(0.25, -0.674_489_750_196_081_7), (0.001, -3.090_232_306_167_813_5), (1e-20, -9.262_340_089_798_408)]
        {
            assert!((quantile(p) / known - 1.0).abs() < 1e-15, "{p}");
        }
    }

    #[test]
    fn the_ends_and_what_lies_outside() {
        assert_eq!(quantile(0.0), f64::NEG_INFINITY);
        assert_eq!(quantile(1.0), f64::INFINITY);
        assert_eq!(quantile(0.5), 0.0);
        assert!(quantile(-1e-300).is_nan() && quantile(1.1).is_nan() && quantile(f64::NAN).is_nan());
        assert_eq!((cdf(f64::NEG_INFINITY), cdf(f64::INFINITY)), (0.0, 1.0));
        assert!(cdf(f64::NAN).is_nan());
    }
}
