//! What keeps a round fair: the rule is stated before anybody answers, limits and grades are kept, days only ever move later, and anybody can check what was published.

use hiec_kernel::Role;
use hiec_kernel::people::{Actor, Person};
use hiec_store::values;

use crate::appeals::{asking, offer, rank, third_post};
use crate::clusters::{self, organisation, somebody};
use crate::rounds::{ROUND, ROUNDS, ground, trainee};

const CLOSE: &str = "Why ranking closes before its last day";

#[tokio::test]
async fn the_rule_is_stated_before_anybody_answers_and_holds() {
    hiec_testkit::for_each_database(|url| async move {
        let (stand, cluster) = clusters::stand(&url, "2011-06-01 10:00").await;
        let (mut lead, _) = somebody(&stand, &cluster, "Edith Educatson", Role::EducationLead, 1).await;
        let (mut ada, ada_person) = trainee(&stand, &cluster, "Ada Traineley").await;
        ground(&stand, &cluster, &[("Ada Traineley", Some(&ada_person)), ("Ben Traineley", None)]).await;
        asking(&mut lead).await;
        // A host takes no more than its posts have room for, and fewer with a reason only.
        let (mut host, _) = somebody(&stand, &cluster, "Horace Hostley", Role::HostEducator, 1).await;
        let appetite = format!("{ROUND}/hosts/{}/appetite", organisation(1).id);
        host.post(&appetite, &[("places", "5")])
            .await
            .expect_status(422)
            .expect_text("Your posts have room for 1 in these days");
        host.post(&appetite, &[("places", "0")]).await.expect_status(422).expect_text("Enter why you take fewer");
        host.post(&appetite, &[("places", "1")]).await.expect_status(200);

        for rule in ["moon", ""] {
            lead.post(&format!("{ROUND}/steps"), &[("act", "open_ranking"), ("rule", rule)]).await.expect_status(422);
        }
        lead.get(ROUND).await.fill("Rule by which places are given", "preference-informed allocation");
        lead.submit("Open ranking").await.expect_status(200);
        ada.get(&format!("{ROUND}/ranking"))
            .await
            .expect_text("by preference-informed allocation")
            .expect_text("is a risk");
        rank(&mut ada, &[1]).await;
        // Time is only ever added, and those who rank hear of it.
        let last_day = format!("{ROUND}/last-day");
        lead.post(&last_day, &[("last_day", "2011-06-20"), ("why_later", "Fewer days")]).await.expect_status(422);
        lead.expect_text("later than 30 June 2011: time is only ever added");
        stand.clock.advance(chrono::Duration::minutes(1));
        lead.get(ROUND).await.fill("Last day to rank", "2011-07-10").fill("Why there is more time", "The mail failed");
        lead.submit("Give more time").await.expect_status(200).expect_text("until the end of 10 July 2011");
        assert!(stand.letter_to(&ada_person.email).await.body.contains("10 July 2011"));

        lead.fill(CLOSE, "All have ranked").submit("Close ranking").await.expect_status(200);
        lead.post(&last_day, &[("last_day", "2011-07-20"), ("why_later", "More")]).await.expect_status(409);
        // Another rule is stated by opening ranking again.
        lead.get(ROUND).await.fill(
            "Rule by which places are given",
            "deferred acceptance, applicants proposing (safe to answer truthfully)",
        );
        lead.fill("Why ranking is opened again", "The rule was wrong")
            .submit("Open ranking again")
            .await
            .expect_status(200);
        ada.get(&format!("{ROUND}/ranking")).await.expect_text("You lose nothing by answering as you truly wish");
        lead.fill(CLOSE, "All have ranked").submit("Close ranking").await.expect_status(200);
        lead.submit("Try the rules out").await;
        stand.do_jobs().await;
        // What is settled after a dry run is to be tried out again.
        let first = organisation(1).id.to_string();
        let settle = [("kind", "given"), ("trainee", "T-1"), ("host", first.as_str()), ("reason", "Carer")];
        lead.post(&format!("{ROUND}/constraints"), &settle).await.expect_status(200);
        lead.get(ROUND).await.expect_text("Rankings closed").expect_text("try the rules out anew before publishing");
        lead.post(&format!("{ROUND}/publication"), &[]).await.expect_status(409);
        lead.get(ROUND).await.submit("Try the rules out").await;
        stand.do_jobs().await;
        stand.browser().get(&format!("{ROUND}/certificate")).await.expect_status(404);
        lead.get(ROUND).await.submit("Publish").await.expect_status(200);

        // Anybody may check what was published, and sees nothing else of it.
        let mut public = stand.browser();
        public.get(&format!("{ROUND}/certificate")).await.expect_status(200).expect_text("The certificate holds.");
        public.get(&format!("{ROUND}/certificate.json")).await.expect_status(200);
        assert!(hiec_placement::check(public.bytes()).unwrap().holds());
        assert!(public.get(ROUND).await.address().starts_with("/sign-in"));
    })
    .await;
}

