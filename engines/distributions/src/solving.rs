//! Finds where a tail reaches a wanted chance, by Newton's steps inside a bracket, or on counts by halving; it must never step outside, nor without end.

/// The logarithm of a tail's probability at a point, and its slope there.
pub(crate) struct Tail {
    pub ln: f64,
    pub slope: f64,
}

impl Tail {
    pub fn new(probability: f64, slope_of_probability: f64) -> Self {
        Self { ln: libm::log(probability), slope: slope_of_probability / probability }
    }
}

/// Whether a tail grows or shrinks along the line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Rising,
    Falling,
}

const STEPS: u32 = 100;

/// A tail this near (relatively) to the wanted one is so near to it in one more step of Newton's that nothing is left to
/// gain: what is off is squared.
const NEAR: f64 = 1e-9;

/// The w between `low` and `high` where `tail(w).ln` is `wanted`; the nearer end where the tail does not reach it.
///
/// The logarithm of a tail is nearly a straight line far out, which is why Newton's method likes it better than the tail
/// itself.
pub(crate) fn solve(
    wanted: f64,
    start: f64,
    [mut low, mut high]: [f64; 2],
    side: Side,
    tail: impl Fn(f64) -> Tail,
) -> f64 {
    let mut w = if start > low && start < high { start } else { 0.5 * (low + high) };
    for _ in 0..STEPS {
        let Tail { ln, slope } = tail(w);
        if ln == wanted {
            return w;
        }
        if (ln < wanted) == (side == Side::Rising) {
            low = w
        } else {
            high = w
        }
        let newton = w + (wanted - ln) / slope;
        let is_inside = newton > low && newton < high;
        let next = if is_inside { newton } else { 0.5 * (low + high) };
        let is_near = is_inside && (wanted - ln).abs() < NEAR;
        if is_near || (next - w).abs() <= f64::EPSILON * (0.25 + 0.5 * w.abs()) {
            return next;
        }
        w = next;
    }
    w
}

/// A chance this much (relatively) above a step of a distribution of counts is that step: `cdf` itself is no better known.
const ROUNDING: f64 = 64.0 * f64::EPSILON;

/// The smallest count up to `last` whose lower tail reaches p, found from a guess by doubling steps, then halving.
pub(crate) fn first_count(p: f64, guess: f64, last: u64, tails: impl Fn(u64) -> (f64, f64)) -> u64 {
    let q = 1.0 - p;
    let is_reached = |count: u64| {
        let (below, above) = tails(count);
        // What is left of one beside p is known to one rounding of one, and no better.
        if p <= 0.5 { below >= p * (1.0 - ROUNDING) } else { above <= q * (1.0 + ROUNDING) + f64::EPSILON }
    };
    // A float that is no count becomes the nearest that is.
    let guess = (guess as u64).min(last);
    let (mut short, mut reached) = (None, last);
    let mut at = guess;
    let mut step = 1_u64;
    if is_reached(guess) {
        reached = guess;
        while at > 0 {
            at = at.saturating_sub(step);
            if !is_reached(at) {
                short = Some(at);
                break;
            }
            reached = at;
            step = step.saturating_mul(2);
        }
    } else {
        while at < last {
            short = Some(at);
            at = at.saturating_add(step).min(last);
            if is_reached(at) {
                reached = at;
                break;
            }
            step = step.saturating_mul(2);
        }
    }
    // Everything up to `short` falls short, `reached` reaches it.
    let Some(mut short) = short else {
        return reached;
    };
    while reached - short > 1 {
        let middle = short + (reached - short) / 2;
        if is_reached(middle) { reached = middle } else { short = middle }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logistic(w: f64) -> Tail {
        let p = 1.0 / (1.0 + libm::exp(-w));
        Tail::new(p, p * (1.0 - p))
    }

    #[test]
    fn a_known_root_is_found_from_anywhere() {
        for start in [-700.0, -3.0, 0.0, 5.0, 700.0, f64::NAN] {
            let w = solve(libm::log(0.25), start, [-745.0, 709.0], Side::Rising, logistic);
            assert!((w + libm::log(3.0)).abs() < 1e-15, "from {start}: {w}");
        }
    }

    #[test]
    fn what_is_out_of_reach_ends_at_the_end() {
        assert!((solve(-1e6, 0.0, [-700.0, 700.0], Side::Rising, logistic) + 700.0).abs() < 1e-9);
        assert!((solve(1.0, 0.0, [-700.0, 700.0], Side::Rising, logistic) - 700.0).abs() < 1e-9);
    }
}
