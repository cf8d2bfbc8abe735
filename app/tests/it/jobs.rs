//! Jobs and letters for administrators: counted, listed a page at a time, tried again on the record; nobody else sees them, and no letter is read. It never opens a socket.

use chrono::Duration;
use hiec::worker;
use hiec_kernel::clock::{FixedClock, from_london};
use hiec_kernel::people::Actor;
use hiec_store::{Mail, Stream, jobs, mail};
use hiec_testkit::for_each_database;
use serde_json::json;

use crate::product::Product;

fn clock() -> FixedClock {
    FixedClock::at(from_london("2009-06-15 10:00").expect("a time"))
}

const SUBJECT: &str = "Your bid was not successful";
const WORDS: &str = "The panel gave it 41 points";

async fn write_letters(product: &Product, number: usize) {
    let unit = product.state.begin(Actor::System("test".into())).await.expect("a unit");
    for n in 0..number {
        let to = format!("bidder-{n:03}@example.org");
        let letter = Mail { to, person: None, subject: SUBJECT.into(), body: WORDS.into(), about: None };
        unit.mail(letter).await.expect("a letter");
    }
    unit.commit().await.expect("stored");
}

/// All letters due come back with this from the mail server.
async fn fail_letters(product: &Product, error: &str) {
    let unit = product.state.begin(Actor::System("test".into())).await.expect("a unit");
    for letter in mail::take(&unit, 1_000).await.expect("letters") {
        mail::mark_failed(&unit, &letter, error).await.expect("noted");
    }
    unit.commit().await.expect("stored");
}

async fn ask_for_job(product: &Product) {
    let unit = product.state.begin(Actor::System("test".into())).await.expect("a unit");
    unit.job("nobody.knows", &json!({ "secret": WORDS }), unit.now()).await.expect("a job");
    unit.commit().await.expect("stored");
}

async fn work(product: &Product) {
    let handlers = worker::handlers(&hiec::program::capabilities());
    while worker::round(&product.state, &handlers, None).await.expect("a round") {}
}

#[tokio::test]
async fn an_installation_in_which_nothing_waits_says_so() {
    for_each_database(|url| async move {
        let product = Product::start(&url, clock()).await;
        let admin = product.administrator().await;
        let mut browser = product.browser_of(admin.id).await;
        browser.get("/").await.click("Jobs").await.expect_status(200).expect_text("Nothing failed");
        browser.get("/jobs?show=waiting").await.expect_text("Nothing waits");
        browser
            .get("/jobs?queue=letters&show=done&page=9")
            .await
            .expect_text("Nothing was done in the last seven days");
        let (_, listed) = browser.get_json("/jobs").await;
        assert_eq!(listed["jobs"], json!({ "waiting": 0, "failed": 0, "done": 0 }));
        assert_eq!((&listed["queue"], &listed["entries"]), (&"jobs".into(), &json!([])));
        browser.post("/jobs/attempts", &[("queue", "letters")]).await.expect_status(409);
        browser.post("/jobs/attempts", &[("queue", "x")]).await.expect_status(422);
    })
    .await;
}

#[tokio::test]
async fn a_job_that_failed_is_tried_again_on_the_record() {
    for_each_database(|url| async move {
        let product = Product::start(&url, clock()).await;
        let admin = product.administrator().await;
        let mut browser = product.browser_of(admin.id).await;
        ask_for_job(&product).await;
        browser.get("/jobs?show=waiting").await.expect_text("1 job.").expect_text("Nobody: knows");
        for _ in 0..jobs::MOST_ATTEMPTS {
            work(&product).await;
            product.clock.advance(Duration::hours(5));
        }
        let mut browser = product.browser_of(admin.id).await;
        browser.get("/jobs").await.expect_text("This version of the program knows no such job").expect_text("Given up");
        browser.expect_no_text(WORDS);
        let (_, listed) = browser.get_json("/jobs").await;
        let entry = &listed["entries"][0];
        assert_eq!((&entry["is_given_up"], &entry["attempts"]), (&true.into(), &jobs::MOST_ATTEMPTS.into()));
        let id = entry["id"].as_str().expect("an id").to_owned();
        browser.get("/jobs").await.submit("Try again Nobody: knows, since 15 June 2009 at 10:00am").await;
        browser.expect_text("It is tried again now").expect_text("Nothing failed");
        let again = format!("/jobs/{id}/attempts");
        browser.post(&again, &[("queue", "jobs")]).await.expect_status(409).expect_text("nothing to try again");
        work(&product).await;
        let (_, listed) = browser.get_json("/jobs?queue=jobs&show=failed").await;
        assert_eq!(listed["entries"][0]["attempts"], 1, "it was tried");
        assert!(listed["entries"][0]["next_at"].is_string());
        assert!(product.trail(&Stream::installation()).await.contains("installation.tried_again"));
    })
    .await;
}

