//! What must be true of any series: limits are numbers, flags do not depend on the unit, a mirrored series has mirrored flags.

use hiec_spc::xmr::{
    Chart, Direction, End, Observation, Options, PointKind, Rule, Rules, RunLength, Signals, Variation,
};
use proptest::prelude::*;

use crate::series::{draw, month};

/// Values that are hardly ever equal, with now and then a gap.
fn values() -> impl Strategy<Value = Vec<f64>> {
    let value = prop_oneof![20 => -100.0..100.0, 2 => -1000.0..1000.0, 1 => Just(f64::NAN)];
    prop::collection::vec(value, 0..60)
}

/// Few whole numbers, so that ties, values on the mean and constant stretches are common.
fn coarse_values() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(prop_oneof![10 => (0..4_i8).prop_map(f64::from), 1 => Just(f64::NAN)], 0..60)
}

fn options() -> impl Strategy<Value = Options> {
    let direction = prop::sample::select(vec![Direction::Increase, Direction::Decrease, Direction::Neutral]);
    let length = || prop::sample::select(vec![RunLength::Six, RunLength::Seven]);
    let rebases = prop::collection::vec(0_usize..70, 0..3);
    let choices = (direction, length(), length(), any::<bool>(), any::<bool>());
    (choices, prop::option::of(2_usize..20), prop::option::of(-50.0..50.0), rebases).prop_map(
        |((direction, shift, trend, two_in_three, screening), baseline, target, rebases)| Options {
            direction,
            target,
            rebases: rebases.into_iter().map(month).collect(),
            baseline,
            screening,
            rules: Rules { shift, trend, two_in_three },
            ..Options::default()
        },
    )
}

fn flags(chart: &Chart) -> Vec<Option<Signals>> {
    chart.points.iter().map(|point| point.mark.map(|mark| mark.signals)).collect()
}

fn turned(end: Option<End>) -> Option<End> {
    end.map(|end| if end == End::High { End::Low } else { End::High })
}

fn mirrored(signals: Signals) -> Signals {
    Signals {
        outside: turned(signals.outside),
        trend: turned(signals.trend),
        two_in_three: turned(signals.two_in_three),
        shift: turned(signals.shift),
    }
}

fn opposite(direction: Direction) -> Direction {
    match direction {
        Direction::Increase => Direction::Decrease,
        Direction::Decrease => Direction::Increase,
        Direction::Neutral => Direction::Neutral,
    }
}

