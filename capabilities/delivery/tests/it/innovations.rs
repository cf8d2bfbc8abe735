//! Innovations: sites say where they stand, corrections keep the old, the plan is held against the curve, practices are copied; and who sees what.

use hiec_kernel::Role;
use hiec_store::Stream;
use hiec_testkit::{Browser, for_each_database};

use crate::clusters::{hospital, set, site_lead, somebody, stand};

/// Daily case review, for all hospitals of the cluster.
async fn named(fay: &mut Browser, hospitals: u128) {
    fay.get("/clusters/necles/innovations").await.expect_text("No innovation is named yet");
    fay.click("Name the first innovation").await;
    fay.fill("Name", "Daily case review")
        .fill("What it is, and what it is for", "Every c-section is reviewed next day");
    fay.fill("Day from which its spread is counted", "2010-04-01");
    fay.fill("Days of use after which a site counts as sustained (optional)", "90");
    fay.submit("Name the innovation").await.expect_status(200).expect_text("It is not said yet which sites");
    let ids: Vec<String> = (1..=hospitals).map(|nth| hospital(nth).id.to_string()).collect();
    let mut fields: Vec<(&str, &str)> = ids.iter().map(|id| ("site", id.as_str())).collect();
    fields.push(("since", "2010-04-01"));
    fay.post("/clusters/necles/innovations/daily-case-review/sites", &fields).await.expect_status(200);
    fay.expect_text(&format!("{hospitals} sites were made eligible"));
}

#[tokio::test]
async fn sites_say_where_they_stand_and_corrections_keep_the_old() {
    for_each_database(|url| async move {
        let (stand, cluster) = stand(&url, 3, "2010-06-10 10:00").await;
        let (mut fay, _) = somebody(&stand, &cluster, "Fay Facilitson", Role::Facilitator).await;
        named(&mut fay, 3).await;
        let mut sita = site_lead(&stand, &cluster, "Sita Siteley", 2).await;
        let own = format!("/clusters/necles/innovations/daily-case-review/sites/{}", hospital(2).id);
        let other = format!("/clusters/necles/innovations/daily-case-review/sites/{}", hospital(1).id);

        sita.get(&own).await.expect_status(200).expect_text("has not said where it stands");
        sita.fill("Stage", "Adopted").fill("Since", "2010-05-01").submit("Say where it stands").await;
        assert_eq!(sita.errors(), ["Enter what shows it"]);
        sita.fill("What shows it", "Protocol 12")
            .submit("Say where it stands")
            .await
            .expect_text("now stands at: Adopted");
        sita.fill("Stage", "Sustained").fill("Since", "2010-06-01").fill("What shows it", "Still done");
        sita.submit("Say where it stands").await.expect_status(422);
        assert_eq!(sita.errors(), ["It has been done for 31 days: 90 are needed to call it sustained"]);

        sita.get(&other).await.expect_status(200).expect_no_text("Say where it stands now");
        sita.post(&format!("{other}/steps"), &[("stage", "aware"), ("on", "2010-05-01"), ("evidence", "x")]).await;
        sita.expect_status(403);

        sita.get(&own).await;
        sita.fill("What was wrong", "Adopted, 1 May 2010").fill("The right stage", "Trial");
        sita.fill("The right day", "2010-05-01").fill("Why it is corrected", "Two wards only");
        sita.submit("Correct it").await.expect_status(422);
        sita.fill("right_evidence", "Protocol 12, two wards").submit("Correct it").await.expect_status(200);
        sita.expect_text("Corrected since.")
            .expect_text("Reason: Two wards only")
            .expect_text("Protocol 12, two wards");

        let trail = stand.trail(&Stream::named(format!("delivery:{}", cluster.id))).await;
        assert_eq!(trail.matches("innovation.step").count(), 2);
        fay.get("/clusters/necles/innovations/daily-case-review/sites.csv").await.expect_status(200);
        assert_eq!(fay.text().matches("Hospital 02").count(), 2);
    })
    .await;
}

