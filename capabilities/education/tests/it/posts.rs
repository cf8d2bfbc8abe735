//! A post is changed from its beginning, where nothing becomes wrong, or goes on from a day as another one.

use hiec_kernel::Role;
use hiec_store::Stream;
use hiec_testkit::Browser;

use crate::clusters::somebody;
use crate::ground::{EDUCATION, Ground, ground, place};

async fn change(lead: &mut Browser, post: &str) {
    lead.get(&format!("{EDUCATION}/posts/{post}")).await.click("Change its host, site, programmes or first room").await;
}

#[tokio::test]
async fn a_post_is_corrected_from_its_beginning_where_nothing_becomes_wrong() {
    hiec_testkit::for_each_database(|url| async move {
        let Ground { stand, cluster, mut lead } = ground(&url).await;
        place(&mut lead, "T-1", "H1-CARD-001", "2010-09-01", "2011-08-02", "1").await;
        change(&mut lead, "H1-CARD-001").await;
        lead.submit("Save the change").await.expect_status(422);
        assert_eq!(lead.errors(), ["Choose since when it is so", "Enter why it is changed"]);
        let beginning = "It was put down wrongly: correct it from the beginning";
        lead.fill("Since when", beginning).fill("Why it is changed", "Put down for another ward");
        lead.submit("Save the change").await.expect_status(422).expect_text("Nothing is different");

        // Grade, room and last day are held by who is placed there.
        lead.fill("Since when", beginning).fill("Grade", "ST5").submit("Save the change").await.expect_status(422);
        lead.expect_text("The placement from 1 September 2010 to 2 August 2011 would be wrong: The post H1-CARD-001 is of the grade ST5");
        lead.fill("Grade", "ST3").fill("How much of whole-time it holds at first", "0.5");
        lead.submit("Save the change").await.expect_status(422);
        lead.expect_text("On 1 September 2010 the post would hold 0.5 of whole-time, and 1 is placed in it");
        lead.fill("How much of whole-time it holds at first", "1").fill("Last day (optional)", "2011-07-31");
        lead.submit("Save the change").await.expect_status(422).expect_text("On 1 August 2011 the post would hold 0");
        lead.fill("Last day (optional)", "").fill("Specialty", "Renal medicine").untick("Cardiology training");
        lead.submit("Save the change").await.expect_status(422).expect_text("and not for Cardiology training");
        lead.fill("Specialty", "Cardiology").tick("Cardiology training").fill("Host", "Nowhere");
        lead.submit("Save the change").await.expect_status(422).expect_text("not in the register");

        // Host, site and more room are corrected, and the chain keeps what was there before.
        lead.fill("Host", "Hospital 02").fill("Site", "East wing").fill("How much of whole-time it holds at first", "2");
        lead.submit("Save the change").await.expect_status(200).expect_text("The change was saved.");
        lead.expect_text("Hospital 02").expect_text("East wing").expect_text("4 August 2010").expect_no_text("Hospital 01");
        let trail = stand.trail(&Stream::named(format!("education:{}", cluster.id))).await;
        let trail: Vec<serde_json::Value> = serde_json::from_str(&trail).unwrap();
        let kept = trail.iter().find(|entry| entry["kind"] == "education.post.corrected").unwrap();
        assert_eq!((&kept["body"]["before"]["site"], &kept["body"]["after"]["site"]), (&"Main site".into(), &"East wing".into()));
        assert_eq!(kept["reason"], "Put down for another ward");

        // Hosts run their posts, and change none of this.
        let (mut educator, _) = somebody(&stand, &cluster, "Horace Hostley", Role::HostEducator, 2).await;
        educator.get(&format!("{EDUCATION}/posts/H1-CARD-001")).await.expect_no_text("Change its host");
        educator.post(&format!("{EDUCATION}/posts/H1-CARD-001/change"), &[("when", "beginning")]).await.expect_status(403);
    })
    .await;
}