/// Everything that can be asked of a chart, and what must hold of any.
fn assert_sound(chart: &Chart) {
    for group in &chart.groups {
        assert!(group.mean.is_finite() && group.count > 0);
        if let Some(limits) = group.spread.limits() {
            assert!(limits.lower.is_finite() && limits.upper.is_finite());
            assert!(limits.lower <= limits.near_lower && limits.near_lower <= group.mean);
            assert!(group.mean <= limits.near_upper && limits.near_upper <= limits.upper);
        }
        let working = &group.working;
        assert!(working.screened_out.len() < working.moving_ranges.max(1));
        assert!(!chart.working(group).contains("NaN"));
    }
    for (place, point) in chart.points.iter().enumerate() {
        let flags = chart.flags(place);
        let broken: Vec<Rule> = Rule::ALL
            .into_iter()
            .filter(|&rule| point.mark.is_some_and(|mark| mark.signals.end(rule).is_some()))
            .collect();
        assert_eq!(flags.iter().map(|flag| flag.rule).collect::<Vec<_>>(), broken, "each flag has its words");
        assert!(flags.iter().all(|flag| !flag.words.is_empty() && !flag.words.contains("NaN")));
        if let Some(mark) = point.mark {
            assert_eq!(mark.signal.map(|signal| signal.rule), broken.first().copied());
            assert_eq!(mark.kind == PointKind::CommonCause, mark.signal.is_none());
        }
    }
    let (summary, assurance) = (chart.summary(), chart.assurance_words().unwrap_or_default());
    assert!(summary.ends_with('.') && !summary.contains("NaN") && !assurance.contains("NaN"), "{summary} {assurance}");
    assert_eq!(chart.assurance.is_some(), {
        let has_limits = chart.groups.last().is_some_and(|group| group.spread.limits().is_some());
        has_limits && chart.options.target.is_some() && chart.options.direction != Direction::Neutral
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_series_makes_a_sound_chart(values in values(), options in options()) {
        assert_sound(&draw(&values, &options));
    }

    #[test]
    fn a_series_of_few_whole_numbers_makes_a_sound_chart(values in coarse_values(), options in options()) {
        assert_sound(&draw(&values, &options));
    }

    /// Any double at all, and any order of days: a sound chart, or a refusal in words.
    #[test]
    fn any_floats_are_drawn_or_refused(
        rows in prop::collection::vec((0_usize..200, prop::option::of(prop::num::f64::ANY)), 0..40),
        target in prop::option::of(prop::num::f64::ANY),
        options in options(),
    ) {
        let rows: Vec<Observation> = rows.into_iter().map(|(at, value)| Observation { date: month(at), value }).collect();
        match Chart::draw(&rows, &Options { target, ..options }) {
            Ok(chart) => assert_sound(&chart),
            Err(refusal) => prop_assert!(!refusal.to_string().is_empty()),
        }
    }

    /// The unit of a measure is no property of its process. Powers of two change no digit, so that all must be the same.
    #[test]
    fn scaling_changes_no_flag(values in coarse_values(), options in options(), power in -30_i32..30) {
        let scale = 2_f64.powi(power);
        let scaled: Vec<f64> = values.iter().map(|value| value * scale).collect();
        let (chart, other) = (draw(&values, &options), draw(&scaled, &options));
        prop_assert_eq!(flags(&chart), flags(&other));
        for (group, scaled) in chart.groups.iter().zip(&other.groups) {
            let upper = |spread: hiec_spc::xmr::Spread| spread.limits().map(|limits| limits.upper);
            prop_assert_eq!(upper(group.spread).map(|upper| upper * scale), upper(scaled.spread));
        }
    }

    #[test]
    fn adding_a_constant_changes_no_flag(values in values(), options in options(), constant in -500.0..500.0) {
        let moved: Vec<f64> = values.iter().map(|value| value + constant).collect();
        prop_assert_eq!(flags(&draw(&values, &options)), flags(&draw(&moved, &options)));
    }

    #[test]
    fn a_mirrored_series_has_mirrored_flags_and_the_same_verdict(values in coarse_values(), options in options()) {
        let mirror = Options { direction: opposite(options.direction), target: options.target.map(|t| -t), ..options.clone() };
        let chart = draw(&values, &options);
        let other = draw(&values.iter().map(|value| -value).collect::<Vec<_>>(), &mirror);
        let wanted: Vec<Option<Signals>> = flags(&chart).into_iter().map(|flags| flags.map(mirrored)).collect();
        prop_assert_eq!(wanted, flags(&other));
        prop_assert_eq!(chart.assurance, other.assurance);
        if options.direction != Direction::Neutral {
            prop_assert_eq!(chart.variation.map(Variation::kind), other.variation.map(Variation::kind));
        }
    }

    /// A gap breaks no run: without the gaps, everything is the same.
    #[test]
    fn gaps_change_no_mark(values in coarse_values(), options in options()) {
        let chart = draw(&values, &options);
        let rows: Vec<Observation> = crate::series::monthly(&values).into_iter().filter(|row| row.value.is_some()).collect();
        let without = Chart::draw(&rows, &options).unwrap();
        let marks = |chart: &Chart| chart.points.iter().filter_map(|point| point.mark).collect::<Vec<_>>();
        prop_assert_eq!(marks(&chart), marks(&without));
        prop_assert_eq!((chart.variation, chart.assurance), (without.variation, without.assurance));
    }
}
