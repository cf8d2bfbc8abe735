//! A made-up programme for each of the six pathways of NECLES, of several professions.

use hiec_contracts::demonstration::Period;
use hiec_kernel::Problem;

use super::hosts::{EYES, GENERAL_PRACTICE, PHYSICIANS, UNIVERSITY};
use super::{Stage, day, people};
use crate::programmes::actions::{self, NewProgramme};
use crate::words::{Level, Profession};

/// A programme of the demonstration.
pub(super) struct Line {
    pub key: &'static str,
    pub name: &'static str,
    pub profession: Profession,
    pub level: Level,
    pub specialty: &'static str,
    pub owner: &'static str,
    pub months: i64,
    /// Of everybody in it, and of its posts.
    pub grade: &'static str,
    /// In the numbers of its posts.
    pub stem: &'static str,
    /// Months in one post before the next.
    pub turn: u32,
}

/// In the order of the pathways: cardiovascular disease, migrant health, maternity, eyes and vision, COPD, asthma in children.
pub(super) const LINES: [Line; 6] = [
    Line {
        key: "cardiology-training",
        name: "Cardiology training",
        profession: Profession::Medical,
        level: Level::Postgraduate,
        specialty: "Cardiology",
        owner: PHYSICIANS,
        months: 60,
        grade: "ST3 to ST7",
        stem: "CARD",
        turn: 12,
    },
    Line {
        key: "general-practice-training",
        name: "General practice training",
        profession: Profession::Medical,
        level: Level::Postgraduate,
        specialty: "General practice",
        owner: GENERAL_PRACTICE,
        months: 36,
        grade: "GPST1 to GPST3",
        stem: "GP",
        turn: 6,
    },
    Line {
        key: "midwifery-degree",
        name: "Midwifery degree",
        profession: Profession::Midwifery,
        level: Level::Undergraduate,
        specialty: "Midwifery",
        owner: UNIVERSITY,
        months: 36,
        grade: "Student midwife",
        stem: "MIDW",
        turn: 4,
    },
    Line {
        key: "ophthalmology-training",
        name: "Ophthalmology training",
        profession: Profession::Medical,
        level: Level::Postgraduate,
        specialty: "Ophthalmology",
        owner: EYES,
        months: 84,
        grade: "ST1 to ST7",
        stem: "OPHT",
        turn: 12,
    },
    Line {
        key: "physiotherapy-degree",
        name: "Physiotherapy degree",
        profession: Profession::AlliedHealth,
        level: Level::Undergraduate,
        specialty: "Respiratory physiotherapy",
        owner: UNIVERSITY,
        months: 36,
        grade: "Student physiotherapist",
        stem: "PHYS",
        turn: 4,
    },
    Line {
        key: "children-s-nursing-degree",
        name: "Children's nursing degree",
        profession: Profession::Nursing,
        level: Level::Undergraduate,
        specialty: "Children's nursing",
        owner: UNIVERSITY,
        months: 36,
        grade: "Student nurse",
        stem: "CHNU",
        turn: 4,
    },
];

pub(super) async fn live_until(stage: &Stage<'_>, period: Period) -> Result<(), Problem> {
    if period != Period::Founding {
        return Ok(());
    }
    let mut unit = stage.begin("education-lead", day("2010-01-29")).await?;
    for line in &LINES {
        let new = NewProgramme {
            name: line.name.to_owned(),
            profession: line.profession,
            level: line.level,
            specialty: line.specialty.to_owned(),
            curriculum_owner: Some(people::owner(&unit, line.owner).await?),
            months: line.months,
            starts_on: day("2009-08-05"),
            ends_on: None,
            is_illustrative: true,
        };
        actions::start(&mut unit, stage.cluster.id, new).await?;
    }
    unit.commit().await?;
    Ok(())
}
