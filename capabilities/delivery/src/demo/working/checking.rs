//! A check of the method on real figures: trusts of which nothing is known but their code are said to be treated on a day on which nothing began. An honest design finds nothing.

use hiec_contracts::demonstration::{EMERGENCY, Period};
use hiec_contracts::{ClusterSeen, ClustersPort};
use hiec_kernel::Problem;
use hiec_kernel::clock::{FixedClock, london_date};
use hiec_web::AppState;

use super::{Stage, day};
use crate::impact::actions;
use crate::impact::plan::{Design, Draft};
use crate::impact::store;
use crate::measures::reading::measures_of;

const TITLE: &str = "A check of the method: nothing began in October 2017";

async fn departments(state: &AppState) -> Result<Option<ClusterSeen>, Problem> {
    Ok(state.service::<ClustersPort>()?.0.by_key(&state.database(), EMERGENCY).await?)
}

/// Writes and freezes the plan, before the day on which nothing begins.
pub(super) async fn plan(state: &AppState, clock: &FixedClock) -> Result<(), Problem> {
    let Some(cluster) = departments(state).await? else { return Ok(()) };
    let stage = Stage { state, clock, cluster: &cluster };
    // NHS trusts, in the order of their codes; every tenth is drawn, every third of the others is compared with.
    let mut trusts: Vec<String> = cluster
        .partners
        .iter()
        .filter(|partner| partner.organisation.ods_code.as_deref().is_some_and(|code| code.starts_with('R')))
        .map(|partner| partner.organisation.name.clone())
        .collect();
    trusts.sort();
    let (treated, others): (Vec<_>, Vec<_>) = trusts.into_iter().enumerate().partition(|(nth, _)| nth % 10 == 3);
    let draft = Draft {
        title: TITLE.into(),
        what: "Nothing. Every tenth trust by its code is said to be treated; a design that finds an effect here finds what is not there.".into(),
        outcome: "the share of patients seen within four hours".into(),
        measure: None,
        design: Design::Differences,
        treated: treated.into_iter().map(|(_, name)| name).collect(),
        comparators: others.into_iter().filter(|(nth, _)| nth % 3 == 0).map(|(_, name)| name).collect(),
        start: day("2017-10-01"),
        first_period: day("2017-10-01"),
        starts: std::collections::BTreeMap::new(),
    };
    let mut unit = stage.begin("ed-director", day("2017-09-04")).await?;
    let written = actions::write(&mut unit, cluster.id, draft, false).await?;
    actions::freeze(&mut unit, &written).await?;
    Ok(unit.commit().await?)
}

/// Finds what the design says, from the published figures.
pub(super) async fn conclude(state: &AppState, clock: &FixedClock) -> Result<(), Problem> {
    let Some(cluster) = departments(state).await? else { return Ok(()) };
    let database = state.database();
    let plans = store::of_cluster(&database, cluster.id).await?;
    let measures = measures_of(&database, cluster.id).await?;
    let plan = plans.iter().find(|plan| plan.says().title == TITLE);
    let measure = measures.iter().find(|measure| measure.key == "four-hour-performance");
    let (Some(plan), Some(measure)) = (plan, measure) else { return Ok(()) };
    let on = london_date(Period::Emergency.moment());
    let figures = actions::measured(&database, plan.says(), measure.id, on).await?;
    let stage = Stage { state, clock, cluster: &cluster };
    let mut unit = stage.begin("ed-director", day("2019-04-15")).await?;
    actions::find(&mut unit, plan, &figures, false).await?;
    Ok(unit.commit().await?)
}
