//! Quality: hosts judge themselves alone, the region visits and weighs money, assurers and colleges change nothing, and surveys name nobody.

use hiec_contracts::ClusterSeen;
use hiec_kernel::Role;
use hiec_kernel::people::Actor;
use hiec_store::{FromQueryResult, Reads, values};
use hiec_testkit::{Browser, for_each_database};
use hiec_teststand::Stand;

use crate::clusters::{organisation, somebody, stand};
use crate::in_posts::{self, InPost};

const QUALITY: &str = "/clusters/necles/education/quality";

/// Moves the clock.
fn set(stand: &Stand, now: &str) {
    stand.clock.set(hiec_kernel::clock::from_london(now).unwrap());
}

fn host(nth: u128) -> String {
    format!("{QUALITY}/hosts/{}", organisation(nth).id)
}

/// The region with a framework of two standards in force.
async fn framed(stand: &Stand, cluster: &ClusterSeen) -> Browser {
    let (mut region, _) = somebody(stand, cluster, "Rex Regionson", Role::RegionOfficer, 0).await;
    region.get(&format!("{QUALITY}/framework/new")).await.expect_status(200).expect_text("names to be confirmed");
    region
        .fill("Domains and standards", "# Culture\n- Safe\n# Supervision\n- Time for it\n")
        .fill("Why this version", "A start");
    region.submit("Put it in force").await.expect_status(200).expect_text("Version 1 is in force");
    region
}

/// Judges both standards and finishes.
async fn assessed(educator: &mut Browser, nth: u128, level: &str) {
    let page = format!("{}/assessment", host(nth));
    educator.post(&page, &[]).await.expect_status(200);
    for standard in ["1.1", "2.1"] {
        educator.get(&format!("{page}/{standard}")).await.expect_status(200);
        educator.fill("How far is it met?", level).fill("What shows it", "Minutes of the board");
        educator
            .submit("Save the judgement")
            .await
            .expect_status(200)
            .expect_text(&format!("Standard {standard} is judged"));
    }
    educator.submit("Finish the self-assessment").await.expect_status(200).expect_text("It is finished");
}

#[tokio::test]
async fn a_host_judges_itself_under_the_version_it_began_with() {
    for_each_database(|url| async move {
        let (stand, cluster) = stand(&url, "2010-10-04 10:00").await;
        let (mut edda, _) = somebody(&stand, &cluster, "Edda Educatorson", Role::HostEducator, 1).await;
        edda.post(&format!("{}/assessment", host(1)), &[])
            .await
            .expect_status(409)
            .expect_text("no framework to judge by");
        let mut region = framed(&stand, &cluster).await;
        let page = format!("{}/assessment", host(1));
        edda.get(&host(1)).await.expect_status(200);
        edda.post(&page, &[]).await.expect_status(200).expect_text("0 of 2 judged");
        edda.post(&format!("{}/assessment", host(2)), &[]).await.expect_status(403);
        region.post(&page, &[]).await.expect_status(403);

        edda.get(&format!("{page}/1.1")).await.expect_status(200);
        edda.submit("Save the judgement").await.expect_status(422);
        assert_eq!(edda.errors(), ["Choose how far it is met", "Enter what shows it"]);
        edda.fill("How far is it met?", "Met")
            .fill("What shows it", "Board minutes")
            .fill("A link to more, if there is one", "javascript:x");
        edda.submit("Save the judgement").await.expect_status(422).expect_text("begins with https://");
        edda.fill("A link to more, if there is one", "https://example.org/minutes");
        edda.attach("A file, if there is one", "minutes.txt", "text/plain", b"Education was reported.\n");
        edda.submit("Save the judgement").await.expect_status(200).expect_text("minutes.txt");
        edda.click("minutes.txt").await.expect_status(200);
        assert_eq!(edda.bytes(), b"Education was reported.\n");

        // A new version does not touch what is under way.
        region.get(&format!("{QUALITY}/framework/new")).await;
        region
            .fill("Domains and standards", "# Culture\n- Safe\n- Heard\n- Welcome\n")
            .fill("Why this version", "More");
        region.submit("Put it in force").await.expect_text("Version 2 is in force").expect_text("Version 1");
        edda.get(&page).await.expect_text("by version 1 of the framework").expect_text("1 of 2 judged");
        edda.submit("Finish the self-assessment").await.expect_status(409).expect_text("not judged yet: 2.1");
        edda.get(&format!("{page}/2.1")).await;
        edda.fill("How far is it met?", "Partly met")
            .fill("What shows it", "Job plans")
            .submit("Save the judgement")
            .await;
        edda.submit("Finish the self-assessment").await.expect_status(200).expect_text("score of 50%");
        edda.post(&format!("{page}/submission"), &[]).await.expect_status(409);
        edda.get(&format!("{page}/1.1")).await.expect_status(409);
        edda.get(QUALITY).await.expect_text("50% in 2010/11").expect_text("None finished");
        edda.get(&format!("{QUALITY}/hosts.csv")).await.expect_status(200);
        assert!(edda.html().contains(",2010/11,50%,usual,0,0,0,"), "{}", edda.html());
        for kind in [
            "quality.framework_made",
            "quality.assessment_begun",
            "quality.standard_judged",
            "quality.assessment_submitted",
        ] {
            let trail = stand.trail(&hiec_store::Stream::named(format!("education:{}", cluster.id))).await;
            assert!(trail.contains(kind), "{kind} is not on the record");
        }
    })
    .await;
}