#[tokio::test]
async fn limits_grades_and_days_are_kept() {
    hiec_testkit::for_each_database(|url| async move {
        let (stand, cluster) = clusters::stand(&url, "2011-06-01 10:00").await;
        let (mut lead, _) = somebody(&stand, &cluster, "Edith Educatson", Role::EducationLead, 1).await;
        let (mut ada, ada_person) = trainee(&stand, &cluster, "Ada Traineley").await;
        let (mut bea, bea_person) = trainee(&stand, &cluster, "Bea Traineley").await;
        let people: [(&str, Option<&Person>); 2] = [("Ada Traineley", Some(&ada_person)), ("Bea Traineley", Some(&bea_person))];
        ground(&stand, &cluster, &people).await;
        third_post(&stand, &cluster).await;
        let unit = stand.state.begin(Actor::System("test".into())).await.unwrap();
        unit.execute("UPDATE education_post SET grade = 'ST1' WHERE number = 'CARD-2'", values![]).await.unwrap();
        unit.commit().await.unwrap();
        // Days that have passed are no days of a round.
        let new = |starts_on: &'static str, ranks_by: &'static str| {
            [("name", "Old"), ("programme", "cardiology"), ("starts_on", starts_on), ("ends_on", "2012-08-01"), ("ranks_by", ranks_by)]
        };
        let begin = format!("{ROUNDS}/new");
        lead.post(&begin, &new("2011-08-03", "2009-01-01")).await.expect_status(422).expect_text("that has not passed");
        lead.post(&begin, &new("2011-05-03", "2011-04-01")).await.expect_status(422).expect_text("that lies ahead");
        asking(&mut lead).await;
        // Nobody is in two rounds of the same days.
        lead.post(&begin, &new("2011-09-01", "2011-06-30")).await.expect_status(409).expect_text("in another round of these days already");
        let again = [("name", "Cardiology 2011"), ("programme", "cardiology"), ("starts_on", "2013-08-03"), ("ends_on", "2014-08-01"), ("ranks_by", "2011-06-30")];
        lead.post(&begin, &again).await.expect_status(422).expect_text("There is a round of this name");
        offer(&stand, &[(1, "1"), (2, "1"), (3, "1")]).await;
        lead.get(ROUND).await.submit("Open ranking").await.expect_status(200);

        // The second hospital has no post of their grade; a choice of it is not taken, and one that stands is none.
        ada.get(&format!("{ROUND}/ranking")).await.expect_text("Hosts with no post of your grade, which you cannot go to: Hospital 02");
        rank(&mut ada, &[1, 2]).await;
        ada.expect_text("Your ranking of 1 host is saved");
        let unit = stand.state.begin(Actor::System("test".into())).await.unwrap();
        unit.execute(
            "INSERT INTO education_round_choice (round_id, trainee_id, place, host_id) SELECT round_id, trainee_id, 1, $1 FROM education_round_entrant e \
             WHERE e.trainee_id = $2",
            values![organisation(2).id.0, uuid::Uuid::from_u128(91)],
        )
        .await
        .unwrap();
        unit.commit().await.unwrap();

        // Ada lives near the first hospital, can travel ten kilometres, and ranks the third, which lies nowhere on the map.
        let (one, three) = (format!("number-{}", organisation(1).id), format!("number-{}", organisation(3).id));
        let near = organisation(1).id.to_string();
        let limited = [(three.as_str(), "1"), (one.as_str(), "2"), ("near", near.as_str()), ("limit", "10")];
        ada.post(&format!("{ROUND}/ranking"), &limited).await.expect_status(200);
        lead.get(ROUND).await.fill(CLOSE, "All have ranked").submit("Close ranking").await.expect_status(200);
        lead.submit("Try the rules out").await.expect_status(409);
        lead.expect_text("Travel limits cannot be kept: it is not known where Hospital 03 lies");
        lead.get("/clusters/necles/education/posts/CARD-3/change").await.fill("Degrees north (optional)", "53.0");
        lead.fill("Since when", "It was put down wrongly: correct it from the beginning").fill("Why it is changed", "It was missing");
        lead.submit("Save the change").await.expect_status(422).expect_text("Fill in both degrees, or neither");
        lead.fill("Degrees east (optional)", "0.0").submit("Save the change").await.expect_status(200);
        lead.get(ROUND).await.submit("Try the rules out").await.expect_status(200);
        stand.do_jobs().await;
        lead.get(ROUND).await.submit("Publish").await.expect_status(200);
        ada.get(&format!("{ROUND}/result")).await.expect_text("beyond the applicant's travel limit").expect_text("Hospital 01");
        bea.get(&format!("{ROUND}/result")).await.expect_text("No place in this round");
        bea.expect_text("none of the host's posts is for the applicant's grade and programme");
    })
    .await;
}
