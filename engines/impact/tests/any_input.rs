//! Any numbers, any tables: an answer of numbers or a refusal in words; it must never be a panic, nor a number that is none.
#![expect(clippy::unwrap_used, reason = "every step here is a step of a test")]

use hiec_impact::command::{its, panel, starts, weights};
use hiec_impact::differences::group_time::{Comparators, Settings};
use hiec_impact::differences::{four_means, permutation, trends_before, two_way};
use hiec_impact::interrupted::{Interrupted, Model, Point};
use hiec_impact::panel::{Observation, Panel};
use hiec_impact::synthetic::Study;
use hiec_impact::verdict::{Bar, of_differences, of_series, of_staggered, of_synthetic};
use proptest::prelude::*;

const FEW: Bar = Bar {
    confidence: 0.95,
    points: 8,
    alone: 0.999,
    durbin_watson: 0.6,
    units: 5,
    comfortable_units: 20,
    poor_fit: 2.0,
    trends_apart: 0.05,
    one_donor: 0.8,
    ways: 20,
    placebos: 10,
    seed: 1,
};

/// Numbers of every kind, the awkward ones often.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<f64>(),
        -100.0..100.0,
        (-3_i32..4).prop_map(f64::from),
        Just(1e300),
        Just(f64::MIN_POSITIVE),
        Just(0.0),
    ]
}

fn observations() -> impl Strategy<Value = Vec<(usize, f64, Option<f64>, bool)>> {
    let time = prop_oneof![4 => (0_i32..6).prop_map(f64::from), 1 => any::<f64>()];
    proptest::collection::vec((0_usize..6, time, proptest::option::of(number()), any::<bool>()), 0..40)
}

/// Nearly always a name, now and then none.
fn mostly(pattern: &'static str) -> impl Strategy<Value = String> {
    prop_oneof![60 => pattern, 1 => Just(String::new())]
}

/// Nearly always one of a few times, so that units meet.
fn time() -> impl Strategy<Value = f64> {
    prop_oneof![100 => (0_i32..80).prop_map(|t| f64::from(t) / 10.0), 1 => number()]
}

proptest! {
    #[test]
    fn any_series(
        points in proptest::collection::vec((number(), number(), proptest::option::of(number())), 0..20),
        start in number(),
    ) {
        let points = points.into_iter().map(|(t, y, denominator)| Point { t, y, denominator }).collect();
        let Ok(series) = Interrupted::new(points, start) else { return Ok(()) };
        for model in [Model::Linear, Model::Poisson] {
            if let Ok(fit) = series.fit(model) {
                prop_assert!(fit.level.is_finite() && fit.sum_error.is_finite() && fit.sum_error >= 0.0);
            }
            prop_assert!(!of_series(&series, model, &FEW).words("it").contains("NaN"));
        }
    }

    #[test]
    fn any_panel(rows in observations(), starts in proptest::collection::vec(0_usize..7, 6), treated in 0_u8..64) {
        const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
        let rows: Vec<Observation<'_>> = rows
            .into_iter()
            .map(|(unit, t, y, _)| Observation {
                unit: NAMES[unit],
                t,
                y,
                treated: treated >> unit & 1 == 1,
                after: t >= starts[unit] as f64,
            })
            .collect();
        let Ok(panel) = Panel::new(&rows) else { return Ok(()) };
        if let Ok(means) = four_means(&panel) {
            prop_assert!(means.effect().is_finite());
        }
        if let Ok(two_way) = two_way(&panel) {
            prop_assert!(two_way.effect.is_finite() && two_way.error.is_none_or(|error| error >= 0.0));
        }
        if let Ok(test) = permutation(&panel, 0.8, 20, 1) {
            prop_assert!(test.p > 0.0 && test.p <= 1.0);
        }
        let _ = trends_before(&panel);
        if let Ok(study) = Study::of(&panel)
            && let Ok(control) = study.control()
        {
            prop_assert!((control.weights.iter().sum::<f64>() - 1.0).abs() < 1e-6);
        }
        for comparators in [Comparators::NeverTreated, Comparators::NotYetTreated] {
            let settings = Settings { comparators, anticipation: usize::from(treated & 1) };
            prop_assert!(!of_staggered(&panel, settings, &FEW).words("it").contains("NaN"));
        }
        prop_assert!(!of_differences(&panel, &FEW).words("it").contains("NaN"));
        prop_assert!(!of_synthetic(&panel, &FEW).words("it").contains("NaN"));
    }

    #[test]
    fn any_table(
        rows in proptest::collection::vec((mostly("[ab]"), mostly("[uvwxyz]"), time(), proptest::option::of(number()), proptest::option::of(0_u8..3)), 0..60),
        begins in proptest::collection::vec(0_u8..9, 6),
        treated in 0_u8..64,
    ) {
        let mut series = "series_id,t,y,post,denominator\n".to_owned();
        let mut units = "series_id,unit,t,y,treated,post\n".to_owned();
        for (id, unit, t, y, denominator) in rows {
            let place = usize::from(unit.bytes().next().unwrap_or(b'u').saturating_sub(b'u'));
            let (treated, post) = (treated >> place & 1, u8::from(t >= f64::from(begins[place])));
            let after = u8::from(t >= 4.0);
            let cell = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
            let denominator = denominator.map_or(String::new(), |d| d.to_string());
            series.push_str(&format!("{id},{t},{},{after},{denominator}\n", cell(y)));
            units.push_str(&format!("{id},{unit},{t},{},{treated},{post}\n", cell(y)));
        }
        check(|output| its(series.as_bytes(), output))?;
        check(|output| panel(units.as_bytes(), output))?;
        check(|output| weights(units.as_bytes(), output))?;
        check(|output| starts(units.as_bytes(), output))?;
    }

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let table = [b"series_id,unit,t,y,treated,post\n".as_slice(), &bytes].concat();
        check(|output| its(&table[..], output))?;
        check(|output| panel(&table[..], output))?;
        check(|output| its(&bytes[..], output))?;
    }
}

/// An answer has numbers only; a refusal has words.
fn check<N, E: std::fmt::Display>(run: impl FnOnce(&mut Vec<u8>) -> Result<N, E>) -> Result<(), TestCaseError> {
    let mut output = Vec::new();
    match run(&mut output) {
        Ok(_) => {
            let text = String::from_utf8(output).unwrap();
            prop_assert!(!text.contains("NaN") && !text.contains("Inf"), "{text}");
        }
        Err(problem) => prop_assert!(!problem.to_string().is_empty()),
    }
    Ok(())
}
