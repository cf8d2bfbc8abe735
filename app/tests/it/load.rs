//! The rush before a deadline and kills in mid-load, small: by the same hands as the bench at full size (`app/benches/load`), on the real server as a process of its own on this machine.

use std::path::Path;
use std::time::Duration;

use hiec_competition::demo::crowd::Crowd;
use hiec_testkit::for_each_database;
use rounds::{Round, Standing};

#[path = "../../benches/load/client.rs"]
#[expect(dead_code, reason = "the bench reads pages too")]
mod client;
#[path = "../../benches/load/kills.rs"]
mod kills;
#[path = "../../benches/load/rounds.rs"]
#[expect(dead_code, reason = "the bench plays rounds under assessment too")]
mod rounds;
#[path = "../../benches/load/server.rs"]
#[expect(dead_code, reason = "the bench measures the server too")]
mod server;
#[path = "../../benches/load/storm.rs"]
mod storm;

const BIDDERS: usize = 12;

async fn before_the_deadline() -> Round {
    Round::play(Crowd { bids: BIDDERS, assessors: 1 }, Standing::BeforeTheDeadline).await
}

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_hiec"))
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_rush_before_a_deadline_every_receipt_is_a_bid_and_every_refusal_says_why() {
    let round = &before_the_deadline().await;
    for_each_database(|url| async move {
        match url.strip_prefix("sqlite://") {
            Some(file) => {
                std::fs::copy(round.file(), file).expect("the round is copied");
            }
            None => round.copy_to(&url).await,
        }
        // Much to spare: other tests share this machine.
        let (window, spare) = (Duration::from_secs(3), Duration::from_secs(2));
        let storm = storm::blow(program(), &url, round.folder(), window, spare).await;
        assert!(storm.faults.is_empty(), "{:#?}", storm.faults);
        assert_eq!((storm.sent, storm.receipts + storm.refused), (BIDDERS, BIDDERS));
        assert!(storm.receipts > 0, "nobody came in");
        assert!(storm.longest < Duration::from_secs(20), "somebody waited {:?}", storm.longest);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_loses_nothing_it_acknowledged() {
    let round = before_the_deadline().await;
    let kills = kills::strike(program(), &round.url(), round.folder(), BIDDERS, 2).await;
    assert!(kills.faults.is_empty(), "{:#?}", kills.faults);
    assert_eq!(kills.kills, 2);
    assert!(kills.held_untold <= kills.cut_off, "more is held than was sent");
    assert!(kills.acknowledged > 0, "nothing was acknowledged before the kills");
}