#[tokio::test]
async fn an_immediate_requirement_is_due_in_five_working_days_and_reminded_of_once() {
    for_each_database(|url| async move {
        let (stand, cluster) = stand(&url, "2011-04-20 10:00").await;
        let (mut edda, educator) = somebody(&stand, &cluster, "Edda Educatorson", Role::HostEducator, 1).await;
        let (mut region, officer) = somebody(&stand, &cluster, "Rex Regionson", Role::RegionOfficer, 0).await;
        region.get(&format!("{}/visits/new", host(1))).await.expect_status(200);
        region.submit("Plan the visit").await.expect_status(422);
        region.fill("Kind of visit", "Urgent risk review").fill("Day", "2011-04-20").fill("Who leads it", "A dean");
        region.fill("Why", "Trainees were left alone at night").submit("Plan the visit").await.expect_status(200);
        let visit = region.address().to_owned();
        edda.post(&format!("{visit}/report"), &[("summary", "All well")]).await.expect_status(403);
        region.fill("What was found in all", "Nights are unsafe").fill("Finding 1: kind", "concern");
        region.fill("Finding 1: what was found", "Nobody senior is on site").submit("Report the visit").await;
        region.expect_status(422).expect_text("Enter the domain of finding 1");
        region
            .post(
                &format!("{visit}/report"),
                &[
                    ("summary", "Nights are unsafe"),
                    ("finding-1-kind", "concern"),
                    ("finding-1-domain", "Supervision"),
                    ("finding-1-words", "Nobody senior is on site"),
                ],
            )
            .await
            .expect_status(200)
            .expect_text("Nobody senior is on site (Supervision)");
        region.post(&format!("{visit}/report"), &[("summary", "Again")]).await.expect_status(409);

        // Good Friday, Easter Monday, the royal wedding and May Day lie between.
        let asked = [("kind", "immediate"), ("words", "A consultant on site at night"), ("owner", "Medical director")];
        region.post(&format!("{visit}/requirements"), &asked).await.expect_status(200).expect_text("due by 3 May 2011");
        assert!(stand.letter_to(&educator.email).await.body.contains("3 May 2011, five working days from now"));
        region
            .post(&format!("{}/escalation", host(1)), &[("level", "major"), ("reason", "Nights")])
            .await
            .expect_status(200);
        let lower = [("level", "significant"), ("reason", "Better")];
        region
            .post(&format!("{}/escalation", host(1)), &lower)
            .await
            .expect_status(422)
            .expect_text("is still open here");

        for (now, to_host, to_region) in [
            ("2011-04-21 12:00", 1, 0),
            ("2011-04-27 12:00", 2, 0),
            ("2011-04-28 12:00", 2, 0),
            ("2011-05-04 12:00", 3, 1),
            ("2011-06-04 12:00", 3, 1),
        ] {
            set(&stand, now);
            stand.do_jobs().await;
            let letters = (stand.letters_to(&educator.email).await, stand.letters_to(&officer.email).await);
            assert_eq!(letters, (to_host, to_region), "{now}");
        }
        // Nobody stays signed in that long.
        let (mut edda, mut region) = (stand.browser_of(educator.id).await, stand.browser_of(officer.id).await);
        let (mut other, _) = somebody(&stand, &cluster, "Otto Otherson", Role::HostEducator, 2).await;
        edda.get(&host(1)).await.expect_text("Late").expect_text("A consultant on site at night");
        let answer = edda.html().split("action=\"").find(|part| part.contains("/answer\"")).unwrap().to_owned();
        let answer = answer.split('"').next().unwrap().to_owned();
        let judgement = answer.replace("/answer", "/judgement");
        other.post(&answer, &[("words", "Done")]).await.expect_status(403);
        region.post(&judgement, &[("judgement", "closed"), ("why", "Fine")]).await.expect_status(409);
        edda.post(&answer, &[("words", "")]).await.expect_status(422).expect_text("Enter what was done");
        edda.post(&answer, &[("words", "A rota from Monday")])
            .await
            .expect_status(200)
            .expect_text("Answered, to be judged");
        edda.post(&judgement, &[("judgement", "closed"), ("why", "I say so")]).await.expect_status(403);
        let back = [("judgement", "returned"), ("why", "Show the rota"), ("due", "2011-06-10")];
        region.post(&judgement, &back).await.expect_status(200).expect_text("Answer by 10 June 2011");
        edda.post(&answer, &[("words", "The rota"), ("link", "https://example.org/rota")]).await.expect_status(200);
        region.post(&judgement, &[("judgement", "closed"), ("why", "Seen")]).await.expect_status(200);
        region
            .post(&format!("{}/escalation", host(1)), &lower)
            .await
            .expect_status(200)
            .expect_text("2: significant concerns");
        set(&stand, "2011-07-04 12:00");
        stand.do_jobs().await;
        assert_eq!(stand.letters_to(&educator.email).await, 3, "nobody is reminded of what is closed");
    })
    .await;
}

