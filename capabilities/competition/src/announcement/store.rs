//! Announcements as stored: written once, read by everybody.

use hiec_access::policy::Target;
use hiec_kernel::{CallId, Fingerprint, PersonId, Problem};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use hiec_web::{Loading, Resource};

use super::record::Announcement;
use crate::calls::store::{self as calls, Call};

/// An announced round, for everybody.
#[derive(Clone, Debug)]
pub struct Announced {
    pub call: Call,
    pub announcement: Announcement,
    pub fingerprint: String,
}

/// `/announcements/{call}`: not there before it is announced, whoever asks.
impl Resource for Announced {
    const KIND: &'static str = "announcement";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(key) = loading.text("call") else {
            return Ok(None);
        };
        let Some(call) = calls::by_key(&loading.database, key, loading.now).await? else {
            return Ok(None);
        };
        let Some((announcement, fingerprint)) = of_call(&loading.database, call.id).await? else {
            return Ok(None);
        };
        let target = Target::new("announcement", call.id.0).fact("is_public", true);
        Ok(Some((Self { call, announcement, fingerprint }, target)))
    }
}

#[derive(FromQueryResult)]
struct Row {
    announcement: serde_json::Value,
    fingerprint: String,
}

/// What was announced of a call, with its fingerprint.
pub(crate) async fn of_call(reads: &impl Reads, call: CallId) -> Result<Option<(Announcement, String)>, StoreError> {
    let row: Option<Row> = reads
        .one("SELECT announcement, fingerprint FROM competition_announcement WHERE call_id = $1", values![call.0])
        .await?;
    row.map(|row| Ok((serde_json::from_value(row.announcement)?, row.fingerprint))).transpose()
}

/// Every announcement, the newest first.
pub(crate) async fn all(reads: &impl Reads) -> Result<Vec<Announcement>, StoreError> {
    let rows: Vec<Row> = reads
        .all(
            "SELECT announcement, fingerprint FROM competition_announcement ORDER BY announced_at DESC, call_id",
            values![],
        )
        .await?;
    rows.into_iter().map(|row| Ok(serde_json::from_value(row.announcement)?)).collect()
}

pub(crate) async fn insert(
    unit: &Unit,
    call: CallId,
    by: PersonId,
    announcement: &Announcement,
) -> Result<Fingerprint, StoreError> {
    let print = Fingerprint::of(announcement)?;
    unit.execute(
        "INSERT INTO competition_announcement (call_id, announcement, fingerprint, announced_at, announced_by) \
         VALUES ($1, $2, $3, $4, $5)",
        values![call.0, serde_json::to_value(announcement)?, print.to_string(), unit.now(), by.0],
    )
    .await?;
    Ok(print)
}
