//! Made-up curricula: outcomes by year, the steps of the six pathways, who teaches what, and changes proposed to the owners.

use std::collections::BTreeSet;

use hiec_contracts::demonstration::Period;
use hiec_kernel::Problem;
use hiec_store::Unit;

use super::programmes::LINES;
use super::{Stage, day, hosts};
use crate::pathways::actions as map;
use crate::pathways::store::{self as pathways, Learnt};
use crate::programmes::changing;
use crate::programmes::curriculum::{self, Change};
use crate::programmes::states::Act;
use crate::programmes::store as programmes;

/// A pathway's steps in their order; the key of the pathway as delivery makes it from its name.
const STEPS: [(&str, &[&str]); 6] = [
    ("cardiovascular-disease", &["Finding who is at risk", "First contact", "Tests", "Treatment", "Living with it"]),
    ("migrant-health", &["Registration", "First contact", "Screening", "Treatment", "Follow-up"]),
    ("maternity", &["First contact", "Antenatal care", "Labour and birth", "Postnatal care"]),
    ("eyes-and-vision", &["Screening", "Urgent eye care", "Surgery", "Living with low vision"]),
    ("copd", &["Finding who is at risk", "Diagnosis", "Exacerbation", "Rehabilitation", "End of life"]),
    ("asthma-in-children-and-young-people", &["First contact", "Self-management", "Emergency care", "School and home"]),
];

