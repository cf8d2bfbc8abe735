//! Requests at a constant rate, sent when their time has come whether or not earlier ones were answered, so that a slow server cannot slow the measure down.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, mpsc};
use tokio::time::{Instant, sleep_until};

use super::client::{Connection, Request};

/// One request and what came of it.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Which of the requests it was.
    pub kind: usize,
    /// From the moment it was due to the last byte of the answer.
    pub took: Duration,
    /// 0 where the connection broke.
    pub status: u16,
    pub bytes: usize,
}

/// Sends `requests` round and round, `per_second`, for `seconds`; each with the number of its kind.
pub async fn constant(address: &str, requests: &[(usize, Request)], per_second: u32, seconds: u32) -> Vec<Sample> {
    const CONNECTIONS: usize = 64;
    let (send, receive) = mpsc::unbounded_channel::<(usize, Request, Instant)>();
    let receive = Arc::new(Mutex::new(receive));
    let senders: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let (receive, mut connection) = (receive.clone(), Connection::to(address));
            tokio::spawn(async move {
                let mut samples = Vec::new();
                loop {
                    let Some((kind, request, due)) = receive.lock().await.recv().await else { break };
                    let (status, bytes) = match connection.send(&request).await {
                        Ok(response) => (response.status, response.body.len()),
                        Err(_) => (0, 0),
                    };
                    samples.push(Sample { kind, took: due.elapsed(), status, bytes });
                }
                samples
            })
        })
        .collect();
    let start = Instant::now();
    let between = Duration::from_secs(1) / per_second.max(1);
    for (nth, (kind, request)) in (0..per_second * seconds).zip(requests.iter().cycle()) {
        let due = start + between * nth;
        sleep_until(due).await;
        let _ = send.send((*kind, request.clone(), due));
    }
    drop(send);
    let mut samples = Vec::new();
    for sender in senders {
        samples.extend(sender.await.expect("a connection's task ends"));
    }
    samples
}

/// The value below which this share of the sorted values lies (nearest rank); zero where there is none.
pub fn quantile(sorted: &[Duration], share: f64) -> Duration {
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.max(1) - 1).copied().unwrap_or_default()
}
