//! Values known from outside (`known/make.py`, mpmath at 60 digits) and from printed tables; they must never come from this engine.

use hiec_distributions::{beta, binomial, chi_square, gamma, normal, poisson, student_t};

/// The promise is 1e-9; this is what is kept.
const TOLERANCE: f64 = 1e-12;

#[test]
fn every_known_value_is_met() {
    let mut seen = 0;
    let mut worst = (0.0, String::new());
    for line in include_str!("known/known.csv").lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [a, b, c, known] = [1, 2, 3, 4].map(|at| cells[at].parse::<f64>().unwrap_or(f64::NAN));
        let found = match cells[0] {
            "normal_cdf" => normal::cdf(a),
            "normal_quantile" => normal::quantile(a),
            "gamma_cdf" => gamma::cdf(a, b),
            "gamma_survival" => gamma::survival(a, b),
            "beta_cdf" => beta::cdf(a, b, c),
            "beta_survival" => beta::survival(a, b, c),
            "chi_square_quantile" => chi_square::quantile(a, b),
            "student_t_cdf" => student_t::cdf(a, b),
            "student_t_quantile" => student_t::quantile(a, b),
            "binomial_cdf" => binomial::cdf(a as u64, b as u64, c),
            "binomial_mass" => binomial::mass(a as u64, b as u64, c),
            "poisson_cdf" => poisson::cdf(a as u64, b),
            "poisson_mass" => poisson::mass(a as u64, b),
            other => panic!("no function {other}"),
        };
        // Below the smallest normal number there are not that many digits to keep.
        let is_tiny = known.abs() < f64::MIN_POSITIVE;
        let error = if is_tiny { (found - known).abs() } else { (found / known - 1.0).abs() };
        assert!(error <= TOLERANCE, "{line}: {found:e}, off by {error:e}");
        if error > worst.0 {
            worst = (error, line.to_owned());
        }
        seen += 1;
    }
    assert!(seen > 700, "only {seen} values were read");
    println!("{seen} values, the worst off by {:e}: {}", worst.0, worst.1);
}
