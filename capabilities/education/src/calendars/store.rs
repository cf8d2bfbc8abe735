//! Secret addresses of calendars as stored: the secret itself is kept nowhere.

use hiec_kernel::{ClusterId, Fingerprint, closed_list};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use uuid::Uuid;

closed_list! {
    /// What a calendar is of.
    CalendarOf {
        Trainee = "trainee", "A trainee";
        Post = "post", "A post";
        Host = "host", "A host";
    }
}

/// Which calendar an address opens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Feed {
    pub kind: CalendarOf,
    pub subject: Uuid,
}

/// Makes an address; those the same person made of the same calendar before end.
pub(super) async fn make(unit: &Unit, cluster: ClusterId, feed: Feed, secret: &str) -> Result<(), StoreError> {
    let person = unit.actor().person().map(|person| person.0);
    unit.execute(
        "UPDATE education_feed SET ended_at = $4 WHERE kind = $1 AND subject_id = $2 AND made_by = $3 AND ended_at IS NULL",
        values![feed.kind.key(), feed.subject, person, unit.now()],
    )
    .await?;
    unit.execute(
        "INSERT INTO education_feed (id, cluster_id, kind, subject_id, secret_sha256, made_by, made_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![
            unit.new_id(),
            cluster.0,
            feed.kind.key(),
            feed.subject,
            Fingerprint::of_bytes(secret.as_bytes()).to_string(),
            person,
            unit.now()
        ],
    )
    .await?;
    Ok(())
}

/// The calendar a secret opens, while it does.
pub(super) async fn opened(reads: &impl Reads, cluster: ClusterId, secret: &str) -> Result<Option<Feed>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        kind: String,
        subject_id: Uuid,
    }
    let row: Option<Row> = reads
        .one(
            "SELECT kind, subject_id FROM education_feed WHERE secret_sha256 = $1 AND cluster_id = $2 AND ended_at IS NULL",
            values![Fingerprint::of_bytes(secret.as_bytes()).to_string(), cluster.0],
        )
        .await?;
    Ok(row.and_then(|row| Some(Feed { kind: CalendarOf::from_key(&row.kind)?, subject: row.subject_id })))
}
