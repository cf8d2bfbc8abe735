//! The figures a plan is held against, read from a pasted table or from series, and what the planned design finds in them. It knows no web and no SQL.

use chrono::{Datelike, NaiveDate};
use hiec_files::table::{Limits, read};
use hiec_impact::differences::group_time::{Comparators, Settings};
use hiec_impact::interrupted::{Interrupted, Point};
use hiec_impact::panel::{Observation, Panel};
use hiec_impact::plan::Analysis;
use hiec_impact::verdict::{Finding, Verdict, of_differences, of_series, of_staggered, of_synthetic};
use serde::{Deserialize, Serialize};

use super::plan::{Design, Draft, Frozen, large, month_number};

/// What the series of all sites together is called in a plan.
pub const ALL_SITES: &str = "All sites together";

/// One site's value of one period.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Figure {
    pub unit: String,
    /// The period's first day.
    pub period: NaiveDate,
    pub value: f64,
}

/// Reads a table with the columns unit, period (a day) and value.
pub fn read_figures(text: &str) -> Result<Vec<Figure>, Vec<String>> {
    let limits = Limits::default();
    let sheet = read("figures.csv", text.trim().as_bytes(), &limits).map_err(|error| vec![error.to_string()])?;
    sheet.expect_columns(&["unit", "period", "value"], &[]).map_err(|error| vec![error.to_string()])?;
    let (mut figures, mut wrong) = (Vec::new(), Vec::new());
    for record in sheet.records() {
        let unit = record.require("unit");
        let period = record.require("period").and_then(|typed| {
            NaiveDate::parse_from_str(typed, "%Y-%m-%d")
                .map_err(|_| record.error("period", "Write the first day of the period, such as 2010-12-01."))
        });
        let value = record.require("value").and_then(|typed| match typed.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(value),
            _ => Err(record.error("value", "Write a number, such as 48.5.")),
        });
        match (unit, period, value) {
            (Ok(unit), Ok(period), Ok(value)) => figures.push(Figure { unit: unit.to_owned(), period, value }),
            (unit, period, value) => {
                wrong.extend(
                    unit.err().into_iter().chain(period.err()).chain(value.err()).map(|error| error.to_string()),
                );
            }
        }
        if wrong.len() >= 20 {
            break;
        }
    }
    match (wrong.is_empty(), figures.is_empty()) {
        (true, true) => Err(vec!["The table has no rows".into()]),
        (true, false) => Ok(figures),
        (false, _) => Err(wrong),
    }
}

/// The figures as a table again: what a result keeps beside it.
pub fn written(figures: &[Figure]) -> String {
    let mut table = hiec_files::table::Table::with_columns("figures", [("unit", ""), ("period", ""), ("value", "")]);
    for figure in figures {
        table.push([figure.unit.as_str().into(), figure.period.into(), figure.value.to_string().into()]);
    }
    table.to_csv()
}

/// An estimate and its range.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Range {
    pub estimate: f64,
    pub low: f64,
    pub high: f64,
}

impl From<hiec_impact::interval::Interval> for Range {
    fn from(interval: hiec_impact::interval::Interval) -> Self {
        Self { estimate: interval.estimate, low: interval.low, high: interval.high }
    }
}

/// What was found.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Found {
    /// In plain words.
    pub words: String,
    /// Whether the design can tell.
    pub is_told: bool,
    /// What changed at the treated.
    pub change: Option<f64>,
    pub effect: Option<Range>,
    /// The attributable share of the change, where it is told.
    pub share: Option<Range>,
    /// The share that would have come anyway.
    pub deadweight: Option<Range>,
    /// What speaks against it, or why it cannot tell.
    pub doubts: Vec<String>,
    /// Where the analysis departs from the plan.
    pub departures: Vec<String>,
    /// Means by period: treated, comparators.
    pub means: Vec<(NaiveDate, Option<f64>, Option<f64>)>,
}

/// Compared with those that have not begun yet too; nobody changes before the day.
const SETTINGS: Settings = Settings { comparators: Comparators::NotYetTreated, anticipation: 0 };

