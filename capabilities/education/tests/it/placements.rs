//! Placements as people plan them: the rules refuse with reasons, half-time people share, time out frees the post, and nobody sees whom they should not.

use hiec_kernel::Role;

use crate::clusters::{self, somebody};
use crate::ground::{EDUCATION, Ground, ground, place};

#[tokio::test]
async fn placements_are_planned_refused_shared_and_freed() {
    hiec_testkit::for_each_database(|url| async move {
        let Ground { mut lead, .. } = ground(&url).await;
        place(&mut lead, "T-1", "H1-CARD-001", "2010-09-01", "2011-08-02", "1").await;
        lead.expect_text("The placement was planned.");
        let first = lead.address().to_owned();

        // The post is full; the other one is shared by two half-time people, and a third finds it full.
        place(&mut lead, "T-2", "H1-CARD-001", "2010-10-06", "2011-08-02", "0.5").await;
        lead.expect_status(422).expect_text("is full: it holds 1 of whole-time (6 October 2010 to 2 August 2011)");
        lead.expect_text("Choose another post, or other days").fill("Post", "H3-CARD-001: Cardiology, Hospital 03");
        lead.submit("Plan the placement").await.expect_text("The placement was planned.");
        place(&mut lead, "T-3", "H3-CARD-001", "2010-10-06", "2011-08-02", "0.5").await;
        lead.expect_text("The placement was planned.");
        lead.get(&format!("{EDUCATION}/posts/H3-CARD-001"))
            .await
            .expect_text("Ben Learnwell")
            .expect_text("Cleo Learnwell");
        place(&mut lead, "T-3", "H1-CARD-001", "2011-08-03", "2012-08-02", "0.6").await;
        lead.expect_status(422).expect_text("works 0.5 of whole-time, less than 0.6");

        // Time out in the middle divides the placement and moves the expected end.
        lead.get(&format!("{EDUCATION}/placements/new?trainee=T-1")).await;
        lead.fill("What they do", "Parental leave").fill("First day", "2011-01-05").fill("Last day", "2011-03-05");
        lead.submit("Plan the placement").await.expect_text("The placement was planned.");
        let (_, told) = lead.get_json(&format!("{EDUCATION}/trainees/T-1")).await;
        assert_eq!(told["placements"].as_array().unwrap().len(), 3, "{told}");
        assert_eq!(told["reckoning"]["expected_end"], "2012-10-02");
        lead.get(&format!("{EDUCATION}/posts/H1-CARD-001")).await.expect_text("5 January 2011");
        place(&mut lead, "T-2", "H1-CARD-001", "2011-01-05", "2011-03-05", "0.5").await;
        lead.expect_status(422).expect_text("Ben Learnwell would work 1 of whole-time, and works 0.5");

        // A change needs a reason and is judged again; a cancellation frees the days.
        lead.get(&first).await.click("Change it").await.fill("Last day", "2011-02-01");
        lead.submit("Change the placement").await.expect_status(422).expect_text("Enter why it is changed");
        lead.fill("Why it is changed", "A longer turn").submit("Change the placement").await;
        lead.expect_status(422).expect_text("is away then: parental leave");
        lead.fill("Last day", "2010-12-31")
            .submit("Change the placement")
            .await
            .expect_text("The placement was changed.");
        lead.submit("Cancel the placement").await.expect_status(422).expect_text("Enter why it is cancelled");
        lead.fill("Why it is cancelled", "Moved to another trust").submit("Cancel the placement").await;
        lead.expect_text("its days are free again").expect_text("Moved to another trust");
    })
    .await;
}

