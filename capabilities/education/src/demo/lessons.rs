//! Which courses and skills of the demonstration give experience of which pathway steps, as soon as both are there; made up.

use hiec_contracts::demonstration::Period;
use hiec_kernel::Problem;
use hiec_kernel::clock::london_date;

use super::Stage;
use crate::breadth::lessons;
use crate::pathways::actions;
use crate::pathways::store as pathways;

/// The pathway and its step, and the course or skill by name.
const LESSONS: [(&str, &str, &str); 4] = [
    ("copd", "Diagnosis", "Spirometry"),
    ("copd", "Exacerbation", "Non-invasive ventilation at the bedside"),
    ("cardiovascular-disease", "Treatment", "Airway and emergency skills"),
    ("maternity", "Labour and birth", "Airway and emergency skills"),
];

pub(super) async fn live_until(stage: &Stage<'_>, period: Period) -> Result<(), Problem> {
    let cluster = stage.cluster.id;
    let mut unit = stage.begin("education-lead", london_date(period.moment())).await?;
    let steps = pathways::of_cluster(&unit, cluster).await?;
    let known = lessons::of_cluster(&unit, cluster).await?;
    let named = lessons::by_step(&unit, cluster, &known).await?;
    for (pathway, step, name) in LESSONS {
        let step = steps.of(pathway).find(|one| one.name == step);
        let lesson = known.iter().find(|one| one.name == name);
        if let (Some(step), Some(lesson)) = (step, lesson)
            && !named.get(&step.id).is_some_and(|there| there.contains(lesson))
        {
            actions::name_lesson(&mut unit, cluster, step.id, lesson, true).await?;
        }
    }
    unit.commit().await?;
    Ok(())
}
