//! The demonstration's measures: the published results as their charts tell them, and real figures of emergency departments.

use std::sync::Arc;

use hiec_contracts::demonstration::{EMERGENCY, Period};
use hiec_contracts::{ClusterSeen, ClustersPort, PartnerSeen};
use hiec_kernel::clock::FixedClock;
use hiec_kernel::organisations::Organisation;
use hiec_kernel::{ClusterId, OrganisationId, Role};
use hiec_testkit::for_each_database;
use hiec_teststand::Stand;
use uuid::Uuid;

use crate::clusters::{self, Told, somebody};
use crate::demo::necles;

/// A cluster of a few trusts whose figures are published.
fn departments() -> ClusterSeen {
    let partners = (1_u128..).zip(["RQM", "RJ1", "RRK", "R1H"]).map(|(nth, code)| PartnerSeen {
        organisation: Organisation {
            id: OrganisationId(Uuid::from_u128(9_000 + nth)),
            ods_code: Some(code.to_owned()),
            name: format!("Trust {code}"),
            ..clusters::hospital(nth)
        },
        role: "Member",
        since: "2016-04-01".parse().unwrap(),
        until: None,
    });
    ClusterSeen {
        id: ClusterId(Uuid::from_u128(70)),
        key: EMERGENCY.into(),
        short_name: "Emergency departments".into(),
        ends_on: "2020-03-31".parse().unwrap(),
        partners: partners.collect(),
        ..clusters::cluster(1)
    }
}

#[tokio::test]
async fn the_published_results_stand_on_their_charts() {
    for_each_database(|url| async move {
        let (necles, departments) = (necles(), departments());
        let mut services = http::Extensions::new();
        services.insert(ClustersPort(Arc::new(Told(vec![necles.clone(), departments.clone()]))));
        let clock = FixedClock::at(Period::Founding.moment());
        let stand = Stand::over(&url, clock, || vec![hiec_delivery::capability()], services).await;
        for partner in necles.partners.iter().chain(&departments.partners) {
            stand.add_organisation(&partner.organisation).await;
        }
        for period in [Period::Founding, Period::FirstYear, Period::AnnualMeeting, Period::SecondYear] {
            hiec_delivery::demo::live_until(&stand.state, &stand.clock, period).await.unwrap();
            stand.clock.set(period.moment());
        }
        let (mut facilitator, _) = somebody(&stand, &necles, "Fay Facilitson", Role::Facilitator).await;
        let (_, niv) = facilitator.get_json("/clusters/necles/measures/niv-three-hours/sites/all").await;
        let sum = |part: &str| -> f64 {
            niv["series"]["points"].as_array().unwrap().iter().map(|point| point[part].as_f64().unwrap()).sum()
        };
        assert_eq!((sum("numerator"), sum("denominator")), (66.0, 138.0));
        assert_eq!(niv["variation"], "common_cause");
        assert!(niv["points"].as_array().unwrap().iter().all(|point| point["why"] == ""), "no month is flagged: {niv}");
        facilitator
            .get("/clusters/necles/measures/niv-three-hours")
            .await
            .expect_text("common cause, no change to be seen");
        for key in ["niv-medical-review", "niv-decision-to-mask"] {
            let (_, minutes) = facilitator.get_json(&format!("/clusters/necles/measures/{key}/sites/all")).await;
            assert_eq!(minutes["variation"], "common_cause", "{key}");
        }
        let reviewing = necles.partners[2].organisation.id;
        let path = format!("/clusters/necles/measures/c-sections/sites/{reviewing}");
        let (_, sections) = facilitator.get_json(&path).await;
        assert_eq!(sections["variation"], "improvement_low", "{}", sections["reading"]);
        facilitator.get(&path).await.expect_text("Daily case review begins").expect_text("illustrative");
        facilitator.get("/clusters/necles/figures/late").await.expect_text("Illustrative Hospital 06");
        let births = necles.partners[4].organisation.id;
        facilitator
            .get(&format!("/clusters/necles/measures/c-sections/sites/{births}/observations/2010-08"))
            .await
            .expect_text("had left out the births");

        let start = std::time::Instant::now();
        hiec_delivery::demo::live_until(&stand.state, &stand.clock, Period::Emergency).await.unwrap();
        assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
        stand.clock.set(Period::Emergency.moment());
        let mut public = stand.browser();
        public
            .get("/clusters/emergency-departments/measures")
            .await
            .expect_status(200)
            .expect_text("Four-hour performance");
        public
            .get("/clusters/emergency-departments/measures/four-hour-performance")
            .await
            .expect_text("Open Government Licence")
            .expect_text("Trust RJ1");
        let (_, data) = public.get_json("/clusters/emergency-departments/measures/four-hour-performance").await;
        assert_eq!(data["total"]["points"].as_array().unwrap().len(), 36);
        public
            .get("/clusters/emergency-departments/impact")
            .await
            .click("A check of the method: nothing began in October 2017")
            .await;
        public.expect_text("It cannot be told.").expect_text("Trust RRK");
        public.get("/clusters/necles/measures").await;
        assert!(public.address().starts_with("/sign-in"));
    })
    .await;
}
