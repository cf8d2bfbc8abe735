//! `/clusters/{cluster}/practices/found`: sites that do better than expected and keep it, found in the figures of a measure. It finds where to go and look, never why.

use std::collections::BTreeMap;

use axum::extract::Query;
use chrono::NaiveDate;
use hiec_compare::Confidence;
use hiec_compare::interval::wilson;
use hiec_kernel::clock::london_date;
use hiec_web::components::own::EmptyState;
use hiec_web::components::{Button, Cell, Column, Table};
use hiec_web::{Answer, Errors, Loaded, Page};
use maud::html;
use serde::{Deserialize, Serialize};

use super::practices_store::Practices;
use crate::ground;
use crate::measures::reading::{self, MeasureLine, Series, Site};
use crate::measures::rules::Aim;

/// How many of the newest periods are looked at, and how many of them a site must have figures for.
const PERIODS: usize = 12;
const FEWEST: usize = 8;

/// A site that does better than the others together, and has for most of the time.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Deviant {
    pub site: Site,
    /// Its share over the periods, in per cent, and that of all others.
    pub value: f64,
    pub others: f64,
    /// In so many of so many periods it did better than the others.
    pub better: usize,
    pub periods: usize,
}

/// The sites whose share lies beyond chance on the better side of all others together, and was better in three of four periods.
pub fn deviants(series: &[Series], aim: Aim) -> Vec<Deviant> {
    let is_better = |one: f64, other: f64| match aim {
        Aim::Up => one > other,
        Aim::Down => one < other,
        Aim::Neither => false,
    };
    let mut totals: BTreeMap<NaiveDate, (f64, f64)> = BTreeMap::new();
    for point in series.iter().flat_map(|one| &one.points) {
        let total = totals.entry(point.period).or_default();
        total.0 += point.numerator;
        total.1 += point.denominator.unwrap_or(0.0);
    }
    let window: Vec<NaiveDate> = totals.keys().rev().take(PERIODS).copied().collect();
    let mut found: Vec<Deviant> = series
        .iter()
        .filter_map(|one| {
            let site = one.site.clone()?;
            let (mut own, mut all, mut better, mut periods) = ((0.0, 0.0), (0.0, 0.0), 0, 0);
            for point in one.points.iter().filter(|point| window.contains(&point.period)) {
                let denominator = point.denominator.filter(|cases| *cases > 0.0)?;
                let total = totals.get(&point.period).copied().unwrap_or_default();
                let others = (total.0 - point.numerator, total.1 - denominator);
                periods += 1;
                better += usize::from(others.1 > 0.0 && is_better(point.numerator / denominator, others.0 / others.1));
                own = (own.0 + point.numerator, own.1 + denominator);
                all = (all.0 + others.0, all.1 + others.1);
            }
            let others = (all.1 > 0.0).then(|| all.0 / all.1)?;
            let interval = wilson(own.0, own.1, Confidence::P95)?;
            let is_beyond_chance = is_better(interval.lower, others) && is_better(interval.upper, others);
            let is_kept = periods >= FEWEST && better * 4 >= periods * 3;
            (is_beyond_chance && is_kept).then(|| Deviant {
                site,
                value: own.0 / own.1 * 100.0,
                others: others * 100.0,
                better,
                periods,
            })
        })
        .collect();
    found.sort_by(|one, other| one.site.name.cmp(&other.site.name));
    found
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// The key of a measure.
    measure: String,
}

#[derive(Serialize)]
struct Shown {
    measure: Option<String>,
    found: Vec<Deviant>,
}

