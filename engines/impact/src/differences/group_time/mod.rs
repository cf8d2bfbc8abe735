//! Effects by time of start and time of outcome, for starts that differ; it must never compare with a unit already treated.
//!
//! Callaway and Sant'Anna, *Difference-in-differences with multiple time periods*, Journal of Econometrics 2021, without
//! covariates. Units that start together are a cohort. Its effect at a time is what changed there since just before its
//! start, beyond what changed at comparators over the same time. Before the start the same is a check: it should be nought.

mod aggregate;

use alloc::vec::Vec;

pub use aggregate::Aggregate;

use super::NoEstimate;
use crate::panel::{Panel, Unit};

/// Whom cohorts are compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparators {
    /// Units that are never treated.
    NeverTreated,
    /// Those, and units not treated yet at either time compared.
    NotYetTreated,
}

/// How the comparison is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    pub comparators: Comparators,
    /// For how many periods before its start a unit may already change because of it.
    pub anticipation: usize,
}

/// Every effect that can be told.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupTime {
    pub cells: Vec<Cell>,
    cohorts: Vec<Cohort>,
    /// Which units count as treated when errors are made, by their place in the panel.
    treated: Vec<bool>,
}

/// The effect on one cohort at one time.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// When the cohort started.
    pub start: f64,
    /// When the outcome was seen.
    pub time: f64,
    /// How many of the panel's periods after the start; negative before.
    pub event: i64,
    pub effect: f64,
    /// None with fewer than two units on a side.
    pub error: Option<f64>,
    /// How many units of the cohort, and how many comparators, had both outcomes.
    pub treated: usize,
    pub comparators: usize,
    cohort: usize,
    /// How much each unit moves the effect: its place in the panel, and its share.
    influence: Vec<(usize, f64)>,
}

/// Units that start together, by their place in the panel.
#[derive(Debug, Clone, PartialEq)]
struct Cohort {
    start: usize,
    members: Vec<usize>,
}

/// Effects of every cohort at every time but the panel's first.
///
/// Cohorts without a time before their start are left out, as are times at which nobody can be compared.
///
/// # Errors
/// Nothing that can be compared.
pub fn group_time(panel: &Panel, settings: Settings) -> Result<GroupTime, NoEstimate> {
    let cohorts = cohorts(panel);
    if panel.treated().next().is_none() {
        return Err(NoEstimate::NoTreated);
    }
    if cohorts.is_empty() {
        return Err(NoEstimate::NoAfter);
    }
    let mut cells = Vec::new();
    for (at, cohort) in cohorts.iter().enumerate() {
        // The last time that is surely untouched by the start.
        let Some(last) = cohort.start.checked_sub(settings.anticipation + 1) else { continue };
        for time in 1..panel.periods().len() {
            let base = if time > last { last } else { time - 1 };
            cells.extend(cell(panel, settings, (at, cohort), base, time));
        }
    }
    if cells.iter().any(|cell| !cell.effect.is_finite()) {
        return Err(NoEstimate::NotFinite);
    }
    match cells.iter().any(|cell| cell.event >= 0) {
        true => Ok(GroupTime { cells, cohorts, treated: panel.units().iter().map(|unit| unit.treated).collect() }),
        false if cohorts.iter().all(|cohort| cohort.start <= settings.anticipation) => Err(NoEstimate::NoBefore),
        false => Err(NoEstimate::NoComparators),
    }
}

fn cohorts(panel: &Panel) -> Vec<Cohort> {
    let mut cohorts: Vec<Cohort> = Vec::new();
    for (place, unit) in panel.units().iter().enumerate() {
        let Some(start) = unit.start.filter(|_| unit.treated) else { continue };
        match cohorts.iter_mut().find(|cohort| cohort.start == start) {
            Some(cohort) => cohort.members.push(place),
            None => cohorts.push(Cohort { start, members: Vec::from([place]) }),
        }
    }
    cohorts.sort_by_key(|cohort| cohort.start);
    cohorts
}

fn cell(panel: &Panel, settings: Settings, (at, cohort): (usize, &Cohort), base: usize, time: usize) -> Option<Cell> {
    let change = |unit: &Unit| Some(unit.outcome(time)? - unit.outcome(base)?);
    let compares = |unit: &Unit| match unit.treated.then_some(unit.start) {
        None => true,
        Some(_) if settings.comparators == Comparators::NeverTreated => false,
        Some(None) => true,
        Some(Some(start)) => start != cohort.start && start > time.max(base) + settings.anticipation,
    };
    let members = cohort.members.iter().map(|&place| (place, &panel.units()[place]));
    let treated = Changes::of(members.filter_map(|(place, unit)| Some((place, change(unit)?))))?;
    let units = panel.units().iter().enumerate().filter(|(_, unit)| compares(unit));
    let comparators = Changes::of(units.filter_map(|(place, unit)| Some((place, change(unit)?))))?;
    let influence = treated.influence(1.0).chain(comparators.influence(-1.0)).collect();
    let variance = treated.variance().zip(comparators.variance()).map(|(a, b)| a + b);
    Some(Cell {
        start: panel.periods()[cohort.start],
        time: panel.periods()[time],
        event: time as i64 - cohort.start as i64,
        effect: treated.mean - comparators.mean,
        error: variance.map(libm::sqrt).filter(|error| error.is_finite()),
        treated: treated.of_units.len(),
        comparators: comparators.of_units.len(),
        cohort: at,
        influence,
    })
}

