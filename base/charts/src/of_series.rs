//! From the rows of a series to the chart that suits it: limits and rules where it is long enough, else a run chart without
//! limits that says so. All judgement is the engine's.

use chrono::{Datelike, Days, Months, NaiveDate};
use hiec_spc::xmr::{Chart, Observation, Options, Refusal};

use crate::axis::dates::Grain;
use crate::control::{Centre, ControlChart, Event, Point, When};
use crate::from_xmr::Heading;

/// Fewer values than this, and a series is a run chart without limits.
pub const FEWEST: usize = 12;

impl ControlChart {
    /// The chart of a series; with what the engine found, unless it is a run chart.
    ///
    /// # Errors
    /// What the engine refuses.
    pub fn of_series(
        rows: &[Observation],
        options: &Options,
        heading: Heading,
    ) -> Result<(Self, Option<Chart>), Refusal> {
        let values = rows.iter().filter(|row| row.value.is_some()).count();
        if values < FEWEST {
            let reading = match values {
                0 => "There are no values to show.".to_owned(),
                1 => format!("1 point: fewer than {FEWEST}, too few for limits and rules."),
                _ => format!(
                    "{values} points: fewer than {FEWEST}, too few for limits and rules. The line is the median."
                ),
            };
            return Ok((Self::of_run(rows, options, heading, reading), None));
        }
        let found = Chart::draw(rows, options)?;
        Ok((Self::of_xmr(&found, heading), Some(found)))
    }

    /// A run chart: points about their median, without limits and rules.
    #[must_use]
    pub fn of_run(rows: &[Observation], options: &Options, heading: Heading, reading: String) -> Self {
        let Heading { id, title, subtitle, source, unit, events } = heading;
        let median = median(rows.iter().filter_map(|row| row.value).collect());
        let points =
            rows.iter().map(|row| Point { centre: median, ..Point::new(When::Day(row.date), row.value) }).collect();
        Self {
            id,
            title,
            subtitle,
            source,
            unit,
            points,
            summary: reading.clone(),
            reading,
            centre: Centre::Median,
            target: options.target,
            direction: options.direction,
            events: events
                .into_iter()
                .map(|(day, words)| Event { when: When::Day(day), words, is_rebase: false })
                .collect(),
            ..Self::default()
        }
    }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() % 2 {
        _ if values.len() < 2 => None,
        1 => values.get(middle).copied(),
        _ => Some(f64::midpoint(*values.get(middle - 1)?, *values.get(middle)?)),
    }
}

/// Puts gaps where a series that is regular lacks a row: months, quarters and years of one day of the month, weeks of one
/// day of the week. Days are left alone: many series have none at weekends.
pub fn with_gaps(rows: &mut Vec<Observation>) {
    let days: Vec<NaiveDate> = rows.iter().map(|row| row.date).collect();
    let (Some(first), Some(last)) = (days.first().copied(), days.last().copied()) else { return };
    let step = |at: u32| match Grain::of(&days) {
        Grain::Day => None,
        Grain::Week => first.checked_add_days(Days::new(u64::from(at) * 7)),
        Grain::Month => first.checked_add_months(Months::new(at)),
        Grain::Quarter => first.checked_add_months(Months::new(at * 3)),
        Grain::Year => first.checked_add_months(Months::new(at * 12)),
    };
    // A day of the month that not every month has is not a regular one.
    if first.day() > 28 {
        return;
    }
    let regular: Vec<NaiveDate> = (0..).map_while(step).take_while(|day| *day <= last).take(rows.len() * 3).collect();
    let is_regular = days.iter().all(|day| regular.binary_search(day).is_ok());
    // More gaps than rows: not a series with gaps but one of another step.
    if !is_regular || regular.len() > rows.len() * 2 {
        return;
    }
    let absent = regular.into_iter().filter(|day| days.binary_search(day).is_err());
    rows.extend(absent.map(Observation::gap));
    rows.sort_by_key(|row| row.date);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(days: &[&str]) -> Vec<Observation> {
        days.iter().map(|day| Observation::new(day.parse().unwrap(), 1.0)).collect()
    }

    fn filled(days: &[&str]) -> usize {
        let mut rows = rows(days);
        with_gaps(&mut rows);
        assert!(rows.is_sorted_by_key(|row| row.date));
        rows.len() - days.len()
    }

    #[test]
    fn absent_periods_of_a_regular_series_are_gaps() {
        assert_eq!(filled(&["2019-01-01", "2019-02-01", "2019-05-01", "2019-06-01"]), 2);
        assert_eq!(filled(&["2019-01-07", "2019-01-14", "2019-01-28", "2019-02-04"]), 1);
        assert_eq!(filled(&["2014-04-01", "2015-04-01", "2017-04-01", "2018-04-01"]), 1);
    }

    #[test]
    fn irregular_series_are_left_alone() {
        assert_eq!(filled(&["2019-01-01", "2019-02-03", "2019-05-01", "2019-06-11"]), 0);
        assert_eq!(filled(&["2019-01-01", "2019-01-02", "2019-01-05"]), 0);
        assert_eq!(filled(&["2019-01-01"]), 0);
        assert_eq!(filled(&[]), 0);
    }

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median(vec![1.0]), None);
    }
}
