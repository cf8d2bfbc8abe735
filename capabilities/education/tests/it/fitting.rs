//! What stands is not made wrong from another side: by a list, by a change to a trainee, by a body that does something else.

use hiec_kernel::Role;
use hiec_testkit::{Browser, for_each_database};

use crate::clusters::somebody;
use crate::ground::{EDUCATION, Ground, ground, place};

async fn upload(lead: &mut Browser, list: &str, text: &str) {
    let page = lead.get(&format!("{EDUCATION}/{list}/imports")).await;
    page.attach("The list", "list.csv", "text/csv", text.as_bytes());
    lead.submit("Upload and preview").await;
}

#[tokio::test]
async fn a_list_changes_only_what_it_has_and_what_may_change() {
    for_each_database(|url| async move {
        let Ground { stand, cluster, mut lead } = ground(&url).await;
        let (_, hope) = somebody(&stand, &cluster, "Hope Hostwell", Role::Supervisor, 1).await;
        place(&mut lead, "T-1", "H1-CARD-001", "2010-09-01", "2011-08-02", "1").await;
        let head = "number,host,site,profession,specialty,grade,setting,starts_on,capacity";
        let line = |number: &str, grade: &str, more: &str| {
            format!("{number},Hospital 01,Main site,medical,Cardiology,{grade},secondary,2010-08-04,1{more}\n")
        };

        // Neither grade nor last day moves under who is placed there.
        upload(&mut lead, "posts", &format!("{head}\n{}", line("H1-CARD-001", "FY1", ""))).await;
        lead.expect_text("is of the grade FY1").expect_no_text("Import all of it");
        upload(&mut lead, "posts", &format!("{head},ends_on\n{}", line("H1-CARD-001", "ST3", ",2011-01-01"))).await;
        lead.expect_text("On 2 January 2011 the post would hold 0").expect_no_text("Import all of it");
        // Programmes are not in the list, and stay; the place is, and comes.
        let place_only = format!("{head},latitude,longitude\n{}", line("H1-CARD-001", "ST3", ",51.5,-0.05"));
        upload(&mut lead, "posts", &place_only).await;
        lead.expect_text("1 changed").submit("Import all of it").await.expect_text("Imported: 0 new, 1 changed.");
        let (_, post) = lead.get_json(&format!("{EDUCATION}/posts/H1-CARD-001")).await;
        assert_eq!(post["post"]["programmes"].as_array().unwrap().len(), 1, "{post}");
        // A number in small letters is the same number; who pays for a new post comes with it.
        upload(&mut lead, "posts", &format!("{head}\n{}", line("h1-card-001", "ST3", ""))).await;
        lead.expect_text("There is a post h1-card-001 already");
        let paid = format!("{head},funding,payer\n{}", line("H1-CARD-009", "ST3", ",tariff,NHS London"));
        upload(&mut lead, "posts", &paid).await;
        lead.submit("Import all of it").await.expect_text("Imported: 1 new, 0 changed.");
        lead.get(&format!("{EDUCATION}/posts/H1-CARD-009")).await.expect_text("NHS London");
        upload(&mut lead, "posts", &paid.replace("Hospital 01", "College 20").replace("-009", "-010")).await;
        lead.expect_text("No organisation of the register that provides care");

        // A list without standing and supervisor leaves both.
        let full = "trainee,post,starts_on,ends_on,wte,state,supervisor\n";
        let approved = format!("{full}T-1,H1-CARD-001,2010-09-01,2011-08-02,1,approved,{}\n", hope.email);
        upload(&mut lead, "placements", &approved).await;
        lead.submit("Import all of it").await.expect_text("1 changed.");
        let short = "trainee,post,starts_on,ends_on,wte\nT-1,H1-CARD-001,2010-09-01,2011-07-31,1\n";
        upload(&mut lead, "placements", short).await;
        lead.expect_text("1 changed").expect_no_text("Planned").submit("Import all of it").await;
        lead.get(&format!("{EDUCATION}/placements.csv")).await;
        let out = String::from_utf8_lossy(lead.bytes()).into_owned();
        assert!(out.contains(&hope.email) && out.contains("approved") && out.contains("2011-07-31"), "{out}");
    })
    .await;
}

