//! Risks of NECLES, drawn from the issues its review names, and who does what; scores, measures and owners are illustrative.

use std::collections::BTreeMap;

use hiec_contracts::demonstration::Period;
use hiec_kernel::Problem;

use super::{Stage, day};
use crate::responsibilities::pages as responsibilities;
use crate::responsibilities::rules::{Part, Parts, Party};
use crate::risks::actions;
use crate::risks::rules::{Score, Scores};
use crate::risks::store::{self, NewJudgement, NewRisk};

pub(super) async fn live_until(stage: &Stage<'_>, period: Period) -> Result<(), Problem> {
    match period {
        Period::Founding => {
            responsibilities_set(stage).await?;
            for risk in FIRST {
                open(stage, "2010-01-25 10:00", risk).await?;
            }
            Ok(())
        }
        Period::FirstYear => {
            judge(
                stage,
                "2010-06-14 10:00",
                2,
                [(3, 4), (2, 4)],
                "Illustrative: three facilitators had their induction",
            )
            .await?;
            judge(stage, "2010-09-20 10:00", 1, [(4, 4), (3, 4)], "Three pathways in 2010, three in 2011").await
        }
        Period::AnnualMeeting => {
            open(stage, "2010-12-06 10:00", &LATER[0]).await?;
            judge(stage, "2010-12-13 10:00", 2, [(3, 4), (2, 3)], "Illustrative: all in post had their induction")
                .await?;
            judge(
                stage,
                "2010-12-13 10:15",
                3,
                [(4, 3), (3, 3)],
                "Illustrative: baselines are measured before each pathway starts",
            )
            .await
        }
        Period::SecondYear => {
            judge(
                stage,
                "2011-04-11 10:00",
                1,
                [(4, 4), (3, 3)],
                "Three pathways in 2010, three in 2011; a fellow for each",
            )
            .await?;
            open(stage, "2011-05-16 10:00", &LATER[1]).await
        }
        Period::Closing => {
            judge(stage, "2011-10-10 10:00", 3, [(4, 3), (4, 3)], "").await?;
            close(stage, "2011-10-10 10:30", 2, "Illustrative: everybody in post has had their induction").await
        }
        Period::Emergency => Ok(()),
    }
}