/// Code, what is to be learnt, year, and the places of the pathway's steps (counted from nought) at which it is.
type Line = (&'static str, &'static str, i64, &'static [usize]);

/// In the order of the programmes, each along the pathway of the same place.
const OUTCOMES: [&[Line]; 6] = [
    &[
        ("C1", "Works out a person's risk and agrees with them what to do", 1, &[0, 1]),
        ("C2", "Reads an electrocardiogram and an echocardiogram", 1, &[2]),
        ("C3", "Treats heart failure together with nurses of the community", 3, &[3, 4]),
        ("C4", "Leads rehabilitation after a heart attack", 5, &[4]),
    ],
    &[
        ("G1", "Takes a history with an interpreter", 1, &[0, 1]),
        ("G2", "Offers tests for latent infection by country of birth", 2, &[2]),
        ("G3", "Looks after somebody with several conditions at once", 2, &[3]),
        ("G4", "Plans follow-up with somebody who moves often", 3, &[4]),
    ],
    &[
        ("M1", "Books a pregnancy and plans the care", 1, &[0, 1]),
        ("M2", "Supports a birth without intervention", 2, &[2]),
        ("M3", "Recognises when a birth needs help and calls it", 2, &[2]),
        ("M4", "Supports feeding and the mother's mood", 3, &[3]),
    ],
    &[
        ("O1", "Grades pictures of the retina", 1, &[0]),
        ("O2", "Treats a red eye safely", 1, &[1]),
        ("O3", "Removes a cataract under supervision", 3, &[2]),
        ("O4", "Helps somebody to live with low vision", 7, &[3]),
    ],
    &[
        ("P1", "Measures breathing and explains what it shows", 1, &[0, 1]),
        ("P2", "Sets up non-invasive ventilation", 2, &[2]),
        ("P3", "Leads a class of pulmonary rehabilitation", 3, &[3]),
        ("P4", "Eases breathlessness at the end of life", 3, &[4]),
    ],
    &[
        ("N1", "Teaches a child to use an inhaler", 1, &[0, 1]),
        ("N2", "Assesses a child in an attack", 2, &[2]),
        ("N3", "Writes an asthma plan with a family", 3, &[1, 3]),
    ],
];

/// Hosts and what they teach: programme, outcome, at which of the outcome's steps; so that some places have too many and some nobody.
type Teaches = (&'static str, usize, &'static str, usize);

const TEACHING: &[Teaches] = &[
    ("R1H", 0, "C1", 0),
    ("R1H", 0, "C2", 2),
    ("RRV", 0, "C2", 2),
    ("RAL", 0, "C2", 2),
    ("RF4", 0, "C2", 2),
    ("R1H", 0, "C3", 3),
    ("RYX", 0, "C3", 4),
    ("E1", 1, "G1", 0),
    ("E7", 1, "G1", 0),
    ("N16", 1, "G1", 0),
    ("IG11", 1, "G1", 0),
    ("E13", 1, "G1", 1),
    ("E1", 1, "G2", 2),
    ("R1H", 1, "G3", 3),
    ("RWK", 1, "G3", 3),
    ("R1H", 2, "M1", 1),
    ("RKE", 2, "M1", 0),
    ("RKE", 2, "M4", 3),
    ("R1H", 2, "M2", 2),
    ("RQX", 2, "M2", 2),
    ("RF4", 2, "M2", 2),
    ("RAP", 2, "M2", 2),
    ("RDE", 2, "M2", 2),
    ("RRV", 2, "M3", 2),
    ("RP6", 3, "O1", 0),
    ("RP6", 3, "O2", 1),
    ("RP6", 3, "O3", 2),
    ("R1H", 3, "O2", 1),
    ("RAJ", 3, "O3", 2),
    ("R1H", 4, "P2", 2),
    ("RAJ", 4, "P2", 2),
    ("RKE", 4, "P3", 3),
    ("RAT", 4, "P3", 3),
    ("RQX", 4, "P1", 1),
    ("RAT", 5, "N1", 1),
    ("RP4", 5, "N2", 2),
    ("R1H", 5, "N2", 2),
    ("RQX", 5, "N2", 2),
    ("RF4", 5, "N2", 2),
    ("RAT", 5, "N3", 3),
];

pub(super) async fn live_until(stage: &Stage<'_>, period: Period) -> Result<(), Problem> {
    match period {
        Period::Founding => {
            written(stage).await?;
            placed(stage).await
        }
        Period::FirstYear => proposed(stage).await,
        Period::SecondYear => decided(stage).await,
        _ => Ok(()),
    }
}

/// The owners write their curricula: the college its own, the university its own; the other two have nobody to look as.
async fn written(stage: &Stage<'_>) -> Result<(), Problem> {
    for (line, outcomes) in LINES.iter().zip(OUTCOMES) {
        let who = match line.owner {
            hosts::PHYSICIANS => "college",
            hosts::UNIVERSITY => "university",
            _ => "demonstration",
        };
        let mut unit = stage.begin(who, day("2010-01-30")).await?;
        let programme = programme(&unit, stage, line.key).await?;
        for (code, name, year, _) in outcomes {
            let change = Change::Add { code: (*code).to_owned(), name: (*name).to_owned(), year: *year };
            changing::write(&mut unit, stage.cluster.id, &programme, &change, None, true).await?;
        }
        unit.commit().await?;
    }
    Ok(())
}

async fn programme(unit: &Unit, stage: &Stage<'_>, key: &str) -> Result<programmes::Programme, Problem> {
    programmes::by_key(unit, stage.cluster.id, key)
        .await?
        .ok_or_else(|| Problem::internal(format!("no programme {key}")))
}

/// Steps in their order, outcomes at their steps, hosts with what they teach.
async fn placed(stage: &Stage<'_>) -> Result<(), Problem> {
    let mut unit = stage.begin("education-lead", day("2010-01-31")).await?;
    let cluster = stage.cluster.id;
    let mut steps = Vec::new();
    for (pathway, names) in STEPS {
        let mut these = Vec::new();
        for name in names {
            let step = map::add_step(&mut unit, cluster, pathway, name, true).await?;
            if let Some(before) = these.last() {
                map::order(&mut unit, cluster, step.id, *before).await?;
            }
            these.push(step.id);
        }
        steps.push(these);
    }
    for ((line, outcomes), steps) in LINES.iter().zip(OUTCOMES).zip(&steps) {
        let programme = programme(&unit, stage, line.key).await?;
        for outcome in curriculum::of_programme(&unit, programme.id).await? {
            let places = outcomes.iter().find(|(code, ..)| *code == outcome.code).map(|(.., places)| *places);
            let at: BTreeSet<uuid::Uuid> =
                places.into_iter().flatten().filter_map(|place| steps.get(*place).copied()).collect();
            map::place(&mut unit, cluster, outcome.id, &at).await?;
        }
    }
    let outcomes = curriculum::of_cluster(&unit, cluster).await?;
    let learnt: Vec<Learnt> = pathways::learnt(&unit, cluster).await?.into_iter().collect();
    let named: BTreeSet<&str> = TEACHING.iter().map(|(host, ..)| *host).collect();
    for named in named {
        let host = hosts::host(&unit, named).await?.id;
        let teaches: BTreeSet<Learnt> = TEACHING
            .iter()
            .filter(|(one, ..)| *one == named)
            .filter_map(|(_, programme, code, step)| {
                let outcome = outcomes.iter().find(|one| one.code == *code)?.id;
                let step_id = *steps.get(*programme)?.get(*step)?;
                Some(Learnt { outcome_id: outcome, step_id })
            })
            .filter(|at| learnt.contains(at))
            .collect();
        map::teach(&mut unit, cluster, host, &learnt, &teaches, true).await?;
    }
    unit.commit().await?;
    Ok(())
}

/// The education lead and a host propose changes; one waits for the college.
async fn proposed(stage: &Stage<'_>) -> Result<(), Problem> {
    let cluster = stage.cluster.id;
    let mut unit = stage.begin("education-lead", day("2010-09-20")).await?;
    let cardiology = programme(&unit, stage, "cardiology-training").await?;
    let change = Change::Add {
        code: "C5".to_owned(),
        name: "Follows one person along the whole pathway for a year".to_owned(),
        year: 2,
    };
    let why = "Trainees see steps of the pathway and rarely the way between them.".to_owned();
    changing::propose(&mut unit, cluster, &cardiology, change, why, true).await?;
    unit.commit().await?;
    let mut unit = stage.begin("host-hospital", day("2010-10-04")).await?;
    let midwifery = programme(&unit, stage, "midwifery-degree").await?;
    let change = Change::Reword {
        code: "M3".to_owned(),
        name: "Recognises when a birth needs help, calls it, and hands over by a fixed scheme".to_owned(),
        year: 2,
    };
    let why = "Handover is where our reviews find most of what went wrong.".to_owned();
    changing::propose(&mut unit, cluster, &midwifery, change, why, true).await?;
    unit.commit().await?;
    Ok(())
}

/// The university accepts, the college asks something first.
async fn decided(stage: &Stage<'_>) -> Result<(), Problem> {
    let cluster = stage.cluster.id;
    for (who, key, act, words) in [
        ("university", "midwifery-degree", Act::Accept, "Agreed with the other hosts; it holds from the next intake."),
        ("college", "cardiology-training", Act::Question, "How would the year be assessed, and by whom?"),
    ] {
        let mut unit = stage.begin(who, day("2011-05-10")).await?;
        let programme = programme(&unit, stage, key).await?;
        if let Some(waiting) = curriculum::proposals(&unit, programme.id).await?.first() {
            changing::act(&mut unit, cluster, &programme, waiting, act, words.to_owned()).await?;
        }
        unit.commit().await?;
    }
    Ok(())
}
