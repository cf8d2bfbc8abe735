//! Courses and skills that give experience of a pathway step, and what a trainee has of them: sessions they came to, badges that stand.

use std::collections::BTreeMap;

use hiec_kernel::clock::london_date;
use hiec_kernel::{ClusterId, Timestamp, closed_list};
use hiec_store::database::StoreError;
use hiec_store::{Database, FromQueryResult, Reads, Unit, values};
use serde::Serialize;
use uuid::Uuid;

use super::{Experience, Gathering};
use crate::trainees::store::Trainee;

closed_list! {
    /// What a lesson is.
    LessonKind {
        Course = "course", "Course";
        Skill = "skill", "Skill";
    }
}

/// A course or a skill of a cluster.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Lesson {
    pub kind: LessonKind,
    pub id: Uuid,
    pub name: String,
}

impl Lesson {
    /// What a form knows it by: `course:0190…`.
    pub fn key(&self) -> String {
        format!("{}:{}", self.kind.key(), self.id)
    }

    pub fn words(&self) -> String {
        format!("{}: {}", self.kind.label(), self.name)
    }
}

#[derive(FromQueryResult)]
struct Named {
    id: Uuid,
    name: String,
}

/// A cluster's courses and skills, by kind and name; groups of skills are none.
pub(crate) async fn of_cluster(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Lesson>, StoreError> {
    let courses: Vec<Named> = reads
        .all("SELECT id, name FROM education_course WHERE cluster_id = $1 ORDER BY name, id", values![cluster.0])
        .await?;
    let skills: Vec<Named> = reads
        .all(
            "SELECT id, name FROM education_skill WHERE cluster_id = $1 AND NOT is_group ORDER BY name, id",
            values![cluster.0],
        )
        .await?;
    let lesson = |kind| move |row: Named| Lesson { kind, id: row.id, name: row.name };
    let courses = courses.into_iter().map(lesson(LessonKind::Course));
    Ok(courses.chain(skills.into_iter().map(lesson(LessonKind::Skill))).collect())
}

/// Which of these lessons give experience of which step.
pub(crate) async fn by_step(
    reads: &impl Reads,
    cluster: ClusterId,
    lessons: &[Lesson],
) -> Result<BTreeMap<Uuid, Vec<Lesson>>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        step_id: Uuid,
        lesson_id: Uuid,
    }
    let rows: Vec<Row> = reads
        .all(
            "SELECT l.step_id, l.lesson_id FROM education_step_lesson l JOIN education_step s ON s.id = l.step_id \
             WHERE s.cluster_id = $1 ORDER BY l.step_id, l.named_at, l.lesson_id",
            values![cluster.0],
        )
        .await?;
    let mut by_step: BTreeMap<Uuid, Vec<Lesson>> = BTreeMap::new();
    for row in rows {
        if let Some(lesson) = lessons.iter().find(|lesson| lesson.id == row.lesson_id) {
            by_step.entry(row.step_id).or_default().push(lesson.clone());
        }
    }
    Ok(by_step)
}

pub(crate) async fn add(unit: &Unit, step: Uuid, lesson: &Lesson, is_illustrative: bool) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_step_lesson (step_id, kind, lesson_id, named_at, is_illustrative) VALUES ($1, $2, $3, $4, $5)",
        values![step, lesson.kind.key(), lesson.id, unit.now(), is_illustrative],
    )
    .await?;
    Ok(())
}

pub(crate) async fn remove(unit: &Unit, step: Uuid, lesson: &Lesson) -> Result<(), StoreError> {
    unit.execute(
        "DELETE FROM education_step_lesson WHERE step_id = $1 AND kind = $2 AND lesson_id = $3",
        values![step, lesson.kind.key(), lesson.id],
    )
    .await?;
    Ok(())
}

/// The steps each lesson of a kind gives experience of.
async fn steps_of(reads: &impl Reads, kind: LessonKind) -> Result<BTreeMap<Uuid, Vec<Uuid>>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        step_id: Uuid,
        lesson_id: Uuid,
    }
    let rows: Vec<Row> = reads
        .all(
            "SELECT step_id, lesson_id FROM education_step_lesson WHERE kind = $1 ORDER BY lesson_id, step_id",
            values![kind.key()],
        )
        .await?;
    let mut steps: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
    for row in rows {
        steps.entry(row.lesson_id).or_default().push(row.step_id);
    }
    Ok(steps)
}

/// Sessions a trainee came to; a place they only booked is none.
pub(crate) fn from_sessions<'a>(database: &'a Database, trainee: &'a Trainee) -> Gathering<'a> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        course_id: Uuid,
        name: String,
        starts_at: Timestamp,
        ends_at: Timestamp,
    }
    Box::pin(async move {
        let Some(person) = trainee.person else {
            return Ok(Vec::new());
        };
        let rows: Vec<Row> = database
            .all(
                "SELECT s.id, c.id AS course_id, c.name, s.starts_at, s.ends_at FROM education_booking b \
                 JOIN education_session s ON s.id = b.session_id JOIN education_course_part p ON p.id = s.part_id \
                 JOIN education_course c ON c.id = p.course_id \
                 WHERE b.person_id = $1 AND c.cluster_id = $2 AND b.attended_at IS NOT NULL AND b.cancelled_at IS NULL \
                 AND s.called_off_at IS NULL ORDER BY s.starts_at, s.id",
                values![person.0, trainee.cluster.0],
            )
            .await?;
        let steps = steps_of(database, LessonKind::Course).await?;
        let experience = |row: Row| Experience {
            words: format!("Session of {}", row.name),
            path: format!("education/sessions/{}", row.id),
            from: london_date(row.starts_at),
            to: london_date(row.ends_at),
            setting: None,
            steps: steps.get(&row.course_id).cloned().unwrap_or_default(),
        };
        Ok(rows.into_iter().map(experience).collect())
    })
}

/// Badges of a trainee that stand, from the day they were awarded.
pub(crate) fn from_credentials<'a>(database: &'a Database, trainee: &'a Trainee) -> Gathering<'a> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        skill_id: Uuid,
        name: String,
        valid_from: Timestamp,
    }
    Box::pin(async move {
        let Some(person) = trainee.person else {
            return Ok(Vec::new());
        };
        let rows: Vec<Row> = database
            .all(
                "SELECT c.id, k.id AS skill_id, k.name, b.valid_from FROM education_credential b \
                 JOIN education_skill_claim c ON c.id = b.claim_id JOIN education_skill k ON k.id = c.skill_id \
                 WHERE c.person_id = $1 AND c.cluster_id = $2 AND b.standing = 'good' ORDER BY b.valid_from, b.id",
                values![person.0, trainee.cluster.0],
            )
            .await?;
        let steps = steps_of(database, LessonKind::Skill).await?;
        let experience = |row: Row| {
            let day = london_date(row.valid_from);
            Experience {
                words: format!("Badge: {}", row.name),
                path: format!("education/skill-claims/{}", row.id),
                from: day,
                to: day,
                setting: None,
                steps: steps.get(&row.skill_id).cloned().unwrap_or_default(),
            }
        };
        Ok(rows.into_iter().map(experience).collect())
    })
}
