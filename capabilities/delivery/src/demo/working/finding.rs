//! What would have happened anyway, and what industry asked, in the demonstration. The plan, the months of the audit and the trials are illustrative.

use hiec_contracts::demonstration::{HOSPITALS, Period, hospital};
use hiec_kernel::Problem;

use super::{Stage, day};
use crate::impact::actions;
use crate::impact::figures::ALL_SITES;
use crate::impact::plan::{Design, Draft};
use crate::impact::store::{self, StoredPlan};
use crate::impact::worth::Lines;
use crate::measures::reading::measures_of;
use crate::trials::actions::{self as trials, NewTrial};
use crate::trials::answers::Feasibility;

const TITLE: &str = "Sites share their figures of non-invasive ventilation";

pub(super) async fn live_until(stage: &Stage<'_>, period: Period) -> Result<(), Problem> {
    match period {
        Period::Founding | Period::FirstYear | Period::Emergency => Ok(()),
        Period::AnnualMeeting => {
            freeze(stage).await?;
            ask(stage).await
        }
        Period::SecondYear => answer(stage).await,
        Period::Closing => find(stage).await,
    }
}

async fn plan(stage: &Stage<'_>) -> Result<StoredPlan, Problem> {
    let all = store::of_cluster(&stage.state.database(), stage.cluster.id).await?;
    all.into_iter().find(|plan| plan.says().title == TITLE).ok_or_else(Problem::not_found)
}

async fn freeze(stage: &Stage<'_>) -> Result<(), Problem> {
    let mut unit = stage.begin("facilitator", day("2010-11-08")).await?;
    let measures = measures_of(&unit, stage.cluster.id).await?;
    let draft = Draft {
        title: TITLE.into(),
        what: "From December 2010 the seven sites of the Lung Improvement Pilots see each other's figures every month."
            .into(),
        outcome: "the share of patients on non-invasive ventilation within three hours".into(),
        measure: measures.iter().find(|measure| measure.key == "niv-three-hours").map(|measure| measure.id),
        design: Design::Series,
        treated: vec![ALL_SITES.into()],
        comparators: vec![],
        start: day("2010-12-01"),
        first_period: day("2010-12-01"),
        starts: std::collections::BTreeMap::new(),
    };
    actions::write(&mut unit, stage.cluster.id, draft, true).await?;
    unit.commit().await?;
    let written = plan(stage).await?;
    let mut unit = stage.begin("director", day("2010-11-15")).await?;
    actions::freeze(&mut unit, &written).await?;
    Ok(unit.commit().await?)
}

async fn find(stage: &Stage<'_>) -> Result<(), Problem> {
    let frozen = plan(stage).await?;
    let on = day("2011-10-31");
    let says = frozen.says();
    let figures = match says.measure {
        Some(measure) => actions::measured(&stage.state.database(), says, measure, on).await?,
        None => return Ok(()),
    };
    let mut unit = stage.begin("facilitator", on).await?;
    actions::find(&mut unit, &frozen, &figures, true).await?;
    unit.commit().await?;
    let mut unit = stage.begin("director", day("2011-11-14")).await?;
    let lines = Lines {
        costs: "A tenth of a facilitator for 18 months | 9000 | public | payroll\nTime of the sites' nurses | 4000/6000/9000 | other | judged by the sites".into(),
        benefits: "Patients on ventilation in time beyond those who would have been anyway | 0/0/4 | 1500 | 0 | 0 | 1 | the audit shows no improvement; the upper end is the largest it leaves room for, by judgement".into(),
        sooner: String::new(),
    };
    actions::say_worth(&mut unit, &frozen, &lines, true).await?;
    Ok(unit.commit().await?)
}

async fn ask(stage: &Stage<'_>) -> Result<(), Problem> {
    for (title, company, question, wanted, on, by) in [
        (
            "Self-management of COPD after discharge",
            "Illustrative Pharma Ltd",
            "Which hospitals could recruit patients within four weeks of discharge after an exacerbation?",
            120,
            "2010-12-06",
            "2011-04-29",
        ),
        (
            "A device that reminds of inhalers",
            "Illustrative Devices plc",
            "Which sites see children with asthma who miss doses, and could try a device for six months?",
            40,
            "2011-02-14",
            "2011-05-31",
        ),
    ] {
        let mut unit = stage.begin("facilitator", day(on)).await?;
        let new = NewTrial {
            title: title.into(),
            company: company.into(),
            question: question.into(),
            wanted,
            asked_on: day(on),
            answer_by: day(by),
            is_illustrative: true,
        };
        trials::ask(&mut unit, stage.cluster.id, new).await?;
        unit.commit().await?;
    }
    Ok(())
}

async fn answer(stage: &Stage<'_>) -> Result<(), Problem> {
    let known = crate::trials::store::of_cluster(&stage.state.database(), stage.cluster.id).await?;
    let trial = known.iter().find(|trial| trial.title.starts_with("Self-management")).ok_or_else(Problem::not_found)?;
    let hospitals = stage.sites(hospital, HOSPITALS);
    let could = |patients, note: &str| Feasibility::Could { patients, from: day("2011-06-01"), note: note.into() };
    let no = |why: &str| Feasibility::CouldNot { why: why.into() };
    let answers = [
        (0, "2011-03-14", could(30, "A research nurse is in post.")),
        (1, "2011-03-28", no("No research nurse until autumn.")),
        (2, "2011-04-11", could(25, "With the early discharge team.")),
        (4, "2011-04-26", could(10, "One ward only.")),
    ];
    for (nth, on, feasibility) in answers {
        let Some(site) = hospitals.get(nth) else { continue };
        let mut unit = stage.begin("site-hospital", day(on)).await?;
        trials::answer(&mut unit, trial, *site, feasibility, true).await?;
        unit.commit().await?;
    }
    for (nth, is_opened, on, reason) in [
        (0, true, "2011-06-06", "Contract signed, approval given."),
        (4, false, "2011-06-20", "Too few patients for the cost of opening."),
    ] {
        let Some(site) = hospitals.get(nth) else { continue };
        let mut unit = stage.begin("facilitator", day(on)).await?;
        trials::decide(&mut unit, trial, *site, (is_opened, day(on), reason), true).await?;
        unit.commit().await?;
    }
    Ok(())
}
