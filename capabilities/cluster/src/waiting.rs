//! A list between upload and confirmation: it waits in the store for its uploader alone, and the next one of theirs takes its place.

use axum::extract::Multipart;
use bytes::Bytes;
use hiec_files::table::Limits;
use hiec_files::{FileKey, FileStore};
use hiec_kernel::{PersonId, Problem, ProblemKind};
use hiec_store::{FromQueryResult, Reads, Unit, values};
use hiec_web::{AppState, Loaded};
use uuid::Uuid;

/// A list with the wrapping of a form.
pub(crate) const LARGEST: usize = 11 * 1024 * 1024;

/// The first file of a form with something in it: its name and content.
pub(crate) async fn uploaded(mut form: Multipart) -> Result<Option<(String, Bytes)>, Problem> {
    let mut file = None;
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if field.name() == Some("file") && file.is_none() {
            let name = field.file_name().unwrap_or_default().to_owned();
            file = Some((name, field.bytes().await.map_err(broken)?));
        }
    }
    Ok(file.filter(|(_, bytes)| !bytes.is_empty()))
}

fn broken(error: axum::extract::multipart::MultipartError) -> Problem {
    if error.status() == http::StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::new(
            ProblemKind::TooLarge,
            "This list is too large",
            "Send at most 10 megabytes: divide it into parts.",
        );
    }
    Problem::invalid("The upload cannot be read", "Check the connection and upload the file again.").with_detail(error)
}

fn limit() -> u64 {
    u64::try_from(Limits::default().bytes).unwrap_or(u64::MAX)
}

#[derive(FromQueryResult)]
struct Waiting {
    id: Uuid,
    name: String,
}

/// Keeps a list until it is confirmed. `owner` says what it is for, `import:actuals:…`.
pub(crate) async fn keep<R>(desk: &Loaded<R>, owner: &str, name: &str, bytes: Bytes) -> Result<Uuid, Problem> {
    let person = desk.person()?.id;
    let store = desk.app.service::<FileStore>()?;
    let key = FileKey(desk.begin().await?.new_id());
    let stored = store.put_bytes(key, name, bytes, limit()).await.map_err(Problem::from)?;
    let unit = desk.begin().await?;
    let before: Vec<Waiting> = unit
        .all(
            "SELECT id, name FROM base_file WHERE owner = $1 AND uploaded_by = $2 AND removed_at IS NULL ORDER BY id",
            values![owner, person.0],
        )
        .await?;
    for file in &before {
        remove(&unit, file.id).await?;
    }
    unit.execute(
        "INSERT INTO base_file (id, name, content_type, bytes, sha256, object_key, owner, uploaded_by, uploaded_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![
            key.0,
            stored.name.as_str(),
            stored.content_type.as_str(),
            i64::try_from(stored.bytes).unwrap_or(i64::MAX),
            stored.sha256.to_string(),
            key.0.to_string(),
            owner,
            person.0,
            unit.now()
        ],
    )
    .await?;
    unit.commit().await?;
    for file in before {
        store.delete(FileKey(file.id)).await.map_err(Problem::from)?;
    }
    Ok(key.0)
}

/// A list that waits for this person: its name and content.
pub(crate) async fn find(
    app: &AppState,
    owner: &str,
    person: PersonId,
    file: Uuid,
) -> Result<(String, Bytes), Problem> {
    let row: Option<Waiting> = app
        .database()
        .one(
            "SELECT id, name FROM base_file WHERE id = $1 AND owner = $2 AND uploaded_by = $3 AND removed_at IS NULL",
            values![file, owner, person.0],
        )
        .await?;
    let row = row.ok_or_else(Problem::not_found)?;
    let bytes = app.service::<FileStore>()?.read(FileKey(row.id), limit()).await.map_err(Problem::from)?;
    Ok((row.name, bytes))
}

/// Marks a list as done with, inside the unit that took it.
pub(crate) async fn remove(unit: &Unit, file: Uuid) -> Result<(), Problem> {
    unit.execute("UPDATE base_file SET removed_at = $2 WHERE id = $1", values![file, unit.now()]).await?;
    Ok(())
}

/// Forgets the content of a list, once the unit that took it is committed.
pub(crate) async fn forget(app: &AppState, file: Uuid) -> Result<(), Problem> {
    app.service::<FileStore>()?.delete(FileKey(file)).await.map_err(Problem::from)
}