#[tokio::test]
async fn everybody_sees_their_own_part_and_no_more() {
    hiec_testkit::for_each_database(|url| async move {
        let Ground { stand, cluster, mut lead } = ground(&url).await;
        place(&mut lead, "T-1", "H1-CARD-001", "2010-09-01", "2011-08-02", "1").await;
        let at_first = lead.address().to_owned();
        place(&mut lead, "T-2", "H3-CARD-001", "2010-09-01", "2011-08-02", "0.5").await;
        let at_third = lead.address().to_owned();

        let (mut third, _) = somebody(&stand, &cluster, "Horace Hostley", Role::HostEducator, 3).await;
        third
            .get(&format!("{EDUCATION}/placements"))
            .await
            .expect_text("Ben Learnwell")
            .expect_no_text("Ada Learnwell");
        third.get(&format!("{EDUCATION}/trainees")).await.expect_text("Ben Learnwell").expect_no_text("Ada Learnwell");
        third.get(&format!("{EDUCATION}/grid")).await.expect_text("Ben Learnwell").expect_no_text("Ada Learnwell");
        third.get(&at_third).await.expect_status(200).expect_no_text("Change it");
        third.get(&at_first).await.expect_status(404);
        third.get(&format!("{EDUCATION}/trainees/T-1")).await.expect_status(404);
        third.get(&format!("{EDUCATION}/posts/H1-CARD-001")).await.expect_status(200).expect_no_text("Ada Learnwell");

        let (mut owner, _) = somebody(&stand, &cluster, "Colette Collegeham", Role::CurriculumOwner, 20).await;
        owner.get(&format!("{EDUCATION}/trainees/T-1")).await.expect_status(200);
        let (mut other, _) = somebody(&stand, &cluster, "Olga Otherly", Role::CurriculumOwner, 21).await;
        other.get(&format!("{EDUCATION}/trainees/T-1")).await.expect_status(404);

        let (mut regulator, _) = somebody(&stand, &cluster, "Reggie Regulatson", Role::Regulator, 1).await;
        regulator.get(&at_first).await.expect_status(200).expect_no_text("Change it");
        regulator.post(&format!("{at_first}/cancellation"), &[("reason", "No")]).await.expect_status(403);
        let (mut region, _) = somebody(&stand, &cluster, "Rita Regionson", Role::RegionOfficer, 1).await;
        region.get(&format!("{EDUCATION}/placements")).await.expect_text("Ada Learnwell");
        region.get(&format!("{EDUCATION}/placements/new")).await.expect_status(403);

        // A trainee reads their own record and nobody else's.
        let (mut own, person) = somebody(&stand, &cluster, "Dev Learnwell", Role::Trainee, 1).await;
        lead.get(&format!("{EDUCATION}/trainees/new")).await;
        lead.fill("Programme", "Cardiology training")
            .fill("Number", "T-4")
            .fill("Name", "Dev Learnwell")
            .fill("Grade", "ST3");
        lead.fill("E-mail address of their account (optional)", &person.email).fill("Share of whole-time", "1");
        lead.fill("First day", "2010-08-04").fill("Last day, as it would be at whole-time", "2012-08-03");
        lead.submit("Enrol the trainee").await;
        own.get(EDUCATION).await.expect_text("Your own training");
        own.get(&format!("{EDUCATION}/trainees/T-4"))
            .await
            .expect_status(200)
            .expect_text("How the expected end is found");
        own.get(&format!("{EDUCATION}/trainees/T-1")).await.expect_status(404);
        own.get(&format!("{EDUCATION}/placements")).await.expect_status(404);
        stand.browser().get(&format!("{EDUCATION}/trainees/T-1")).await.expect_no_text("Learnwell");
    })
    .await;
}

#[tokio::test]
async fn a_grid_moves_placements_and_says_why_it_does_not() {
    hiec_testkit::for_each_database(|url| async move {
        let Ground { mut lead, .. } = ground(&url).await;
        place(&mut lead, "T-1", "H1-CARD-001", "2010-08-04", "2011-02-03", "1").await;
        let id = lead.address().rsplit('/').next().unwrap().to_owned();
        place(&mut lead, "T-2", "H1-CARD-001", "2011-02-04", "2011-08-02", "0.5").await;
        let moves = format!("{EDUCATION}/grid/moves");
        lead.get(&format!("{EDUCATION}/grid?by=posts")).await.expect_text("Ada Learnwell").expect_text("0.5 free");

        lead.post(&moves, &[("placement", &id), ("later", "2"), ("reason", "Later"), ("by", "posts")]).await;
        lead.expect_status(422).expect_text("has 0.5 of whole-time free, of 1 (4 February 2011 to 3 April 2011)");
        lead.post(
            &moves,
            &[("placement", &id), ("later", "2"), ("post", "H3-CARD-001"), ("reason", "Later"), ("by", "posts")],
        )
        .await;
        lead.expect_text("Moved: it runs from 4 October 2010 to 3 April 2011 now.");
        lead.post(&moves, &[("placement", &id), ("later", "1"), ("reason", "")]).await;
        lead.expect_status(422).expect_text("Enter the reason that is kept with the move");
        for rubbish in [
            [("placement", "x"), ("later", "1"), ("reason", "So")],
            [("placement", id.as_str()), ("later", "lots"), ("reason", "So")],
        ] {
            lead.post(&moves, &rubbish).await.expect_status(422);
        }
        lead.get(&format!("{EDUCATION}/grid?from=rubbish&months=9999&programme=none")).await.expect_status(200);
    })
    .await;
}

