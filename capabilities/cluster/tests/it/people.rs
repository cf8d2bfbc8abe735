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

/// The path of the link in a letter.
fn link_in(body: &str) -> String {
    let link = body.split_whitespace().find(|word| word.contains("/welcome/")).unwrap();
    format!("/welcome/{}", link.rsplit('/').next().unwrap())
}

const NEWCOMER: [(&str, &str); 8] = [
    ("email", "Nora.Newcomb@new.example"),
    ("name", "Nora Newcomb"),
    ("post", "facilitator"),
    ("basis", "secondment"),
    ("employer", "Example Surgery"),
    ("since", "2010-02-01"),
    ("until", "2011-01-31"),
    ("days", "1.5"),
];

#[tokio::test]
async fn somebody_without_an_account_is_invited_and_in_post_when_they_say_yes() {
    for_each_database(|url| async move {
        let house = house(&url).await;
        let dora = house.person("Dora Directson", Role::ClusterDirector).await;
        let mut director = house.stand.browser_of(dora.id).await;
        let people = format!("{PATH}/people");
        let a_minute_later = || house.stand.clock.advance(chrono::Duration::minutes(1));
        director.post(&people, &NEWCOMER).await.expect_status(200).expect_text("The post begins when it is answered");
        director.expect_text("Invited, and not answered yet").expect_text("Nobody is in a post yet");
        // A second letter for the same post takes the first one's place; one that is withdrawn leads nowhere.
        let first = house.stand.letter_to("nora.newcomb@new.example").await;
        a_minute_later();
        director.post(&people, &NEWCOMER).await.expect_status(200);
        house.stand.browser().get(&link_in(&first.body)).await.expect_text("This invitation is over");
        director.submit("Withdraw the invitation to Nora Newcomb").await.expect_text("is withdrawn");
        let second = house.stand.letter_to("nora.newcomb@new.example").await;
        house.stand.browser().get(&link_in(&second.body)).await.expect_text("This invitation is over");

        a_minute_later();
        director.post(&people, &NEWCOMER).await;
        let letter = house.stand.letter_to("nora.newcomb@new.example").await;
        assert!(letter.body.contains("as: facilitator of North Example HIEC"), "{}", letter.body);
        let mut nora = house.stand.browser();
        nora.get(&link_in(&letter.body)).await.expect_status(200).expect_text("Facilitator");
        nora.fill("Choose a password", "a long enough passphrase").submit("Say yes").await;
        a_minute_later();
        house.stand.do_jobs().await;
        director.get(&people).await.expect_text("Nora Newcomb").expect_text("1.5 days a week");
        director.expect_no_text("Invited, and not answered yet");
        let welcome = house.stand.letter_to("nora.newcomb@new.example").await;
        assert!(welcome.body.contains("trained in facilitation"), "{}", welcome.body);
        assert!(house.stand.letter_to(&dora.email).await.body.contains("said yes and is in post"));
        nora.get(&format!("{PATH}/constitution")).await.expect_status(200);
        let trail = house.trail().await;
        for kind in ["person.invited", "person.invitation_withdrawn", "person.invitation_accepted", "post.taken"] {
            assert!(trail.contains(kind), "{kind}");
        }
        assert!(!trail.contains("nora.newcomb"), "addresses stay out of the trail");
    })
    .await;
}

#[tokio::test]
async fn an_invitation_to_a_post_that_was_filled_since_tells_both() {
    for_each_database(|url| async move {
        let house = house(&url).await;
        let dora = house.person("Dora Directson", Role::ClusterDirector).await;
        let known = house.stand.add_person("Cleo Chairwell", &[]).await;
        let mut director = house.stand.browser_of(dora.id).await;
        let people = format!("{PATH}/people");
        let chair = |email: &str| {
            let mut fields: Vec<(&str, String)> =
                NEWCOMER.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
            fields[0].1 = email.to_owned();
            fields[2].1 = "chair".to_owned();
            fields
        };
        let invite = chair("nora.newcomb@new.example");
        let fields: Vec<(&str, &str)> = invite.iter().map(|(name, value)| (*name, value.as_str())).collect();
        director.post(&people, &fields).await.expect_status(200);
        let letter = house.stand.letter_to("nora.newcomb@new.example").await;
        let bring = chair(&known.email);
        let fields: Vec<(&str, &str)> = bring.iter().map(|(name, value)| (*name, value.as_str())).collect();
        director.post(&people, &fields).await.expect_status(200).expect_text("is in post");
        // There is one chair: nobody else is invited now, and who was invited is told.
        let fields: Vec<(&str, &str)> = invite.iter().map(|(name, value)| (*name, value.as_str())).collect();
        director.post(&people, &fields).await.expect_status(422).expect_text("Cleo Chairwell holds this post");
        let mut nora = house.stand.browser();
        nora.get(&link_in(&letter.body)).await;
        nora.fill("Choose a password", "a long enough passphrase").submit("Say yes").await;
        house.stand.clock.advance(chrono::Duration::minutes(1));
        house.stand.do_jobs().await;
        for address in ["nora.newcomb@new.example", dora.email.as_str()] {
            let body = house.stand.letter_to(address).await.body;
            assert!(body.contains("could not be brought into post: Cleo Chairwell holds this post"), "{body}");
        }
        nora.get(&format!("{PATH}/constitution")).await.expect_status(403);
        // Programme support carries no role to invite to.
        let mut support = invite.clone();
        support[2].1 = "support".to_owned();
        let fields: Vec<(&str, &str)> = support.iter().map(|(name, value)| (*name, value.as_str())).collect();
        director.post(&people, &[fields, vec![("email", "sam@new.example")]].concat()[1..]).await.expect_status(422);
        director.expect_text("carries no role to invite them to");
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
