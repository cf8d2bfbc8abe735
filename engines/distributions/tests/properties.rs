//! What must hold for every argument there is: round trips, complements, order, and no panic on any bits; these tests know no values.

use hiec_distributions::{beta, binomial, chi_square, gamma, normal, poisson, student_t};
use proptest::prelude::*;

/// Shapes over the promised range, evenly on a logarithmic scale.
fn shape() -> impl Strategy<Value = f64> {
    (-2.0..12.0_f64).prop_map(|exponent| 10.0_f64.powf(exponent))
}

/// Chances, many of them near nought and near one.
fn chance() -> impl Strategy<Value = f64> {
    prop_oneof![0.001..0.999_f64, (-250.0..-0.5_f64).prop_map(|exponent| 10.0_f64.powf(exponent))]
}

fn near(found: f64, wanted: f64, tolerance: f64) -> bool {
    (found - wanted).abs() <= tolerance * wanted.abs()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn normal_goes_round(p in chance()) {
        prop_assert!(near(normal::cdf(normal::quantile(p)), p, 1e-12 * (1.0 - p.log10())));
    }

    #[test]
    fn gamma_goes_round(a in shape(), p in chance()) {
        // A large shape turns the last digit of x into so many of p.
        let within = 1e-9 + 1e-14 * a.sqrt();
        let x = gamma::quantile(a, p);
        prop_assert!(x < f64::MIN_POSITIVE || near(gamma::cdf(a, x), p, within), "{x} {}", gamma::cdf(a, x));
        let x = gamma::quantile_of_survival(a, p);
        prop_assert!(x < f64::MIN_POSITIVE || near(gamma::survival(a, x), p, within), "{x} {}", gamma::survival(a, x));
    }

    #[test]
    fn tails_are_the_whole_and_in_order(a in shape(), b in shape(), p in 0.01..0.99_f64, step in 1.000_001..3.0_f64) {
        let x = gamma::quantile(a, p);
        prop_assert!((gamma::cdf(a, x) + gamma::survival(a, x) - 1.0).abs() < 1e-15);
        prop_assert!(gamma::cdf(a, x) <= gamma::cdf(a, x * step) * (1.0 + 1e-12));
        let x = beta::quantile(a, b, p);
        prop_assert!((beta::cdf(a, b, x) + beta::survival(a, b, x) - 1.0).abs() < 1e-15);
        prop_assert!(beta::cdf(a, b, x / step) <= beta::cdf(a, b, x) * (1.0 + 1e-12));
    }

    #[test]
    fn beta_goes_round(a in shape(), b in shape(), p in chance()) {
        let x = beta::quantile(a, b, p);
        // Near one a double cannot hold a point finely enough; its mirror image can.
        if x > 0.0 && x < 0.5 {
            prop_assert!(near(beta::cdf(a, b, x), p, 1e-9 + 1e-13 * a.max(b).sqrt()), "{x} {}", beta::cdf(a, b, x));
        }
        let mirrored = beta::quantile_of_survival(b, a, p);
        prop_assert!((mirrored - (1.0 - x)).abs() < 1e-12);
    }

    #[test]
    fn student_goes_round_and_is_symmetric(freedom in (-0.5..10.0_f64).prop_map(|e| 10.0_f64.powf(e)), p in chance()) {
        let t = student_t::quantile(p, freedom);
        prop_assert!(near(student_t::cdf(t, freedom), p, 1e-9) || t.is_infinite(), "{t} {}", student_t::cdf(t, freedom));
        prop_assert_eq!(student_t::quantile_of_survival(p, freedom), -t);
        let both = student_t::two_sided(t, freedom);
        prop_assert!(near(both, 2.0 * p.min(1.0 - p), 1e-9) || t.is_infinite());
    }

    #[test]
    fn student_with_many_degrees_is_normal(p in 0.001..0.999_f64) {
        let (t, z) = (student_t::quantile(p, 1e10), normal::quantile(p));
        prop_assert!((t - z).abs() < 1e-8, "{t} {z}");
    }

    #[test]
    fn chi_square_of_one_degree_is_a_normal_squared(z in 0.001..30.0_f64) {
        prop_assert!(near(chi_square::survival(z * z, 1.0), 2.0 * normal::survival(z), 1e-11));
    }

    #[test]
    fn counts_go_round(trials in 1..5_000_000_u64, part in 0.0..1.0_f64, p in 0.0001..0.9999_f64) {
        let successes = (trials as f64 * part) as u64;
        let below = binomial::cdf(successes, trials, p);
        if below > 1e-12 && below < 1.0 - 1e-9 {
            prop_assert_eq!(binomial::quantile(below, trials, p), Some(successes));
        }
        let found = binomial::quantile(p, trials, part).unwrap();
        prop_assert!(found == 0 || binomial::cdf(found - 1, trials, part) < p);
        prop_assert!(binomial::cdf(found, trials, part) >= p * (1.0 - 1e-13) - 1e-15);
        let mean = trials as f64 * part;
        let found = poisson::quantile(p, mean).unwrap();
        prop_assert!(found == 0 || poisson::cdf(found - 1, mean) < p);
        prop_assert!(poisson::cdf(found, mean) >= p * (1.0 - 1e-13) - 1e-15);
    }

    #[test]
    fn steps_of_a_distribution_are_its_masses(trials in 1..100_000_u64, p in 0.01..0.99_f64, at in -4.0..4.0_f64) {
        let (mean, deviation) = (trials as f64 * p, (trials as f64 * p * (1.0 - p)).sqrt());
        let k = ((mean + at * deviation).max(1.0) as u64).min(trials);
        let step = binomial::cdf(k, trials, p) - binomial::cdf(k - 1, trials, p);
        prop_assert!((step - binomial::mass(k, trials, p)).abs() < 1e-13);
        let step = poisson::cdf(k, mean) - poisson::cdf(k - 1, mean);
        prop_assert!((step - poisson::mass(k, mean)).abs() < 1e-13);
    }

    #[test]
    fn no_bits_panic_and_chances_stay_chances(a in any::<f64>(), b in any::<f64>(), c in any::<f64>(), n in any::<u64>(), k in any::<u64>()) {
        let chances = [
            normal::cdf(a), normal::survival(a), gamma::cdf(a, b), gamma::survival(a, b), beta::cdf(a, b, c),
            beta::survival(a, b, c), student_t::cdf(a, b), student_t::survival(a, b), student_t::two_sided(a, b),
            chi_square::cdf(a, b), binomial::cdf(k, n, a), binomial::survival(k, n, a), poisson::cdf(k, a), poisson::survival(k, a),
            binomial::mass(k, n, a), poisson::mass(k, a), binomial::mass(k, n, c.abs() % 1.0),
        ];
        for chance in chances {
            prop_assert!(chance.is_nan() || (0.0..=1.0 + 1e-9).contains(&chance), "{chance}");
        }
        for p in [a, a.abs() % 1.0] {
            let _ = (normal::quantile(p), gamma::quantile(b, p), gamma::quantile_of_survival(b, p), beta::quantile(b, c, p));
            let _ = (student_t::quantile(p, b), chi_square::quantile(p, b), binomial::quantile(p, n, c), poisson::quantile(p, b));
            let _ = (binomial::quantile(p, n, c.abs() % 1.0), beta::quantile_of_survival(b.abs(), c.abs(), p));
        }
    }
}