#[tokio::test]
async fn lists_come_in_whole_or_not_at_all() {
    hiec_testkit::for_each_database(|url| async move {
        let Ground { mut lead, .. } = ground(&url).await;
        let upload = async |lead: &mut hiec_testkit::Browser, list: &str, text: &str| {
            lead.get(&format!("{EDUCATION}/{list}/imports")).await.attach(
                "The list",
                "list.csv",
                "text/csv",
                text.as_bytes(),
            );
            lead.submit("Upload and preview").await;
        };
        // A line the rules refuse stops all of it, with its reason.
        let head = "trainee,post,starts_on,ends_on,wte\n";
        upload(
            &mut lead,
            "placements",
            &format!("{head}T-1,H1-CARD-001,2010-09-01,2011-08-02,1\nT-2,H1-CARD-001,2010-09-01,2011-08-02,0.5\n"),
        )
        .await;
        lead.expect_text("1 faults to correct").expect_text("is full").expect_no_text("Import all of it");
        upload(
            &mut lead,
            "placements",
            &format!("{head}T-1,H1-CARD-001,2010-09-01,2011-08-02,1\nT-2,H3-CARD-001,01/09/2010,02/08/2011,0.5\n"),
        )
        .await;
        lead.expect_text("2 new").submit("Import all of it").await.expect_text("Imported: 2 new, 0 changed.");
        // What comes out goes in again and changes nothing; a changed line is shown.
        lead.get(&format!("{EDUCATION}/placements.csv")).await;
        let out = String::from_utf8_lossy(lead.bytes()).into_owned();
        upload(&mut lead, "placements", &out).await;
        lead.expect_text("2 as they are").expect_text("0 changed");
        upload(&mut lead, "placements", &out.replace("2011-08-02,1", "2011-07-01,1")).await;
        lead.expect_text("1 changed")
            .expect_text("2011-07-01")
            .submit("Import all of it")
            .await
            .expect_text("1 changed.");
        for (text, says) in [
            ("trainee,post\n", "lacks"),
            ("trainee,post,starts_on,ends_on,wte\nT-9,H1-CARD-001,2010-09-01,2011-08-02,1\n", "No trainee here"),
            ("trainee,post,starts_on,ends_on,wte\nT-1,NONE,2010-09-01,2011-08-02,1\n", "No post here"),
            ("trainee,post,starts_on,ends_on,wte\nT-1,H1-CARD-001,soon,2011-08-02,1\n", "This is no day"),
            ("trainee,post,starts_on,ends_on,wte\nT-1,H1-CARD-001,2010-09-01,2011-08-02,7\n", "no share of whole-time"),
        ] {
            upload(&mut lead, "placements", text).await;
            lead.expect_text(says);
        }
        lead.get(&format!("{EDUCATION}/posts.csv")).await;
        let posts = String::from_utf8_lossy(lead.bytes()).into_owned();
        upload(&mut lead, "posts", &posts).await;
        lead.expect_text("2 as they are");
        let more = "number,host,site,profession,specialty,grade,setting,starts_on,capacity,latitude,longitude\n\
                    H2-CARD-001,Hospital 02,East wing,medical,Cardiology,ST3,secondary,2010-08-04,2,51.5,-0.05\n";
        upload(&mut lead, "posts", more).await;
        lead.submit("Import all of it").await.expect_text("Imported: 1 new, 0 changed.");
        upload(&mut lead, "posts", &more.replace("East wing", "West wing").replace(",2,51.5", ",3,51.5")).await;
        lead.expect_text("The post is there with “2”");
        upload(&mut lead, "posts", &more.replace("Hospital 02", "Nowhere")).await;
        lead.expect_text("No organisation of the register that provides care");
    })
    .await;
}

