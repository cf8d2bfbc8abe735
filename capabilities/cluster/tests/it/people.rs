//! People in posts: nobody on both sides of the split, an induction that is ticked off, somebody who takes over, and an end that ends the role.

use hiec_kernel::{Role, Scope};
use hiec_testkit::for_each_database;

use crate::house::{PATH, REGION, house};

#[tokio::test]
async fn somebody_comes_into_post_is_inducted_hands_over_and_leaves() {
    for_each_database(|url| async move {
        let house = house(&url).await;
        let newcomer = house.stand.add_person("Fay Facilitson", &[]).await;
        let person = house.person("Dora Directson", Role::ClusterDirector).await;
        let mut director = house.stand.browser_of(person.id).await;
        director.get(&format!("{PATH}/people")).await.expect_status(200).expect_text("Nobody is in a post yet");
        director
            .fill("E-mail address", "nobody@example.org")
            .fill("Post", "facilitator")
            .fill("On what basis", "secondment")
            .fill("Days a week", "2.3");
        director.submit("Bring into post").await;
        director.expect_status(422);
        let errors = director.errors().join("\n");
        for part in ["Nobody signs in with this address", "a secondment has an employer", "days a week in half days"] {
            assert!(errors.contains(part), "{part} in {errors}");
        }
        director
            .fill("E-mail address", &newcomer.email)
            .fill("Employer", "Example General Hospital")
            .fill("Pathway", "COPD")
            .fill("Days a week", "2.5")
            .fill("Last day", "2010-12-31")
            .fill("Cost to the cluster over the whole term", "46,000");
        director.submit("Bring into post").await;
        director.expect_status(200).expect_text("is in post").expect_text("2.5 days a week").expect_text("£46,000");
        let page = director.address().to_owned();
        let letter = house.stand.letter_to(&newcomer.email).await;
        assert!(
            letter.body.contains("trained in facilitation") && letter.body.contains("Tick them off"),
            "{}",
            letter.body
        );

        // The role came with the post; own steps are ticked off by oneself, the cost of others is not shown.
        let mut own = house.stand.browser_of(newcomer.id).await;
        own.get(&format!("{PATH}/constitution")).await.expect_status(200);
        own.get(&page).await.expect_text("£46,000");
        own.tick("Has met the partners and the leads of the sites").submit("These are done").await;
        own.expect_status(200).expect_text("(done, 4 January 2010");
        own.get(PATH).await.expect_text("1 person is not through the induction");
        let mut board = house.browser("Bruno Boardley", Role::BoardMember).await;
        board.get(&page).await.expect_status(200).expect_no_text("46,000").expect_no_text("These are done");
        let (_, data) = board.get_json(&format!("{PATH}/people")).await;
        assert_eq!(data[0]["cost"], 0);
        let csv = board.get(&format!("{PATH}/people.csv")).await.text();
        assert!(csv.contains("Fay Facilitson") && csv.contains(",2.5,") && !csv.contains("46000"), "{csv}");
        let csv = director.get(&format!("{PATH}/people.csv")).await.text();
        assert!(csv.contains("46000"), "{csv}");
        assert_eq!(data[0]["induction_to_do"], 5);

        // Three months before the last day somebody must be named.
        director.get(PATH).await.expect_no_text("nobody takes over");
        house.stand.clock.advance(chrono::Duration::days(300));
        let mut director = house.stand.browser_of(person.id).await;
        let mut own = house.stand.browser_of(newcomer.id).await;
        director.get(PATH).await.expect_text("nobody takes over");
        director.get(&page).await.expect_text("Nobody takes over yet");
        director.fill("Who takes over", "The respiratory nurse lead").submit("Save").await;
        director.expect_status(422).expect_text("what is handed over");
        director.fill("What is handed over", "Contacts").submit("Save").await;
        director.expect_status(200).expect_no_text("Nobody takes over yet");

        director
            .fill("Last day in post", "2010-10-30")
            .fill("Reason", "Went back to the wards")
            .submit("End the post")
            .await;
        director.expect_status(200).expect_text("Went back to the wards");
        own.get(&format!("{PATH}/constitution")).await.expect_status(403);
        let trail = house.trail().await;
        for kind in ["post.taken", "post.inducted", "post.succession", "post.ended", "role.given", "role.ended"] {
            assert!(trail.contains(kind), "{kind}");
        }
    })
    .await;
}

#[tokio::test]
async fn nobody_acts_for_the_region_and_for_the_cluster() {
    for_each_database(|url| async move {
        let house = house(&url).await;
        let officer =
            house.stand.add_person("Rita Regionley", &[(Role::RegionOfficer, Scope::Region(REGION), None)]).await;
        let mut director = house.browser("Dora Directson", Role::ClusterDirector).await;
        let fields = [
            ("email", officer.email.as_str()),
            ("post", "fellow"),
            ("basis", "contract"),
            ("since", "2010-01-04"),
            ("until", "2010-12-31"),
            ("days", "1"),
        ];
        director.post(&format!("{PATH}/people"), &fields).await.expect_status(422);
        director.expect_text("would act for a commissioner of education and for a provider");
        let (_, data) = director.get_json(&format!("{PATH}/people")).await;
        assert_eq!(data.as_array().unwrap().len(), 0, "nothing was kept of it");
        // The region reads who works there and what they cost, and brings nobody in.
        let mut region = house.stand.browser_of(officer.id).await;
        region.get(&format!("{PATH}/people")).await.expect_status(200).expect_no_text("Bring somebody into a post");
        region.post(&format!("{PATH}/people"), &fields).await.expect_status(403);
    })
    .await;
}