#[tokio::test]
async fn a_trainee_changes_only_as_their_placements_allow() {
    for_each_database(|url| async move {
        let Ground { mut lead, .. } = ground(&url).await;
        place(&mut lead, "T-1", "H1-CARD-001", "2010-09-01", "2011-08-02", "1").await;
        let change = format!("{EDUCATION}/trainees/T-1/change");
        lead.get(&change).await.fill("Grade", "ST1").fill("Why it is changed", "A slip");
        lead.submit("Save the change").await.expect_status(422).expect_text("of the grade ST3");
        lead.fill("Grade", "ST3").fill("Last day, as it would be at whole-time", "2011-01-31");
        lead.submit("Save the change").await.expect_status(422).expect_text("A placement runs to 2 August 2011");
        lead.fill("Last day, as it would be at whole-time", "2012-08-03").fill("First day", "2010-08-01");
        lead.submit("Save the change").await.expect_status(422).expect_text("The programme begins on 4 August 2010");
        lead.fill("First day", "2010-08-05").submit("Save the change").await.expect_status(200);
        lead.get(&format!("{EDUCATION}/trainees/new")).await;
        lead.fill("Programme", "Cardiology training").fill("Number", "t-1").fill("Name", "Eve Learnwell");
        lead.fill("Grade", "ST3").fill("Share of whole-time", "1").fill("First day", "2010-08-03");
        lead.fill("Last day, as it would be at whole-time", "2012-08-03");
        lead.submit("Enrol the trainee").await.expect_status(422).expect_text("The programme begins on");
        lead.fill("First day", "2010-08-04").submit("Enrol the trainee").await.expect_status(422);
        lead.expect_text("There is a trainee t-1 already");
    })
    .await;
}

#[tokio::test]
async fn a_career_break_never_counts_and_supervisors_are_of_the_host() {
    for_each_database(|url| async move {
        let Ground { stand, cluster, mut lead } = ground(&url).await;
        let (_, hope) = somebody(&stand, &cluster, "Hope Hostwell", Role::Supervisor, 1).await;
        let new = |post: &str| format!("{EDUCATION}/placements/new?trainee=T-1&post={post}");
        lead.get(&new("H3-CARD-001")).await.fill("First day", "2010-09-01").fill("Last day", "2011-08-02");
        lead.fill("Supervisor", &format!("{}, Hospital 01", hope.name)).submit("Plan the placement").await;
        lead.expect_status(422).expect_text("Choose a supervisor at Hospital 03, where the post is");
        lead.get(&new("H1-CARD-001")).await.fill("First day", "2010-09-01").fill("Last day", "2011-08-02");
        lead.fill("Supervisor", &format!("{}, Hospital 01", hope.name)).submit("Plan the placement").await;
        lead.expect_text("The placement was planned.");
        let break_of = |counted: &'static str| {
            [
                ("trainee", "T-2"),
                ("kind", "oop_career"),
                ("post", ""),
                ("starts_on", "2010-10-01"),
                ("ends_on", "2010-12-31"),
                ("wte", "0.5"),
                ("counted", counted),
                ("state", "approved"),
            ]
        };
        let page = format!("{EDUCATION}/placements/new");
        lead.post(&page, &break_of("yes")).await.expect_status(422).expect_text("never counts towards the end");
        lead.post(&page, &break_of("")).await.expect_text("The placement was planned.");
    })
    .await;
}