#[tokio::test]
async fn a_calendar_is_read_by_its_secret_address_alone() {
    hiec_testkit::for_each_database(|url| async move {
        let Ground { stand, cluster, mut lead } = ground(&url).await;
        place(&mut lead, "T-1", "H1-CARD-001", "2010-09-01", "2011-08-02", "1").await;
        lead.get(&format!("{EDUCATION}/trainees/T-1")).await.submit("Make an address for my calendar").await;
        lead.expect_text("Shown once");
        let address = |browser: &hiec_testkit::Browser| {
            let links = browser.links();
            let link = links.iter().find(|link| link.contains("/feeds/")).unwrap();
            link[link.find("/clusters").unwrap()..].to_owned()
        };
        let feed = address(&lead);
        let mut calendar = stand.browser();
        calendar.get(&feed).await.expect_status(200);
        let text = String::from_utf8_lossy(calendar.bytes()).into_owned();
        assert!(text.contains("DTSTART;VALUE=DATE:20100901") && text.contains("DTEND;VALUE=DATE:20110803"), "{text}");
        assert!(text.contains("H1-CARD-001") && !text.contains("Learnwell: "), "{text}");
        // Another one ends the first; a guess opens nothing.
        lead.get(&format!("{EDUCATION}/trainees/T-1")).await.submit("Make an address for my calendar").await;
        calendar.get(&feed).await.expect_status(404);
        calendar.get(&address(&lead)).await.expect_status(200);
        calendar.get(&format!("{EDUCATION}/feeds/guess")).await.expect_status(404);
        // A host's calendar says who comes; another host makes none of it.
        let host = clusters::organisation(1).id;
        let (mut own, _) = somebody(&stand, &cluster, "Horace Hostley", Role::HostEducator, 1).await;
        own.get(&format!("{EDUCATION}/hosts/{host}")).await.submit("Make an address for my calendar").await;
        calendar.get(&address(&own)).await;
        assert!(String::from_utf8_lossy(calendar.bytes()).contains("Ada Learnwell: H1-CARD-001"));
        let (mut third, _) = somebody(&stand, &cluster, "Hope Hostwell", Role::HostEducator, 3).await;
        third.post(&format!("{EDUCATION}/calendars/host/{host}"), &[]).await;
        assert!([403, 404].contains(&third.status().as_u16()));
    })
    .await;
}

#[tokio::test]
async fn room_never_shrinks_under_those_who_are_placed() {
    hiec_testkit::for_each_database(|url| async move {
        let Ground { stand, cluster, mut lead } = ground(&url).await;
        place(&mut lead, "T-1", "H1-CARD-001", "2010-09-01", "2011-08-02", "1").await;
        let (mut educator, _) = somebody(&stand, &cluster, "Horace Hostley", Role::HostEducator, 1).await;
        let post = format!("{EDUCATION}/posts/H1-CARD-001");
        educator.get(&post).await.fill("From", "2011-01-05").fill("It holds", "0.5").fill("Why", "The ward closes");
        educator.submit("Change the room").await.expect_status(422);
        educator.expect_text("On 5 January 2011 the post would hold 0.5 of whole-time, and 1 is placed in it");
        educator
            .fill("From", "2011-08-03")
            .fill("It holds", "2")
            .submit("Change the room")
            .await
            .expect_text("The room was changed.");
        educator.get(&format!("{EDUCATION}/posts/H3-CARD-001")).await.expect_no_text("Change the room");
        educator
            .post(&format!("{EDUCATION}/posts/H3-CARD-001/capacity"), &[("from", "2011-01-05")])
            .await
            .expect_status(403);
    })
    .await;
}

#[tokio::test]
async fn a_trainee_changes_their_share_and_the_end_follows() {
    hiec_testkit::for_each_database(|url| async move {
        let Ground { mut lead, .. } = ground(&url).await;
        place(&mut lead, "T-1", "H1-CARD-001", "2010-09-01", "2011-08-02", "1").await;
        lead.get(&format!("{EDUCATION}/trainees/T-1")).await.click("Change share, grade or membership").await;
        lead.fill("Share of whole-time", "0.5").submit("Save the change").await.expect_status(422);
        lead.expect_text("Enter why it is changed").fill("Why it is changed", "Part-time from now on");
        lead.submit("Save the change").await.expect_status(422);
        lead.expect_text("The placement from 1 September 2010 is planned at 1, more than this");
        lead.fill("Share of whole-time", "1").fill("First day", "2010-10-01").submit("Save the change").await;
        lead.expect_status(422).expect_text("A placement begins on 1 September 2010");
        lead.fill("First day", "2010-08-04").fill("Last day, as it would be at whole-time", "2011-08-03");
        lead.submit("Save the change").await.expect_text("The change was saved.");
        let (_, told) = lead.get_json(&format!("{EDUCATION}/trainees/T-1")).await;
        assert_eq!(told["reckoning"]["expected_end"], "2011-08-03");
        // Without a placement ahead the share may change, and half-time takes twice as long.
        lead.get(&format!("{EDUCATION}/trainees/T-2/change")).await.fill("Share of whole-time", "1");
        lead.fill("Why it is changed", "Whole-time again")
            .submit("Save the change")
            .await
            .expect_text("The change was saved.");
        let (_, told) = lead.get_json(&format!("{EDUCATION}/trainees/T-2")).await;
        assert_eq!(told["reckoning"]["expected_end"], "2012-08-03");
    })
    .await;
}
