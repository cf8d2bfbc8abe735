//! Bookings as stored: who asked for a place and when, whether one was found, who came; and what people thought, without who.

use hiec_kernel::{PersonId, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use serde::Serialize;
use uuid::Uuid;

use super::places::Asker;

/// Somebody's booking, with their name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, FromQueryResult)]
pub(crate) struct Booking {
    pub id: Uuid,
    pub session_id: Uuid,
    pub person_id: Uuid,
    pub name: String,
    pub organisation_id: Option<Uuid>,
    pub organisation: Option<String>,
    pub asked_at: Timestamp,
    pub booked_at: Option<Timestamp>,
    pub attended_at: Option<Timestamp>,
    pub attended_by: Option<String>,
    pub wrong_codes: i64,
    pub has_fed_back: bool,
    pub is_illustrative: bool,
}

impl Booking {
    pub fn asker(&self) -> Asker {
        Asker { booking: self.id, organisation: self.organisation_id }
    }
}

const SELECT: &str = "SELECT b.id, b.session_id, b.person_id, p.name, b.organisation_id, o.name AS organisation, b.asked_at, b.booked_at, \
     b.attended_at, b.attended_by, b.wrong_codes, b.has_fed_back, b.is_illustrative \
     FROM education_booking b JOIN base_person p ON p.id = b.person_id \
     LEFT JOIN base_organisation o ON o.id = b.organisation_id";

/// Bookings of a session that stand, in the order they were asked for: those with a place and those who wait.
pub(crate) async fn of_session(reads: &impl Reads, session: Uuid) -> Result<Vec<Booking>, StoreError> {
    let sql = format!("{SELECT} WHERE b.session_id = $1 AND b.cancelled_at IS NULL ORDER BY b.nth");
    reads.all(&sql, values![session]).await
}

/// All bookings of a cluster that stand, by session and then as they were asked for.
pub(crate) async fn of_cluster(reads: &impl Reads, cluster: Uuid) -> Result<Vec<Booking>, StoreError> {
    let sql = format!(
        "{SELECT} WHERE b.session_id IN (SELECT id FROM education_session WHERE cluster_id = $1) \
         AND b.cancelled_at IS NULL ORDER BY b.session_id, b.nth"
    );
    reads.all(&sql, values![cluster]).await
}

pub(crate) async fn add(
    unit: &Unit,
    session: Uuid,
    person: PersonId,
    organisation: Option<Uuid>,
    (is_booked, is_illustrative): (bool, bool),
) -> Result<Uuid, StoreError> {
    let id = unit.new_id();
    let booked_at = is_booked.then(|| unit.now());
    let sql = "SELECT COUNT(*) AS n FROM education_booking WHERE session_id = $1";
    let asked_before = unit.count(sql, values![session]).await?;
    // Whoever gave a place back and asks again has no more guesses than before.
    let sql =
        "SELECT COALESCE(MAX(wrong_codes), 0) AS n FROM education_booking WHERE session_id = $1 AND person_id = $2";
    let wrong_codes = unit.count(sql, values![session, person.0]).await?;
    unit.execute(
        "INSERT INTO education_booking (id, session_id, person_id, organisation_id, asked_at, booked_at, wrong_codes, has_fed_back, is_illustrative, nth) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![id, session, person.0, organisation, unit.now(), booked_at, wrong_codes, false, is_illustrative, asked_before],
    )
    .await?;
    Ok(id)
}

pub(crate) async fn move_up(unit: &Unit, booking: Uuid) -> Result<(), StoreError> {
    unit.execute("UPDATE education_booking SET booked_at = $2 WHERE id = $1", values![booking, unit.now()]).await?;
    Ok(())
}

pub(crate) async fn cancel(unit: &Unit, booking: Uuid) -> Result<(), StoreError> {
    unit.execute("UPDATE education_booking SET cancelled_at = $2 WHERE id = $1", values![booking, unit.now()]).await?;
    Ok(())
}

/// `by`: `code` or `register`.
pub(crate) async fn attended(unit: &Unit, booking: Uuid, by: &str) -> Result<(), StoreError> {
    unit.execute(
        "UPDATE education_booking SET attended_at = $2, attended_by = $3 WHERE id = $1 AND attended_at IS NULL",
        values![booking, unit.now(), by],
    )
    .await?;
    Ok(())
}

pub(crate) async fn not_attended(unit: &Unit, booking: Uuid) -> Result<(), StoreError> {
    unit.execute("UPDATE education_booking SET attended_at = NULL, attended_by = NULL WHERE id = $1", values![booking])
        .await?;
    Ok(())
}

pub(crate) async fn note_wrong_code(unit: &Unit, booking: Uuid) -> Result<(), StoreError> {
    unit.execute("UPDATE education_booking SET wrong_codes = wrong_codes + 1 WHERE id = $1", values![booking]).await?;
    Ok(())
}

/// Notes that somebody gave feedback; false where they had already.
pub(crate) async fn note_feedback(unit: &Unit, booking: Uuid) -> Result<bool, StoreError> {
    let changed = unit
        .execute(
            "UPDATE education_booking SET has_fed_back = $2 WHERE id = $1 AND NOT has_fed_back",
            values![booking, true],
        )
        .await?;
    Ok(changed > 0)
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, FromQueryResult)]
pub(crate) struct Feedback {
    pub score: i64,
    pub words: String,
}

/// In the order of their ids, which are random.
pub(crate) async fn feedback(reads: &impl Reads, session: Uuid) -> Result<Vec<Feedback>, StoreError> {
    reads
        .all("SELECT score, words FROM education_session_feedback WHERE session_id = $1 ORDER BY id", values![session])
        .await
}

pub(crate) async fn add_feedback(unit: &Unit, session: Uuid, feedback: &Feedback) -> Result<(), StoreError> {
    // Not the unit's: that one begins with the moment.
    let id = uuid::Builder::from_random_bytes(rand::random()).into_uuid();
    unit.execute(
        "INSERT INTO education_session_feedback (id, session_id, score, words) VALUES ($1, $2, $3, $4)",
        values![id, session, feedback.score, feedback.words.clone()],
    )
    .await?;
    Ok(())
}

/// Notes that somebody was reminded; false where they were already.
pub(crate) async fn note_reminded(unit: &Unit, session: Uuid, person: Uuid) -> Result<bool, StoreError> {
    let changed = unit
        .execute(
            "INSERT INTO education_session_reminder (session_id, person_id, sent_at) VALUES ($1, $2, $3) \
             ON CONFLICT (session_id, person_id) DO NOTHING",
            values![session, person, unit.now()],
        )
        .await?;
    Ok(changed > 0)
}

/// The host a person is placed at on this day: their share of places is its share.
pub(crate) async fn placed_at(
    reads: &impl Reads,
    person: PersonId,
    today: chrono::NaiveDate,
) -> Result<Option<Uuid>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        host_id: Uuid,
    }
    let row: Option<Row> = reads
        .one(
            "SELECT s.host_id FROM education_placement l JOIN education_trainee t ON t.id = l.trainee_id \
             JOIN education_post s ON s.id = l.post_id \
             WHERE t.person_id = $1 AND l.starts_on <= $2 AND l.ends_on >= $2 AND l.state = $3 ORDER BY l.starts_on DESC, l.id LIMIT 1",
            values![person.0, today, "approved"],
        )
        .await?;
    Ok(row.map(|row| row.host_id))
}
