//! Lines that are scored, the scores that came, and whom a tool was told of, as stored. A score is only ever added.

use std::collections::BTreeMap;

use hiec_kernel::{PersonId, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, Value, values};
use serde::Serialize;
use uuid::Uuid;

/// What is scored.
#[derive(Clone, PartialEq, Debug, FromQueryResult)]
pub(crate) struct LineItem {
    pub id: Uuid,
    pub course_id: Uuid,
    pub tool_id: Uuid,
    pub part_id: Option<Uuid>,
    pub label: String,
    pub resource_id: String,
    pub tag: String,
    /// A decimal above nought.
    pub maximum: String,
    pub starts_at: Option<Timestamp>,
    pub ends_at: Option<Timestamp>,
    pub made_at: Timestamp,
}

impl LineItem {
    /// The line that was made with a part, and decides whether the part is done.
    pub fn is_of_part(&self) -> bool {
        self.part_id == Some(self.id)
    }

    pub fn maximum(&self) -> f64 {
        self.maximum.parse().unwrap_or(0.0)
    }
}

const LINE: &str = "SELECT id, course_id, tool_id, part_id, label, resource_id, tag, maximum, starts_at, ends_at, made_at \
     FROM education_lti_line_item WHERE removed_at IS NULL";

/// A tool's lines in a course, the first made first.
pub(crate) async fn line_items(reads: &impl Reads, course: Uuid, tool: Uuid) -> Result<Vec<LineItem>, StoreError> {
    reads.all(&format!("{LINE} AND course_id = $1 AND tool_id = $2 ORDER BY made_at, id"), values![course, tool]).await
}

/// How many lines a part has.
pub(crate) async fn lines_of_part(reads: &impl Reads, part: Uuid) -> Result<i64, StoreError> {
    let sql = "SELECT COUNT(*) AS n FROM education_lti_line_item WHERE part_id = $1 AND removed_at IS NULL";
    reads.count(sql, values![part]).await
}

pub(crate) async fn add_line_item(unit: &Unit, line: &LineItem) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_lti_line_item (id, course_id, tool_id, part_id, label, resource_id, tag, maximum, starts_at, ends_at, made_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        values![
            line.id,
            line.course_id,
            line.tool_id,
            line.part_id,
            line.label.clone(),
            line.resource_id.clone(),
            line.tag.clone(),
            line.maximum.clone(),
            line.starts_at,
            line.ends_at,
            line.made_at
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn change_line_item(unit: &Unit, line: &LineItem) -> Result<(), StoreError> {
    unit.execute(
        "UPDATE education_lti_line_item SET label = $2, resource_id = $3, tag = $4, maximum = $5, starts_at = $6, ends_at = $7 WHERE id = $1",
        values![
            line.id,
            line.label.clone(),
            line.resource_id.clone(),
            line.tag.clone(),
            line.maximum.clone(),
            line.starts_at,
            line.ends_at
        ],
    )
    .await?;
    Ok(())
}

/// Takes a line out of the lists; its scores stay.
pub(crate) async fn remove_line_item(unit: &Unit, line: Uuid) -> Result<(), StoreError> {
    let sql = "UPDATE education_lti_line_item SET removed_at = $2 WHERE id = $1";
    unit.execute(sql, values![line, unit.now()]).await?;
    Ok(())
}

/// A score as it came.
#[derive(Clone, PartialEq, Debug, Serialize, FromQueryResult)]
pub(crate) struct Score {
    pub line_item_id: Uuid,
    pub person_id: Uuid,
    pub given: Option<String>,
    pub maximum: Option<String>,
    pub activity: String,
    pub grading: String,
    pub comment: String,
    pub scored_at: Timestamp,
}

impl Score {
    /// The score on the line's own scale, once it was graded in full.
    pub fn result(&self, line_maximum: f64) -> Option<f64> {
        if self.grading != "FullyGraded" {
            return None;
        }
        let (given, maximum): (f64, f64) = (self.given.as_ref()?.parse().ok()?, self.maximum.as_ref()?.parse().ok()?);
        (maximum > 0.0).then_some(given / maximum * line_maximum)
    }
}

const SCORE: &str = "SELECT s.line_item_id, s.person_id, s.given, s.maximum, s.activity, s.grading, s.comment, s.scored_at FROM education_lti_score s";

/// Of two scores the later by the tool's clock counts, and of two of one moment the one that came later.
const NOT_OVERTAKEN: &str = "NOT EXISTS (SELECT 1 FROM education_lti_score o WHERE o.line_item_id = s.line_item_id AND o.person_id = s.person_id \
     AND (o.scored_at > s.scored_at OR (o.scored_at = s.scored_at AND o.nth > s.nth)))";

/// The score of each person that counts on a line, by person.
pub(crate) async fn scores(reads: &impl Reads, line: Uuid, person: Option<Uuid>) -> Result<Vec<Score>, StoreError> {
    let mut bound: Vec<Value> = values![line];
    let mut of_person = "";
    if let Some(person) = person {
        bound.extend(values![person]);
        of_person = " AND s.person_id = $2";
    }
    let sql = format!("{SCORE} WHERE s.line_item_id = $1{of_person} AND {NOT_OVERTAKEN} ORDER BY s.person_id");
    reads.all(&sql, bound).await
}

/// Keeps a score; false where a later one came already.
pub(crate) async fn add_score(unit: &Unit, score: &Score) -> Result<bool, StoreError> {
    let before = scores(unit, score.line_item_id, Some(score.person_id)).await?;
    if before.iter().any(|before| before.scored_at > score.scored_at) {
        return Ok(false);
    }
    let sql = "SELECT COUNT(*) AS n FROM education_lti_score WHERE line_item_id = $1 AND person_id = $2";
    let nth = unit.count(sql, values![score.line_item_id, score.person_id]).await? + 1;
    unit.execute(
        "INSERT INTO education_lti_score (id, line_item_id, person_id, nth, given, maximum, activity, grading, comment, scored_at, taken_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        values![
            unit.new_id(),
            score.line_item_id,
            score.person_id,
            nth,
            score.given.clone(),
            score.maximum.clone(),
            score.activity.clone(),
            score.grading.clone(),
            score.comment.clone(),
            score.scored_at,
            unit.now()
        ],
    )
    .await?;
    Ok(true)
}

/// What counts of somebody's scores on the own lines of a course's parts, by part, with the line's maximum.
pub(crate) async fn of_learner(
    reads: &impl Reads,
    course: Uuid,
    person: PersonId,
) -> Result<BTreeMap<Uuid, (Score, String)>, StoreError> {
    let lines: Vec<LineItem> =
        reads.all(&format!("{LINE} AND course_id = $1 AND part_id = id ORDER BY id"), values![course]).await?;
    let sql = format!(
        "{SCORE} JOIN education_lti_line_item l ON l.id = s.line_item_id WHERE l.course_id = $1 AND l.part_id = l.id \
         AND s.person_id = $2 AND {NOT_OVERTAKEN} ORDER BY s.line_item_id"
    );
    let scores: Vec<Score> = reads.all(&sql, values![course, person.0]).await?;
    let maximum =
        |score: &Score| lines.iter().find(|line| line.id == score.line_item_id).map(|line| line.maximum.clone());
    Ok(scores
        .into_iter()
        .filter_map(|score| {
            let maximum = maximum(&score)?;
            Some((score.line_item_id, (score, maximum)))
        })
        .collect())
}

/// The parts of a cluster's courses that somebody completed, by what their tools scored last.
pub(crate) async fn completed(reads: &impl Reads, cluster: Uuid, person: PersonId) -> Result<Vec<Uuid>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        line_item_id: Uuid,
    }
    let sql = format!(
        "SELECT s.line_item_id FROM education_lti_score s JOIN education_lti_line_item l ON l.id = s.line_item_id \
         JOIN education_course c ON c.id = l.course_id \
         WHERE c.cluster_id = $1 AND l.part_id = l.id AND s.person_id = $2 AND s.activity = 'Completed' AND {NOT_OVERTAKEN} \
         ORDER BY s.line_item_id"
    );
    Ok(reads.all::<Row>(&sql, values![cluster, person.0]).await?.into_iter().map(|row| row.line_item_id).collect())
}