#[tokio::test]
async fn the_plan_is_held_against_the_steps_and_the_product_says_that_they_carry_no_curve() {
    for_each_database(|url| async move {
        let (stand, cluster) = stand(&url, 12, "2010-04-10 10:00").await;
        let (mut fay, person) = somebody(&stand, &cluster, "Fay Facilitson", Role::Facilitator).await;
        named(&mut fay, 12).await;
        let page = "/clusters/necles/innovations/daily-case-review";
        fay.get(page).await;
        fay.fill("Sites by when", "soon").submit("Make this the plan").await;
        assert_eq!(fay.errors(), ["Write line 1 as a day and a number, such as 2011-03-31 6"]);
        fay.fill("Sites by when", "2010-06-30 6\n2011-03-31 12").submit("Make this the plan").await.expect_status(200);
        set(&stand, "2010-07-10 10:00");
        let mut fay = stand.browser_of(person.id).await;
        for nth in 1..=4 {
            let path = format!("{page}/sites/{}/steps", hospital(nth).id);
            let step = [("stage", "adopted"), ("on", "2010-06-01"), ("evidence", "A visit")];
            fay.post(&path, &step).await.expect_status(200);
        }
        fay.get(page).await.expect_text("4 of 12 eligible sites have adopted it.").expect_text("Missed");
        fay.expect_text("To come: the counts carry no forecast").expect_text("12 sites: step curve only");
        fay.fill("Sites by when", "2010-12-31 12").submit("Make this the plan").await.expect_status(422);
        assert_eq!(fay.errors(), ["Enter why the plan changes"]);
        fay.fill("Why the plan changes", "Two fellows came late").submit("Make this the plan").await.expect_status(200);
        fay.expect_text("Two fellows came late").expect_text("6 by 30 June 2010, 12 by 31 March 2011.");
        assert!(fay.get(&format!("{page}/spread.svg")).await.html().starts_with("<svg"));

        let mut public = stand.browser();
        public.get(page).await.expect_status(200).expect_text("4 of 12").expect_no_text("Hospital 01");
        public.expect_text("Which site stands where is for the cluster and its sites.");
        assert!(public.get(&format!("{page}/sites.csv")).await.address().starts_with("/sign-in"));
        let (_, twin) = public.get_json(page).await;
        assert_eq!((twin["eligible"].as_u64(), twin["sites"].as_array().map(Vec::len)), (Some(12), Some(0)));
    })
    .await;
}

#[tokio::test]
async fn barriers_are_for_the_cluster_and_practices_are_copied_in_public() {
    for_each_database(|url| async move {
        let (stand, cluster) = stand(&url, 2, "2010-06-10 10:00").await;
        let (mut fay, _) = somebody(&stand, &cluster, "Fay Facilitson", Role::Facilitator).await;
        named(&mut fay, 2).await;
        let page = "/clusters/necles/innovations/daily-case-review";
        let mut sita = site_lead(&stand, &cluster, "Sita Siteley", 2).await;
        let own = format!("{page}/sites/{}", hospital(2).id);
        sita.get(&own).await.fill("note-organisation", "No consultant at weekends").submit("Say what hinders it").await;
        assert_eq!(sita.errors().len(), 1);
        sita.fill("level-organisation", "Complex").submit("Say what hinders it").await.expect_status(200);
        sita.expect_text("No consultant at weekends");
        let (mut board, _) = somebody(&stand, &cluster, "Bruno Boardley", Role::BoardMember).await;
        board.get(page).await.expect_text("No consultant at weekends");
        board.post(&format!("{own}/barriers"), &[("level-organisation", "simple")]).await.expect_status(403);
        let mut public = stand.browser();
        public.get(page).await.expect_no_text("No consultant at weekends");
        assert!(public.get(&own).await.address().starts_with("/sign-in"));

        fay.get(page).await.click("write up how").await;
        fay.fill("The practice, in a few words", "Review next morning")
            .fill("Site it was found at (optional)", "Hospital 01");
        fay.fill("Where, as everybody may read it", "A maternity unit").fill("What they do", "Ten minutes at handover");
        fay.fill("How to do it, and what it takes", "A rota").fill("With what result", "Fewer");
        fay.submit("Publish the practice").await.expect_status(200).expect_text("Nobody has told of a copy yet");
        sita.get("/clusters/necles/practices/review-next-morning").await;
        sita.fill("Adapted so", "At noon").fill("With this result", "Too early to say").fill("Since", "2010-06-01");
        let wrong = [
            ("site", hospital(1).id.to_string()),
            ("tried_on", "2010-06-01".into()),
            ("adapted", "x".into()),
            ("result", "y".into()),
        ];
        let fields: Vec<(&str, &str)> = wrong.iter().map(|(name, value)| (*name, value.as_str())).collect();
        sita.fill("Tried at", "Hospital 02")
            .submit("Tell of it")
            .await
            .expect_status(200)
            .expect_text("Adapted: At noon");
        sita.post("/clusters/necles/practices/review-next-morning/copies", &fields).await.expect_status(422);
        assert_eq!(sita.errors(), ["Choose a site you speak for"]);
        public.get("/clusters/necles/practices").await.expect_text("Copied by 1 site");
        assert!(public.get("/clusters/necles/practices/found").await.address().starts_with("/sign-in"));
        fay.get("/clusters/necles/practices/found").await.expect_status(200).expect_text("There is no measure yet");
    })
    .await;
}
