//! What a chart says in words: each sentence as a person reads or hears it.

use hiec_spc::xmr::{Chart, Direction, Observation, Options, Rules, RunLength, Unit};

use crate::series::{day, draw, month, stable};

/// Twelve months around 100 that limits are fixed on (mean 100, average moving range 8, limits 78.72 and 121.28), then more.
fn after_baseline(then: &[f64], options: Options) -> Chart {
    let mut values: Vec<f64> = [104.0, 96.0].into_iter().cycle().take(12).collect();
    values.extend(then);
    draw(&values, &Options { baseline: Some(12), ..options })
}

fn words(chart: &Chart, place: usize) -> Vec<String> {
    chart.flags(place).into_iter().map(|flag| flag.words).collect()
}

#[test]
fn every_flag_explains_itself() {
    let better_up = || Options { direction: Direction::Increase, ..Options::default() };
    let chart = after_baseline(&[101.0, 102.0, 101.0, 103.0, 102.0, 101.0, 102.0], better_up());
    assert_eq!(words(&chart, 18), ["7 points above the mean since January 2019"]);
    let chart = after_baseline(&[101.0, 102.0, 101.0, 103.0, 102.0, 101.0, 102.0, 125.0], better_up());
    assert_eq!(
        words(&chart, 19),
        ["above the upper process limit (121.3)", "8 points above the mean since January 2019"]
    );
    let chart = after_baseline(&[70.0], better_up());
    assert_eq!(words(&chart, 12), ["below the lower process limit (78.7)"]);
    let chart = after_baseline(&[115.0, 101.0, 116.0, 99.0], better_up());
    assert_eq!(words(&chart, 12), ["2 of 3 points close to the upper limit from January 2019 to March 2019"]);
    assert_eq!(words(&chart, 13), [""; 0]);
    let chart = after_baseline(&[85.0, 84.0, 85.0], better_up());
    assert_eq!(words(&chart, 14), ["3 of 3 points close to the lower limit since January 2019"]);
    let chart = after_baseline(&[101.0, 100.5, 100.0, 99.5, 99.0, 98.5, 98.0, 99.0], better_up());
    assert_eq!(words(&chart, 18), ["7 points falling from January 2019 to July 2019"]);
}

#[test]
fn a_peak_is_explained_by_the_trend_that_speaks_for_it() {
    let chart = draw(
        &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 6.5, 5.5, 4.5, 3.5, 2.5, 1.5],
        &Options { rules: Rules { shift: RunLength::Seven, ..Rules::default() }, ..Options::default() },
    );
    assert_eq!(words(&chart, 6)[0], "above the upper process limit (6.55)");
    assert_eq!(words(&chart, 6)[1], "7 points falling since July 2018");
    assert_eq!(words(&chart, 5)[0], "7 points rising from January 2018 to July 2018");
}

#[test]
fn gaps_are_not_counted_and_dates_are_those_of_values() {
    let chart = after_baseline(
        &[f64::NAN, 101.0, 102.0, 101.0, f64::NAN, 103.0, 102.0, 101.0, 102.0, f64::NAN],
        Options::default(),
    );
    assert_eq!(words(&chart, 20), ["7 points above the mean since February 2019"]);
}

#[test]
fn days_are_said_where_a_month_has_several_points() {
    let rows: Vec<Observation> = (0..20_u64)
        .map(|week| {
            let date = day("2018-05-07") + chrono::Days::new(7 * week);
            Observation::new(date, if week < 10 { 4.0 } else { 6.0 } + if week % 2 == 0 { 0.2 } else { 0.0 })
        })
        .collect();
    let chart = Chart::draw(&rows, &Options::default()).unwrap();
    assert_eq!(chart.flags(19).last().unwrap().words, "10 points above the mean since 16 July 2018");
}