/// Cause, event, effect; scores before and with what is done; what is done; owner; when to look again.
struct Opening {
    said: [&'static str; 3],
    scores: [(u8, u8); 2],
    done: &'static str,
    owner: &'static str,
    again: &'static str,
}

const FIRST: &[Opening] = &[
    Opening {
        said: [
            "Six pathways in two years",
            "the team spreads itself too thin",
            "some pathways show no gain before the money ends",
        ],
        scores: [(4, 4), (4, 4)],
        done: "",
        owner: "director",
        again: "2010-06-30",
    },
    Opening {
        said: [
            "Clinicians act as facilitators for the first time",
            "they begin without induction",
            "partnerships form slowly",
        ],
        scores: [(4, 3), (3, 3)],
        done: "Illustrative: an induction checklist for everybody in post",
        owner: "facilitator",
        again: "2010-06-30",
    },
    Opening {
        said: [
            "No consistent way to measure value for money",
            "nobody can say what would have happened anyway",
            "the cluster cannot show what it was worth",
        ],
        scores: [(4, 3), (3, 3)],
        done: "Illustrative: baselines are measured before each pathway starts",
        owner: "cluster-chair",
        again: "2010-09-30",
    },
];

const LATER: [Opening; 2] = [
    Opening {
        said: ["Commissioning is reorganised", "the people we work with change posts", "what was agreed is forgotten"],
        scores: [(5, 3), (4, 3)],
        done: "Illustrative: agreements are written and signed, and each link has an owner",
        owner: "director",
        again: "2011-06-30",
    },
    Opening {
        said: [
            "The money ends on 31 December 2011",
            "products and communities have no owner",
            "what was learnt is lost",
        ],
        scores: [(4, 5), (3, 4)],
        done: "Illustrative: the board looks at what has no owner at every meeting; NHS Redbridge takes the scorecards",
        owner: "cluster-chair",
        again: "2011-09-30",
    },
];

fn scores([before, after]: [(u8, u8); 2]) -> Result<Scores, Problem> {
    let score = |(likelihood, impact)| Score::new(likelihood, impact).ok_or_else(|| Problem::internal("no such score"));
    Ok(Scores { before: score(before)?, after: score(after)? })
}

async fn open(stage: &Stage<'_>, at: &str, opening: &Opening) -> Result<(), Problem> {
    let Some(owner) = stage.person(opening.owner).await? else {
        return Ok(());
    };
    let mut unit = stage.begin("director", at).await?;
    let [cause, event, effect] = opening.said.map(str::to_owned);
    let judgement = NewJudgement {
        scores: scores(opening.scores)?,
        done: opening.done.to_owned(),
        owner: owner.id,
        look_again_on: day(opening.again)?,
    };
    actions::open(&mut unit, &stage.cluster, &NewRisk { cause, event, effect }, &judgement).await?;
    Ok(unit.commit().await?)
}

async fn judge(stage: &Stage<'_>, at: &str, number: i64, to: [(u8, u8); 2], done: &str) -> Result<(), Problem> {
    let mut unit = stage.begin("director", at).await?;
    let Some(risk) = store::by_number(&unit, stage.cluster.id, number).await? else {
        return Ok(());
    };
    let again = risk.look_again_on + chrono::Days::new(184);
    let judgement =
        NewJudgement { scores: scores(to)?, done: done.to_owned(), owner: risk.owner, look_again_on: again };
    actions::judge(&mut unit, &stage.cluster, &risk, &judgement).await?;
    Ok(unit.commit().await?)
}

async fn close(stage: &Stage<'_>, at: &str, number: i64, reason: &str) -> Result<(), Problem> {
    let mut unit = stage.begin("director", at).await?;
    if let Some(risk) = store::by_number(&unit, stage.cluster.id, number).await? {
        actions::close(&mut unit, &stage.cluster, &risk, reason).await?;
    }
    Ok(unit.commit().await?)
}

const TASKS: &[(&str, &[(Party, Part)])] = &[
    (
        "Decide which pathways start, and when",
        &[
            (Party::Board, Part::Accountable),
            (Party::Director, Part::Responsible),
            (Party::ClinicalLead, Part::Consulted),
            (Party::Patients, Part::Consulted),
            (Party::Region, Part::Informed),
        ],
    ),
    (
        "Sign the quarterly return",
        &[
            (Party::Chair, Part::Accountable),
            (Party::Director, Part::Responsible),
            (Party::Facilitators, Part::Consulted),
            (Party::Board, Part::Informed),
            (Party::Region, Part::Informed),
        ],
    ),
    (
        "Enter a site’s figures in time",
        &[
            (Party::Sites, Part::AccountableAndResponsible),
            (Party::Facilitators, Part::Consulted),
            (Party::Director, Part::Informed),
        ],
    ),
    (
        "Employ and insure those seconded",
        &[
            (Party::Lead, Part::AccountableAndResponsible),
            (Party::Director, Part::Consulted),
            (Party::Board, Part::Informed),
        ],
    ),
    (
        "Answer what patient members say",
        &[
            (Party::Chair, Part::Accountable),
            (Party::Director, Part::Responsible),
            (Party::Patients, Part::Consulted),
            (Party::Board, Part::Informed),
        ],
    ),
];

async fn responsibilities_set(stage: &Stage<'_>) -> Result<(), Problem> {
    let mut unit = stage.begin("director", "2010-01-25 09:00").await?;
    for (what, parts) in TASKS {
        let parts = Parts::new(BTreeMap::from_iter(parts.iter().copied())).map_err(Problem::internal)?;
        responsibilities::add(&mut unit, &stage.cluster, what, &parts).await?;
    }
    Ok(unit.commit().await?)
}
