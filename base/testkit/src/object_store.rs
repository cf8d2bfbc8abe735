//! A real S3 server for one test (`s3s-fs`: signatures checked, objects in a folder), on the loopback address; gone with the value.

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A running S3 server with one empty bucket. Addresses are path-style: `{endpoint}/{bucket}/{key}`.
#[derive(Debug)]
pub struct S3Server {
    /// `http://127.0.0.1:{port}`.
    pub endpoint: String,
    pub bucket: String,
    /// Any other access key or secret is refused.
    pub access_key: String,
    pub secret_key: String,
    /// The server signs for any; clients want one.
    pub region: String,
    serving: JoinHandle<()>,
    _folder: TempDir,
}

impl S3Server {
    /// Starts the server on a free port, on the test's own runtime.
    ///
    /// # Panics
    /// When the folder cannot be made or no port is free.
    pub async fn start() -> Self {
        let (bucket, access_key) = ("hiec-test".to_owned(), "test-access".to_owned());
        let secret_key = format!("{:016x}", rand::random::<u64>());
        let folder =
            tempfile::Builder::new().prefix("hiec-s3-").tempdir().expect("a temporary folder for the S3 server");
        std::fs::create_dir(folder.path().join(&bucket)).expect("the bucket's folder");

        let objects = FileSystem::new(folder.path()).expect("an S3 server over the folder");
        let mut service = S3ServiceBuilder::new(objects);
        service.set_auth(SimpleAuth::from_single(access_key.clone(), secret_key.clone()));

        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("the address listened on");
        Self {
            endpoint: format!("http://{address}"),
            bucket,
            access_key,
            secret_key,
            region: "eu-west-2".to_owned(),
            serving: tokio::spawn(serve(listener, service.build())),
            _folder: folder,
        }
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(listener: TcpListener, service: S3Service) {
    while let Ok((socket, _)) = listener.accept().await {
        let service = service.clone();
        tokio::spawn(async move {
            // A client that goes away in the middle is part of what tests do.
            let _ = Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(socket), service).await;
        });
    }
}

#[cfg(test)]
mod tests {
    use object_store::aws::AmazonS3Builder;
    use object_store::path::Path;
    use object_store::{Error, ObjectStore, ObjectStoreExt, PutMode, PutPayload};

    use super::*;

    fn client(server: &S3Server, secret: &str) -> impl ObjectStore {
        // The HTTP client asks for one when it is built, also where it will speak plain HTTP.
        let _ = rustls::crypto::ring::default_provider().install_default();
        AmazonS3Builder::new()
            .with_endpoint(&server.endpoint)
            .with_allow_http(true)
            .with_region(&server.region)
            .with_bucket_name(&server.bucket)
            .with_access_key_id(&server.access_key)
            .with_secret_access_key(secret)
            .with_retry(object_store::RetryConfig { max_retries: 0, ..Default::default() })
            .build()
            .expect("an S3 client")
    }

    #[tokio::test]
    async fn object_store_puts_gets_and_deletes_here() {
        let server = S3Server::start().await;
        let store = client(&server, &server.secret_key);
        let path = Path::from("bids/one.txt");
        store.put(&path, PutPayload::from_static(b"a bid")).await.expect("put");
        let read = store.get(&path).await.expect("get").bytes().await.expect("bytes");
        assert_eq!(read.as_ref(), b"a bid");
        store.delete(&path).await.expect("delete");
        let gone = store.get(&path).await.expect_err("it was deleted");
        assert!(matches!(gone, Error::NotFound { .. }), "{gone}");
    }

    #[tokio::test]
    async fn parts_become_one_object() {
        let server = S3Server::start().await;
        let store = client(&server, &server.secret_key);
        let path = Path::from("large.bin");
        let mut upload = store.put_multipart(&path).await.expect("begin");
        let part = vec![7_u8; 5 * 1024 * 1024];
        for _ in 0..2 {
            upload.put_part(part.clone().into()).await.expect("a part");
        }
        upload.complete().await.expect("complete");
        assert_eq!(store.head(&path).await.expect("head").size, 10 * 1024 * 1024);
    }

    #[tokio::test]
    async fn an_object_is_created_only_once() {
        let server = S3Server::start().await;
        let store = client(&server, &server.secret_key);
        let path = Path::from("once.txt");
        let create = || store.put_opts(&path, PutPayload::from_static(b"x"), PutMode::Create.into());
        create().await.expect("the first");
        let again = create().await.expect_err("the second");
        assert!(matches!(again, Error::AlreadyExists { .. }), "{again}");
    }

    #[tokio::test]
    async fn a_wrong_secret_is_refused() {
        let server = S3Server::start().await;
        let store = client(&server, "not-the-secret");
        let refused =
            store.put(&Path::from("a.txt"), PutPayload::from_static(b"x")).await.expect_err("a wrong signature");
        assert!(matches!(refused, Error::PermissionDenied { .. }), "{refused}");
    }
}
