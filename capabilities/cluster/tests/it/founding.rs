//! Founding from an award and afresh, and the constitution: what a legal form does not allow is said, and nothing is lost.

use hiec_contracts::awards::{AWARD_MADE, AwardMade};
use hiec_kernel::people::Actor;
use hiec_kernel::{BidId, Role};
use hiec_store::Reads;
use hiec_testkit::for_each_database;
use uuid::Uuid;

use crate::house::{self, PATH, house, officer, register};

#[tokio::test]
async fn an_award_founds_its_cluster_once_with_what_the_bid_promised() {
    for_each_database(|url| async move {
        let stand = register(&url).await;
        let unit = stand.state.begin(Actor::System("test".into())).await.unwrap();
        for bid in [1, 1, 9] {
            let made = AwardMade { bid: BidId(Uuid::from_u128(bid)) };
            unit.job(AWARD_MADE, &made, unit.now()).await.unwrap();
        }
        unit.commit().await.unwrap();
        assert_eq!(stand.do_jobs().await, 3);
        let mut public = stand.browser();
        public.get(PATH).await.expect_status(200).expect_text("North Example HIEC").expect_text("£1,100,000");
        public.expect_text("Community interest company limited by guarantee");
        let (_, list) = public.get_json("/clusters").await;
        assert_eq!(list.as_array().unwrap().len(), 1);
        assert_eq!(list[0]["partners"], 5);
        // What is inside is not for the public, and the public is told of no more than it may see.
        assert_eq!(public.get_json(&format!("{PATH}/constitution")).await.0.as_u16(), 401);
        public.get(PATH).await.expect_no_text("Principle not met").expect_no_text("Constitution");
        let reads = stand.database();
        assert_eq!(
            reads.count("SELECT COUNT(*) AS n FROM cluster_principle WHERE verdict = 'Met'", vec![]).await.unwrap(),
            7
        );
    })
    .await;
}

#[tokio::test]
async fn an_office_founds_a_cluster_afresh_and_never_with_a_commissioner() {
    for_each_database(|url| async move {
        let stand = register(&url).await;
        let officer = officer(&stand).await;
        let mut browser = stand.browser_of(officer.id).await;
        browser.get("/clusters").await.expect_status(200);
        browser.click("Found a cluster").await;
        browser
            .fill("Name", "South Example Network")
            .fill("Short name", "South")
            .fill("Short address", "New")
            .fill("Lead", "Example Deanery")
            .fill("First day of the term", "2010-04-01")
            .fill("Last day of the term", "2009-04-01");
        browser.submit("Found the cluster").await;
        browser.expect_status(422);
        let errors = browser.errors().join("\n");
        for part in ["names a page of its own", "commissions education", "not before the first"] {
            assert!(errors.contains(part), "{part} in {errors}");
        }
        assert_eq!(browser.value_of("Name").as_deref(), Some("South Example Network"));
        browser
            .fill("Short address", "south-example")
            .fill("Lead", "example university")
            .fill("Last day of the term", "2012-03-31");
        browser.submit("Found the cluster").await;
        browser.expect_status(200).expect_text("South is founded").expect_text("Example University");
        assert_eq!(browser.address(), "/clusters/south-example");

        // A region founds none, nor does the public.
        let region = stand
            .add_person("Ralph Region", &[(Role::RegionOfficer, hiec_kernel::Scope::Region(house::REGION), None)])
            .await;
        stand.browser_of(region.id).await.get("/clusters/new").await.expect_status(403);
        assert_eq!(stand.browser().get_json("/clusters/new").await.0.as_u16(), 401);
    })
    .await;
}

#[tokio::test]
async fn the_constitution_says_what_a_form_does_not_allow() {
    for_each_database(|url| async move {
        let house = house(&url).await;
        let mut director = house.browser("Dora Directson", Role::ClusterDirector).await;
        director.get(&format!("{PATH}/constitution")).await.expect_status(200);
        director
            .fill("Which form does the cluster take?", "joint_venture_partnership")
            .fill("How are the region and the cluster bound to each other?", "cluster")
            .tick("Shares")
            .fill("Approach", "We meet");
        director.submit("Save the constitution").await;
        director.expect_status(422);
        let errors = director.errors().join("\n");
        assert!(
            errors.contains("cannot enter into a binding contract") && errors.contains("does not allow: Shares"),
            "{errors}"
        );
        assert_eq!(director.value_of("Approach").as_deref(), Some("We meet"), "what was typed stays");
        director.untick("Shares").fill("How are the region and the cluster bound to each other?", "lead");
        director.submit("Save the constitution").await;
        director.expect_status(200).expect_text("The constitution is saved");
        house.stand.browser().get(PATH).await.expect_text("Joint venture as a partnership").expect_text("We meet");
        assert!(house.trail().await.contains("cluster.constituted"));

        // The short address is the office's to change; others lead nowhere else.
        let officer = officer(&house.stand).await;
        let mut office = house.stand.browser_of(officer.id).await;
        office.get(&format!("{PATH}/constitution")).await;
        office.fill("Short address", "renamed");
        office.submit("Save the constitution").await;
        assert_eq!(office.address(), "/clusters/renamed/constitution");
        // Written over a version that no longer stands: refused, and nothing is lost.
        office
            .post("/clusters/renamed/constitution", &[("version", "1"), ("short_name", "Old"), ("key", "renamed")])
            .await
            .expect_status(422);

        let site = house.site_lead("Sita Siteley", 1).await;
        let mut site = house.stand.browser_of(site.id).await;
        site.get("/clusters/renamed/constitution").await.expect_status(200).expect_no_text("Save the constitution");
        site.post("/clusters/renamed/constitution", &[]).await.expect_status(403);
    })
    .await;
}
