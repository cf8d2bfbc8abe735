//! A made-up workforce model of NECLES with two runs: as it is, and with posts moved to general practice.

use hiec_contracts::demonstration::Period;
use hiec_kernel::Problem;
use hiec_workforce::{Change, MILLION, Place};

use super::{Stage, day};
use crate::workforce::{actions, store};

const MODEL: &str = include_str!("../../data/workforce-necles.json");

pub(super) async fn live_until(stage: &Stage<'_>, period: Period) -> Result<(), Problem> {
    match period {
        Period::FirstYear => begin(stage).await,
        Period::AnnualMeeting => what_if(stage).await,
        _ => Ok(()),
    }
}

fn refused(problems: Vec<String>) -> Problem {
    Problem::internal(problems.join("; "))
}

async fn begin(stage: &Stage<'_>) -> Result<(), Problem> {
    let model = actions::understood(MODEL).map_err(refused)?;
    let mut unit = stage.begin("education-lead", day("2010-09-27")).await?;
    let why = "Made up for the demonstration, about the size of such a cluster";
    actions::begin(&mut unit, stage.cluster, (MODEL, &model), why, true).await?;
    unit.commit().await?;
    run(stage, "2010-09-28", &[]).await
}

/// The question of 2009: excess specialists, too few generalists, and eight years until a change is there.
async fn what_if(stage: &Stage<'_>) -> Result<(), Problem> {
    let change = Change::Move {
        posts: 20 * MILLION,
        from: Place("Surgical training".to_owned()),
        to: Place("General practice training".to_owned()),
        year: 2011,
    };
    run(stage, "2011-02-21", &[change]).await
}

async fn run(stage: &Stage<'_>, on: &str, what_if: &[Change]) -> Result<(), Problem> {
    let mut unit = stage.begin("education-lead", day(on)).await?;
    let Some(row) = store::of_cluster(&unit, stage.cluster.id).await?.into_iter().next() else { return Ok(()) };
    let Some(version) = store::versions(&unit, row.id).await?.into_iter().next() else { return Ok(()) };
    let answered = actions::run(&version, what_if).map_err(refused)?;
    actions::keep(&mut unit, stage.cluster, &row, answered).await?;
    Ok(unit.commit().await?)
}
