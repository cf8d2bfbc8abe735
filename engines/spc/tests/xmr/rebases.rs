//! Where limits begin anew, and what is said of a rebase date that no row has.

use hiec_spc::xmr::{End, Notice, Observation, Options};

use crate::series::{day, draw, month, monthly, stable};

fn rebased(dates: &[&str]) -> Options {
    Options { rebases: dates.iter().map(|date| day(date)).collect(), ..Options::default() }
}

/// Number, first and last place, rebase date of each group.
fn groups(values: &[f64], options: &Options) -> Vec<(usize, usize, usize, Option<String>)> {
    let chart = draw(values, options);
    for (place, group) in chart.groups.iter().enumerate() {
        assert!(chart.points[group.points.clone()].iter().all(|point| point.group == place));
    }
    let groups = chart.groups.iter();
    groups
        .map(|group| {
            (group.number, group.points.start, group.points.end - 1, group.rebase.map(|date| date.to_string()))
        })
        .collect()
}

fn notices(values: &[f64], options: &Options) -> Vec<String> {
    let notices = draw(values, options).notices.into_iter();
    notices.filter(|notice| !matches!(notice, Notice::ShortGroup { .. })).map(|notice| notice.to_string()).collect()
}

#[test]
fn limits_begin_anew_at_each_date_whatever_their_order() {
    let options = rebased(&["2019-07-01", "2018-07-01", "2019-07-01"]);
    let wanted =
        [(0, 0, 5, None), (1, 6, 17, Some("2018-07-01".to_owned())), (2, 18, 23, Some("2019-07-01".to_owned()))];
    assert_eq!(groups(&stable(24), &options), wanted);
    assert_eq!(notices(&stable(24), &options), [""; 0]);
}

#[test]
fn a_date_without_a_row_applies_to_the_next_value_and_says_so() {
    let options = rebased(&["2018-06-15"]);
    assert_eq!(groups(&stable(24), &options)[1], (1, 6, 23, Some("2018-06-15".to_owned())));
    assert_eq!(
        notices(&stable(24), &options),
        ["No value has the date 15 June 2018: that rebase applies from 1 July 2018."]
    );
}

#[test]
fn a_gap_on_the_date_belongs_to_the_new_group() {
    let mut values = stable(24);
    values[6] = f64::NAN;
    let options = rebased(&["2018-07-01"]);
    assert_eq!(groups(&values, &options)[1], (1, 6, 23, Some("2018-07-01".to_owned())));
    assert_eq!(draw(&values, &options).groups[1].from, month(7));
    assert_eq!(
        notices(&values, &options),
        [
            "No value has the date 1 July 2018: that rebase applies from 1 August 2018.",
            "1 row without a value: shown as a gap."
        ]
    );
}

#[test]
fn a_date_on_or_before_the_first_value_leaves_no_group_nought() {
    assert_eq!(groups(&stable(14), &rebased(&["2018-01-01"])), [(1, 0, 13, Some("2018-01-01".to_owned()))]);
    assert_eq!(notices(&stable(14), &rebased(&["2018-01-01"])), [""; 0]);
    assert_eq!(groups(&stable(14), &rebased(&["2017-01-01"])), [(1, 0, 13, Some("2017-01-01".to_owned()))]);
    assert_eq!(
        notices(&stable(14), &rebased(&["2017-01-01"])),
        ["No value has the date 1 January 2017: that rebase applies from 1 January 2018."]
    );
}

#[test]
fn a_date_after_the_last_value_changes_nothing_and_says_so() {
    assert_eq!(groups(&stable(14), &rebased(&["2030-01-01"])), [(0, 0, 13, None)]);
    assert_eq!(
        notices(&stable(14), &rebased(&["2030-01-01"])),
        ["No value follows 1 January 2030: that rebase changes nothing yet."]
    );
}

#[test]
fn two_dates_that_meet_at_one_value_count_as_one() {
    let options = rebased(&["2018-06-10", "2018-06-20", "2018-12-01"]);
    let groups = groups(&stable(24), &options);
    assert_eq!(groups.iter().map(|group| (group.0, group.1)).collect::<Vec<_>>(), [(0, 0), (1, 6), (2, 11)]);
    assert_eq!(
        notices(&stable(24), &options)[2],
        "The rebases of 10 June 2018 and 20 June 2018 both apply from 1 July 2018, as one."
    );
}

#[test]
fn a_run_never_crosses_a_rebase() {
    // Twelve points above the mean, between stretches below it; cut after six of them, no part of the run is long enough.
    let mut values: Vec<f64> = stable(12).iter().map(|value| value - 5.0).collect();
    values.extend([60.5, 60.1, 60.7, 60.2, 60.3, 60.1, 60.6, 60.2, 60.4, 60.7, 60.15, 60.35]);
    values.extend(stable(12).iter().map(|value| value - 5.0));
    let shifted = |options: &Options| {
        let points = draw(&values, options).points.into_iter();
        points.filter(|point| point.mark.unwrap().signals.shift == Some(End::High)).count()
    };
    assert_eq!(shifted(&Options::default()), 12);
    assert_eq!(shifted(&rebased(&["2019-07-01"])), 0);
}

#[test]
fn each_group_has_its_own_fixed_baseline() {
    let options = Options { baseline: Some(5), ..rebased(&["2018-07-01"]) };
    let chart = draw(&stable(18), &options);
    let baseline: Vec<usize> = (0..18).filter(|&place| chart.points[place].mark.unwrap().in_baseline).collect();
    assert_eq!(baseline, [0, 1, 2, 3, 4, 6, 7, 8, 9, 10]);
    let mean = stable(18)[6..11].iter().sum::<f64>() / 5.0;
    assert!((chart.groups[1].mean - mean).abs() < 1e-12);
}

#[test]
fn rows_may_come_in_any_order() {
    let mut rows = monthly(&stable(24));
    let sorted = hiec_spc::xmr::Chart::draw(&rows, &rebased(&["2018-07-01"])).unwrap();
    rows.sort_by_key(|row: &Observation| (row.value.map(f64::to_bits), row.date));
    assert_eq!(hiec_spc::xmr::Chart::draw(&rows, &rebased(&["2018-07-01"])).unwrap(), sorted);
}
