//! Data that limits can hardly be drawn of: an answer that makes sense, and never a limit that is no number.

use hiec_spc::xmr::{Assurance, Chart, Direction, Notice, Observation, Options, Refusal, Spread, Variation};

use crate::series::{draw, month, monthly, stable};

fn with_target(target: f64, direction: Direction) -> Options {
    Options { target: Some(target), direction, ..Options::default() }
}

#[test]
fn no_rows_make_an_empty_chart() {
    let chart = Chart::draw(&[], &with_target(5.0, Direction::Increase)).unwrap();
    assert!(chart.points.is_empty() && chart.groups.is_empty() && chart.notices.is_empty());
    assert_eq!((chart.variation, chart.assurance, chart.last()), (None, None, None));
    assert_eq!(chart.summary(), "There are no values to show.");
    assert_eq!(chart.assurance_words(), None);
}

#[test]
fn rows_without_any_value_are_all_gaps() {
    let options = Options { rebases: vec![month(1)], ..Options::default() };
    let chart = draw(&[f64::NAN, f64::NAN], &options);
    assert_eq!(chart.points.len(), 2);
    assert!(chart.groups.is_empty());
    assert_eq!(chart.notices, [Notice::Gaps { rows: 2 }]);
    assert_eq!(chart.flags(0), []);
}

#[test]
fn one_point_has_a_mean_and_no_limits() {
    let chart = draw(&[7.0], &with_target(5.0, Direction::Increase));
    assert_eq!((chart.groups[0].mean, chart.groups[0].spread), (7.0, Spread::TooFew));
    assert_eq!((chart.variation, chart.assurance), (None, None));
    assert_eq!(chart.notices, [Notice::TooFew { from: month(0) }]);
    assert_eq!(chart.summary(), "1 point, 7 in January 2018: too few to draw limits.");
    assert_eq!(
        chart.assurance_words().unwrap(),
        "The target of 5 cannot be judged: there are too few points to draw limits."
    );
}

#[test]
fn two_points_have_trial_limits() {
    let chart = draw(&[4.0, 6.0], &Options::default());
    let limits = chart.groups[0].spread.limits().unwrap();
    assert!((limits.upper - (5.0 + 2.66 * 2.0)).abs() < 1e-12 && (limits.lower - (5.0 - 2.66 * 2.0)).abs() < 1e-12);
    assert_eq!(chart.variation, Some(Variation::CommonCause));
    assert_eq!(chart.notices, [Notice::ShortGroup { from: month(0), points: 2 }]);
}

#[test]
fn equal_values_have_no_variation_and_no_icons() {
    // Tenths are no exact doubles: their mean must still be found equal to each of them.
    for value in [0.0, 0.1, 0.7, 100.0, -1e-300, 1e150] {
        for screening in [true, false] {
            let options = Options { screening, ..with_target(5.0, Direction::Increase) };
            let chart = draw(&[value; 15], &options);
            assert_eq!((chart.groups[0].mean, chart.groups[0].spread), (value, Spread::NoVariation));
            assert_eq!((chart.variation, chart.assurance), (None, None));
            assert!(chart.points.iter().all(|point| point.mark.unwrap().signal.is_none()));
            assert_eq!(chart.notices, [Notice::NoVariation { from: month(0) }]);
        }
    }
}

#[test]
fn a_target_is_said_to_be_met_or_not_by_values_that_do_not_vary() {
    let words = |target, direction| draw(&[100.0; 15], &with_target(target, direction)).assurance_words().unwrap();
    assert_eq!(
        words(95.0, Direction::Increase),
        "The target of 95 is met by 100, from which nothing varies; without variation no more can be said."
    );
    assert!(words(101.0, Direction::Increase).starts_with("The target of 101 is not met by 100,"));
    assert!(words(95.0, Direction::Decrease).starts_with("The target of 95 is not met by 100,"));
}

