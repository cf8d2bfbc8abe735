//! The pool of assessors from a list: previewed, taken whole or not at all, by browser, program and command line; nobody is overruled by it. It never opens a socket.

use hiec_competition::Stage;
use hiec_competition::assessment::importing;
use hiec_kernel::people::Actor;
use hiec_store::{Reads, values};
use hiec_testkit::{Browser, for_each_database};
use serde_json::{Value, json};

use crate::product::Product;

const POOL: &str = "/calls/hiec-2009/assessors";

async fn preview<'a>(browser: &'a mut Browser, content: &str) -> &'a mut Browser {
    browser.get(&format!("{POOL}/imports/new")).await.attach("The list", "pool.csv", "text/csv", content.as_bytes());
    browser.submit("Upload and preview").await
}

/// Somebody of the pool, as the office's page knows them.
async fn member(browser: &mut Browser, name: &str) -> Option<Value> {
    let (_, members) = browser.get_json(POOL).await;
    members.as_array().into_iter().flatten().find(|one| one["name"] == name).cloned()
}

#[tokio::test]
async fn a_list_of_assessors_is_previewed_and_taken_whole() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Assessment).await;
        let known = product.add_person("Kay Known", &[]).await;
        let mut office = product.browser_as("office").await;
        let list = format!(
            "email,name,employer,expertise,max_load\n\
             nora@example.org,Nora Newcomer,queen mary university of london,Stroke care; Informatics,3\n\
             {},,,,\nassessor@demo.example,Ada Assessmore,,Dermatology,2\n",
            known.email
        );
        preview(&mut office, &list).await.expect_status(200).expect_text("2 assessors to invite");
        office.expect_text("1 assessor changed").expect_text("Nora Newcomer").expect_text("new account");
        office.expect_text("Queen Mary University of London").expect_text("Dermatology");
        let waits = office.address().to_owned();
        assert!(member(&mut office, "Nora Newcomer").await.is_none(), "before it is confirmed");
        assert_eq!(product.letters_to("nora@example.org").await, 0);

        office.get(&waits).await.submit("Import all of it").await.expect_status(200);
        office.expect_text("Imported: 2 invited, 1 changed");
        let nora = member(&mut office, "Nora Newcomer").await.expect("in the pool");
        assert_eq!((&nora["state"], &nora["max_load"]), (&json!("invited"), &json!(3)));
        assert_eq!(nora["expertise"], json!(["Stroke care", "Informatics"]));
        assert!(member(&mut office, "Kay Known").await.is_some());
        let ada = member(&mut office, "Ada Assessmore").await.expect("still there");
        assert_eq!(
            (&ada["state"], &ada["expertise"], &ada["max_load"]),
            (&json!("joined"), &json!(["Dermatology"]), &json!(2))
        );
        let letter = product.letter_to("assessor@demo.example").await;
        assert!(letter.subject.contains("were changed") && letter.body.contains("Dermatology"), "{}", letter.body);
        assert_eq!(product.letters_to("nora@example.org").await, 1);
        assert!(product.letter_to(&known.email).await.body.contains("/assessor-invitation"));
        office.get(&waits).await.expect_status(404);

        // The invited one finds what the office wrote, and may change it.
        let mut kay = product.browser_of(known.id).await;
        kay.get("/calls/hiec-2009/assessor-invitation").await.expect_status(200);
        // Sent again, nothing changes, and nobody is written to.
        preview(&mut office, &list).await.expect_text("3 assessors as they are");
        office.submit("Import all of it").await.expect_text("Imported: 0 invited, 0 changed");
        assert_eq!(product.letters_to("nora@example.org").await, 1);
    })
    .await;
}

