//! Data that hardly carry a chart: each gets an answer that makes sense, where the packages answer with no number or flag every point.

use hiec_spc::limits::{Chart, Kind, Options, Refusal, Series};

fn of_values(kind: Kind, values: &[f64], options: &Options) -> Chart {
    Chart::draw(kind, &Series::of_values(values.iter().copied().map(Some)).unwrap(), options).unwrap()
}

fn of_ratios(kind: Kind, ratios: &[(f64, f64)], options: &Options) -> Chart {
    let ratios = ratios.iter().map(|&(part, whole)| (Some(part), Some(whole)));
    Chart::draw(kind, &Series::of_ratios(ratios).unwrap(), options).unwrap()
}

fn has_limits(chart: &Chart) -> bool {
    chart.points.iter().any(|point| point.limits.is_some())
}

fn outside(chart: &Chart) -> Vec<usize> {
    chart.points.iter().enumerate().filter(|(_, point)| point.is_outside).map(|(row, _)| row + 1).collect()
}

#[test]
fn what_does_not_vary_has_no_limits_and_no_signal() {
    for kind in [Kind::Individuals, Kind::MovingRange, Kind::TimeBetween, Kind::IndividualsPrime, Kind::RatesPrime] {
        let chart = of_values(kind, &[5.0; 24], &Options::default());
        assert!(!has_limits(&chart), "{kind:?}");
        assert!(outside(&chart).is_empty() && !chart.parts[0].runs.is_signal());
    }
    // A moving range of nought, so an average of nought, and nothing that varies about it.
    assert_eq!(of_values(Kind::MovingRange, &[5.0; 24], &Options::default()).parts[0].centre, Some(0.0));
}

#[test]
fn equal_subgroups_lie_on_their_grand_mean() {
    let subgroups: Vec<&[f64]> = (1..=24).map(|size| &[4.1; 24][..size]).collect();
    let chart = Chart::draw(Kind::Means, &Series::of_subgroups(subgroups).unwrap(), &Options::default()).unwrap();
    assert_eq!((chart.parts[0].centre, chart.parts[0].runs.useful), (Some(4.1), 0));
}

#[test]
fn one_spike_among_equal_values_is_outside_and_the_others_are_not() {
    let mut values = [5.0; 24];
    values[9] = 50.0;
    // Moving ranges 45 and 45 in 23: limits from all of them, as screening would leave only noughts.
    assert_eq!(outside(&of_values(Kind::Individuals, &values, &Options::default())), [10]);
}

#[test]
fn a_single_row_no_row_and_only_gaps() {
    for kind in Kind::ALL {
        let single = of_values(kind, &[0.5], &Options::default());
        assert!(outside(&single).is_empty());
        let none = of_values(kind, &[], &Options::default());
        assert!(none.points.is_empty() && none.parts.is_empty());
        let gaps = Chart::draw(kind, &Series::of_values([None, None]).unwrap(), &Options::default()).unwrap();
        assert_eq!((gaps.points.len(), gaps.parts[0].centre, gaps.parts[0].runs.useful), (2, None, 0));
        assert!(!has_limits(&gaps));
    }
    assert_eq!(of_values(Kind::Individuals, &[0.5], &Options::default()).parts[0].centre, Some(0.5));
}

#[test]
fn a_baseline_without_a_row_leaves_the_given_centre_or_none() {
    let all = Options { excluded: (1..=4).collect(), ..Options::default() };
    let chart = of_values(Kind::Individuals, &[1.0, 2.0, 3.0, 9.0], &all);
    assert_eq!((chart.parts[0].centre, has_limits(&chart), chart.parts[0].runs.observations), (None, false, 0));
    let given = Options { centre: Some(2.0), ..all };
    assert_eq!(of_values(Kind::Individuals, &[1.0, 2.0, 3.0, 9.0], &given).parts[0].centre, Some(2.0));
    // Of counts the centre tells the limits too.
    assert!(has_limits(&of_values(Kind::Counts, &[1.0, 2.0, 3.0, 9.0], &given)));
}

#[test]
fn nothing_ever_happens_and_then_it_does() {
    let mut ratios = [(0.0, 50.0); 20];
    ratios[15] = (1.0, 50.0);
    let frozen = Options { freeze: Some(12), ..Options::default() };
    // A proportion of nought leaves no room for chance, so the first event is a signal.
    assert_eq!(outside(&of_ratios(Kind::Proportions, &ratios, &frozen)), [16]);
    // How much nought varies cannot be seen, so there are no primed limits.
    assert!(!has_limits(&of_ratios(Kind::ProportionsPrime, &ratios, &frozen)));
}

