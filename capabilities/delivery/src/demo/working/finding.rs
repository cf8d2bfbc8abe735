//! What would have happened anyway, and what industry asked, in the demonstration. The totals of the audit are published; its months, the plan and the trials are illustrative.

use chrono::{Months, NaiveDate};
use hiec_contracts::demonstration::{HOSPITALS, Period, hospital};
use hiec_kernel::Problem;

use super::{Stage, day};
use crate::impact::actions;
use crate::impact::figures::Figure;
use crate::impact::plan::{Design, Draft};
use crate::impact::store::{self, StoredPlan};
use crate::impact::worth::Lines;
use crate::trials::actions::{self as trials, NewTrial};
use crate::trials::answers::Feasibility;

const TITLE: &str = "Sites share their figures of non-invasive ventilation";
const WHOLE: &str = "All seven sites";

/// Patients audited and those on ventilation within three hours, month by month from April 2010: 138 and 66 in all, as published.
const AUDIT: [(u32, u32); 18] = [
    (8, 4),
    (7, 3),
    (9, 5),
    (6, 2),
    (7, 4),
    (8, 4),
    (7, 3),
    (8, 4),
    (9, 4),
    (10, 5),
    (9, 5),
    (8, 3),
    (7, 4),
    (6, 2),
    (7, 4),
    (8, 4),
    (7, 3),
    (7, 3),
];

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
    let draft = Draft {
        title: TITLE.into(),
        what: "From December 2010 the seven sites of the Lung Improvement Pilots see each other's figures every month."
            .into(),
        outcome: "the share of patients on non-invasive ventilation within three hours".into(),
        measure: None,
        design: Design::Series,
        treated: vec![WHOLE.into()],
        comparators: vec![],
        start: day("2010-12-01"),
        first_period: day("2010-12-01"),
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
    let first: NaiveDate = day("2010-04-01");
    let figures: Vec<Figure> = (0_u32..)
        .zip(AUDIT)
        .map(|(month, (patients, in_time))| Figure {
            unit: WHOLE.into(),
            period: first.checked_add_months(Months::new(month)).unwrap_or(first),
            value: f64::from(in_time) * 100.0 / f64::from(patients),
        })
        .collect();
    let mut unit = stage.begin("facilitator", day("2011-10-31")).await?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_months_of_the_audit_add_up_to_what_is_published() {
        let (patients, in_time) = AUDIT.iter().fold((0, 0), |sum, month| (sum.0 + month.0, sum.1 + month.1));
        assert_eq!((patients, in_time), (138, 66));
        assert_eq!((f64::from(in_time) * 100.0 / f64::from(patients)).round(), 48.0);
    }
}
