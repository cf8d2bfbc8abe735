//! The demonstration's work, period by period, as its pages show it.

use std::sync::Arc;

use hiec_contracts::demonstration::{HOSPITALS, PRACTICES, Period, hospital, practice};
use hiec_contracts::{ClusterSeen, ClustersPort, PartnerSeen, Work};
use hiec_kernel::clock::FixedClock;
use hiec_kernel::organisations::Organisation;
use hiec_kernel::{OrganisationId, Role, Scope};
use hiec_testkit::for_each_database;
use hiec_teststand::Stand;
use uuid::Uuid;

use crate::clusters::{self, Told};

/// NECLES with its hospitals and practices.
pub(crate) fn necles() -> ClusterSeen {
    let names = (1..=HOSPITALS).map(hospital).chain((1..=PRACTICES).map(practice));
    let partners = (1_u128..).zip(names).map(|(nth, name)| PartnerSeen {
        organisation: Organisation {
            id: OrganisationId(Uuid::from_u128(5_000 + nth)),
            name,
            ..clusters::hospital(nth)
        },
        role: "Member",
        since: "2010-02-01".parse().unwrap(),
        until: None,
    });
    ClusterSeen { partners: partners.collect(), ..clusters::cluster(1) }
}

#[tokio::test]
async fn the_demonstration_lives_its_work_to_the_last_month() {
    for_each_database(|url| async move {
        let cluster = necles();
        let mut services = http::Extensions::new();
        services.insert(ClustersPort(Arc::new(Told(vec![cluster.clone()]))));
        let clock = FixedClock::at(Period::Founding.moment());
        let stand = Stand::over(&url, clock, || vec![hiec_delivery::capability()], services).await;
        for partner in &cluster.partners {
            stand.add_organisation(&partner.organisation).await;
        }
        for period in Period::ALL {
            hiec_delivery::demo::live_until(&stand.state, &stand.clock, *period).await.unwrap();
            assert!(stand.state.now() <= period.moment(), "{period:?}");
            stand.clock.set(period.moment());
            let mut public = stand.browser();
            match period {
                Period::FirstYear => {
                    public.get("/clusters/necles/projects").await.expect_text("4 projects");
                }
                Period::SecondYear => {
                    public.get("/clusters/necles/innovations/recording-country-of-birth").await;
                    public.expect_text("of 80 eligible sites have adopted it");
                }
                Period::Closing => {
                    public.get("/clusters/necles/projects").await.expect_text("9 projects");
                    public.get("/clusters/necles/projects/lung-improvement-pilots").await;
                    public.expect_text("the figures did not improve over the study");
                    public.get("/clusters/necles/innovations/c-section-reduction-package").await;
                    public.expect_text("step curve only").expect_text("Reached");
                    public.get("/clusters/necles/innovations/recording-country-of-birth").await;
                    public.expect_text("The Bass curve fits the counts and is drawn on");
                    public
                        .get("/clusters/necles/impact")
                        .await
                        .click("Sites share their figures of non-invasive ventilation")
                        .await;
                    public
                        .expect_text("It cannot be told.")
                        .expect_text("8 points before and 4 after: 8 on each side are needed")
                        .expect_text("For every £1 put in, £0.00 of social value comes back");
                    public.get("/clusters/necles/practices/daily-review-of-c-sections").await;
                    public
                        .expect_text("C-sections fell by 10 per cent")
                        .expect_text("Illustrative Hospital 09 (NECLES)");
                }
                Period::Founding | Period::AnnualMeeting | Period::Emergency => {}
            }
        }
        let scope = Scope::Cluster(cluster.id.0);
        let fay = stand.add_person("Fay Facilitson", &[(Role::Facilitator, scope, Some(cluster.id.0))]).await;
        let mut fay = stand.browser_of(fay.id).await;
        fay.get("/clusters/necles/practices/found?measure=c-sections").await.expect_status(200);
        fay.expect_text("Births by caesarean section");
        fay.get("/clusters/necles/projects/maternity-community-of-practice").await;
        fay.expect_text("Daily review at weekends too").expect_text("4 April 2011 to 13 June 2011");
        let work = hiec_delivery::DeliveryWork.projects(&stand.database(), cluster.id).await.unwrap();
        assert_eq!(work.len(), 9);
        assert!(work.iter().any(|one| one.path == "/projects/shine-scorecards" && one.status == "On track"));
        let board = stand.add_person("Bruno Boardley", &[(Role::BoardMember, scope, Some(cluster.id.0))]).await;
        let mut board = stand.browser_of(board.id).await;
        board.get("/clusters/necles/innovations/c-section-reduction-package").await;
        board.expect_text("Consultants do not agree").expect_text("Abandoned");
        board.get("/clusters/necles/trials/self-management-of-copd-after-discharge").await;
        board.expect_text("65 of 120 wanted").expect_text("Too few patients");
    })
    .await;
}