#[test]
fn a_denominator_of_nought_is_a_gap() {
    let chart = of_ratios(Kind::Proportions, &[(3.0, 10.0), (0.0, 0.0), (4.0, 10.0)], &Options::default());
    assert_eq!(chart.parts[0].centre, Some(0.35));
    assert_eq!((chart.points[1].value, chart.points[1].size, chart.points[1].limits), (None, Some(0.0), None));
    assert_eq!((chart.parts[0].runs.observations, chart.parts[0].runs.useful), (3, 2));
}

#[test]
fn times_and_cases_of_nought_are_drawn() {
    let values = [0.0, 3.0, 7.0, 0.0, 12.0, 1.0, 4.0, 2.0];
    for kind in [Kind::TimeBetween, Kind::CasesBetween] {
        let chart = of_values(kind, &values, &Options::default());
        assert!(has_limits(&chart) && outside(&chart).is_empty());
        assert_eq!(chart.points[0].limits.map(|limits| limits.lower), Some(0.0));
    }
}

#[test]
fn a_part_of_one_row_has_a_centre_and_no_limits() {
    let options = Options { parts: vec![3], ..Options::default() };
    let chart = of_values(Kind::Individuals, &[1.0, 2.0, 4.0, 9.0], &options);
    assert_eq!(chart.parts.iter().map(|part| part.rows.clone()).collect::<Vec<_>>(), [0..3, 3..4]);
    assert_eq!((chart.parts[1].centre, chart.points[3].limits), (Some(9.0), None));
    // A row that does not exist begins no part.
    let options = Options { parts: vec![0, 4, 9], freeze: Some(2), ..Options::default() };
    assert_eq!(of_values(Kind::Individuals, &[1.0, 2.0, 4.0, 9.0], &options).parts.len(), 1);
}

#[test]
fn ranges_begin_anew_in_each_part_and_after_a_gap() {
    let series = Series::of_values([Some(1.0), Some(3.0), None, Some(9.0), Some(4.0), Some(5.0)]).unwrap();
    let options = Options { parts: vec![4], ..Options::default() };
    let chart = Chart::draw(Kind::MovingRange, &series, &options).unwrap();
    let values: Vec<Option<f64>> = chart.points.iter().map(|point| point.value).collect();
    assert_eq!(values, [None, Some(2.0), None, None, None, Some(1.0)]);
}

#[test]
fn limits_are_cut_at_nought_only_where_no_value_is_below() {
    let cut = Options { may_be_negative: false, ..Options::default() };
    let lower = |values: &[f64], options: &Options| {
        of_values(Kind::Individuals, values, options).points[0].limits.map(|limits| limits.lower)
    };
    assert!(lower(&[1.0, 9.0, 2.0, 8.0], &Options::default()).is_some_and(|lower| lower < 0.0));
    assert_eq!(lower(&[1.0, 9.0, 2.0, 8.0], &cut), Some(0.0));
    assert!(lower(&[-1.0, 9.0, 2.0, 8.0], &cut).is_some_and(|lower| lower < 0.0));
}

#[test]
fn a_given_centre_is_drawn_as_it_was_given() {
    let options = Options { centre: Some(7.3), ..Options::default() };
    let values = [3.0, 8.0, 5.0, 9.0, 1.0, 12.0];
    for kind in Kind::ALL {
        let chart = match kind {
            Kind::Proportions | Kind::ProportionsPrime => continue,
            _ => of_values(kind, &values, &options),
        };
        assert_eq!(chart.parts[0].centre, Some(7.3), "{kind:?}");
    }
    for (kind, centre) in [(Kind::Proportions, 1.5), (Kind::ProportionsPrime, -0.1), (Kind::Deviations, -1.0)] {
        let options = Options { centre: Some(centre), ..Options::default() };
        let refused = Chart::draw(kind, &Series::of_values([Some(1.0)]).unwrap(), &options);
        assert_eq!(refused, Err(Refusal::CentreOutside { kind }));
    }
    // The limits of a T chart lie about it, in roots.
    let chart = of_values(Kind::TimeBetween, &values, &options);
    let limits = chart.points[0].limits.unwrap();
    let root = |time: f64| time.powf(1.0 / 3.6);
    assert!((root(limits.upper) - root(7.3) - (root(7.3) - root(limits.lower))).abs() < 1e-9);
}
