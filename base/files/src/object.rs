//! Where uploaded and made files lie: a folder or an S3-compatible store, behind opaque keys; it never trusts a name, a length or a type it was told.

use std::fmt;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt, TryStreamExt};
use hiec_kernel::{Fingerprint, Problem, ProblemKind};
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt, PutPayload};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::names::safe_name;
use crate::sniff::{FileKind, Refusal, Sniffed, Sniffer};

/// Held in memory per upload. S3 asks for parts of at least 5 MiB; a smaller file goes up in one piece.
const PART: usize = 6 * 1024 * 1024;

/// A file's name in the store: a UUID the unit made, which says nothing about the file or its owner.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FileKey(pub Uuid);

impl FileKey {
    /// Spread over 256 folders by the last, random byte, since the first bytes of a UUIDv7 are the time.
    fn path(self) -> ObjectPath {
        let text = self.0.simple().to_string();
        let folder = text.get(30..).unwrap_or("00");
        ObjectPath::from(format!("{folder}/{text}"))
    }
}

impl fmt::Display for FileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for FileKey {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(text).map(Self)
    }
}

/// What is known of a file once it lies in the store. `kind`, `bytes` and `sha256` come from the content itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredFile {
    pub key: FileKey,
    /// Safe to show and to hand out (see [`safe_name`]).
    pub name: String,
    pub kind: FileKind,
    /// The `Content-Type` to serve it with.
    pub content_type: String,
    pub bytes: u64,
    pub sha256: Fingerprint,
}

/// Why a file was not stored, not found or not read.
#[derive(Debug, thiserror::Error)]
pub enum FileStoreError {
    #[error("The file is larger than {}. Make it smaller, for instance by compressing its pictures, or split it, then upload it again.", size_in_words(*.limit))]
    TooLarge { limit: u64 },
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("The upload broke off before the whole file had arrived. Check the connection and upload it again.")]
    BrokenOff { detail: String },
    #[error("The file is not in the store")]
    Missing(FileKey),
    #[error("The file store cannot be reached")]
    Store(#[source] object_store::Error),
    #[error("The file store is not set up: {0}")]
    Settings(String),
}

impl From<FileStoreError> for Problem {
    fn from(error: FileStoreError) -> Self {
        let (title, next) = match error.to_string().split_once(". ") {
            Some((title, next)) => (title.to_owned(), next.to_owned()),
            None => (error.to_string(), String::new()),
        };
        match error {
            FileStoreError::TooLarge { .. } => Self::new(ProblemKind::TooLarge, title, next),
            FileStoreError::Refused(_) | FileStoreError::BrokenOff { .. } => Self::invalid(title, next),
            FileStoreError::Missing(key) => Self::internal(format!("file {key} is not in the store")),
            FileStoreError::Store(cause) => Self::new(
                ProblemKind::Unavailable,
                "The place where files are kept cannot be reached",
                "Nothing was changed. Try again in a few minutes.",
            )
            .with_detail(cause),
            FileStoreError::Settings(cause) => Self::internal(cause),
        }
    }
}

/// `20 MB`: for people, rounded down to a whole unit.
pub fn size_in_words(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} bytes"),
        1_024..1_048_576 => format!("{} KB", bytes / 1_024),
        1_048_576..1_073_741_824 => format!("{} MB", bytes / 1_048_576),
        _ => format!("{} GB", bytes / 1_073_741_824),
    }
}

/// The store of files. Cheap to clone.
#[derive(Clone, Debug)]
pub struct FileStore {
    store: Arc<dyn ObjectStore>,
}

/// How to reach an S3-compatible store.
#[cfg(feature = "s3")]
#[derive(Clone)]
pub struct S3Settings {
    /// `https://s3.example`; empty for Amazon's own.
    pub endpoint: String,
    pub region: String,
    pub bucket: String,
    pub access_key_id: String,
    pub secret_access_key: String,
    /// Plain HTTP, for a store on the same machine or in a test.
    pub is_http_allowed: bool,
}

impl FileStore {
    /// A folder on this machine, made when absent.
    pub fn folder(folder: &Path) -> Result<Self, FileStoreError> {
        std::fs::create_dir_all(folder).map_err(|error| {
            FileStoreError::Settings(format!("the folder {} cannot be made: {error}", folder.display()))
        })?;
        let store = LocalFileSystem::new_with_prefix(folder)
            .map_err(|error| FileStoreError::Settings(error.to_string()))?
            .with_automatic_cleanup(true);
        Ok(Self { store: Arc::new(store) })
    }