#[tokio::test]
async fn a_rule_on_money_is_simulated_then_published_and_only_then_used() {
    for_each_database(|url| async move {
        let (stand, cluster) = stand(&url, "2010-10-04 10:00").await;
        let mut region = framed(&stand, &cluster).await;
        let (mut edda, _) = somebody(&stand, &cluster, "Edda Educatorson", Role::HostEducator, 1).await;
        let (mut lena, lead) = somebody(&stand, &cluster, "Lena Leadson", Role::EducationLead, 0).await;
        assessed(&mut edda, 1, "More than met").await;
        let funding = format!("{QUALITY}/funding");
        region.get(&funding).await.expect_text("No rule is in use");
        region.submit("Write the rule").await.expect_status(422);
        region
            .fill("Premium from a score of", "75")
            .fill("Premium on the tariff", "2.5")
            .fill("Hold below a score of", "80");
        region.fill("Hold from escalation", "3: major concerns").fill("Why this rule", "Agreed with hosts");
        region.submit("Write the rule").await.expect_status(422).expect_text("not above that of the premium");
        region.fill("Hold below a score of", "40").tick("An open immediate requirement holds it too");
        region
            .submit("Write the rule")
            .await
            .expect_status(200)
            .expect_text("not simulated yet")
            .expect_text("No rule is in use");
        let simulation =
            region.html().split("action=\"").find(|part| part.contains("/simulation\"")).unwrap().to_owned();
        let simulation = simulation.split('"').next().unwrap().to_owned();
        let publication = simulation.replace("/simulation", "/publication");
        lena.post(&simulation, &[]).await.expect_status(404);
        region.post(&publication, &[("from", "2010-10-04")]).await.expect_status(409).expect_text("was not simulated");
        region
            .post(&simulation, &[])
            .await
            .expect_status(200)
            .expect_text("Simulated on 2 hosts")
            .expect_text("No rule is in use");
        region
            .post(&publication, &[("from", "2010-10-03")])
            .await
            .expect_status(422)
            .expect_text("today or a later day");
        region.post(&publication, &[("from", "2010-11-01")]).await.expect_status(200).expect_text("No rule is in use");
        region.post(&simulation, &[]).await.expect_status(409).expect_text("published, so it is no longer changed");
        set(&stand, "2010-11-01 09:00");
        let (mut lena, (mut region, _)) = (
            stand.browser_of(lead.id).await,
            somebody(&stand, &cluster, "Rita Regionson", Role::RegionOfficer, 0).await,
        );
        lena.get(&funding)
            .await
            .expect_text("adds 2.5% to the tariff")
            .expect_text("published on 4 October 2010 by Rex Regionson");
        lena.expect_text("scores 100%, from 75% on").expect_text("has no finished self-assessment");
        lena.get(&format!("{funding}.csv")).await.expect_status(200);
        assert!(lena.html().contains(",100%,premium,2.5%,"), "{}", lena.html());
        region
            .post(&format!("{}/escalation", host(1)), &[("level", "major"), ("reason", "x")])
            .await
            .expect_status(200);
        lena.get(&funding).await.expect_text("stands at escalation 3: major concerns");
    })
    .await;
}