#[test]
fn a_chart_sums_itself_up() {
    let plain = draw(&stable(24), &Options { direction: Direction::Increase, ..Options::default() });
    assert_eq!(
        plain.summary(),
        "24 points from January 2018 to December 2019, mean 50.0 and process limits 43.6 to 56.4; the last point, \
         47.8, shows common cause variation."
    );
    let concern = after_baseline(&[101.0, 70.0], Options { direction: Direction::Increase, ..Options::default() });
    assert_eq!(
        concern.summary(),
        "14 points from January 2018 to February 2019, mean 100.0 and process limits 78.7 to 121.3; the last point, \
         70, shows special cause concern: below the lower process limit (78.7)."
    );
    let rebased = draw(&stable(36), &Options { rebases: vec![month(20)], ..Options::default() });
    assert!(rebased.summary().contains(" since the rebase in September 2019; the last point"), "{}", rebased.summary());
}

#[test]
fn assurance_is_a_sentence() {
    let said = |target, direction| {
        let options = Options { target: Some(target), direction, ..Options::default() };
        after_baseline(&[100.0], options).assurance_words().unwrap()
    };
    assert_eq!(
        said(130.0, Direction::Increase),
        "The target of 130 will not be met without a change in the process: it lies above the limits."
    );
    assert_eq!(
        said(70.5, Direction::Increase),
        "The target of 70.5 will be met as long as the process stays as it is: it lies below the limits."
    );
    assert_eq!(
        said(130.0, Direction::Decrease),
        "The target of 130 will be met as long as the process stays as it is: it lies above the limits."
    );
    assert_eq!(
        said(110.0, Direction::Decrease),
        "The target of 110 will be met at some times and missed at others, by chance: it lies within the limits."
    );
    assert_eq!(
        said(110.0, Direction::Neutral),
        "The target of 110 is not judged: the measure has no better direction."
    );
    assert_eq!(after_baseline(&[100.0], Options::default()).assurance_words(), None);
}

#[test]
fn parts_of_one_are_said_as_per_cent() {
    let values: Vec<f64> = stable(24).into_iter().map(|value| 0.8 + value / 1000.0).collect();
    let options =
        Options { unit: Unit::Fraction, target: Some(0.95), direction: Direction::Increase, ..Options::default() };
    let chart = draw(&values, &options);
    assert_eq!(
        chart.assurance_words().unwrap(),
        "The target of 95% will not be met without a change in the process: it lies above the limits."
    );
    assert!(chart.summary().contains("mean 85.00% and process limits 84.36% to 85.64%"), "{}", chart.summary());
}

#[test]
fn large_numbers_are_grouped_and_negative_ones_have_a_minus() {
    let values: Vec<f64> = stable(24).into_iter().map(|value| value * -1e6).collect();
    let summary = draw(&values, &Options::default()).summary();
    assert!(summary.contains("the last point, −47,800,000, "), "{summary}");
}

#[test]
fn the_working_shows_what_was_used_and_what_was_left_out() {
    let mut values = stable(24);
    let chart = draw(&values, &Options::default());
    assert_eq!(
        chart.working(&chart.groups[0]),
        "Mean of 24 points from January 2018 to December 2019: 50.0. Average of 23 moving ranges: 2.42, none of 7.9 \
         (3.267 × 2.42) or more. Limits: 50.0 ± 2.66 × 2.42 = 43.6 and 56.4. hiec-xmr-1: shift of 7, trend of 7, two in \
         three, moving ranges screened."
    );
    values[12] = 90.0;
    let chart = draw(&values, &Options::default());
    let working = chart.working(&chart.groups[0]);
    assert!(working.contains("Average of 21 moving ranges: "), "{working}");
    assert!(working.contains(", without 2 of "), "{working}");
    assert!(working.contains("(January 2019), ") && working.contains("(February 2019)."), "{working}");
    let out = &chart.groups[0].working.screened_out;
    assert_eq!(out.iter().map(|range| range.date).collect::<Vec<_>>(), [month(12), month(13)]);
}
