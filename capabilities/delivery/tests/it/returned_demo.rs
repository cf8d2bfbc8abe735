//! The demonstration's returns of NECLES: one accepted after a question, one late, one sent back and signed again, one missing its signature, and the last draft.

use std::sync::Arc;

use hiec_access::{grants, people};
use hiec_contracts::demonstration::Period;
use hiec_contracts::{ClusterSeen, ClustersPort};
use hiec_kernel::clock::FixedClock;
use hiec_kernel::people::{Actor, Person};
use hiec_kernel::{PersonId, Role, Scope};
use hiec_testkit::for_each_database;
use hiec_teststand::Stand;

use crate::clusters::{Told, somebody};
use crate::demo::necles;

/// One of the demonstration's people, with a role.
async fn cast(stand: &Stand, cluster: &ClusterSeen, slug: &str, role: Role) {
    let mut unit = stand.state.begin(Actor::System("test".into())).await.unwrap();
    let person = Person {
        id: PersonId(unit.new_id()),
        name: format!("Demo {slug}"),
        email: format!("{slug}@demo.example"),
        employer: None,
        is_illustrative: true,
    };
    people::add(&mut unit, &person, None).await.unwrap();
    let (scope, within) = match role {
        Role::RegionOfficer => (Scope::Region(cluster.region.unwrap()), None),
        _ => (Scope::Cluster(cluster.id.0), Some(cluster.id.0)),
    };
    grants::give(&mut unit, person.id, role, scope, within).await.unwrap();
    unit.commit().await.unwrap();
}

#[tokio::test]
async fn the_returns_stand_as_the_story_tells() {
    for_each_database(|url| async move {
        let necles = necles();
        let mut services = http::Extensions::new();
        services.insert(ClustersPort(Arc::new(Told(vec![necles.clone()]))));
        let clock = FixedClock::at(Period::Founding.moment());
        let stand = Stand::over(&url, clock, || vec![hiec_delivery::capability()], services).await;
        for partner in &necles.partners {
            stand.add_organisation(&partner.organisation).await;
        }
        for (slug, role) in [
            ("chair", Role::ClusterChair),
            ("director", Role::ClusterDirector),
            ("facilitator", Role::Facilitator),
            ("facilitator-two", Role::Facilitator),
            ("region-lon", Role::RegionOfficer),
        ] {
            cast(&stand, &necles, slug, role).await;
        }
        let stands: [(Period, &[(&str, &str)]); 5] = [
            (Period::Founding, &[]),
            (Period::FirstYear, &[("2010-Q2", "signed"), ("2010-Q3", "draft")]),
            (Period::AnnualMeeting, &[("2010-Q2", "accepted"), ("2010-Q3", "received"), ("2010-Q4", "draft")]),
            (
                Period::SecondYear,
                &[
                    ("2010-Q2", "accepted"),
                    ("2010-Q3", "accepted"),
                    ("2010-Q4", "queried"),
                    ("2011-Q1", "signed"),
                    ("2011-Q2", "draft"),
                ],
            ),
            (
                Period::Closing,
                &[
                    ("2010-Q2", "accepted"),
                    ("2010-Q3", "accepted"),
                    ("2010-Q4", "accepted"),
                    ("2011-Q1", "accepted"),
                    ("2011-Q2", "draft"),
                    ("2011-Q3", "draft"),
                ],
            ),
        ];
        for (period, expected) in stands {
            hiec_delivery::demo::live_until(&stand.state, &stand.clock, period).await.unwrap();
            stand.clock.set(period.moment());
            stand.do_jobs().await;
            let (_, data) = stand.browser().get_json("/clusters/necles/returns").await;
            let found: Vec<(&str, &str)> = data
                .as_array()
                .unwrap()
                .iter()
                .map(|line| (line["quarter"].as_str().unwrap(), line["state"].as_str().unwrap()))
                .collect();
            assert_eq!(found, expected, "{}", period.key());
        }

        let mut public = stand.browser();
        public.get("/clusters/necles/returns").await.expect_text("1 return is late").expect_text("Signed 25 days late");
        // The first return: a figure was corrected after it was signed, and the region asked about the chart.
        public
            .get("/clusters/necles/returns/2010-Q2")
            .await
            .expect_status(200)
            .expect_text("the audit’s chart shows no change")
            .expect_text("What will you do differently")
            .expect_text("Corrected since it was signed")
            .expect_text("illustrative");
        let (_, sent_back) = public.get_json("/clusters/necles/returns/2011-Q1").await;
        let kpis = sent_back["content"]["kpis"].as_array().unwrap();
        let weights: i64 = kpis.iter().map(|kpi| kpi["weight"].as_i64().unwrap()).sum();
        assert_eq!((kpis.len(), weights), (2, 100), "the second contract took the first one's place");
        assert!(kpis.iter().all(|kpi| kpi["value"].is_number() && !kpi["path"].as_str().unwrap().is_empty()));
        public.get("/clusters/necles/returns/2011-Q1").await.expect_text("Signing 2");
        let text = public.get("/clusters/necles/returns/2010-Q4/report.txt").await.html().replace('\n', " ");
        assert!(text.contains("no improvement over the year") && text.contains("Yes, since 1 July"), "{text}");

        let (mut chair, _) = somebody(&stand, &necles, "Clara Chairwell", Role::ClusterChair).await;
        chair
            .get("/clusters/necles/returns/2011-Q3")
            .await
            .expect_text("The last return")
            .expect_text("The quarter ends on");
        chair.get("/clusters/necles/returns/2011-Q2").await.expect_text("days late").expect_text("Sign this return");
        assert!(stand.letter_to("region-lon@demo.example").await.subject.starts_with("Late:"));
    })
    .await;
}
