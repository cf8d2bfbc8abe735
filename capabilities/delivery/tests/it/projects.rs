//! Pathways and projects: started, said to stand, milestones, cycles; and who may not.

use hiec_kernel::Role;
use hiec_store::Stream;
use hiec_testkit::for_each_database;

use crate::clusters::{set, somebody, stand};

#[tokio::test]
async fn a_project_lives_from_its_pathway_to_its_end() {
    for_each_database(|url| async move {
        let (stand, cluster) = stand(&url, 2, "2010-04-10 10:00").await;
        let (mut fay, person) = somebody(&stand, &cluster, "Fay Facilitson", Role::Facilitator).await;

        fay.get("/clusters/necles/projects").await.expect_status(200).expect_text("has not started a pathway yet");
        fay.click("Start the first pathway").await;
        fay.submit("Start the pathway").await.expect_status(422);
        assert_eq!(fay.errors(), ["Enter the name of the pathway", "Choose a category", "Enter the first day"]);
        fay.fill("Name", "Maternity").fill("Category", "Acute").fill("Clinical lead (optional)", "Made-up Midwife");
        fay.fill("First day", "2010-04-01").submit("Start the pathway").await.expect_status(200);
        fay.expect_text("No project on this pathway yet").expect_text("Clinical lead: Made-up Midwife");

        fay.click("Start a project").await;
        fay.fill("Pathway", "Maternity")
            .fill("Name", "Community of practice")
            .fill("What it does", "Shares what works");
        fay.fill("Who works on it (optional)", "Hospital 01\n\nHospital 02").fill("First day", "2010-04-05");
        fay.submit("Start the project").await.expect_status(200).expect_text("Hospital 01, Hospital 02");

        fay.fill("What will be there", "First meeting").fill("By when", "2010-04-08");
        fay.submit("Set the milestone").await.expect_text("Overdue");
        fay.fill("on", "2010-05-01").fill("reason", "The room is taken").submit("Move : First meeting").await;
        fay.expect_text("First promised for 8 April 2010. Moved: The room is taken").expect_text("To come");
        fay.fill("on", "2010-04-11").submit("Reached : First meeting").await.expect_status(422);
        fay.expect_text("this lies in the future");
        fay.fill("on", "2010-04-10").submit("Reached : First meeting").await.expect_text("Reached, 10 April 2010");

        fay.fill("Name", "Package").fill("Where it is (optional)", "javascript:alert(1)");
        fay.submit("Name the product").await.expect_status(422);
        assert_eq!(fay.errors(), ["Enter an address that begins with https://"]);
        fay.fill("Where it is (optional)", "https://example.org/package").submit("Name the product").await;
        fay.expect_text("Nobody yet");

        fay.fill("Status", "Late").fill("Since", "2010-04-09").submit("Say how it stands").await.expect_status(422);
        assert_eq!(fay.errors(), ["Enter why it stands so"]);
        fay.fill("Why", "The web site is not up")
            .submit("Say how it stands")
            .await
            .expect_text("The web site is not up");
        set(&stand, "2010-06-01 10:00");
        let mut fay = stand.browser_of(person.id).await;
        fay.get("/clusters/necles/projects/community-of-practice").await;
        fay.fill("Status", "Ended").fill("Why", "It is done").fill("Since", "2010-06-01");
        fay.submit("Say how it stands").await.expect_text("It is done").expect_text("The web site is not up");
        fay.expect_no_text("Say how it stands now");
        let again = [("status", "on_track"), ("reason", "Once more"), ("since", "2010-06-01")];
        fay.post("/clusters/necles/projects/community-of-practice/standing", &again).await.expect_status(422);
        fay.expect_text("A project that has ended does not start again");

        let trail = stand.trail(&Stream::named(format!("delivery:{}", cluster.id))).await;
        for kind in ["pathway.started", "project.started", "project.milestone", "project.product", "project.stands"] {
            assert!(trail.contains(kind), "{kind}");
        }
        fay.get("/clusters/necles/projects.csv").await.expect_status(200).expect_text("Community of practice");
        assert_eq!(fay.get("/clusters/necles/projects.xlsx").await.bytes().get(..2), Some(&b"PK"[..]));
    })
    .await;
}