#[tokio::test]
async fn a_post_goes_on_from_a_day_at_another_host_with_its_placements_and_money() {
    hiec_testkit::for_each_database(|url| async move {
        let Ground { stand, cluster, mut lead } = ground(&url).await;
        place(&mut lead, "T-2", "H1-CARD-001", "2010-09-01", "2011-08-02", "0.5").await;
        place(&mut lead, "T-3", "H1-CARD-001", "2011-03-02", "2011-08-02", "0.5").await;
        place(&mut lead, "T-1", "H1-CARD-001", "2010-08-04", "2010-08-31", "1").await;
        change(&mut lead, "H1-CARD-001").await;
        lead.fill("Since when", "From a day on")
            .fill("Host", "Hospital 03")
            .fill("Why it is changed", "The clinic moves");
        lead.submit("Save the change").await.expect_status(422).expect_text("Enter the first day of the change");
        lead.fill("First day of the change", "2010-08-04").submit("Save the change").await.expect_status(422);
        lead.expect_text("The post begins on 4 August 2010. Enter a later day");
        lead.fill("First day of the change", "2011-02-02").fill("Number of the post that goes on", "H3-CARD-001");
        lead.submit("Save the change").await.expect_status(422).expect_text("There is a post H3-CARD-001 already");
        lead.fill("Number of the post that goes on", "H3-CARD-002")
            .fill("How much of whole-time it holds at first", "0.5");
        lead.submit("Save the change").await.expect_status(422).expect_text("On 2 March 2011 the post would hold 0.5");
        lead.fill("How much of whole-time it holds at first", "1").submit("Save the change").await.expect_status(200);
        lead.expect_text("Post H3-CARD-002").expect_text("It goes on in the place of H1-CARD-001");
        lead.expect_text("Ben Learnwell").expect_text("Cleo Learnwell").expect_no_text("Ada Learnwell");

        let (_, new) = lead.get_json(&format!("{EDUCATION}/posts/H3-CARD-002")).await;
        assert_eq!(new["post"]["funding"][0]["from"], "2011-02-02", "{new}");
        let days: Vec<_> =
            new["placements"].as_array().unwrap().iter().map(|one| (&one["starts_on"], &one["ends_on"])).collect();
        assert_eq!(days, [(&"2011-02-02".into(), &"2011-08-02".into()), (&"2011-03-02".into(), &"2011-08-02".into())]);
        let (_, old) = lead.get_json(&format!("{EDUCATION}/posts/H1-CARD-001")).await;
        assert_eq!((&old["post"]["ends_on"], &old["goes_on_as"]), (&"2011-02-01".into(), &"H3-CARD-002".into()));
        assert_eq!(old["post"]["funding"][0]["to"], "2011-02-01");
        let ends: Vec<_> = old["placements"].as_array().unwrap().iter().map(|one| &one["ends_on"]).collect();
        assert_eq!(ends, ["2010-08-31", "2011-02-01"]);
        place(&mut lead, "T-1", "H1-CARD-001", "2011-03-02", "2011-08-02", "1").await;
        lead.expect_status(422).expect_text("holds nobody then");

        // The new host sees who comes to it from then on.
        let (mut third, _) = somebody(&stand, &cluster, "Horace Hostley", Role::HostEducator, 3).await;
        third.get(&format!("{EDUCATION}/posts/H3-CARD-002")).await.expect_text("Ben Learnwell");
        // What a list says of it is what it says of itself.
        lead.get(&format!("{EDUCATION}/posts.csv")).await.expect_status(200);
        let out = String::from_utf8_lossy(lead.bytes()).into_owned();
        lead.get(&format!("{EDUCATION}/posts/imports")).await.attach(
            "The list",
            "list.csv",
            "text/csv",
            out.as_bytes(),
        );
        lead.submit("Upload and preview").await.expect_text("3 as they are");
    })
    .await;
}