/// Finds what the planned design says of these figures. Who is treated and what counts as after comes from the plan alone.
pub fn find(plan: &Frozen, figures: &[Figure]) -> Result<Found, String> {
    let draft = &plan.draft;
    let start = month_number(draft.first_period);
    let named = |figure: &&Figure| draft.treated.contains(&figure.unit) || draft.comparators.contains(&figure.unit);
    let planned: Vec<&Figure> = figures.iter().filter(named).collect();
    if !planned.iter().any(|figure| draft.treated.contains(&figure.unit)) {
        return Err(format!(
            "The figures have no row of {}: name the sites as the plan does",
            draft.treated.join(", ")
        ));
    }
    let (finding, analysis) = match draft.design {
        Design::Series => {
            let unit = draft.treated.first().cloned().unwrap_or_default();
            let points = planned.iter().map(|figure| Point {
                t: period_number(figure.period),
                y: figure.value,
                denominator: None,
            });
            let series = Interrupted::new(points.collect(), start).map_err(|reason| large(&reason.to_string()))?;
            let finding = of_series(&series, series.model(), &Draft::bar());
            (finding, Analysis::of_series(draft.outcome.clone(), unit, &series, Draft::bar()))
        }
        Design::Differences | Design::Control | Design::Staggered => {
            let observations: Vec<Observation<'_>> = planned
                .iter()
                .map(|figure| Observation {
                    unit: &figure.unit,
                    t: period_number(figure.period),
                    y: Some(figure.value),
                    treated: draft.treated.contains(&figure.unit),
                    after: draft.is_after(&figure.unit, figure.period),
                })
                .collect();
            let panel = Panel::new(&observations).map_err(|misfit| large(&misfit.reason.to_string()))?;
            let finding = match draft.design {
                Design::Control => of_synthetic(&panel, &Draft::bar()),
                Design::Staggered => of_staggered(&panel, SETTINGS, &Draft::bar()),
                _ => of_differences(&panel, &Draft::bar()),
            };
            let design = draft.design.engine();
            (finding, Analysis::of_panel(draft.outcome.clone(), design, &panel, Draft::bar()))
        }
    };
    let mut departures: Vec<String> =
        plan.engine().departures(&analysis).iter().map(|one| large(&one.to_string())).collect();
    let others = figures.len() - planned.len();
    if others > 0 {
        departures.push(format!("{others} rows of sites the plan does not name were not used"));
    }
    Ok(found(&finding, draft, departures, &planned))
}

fn found(finding: &Finding, draft: &Draft, departures: Vec<String>, planned: &[&Figure]) -> Found {
    let (is_told, share) = match finding.verdict() {
        Verdict::Told { share, .. } => (true, share),
        Verdict::CannotTell { .. } => (false, None),
    };
    Found {
        words: finding.words(&draft.outcome),
        is_told,
        change: finding.change,
        effect: finding.effect.map(Range::from),
        share: share.map(Range::from),
        deadweight: finding.deadweight().map(Range::from),
        doubts: finding.doubts.iter().map(|doubt| large(&doubt.to_string())).collect(),
        departures,
        means: means(draft, planned),
    }
}

/// Days within a month count, so that weeks stand apart.
fn period_number(day: NaiveDate) -> f64 {
    month_number(day) + f64::from(day.day0()) / 31.0
}

