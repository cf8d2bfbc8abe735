//! What must be true of any study of shifts and any sum: mirrored data give mirrored signals, units do not matter, later data leave what was decided.

use hiec_spc::cusum::{self, Step, follow, last_alert};
use hiec_spc::limits::{Kind, Limits, Series};
use hiec_spc::runs::Side;
use hiec_spc::shifts::{Caution, Options, Study};
use proptest::prelude::*;

/// Levels that last a while, with noise, gaps and outliers.
fn values() -> impl Strategy<Value = Vec<Option<f64>>> {
    let noise = prop_oneof![30 => (-1.0_f64..1.0).prop_map(Some), 1 => (-9.0_f64..9.0).prop_map(Some), 1 => Just(None)];
    let stretch = (-4_i8..4, prop::collection::vec(noise, 1..50))
        .prop_map(|(level, noise)| noise.into_iter().map(move |noise| noise.map(|noise| f64::from(level) + noise)));
    prop::collection::vec(stretch, 0..5).prop_map(|stretches| stretches.into_iter().flatten().collect())
}

fn anything() -> impl Strategy<Value = Vec<Option<f64>>> {
    let value = prop_oneof![2 => any::<f64>().prop_map(Some), 4 => (0_u8..4).prop_map(|value| Some(f64::from(value))), 1 => Just(None)];
    prop::collection::vec(value, 0..90)
}

fn options() -> impl Strategy<Value = Options> {
    let caution = prop::sample::select(vec![Caution::NoRegrets, Caution::Overhanging, Caution::Within]);
    (0_usize..25, 0_usize..10, 0_usize..5, caution).prop_map(|(minimum, run, exclusions, caution)| Options {
        minimum,
        run,
        exclusions,
        caution,
        ..Options::default()
    })
}

fn study(values: &[Option<f64>], options: Options) -> Study {
    Study::of(Kind::Individuals, &Series::of_values(values.iter().copied()).unwrap(), options).unwrap()
}

fn assert_sound(study: &Study, values: &[Option<f64>], options: Options) {
    let present = |rows: std::ops::Range<usize>| values[rows].iter().flatten().count();
    assert_eq!(study.points.len(), values.len());
    assert_eq!(study.proposals.len(), study.periods.len().saturating_sub(1));
    assert_eq!(
        study.periods.iter().map(|period| period.rows.len()).sum::<usize>() == values.len(),
        !study.periods.is_empty() || values.is_empty()
    );
    for period in &study.periods {
        assert_eq!(present(period.calculation.clone()), options.minimum.max(2));
        assert!(period.excluded.len() <= options.exclusions);
        assert!(period.excluded.iter().all(|row| period.calculation.contains(row)));
    }
    for proposal in &study.proposals {
        assert!(proposal.run >= options.run.max(2));
        assert!(proposal.refused.iter().all(|refused| refused.row < proposal.row));
        let shift = proposal.side == Side::Above;
        let first = values[proposal.row].unwrap();
        assert_eq!(first > proposal.before, shift);
    }
}

