//! What must be true of any chart of any series: limits are numbers in order, mirrored data give mirrored charts, units do not matter.

use hiec_spc::limits::{Chart, Kind, Limits, Options, Part, Refusal, Series};
use hiec_spc::runs::{Method, Side};
use proptest::prelude::*;

type Ratio = (Option<f64>, Option<f64>);

fn anything() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        4 => any::<f64>().prop_map(Some),
        4 => (-5_i8..20).prop_map(|value| Some(f64::from(value))),
        1 => Just(None),
    ]
}

/// Few whole numbers, so that ties, values on the centre line and constant stretches are common.
fn coarse() -> impl Strategy<Value = Vec<Option<f64>>> {
    prop::collection::vec(prop_oneof![9 => (0_u8..5).prop_map(|value| Some(f64::from(value))), 1 => Just(None)], 0..50)
}

/// Values that are hardly ever equal, now and then far away or missing.
fn values() -> impl Strategy<Value = Vec<Option<f64>>> {
    let value = prop_oneof![
        20 => (-100.0..100.0).prop_map(Some),
        2 => (-1000.0..1000.0).prop_map(Some),
        1 => Just(None)
    ];
    prop::collection::vec(value, 0..60)
}

fn counts() -> impl Strategy<Value = Vec<Ratio>> {
    let ratio = (0_u16..400, 0_u16..60).prop_map(|(whole, part)| (f64::from(part.min(whole)), f64::from(whole)));
    let ratio = prop_oneof![
        12 => ratio.prop_map(|(part, whole)| (Some(part), Some(whole))),
        1 => Just((None, Some(9.0))),
        1 => Just((Some(9.0), None)),
    ];
    prop::collection::vec(ratio, 0..50)
}

fn kind() -> impl Strategy<Value = Kind> {
    prop::sample::select(Kind::ALL.to_vec())
}

fn options() -> impl Strategy<Value = Options> {
    let rows = || prop::collection::vec(0_usize..60, 0..4);
    let method = prop::sample::select(Method::ALL.to_vec());
    (prop::option::of(0_usize..60), rows(), rows(), any::<bool>(), any::<bool>(), method).prop_map(
        |(freeze, parts, excluded, is_screened, may_be_negative, method)| Options {
            freeze,
            parts,
            excluded,
            is_screened,
            may_be_negative,
            method,
            ..Options::default()
        },
    )
}

fn draw(kind: Kind, values: &[Option<f64>], options: &Options) -> Chart {
    Chart::draw(kind, &Series::of_values(values.iter().copied()).unwrap(), options).unwrap()
}

fn limits(chart: &Chart) -> Vec<Option<Limits>> {
    chart.points.iter().map(|point| point.limits).collect()
}

fn outside(chart: &Chart) -> Vec<bool> {
    chart.points.iter().map(|point| point.is_outside).collect()
}

/// Runs without what depends on rows: observations, useful points, longest, its side, crossings, signal.
fn run_counts(part: &Part) -> (usize, Option<(usize, Side)>, Option<usize>, bool) {
    let runs = &part.runs;
    (runs.useful, runs.longest.map(|run| (run.points, run.side)), runs.crossings, runs.is_signal())
}

fn assert_sound(chart: &Chart, rows: usize) {
    assert_eq!(chart.points.len(), rows);
    assert_eq!(chart.parts.iter().map(|part| part.rows.len()).sum::<usize>(), rows);
    for point in &chart.points {
        if let Some(Limits { lower, lower_two, upper_two, upper }) = point.limits {
            assert!([lower, lower_two, upper_two, upper].is_sorted(), "{chart:?}");
            assert!([lower, upper].iter().all(|limit| limit.is_finite()), "{chart:?}");
        }
        assert!(!point.is_outside || point.limits.is_some() && point.value.is_some());
    }
    for part in &chart.parts {
        assert!(part.centre.is_none_or(f64::is_finite));
        assert!(part.runs.useful <= part.runs.observations);
        assert!(!part.runs.sentence(|row| row).is_empty());
    }
}

