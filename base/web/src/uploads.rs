//! What people upload: the parts of a form as they come, and lists that wait, for their sender alone, until their effect was seen and confirmed; it never looks at what a file says.

use axum::body::Bytes;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, Multipart, Request};
use hiec_files::import::ImportPlan;
use hiec_files::table::ReadError;
use hiec_files::{FileKey, FileStore, StoredFile};
use hiec_kernel::{Problem, ProblemKind};
use hiec_store::files::{self, FileRow};
use hiec_store::{StoreError, Unit};
use maud::{Markup, html};
use uuid::Uuid;

use crate::components::{Cell, Column, Table};
use crate::fields::Errors;
use crate::loaded::Loaded;
use crate::refusal::Refusal;

/// The most a list may have, with the wrapping of a form.
pub const LARGEST_LIST: usize = 11 * 1024 * 1024;

/// The same without the wrapping: what most lists may have.
pub const LIST: u64 = 10 * 1024 * 1024;

/// Lines of each kind a preview shows at most; the rest is counted.
pub const SHOWN: usize = 100;

/// Why a list cannot even be previewed.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    #[error("{0}")]
    Unreadable(#[from] ReadError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ListError {
    /// Among the form's errors where the list is at fault, else for the operator.
    pub fn note(self, errors: &mut Errors) -> Result<(), Problem> {
        match self {
            Self::Unreadable(error) => errors.add("file", error.to_string()),
            Self::Store(error) => return Err(error.into()),
        }
        Ok(())
    }
}

impl From<ListError> for Problem {
    fn from(error: ListError) -> Self {
        match error {
            ListError::Unreadable(error) => error.into(),
            ListError::Store(error) => error.into(),
        }
    }
}

/// A form with files, as it comes in.
#[derive(Debug)]
pub struct Upload(pub Multipart);

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        match Multipart::from_request(request, state).await {
            Ok(parts) => Ok(Self(parts)),
            Err(error) => Err(Problem::invalid(
                "This address takes a file",
                "Choose a file on the page before, or send multipart/form-data.",
            )
            .with_detail(error)
            .into()),
        }
    }
}

/// A list as somebody sent it.
#[derive(Clone, Debug)]
pub struct Sent {
    pub name: String,
    pub bytes: Bytes,
}

impl Upload {
    /// The file in the form's field `file`, whole; nothing where none was chosen or it is empty.
    pub async fn list(mut self) -> Result<Option<Sent>, Problem> {
        let mut sent = None;
        while let Some(field) = self.0.next_field().await.map_err(broken)? {
            if field.name() == Some("file") {
                let name = field.file_name().unwrap_or_default().to_owned();
                sent = Some(Sent { name, bytes: field.bytes().await.map_err(broken)? });
            }
        }
        Ok(sent.filter(|sent| !sent.bytes.is_empty()))
    }
}

/// What went wrong on the way, for the person who sent it.
pub fn broken(error: MultipartError) -> Problem {
    if error.status() == http::StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::new(
            ProblemKind::TooLarge,
            "What was sent is too large",
            "Send a smaller file, or divide it into parts; the limit stands beside the upload.",
        );
    }
    Problem::invalid("The upload cannot be read", "Check the connection and upload the file again.").with_detail(error)
}

/// What the database keeps of a stored file.
pub fn row(stored: StoredFile) -> FileRow {
    FileRow {
        id: stored.key.0,
        name: stored.name,
        content_type: stored.content_type,
        bytes: i64::try_from(stored.bytes).unwrap_or(i64::MAX),
        sha256: stored.sha256.to_string(),
    }
}

/// Keeps a list of at most [`LIST`] bytes until it is confirmed; what the same person sent for the same purpose and did not confirm goes.
pub async fn keep<R>(loaded: &Loaded<R>, purpose: &str, sent: Sent) -> Result<Uuid, Problem> {
    keep_within(loaded, purpose, sent, LIST).await
}

