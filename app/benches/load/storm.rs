//! Everybody submits in the last moments before the deadline: every receipt given must be a bid held, every refusal must say why, and who sent in time must be in.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use chrono::TimeDelta;
use hiec_competition::demo::crowd;
use hiec_kernel::{Clock, SystemClock, Timestamp};
use hiec_store::{Database, FromQueryResult, Reads, values};
use rand::Rng;
use uuid::Uuid;

use super::client::{Connection, Request, Response};
use super::rounds;
use super::server::Server;

/// What a storm came to.
#[derive(Clone, Debug, Default)]
pub struct Storm {
    pub sent: usize,
    pub receipts: usize,
    pub refused: usize,
    /// The longest anybody waited for an answer.
    pub longest: Duration,
    /// Everything that must not be.
    pub faults: Vec<String>,
}

/// A submission on its way.
struct Sent {
    bid: Uuid,
    at: Timestamp,
    answered: Timestamp,
    outcome: std::io::Result<Response>,
}

/// All bidders of the round at `url` submit within `window` around the deadline: one in twenty too late. Who sent `spare` before it must be
/// in: what it takes to cross this machine's loopback and be read, with much to spare.
pub async fn blow(binary: &Path, url: &str, folder: &Path, window: Duration, spare: Duration) -> Storm {
    let database = Database::connect(url).await.expect("the database opens");
    let leads = rounds::leads(&database).await;
    let server = Server::start(binary, url, folder);
    let window = TimeDelta::from_std(window).expect("a window");
    let spare = TimeDelta::from_std(spare).expect("a span");
    let begun = SystemClock.now() + TimeDelta::seconds(1);
    let deadline = begun + window;
    crowd::set_deadline(&database, deadline, SystemClock.now()).await.expect("the deadline is set");
    let tasks: Vec<_> = leads
        .iter()
        .map(|(led, token)| {
            // In twentieths of the window: the last one lies after the deadline.
            let twentieths = rand::rng().random_range(0.0..20.0 / 0.95);
            let at = begun + TimeDelta::milliseconds((window.num_milliseconds() as f64 * twentieths / 20.0) as i64);
            let request = Request::post(format!("/bids/{}/submission", led.bid), token, "paper=bid");
            let (bid, mut connection) = (led.bid.0, Connection::to(&server.address));
            tokio::spawn(async move {
                tokio::time::sleep((at - SystemClock.now()).to_std().unwrap_or_default()).await;
                let at = SystemClock.now();
                let outcome = connection.send(&request).await;
                Sent { bid, at, answered: SystemClock.now(), outcome }
            })
        })
        .collect();
    let mut sent = Vec::with_capacity(tasks.len());
    for task in tasks {
        sent.push(task.await.expect("a bidder's task ends"));
    }
    let mut storm = judged(&sent, deadline, deadline - spare, &held(&database).await);
    let (_, worse) = server.answered();
    storm.faults.extend(worse.into_iter().map(|line| format!("in the log: {line}")));
    storm
}

/// The receipts held, by bid.
pub async fn held(database: &Database) -> BTreeMap<String, Uuid> {
    #[derive(FromQueryResult)]
    struct Row {
        bid_id: Uuid,
        receipt_number: String,
    }
    let rows: Vec<Row> = database
        .all(
            "SELECT bid_id, receipt_number FROM competition_submission WHERE form = 'bid' ORDER BY receipt_number",
            values![],
        )
        .await
        .expect("the submissions are read");
    rows.into_iter().map(|row| (row.receipt_number, row.bid_id)).collect()
}

/// The number of the receipt, where one was given.
pub fn receipt(response: &Response) -> Option<String> {
    (response.status == 201).then(|| response.location.rsplit('/').next().unwrap_or_default().to_owned())
}

fn judged(sent: &[Sent], deadline: Timestamp, in_time: Timestamp, held: &BTreeMap<String, Uuid>) -> Storm {
    let mut storm = Storm { sent: sent.len(), ..Storm::default() };
    for one in sent {
        storm.longest = storm.longest.max((one.answered - one.at).to_std().unwrap_or_default());
        let response = match &one.outcome {
            Ok(response) => response,
            Err(error) => {
                storm.faults.push(format!("{}: no answer: {error}", one.bid));
                continue;
            }
        };
        match receipt(response) {
            Some(number) => {
                storm.receipts += 1;
                if held.get(&number) != Some(&one.bid) {
                    storm.faults.push(format!("{}: receipt {number} was given and no bid is held", one.bid));
                }
                if one.at >= deadline {
                    storm.faults.push(format!("{}: taken, though sent after the deadline", one.bid));
                }
            }
            None => {
                storm.refused += 1;
                if !says_why(response) {
                    let body = String::from_utf8_lossy(&response.body);
                    storm.faults.push(format!("{}: refused without a reason: {} {body}", one.bid, response.status));
                }
                if one.at < in_time {
                    let body = String::from_utf8_lossy(&response.body);
                    storm.faults.push(format!("{}: sent in time and refused: {} {body}", one.bid, response.status));
                }
            }
        }
    }
    if held.len() != storm.receipts {
        storm.faults.push(format!("{} receipts were given and {} bids are held", storm.receipts, held.len()));
    }
    storm
}

/// A refusal names what is missing, or what happened and what to do next.
fn says_why(response: &Response) -> bool {
    let Ok(body) = serde_json::from_slice::<serde_json::Value>(&response.body) else {
        return false;
    };
    let text = |value: &serde_json::Value| value.as_str().is_some_and(|text| !text.is_empty());
    let missing =
        body["missing"].as_array().is_some_and(|all| !all.is_empty() && all.iter().all(|one| text(&one["what"])));
    (400..500).contains(&response.status) && (missing || (text(&body["title"]) && text(&body["detail"])))
}