proptest! {
    #[test]
    fn any_numbers_are_drawn_or_refused(
        kind in kind(),
        options in options(),
        centre in prop::option::of(any::<f64>()),
        multiply in any::<f64>(),
        values in prop::collection::vec(anything(), 0..40),
        sizes in prop::collection::vec(anything(), 0..40),
    ) {
        let options = Options { centre, multiply: if centre.is_some() { multiply } else { 1.0 }, ..options };
        let ratios: Vec<Ratio> = values.iter().copied().zip(sizes).collect();
        let flat: Vec<f64> = values.iter().flatten().copied().collect();
        let all: [(usize, Result<Series, Refusal>); 3] = [
            (values.len(), Series::of_values(values.iter().copied())),
            (ratios.len(), Series::of_ratios(ratios.iter().copied())),
            (flat.chunks(3).len(), Series::of_subgroups(flat.chunks(3))),
        ];
        for (rows, series) in all {
            match series.and_then(|series| Chart::draw(kind, &series, &options)) {
                Ok(chart) => assert_sound(&chart, rows),
                Err(refusal) => assert!(!refusal.to_string().is_empty()),
            }
        }
    }

    #[test]
    fn counted_data_are_always_drawn(kind in kind(), options in options(), counts in counts()) {
        let series = Series::of_ratios(counts.iter().copied()).unwrap();
        let chart = Chart::draw(kind, &series, &options).unwrap();
        assert_sound(&chart, counts.len());
        if matches!(kind, Kind::Proportions | Kind::ProportionsPrime) {
            for limits in limits(&chart).into_iter().flatten() {
                prop_assert!(limits.lower >= 0.0 && limits.upper <= 1.0);
            }
        }
    }

    #[test]
    fn mirrored_data_give_a_mirrored_chart(
        kind in prop::sample::select(vec![Kind::Run, Kind::Individuals]),
        options in options(),
        values in prop_oneof![values(), coarse()],
    ) {
        let options = Options { may_be_negative: true, ..options };
        let mirrored: Vec<Option<f64>> = values.iter().map(|value| value.map(|value| -value)).collect();
        let (chart, mirrored) = (draw(kind, &values, &options), draw(kind, &mirrored, &options));
        let turned = |limits: Limits| Limits {
            lower: -limits.upper,
            lower_two: -limits.upper_two,
            upper_two: -limits.lower_two,
            upper: -limits.lower,
        };
        prop_assert_eq!(limits(&chart), limits(&mirrored).into_iter().map(|limits| limits.map(turned)).collect::<Vec<_>>());
        prop_assert_eq!(outside(&chart), outside(&mirrored));
        for (part, mirrored) in chart.parts.iter().zip(&mirrored.parts) {
            prop_assert_eq!(part.centre, mirrored.centre.map(|centre| -centre));
            let turned = |side| if side == Side::Above { Side::Below } else { Side::Above };
            let (useful, longest, crossings, is_signal) = run_counts(mirrored);
            let longest = longest.map(|(points, side)| (points, turned(side)));
            prop_assert_eq!(run_counts(part), (useful, longest, crossings, is_signal));
        }
    }

    /// By a power of two, so that no digit is lost.
    #[test]
    fn the_unit_does_not_matter(
        kind in prop::sample::select(vec![Kind::Run, Kind::Individuals, Kind::MovingRange]),
        options in options(),
        values in prop_oneof![values(), coarse()],
    ) {
        let chart = draw(kind, &values, &options);
        let scaled: Vec<Option<f64>> = values.iter().map(|value| value.map(|value| value * 8.0)).collect();
        let scaled = draw(kind, &scaled, &options);
        prop_assert_eq!(outside(&chart), outside(&scaled));
        let multiplied = draw(kind, &values, &Options { multiply: 8.0, ..options });
        prop_assert_eq!(&scaled.points, &multiplied.points);
        for (part, scaled) in chart.parts.iter().zip(&scaled.parts) {
            prop_assert_eq!(&part.runs, &scaled.runs);
            prop_assert_eq!(part.centre.map(|centre| centre * 8.0), scaled.centre);
        }
    }

    #[test]
    fn rows_after_the_baseline_do_not_move_the_lines(
        kind in kind(),
        counts in counts(),
        more in counts(),
        excluded in prop::collection::vec(0_usize..60, 0..4),
    ) {
        let short = Series::of_ratios(counts.iter().copied()).unwrap();
        let long = Series::of_ratios(counts.iter().chain(&more).copied()).unwrap();
        let options = Options { excluded, may_be_negative: true, ..Options::default() };
        let frozen = Options { freeze: Some(counts.len()), ..options.clone() };
        let (short, long) =
            (Chart::draw(kind, &short, &options).unwrap(), Chart::draw(kind, &long, &frozen).unwrap());
        for (short, long) in short.points.iter().zip(&long.points) {
            prop_assert_eq!(short, long);
        }
        if let (Some(short), Some(long)) = (short.parts.first(), long.parts.first()) {
            prop_assert_eq!(short.centre, long.centre);
        }
    }

    #[test]
    fn what_an_excluded_row_holds_does_not_move_the_lines(
        kind in prop::sample::select(vec![Kind::Run, Kind::Individuals, Kind::Rates, Kind::RatesPrime, Kind::IndividualsPrime]),
        counts in prop::collection::vec((0_u16..60, 1_u16..400), 3..40),
        row in 0_usize..40,
        other in 0_u16..5000,
    ) {
        let row = row % counts.len();
        let series = |counts: &[(u16, u16)]| {
            Series::of_ratios(counts.iter().map(|&(part, whole)| (Some(f64::from(part)), Some(f64::from(whole))))).unwrap()
        };
        let mut changed = counts.clone();
        changed[row].0 = other;
        let options = Options { excluded: vec![row + 1], ..Options::default() };
        let chart = Chart::draw(kind, &series(&counts), &options).unwrap();
        let other = Chart::draw(kind, &series(&changed), &options).unwrap();
        prop_assert_eq!(limits(&chart), limits(&other));
        prop_assert_eq!(run_counts(&chart.parts[0]), run_counts(&other.parts[0]));
        prop_assert_eq!(chart.parts[0].centre, other.parts[0].centre);
    }

    #[test]
    fn a_part_is_a_chart_of_its_own(kind in kind(), counts in counts(), at in 0_usize..50) {
        let at = at.min(counts.len());
        let series = |counts: &[Ratio]| Series::of_ratios(counts.iter().copied()).unwrap();
        let whole = Chart::draw(kind, &series(&counts), &Options { parts: vec![at], ..Options::default() }).unwrap();
        let (first, second) = counts.split_at(at);
        let of_parts = [first, second].map(|counts| Chart::draw(kind, &series(counts), &Options::default()).unwrap());
        let apart: Vec<_> = of_parts.iter().flat_map(limits).collect();
        prop_assert_eq!(limits(&whole), apart);
        let runs: Vec<_> = of_parts.iter().flat_map(|chart| chart.parts.iter().map(run_counts)).collect();
        prop_assert_eq!(whole.parts.iter().map(run_counts).collect::<Vec<_>>(), runs);
    }

    #[test]
    fn gaps_break_no_run(values in coarse()) {
        let present: Vec<Option<f64>> = values.iter().copied().filter(Option::is_some).collect();
        let counted = |values: &[Option<f64>]| draw(Kind::Run, values, &Options::default()).parts.first().map(run_counts);
        prop_assert_eq!(counted(&values).filter(|counts| counts.0 > 0), counted(&present).filter(|counts| counts.0 > 0));
    }

    #[test]
    fn a_rate_by_one_is_a_count(counts in prop::collection::vec(0_u8..30, 1..40), options in options()) {
        let values: Vec<Option<f64>> = counts.iter().map(|&count| Some(f64::from(count))).collect();
        let (count, rate) = (draw(Kind::Counts, &values, &options), draw(Kind::Rates, &values, &options));
        for (count, rate) in count.points.iter().zip(&rate.points) {
            let pairs = count.limits.zip(rate.limits).map(|(count, rate)| [(count.lower, rate.lower), (count.upper, rate.upper)]);
            prop_assert!(pairs.into_iter().flatten().all(|(count, rate)| (count - rate).abs() <= 1e-9 * count.abs()));
        }
    }

    /// I′ with sizes of one is I, but for 2/√π that I charts take as 1.128.
    #[test]
    fn a_normalised_chart_of_sizes_of_one_is_a_plain_one(values in values()) {
        let (plain, prime) = (
            draw(Kind::Individuals, &values, &Options::default()),
            draw(Kind::IndividualsPrime, &values, &Options::default()),
        );
        for (plain, prime) in plain.points.iter().zip(&prime.points) {
            if let Some((plain, prime)) = plain.limits.zip(prime.limits) {
                let width = plain.upper - plain.lower;
                prop_assert!((plain.upper - prime.upper).abs() < 0.0005 * width);
            }
        }
    }

    #[test]
    fn times_are_judged_by_their_roots(times in prop::collection::vec(0.0_f64..500.0, 2..40)) {
        let roots: Vec<Option<f64>> = times.iter().map(|time| Some(time.powf(1.0 / 3.6))).collect();
        let times: Vec<Option<f64>> = times.iter().copied().map(Some).collect();
        let (times, roots) =
            (draw(Kind::TimeBetween, &times, &Options::default()), draw(Kind::Individuals, &roots, &Options::default()));
        for (time, root) in times.points.iter().zip(&roots.points) {
            if let Some((time, root)) = time.limits.zip(root.limits) {
                prop_assert!((time.upper - root.upper.powf(3.6)).abs() <= 1e-9 * time.upper);
                prop_assert!((time.lower - root.lower.max(0.0).powf(3.6)).abs() <= 1e-9 * time.upper);
            }
        }
    }
}