    #[cfg(feature = "s3")]
    pub fn s3(settings: &S3Settings) -> Result<Self, FileStoreError> {
        // Refused only when the program chose a provider already, and then that one serves as well.
        let _already_chosen = rustls::crypto::ring::default_provider().install_default();
        let mut builder = object_store::aws::AmazonS3Builder::new()
            .with_region(&settings.region)
            .with_bucket_name(&settings.bucket)
            .with_access_key_id(&settings.access_key_id)
            .with_secret_access_key(&settings.secret_access_key)
            .with_allow_http(settings.is_http_allowed)
            .with_virtual_hosted_style_request(false);
        if !settings.endpoint.is_empty() {
            builder = builder.with_endpoint(&settings.endpoint);
        }
        let store = builder.build().map_err(|error| FileStoreError::Settings(error.to_string()))?;
        Ok(Self { store: Arc::new(store) })
    }

    /// Stores an upload as it streams in. Nothing stays behind when it is too large, of a kind not accepted, or breaks off.
    ///
    /// `name` is the name as sent; `limit` in bytes.
    pub async fn put<S, E>(
        &self,
        key: FileKey,
        name: &str,
        content: S,
        limit: u64,
    ) -> Result<StoredFile, FileStoreError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send,
        E: fmt::Display,
    {
        let mut upload = Upload::new(self.store.as_ref(), key);
        let received = receive(&mut upload, name, content, limit).await;
        match received {
            Ok(sniffed) => {
                let (bytes, sha256) = upload.finish().await?;
                Ok(StoredFile {
                    key,
                    name: safe_name(name, sniffed.kind),
                    kind: sniffed.kind,
                    content_type: sniffed.content_type(),
                    bytes,
                    sha256,
                })
            }
            Err(error) => {
                upload.abort().await;
                Err(error)
            }
        }
    }

    /// Stores a file we hold in memory: one we made, or a small upload.
    pub async fn put_bytes(
        &self,
        key: FileKey,
        name: &str,
        content: Bytes,
        limit: u64,
    ) -> Result<StoredFile, FileStoreError> {
        let once = futures_util::stream::iter([Ok::<_, std::convert::Infallible>(content)]);
        self.put(key, name, once, limit).await
    }

    /// The file as it streams out, and its length in bytes.
    pub async fn get(
        &self,
        key: FileKey,
    ) -> Result<(u64, BoxStream<'static, Result<Bytes, FileStoreError>>), FileStoreError> {
        let found = self.store.get(&key.path()).await.map_err(|error| missing_or_broken(error, key))?;
        let bytes = found.meta.size;
        let stream = found.into_stream().map_err(FileStoreError::Store).boxed();
        Ok((bytes, stream))
    }

    /// The whole file in memory; for files known to be small. A longer one than `limit` is refused unread.
    pub async fn read(&self, key: FileKey, limit: u64) -> Result<Bytes, FileStoreError> {
        let (bytes, mut stream) = self.get(key).await?;
        if bytes > limit {
            return Err(FileStoreError::TooLarge { limit });
        }
        let mut whole = BytesMut::new();
        while let Some(chunk) = stream.try_next().await? {
            whole.extend_from_slice(&chunk);
        }
        Ok(whole.freeze())
    }

    /// Deletes a file. Deleting twice is no error, so that a job may be tried again.
    pub async fn delete(&self, key: FileKey) -> Result<(), FileStoreError> {
        match self.store.delete(&key.path()).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(FileStoreError::Store(error)),
        }
    }

    /// Every key with its length in bytes, in order: for backups, and to find files nothing points to.
    pub async fn keys(&self) -> Result<Vec<(FileKey, u64)>, FileStoreError> {
        let mut keys: Vec<(FileKey, u64)> = self
            .store
            .list(None)
            .try_filter_map(|meta| async move {
                let key = meta.location.filename().and_then(|name| name.parse().ok());
                Ok(key.map(|key| (key, meta.size)))
            })
            .try_collect()
            .await
            .map_err(FileStoreError::Store)?;
        keys.sort();
        Ok(keys)
    }
}

