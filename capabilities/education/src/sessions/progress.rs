//! What of a course somebody has done: sessions they came to, material its tool scored as completed, activities other systems reported. It counts nothing that was taken back.

use std::collections::BTreeSet;

use hiec_contracts::ClusterSeen;
use hiec_kernel::people::Person;
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, values};
use uuid::Uuid;

use super::rules::PartKind;
use super::store::Part;
use crate::elearning;

/// The parts somebody has done.
pub(crate) async fn done(
    reads: &impl Reads,
    cluster: &ClusterSeen,
    parts: &[Part],
    person: &Person,
    site: &str,
) -> Result<BTreeSet<Uuid>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        part_id: Uuid,
    }
    let attended: Vec<Row> = reads
        .all(
            "SELECT DISTINCT s.part_id FROM education_booking b JOIN education_session s ON s.id = b.session_id \
             WHERE b.person_id = $1 AND b.attended_at IS NOT NULL AND b.cancelled_at IS NULL AND s.cluster_id = $2 ORDER BY s.part_id",
            values![person.id.0, cluster.id.0],
        )
        .await?;
    let attended: BTreeSet<Uuid> = attended.into_iter().map(|row| row.part_id).collect();
    let completed = elearning::completed(reads, cluster, person, site).await?;
    let scored = elearning::scored(reads, cluster, person).await?;
    let is_reported = |part: &Part| !part.activity.is_empty() && completed.contains(&part.activity);
    let is_done = |part: &&Part| match part.kind {
        PartKind::Session => attended.contains(&part.id),
        PartKind::Material => scored.contains(&part.id) || is_reported(part),
        PartKind::Reported => is_reported(part),
    };
    Ok(parts.iter().filter(is_done).map(|part| part.id).collect())
}

/// Minutes done, and those of them that count for the tariff.
pub(crate) fn minutes(parts: &[Part], done: &BTreeSet<Uuid>) -> (i64, i64) {
    let done = parts.iter().filter(|part| done.contains(&part.id));
    done.fold((0, 0), |(all, eligible), part| {
        (all + part.minutes, eligible + if part.is_eligible { part.minutes } else { 0 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_that_count_are_told_apart() {
        let part = |nth: u128, minutes: i64, is_eligible: bool| Part {
            id: Uuid::from_u128(nth),
            course: Uuid::nil(),
            position: 1,
            kind: PartKind::Session,
            title: String::new(),
            minutes,
            is_eligible,
            tool: None,
            target_url: String::new(),
            activity: String::new(),
        };
        let parts = [part(1, 180, true), part(2, 60, false), part(3, 30, true)];
        assert_eq!(minutes(&parts, &BTreeSet::from([Uuid::from_u128(1), Uuid::from_u128(2)])), (240, 180));
        assert_eq!(minutes(&parts, &BTreeSet::new()), (0, 0));
    }
}
