//! The demonstration's governance, played to the last period: the annual meeting on its day, the money as published, the grant hosted.

use hiec_cluster::ClusterPort;
use hiec_cluster::clusters::founding;
use hiec_cluster::demo::live_until;
use hiec_contracts::demonstration::{NECLES, Period};
use hiec_contracts::{Award, Clusters};
use hiec_kernel::Money;
use hiec_kernel::people::Actor;
use hiec_testkit::for_each_database;

use crate::house::{award, register};

/// The names of where the meetings of a body stand, the latest first.
fn states(overview: &serde_json::Value, body: &str) -> Vec<String> {
    let meetings = overview["meetings"].as_array().unwrap();
    let of_body = meetings.iter().filter(|one| one["body"] == body);
    of_body.map(|one| one["state"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn necles_is_governed_through_its_two_years() {
    for_each_database(|url| async move {
        let stand = register(&url).await;
        let mut unit = stand.state.begin(Actor::System("test".into())).await.unwrap();
        let name = "North East London, North Central London and Essex HIEC".to_owned();
        founding::from_award(&mut unit, &Award { name, ..award() }).await.unwrap();
        unit.commit().await.unwrap();
        let board = format!("/clusters/{NECLES}/board");
        for period in Period::ALL {
            live_until(&stand.state, &stand.clock, *period).await.unwrap();
            stand.clock.set(period.moment());
            stand.do_jobs().await;
            let chair = hiec_access::people::by_email(&stand.database(), "cluster-chair@demo.example").await.unwrap();
            let mut browser = stand.browser_of(chair.unwrap().id).await;
            let (_, overview) = browser.get_json(&board).await;
            let annual = states(&overview, "Annual meeting");
            match period {
                Period::Founding => assert_eq!(states(&overview, "Board"), ["planned"]),
                Period::FirstYear => assert!(annual.is_empty()),
                // Its papers are out on its morning, and its minutes are signed afterwards.
                Period::AnnualMeeting => assert_eq!(annual, ["papers_out"]),
                Period::SecondYear => {
                    assert_eq!(annual, ["signed"]);
                    browser.get(&format!("{board}/decisions/1")).await.expect_text("Three were enough for the team");
                }
                Period::Closing => {
                    assert_eq!(states(&overview, "Board").first().map(String::as_str), Some("papers_out"));
                    browser.get(&format!("/clusters/{NECLES}/funding")).await.expect_text("NHS Redbridge");
                    browser.get(&format!("/clusters/{NECLES}/health")).await.expect_text("Trust and value");
                    let (_, decisions) = browser.get_json(&format!("{board}/decisions")).await;
                    assert_eq!(decisions.as_array().unwrap().len(), 8);
                    browser.get(&format!("{board}/said")).await.expect_text("We did:");
                }
                Period::Emergency => {}
            }
        }
        let database = stand.database();
        let cluster = ClusterPort.by_key(&database, NECLES).await.unwrap().unwrap();
        let standing = ClusterPort.standing(&database, cluster.id, cluster.starts_on, cluster.ends_on).await.unwrap();
        assert_eq!(standing.term.budget, Money::pounds(1_100_000));
        // Neither far below nor far above what was given.
        let forecast = standing.term.forecast.0;
        assert!((100_000_000..=112_000_000).contains(&forecast), "{}", standing.term.forecast);
        assert_eq!(standing.risks.len(), 4);
    })
    .await;
}