#[tokio::test]
async fn owners_hosts_payers_and_proposals_are_what_they_say() {
    for_each_database(|url| async move {
        let Ground { mut lead, .. } = ground(&url).await;
        lead.get(&format!("{EDUCATION}/programmes/new")).await;
        lead.fill("Name", "Renal training").fill("Profession", "Doctors").fill("Level", "After qualification");
        lead.fill("Specialty", "Renal medicine").fill("Who owns the curriculum (optional)", "Hospital 02");
        lead.fill("Whole-time months", "24").fill("First day", "2010-08-04");
        lead.submit("Begin the programme").await.expect_status(422).expect_text("Hospital 02 does not set curricula");
        lead.get(&format!("{EDUCATION}/posts/new")).await.fill("Number", "X-1").fill("Host", "College 20");
        lead.fill("Profession", "Nurses").tick("Cardiology training").submit("Add the post").await.expect_status(422);
        lead.expect_text("College 20 provides neither care nor education");
        lead.expect_text("Cardiology training is for doctors, and the post for nurses");

        let funding = format!("{EDUCATION}/posts/H1-CARD-001/funding");
        let paid =
            |from: &'static str| [("kind", "tariff"), ("body", "NHS London"), ("funded_from", from), ("funded_to", "")];
        lead.post(&funding, &paid("2010-08-01"))
            .await
            .expect_status(422)
            .expect_text("The post begins on 4 August 2010");
        lead.post(&funding, &paid("2011-08-01")).await.expect_status(422).expect_text("stands from 4 August 2010");

        let proposal = format!("{EDUCATION}/programmes/cardiology-training/proposals/new");
        let gone = [("act", "remove"), ("outcome", "zzz"), ("why", "Nobody teaches it")];
        lead.post(&proposal, &gone).await.expect_status(422).expect_text("has no outcome zzz");
    })
    .await;
}

#[tokio::test]
async fn a_programme_changes_where_trainees_and_outcomes_still_fit() {
    for_each_database(|url| async move {
        let Ground { stand, cluster, mut lead } = ground(&url).await;
        lead.get(&format!("{EDUCATION}/programmes/cardiology-training")).await;
        lead.click("Change its name, length, last day or owner").await.expect_text("College 20’s, and stays so");
        lead.fill("Last day (optional)", "2011-12-31").fill("Why it is changed", "It is wound up");
        lead.submit("Save the change")
            .await
            .expect_status(422)
            .expect_text("3 of its trainees are there after that day");
        lead.fill("Last day (optional)", "2012-08-31").fill("Name", "Heart training");
        lead.submit("Save the change")
            .await
            .expect_status(200)
            .expect_text("Heart training")
            .expect_text("31 August 2012");

        lead.get(&format!("{EDUCATION}/programmes/new")).await;
        lead.fill("Name", "Renal training").fill("Profession", "Doctors").fill("Level", "After qualification");
        lead.fill("Specialty", "Renal medicine").fill("Whole-time months", "24").fill("First day", "2010-08-04");
        lead.submit("Begin the programme").await.expect_text("so the cluster lays it out");
        let outcome = [("act", "write"), ("code", "R1"), ("name", "Dialysis"), ("year", "2")];
        let renal = format!("{EDUCATION}/programmes/renal-training");
        lead.post(&format!("{renal}/outcomes"), &outcome).await.expect_status(200);
        lead.get(&format!("{renal}/change")).await.fill("Whole-time months", "12").fill("Why it is changed", "Shorter");
        lead.submit("Save the change").await.expect_status(422).expect_text("Outcome R1 is learnt in year 2");
        lead.fill("Whole-time months", "24").fill("Who owns the curriculum (optional)", "Hospital 01");
        lead.submit("Save the change").await.expect_status(422).expect_text("Hospital 01 does not set curricula");
        lead.fill("Who owns the curriculum (optional)", "College 21").submit("Save the change").await;
        lead.expect_status(200).expect_text("The curriculum is set by College 21");
        // From now on the cluster proposes, and changes nothing by itself.
        lead.post(&format!("{renal}/outcomes"), &outcome).await.expect_status(403);
        let (mut educator, _) = somebody(&stand, &cluster, "Horace Hostley", Role::HostEducator, 1).await;
        educator.get(&format!("{renal}/change")).await.expect_status(403);
    })
    .await;
}