#[tokio::test]
async fn a_cycle_is_planned_tried_studied_and_decided() {
    for_each_database(|url| async move {
        let (stand, cluster) = stand(&url, 2, "2010-05-10 10:00").await;
        let (mut fay, _) = somebody(&stand, &cluster, "Fay Facilitson", Role::Facilitator).await;
        let pathway = [("name", "Maternity"), ("category", "acute"), ("starts_on", "2010-04-01")];
        fay.post("/clusters/necles/pathways/new", &pathway).await.expect_status(200);
        let project = [("pathway", "maternity"), ("name", "Package"), ("what", "Fewer"), ("starts_on", "2010-04-01")];
        fay.post("/clusters/necles/projects/new", &project).await.expect_status(200);
        fay.fill("The change, in a few words", "Daily review").fill("Site (optional)", "Hospital 02");
        fay.fill("Plan: what is expected to happen, and how it will be known", "Fewer, counted weekly");
        fay.fill("Planned on", "2010-05-01").submit("Plan the cycle").await.expect_text("Planned at Hospital 02");
        fay.fill("Do: what is tried, and where", "One week").fill("On", "2010-04-30");
        fay.submit("Take the step").await.expect_status(422);
        assert_eq!(fay.errors(), ["The day lies before the step before it, of 2010-05-01"]);
        fay.fill("On", "2010-05-02").submit("Take the step").await.expect_text("Being tried");
        fay.fill("Study: what came of it", "Nine of ten").fill("On", "2010-05-09").submit("Take the step").await;
        fay.fill("Act: what follows", "Keep it").fill("On", "2010-05-10").submit("Take the step").await;
        assert_eq!(fay.errors(), ["Decide what follows: adopt, adapt or abandon"]);
        fay.fill("What follows", "Adopt: do it as a matter of course").submit("Take the step").await;
        fay.expect_text("Adopted at Hospital 02").expect_text("Nine of ten");
    })
    .await;
}

#[tokio::test]
async fn the_public_and_the_region_read_and_change_nothing() {
    for_each_database(|url| async move {
        let (stand, cluster) = stand(&url, 1, "2010-05-10 10:00").await;
        let (mut fay, _) = somebody(&stand, &cluster, "Fay Facilitson", Role::Facilitator).await;
        let pathway = [("name", "Maternity"), ("category", "acute"), ("starts_on", "2010-04-01")];
        fay.post("/clusters/necles/pathways/new", &pathway).await.expect_status(200);
        let project = [("pathway", "maternity"), ("name", "Package"), ("what", "Fewer"), ("starts_on", "2010-04-01")];
        fay.post("/clusters/necles/projects/new", &project).await.expect_status(200);
        let (mut region, _) = somebody(&stand, &cluster, "Rita Regionson", Role::RegionOfficer).await;
        let mut public = stand.browser();
        let standing = [("status", "late"), ("reason", "No"), ("since", "2010-05-01")];
        for reader in [&mut region, &mut public] {
            reader.get("/clusters/necles/projects").await.expect_status(200).expect_text("Package");
            reader
                .get("/clusters/necles/projects/package")
                .await
                .expect_status(200)
                .expect_no_text("Say how it stands");
        }
        region.post("/clusters/necles/projects/package/standing", &standing).await.expect_status(403);
        public.post("/clusters/necles/projects/package/standing", &standing).await.expect_status(401);
        region.get("/clusters/elsewhere/projects").await.expect_status(404);
        let (_, twin) = public.get_json("/clusters/necles/projects").await;
        assert_eq!(twin["projects"][0]["standing"]["status"], "on_track");
    })
    .await;
}
