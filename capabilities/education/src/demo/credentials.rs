//! The skills of NECLES in the demonstration: a framework across professions, badges that were awarded, one that was suspended, claims under way.

use hiec_contracts::demonstration::Period;
use hiec_kernel::people::Person;
use hiec_kernel::{PersonId, Problem};
use uuid::Uuid;

use super::{Stage, day};
use crate::credentials::actions::{self, Change, Given, NewSkill};
use crate::credentials::skills::{self, Skill};
use crate::credentials::store::{self, Claim};

/// A skill of the demonstration.
struct Line {
    group: &'static str,
    name: &'static str,
    description: &'static str,
    criteria: &'static str,
    professions: &'static [&'static str],
    months: Option<i64>,
}

const SKILLS: &[Line] = &[
    Line {
        group: "Respiratory care",
        name: "Spirometry",
        description: "Measures how somebody breathes, and says whether the measurement is sound.",
        criteria: "Ten tests judged sound by the assessor, and one explained to a patient.",
        professions: &["Doctors", "Nurses", "Healthcare scientists"],
        months: Some(36),
    },
    Line {
        group: "Respiratory care",
        name: "Non-invasive ventilation at the bedside",
        description: "Starts and looks after ventilation by mask.",
        criteria: "Six patients under supervision and one simulation of a failing mask.",
        professions: &["Doctors", "Nurses", "Allied health professionals"],
        months: Some(24),
    },
    Line {
        group: "Working together",
        name: "Handover between professions",
        description: "Hands over a patient so that nothing is lost.",
        criteria: "Five handovers watched, with both sides asked.",
        professions: &[],
        months: None,
    },
];

pub(super) async fn live_until(stage: &Stage<'_>, period: Period) -> Result<(), Problem> {
    match period {
        Period::FirstYear => first_year(stage).await,
        Period::AnnualMeeting => {
            award(stage, 2, "handover-between-professions", "2011-02-07").await?;
            Ok(())
        }
        Period::SecondYear => suspend(stage).await,
        _ => Ok(()),
    }
}

async fn first_year(stage: &Stage<'_>) -> Result<(), Problem> {
    let Some(supervisor) = stage.person("supervisor").await? else { return Ok(()) };
    let mut unit = stage.begin("education-lead", day("2010-03-08")).await?;
    let mut groups: Vec<(&str, Uuid)> = Vec::new();
    for Line { group, name, description, criteria, professions, months } in SKILLS {
        let parent = match groups.iter().find(|(known, _)| known == group) {
            Some((_, id)) => *id,
            None => {
                let new = skill(group, "A group of skills that belong together.", "", &[], None, None);
                let made = actions::add_skill(&mut unit, stage.cluster.id, NewSkill { is_group: true, ..new }).await?;
                groups.push((group, made.id));
                made.id
            }
        };
        let new = skill(name, description, criteria, professions, *months, Some(parent));
        let made = actions::add_skill(&mut unit, stage.cluster.id, new).await?;
        actions::name_assessor(&mut unit, &made, supervisor.id).await?;
    }
    unit.commit().await?;
    claim(stage, 1, "spirometry", "Doctors", "2010-05-10", true).await?;
    let badge = award(stage, 1, "spirometry", "2010-06-14").await?;
    publish(stage, 1, badge).await?;
    claim(stage, 2, "handover-between-professions", "Doctors", "2010-09-06", false).await?;
    claim(stage, 3, "handover-between-professions", "Midwives", "2010-09-20", false).await
}

fn skill(
    name: &str,
    description: &str,
    criteria: &str,
    professions: &[&str],
    months: Option<i64>,
    parent: Option<Uuid>,
) -> NewSkill {
    NewSkill {
        parent,
        name: name.to_owned(),
        description: description.to_owned(),
        criteria: criteria.to_owned(),
        is_group: false,
        months,
        professions: professions.iter().map(|one| (*one).to_owned()).collect(),
        is_illustrative: true,
    }
}

async fn skill_named(stage: &Stage<'_>, key: &str) -> Result<Option<Skill>, Problem> {
    let all = skills::of_cluster(&stage.state.database(), stage.cluster.id).await?;
    Ok(all.into_iter().find(|skill| skill.key == key))
}

