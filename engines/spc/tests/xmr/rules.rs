//! The four rules at their boundaries, one at a time.

use hiec_spc::xmr::{End, Options, Rule, Rules, RunLength};

use crate::series::draw;

/// A chart's flags of one rule: + high or rising, − low or falling, · none.
fn flagged(values: &[f64], rule: Rule, rules: Rules) -> String {
    let chart = draw(values, &Options { rules, ..Options::default() });
    let sign = |end| match end {
        Some(End::High) => '+',
        Some(End::Low) => '−',
        None => '·',
    };
    chart.points.iter().map(|point| sign(point.mark.unwrap().signals.end(rule))).collect()
}

const SIX: Rules = Rules { shift: RunLength::Six, trend: RunLength::Six, two_in_three: true };

#[test]
fn a_shift_is_seven_points_or_six_and_a_value_on_the_mean_breaks_it() {
    // The mean is 5.
    let six = [6.0, 7.0, 6.0, 7.0, 6.0, 7.0, 4.0, 3.0, 4.0, 3.0, 4.0, 3.0];
    assert_eq!(flagged(&six, Rule::Shift, Rules::default()), "············");
    assert_eq!(flagged(&six, Rule::Shift, SIX), "++++++−−−−−−");
    let seven = [6.0, 7.0, 6.0, 7.0, 6.0, 7.0, 6.0, 4.0, 3.0, 4.0, 3.0, 4.0, 3.0, 4.0];
    assert_eq!(flagged(&seven, Rule::Shift, Rules::default()), "+++++++−−−−−−−");
    let broken = [6.0, 7.0, 6.0, 5.0, 7.0, 6.0, 7.0, 6.0, 4.0, 3.0, 4.0, 3.0, 5.0, 4.0, 3.0, 4.0];
    assert_eq!(broken.iter().sum::<f64>(), 80.0);
    assert_eq!(flagged(&broken, Rule::Shift, Rules::default()), "················");
}

#[test]
fn a_trend_is_seven_points_or_six_and_a_tie_breaks_it() {
    let six = [5.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 2.0];
    assert_eq!(flagged(&six, Rule::Trend, Rules::default()), "········");
    assert_eq!(flagged(&six, Rule::Trend, SIX), "·++++++·");
    let seven = [5.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 2.0];
    assert_eq!(flagged(&seven, Rule::Trend, Rules::default()), "·+++++++·");
    let tied = [5.0, 1.0, 2.0, 3.0, 3.0, 4.0, 5.0, 6.0, 7.0, 2.0];
    assert_eq!(flagged(&tied, Rule::Trend, Rules::default()), "··········");
}

#[test]
fn a_peak_belongs_to_the_trend_that_follows() {
    let peak = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 6.5, 5.5, 4.5, 3.5, 2.5, 1.5];
    assert_eq!(flagged(&peak, Rule::Trend, Rules::default()), "++++++−−−−−−−");
    let to_the_end = [9.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];
    assert_eq!(flagged(&to_the_end, Rule::Trend, Rules::default()), "·+++++++");
}

/// Mean 0, average moving range 2 in the baseline, so that the limits are ±5.32 and the near limits ±3.55.
fn after_baseline(then: &[f64], rule: Rule, rules: Rules) -> String {
    let mut values: Vec<f64> = [1.0, -1.0].into_iter().cycle().take(12).collect();
    values.extend(then);
    let chart = draw(&values, &Options { rules, baseline: Some(12), ..Options::default() });
    let limits = chart.groups[0].spread.limits().unwrap();
    assert!((limits.upper - 5.32).abs() < 1e-12 && (limits.near_lower + 2.0 / 3.0 * 5.32).abs() < 1e-12);
    let end = |place: usize| chart.points[place].mark.unwrap().signals.end(rule);
    (12..values.len())
        .map(|place| match end(place) {
            Some(End::High) => '+',
            Some(End::Low) => '−',
            None => '·',
        })
        .collect()
}

#[test]
fn outside_means_beyond_the_limit_and_not_on_it() {
    let rules = Rules::default();
    assert_eq!(after_baseline(&[5.33, -5.33, 5.31, -5.31], Rule::Outside, rules), "+−··");
    // On the limit exactly: mean and average are whole, so that the limit is the double below.
    assert_eq!(after_baseline(&[2.66 * 2.0, -2.66 * 2.0], Rule::Outside, rules), "··");
}

#[test]
fn two_in_three_flags_the_near_points_when_all_three_lie_on_their_side() {
    let rules = Rules::default();
    let judged = |then: &[f64]| after_baseline(then, Rule::TwoInThree, rules);
    assert_eq!(judged(&[4.0, 1.0, 4.0]), "+·+");
    assert_eq!(judged(&[4.0, 4.0, 1.0]), "++·");
    assert_eq!(judged(&[-4.0, -1.0, -4.0]), "−·−");
    assert_eq!(judged(&[4.0, 4.0, 4.0]), "+++");
    assert_eq!(judged(&[4.0, -1.0, 4.0]), "···", "the third lies on the other side");
    assert_eq!(judged(&[4.0, 0.0, 4.0]), "···", "the third lies on the mean");
    assert_eq!(judged(&[6.0, 1.0, 4.0]), "···", "a point beyond the limit does not count");
    assert_eq!(judged(&[6.0, 4.0, 4.0]), "·++");
    assert_eq!(judged(&[4.0, 1.0, 1.0, 4.0]), "····");
    let off = Rules { two_in_three: false, ..rules };
    assert_eq!(after_baseline(&[4.0, 4.0, 4.0], Rule::TwoInThree, off), "···");
}

#[test]
fn the_first_rule_in_order_speaks_for_a_point() {
    let mut values: Vec<f64> = [1.0, -1.0].into_iter().cycle().take(12).collect();
    values.extend([1.0, 1.5, 2.0, 2.5, 3.0, 3.7, 4.0, 6.0]);
    let chart = draw(&values, &Options { baseline: Some(12), ..Options::default() });
    let label = |place: usize| chart.points[place].mark.unwrap().signal.unwrap().label(chart.options.rules);
    assert_eq!(label(19), "Above UCL");
    assert_eq!(label(18), "7 Point Trend (Increasing)");
    let names: Vec<&str> = chart.flags(18).iter().map(|flag| flag.rule.name()).collect();
    assert_eq!(names, ["trend", "two in three", "shift"]);
}

/// The average of ten moving ranges is 1, and one of them is exactly 3.267: left out, though not larger than the screen.
#[test]
fn a_moving_range_as_large_as_the_screen_is_left_out() {
    let values = [0.0, 3.267, 2.534, 3.284, 2.534, 3.284, 2.534, 3.284, 2.534, 3.284, 2.534];
    let chart = draw(&values, &Options::default());
    let working = &chart.groups[0].working;
    assert_eq!((working.average_unscreened, working.screen), (Some(1.0), Some(3.267)));
    assert_eq!(working.screened_out.len(), 1);
    assert!((working.average.unwrap() - 6.733 / 9.0).abs() < 1e-12);
}
