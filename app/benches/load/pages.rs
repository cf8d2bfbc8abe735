//! The pages of a full round under a constant load, measured at the client and by the server itself; every page is asked for by somebody who may see it.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use hiec_competition::demo::crowd;
use hiec_kernel::PersonId;
use hiec_store::Database;
use rand::seq::SliceRandom;

use super::client::{Connection, Request};
use super::rate::{self, quantile};
use super::rounds;
use super::server::{Answered, Server, Use};

/// A page of the measure: its name, and the template of its route.
pub struct Kind {
    pub name: &'static str,
    pub route: &'static str,
    /// The issue names it: the targets are for these.
    pub is_named: bool,
}

pub const KINDS: [Kind; 9] = [
    Kind { name: "list of all reviews", route: "/calls/{call}/reviews", is_named: true },
    Kind { name: "bid", route: "/bids/{bid}", is_named: true },
    Kind { name: "review form", route: "/reviews/{review}", is_named: true },
    Kind { name: "ranking", route: "/calls/{call}/ranking", is_named: true },
    Kind { name: "list of questionnaires", route: "/calls/{call}/pqqs", is_named: true },
    Kind { name: "list of assessors", route: "/calls/{call}/assessors", is_named: true },
    Kind { name: "my bids", route: "/bids", is_named: true },
    Kind { name: "my reviews", route: "/reviews", is_named: true },
    Kind { name: "call", route: "/calls/{call}", is_named: false },
];

/// What was measured of one kind.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    pub asked: usize,
    /// Sorted, by the server's own log: from the request's head to the answer's head.
    pub server: Vec<Duration>,
    /// Sorted, at the client: from when it was due to the last byte.
    pub client: Vec<Duration>,
    pub bytes: usize,
    /// Processor milliseconds for one, when asked for one after another.
    pub processor: f64,
}

/// Of the whole run.
pub struct Measured {
    pub kinds: BTreeMap<usize, Figures>,
    pub idle: Use,
    pub after: Use,
    pub started_in: Duration,
    pub faults: Vec<String>,
}

/// Each page by itself, one after another, then all of them mixed at the rate.
pub async fn measure(binary: &Path, url: &str, folder: &Path, per_second: u32, seconds: u32) -> Measured {
    let database = Database::connect(url).await.expect("the database opens");
    let requests = requests(&database).await;
    database.close().await.expect("it closes");
    let server = Server::start(binary, url, folder);
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut measured = Measured {
        kinds: BTreeMap::new(),
        idle: server.uses(),
        after: Use::default(),
        started_in: server.started_in,
        faults: Vec::new(),
    };
    for kind in 0..KINDS.len() {
        let own: Vec<&Request> = requests.iter().filter(|(of, _)| *of == kind).map(|(_, one)| one).collect();
        measured.kinds.entry(kind).or_default().processor = alone(&server, &own, &mut measured.faults).await;
    }
    server.answered();
    let mut mixed = requests;
    mixed.shuffle(&mut rand::rng());
    for sample in rate::constant(&server.address, &mixed, per_second, seconds).await {
        let figures = measured.kinds.entry(sample.kind).or_default();
        figures.asked += 1;
        figures.client.push(sample.took);
        figures.bytes = figures.bytes.max(sample.bytes);
        if sample.status != 200 {
            measured.faults.push(format!("{}: answered {}", KINDS[sample.kind].name, sample.status));
        }
    }
    // The last lines may still be in the pipe.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let (answered, worse) = server.answered();
    measured.faults.extend(worse);
    measured.after = server.uses();
    sort(&mut measured, &answered);
    measured
}

fn sort(measured: &mut Measured, answered: &[Answered]) {
    for (kind, figures) in &mut measured.kinds {
        figures.server = answered
            .iter()
            .filter(|one| one.status == 200 && one.route == KINDS[*kind].route)
            .map(|one| one.took)
            .collect();
        figures.server.sort();
        figures.client.sort();
    }
}

/// Processor milliseconds of the server for one request of this kind.
async fn alone(server: &Server, requests: &[&Request], faults: &mut Vec<String>) -> f64 {
    const TIMES: u32 = 100;
    let mut connection = Connection::to(&server.address);
    let mut before = server.uses().processor;
    // The first ones fill caches and are not counted.
    for (nth, request) in (0..TIMES + 10).zip(requests.iter().cycle()) {
        if nth == 10 {
            before = server.uses().processor;
        }
        match connection.send(request).await {
            Ok(response) if response.status == 200 => {}
            other => {
                faults.push(format!("{}: {other:?}", request.path).chars().take(300).collect());
                break;
            }
        }
    }
    (server.uses().processor - before) * 1000.0 / f64::from(TIMES)
}

/// For each kind up to forty different people and things.
async fn requests(database: &Database) -> Vec<(usize, Request)> {
    const DIFFERENT: usize = 40;
    let call = format!("/calls/{}", hiec_competition::demo::CALL);
    let office = rounds::sign_in_as(database, "office").await;
    let leads = rounds::leads(database).await;
    let drafts: Vec<_> = crowd::reviews(database)
        .await
        .expect("the reviews are read")
        .into_iter()
        .filter(|one| !one.is_submitted)
        .collect();
    let assessors: Vec<PersonId> = drafts.iter().map(|one| one.assessor).collect();
    let tokens = rounds::sign_in(database, &assessors).await;
    let step = (leads.len() / DIFFERENT).max(1);
    let mut requests = Vec::new();
    for (nth, (led, lead)) in leads.iter().step_by(step).take(DIFFERENT).enumerate() {
        let (draft, assessor) = (&drafts[nth % drafts.len()], &tokens[nth % drafts.len()]);
        let page = if nth % 4 == 0 { String::new() } else { format!("?page={}", nth % 8 + 1) };
        requests.extend([
            (0, Request::get(format!("{call}/reviews{page}"), &office)),
            (1, Request::get(format!("/bids/{}", led.bid), if nth % 2 == 0 { lead } else { &office })),
            (2, Request::get(format!("/reviews/{}", draft.review), assessor)),
            (3, Request::get(format!("{call}/ranking{page}"), &office)),
            (4, Request::get(format!("{call}/pqqs{page}"), &office)),
            (5, Request::get(format!("{call}/assessors"), &office)),
            (6, Request::get("/bids", lead)),
            (7, Request::get("/reviews", assessor)),
            (8, Request::get(call.clone(), lead)),
        ]);
    }
    requests
}

/// Milliseconds at a share of the sorted values.
pub fn milliseconds(sorted: &[Duration], share: f64) -> f64 {
    quantile(sorted, share).as_secs_f64() * 1000.0
}