#[test]
fn what_does_not_exist_is_nan() {
    let nothing = [
        gamma::cdf(0.0, 1.0),
        gamma::cdf(-1.0, 1.0),
        gamma::cdf(f64::INFINITY, 1.0),
        gamma::quantile(1.0, 1.5),
        gamma::quantile(f64::NAN, 0.5),
        beta::cdf(0.0, 1.0, 0.5),
        beta::cdf(1.0, 1.0, 1.5),
        beta::quantile(1.0, -1.0, 0.5),
        student_t::cdf(1.0, 0.0),
        student_t::quantile(0.5, -3.0),
        chi_square::quantile(-0.1, 3.0),
        poisson::cdf(3, -1.0),
        poisson::mass(3, f64::NAN),
        binomial::cdf(3, 10, 1.1),
        hiec_distributions::ln_gamma(0.0),
    ];
    for (at, value) in nothing.into_iter().enumerate() {
        assert!(value.is_nan(), "number {at} is {value}");
    }
    assert_eq!(binomial::quantile(1.1, 10, 0.5), None);
    assert_eq!(poisson::quantile(1.0, 3.0), None);
}

#[test]
fn the_ends_of_what_exists() {
    assert_eq!((gamma::quantile(3.0, 0.0), gamma::quantile(3.0, 1.0)), (0.0, f64::INFINITY));
    assert_eq!((beta::quantile(3.0, 2.0, 0.0), beta::quantile(3.0, 2.0, 1.0)), (0.0, 1.0));
    assert_eq!((student_t::quantile(0.0, 3.0), student_t::quantile(1.0, 3.0)), (f64::NEG_INFINITY, f64::INFINITY));
    assert_eq!(student_t::quantile(0.5, 3.0), 0.0);
    assert_eq!((binomial::quantile(0.0, 10, 0.5), binomial::quantile(1.0, 10, 0.5)), (Some(0), Some(10)));
    assert_eq!((binomial::quantile(0.5, 0, 0.5), binomial::quantile(0.3, 10, 1.0)), (Some(0), Some(10)));
    assert_eq!((poisson::quantile(0.7, 0.0), poisson::cdf(0, 0.0)), (Some(0), 1.0));
    assert_eq!((binomial::mass(0, 10, 0.0), binomial::mass(10, 10, 1.0), binomial::mass(11, 10, 0.5)), (1.0, 1.0, 0.0));
}