/// The same of a file of at most `most` bytes.
pub async fn keep_within<R>(loaded: &Loaded<R>, purpose: &str, sent: Sent, most: u64) -> Result<Uuid, Problem> {
    let person = loaded.person()?.id;
    let store = loaded.app.service::<FileStore>()?;
    // Only for the id: nothing is held while the file is stored.
    let key = FileKey(loaded.begin().await?.new_id());
    let stored = store.put_bytes(key, &sent.name, sent.bytes, most).await.map_err(Problem::from)?;
    let unit = loaded.begin().await?;
    let before = files::sent_by(&unit, purpose, person).await?;
    for file in &before {
        files::remove(&unit, file.id).await?;
    }
    files::add(&unit, &row(stored), purpose, person).await?;
    unit.commit().await?;
    for file in before {
        store.delete(FileKey(file.id)).await.map_err(Problem::from)?;
    }
    Ok(key.0)
}

/// A list that waits for this person. Nobody else's is there.
pub async fn waiting<R>(loaded: &Loaded<R>, purpose: &str, file: Uuid) -> Result<Sent, Problem> {
    waiting_within(loaded, purpose, file, LIST).await
}

/// The same of a file of at most `most` bytes.
pub async fn waiting_within<R>(loaded: &Loaded<R>, purpose: &str, file: Uuid, most: u64) -> Result<Sent, Problem> {
    let theirs = files::sent_by(&loaded.database(), purpose, loaded.person()?.id).await?;
    let row = theirs.into_iter().find(|one| one.id == file).ok_or_else(Problem::not_found)?;
    let bytes = loaded.app.service::<FileStore>()?.read(FileKey(row.id), most).await.map_err(Problem::from)?;
    Ok(Sent { name: row.name, bytes })
}

/// Commits what was done with a list, which then no longer waits.
pub async fn confirm<R>(loaded: &Loaded<R>, unit: Unit, file: Uuid) -> Result<(), Problem> {
    files::remove(&unit, file).await?;
    unit.commit().await?;
    Ok(loaded.app.service::<FileStore>()?.delete(FileKey(file)).await?)
}

/// The lines of a previewed list that need correcting.
pub fn faults<T>(plan: &ImportPlan<T>) -> Markup {
    html! {
        @if !plan.row_errors.is_empty() {
            h2 { "To correct" }
            (Table::new("To correct").head(["Fault"]).rows(plan.row_errors.iter().take(SHOWN).map(|error| vec![Cell::new(error.to_string())])))
            (more(plan.row_errors.len()))
        }
    }
}

/// What of the records that are there already would change. `what` heads the column of records, `named` says one.
pub fn changes<T>(
    plan: &ImportPlan<T>,
    what: &'static str,
    named: impl Fn(&T) -> String,
    field: impl Fn(&'static str) -> String,
) -> Markup {
    let rows = plan.changed.iter().flat_map(|row| row.fields.iter().map(move |field| (row, field))).take(SHOWN);
    let all: usize = plan.changed.iter().map(|row| row.fields.len()).sum();
    let or_nothing = |text: &str| if text.is_empty() { "Nothing".to_owned() } else { text.to_owned() };
    html! {
        @if !plan.changed.is_empty() {
            h2 { "Changed" }
            (Table::new("Changed")
                .head([Column::numeric("Line"), Column::new(what), Column::new("Field"), Column::new("Now"), Column::new("Becomes")])
                .responsive(true)
                .rows(rows.map(|(row, change)| vec![
                    Cell::numeric(row.line),
                    Cell::new(named(&row.record)),
                    Cell::new(field(change.field)),
                    Cell::new(or_nothing(&change.before)),
                    Cell::new(or_nothing(&change.after)),
                ])))
            (more(all))
        }
    }
}

/// How many are not shown.
pub fn more(many: usize) -> Markup {
    html! { @if many > SHOWN { p { "And " (many - SHOWN) " more." } } }
}