#[tokio::test]
async fn many_letters_are_paged_and_no_letter_is_read() {
    for_each_database(|url| async move {
        let product = Product::start(&url, clock()).await;
        let admin = product.administrator().await;
        let mut browser = product.browser_of(admin.id).await;
        write_letters(&product, 120).await;
        browser.get("/jobs?queue=letters&show=waiting").await.expect_text("120 letters, page 1 of 3");
        browser.expect_no_text("bidder-").expect_no_text(SUBJECT).expect_no_text(WORDS);
        fail_letters(&product, "permanent error (550): <bidder-000@example.org>: The panel gave it 41 points").await;
        browser.get("/jobs").await.expect_text("Letters that did not leave").expect_text("bidder-");
        browser.expect_text("The mail server takes no letters for this address").expect_text("It answered 550");
        browser.expect_no_text(SUBJECT).expect_no_text(WORDS);
        let (_, last) = browser.get_json("/jobs?queue=letters&page=3").await;
        assert_eq!((&last["total"], last["entries"].as_array().map(Vec::len)), (&120.into(), Some(20)));
        let (_, beyond) = browser.get_json("/jobs?queue=letters&page=99").await;
        assert_eq!(beyond["page"], 3, "the last there is");
        assert!(!last.to_string().contains(SUBJECT) && !last.to_string().contains(WORDS));

        browser.get("/jobs").await.submit("Try all 120 again").await.expect_text("120 letters are tried again now");
        let (_, listed) = browser.get_json("/jobs").await;
        assert_eq!(listed["letters"], json!({ "waiting": 120, "failed": 0, "done": 0 }));
        let unit = product.state.begin(Actor::System("post".into())).await.expect("a unit");
        for letter in mail::take(&unit, 70).await.expect("letters") {
            mail::mark_sent(&unit, letter.id).await.expect("sent");
        }
        unit.commit().await.expect("stored");
        browser.get("/jobs?queue=letters&show=done").await.expect_text("70 letters, page 1 of 2");
        product.clock.advance(Duration::days(8));
        let mut browser = product.browser_of(admin.id).await;
        browser.get("/jobs?queue=letters&show=done").await.expect_text("Nothing was done in the last seven days");
        let trail = product.trail(&Stream::installation()).await;
        assert!(trail.contains("installation.tried_again") && !trail.contains("bidder-"), "an address in the trail");
    })
    .await;
}

#[tokio::test]
async fn nobody_but_administrators_sees_them() {
    for_each_database(|url| async move {
        let product = Product::at(&url, hiec_competition::Stage::Dialogue).await;
        for slug in ["office", "lead", "region-lon", "auditor", "chair"] {
            let mut other = product.browser_as(slug).await;
            other.get("/jobs").await.expect_status(404);
            other.post("/jobs/attempts", &[("queue", "letters")]).await.expect_status(404);
        }
        let mut stranger = product.browser();
        stranger.get("/jobs").await;
        assert!(stranger.address().starts_with("/sign-in"));
        let unit = product.state.begin(Actor::System("test".into())).await.expect("a unit");
        let tomorrow = unit.now() + Duration::days(1);
        unit.job("competition.deadlines", &json!({}), tomorrow).await.expect("a job");
        unit.commit().await.expect("stored");
        let mut admin = product.browser_as("admin").await;
        admin.get("/jobs?queue=jobs&show=waiting").await.expect_text("Competition: deadlines");
    })
    .await;
}