#[test]
fn one_spike_among_equal_values_undoes_the_screening() {
    let mut values = [0.0; 15];
    values[14] = 4.0;
    let chart = draw(&values, &Options::default());
    let group = &chart.groups[0];
    assert!(group.working.is_screening_undone && group.working.screened_out.is_empty());
    assert!((group.spread.limits().unwrap().upper - 1.026_666_666_666_67).abs() < 1e-12);
    assert!(chart.notices.contains(&Notice::ScreeningUndone { from: month(0) }));
    assert_eq!(chart.variation, Some(Variation::NeutralHigh));
}

#[test]
fn a_constant_baseline_leaves_shift_and_trend_to_judge_what_follows() {
    let mut values = vec![3.0; 12];
    values.extend([4.0, 5.0, 4.0, 5.0, 4.0, 5.0, 4.0]);
    let options = Options { baseline: Some(12), direction: Direction::Decrease, ..Options::default() };
    let chart = draw(&values, &options);
    assert_eq!(chart.groups[0].spread, Spread::NoVariation);
    assert_eq!(chart.variation, Some(Variation::ConcernHigh));
    assert_eq!(chart.flags(18)[0].words, "7 points above the mean since January 2019");
    values.pop();
    assert_eq!(draw(&values, &options).variation, None, "six points are no shift, and no icon without limits");
}

#[test]
fn a_last_group_of_one_point_has_no_icon() {
    let options = Options { rebases: vec![month(20)], ..with_target(50.0, Direction::Increase) };
    let chart = draw(&stable(21), &options);
    assert_eq!(chart.groups.len(), 2);
    assert_eq!((chart.variation, chart.assurance), (None, None));
    assert_eq!(
        chart.summary(),
        "21 points from January 2018 to September 2019, one point since the rebase in September 2019, too few to \
         draw limits; the last point, 49.5, cannot be judged."
    );
}

#[test]
fn gaps_change_no_flag_and_no_limit() {
    let values = stable(30);
    let whole = draw(&values, &Options::default());
    let (mut with_gaps, mut places) = (Vec::new(), Vec::new());
    for (place, value) in values.iter().enumerate() {
        if place % 4 == 2 {
            with_gaps.push(f64::NAN);
        }
        places.push(with_gaps.len());
        with_gaps.push(*value);
    }
    let chart = draw(&with_gaps, &Options::default());
    assert_eq!(chart.points.len(), with_gaps.len());
    assert_eq!(chart.groups[0].spread, whole.groups[0].spread);
    for (point, &place) in whole.points.iter().zip(&places) {
        assert_eq!(point.mark, chart.points[place].mark);
    }
    assert!(chart.notices.contains(&Notice::Gaps { rows: with_gaps.len() - values.len() }));
}

#[test]
fn what_no_chart_can_show_is_refused_with_its_day() {
    let refused = |value: f64| {
        let mut rows = monthly(&stable(14));
        rows[3].value = Some(value);
        Chart::draw(&rows, &Options::default()).unwrap_err()
    };
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, -1.1e150] {
        assert_eq!(refused(value), Refusal::Value { date: month(3) });
    }
    assert_eq!(
        refused(f64::NAN).to_string(),
        "the value of 1 April 2018 is not a number a chart can show (at most 1e150 in size)"
    );
    let twice = [Observation::new(month(1), 1.0), Observation::new(month(0), 2.0), Observation::gap(month(1))];
    assert_eq!(Chart::draw(&twice, &Options::default()), Err(Refusal::SameDate { date: month(1) }));
    let target = with_target(f64::NAN, Direction::Increase);
    assert_eq!(Chart::draw(&[], &target), Err(Refusal::Target));
    let baseline = Options { baseline: Some(1), ..Options::default() };
    assert_eq!(Chart::draw(&[], &baseline), Err(Refusal::Baseline { points: 1 }));
}

#[test]
fn a_target_on_a_limit_is_inconsistent() {
    let limits = draw(&[4.0, 6.0], &Options::default()).groups[0].spread.limits().unwrap();
    for target in [limits.lower, limits.upper] {
        for direction in [Direction::Increase, Direction::Decrease] {
            assert_eq!(draw(&[4.0, 6.0], &with_target(target, direction)).assurance, Some(Assurance::Inconsistent));
        }
    }
}
