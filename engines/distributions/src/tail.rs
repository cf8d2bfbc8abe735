//! The area under a falling curve that starts at one; it must never take more points than its fixed number.

/// Sixteen nodes of Gauss and Legendre on −1 to 1, the positive half, with their weights
/// (Abramowitz and Stegun, table 25.4).
const NODES: [(f64, f64); 8] = [
    (0.095_012_509_837_637_44, 0.189_450_610_455_068_5),
    (0.281_603_550_779_258_9, 0.182_603_415_044_923_6),
    (0.458_016_777_657_227_4, 0.169_156_519_395_002_54),
    (0.617_876_244_402_643_7, 0.149_595_988_816_576_73),
    (0.755_404_408_355_003, 0.124_628_971_255_533_87),
    (0.865_631_202_387_831_7, 0.095_158_511_682_492_78),
    (0.944_575_023_073_232_6, 0.062_253_523_938_647_894),
    (0.989_400_934_991_649_9, 0.027_152_459_411_754_095),
];

const PANELS: u32 = 4;

/// Where the curve has fallen by e⁻⁴⁵ nothing is left that a double-precision number could hold.
const DEPTH: f64 = 45.0;

/// ∫ e^(exponent(s)) ds from 0 to at most `end`, where the exponent is 0 at 0 and falls like −slope·s − curvature·s²/2.
pub(crate) fn area(slope: f64, curvature: f64, end: f64, exponent: impl Fn(f64) -> f64) -> f64 {
    let length = 2.0 * DEPTH / (slope + libm::sqrt(slope * slope + 2.0 * curvature * DEPTH));
    let half = 0.5 * length.min(end) / f64::from(PANELS);
    let panel = |panel: u32| {
        let middle = half * f64::from(2 * panel + 1);
        let pair = |&(node, weight): &(f64, f64)| {
            weight * (libm::exp(exponent(middle - half * node)) + libm::exp(exponent(middle + half * node)))
        };
        NODES.iter().map(pair).sum::<f64>()
    };
    half * (0..PANELS).map(panel).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_known_in_closed_form_are_met() {
        let falling = area(3.0, 0.0, f64::INFINITY, |s| -3.0 * s);
        assert!((falling * 3.0 - 1.0).abs() < 1e-14);
        let bell = area(0.0, 1.0, f64::INFINITY, |s| -0.5 * s * s);
        assert!((bell / libm::sqrt(core::f64::consts::FRAC_PI_2) - 1.0).abs() < 1e-14);
        let cut = area(1.0, 0.0, 1.0, |s| -s);
        assert!((cut / (1.0 - libm::exp(-1.0)) - 1.0).abs() < 1e-14);
    }
}