pub async fn get(door: Loaded<Practices>, Query(asked): Query<Asked>) -> Answer {
    let cluster = &door.cluster;
    let database = door.database();
    // A share has a part and a whole at every site, so that sites of any size can be compared.
    let measures: Vec<MeasureLine> = reading::measures_of(&database, cluster.id)
        .await?
        .into_iter()
        .filter(|measure| measure.unit == "%" && measure.aim != Aim::Neither)
        .collect();
    let chosen = measures.iter().find(|measure| measure.key == asked.measure).or(measures.first());
    let found = match chosen {
        Some(measure) => {
            deviants(&reading::by_site(&database, measure.id, london_date(door.now())).await?, measure.aim)
        }
        None => vec![],
    };
    let options = measures.iter().map(|measure| (measure.key.clone(), measure.title.clone()));
    let percent = |value: f64| hiec_charts::Unit::Percent.figure(value, 1);
    let rows = found.iter().map(|one| {
        let result = chosen.map_or_else(String::new, |measure| {
            format!(
                "{}: {} over the last {} periods, where all others had {}",
                measure.title,
                percent(one.value),
                one.periods,
                percent(one.others)
            )
        });
        let query = [("site", one.site.id.to_string()), ("where_found", one.site.name.clone()), ("result", result)];
        let address = address_part(&query);
        vec![
            Cell::new(one.site.name.as_str()),
            Cell::numeric(percent(one.value)),
            Cell::numeric(percent(one.others)),
            Cell::numeric(format!("{} of {}", one.better, one.periods)),
            Cell::link("Write up what they do", format!("{}/practices/new?{address}", cluster.path())),
        ]
    });
    let view = html! {
        h1 { span.nhsuk-caption-xl { (cluster.short_name) } "Better than expected" }
        p { "Sites whose share over the last " (PERIODS) " periods lies beyond chance (95%) on the better side of all others together, and was better in at least three of four periods. One site in forty is found by chance alone: go and look before anything is written up." }
        @if let Some(measure) = chosen {
            form method="get" action={ (cluster.path()) "/practices/found" } {
                (ground::choice("measure", "Measure", options, &measure.key, &Errors::none()))
                (Button::new("Look").secondary())
            }
            h2 { (measure.title) }
            @if found.is_empty() {
                (EmptyState::new("No site does better than expected for long enough. That is an answer too."))
            } @else {
                (Table::new("Sites to go and look at")
                    .head([Column::new("Site"), Column::numeric("Its share"), Column::numeric("All others"), Column::numeric("Better in"), Column::new("Next")])
                    .first_cell_is_header(true)
                    .rows(rows))
            }
        } @else {
            (EmptyState::new("There is no measure yet that is a share with a better side: define one first.").action("Measures", format!("{}/measures", cluster.path())))
        }
    };
    let shown = Shown { measure: chosen.map(|measure| measure.key.clone()), found: found.clone() };
    Ok(ground::under(Page::new("Better than expected", view).data(&shown)?, cluster)
        .under(format!("{}/practices", cluster.path()), "Practices")
        .into())
}

/// Fields as a part of an address.
fn address_part(fields: &[(&str, String)]) -> String {
    let escaped = |text: &str| -> String {
        text.bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
                byte => format!("%{byte:02X}"),
            })
            .collect()
    };
    fields.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use hiec_kernel::OrganisationId;
    use uuid::Uuid;

    use super::*;
    use crate::measures::reading::Point;

    /// A site with a hundred births a month and so many of them by caesarean section.
    fn site(nth: u128, sections: impl Fn(u32) -> f64) -> Series {
        let points = (0..12_u32).map(|month| Point {
            period: NaiveDate::from_ymd_opt(2010, month + 1, 1).unwrap(),
            numerator: sections(month),
            denominator: Some(100.0),
            value: sections(month),
        });
        let site = Site { id: OrganisationId(Uuid::from_u128(nth)), name: format!("Hospital {nth:02}") };
        Series { site: Some(site), points: points.collect(), ..Series::default() }
    }

    #[test]
    fn only_who_is_better_beyond_chance_and_for_long_is_found() {
        let mut all: Vec<Series> = (1..=5).map(|nth| site(nth, |month| 25.0 + f64::from(month % 2))).collect();
        all.push(site(6, |_| 19.0));
        // Much better for three months and no better since.
        all.push(site(7, |month| if month < 3 { 2.0 } else { 26.0 }));
        let found = deviants(&all, Aim::Down);
        assert_eq!(found.iter().map(|one| one.site.name.as_str()).collect::<Vec<_>>(), ["Hospital 06"]);
        assert_eq!((found[0].better, found[0].periods, found[0].value), (12, 12, 19.0));
        assert!(deviants(&all, Aim::Up).is_empty());
        assert!(deviants(&all, Aim::Neither).is_empty());
    }

    #[test]
    fn an_address_holds_any_name() {
        let fields = [("where_found", "Ward & Co: 10%".to_owned())];
        assert_eq!(address_part(&fields), "where_found=Ward%20%26%20Co%3A%2010%25");
    }
}
