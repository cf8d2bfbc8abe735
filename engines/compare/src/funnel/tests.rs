//! Funnels at their edges: none, one, all alike, nothing, everything; the known answers stand in `tests/gold.rs`.

use proptest::prelude::*;

use super::*;

fn units(pairs: &[(f64, f64)]) -> Vec<Unit> {
    pairs.iter().map(|&(numerator, denominator)| Unit { numerator, denominator }).collect()
}

fn funnel(measure: Measure, pairs: &[(f64, f64)]) -> Funnel {
    Funnel::of(measure, &units(pairs), measure.usual_trim())
}

const MEASURES: [Measure; 3] = [Measure::Proportion, Measure::ShmiRatio, Measure::CqcRatio];

#[test]
fn no_units_and_no_denominators_are_no_funnel() {
    for measure in MEASURES {
        assert_eq!(funnel(measure, &[]).target, None);
        let empty = funnel(measure, &[(0.0, 0.0), (0.0, 0.0)]);
        assert_eq!((empty.target, empty.dispersion, empty.units), (None, Dispersion::NONE, vec![None, None]));
    }
}

#[test]
fn one_unit_says_nothing_about_how_units_differ() {
    for measure in MEASURES {
        let one = funnel(measure, &[(30.0, 40.0)]);
        assert_eq!((one.dispersion.used, one.dispersion.tau2), (1, 0.0));
        let judged = one.units[0].unwrap();
        assert_eq!(judged.value, 0.75);
        assert_eq!(judged.trimmed, Some(judged.z));
    }
    assert_eq!(funnel(Measure::Proportion, &[(30.0, 40.0)]).dispersion.phi, Some(0.0));
}

#[test]
fn units_all_alike_differ_by_nothing() {
    for measure in MEASURES {
        let alike = funnel(measure, &[(20.0, 20.0); 12]);
        assert_eq!((alike.dispersion.used, alike.dispersion.phi, alike.dispersion.tau2), (12, Some(0.0), 0.0));
        assert!(alike.units.iter().all(|unit| unit.unwrap().significance == Significance::NotSignificant));
    }
}

#[test]
fn nothing_and_everything_have_limits() {
    let nothing = funnel(Measure::Proportion, &[(0.0, 10.0), (0.0, 30.0)]);
    assert_eq!(nothing.target, Some(0.0));
    assert_eq!(nothing.units[0].unwrap().significance, Significance::NotSignificant);
    assert_eq!(nothing.units[0].unwrap().limits.p95.lower, 0.0);
    let everything = funnel(Measure::Proportion, &[(10.0, 10.0), (30.0, 30.0)]);
    assert_eq!(everything.target, Some(1.0));
    assert_eq!(everything.units[1].unwrap().limits.p998.upper, 1.0);
}

#[test]
fn no_events_at_all_are_low_where_many_are_expected() {
    for measure in [Measure::ShmiRatio, Measure::CqcRatio] {
        let found = funnel(measure, &[(0.0, 20.0), (19.0, 20.0), (21.0, 20.0)]);
        let none = found.units[0].unwrap();
        assert_eq!(none.significance, Significance::Low0_001);
        assert!(found.dispersion.phi.unwrap().is_finite());
        if measure == Measure::ShmiRatio {
            assert_eq!((none.z, none.trimmed), (f64::NEG_INFINITY, None));
        }
    }
}

#[test]
fn a_unit_without_a_denominator_leaves_the_others_as_they_are() {
    for measure in MEASURES {
        let whole = [(12.0, 40.0), (20.0, 41.0), (30.0, 42.0), (9.0, 43.0)];
        let with = funnel(measure, &[whole[0], (0.0, 0.0), whole[1], whole[2], whole[3]]);
        let without = funnel(measure, &whole);
        assert_eq!(with.units[1], None);
        assert_eq!(with.dispersion, without.dispersion);
        assert_eq!(
            with.units.into_iter().flatten().collect::<Vec<_>>(),
            without.units.into_iter().flatten().collect::<Vec<_>>()
        );
    }
}

proptest! {
    #[test]
    fn limits_are_in_order_and_dispersion_only_widens(
        pairs in proptest::collection::vec((1.0..5000.0_f64, 0.0..1.0_f64), 1..30),
    ) {
        let pairs: Vec<(f64, f64)> = pairs.into_iter().map(|(n, part)| ((n * part).floor(), n)).collect();
        for measure in MEASURES {
            for judged in funnel(measure, &pairs).units.into_iter().flatten() {
                for limits in [judged.limits, judged.adjusted] {
                    prop_assert!(limits.p998.lower <= limits.p95.lower && limits.p95.lower <= limits.p95.upper);
                    prop_assert!(limits.p95.upper <= limits.p998.upper);
                }
                if measure == Measure::Proportion {
                    prop_assert!(judged.adjusted.p95.lower <= judged.limits.p95.lower);
                    prop_assert!(judged.adjusted.p95.upper >= judged.limits.p95.upper);
                }
            }
        }
    }

    #[test]
    fn a_ratios_label_and_its_limits_agree(events in 0_u32..3000, expected in 0.5..3000.0_f64) {
        let judged = funnel(Measure::CqcRatio, &[(f64::from(events), expected)]).units[0].unwrap();
        let exact = crate::interval::exact_count(f64::from(events), crate::Confidence::P95).unwrap();
        let is_beyond = exact.lower > expected || exact.upper < expected;
        prop_assert_eq!(is_beyond, judged.significance != Significance::NotSignificant);
    }

    #[test]
    fn no_numbers_panic(
        pairs in proptest::collection::vec((proptest::num::f64::ANY, proptest::num::f64::ANY), 0..6), share in proptest::num::f64::ANY,
    ) {
        for measure in MEASURES {
            for trim in [Trim::PullIn(share), Trim::LeaveOut(share), measure.usual_trim()] {
                let found = Funnel::of(measure, &units(&pairs), trim);
                prop_assert_eq!(found.units.len(), pairs.len());
            }
        }
        for (a, b) in pairs {
            let _ = (proportion_line(a, b), ratio_line(a));
        }
    }
}