#[tokio::test]
async fn one_wrong_line_stops_all_and_nobody_is_overruled() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Assessment).await;
        let decliner = product.add_person("Dee Decliner", &[]).await;
        let mut office = product.browser_as("office").await;
        office.post(POOL, &[("email", &decliner.email)]).await.expect_status(200);
        let mut declining = product.browser_of(decliner.id).await;
        declining
            .post(
                "/calls/hiec-2009/assessor-invitation",
                &[("answer", "decline"), ("reason", "I am on leave until spring")],
            )
            .await
            .expect_status(200);
        let list = format!(
            "email,name,employer,max_load\n\
             good@example.org,Good Example,,3\n\
             nameless@example.org,,,\n\
             lead@demo.example,,,\n\
             assessor-2@demo.example,Somebody Else,,\n\
             assessor-3@demo.example,,No Such Trust,\n\
             {},,,\n\
             good@example.org,Good Example,,\n\
             nobody,,,99\n",
            decliner.email
        );
        preview(&mut office, &list).await.expect_status(200).expect_text("8 faults to correct");
        let address = office.address().to_owned();
        let (_, shown) = office.get_json(&address).await;
        let faults: Vec<(u64, &str)> = shown["row_errors"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|fault| (fault["line"].as_u64().unwrap_or(0), fault["message"].as_str().unwrap_or("")))
            .collect();
        for (line, words) in [
            (3, "Fill in the name"),
            (4, "nobody assesses a round they bid in"),
            (5, "belongs to “Abel Assessley”"),
            (6, "No organisation in the register has the code or name “No Such Trust”"),
            (7, "declined to assess"),
            (8, "stands on line 2 already"),
            (9, "no e-mail address"),
            (9, "between 1 and"),
        ] {
            assert!(faults.iter().any(|(at, said)| *at == line && said.contains(words)), "{line} {words}: {faults:?}");
        }
        let seen = shown["seen"].as_str().expect("a fingerprint").to_owned();
        let (status, problem) = office.post_json(&address, &json!({ "seen": seen })).await;
        assert_eq!(status, 422, "{problem}");
        assert!(member(&mut office, "Good Example").await.is_none());
        assert_eq!(product.letters_to("good@example.org").await, 0);

        for content in ["", "name\nNo address\n", "email,salary\na@example.org,1\n"] {
            preview(&mut office, content).await.expect_status(422);
            assert_eq!(office.errors().len(), 1, "{content}: {:?}", office.errors());
        }
        office.post(&format!("{POOL}/imports"), &[]).await.expect_status(422).expect_text("This address takes a file");
        for slug in ["chair", "lead", "assessor", "auditor", "region-lon"] {
            let mut other = product.browser_as(slug).await;
            other.get(&format!("{POOL}/imports/new")).await;
            assert!(matches!(other.status().as_u16(), 403 | 404), "{slug}");
        }
        let mut second = product.browser_as("office-two").await;
        second.get(&address).await.expect_status(404);
    })
    .await;
}

#[tokio::test]
async fn the_command_line_does_the_same_and_a_stale_preview_is_refused() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Bidding).await;
        let mut office = product.browser_as("office").await;
        for template in ["template.csv", "template.xlsx"] {
            office.get(&format!("{POOL}/imports/{template}")).await.expect_status(200);
            assert!(!office.bytes().is_empty());
        }
        let list = "email,name\nnora@example.org,Nora Newcomer\n";
        preview(&mut office, list).await.expect_text("1 assessor to invite");

        let actor = || Actor::Operator("import assessors".into());
        for (dry_run, call, expected) in
            [(true, "hiec-2009", Some(false)), (false, "hiec-1066", None), (false, "hiec-2009", Some(true))]
        {
            let mut unit = product.state.begin(actor()).await.expect("a unit");
            let done = importing::from_file(&mut unit, call, "pool.csv", list.as_bytes(), dry_run).await;
            assert_eq!(done.as_ref().ok().map(|(_, imported)| imported.is_some()), expected, "{call}");
            if expected == Some(true) {
                unit.commit().await.expect("stored");
            }
        }
        // What was seen before is not carried out: Nora is there by now.
        office.submit("Import all of it").await.expect_status(409).expect_text("changed since the preview");
        assert_eq!(product.letters_to("nora@example.org").await, 1);
        let database = product.state.database();
        let counted = |kind: &'static str| {
            let sql = "SELECT COUNT(*) AS n FROM base_audit WHERE kind = $1 AND actor = 'operator:import assessors'";
            database.count(sql, values![kind])
        };
        assert_eq!(counted("assessors.imported").await.expect("the trail"), 1);
        assert_eq!(counted("assessor.invited").await.expect("the trail"), 1);
        let sql = "SELECT COUNT(*) AS n FROM base_audit WHERE body LIKE '%nora@example.org%'";
        assert_eq!(database.count(sql, values![]).await.expect("the trail"), 0, "addresses stay out of the trail");
    })
    .await;
}
