//! What a file store must do, asked of a folder and of a real S3 server; neither may be left out.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use std::convert::Infallible;

use bytes::Bytes;
use futures_util::stream;
use hiec_files::{FileKey, FileKind, FileStore, FileStoreError, Refusal};
use hiec_kernel::Fingerprint;
use uuid::Uuid;

const LIMIT: u64 = 40 * 1024 * 1024;

fn key(number: u128) -> FileKey {
    FileKey(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number))
}

/// A PDF of this length, in pieces as a browser sends them.
fn pdf_in_pieces(length: usize) -> (Vec<u8>, impl futures_util::Stream<Item = Result<Bytes, Infallible>>) {
    let mut whole = b"%PDF-1.7\n".to_vec();
    whole.extend((whole.len()..length).map(|place| (place % 251) as u8));
    let pieces: Vec<_> = whole.chunks(60_000).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    (whole, stream::iter(pieces))
}

/// Every promise of the store.
async fn keeps_its_promises(store: &FileStore) {
    small_and_large_files_come_back_whole(store).await;
    a_file_too_large_leaves_nothing(store).await;
    a_refused_or_broken_upload_leaves_nothing(store).await;
    deleting_twice_is_fine(store).await;
}

async fn small_and_large_files_come_back_whole(store: &FileStore) {
    for (number, length) in [(1, 12), (2, 70_000), (3, 6 * 1024 * 1024), (4, 15 * 1024 * 1024 + 7)] {
        let (whole, pieces) = pdf_in_pieces(length);
        let stored = store.put(key(number), "C:\\plans\\Plan é.PDF", pieces, LIMIT).await.unwrap();
        assert_eq!(stored.bytes, whole.len() as u64);
        assert_eq!(stored.sha256, Fingerprint::of_bytes(&whole));
        assert_eq!((stored.kind, stored.name.as_str()), (FileKind::Pdf, "Plan é.pdf"));
        assert_eq!(store.read(key(number), LIMIT).await.unwrap(), whole);
        assert!(matches!(store.read(key(number), 5).await, Err(FileStoreError::TooLarge { limit: 5 })));
    }
    let held: Vec<FileKey> = store.keys().await.unwrap().into_iter().map(|(key, _)| key).collect();
    assert_eq!(held, [key(1), key(2), key(3), key(4)]);
}

async fn a_file_too_large_leaves_nothing(store: &FileStore) {
    // More than one part has been sent when the limit is passed.
    let (_, pieces) = pdf_in_pieces(9 * 1024 * 1024);
    let refused = store.put(key(10), "big.pdf", pieces, 8 * 1024 * 1024).await.unwrap_err();
    assert!(refused.to_string().contains("larger than 8 MB"), "{refused}");
    assert_absent(store, key(10)).await;
    let (_, pieces) = pdf_in_pieces(100);
    assert_eq!(store.put(key(11), "fits.pdf", pieces, 100).await.unwrap().bytes, 100);
    store.delete(key(11)).await.unwrap();
}

async fn a_refused_or_broken_upload_leaves_nothing(store: &FileStore) {
    let program = Bytes::from_static(b"MZ\x90\0\x03");
    let refused = store.put_bytes(key(12), "bid.pdf", program, LIMIT).await.unwrap_err();
    assert!(matches!(refused, FileStoreError::Refused(Refusal::NotAccepted { .. })), "{refused}");
    assert_absent(store, key(12)).await;

    let (whole, _) = pdf_in_pieces(7 * 1024 * 1024);
    let broken = stream::iter([Ok(Bytes::from(whole)), Err("connection reset")]);
    let error = store.put(key(13), "bid.pdf", broken, LIMIT).await.unwrap_err();
    assert!(matches!(error, FileStoreError::BrokenOff { .. }), "{error}");
    assert_absent(store, key(13)).await;
}

async fn deleting_twice_is_fine(store: &FileStore) {
    for number in 1..=4 {
        store.delete(key(number)).await.unwrap();
        store.delete(key(number)).await.unwrap();
        assert_absent(store, key(number)).await;
    }
    assert_eq!(store.keys().await.unwrap(), []);
}

async fn assert_absent(store: &FileStore, key: FileKey) {
    match store.get(key).await {
        Err(FileStoreError::Missing(missing)) => assert_eq!(missing, key),
        Err(other) => panic!("{other}"),
        Ok((bytes, _)) => panic!("{bytes} bytes are still there"),
    }
}

#[tokio::test]
async fn a_folder_keeps_its_promises() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileStore::folder(&folder.path().join("files")).unwrap();
    keeps_its_promises(&store).await;
    let left = files_under(&folder.path().join("files"));
    assert!(left.is_empty(), "left behind: {left:?}");
}

#[tokio::test]
async fn an_upload_dropped_half_way_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileStore::folder(folder.path()).unwrap();
    let (whole, _) = pdf_in_pieces(7 * 1024 * 1024);
    let stalled =
        futures_util::StreamExt::chain(stream::iter([Ok::<_, Infallible>(Bytes::from(whole))]), stream::pending());
    let upload = store.put(key(20), "bid.pdf", stalled, LIMIT);
    let outcome = tokio::time::timeout(std::time::Duration::from_millis(300), upload).await;
    assert!(outcome.is_err(), "the upload was still waiting for the rest");
    for _ in 0..50 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        if files_under(folder.path()).is_empty() {
            return;
        }
    }
    panic!("left behind: {:?}", files_under(folder.path()));
}

fn files_under(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .flat_map(|path| if path.is_dir() { files_under(&path) } else { vec![path] })
        .collect()
}

mod on_s3 {
    use hiec_files::object::S3Settings;
    use hiec_testkit::S3Server;

    use super::*;

    #[tokio::test]
    async fn an_s3_server_keeps_its_promises() {
        let server = S3Server::start().await;
        let store = FileStore::s3(&S3Settings {
            endpoint: server.endpoint.clone(),
            region: server.region.clone(),
            bucket: server.bucket.clone(),
            access_key_id: server.access_key.clone(),
            secret_access_key: server.secret_key.clone(),
            is_http_allowed: true,
        })
        .unwrap();
        keeps_its_promises(&store).await;
    }
}