/// Evidence is given and, but for the third trainee, the supervisor asked.
async fn claim(
    stage: &Stage<'_>,
    nth: usize,
    key: &str,
    profession: &str,
    on: &str,
    shows_name: bool,
) -> Result<(), Problem> {
    let slug = format!("trainee-{nth}");
    let (Some(trainee), Some(skill), Some(supervisor)) =
        (stage.person(&slug).await?, skill_named(stage, key).await?, stage.person("supervisor").await?)
    else {
        return Ok(());
    };
    let mut unit = stage.begin(&slug, day(on)).await?;
    let claim = actions::begin(&mut unit, &skill, &trainee, profession, true).await?;
    let words = "Entries of the log book, each signed on the ward (made up).".to_owned();
    actions::give_evidence(&mut unit, &claim, Given::Text { words }).await?;
    if nth != 3 {
        actions::ask(&mut unit, stage.cluster, &skill, &claim, supervisor.id, shows_name).await?;
    }
    unit.commit().await?;
    Ok(())
}

async fn claim_of(stage: &Stage<'_>, trainee: &Person, skill: &Skill) -> Result<Option<Claim>, Problem> {
    let claims = store::claims(&stage.state.database(), stage.cluster.id, Some(trainee.id)).await?;
    Ok(claims.into_iter().find(|claim| claim.person == trainee.id && claim.skill == skill.id))
}

/// The supervisor finds the skill shown, and the education lead awards it a week later.
async fn award(stage: &Stage<'_>, nth: usize, key: &str, on: &str) -> Result<Option<Uuid>, Problem> {
    let (Some(trainee), Some(skill), Some(supervisor), Some(lead)) = (
        stage.person(&format!("trainee-{nth}")).await?,
        skill_named(stage, key).await?,
        stage.person("supervisor").await?,
        stage.person("education-lead").await?,
    ) else {
        return Ok(None);
    };
    let Some(claim) = claim_of(stage, &trainee, &skill).await? else { return Ok(None) };
    let mut unit = stage.begin("supervisor", day(on)).await?;
    let words = (true, "All of it was shown, calmly and well explained.");
    actions::assess(&mut unit, stage.cluster, &skill, &claim, supervisor.id, words).await?;
    unit.commit().await?;
    let Some(claim) = claim_of(stage, &trainee, &skill).await? else { return Ok(None) };
    let mut unit = stage.begin("education-lead", day(on) + chrono::Days::new(7)).await?;
    let by: PersonId = lead.id;
    let badge = actions::award(stage.state, &mut unit, stage.cluster, &skill, &claim, by).await?;
    unit.commit().await?;
    Ok(Some(badge.id))
}

async fn publish(stage: &Stage<'_>, nth: usize, badge: Option<Uuid>) -> Result<(), Problem> {
    let (Some(trainee), Some(skill), Some(_)) =
        (stage.person(&format!("trainee-{nth}")).await?, skill_named(stage, "spirometry").await?, badge)
    else {
        return Ok(());
    };
    let Some(claim) = claim_of(stage, &trainee, &skill).await? else { return Ok(()) };
    let Some(badge) = store::badge_of(&stage.state.database(), claim.id).await? else { return Ok(()) };
    let mut unit = stage.begin(&format!("trainee-{nth}"), day("2010-06-22")).await?;
    actions::publish(&mut unit, &skill, &claim, &badge, true).await?;
    unit.commit().await?;
    Ok(())
}

async fn suspend(stage: &Stage<'_>) -> Result<(), Problem> {
    let (Some(trainee), Some(skill)) =
        (stage.person("trainee-2").await?, skill_named(stage, "handover-between-professions").await?)
    else {
        return Ok(());
    };
    let Some(claim) = claim_of(stage, &trainee, &skill).await? else { return Ok(()) };
    let Some(badge) = store::badge_of(&stage.state.database(), claim.id).await? else { return Ok(()) };
    let mut unit = stage.begin("education-lead", day("2011-06-06")).await?;
    let change = (Change::Suspend, "One of the five handovers was of another person's patient; it is looked into.");
    actions::change(&mut unit, stage.cluster, &skill, &claim, &badge, change).await?;
    unit.commit().await?;
    Ok(())
}
