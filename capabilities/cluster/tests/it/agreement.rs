//! The agreement: versions are kept, each is signed anew by each partner's own people, and nobody signs what they were not shown.

use hiec_kernel::Role;
use hiec_testkit::{Browser, for_each_database};

use crate::house::{PATH, house};

const CLAUSES: [(&str, &str); 10] = [
    ("goals", "Better breathing"),
    ("duration", "Two years"),
    ("benefits_patients", "Shorter waits"),
    ("benefits_nhs", "Fewer beds"),
    ("benefits_industry", "Quick trials"),
    ("method", "Shared audit"),
    ("cost", "In kind"),
    ("governance", "A board"),
    ("success", "10% fewer admissions"),
    ("evaluation", "A review"),
];

async fn put(browser: &mut Browser, changes: &[(&'static str, &'static str)]) {
    let mut fields: Vec<(&str, &str)> =
        CLAUSES.iter().filter(|(key, _)| !changes.iter().any(|(one, _)| one == key)).copied().collect();
    fields.extend_from_slice(changes);
    browser.post(&format!("{PATH}/agreement"), &fields).await;
}

#[tokio::test]
async fn a_version_is_signed_by_each_partner_and_a_new_one_anew() {
    for_each_database(|url| async move {
        let house = house(&url).await;
        let site = house.site_lead("Sita Siteley", 1).await;
        let other = house.site_lead("Silas Surgeryman", 3).await;
        let mut director = house.browser("Dora Directson", Role::ClusterDirector).await;
        director.get(&format!("{PATH}/agreement")).await.expect_text("The partners have no agreement yet");
        director.click("Write the agreement").await;
        director.fill("Goals", "Better breathing").submit("Put it to the partners").await;
        director.expect_status(422);
        assert_eq!(director.value_of("Goals").as_deref(), Some("Better breathing"));
        put(&mut director, &[("reason", "The first")]).await;
        director.expect_status(200).expect_text("Version 1 is put to the partners").expect_text("8 Evaluation");
        assert!(house.stand.letter_to(&site.email).await.subject.contains("an agreement to sign"));

        // The site lead signs for their own organisation, and for no other.
        let mut site = house.stand.browser_of(site.id).await;
        site.get(&format!("{PATH}/agreement")).await;
        site.expect_no_text("Sign version 1 for Example Surgery");
        site.submit("Sign version 1 for Example General Hospital").await;
        site.expect_status(422).expect_text("Enter what you are there");
        site.fill("What you are at Example General Hospital", "Medical director");
        site.submit("Sign version 1 for Example General Hospital").await;
        site.expect_status(200).expect_text("You signed version 1").expect_text("Medical director");
        let (_, data) = director.get_json(&format!("{PATH}/agreement")).await;
        assert_eq!(data["unsigned"].as_array().unwrap().len(), 4, "{data}");
        // The director signs for the lead, and for nobody else.
        director.get(&format!("{PATH}/agreement")).await.expect_no_text("Sign version 1 for Example Surgery");
        director.fill("What you are at Example University", "Managing director");
        director.submit("Sign version 1 for Example University").await;
        director.expect_status(200);

        // Nothing different is no new version; a different one is signed anew, and the old stays with its signatures.
        put(&mut director, &[("reason", "Again")]).await;
        director.expect_status(422).expect_text("Nothing is different");
        put(&mut director, &[("reason", "More beds"), ("benefits_nhs", "More beds")]).await;
        director
            .expect_status(200)
            .expect_text("What changed since version 1")
            .expect_text("Fewer beds")
            .expect_text("More beds");
        let (_, data) = director.get_json(&format!("{PATH}/agreement")).await;
        assert_eq!(data["versions"][0]["signatures"].as_array().unwrap().len(), 0);
        assert_eq!(data["versions"][1]["signatures"].as_array().unwrap().len(), 2);
        assert_eq!(data["unsigned"].as_array().unwrap().len(), 5);
        director
            .get(&format!("{PATH}/agreement?version=1"))
            .await
            .expect_text("A newer version stands")
            .expect_text("Medical director");

        // Whoever read the old version does not sign the new one with it.
        let mut other = house.stand.browser_of(other.id).await;
        let (_, partners) = other.get_json(&format!("{PATH}/partners")).await;
        let all = partners["partners"].as_array().unwrap();
        let id = |name: &str| {
            all.iter().find(|one| one["organisation"]["name"] == name).unwrap()["id"].as_str().unwrap().to_owned()
        };
        let signature = |name: &str| format!("{PATH}/partners/{}/signature", id(name));
        other.post(&signature("Example Surgery"), &[("version", "1"), ("post", "Partner")]).await.expect_status(409);
        other
            .post(&signature("Example General Hospital"), &[("version", "2"), ("post", "Partner")])
            .await
            .expect_status(403);
        other.post(&signature("Example Surgery"), &[("version", "2"), ("post", "Partner")]).await.expect_status(200);
        other.post(&signature("Example Surgery"), &[("version", "2"), ("post", "Partner")]).await.expect_status(409);

        assert_eq!(house.stand.browser().get_json(&format!("{PATH}/agreement")).await.0.as_u16(), 401);
        let trail = house.trail().await;
        assert_eq!(trail.matches("agreement.put").count(), 2);
        assert_eq!(trail.matches("agreement.signed").count(), 3);
    })
    .await;
}

#[tokio::test]
async fn links_need_a_purpose_and_an_owner() {
    for_each_database(|url| async move {
        let house = house(&url).await;
        let mut facilitator = house.browser("Fay Facilitson", Role::Facilitator).await;
        facilitator.get(&format!("{PATH}/links")).await.expect_text("No link is recorded yet");
        facilitator
            .fill("Kind of body", "ahsc")
            .fill("Name of the body", "Example Partners")
            .fill("Since", "2010-01-04");
        facilitator.submit("Add the link").await;
        facilitator.expect_status(422).expect_text("Enter the purpose").expect_text("Enter the owner");
        facilitator.fill("Purpose", "Trials together").fill("Owner", "Facilitator");
        facilitator.submit("Add the link").await;
        facilitator.expect_status(200).expect_text("Trials together");
        facilitator.fill("Why the link to Example Partners ends", "It was closed").submit("End the link").await;
        facilitator.expect_status(200).expect_text("It was closed").expect_text("Ended links");
        house.stand.browser().get(&format!("{PATH}/links")).await.expect_status(200).expect_no_text("Add a link");
        let mut region = house.stand.browser_of(house.region_officer().await.id).await;
        region.post(&format!("{PATH}/links"), &[]).await.expect_status(403);
        let csv = house.stand.browser().get(&format!("{PATH}/links.csv")).await.text();
        assert!(csv.contains("Example Partners") && csv.contains("It was closed"), "{csv}");
        let trail = house.trail().await;
        assert!(trail.contains("link.made") && trail.contains("link.ended"));
    })
    .await;
}
