//! What is known of files that were sent: one row each with its owner and its sender, never deleted; the content lies in the file store, which this does not know.

use hiec_kernel::PersonId;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::database::StoreError;
use crate::query::Reads;
use crate::unit::Unit;
use crate::values;

/// A file as it was stored. The id is also its key in the file store.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct FileRow {
    pub id: Uuid,
    pub name: String,
    pub content_type: String,
    pub bytes: i64,
    /// Of the content, in hexadecimal.
    pub sha256: String,
}

const COLUMNS: &str = "id, name, content_type, bytes, sha256";

/// Records a file that lies in the store. `owner` says what it belongs to: `bid:0190…`.
pub async fn add(unit: &Unit, file: &FileRow, owner: &str, sender: PersonId) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO base_file (id, name, content_type, bytes, sha256, object_key, owner, uploaded_by, uploaded_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![
            file.id,
            file.name.as_str(),
            file.content_type.as_str(),
            file.bytes,
            file.sha256.as_str(),
            file.id.to_string(),
            owner,
            sender.0,
            unit.now()
        ],
    )
    .await?;
    Ok(())
}

/// Every file of an owner that was not removed, in the order they came.
pub async fn of_owner(reads: &impl Reads, owner: &str) -> Result<Vec<FileRow>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM base_file WHERE owner = $1 AND removed_at IS NULL ORDER BY uploaded_at, id");
    reads.all(&sql, values![owner]).await
}

/// The files of an owner that this person sent and nobody removed, in the order they came.
pub async fn sent_by(reads: &impl Reads, owner: &str, sender: PersonId) -> Result<Vec<FileRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM base_file WHERE owner = $1 AND uploaded_by = $2 AND removed_at IS NULL \
         ORDER BY uploaded_at, id"
    );
    reads.all(&sql, values![owner, sender.0]).await
}

/// Marks a file as removed. Its content is the caller's to delete, once the unit is committed.
pub async fn remove(unit: &Unit, file: Uuid) -> Result<(), StoreError> {
    unit.execute("UPDATE base_file SET removed_at = $2 WHERE id = $1", values![file, unit.now()]).await?;
    Ok(())
}
