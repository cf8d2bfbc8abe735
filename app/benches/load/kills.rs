//! The server is killed in mid-load again and again: no submission it acknowledged may be lost, and its audit trail must verify after each.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hiec_store::Database;
use rand::Rng;
use uuid::Uuid;

use super::client::{Connection, Request};
use super::server::Server;
use super::{rounds, storm};

/// What the kills came to.
#[derive(Clone, Debug, Default)]
pub struct Kills {
    pub kills: usize,
    pub acknowledged: usize,
    /// Requests the kills cut off.
    pub cut_off: usize,
    /// Of those, how many the database holds all the same: stored, but nobody could be told.
    pub held_untold: usize,
    pub faults: Vec<String>,
}

/// Bidders submit over and over, each its own bid, while the server is killed `times` times.
pub async fn strike(binary: &Path, url: &str, folder: &Path, bidders: usize, times: usize) -> Kills {
    let database = Database::connect(url).await.expect("the database opens");
    let mut leads = rounds::leads(&database).await;
    leads.truncate(bidders);
    // A connection of ours must not be what recovers the file.
    database.close().await.expect("it closes");
    let told: Arc<Mutex<BTreeMap<String, Uuid>>> = Arc::default();
    let mut kills = Kills { kills: times, ..Kills::default() };
    for nth in 1..=times {
        let server = Server::start(binary, url, folder);
        let tasks: Vec<_> = leads
            .iter()
            .map(|(led, token)| {
                let request = Request::post(format!("/bids/{}/submission", led.bid), token, "paper=bid");
                let (bid, told, mut connection) = (led.bid.0, told.clone(), Connection::to(&server.address));
                tokio::spawn(async move {
                    let mut faults = Vec::new();
                    loop {
                        match connection.send(&request).await {
                            Ok(response) => match storm::receipt(&response) {
                                Some(number) => {
                                    told.lock().expect("not poisoned").insert(number, bid);
                                }
                                None => faults.push(format!(
                                    "{bid}: refused: {} {}",
                                    response.status,
                                    String::from_utf8_lossy(&response.body)
                                )),
                            },
                            Err(_) => break faults,
                        }
                    }
                })
            })
            .collect();
        let alive = Duration::from_millis(rand::rng().random_range(200..1200));
        tokio::time::sleep(alive).await;
        server.kill();
        for task in tasks {
            kills.cut_off += 1;
            kills.faults.extend(task.await.expect("a bidder's task ends"));
        }
        let verified = Command::new(binary)
            .args(["audit", "verify", "--database", url])
            .env_remove("HIEC_DATABASE")
            .output()
            .expect("hiec audit verify runs");
        if !verified.status.success() {
            let said = String::from_utf8_lossy(&verified.stdout).into_owned();
            kills.faults.push(format!("after kill {nth} the audit trail does not verify: {said}"));
        }
        let database = Database::connect(url).await.expect("the database opens");
        let held = storm::held(&database).await;
        database.close().await.expect("it closes");
        let told = told.lock().expect("not poisoned");
        for (number, bid) in told.iter().filter(|(number, bid)| held.get(*number) != Some(bid)) {
            kills.faults.push(format!("after kill {nth}: receipt {number} of {bid} was given and is lost"));
        }
        kills.acknowledged = told.len();
        kills.held_untold = held.len().saturating_sub(told.len());
        if !kills.faults.is_empty() {
            break;
        }
    }
    kills
}
