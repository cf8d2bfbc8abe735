//! A trainee's breadth on their page: settings and pathway steps, what is met, what is to come, and what the next rotation should bring.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hiec_contracts::ClusterSeen;
use hiec_kernel::Problem;
use hiec_kernel::clock::day_on_page;
use hiec_kernel::organisations::Setting;
use hiec_store::Database;
use hiec_web::components::{Cell, Column, Table, Tag, TagColour};
use maud::{Markup, html};
use serde::Serialize;
use uuid::Uuid;

use super::coverage::{self, Covered, Extent};
use super::{Experience, of_trainee};
use crate::pathways::store as pathways;
use crate::trainees::store::Trainee;

/// What is known of a trainee's breadth.
#[derive(Debug, Serialize)]
pub(crate) struct Breadth {
    pub settings: Vec<Covered<Setting>>,
    /// With the pathway and the step's name.
    pub steps: Vec<StepCovered>,
    #[serde(skip)]
    pub experiences: Vec<Experience>,
}

#[derive(Debug, Serialize)]
pub(crate) struct StepCovered {
    pub pathway: String,
    pub step: String,
    pub met: Extent,
    pub days: i64,
    /// The hosts that teach at it, for whoever looks for a gap's remedy.
    pub hosts: Vec<String>,
}

pub(crate) async fn load(
    database: &Database,
    cluster: &ClusterSeen,
    trainee: &Trainee,
    names: &BTreeMap<String, String>,
    today: NaiveDate,
) -> Result<Breadth, Problem> {
    let experiences = of_trainee(database, trainee).await?;
    let offered = coverage::settings_offered(database, trainee.programme).await?;
    let settings = coverage::covered(offered, &experiences, |one| one.setting.into_iter().collect(), today);
    let steps = pathways::of_programme(database, trainee.programme).await?;
    let covered: BTreeMap<Uuid, Covered<Uuid>> =
        coverage::covered(steps.iter().map(|step| step.id), &experiences, |one| one.steps.clone(), today)
            .into_iter()
            .map(|one| (one.what, one))
            .collect();
    let mut hosts = pathways::teaching_hosts(database, cluster.id, trainee.programme).await?;
    let steps = steps
        .into_iter()
        .filter_map(|step| {
            let one = covered.get(&step.id)?;
            let hosts = hosts.remove(&step.id).unwrap_or_default();
            let pathway = names.get(&step.pathway).cloned().unwrap_or(step.pathway);
            Some(StepCovered { pathway, step: step.name, met: one.met, days: one.days, hosts })
        })
        .collect();
    Ok(Breadth { settings, steps, experiences })
}

pub(crate) fn tag(met: Extent) -> Tag {
    Tag::new(met.label()).colour(match met {
        Extent::Met => TagColour::Green,
        Extent::Planned => TagColour::Blue,
        Extent::Missing => TagColour::Yellow,
    })
}

/// The part of a page; headings of the second level.
pub(crate) fn shown(breadth: &Breadth, cluster: &ClusterSeen) -> Markup {
    let missing: Vec<&str> =
        breadth.settings.iter().filter(|one| one.met == Extent::Missing).map(|one| one.what.label()).collect();
    let steps: Vec<&StepCovered> = breadth.steps.iter().filter(|one| one.met == Extent::Missing).collect();
    html! {
        h2 { "Breadth and depth" }
        @if missing.is_empty() && steps.is_empty() {
            p { "Every setting and pathway step that the programme offers is met or planned." }
        } @else {
            h3 { "What the next rotation should bring" }
            ul {
                @for setting in &missing { li { "A post in " (setting.to_lowercase()) } }
                @for step in &steps {
                    li {
                        (step.step) " (" (step.pathway) ")"
                        @match step.hosts.as_slice() {
                            [] => { ": nobody teaches it yet" }
                            hosts => { ", taught at " (several(hosts)) }
                        }
                    }
                }
            }
        }
        @if !breadth.settings.is_empty() {
            (Table::new("Settings of care that the programme's posts offer")
                .head([Column::new("Setting"), Column::new("Standing"), Column::numeric("Days so far")])
                .first_cell_is_header(true)
                .rows(breadth.settings.iter().map(|one| vec![
                    Cell::new(one.what.label()),
                    Cell::new(html! { (tag(one.met)) }),
                    Cell::numeric(one.days),
                ])))
        }
        @if !breadth.steps.is_empty() {
            (Table::new("Pathway steps at which outcomes of the programme are learnt")
                .head([Column::new("Step"), Column::new("Pathway"), Column::new("Standing"), Column::numeric("Days so far")])
                .first_cell_is_header(true)
                .rows(breadth.steps.iter().map(|one| vec![
                    Cell::new(one.step.as_str()),
                    Cell::new(one.pathway.as_str()),
                    Cell::new(html! { (tag(one.met)) }),
                    Cell::numeric(one.days),
                ])))
        }
        @if !breadth.experiences.is_empty() {
            (Table::new("Where this comes from")
                .head([Column::new("Experience"), Column::new("From"), Column::new("To")])
                .rows(breadth.experiences.iter().map(|one| vec![
                    match one.path.is_empty() {
                        true => Cell::new(one.words.as_str()),
                        false => Cell::link(one.words.as_str(), format!("{}/{}", cluster.path(), one.path)),
                    },
                    Cell::new(day_on_page(one.from)),
                    Cell::new(day_on_page(one.to)),
                ])))
        }
    }
}

/// The first few of many names.
fn several(names: &[String]) -> String {
    match names.len() {
        0..=3 => names.join(", "),
        many => format!("{} and {} others", names.iter().take(2).cloned().collect::<Vec<_>>().join(", "), many - 2),
    }
}