#[tokio::test]
async fn regulators_and_colleges_change_nothing() {
    for_each_database(|url| async move {
        let (stand, cluster) = stand(&url, "2010-10-04 10:00").await;
        let mut region = framed(&stand, &cluster).await;
        let (mut lena, _) = somebody(&stand, &cluster, "Lena Leadson", Role::EducationLead, 0).await;
        let survey = [("title", "Autumn"), ("opens_on", "2010-10-01"), ("closes_on", "2010-10-31")];
        lena.post(&format!("{QUALITY}/surveys/new"), &survey).await.expect_status(200);
        let planned = [("kind", "programme"), ("on", "2010-10-04"), ("led_by", "A dean"), ("reason", "Yearly")];
        region.post(&format!("{}/visits/new", host(1)), &planned).await.expect_status(200);
        let visit = region.address().rsplit('/').next().unwrap().to_owned();
        let capability = hiec_education::capability();
        let kinds = ["quality", "quality_host", "quality_visit", "trainee_survey"];
        let mut tried = 0;
        for (role, at) in [(Role::Regulator, 0), (Role::CurriculumOwner, 1)] {
            let (mut reader, _) = somebody(&stand, &cluster, &format!("Reader {}", role.key()), role, at).await;
            for route in capability.routes.iter().filter(|route| kinds.contains(&route.kind())) {
                let path = route
                    .path
                    .replace("{cluster}", "necles")
                    .replace("{host}", &organisation(1).id.to_string())
                    .replace("{standard}", "1.1")
                    .replace("{visit}", &visit)
                    .replace("{survey}", "autumn");
                let path = ["{rule}", "{requirement}", "{file}"]
                    .iter()
                    .fold(path, |path, part| path.replace(part, &uuid::Uuid::from_u128(1).to_string()));
                let is_reading = hiec_access::policy::is_reading(route.action);
                if route.method == http::Method::POST {
                    reader.post(&path, &[("words", "x"), ("reason", "x"), ("title", "x")]).await;
                    assert!([403, 404].contains(&reader.status().as_u16()), "{role:?} {path}: {}", reader.status());
                    tried += 1;
                } else if is_reading && !path.contains("/files/") && !path.contains("results.") {
                    reader.get(&path).await.expect_status(200);
                }
            }
        }
        assert!(tried >= 34, "only {tried} changes were tried");
    })
    .await;
}

/// What somebody answers: the same on every question.
fn answers(nth: u128, choice: &str) -> Vec<(String, String)> {
    let mut fields =
        vec![("_host".to_owned(), organisation(nth).id.to_string()), ("_profession".into(), "medicine".into())];
    for theme in ["induction", "supervision", "facilities", "learning", "teamwork"] {
        fields.extend([1, 2].map(|question| (format!("{theme}_{question}"), choice.to_owned())));
    }
    fields
}

#[tokio::test]
async fn a_survey_is_answered_of_where_somebody_learnt() {
    for_each_database(|url| async move {
        let (stand, cluster) = stand(&url, "2010-10-04 10:00").await;
        let here = InPost { hospital: 1, ..InPost::default() };
        let there = InPost { nth: 2, name: "Ben Traineley", hospital: 2, ..InPost::default() };
        in_posts::put(&stand, &cluster, &[here, there]).await;
        let (mut ada, person) = somebody(&stand, &cluster, "Ada Traineley", Role::Trainee, 0).await;
        let unit = stand.state.begin(Actor::System("test".into())).await.unwrap();
        let theirs = values!["Ada Traineley", person.id.0];
        unit.execute("UPDATE education_trainee SET person_id = $2 WHERE name = $1", theirs).await.unwrap();
        unit.commit().await.unwrap();
        let (mut lena, _) = somebody(&stand, &cluster, "Lena Leadson", Role::EducationLead, 0).await;
        lena.get(&format!("{QUALITY}/surveys/new")).await;
        lena.fill("Title", "Autumn").fill("First day", "2010-10-04").fill("Last day", "2010-10-31");
        lena.submit("Open the survey").await.expect_status(200);
        let survey = format!("{QUALITY}/surveys/autumn/answer");
        ada.get(&survey).await.expect_text("Hospital 01").expect_no_text("Hospital 02");
        for (host, status) in [(2, 422), (1, 200)] {
            let fields = answers(host, "agree");
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, said)| (name.as_str(), said.as_str())).collect();
            ada.post(&survey, &fields).await.expect_status(status);
        }
        ada.expect_text("You answered this survey");
    })
    .await;
}

