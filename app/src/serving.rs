//! Listening: bind, print one line with the address, answer until told to stop, then finish what is under way.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;

/// Binds the address; port 0 takes a free one.
pub async fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        let advice = match error.kind() {
            io::ErrorKind::AddrInUse => "another program listens there already: choose another with --port",
            io::ErrorKind::PermissionDenied => {
                "ports below 1024 need the right to use them: choose a higher one with --port"
            }
            _ => "check the address",
        };
        io::Error::new(error.kind(), format!("cannot listen on {address}: {error} ({advice})"))
    })
}

/// How long requests under way may take to finish after SIGTERM.
pub const DRAIN: Duration = Duration::from_secs(20);

/// Serves until SIGTERM or Ctrl-C, then drains.
pub async fn serve(listener: TcpListener, router: Router) -> io::Result<()> {
    let (told, mut wait) = tokio::sync::watch::channel(false);
    // Every request carries the address of its connection, for the limits on how often something may be tried.
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let graceful = axum::serve(listener, service).with_graceful_shutdown(async move {
        stop_signal().await;
        tracing::info!("stopping: finishing what is under way");
        let _ = told.send(true);
    });
    tokio::select! {
        result = graceful => result,
        () = async {
            let _ = wait.changed().await;
            tokio::time::sleep(DRAIN).await;
        } => {
            tracing::warn!("some requests did not finish in time");
            Ok(())
        }
    }
}

async fn stop_signal() {
    let interrupt = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => tokio::select! {
                () = interrupt => {}
                _ = terminate.recv() => {}
            },
            Err(_) => interrupt.await,
        }
    }
    #[cfg(not(unix))]
    interrupt.await;
}