fn missing_or_broken(error: object_store::Error, key: FileKey) -> FileStoreError {
    match error {
        object_store::Error::NotFound { .. } => FileStoreError::Missing(key),
        other => FileStoreError::Store(other),
    }
}

async fn receive<S, E>(upload: &mut Upload<'_>, name: &str, content: S, limit: u64) -> Result<Sniffed, FileStoreError>
where
    S: Stream<Item = Result<Bytes, E>> + Send,
    E: fmt::Display,
{
    let mut sniffer = Sniffer::new();
    let mut content = std::pin::pin!(content);
    while let Some(chunk) = content.next().await {
        let chunk = chunk.map_err(|error| FileStoreError::BrokenOff { detail: error.to_string() })?;
        if upload.bytes.saturating_add(chunk.len() as u64) > limit {
            return Err(FileStoreError::TooLarge { limit });
        }
        sniffer.update(&chunk);
        upload.write(&chunk).await?;
    }
    Ok(sniffer.finish(name)?)
}

/// One file on its way in: hashed as it goes, in one piece when small, in parts when not.
struct Upload<'a> {
    store: &'a dyn ObjectStore,
    path: ObjectPath,
    parts: Option<Box<dyn MultipartUpload>>,
    buffer: BytesMut,
    digest: Sha256,
    bytes: u64,
}

impl<'a> Upload<'a> {
    fn new(store: &'a dyn ObjectStore, key: FileKey) -> Self {
        Self { store, path: key.path(), parts: None, buffer: BytesMut::new(), digest: Sha256::new(), bytes: 0 }
    }

    async fn write(&mut self, chunk: &[u8]) -> Result<(), FileStoreError> {
        self.digest.update(chunk);
        self.bytes = self.bytes.saturating_add(chunk.len() as u64);
        self.buffer.extend_from_slice(chunk);
        while self.buffer.len() >= PART {
            let part = self.buffer.split_to(PART).freeze();
            self.send_part(part).await?;
        }
        Ok(())
    }

    async fn send_part(&mut self, part: Bytes) -> Result<(), FileStoreError> {
        let parts = match &mut self.parts {
            Some(parts) => parts,
            none => none.insert(self.store.put_multipart(&self.path).await.map_err(FileStoreError::Store)?),
        };
        parts.put_part(PutPayload::from_bytes(part)).await.map_err(FileStoreError::Store)
    }

    /// The file is there, whole, only after this.
    async fn finish(mut self) -> Result<(u64, Fingerprint), FileStoreError> {
        let rest = std::mem::take(&mut self.buffer).freeze();
        let outcome = match self.parts.as_mut() {
            None => self.store.put(&self.path, PutPayload::from_bytes(rest)).await.map(|_| ()),
            Some(parts) => finish_parts(parts.as_mut(), rest).await,
        };
        if let Err(error) = outcome {
            self.abort().await;
            return Err(FileStoreError::Store(error));
        }
        let digest: [u8; 32] = self.digest.finalize().into();
        Ok((self.bytes, Fingerprint::from_digest(&digest)))
    }

    /// Removes what was sent. A failure here leaves an unfinished upload that no key points to; the caller's error matters more.
    async fn abort(mut self) {
        if let Some(parts) = self.parts.as_mut() {
            let _unfinished = parts.abort().await;
        }
    }
}

async fn finish_parts(parts: &mut dyn MultipartUpload, rest: Bytes) -> Result<(), object_store::Error> {
    if !rest.is_empty() {
        parts.put_part(PutPayload::from_bytes(rest)).await?;
    }
    parts.complete().await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_well() {
        assert_eq!(size_in_words(20 * 1024 * 1024), "20 MB");
        assert_eq!(size_in_words(512), "512 bytes");
    }

    #[test]
    fn keys_are_opaque_and_spread() {
        let key: FileKey = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
        assert_eq!(key.path().to_string(), "57/01890a5dac96774bbcceb302099a8057");
    }

    #[test]
    fn problems_say_what_to_do_next() {
        let problem: Problem = FileStoreError::TooLarge { limit: 10 * 1024 * 1024 }.into();
        assert_eq!(problem.kind, ProblemKind::TooLarge);
        assert_eq!(problem.title, "The file is larger than 10 MB");
        assert!(problem.next.starts_with("Make it smaller"));
    }
}