proptest! {
    #[test]
    fn any_numbers_are_studied_or_refused(values in anything(), sizes in anything(), options in options()) {
        for kind in Kind::ALL {
            let ratios = values.iter().copied().zip(sizes.iter().copied());
            for series in [Series::of_values(values.iter().copied()), Series::of_ratios(ratios)] {
                if let Ok(study) = series.and_then(|series| Study::of(kind, &series, options)) {
                    for judged in study.points.iter().filter_map(|judged| judged.place.and_then(|place| place.limits)) {
                        prop_assert!(judged.lower.is_finite() && judged.upper.is_finite());
                    }
                }
            }
        }
        for step in follow(&values, cusum::Options { window: options.minimum, sensitivity: 3.0 }) {
            prop_assert!([step.up, step.down].iter().chain(&step.mean).chain(&step.threshold).all(|sum| sum.is_finite()));
        }
    }

    #[test]
    fn a_study_is_sound(values in values(), options in options()) {
        assert_sound(&study(&values, options), &values, options);
    }

    #[test]
    fn mirrored_data_give_mirrored_proposals(values in values(), options in options()) {
        let mirrored: Vec<Option<f64>> = values.iter().map(|value| value.map(|value| -value)).collect();
        let (study, mirrored) = (study(&values, options), study(&mirrored, options));
        let turned = |side| if side == Side::Above { Side::Below } else { Side::Above };
        let proposals: Vec<_> = study.proposals.iter().map(|one| (one.row, one.side, one.run, one.after)).collect();
        let others: Vec<_> =
            mirrored.proposals.iter().map(|one| (one.row, turned(one.side), one.run, -one.after)).collect();
        prop_assert_eq!(proposals, others);
        prop_assert_eq!(&study.refused, &mirrored.refused);
        for (one, other) in study.points.iter().zip(&mirrored.points) {
            let flags = |judged: &hiec_spc::shifts::Judged| judged.place.map(|place| (place.is_outside, place.is_in_run));
            prop_assert_eq!(flags(one), flags(other));
        }
    }

    #[test]
    fn the_unit_does_not_matter(values in values(), options in options()) {
        let scaled: Vec<Option<f64>> = values.iter().map(|value| value.map(|value| value * 4.0)).collect();
        let (study, scaled) = (study(&values, options), study(&scaled, options));
        let rows = |study: &Study| study.proposals.iter().map(|one| (one.row, one.run)).collect::<Vec<_>>();
        prop_assert_eq!(rows(&study), rows(&scaled));
        let limits = |study: &Study, factor: f64| -> Vec<Option<(f64, f64)>> {
            let at = |limits: Limits| (limits.lower * factor, limits.upper * factor);
            study.points.iter().map(|judged| judged.place.and_then(|place| place.limits).map(at)).collect()
        };
        prop_assert_eq!(limits(&study, 4.0), limits(&scaled, 1.0));
    }

    /// What has been established stays when data are added, up to the first place that had to wait for them.
    #[test]
    fn later_data_do_not_move_limits_that_were_decided(values in values(), seen in 0.0_f64..1.0, options in options()) {
        let options = Options { caution: Caution::NoRegrets, ..options };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a short length")]
        let seen = (values.len() as f64 * seen) as usize;
        let (before, after) = (study(&values[..seen], options), study(&values, options));
        let undecided = before.refused.iter().chain(before.proposals.iter().flat_map(|one| &one.refused));
        let decided = undecided.filter(|refused| refused.is_undecided).map(|refused| refused.row).min().unwrap_or(seen);
        for (before, after) in before.periods.iter().zip(&after.periods) {
            if before.rows.start < decided {
                prop_assert_eq!(&before.lines, &after.lines);
                prop_assert_eq!(&before.calculation, &after.calculation);
                prop_assert_eq!(&before.excluded, &after.excluded);
            }
        }
        let count = |study: &Study| study.periods.iter().filter(|period| period.rows.start < decided).count();
        prop_assert!(count(&before) <= count(&after));
    }

    #[test]
    fn mirrored_percentiles_give_mirrored_sums(values in values(), window in 1_usize..15, sensitivity in 1_u8..6) {
        let options = cusum::Options { window, sensitivity: f64::from(sensitivity) };
        let mirrored: Vec<Option<f64>> = values.iter().map(|value| value.map(|value| -value)).collect();
        let turned = |step: &Step| Step {
            value: step.value.map(|value| -value),
            up: -step.down,
            down: -step.up,
            mean: step.mean.map(|mean| -mean),
            ..*step
        };
        let steps = follow(&values, options);
        prop_assert_eq!(&steps, &follow(&mirrored, options).iter().map(turned).collect::<Vec<_>>());
        for step in &steps {
            prop_assert!(step.up >= 0.0 && step.down <= 0.0);
            prop_assert!(!step.is_alert || step.up > 0.0 || step.down < 0.0);
        }
        let alert = last_alert(&steps);
        let latest = steps.iter().rev().find(|step| step.value.is_some());
        prop_assert_eq!(alert.is_some(), latest.is_some_and(|step| step.is_alert));
    }

    #[test]
    fn later_data_do_not_move_sums(values in values(), seen in 12_usize..60) {
        let first = values.iter().position(Option::is_some).unwrap_or_default();
        // The first window looks ahead, so it has to be complete.
        let seen = seen.max(first + 12).min(values.len());
        if seen < first + 12 {
            return Ok(());
        }
        let options = cusum::Options::default();
        prop_assert_eq!(&follow(&values[..seen], options)[..], &follow(&values, options)[..seen]);
    }
}
