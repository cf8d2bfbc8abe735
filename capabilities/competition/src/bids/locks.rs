//! Who has a section open for writing: a courtesy that keeps two people from writing the same text; the version of each answer is the guard.

use chrono::Duration;
use hiec_kernel::people::Person;
use hiec_kernel::{PersonId, Problem, Timestamp};
use hiec_store::{FromQueryResult, Reads, Unit, values};
use uuid::Uuid;

use super::papers::Paper;
use super::store::Bid;

/// A section is somebody's for this long after they opened or saved it last.
pub(crate) const IDLE_MINUTES: i64 = 10;

/// A section held by somebody.
#[derive(Clone, Debug)]
pub(crate) struct Lock {
    pub person: PersonId,
    pub name: String,
    pub taken_at: Timestamp,
    pub seen_at: Timestamp,
}

impl Lock {
    pub(crate) fn is_idle(&self, now: Timestamp) -> bool {
        now - self.seen_at >= Duration::minutes(IDLE_MINUTES)
    }

    /// When somebody else may take it over.
    pub(crate) fn free_at(&self) -> Timestamp {
        self.seen_at + Duration::minutes(IDLE_MINUTES)
    }
}

/// Who holds the section, if anybody does.
pub(crate) async fn held(reads: &impl Reads, bid: &Bid, paper: Paper, section: &str) -> Result<Option<Lock>, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        person_id: Uuid,
        name: String,
        taken_at: Timestamp,
        seen_at: Timestamp,
    }
    let row: Option<Row> = reads
        .one(
            "SELECT l.person_id, p.name, l.taken_at, l.seen_at FROM competition_section_lock l \
             JOIN base_person p ON p.id = l.person_id WHERE l.bid_id = $1 AND l.form = $2 AND l.section = $3",
            values![bid.id.0, paper.key(), section],
        )
        .await?;
    Ok(row.map(|row| Lock {
        person: PersonId(row.person_id),
        name: row.name,
        taken_at: row.taken_at,
        seen_at: row.seen_at,
    }))
}

/// Takes the section when it is free, one's own, or idle; otherwise answers who has it. Taking again keeps it.
pub(crate) async fn take(
    unit: &Unit,
    bid: &Bid,
    paper: Paper,
    section: &str,
    by: &Person,
) -> Result<Option<Lock>, Problem> {
    let now = unit.now();
    let other = held(unit, bid, paper, section).await?.filter(|lock| lock.person != by.id && !lock.is_idle(now));
    if other.is_some() {
        return Ok(other);
    }
    unit.execute(
        "INSERT INTO competition_section_lock (bid_id, form, section, person_id, taken_at, seen_at) \
         VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (bid_id, form, section) DO UPDATE SET \
         taken_at = CASE WHEN competition_section_lock.person_id = excluded.person_id \
         THEN competition_section_lock.taken_at ELSE excluded.taken_at END, \
         person_id = excluded.person_id, seen_at = excluded.seen_at",
        values![bid.id.0, paper.key(), section, by.id.0, now],
    )
    .await?;
    Ok(None)
}