fn means(draft: &Draft, planned: &[&Figure]) -> Vec<(NaiveDate, Option<f64>, Option<f64>)> {
    let mut periods: Vec<NaiveDate> = planned.iter().map(|figure| figure.period).collect();
    periods.sort_unstable();
    periods.dedup();
    let mean = |period: NaiveDate, units: &[String]| {
        let values: Vec<f64> = planned
            .iter()
            .filter(|figure| figure.period == period && units.contains(&figure.unit))
            .map(|figure| figure.value)
            .collect();
        let count = u32::try_from(values.len()).map_or(0.0, f64::from);
        (count > 0.0).then(|| values.iter().sum::<f64>() / count)
    };
    periods.into_iter().map(|period| (period, mean(period, &draft.treated), mean(period, &draft.comparators))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, 1).unwrap()
    }

    fn plan(design: Design, treated: &[&str], comparators: &[&str]) -> Frozen {
        let names = |units: &[&str]| units.iter().map(|unit| (*unit).to_owned()).collect();
        let draft = Draft {
            title: "T".into(),
            what: "W".into(),
            outcome: "the share".into(),
            measure: None,
            design,
            treated: names(treated),
            comparators: names(comparators),
            start: day(2011, 1),
            first_period: day(2011, 1),
            starts: std::collections::BTreeMap::new(),
        };
        let on = NaiveDate::from_ymd_opt(2010, 12, 1).unwrap();
        draft.freeze(on, on).unwrap()
    }

    /// Twelve months before and after; treated units rise by `effect`.
    fn panel(treated: usize, others: usize, effect: f64) -> Vec<Figure> {
        let mut figures = Vec::new();
        for unit in 0..treated + others {
            for month in 0..24_u32 {
                let noise = f64::from((month * 7 + u32::try_from(unit).unwrap() * 5) % 6) * 0.2;
                let after = month >= 12 && unit < treated;
                figures.push(Figure {
                    unit: format!("U{unit}"),
                    period: day(2010 + i32::try_from(month / 12).unwrap(), month % 12 + 1),
                    value: 50.0 + noise + if after { effect } else { 0.0 },
                });
            }
        }
        figures
    }

    #[test]
    fn an_effect_is_told_with_its_share_and_nothing_is_not() {
        let units: Vec<String> = (0..20).map(|unit| format!("U{unit}")).collect();
        let names: Vec<&str> = units.iter().map(String::as_str).collect();
        let plan = plan(Design::Differences, &names[..8], &names[8..]);
        let told = find(&plan, &panel(8, 12, 6.0)).unwrap();
        assert!(told.is_told, "{}", told.words);
        let effect = told.effect.unwrap();
        assert!((5.0..7.0).contains(&effect.estimate) && effect.low > 0.0, "{effect:?}");
        assert_eq!(told.departures, Vec::<String>::new());
        let nothing = find(&plan, &panel(8, 12, 0.0)).unwrap();
        assert!(!nothing.is_told);
        assert!(nothing.words.starts_with("This design cannot tell what would have happened to the share anyway."));
    }

    #[test]
    fn sites_that_begin_at_different_times_are_never_compared_with_those_that_have_begun() {
        let names: Vec<String> = (0..20).map(|unit| format!("U{unit}")).collect();
        let starts: std::collections::BTreeMap<String, NaiveDate> =
            (0..12).map(|unit| (names[unit].clone(), if unit < 6 { day(2010, 7) } else { day(2011, 1) })).collect();
        let draft = Draft {
            design: Design::Staggered,
            treated: names[..12].to_vec(),
            comparators: names[12..].to_vec(),
            start: day(2010, 7),
            first_period: day(2010, 7),
            starts: starts.clone(),
            ..plan(Design::Differences, &["U0"], &["U19"]).draft
        };
        let on = NaiveDate::from_ymd_opt(2010, 6, 1).unwrap();
        let plan = draft.freeze(on, on).unwrap();
        // The effect grows by one each month after a site's own start, and everybody rises by a tenth a month.
        let mut figures = panel(0, 20, 0.0);
        for (nth, figure) in figures.iter_mut().enumerate() {
            let month = nth % 24;
            figure.value += f64::from(u32::try_from(month).unwrap()) * 0.1;
            if let Some(start) = starts.get(&figure.unit) {
                let since = (month_number(figure.period) - month_number(*start)).round();
                figure.value += if since >= 0.0 { since + 1.0 } else { 0.0 };
            }
        }
        let found = find(&plan, &figures).unwrap();
        assert!(found.is_told, "{}", found.words);
        // Eighteen months of six sites and twelve of six: means 9.5 and 6.5, weighed by months.
        let effect = found.effect.unwrap().estimate;
        assert!((effect - (9.5 * 18.0 + 6.5 * 12.0) / 30.0).abs() < 0.6, "{effect}");
        assert_eq!(found.departures, Vec::<String>::new());
    }

    #[test]
    fn departures_from_the_plan_are_said() {
        let plan = plan(Design::Differences, &["U0", "U1", "U9"], &["U2", "U3", "U4"]);
        let found = find(&plan, &panel(2, 5, 6.0)).unwrap();
        assert!(
            found.departures.iter().any(|one| one == "Planned as treated and left out: U9"),
            "{:?}",
            found.departures
        );
        assert!(found.departures.iter().any(|one| one.starts_with("48 rows of sites the plan does not name")));
    }

    #[test]
    fn a_table_is_read_whole_or_not_at_all() {
        let read = read_figures("unit,period,value\nA,2010-12-01,48.5\nB,2011-01-01,50").unwrap();
        assert_eq!(read.len(), 2);
        assert_eq!(read_figures(&written(&read)).unwrap(), read);
        let wrong = read_figures("unit,period,value\nA,December,48.5\n,2011-01-01,many").unwrap_err();
        assert_eq!(wrong.len(), 3, "{wrong:?}");
        assert!(read_figures("site;value\nA;3").is_err());
    }
}