/// Notes that a tool was told of somebody; the part they play is that of their last launch.
pub(crate) async fn tell_of(
    unit: &Unit,
    course: Uuid,
    tool: Uuid,
    person: PersonId,
    is_instructor: bool,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_lti_learner (course_id, tool_id, person_id, is_instructor, first_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (course_id, tool_id, person_id) DO UPDATE SET is_instructor = excluded.is_instructor",
        values![course, tool, person.0, is_instructor, unit.now()],
    )
    .await?;
    Ok(())
}

/// Somebody in a course, as a tool may know them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Member {
    pub person: Uuid,
    pub name: String,
    pub is_instructor: bool,
}

/// Who is in a course for a tool: those who opened its material there, and those with a place at a session of the course. By number.
pub(crate) async fn members(reads: &impl Reads, course: Uuid, tool: Uuid) -> Result<Vec<Member>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        person_id: Uuid,
        name: String,
        is_instructor: bool,
    }
    let booked = "SELECT DISTINCT b.person_id, p.name, (1 = 0) AS is_instructor FROM education_booking b \
         JOIN education_session s ON s.id = b.session_id JOIN education_course_part c ON c.id = s.part_id \
         JOIN base_person p ON p.id = b.person_id \
         WHERE c.course_id = $1 AND b.booked_at IS NOT NULL AND b.cancelled_at IS NULL ORDER BY b.person_id";
    let told = "SELECT l.person_id, p.name, l.is_instructor FROM education_lti_learner l JOIN base_person p ON p.id = l.person_id \
         WHERE l.course_id = $1 AND l.tool_id = $2 ORDER BY l.person_id";
    let mut rows: Vec<Row> = reads.all(booked, values![course]).await?;
    // What a launch said of somebody goes before what a booking says.
    rows.extend(reads.all::<Row>(told, values![course, tool]).await?);
    let members: BTreeMap<Uuid, Member> = rows
        .into_iter()
        .map(|row| (row.person_id, Member { person: row.person_id, name: row.name, is_instructor: row.is_instructor }))
        .collect();
    Ok(members.into_values().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_on_the_lines_own_scale_once_graded_in_full() {
        let score = |given: Option<&str>, maximum: Option<&str>, grading: &str| Score {
            line_item_id: Uuid::nil(),
            person_id: Uuid::nil(),
            given: given.map(str::to_owned),
            maximum: maximum.map(str::to_owned),
            activity: "Completed".to_owned(),
            grading: grading.to_owned(),
            comment: String::new(),
            scored_at: Timestamp::UNIX_EPOCH,
        };
        assert_eq!(score(Some("8"), Some("10"), "FullyGraded").result(50.0), Some(40.0));
        assert_eq!(score(Some("12"), Some("10"), "FullyGraded").result(10.0), Some(12.0), "more than all");
        assert_eq!(score(Some("8"), Some("10"), "Pending").result(50.0), None);
        assert_eq!(score(None, None, "FullyGraded").result(50.0), None);
    }
}