#[tokio::test]
async fn a_survey_names_nobody_and_hides_what_few_said() {
    for_each_database(|url| async move {
        let (stand, cluster) = stand(&url, "2010-10-04 10:00").await;
        let (mut lena, lead) = somebody(&stand, &cluster, "Lena Leadson", Role::EducationLead, 0).await;
        lena.get(&format!("{QUALITY}/surveys"))
            .await
            .expect_text("No survey was opened yet")
            .click("Open the first one")
            .await;
        lena.fill("Title", "Autumn 2010").fill("First day", "2010-10-04").fill("Last day", "2010-10-01");
        lena.submit("Open the survey").await.expect_status(422).expect_text("not before the first");
        lena.fill("First day", "2010-09-01").submit("Open the survey").await.expect_status(422).expect_text("not over");
        lena.fill("First day", "2010-10-04");
        lena.fill("Last day", "2010-10-31").submit("Open the survey").await.expect_status(200);
        let survey = format!("{QUALITY}/surveys/autumn-2010");
        lena.get(&format!("{survey}/answer")).await.expect_status(403);
        let mut people = Vec::new();
        let said = [(1, "agree"), (1, "strongly_agree"), (1, "agree"), (2, "strongly_disagree"), (2, "disagree")];
        for (nth, (host, choice)) in (1..).zip(said) {
            let (mut trainee, person) = somebody(&stand, &cluster, &format!("Trainee {nth}"), Role::Trainee, 0).await;
            trainee.get(&survey).await.expect_status(200).click("Answer the survey").await;
            if nth == 1 {
                trainee.submit("Send my answers").await.expect_status(422).expect_text("Choose where you learnt");
            }
            let fields = answers(host, choice);
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            trainee
                .post(&format!("{survey}/answer"), &fields)
                .await
                .expect_status(200)
                .expect_text("You answered this survey");
            trainee.post(&format!("{survey}/answer"), &fields).await.expect_status(409).expect_text("already");
            people.push(person);
        }
        lena.get(&survey).await.expect_no_text("Results, secondary");
        lena.get(&format!("{survey}/results.csv")).await.expect_status(409);

        #[derive(FromQueryResult)]
        struct Kept {
            answers: serde_json::Value,
        }
        let kept: Vec<Kept> =
            stand.database().all("SELECT answers FROM education_survey_answer ORDER BY id", values![]).await.unwrap();
        assert_eq!(kept.len(), 5);
        let kept = kept.iter().map(|one| one.answers.to_string()).collect::<String>();
        let trail = stand.trail(&hiec_store::Stream::named(format!("education:{}", cluster.id))).await;
        for person in &people {
            assert!(!kept.contains(&person.id.to_string()) && !trail.contains(&person.id.to_string()));
        }

        set(&stand, "2010-11-01 10:00");
        let mut lena = stand.browser_of(lead.id).await;
        lena.get(&survey).await.expect_status(200).expect_text("83.3").expect_text("Fewer than 3").expect_text("n = 3");
        lena.get(&format!("{survey}/results.csv")).await.expect_status(200);
        let csv = lena.html();
        assert_eq!(csv.matches(",,,,,,,,,grey").count(), 5, "{csv}");
        assert!(csv.contains(",3,83.3333,"), "{csv}");
        let (_, json) = lena.get_json(&survey).await;
        let lines = json["lines"].as_array().unwrap().clone();
        assert!(lines.iter().all(|line| line["benchmark"].is_null() || line["benchmark"]["n"] == 3), "{json}");
        let (mut late, _) = somebody(&stand, &cluster, "Late Trainee", Role::Trainee, 0).await;
        late.get(&format!("{survey}/answer")).await.expect_status(409).expect_text("not open");
    })
    .await;
}