/// Changes of units, and their mean.
struct Changes {
    of_units: Vec<(usize, f64)>,
    mean: f64,
}

impl Changes {
    fn of(changes: impl Iterator<Item = (usize, f64)>) -> Option<Self> {
        let of_units: Vec<(usize, f64)> = changes.collect();
        let mean = of_units.iter().map(|(_, change)| change).sum::<f64>() / of_units.len() as f64;
        (!of_units.is_empty()).then_some(Self { of_units, mean })
    }

    fn influence(&self, sign: f64) -> impl Iterator<Item = (usize, f64)> {
        let n = self.of_units.len() as f64;
        self.of_units.iter().map(move |(place, change)| (*place, sign * (change - self.mean) / n))
    }

    /// Of the mean: none of one unit, which shows no spread.
    fn variance(&self) -> Option<f64> {
        let n = self.of_units.len() as f64;
        let squares: f64 = self.influence(1.0).map(|(_, share)| share * share).sum();
        (self.of_units.len() > 1).then(|| squares * n / (n - 1.0))
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::String;

    use super::*;
    use crate::chance::Seeded;
    use crate::differences::two_way;
    use crate::panel::Observation;

    const NEVER: Settings = Settings { comparators: Comparators::NeverTreated, anticipation: 0 };
    const NOT_YET: Settings = Settings { comparators: Comparators::NotYetTreated, anticipation: 0 };

    /// Units as start (nought for never) and outcomes at times 0, 1, 2, …
    fn panel(units: &[(usize, &[f64])]) -> Panel {
        let names: Vec<String> = (0..units.len()).map(|unit| format!("u{unit}")).collect();
        let rows: Vec<Observation<'_>> = units
            .iter()
            .zip(&names)
            .flat_map(|(&(start, ys), unit)| {
                ys.iter().enumerate().map(move |(t, &y)| Observation {
                    unit,
                    t: t as f64,
                    y: y.is_finite().then_some(y),
                    treated: start > 0,
                    after: start > 0 && t >= start,
                })
            })
            .collect();
        Panel::new(&rows).unwrap()
    }

    fn effect(found: &GroupTime, start: f64, time: f64) -> Option<f64> {
        found.cells.iter().find(|cell| cell.start == start && cell.time == time).map(|cell| cell.effect)
    }

    #[test]
    fn two_cohorts_by_hand() {
        let panel = panel(&[
            (2, &[1.0, 2.0, 9.0, 11.0]),
            (3, &[3.0, 4.0, 6.0, 20.0]),
            (0, &[0.0, 1.0, 2.0, 3.0]),
            (0, &[5.0, 6.0, 8.0, 9.0]),
        ]);
        let never = group_time(&panel, NEVER).unwrap();
        // From time 1 to 2 the first changes by 7, comparators by 1 and 2.
        assert_eq!(effect(&never, 2.0, 2.0), Some(5.5));
        assert_eq!(effect(&never, 2.0, 3.0), Some(9.0 - 2.5));
        assert_eq!(effect(&never, 3.0, 3.0), Some(14.0 - 1.0));
        assert_eq!(effect(&never, 3.0, 2.0), Some(2.0 - 1.5), "before the start: from the time before");
        let not_yet = group_time(&panel, NOT_YET).unwrap();
        // At time 2 the second is not treated yet and changes by 2.
        assert_eq!(effect(&not_yet, 2.0, 2.0), Some(7.0 - 5.0 / 3.0));
        assert_eq!(effect(&not_yet, 2.0, 3.0), Some(9.0 - 2.5));
        let overall = never.overall().unwrap();
        assert!((overall.effect - (5.5 + 6.5 + 13.0) / 3.0).abs() < 1e-12);
        let events: Vec<i64> = never.by_event().iter().map(|(event, _)| *event).collect();
        assert_eq!(events, [-2, -1, 0, 1]);
        assert_eq!(never.by_event()[2].1.effect, (5.5 + 13.0) / 2.0);
        assert_eq!(never.by_time()[1].1.effect, (6.5 + 13.0) / 2.0);
        assert_eq!(never.by_start()[0].1.effect, 6.0);
        assert_eq!(never.cells.iter().filter(|cell| cell.error.is_some()).count(), 0, "one unit shows no spread");
        assert!(overall.error.is_some(), "two do, each with its own start");
    }

    #[test]
    fn anticipation_moves_the_base_back() {
        let panel = panel(&[(2, &[1.0, 4.0, 9.0]), (0, &[0.0, 0.0, 1.0])]);
        let found = group_time(&panel, Settings { anticipation: 1, ..NEVER }).unwrap();
        assert_eq!(effect(&found, 2.0, 2.0), Some(8.0 - 1.0));
        assert_eq!(effect(&found, 2.0, 1.0), Some(3.0));
    }

    #[test]
    fn gaps_are_left_out_and_what_cannot_be_compared_is_refused() {
        let gap = f64::NAN;
        let found =
            group_time(&panel(&[(1, &[1.0, 5.0]), (1, &[1.0, gap]), (0, &[0.0, 1.0]), (0, &[gap, 1.0])]), NEVER)
                .unwrap();
        assert_eq!((found.cells[0].effect, found.cells[0].treated, found.cells[0].comparators), (3.0, 1, 1));
        let refusal = |units: &[(usize, &[f64])]| group_time(&panel(units), NEVER).err();
        assert_eq!(refusal(&[(1, &[1.0, 5.0])]), Some(NoEstimate::NoComparators));
        assert_eq!(refusal(&[(0, &[1.0, 5.0])]), Some(NoEstimate::NoTreated));
        assert_eq!(refusal(&[(7, &[1.0, 5.0]), (0, &[1.0, 5.0])]), Some(NoEstimate::NoAfter));
        // Treated from the first time on: no time before.
        let always = Panel::new(&[
            Observation { unit: "a", t: 0.0, y: Some(1.0), treated: true, after: true },
            Observation { unit: "a", t: 1.0, y: Some(2.0), treated: true, after: true },
            Observation { unit: "b", t: 0.0, y: Some(1.0), treated: false, after: false },
            Observation { unit: "b", t: 1.0, y: Some(1.0), treated: false, after: false },
        ]);
        assert_eq!(group_time(&always.unwrap(), NEVER).err(), Some(NoEstimate::NoBefore));
    }

    /// Something like the normal distribution, from twelve even draws.
    fn noise(chance: &mut Seeded) -> f64 {
        (0..12).map(|_| chance.below(1 << 30) as f64 / f64::from(1 << 30)).sum::<f64>() - 6.0
    }

    #[test]
    fn starts_that_differ_and_effects_that_grow_are_covered_where_two_way_effects_are_not() {
        let mut chance = Seeded::new(11);
        let (mut covered, mut mean, mut two_way_mean, runs) = (0, 0.0, 0.0, 300);
        for _ in 0..runs {
            let mut units: Vec<(usize, Vec<f64>)> = Vec::new();
            for unit in 0..40 {
                let start = [2, 4, 6, 0][unit % 4];
                let own = 3.0 * noise(&mut chance);
                let outcome = |t: usize| {
                    let effect = if start > 0 && t >= start { 2.0 * (t - start + 1) as f64 } else { 0.0 };
                    own + 0.5 * t as f64 + effect
                };
                units.push((start, (0..8).map(|t| outcome(t) + noise(&mut chance)).collect()));
            }
            let views: Vec<(usize, &[f64])> = units.iter().map(|(start, ys)| (*start, ys.as_slice())).collect();
            let panel = panel(&views);
            let first =
                group_time(&panel, NOT_YET).unwrap().by_event().into_iter().find(|(event, _)| *event == 1).unwrap().1;
            let interval = first.interval(0.95).unwrap();
            covered += usize::from(interval.low <= 4.0 && interval.high >= 4.0);
            mean += first.effect / f64::from(runs);
            two_way_mean += two_way(&panel).unwrap().effect / f64::from(runs);
        }
        assert!((mean - 4.0).abs() < 0.1, "{mean}");
        let covered = f64::from(u32::try_from(covered).unwrap()) / f64::from(runs);
        assert!((0.92..=0.99).contains(&covered), "{covered}");
        // The mean effect over all treated times is above 6; effects for unit and period alone come nowhere near.
        assert!(two_way_mean < 5.0, "{two_way_mean}");
    }

    #[test]
    fn several_intervals_together_are_wider_than_one_and_hold_together() {
        let mut chance = Seeded::new(5);
        let (mut held, runs) = (0, 200);
        for _ in 0..runs {
            let units: Vec<(usize, Vec<f64>)> = (0..40)
                .map(|unit| (if unit < 20 { 3 } else { 0 }, (0..7).map(|_| noise(&mut chance)).collect()))
                .collect();
            let views: Vec<(usize, &[f64])> = units.iter().map(|(start, ys)| (*start, ys.as_slice())).collect();
            let found = group_time(&panel(&views), NEVER).unwrap();
            let events = found.by_event();
            let aggregates: Vec<&Aggregate> = events.iter().map(|(_, aggregate)| aggregate).collect();
            let width = GroupTime::width_together(&aggregates, 0.95, 400, 1).unwrap();
            assert!(width > 2.1 && width < 3.5, "{width}");
            held += usize::from(aggregates.iter().all(|a| a.effect.abs() <= width * a.error.unwrap()));
        }
        assert!((180..=198).contains(&held), "{held} of {runs}");
    }
}
