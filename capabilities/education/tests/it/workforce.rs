//! Workforce models as people use them: made from those in training, changed in versions, run, asked "what if", compared.

use hiec_kernel::Role;
use hiec_store::Stream;
use hiec_testkit::for_each_database;
use serde_json::Value;

use crate::clusters::{self, somebody};
use crate::in_posts::{InPost, put};

const HOME: &str = "/clusters/necles/education/workforce";

/// Two specialties trained from outside, everybody in a steady state.
const MODEL: &str = r#"{
  "name": "Two specialties", "first_year": 2011, "years": 14, "draws": 40, "seed": 7,
  "stages": [
    {"name": "GP training", "years": 3, "posts": 10, "in_training": [0, 10, 10], "attrition": {"low": 0, "central": 0.02, "high": 0.05}},
    {"name": "Cardiology training", "years": 8, "posts": 30, "in_training": [0, 30, 30, 30, 30, 30, 30, 30]}
  ],
  "specialties": [
    {"name": "General practice", "trained_by": ["GP training"], "joins_at": 31, "in_post": [{"from": 31, "to": 59, "people": 290}],
     "retirement": [{"age": 60, "rate": 1}], "participation": 0.8, "demand": [{"name": "More care near home", "fte": 260, "growth": 0.02}]},
    {"name": "Cardiology", "trained_by": ["Cardiology training"], "joins_at": 36, "in_post": [{"from": 36, "to": 59, "people": 720}],
     "retirement": [{"age": 60, "rate": 1}]}
  ]
}"#;

#[tokio::test]
async fn a_model_is_made_from_those_in_training_and_kept_only_when_all_of_it_is_understood() {
    for_each_database(|url| async move {
        let (stand, cluster) = clusters::stand(&url, "2010-10-01 10:00").await;
        let trainees = [InPost::default(), InPost { nth: 2, name: "Ben Learnwell", wte: 100, ..InPost::default() }];
        put(&stand, &cluster, &trainees).await;
        let (mut lead, _) = somebody(&stand, &cluster, "Edith Educatson", Role::EducationLead, 1).await;
        lead.get(HOME).await.expect_text("No model has been made yet").click("Make one from those in training").await;
        let drafted: Value = serde_json::from_str(&lead.value_of("The model").unwrap()).unwrap();
        assert_eq!(drafted["first_year"], 2011);
        // They began in August 2009, so they will be in their third year.
        assert_eq!(drafted["stages"][0]["in_training"], serde_json::json!([0, 0, 1]));
        lead.fill("The model", "{\"name\": \"X\", \"first_year\": 2011, \"years\": 0, \"stages\": [{}]}");
        lead.submit("Keep it").await.expect_status(422).expect_text("stage 1, name: this is missing");
        lead.fill("The model", MODEL).fill("Where the inputs come from", "A test");
        lead.submit("Keep it")
            .await
            .expect_status(200)
            .expect_text("Two specialties")
            .expect_text("It has not been run yet");
        lead.expect_text("A change of its posts in 2011 first shows in");

        // Versions stay beside one another.
        lead.click("Change the inputs").await;
        lead.fill("The model", &MODEL.replace("\"posts\": 10", "\"posts\": 12"))
            .fill("Where the inputs come from", "Two more");
        lead.submit("Keep it").await.expect_text("Version 2 is kept").expect_text("Two more").expect_text("A test");
        let (status, model) = lead.get_json(&format!("{HOME}/two-specialties/model.json")).await;
        assert_eq!((status.as_u16(), &model["stages"][0]["posts"]), (200, &serde_json::json!(12)));

        // Hosts read and change nothing; the public does not find it.
        let (mut host, _) = somebody(&stand, &cluster, "Horace Hostley", Role::HostEducator, 1).await;
        host.get(&format!("{HOME}/two-specialties")).await.expect_status(200).expect_no_text("Run it as it is");
        host.get(&format!("{HOME}/new")).await.expect_status(403);
        host.post(&format!("{HOME}/two-specialties/runs"), &[]).await.expect_status(403);
        assert!(stand.browser().get(HOME).await.address().starts_with("/sign-in"));
    })
    .await;
}

#[tokio::test]
async fn a_change_made_now_shows_after_its_years_and_runs_can_be_made_again_and_compared() {
    for_each_database(|url| async move {
        let (stand, cluster) = clusters::stand(&url, "2010-10-01 10:00").await;
        let (mut lead, _) = somebody(&stand, &cluster, "Edith Educatson", Role::EducationLead, 1).await;
        lead.post(&format!("{HOME}/new"), &[("model", MODEL), ("why", "A test")]).await.expect_status(200);
        let model = format!("{HOME}/two-specialties");
        lead.submit("Run it as it is").await.expect_status(200).expect_text("Run 1").expect_text("As it is");
        lead.expect_text("A change of posts made in 2011 first shows in 2014").expect_text("Conserved in all");
        lead.expect_text("General practice: 232 whole-time equivalents in 2011");

        // The region asks what if; the inputs stay the cluster's.
        let (mut region, _) = somebody(&stand, &cluster, "Reggie Regionson", Role::RegionOfficer, 1).await;
        region.get(&model).await.expect_no_text("Change the inputs");
        region.fill("How many posts", "50").fill("Taken from", "Cardiology training").fill("Given to", "GP training");
        region.submit("Run it with this change").await.expect_status(422);
        region.expect_text("Cardiology training has 30 posts in 2011, so 50 cannot be taken from it");
        region.fill("How many posts", "20").submit("Run it with this change").await.expect_status(200);
        region.expect_text("20 posts from Cardiology training to GP training from 2011");
        region.expect_text("This change first shows in 2014, 3 years after it is made.");
        region.expect_text("This change first shows in 2019, 8 years after it is made.");
        region
            .get(&format!("{model}?x"))
            .await
            .fill("How many posts", "some")
            .submit("Run it with this change")
            .await
            .expect_status(422);
        assert_eq!(region.errors().len(), 2);

        region.get(&format!("{model}/comparison?one=1&other=2")).await.expect_text("They first differ in 2014");
        region.get(&format!("{model}/comparison?one=1&other=9")).await.expect_status(404);
        region.get(&format!("{model}/comparison?one=&other=")).await.expect_status(422);
        let (_, run) = region.get_json(&format!("{model}/runs/2/run.json")).await;
        assert_eq!(run["answer"]["conservation"]["holds"], true);
        // The same model and what-if, run from the file alone, gives the same answer.
        let again =
            hiec_workforce::command::run(run["model"].to_string().as_bytes(), hiec_workforce::command::Form::Json);
        let again: Value = serde_json::from_str(&again.unwrap()).unwrap();
        assert_eq!((&again, &again["inputs_sha256"]), (&run["answer"], &run["inputs_sha256"]));
        region.get(&format!("{model}/runs/2/years.csv")).await.expect_status(200).expect_text("what_if_fte_difference");
        let trail = stand.trail(&Stream::named(format!("education:{}", cluster.id))).await;
        assert!(trail.contains("education.workforce.run") && trail.contains("education.workforce.version"), "{trail}");
    })
    .await;
}
