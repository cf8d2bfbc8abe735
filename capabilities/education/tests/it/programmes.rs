//! Curricula: their owner writes them, the cluster proposes, and nobody in the cluster ever edits an owned outcome.

use hiec_kernel::Role;

use crate::clusters::{self, somebody};
use crate::ground::{EDUCATION, begin_programme};

#[tokio::test]
async fn a_change_goes_to_the_owner_and_never_past_it() {
    hiec_testkit::for_each_database(|url| async move {
        let (stand, cluster) = clusters::stand(&url, "2010-09-01 10:00").await;
        let (mut lead, _) = somebody(&stand, &cluster, "Edith Educatson", Role::EducationLead, 1).await;
        begin_programme(&mut lead).await;
        let programme = format!("{EDUCATION}/programmes/cardiology-training");
        let (mut owner, _) = somebody(&stand, &cluster, "Colette Collegeham", Role::CurriculumOwner, 20).await;
        let (mut other, _) = somebody(&stand, &cluster, "Olga Otherly", Role::CurriculumOwner, 21).await;

        // The owner writes; the cluster, and the owner of something else, cannot.
        owner.get(&programme).await.fill("Code of a new outcome", "C1").fill("What is to be learnt", "Reads a tracing");
        owner
            .fill("Year of the programme", "1")
            .submit("Save the outcome")
            .await
            .expect_text("The curriculum was changed.");
        let typed = [("code", "C2"), ("name", "Sneaks in"), ("year", "1")];
        lead.get(&programme).await.expect_text("Reads a tracing").expect_no_text("Save the outcome");
        lead.post(&format!("{programme}/outcomes"), &typed).await.expect_status(403);
        other.post(&format!("{programme}/outcomes"), &typed).await;
        assert!([403, 404].contains(&other.status().as_u16()), "{}", other.status());

        // Mistakes are told in the user's words.
        owner.get(&programme).await.fill("Code of a new outcome", "c1").fill("What is to be learnt", "Again");
        owner.fill("Year of the programme", "3").submit("Save the outcome").await.expect_status(422);
        owner.expect_text("from 1 to 2");
        owner
            .fill("Year of the programme", "2")
            .submit("Save the outcome")
            .await
            .expect_text("has an outcome c1 already");

        // The cluster proposes; it cannot decide on its own proposal.
        lead.get(&programme).await.click("Propose a change").await;
        lead.fill("Code of a new outcome", "C5")
            .fill("What is to be learnt", "Follows one person")
            .fill("Year of the programme", "2");
        lead.fill("Why", "They see steps and never the way")
            .submit("Send the proposal")
            .await
            .expect_text("sent to the owner");
        let proposal = format!("{programme}/proposals/1");
        lead.post(&format!("{proposal}/decision"), &[("act", "accept"), ("words", "Yes")]).await.expect_status(403);
        lead.post(&format!("{proposal}/answer"), &[("act", "accept"), ("words", "Yes")]).await.expect_status(422);
        lead.get(&programme).await.expect_text("With the owner");

        // The owner asks, the cluster answers, the owner accepts; the curriculum changes in the same step.
        owner.post(&format!("{proposal}/decision"), &[("act", "question"), ("words", "How is it assessed?")]).await;
        lead.get(&proposal).await.expect_text("How is it assessed?");
        owner.post(&format!("{proposal}/decision"), &[("act", "accept"), ("words", "Yes")]).await.expect_status(409);
        lead.post(&format!("{proposal}/answer"), &[("act", "answer"), ("words", "By a portfolio")]).await;
        owner.post(&format!("{proposal}/decision"), &[("act", "accept"), ("words", "From the next intake")]).await;
        lead.get(&programme).await.expect_text("Follows one person").expect_text("Accepted");
        owner.post(&format!("{proposal}/decision"), &[("act", "refuse"), ("words", "No")]).await.expect_status(409);
        let trail = stand.trail(&hiec_store::Stream::named(format!("education:{}", cluster.id))).await;
        for kind in ["education.programme.started", "education.curriculum.changed", "education.curriculum.proposal"] {
            assert!(trail.contains(kind), "{kind}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_map_shows_gaps_and_doubles_and_steps_never_run_in_a_circle() {
    hiec_testkit::for_each_database(|url| async move {
        let crate::ground::Ground { stand, cluster, mut lead } = crate::ground::ground(&url).await;
        let (mut owner, _) = somebody(&stand, &cluster, "Colette Collegeham", Role::CurriculumOwner, 20).await;
        let programme = format!("{EDUCATION}/programmes/cardiology-training");
        for (code, name) in [("C1", "Reads a tracing"), ("C2", "Leads a team")] {
            owner.post(&format!("{programme}/outcomes"), &[("code", code), ("name", name), ("year", "1")]).await;
        }
        let steps = format!("{EDUCATION}/steps");
        for name in ["First contact", "Tests", "Treatment"] {
            lead.get(&steps).await.fill("Pathway", "COPD").fill("Name of the step", name);
            lead.submit("Add the step").await.expect_text("The step was added.");
        }
        for (step, after) in [("Tests", "First contact"), ("Treatment", "Tests")] {
            lead.fill("This step", &format!("COPD: {step}")).fill("Comes after", &format!("COPD: {after}"));
            lead.submit("Set the order").await.expect_text("The order was set.");
        }
        lead.fill("This step", "COPD: First contact").fill("Comes after", "COPD: Treatment");
        lead.submit("Set the order").await.expect_status(422);
        lead.expect_text("First contact → Tests → Treatment → First contact");
        lead.get(&steps).await.fill("Pathway", "COPD").fill("Name of the step", "tests");
        lead.submit("Add the step").await.expect_status(422);
        lead.expect_text("has a step “tests” already");

        // Outcomes at steps, then a host that teaches one of them.
        let (_, told) = lead.get_json(&format!("{programme}/places")).await;
        let outcome = |nth: usize| told["outcomes"][nth]["id"].as_str().unwrap().to_owned();
        let step = |nth: usize| told["steps"]["all"][nth]["id"].as_str().unwrap().to_owned();
        let (first, second, tests) = (outcome(0), outcome(1), step(1));
        lead.post(
            &format!("{programme}/places"),
            &[(first.as_str(), tests.as_str()), (second.as_str(), tests.as_str())],
        )
        .await
        .expect_text("Saved where outcomes are learnt.");
        let host = clusters::organisation(3).id;
        let (mut educator, _) = somebody(&stand, &cluster, "Horace Hostley", Role::HostEducator, 3).await;
        let teaching = format!("{EDUCATION}/hosts/{host}/teaching");
        educator.get(&teaching).await.tick("C1 Reads a tracing — at Tests").submit("Save").await;
        educator.expect_text("Saved what this host can teach.");
        // Another host is not theirs to speak for.
        let another = clusters::organisation(1).id;
        educator.get(&format!("{EDUCATION}/hosts/{another}/teaching")).await;
        assert!([403, 404].contains(&educator.status().as_u16()));

        let (_, map) = lead.get_json(&format!("{EDUCATION}/map?most=1")).await;
        let standings: Vec<&str> =
            map["places"].as_array().unwrap().iter().map(|place| place["standing"].as_str().unwrap()).collect();
        assert_eq!(standings, ["taught", "gap"]);
        lead.get(&format!("{EDUCATION}/map"))
            .await
            .expect_text("Nobody teaches it")
            .expect_text("1 that nobody teaches");
        lead.get(&format!("{EDUCATION}/map.csv")).await.expect_status(200);
        assert!(String::from_utf8_lossy(lead.bytes()).contains("Hospital 03"));
        assert!(lead.get(&format!("{EDUCATION}/map.xlsx")).await.bytes().starts_with(b"PK"));
        stand.browser().get(&format!("{EDUCATION}/map")).await.expect_text("Nobody teaches it");
    })
    .await;
}
