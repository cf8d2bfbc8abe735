//! What a file store must do, asked of a folder and, where `HIEC_TEST_S3` gives its address, of an S3 server; in CI the second may not be left out.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use std::convert::Infallible;

use bytes::Bytes;
use futures_util::stream;
use hiec_files::{FileKey, FileKind, FileStore, FileStoreError, Refusal};
use hiec_kernel::Fingerprint;
use uuid::Uuid;

const LIMIT: u64 = 40 * 1024 * 1024;

fn key(number: u128) -> FileKey {
    FileKey(Uuid::from_u128(
        0x0190_0000_0000_7000_8000_0000_0000_0000 + number,
    ))
}

/// A PDF of this length, in pieces as a browser sends them.
fn pdf_in_pieces(
    length: usize,
) -> (
    Vec<u8>,
    impl futures_util::Stream<Item = Result<Bytes, Infallible>>,
) {
    let mut whole = b"%PDF-1.7\n".to_vec();
    whole.extend((whole.len()..length).map(|place| (place % 251) as u8));
    let pieces: Vec<_> = whole
        .chunks(60_000)
        .map(|piece| Ok(Bytes::copy_from_slice(piece)))
        .collect();
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
    for (number, length) in [
        (1, 12),
        (2, 70_000),
        (3, 6 * 1024 * 1024),
        (4, 15 * 1024 * 1024 + 7),
    ] {
        let (whole, pieces) = pdf_in_pieces(length);
        let stored = store
            .put(key(number), "C:\\plans\\Plan é.PDF", pieces, LIMIT)
            .await
            .unwrap();
        assert_eq!(stored.bytes, whole.len() as u64);
        assert_eq!(stored.sha256, Fingerprint::of_bytes(&whole));
        assert_eq!(
            (stored.kind, stored.name.as_str()),
            (FileKind::Pdf, "Plan é.pdf")
        );
        assert_eq!(store.read(key(number), LIMIT).await.unwrap(), whole);
        assert!(matches!(
            store.read(key(number), 5).await,
            Err(FileStoreError::TooLarge { limit: 5 })
        ));
    }
    let held: Vec<FileKey> = store
        .keys()
        .await
        .unwrap()
        .into_iter()
        .map(|(key, _)| key)
        .collect();
    assert_eq!(held, [key(1), key(2), key(3), key(4)]);
}

async fn a_file_too_large_leaves_nothing(store: &FileStore) {
    // More than one part has been sent when the limit is passed.
    let (_, pieces) = pdf_in_pieces(9 * 1024 * 1024);
    let refused = store
        .put(key(10), "big.pdf", pieces, 8 * 1024 * 1024)
        .await
        .unwrap_err();
    assert!(
        refused.to_string().contains("larger than 8 MB"),
        "{refused}"
    );
    assert_absent(store, key(10)).await;
    let (_, pieces) = pdf_in_pieces(100);
    assert_eq!(
        store
            .put(key(11), "fits.pdf", pieces, 100)
            .await
            .unwrap()
            .bytes,
        100
    );
    store.delete(key(11)).await.unwrap();
}

async fn a_refused_or_broken_upload_leaves_nothing(store: &FileStore) {
    let program = Bytes::from_static(b"MZ\x90\0\x03");
    let refused = store
        .put_bytes(key(12), "bid.pdf", program, LIMIT)
        .await
        .unwrap_err();
    assert!(
        matches!(
            refused,
            FileStoreError::Refused(Refusal::NotAccepted { .. })
        ),
        "{refused}"
    );
    assert_absent(store, key(12)).await;

    let (whole, _) = pdf_in_pieces(7 * 1024 * 1024);
    let broken = stream::iter([Ok(Bytes::from(whole)), Err("connection reset")]);
    let error = store
        .put(key(13), "bid.pdf", broken, LIMIT)
        .await
        .unwrap_err();
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
    let stalled = futures_util::StreamExt::chain(
        stream::iter([Ok::<_, Infallible>(Bytes::from(whole))]),
        stream::pending(),
    );
    let upload = store.put(key(20), "bid.pdf", stalled, LIMIT);
    let outcome = tokio::time::timeout(std::time::Duration::from_millis(300), upload).await;
    assert!(
        outcome.is_err(),
        "the upload was still waiting for the rest"
    );
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
        .flat_map(|path| {
            if path.is_dir() {
                files_under(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

#[cfg(feature = "s3")]
mod on_s3 {
    use std::io::{Read, Write};

    use hiec_files::object::S3Settings;

    use super::*;

    #[tokio::test]
    async fn an_s3_server_keeps_its_promises() {
        let Ok(endpoint) = std::env::var("HIEC_TEST_S3") else {
            assert!(
                !is_ci(),
                "HIEC_TEST_S3 must give the address of an S3 server in CI"
            );
            eprintln!("SKIPPED: HIEC_TEST_S3 is not set");
            return;
        };
        let bucket = "hiec-store-promises";
        make_bucket(&endpoint, bucket);
        let store = FileStore::s3(&S3Settings {
            endpoint,
            region: "eu-west-2".into(),
            bucket: bucket.into(),
            access_key_id: "test".into(),
            secret_access_key: "test".into(),
            is_http_allowed: true,
        })
        .unwrap();
        keeps_its_promises(&store).await;
    }

    /// The store's own interface makes no buckets; test servers take this request unsigned.
    fn make_bucket(endpoint: &str, bucket: &str) {
        let address = endpoint.trim_start_matches("http://").trim_end_matches('/');
        let mut connection = std::net::TcpStream::connect(address).unwrap();
        write!(connection, "PUT /{bucket} HTTP/1.1\r\nHost: {address}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        let is_there = answer.starts_with("HTTP/1.1 200") || answer.starts_with("HTTP/1.1 409");
        assert!(is_there, "{answer}");
    }
}

#[test]
fn ci_leaves_s3_in() {
    assert!(
        cfg!(feature = "s3") || !is_ci(),
        "in CI the tests run with the s3 feature, as the program does"
    );
}

fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| !value.is_empty() && value != "false")
}
